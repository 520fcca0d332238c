"""What a package of drafts holds: files of an office's ``templates/`` of kinds we know, and single clauses of a pack."""

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import PurePosixPath

import msgspec

from yiyu.registry.errors import FileFault
from yiyu.registry.offices.container import Package
from yiyu.registry.packs.clauses import CLAUSES_FILE
from yiyu.registry.packs.making import PACK_NAME
from yiyu.registry.packs.rows import PACK_FILE

DRAFTS, CALLED = "drafts", "下发包"
FILES, CLAUSES = "templates", "clauses"
"""Folders of the package."""
FORMS, FORMER = "forms", "former"
"""Folders of ``templates/`` that are no packs: forms of reports, and what stood there before something was adopted."""
MOST_BYTES = 16 << 20
"""Of a form; a photograph of a page on every page is less."""
_CODE = re.compile(r"([A-Z]\d{2,3})\.toml")


class Drafts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``note``: why it is handed down; ``actor``: who did so."""

    note: str
    actor: str


@dataclass(frozen=True, slots=True, order=True)
class DraftPart:
    """A file by its ``path`` below ``templates/``; of a ``clauses.toml`` it may be one clause alone, by its code."""

    path: str
    clause: str = ""

    @property
    def name(self) -> str:
        """As people, events and JSON name it."""
        return f"{self.path} {self.clause}".rstrip()

    @property
    def member(self) -> str:
        """Its name in the package."""
        return f"{CLAUSES}/{self.pack}/{self.clause}.toml" if self.clause else f"{FILES}/{self.path}"

    @property
    def pack(self) -> str:
        """The folder: of a pack, or of forms."""
        return PurePosixPath(self.path).parts[0]

    @property
    def is_word(self) -> bool:
        return self.path.endswith(".docx")

    def meets(self, other: "DraftPart") -> bool:
        """Whether both are of the same lines of a file."""
        return self.path == other.path and (self.clause == other.clause or not (self.clause and other.clause))


def part_named(name: str) -> DraftPart:
    """The part that an event names."""
    path, _, clause = name.partition(f"/{CLAUSES_FILE} ")
    return DraftPart(f"{path}/{CLAUSES_FILE}", clause) if clause else DraftPart(path)


def draft_part(path: str) -> DraftPart | None:
    """The file of ``templates/`` as a part that can be handed down; None for one of another kind, or elsewhere."""
    match path.split("/"):
        case [folder, name] if folder == FORMS and name in _shipped_forms():
            return DraftPart(path)
        case [folder, name] if PACK_NAME.fullmatch(folder) and folder not in (FORMS, FORMER):
            form = name.endswith(".docx") and not name.startswith("~$")
            return DraftPart(path) if form or name in (PACK_FILE, CLAUSES_FILE) else None
    return None


def refuse_other_kind(package: Package) -> None:
    """Raise FileFault for a package that holds no drafts."""
    if package.manifest.kind != DRAFTS:
        remedy = "上报的包请用 yiyu office import" if package.manifest.kind == "facts" else "请检查文件是否选对"
        raise FileFault("这不是下发的包", where=package.place, remedy=remedy)


def read_drafts(package: Package) -> tuple[DraftPart, ...]:
    """The parts of a verified package of drafts. Raises FileFault for one with a file of an unknown kind."""
    return tuple(sorted(_part_of(member, package) for member in package.manifest.files))


def _part_of(member: str, package: Package) -> DraftPart:
    top, _, path = member.partition("/")
    part = draft_part(path) if top == FILES else None
    if top == CLAUSES and (found := _CODE.fullmatch(PurePosixPath(path).name)):
        file = draft_part(f"{PurePosixPath(path).parent}/{CLAUSES_FILE}")
        part = DraftPart(file.path, found[1]) if file else None
    if part is None:
        remedy = "只收口径包的 pack.toml、clauses.toml、Word 模板和 forms/ 里的表样；也可能要先升级 yiyu"
        raise FileFault(f"下发包里的文件“{member}”不是认得的种类，没有收", where=package.place, remedy=remedy)
    return part


def _shipped_forms() -> frozenset[str]:
    return frozenset(one.name for one in (files("yiyu.templates") / FORMS).iterdir() if one.is_file())
