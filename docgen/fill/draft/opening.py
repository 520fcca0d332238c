"""Open a form for drafting: mail-merge fields become their «names», and every character has its place in the Word file."""

from collections.abc import Iterator
from dataclasses import dataclass

from docx.document import Document as DocumentType
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from yiyu.docgen.fill.draft.form import FormLine
from yiyu.docgen.fill.fields import merge_field
from yiyu.docgen.fill.lint.paragraphs import Paragraph, open_document, read_paragraphs

_T, _R, _SDT, _CONTENT = qn("w:t"), qn("w:r"), qn("w:sdt"), qn("w:sdtContent")
_SKIPPED = {qn("w:txbxContent"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_CHECKBOX = "{http://schemas.microsoft.com/office/word/2010/wordml}checkbox"
_ASKING = ("单击", "点击", "请输入", "请选择", "选择一项", "此处输入", "Click")
_BLANKS = str.maketrans({" ": "_", "　": "_", "\u00a0": "_"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph's text: the w:t that holds it (None: a tab or line end), and where it starts."""

    node: BaseOxmlElement | None
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class OpenedForm:
    """A form open for writing: the document, its paragraphs, and the same as lines for drafting."""

    document: DocumentType
    paragraphs: tuple[Paragraph, ...]
    lines: tuple[FormLine, ...]

    def element(self, index: int) -> BaseOxmlElement:
        """The paragraph of that index in the Word file."""
        element = self.paragraphs[index].element
        assert element is not None  # noqa: S101 what has none is no line of a form
        return element


def open_form(data: bytes) -> OpenedForm:
    """Open a guarded .docx. Whatever python-docx and lxml raise for a damaged package comes through."""
    document = open_document(data)
    for paragraph in read_paragraphs(document):
        if paragraph.element is not None:
            _flatten(paragraph.element)
    paragraphs = tuple(one for one in read_paragraphs(document) if one.element is not None)
    return OpenedForm(document, paragraphs, tuple(map(_line, paragraphs)))


def pieces(paragraph: BaseOxmlElement) -> Iterator[Piece]:
    """The text of a paragraph as :func:`read_paragraphs` gives it, stretch by stretch."""
    start = 0
    pending = list(reversed(paragraph))
    while pending:
        element = pending.pop()
        if element.tag in _SKIPPED:
            continue
        text, node = "", None
        if element.tag == _T:
            text, node = element.text or "", element
        elif element.tag == qn("w:tab") and element.getparent().tag == _R:
            text = "\t"
        elif element.tag in (qn("w:br"), qn("w:cr")):
            text = "\n"
        if text or node is not None:
            yield Piece(node, start, text)
        start += len(text)
        pending += reversed(element)


def _line(paragraph: Paragraph) -> FormLine:
    element = paragraph.element
    assert element is not None  # noqa: S101 the others were left out
    own = list(pieces(element))
    text = "".join(piece.text.translate(_BLANKS) if _underlined(piece.node) else piece.text for piece in own)
    return FormLine(paragraph.part, paragraph.place, text, paragraph.spot, tuple(_controls(element, own)))


def _underlined(node: BaseOxmlElement | None) -> bool:
    """A stretch of nothing but underlined spaces is a line to write on; a space between underlined words is none."""
    if node is None or (node.text or "").strip() or len(node.text or "") < 2:
        return False
    mark = node.getparent().find(f"{qn('w:rPr')}/{qn('w:u')}")
    return mark is not None and mark.get(qn("w:val")) != "none"


def _controls(paragraph: BaseOxmlElement, own: list[Piece]) -> Iterator[tuple[int, int, str]]:
    for control in (*paragraph.iter(_SDT), *paragraph.iterancestors(_SDT)):
        properties, content = control.find(qn("w:sdtPr")), control.find(_CONTENT)
        if properties is None or content is None or properties.find(_CHECKBOX) is not None:
            continue
        held = [piece for piece in own if piece.node is not None and content in piece.node.iterancestors(_CONTENT)]
        if len(list(content.iter(qn("w:p")))) > 1 or not held:
            continue
        shown = "".join(piece.text for piece in held)
        asks = properties.find(qn("w:showingPlcHdr")) is not None or any(word in shown for word in _ASKING)
        if asks:
            names = (properties.find(qn(f"w:{tag}")) for tag in ("alias", "tag"))
            name = next((value for one in names if one is not None and (value := one.get(qn("w:val")))), "")
            yield held[0].start, held[-1].start + len(held[-1].text), name


def _flatten(paragraph: BaseOxmlElement) -> None:
    """Replace each field of mail merge by the text «name» in the run that showed its result."""
    for simple in list(paragraph.iter(qn("w:fldSimple"))):
        if name := merge_field(simple.get(qn("w:instr")) or ""):
            runs = list(simple.iterchildren(_R))
            _show(runs, name)
            for run in runs:
                simple.addprevious(run)
            simple.getparent().remove(simple)
    opened: list[BaseOxmlElement] = []
    shown: list[BaseOxmlElement] = []
    code, telling = "", False
    for element in list(paragraph.iter(qn("w:fldChar"), qn("w:instrText"), _R)):
        kind = element.get(qn("w:fldCharType"))
        if kind == "begin":
            opened, code, shown, telling = [element], "", [], True
        elif element.tag == qn("w:instrText") and opened:
            opened.append(element)
            code += element.text or ""
        elif kind == "separate" and opened:
            opened.append(element)
            telling = False
        elif kind == "end" and opened:
            if name := merge_field(code):
                _show(shown or [opened[0].getparent()], name)
                for one in (*opened, element):
                    one.getparent().remove(one)
            opened = []
        elif element.tag == _R and opened and not telling and element.find(_T) is not None:
            shown.append(element)


def _show(runs: list[BaseOxmlElement], name: str) -> None:
    """Let the first run show «name», the others nothing."""
    for place, run in enumerate(runs):
        for text in list(run.iterchildren(_T)):
            run.remove(text)
        if not place:
            text = run.makeelement(_T, {})
            text.text = f"«{name}»"
            run.append(text)
