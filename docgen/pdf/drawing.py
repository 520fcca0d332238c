"""Pages of our own, drawn by fpdf2: text in the faces of the machine, rules, pictures, links and QR codes.

Points, x from the left and y downward from the top of the page, as everywhere in fpdf2.
"""

import io
import itertools
import logging
import re
import string
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import pikepdf

from yiyu.docgen.pdf.fonts import FontFile, Style, face_file

WIDTH, HEIGHT = 595.28, 841.89
"""A4."""
_WORDS = re.compile(r"(?:[!-~]+|.)[，。；：、）》”]*")
"""What a line is not broken within: Latin words and numbers, and closing signs from what they close."""
_BLANKS = "\u3000 "
_ABSENT = "\uffff"
"""No character: the shape of what a face lacks."""
_BLACK = (0,)


class Drawing:
    """Pages drawn one after another; ``page`` begins the next. The same calls give the same pages.

    ``texts`` hold every character that may be drawn in small print, ``more`` those of other styles; drawing another
    raises KeyError. One that a face lacks shows as the empty box of that face and stays what it is to who searches.
    Raises ProgramFault where the machine has no Chinese font.
    """

    def __init__(self, texts: Iterable[str], more: Mapping[Style, Iterable[str]] | None = None) -> None:
        # Importing fpdf2 takes 0.2 s: only what draws waits for it.
        import fpdf
        from fpdf.fonts import TTFFont

        self._pdf = fpdf.FPDF(unit="pt")
        self._pdf.set_auto_page_break(False)
        self._widths: dict[Style, dict[str, float]] = {}
        self._squares: list[tuple[int, bytes]] = []
        for style, said in {Style.SMALL_PRINT: texts, **(more or {})}.items():
            key, characters = style.name.lower(), set(" \u3000").union(*said)
            # Given as data, which fontTools reads as well as a path; ``add_font`` would ask for a file.
            data = cast("Path", io.BytesIO(_shapes(face_file(style)).font(characters)))
            self._pdf.fonts[key] = face = TTFFont(self._pdf, data, key, "")
            self._widths[style] = {one: face.cw[ord(one)] for one in characters}

    @property
    def pages(self) -> int:
        return self._pdf.pages_count

    def page(self, width: float = WIDTH, height: float = HEIGHT) -> None:
        """Begin a page, in black."""
        self._pdf.add_page(format=(width, height))
        self.colour(*_BLACK)

    def width(self, text: str, size: float, style: Style = Style.SMALL_PRINT) -> float:
        """Points that ``text`` takes at ``size`` points."""
        return sum(map(self._widths[style].__getitem__, text)) * size / 1000

    def wrap(self, text: str, size: float, room: float, style: Style = Style.SMALL_PRINT) -> list[str]:
        """``text`` in lines of at most ``room`` points; a word too long for one is broken. At least one line."""
        lines = [""]
        for word in _WORDS.findall(text):
            if self.width(lines[-1] + word, size, style) <= room:
                lines[-1] += word
                continue
            lines.append("")
            for one in word:
                if self.width(lines[-1] + one, size, style) > room:
                    lines.append("")
                lines[-1] += one
        return [line.strip(_BLANKS) for line in lines if line.strip(_BLANKS)] or [""]

    def text(
        self, x: float, y: float, size: float, text: str, *, to: float = 0, style: Style = Style.SMALL_PRINT
    ) -> None:
        """One line on the baseline ``y``. ``to``: which share of it stands left of ``x``: 0.5 centres, 1 ends there."""
        self._pdf.set_font(style.name, size=size)
        self._pdf.text(x - to * self.width(text, size, style), y, text)

    def colour(self, *levels: int) -> None:
        """The colour of what comes next: one level of grey or red, green and blue, from 0 to 255."""
        self._pdf.set_text_color(*levels)
        self._pdf.set_draw_color(*levels)
        self._pdf.set_fill_color(*levels)

    def line(self, x: float, y: float, to_x: float, to_y: float, width: float = 0.5) -> None:
        self._pdf.set_line_width(width)
        self._pdf.line(x, y, to_x, to_y)

    def leader(self, left: float, right: float, y: float) -> None:
        """Dots, drawn from the right so that those of all lines stand under each other; no text to a reader."""
        if right - left > 12:
            self._pdf.set_dash_pattern(0.9, 3.1)
            self.line(right, y, left, y, 0.9)
            self._pdf.set_dash_pattern()

    def frame(self, x: float, y: float, width: float, height: float, line: float = 0.5) -> None:
        self._pdf.set_line_width(line)
        self._pdf.rect(x, y, width, height)

    def picture(self, image: bytes, x: float, y: float, width: float, height: float) -> None:
        """A JPEG as the bytes it is, or a PNG; as large as fits and in the middle."""
        self._pdf.image(io.BytesIO(image), x, y, width, height, keep_aspect_ratio=True)

    def squares(self, rows: Iterable[Iterable[int]], x: float, y: float, side: float) -> None:
        """The true cells of ``rows`` as black squares. One path: between areas filled one by one printers leave hairlines.

        Added to the page by :meth:`finish`: as a path of fpdf2 the squares of a code took 8 ms.
        """
        path = [b"q 0 g"]
        for at, cells in enumerate(rows):
            bottom, column = self._pdf.h - y - (at + 1) * side, 0
            for filled, run in itertools.groupby(cells):
                length = len(list(run))
                if filled:
                    path.append(b"%.4f %.4f %.4f %.4f re" % (x + column * side, bottom, length * side, side))
                column += length
        self._squares.append((self.pages - 1, b"\n".join([*path, b"f Q"])))

    def link(self, left: float, top: float, right: float, bottom: float, key: str) -> None:
        """A link to a name; whatever the pages are put into has to say where it leads."""
        self._pdf.link(left, top, right - left, bottom - top, f"#{key}")
        self._pdf.named_destinations.clear()  # fpdf2 would ask for a page of this drawing

    def finish(self) -> pikepdf.Pdf:
        """The pages, without a date and a name of the program.

        Nothing on them is transparent, and they do not say it may be: printers flatten such pages.
        """
        pdf = pikepdf.open(io.BytesIO(self._pdf.output()))
        told = [(pdf.trailer, "/Info"), (pdf.trailer, "/ID"), (pdf.Root, "/Metadata")]
        for holder, key in (*told, *((page.obj, "/Group") for page in pdf.pages)):
            if key in holder:
                del holder[key]
        for page, path in self._squares:
            pdf.pages[page].contents_add(path)
        return pdf


class _Shapes:
    """The characters of a face as TrueType outlines, each converted once for all drawings of this process.

    With a whole face of 65,000 glyphs, a drawing took 0.7 s. TrueType, because fpdf2 gives PostScript outlines codes
    that pypdf cannot read, and embeds some as a kind of font the standard does not know.
    """

    def __init__(self, file: FontFile) -> None:
        self._file = file
        self._known: dict[str, tuple[Any, int]] = {}

    def font(self, characters: set[str]) -> bytes:
        """A font file of these characters."""
        from fontTools.fontBuilder import FontBuilder

        if not characters <= self._known.keys():
            self._learn(characters | set(_ABSENT + string.ascii_letters + string.digits))
        shapes = {f"u{ord(one):X}": self._known[one] for one in sorted(characters)}
        shapes = {".notdef": self._known[_ABSENT], **shapes}
        made = FontBuilder(self._em, isTTF=True)
        made.updateHead(created=0, modified=0)
        made.font.recalcTimestamp = False
        made.setupGlyphOrder(list(shapes))
        made.setupCharacterMap({ord(one): f"u{ord(one):X}" for one in characters})
        made.setupGlyf({name: shape for name, (shape, _) in shapes.items()})
        # A blank has no left edge; FreeType moves others to where the table says it is.
        made.setupHorizontalMetrics(
            {name: (width, getattr(shape, "xMin", 0)) for name, (shape, width) in shapes.items()}
        )
        made.setupHorizontalHeader(ascent=self._ascent, descent=self._descent)
        made.setupNameTable({"fullName": self._name})
        made.setupOS2(sCapHeight=self._ascent)
        made.setupPost()
        file = io.BytesIO()
        made.save(file)
        return file.getvalue()

    def _learn(self, characters: set[str]) -> None:
        """Convert what is not known yet; the face itself, some 40 MB in memory, is let go again."""
        from fontTools.pens.cu2quPen import Cu2QuPen
        from fontTools.pens.filterPen import DecomposingFilterPen
        from fontTools.pens.ttGlyphPen import TTGlyphPen
        from fontTools.ttLib import TTFont

        logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells of oddities of fonts nobody here can mend
        with TTFont(self._file.path, fontNumber=self._file.index, lazy=True) as font:
            self._em, self._ascent, self._descent = font["head"].unitsPerEm, font["hhea"].ascent, font["hhea"].descent
            self._name = font["name"].getDebugName(6) or "Face"
            names, glyphs = font.getBestCmap(), font.getGlyphSet()
            for one in characters - self._known.keys():
                # What the face lacks gets its empty box: fpdf2 would leave it out.
                glyph = glyphs[names.get(ord(one), ".notdef")]
                pen = TTGlyphPen(None)
                outline = Cu2QuPen(pen, self._em / 1000, reverse_direction="glyf" not in font)
                glyph.draw(DecomposingFilterPen(outline, glyphs))
                self._known[one] = pen.glyph(), round(glyph.width)


_shapes = cache(_Shapes)
