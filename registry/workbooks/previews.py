"""What an import does and what of it waits for a person: line by line, as a coloured workbook, and read back with ticks.

Whatever the subject: each line is one cell of the file beside what the registry says, or a row or column not taken.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import msgspec

from yiyu.registry.errors import BadInput
from yiyu.registry.files import file_name, write_atomic
from yiyu.registry.workbooks.headings import Headings
from yiyu.registry.workbooks.loading import load_grids
from yiyu.registry.workbooks.text import clean_line, presentable, written
from yiyu.registry.workbooks.writing import WorksheetPage, WrittenColumn, workbook_bytes


class Fate(StrEnum):
    """What becomes of a line of the file, those that need a person first."""

    UNDOES_EDIT = "undoes_edit"
    """It would put back what a person, or a later file, has changed since."""
    SAME_NAME = "same_name_other_code"
    SAME_CODE = "same_code_other_name"
    CHANGED = "changed"
    IN_DOUBT = "in_doubt"
    MISSING = "missing"
    """The registry has it, the file does not list it."""
    HIDDEN = "hidden"
    SKIPPED = "skipped"
    UNREAD = "unread"
    FILLED = "filled"
    """The registry knew nothing of the field: written at once."""
    NEW = "new"


FATE_LABEL = {
    Fate.UNDOES_EDIT: "会撤销已改内容",
    Fate.SAME_NAME: "同名不同码",
    Fate.SAME_CODE: "同码不同名",
    Fate.CHANGED: "改写",
    Fate.IN_DOUBT: "存疑",
    Fate.MISSING: "本表未列",
    Fate.HIDDEN: "隐藏",
    Fate.SKIPPED: "跳过",
    Fate.UNREAD: "未读入",
    Fate.FILLED: "补空",
    Fate.NEW: "新增",
}
_COLOUR = {
    Fate.UNDOES_EDIT: "#F4B084",
    Fate.SAME_NAME: "#FFD966",
    Fate.SAME_CODE: "#FFD966",
    Fate.CHANGED: "#FFF2CC",
    Fate.IN_DOUBT: "#F8CBAD",
    Fate.MISSING: "#D9D9D9",
    Fate.HIDDEN: "#E4DFEC",
    Fate.SKIPPED: "#EDEDED",
    Fate.UNREAD: "#EDEDED",
    Fate.FILLED: "#DDEBF7",
    Fate.NEW: "#E2EFDA",
}
"""Backgrounds of the workbook's rows, light enough to print."""


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One line; ``old`` and ``new`` as people read them, ``set_by`` and ``set_at``: who set the old value, and when.

    ``waits``: it is written only when a person says so; ``taken``: it was written, or would be. Those with the same
    ``together`` are decided as one; ``key`` tells the line from any other, and changes with either value.
    """

    fate: Fate
    sheet: str = ""
    row: int = 0
    column: str = ""
    id: int = 0
    name: str = ""
    code: str = ""
    field: str = ""
    heading: str = ""
    old: str = ""
    new: str = ""
    set_by: str = ""
    set_at: str = ""
    note: str = ""
    waits: bool = False
    taken: bool = False
    together: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """All lines of an import. ``seal``: what the file and the registry were, as lines that wait were found."""

    lines: tuple[PreviewLine, ...]
    seal: str

    @property
    def counts(self) -> dict[str, int]:
        """How many lines of each fate there are; fates without any are left out."""
        found = Counter(line.fate for line in self.lines)
        return {str(fate): found[fate] for fate in Fate if found[fate]}

    @property
    def waiting(self) -> list[PreviewLine]:
        """What still waits, the most doubtful first."""
        return [line for line in in_order(self.lines) if line.waits and not line.taken]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person ticked in a preview's workbook: keys of lines, and the seal the workbook was written under."""

    seal: str
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Leave:
    """What a person allows an import to overwrite: nothing, all but what undoes, all, or what was ticked."""

    apply: bool = False
    undo: bool = False
    choice: Choice | None = None

    def allows(self, group: Collection[PreviewLine]) -> bool:
        """Whether the lines of one group may be written."""
        if self.choice is not None:
            return all(line.key in self.choice.keys for line in group)
        return self.apply and (self.undo or all(line.fate is not Fate.UNDOES_EDIT for line in group))

    def check(self, preview: Preview) -> None:
        """Raise BadInput where the ticks are of another file or registry, or part what is decided together."""
        if self.choice is None:
            return
        if self.choice.seal.partition(":")[0] != preview.seal.partition(":")[0]:
            raise BadInput("预览表不是按这个文件做的，文件可能已改过", remedy="请用 --preview 重新预览后再选")
        if self.choice.seal != preview.seal:
            raise BadInput("预览以后登记库又有变动，没有写入", remedy="请用 --preview 重新预览后再选")
        for group in grouped(preview.lines).values():
            ticked = [line for line in group if line.key in self.choice.keys]
            if ticked and len(ticked) < len(group):
                left = next(line for line in group if line not in ticked)
                raise BadInput(
                    f"第{left.row}行的“{left.heading}”没有选，它要和“{ticked[0].heading}”一起定",
                    where=left.name,
                    remedy="请在预览表中把这几项都选上或都不选",
                )


NO_LEAVE = Leave()


def sealed(file: bytes, registry: str, lines: Iterable[PreviewLine]) -> str:
    """The seal of a preview: digests of the file, and of the registry with all that waits in it, parted by a colon."""
    keys = sorted(line.key for line in lines if line.waits)
    return f"{hashlib.sha256(file).hexdigest()}:{line_key(registry, *keys)}"


def line_key(*facts: object) -> str:
    """The key of a line, by what it says."""
    return hashlib.sha256(msgspec.json.encode([str(fact) for fact in facts])).hexdigest()[:16]


def grouped(lines: Iterable[PreviewLine]) -> dict[str, list[PreviewLine]]:
    """The lines that wait, by what is decided together."""
    found: dict[str, list[PreviewLine]] = {}
    for line in lines:
        if line.waits:
            found.setdefault(line.together, []).append(line)
    return found


def in_order(lines: Iterable[PreviewLine]) -> list[PreviewLine]:
    """What waits before what does not, then by fate; else as in the file."""
    rank = {fate: at for at, fate in enumerate(Fate)}
    return sorted(lines, key=lambda line: (not line.waits or line.taken, rank[line.fate]))


_TICK, _MARK = "采用", "预览校验（请勿改动）"
_TICKED = frozenset(["是", "√", "✓", "✔", "☑", "y", "yes", "1", "采用"])
_NOT_TICKED = frozenset(["", "否", "×", "x", "n", "no", "0", "不采用"])
_COLUMNS = (
    WrittenColumn("tick", _TICK, 6, ("是", "否"), editable=True),
    WrittenColumn("fate_label", "情形", 14),
    WrittenColumn("sheet", "工作表", 10),
    WrittenColumn("row", "行", 5),
    WrittenColumn("column", "列", 5),
    WrittenColumn("name", "名称", 26),
    WrittenColumn("code", "代码或编号", 20),
    WrittenColumn("heading", "项目", 12),
    WrittenColumn("old", "登记库现在", 20),
    WrittenColumn("set_by", "由谁登记", 18),
    WrittenColumn("set_at", "何时", 11),
    WrittenColumn("new", "表中", 20),
    WrittenColumn("note", "说明", 30),
    WrittenColumn("mark", _MARK, 4, hidden=True),
)


@dataclass(frozen=True, slots=True)
class _Mark:
    seal: str
    key: str = field(default="")


def write_preview(path: Path, title: str, preview: Preview) -> None:
    """Write the workbook: a colour for each fate, a column to tick; nothing but that column can be typed into.

    Raises FileFault when it cannot be written.
    """
    lines = in_order(preview.lines)
    page = WorksheetPage(
        "预览",
        f"{title}（在“采用”列填“是”，再用 --apply-from 导入）",
        _COLUMNS,
        [_cells(line, preview.seal) for line in lines],
        fills={at: _COLOUR[line.fate] for at, line in enumerate(lines)},
        protected=True,
    )
    write_atomic(path, workbook_bytes([page]))


def _cells(line: PreviewLine, seal: str) -> Mapping[str, object]:
    texts = {name: presentable(str(getattr(line, name))) for name in PreviewLine.__slots__}
    state = "" if line.waits and not line.taken else "—"
    mark = msgspec.json.encode(_Mark(seal, line.key if line.waits else "")).decode()
    more = {"tick": state, "fate_label": FATE_LABEL[line.fate], "row": line.row or "", "set_at": line.set_at[:10]}
    return texts | more | {"mark": mark}


def read_choice(path: Path) -> Choice:
    """Read what was ticked.

    Raises FileFault for an unreadable file; BadInput where it is no preview of ours, or holds a tick nobody can read.
    """
    columns: dict[str, int] = {}
    seals, keys = set(), set()
    for grid in load_grids(path, Headings({"tick": (_TICK,), "mark": (_MARK,)})):
        for index, row in enumerate(grid.rows):
            texts = [clean_line(written(cell)) for cell in row]
            if _TICK in texts and _MARK in texts:
                columns = {"tick": texts.index(_TICK), "mark": texts.index(_MARK)}
            elif columns:
                mark = _mark(path, index, written(grid.cell(index, columns["mark"])))
                if mark is not None:
                    seals.add(mark.seal)
                    if _ticked(path, index, written(grid.cell(index, columns["tick"]))):
                        keys.add(mark.key)
    if len(seals) != 1:
        raise BadInput("这不是一份导入预览表", where=str(path), remedy="请用 --preview 存出预览表，在“采用”列填“是”")
    if not keys - {""}:
        raise BadInput("预览表中没有选任何一行", where=file_name(path), remedy="请在“采用”列填“是”后再试")
    return Choice(seals.pop(), frozenset(keys - {""}))


def _mark(path: Path, index: int, text: str) -> _Mark | None:
    try:
        return msgspec.json.decode(text, type=_Mark) if text else None
    except msgspec.DecodeError:
        where = f"{file_name(path)} 第{index + 1}行"
        raise BadInput("隐藏的预览校验被改动", where=where, remedy="请用 --preview 重新预览后再选") from None


def _ticked(path: Path, index: int, text: str) -> bool:
    word = clean_line(text).casefold()
    if word not in _TICKED | _NOT_TICKED | {"—"}:
        where = f"{file_name(path)} 第{index + 1}行"
        raise BadInput(f"“采用”列的“{presentable(text)[:20]}”看不懂", where=where, remedy="请填“是”，不采用的留空")
    return word in _TICKED
