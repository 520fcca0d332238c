"""Which page of which document a scanned page is, and what is complete of a document."""

import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from yiyu.docgen.page_code import copy_of, decode, document_id
from yiyu.docgen.scans.page import OTHER_HALF, Blankness, Half, PageReading, Place
from yiyu.registry.model import DocKind
from yiyu.registry.store.scans import PrintedRow, ScanRow


class Reason(StrEnum):
    """Why a page has no place; a person decides."""

    BLANK = "blank"
    NEARLY_BLANK = "nearly-blank"
    UNREAD = "unread"
    NO_CODE = "no-code"
    FOREIGN = "foreign"
    UNKNOWN = "unknown-document"
    SEVERAL = "several-codes"
    NO_PAGE = "page-unknown"


REASON_LABEL = {
    Reason.BLANK: "空白页",
    Reason.NEARLY_BLANK: "近乎空白，没有读到页面码",
    Reason.UNREAD: "这一页太大，没有读",
    Reason.NO_CODE: "没有可读的页面码",
    Reason.FOREIGN: "是别处的二维码，不是本系统的页面",
    Reason.UNKNOWN: "页面码有效，但登记库里没有这份文书",
    Reason.SEVERAL: "一页上有不止一个页面码",
    Reason.NO_PAGE: "知道是哪份文书，不知道第几页",
}


@dataclass(frozen=True, slots=True)
class PagePosition:
    """Page ``page`` of ``pages`` of one version of a document; ``code`` is what was read."""

    agreement_id: int
    kind: str
    version: int
    page: int
    pages: int
    code: str

    @property
    def document(self) -> tuple[int, str, int]:
        """Agreement id, kind and version."""
        return self.agreement_id, self.kind, self.version


def documents_by_id(documents: Iterable[PrintedRow]) -> dict[str, PrintedRow]:
    """Every version of every document by what its page codes call it."""
    return {document_id(row.number, row.kind, row.version): row for row in documents}


def place(reading: PageReading, known: Mapping[str, PrintedRow]) -> PagePosition | Reason:
    """Where a page belongs. One with codes of two pages has no place: a guess would hide one of them."""
    found = {text: decode(text) for text in reading.codes}
    if not found:
        return _why_no_code(reading)
    # The code in the header of the Word file, which knows no pages, may stand beside the one of the page.
    paged = [text for text, code in found.items() if code.page]
    if len(paged) > 1 or len({code.document_id for code in found.values()}) > 1:
        return Reason.SEVERAL
    text = paged[0] if paged else reading.codes[0]
    row = known.get(found[text].document_id)
    if row is None:
        return Reason.UNKNOWN
    if not paged:
        return Reason.NO_PAGE
    return PagePosition(row.agreement_id, row.kind, row.version, found[text].page, found[text].pages, text)


def _why_no_code(reading: PageReading) -> Reason:
    if reading.unread:
        return Reason.UNREAD
    if reading.foreign:
        return Reason.FOREIGN
    told = {Blankness.BLANK: Reason.BLANK, Blankness.NEARLY: Reason.NEARLY_BLANK, Blankness.WRITTEN: Reason.NO_CODE}
    return told[reading.blankness]


def unlike(readings: Iterable[PageReading], placed: Collection[Place]) -> list[PageReading]:
    """The readings, each sheet cut as a person cut it before who placed its halves, or left whole as that person did."""
    cut = {page for page, half in placed if half}
    whole = {page for page, half in placed if not half}
    found: dict[Place, PageReading] = {}
    for one in readings:
        if one.page in cut and not one.half:
            halves = {half for page, half in placed if page == one.page}
            halves |= {OTHER_HALF[Half(half)] for half in halves}
            parts = [replace(one, half=half, codes=()) for half in Half if half in halves]
        else:
            parts = [replace(one, half=Half.WHOLE)] if one.page in whole else [one]
        for part in parts:
            found.setdefault(part.place, part)
    return list(found.values())


def sheets_of_one(readings: Iterable[PageReading], known: Mapping[str, PrintedRow]) -> dict[Place, PagePosition]:
    """Places of record sheets that Word printed, whose code names the sheet and no page.

    A sheet is one page of paper, so the only page of a file with that code is the sheet. Two of them may be two pages
    or two originals, and a person decides.
    """
    named: dict[str, list[PageReading]] = {}
    for one in readings:
        if place(one, known) is Reason.NO_PAGE:
            named.setdefault(one.codes[0], []).append(one)
    found = {}
    for text, (first, *more) in named.items():
        row = known[decode(text).document_id]
        if row.kind == DocKind.ACTIVITY_RECORD and not more:
            found[first.place] = PagePosition(row.agreement_id, row.kind, row.version, 1, 1, text)
    return found


def likely(placed: Mapping[int, ScanRow], page: int) -> PagePosition | None:
    """What page ``page`` of a file probably is, by the pages before and after it. For a person to confirm, or not."""
    before, after = placed.get(page - 1), placed.get(page + 1)
    guesses = [(before, 1), (after, -1)]
    if before and after and before.document == after.document and before.page - after.page == 2:
        guesses = [(before, -1)]  # scanned from the last page to the first
    taken = {(row.document, row.page) for row in placed.values()}
    for beside, step in guesses:
        if beside and 1 <= beside.page + step <= beside.pages and (beside.document, beside.page + step) not in taken:
            return PagePosition(*beside.document, beside.page + step, beside.pages, "")
    return None


@dataclass(frozen=True, slots=True)
class CopyPages:
    """The pages that came of the original with the number ``copy``; "" for paper that has no number."""

    copy: str
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """All scanned pages of one printing of a document, ``chosen`` one for each page there is of one original."""

    agreement_id: int
    kind: str
    version: int
    expected: int
    chosen: tuple[ScanRow, ...]
    duplicate: tuple[int, ...]
    """Numbers of the pages that came more than once."""
    originals: tuple[CopyPages, ...] = ()
    """Which pages came of which original, where they are of several."""

    @property
    def key(self) -> tuple[int, str, int]:
        return self.agreement_id, self.kind, self.version

    @property
    def missing(self) -> tuple[int, ...]:
        there = {row.page for row in self.chosen}
        return tuple(page for page in range(1, self.expected + 1) if page not in there)


def gather(rows: Iterable[ScanRow]) -> list[Gathered]:
    """Sort scanned pages, the newest first, into documents.

    Another printing, with another number of pages, is kept apart: their pages do not fit together.
    """

    def printing(row: ScanRow) -> tuple[int, str, int, int]:
        return row.agreement_id, row.kind, row.version, row.pages

    return [_gathered(*key, list(group)) for key, group in itertools.groupby(sorted(rows, key=printing), key=printing)]


def _gathered(agreement_id: int, kind: str, version: int, expected: int, rows: list[ScanRow]) -> Gathered:
    """Choose pages of one original. What has no code was placed by a person, and belongs to whichever is chosen."""
    copies: dict[str, set[int]] = {}
    for row in rows:
        if row.code:
            copies.setdefault(copy_of(row.code), set()).add(row.page)
    runs = [
        _run([row for row in rows if not row.code or copy_of(row.code) == copy], expected) for copy in copies or ("",)
    ]
    chosen = max(runs, key=lambda run: run[0])[1]
    times = Counter(row.page for row in rows)
    duplicate = tuple(page for page in sorted(times) if times[page] > 1)
    came = tuple(CopyPages(copy, tuple(sorted(pages))) for copy, pages in copies.items()) if len(copies) > 1 else ()
    return Gathered(agreement_id, kind, version, expected, chosen, duplicate, came)


def _run(rows: list[ScanRow], expected: int) -> tuple[tuple[int, int, int], tuple[ScanRow, ...]]:
    """Pages of one original, and how good a choice they are: those of the newest file that holds all, else the newest of each.

    What a person placed after that goes before it: one page scanned again because the first was blurred.
    """
    by_file: dict[int, dict[int, ScanRow]] = {}
    by_page: dict[int, ScanRow] = {}
    for row in rows:
        by_file.setdefault(row.file_id, {}).setdefault(row.page, row)
        by_page.setdefault(row.page, row)
    whole = next((file for file, pages in by_file.items() if len(pages) == expected), -1)
    chosen = dict(by_file.get(whole, by_page))
    for row in reversed(rows):
        if not row.code and row.placed_at >= chosen[row.page].placed_at:
            chosen[row.page] = row
    return (whole, len(chosen), rows[0].file_id), tuple(chosen[page] for page in sorted(chosen))


def incomplete(one: Gathered) -> str:
    """Why a document is not bound though there may be a scan of each of its pages: they are of several originals."""
    if not one.originals:
        return ""
    return f"没有一份原件是齐的：{_told(one.originals)}；不同原件的页不装订在一起，请补扫其中一份缺的页"


def left_out(one: Gathered) -> str:
    """What came of other originals than the one that is bound."""
    bound = {copy_of(row.code) for row in one.chosen if row.code}
    others = [original for original in one.originals if original.copy not in bound]
    return f"另一份原件的没有装订：{_told(others)}" if others else ""


def _told(originals: Iterable[CopyPages]) -> str:
    named = ((f"份号 {one.copy} 的" if one.copy else "没有份号的", "、".join(map(str, one.pages))) for one in originals)
    return "，".join(f"{name}有第 {pages} 页" for name, pages in named)
