"""What is written in a file somebody kept: a volume, a catalogue, a report or a note, in which a head of the chain stands."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from yiyu.docgen.pdf.source import page_texts
from yiyu.registry.errors import FileFault
from yiyu.registry.files import file_name, read_bytes
from yiyu.registry.package_check import DOCX, XLSX, package_text

_PACKAGES = {".docx": DOCX, ".xlsx": XLSX}
_MOST = 4 * 1024 * 1024
"""Bytes that are read of a file of any other kind."""


def texts_of(path: Path) -> Iterator[str]:
    """Page by page, the first first; of a Word file or a workbook all in one. Raises FileFault for one that is not sound."""
    if path.suffix.lower() == ".pdf":
        yield from page_texts(path)
    elif kind := _PACKAGES.get(path.suffix.lower()):
        with _named(path):
            yield package_text(read_bytes(path), kind)
    else:
        yield read_bytes(path)[:_MOST].decode("utf-8", "replace")


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """What a package is refused for does not say which file it is."""
    try:
        yield
    except FileFault as error:
        raise FileFault(error.what, where=error.where or file_name(path), remedy=error.remedy) from error
