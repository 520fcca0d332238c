"""Look into an .ods before any library parses it: its package, its extent once repeats are told out, what is not shown.

A few bytes say that a cell stands a million times in a million rows (``number-columns-repeated``), which the parser
that follows would write out; of merges, hidden rows and crossed-out text it says nothing.

Source: OpenDocument 1.3 part 3, 9 (tables), 3.1 (packages).
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from xml.parsers import expat

from yiyu.registry.errors import FileFault
from yiyu.registry.package_check import XLSX, package_check
from yiyu.registry.workbooks.part_scan import PartScan, SheetFacts
from yiyu.registry.workbooks.precheck import SAVE_AGAIN, BookFacts, check_extent

ODS = replace(XLSX, suffix=".ods", name="OpenDocument 表格", main="content.xml", needs=frozenset({"content.xml"}))
_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_CODE = ("basic/", "scripts/")
_SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _TEXT, _STYLE, _OFFICE = (f"{_SPACE}{name}:1.0 " for name in ("table", "text", "style", "office"))
_CELLS = frozenset({f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"})
_SHOWN = frozenset({"", "visible"})
_MOST_REPEATS = 1 << 21
"""Twice the rows a sheet has; a larger number is no program's."""


def is_opendocument(data: bytes) -> bool:
    """Whether the first member is the mimetype of a spreadsheet, not compressed, as the standard asks."""
    return data.startswith(b"PK") and data[30:38] == b"mimetype" and data[38 : 38 + len(_TYPE)] == _TYPE


def opendocument_precheck(data: bytes) -> BookFacts:
    """Refuse a hostile, damaged or encrypted file with FileFault; else tell the facts of the workbook."""
    package_check(data, ODS)
    scan = ContentScan()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise FileFault("文件有密码，无法读取", remedy="请去掉密码后再试")
            if any(name.casefold().startswith(_CODE) for name in names):
                raise FileFault("文件中有宏或控件，不予读取", remedy=SAVE_AGAIN)
            with archive.open("content.xml") as part:
                scan.read(part)
    except (LookupError, ValueError, expat.ExpatError) as error:
        raise FileFault("文件内部已损坏，无法读取", remedy=SAVE_AGAIN) from error
    for title, facts in scan.sheets.items():
        check_extent(facts.last_row + 1, facts.last_column + 1, title)
    return BookFacts(scan.date1904, sheets=scan.sheets)


class ContentScan(PartScan):
    """The sheets of ``content.xml`` by title: extent, merges, hidden rows and columns, crossed-out cells."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetFacts] = {}
        self.date1904 = False
        self._facts = SheetFacts()
        self._row = self._column = self._next_row = self._next_column = self._heads = 0
        self._style, self._struck_styles = "", set[str]()
        self._cell: Mapping[str, str] = {}
        self._filled = self._struck = False
        self._spans: list[bool] = []

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _CELLS:
            self._open_cell(attributes)
        elif name == f"{_TABLE}table-row":
            self._open_row(attributes)
        elif name == f"{_TABLE}table-column":
            first, self._heads = self._heads, self._heads + _repeats(attributes, "columns")
            if attributes.get(f"{_TABLE}visibility", "") not in _SHOWN:
                self._facts.hidden_columns += range(first, min(self._heads, 1 << 14))
        elif name == f"{_TABLE}table":
            self._facts = self.sheets.setdefault(attributes.get(f"{_TABLE}name", ""), SheetFacts())
            self._next_row = self._heads = 0
        elif name == f"{_TABLE}null-date":
            self.date1904 = attributes.get(f"{_TABLE}date-value", "").startswith("1904")
        elif name == f"{_STYLE}style":
            self._style = attributes.get(f"{_STYLE}name", "")
        elif name == f"{_STYLE}text-properties":
            if attributes.get(f"{_STYLE}text-line-through-style", "none") != "none":
                self._struck_styles.add(self._style)
        elif name == f"{_TEXT}span":
            self._spans.append(attributes.get(f"{_TEXT}style-name") in self._struck_styles)

    def _open_row(self, attributes: Mapping[str, str]) -> None:
        self._row, self._next_row = self._next_row, self._next_row + _repeats(attributes, "rows")
        self._next_column = 0
        shown = attributes.get(f"{_TABLE}visibility", "")
        self._facts.filtered |= shown == "filter"
        if shown not in _SHOWN:
            self._facts.hidden_rows += range(self._row, min(self._next_row, 1 << 20))

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        self._cell = attributes
        self._column, self._next_column = self._next_column, self._next_column + _repeats(attributes, "columns")
        self._filled = f"{_OFFICE}value-type" in attributes or f"{_TABLE}formula" in attributes
        self._struck = attributes.get(f"{_TABLE}style-name") in self._struck_styles
        down, right = (int(attributes.get(f"{_TABLE}number-{axis}-spanned", 1)) for axis in ("rows", "columns"))
        if down > 1 or right > 1:
            self._facts.merges.append((self._row, self._column, self._row + down - 1, self._column + right - 1))
        if f"{_TABLE}formula" in attributes and f"{_OFFICE}value-type" not in attributes:
            self._facts.faults[self._row, self._column] = ""

    def _characters(self, text: str) -> None:
        if self._cell and text.strip():
            self._filled = True
            self._struck |= any(self._spans)

    def _end(self, name: str) -> None:
        if name == f"{_TEXT}span":
            self._spans.pop()
        elif name in _CELLS:
            if self._filled:
                self._facts.last_row = max(self._facts.last_row, self._next_row - 1)
                self._facts.last_column = max(self._facts.last_column, self._next_column - 1)
                if self._struck:
                    self._facts.struck.add((self._row, self._column))
            self._cell = {}


def _repeats(attributes: Mapping[str, str], axis: str) -> int:
    number = int(attributes.get(f"{_TABLE}number-{axis}-repeated", 1))
    if not 1 <= number <= _MOST_REPEATS:
        raise ValueError(axis)
    return number
