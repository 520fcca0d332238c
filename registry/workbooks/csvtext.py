"""CSV as offices save it: UTF-8, with or without BOM, GB18030, UTF-16 from "Unicode text"; comma, tab or semicolon."""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterator

from yiyu.registry.errors import FileFault
from yiyu.registry.workbooks.grid import Grid
from yiyu.registry.workbooks.headings import Headings

_DELIMITERS = (",", "\t", ";", "，")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ROWS_WITH_HEADER = 20
_MOST_COLUMNS = 16_384
"""As many as Excel has."""
_HAN = re.compile("[\u3400-\u9fff]")
_FORCED_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_GUARDED = re.compile(r"'[=+\-@\t\r\d]")


def read_csv(data: bytes, headings: Headings) -> Grid:
    """Decode and split. Raises FileFault when no encoding fits, a quote is never closed, or it is no text at all.

    GBK bytes can be valid UTF-8 by accident, so the encoding chosen is the one that yields Chinese and known headings.
    """
    if b"\0" in data and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileFault("文件不是文本", remedy="请在 WPS 或 Excel 中另存为 .xlsx 或 .csv 后再试")
    texts = _decodings(data)
    if not texts:
        raise FileFault("文字编码既不是 UTF-8 也不是 GB18030，无法读取", remedy="请另存为 .xlsx 后再试")
    if len(texts) > 1 and not _HAN.search(texts[0]):
        texts = [text for text in texts if _HAN.search(text)] or texts
    text, delimiter = max(itertools.product(texts, _DELIMITERS), key=lambda way: _known(way[0], way[1], headings))
    try:
        return Grid("", [_checked(row) for row in _rows(text, delimiter)])
    except csv.Error as error:
        raise FileFault("CSV 的引号不成对，或某一格过长，无法分列", remedy="请另存为 .xlsx 后再试") from error


def _decodings(data: bytes) -> list[str]:
    named = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)
    texts = []
    for encoding in (named,) if named else ("utf-8", "gb18030"):
        try:
            texts.append(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return texts


def _known(text: str, delimiter: str, headings: Headings) -> int:
    head = itertools.islice(_rows(text, delimiter), _ROWS_WITH_HEADER)
    try:
        return max(sum(headings.recognise([cell]) is not None for cell in row[:_MOST_COLUMNS]) for row in head)
    except (csv.Error, ValueError):
        return 0


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _checked(row: list[str]) -> list[str]:
    if len(row) > _MOST_COLUMNS:
        remedy = "请检查分隔符和引号，或另存为 .xlsx 后再试"
        raise FileFault(f"某一行有 {len(row)} 格，不像一张表", remedy=remedy)
    return [_unguarded(cell) for cell in row]


def _unguarded(cell: str) -> str:
    """Undo what exporters do to keep a cell from being a formula or a number: ``="0123"`` and ``'=1+1``."""
    forced = _FORCED_TEXT.fullmatch(cell)
    if forced:
        return forced[1]
    return cell[1:] if _GUARDED.match(cell) else cell
