"""Which activity each file of a folder is evidence of, by the day and the codes and names in its path."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from yiyu.registry.activities.attaching import Attached, attach
from yiyu.registry.activities.evidence import attachment
from yiyu.registry.activities.listing import Listed, listed
from yiyu.registry.errors import FileFault, NotFound, UserError
from yiyu.registry.rules.activities import EVIDENCE_LABEL
from yiyu.registry.rules.similar import core
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import evidence_known, load_activities
from yiyu.registry.workbooks.text import comparison_key

_DAY = re.compile(r"(?<!\d)(20\d\d)[-._年/]?(\d{1,2})[-._月/]?(\d{1,2})日?(?!\d)")
_ITEM = re.compile(r"(?<![A-Za-z0-9-])[A-Z]\d{2,3}(?![A-Za-z0-9])")
_LEAST_NAME = 2
"""A shorter part of a name is found by chance."""
_OF_SYSTEMS = frozenset({"thumbs.db", "desktop.ini"})
Clue = Callable[[Listed, str], bool]


class FileFate(StrEnum):
    """What became of a file of the folder."""

    MATCHED = "matched"
    ADDED = "added"
    KNOWN = "known"
    """It is evidence already."""
    IN_DOUBT = "in_doubt"
    UNMATCHED = "unmatched"


FILE_FATE_LABEL = {
    FileFate.MATCHED: "相符",
    FileFate.ADDED: "已存",
    FileFate.KNOWN: "已有",
    FileFate.IN_DOUBT: "存疑",
    FileFate.UNMATCHED: "未对上",
}


@dataclass(frozen=True, slots=True)
class FolderFile:
    """``file`` is the path from the folder; ``number`` that of the activity, or ""; ``note``: by what, or why not."""

    file: str
    fate: FileFate
    number: str = ""
    kind: str = ""
    note: str = ""


def match_folder(
    office: OfficeSession, folder: Path, *, apply: bool = False
) -> tuple[list[FolderFile], list[Attached]]:
    """Match every file below ``folder`` to an activity; with ``apply`` those that match are kept, the others stay.

    A file matches where its path names the day and, beside it, something that only one activity of that day has: its
    number, that of its agreement, the name of an institution, a code of the catalogue. Raises FileFault for no folder,
    NotFound where it holds no file.
    """
    if not folder.is_dir():
        raise FileFault("没有这个文件夹", where=str(folder), remedy="请核对 --folder 后面的路径")
    found = list(_files(folder))
    if not found:
        raise NotFound("文件夹中没有文件", where=str(folder), remedy="请核对 --folder 后面的路径")
    matcher = _Matcher(office)
    rows = [matcher.of(path, path.relative_to(folder)) for path in found]
    wanted: dict[str, list[str]] = {}
    for row in rows:
        if row.fate is FileFate.MATCHED:
            wanted.setdefault(row.number, []).append(f"{EVIDENCE_LABEL[row.kind]}={folder / row.file}")
    if not apply or not wanted:
        return rows, []
    done = attach(office, wanted)
    return [_added(row) if row.fate is FileFate.MATCHED else row for row in rows], done


def _added(row: FolderFile) -> FolderFile:
    return FolderFile(row.file, FileFate.ADDED, row.number, row.kind, row.note)


def _files(folder: Path) -> Iterator[Path]:
    """Every file a person put there, in the order of names."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.name.lower() not in _OF_SYSTEMS:
            yield path


class _Matcher:
    def __init__(self, office: OfficeSession) -> None:
        self._office = office
        self._seen: dict[str, str] = {}
        """Paths by what is in the files."""
        self._of_day = cache(self._done_on)

    def of(self, path: Path, within: Path) -> FolderFile:
        file = str(within)
        if path.is_symlink():
            return FolderFile(file, FileFate.UNMATCHED, note="是指向别处的链接，没有读")
        try:
            piece = attachment(str(path))
        except UserError as fault:
            return FolderFile(file, FileFate.UNMATCHED, note=fault.what)
        if (earlier := self._seen.setdefault(piece.sha256, file)) != file:
            return FolderFile(file, FileFate.KNOWN, kind=piece.kind, note=f"与 {earlier} 是同一个文件")
        if known := evidence_known(self._office.db, piece.sha256):
            return FolderFile(file, FileFate.KNOWN, known[0], piece.kind, "已经是这次活动的材料")
        fate, number, note = self._match(within.with_suffix("").as_posix())
        return FolderFile(file, fate, number, piece.kind, note)

    def _match(self, text: str) -> tuple[FileFate, str, str]:
        """Fate, number and reason, by the name of the file, then by those of its folders."""
        days = _days(text.rpartition("/")[2]) or _days(text)
        if len(days) != 1:
            return FileFate.UNMATCHED, "", "名称中有几个日期" if days else "名称中没有日期"
        (day,) = days
        left = self._of_day(day)
        if not left:
            return FileFate.UNMATCHED, "", f"{day} 没有登记活动"
        by: list[str] = []
        for label, fits in _CLUES:
            if fitting := [one for one in left if fits(one, text)]:
                left, by = fitting, [*by, label]
            elif label == _BY_ITEM and (codes := _ITEM.findall(text)):
                return FileFate.UNMATCHED, "", f"{day} 没有{'、'.join(codes)} 的活动"
        numbers = "、".join(one.activity.number for one in left)
        if len(left) > 1:
            return FileFate.IN_DOUBT, "", f"{day} 有 {len(left)} 次活动都可能：{numbers}"
        if not by:
            return FileFate.IN_DOUBT, "", f"只有日期与 {numbers} 相符，请在名称中写明机构、协议编号或项目代码"
        return FileFate.MATCHED, numbers, f"日期、{'、'.join(by)}相符"

    def _done_on(self, day: dt.date) -> list[Listed]:
        return listed(self._office, load_activities(self._office.db, first=day, last=day))


def _days(text: str) -> set[dt.date]:
    found = set()
    for year, month, day in _DAY.findall(text):
        try:
            found.add(dt.date(int(year), int(month), int(day)))
        except ValueError:
            continue  # the serial of a number, such as 2026-0001
    return found


def _named(one: Listed, text: str) -> bool:
    """Whether a party of its agreements is named, in full or without region and legal form."""
    folded = comparison_key(text)
    names = [party.facts.name for agreement in one.agreements for party in agreement.parties]
    words = {comparison_key(word) for name in names for word in (name, core(name))}
    return any(len(word) >= _LEAST_NAME and word in folded for word in words)


_BY_ITEM = "项目代码"
_CLUES: tuple[tuple[str, Clue], ...] = (
    ("活动编号", lambda one, text: one.activity.number in text),
    ("协议编号", lambda one, text: any(agreement.number in text for agreement in one.agreements)),
    ("机构名称", _named),
    (_BY_ITEM, lambda one, text: bool(set(_ITEM.findall(text)) & set(one.activity.items))),
)
"""What in a path tells activities of one day apart, the surest first."""
