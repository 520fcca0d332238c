"""Compile a template once, fill it many times.

docxtpl reads and patches every part, Jinja2 compiles each; both once. A document is then: check the context, render the
parts, read the values back, deflate, and lay the parts behind the members that never change. What the dialect allows
beyond text (pictures, sub-documents, links) is packaged by docxtpl (:mod:`yiyu.docgen.fill.docxtpl_path`), with the same parts.
"""

import contextlib
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes
from markupsafe import escape

from yiyu.docgen.fill import docxtpl_path
from yiyu.docgen.fill.code import code_members
from yiyu.docgen.fill.dialects import single_braces
from yiyu.docgen.fill.environment import environment, raw_environment
from yiyu.docgen.fill.faults import TemplatePlace, single_brace_fault, syntax_fault
from yiyu.docgen.fill.gate import package_ids
from yiyu.docgen.fill.numbering import with_lists
from yiyu.docgen.fill.package import FASTEST, Deflate, Frame, assemble, lay_out
from yiyu.docgen.fill.part import CompiledPart, is_constant, resolve_breaks, scope
from yiyu.docgen.fill.shape import shape_of
from yiyu.docgen.fill.source import Source, open_template, read_sources, refuse_tags_elsewhere, save
from yiyu.docgen.fill.template_precheck import template_precheck
from yiyu.docgen.fill.tree import ForbiddenTag, prepare
from yiyu.docgen.fill.values import check
from yiyu.registry.errors import TemplateFault
from yiyu.registry.files import sha256


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """A template ready to be filled. Immutable; a copy sent to another process compiles itself again there."""

    name: str
    sha256: str
    """Hex digest of the template file."""
    data: bytes = field(repr=False)
    frame: Frame = field(repr=False)
    parts: tuple[CompiledPart, ...] = field(repr=False)
    constants: dict[str, bytes] = field(repr=False)
    """Members of parts without tags, as they stand in every document."""
    codes: dict[bytes, bytes] = field(repr=False)
    """Zip member → placeholder PNG, replaced by ``fill(code=…)``."""
    numbering: bytes = field(default=b"", repr=False)
    """The member that defines lists, where some start again; it is written with each document."""

    def fill(
        self,
        context: Mapping[str, object],
        *,
        code: bytes = b"",
        owner: DocxTemplate | None = None,
        deflate: Deflate = FASTEST,
    ) -> bytes:
        """Fill in ``context`` and give the .docx. The same context, code and deflate engine give the same bytes.

        ``code`` is a PNG that takes the place of the picture described as 页面码, where the template has one.
        ``owner`` is the object from :meth:`docxtpl` that pictures, links, sub-documents or replacements belong to; found
        by itself for InlineImage and Subdoc. Raises BadInput for a value that cannot be written exactly and TemplateFault
        for what the template does wrong.
        """
        checked = check(context)
        owner = owner or checked.owner
        if owner is not None:
            own = self.constants | {member.decode(): code or blank for member, blank in self.codes.items()}
            return docxtpl_path.fill(self.data, self.parts, own, checked, owner, deflate)
        values = scope(checked.context)
        done = [(member, code or blank) for member, blank in self.codes.items()]
        for part in self.parts:
            content = part.fill(values, marked_up=checked.marked_up)
            if checked.marked_up:
                docxtpl_path.require_relations(content, part.source.part.rels)
            if restarts := part.source.restarts:
                content, lists = restarts.number(content)
                done.append((restarts.member.encode(), with_lists(self.numbering, lists)))
            done.append((part.source.member.encode(), content))
        return assemble(self.frame, done, deflate)

    def docxtpl(self) -> DocxTemplate:
        """Give a docxtpl object of this template, for InlineImage, Subdoc, links and replaced pictures."""
        return open_template(self.data)

    def __reduce__(self) -> tuple[object, ...]:
        return functools.partial(compile_template, name=self.name), (self.data,)


def compile_template(data: bytes, *, name: str) -> CompiledTemplate:
    """Compile the bytes of a .docx; ``name`` is what messages call it. Compiled templates are kept for the process.

    Raises TemplateFault naming template, part and paragraph for whatever is wrong with it.
    """
    return _compile(data, name)


@functools.lru_cache(maxsize=32)
def _compile(data: bytes, name: str) -> CompiledTemplate:
    template_precheck(data, name)
    try:
        opened = open_template(data)
        members = save(opened)
        sources = {source.member: source for source in read_sources(opened)}
        refuse_tags_elsewhere(members)
        numbering = _taken_out(members, sources.values())
        codes = {member.encode(): members.pop(member) for member in sorted(code_members(sources.values()))}
    except TemplateFault as error:
        raise TemplateFault(
            error.what, where=f"模板 {name}，{error.where}", remedy=error.remedy, code=error.code
        ) from error
    except Exception as error:
        raise TemplateFault(
            "模板的内部结构无法读取", where=f"模板 {name}", remedy="请用 Word/WPS 打开检查，另存为 .docx 后再试"
        ) from error
    parts: list[CompiledPart] = []
    constants: dict[str, bytes] = {}
    for source in sources.values():
        tree, place = _parse(source, name)
        own = "".join(data.data for data in tree.find_all(nodes.TemplateData))
        with _explaining(place):
            general, raw = environment().from_string(tree), raw_environment().from_string(tree)
            shape = shape_of(tree)
        breaks, pictures = resolve_breaks(own) != own, "<wp:docPr" in own
        ids = package_ids(members, source.part)
        part = CompiledPart(source, place, general, raw, shape, fixed_breaks=breaks, pictures=pictures, ids=ids)
        if is_constant(tree) and not source.restarts:
            constants[source.member] = part.fill({})
        else:
            parts.append(part)
    dynamic = {part.source.member for part in parts}
    fixed = {member: content for member, content in (members | constants).items() if member not in dynamic}
    return CompiledTemplate(name, sha256(data), data, lay_out(fixed), tuple(parts), constants, codes, numbering)


def _taken_out(members: dict[str, bytes], sources: Iterable[Source]) -> bytes:
    """Take the member that defines lists out of those that never change; empty where no list starts again."""
    return b"".join(members.pop(source.restarts.member) for source in sources if source.restarts)


def _parse(source: Source, name: str) -> tuple[nodes.Template, TemplatePlace]:
    """Parse a part; the properties, each with a source of its own, become one tree with their markup between."""
    if not source.texts:
        return _prepared(source.text, place := TemplatePlace(name, source.label, source.text)), place
    body: list[nodes.Node] = [_markup(source.pieces[0])]
    for line, ((label, text), piece) in enumerate(zip(source.texts, source.pieces[1:], strict=True), 1):
        tree = _prepared(text, TemplatePlace(name, label, text))
        for node in tree.find_all(nodes.Node):
            node.lineno = line
        for data in tree.find_all(nodes.TemplateData):
            data.data = str(escape(data.data))
        body += (*tree.body, _markup(piece))
    lines = "\n".join(text.replace("\n", " ") for _, text in source.texts)
    tree = nodes.Template(body, lineno=1)
    tree.set_environment(environment())
    return tree, TemplatePlace(name, source.label, lines)


def _prepared(text: str, place: TemplatePlace) -> nodes.Template:
    with _explaining(place):
        tree = prepare(environment(), text)
    for line, written in single_braces(text):
        raise single_brace_fault(written, place.where(line))
    return tree


@contextlib.contextmanager
def _explaining(place: TemplatePlace) -> Iterator[None]:
    try:
        yield
    except (TemplateError, ForbiddenTag) as error:
        raise syntax_fault(error, place) from error
    except (RecursionError, MemoryError, SyntaxError, ValueError) as error:  # brackets, blocks or digits without end
        raise TemplateFault(
            "标签嵌套过深或过长", where=place.where(), remedy="请简化标签", code="template-syntax"
        ) from error


def _markup(text: str) -> nodes.Output:
    return nodes.Output([nodes.TemplateData(text, lineno=1)], lineno=1)
