"""The outline of a PDF: read from a source, written for what was joined."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary

from yiyu.docgen.pdf.carrying.destinations import Places
from yiyu.docgen.pdf.carrying.objects import ODD, Key, actions, items, key_of, number, text
from yiyu.docgen.pdf.writing import Writer, reference, spelled

_FITTED = b"/Fit"
_DEEPEST = 90
"""pypdf, which reads back what was written, goes down 100 levels."""
_KEPT = ("/GoTo", "/URI", "/Named")
_FLAGS = 3
"""Italic and bold (ISO 32000-1, table 154)."""


@dataclass(slots=True)
class OutlineEntry:
    """One outline item; ``page`` counts from 0, None where it leads to none.

    ``view``: what follows the page in its target (ISO 32000-1, table 151). ``more``: action, colour and style, spelled.
    """

    title: str
    page: int | None
    view: bytes = _FITTED
    children: list["OutlineEntry"] = field(default_factory=list)
    unfolded: bool = False
    more: bytes = b""


def outline_of(pdf: pikepdf.Pdf, shift: int) -> tuple[list[OutlineEntry], list[str]]:
    """The file's own outline entry by entry, its pages counted from ``shift``, and what of it is left behind."""
    seen: set[Key] = set()
    left: list[str] = []
    places = Places(pdf) if "/Outlines" in pdf.Root else None

    def level(parent: pikepdf.Object, depth: int = 1) -> Iterator[OutlineEntry]:
        item = parent.get("/First")
        if depth > _DEEPEST and item is not None:
            left.append(f"第 {_DEEPEST} 层以下的书签")
            return
        while isinstance(item, Dictionary):
            key = key_of(item)
            if key in seen:
                left.append("书签中指回自身的部分")
                return
            if key:
                seen.add(key)
            entry = OutlineEntry(text(item.get("/Title")), None, unfolded=(number(item.get("/Count")) or 0) > 0)
            try:
                if places:
                    entry.page, entry.view = _target(item, places, shift)
                entry.more = _more(item, left)
            except ODD:
                left.append("书签的目标（结构有误）")
            entry.children = list(level(item, depth + 1))
            yield entry
            item = item.get("/Next")

    try:
        return list(level(pdf.Root.Outlines)) if isinstance(pdf.Root.get("/Outlines"), Dictionary) else [], left
    except (*ODD, RecursionError):
        return [], ["书签（结构有误）"]


def _target(item: pikepdf.Object, places: Places, shift: int) -> tuple[int | None, bytes]:
    target = item.get("/Dest")
    if target is None:
        target = next((action.get("/D") for action in actions(item) if action.get("/S") == "/GoTo"), None)
    page = places.page(target)
    if page is None:
        return None, _FITTED
    # A view may hold numbers that stand elsewhere in the file: their values are taken.
    view = [one for one in places.explicit(target)[1:] if not isinstance(one, Array | Dictionary | pikepdf.Stream)]
    return page + shift, Array(view).unparse()[1:-1].strip() or _FITTED


def _more(item: pikepdf.Object, left: list[str]) -> bytes:
    parts = []
    for action in actions(item):
        if action.get("/S") not in _KEPT:
            left.append("书签的动作")
        elif action.get("/S") == "/URI" and text(action.get("/URI")):
            parts.append(b"/A << /S /URI /URI %s >>" % action.URI.unparse())
        elif action.get("/S") == "/Named" and "/N" in action:
            parts.append(b"/A << /S /Named /N %s >>" % action.N.unparse())
        if parts:
            break
    colour = items(item.get("/C"))
    if colour:
        parts.append(b"/C " + Array(colour).unparse())
    style = (number(item.get("/F")) or 0) & _FLAGS
    if style:
        parts.append(b"/F %d" % style)
    return b" ".join(parts)


def write_outline(writer: Writer, entries: Sequence[OutlineEntry], pages: Sequence[int]) -> int:
    """Add the outline; its number. ``pages``: the numbers of the pages that entries count."""
    root = writer.reserve()

    def level(parent: int, children: Sequence[OutlineEntry]) -> bytes:
        numbers = [writer.reserve() for _ in children]
        for at, (own, entry) in enumerate(zip(numbers, children, strict=True)):
            parts = [b"/Title %s /Parent %s" % (spelled(entry.title), reference(parent))]
            if entry.page is not None:
                parts.append(b"/Dest [%s %s]" % (reference(pages[entry.page]), entry.view))
            parts += [entry.more] if entry.more else []
            parts += [b"/Prev " + reference(one) for one in numbers[:at][-1:]]
            parts += [b"/Next " + reference(one) for one in numbers[at + 1 :][:1]]
            if entry.children:
                count = _shown(entry.children) if entry.unfolded else -len(entry.children)
                parts.append(b"%s /Count %d" % (level(own, entry.children), count))
            writer.add(b"<< %s >>" % b" ".join(parts), own)
        return b"/First %s /Last %s" % (reference(numbers[0]), reference(numbers[-1]))

    ends = level(root, entries)
    return writer.add(b"<< /Type /Outlines %s /Count %d >>" % (ends, _shown(entries)), root)


def _shown(entries: Sequence[OutlineEntry]) -> int:
    """How many lines the entries take as they are folded."""
    return sum(1 + (_shown(entry.children) if entry.unfolded else 0) for entry in entries)
