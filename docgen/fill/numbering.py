"""Numbered lists that start again with each pass of a loop: Word counts a list on to the end of the document.

Where an author looks at the template the list begins at 1 and would begin there again with each pass in two cases: the
list stands in a loop within a loop, or one pass of a loop holds several of its paragraphs. Such paragraphs are marked
before the part is compiled, and each pass gets a list of its own (``w:num`` with ``w:startOverride``) when a document is
filled. A list that a single paragraph of one loop makes counts through, as does one that the text around shares.

Source: ECMA-376-1, 17.9.15 (num), 17.9.8 (lvlOverride), 17.9.26 (startOverride), 17.3.1.19 (numPr), 17.9.23 (pStyle).
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement

from yiyu.docgen.fill.fields import W

_LOOP = re.compile(r"\{%(p|tr)\s+(for|endfor|if|endif)\b")
_MARKED = re.compile(rb'<w:restart w:val="(\d+)"/>|(<w:numId w:val=")restart(\d+)(?="/>)')
_LAST = re.compile(rb"(?=<w:numIdMacAtCleanup\b|</w:numbering>\s*$)")
_NAMES = re.compile(rb'\sxmlns:\w+="[^"]*"')
"""Names of namespaces, which the root of the member declares as well."""
_FIRST_NUMBER = 1001


@dataclass(frozen=True, slots=True)
class Restarts:
    """The lists of a template that start again: the member that defines lists, and a definition for each to copy."""

    member: str
    lists: tuple[bytes, ...]
    """The XML of a ``w:num`` each, with ``{}`` in place of its number."""

    def number(self, content: bytes, *, after: BaseOxmlElement | None = None) -> tuple[bytes, bytes]:
        """Give a filled body its own list for each pass, without the marks; and the definitions of those lists.

        ``after``: what defines the lists of the document, where more than those of the template may be.
        """
        taken = () if after is None else (int(one.get(f"{W}numId") or 0) for one in after.findall(f"{W}num"))
        first = max((_FIRST_NUMBER, *(number + 1 for number in taken)))
        made: list[bytes] = []
        current: dict[bytes, int] = {}

        def replaced(found: re.Match[bytes]) -> bytes:
            if found[1] is not None:
                current.pop(found[1], None)
                return b""
            if found[3] not in current:
                current[found[3]] = first + len(made)
                made.append(self.lists[int(found[3])].replace(b"{}", b"%d" % current[found[3]]))
            return b"%b%d" % (found[2], current[found[3]])

        return _MARKED.sub(replaced, content), b"".join(made)


def with_lists(numbering: bytes, lists: bytes) -> bytes:
    """The part that defines lists with more of them, in the order of the schema."""
    return _LAST.sub(lambda _: lists, numbering, count=1)


@dataclass(slots=True)
class _Loop:
    head: BaseOxmlElement
    """The paragraph or row of its tag."""
    around: "tuple[_Loop, ...]"
    numbered: list["_Numbered"] = field(default_factory=list)
    inner: list["_Numbered"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Numbered:
    paragraph: BaseOxmlElement
    number: str
    level: int
    certain: bool
    """Stands in every pass, not only under a condition."""
    indent: BaseOxmlElement | None
    """Of the style, which would be lost where the list is named in the paragraph itself."""


def mark_restarts(document: Document) -> Restarts | None:
    """Mark what starts again in the body, in place; None where nothing does."""
    part = next(
        (one.target_part for one in document.part.rels.values() if one.reltype == RELATIONSHIP_TYPE.NUMBERING), None
    )
    root = getattr(part, "element", None)
    if part is None or root is None or root.prefix != "w" or root.tag != f"{W}numbering":
        return None
    numbers = {str(one.get(f"{W}numId")): one for one in root.findall(f"{W}num")}
    loops, fixed = _loops(document, _StyleLists(document, root))
    lists: list[bytes] = []
    for loop in loops:
        for number, group in _starting(loop, fixed):
            if number in numbers and (made := _definition(root, numbers[number], {one.level for one in group})):
                mark = OxmlElement("w:restart")
                mark.set(f"{W}val", str(len(lists)))
                loop.head.addnext(mark)
                for one in group:
                    _name(one, f"restart{len(lists)}")
                lists.append(made)
    return Restarts(part.partname.membername, tuple(lists)) if lists else None


def _loops(document: Document, styles: "_StyleLists") -> tuple[list[_Loop], set[str]]:
    """The loops over paragraphs and rows, inner ones first (none if unpaired), and the lists that stand outside of them too."""
    opened: list[_Loop] = []
    closed: list[_Loop] = []
    fixed = set[str]()
    conditions = 0
    for paragraph in document.element.body.iter(f"{W}p"):
        tags = _LOOP.findall("".join(at.text or "" for at in paragraph.iter(f"{W}t")))
        for level, word in tags:
            if word == "for":
                rows = paragraph.iterancestors(f"{W}tr")
                opened.append(_Loop(next(rows, paragraph) if level == "tr" else paragraph, tuple(opened)))
            elif word == "endfor":
                if not opened:
                    return [], fixed
                closed.append(done := opened.pop())
                if opened:
                    opened[-1].inner += done.numbered + done.inner
            else:
                conditions += 1 if word == "if" else -1
        found = None if tags else styles.numbered(paragraph, certain=not conditions)
        if found is not None:
            if opened:
                opened[-1].numbered.append(found)
            else:
                fixed.add(found.number)
    return ([] if opened else closed), fixed


def _starting(loop: _Loop, fixed: set[str]) -> Iterator[tuple[str, list[_Numbered]]]:
    """The lists that start again with each pass of ``loop``, with the paragraphs concerned."""
    waiting = [one for one in loop.inner if not _is_named(one)]
    for number in dict.fromkeys(one.number for one in (*loop.numbered, *waiting)):
        own = [one for one in loop.numbered if one.number == number]
        group = [*own, *(one for one in waiting if one.number == number)]
        if not own:
            yield number, group
            continue
        top = min(one.level for one in own)
        several = sum(one.certain and one.level == top for one in own) > 1
        shared = number in fixed or any(one.number == number for outer in loop.around for one in outer.numbered)
        if several and not shared:
            yield number, group


def _is_named(one: _Numbered) -> bool:
    at = one.paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
    return at is not None and (at.get(f"{W}val") or "").startswith("restart")


def _name(one: _Numbered, number: str) -> None:
    properties = one.paragraph.get_or_add_pPr()
    named = properties.get_or_add_numPr()
    named.get_or_add_ilvl().set(f"{W}val", str(one.level))
    named.get_or_add_numId().set(f"{W}val", number)
    if one.indent is not None and properties.find(f"{W}ind") is None:
        own = properties.get_or_add_ind()
        for name, value in one.indent.attrib.items():
            own.set(name, value)


def _definition(root: BaseOxmlElement, number: BaseOxmlElement, levels: set[int]) -> bytes:
    """A copy of a list that begins anew at ``levels``; its number is left open. Empty where its kind is unknown."""
    at = number.find(f"{W}abstractNumId")
    kind = next((one for one in root.findall(f"{W}abstractNum") if at is not None and _same(one, at)), None)
    if kind is None:
        return b""
    made = copy.deepcopy(number)
    made.set(f"{W}numId", "{}")
    for level in sorted(levels):
        override = next((one for one in made.findall(f"{W}lvlOverride") if one.get(f"{W}ilvl") == str(level)), None)
        if override is None:
            made.append(override := OxmlElement("w:lvlOverride"))
            override.set(f"{W}ilvl", str(level))
        if override.find(f"{W}startOverride") is None:
            start = next((one.find(f"{W}start") for one in kind if one.get(f"{W}ilvl") == str(level)), None)
            override.insert(0, first := OxmlElement("w:startOverride"))
            first.set(f"{W}val", "1" if start is None else str(start.get(f"{W}val")))
    return _NAMES.sub(b"", serialize_part_xml(made).partition(b"?>")[2].strip())


def _same(kind: BaseOxmlElement, at: BaseOxmlElement) -> bool:
    return bool(kind.get(f"{W}abstractNumId") == at.get(f"{W}val"))


class _StyleLists:
    """Which list a paragraph is of, by itself or by its style."""

    def __init__(self, document: Document, root: BaseOxmlElement) -> None:
        self.styles = {one.get(f"{W}styleId"): one for one in document.styles.element.findall(f"{W}style")}
        self.default = next(
            (
                key
                for key, one in self.styles.items()
                if one.get(f"{W}type") == "paragraph" and one.get(f"{W}default") in {"1", "true"}
            ),
            None,
        )
        self.levels = {
            _value(level, "pStyle"): int(level.get(f"{W}ilvl") or 0)
            for level in root.iter(f"{W}lvl")
            if _value(level, "pStyle")
        }

    def numbered(self, paragraph: BaseOxmlElement, *, certain: bool) -> _Numbered | None:
        """The list and level of a paragraph; None where it has none."""
        own = paragraph.find(f"{W}pPr")
        named = None if own is None else own.find(f"{W}numPr")
        number = _value(named, "numId")
        if number:
            return None if number == "0" else _Numbered(paragraph, number, _level(named), certain, None)
        key = _value(own, "pStyle") or self.default
        indent, seen = None, set[str | None]()
        while (style := self.styles.get(key)) is not None and key not in seen:
            seen.add(key)
            given = style.find(f"{W}pPr")
            if indent is None and given is not None:
                indent = given.find(f"{W}ind")
            inherited = None if given is None else given.find(f"{W}numPr")
            if number := _value(inherited, "numId"):
                level = _level(named) or _level(inherited) or self.levels.get(key, 0)
                return None if number == "0" else _Numbered(paragraph, number, level, certain, indent)
            key = _value(style, "basedOn")
        return None


def _level(numbering: BaseOxmlElement | None) -> int:
    return int(_value(numbering, "ilvl") or 0)


def _value(parent: BaseOxmlElement | None, name: str) -> str | None:
    child = None if parent is None else parent.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val")
