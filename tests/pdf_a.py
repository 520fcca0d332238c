"""What a validator that had no part in writing a PDF says of it as PDF/A-2b (ISO 19005-2)."""

import io
import re

import page
import pikepdf
from fontTools.misc import eexec

_SHAPES, _GLYPH = 55665, 4330
"""The keys of a Type 1 program and of each glyph in it (Adobe Type 1 Font Format, 7.2 and 7.3)."""
_BEGIN = re.compile(rb"/\S+ (\d+) RD ")
_LONG_WIDTH = re.compile(rb"(?s)\A(.{4}\x8b)\xff\x00\x00(..)\x0d")
_STREAM = re.compile(rb"/Length (\d+)(?! \d+ R)[^>]*?(?:>>)+\s*stream\r?\n")


def faults(data: bytes) -> set[str]:
    """The rules of PDF/A-2b that a file breaks.

    Two claims of page 0.11 are put right. It takes a stream that ends in a carriage return for a byte shorter: lengths are
    measured here. It reads the long numbers of Type 1 as those of Type 2, a 65,536th: the widths it judges are said in
    short ones.
    """
    found = _claims(data) - {"STREAM-LENGTH-001", "TRUETYPE-GLYPH-WIDTH-001"}
    if not _lengths_match(data):
        found.add("STREAM-LENGTH-001")
    return found | (_claims(_short_widths(data)) & {"TRUETYPE-GLYPH-WIDTH-001"})


def _claims(data: bytes) -> set[str]:
    report = page.validate_pdf_bytes(data, profile="2b")
    return {one.rule_id.removeprefix("PDFA2B-") for one in report.failures}


def _lengths_match(data: bytes) -> bool:
    ends = [found.end() + int(found[1]) for found in _STREAM.finditer(data)]
    assert len(ends) == data.count(b"endstream")
    return all(re.match(rb"\r?\nendstream", data[end : end + 12]) for end in ends)


def _short_widths(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary) and "/FontFile" in one:
                stream = one.FontFile
                program, begin, size = stream.read_bytes(), int(stream.Length1), int(stream.Length2)
                shapes, _ = eexec.decrypt(program[begin : begin + size], _SHAPES)
                shapes, _ = eexec.encrypt(_shorter(shapes), _SHAPES)
                stream.write(program[:begin] + shapes + program[begin + size :])
                stream.Length1, stream.Length2, stream.Length3 = begin, len(shapes), len(program) - begin - size
        made = io.BytesIO()
        pdf.save(made)
    return made.getvalue()


def _shorter(shapes: bytes) -> bytes:
    """The glyphs with the width that each begins with said in two bytes where it is said in five."""
    parts, at = [], 0
    while found := _BEGIN.search(shapes, at):
        end = found.end() + int(found[1])
        glyph, _ = eexec.decrypt(shapes[found.end() : end], _GLYPH)
        glyph = _LONG_WIDTH.sub(lambda one: one[1] + _two_bytes(int.from_bytes(one[2], "big")) + b"\x0d", glyph)
        name = found[0].split(b" ")[0]
        parts += [shapes[at : found.start()], b"%s %d RD " % (name, len(glyph)), eexec.encrypt(glyph, _GLYPH)[0]]
        at = end
    return b"".join([*parts, shapes[at:]])


def _two_bytes(number: int) -> bytes:
    assert 108 <= number <= 1131
    return bytes(((number - 108) // 256 + 247, (number - 108) % 256))
