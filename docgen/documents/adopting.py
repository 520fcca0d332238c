"""Take over what the office above handed down: first what it changes here, then all of it or nothing (decision 46)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from yiyu.docgen.documents.draft_checks import failed, faults_of, resulting_files
from yiyu.docgen.fill.lint import compare_texts
from yiyu.registry.errors import StepNotAllowed, UserError
from yiyu.registry.files import file_sha256, read_bytes, sha256
from yiyu.registry.offices.adopted import (
    AdoptedPackage,
    Standing,
    adopted_packages,
    package_from_above,
    refuse_older,
)
from yiyu.registry.offices.container import Package
from yiyu.registry.offices.draft_placing import place_drafts
from yiyu.registry.offices.drafts import MOST_BYTES, DraftPart, Drafts, read_drafts
from yiyu.registry.packs import load_pack
from yiyu.registry.packs.clause_sections import clause_section
from yiyu.registry.packs.clauses import CLAUSES_FILE
from yiyu.registry.packs.differences import Difference, clause_differences, entry_names, setting_differences
from yiyu.registry.session import OfficeSession
from yiyu.registry.toml import TomlFault, parse

State = Literal["new", "same", "different"]


@dataclass(frozen=True, slots=True)
class AdoptedPart:
    """A part of the package beside what stands here. ``own``: the office's own work, or changed here since it was taken over."""

    part: DraftPart
    state: State
    own: bool
    sha256: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Adoption:
    """What became of a package. ``again``: the day it was taken over before. ``faults``: why what comes of it does not pass.

    ``former``: the folder, from the workspace, that keeps what was replaced.
    """

    package: str
    name: str
    made_at: str
    drafts: Drafts
    parts: tuple[AdoptedPart, ...]
    faults: tuple[str, ...] = ()
    again: str = ""
    applied: bool = False
    former: str = ""

    @property
    def own(self) -> list[str]:
        """Parts here that would be written over though they are the office's own."""
        return [one.part.name for one in self.parts if one.own]

    def refuse_faulty(self) -> None:
        """Raise TemplateFault where what comes of it does not pass the check."""
        if self.faults:
            raise failed("采用以后", self.faults)


def adopt(
    office: OfficeSession, path: Path, *, apply: bool = False, reason: str = "", dry_run: bool = False
) -> Adoption:
    """Verify a package and hold it against what stands here; with ``apply`` take it over.

    ``reason``: why what the office changed itself is written over. Raises BadInput where the office above is not known,
    FileFault for a package that is altered, of somebody else or of another kind, StepNotAllowed for one older than what was taken over,
    TemplateFault where what comes of it does not pass its check.
    """
    package = package_from_above(office, path)
    parts, adopted, digest = read_drafts(package), adopted_packages(office), file_sha256(path)
    drafts = {part: package.read(part.member, MOST_BYTES) for part in parts}
    done = _compared(office, package, digest, drafts, adopted)
    if done.again:
        return done
    refuse_older(package, parts, adopted)
    if not apply:
        return done
    done.refuse_faulty()
    if done.own and not reason:
        what = f"本级自己改过，没有盖掉：{'、'.join(done.own)}"
        raise StepNotAllowed(
            what, where=package.place, remedy="请先看过不同；确实以上级的为准，加 --force --reason 写明原因"
        )
    return _placed(office, done, drafts, adopted, reason, dry_run=dry_run)


def _compared(
    office: OfficeSession,
    package: Package,
    digest: str,
    drafts: Mapping[DraftPart, bytes],
    adopted: Sequence[AdoptedPackage],
) -> Adoption:
    templates = office.workspace.templates
    standing = Standing(lambda part: _digest(_standing(templates, part)), adopted)
    names = {pack: _names(office, pack) for pack in {part.pack for part in drafts}}
    parts = tuple(
        _part(part, _standing(templates, part), data, standing, names[part.pack]) for part, data in drafts.items()
    )
    again = next((one.on for one in adopted if one.package == digest), "")
    faults = () if again else faults_of(office, drafts, templates)
    name, made_at = package.manifest.office.name, package.manifest.made_at
    return Adoption(digest, name, made_at, package.body(Drafts), parts, faults, again)


def _part(
    part: DraftPart, ours: bytes | None, theirs: bytes, standing: Standing, names: Mapping[str, str]
) -> AdoptedPart:
    if ours == theirs:
        return AdoptedPart(part, "same", False, sha256(theirs), ())
    found = tuple(_differences(part, ours, theirs, names))
    return AdoptedPart(part, "new" if ours is None else "different", standing.own(part), sha256(theirs), found)


def _placed(
    office: OfficeSession,
    done: Adoption,
    drafts: Mapping[DraftPart, bytes],
    adopted: Sequence[AdoptedPackage],
    reason: str,
    *,
    dry_run: bool,
) -> Adoption:
    templates = office.workspace.templates
    made = resulting_files(drafts, templates)
    seen = {path: _standing(templates, DraftPart(path)) for path in made}
    standing = Standing(lambda part: _digest(_standing(templates, part)), adopted)
    said = "；".join(filter(None, [f"{done.name} {done.made_at[:10]} 下发", done.drafts.note, reason]))
    data = {
        "name": done.name,
        "made_at": done.made_at,
        "files": {one.part.name: one.sha256 for one in done.parts},
        "results": standing.results({path: sha256(new) for path, new in made.items()}, drafts),
        "reason": reason,
    }
    changed = {path: new for path, new in made.items() if new != seen[path]}
    former = place_drafts(
        office, done.package, changed, {path: seen[path] for path in changed}, note=said, data=data, dry_run=dry_run
    )
    return Adoption(done.package, done.name, done.made_at, done.drafts, done.parts, (), "", not dry_run, former)


def _standing(templates: Path, part: DraftPart) -> bytes | None:
    """What stands here of a part: of a clause its section, as it is written when it travels."""
    path = templates / part.path
    data = read_bytes(path, limit=MOST_BYTES) if path.is_file() else None
    if data is None or not part.clause:
        return data
    try:
        row = parse(data).get(part.clause)
        return None if row is None else clause_section(part.clause, row)
    except (TomlFault, KeyError, AttributeError, TypeError):
        return data  # what nobody can read is another thing than what is handed down


def _digest(data: bytes | None) -> str | None:
    return None if data is None else sha256(data)


def _names(office: OfficeSession, pack: str) -> dict[str, str]:
    """What entries and clauses are called here; nothing of a pack that is not here, or cannot be read."""
    try:
        return entry_names(load_pack(pack, office=office.workspace.templates))
    except UserError:
        return {}


def _differences(part: DraftPart, ours: bytes | None, theirs: bytes, names: Mapping[str, str]) -> Iterator[Difference]:
    """In people's words; of files that say the same in other bytes that they do."""
    found = list(_word(part, ours, theirs) if part.is_word else _settings(part, ours, theirs, names))
    if not found and ours is not None:
        same = "文字相同，版式、图片或属性不同" if part.is_word else "内容相同，写法或说明不同"
        found = [Difference(same, "", "")]
    yield from found


def _word(part: DraftPart, ours: bytes | None, theirs: bytes) -> Iterator[Difference]:
    if ours is not None:
        for one in compare_texts((ours, part.name), (theirs, part.name)):
            yield Difference(one.place, one.old, one.new)


def _settings(part: DraftPart, ours: bytes | None, theirs: bytes, names: Mapping[str, str]) -> Iterator[Difference]:
    try:
        mine, other = parse(ours or b""), parse(theirs)
    except TomlFault as fault:
        yield Difference(f"读不懂（{fault.place} {fault}）", "", "")
        return
    if not part.path.endswith(CLAUSES_FILE):
        yield from setting_differences(mine, other, names)
        return
    for code in [part.clause] if part.clause else dict.fromkeys([*mine, *other]):
        sides = mine.get(code, {}), other.get(code, {})
        if sides[0] != sides[1] and all(isinstance(side, dict) for side in sides):
            own = next((side["name"] for side in sides if side.get("name")), "")
            yield from clause_differences(code, own or names.get(f"clauses.{code}", ""), *sides)
