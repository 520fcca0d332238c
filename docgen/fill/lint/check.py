"""Check a template whole: every fault of every part in one run, in the order of the document."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from docx.opc.oxml import serialize_part_xml

from yiyu.docgen.context import Context
from yiyu.docgen.fill.compiled import compile_template
from yiyu.docgen.fill.controls import tie_controls
from yiyu.docgen.fill.gate import Leak, PackageIds, gate
from yiyu.docgen.fill.lint.blocks import Blocks, Step
from yiyu.docgen.fill.lint.finding import WHOLE_FILE, Expectations, Report, TemplateFinding
from yiyu.docgen.fill.lint.form import Irregular, annexes, clause_numbers, swapped_sides
from yiyu.docgen.fill.lint.kinds import ToldKind, tell_kind
from yiyu.docgen.fill.lint.known import fields_in, known_fields
from yiyu.docgen.fill.lint.levels import check_levels
from yiyu.docgen.fill.lint.paragraphs import Paragraph, open_document, parts_of, read_paragraphs
from yiyu.docgen.fill.lint.required import check_remains, check_required
from yiyu.docgen.fill.lint.sides import assign, role_of
from yiyu.docgen.fill.lint.signing import check_signing
from yiyu.docgen.fill.lint.tags import Tag, scan
from yiyu.docgen.fill.lint.trial import REFUSED, Line, samples, try_part
from yiyu.docgen.fill.source import BODY
from yiyu.docgen.fill.template_precheck import template_precheck
from yiyu.registry.errors import TemplateFault, UserError
from yiyu.registry.model import DocKind, Severity

_QUOTED = re.compile(r"“([^”]*[^”\s][^”]*)”")
_MOST_TAGS = 5000
_MOST_REFUSED = 3
"""Refused calculations of a template before it is tried no further: each costs about a second."""


def check_template(data: bytes, name: str, wanted: Expectations | None = None) -> tuple[TemplateFinding, ...]:
    """Give all findings for the bytes of a template; none for a clean one. ``name`` is what messages call it.

    A template without errors is one the engine compiles and fills for a sample agreement of each wanted variant, or for
    the data it is held against.
    """
    return check_told(data, name, lambda _told: wanted or Expectations())[0]


def check_told(
    data: bytes, name: str, expect: Callable[[ToldKind], Expectations]
) -> tuple[tuple[TemplateFinding, ...], ToldKind]:
    """Check a template against what ``expect`` says of the kind its title or content tells; give the kind too."""
    try:
        template_precheck(data, name)
        document = open_document(data)
        for _, root in parts_of(document):
            tie_controls(root)
        paragraphs = read_paragraphs(document)
    except TemplateFault as fault:
        return (_of_file(fault.what, fault.remedy),), ToldKind()
    except Exception:  # noqa: BLE001 python-docx and lxml raise a zoo for a damaged package
        hint = "请用 Word/WPS 打开检查，另存为 .docx 后再试"
        return (_of_file("文档的内部结构无法读取", hint),), ToldKind()
    told = tell_kind([paragraph.text for paragraph in paragraphs if paragraph.part == BODY])
    wanted = expect(told)
    check = _TemplateCheck(paragraphs, wanted)
    check.statics()
    check.trials()
    check.findings += check_remains(data, paragraphs)
    errors = {one.code for one in (*check.findings, *check.by_variant) if one.severity is Severity.ERROR}
    if not errors:
        check.engine(data, name)
    elif errors == {"field-unknown"}:
        check.markup(data, name, [serialize_part_xml(root) for _, root in parts_of(document)])
    found = sorted(check.merged(), key=lambda one: (one.paragraph % (len(paragraphs) + 1), one.code))
    return tuple(found), told


@dataclass(slots=True)
class _Part:
    """A part of the template: its paragraphs from ``first`` on, and what the tags of them came to."""

    label: str
    first: int
    paragraphs: Sequence[Paragraph]
    steps: Sequence[Step] = ()
    faulty: bool = False
    broken: bool = False


@dataclass(slots=True)
class _TemplateCheck:
    paragraphs: Sequence[Paragraph]
    wanted: Expectations
    findings: list[TemplateFinding] = field(default_factory=list)
    by_variant: dict[TemplateFinding, list[str]] = field(default_factory=dict)
    parts: list[_Part] = field(default_factory=list)
    refused: int = 0

    def statics(self) -> None:
        """What can be told without data: writing, blocks, names, prefixes, fields never printed."""
        printed: set[str] = set()
        fields = known_fields(self.wanted.kind) if self.wanted.data is None else fields_in(self.wanted.data)
        for label, group in groupby(enumerate(self.paragraphs), key=lambda pair: pair[1].part):
            members = list(group)
            part = _Part(label, members[0][0], [paragraph for _, paragraph in members])
            self.parts.append(part)
            before = len(self.findings)
            tags = self._scanned(part)
            blocks = Blocks(fields, self._report_in(part))
            blocks.follow(tags)
            check_levels(part.paragraphs, tags, blocks.pairs, self._report_in(part))
            part.steps, part.broken = blocks.steps, blocks.broken
            part.faulty = any(one.severity is Severity.ERROR for one in self.findings[before:])
            printed |= blocks.printed
        if self.paragraphs and not any("{{" in one.text or "{%" in one.text for one in self.paragraphs):
            message = "模板里没有一个标签，填写后与原件一样"
            self._add(
                WHOLE_FILE,
                Severity.WARNING,
                "no-tags",
                message,
                "请在要填写处写上标签，如 {{ 甲方.名称 }}；普通范本可先用 yiyu template draft 拟一遍",
            )
        for paragraph, message, suggestion in check_required(self.wanted.needs, printed, self.paragraphs):
            severity = Severity.WARNING if self.wanted.guessed else Severity.ERROR
            self._add(paragraph, severity, "field-required", message, suggestion)

    def trials(self) -> None:
        """What shows with data: values that cannot be printed, endless loops, and the form of the printed agreement."""
        for label, context in self._contexts():
            for part in self.parts:
                for index, fault in try_part(part.paragraphs, part.steps, context)[1]:
                    self._failed(part, index, fault, label)
            if self.refused >= _MOST_REFUSED:
                return
        for body in (part for part in self.parts if part.label == BODY):
            for label, context in self._contexts(marked=True):
                self._try_form(body, label, context)

    def _contexts(self, *, marked: bool = False) -> Iterator[tuple[str, Context]]:
        """What the template is tried with: the data it is held against, else samples."""
        if self.wanted.data is not None:
            yield "", dict(self.wanted.data)
        else:
            yield from samples(self.wanted.kind or DocKind.ACTIVITY_RECORD, self.wanted.variants, marked=marked)

    def engine(self, data: bytes, name: str) -> None:
        """Whatever is left: a template without findings must be one the engine fills."""
        try:
            compiled = compile_template(data, name=name)
            for _, context in self._contexts():
                compiled.fill(context)
        except UserError as fault:
            self._add(self._named(fault.where, fault.what), Severity.ERROR, fault.code, fault.what, fault.remedy)

    def markup(self, data: bytes, name: str, parts: Sequence[bytes]) -> None:
        """What no data can mend, where fields that are not ours keep the template from being tried."""
        try:
            compile_template(data, name=name)
            for part in parts:
                gate(part, PackageIds(), signs_allowed=True)
        except UserError as fault:
            self._add(self._named(fault.where, fault.what), Severity.ERROR, fault.code, fault.what, fault.remedy)
        except Leak as leak:
            self._add(self._named(f"“{leak.near}”", leak.what), Severity.ERROR, leak.code, leak.what, leak.remedy)

    def _named(self, where: str, what: str) -> int:
        """The paragraph of which the engine shows the text, or a piece, or a sign that stands in no other."""
        shown = [index for index, one in enumerate(self.paragraphs) if one.text and one.text in where]
        if shown:
            return max(shown, key=lambda index: len(self.paragraphs[index].text))
        pieces = [*_QUOTED.findall(where), *(sign for sign in _QUOTED.findall(what) if not sign.isalnum())]
        within = [index for index, one in enumerate(self.paragraphs) if any(piece in one.text for piece in pieces)]
        return within[0] if len(within) == 1 else WHOLE_FILE

    def merged(self) -> Iterator[TemplateFinding]:
        """All findings, each once; one that is not of every variant names those it is of."""
        yield from dict.fromkeys(self.findings)
        for finding, labels in self.by_variant.items():
            names = sorted(set(labels), key=labels.index)
            some = self.wanted.data is None and len(names) < len(self.wanted.variants)
            message = f"{finding.message}（{'、'.join(names)}的协议）" if some else finding.message
            hint = f"{finding.suggestion}；也可以在 pack.toml 里给该类型另设模板" if some else finding.suggestion
            yield self._made(finding.paragraph, finding.severity, finding.code, message, hint)

    def _scanned(self, part: _Part) -> list[tuple[int, Tag]]:
        tags: list[tuple[int, Tag]] = []
        for index, paragraph in enumerate(part.paragraphs):
            found, faults = scan(paragraph.text)
            if len(tags) + len(found) + len(faults) > _MOST_TAGS:
                hint = "请拆成几份模板，或用循环代替重复的标签"
                self._add(
                    part.first + index, Severity.ERROR, "too-many-tags", f"标签超过{_MOST_TAGS}个，后面的没有检查", hint
                )
                break
            tags += ((index, tag) for tag in found)
            for fault in faults:
                self._add(part.first + index, fault.severity, fault.code, fault.message, fault.suggestion)
        return tags

    def _try_form(self, body: _Part, label: str, context: Context) -> None:
        lines = try_part(body.paragraphs, body.steps, context)[0]
        sides = [side["称谓"][0] for side in context["各方"]] if self.wanted.data is None else _sides_named(lines)
        for one in self._form(body, lines, sides):
            paragraph = body.first + lines[one.line].paragraph
            finding = self._made(paragraph, one.severity, one.code, one.message, one.suggestion)
            self.by_variant.setdefault(finding, []).append(label)

    def _form(self, part: _Part, lines: Sequence[Line], roles: Sequence[str]) -> Iterator[Irregular]:
        pieces = assign(lines, part.paragraphs)
        yield from swapped_sides(pieces)
        if not lines or self.wanted.kind is not DocKind.AGREEMENT:
            return
        yield from annexes(lines, self.wanted.titles)
        for one in (*clause_numbers(lines), *check_signing(lines, pieces, part.paragraphs, roles)):
            # With a block broken, texts stand together that would not be printed together: a fault may be none.
            yield replace(one, severity=Severity.WARNING) if part.broken else one

    def _failed(self, part: _Part, index: int, fault: UserError, label: str) -> None:
        # In a part with errors a trial may fail of what was left out; only what is refused is a fault of its own.
        if part.faulty and fault.code != REFUSED:
            return
        if fault.code == REFUSED:
            self.refused += 1
            self._add(part.first + index, Severity.ERROR, "code-refused", fault.what, fault.remedy)
            return
        code = "field-unknown" if fault.code == "template-field" else "value"
        finding = self._made(part.first + index, Severity.ERROR, code, fault.what, fault.remedy)
        self.by_variant.setdefault(finding, []).append(label)

    def _report_in(self, part: _Part) -> Report:
        def report(index: int, severity: Severity, code: str, message: str, suggestion: str) -> None:
            if self.wanted.data is not None:
                message, suggestion = _of_data(message, suggestion)
            self._add(part.first + index, severity, code, message, suggestion)

        return report

    def _add(self, paragraph: int, severity: Severity, code: str, message: str, suggestion: str) -> None:
        self.findings.append(self._made(paragraph, severity, code, message, suggestion))

    def _made(self, paragraph: int, severity: Severity, code: str, message: str, suggestion: str) -> TemplateFinding:
        place = self.paragraphs[paragraph].place if paragraph != WHOLE_FILE else "整个文件"
        return TemplateFinding(severity, code, place, message, suggestion, paragraph)


def _of_data(message: str, suggestion: str) -> tuple[str, str]:
    """Say of the data what is else said of our own fields."""
    if not message.startswith("没有字段"):
        return message, suggestion
    hint = suggestion.partition("；运行 yiyu")[0]
    return f"数据里{message}", "请在数据中补上该字段" if hint.startswith("这一组字段") else hint


def _sides_named(lines: Sequence[Line]) -> list[str]:
    """The sides a document filled with other data has, by the labels it prints."""
    return [role for role in "甲乙丙" if any(role_of(line.text) == role for line in lines)]


def _of_file(message: str, suggestion: str) -> TemplateFinding:
    return TemplateFinding(Severity.ERROR, "file-unreadable", "整个文件", message, suggestion)
