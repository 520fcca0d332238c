"""The outline of a PDF: read from a source, written for what was joined."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary

from yiyu.docgen.pdf.writing import Writer, reference, spelled


@dataclass(slots=True)
class OutlineEntry:
    """One outline item; ``page`` counts from 0. ``view``: what follows the page in its target (ISO 32000-1, table 151)."""

    title: str
    page: int
    view: bytes = b"/Fit"
    children: list["OutlineEntry"] = field(default_factory=list)


def outline_of(pdf: pikepdf.Pdf, shift: int) -> list[OutlineEntry]:
    """Read the file's own outline, its pages counted from ``shift``.

    Empty where an entry does not name a page of the file directly, or a view is made of more than names and numbers.
    """
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=shift)}
    seen: set[tuple[int, int]] = set()

    def level(parent: pikepdf.Object) -> Iterator[OutlineEntry]:
        item = parent.get("/First")
        while item is not None:
            if item.objgen in seen:
                raise ValueError("an outline that runs in a circle")
            seen.add(item.objgen)
            page, *view = (item.Dest if "/Dest" in item else item.A.D).as_list()
            if any(isinstance(part, Array | Dictionary | pikepdf.Stream) for part in view):
                raise ValueError("a view made of more than names and numbers")
            yield OutlineEntry(
                str(item.Title), pages[page.objgen], Array(view).unparse()[1:-1].strip(), list(level(item))
            )
            item = item.get("/Next")

    try:
        return list(level(pdf.Root.Outlines)) if "/Outlines" in pdf.Root else []
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError):
        return []


def write_outline(writer: Writer, entries: Sequence[OutlineEntry], pages: Sequence[int]) -> int:
    """Add the outline, shown folded; its number. ``pages``: the numbers of the pages that entries count."""
    root = writer.reserve()

    def level(parent: int, children: Sequence[OutlineEntry]) -> bytes:
        numbers = [writer.reserve() for _ in children]
        for at, (number, entry) in enumerate(zip(numbers, children, strict=True)):
            parts = [
                b"/Title %s /Parent %s" % (spelled(entry.title), reference(parent)),
                b"/Dest [%s %s]" % (reference(pages[entry.page]), entry.view),
            ]
            parts += [b"/Prev " + reference(one) for one in numbers[:at][-1:]]
            parts += [b"/Next " + reference(one) for one in numbers[at + 1 :][:1]]
            if entry.children:
                parts.append(b"%s /Count %d" % (level(number, entry.children), -len(entry.children)))
            writer.add(b"<< %s >>" % b" ".join(parts), number)
        return b"/First %s /Last %s" % (reference(numbers[0]), reference(numbers[-1]))

    ends = level(root, entries)
    return writer.add(b"<< /Type /Outlines %s /Count %d >>" % (ends, len(entries)), root)
