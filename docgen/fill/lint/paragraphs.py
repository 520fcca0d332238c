"""Read a template as its author sees it: parts, paragraphs, tables, rows, cells, each with a name people can find."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from docx import Document
from docx.document import Document as DocumentType
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.coreprops import CoreProperties
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docxtpl import DocxTemplate

from yiyu.docgen.fill.source import BODY, FOOTNOTES, PROPERTIES, PROPERTY_LABELS

_WRAPPERS = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")}
"""Elements around paragraphs, rows and cells that an author does not see."""
_P, _TBL, _TR, _TC = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc"))
_TEXT_BOX, _FALLBACK = qn("w:txbxContent"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MOVED_AWAY = qn("w:moveFrom")
_NEW_PAGE = {"nextPage", "oddPage", "evenPage"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a paragraph stands. Numbers tell containers, cells, rows and tables apart; 0 is "in none"."""

    container: int = 0
    cell: int = 0
    row: int = 0
    table: int = 0
    column: int = 0
    """First grid column of the cell."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``place`` is for people: 正文 第3段, 正文 表1行2列3. ``element`` is None for a document property."""

    part: str
    place: str
    text: str
    spot: Spot = Spot()
    keeps: bool = False
    """Kept on the page of the next paragraph."""
    starts_page: bool = False
    element: BaseOxmlElement | None = field(default=None, repr=False, compare=False)


def open_document(data: bytes) -> DocumentType:
    """Open a guarded .docx."""
    return Document(io.BytesIO(data))


def read_paragraphs(document: DocumentType) -> tuple[Paragraph, ...]:
    """Give every paragraph that is filled, in the order and under the part names of the engine.

    Whatever python-docx and lxml raise for a damaged package comes through.
    """
    keeping = _keeping_styles(document)
    found: list[Paragraph] = []
    for label, root in parts_of(document):
        walk = _PartWalk(label, keeping)
        # Each note is a story of its own; the two that only draw lines have a type.
        notes = [note for note in root if label == FOOTNOTES and note.get(qn("w:type")) is None]
        stories = notes if label == FOOTNOTES else [root.body if label == BODY else root]
        for story in stories:
            found += walk.blocks(story, f"{label} ", Spot(), restart=label != FOOTNOTES)
    return (*found, *_properties(document))


def parts_of(document: DocumentType) -> Iterator[tuple[str, BaseOxmlElement]]:
    """Give label and root of the parts docxtpl fills, in its order, before it has patched them."""
    template = DocxTemplate("")
    template.docx = document
    yield BODY, document.element
    for uri, name in ((template.HEADER_URI, "页眉"), (template.FOOTER_URI, "页脚")):
        for _, part in template.get_headers_footers(uri):
            yield name + "".join(filter(str.isdigit, part.partname.filename)), part.element
    for part in document.part.package.parts:
        if part.content_type == CONTENT_TYPE.WML_FOOTNOTES:
            yield FOOTNOTES, parse_xml(part.blob)


def _properties(document: DocumentType) -> Iterator[Paragraph]:
    for relation in document.part.package.rels.values():
        # Asking python-docx for core properties would make them where there are none.
        if relation.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES:
            for name, label in PROPERTY_LABELS.items():
                place = f"{PROPERTIES}“{label}”"
                yield Paragraph(place, place, getattr(CoreProperties(relation.target_part.element), name))


class _PartWalk:
    """Numbers what it meets in one part."""

    def __init__(self, part: str, keeping: dict[str | None, bool]) -> None:
        self.part, self.keeping = part, keeping
        self.count = 0
        self.paragraphs = self.tables = 0
        self.page_is_next = False

    def blocks(self, parent: BaseOxmlElement, prefix: str, spot: Spot, *, restart: bool = True) -> Iterator[Paragraph]:
        """Walk a body, cell, text box or note. Paragraphs are numbered within it, tables too."""
        outer = self.paragraphs, self.tables
        if restart:
            self.paragraphs = self.tables = 0
        container = self._next()
        own = Spot(container, spot.cell, spot.row, spot.table, spot.column)
        children = list(_children(parent, {_P, _TBL}))
        single = bool(spot.cell) and len(children) == 1
        for child in children:
            if child.tag == _P:
                self.paragraphs += 1
                place = prefix.rstrip() if single else f"{prefix}第{self.paragraphs}段"
                yield self._paragraph(child, place, own)
                for box in child.iter(_TEXT_BOX):
                    if next(box.iterancestors(_FALLBACK), None) is None and _owner(box) is child:
                        yield from self.blocks(box, f"{place}的文本框", own)
            else:
                self.tables += 1
                yield from self._table(child, f"{prefix}表{self.tables}")
        if restart:
            self.paragraphs, self.tables = outer

    def _table(self, table: BaseOxmlElement, prefix: str) -> Iterator[Paragraph]:
        number = self._next()
        for row_number, row in enumerate(_children(table, {_TR}), 1):
            row_key, column = self._next(), 0
            for cell_number, cell in enumerate(_children(row, {_TC}), 1):
                spot = Spot(0, self._next(), row_key, number, column)
                yield from self.blocks(cell, f"{prefix}行{row_number}列{cell_number}", spot)
                column += _span(cell)

    def _paragraph(self, element: BaseOxmlElement, place: str, spot: Spot) -> Paragraph:
        text, page_inside = _text(element)
        properties = element.find(qn("w:pPr"))
        style = None if properties is None else _value(properties, "pStyle")
        keeps = _switch(properties, "keepNext")
        starts = self.page_is_next or bool(_switch(properties, "pageBreakBefore")) or page_inside == "before"
        section = None if properties is None else properties.find(qn("w:sectPr"))
        ends_page = section is not None and (_value(section, "type") or "nextPage") in _NEW_PAGE
        self.page_is_next = page_inside == "after" or ends_page
        return Paragraph(
            self.part, place, text, spot, self.keeping.get(style, False) if keeps is None else keeps, starts, element
        )

    def _next(self) -> int:
        self.count += 1
        return self.count


def _children(parent: BaseOxmlElement, wanted: set[str]) -> Iterator[BaseOxmlElement]:
    for child in parent:
        if child.tag in wanted:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, wanted)


def _owner(box: BaseOxmlElement) -> BaseOxmlElement | None:
    return next(box.iterancestors(_P), None)


def _text(paragraph: BaseOxmlElement) -> tuple[str, str]:
    """Give the text of a paragraph without its text boxes and what was moved away, and where in it a page ends: "", before or after the text."""
    pieces: list[str] = []
    page = ""
    pending = list(reversed(paragraph))
    while pending:
        element = pending.pop()
        match element.tag:
            case tag if tag in {_TEXT_BOX, _FALLBACK, _MOVED_AWAY}:
                continue
            case tag if tag == qn("w:t"):
                pieces.append(element.text or "")
            case tag if tag == qn("w:tab") and element.getparent().tag == qn("w:r"):
                pieces.append("\t")
            case tag if tag == qn("w:br") and element.get(qn("w:type")) in {"page", "column"}:
                page = "after" if "".join(pieces).strip() else "before"
            case tag if tag in {qn("w:br"), qn("w:cr")}:
                pieces.append("\n")
        pending += reversed(element)
    text = "".join(pieces)
    return text, page if text.strip() or not page else "after"


def _span(cell: BaseOxmlElement) -> int:
    properties = cell.find(qn("w:tcPr"))
    return int((properties is not None and _value(properties, "gridSpan")) or 1)


def _value(parent: BaseOxmlElement, name: str) -> str | None:
    child = parent.find(qn(f"w:{name}"))
    return None if child is None else child.get(qn("w:val"))


def _switch(parent: BaseOxmlElement | None, name: str) -> bool | None:
    child = None if parent is None else parent.find(qn(f"w:{name}"))
    return None if child is None else child.get(qn("w:val"), "1") not in {"0", "false", "off"}


def _keeping_styles(document: DocumentType) -> dict[str | None, bool]:
    """Tell which paragraph styles keep with the next paragraph, by identifier; None is the default style."""
    styles = {style.get(qn("w:styleId")): style for style in document.styles.element.iter(qn("w:style"))}
    keeping: dict[str | None, bool] = {}
    for key, style in styles.items():
        seen, at = set(), style
        while at is not None and at not in seen:
            seen.add(at)
            keeps = _switch(at.find(qn("w:pPr")), "keepNext")
            if keeps is not None:
                keeping[key] = keeps
                break
            at = styles.get(_value(at, "basedOn"))
        if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in {"1", "true"}:
            keeping[None] = keeping.get(key, False)
    return keeping
