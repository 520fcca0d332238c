"""Look into the sheets of a workbook that passed the guard, before any library parses them.

A stray cell at XFD1048576 makes calamine abort the process, openpyxl hang. calamine gives "" for ``#REF!`` and for a
formula never calculated, the first text of the workbook for one whose number is no number, and takes the year from
which dates count from any element called workbookPr.
"""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from yiyu.registry.errors import FileFault
from yiyu.registry.package_check import XLSX, package_check
from yiyu.registry.workbooks.part_scan import (
    PartScan,
    RelationScan,
    SharedTextScan,
    SheetFacts,
    SheetScan,
    StyleScan,
    WorkbookScan,
)

MOST_CELLS = 2_000_000
"""Rows times columns; calamine makes room for the whole rectangle."""
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_STYLES, _TEXTS = "xl/styles.xml", "xl/sharedstrings.xml"
_PARSED = re.compile(
    r"\[Content_Types\]\.xml|xl/(?:_rels/)?[^/]+\.(?:xml|rels)|xl/worksheets/[^/]+\.xml", re.IGNORECASE
)
_STRIKE = b"strike"
SAVE_AGAIN = "请在 WPS 或 Excel 中打开，另存为 .xlsx 后再试"


@dataclass(slots=True)
class BookFacts:
    """``misread_1904``: the parser that follows takes the other year for cells formatted as dates."""

    date1904: bool = False
    misread_1904: bool = False
    sheets: dict[str, SheetFacts] = field(default_factory=dict)


def workbook_precheck(data: bytes) -> BookFacts:
    """Refuse a hostile, damaged or foreign file with FileFault; else tell the facts of the workbook."""
    package_check(data, XLSX)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_parts(archive)
    except (LookupError, ValueError) as error:
        raise FileFault("文件已损坏或不完整，无法读取", remedy=SAVE_AGAIN) from error
    except expat.ExpatError as error:
        raise FileFault("文件内部已损坏，无法读取", remedy=SAVE_AGAIN) from error


def _read_parts(archive: zipfile.ZipFile) -> BookFacts:
    parts = {name.replace("\\", "/").casefold(): name for name in archive.namelist()}
    book, relations, styles, texts = WorkbookScan(), RelationScan(), StyleScan(), SharedTextScan()
    scans: dict[str, PartScan] = {name: PartScan() for name in parts if _PARSED.fullmatch(name)}
    scans |= {_WORKBOOK: book, _RELATIONS: relations}
    if _STYLES in parts:
        scans[_STYLES] = styles
    if _TEXTS in parts and _STRIKE in archive.read(parts[_TEXTS]):
        scans[_TEXTS] = texts
    for name in (_WORKBOOK, _RELATIONS, _STYLES, _TEXTS):
        if name in scans:
            _read(archive, parts[name], scans.pop(name))
    facts = BookFacts(book.date1904, book.date1904 != book.parser_says_1904)
    for title, relation in book.sheets:
        name = posixpath.normpath(posixpath.join("/xl", relations.targets[relation].replace("\\", "/")))[1:].casefold()
        scans[name] = sheet = SheetScan(styles.struck, texts.struck)
        facts.sheets[title] = sheet.facts
    for name, scan in scans.items():
        _read(archive, parts[name], scan)
    for title, sheet_facts in facts.sheets.items():
        check_extent(sheet_facts.last_row + 1, sheet_facts.last_column + 1, title)
    return facts


def _read(archive: zipfile.ZipFile, name: str, scan: PartScan) -> None:
    with archive.open(name) as part:
        scan.read(part)


def check_extent(rows: int, columns: int, title: str) -> None:
    """Refuse, with FileFault, a sheet whose rectangle would not fit into memory."""
    if rows * columns > MOST_CELLS:
        raise FileFault(
            f"工作表“{title}”一直延伸到第{rows}行、第{columns}列，远处有多余的内容",
            remedy="请删除名册以外的行和列，另存为 .xlsx 后再试",
        )
