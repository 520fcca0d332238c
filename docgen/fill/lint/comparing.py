"""Two versions of a template: the fields that are gone, new, or stand elsewhere; the paragraphs with other words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import NamedTuple

from jinja2 import nodes

from yiyu.docgen.fill.lint.grammar import parsed
from yiyu.docgen.fill.lint.paragraphs import Paragraph, open_document, read_paragraphs
from yiyu.docgen.fill.lint.tags import Tag, scan
from yiyu.docgen.fill.template_precheck import template_precheck
from yiyu.registry.errors import TemplateFault


class Change(StrEnum):
    """What became of a field from the old version to the new."""

    GONE = "gone"
    NEW = "new"
    MOVED = "moved"
    FEWER = "fewer"
    """Still there, but not at this place."""
    MORE = "more"
    """Was there before, now at this place too."""


class FieldUse(NamedTuple):
    """A field (服务项目[].项目 inside a loop) in a paragraph, by its index."""

    field: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One change; of a field that is gone or new one of the places is ""."""

    change: Change
    field: str
    old_place: str = ""
    new_place: str = ""
    text: str = ""
    """The words around, from the new version where it has the field."""


class TextChange(NamedTuple):
    """A paragraph, by its place in the old version where it has it, with the words of both."""

    place: str
    old: str
    new: str


def compare_templates(old: tuple[bytes, str], new: tuple[bytes, str]) -> tuple[FieldChange, ...]:
    """Compare two templates, each its bytes and name. Raises TemplateFault for what is no readable .docx."""
    before, after = _paragraphs(*old), _paragraphs(*new)
    same = _aligned(before, after)
    uses, others = list(_uses(before)), list(_uses(after))
    left = Counter(others)
    lost = []
    for use in uses:
        there = FieldUse(use.field, same.get(use.paragraph, -1))
        if left[there]:
            left[there] -= 1
        else:
            lost.append(use)
    found = list((left & Counter(others)).elements())
    return tuple(_changes(lost, found, {use.field for use in uses}, {use.field for use in others}, before, after))


def compare_texts(old: tuple[bytes, str], new: tuple[bytes, str]) -> tuple[TextChange, ...]:
    """The paragraphs of which the words, tags among them, are others. Raises TemplateFault as :func:`compare_templates`."""
    before, after = _paragraphs(*old), _paragraphs(*new)
    found: list[TextChange] = []
    ours, theirs = ([(one.part, one.text) for one in side] for side in (before, after))
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        for here, there in zip_longest(before[i1:i2], after[j1:j2]) if kind != "equal" else ():
            texts = (here.text if here else "", there.text if there else "")
            if any(text.strip() for text in texts):
                found.append(TextChange((here or there).place, *texts))
    return tuple(found)


def _paragraphs(data: bytes, name: str) -> tuple[Paragraph, ...]:
    template_precheck(data, name)
    try:
        return read_paragraphs(open_document(data))
    except Exception as error:
        remedy = "请用 Word/WPS 打开检查，另存为 .docx 后再试"
        raise TemplateFault("文档的内部结构无法读取", where=f"模板 {name}", remedy=remedy) from error


def _aligned(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> dict[int, int]:
    """Old index to new of the paragraphs that are the same place: same words without the tags, or in the same gap."""
    old, new = ([(one.part, _words(one.text)) for one in side] for side in (before, after))
    same: dict[int, int] = {}
    for _, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same |= dict(zip(range(i1, i2), range(j1, j2), strict=False))
    return same


def _words(text: str) -> str:
    for tag in reversed(scan(text)[0]):
        text = text[: tag.start] + text[tag.end :]
    return re.sub(r"[\s　]", "", text)


def _uses(paragraphs: Sequence[Paragraph]) -> Iterator[FieldUse]:
    loops: list[tuple[str, str]] = []
    for index, paragraph in enumerate(paragraphs):
        for tag in scan(paragraph.text)[0]:
            node = _node(tag)
            if isinstance(node, nodes.For):
                inside = next(iter(_paths(node.iter, loops)), "")
                loops.append((getattr(node.target, "name", ""), f"{inside}[]"))
                yield from (FieldUse(path, index) for path in _paths(node.iter, loops[:-1]))
            elif tag.keyword == "endfor":
                del loops[-1:]
            elif node is not None:
                yield from (FieldUse(path, index) for path in _paths(node, loops))


def _node(tag: Tag) -> nodes.Node | None:
    """What a tag asks for, made complete; None for an end, or for what cannot be read (``check`` says why)."""
    match tag.mark, tag.keyword:
        case "{{", _:
            node = parsed(f"{{{{ {tag.code} }}}}")
        case "{%", "if" | "elif":
            node = parsed(f"{{% if {tag.rest} %}}{{% endif %}}")
        case "{%", "for" | "with":
            node = parsed(f"{{% {tag.code} %}}{{% end{tag.keyword} %}}")
        case "{%", "set":
            node = parsed(f"{{% {tag.code} %}}")
        case _:
            return None
    return None if isinstance(node, str) else node


def _paths(node: nodes.Node, loops: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The fields an expression reads; a name of a loop stands for an item of its list."""
    match node:
        case nodes.Name(ctx="load"):
            yield next((path for name, path in reversed(loops) if name == node.name), node.name)
        case nodes.Getattr():
            yield from (f"{path}.{node.attr}" for path in _paths(node.node, loops))
        case _:
            for child in node.iter_child_nodes():
                yield from _paths(child, loops)


def _changes(
    lost: list[FieldUse],
    found: list[FieldUse],
    old: set[str],
    new: set[str],
    before: Sequence[Paragraph],
    after: Sequence[Paragraph],
) -> Iterator[FieldChange]:
    for use in lost:
        here = before[use.paragraph]
        if use.field not in new:
            yield FieldChange(Change.GONE, use.field, here.place, text=here.text)
        elif there := next((one for one in found if one.field == use.field), None):
            found.remove(there)
            to = after[there.paragraph]
            yield FieldChange(Change.MOVED, use.field, here.place, to.place, to.text)
        else:
            yield FieldChange(Change.FEWER, use.field, here.place, text=here.text)
    for use in found:
        place = after[use.paragraph]
        change = Change.MORE if use.field in old else Change.NEW
        yield FieldChange(change, use.field, new_place=place.place, text=place.text)
