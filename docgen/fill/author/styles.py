"""The named styles of the shipped templates: fonts, sizes and spacing of domain.md#page."""

from dataclasses import dataclass

from docx.oxml.ns import nsdecls

from yiyu.docgen.fill.code import STYLE as CODE_LINE

FANGSONG = "仿宋_GB2312"
HEI = "黑体"
SONG = "宋体"
BIAOSONG = "方正小标宋简体"
LATIN = "Times New Roman"

FONTS = (
    (FANGSONG, "仿宋", "modern"),
    (HEI, "SimHei", "modern"),
    (SONG, "SimSun", "auto"),
    (BIAOSONG, "宋体", "auto"),
)
"""Name, stand-in, family: 仿宋_GB2312 and 小标宋 are absent on a default Windows (domain.md#type-and-grid)."""

SIZES = {"二号": 22, "三号": 16, "四号": 14, "小四": 12, "五号": 10.5, "小五": 9, "小六": 6.5}
LINE = 28.95
"""Points; 22 lines fill the 225 mm of the 版心 (domain.md#type-and-grid)."""


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    name: str
    font: str
    size: str
    line: float
    """Fixed line height in points."""
    align: str = "both"
    indent: int = 0
    """First line, in characters."""
    edge: str = ""
    """Side, left or right, on which the paragraph stands one character in."""
    keep_next: bool = False
    tabs: tuple[int, ...] = ()
    """Stops in millimetres."""
    latin: str = LATIN


STYLES: dict[str, ParagraphStyle] = {
    "Title": ParagraphStyle("协议标题", BIAOSONG, "二号", 36, align="center", keep_next=True),
    "FormTitle": ParagraphStyle("表格标题", BIAOSONG, "二号", 30, align="center", keep_next=True),
    "PartyName": ParagraphStyle("当事人名称", HEI, "三号", LINE, align="left"),
    "PartyLine": ParagraphStyle("当事人", FANGSONG, "三号", LINE, align="left"),
    "ClauseHeading": ParagraphStyle("条款标题", HEI, "三号", LINE, align="left", indent=2, keep_next=True),
    "ClauseText": ParagraphStyle("条款正文", FANGSONG, "三号", LINE, indent=2),
    "Signature": ParagraphStyle("签署", FANGSONG, "三号", LINE, align="left", keep_next=True),
    "SignCell": ParagraphStyle("签署栏", FANGSONG, "三号", 24, align="left", keep_next=True),
    "AnnexMark": ParagraphStyle("附件标注", HEI, "三号", 24, align="left", keep_next=True, latin=HEI),
    "SheetFacts": ParagraphStyle("表上说明", FANGSONG, "小四", 20, align="left", keep_next=True),
    "TableHead": ParagraphStyle("表头", HEI, "五号", 15, align="center"),
    "TableText": ParagraphStyle("表格正文", FANGSONG, "五号", 15, align="left"),
    "TableCentre": ParagraphStyle("表格居中", FANGSONG, "五号", 15, align="center"),
    "FormLabel": ParagraphStyle("栏目", FANGSONG, "小四", 16, align="center"),
    "FormText": ParagraphStyle("填写", FANGSONG, "小四", 16, align="left"),
    "FormSmall": ParagraphStyle("勾选栏", FANGSONG, "五号", 15, align="left"),
    "Number": ParagraphStyle("编号", FANGSONG, "四号", 20, align="right"),
    "PageOdd": ParagraphStyle("页码单页", SONG, "四号", 20, align="right", edge="right", latin=SONG),
    "PageEven": ParagraphStyle("页码双页", SONG, "四号", 20, align="left", edge="left", latin=SONG),
    "ItemTicks": ParagraphStyle("项目勾选", FANGSONG, "小五", 12, align="left"),
    "SignSmall": ParagraphStyle("清单签署", FANGSONG, "小四", 20, align="left", tabs=(82, 164)),
    CODE_LINE: ParagraphStyle("文书标记", SONG, "小六", 12, align="left"),
    "Gap": ParagraphStyle("表前间隔", FANGSONG, "小五", 8, align="left", keep_next=True),
    "Nothing": ParagraphStyle("表后空行", FANGSONG, "小五", 1, align="left"),
}
"""Identifier to style; the name is what a clerk sees in Word."""


def styles_xml(styles: dict[str, ParagraphStyle]) -> str:
    """Write styles.xml: defaults, the built-in styles Word expects, then ours.

    ``overflowPunct`` is Word's own default. It is written because LibreOffice 7.4 reads it inverted, and without it hangs
    the punctuation of a justified line past the margin, where it is lost from the PDF.
    """
    return f"""<w:styles {nsdecls("w")}>
<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(FANGSONG, LATIN)}<w:kern w:val="2"/><w:sz w:val="32"/><w:szCs w:val="32"/>
<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>
<w:pPr><w:overflowPunct/><w:jc w:val="both"/></w:pPr></w:style>
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/>
<w:uiPriority w:val="1"/><w:semiHidden/></w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>
<w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{_cell_margins(0)}</w:tblPr></w:style>
<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr>
<w:tblBorders>{_borders()}</w:tblBorders>{_cell_margins(34)}</w:tblPr></w:style>
{"".join(_style(key, style) for key, style in styles.items())}
</w:styles>"""


def _style(key: str, style: ParagraphStyle) -> str:
    size = round(SIZES[style.size] * 2)
    indent = ""
    if style.indent:
        indent = f'<w:ind w:firstLineChars="{style.indent * 100}" w:firstLine="{style.indent * size * 10}"/>'
    elif style.edge:
        indent = f'<w:ind w:{style.edge}Chars="100" w:{style.edge}="{size * 10}"/>'
    stops = "".join(f'<w:tab w:val="left" w:pos="{round(stop * 1440 / 25.4)}"/>' for stop in style.tabs)
    return f"""<w:style w:type="paragraph" w:customStyle="1" w:styleId="{key}"><w:name w:val="{style.name}"/>
<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{"<w:keepNext/>" if style.keep_next else ""}{f"<w:tabs>{stops}</w:tabs>" if stops else ""}<w:snapToGrid w:val="0"/>
<w:spacing w:before="0" w:after="0" w:line="{round(style.line * 20)}" w:lineRule="exact"/>
{indent}<w:jc w:val="{style.align}"/></w:pPr>
<w:rPr>{_fonts(style.font, style.latin)}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>"""


def _fonts(east: str, latin: str) -> str:
    """Both scripts are named, and ambiguous signs such as “ and □ are told to be Chinese."""
    return f'<w:rFonts w:hint="eastAsia" w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{east}" w:cs="{LATIN}"/>'


def _borders() -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in sides)


def _cell_margins(vertical: int) -> str:
    widths = {"top": vertical, "left": 57, "bottom": vertical, "right": 57}
    sides = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in widths.items())
    return f"<w:tblCellMar>{sides}</w:tblCellMar>"
