"""Different Word files as one, each with its sections, headers, footers, styles and lists: ``yiyu template join``.

The first file is the house the others move into. What the others bring gets names of its own: styles where the files
differ in them, lists, pictures, headers and footers. What cannot be kept is refused by name: notes and comments, which are
counted over a whole file, fonts of another theme, and settings that hold for all pages.

Source: ECMA-376-1, 17.6.17 (sectPr), 17.10 (headers and footers), 17.7 (styles), 17.9 (numbering).
"""

import copy
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement

from yiyu.docgen.fill.fields import W
from yiyu.docgen.fill.gate import WP, R
from yiyu.docgen.fill.joining import count_from_one
from yiyu.docgen.fill.lint.paragraphs import open_document
from yiyu.docgen.fill.package import ZLIB, assemble, lay_out, read_members
from yiyu.docgen.fill.template_precheck import template_precheck
from yiyu.registry.errors import BadInput, TemplateFault
from yiyu.registry.files import read_bytes, write_atomic

_COUNTED = {
    "footnoteReference": "脚注",
    "endnoteReference": "尾注",
    "commentReference": "批注",
    "ins": "修订",
    "del": "修订",
    "altChunk": "外来内容",
}
_STYLED = tuple(
    f"{W}{name}" for name in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link", "numStyleLink", "styleLink")
)
_THEMED = re.compile(rb"w:(?:ascii|hAnsi|eastAsia|cs)Theme=|w:themeColor=")
_KEPT = {RELATIONSHIP_TYPE.IMAGE, RELATIONSHIP_TYPE.HYPERLINK, RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER}
_KINDS = ("default", "first", "even")
_REFERRING = re.compile(r"\b(REF|PAGEREF|NOTEREF)(\s+)(\S+)")


def join_files(sources: Sequence[Path], out: Path, *, dry_run: bool = False) -> None:
    """Join the files and write ``out`` whole or not at all. Raises BadInput, FileFault and TemplateFault."""
    if len(sources) < 2:
        raise BadInput("只给了一个文件", remedy="请给出两份以上要合并的文书")
    if out.exists() and any(out.samefile(source) for source in sources if source.exists()):
        raise BadInput("输出文件就是要合并的文件", where=str(out), remedy="请换一个输出文件名", code="output-is-input")
    document = composed([(source.name, read_bytes(source)) for source in sources])
    if not dry_run:
        write_atomic(out, document)


def composed(files: Sequence[tuple[str, bytes]]) -> bytes:
    """One .docx of ``files`` (name and content), in their order. Raises TemplateFault naming the file and what it cannot keep."""
    for name, data in files:
        template_precheck(data, name)
    documents = [open_document(data) for _, data in files]
    base = documents[0]
    for (name, _), document in zip(files, documents, strict=True):
        _count_own_pages(document, name)
    for at, ((name, _), document) in enumerate(zip(files[1:], documents[1:], strict=True), 2):
        _Guest(base, document, name, at).move_in()
    for number, picture in enumerate(base.element.body.iter(f"{WP}docPr"), 1001):
        picture.set("id", str(number))
    target = io.BytesIO()
    base.save(target)
    return assemble(lay_out(read_members(target.getvalue())), (), ZLIB)


def _count_own_pages(document: Document, name: str) -> None:
    """Let 共几页 count the pages of this file only, which Word can where the file is one section."""
    for root in _stories(document):
        for at in root.iter(f"{W}instrText", f"{W}fldSimple"):
            code = at.text or "" if at.tag == f"{W}instrText" else at.get(f"{W}instr") or ""
            if "NUMPAGES" not in code:
                continue
            if len(document.sections) > 1:
                raise _cannot_keep(name, "多节文件的“共几页”")
            if at.tag == f"{W}instrText":
                at.text = code.replace("NUMPAGES", "SECTIONPAGES")
            else:
                at.set(f"{W}instr", code.replace("NUMPAGES", "SECTIONPAGES"))


def _stories(document: Document) -> list[BaseOxmlElement]:
    wanted = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
    parts = [one.target_part for one in document.part.rels.values() if one.reltype in wanted]
    return [document.element.body, *(part.element for part in parts)]


def _cannot_keep(name: str, what: str) -> TemplateFault:
    return TemplateFault(
        f"合并后保不住{what}", where=name, remedy="请先在 Word/WPS 中改为普通文字或去掉，或分别打印", code="join"
    )


class _Guest:
    """A file that moves into the house of the first."""

    def __init__(self, base: Document, document: Document, name: str, at: int) -> None:
        self.base, self.document, self.name, self.at = base, document, name, at
        self.roots = _stories(document)
        self.styles = document.styles.element
        self.restyled = serialize_part_xml(self.styles) != serialize_part_xml(base.styles.element)

    def move_in(self) -> None:
        self._refuse()
        for part in self.document.part.package.iter_parts():
            if part is not self.document.part:
                stem, dot, end = str(part.partname).rpartition(".")
                part.partname = PackURI(f"{stem}of{self.at}{dot}{end}")
        self._renumber()
        if self.restyled:
            self._restyle()
        self._rename_marks()
        for root in self.roots:
            for bound in list(root.iter(f"{W}dataBinding")):
                bound.getparent().remove(bound)
            for number in [one for own in root.iter(f"{W}sdtPr") for one in own.findall(f"{W}id")]:
                number.getparent().remove(number)
        self._relate()
        self._append()

    def _refuse(self) -> None:
        for root in self.roots:
            for word, what in _COUNTED.items():
                if next(root.iter(f"{W}{word}"), None) is not None:
                    raise _cannot_keep(self.name, what)
        own, other = (one.settings.odd_and_even_pages_header_footer for one in (self.document, self.base))
        if own != other:
            raise _cannot_keep(self.name, "奇偶页不同的页眉页脚（各文件的设置不一样）")
        themed = any(_THEMED.search(serialize_part_xml(root)) for root in (*self.roots, self.styles))
        if themed and _blob(self.document, RELATIONSHIP_TYPE.THEME) != _blob(self.base, RELATIONSHIP_TYPE.THEME):
            raise _cannot_keep(self.name, "主题字体和颜色（各文件的主题不一样）")
        for key in self._used():
            if self.document.part.rels[key].reltype not in _KEPT:
                raise _cannot_keep(self.name, "图表、嵌入对象等")

    def _used(self) -> set[str]:
        body, rels = self.document.element.body, self.document.part.rels
        return {
            value for at in body.iter() for name, value in at.attrib.items() if name.startswith(R) and value in rels
        }

    def _renumber(self) -> None:
        own, theirs = (_part(one, RELATIONSHIP_TYPE.NUMBERING) for one in (self.document, self.base))
        if own is None:
            return
        if own.element.find(f"{W}numPicBullet") is not None:
            raise _cannot_keep(self.name, "图片项目符号")
        if theirs is None:
            self.base.part.relate_to(own, RELATIONSHIP_TYPE.NUMBERING)
            return
        root = theirs.element
        kinds = 1 + max((int(one.get(f"{W}abstractNumId")) for one in root.findall(f"{W}abstractNum")), default=0)
        lists = max((int(one.get(f"{W}numId")) for one in root.findall(f"{W}num")), default=0)
        first = root.find(f"{W}num")
        for kind in own.element.findall(f"{W}abstractNum"):
            _shift(kind, f"{W}abstractNumId", kinds)
            for sign in (*kind.findall(f"{W}nsid"), *kind.findall(f"{W}tmpl")):
                kind.remove(sign)
            root.append(kind) if first is None else first.addprevious(kind)
            self.roots.append(kind)
        last = root.find(f"{W}numIdMacAtCleanup")
        for number in own.element.findall(f"{W}num"):
            _shift(number, f"{W}numId", lists)
            _shift(number.find(f"{W}abstractNumId"), f"{W}val", kinds)
            root.append(number) if last is None else last.addprevious(number)
        for at in (one for story in (*self.roots, self.styles) for one in story.iter(f"{W}numId")):
            if at.get(f"{W}val") != "0":
                _shift(at, f"{W}val", lists)

    def _restyle(self) -> None:
        defaults: dict[str, str] = {}
        base = self.styles.find(f"{W}docDefaults")
        for style in self.styles.findall(f"{W}style"):
            if style.get(f"{W}default") in {"1", "true"}:
                defaults[style.get(f"{W}type")] = style.get(f"{W}styleId")
                del style.attrib[f"{W}default"]
            if style.get(f"{W}type") == "paragraph" and style.find(f"{W}basedOn") is None and base is not None:
                _inherit(style, base)
            style.set(f"{W}styleId", f"{style.get(f'{W}styleId')}of{self.at}")
            style.set(f"{W}customStyle", "1")
            name = style.find(f"{W}name")
            name.set(f"{W}val", f"{name.get(f'{W}val')} ({self.at})")
            for words in style.findall(f"{W}aliases"):
                style.remove(words)
            self.base.styles.element.append(style)
            self.roots.append(style)
        for root in self.roots[: len(_stories(self.document))]:
            for paragraph in root.iter(f"{W}p"):
                properties = paragraph.get_or_add_pPr()
                if properties.find(f"{W}pStyle") is None and "paragraph" in defaults:
                    properties.get_or_add_pStyle().set(f"{W}val", defaults["paragraph"])
            for table in root.iter(f"{W}tbl"):
                if table.tblPr.find(f"{W}tblStyle") is None and "table" in defaults:
                    table.tblPr.style = defaults["table"]
        for at in (one for root in self.roots for one in root.iter(*_STYLED)):
            at.set(f"{W}val", f"{at.get(f'{W}val')}of{self.at}")

    def _rename_marks(self) -> None:
        for at in (one for root in self.roots for one in root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
            _shift(at, f"{W}id", 100_000 * self.at)
            if at.get(f"{W}name") is not None:
                at.set(f"{W}name", f"{at.get(f'{W}name')}of{self.at}")
        for at in (one for root in self.roots for one in root.iter(f"{W}hyperlink", f"{W}instrText")):
            if at.tag == f"{W}instrText":
                at.text = _REFERRING.sub(rf"\1\2\3of{self.at}", at.text or "")
            elif at.get(f"{W}anchor") is not None:
                at.set(f"{W}anchor", f"{at.get(f'{W}anchor')}of{self.at}")

    def _relate(self) -> None:
        new = {}
        for key in self._used():
            relation = self.document.part.rels[key]
            target = relation.target_ref if relation.is_external else relation.target_part
            new[key] = self.base.part.relate_to(target, relation.reltype, is_external=relation.is_external)
        for at in self.document.element.body.iter():
            for name, value in at.attrib.items():
                if name.startswith(R) and value in new:
                    at.set(name, new[value])

    def _append(self) -> None:
        """Put the body behind the house's, whose last section becomes that of its last paragraph."""
        body, guest = self.base.element.body, self.document.element.body
        section = body.sectPr
        body.remove(section)
        if body[-1].tag != f"{W}p" or body[-1].find(f"{W}pPr/{W}sectPr") is not None:
            body.append(OxmlElement("w:p"))
        body[-1].get_or_add_pPr().append(section)
        first = next(guest.iter(f"{W}sectPr"))
        for kind in first.findall(f"{W}type"):
            if kind.get(f"{W}val") == "continuous":
                first.remove(kind)
        count_from_one(first)
        self._stand_alone(first)
        body.extend(list(guest))

    def _stand_alone(self, section: BaseOxmlElement) -> None:
        """Give the first section empty headers and footers where it has none: it would take those of the file before."""
        part: Any = self.base.part
        for word, add in (("header", part.add_header_part), ("footer", part.add_footer_part)):
            for kind in _KINDS:
                tag = f"{W}{word}Reference"
                if all(one.get(f"{W}type") != kind for one in section.findall(tag)):
                    made = OxmlElement(f"w:{word}Reference")
                    made.set(f"{W}type", kind)
                    made.set(f"{R}id", add()[1])
                    section.insert(0, made)


def _shift(at: BaseOxmlElement, name: str, by: int) -> None:
    at.set(name, str(int(at.get(name) or 0) + by))


def _inherit(style: BaseOxmlElement, defaults: BaseOxmlElement) -> None:
    """Write what holds for a whole file into a style that builds on none."""
    for word, own in (("pPr", style.get_or_add_pPr()), ("rPr", style.get_or_add_rPr())):
        for given in defaults.findall(f"{W}{word}Default/{W}{word}/*"):
            if own.find(given.tag) is None:
                own.append(copy.deepcopy(given))


def _part(document: Document, kind: str) -> XmlPart | None:
    return next((one.target_part for one in document.part.rels.values() if one.reltype == kind), None)


def _blob(document: Document, kind: str) -> bytes:
    part = _part(document, kind)
    return b"" if part is None else part.blob
