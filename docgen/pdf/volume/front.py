"""The pages of a volume that are ours: cover, contents, and a notice before each signed document."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pikepdf

from yiyu.docgen.pdf.drawing import Drawing
from yiyu.docgen.pdf.volume import catalogue, listing
from yiyu.docgen.pdf.volume.contents import Placed, Volume
from yiyu.docgen.pdf.volume.listing import HEAVY, LEFT, MIDDLE, RIGHT

_SIGNED_TITLE = "电子签名文件"
_LABELS = ("协议编号", "文书", "附件名", "大小", "SHA-256", "页码")
_NOTICE = (
    "这份文书带有电子签名。签名文件未作任何改动，以附件嵌入本卷，附件名见上。",
    "以下各页是它的版面，只供翻阅；核对签名时，请在阅读器的“附件”栏取出签名文件。",
)
_SIGNS = "0123456789abcdef, 字节第页至"
_TEXT = 12


@dataclass(frozen=True, slots=True)
class Fixity:
    """Of a signed original: its size in bytes, and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Front:
    """Cover and contents are the first ``opening`` pages, then comes a notice for each signed part, in order."""

    pdf: pikepdf.Pdf
    opening: int


def draw(volume: Volume, parts: Sequence[Sequence[Placed]], originals: Mapping[str, Fixity]) -> Front:
    """Draw all of them into one PDF; ``originals`` by the name of the attachment. The same input, the same bytes.

    Raises ProgramFault where the machine has no Chinese font.
    """
    every = list(itertools.chain.from_iterable(parts))
    heads = (volume.title, volume.office, _SIGNED_TITLE, *listing.HEADS, *catalogue.HEADS)
    texts = [*listing.TEXTS, *catalogue.TEXTS, *_LABELS, *_NOTICE, _SIGNS]
    texts += itertools.chain.from_iterable(volume.facts)
    for section in volume.sections:
        texts += [
            section.number,
            section.title,
            section.subject,
            *section.parties,
            *itertools.chain(*section.missing),
            "：",
        ]
    texts += [text for one in every for text in (one.part.title, one.part.dated, one.attachment)]
    drawing = Drawing(texts, {HEAVY: heads})
    _cover(volume, drawing)
    if volume.catalogued:
        catalogue.catalogue(volume, parts, drawing)
    else:
        listing.contents(parts, drawing)
    opening = drawing.pages
    for one in every:
        if one.attachment:
            _notice(one, originals[one.attachment], drawing)
    return Front(drawing.finish(), opening)


def _cover(volume: Volume, drawing: Drawing) -> None:
    drawing.page()
    size, gap = 42.0, 18.0
    for at, line in enumerate(drawing.wrap(volume.office, 20, RIGHT - LEFT, HEAVY)):
        drawing.text(MIDDLE, 142 + 30 * at, 20, line, to=0.5, style=HEAVY)
    x = MIDDLE - (drawing.width(volume.title, size, HEAVY) + gap * (len(volume.title) - 1)) / 2
    for sign in volume.title:
        drawing.text(x, 297, size, sign, style=HEAVY)
        x += drawing.width(sign, size, HEAVY) + gap
    _table(drawing, volume.facts, top=422)


def _table(drawing: Drawing, rows: Sequence[tuple[str, str]], top: float) -> float:
    """Names and values between rules; where it ends."""
    left, right, column = LEFT + 25, RIGHT - 25, LEFT + 110
    drawing.line(left, top, right, top, 1)
    y = top
    for at, (name, value) in enumerate(rows):
        if at:
            drawing.line(left, y, right, y)
        lines = drawing.wrap(value, _TEXT, right - column - 6)
        drawing.text(column - 24, y + 22, _TEXT, name, to=1)
        for line_at, line in enumerate(lines):
            drawing.text(column, y + 22 + 19 * line_at, _TEXT, line)
        y += 14 + 19 * len(lines)
    drawing.line(left, y, right, y, 1)
    return y


def _notice(one: Placed, original: Fixity, drawing: Drawing) -> None:
    drawing.page()
    drawing.text(MIDDLE, 182, 24, _SIGNED_TITLE, to=0.5, style=HEAVY)
    # Broken by hand in the middle: 64 signs are one word and wider than the column.
    digest = f"{original.sha256[:32]} {original.sha256[32:]}"
    pages = f"第{one.page + 1}页至第{one.page + one.part.pages}页" if one.part.pages > 1 else f"第{one.page + 1}页"
    values = (one.section.number, one.part.title, one.attachment, f"{original.size:,} 字节", digest, pages)
    y = _table(drawing, list(zip(_LABELS, values, strict=True)), top=232) + 40
    for text in _NOTICE:
        for line in drawing.wrap(text, _TEXT, RIGHT - LEFT - 50):
            drawing.text(LEFT + 25, y, _TEXT, line)
            y += 22
        y += 6
