"""What differs between a page and what was printed on it: kinds, and which kind a difference is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from yiyu.docgen.scans.ocr_text import TextLine
from yiyu.docgen.scans.page import Half
from yiyu.registry.model import PlaceState


class DifferenceKind(StrEnum):
    AMOUNT = "amount"
    DATE = "date"
    NUMBER = "number"
    NEGATION = "negation"
    NAME = "name"
    TEXT = "text"
    INSERTED = "inserted"
    REMOVED = "removed"
    STRUCK = "struck"
    HANDWRITING = "handwriting"


DIFFERENCE_LABEL = {
    DifferenceKind.AMOUNT: "金额",
    DifferenceKind.DATE: "日期",
    DifferenceKind.NUMBER: "数字",
    DifferenceKind.NEGATION: "否定词",
    DifferenceKind.NAME: "名称",
    DifferenceKind.TEXT: "文字",
    DifferenceKind.INSERTED: "多出文字",
    DifferenceKind.REMOVED: "缺少文字",
    DifferenceKind.STRUCK: "划线",
    DifferenceKind.HANDWRITING: "手写",
}

_DATE = re.compile(r"(\d{2,4}年)?\d{1,2}月(\d{1,2}日)?|\d{2,4}年")
_AMOUNT = re.compile(r"\d+(元|万|%)|[零壹贰叁肆伍陆柒捌玖拾佰仟万]{2,}|[零壹贰叁肆伍陆柒捌玖拾佰仟万]+元")
_DIGITS = re.compile(r"\d+")
_NEGATION = frozenset("不未无非没勿免否")
_LONG = 6
"""Characters more or less that make a difference an inserted or a removed passage."""


@dataclass(frozen=True, slots=True)
class Difference:
    """``printed`` and ``read`` with some text around, what differs in 【】; ``picture``: the place in the scan, as PNG."""

    kind: DifferenceKind
    printed: str
    read: str
    picture: bytes


@dataclass(frozen=True, slots=True)
class Changed:
    """Characters from ``start`` to ``end`` of a text."""

    text: str
    start: int
    end: int

    @property
    def part(self) -> str:
        return self.text[self.start : self.end]

    def within(self, pattern: re.Pattern[str]) -> bool:
        """Whether a match of ``pattern`` holds some of it, or is split by it."""
        return any(
            one.start() < max(self.end, self.start + 1) and one.end() > min(self.start, self.end - 1)
            for one in pattern.finditer(self.text)
        )


def kind_of(printed: Changed, read: Changed, names: Iterable[str]) -> DifferenceKind:
    """What sort of difference it is between two texts that say the same around it."""
    if abs(len(printed.part) - len(read.part)) >= _LONG:
        return DifferenceKind.INSERTED if len(read.part) > len(printed.part) else DifferenceKind.REMOVED
    both = printed.part + read.part
    patterns = [(_DATE, DifferenceKind.DATE), (_AMOUNT, DifferenceKind.AMOUNT), (_DIGITS, DifferenceKind.NUMBER)]
    patterns += [(re.compile(re.escape(name)), DifferenceKind.NAME) for name in names if name]
    for pattern, kind in patterns:
        if printed.within(pattern) or read.within(pattern):
            return kind
    if _NEGATION & set(both):
        return DifferenceKind.NEGATION
    if printed.part and read.part:
        return DifferenceKind.TEXT
    return DifferenceKind.INSERTED if read.part else DifferenceKind.REMOVED


@dataclass(frozen=True, slots=True)
class SigningHint:
    """What stands in the places of ``party``; None where the page has no such place."""

    party: str
    signature: PlaceState | None
    seal: PlaceState


@dataclass(frozen=True, slots=True)
class PageComparison:
    """What differs on a page from its print, and what stands in the places to sign, if it has any."""

    differences: tuple[Difference, ...]
    signing: tuple[SigningHint, ...] = ()


@dataclass(frozen=True, slots=True)
class OcrRequest:
    """Page ``page`` (from 1) of the scan ``path``; ``turn`` clockwise sets it upright as a viewer shows it.

    Of a sheet of two pages ``half``, of the upright sheet, is meant.

    With ``printed``, a PDF of our own, the page is held against page ``printed_page`` of it; ``names`` are of the parties.
    """

    path: str
    page: int
    turn: int = 0
    printed: str = ""
    printed_page: int = 0
    names: tuple[str, ...] = ()
    half: Half = Half.WHOLE


@dataclass(frozen=True, slots=True)
class OcrAnswer:
    """What was read of a page; ``what`` says why nothing could be.

    ``compared``: None where it is not the page it was held against.
    """

    lines: tuple[TextLine, ...] = ()
    compared: PageComparison | None = None
    what: str = ""
