"""Whether a damaged PDF is whole: every object is there, and only the table of their places is wrong."""

import mmap
import re
from collections.abc import Iterable
from pathlib import Path

import pikepdf

_MISPLACED = re.compile(
    "|".join((
        "a common error handled correctly", "file is damaged", "[Aa]ttempting to reconstruct cross-reference table",
        "xref not found", "can't find startxref", "reported number of objects", "can't find PDF header",
        "invalid xref entry", "extraneous whitespace seen before xref", r"expected (n n|\d+ \d+) obj",
        "trailer dictionary lacks /Size", "xref syntax invalid", "Resources is missing or invalid; repairing",
        "/Type key should be /Pages? but is not", "startxref was more than 1024 bytes before end", "Annots is not an array; removing",
        "setting missing or invalid /Type entry to /Catalog",
    ))
)  # fmt: skip
"""qpdf's words where it looks for the objects because their table is wrong (ISO 32000-1, 7.5.4), and on what it need not
guess. Of a stream whose end it had to look for, or an object it could not read, nobody can say that it is whole."""
_TAIL = 1 << 16
_END = b"%%EOF"
_OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b")
_REFERENCE = re.compile(rb"\b(\d+)\s+(\d+)\s+R\b")


def is_whole(pdf: pikepdf.Pdf, path: Path) -> bool:
    """Whether everything is there that anything in the file leads to; qpdf passes over what is not."""
    there = pdf.get_xref_table().keys()
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        parts: list[bytes | mmap.mmap] = [data]
        parts += [
            one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Type") == "/ObjStm"
        ]
        named = {pair for part in parts for pair in _REFERENCE.findall(part)}
    return all((int(number), int(generation)) in there for number, generation in named)


def is_only_misplaced(warnings: Iterable[str], path: Path) -> bool:
    """Whether all that is wrong is where things stand, and the file ends where its writer ended."""
    return all(_MISPLACED.search(one) for one in warnings) and _after_end(path) is not None and not is_cut_off(path)


def is_cut_off(path: Path) -> bool:
    """Whether a later version of the file begins after its end, and has no end of its own."""
    return bool(_OBJECT.search(_after_end(path) or b""))


def _after_end(path: Path) -> bytes | None:
    """What follows the last end mark; None without one."""
    with path.open("rb") as stream:
        stream.seek(max(0, stream.seek(0, 2) - _TAIL))
        _, end, after = stream.read().rpartition(_END)
    return after if end else None
