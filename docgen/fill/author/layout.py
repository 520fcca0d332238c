"""Paragraphs, tables and pages as WordprocessingML, in millimetres and style identifiers."""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from docx.document import Document as DocumentType
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.section import Section, _Footer, _Header
from docx.shared import Mm

from yiyu.docgen.fill.author.package import replace_children

LINE_PITCH = 579
"""28.95 pt in twentieths: 22 lines a page (domain 10.2)."""
CHAR_SPACE = -849
"""(156 mm / 28 characters - 16 pt) in 1/4096 pt: 28 characters a line."""


def p(text: str, style: str, *, keep: bool = False) -> str:
    """Write a paragraph; ``keep`` holds its lines together and on the page of the next one."""
    held = "<w:keepNext/><w:keepLines/>" if keep else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{held}</w:pPr>{_run(text)}</w:p>'


def lines(text: str, style: str, *, keep: bool = False) -> str:
    """Write a paragraph for each line of ``text``."""
    return "".join(p(line.strip(), style, keep=keep) for line in text.strip().splitlines())


def tc(width: float, *texts: str, style: str, span: int = 1, top: bool = False, merge: str = "") -> str:
    """Write a cell of one or more paragraphs; ``merge`` is restart or continue for a label beside several rows."""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>'
        + (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "")
        + (f'<w:vMerge w:val="{merge}"/>' if merge else "")
        + f'<w:vAlign w:val="{"top" if top else "center"}"/></w:tcPr>'
        + "".join(p(text, style) for text in texts or ("",))
        + "</w:tc>"
    )


def tr(cells: Iterable[str], *, height: float = 0, head: bool = False) -> str:
    """Write a row that does not break over pages; ``head`` repeats it on every page."""
    return (
        "<w:tr><w:trPr><w:cantSplit/>"
        + (f'<w:trHeight w:val="{_twips(height)}" w:hRule="atLeast"/>' if height else "")
        + ("<w:tblHeader/>" if head else "")
        + f"</w:trPr>{''.join(cells)}</w:tr>"
    )


def tag_row(tag: str, widths: Sequence[float]) -> str:
    """Write a row that holds only a ``{%tr … %}`` tag and is gone after filling."""
    return tr([tc(sum(widths), tag, style="TableText", span=len(widths))])


def tbl(widths: Sequence[float], rows: Iterable[str], *, borders: bool = True) -> str:
    """Write a table of fixed column widths."""
    style = '<w:tblStyle w:val="TableGrid"/>' if borders else ""
    return (
        f'<w:tbl><w:tblPr>{style}<w:tblW w:w="{sum(map(_twips, widths))}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
        + "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
        + f"</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def body(document: DocumentType, xml: str) -> None:
    """Put ``xml`` before the section properties."""
    section = document.element.body.sectPr
    for element in parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>"):
        section.addprevious(element)


def page(
    document: DocumentType, *, margins: tuple[float, float, float, float], landscape: bool = False, grid: bool = False
) -> Section:
    """Make the only section A4 with ``margins`` top, right, bottom, left; ``grid`` is 22 lines of 28 characters."""
    width, height, turned = (297, 210, ' w:orient="landscape"') if landscape else (210, 297, "")
    top, right, bottom, left = map(_twips, margins)
    characters = f'<w:docGrid w:type="linesAndChars" w:linePitch="{LINE_PITCH}" w:charSpace="{CHAR_SPACE}"/>'
    replace_children(
        document.element.body.sectPr,
        f"""<w:sectPr {nsdecls("w")}>
<w:pgSz w:w="{_twips(width)}" w:h="{_twips(height)}"{turned}/>
<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="1134" w:footer="1134" w:gutter="0"/>
{characters if grid else ""}</w:sectPr>""",
    )
    return document.sections[0]


def page_numbers(section: Section, *, distance: float) -> None:
    """Number pages "— 1 —" on the outer side, one character in from the edge of the text (domain 10.1)."""
    section.footer_distance = Mm(distance)
    field = f'{_run("— ")}<w:fldSimple w:instr="PAGE">{_run("1")}</w:fldSimple>{_run(" —")}'
    _story(section.footer, f'<w:pPr><w:pStyle w:val="PageOdd"/></w:pPr>{field}')
    _story(section.even_page_footer, f'<w:pPr><w:pStyle w:val="PageEven"/></w:pPr>{field}')


def number_in_header(section: Section, text: str, *, distance: float) -> None:
    """Print ``text`` top right on every page."""
    section.header_distance = Mm(distance)
    for header in (section.header, section.even_page_header):
        _story(header, f'<w:pPr><w:pStyle w:val="Number"/></w:pPr>{_run(text)}')


def _story(story: _Header | _Footer, content: str) -> None:
    """Make ``content`` the only paragraph of a header or footer."""
    story.is_linked_to_previous = False
    old = story.paragraphs[0].paragraph_format.element
    old.getparent().replace(old, parse_xml(f"<w:p {nsdecls('w')}>{content}</w:p>"))


def _run(text: str) -> str:
    """Write a run; a tab character becomes the tab of WordprocessingML."""
    pieces = [f'<w:t xml:space="preserve">{escape(piece)}</w:t>' if piece else "" for piece in text.split("\t")]
    return f"<w:r>{'<w:tab/>'.join(pieces)}</w:r>" if text else ""


def _twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)
