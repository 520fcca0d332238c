"""Small print in any face: a Type 3 font of the few characters used, drawn as bitmaps and still text to a reader."""

import zlib
from collections.abc import Iterable

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from yiyu.docgen.pdf.fonts import FontFile

_EM = 96
"""Pixels to the em: 985 dots an inch at 7 points. Outlines would need a library more, and look the same on paper."""
_MOST = 255


class BitmapFont:
    """The font for ``texts`` in one PDF. Glyphs of ``file`` come out alike on every machine that has the file."""

    def __init__(self, pdf: pikepdf.Pdf, file: FontFile, texts: Iterable[str]) -> None:
        characters = sorted(set("".join(texts)))
        if len(characters) > _MOST:
            raise ValueError(f"{len(characters)} characters are too many for one Type 3 font")
        self._codes = {character: code for code, character in enumerate(characters, start=1)}
        face = ImageFont.truetype(str(file.path), _EM, index=file.index)
        self._widths = {character: round(face.getlength(character)) for character in characters}
        procs, names, top = Dictionary(), Array([1]), [0, 0, 0, 0]
        for character in characters:
            name = f"/u{ord(character):04X}"
            program, box = self._glyph(face, character)
            procs[name] = pikepdf.Stream(pdf, zlib.compress(program), Filter=Name.FlateDecode)
            names.append(Name(name))
            top = [*map(min, top[:2], box[:2]), *map(max, top[2:], box[2:])]
        self.font = pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type3,
                FontBBox=Array(top),
                FontMatrix=Array([1 / _EM, 0, 0, 1 / _EM, 0, 0]),
                CharProcs=procs,
                Encoding=Dictionary(Type=Name.Encoding, Differences=names),
                FirstChar=1,
                LastChar=len(characters),
                Widths=Array([self._widths[character] for character in characters]),
                ToUnicode=pikepdf.Stream(pdf, self._to_unicode()),
                Resources=Dictionary(),
            )
        )

    def width(self, text: str, size: float) -> float:
        """Points that ``text`` takes at ``size`` points."""
        return sum(self._widths[character] for character in text) * size / _EM

    def show(self, text: str) -> bytes:
        """The operand and operator that show ``text``."""
        return b"<" + bytes(self._codes[character] for character in text).hex().encode() + b"> Tj"

    def _glyph(self, face: ImageFont.FreeTypeFont, character: str) -> tuple[bytes, list[int]]:
        """Paint one character: the glyph description (ISO 32000-1, 9.6.5) and its box in pixels, y upward."""
        left, top, right, bottom = map(round, face.getbbox(character, anchor="ls"))
        wide, high = max(right - left, 1), max(bottom - top, 1)
        image = Image.new("1", (wide, high))
        draw = ImageDraw.Draw(image)
        draw.fontmode = "1"
        draw.text((-left, -top), character, fill=1, font=face, anchor="ls")
        box = [left, -top - high, left + wide, -top]
        program = f"{self._widths[character]} 0 {box[0]} {box[1]} {box[2]} {box[3]} d1\n"
        program += f"{wide} 0 0 {high} {box[0]} {box[1]} cm\n"
        program += f"BI /W {wide} /H {high} /IM true /BPC 1 /D [1 0] /F /AHx ID {image.tobytes().hex()}> EI\n"
        return program.encode(), box

    def _to_unicode(self) -> bytes:
        """Map codes back to characters, so that the line can be searched for and read out."""
        lines = [
            f"<{code:02X}> <{character.encode('utf-16-be').hex().upper()}>" for character, code in self._codes.items()
        ]
        blocks = [lines[at : at + 100] for at in range(0, len(lines), 100)]
        mapped = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "/CMapName /YiyuLettering def /CMapType 2 def\n"
            "1 begincodespacerange <00> <FF> endcodespacerange\n"
            f"{mapped}endcmap CMapName currentdict /CMap defineresource pop end end\n"
        ).encode()
