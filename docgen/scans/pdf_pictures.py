"""What a page of a PDF shows: whether it is one picture and nothing else, and how much its pictures claim."""

import math

import pikepdf
from pikepdf import Dictionary, Name

LONGEST_SIDE = 14_400
"""Points: the largest page that readers need to show (ISO 32000-1, annex C)."""
MOST_DECODED = 160_000_000
"""Bytes of one picture: A4 in colour at 600 dpi, A0 in black and white at 400, within the memory of the reading process."""
_SHORT = 1000
"""Bytes of the instructions that show one picture, with room to spare."""
_CHANNELS = {"/DeviceGray": 1, "/CalGray": 1, "/Indexed": 1, "/DeviceRGB": 3, "/CalRGB": 3}


def drawn(page: pikepdf.Page) -> list[pikepdf.Object] | None:
    """What the page can draw by name; None where one of them claims too much: PDFium would show a blank page.

    A JPEG is decoded at the size needed, so it may claim what it will, unless it is drawn with others.
    """
    found = _named(page.obj)
    pending, seen = list(found), set()
    while pending:
        one = pending.pop()
        if one.objgen in seen:
            continue
        seen.add(one.objgen)
        if _claimed(one) > MOST_DECODED and not only_jpeg(page, found):
            return None
        pending += _named(one)
    return found


def _claimed(image: pikepdf.Object) -> float:
    """Bytes that the picture takes unpacked."""
    space = image.get("/ColorSpace", "")
    name = str(space[0] if isinstance(space, pikepdf.Array) and len(space) else space)
    bits = 1 if image.get("/ImageMask", False) else int(image.get("/BitsPerComponent", 8)) * _CHANNELS.get(name, 4)
    return int(image.get("/Width", 0)) * int(image.get("/Height", 0)) * bits / 8


def _named(drawing: pikepdf.Object) -> list[pikepdf.Object]:
    """The pictures and forms that a page or a form can draw."""
    return list(drawing.get("/Resources", Dictionary()).get("/XObject", Dictionary()).as_dict().values())


def only_jpeg(page: pikepdf.Page, named: list[pikepdf.Object]) -> bytes | None:
    """The JPEG file in a page that is nothing but one picture, upright and as large as the page; else None."""
    contents = page.obj.get("/Contents")
    if len(named) != 1 or not isinstance(contents, pikepdf.Stream) or len(contents.read_raw_bytes()) > _SHORT:
        return None
    image = named[0]
    plain = image.get("/Filter") == Name.DCTDecode and not {"/SMask", "/Mask", "/Decode"} & set(image.keys())
    steps = [(str(step.operator), step.operands) for step in pikepdf.parse_content_stream(page)]
    if not plain or [name for name, _ in steps] not in (["cm", "Do"], ["q", "cm", "Do", "Q"]):
        return None
    placed = next([float(number) for number in operands] for name, operands in steps if name == "cm")
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    fills = math.isclose(placed[0], right - left, rel_tol=0.1) and math.isclose(placed[3], top - bottom, rel_tol=0.1)
    return image.read_raw_bytes() if fills and placed[1] == placed[2] == 0 else None


def is_print(page: pikepdf.Page, named: list[pikepdf.Object]) -> bool:
    """Whether a page is drawn as a printer gets it: letters and no picture, and nothing that a person put on it."""
    notes = page.obj.get("/Annots", pikepdf.Array()).as_list()
    if any(str(note.get("/Subtype", "")) != "/Link" for note in notes):
        return False
    fonts, pending, seen = _has_fonts(page.obj), list(named), set()
    while pending:
        one = pending.pop()
        if one.get("/Subtype") == Name.Image:
            return False
        if one.objgen not in seen:
            seen.add(one.objgen)
            fonts = fonts or _has_fonts(one)
            pending += _named(one)
    return fonts


def _has_fonts(drawing: pikepdf.Object) -> bool:
    return "/Font" in drawing.get("/Resources", Dictionary())
