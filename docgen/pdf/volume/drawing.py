"""Pages of our own: text in any installed face, rules, dotted leaders and links."""

import re
import zlib
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name

from yiyu.docgen.pdf.bitmap_font import BitmapFont
from yiyu.docgen.pdf.fonts import FontFile

WIDTH, HEIGHT = 595.28, 841.89
LEFT, RIGHT = 79.4, WIDTH - 70.9
"""28 mm towards the binding, 25 mm outside."""
MIDDLE = (LEFT + RIGHT) / 2
_FONT_HOLDS = 255
_WORDS = re.compile(r"(?:[!-~]+|.)[，。；：、）》”]*")
"""What a line is not broken within: Latin words and numbers, and closing signs from what they close."""


class Letters:
    """One face in one PDF, in as many Type 3 fonts as its characters need, the frequent ones in the first.

    Type 3, because CFF collections such as Noto's go into a PDF no other way without one library more.
    """

    def __init__(self, pdf: pikepdf.Pdf, file: FontFile, texts: Iterable[str], name: str) -> None:
        counted = Counter("".join(texts))
        characters = sorted(counted, key=lambda one: (-counted[one], one))
        groups = [characters[at : at + _FONT_HOLDS] for at in range(0, len(characters), _FONT_HOLDS)]
        self._fonts = {f"{name}{at}": BitmapFont(pdf, file, group) for at, group in enumerate(groups)}
        names = list(self._fonts)
        self._name_of = {one: names[at] for at, group in enumerate(groups) for one in group}

    @property
    def fonts(self) -> dict[str, pikepdf.Object]:
        return {f"/{name}": one.font for name, one in self._fonts.items()}

    def width(self, text: str, size: float) -> float:
        return sum(self._fonts[self._name_of[one]].width(one, size) for one in text)

    def show(self, text: str, size: float) -> bytes:
        """Operators that show ``text``, from wherever the text position is."""
        parts = []
        while text:
            name = self._name_of[text[0]]
            length = next((at for at, one in enumerate(text) if self._name_of[one] != name), len(text))
            parts.append(b"/%s %g Tf %s" % (name.encode(), size, self._fonts[name].show(text[:length])))
            text = text[length:]
        return b" ".join(parts)

    def wrap(self, text: str, size: float, room: float) -> list[str]:
        """``text`` in lines of at most ``room`` points; a word too long for one is broken."""
        lines = [""]
        for word in _WORDS.findall(text):
            if self.width(lines[-1] + word, size) <= room:
                lines[-1] += word
                continue
            lines.append("")
            for one in word:
                if self.width(lines[-1] + one, size) > room:
                    lines.append("")
                lines[-1] += one
        return [line.strip("　 ") for line in lines if line.strip("　 ")] or [""]


class Faces(NamedTuple):
    plain: Letters
    heavy: Letters


class A4Page:
    """One A4 page; y is measured upward from its foot, in points."""

    def __init__(self) -> None:
        self._drawn: list[bytes] = []
        self._links: list[pikepdf.Object] = []

    def text(self, letters: Letters, at: tuple[float, float], size: float, text: str, *, to: float = 0) -> None:
        """``to``: which share of its width stands left of the point: 0.5 centres, 1 ends there."""
        x = at[0] - to * letters.width(text, size)
        self._drawn.append(b"BT %.2f %.2f Td %s ET" % (x, at[1], letters.show(text, size)))

    def grey(self, level: float) -> None:
        """Level of what comes next; 0 is black."""
        self._drawn.append(b"%g g %g G" % (level, level))

    def rule(self, left: float, right: float, y: float, width: float = 0.5) -> None:
        self._drawn.append(b"[] 0 d 0 J %g w %.2f %.2f m %.2f %.2f l S" % (width, left, y, right, y))

    def leader(self, left: float, right: float, y: float) -> None:
        """Dots, drawn from the right so that those of all lines stand under each other; no text to a reader."""
        if right - left > 12:
            self._drawn.append(b"[0 4] 0 d 1 J 0.9 w %.2f %.2f m %.2f %.2f l S" % (right, y, left, y))

    def link(self, box: tuple[float, float, float, float], key: str) -> None:
        self._links.append(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array([round(edge, 2) for edge in box]),
                Border=Array([0, 0, 0]),
                Dest=pikepdf.String(key),
            )
        )

    def append_to(self, pdf: pikepdf.Pdf, fonts: pikepdf.Object) -> None:
        content = pikepdf.Stream(pdf, zlib.compress(b"\n".join(self._drawn)), Filter=Name.FlateDecode)
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, WIDTH, HEIGHT]),
            Resources=Dictionary(Font=fonts),
            Contents=content,
        )
        if self._links:
            page.Annots = Array(self._links)
        pdf.pages.append(pikepdf.Page(page))
