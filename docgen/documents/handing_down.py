"""Hand down: packs, single clauses and forms of an office's own, checked, as one signed package (decision 46)."""

import importlib.metadata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.documents.draft_checks import check_drafts
from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.files import file_sha256, read_bytes, sha256
from yiyu.registry.offices.container import Content, write_package
from yiyu.registry.offices.drafts import (
    DRAFTS,
    FORMER,
    FORMS,
    MOST_BYTES,
    DraftPart,
    Drafts,
    draft_part,
)
from yiyu.registry.offices.keys import office_key
from yiyu.registry.packs import load_pack
from yiyu.registry.packs.clause_sections import clause_section
from yiyu.registry.packs.clauses import CLAUSES_FILE, called, load_clauses, nearest
from yiyu.registry.packs.reading import office_packs
from yiyu.registry.rules.districts import district_name
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import add_event
from yiyu.registry.store.opening import changing
from yiyu.registry.toml import parse


@dataclass(frozen=True, slots=True)
class HandedDown:
    """What is in the package: each part with its SHA-256. ``left``: files of the packs that cannot travel.

    ``sha256`` and ``size`` of a dry run are "" and 0.
    """

    region: str
    name: str
    note: str
    parts: dict[DraftPart, str]
    left: tuple[str, ...]
    size: int
    sha256: str


def hand_down(
    office: OfficeSession,
    path: Path,
    *,
    packs: Sequence[str] = (),
    templates: Sequence[Path] = (),
    clauses: Sequence[str] = (),
    note: str = "",
    dry_run: bool = False,
) -> HandedDown:
    """Write the package; that it was made is an event. ``clauses``: by code or name, ``pack/code`` where several packs have it.

    Raises BadInput where nothing, or something else than drafts of the office is named, NotFound for what is not there,
    TemplateFault for what does not pass its check, FileFault, ProgramFault without the library for signing.
    """
    folder = office.workspace.templates
    chosen, left = _chosen(office, packs, templates, clauses)
    if not chosen:
        raise BadInput("没有写要下发什么", remedy="请用 --pack、--template 或 --clauses 写明")
    check_drafts(office, chosen, folder)
    key, config = office_key(office, dry_run=dry_run), office.workspace.config
    region, name = config.region, district_name(config.region)
    contents = {part: chosen[part] for part in sorted(chosen)}
    parts = {part: sha256(data) for part, data in contents.items()}
    if dry_run:
        return HandedDown(region, name, note, parts, tuple(left), 0, "")
    write_package(
        path,
        kind=DRAFTS,
        office=(region, name),
        made_at=office.now,
        program=importlib.metadata.version("yiyu"),
        body=Drafts(note, office.actor),
        contents=[Content(part.member, [data]) for part, data in contents.items()],
        key=key,
    )
    done = HandedDown(region, name, note, parts, tuple(left), path.stat().st_size, file_sha256(path))
    _tell(office, done)
    return done


def _chosen(
    office: OfficeSession, packs: Sequence[str], templates: Sequence[Path], clauses: Sequence[str]
) -> tuple[dict[DraftPart, bytes], list[str]]:
    """What is named, read, and what of the packs is left out."""
    found: dict[DraftPart, bytes] = {}
    left: list[str] = []
    for name in packs:
        for file, part in _pack_files(office, name):
            if part is None:
                left.append(f"{name}/{file.name}")
            else:
                found[part] = read_bytes(file, limit=MOST_BYTES)
    for form in templates:
        found[_form_part(office, form)] = read_bytes(form, limit=MOST_BYTES)
    for said in clauses:
        part, data = _clause(office, said)
        if DraftPart(part.path) not in found:
            found[part] = data
    return found, left


def _pack_files(office: OfficeSession, name: str) -> Iterator[tuple[Path, DraftPart | None]]:
    folder = office.workspace.templates / name
    if name not in office_packs(office.workspace.templates) or name in (FORMS, FORMER):
        own = "、".join(sorted(office_packs(office.workspace.templates))) or "没有"
        remedy = f"只下发本级 templates/ 里的；现有：{own}；新做用 yiyu pack new"
        raise NotFound(f"本级没有口径包“{name}”", remedy=remedy)
    for file in sorted(one for one in folder.iterdir() if one.is_file() and one.name[0] not in ".~"):
        yield file, draft_part(f"{name}/{file.name}")


def _form_part(office: OfficeSession, form: Path) -> DraftPart:
    templates = office.workspace.templates.resolve()
    inside = form.resolve().is_relative_to(templates)
    part = draft_part(form.resolve().relative_to(templates).as_posix()) if inside else None
    if part is None or not part.is_word:
        remedy = "请先放进本级 templates/ 的口径包文件夹，或 templates/forms/（文件名与随附的表样相同），检查后再下发"
        raise BadInput("这不是本级在用的 Word 模板", where=str(form), remedy=remedy)
    return part


def _clause(office: OfficeSession, said: str) -> tuple[DraftPart, bytes]:
    """The clause with all its versions, as the pack of the office writes it."""
    only, _, word = said.rpartition("/")
    templates = office.workspace.templates
    found, known = [], []
    for name in sorted(office_packs(templates)):
        file = templates / name / CLAUSES_FILE
        if (only and name != only) or not file.is_file():
            continue
        clauses = load_clauses(load_pack(name, office=templates))
        rows, clause = parse(read_bytes(file, limit=MOST_BYTES)), called(clauses, word)
        known += [one for one in clauses if one.code in rows]
        if clause is not None and clause.code in rows:
            found.append((DraftPart(f"{name}/{CLAUSES_FILE}", clause.code), rows[clause.code]))
    if not found:
        raise NotFound(f"本级的条款库里没有条款“{said}”", remedy=nearest(known, word), code="clause-unknown")
    if len(found) > 1:
        names = "、".join(f"{part.pack}/{part.clause}" for part, _ in found)
        raise BadInput(f"不止一个口径包有条款“{said}”", remedy=f"请写明是哪一个：{names}")
    part, row = found[0]
    return part, clause_section(part.clause, row)


def _tell(office: OfficeSession, done: HandedDown) -> None:
    files = {part.name: digest for part, digest in done.parts.items()}
    with changing(office.db):
        add_event(
            office.db,
            None,
            "drafts_handed_down",
            on=office.today,
            recorded_at=office.now,
            actor=office.actor,
            note="；".join(filter(None, [done.note, "、".join(files)])),
            data={"package": done.sha256, "files": files, "note": done.note},
        )
