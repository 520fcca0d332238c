"""Put clauses of the library in place of what a Word form refers to, before anything else reads the form.

``{{ 条款.费用 }}`` alone in a paragraph becomes the heading (第七条　费用) and the text, ``{{ 条文.费用 }}`` the text alone, and
``{{ 条号.费用 }}`` within a line 第七条. Clauses are numbered in the order of the form; after a heading the author typed
(第三条 …) the count goes on from there. What comes out is a plain docxtpl template.
"""

import copy
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from yiyu.docgen.fill.package import ZLIB, assemble, lay_out, read_members
from yiyu.docgen.fill.template_precheck import template_precheck
from yiyu.docgen.wording import han_number
from yiyu.registry.errors import TemplateFault
from yiyu.registry.packs.clauses import ClauseText, called, nearest

HEADING_STYLE = "条款标题"
_WHOLE = "条款"
_BLOCK = re.compile(r"\s*\{\{\s*p?\s*(条款|条文)\s*\.\s*([^{}]*?)\s*\}\}\s*")
_INSIDE = re.compile(r"\{\{[^{}]*?(?:条款|条文)\s*\.[^{}]*\}\}")
_NUMBER = re.compile(r"\{\{\s*条号\s*\.\s*([^{}]*?)\s*\}\}")
_TYPED = re.compile(r"\s*第([一二三四五六七八九十]{1,3})条")
_COUNT = {han_number(number): number for number in range(1, 100)}
_P, _R, _T, _VAL = (qn(f"w:{name}") for name in ("p", "r", "t", "val"))
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_AT_END = {qn(f"w:{name}") for name in ("keepNext", "keepLines", "sectPr")}
"""What ties the paragraph to what follows it belongs to the last of the clause."""
_AT_START = {qn("w:pageBreakBefore")}


@dataclass(frozen=True, slots=True)
class ReferenceFault:
    """What is wrong with a reference: in which paragraph of the form, what, and what to do."""

    paragraph: BaseOxmlElement
    message: str
    remedy: str


@dataclass(slots=True)
class Expansion:
    """What became of a form: the clauses it holds in its order, where its new paragraphs come from, what is wrong.

    ``origins``: each new paragraph to that of the form, the clause, and which of the clause's paragraphs it is (0: the heading).
    """

    used: list[ClauseText] = field(default_factory=list)
    origins: dict[BaseOxmlElement, tuple[BaseOxmlElement, ClauseText, int]] = field(default_factory=dict)
    faults: list[ReferenceFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExpandedForm:
    """A form with its clauses in place: the bytes of a plain template, and which clauses they are."""

    data: bytes
    clauses: tuple[ClauseText, ...] = ()


@lru_cache(maxsize=64)
def expanded(data: bytes, name: str, texts: tuple[ClauseText, ...]) -> ExpandedForm:
    """Put ``texts`` in place of what refers to them; a form that refers to none comes back as it is.

    Raises TemplateFault for a file that is no .docx, and for the first reference that leads nowhere.
    """
    template_precheck(data, name)
    try:
        document = Document(io.BytesIO(data))
        found = expand(document, texts)
    except Exception as error:
        remedy = "请用 Word/WPS 打开检查，另存为 .docx 后再试"
        raise TemplateFault("模板的内部结构无法读取", where=f"模板 {name}", remedy=remedy) from error
    for fault in found.faults:
        where = f"模板 {name}，“{_text(fault.paragraph)[:30]}”"
        raise TemplateFault(fault.message, where=where, remedy=fault.remedy, code="clause-unknown")
    if not found.used:
        return ExpandedForm(data)
    return ExpandedForm(with_body(data, document), tuple(found.used))


def with_body(data: bytes, document: DocumentType) -> bytes:
    """The package ``data`` with the main part as it stands in ``document``, which was opened from it; all else untouched."""
    members = read_members(data) | {document.part.partname.membername: document.part.blob}
    return assemble(lay_out(members), (), ZLIB)


def expand(document: DocumentType, texts: Iterable[ClauseText]) -> Expansion:
    """Change the body of an open document; a reference that leads nowhere is taken out and told."""
    one = _Form(document, tuple(texts))
    one.find()
    one.put()
    return one.found


class _Form:
    """The body of a form while it is changed."""

    def __init__(self, document: DocumentType, texts: tuple[ClauseText, ...]) -> None:
        self.texts, self.found = texts, Expansion()
        self.paragraphs = list(document.element.body.iter(_P))
        styles = document.styles.element.iter(qn("w:style"))
        named = (style for style in styles if style.find(qn("w:name")).get(_VAL) == HEADING_STYLE)
        self.heading_style = next((str(style.get(qn("w:styleId"))) for style in named), "")
        self.references: dict[BaseOxmlElement, tuple[ClauseText, bool]] = {}
        self.numbers: dict[str, int] = {}

    def find(self) -> None:
        """Find the references and number them."""
        count = 0
        for paragraph in self.paragraphs:
            text = _text(paragraph)
            if typed := _TYPED.match(text):
                count = _COUNT.get(typed[1], count)
            if found := _BLOCK.fullmatch(text):
                if clause := called(self.texts, found[2]):
                    count += found[1] == _WHOLE
                    self.numbers.setdefault(clause.code, count)
                    self.references[paragraph] = clause, found[1] == _WHOLE
                else:
                    self._fault(paragraph, f"没有条款“{found[2]}”", nearest(self.texts, found[2]))
                    _put(paragraph, found, "")
            elif inside := _INSIDE.search(text):
                self._fault(paragraph, f"“{inside[0]}”没有独占一段，条款换不进去", "请让它独占一段，前后不写别的字")
                _put(paragraph, inside, "")

    def put(self) -> None:
        """Put the clauses, and the numbers of those that are spoken of, in their places."""
        self.found.used += dict.fromkeys(clause for clause, _ in self.references.values())
        for paragraph in self.paragraphs:
            if paragraph in self.references:
                self._replace(paragraph, *self.references[paragraph])
                continue
            for found in reversed(list(_NUMBER.finditer(_text(paragraph)))):
                _put(paragraph, found, self._number(found, paragraph))

    def _replace(self, paragraph: BaseOxmlElement, clause: ClauseText, whole: bool) -> None:
        lines = [line.strip() for line in clause.text.splitlines() if line.strip()]
        made = [_like(paragraph, _NUMBER.sub(lambda one: self._number(one, paragraph), line)) for line in lines]
        if whole:
            number = han_number(self.numbers[clause.code])
            made.insert(0, self._heading(paragraph, f"第{number}条　{clause.title}"))
        for one in made[:-1]:
            _take_out(one, _AT_END)
        for one in made[1:]:
            _take_out(one, _AT_START)
        for place, one in enumerate(made, start=0 if whole else 1):
            paragraph.addprevious(one)
            self.found.origins[one] = paragraph, clause, place
        paragraph.getparent().remove(paragraph)

    def _heading(self, paragraph: BaseOxmlElement, text: str) -> BaseOxmlElement:
        """In the form's own style for it; without one as the text is, but bold."""
        made = _like(paragraph, text)
        if not self.heading_style:
            made.find(_R).get_or_add_rPr().get_or_add_b()
            return made
        for child in list(made.get_or_add_pPr()):
            if child.tag not in _AT_START:
                made.pPr.remove(child)
        made.pPr.style = self.heading_style
        return made

    def _number(self, found: re.Match[str], paragraph: BaseOxmlElement) -> str:
        clause = called(self.texts, found[1])
        if clause is not None and self.numbers.get(clause.code):
            return f"第{han_number(self.numbers[clause.code])}条"
        if clause is None:
            self._fault(paragraph, f"没有条款“{found[1]}”", nearest(self.texts, found[1]))
        else:
            message = f"提到条款“{clause.name}”的条号，但这份文书里没有这一条"
            self._fault(paragraph, message, f"请加上 {{{{ 条款.{clause.name} }}}}，或不提这一条")
        return ""

    def _fault(self, paragraph: BaseOxmlElement, message: str, remedy: str) -> None:
        self.found.faults.append(ReferenceFault(paragraph, message, remedy))


def _texts(paragraph: BaseOxmlElement) -> list[BaseOxmlElement]:
    """Its texts, those of text boxes in it left out."""
    return [one for one in paragraph.iter(_T) if next(one.iterancestors(_P)) is paragraph]


def _text(paragraph: BaseOxmlElement) -> str:
    return "".join(one.text or "" for one in _texts(paragraph))


def _put(paragraph: BaseOxmlElement, found: re.Match[str], new: str) -> None:
    """Put ``new`` in place of what was found in its text; a tag may be spread over several runs."""
    at, (start, end) = 0, found.span()
    for piece in _texts(paragraph):
        text = piece.text or ""
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last:
            piece.text = text[:first] + (new if at + first == start else "") + text[last:]
            piece.set(_SPACE, "preserve")
        at += len(text)


def _like(paragraph: BaseOxmlElement, text: str) -> BaseOxmlElement:
    """A paragraph of its own, set as ``paragraph`` and its first words are."""
    made = OxmlElement("w:p")
    if paragraph.pPr is not None:
        made.append(copy.deepcopy(paragraph.pPr))
    run = OxmlElement("w:r")
    first = next(iter(_texts(paragraph))).getparent()
    if first.tag == _R and first.rPr is not None:
        run.append(copy.deepcopy(first.rPr))
    words = OxmlElement("w:t")
    words.text = text
    words.set(_SPACE, "preserve")
    run.append(words)
    made.append(run)
    return made


def _take_out(paragraph: BaseOxmlElement, tags: set[str]) -> None:
    for child in list(paragraph.pPr) if paragraph.pPr is not None else ():
        if child.tag in tags:
            paragraph.pPr.remove(child)
