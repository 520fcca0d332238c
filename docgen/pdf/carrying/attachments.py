"""Files attached to the document, under names that tell them apart."""

from collections.abc import Iterable, Mapping

import pikepdf
from pikepdf import Dictionary, String

from yiyu.docgen.pdf.carrying.objects import distinct, items, joined, key_of, leaves, mapping, spelled_names, text
from yiyu.docgen.pdf.page_digest import PageDigests
from yiyu.docgen.pdf.writing import Copying, spelled, string


class Attachments:
    """The attached files of all files."""

    def __init__(self, ours: Iterable[str]) -> None:
        """``ours``: names that are not to be had."""
        self._names, self._keys = set(ours), set(ours)
        self._files: dict[bytes, bytes] = {}
        self._associated: list[bytes] = []
        self.digests: dict[bytes, bytes] = {}
        """Of those of the files, by name."""

    def take(self, pdf: pikepdf.Pdf, copying: Copying) -> None:
        """Add those of a file; one whose name is taken gets a number behind it."""
        tree = mapping(pdf.Root.get("/Names")).get("/EmbeddedFiles")
        files = [(text(key), file) for key, file in leaves(tree, "/Names") if isinstance(file, Dictionary)]
        # A file that is listed under two names is still one file.
        given: dict[object, tuple[str, str]] = {}
        for listed, file in files:
            one = key_of(file) or id(file)
            given[one] = given.get(one) or self._named(file, listed)
        for listed, file in files:
            name, shown = given[key_of(file) or id(file)]
            known = distinct(listed if shown == name else shown, self._keys)
            self._files[spelled(known)] = copying.spelled(file)
            self.digests[bytes(string(known))] = PageDigests().of_object(file)
        self._associated += [copying.spelled(one) for one in items(pdf.Root.get("/AF")) if key_of(one)]

    def _named(self, file: pikepdf.Object, listed: str) -> tuple[str, str]:
        """The name a file has, and the one it is shown under from now on."""
        name = text(file.get("/UF")) or text(file.get("/F")) or listed
        shown = distinct(name, self._names)
        if shown != name:
            file.F = file.UF = String(shown)
        return name, shown

    def spelled(self, ours: Mapping[str, bytes]) -> bytes:
        """The tree of all files with ours, or nothing."""
        return spelled_names(self._files | {spelled(name): one for name, one in ours.items()})

    def associated(self, ours: Mapping[str, bytes]) -> bytes:
        every = [*ours.values(), *self._associated]
        return joined(every) if every else b""
