"""What leaves is a document Word opens: a filled part is looked at as it will be saved, mended where safe, else refused.

docxtpl checks nothing of what it rendered. A cell without a paragraph, a table without rows, a bookmark written twice by
a loop make Word call the document damaged; a field put together by tags would fetch or start something when it is
opened. The result is judged, not the words of the template: a name may be put together while filling.

Source: ECMA-376-1, 17.4.66 (a cell ends with a paragraph), 17.4.38 and 17.4.49 (rows and grid), 17.13.6 (bookmarks),
17.16 (fields).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docxtpl import DocxTemplate

from yiyu.docgen.fill.controls import EMPTY, TICKED, W14
from yiyu.docgen.fill.dialects import foreign_tags
from yiyu.docgen.fill.fields import W, fetching_field, field_codes, merge_field
from yiyu.docgen.fill.marks import drop, mend_marks
from yiyu.docgen.fill.source import DECLARATION
from yiyu.registry.errors import TemplateFault

WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FIRST = {
    f"{W}p": f"{W}pPr",
    f"{W}r": f"{W}rPr",
    f"{W}tc": f"{W}tcPr",
    f"{W}tbl": f"{W}tblPr",
}
"""Properties stand before everything else of their owner: the schema's order that filling can disturb."""
LEFT = re.compile(r"[{｛]｛|｝[}｝]|｛[%％]|｛\s*[^\W\d]\w*(?:\.[^\W\d]\w*)+\s*｝|«[^«»]*[^\W_][^«»]*»")
"""What was meant as a field, in full-width braces or by the mail merge of Word. Plain braces come out only where they are
written as such ({% raw %}, {_{), or stand in a value; «____» is a blank in quotation marks, as a name has letters."""
_STORIES = tuple(f"{W}{name}" for name in ("hdr", "ftr", "footnote"))
"""Parts and notes that hold at least a paragraph (17.10, 17.11)."""
_REFERENCES = {f"{W}commentReference": "批注", f"{W}footnoteReference": "脚注", f"{W}endnoteReference": "尾注"}
_HOLDERS = {"批注": "comments", "脚注": "footnotes", "尾注": "endnotes"}
_ID = re.compile(rb'<w:(?:comment|footnote|endnote)\b[^>]*?\sw:id="(-?\d+)"')
_VML = "{urn:schemas-microsoft-com:vml}"
_SOURCES = ("src", "{urn:schemas-microsoft-com:office:office}href")
"""Where a VML picture or fill says what it shows, beside the relations (ECMA-376-4, 19.1)."""
_LINKS = {"hyperlink", "hlinkClick", "hlinkHover", "hlinkMouseOver"}
_LONGEST = 40
_TEXT = DocxTemplate("")
"""Writes XML as docxtpl does; it opens no file."""


@dataclass(frozen=True, slots=True)
class PackageIds:
    """What a part may refer to: ids of comments and notes, and the relations that lead out of the package."""

    known: dict[str, frozenset[str]] = field(default_factory=dict)
    """By the Chinese word for what is referred to; a word that is missing is not checked."""
    outside: frozenset[str] = frozenset()


def package_ids(members: Mapping[str, bytes], part: Part) -> PackageIds:
    """Tell what ``part`` of a saved package may refer to."""
    holders = {name.casefold(): content for name, content in members.items()}
    known = {
        what: frozenset(number.decode() for number in _ID.findall(holders[f"word/{holder}.xml"]))
        for what, holder in _HOLDERS.items()
        if f"word/{holder}.xml" in holders
    }
    return PackageIds(known, frozenset(key for key, relation in part.rels.items() if relation.is_external))


class Leak(Exception):
    """Why a filled part must not leave: ``what``, the text of the paragraph it stands in, and what to do."""

    def __init__(self, what: str, near: str, remedy: str, code: str) -> None:
        self.what, self.near, self.remedy, self.code = what, near, remedy, code
        super().__init__(what)

    def fault(self, where: str) -> TemplateFault:
        near = f"，“{self.near[:_LONGEST]}”附近" if self.near else ""
        return TemplateFault(self.what, where=where + near, remedy=self.remedy, code=self.code)


def gate(content: bytes, ids: PackageIds, *, signs_allowed: bool = False) -> tuple[bytes, tuple[str, ...]]:
    """Look at the XML of a filled part; gives it mended, with what was mended in words (empty: the bytes are the same).

    ``signs_allowed``: a value itself holds braces or «», so that they are no forgotten field. Raises Leak.
    """
    root = parse_xml(content)
    _refuse_fields(root)
    _refuse_outside(root, ids)
    if not signs_allowed:
        _refuse_left(root)
    mended = tuple(dict.fromkeys(said for mend in _MENDS for said in mend(root)))
    _refuse_references(root, ids)
    _refuse_order(root)
    _refuse_runs_in_text(root)
    if not mended:
        return content, ()
    return DECLARATION + _TEXT.xml_to_string(root).encode(), mended


def _refuse_fields(root: BaseOxmlElement) -> None:
    for code, at in field_codes(root):
        if word := fetching_field(code):
            remedy = "请在 Word/WPS 中删除它（域可按 Ctrl+Shift+F9 变成文字）后再试"
            raise Leak(f"文书会取用别的文件或程序（{word}）", _near(at), remedy, "template-fetches")
        if name := merge_field(code):
            remedy = f"请把它改成标签，如 {{{{ {name} }}}}；或先用 Word 的邮件合并填好"
            raise Leak(f"Word 邮件合并的域“{name}”没有填写", _near(at), remedy, "template-dialect")


def _refuse_outside(root: BaseOxmlElement, ids: PackageIds) -> None:
    """A picture whose relation calls itself a hyperlink is fetched all the same, and VML needs no relation."""
    for at in root.iter(f"{_VML}*"):
        if any(at.get(name) for name in _SOURCES):
            raise Leak("文书会取用文件之外的图片或对象", _near(at), "请把图片嵌入文档中再试", "template-fetches")
    for at in root.iter("*") if ids.outside else ():
        for name, value in at.attrib.items():
            if name.startswith(R) and value in ids.outside and _local(at) not in _LINKS:
                raise Leak("文书会取用文件之外的图片或对象", _near(at), "请把图片嵌入文档中再试", "template-fetches")


def _refuse_left(root: BaseOxmlElement) -> None:
    for paragraph in root.iter(f"{W}p"):
        text = "".join(at.text or "" for at in paragraph.iter(f"{W}t"))
        if left := LEFT.search(text):
            foreign = next((one for one in foreign_tags(text) if one.end > left.start()), None)
            what, remedy = f"“{left[0]}”没有填写，会原样印出来", "标签请写成半角的 {{ 字段 }}"
            if foreign:
                what, remedy = f"{foreign.dialect}“{foreign.text}”没有填写，会原样印出来", foreign.remedy
            raise Leak(what, text, remedy, "template-dialect")


def _tables(root: BaseOxmlElement) -> Iterator[str]:
    for table in list(root.iter(f"{W}tbl")):
        for row in table.findall(f"{W}tr"):
            if row.find(f".//{W}tc") is None:
                table.remove(row)
                yield "去掉没有单元格的表格行"
        rows = [row for row in table.iter(f"{W}tr") if next(row.iterancestors(f"{W}tbl")) is table]
        if not rows:
            drop(table)
            yield "去掉没有行的表格"


def with_grids(content: bytes) -> bytes:
    """The XML of a part with a grid in each table: docxtpl, which corrects the grids, fails where there is none."""
    root = parse_xml(content)
    return _TEXT.xml_to_string(root).encode() if [*_grids(root)] else content


def _grids(root: BaseOxmlElement) -> Iterator[str]:
    for table in root.iter(f"{W}tbl"):
        if table.find(f"{W}tblGrid") is None:
            table.insert(1 if table.find(f"{W}tblPr") is not None else 0, _grid(table.findall(f"{W}tr")))
            yield "补上表格的列"


def _grid(rows: Iterable[BaseOxmlElement]) -> BaseOxmlElement:
    made = OxmlElement("w:tblGrid")
    for _ in range(max((len(row.findall(f"{W}tc")) for row in rows), default=1) or 1):
        made.append(OxmlElement("w:gridCol"))
    return made


def _cells(root: BaseOxmlElement) -> Iterator[str]:
    for owner in (*root.iter(f"{W}tc"), *root.iter(f"{W}txbxContent")):
        if not len(owner) or owner[-1].tag != f"{W}p":
            if len(owner) and owner[-1].tag == f"{W}sdt" and owner[-1].find(f"{W}sdtContent/{W}p") is not None:
                continue
            owner.append(OxmlElement("w:p"))
            yield "给空单元格补上一个空段落"
    for owner in root.iter(*_STORIES):
        if not len(owner):
            owner.append(OxmlElement("w:p"))
            yield "给空的页眉、页脚或脚注补上一个空段落"


def _numbers(root: BaseOxmlElement) -> Iterator[str]:
    """Pictures are numbered in each part: two of one number make Word repair the document."""
    pictures = list(root.iter(f"{WP}docPr"))
    numbers = [one.get("id") for one in pictures]
    if len(set(numbers)) < len(numbers):
        for number, one in enumerate(pictures, start=1001):
            one.set("id", str(number))
        yield "重编图片的编号"
    boxes = list(root.iter(f"{W}sdtPr"))
    seen = set[str]()
    for own in (one.find(f"{W}id") for one in boxes):
        value = own.get(f"{W}val") if own is not None else None
        if own is not None and value in seen:
            own.getparent().remove(own)  # Word gives a new one
            yield "去掉内容控件重复的编号"
        seen.add(value or "")


def _boxes(root: BaseOxmlElement) -> Iterator[str]:
    """A check box of Word follows the sign that was filled in, and can still be clicked."""
    for checked in root.iter(f"{W14}checked"):
        box = next(checked.iterancestors(f"{W}sdt"), None)
        content = None if box is None else box.find(f"{W}sdtContent")
        text = "".join(content.itertext()).strip() if content is not None else ""
        wanted = "1" if text and text[0] in TICKED else "0" if text and text[0] in EMPTY else ""
        if wanted and checked.get(f"{W14}val") not in ({"1", "true"} if wanted == "1" else {"0", "false"}):
            checked.set(f"{W14}val", wanted)
            yield "让复选框与填写的符号一致"


_MENDS = (_tables, _grids, _cells, mend_marks, _numbers, _boxes)
"""Each mends one kind of fault and says so; a table is dropped before its cells are looked at."""


def _refuse_references(root: BaseOxmlElement, ids: PackageIds) -> None:
    for tag, what in _REFERENCES.items():
        seen = set[str]()
        for at in root.iter(tag):
            number = at.get(f"{W}id") or ""
            if what in ids.known and number not in ids.known[what]:
                raise Leak(
                    f"{what}的编号 {number} 不存在", _near(at), f"请在模板中删除这个{what}", "template-reference"
                )
            if number in seen:
                raise Leak(f"循环把同一个{what}写了几次", _near(at), f"请把{what}移到循环之外", "template-reference")
            seen.add(number)


def _refuse_order(root: BaseOxmlElement) -> None:
    for owner, first in _FIRST.items():
        for at in root.iter(owner):
            place = at.find(first)
            if place is not None and at.index(place) and at[0].tag not in (f"{W}bookmarkStart", f"{W}bookmarkEnd"):
                raise Leak(
                    "填写后的格式信息不在应有的位置", _near(at), "请检查该处的标签是否跨了段落", "template-structure"
                )
    for at in root.iter(f"{W}p"):
        parent = at.getparent()
        if parent is not None and parent.tag in (f"{W}p", f"{W}r"):
            remedy = "请在 Word/WPS 中打开模板，另存为新的 .docx 后再试"
            raise Leak("段落里又套着段落，Word 会说文件已损坏", _near(at), remedy, "template-structure")


def _refuse_runs_in_text(root: BaseOxmlElement) -> None:
    """Formatted text is made of runs, which only ``{{r … }}`` makes room for; a sub-document of paragraphs and tables."""
    for at in root.iter(f"{W}r", f"{W}p", f"{W}tbl"):
        parent = at.getparent()
        if parent is not None and parent.tag == f"{W}t":
            what, remedy = "带格式的文字写在了普通标签里", "请把这个标签写成 {{r 字段 }}"
            if at.tag != f"{W}r":
                what, remedy = "子文档写在了普通标签里", "请把这个标签单独写成一段：{{p 字段 }}"
            raise Leak(what, "".join(one.text or "" for one in at.iter(f"{W}t")), remedy, "template-structure")


def _local(at: BaseOxmlElement) -> str:
    return str(at.tag).rpartition("}")[2]


def _near(at: BaseOxmlElement) -> str:
    paragraph = next(at.iterancestors(f"{W}p"), at)
    return "".join(paragraph.itertext(f"{W}t")).strip()
