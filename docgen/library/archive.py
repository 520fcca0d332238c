"""The archive: scans received and placed, differences judged, numbered, lent, bound, verified."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from yiyu.docgen.archive.assigning import assign, unassign
from yiyu.docgen.archive.cataloguing import Catalogue, Stamped, require_items, stamp_copies, write_forms
from yiyu.docgen.archive.cataloguing import catalogue as make_catalogue
from yiyu.docgen.archive.difference_sheet import sheet_of
from yiyu.docgen.archive.four_properties import PropertyCheck, inspect_archive, write_inspection
from yiyu.docgen.archive.intake import Intake
from yiyu.docgen.archive.intake import intake as take_in
from yiyu.docgen.archive.judging import judge, listed
from yiyu.docgen.archive.merge_recipes import Recipe, files_of, refuse_name, remove_recipe, save_recipe
from yiyu.docgen.archive.merge_recipes import recipes as saved_recipes
from yiyu.docgen.archive.merge_sources import expanded
from yiyu.docgen.archive.spine_labels import write_spines
from yiyu.docgen.archive.verifying import Signatures, Signed, Verified, bag, look_at_files, verify_bag
from yiyu.docgen.archive.verifying import verify as verify_archive
from yiyu.docgen.archive.volumes import make_volume
from yiyu.docgen.library.action import Group, action
from yiyu.docgen.pdf.merge import MergedPdf
from yiyu.docgen.pdf.merge import merge as merge_files
from yiyu.registry.archive.boxes import Box, boxes, note_box
from yiyu.registry.archive.catalog import write_catalog
from yiyu.registry.archive.custody import all_holds, all_loans, bring_back, classify, hold, lend, release
from yiyu.registry.archive.numbering import Numbering, due_for_appraisal, find_items, put_into_box
from yiyu.registry.archive.numbering import number as give_numbers
from yiyu.registry.commands.output_gate import written_by
from yiyu.registry.errors import BadInput, Failure
from yiyu.registry.files import write_atomic
from yiyu.registry.rules.custody import Hold, Loan
from yiyu.registry.session import OfficeSession, Progress, unwatched
from yiyu.registry.store.comparisons import DifferenceRow

Term = Literal["Y", "D30", "D10"]
ItemKind = Literal["agreement", "records"]
Thickness = Literal[20, 30, 40, 50]


def merge(
    office: OfficeSession,
    files: Sequence[Path] = (),
    *,
    out: Path,
    recipe: str = "",
    save: str = "",
    strict: bool = False,
    full_proof: bool = False,
    dry_run: bool = False,
) -> MergedPdf:
    """Join PDF files, or those of a saved ``recipe``, into ``out``, one bookmark a file; ``save``: keep them as a recipe.

    ``strict``: what would have to be mended is refused; ``full_proof``: the text of every page is compared.
    Raises BadInput unless one of both is given, NotFound for a recipe that is none, FileFault listing all faults.
    """
    if bool(files) == bool(recipe):
        raise BadInput("文件和配方要写一样，也只写一样", where="files, recipe", remedy="请去掉或补上一样")
    if save:
        refuse_name(save)
    sources = list(expanded(files)) if files else files_of(office, recipe)
    merged = merge_files(sources, out, strict=strict, full_proof=full_proof, dry_run=dry_run)
    if save and not dry_run:
        save_recipe(office, save, files or sources)
    return merged


def recipes(office: OfficeSession, *, remove: str = "") -> list[Recipe]:
    """The saved recipes by name, after one was removed where one is named. Raises NotFound for one that is none."""
    if remove:
        remove_recipe(office, remove)
    return saved_recipes(office)


def intake(
    office: OfficeSession,
    paths: Sequence[Path],
    *,
    signed: bool = False,
    sealed: bool = False,
    ledger: bool = False,
    compare: bool = False,
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> Intake:
    """Take in scans, files or folders: pages go to their documents by their codes, complete ones are bound.

    ``signed``, ``sealed``: somebody looked, complete agreements are recorded so. ``ledger``: old paper without codes is
    matched by names. ``compare``: the text of each page is read and compared. Originals are kept byte for byte; what was not placed is told.
    Raises FileFault, and ProgramFault where the extra ``scan`` (or ``ocr``) is missing.
    """
    ours = written_by(office.workspace, "archive", but=("archive merge",))
    return take_in(
        office,
        paths,
        signed=signed,
        sealed=sealed,
        ledger=ledger,
        compare=compare,
        ours=ours,
        dry_run=dry_run,
        progress=progress,
    )


def differences(
    office: OfficeSession, numbers: Sequence[str] = (), *, every: bool = False, out: Path | None = None
) -> list[DifferenceRow]:
    """Places where scans say something else than was printed; ``every``: accepted ones too; ``out``: a PDF with pictures."""
    found = listed(office, numbers, every=every)
    if out is not None and found:
        write_atomic(out, sheet_of(office, found))
    return found


def verify(
    office: OfficeSession,
    *,
    manifest: Path | None = None,
    signatures: bool = False,
    trust: Path | None = None,
    progress: Progress = unwatched,
) -> Verified:
    """Whether every archived file is there, opens and is unchanged; or those of a folder that ``bag`` made (``manifest``).

    ``signatures``: those in PDF files are looked at too, with the certificates in the folder ``trust``. Faults are told.
    """
    wanted = Signatures(office.today, trust) if signatures or trust else None
    if manifest is not None:
        return verify_bag(manifest, signatures=wanted, progress=progress)
    return verify_archive(office, signatures=wanted, progress=progress)


def inspect(
    office: OfficeSession, *, package: Path | None = None, docx: Path | None = None, progress: Progress = unwatched
) -> list[PropertyCheck]:
    """The four properties of DA/T 70, of the archive or of a ``package`` handed over; ``docx``: the record of it."""
    checks = inspect_archive(office, package=package, progress=progress)
    if docx is not None:
        write_inspection(office, checks, docx)
    return checks


def signatures(office: OfficeSession, files: Sequence[Path], *, trust: Path | None = None) -> list[Signed]:
    """What is known on the day of the electronic signatures in PDF files. Raises ProgramFault without the extra ``sign``."""
    return look_at_files(files, Signatures(office.today, trust))


def number(
    office: OfficeSession,
    numbers: Sequence[str] = (),
    *,
    unit: ItemKind = "agreement",
    year: int | None = None,
    term: Term | None = None,
    new_form: bool = False,
    dry_run: bool = False,
) -> Numbering:
    """Give checked agreements, or records of activities of a year (``unit``), their 档号, without gap or repeat.

    ``year``: into which the agreements named go, or of which all are numbered; ``term``: how long they are kept.
    ``new_form``: from now on in the form the settings say now. What could not be numbered is told in ``failed``.
    Raises NotFound, BadInput for settings that do not do.
    """
    return give_numbers(office, numbers, unit=unit, year=year, term=term, new_form=new_form, dry_run=dry_run)


def box_note(
    office: OfficeSession,
    box: str,
    *,
    year: int | None = None,
    term: Term | None = None,
    note: str | None = None,
    arranged_by: str | None = None,
    arranged_on: dt.date | None = None,
    checked_by: str | None = None,
    checked_on: dt.date | None = None,
    dry_run: bool = False,
) -> Box:
    """Record what the note in a box says; what is None stays as it is. Raises NotFound, BadInput for two boxes so called."""
    said = {
        "note": note,
        "arranged_by": arranged_by,
        "arranged_on": arranged_on.isoformat() if arranged_on else None,
        "checked_by": checked_by,
        "checked_on": checked_on.isoformat() if checked_on else None,
    }
    given = {name: value for name, value in said.items() if value is not None}
    return note_box(office, box, given, year=year, term=term, dry_run=dry_run)


def spines(
    office: OfficeSession,
    out: Path,
    *,
    year: int | None = None,
    term: Term | None = None,
    box: str = "",
    thickness: Thickness = 30,
    dry_run: bool = False,
) -> list[Box]:
    """Write the labels of the backs of boxes, ``thickness`` in millimetres, to a PDF; gives the boxes."""
    found = boxes(office, year=year, term=term, number=box)
    write_spines(office, found, out, thickness=thickness, dry_run=dry_run)
    return found


def catalog(
    office: OfficeSession,
    *,
    year: int | None = None,
    term: Term | None = None,
    xlsx: Path | None = None,
    docx: Path | None = None,
) -> Catalogue:
    """The numbered items, and numbers that lack or are doubled; ``xlsx``: the 归档文件目录, ``docx``: covers and box notes.

    Raises NotFound where there is nothing to write.
    """
    found = make_catalogue(office, year=year, term=term)
    if xlsx is not None or docx is not None:
        require_items(found)
    if xlsx is not None:
        write_catalog(xlsx, found.parts, office.workspace.config.fonds_name, found.chained)
    if docx is not None:
        write_forms(office, docx, found)
    return found


def stamp(
    office: OfficeSession,
    numbers: Sequence[str],
    *,
    out: Path,
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> tuple[list[Stamped], list[Failure]]:
    """Write copies of the scans of items with the 归档章 on the first page to ``out``; gives them, and what was left out."""
    return stamp_copies(office, find_items(office, numbers), out, dry_run=dry_run, progress=progress)


def loans(office: OfficeSession, *, overdue: bool = False, every: bool = False) -> list[Loan]:
    """Items that are lent, first due first; ``overdue``: on the day; ``every``: those that came back too."""
    wanted = [one for one in all_loans(office) if (every and not overdue) or one.returned_on is None]
    return [one for one in wanted if not overdue or one.overdue_on(office.today)]


def holds(office: OfficeSession, *, every: bool = False) -> list[Hold]:
    """Items that may not be destroyed, and why; ``every``: those released too."""
    return [one for one in all_holds(office) if every or one.ended_on is None]


class Archive(Group):
    """The archive: received, placed, judged, numbered, lent, bound, verified."""

    command = "archive"

    merge = action(merge, reads=("files",), writes=("out",))
    recipes = action(recipes)
    intake = action(intake, reads=("paths",))
    assign = action(assign, reads=("file",))
    unassign = action(unassign, reads=("file",))
    differences = action(differences, writes=("out",))
    judge = action(judge)
    verify = action(verify, reads=("manifest", "trust"))
    bag = action(bag, new=("folder",))
    inspect = action(inspect, reads=("package",), writes=("docx",))
    signatures = action(signatures, reads=("files", "trust"))
    number = action(number)
    box = action(put_into_box)
    box_note = action(box_note)
    spines = action(spines, writes=("out",))
    catalog = action(catalog, writes=("xlsx", "docx"))
    stamp = action(stamp, writes=("out",))
    due = action(due_for_appraisal)
    lend = action(lend)
    return_ = action(bring_back)
    loans = action(loans)
    hold = action(hold)
    release = action(release)
    holds = action(holds)
    classify = action(classify)
    volume = action(make_volume, writes=("out",))
