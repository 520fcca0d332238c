"""One part of a template, compiled: rendered for a context into the bytes of its zip member."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from itertools import count, islice
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from docxtpl import DocxTemplate
from jinja2 import Template, nodes
from markupsafe import Markup, escape

from yiyu.docgen.fill.environment import environment
from yiyu.docgen.fill.faults import TemplatePlace, rendering_fault
from yiyu.docgen.fill.gate import LEFT, Leak, PackageIds, gate, with_grids
from yiyu.docgen.fill.limits import BUDGET, TooMuch
from yiyu.docgen.fill.shape import PartShape
from yiyu.docgen.fill.source import BODY, DECLARATION, Source
from yiyu.docgen.fill.values import FORBIDDEN_IN_MARKUP
from yiyu.registry.errors import BadInput, TemplateFault

_BREAKS = re.compile("[\t\n\a\f]")
_PARAGRAPH_START = re.compile(r"<w:p(?: [^>]*)?>")
_PARAGRAPH_END = "</w:p>"
_BETWEEN = re.compile("<[^>]*>|[\t\n\a\f]")
_PICTURE = re.compile(rb'(<wp:docPr\b[^>]*?\sid=")[^"]*')
_EMPTY_TABLE = re.compile(rb"<(?:/w:tblGrid|w:tblGrid/)>\s*</w:tbl>")
_FIRST_PICTURE = 1001
"""docxtpl numbers the pictures of the body from here."""
_LONG_TEXT = re.compile(r">([^<]{256,})<")
_MAX_PROPERTY = 255
_CHUNK = 64
_PLAIN = {str, int, bool}

docxtpl = DocxTemplate("")
"""Its functions over text; it opens no file before it renders."""


@dataclass(frozen=True, slots=True)
class CompiledPart:
    """A compiled part: the template twice, as Jinja2 renders it and as :func:`raw_environment` does.

    ``fixed_breaks``: its own text holds a tab or line feed that docxtpl turns into markup. ``pictures``: it holds some.
    """

    source: Source
    place: TemplatePlace
    template: Template
    raw: Template
    shape: PartShape
    fixed_breaks: bool
    pictures: bool
    ids: PackageIds
    passed: list[bool] = field(default_factory=list, repr=False)
    """Says that a filling passed the gate as it was: of a sound shape none is looked at again."""

    def fill(self, values: dict[str, Any], *, marked_up: bool = False) -> bytes:
        """Render, finish and read back ``values``, the context in its :func:`scope`.

        ``marked_up``: docxtpl's own objects are among them. Raises TemplateFault and BadInput, nothing of Jinja2's.
        """
        done = None if marked_up or self.fixed_breaks else self._swift(values)
        shown, data = done or self._general(values)
        data = self.source.before + data + self.source.after
        if marked_up or not self.shape.balanced:
            self._require_well_formed(data)
        if self.source.label == BODY:
            data = self._finish_body(data, pictures=self.pictures or marked_up)
        elif self.source.texts:
            self._refuse_long_property(data)
        self._read_back(shown, data)
        return data if self.source.texts or self._passes(data, marked_up=marked_up) else self._gated(shown, data)

    def _passes(self, data: bytes, *, marked_up: bool) -> bool:
        if not self.passed or marked_up or (self.shape.may_be_empty and _EMPTY_TABLE.search(data)):
            return False
        ended = data.count(b"</w:p></w:tc>") + data.count(b"<w:p/></w:tc>")
        return not self.shape.cells_may_end_bare or data.count(b"</w:tc>") == ended

    def _gated(self, shown: list[bytes], data: bytes) -> bytes:
        try:
            done, mended = gate(data, self.ids, signs_allowed=any(LEFT.search(text.decode()) for text in shown))
        except Leak as leak:
            raise leak.fault(self.place.where()) from leak
        if self.shape.sound and not mended:
            self.passed.append(True)
        return done

    def _swift(self, values: dict[str, Any]) -> tuple[list[bytes], bytes] | None:
        """Render where every value is a clean text or number, as nearly always; None leaves it to the general way."""
        try:
            pieces: list[Any] = list(self.raw.root_render_func(self.raw.new_context(values, shared=True)))
        except Exception as error:
            raise rendering_fault(error, self.place, self.raw, values) from error
        texts: list[str] = [piece for piece in pieces if type(piece) is not bytes]
        kinds = set(map(type, texts))
        if not kinds <= _PLAIN:
            return None
        if len(kinds) > 1 or str not in kinds:
            texts = list(map(str, texts))
        if sum(map(len, texts)) > BUDGET or not (text := "".join(texts)).isprintable():
            return None
        if len(escape(text)) > len(text):
            texts = list(map(escape, texts))
        shown = list(map(str.encode, texts))
        value = iter(shown).__next__
        return shown, b"".join([piece if type(piece) is bytes else value() for piece in pieces])

    def _general(self, values: dict[str, Any]) -> tuple[list[bytes], bytes]:
        context = self.template.new_context(values, shared=True)
        try:
            pieces = _within_budget(self.template.root_render_func(context))
        except Exception as error:
            raise rendering_fault(error, self.place, self.template, values) from error
        shown = [piece for piece in pieces if type(piece) is Markup]
        text = "".join(shown)
        self._refuse_controls(text)
        xml = "".join(pieces)
        if self.fixed_breaks or _BREAKS.search(text):
            xml = resolve_breaks(xml)
        return [between.encode() for piece in shown for between in _BETWEEN.split(piece)], xml.encode()

    def _finish_body(self, data: bytes, *, pictures: bool) -> bytes:
        """Do to a body what docxtpl does after rendering: repair table grids, number the pictures."""
        if not self.shape.grids_fixed or (self.shape.may_be_empty and _EMPTY_TABLE.search(data)):
            data = DECLARATION + docxtpl.xml_to_string(docxtpl.fix_tables(with_grids(data))).encode()
        if pictures:
            numbers = count(_FIRST_PICTURE)
            data = _PICTURE.sub(lambda found: b"%s%d" % (found[1], next(numbers)), data)
        return data

    def _refuse_controls(self, text: str) -> None:
        """Values have been checked; what is found here stands in a string of a tag, or is a field name printed."""
        if found := FORBIDDEN_IN_MARKUP.search(text):
            raise TemplateFault(
                f"文书中出现了不能含有的字符（U+{ord(found.group()):04X}），来自标签中的文字或字段名",
                where=self.place.where(),
                remedy="请删除该字符",
                code="template-value",
            )

    def _require_well_formed(self, data: bytes) -> None:
        try:
            ParserCreate().Parse(data, True)
        except ExpatError as error:
            raise TemplateFault(
                "填写后的文档结构不完整：标签的开始和结束不在同一层段落、单元格或行中",
                where=self.place.where(),
                remedy="跨段落请用 {%p … %}，跨表格行请用 {%tr … %}，开始和结束成对使用",
                code="template-structure",
            ) from error

    def _refuse_long_property(self, data: bytes) -> None:
        for found in _LONG_TEXT.finditer(data.decode()):
            if len(unescape(found[1])) > _MAX_PROPERTY:
                raise BadInput(
                    f"填写后的文档属性超过{_MAX_PROPERTY}字",
                    where=self.place.where(),
                    remedy="请缩短模板属性中用到的字段",
                )

    def _read_back(self, shown: list[bytes], data: bytes) -> None:
        """Find every value in the finished part, in order: none was lost, cut or changed on the way."""
        position, index = 0, data.index
        try:
            for text in shown:
                position = index(text, position) + len(text)
        except ValueError:
            plain = [each.replace(b"&#34;", b'"').replace(b"&#39;", b"'") for each in shown]
            if plain != shown:  # lxml, where it had to write the part again, writes quotes plainly
                self._read_back(plain, data)
                return
            raise TemplateFault(
                f"填写后核对失败：文书中找不到“{unescape(text.decode())[:40]}”",
                where=self.place.where(),
                remedy="请检查该处的标签，并把模板交给维护人员",
                code="template-read-back",
            ) from None


def scope(context: Mapping[str, Any]) -> dict[str, Any]:
    """Give the names a template sees, made once for all parts of a document."""
    return {**environment().globals, **context}


def is_constant(tree: nodes.Template) -> bool:
    """Tell whether a part holds no tags, so that one rendering serves all documents."""
    return all(
        isinstance(node, nodes.Output) and all(isinstance(child, nodes.TemplateData) for child in node.nodes)
        for node in tree.body
    )


def resolve_breaks(xml: str) -> str:
    """Do what docxtpl's resolve_listing does, but only to the paragraphs that hold a break: it costs 2.5 ms a document."""
    done: list[str] = []
    position = 0
    while start := _PARAGRAPH_START.search(xml, position):
        end = xml.find(_PARAGRAPH_END, start.end())
        if end < 0:
            break
        end += len(_PARAGRAPH_END)
        paragraph = xml[start.start() : end]
        if _BREAKS.search(paragraph):
            done += (xml[position : start.start()], docxtpl.resolve_listing(paragraph))
        else:
            done.append(xml[position:end])
        position = end
    return "".join((*done, xml[position:]))


def _within_budget(pieces: Iterator[str]) -> list[str]:
    """Take the rendering out in chunks: 64 values of the largest size are the most ever held beyond the budget."""
    taken: list[str] = []
    length = 0
    while chunk := list(islice(pieces, _CHUNK)):
        taken += chunk
        length += sum(map(len, chunk))
        if length > BUDGET:
            raise TooMuch("循环或文字过多，超出一份文书所需")
    return taken
