"""The archive against the registry, a bag made and held against itself, and the signatures of what they hold."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.archive.bag import Bag, Packed, check_bag, require_packable, write_bag
from yiyu.docgen.archive.fixity import Expected, FileFinding, Progress, compare, files_under, shown
from yiyu.docgen.archive.transfer_metadata import NAME, DescribedFile, metadata_xml
from yiyu.docgen.pdf.signatures import SignatureStatement, has_signature, look
from yiyu.registry.errors import BadInput, FileFault, NotFound
from yiyu.registry.institutions.lookup import numbers_to_ids
from yiyu.registry.model import DOC_KIND_LABEL
from yiyu.registry.rules.activities import EVIDENCE_LABEL
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.archive_items import INCOMING, ISSUED, ArchivedFile, archive_items, archived_files
from yiyu.registry.store.scans import UnitScans

FOLDER = "archive"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature and the file it is in. ``failed``: the file could not be looked at, the note says why."""

    path: str
    statement: SignatureStatement
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Verified:
    """``checked`` files were recorded. ``signed`` is None where nobody asked for signatures."""

    checked: int
    faults: list[FileFinding]
    signed: list[Signed] | None = None


@dataclass(frozen=True, slots=True)
class Signatures:
    """How signatures are looked at: on which day, and whose certificates count; see ``look``."""

    on: dt.date
    trust: Path | None = None

    def of(self, paths: Iterable[tuple[str, Path]]) -> list[Signed]:
        """State what is known of each signature; a file that does not open is stated too. Paths by the name to show."""
        found = []
        for name, path in paths:
            try:
                found += [Signed(name, statement) for statement in look(path, on=self.on, trust=self.trust)]
            except FileFault as fault:
                found.append(Signed(name, SignatureStatement("", note=fault.what), failed=True))
        return found

    def under(self, root: Path, paths: Iterable[str]) -> list[Signed]:
        """The same for those of the files under ``root`` that hold a signature."""
        return self.of((shown(path), root / path) for path in paths if has_signature(root / path))


def verify(
    office: OfficeSession, *, signatures: Signatures | None = None, progress: Progress = lambda _done, _all: None
) -> Verified:
    """Find what is wrong with the files the registry names in the archive, and what is there that it does not name.

    Nothing is changed; see ``compare``. What file managers leave in folders is passed over.
    """
    root = office.workspace.root
    expected = [
        Expected(one.path, one.sha256, one.numbers[0] if len(one.numbers) == 1 else "", one.pages, one.size)
        for one in archived_files(office.db)
    ]
    present = {f"{FOLDER}/{path}" for path in files_under(root / FOLDER)}
    present |= {one.path for one in expected if not one.path.startswith(f"{FOLDER}/") and (root / one.path).is_file()}
    faults = compare(root, expected, sorted(present), progress=progress)
    signed = signatures.under(root, (one.path for one in expected)) if signatures else None
    return Verified(len(expected), faults, signed)


def verify_bag(
    root: Path, *, signatures: Signatures | None = None, progress: Progress = lambda _done, _all: None
) -> Verified:
    """The same for a bag, from the folder alone; see ``check_bag``."""
    checked, faults = check_bag(root, progress=progress)
    return Verified(checked, faults, signatures.under(root, files_under(root)) if signatures else None)


def look_at_files(paths: Sequence[Path], signatures: Signatures) -> list[Signed]:
    """State what is known of the signatures in any PDF files."""
    return signatures.of((str(path), path) for path in paths)


_LABEL = {
    INCOMING: "收件原件",
    ISSUED: "印发的报告",
    **EVIDENCE_LABEL,
    **{str(kind): label for kind, label in DOC_KIND_LABEL.items()},
}


@dataclass(frozen=True, slots=True)
class Bagged:
    """``bag`` is None for a dry run. ``held_back``: files that hold something of agreements not asked for as well."""

    files: list[ArchivedFile]
    held_back: int
    bag: Bag | None


def bag(
    office: OfficeSession,
    numbers: Sequence[str],
    folder: Path,
    *,
    metadata: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Bagged:
    """Copy the files of these agreements, of all where none is named, to a new ``folder`` as a bag; see ``write_bag``.

    With ``metadata`` the 件 that have a 档号 are described in it as well; NotFound where there is none.

    With ``numbers`` a file goes along only if all it holds is of them: what concerns others stays in the house.
    Raises NotFound for a number that is none, BadInput for a folder inside the archive.
    """
    if folder.resolve().is_relative_to((office.workspace.root / FOLDER).resolve()):
        raise BadInput("包不能做在归档文件夹里面", where=str(folder), remedy="请换一个地方")
    wanted = set(numbers_to_ids(office, numbers))
    files = archived_files(office.db)
    touched = [one for one in files if not wanted or wanted & set(one.numbers)]
    chosen = [one for one in touched if not wanted or wanted >= set(one.numbers)]
    root = office.workspace.root
    packed = [
        Packed(root / one.path, one.path, one.sha256, one.numbers, _LABEL[one.kind], one.code, one.pages, one.size)
        for one in chosen
    ]
    require_packable(folder, packed)
    ids = numbers_to_ids(office, numbers).values() if wanted else None
    items = archive_items(office.db, agreement_ids=ids) if metadata else []
    if metadata and not items:
        raise NotFound("没有已编号的件，写不出元数据", remedy="请先运行 yiyu archive number，或不加 --metadata")

    def describe(places: Mapping[str, str]) -> dict[str, bytes]:
        kinds = {one.path: _LABEL[one.kind] for one in chosen}
        scans = UnitScans(office.db, {item.agreement_id for item in items})
        described = [
            (item, [
                DescribedFile(places[row.path], row.size, row.pages, row.sha256, kinds[row.path])
                for row in scans.of_item(item.unit, item.agreement_id, item.record_year) if row.path in places
            ])
            for item in items
        ]  # fmt: skip
        return {NAME: metadata_xml(office.workspace.config, described, on=office.today)}

    more = describe if metadata else None
    made = None if dry_run else write_bag(folder, packed, on=office.today, describe=more, progress=progress)
    return Bagged(chosen, len(touched) - len(chosen), made)
