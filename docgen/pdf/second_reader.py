"""What was joined, read back whole by pypdf, which had no part in writing it."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdf
from pypdf.generic import DictionaryObject

from yiyu.docgen.pdf.carrying.document import Carrier
from yiyu.docgen.pdf.carrying.proof import holds
from yiyu.docgen.pdf.outline import OutlineEntry
from yiyu.docgen.pdf.readback import Copied, same_to_pdfium, turn
from yiyu.docgen.pdf.result_digest import ResultDigests


def holds_all(path: Path, outline: Sequence[OutlineEntry], sources: Sequence[Copied], carrier: Carrier) -> bool:
    """Whether every page, bookmark and all that was carried is there, and the text (see :func:`same_text`) of these."""
    with path.open("rb") as stream, contextlib.suppress(pypdf.errors.PyPdfError):
        reader = pypdf.PdfReader(stream, strict=True)
        pages = sum(len(one.turns) for one in sources)
        return (
            same_pages(reader, pages, sources)
            and same_outline(reader, outline)
            and holds(reader, carrier)
            and same_text(path, reader, sources)
        )
    return False


def same_pages(reader: pypdf.PdfReader, count: int, sources: Sequence[Copied]) -> bool:
    """Whether there are so many pages, as the tree of pages says too, those of the sources turned as they were."""
    turns = [turn(_value(page, "/Rotate")) for page in reader.pages]
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

    Proved by what the text is made of, as pypdf reads it; where qpdf reads it (``spelled``), that is done elsewhere. Where that cannot be compared (the two libraries spell a rare
    name differently), PDFium extracts the text of both.
    """
    wanted = [
        one for one in sources if one.lettered and not one.mended and not one.spelled and not _same_digests(reader, one)
    ]
    return same_to_pdfium(path, wanted)


def _value(page: pypdf.PageObject, key: str) -> object:
    said = dict.get(page, key)
    return None if said is None else said.get_object()


def _same_digests(reader: pypdf.PdfReader, one: Copied) -> bool:
    digests = ResultDigests()
    with contextlib.suppress(RecursionError, ValueError, TypeError, KeyError, pypdf.errors.PyPdfError):
        found = tuple(digests.of_result(reader.pages[one.first + at]) for at in one.lettered)
        reader.resolved_objects.clear()  # pypdf would keep every stream it has read
        return one.digests == found
    return False
