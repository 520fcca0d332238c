"""Whether drafts pass their check where they are to stand: tried in a copy of ``templates/`` that is thrown away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from yiyu.docgen.documents.checking import CheckedFile, check_files, check_packs
from yiyu.registry.errors import TemplateFault, UserError
from yiyu.registry.files import read_bytes, scratch, write_atomic
from yiyu.registry.model import Severity
from yiyu.registry.offices.drafts import FORMER, FORMS, DraftPart
from yiyu.registry.packs import load_pack
from yiyu.registry.packs.clause_sections import with_clause
from yiyu.registry.packs.reading import layers_of, office_packs
from yiyu.registry.session import OfficeSession


def resulting_files(drafts: Mapping[DraftPart, bytes], templates: Path) -> dict[str, bytes]:
    """What the files of ``templates/`` become with the drafts in them, by path. Raises BadInput as ``with_clause`` does."""
    made = {part.path: data for part, data in drafts.items() if not part.clause}
    for part, data in drafts.items():
        if part.clause and DraftPart(part.path) not in drafts:
            standing = templates / part.path
            before = made.get(part.path, read_bytes(standing) if standing.is_file() else b"")
            made[part.path] = with_clause(before, part.clause, data, f"{templates.name}/{part.path}")
    return made


def faults_of(office: OfficeSession, drafts: Mapping[DraftPart, bytes], templates: Path) -> tuple[str, ...]:
    """What ``pack check`` and ``template check`` find wrong with packs and forms in which the drafts stand, in words."""
    made = resulting_files(drafts, templates)
    with scratch() as aside:
        copy = aside / templates.name
        for path, data in {**_standing(templates), **made}.items():
            write_atomic(copy / path, data, office=office.workspace.root)
        folders = {part.pack for part in drafts}
        alone = sorted(folders - {FORMS} - office_packs(copy).keys())
        checked = [*_checked_packs(folders, copy), *_checked_forms(office, sorted(made), copy)]
    return tuple(f"没有口径包“{name}”，其中的文件没有用处" for name in alone) + tuple(
        f"{_place(one.file, problem['place'], copy)}：{problem['message']}（{problem['suggestion']}）"
        for one in checked
        for problem in one.problems
        if problem["severity"] == Severity.ERROR
    )


def _place(file: str, place: str, copy: Path) -> str:
    """The file below ``templates/`` and the place in it, without the folder in which it was checked."""
    file = file.removeprefix(f"{copy}/")
    return f"{file} {place.removeprefix(f'{copy.parent}/').removeprefix(file).lstrip('，')}".rstrip()


def check_drafts(office: OfficeSession, drafts: Mapping[DraftPart, bytes], templates: Path) -> None:
    """Raise TemplateFault where they do not pass."""
    if faults := faults_of(office, drafts, templates):
        raise failed("要下发的", faults)


def failed(what: str, faults: tuple[str, ...]) -> TemplateFault:
    more = f"；共 {len(faults)} 处" if len(faults) > 1 else ""
    return TemplateFault(f"{what}检查没有通过：{faults[0]}{more}", remedy="请改正、用 yiyu pack check 检查后再做")


def _standing(templates: Path) -> dict[str, bytes]:
    found = [one for one in sorted(templates.glob("*/*")) if one.is_file() and one.parent.name != FORMER]
    return {one.relative_to(templates).as_posix(): read_bytes(one) for one in found}


def _checked_packs(folders: set[str], copy: Path) -> list[CheckedFile]:
    """Packs that have one of the folders among theirs."""
    names = [name for name in sorted(office_packs(copy)) if name in folders or folders & _layers(name, copy)]
    return check_packs(names, copy) if names else []


def _checked_forms(office: OfficeSession, paths: Sequence[str], copy: Path) -> Iterator[CheckedFile]:
    """Forms of reports, each held to ours of that name: what of it no check knows, for it has fields of its own, is no fault."""
    for path in (path for path in paths if path.startswith(f"{FORMS}/")):
        pack = load_pack(office.workspace.config.pack, office=copy)
        ours = copy / "shipped" / path
        write_atomic(ours, (files("yiyu.templates") / path).read_bytes(), office=office.workspace.root)
        shipped, one = check_files([ours, copy / path], pack=pack)
        known = {(problem["code"], problem["message"]) for problem in shipped.problems}
        told = tuple(problem for problem in one.problems if (problem["code"], problem["message"]) not in known)
        yield replace(one, problems=told)


def _layers(name: str, templates: Path) -> set[str]:
    try:
        return {folder.name for folder, _ in layers_of(name, templates)}
    except UserError:
        return set()
