"""Page labels: each file's pages are called what they were called (ISO 32000-1, 12.4.2)."""

import pikepdf

from yiyu.docgen.pdf.carrying.objects import leaves, number, spelled_tree
from yiyu.docgen.pdf.writing import Copying

_COUNTED = b"<< /S /D >>"
"""1, 2, 3 …, as viewers show where nothing is said."""


class PageLabels:
    def __init__(self) -> None:
        self._labels: dict[int, bytes] = {}
        self._said = False

    def take(self, pdf: pikepdf.Pdf, copying: Copying, first: int) -> None:
        """Add those of a file whose pages begin at ``first``; its count begins anew where it has none."""
        count = len(pdf.pages)
        self._labels[first] = _COUNTED
        for at, label in leaves(pdf.Root.get("/PageLabels"), "/Nums"):
            page = number(at)
            if page is not None and 0 <= page < count:
                self._labels[first + page] = copying.spelled(label)
                self._said = True

    def starts(self) -> list[int]:
        """The pages (from 0) from which on something is said."""
        return sorted(self._labels) if self._said else []

    def spelled(self) -> bytes:
        """All of them, or nothing where no file has any."""
        if not self._said:
            return b""
        return spelled_tree(b"Nums", [(b"%d" % at, label) for at, label in sorted(self._labels.items())])
