"""What was joined, read back by two libraries that had no part in writing it."""

import contextlib
import hashlib
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pypdfium2
from pypdf.generic import DictionaryObject

from yiyu.docgen.pdf.carrying.objects import ODD, mapping, one_or_more
from yiyu.docgen.pdf.outline import OutlineEntry
from yiyu.docgen.pdf.page_digest import PageDigests
from yiyu.docgen.pdf.source import display_name
from yiyu.registry.errors import FileFault

_SOURCES_AT_ONCE = 50
"""PDFium keeps what it has read until a document is closed: 1 GB after 1,000 scans."""


_LOOKED_AT = 300
"""Pixels along the longer side: enough to tell a picture from none."""


@dataclass(frozen=True, slots=True)
class Copied:
    """All pages of ``path`` stand in the result from page ``first`` (from 0) on, turned by ``turns``.

    ``lettered``: which of them (from 0) may hold text; a page that only shows a picture does not. ``digests``: what the
    text of each of these is made of (see :mod:`yiyu.docgen.pdf.page_digest`). ``mended``: what pikepdf made of the file
    proves nothing; PDFium must find the same text and the same look in the file and in the result.
    """

    path: Path
    first: int
    turns: tuple[int, ...]
    lettered: tuple[int, ...]
    digests: tuple[bytes, ...] = ()
    mended: bool = False


def copied(path: Path, pdf: pikepdf.Pdf, first: int, *, mended: bool = False, at_most: int | None = None) -> Copied:
    """Note what is expected of the copy of ``pdf``; of the text of so many pages ``at_most``, drawn by lot."""
    turns = tuple(_turn(page.obj.get("/Rotate")) for page in pdf.pages)
    if mended:
        return Copied(path, first, turns, tuple(range(len(turns))), mended=True)
    chosen: Sequence[int] = range(len(turns))
    if at_most is not None and at_most < len(turns):
        chosen = sorted(random.SystemRandom().sample(chosen, at_most))
    lettered, digests = tuple(at for at in chosen if _lettered(pdf.pages[at])), PageDigests()
    with contextlib.suppress(RecursionError, *ODD):
        return Copied(path, first, turns, lettered, tuple(digests.of_source(pdf.pages[at]) for at in lettered))
    return Copied(path, first, turns, lettered)


def _turn(said: object) -> int:
    """By how much a page is turned; what is no number turns nothing."""
    return int(said) % 360 if isinstance(said, int | float | Decimal) and not isinstance(said, bool) else 0


def _value(page: pypdf.PageObject, key: str) -> object:
    said = dict.get(page, key)
    return None if said is None else said.get_object()


def _lettered(page: pikepdf.Page) -> bool:
    parts = [one for one in one_or_more(page.obj.get("/Contents")) if isinstance(one, pikepdf.Stream)]
    drawn = mapping(mapping(page.obj.get("/Resources")).get("/XObject"))
    return any(b"BT" in part.read_bytes() for part in parts) or any(
        mapping(one).get("/Subtype") != "/Image" for one in drawn.values()
    )


def same_pages(reader: pypdf.PdfReader, count: int, sources: Sequence[Copied]) -> bool:
    """Whether there are so many pages, as the tree of pages says too, those of the sources turned as they were."""
    turns = [_turn(_value(page, "/Rotate")) for page in reader.pages]
    tree = reader.root_object["/Pages"].get_object()
    declared = tree.get("/Count") if isinstance(tree, DictionaryObject) else None
    return len(turns) == declared == count and all(
        tuple(turns[one.first : one.first + len(one.turns)]) == one.turns for one in sources
    )


def same_outline(reader: pypdf.PdfReader, entries: Sequence[OutlineEntry]) -> bool:
    """Whether the outline names these titles and pages, entry by entry."""

    def found(items: Sequence[Any]) -> list[Any]:
        listed: list[Any] = []
        for item in items:
            if isinstance(item, list):
                listed[-1][2] = found(item)
            else:
                listed.append([item.title or "", reader.get_destination_page_number(item), []])
        return listed

    def expected(children: Sequence[OutlineEntry]) -> list[Any]:
        return [[one.title, one.page, expected(one.children)] for one in children]

    return found(reader.outline) == expected(entries)


def same_text(path: Path, reader: pypdf.PdfReader, sources: Sequence[Copied]) -> bool:
    """Whether each page has the text of its source; nothing is read of sources without any.

    Proved by what the text is made of, as pypdf reads it. Where that cannot be compared (the two libraries spell a rare
    name differently), PDFium extracts the text of both.
    """
    wanted = [one for one in sources if one.lettered and not one.mended and not _same_digests(reader, one)]
    return _same_to_pdfium(path, wanted)


def _same_to_pdfium(path: Path, sources: Sequence[Copied]) -> bool:
    try:
        for at in range(0, len(sources), _SOURCES_AT_ONCE):
            some = sources[at : at + _SOURCES_AT_ONCE]
            result = _texts(path, [(one.first + page, one.mended) for one in some for page in one.lettered])
            before = itertools.chain.from_iterable(_texts_before(one) for one in some)
            if any(one != other for one, other in zip(before, result, strict=True)):
                return False
    except (pypdfium2.PdfiumError, ValueError):
        return False
    return True


def refuse_doubtful(path: Path, sources: Sequence[Copied]) -> None:
    """Raise FileFault for a mended file of which PDFium finds something else than what was copied."""
    for one in sources:
        if one.mended and not _same_to_pdfium(path, [one]):
            remedy = "请向对方要完好的文件，或在阅读器里打开核对后另存，再合并"
            raise FileFault("已损坏，修复后两个程序读出的内容不一样", where=display_name(one.path), remedy=remedy)


def _same_digests(reader: pypdf.PdfReader, one: Copied) -> bool:
    digests = PageDigests()
    with contextlib.suppress(RecursionError, ValueError, TypeError, KeyError, pypdf.errors.PyPdfError):
        found = tuple(digests.of_result(reader.pages[one.first + at]) for at in one.lettered)
        reader.resolved_objects.clear()  # pypdf would keep every stream it has read
        return one.digests == found
    return False


def _texts_before(one: Copied) -> Iterator[tuple[str, bytes]]:
    """Raises ValueError where PDFium finds another number of pages."""
    with one.path.open("rb") as stream, contextlib.closing(pypdfium2.PdfDocument(stream)) as document:
        if len(document) != len(one.turns):
            raise ValueError("another number of pages")
    yield from _texts(one.path, [(page, one.mended) for page in one.lettered])


def _texts(path: Path, pages: Sequence[tuple[int, bool]]) -> Iterator[tuple[str, bytes]]:
    """The text of pages, and how those look that are marked so."""
    with path.open("rb") as stream, contextlib.closing(pypdfium2.PdfDocument(stream)) as document:
        for number, looked_at in pages:
            with contextlib.closing(document[number]) as page, contextlib.closing(page.get_textpage()) as text:
                yield text.get_text_range(), _look(page) if looked_at else b""


def _look(page: pypdfium2.PdfPage) -> bytes:
    scale = _LOOKED_AT / max(1, *page.get_size())
    with contextlib.closing(page.render(scale=scale, may_draw_forms=False, draw_annots=False)) as picture:
        return hashlib.blake2b(bytes(picture.buffer)).digest()
