"""A Word file moves into another: its styles, lists, bookmarks, pictures and links get names of their own there.

What cannot be kept is refused by name: notes, comments and revisions, which are counted over a whole file, charts and
embedded objects. Fonts and colours of another theme are written out.

Source: ECMA-376-1, 17.7 (styles), 17.9 (numbering), 17.13.6 (bookmarks).
"""

import contextlib
import copy
import re
from collections.abc import Iterator

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml.xmlchemy import BaseOxmlElement

from yiyu.docgen.fill.fields import W
from yiyu.docgen.fill.gate import R
from yiyu.docgen.fill.lint.paragraphs import open_document
from yiyu.docgen.fill.theming import theme_of, write_out
from yiyu.registry.errors import TemplateFault, UserError

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
_KEPT = {RELATIONSHIP_TYPE.IMAGE, RELATIONSHIP_TYPE.HYPERLINK, RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER}
_REFERRING = re.compile(r"\b(REF|PAGEREF|NOTEREF)(\s+)(\S+)")


def stories(document: Document) -> list[BaseOxmlElement]:
    """The body, and the headers and footers of its sections."""
    wanted = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
    parts = [one.target_part for one in document.part.rels.values() if one.reltype in wanted]
    return [document.element.body, *(part.element for part in parts)]


def cannot_keep(name: str, what: str) -> TemplateFault:
    """What is said of a file that would lose something."""
    return TemplateFault(
        f"合并后保不住{what}", where=name, remedy="请先在 Word/WPS 中改为普通文字或去掉，或分别打印", code="join"
    )


@contextlib.contextmanager
def readable(name: str) -> Iterator[None]:
    """Say of a file whose inside is not as it should be that it cannot be read, whatever python-docx stumbled over."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        remedy = "请用 Word/WPS 打开检查，另存为 .docx 后再试"
        raise TemplateFault("文档的内部结构无法读取", where=name, remedy=remedy) from error


def opened(data: bytes, name: str) -> Document:
    """Open a guarded .docx. Raises TemplateFault naming the file."""
    with readable(name):
        return open_document(data)


class Guest:
    """A file that moves into the house of another: ``base``, which is changed as it does."""

    def __init__(self, base: Document, document: Document, name: str, at: int) -> None:
        self.base, self.document, self.name, self.at = base, document, name, at
        self.roots = stories(document)
        self.styles = document.styles.element
        self.restyled = serialize_part_xml(self.styles) != serialize_part_xml(base.styles.element)

    def move_in(self) -> None:
        """Give everything a name and a number of its own in the house; the body is left for the caller to place."""
        self._refuse()
        self._resolve_theme()
        self._forget_ignorable()
        for part in self.document.part.package.iter_parts():
            if part is not self.document.part:
                folder, _, name = str(part.partname).rpartition("/")
                stem, dot, end = name.partition(".")
                part.partname = PackURI(f"{folder}/{stem}of{self.at}{dot}{end}")
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

    def _refuse(self) -> None:
        for root in self.roots:
            for word, what in _COUNTED.items():
                if next(root.iter(f"{W}{word}"), None) is not None:
                    raise cannot_keep(self.name, what)
        for key in self._used():
            if self.document.part.rels[key].reltype not in _KEPT:
                raise cannot_keep(self.name, "图表、嵌入对象等")

    def _resolve_theme(self) -> None:
        """Write out what the theme says where the house has another."""
        own, theirs = (theme_of(one) for one in (self.document, self.base))
        if own != theirs:
            for root in (*self.roots, self.styles, *numbering(self.document)):
                write_out(root, own)

    def _forget_ignorable(self) -> None:
        """Take off what later versions of Word note on paragraphs and rows: unique in a file, and named in its root."""
        for root in self.roots:
            for at in root.iter(f"{W}p", f"{W}tr", f"{W}r"):
                for name in [one for one in at.attrib if one.startswith("{") and not one.startswith(W)]:
                    del at.attrib[name]

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
            raise cannot_keep(self.name, "图片项目符号")
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
            for name in style.findall(f"{W}name"):
                name.set(f"{W}val", f"{name.get(f'{W}val')} ({self.at})")
            for words in style.findall(f"{W}aliases"):
                style.remove(words)
            self.base.styles.element.append(style)
            self.roots.append(style)
        for root in self.roots[: len(stories(self.document))]:
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


def _shift(at: BaseOxmlElement, name: str, by: int) -> None:
    at.set(name, str(int(at.get(name) or 0) + by))


def _inherit(style: BaseOxmlElement, defaults: BaseOxmlElement) -> None:
    """Write what holds for a whole file into a style that builds on none."""
    for word, own in (("pPr", style.get_or_add_pPr()), ("rPr", style.get_or_add_rPr())):
        for given in defaults.findall(f"{W}{word}Default/{W}{word}/*"):
            if own.find(given.tag) is None:
                own.append(copy.deepcopy(given))


def numbering(document: Document) -> list[BaseOxmlElement]:
    """The definitions of lists, where the file has some."""
    part = _part(document, RELATIONSHIP_TYPE.NUMBERING)
    return [] if part is None else [part.element]


def _part(document: Document, kind: str) -> XmlPart | None:
    return next((one.target_part for one in document.part.rels.values() if one.reltype == kind), None)
