"""Try one part with data: its texts and tags without the markup, one line a paragraph, in the engine's own sandbox.

What comes out is the document as a reader goes through it, each line with the template paragraph it came from. A line
that fails is reported, made neutral and the rest tried again, so that one run tells all.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import cycle

from jinja2 import Template

from yiyu.docgen.context import Context, sample_context
from yiyu.docgen.fill.environment import environment
from yiyu.docgen.fill.faults import TemplatePlace, rendering_fault
from yiyu.docgen.fill.limits import BUDGET, TooMuch
from yiyu.docgen.fill.lint.blocks import Step
from yiyu.docgen.fill.lint.grammar import NEUTRAL
from yiyu.docgen.fill.lint.levels import removed_units
from yiyu.docgen.fill.lint.paragraphs import Paragraph
from yiyu.docgen.fill.lint.tags import Tag
from yiyu.docgen.fill.tree import prepare
from yiyu.registry.errors import UserError
from yiyu.registry.model import VARIANT_LABEL, DocKind, Variant

_START, _END = "\ue000", "\ue001"
_LINE = re.compile(f"{_START}(\\d+){_END}([^{_START}]*)")
_NOT_BRACES = str.maketrans({"{": "｛", "}": "｝", _START: None, _END: None, "\n": " "})
_MOST_FAULTS = 20
_LONGEST = 5000
"""No more of a line is looked at."""
REFUSED = "template-unsafe"
"""The engine's code for what it does not carry out."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a filled document: the index of the template's paragraph, and the text."""

    paragraph: int
    text: str


class _LineOnly(TemplatePlace):
    """Says no more than the line, which here is the paragraph."""

    def where(self, lineno: int | None = None) -> str:
        return str(lineno or 0)


def try_part(
    paragraphs: Sequence[Paragraph], steps: Sequence[Step], context: Mapping[str, object]
) -> tuple[list[Line], list[tuple[int, UserError]]]:
    """Give the lines, and each fault with the index of its paragraph."""
    sources = [step.source for step in steps]
    faults: list[tuple[int, UserError]] = []
    while len(faults) < _MOST_FAULTS:
        try:
            return _lines(_render(_flat(paragraphs, steps, sources), context)), faults
        except _Failed as failed:
            here = [place for place, step in enumerate(steps) if step.paragraph == failed.paragraph and sources[place]]
            spared = {place: _spared(steps[place]) for place in here}
            if all(sources[place] == source for place, source in spared.items()):
                break
            faults.append((failed.paragraph, failed.fault))
            for place, source in spared.items():
                sources[place] = source
                if failed.fault.code == REFUSED:
                    # It is so with any data, and each trial of it takes its second.
                    steps[place].source = source
    return [], faults


class _Failed(Exception):
    def __init__(self, paragraph: int, fault: UserError) -> None:
        self.paragraph, self.fault = paragraph, fault
        super().__init__(str(fault))


def _spared(step: Step) -> str:
    return "" if step.tag.mark == "{{" or step.tag.keyword == "set" else NEUTRAL.get(step.tag.keyword, step.source)


def _flat(paragraphs: Sequence[Paragraph], steps: Sequence[Step], sources: Sequence[str]) -> str:
    """Write a line for each paragraph; of what a prefix removes (rows, cells, paragraphs) only the tag is left."""
    tags = [(step.paragraph, step.tag) for step in steps]
    rows, cells, alone = (removed_units(level, paragraphs, tags) for level in ("tr", "tc", "p"))
    by_paragraph: dict[int, list[tuple[Tag, str]]] = defaultdict(list)
    for step, source in zip(steps, sources, strict=True):
        by_paragraph[step.paragraph].append((step.tag, source))
    lines = []
    for index, paragraph in enumerate(paragraphs):
        own, spot = by_paragraph[index], paragraph.spot
        level = "tr" if spot.row in rows and spot.row else "tc" if spot.cell in cells and spot.cell else ""
        level = level or ("p" if index in alone else "")
        if level:
            lines.append("".join(source for tag, source in own if tag.level == level))
            continue
        pieces, position = [f"{_START}{index}{_END}"], 0
        for tag, source in own:
            pieces += (_plain(paragraph.text[position : tag.start]), source)
            position = tag.end
        lines.append("".join((*pieces, _plain(paragraph.text[position:]))))
    return "\n".join(line.replace("\n", " ") for line in lines)


def _plain(text: str) -> str:
    return text.translate(_NOT_BRACES)


def _render(source: str, context: Mapping[str, object]) -> str:
    template = _compiled(source)
    if template is None:
        return ""
    taken, length = [], 0
    try:
        for piece in template.root_render_func(template.new_context(dict(context))):
            taken.append(piece)
            length += len(piece)
            if length > BUDGET:
                raise TooMuch("循环或文字过多，超出一份文书所需")
    except Exception as error:
        fault = rendering_fault(error, _LineOnly("", "", ""), template, context)
        raise _Failed(int(fault.where) - 1, fault) from error
    return "".join(taken)


@functools.lru_cache(maxsize=32)
def _compiled(source: str) -> Template | None:
    """Compile a part once for all samples; None for what is still wrong, which the engine will report."""
    try:
        return environment().from_string(prepare(environment(), source))
    except Exception:  # noqa: BLE001 every tag was parsed alone: this is what only the whole shows, such as nesting
        return None


def _lines(text: str) -> list[Line]:
    return [Line(int(found[1]), unescape(found[2][:_LONGEST].rstrip("\n"))) for found in _LINE.finditer(text)]


OPEN, CLOSE = "〈", "〉"
"""Around the path of a field where its value is a mark, to see which field was printed where."""
_RENEWALS = ("none", "negotiate", "auto_once", "auto")
_KEPT = ("称谓", "备案日期", "普惠", "托位数", "在托数", "从业人员数", "保健员数")
"""What templates compare, count or read as a date stays a real value."""
_TWO_SIDES = {"各方称谓": "双方", "医方称谓": "甲方", "份数": 4, "份数大写": "肆"}


def samples(kind: DocKind, variants: Iterable[Variant], *, marked: bool = False) -> Iterator[tuple[str, Context]]:
    """Give contexts with the name of their variant. ``marked``: the parties' texts are marks of their paths."""
    turns = zip(Variant, cycle(_RENEWALS), cycle((True, False)), strict=False)
    wanted = set(variants)
    for variant, renewal, other in turns:
        if variant not in wanted:
            continue
        context = sample_context(kind)
        agreement = context["协议"]
        agreement |= {"类型": VARIANT_LABEL[variant], "类型代码": variant.value, "续签方式": renewal, "收费": other}
        if other:
            agreement["原协议编号"] = ""
        sides = [context["甲方"], context["乙方"], context["丙方"]]
        if variant is not Variant.SF:
            agreement |= _TWO_SIDES
            third = sides.pop()
            third |= {key: False if isinstance(value, bool) else "" for key, value in third.items() if key != "称谓"}
        if marked:
            for side in sides:
                side |= {
                    key: f"{OPEN}{side['称谓']}.{key}{CLOSE}" for key, value in side.items() if _is_text(key, value)
                }
        context["各方"] = sides
        yield VARIANT_LABEL[variant], context


def _is_text(key: str, value: object) -> bool:
    return isinstance(value, str) and key not in _KEPT
