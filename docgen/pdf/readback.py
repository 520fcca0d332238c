"""What was joined, read back by two libraries that had no part in writing it."""

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pypdfium2
from pypdf.generic import DictionaryObject

from yiyu.docgen.pdf.outline import OutlineEntry
from yiyu.docgen.pdf.page_digest import PageDigests

_SOURCES_AT_ONCE = 50
"""PDFium keeps what it has read until a document is closed: 1 GB after 1,000 scans."""


@dataclass(frozen=True, slots=True)
class Copied:
    """All pages of ``path`` stand in the result from page ``first`` (from 0) on, turned by ``turns``.

    ``lettered``: which of them (from 0) may hold text; a page that only shows a picture does not. ``digests``: what the
    text of each of these is made of (see :mod:`yiyu.docgen.pdf.page_digest`).
    """

    path: Path
    first: int
    turns: tuple[int, ...]
    lettered: tuple[int, ...]
    digests: tuple[bytes, ...] = ()


def copied(path: Path, pdf: pikepdf.Pdf, first: int) -> Copied:
    """Note what is expected of the copy of ``pdf``."""
    turns = tuple(int(page.obj.get("/Rotate", 0)) % 360 for page in pdf.pages)
    lettered, digests = tuple(at for at, page in enumerate(pdf.pages) if _lettered(page)), PageDigests()
    with contextlib.suppress(RecursionError, ValueError, TypeError, KeyError, pikepdf.PdfError):
        return Copied(path, first, turns, lettered, tuple(digests.of_source(pdf.pages[at]) for at in lettered))
    return Copied(path, first, turns, lettered)


def _lettered(page: pikepdf.Page) -> bool:
    contents = page.obj.get("/Contents", pikepdf.Array())
    parts = [contents] if isinstance(contents, pikepdf.Stream) else contents.as_list()
    drawn = page.obj.get("/Resources", pikepdf.Dictionary()).get("/XObject", pikepdf.Dictionary())
    return any(b"BT" in part.read_bytes() for part in parts) or any(
        one.get("/Subtype") != "/Image" for one in drawn.as_dict().values()
    )


def same_pages(reader: pypdf.PdfReader, count: int, sources: Sequence[Copied]) -> bool:
    """Whether there are so many pages, as the tree of pages says too, those of the sources turned as they were."""
    turns = [page.rotation % 360 for page in reader.pages]
    tree = reader.root_object["/Pages"].get_object()
    declared = tree.get("/Count") if isinstance(tree, DictionaryObject) else None
    return len(turns) == declared == count and all(
        tuple(turns[one.first : one.first + len(one.turns)]) == one.turns for one in sources
    )


def same_outline(reader: pypdf.PdfReader, entries: Sequence[OutlineEntry], depth: int) -> bool:
    """Whether the first ``depth`` levels of the outline name these titles and pages."""

    def found(items: Sequence[Any], left: int) -> list[Any]:
        listed: list[Any] = []
        for item in items:
            if not isinstance(item, list):
                listed.append([item.title, reader.get_destination_page_number(item), []])
            elif left > 1:
                listed[-1][2] = found(item, left - 1)
        return listed

    def expected(children: Sequence[OutlineEntry], left: int) -> list[Any]:
        return [[one.title, one.page, expected(one.children, left - 1) if left > 1 else []] for one in children]

    return found(reader.outline, depth) == expected(entries, depth)


def same_text(path: Path, reader: pypdf.PdfReader, sources: Sequence[Copied]) -> bool:
    """Whether each page has the text of its source; nothing is read of sources without any.

    Proved by what the text is made of, as pypdf reads it. Where that cannot be compared (the two libraries spell a rare
    name differently), PDFium extracts the text of both.
    """
    wanted = [one for one in sources if one.lettered and not _same_digests(reader, one)]
    try:
        for at in range(0, len(wanted), _SOURCES_AT_ONCE):
            some = wanted[at : at + _SOURCES_AT_ONCE]
            result = _texts(path, [one.first + page for one in some for page in one.lettered])
            before = itertools.chain.from_iterable(_texts(one.path, one.lettered) for one in some)
            if any(one != other for one, other in zip(before, result, strict=True)):
                return False
    except (pypdfium2.PdfiumError, ValueError):
        return False
    return True


def _same_digests(reader: pypdf.PdfReader, one: Copied) -> bool:
    digests = PageDigests()
    with contextlib.suppress(RecursionError, ValueError, TypeError, KeyError, pypdf.errors.PyPdfError):
        found = tuple(digests.of_result(reader.pages[one.first + at]) for at in one.lettered)
        reader.resolved_objects.clear()  # pypdf would keep every stream it has read
        return one.digests == found
    return False


def _texts(path: Path, pages: Sequence[int]) -> Iterator[str]:
    with path.open("rb") as stream, contextlib.closing(pypdfium2.PdfDocument(stream)) as document:
        for number in pages:
            with contextlib.closing(document[number]) as page, contextlib.closing(page.get_textpage()) as text:
                yield text.get_text_range()
