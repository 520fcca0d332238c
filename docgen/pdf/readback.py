"""What was joined, read back: by qpdf, which spelled the objects and did not number them, and by PDFium, which had no part in it."""

import contextlib
import hashlib
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pikepdf
import pypdfium2

from yiyu.docgen.pdf.carrying.objects import ODD, mapping, one_or_more
from yiyu.docgen.pdf.outline import OutlineEntry
from yiyu.docgen.pdf.page_digest import PageDigests
from yiyu.docgen.pdf.source import display_name, page_count
from yiyu.docgen.pdf.spelling import Spellings
from yiyu.registry.errors import FileFault

_SOURCES_AT_ONCE = 50
"""PDFium keeps what it has read until a document is closed: 1 GB after 1,000 scans."""


_DEEPEST = 100
"""Levels of an outline."""
_LOOKED_AT = 300
"""Pixels along the longer side: enough to tell a picture from none."""


@dataclass(frozen=True, slots=True)
class Copied:
    """All pages of ``path`` stand in the result from page ``first`` (from 0) on, turned by ``turns``.

    ``lettered``: which of them (from 0) may hold text; a page that only shows a picture does not. ``digests``: what the
    text of each of these is made of (see :mod:`yiyu.docgen.pdf.page_digest`). ``mended``: what pikepdf made of the file
    proves nothing; PDFium must find the same text and the same look in the file and in the result. ``spelled``: the
    digests are those of :mod:`yiyu.docgen.pdf.spelling`.
    """

    path: Path
    first: int
    turns: tuple[int, ...]
    lettered: tuple[int, ...]
    digests: tuple[bytes, ...] = ()
    mended: bool = False
    spelled: bool = False


def copied(path: Path, pdf: pikepdf.Pdf, first: int, *, mended: bool = False, at_most: int | None = None) -> Copied:
    """Note what is expected of the copy of ``pdf``; of the text of so many pages ``at_most``, drawn by lot."""
    turns = tuple(turn(page.obj.get("/Rotate")) for page in pdf.pages)
    if mended:
        return Copied(path, first, turns, tuple(range(len(turns))), mended=True)
    chosen: Sequence[int] = range(len(turns))
    if at_most is not None and at_most < len(turns):
        chosen = sorted(random.SystemRandom().sample(chosen, at_most))
    lettered, spelled = tuple(at for at in chosen if _lettered(pdf.pages[at])), at_most is not None
    digest = Spellings(pdf).of if spelled else PageDigests().of_source
    with contextlib.suppress(RecursionError, *ODD):
        return Copied(path, first, turns, lettered, tuple(digest(pdf.pages[at]) for at in lettered), spelled=spelled)
    return Copied(path, first, turns, lettered)


def turn(said: object) -> int:
    """By how much a page is turned; what is no number turns nothing."""
    return int(said) % 360 if isinstance(said, int | float | Decimal) and not isinstance(said, bool) else 0


def _lettered(page: pikepdf.Page) -> bool:
    parts = [one for one in one_or_more(page.obj.get("/Contents")) if isinstance(one, pikepdf.Stream)]
    drawn = mapping(mapping(page.obj.get("/Resources")).get("/XObject"))
    return any(b"BT" in part.read_bytes() for part in parts) or any(
        mapping(one).get("/Subtype") != "/Image" for one in drawn.values()
    )


def same_to_pdfium(path: Path, sources: Sequence[Copied]) -> bool:
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


def same_at_once(path: Path, outline: Sequence[OutlineEntry], sources: Sequence[Copied]) -> bool:
    """Whether qpdf finds the pages turned as they were, PDFium as many, and the outline entry by entry.

    Quick, and strict: where it says no, what is different may be a reader's way of reading.
    """
    try:
        with path.open("rb") as stream, pikepdf.open(stream, access_mode=pikepdf.AccessMode.mmap) as pdf:
            turns = tuple(turn(page.obj.get("/Rotate")) for page in pdf.pages)
            right = pdf.Root.Pages.Count == len(turns) and not pdf.get_warnings()
        with path.open("rb") as stream, contextlib.closing(pypdfium2.PdfDocument(stream)) as document:
            right &= len(document) == len(turns) and list(_listed(document)) == list(_expected(outline))
    except (pypdfium2.PdfiumError, *ODD):
        return False
    return right and turns == tuple(itertools.chain.from_iterable(one.turns for one in sources))


def _listed(document: pypdfium2.PdfDocument) -> Iterator[tuple[int, str, int | None]]:
    for entry in document.get_toc(max_depth=_DEEPEST):
        target = entry.get_dest()
        yield entry.level, entry.get_title(), target.get_index() if target else None


def _expected(entries: Sequence[OutlineEntry], level: int = 0) -> Iterator[tuple[int, str, int | None]]:
    for entry in entries:
        yield level, entry.title, entry.page
        yield from _expected(entry.children, level + 1)


def unproved(path: Path, sources: Sequence[Copied]) -> list[Copied]:
    """Of the sources with spelled digests those whose text qpdf finds, or may find, another in the result."""
    wanted = [one for one in sources if one.spelled and one.lettered]
    try:
        with path.open("rb") as stream, pikepdf.open(stream, access_mode=pikepdf.AccessMode.mmap) as pdf:
            digest, pages = Spellings(pdf).of, pdf.pages
            return [one for one in wanted if one.digests != tuple(digest(pages[one.first + at]) for at in one.lettered)]
    except (RecursionError, *ODD):
        return wanted


def drawn(sources: Sequence[Copied], pages: int) -> list[Copied]:
    """So many of the pages with text that are compared, drawn by lot, with their sources."""
    every = [(one, at) for one in sources if not one.mended for at in one.lettered]
    chosen = random.SystemRandom().sample(every, min(pages, len(every)))
    return [replace(one, lettered=(at,)) for one, at in sorted(chosen, key=lambda pair: pair[0].first + pair[1])]


def refuse_differing(path: Path, sources: Sequence[Copied]) -> None:
    """Raise FileFault for a source of which PDFium finds another text on these pages than in the result.

    Of a source it cannot open, or counts otherwise, it says nothing.
    """
    for one in () if same_to_pdfium(path, sources) else sources:
        if not same_to_pdfium(path, [one]) and page_count(one.path) == len(one.turns):
            remedy = "请在阅读器里打开核对后另存，再合并"
            raise FileFault("两个程序读出的文字不一样", where=display_name(one.path), remedy=remedy)


def refuse_doubtful(path: Path, sources: Sequence[Copied]) -> None:
    """Raise FileFault for a mended file of which PDFium finds something else than what was copied."""
    for one in sources:
        if one.mended and not same_to_pdfium(path, [one]):
            remedy = "请向对方要完好的文件，或在阅读器里打开核对后另存，再合并"
            raise FileFault("已损坏，修复后两个程序读出的内容不一样", where=display_name(one.path), remedy=remedy)


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
