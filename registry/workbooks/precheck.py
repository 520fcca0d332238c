"""Look into the sheets of an .xlsx that passed the guard, before any library parses them.

A stray cell at XFD1048576 makes calamine abort the process, openpyxl hang. calamine gives "" for ``#REF!`` and for a
formula never calculated, and the first text of the workbook for one whose number is no number.
"""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from yiyu.registry.errors import FileFault
from yiyu.registry.package_check import XLSX, package_check

_MOST_CELLS = 2_000_000
"""Rows times columns; calamine makes room for the whole rectangle."""
_LONGEST_ERROR = 16
"""Characters of a value worth keeping: ``#GETTING_DATA`` is the longest error."""
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_PARSED = re.compile(
    r"\[Content_Types\]\.xml|xl/(?:_rels/)?[^/]+\.(?:xml|rels)|xl/worksheets/[^/]+\.xml", re.IGNORECASE
)
_SAVE_AGAIN = "请在 WPS 或 Excel 中打开，另存为 .xlsx 后再试"


@dataclass(slots=True)
class SheetFacts:
    """``faults``: cells with an error value (its text) or a formula without result ("")."""

    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    last_row: int = -1
    last_column: int = -1


@dataclass(slots=True)
class BookFacts:
    date1904: bool = False
    sheets: dict[str, SheetFacts] = field(default_factory=dict)


def workbook_precheck(data: bytes) -> BookFacts:
    """Refuse a hostile, damaged or foreign file with FileFault; else tell the facts of the workbook."""
    package_check(data, XLSX)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_parts(archive)
    except (LookupError, ValueError) as error:
        raise FileFault("文件已损坏或不完整，无法读取", remedy=_SAVE_AGAIN) from error
    except expat.ExpatError as error:
        raise FileFault("文件内部已损坏，无法读取", remedy=_SAVE_AGAIN) from error


def _read_parts(archive: zipfile.ZipFile) -> BookFacts:
    parts = {name.casefold(): name for name in archive.namelist()}
    book, relations = _Workbook(), _Relations()
    scans: dict[str, _Scan] = {name: _Scan() for name in parts if _PARSED.fullmatch(name)}
    _read(archive, parts[_WORKBOOK], book)
    _read(archive, parts[_RELATIONS], relations)
    facts = BookFacts(date1904=book.date1904)
    for title, relation in book.sheets:
        name = posixpath.normpath(posixpath.join("/xl", relations.targets[relation]))[1:].casefold()
        scans[name] = sheet = _SheetScan()
        facts.sheets[title] = sheet.facts
    for name, scan in scans.items():
        if name not in (_WORKBOOK, _RELATIONS):
            _read(archive, parts[name], scan)
    for title, sheet_facts in facts.sheets.items():
        _check_extent(sheet_facts, title)
    return facts


def _read(archive: zipfile.ZipFile, name: str, scan: "_Scan") -> None:
    with archive.open(name) as part:
        scan.read(part)


def _check_extent(facts: SheetFacts, title: str) -> None:
    if (facts.last_row + 1) * (facts.last_column + 1) > _MOST_CELLS:
        raise FileFault(
            f"工作表“{title}”一直延伸到第{facts.last_row + 1}行、第{facts.last_column + 1}列，远处有多余的内容",
            remedy="请删除名册以外的行和列，另存为 .xlsx 后再试",
        )


class _Scan:
    """Reads one XML part to its end."""

    def read(self, part: IO[bytes]) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        self.attach(parser)
        parser.ParseFile(part)

    def attach(self, parser: expat.XMLParserType) -> None:
        """Set the handlers this part needs."""


class _Relations(_Scan):
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.endswith("Relationship"):
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _Workbook(_Scan):
    def __init__(self) -> None:
        self.date1904 = False
        self.sheets: list[tuple[str, str]] = []

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "workbookPr":
            self.date1904 = attributes.get("date1904") in {"1", "true", "on"}
        elif tag == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            self.sheets.append((attributes.get("name", ""), relation))


class _SheetScan(_Scan):
    """Notes the extent of what has a value, error cells and formulas without a result."""

    def __init__(self) -> None:
        self.facts = SheetFacts()
        self._row = self._column = -1
        self._type = self._text = ""
        self._formula = self._inside = False

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "c":
            self._column = _column_of(attributes["r"]) if "r" in attributes else self._column + 1
            self._type, self._text, self._formula = attributes.get("t", ""), "", False
        elif tag == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
        elif tag == "f":
            self._formula = True
        self._inside = tag in {"v", "t"}

    def _characters(self, text: str) -> None:
        if self._inside and len(self._text) < _LONGEST_ERROR:
            self._text += text

    def _end(self, name: str) -> None:
        self._inside = False
        if name.rpartition(" ")[2] != "c":
            return
        if self._text or self._formula or self._type == "e":
            if min(self._row, self._column) < 0:
                raise ValueError(name)  # an address outside any sheet
            self.facts.last_row = max(self.facts.last_row, self._row)
            self.facts.last_column = max(self.facts.last_column, self._column)
        if self._type == "s" and not self._text.strip().isdecimal():
            raise ValueError(name)  # a shared text of no number
        if self._type == "e":
            self.facts.faults[self._row, self._column] = self._text or "#N/A"
        elif self._formula and not self._text and self._type != "str":
            self.facts.faults[self._row, self._column] = ""


def _column_of(reference: str) -> int:
    index = 0
    for letter in reference.rstrip("0123456789"):
        index = index * 26 + ord(letter.upper()) - ord("A") + 1
    return index - 1
