"""One XML part of an .xlsx read to its end: what the parser that follows would not say, or say wrongly.

Elements count by namespace and name: newer Excels write others of the same name beside the standard's, with another
meaning (``x15:workbookPr``). Only the extent of a sheet is taken by name alone, as the parser that follows does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

_MAIN = frozenset({
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main", "",
})  # fmt: skip
"""ECMA-376 transitional and strict; some exporters write none."""
_RELATION = frozenset({
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
})  # fmt: skip
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_YES, _NO = frozenset({"1", "true", "on"}), frozenset({"0", "false", "off"})
_LONGEST_ERROR = 16
"""Characters of a value worth keeping: ``#GETTING_DATA`` is the longest error."""
_MOST_COLUMNS = 16_384

Cells = set[tuple[int, int]]


@dataclass(slots=True)
class SheetFacts:
    """``faults``: cells with an error value (its text) or a formula without result (""); rows and columns 0-based."""

    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    last_row: int = -1
    last_column: int = -1
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    filtered: bool = False
    """A filter is set: what it leaves out is what is hidden."""
    struck: Cells = field(default_factory=set)
    """Cells whose text, or a part of it, is crossed out."""
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Of an .ods, of which the parser does not tell them: first row, first column, last row, last column."""


class PartScan:
    """Reads one XML part to its end."""

    def read(self, part: IO[bytes]) -> None:
        """Parse ``part``. Raises ExpatError, and ValueError or LookupError for content no program writes."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        self.attach(parser)
        parser.ParseFile(part)

    def attach(self, parser: expat.XMLParserType) -> None:
        """Set the handlers this part needs."""


class RelationScan(PartScan):
    """The parts a part names, by relation."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if tag == "Relationship" and space in (_PACKAGE, ""):
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class WorkbookScan(PartScan):
    """The sheets (title and relation), and from which year dates count."""

    def __init__(self) -> None:
        self.date1904 = self.parser_says_1904 = False
        self.sheets: list[tuple[str, str]] = []

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if tag == "workbookPr" and "date1904" in attributes:
            self.parser_says_1904 = attributes["date1904"] in {"1", "true"}
            if space in _MAIN:
                self.date1904 = attributes["date1904"] in _YES
        elif tag == "sheet" and space in _MAIN:
            relation = next((attributes[key] for key in _RELATION if key in attributes), "")
            self.sheets.append((attributes.get("name", ""), relation))


class StyleScan(PartScan):
    """``struck``: the cell styles whose font is crossed out."""

    def __init__(self) -> None:
        self._inside: list[str] = []
        self._fonts: list[bool] = []
        self._at = -1
        self.struck: set[int] = set()

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        above = self._inside[-1] if self._inside else ""
        self._inside.append(tag if space in _MAIN else "")
        if space not in _MAIN:
            return
        if tag == "font" and above == "fonts":
            self._fonts.append(False)
        elif tag == "strike" and above == "font" and self._fonts:
            self._fonts[-1] = attributes.get("val", "1") not in _NO
        elif tag == "xf" and above == "cellXfs":
            self._at += 1
            font = int(attributes.get("fontId", "0"))
            if 0 <= font < len(self._fonts) and self._fonts[font]:
                self.struck.add(self._at)

    def _end(self, _: str) -> None:
        self._inside.pop()


class SharedTextScan(PartScan):
    """``struck``: the shared texts of which a part is crossed out."""

    def __init__(self) -> None:
        self._at = -1
        self._inside = False
        self._run = _Run()
        self.struck: set[int] = set()

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start
        parser.CharacterDataHandler = self._characters

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "si":
            self._at += 1
            self._run = _Run()
        self._run.start(tag, attributes)
        self._inside = tag == "t"

    def _characters(self, text: str) -> None:
        if self._inside and self._run.crosses_out(text):
            self.struck.add(self._at)


class _Run:
    """A run of a rich text: whether what stands in it is crossed out."""

    def __init__(self) -> None:
        self._struck = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "r":
            self._struck = False
        elif tag == "strike":
            self._struck = attributes.get("val", "1") not in _NO

    def crosses_out(self, text: str) -> bool:
        return self._struck and not text.isspace()


class SheetScan(PartScan):
    """Notes the extent of what has a value, error cells, formulas without a result, and what a reader does not see."""

    def __init__(self, styles: set[int], texts: set[int]) -> None:
        """``styles`` and ``texts``: the numbers of those that are crossed out."""
        self.facts = SheetFacts()
        self._struck_styles, self._struck_texts = {str(at) for at in styles}, {str(at) for at in texts}
        self._row = self._column = -1
        self._type = self._text = ""
        self._formula = self._inside = self._struck = False
        self._run = _Run()
        self._openers: dict[str, Callable[[Mapping[str, str]], None]] = {
            "col": self._columns, "filterColumn": self._filter, "row": self._open_row, "c": self._open_cell,
        }  # fmt: skip

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if opener := self._openers.get(tag):
            opener(attributes)
        elif tag == "f":
            self._formula = True
        elif tag in {"r", "strike"}:
            self._run.start(tag, attributes)
        self._inside = tag in {"v", "t"}

    def _columns(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("hidden") in _YES or float(attributes.get("width", 1)) == 0:
            first, last = int(attributes["min"]), int(attributes["max"])
            self.facts.hidden_columns += range(first - 1, min(last, _MOST_COLUMNS))

    def _filter(self, _: Mapping[str, str]) -> None:
        self.facts.filtered = True

    def _open_row(self, attributes: Mapping[str, str]) -> None:
        self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
        self._column = -1
        if attributes.get("hidden") in _YES or float(attributes.get("ht", 1)) == 0:
            self.facts.hidden_rows.append(self._row)

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        self._column = _column_of(attributes["r"]) if "r" in attributes else self._column + 1
        self._type, self._text, self._formula = attributes.get("t", ""), "", False
        self._struck = attributes.get("s") in self._struck_styles
        self._run = _Run()

    def _characters(self, text: str) -> None:
        if self._inside:
            if len(self._text) < _LONGEST_ERROR:
                self._text += text
            self._struck = self._struck or self._run.crosses_out(text)

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
        if self._text and (self._struck or (self._type == "s" and self._text.strip() in self._struck_texts)):
            self.facts.struck.add((self._row, self._column))
        if self._type == "e":
            self.facts.faults[self._row, self._column] = self._text or "#N/A"
        elif self._formula and not self._text and self._type != "str":
            self.facts.faults[self._row, self._column] = ""


def _column_of(reference: str) -> int:
    index = 0
    for letter in reference.rstrip("0123456789"):
        index = index * 26 + ord(letter.upper()) - ord("A") + 1
    return index - 1
