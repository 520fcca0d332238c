"""A PDF written object by object as its sources pass by: joining thousands of scans takes the memory of one of them.

pikepdf keeps every stream it copies in memory until it saves. Here it reads the sources and spells their objects;
what is added to that is new numbers for them, and the table of where they stand (ISO 32000-1, 7.5).
"""

import codecs
import copy
import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

import pikepdf

from yiyu.registry.errors import FileFault

Buffer = bytes | memoryview

_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_MOST_BYTES = 10**10
"""The table of places has ten digits for each (ISO 32000-1, 7.5.4)."""
_REFERENCE = re.compile(
    rb"\((?:[^()\\]|\\.)*\)|<[0-9a-f]*>|(?<![\w.#/+-])(\d+) (\d+) R\b|(/StructParents?) (-?\d+)\b", re.DOTALL
)
"""In an object as qpdf spells it: strings, to be passed over, references, and numbers in the tree of structure.

A bracket in a string has a backslash.
"""
_AT_A_TIME = 1 << 20
_UNREADABLE = "\ufffd"


def reference(number: int) -> bytes:
    return b"%d 0 R" % number


def spelled(text: str) -> bytes:
    """Give ``text`` as a string of PDF."""
    return string(text).unparse()


def string(text: str) -> pikepdf.String:
    """``text`` as any reader finds it again: qpdf writes the sign for an unreadable character as a byte that stands for none."""
    return pikepdf.String(codecs.BOM_UTF16_BE + text.encode("utf-16-be") if _UNREADABLE in text else text)


class Writer:
    """Objects in the order they are added; the same additions give the same bytes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self._places = [0]
        self._at = 0
        self._newest = "1.7"
        self._put(_HEAD)
        self._tree = self.reserve()

    def reserve(self) -> int:
        """A number for an object that is added later."""
        self._places.append(0)
        return len(self._places) - 1

    def add(self, body: bytes, number: int | None = None, stream: Iterable[Buffer] = ()) -> int:
        """Add one object, under a number reserved for it or a new one; the number.

        With ``stream``, the parts of its data, ``body`` is the dictionary of a stream, their length in it.
        """
        number = number or self.reserve()
        self._places[number] = self._at
        self._put(b"%d 0 obj\n%s\n" % (number, body))
        if stream:
            self._put(b"stream\n")
            for part in stream:
                self._put(part)
            self._put(b"\nendstream\n")
        self._put(b"endobj\n")
        return number

    def add_file(self, path: Path, entries: bytes) -> int:
        """Add the bytes of a file as they are, as a stream with ``entries`` in its dictionary."""
        with path.open("rb") as source:
            size = source.seek(0, 2)
            source.seek(0)
            parts = iter(lambda: source.read(_AT_A_TIME), b"")
            return self.add(b"<< %s /Length %d >>" % (entries, size), stream=parts)

    def copy(self, source: pikepdf.Pdf) -> list[int]:
        """Copy all pages with what belongs to them; their numbers, in order."""
        return self.copying(source).finish()

    def copying(self, source: pikepdf.Pdf) -> "Copying":
        self._newest = max(self._newest, source.pdf_version)
        return Copying(self, source, self._tree)

    def finish(self, pages: Sequence[int], catalog: bytes, information: bytes = b"") -> str:
        """Write the page tree, the catalog with these entries and the end; SHA-256 of the whole file.

        Raises FileFault where the file is too long for its own table.
        """
        kids = b" ".join(map(reference, pages))
        self.add(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids), self._tree)
        version = b"" if self._newest == "1.7" else b"/Version /%s " % self._newest.encode()
        root = self.add(b"<< /Type /Catalog %s/Pages %s %s >>" % (version, reference(self._tree), catalog))
        info = b" /Info " + reference(self.add(b"<< %s >>" % information)) if information else b""
        if self._at >= _MOST_BYTES:
            raise FileFault("合并后超过 10 GB，一个 PDF 装不下", remedy="请分成几卷")
        start, size = self._at, len(self._places)
        self._put(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        self._put(b"".join(b"%010d 00000 n \n" % place for place in self._places[1:]))
        name = self._digest.hexdigest()[:32].encode()
        self._put(b"trailer\n<< /Size %d /Root %s%s /ID [<%s> <%s>] >>\n" % (size, reference(root), info, name, name))
        self._put(b"startxref\n%d\n%%%%EOF\n" % start)
        return self._digest.hexdigest()

    def _put(self, data: Buffer) -> None:
        self._stream.write(data)
        self._digest.update(data)
        self._at += len(data)


class Copying:
    """The objects of one source as they go into the result: all pages, and what is asked for beside them.

    Streams stay the bytes they are. The page tree and the catalog, where something leads to them, are left out.
    ``structure`` is added to the numbers by which pages and annotations find their structure (ISO 32000-1, 14.7.4.4);
    without it they are left out.
    """

    def __init__(self, writer: Writer, source: pikepdf.Pdf, tree: int) -> None:
        self.structure: int | None = None
        self._writer, self._source, self._tree = writer, source, tree
        self._numbers: dict[tuple[int, int], int] = {}
        self._pending: list[tuple[int, int]] = []
        self._pages = [page.obj.objgen for page in source.pages]
        self._copied = [self._number(key) for key in self._pages]
        self._chosen = set(self._pages)

    def stand_in(self, one: pikepdf.Object, number: int) -> None:
        """What leads to ``one`` in the source leads to ``number`` in the result."""
        if one.is_indirect:
            self._numbers[one.objgen] = number

    def spelled(self, one: object) -> bytes:
        """An object as it stands in the result; where it has a number, that, and it is copied in the end."""
        if isinstance(one, pikepdf.Object) and one.is_indirect:
            return reference(self._number(one.objgen))
        return self._renumbered(one)

    def finish(self) -> list[int]:
        """Write everything; the numbers of the pages, in order."""
        while self._pending:
            key = self._pending.pop()
            one = self._source.get_object(key)
            body, stream = b"null", []
            if key in self._chosen:
                one = copy.copy(one)
                if "/Parent" in one:  # the standard wants it; a repaired file may lack it
                    del one["/Parent"]
                body = b"<< /Parent %s%s" % (reference(self._tree), self._renumbered(one)[2:])
            elif isinstance(one, pikepdf.Stream):
                data, entries = memoryview(one.get_raw_stream_buffer()), copy.copy(one.stream_dict)
                # A stream made in memory says no length; one that was read may say it in an object of its own.
                entries.Length, stream = len(data), [data]
                body = self._renumbered(entries)
            elif not (isinstance(one, pikepdf.Dictionary) and one.get("/Type") in ("/Pages", "/Catalog")):
                body = self._renumbered(one)
            self._writer.add(body, self._numbers[key], stream)
        return self._copied

    def _number(self, key: tuple[int, int]) -> int:
        if key not in self._numbers:
            self._numbers[key] = self._writer.reserve()
            self._pending.append(key)
        return self._numbers[key]

    def _renumbered(self, one: object) -> bytes:
        return _REFERENCE.sub(self._replaced, _spell(one))

    def _replaced(self, found: re.Match[bytes]) -> bytes:
        if found[1]:
            return reference(self._number((int(found[1]), int(found[2]))))
        if found[3]:
            return b"" if self.structure is None else b"%s %d" % (found[3], int(found[4]) + self.structure)
        return found[0]


def _spell(one: object) -> bytes:
    """An object as qpdf spells it; of a number or a name that has a number of its own pikepdf gives the value alone."""
    if isinstance(one, pikepdf.Object):
        return one.unparse(resolved=True)
    return pikepdf.Array([one]).unparse()[1:-1].strip()
