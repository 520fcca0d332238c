"""What is said of a file as a whole: title and author, language, colours of print."""

import pikepdf
from pikepdf import String

from yiyu.docgen.pdf.carrying.objects import items, mapping
from yiyu.docgen.pdf.page_digest import PageDigests
from yiyu.docgen.pdf.writing import Copying, Writer, reference, spelled

_STANDARDS = tuple(
    f"http://www.{place}/ns/id/"
    for place in ("aiim.org/pdfa", "aiim.org/pdfua", "aiim.org/pdfe", "npes.org/pdfx", "npes.org/pdfvt")
)
"""Under these names a file claims to keep a standard; of the joined file nobody has shown that."""
_DESCRIPTION, _COLOURS, _LANGUAGE = "文档属性（标题、作者等）", "印刷色彩标准", "文档语言"


class Properties:
    """Carried where one file says it, or all say the same; files said to be different things are none of them."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._files = 0
        self._metadata: dict[int, bytes] = {}
        self._information: dict[int, bytes] = {}
        self._languages: dict[int, str] = {}
        self._colours: dict[int, bytes] = {}
        self._intents = b""

    def take(self, pdf: pikepdf.Pdf, copying: Copying) -> list[str]:
        """Note what a file says; what of it is not true of the result."""
        at, self._files = self._files, self._files + 1
        left = []
        information = mapping(pdf.trailer.get("/Info"))
        told = [b"%s %s" % (name.encode(), one.unparse()) for name, one in information.items() if _told(one)]
        if told:
            self._information[at] = b" ".join(told)
        if isinstance(pdf.Root.get("/Lang"), String):
            self._languages[at] = str(pdf.Root.Lang)
        if isinstance(pdf.Root.get("/Metadata"), pikepdf.Stream):
            left = _claims_removed(pdf)
            self._metadata[at] = pdf.Root.Metadata.read_bytes()
        if items(pdf.Root.get("/OutputIntents")):
            self._colours[at] = PageDigests().of_object(pdf.Root.OutputIntents)
            self._intents = self._intents or copying.spelled(pdf.Root.OutputIntents)
        return left

    def finish(self) -> bytes:
        """Write them; their entries of the catalog."""
        parts = []
        left = self.left()
        for at, data in self._metadata.items():
            if _DESCRIPTION not in left.get(at, ()):
                entries = b"<< /Type /Metadata /Subtype /XML /Length %d >>" % len(data)
                parts.append(b"/Metadata " + reference(self._writer.add(entries, stream=[data])))
        if self._colours and not any(_COLOURS in one for one in left.values()):
            parts.append(b"/OutputIntents " + self._intents)
        if self._languages and not any(_LANGUAGE in one for one in left.values()):
            parts.append(b"/Lang " + spelled(next(iter(self._languages.values()))))
        return b" ".join(parts)

    def information(self) -> bytes:
        left = self.left()
        return b"".join(one for at, one in self._information.items() if _DESCRIPTION not in left.get(at, ()))

    def left(self) -> dict[int, list[str]]:
        """What is left behind, by the place of the file (from 0)."""
        left: dict[int, list[str]] = {}
        # What one file says in XMP and another in the older way would be two titles of one file.
        chosen = self._metadata or self._information
        one = next(iter(chosen)) if len(chosen) == 1 else None
        for at in sorted({*self._metadata, *self._information} - {one}):
            left.setdefault(at, []).append(_DESCRIPTION)
        if len(self._colours) < self._files or len(set(self._colours.values())) > 1:
            for at in self._colours:
                left.setdefault(at, []).append(_COLOURS)
        if len(set(self._languages.values())) > 1:
            for at in self._languages:
                left.setdefault(at, []).append(_LANGUAGE)
        return left


def _told(one: object) -> bool:
    return isinstance(one, String) and bool(bytes(one).strip())


def _claims_removed(pdf: pikepdf.Pdf) -> list[str]:
    """Take out of the metadata what says the file keeps PDF/A and the like; what was said."""
    data = pdf.Root.Metadata.read_bytes()
    if not any(one.encode() in data for one in _STANDARDS):
        return []
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        claims = [name for name in metadata if str(name).startswith(tuple(f"{{{one}}}" for one in _STANDARDS))]
        for name in claims:
            del metadata[name]
    return ["符合 PDF/A 等标准的声明"]
