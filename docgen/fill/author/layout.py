"""Paragraphs, tables and pages as WordprocessingML, in millimetres and style identifiers."""

import io
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from docx.document import Document as DocumentType
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.section import Section, _Footer, _Header
from docx.shared import Mm

from yiyu.docgen.fill.author.package import replace_children
from yiyu.docgen.fill.author.styles import SIZES, STYLES
from yiyu.docgen.fill.code import NAME, STYLE

LINE_PITCH = 579
"""28.95 pt in twentieths: 22 lines a page (domain.md#type-and-grid)."""
CHAR_SPACE = -849
"""(156 mm / 28 characters - 16 pt) in 1/4096 pt: 28 characters a line."""
CODE_LEFT, CODE_SIDE, CODE_QUIET = 24, 21 * 0.72, 4 * 0.72
"""Millimetres: clear of staples and the 骑缝章, modules and quiet zone as :mod:`yiyu.docgen.pdf.stamp` has them."""
BLANK = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010100000000376ef9240000"
    "000d494441547801010200fdff00ff01010100608712b50000000049454e44ae426082"
)
"""A white pixel, where the code will be."""


def p(text: str, style: str, *, keep: bool | None = None, side: str = "", hang: int = 0, new_page: bool = False) -> str:
    """Write a paragraph; ``keep`` holds its lines together and on the page of the next one, or lets go what its style holds.

    ``side``: left or right instead of how the style aligns it. ``hang``: characters by which all lines but the first, and
    what follows a tab, are indented.
    """
    held = {None: "", False: '<w:keepNext w:val="0"/>', True: "<w:keepNext/><w:keepLines/>"}[keep]
    begun = "<w:pageBreakBefore/>" if new_page else ""
    hung = _hung(SIZES[STYLES[style].size] * hang) if hang else ""
    aligned = f'<w:jc w:val="{side}"/>' if side else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{held}{begun}{hung}{aligned}</w:pPr>{_run(text)}</w:p>'


def _hung(label: float) -> str:
    """Indent behind a label of so many points, and a little more: a tab right at the end of it is taken for the next."""
    far = round(label * 20) + 20
    return f'<w:tabs><w:tab w:val="left" w:pos="{far}"/></w:tabs><w:ind w:left="{far}" w:hanging="{far}"/>'


def labelled(line: str, style: str, *, keep: bool | None = None) -> str:
    """Write 地址：…: what does not fit goes on under the value, not under the label."""
    label, colon, value = line.partition("：")
    return p(f"{label}{colon}\t{value}", style, keep=keep, hang=len(label) + 1)


def lines(text: str, style: str, *, keep: bool | None = None, side: str = "") -> str:
    """Write a paragraph for each line of ``text``."""
    return "".join(p(line, style, keep=keep, side=side) for line in text.strip("\n").splitlines())


def clause(name: str, *, keep: bool = False) -> str:
    """Refer to a clause of the library; ``keep`` holds its last paragraph on the page of what follows."""
    return p(f"{{{{ 条款.{name} }}}}", "ClauseText", keep=keep)


def tc(
    width: float,
    *texts: str | tuple[str, ...],
    style: str,
    span: int = 1,
    top: bool = False,
    merge: str = "",
    gap: float = 0,
) -> str:
    """Write a cell of one or more paragraphs; ``merge`` is restart or continue for a label beside several rows.

    A text may come with a style of its own, and the side it stands on. ``gap``: blank at its right, where no line parts it from the next cell.
    """
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>'
        + (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "")
        + (f'<w:vMerge w:val="{merge}"/>' if merge else "")
        + (f'<w:tcMar><w:right w:w="{_twips(gap)}" w:type="dxa"/></w:tcMar>' if gap else "")
        + f'<w:vAlign w:val="{"top" if top else "center"}"/></w:tcPr>'
        + "".join(_in_cell(text, style) for text in texts or ("",))
        + "</w:tc>"
    )


def _in_cell(text: str | tuple[str, ...], style: str) -> str:
    words, own, side = (*((text,) if isinstance(text, str) else text), "", "")[:3]
    return p(words, own or style, side=side)


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
    """Number pages "— 1 —" on the outer side, one character in from the edge of the text (domain.md#page)."""
    section.footer_distance = Mm(distance)
    field = f'{_run("— ")}<w:fldSimple w:instr="PAGE">{_run("1")}</w:fldSimple>{_run(" —")}'
    _story(section.footer, f'<w:pPr><w:pStyle w:val="PageOdd"/></w:pPr>{field}')
    _story(section.even_page_footer, f'<w:pPr><w:pStyle w:val="PageEven"/></w:pPr>{field}')


def code_in_header(section: Section, number: str = "", *, top: float, two_sided: bool) -> None:
    """Put the QR code of the document top left on every page, the same for the eye beside it, and ``number`` top right.

    The code has the place and size of that of a page on a printed page, ``top`` from the edge.
    """
    section.header_distance = Mm(top)
    indent = CODE_LEFT + CODE_SIDE + CODE_QUIET - (section.left_margin or Mm(0)).mm
    line = f'<w:pPr><w:pStyle w:val="{STYLE}"/><w:ind w:left="{_twips(indent)}"/></w:pPr>{_run("{{ 文书.标记 }}")}'
    above = [f'<w:pPr><w:pStyle w:val="Number"/></w:pPr>{_run(number)}'] if number else []
    for order, header in enumerate([section.header, section.even_page_header][: 1 + two_sided], 1):
        relation, _ = header.part.get_or_add_image(io.BytesIO(BLANK))
        _story(header, *above, line + _picture(relation, order, top))


def _picture(relation: str, order: int, top: float) -> str:
    """Anchor the picture of the code to the page, behind the text."""
    left, down, side = (round(edge * 36000) for edge in (CODE_LEFT, top, CODE_SIDE))
    return f"""<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="{order}" \
behindDoc="1" locked="1" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>\
<wp:positionH relativeFrom="page"><wp:posOffset>{left}</wp:posOffset></wp:positionH>\
<wp:positionV relativeFrom="page"><wp:posOffset>{down}</wp:posOffset></wp:positionV>\
<wp:extent cx="{side}" cy="{side}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>\
<wp:docPr id="{order}" name="{NAME}" descr="{NAME}"/>\
<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>\
<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>\
<pic:nvPicPr><pic:cNvPr id="{order}" name="{NAME}"/><pic:cNvPicPr/></pic:nvPicPr>\
<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{side}" cy="{side}"/></a:xfrm>\
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>\
</wp:anchor></w:drawing></w:r>"""


def _story(story: _Header | _Footer, *paragraphs: str) -> None:
    """Make ``paragraphs`` all there is of a header or footer."""
    story.is_linked_to_previous = False
    old = story.paragraphs[0].paragraph_format.element
    for content in paragraphs:
        old.addprevious(parse_xml(f"<w:p {nsdecls('w', 'wp', 'a', 'pic', 'r')}>{content}</w:p>"))
    old.getparent().remove(old)


def _run(text: str) -> str:
    """Write a run; a tab character becomes the tab of WordprocessingML."""
    pieces = [f'<w:t xml:space="preserve">{escape(piece)}</w:t>' if piece else "" for piece in text.split("\t")]
    return f"<w:r>{'<w:tab/>'.join(pieces)}</w:r>" if text else ""


def _twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)
