"""The pages of a volume that are ours: cover, contents, and a notice before each signed document."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Dictionary

from yiyu.docgen.pdf.fonts import Style, face_file
from yiyu.docgen.pdf.volume import listing
from yiyu.docgen.pdf.volume.contents import Placed, Volume
from yiyu.docgen.pdf.volume.drawing import LEFT, MIDDLE, RIGHT, A4Page, Faces, Letters

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
    """Of a signed original: its size, and its SHA-256 in hexadecimal."""

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
    pdf = pikepdf.Pdf.new()
    every = list(itertools.chain.from_iterable(parts))
    heads = (volume.title, volume.office, _SIGNED_TITLE, *listing.HEADS)
    texts = [*heads, *listing.TEXTS, *_LABELS, *_NOTICE, _SIGNS, *itertools.chain.from_iterable(volume.facts)]
    for one in volume.sections:
        texts += [one.number, one.title, *one.parties]
    texts += [text for one in every for text in (one.part.title, one.attachment)]
    faces = Faces(
        Letters(pdf, face_file(Style.SMALL_PRINT), texts, "P"),
        Letters(pdf, face_file(Style.XIAOBIAOSONG), heads, "H"),
    )
    opening = [_cover(volume, faces), *listing.contents(parts, faces)]
    notices = [_notice(one, originals[one.attachment], faces) for one in every if one.attachment]
    fonts = pdf.make_indirect(Dictionary({**faces.plain.fonts, **faces.heavy.fonts}))
    for sheet in (*opening, *notices):
        sheet.append_to(pdf, fonts)
    return Front(pdf, len(opening))


def _cover(volume: Volume, faces: Faces) -> A4Page:
    sheet, size, gap = A4Page(), 42.0, 18.0
    office = faces.heavy.wrap(volume.office, 20, RIGHT - LEFT)
    for at, line in enumerate(office):
        sheet.text(faces.heavy, (MIDDLE, 700 - 30 * at), 20, line, to=0.5)
    signs = list(volume.title)
    x = MIDDLE - (faces.heavy.width(volume.title, size) + gap * (len(signs) - 1)) / 2
    for sign in signs:
        sheet.text(faces.heavy, (x, 545), size, sign)
        x += faces.heavy.width(sign, size) + gap
    _table(sheet, faces, volume.facts, top=420)
    return sheet


def _table(sheet: A4Page, faces: Faces, rows: Sequence[tuple[str, str]], top: float) -> float:
    """Names and values between rules; where it ends."""
    left, right, column = LEFT + 25, RIGHT - 25, LEFT + 110
    sheet.rule(left, right, top, 1)
    y = top
    for at, (name, value) in enumerate(rows):
        if at:
            sheet.rule(left, right, y)
        lines = faces.plain.wrap(value, _TEXT, right - column - 6)
        sheet.text(faces.plain, (column - 24, y - 22), _TEXT, name, to=1)
        for line_at, line in enumerate(lines):
            sheet.text(faces.plain, (column, y - 22 - 19 * line_at), _TEXT, line)
        y -= 14 + 19 * len(lines)
    sheet.rule(left, right, y, 1)
    return y


def _notice(one: Placed, original: Fixity, faces: Faces) -> A4Page:
    sheet = A4Page()
    sheet.text(faces.heavy, (MIDDLE, 660), 24, _SIGNED_TITLE, to=0.5)
    # Broken by hand in the middle: 64 signs are one word and wider than the column.
    digest = f"{original.sha256[:32]} {original.sha256[32:]}"
    pages = f"第{one.page + 1}页至第{one.page + one.part.pages}页" if one.part.pages > 1 else f"第{one.page + 1}页"
    values = (one.section.number, one.part.title, one.attachment, f"{original.size:,} 字节", digest, pages)
    y = _table(sheet, faces, list(zip(_LABELS, values, strict=True)), top=610) - 40
    for text in _NOTICE:
        for line in faces.plain.wrap(text, _TEXT, RIGHT - LEFT - 50):
            sheet.text(faces.plain, (LEFT + 25, y), _TEXT, line)
            y -= 22
        y -= 6
    return sheet
