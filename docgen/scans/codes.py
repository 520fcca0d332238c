"""Find page codes in a picture of a page."""

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageFilter

from yiyu.docgen.page_code import decode


@dataclass(frozen=True, slots=True)
class Codes:
    """``codes`` each once, ``foreign`` the other QR texts, ``turn`` clockwise to set the codes upright."""

    codes: tuple[str, ...] = ()
    foreign: frozenset[str] = frozenset()
    turn: int | None = None


def find_codes(picture: Image.Image) -> Codes:
    """Read a grey picture whole; where that yields no code of a page, its corners again, smoothed and larger.

    Not a corner first: half a millisecond would be saved beside the ten of decoding the scan, and the second page
    copied onto the same sheet would go unseen.
    """
    import zxingcpp  # of the extra ``scan``; the module itself can be looked at without

    # Asking for all kinds takes ten to twenty times as long and finds no more of ours.
    wanted = zxingcpp.barcode_formats_from_str("QRCode")
    codes: dict[str, int] = {}
    foreign: set[str] = set()
    settled = False
    for attempt in _attempts(picture):
        for found in zxingcpp.read_barcodes(attempt, formats=wanted, try_invert=False):
            try:
                settled |= decode(found.text).page > 0
            except ValueError:
                foreign.add(found.text)
            else:
                codes.setdefault(found.text, found.orientation)
        if settled:
            break
    turns = {-round(angle / 90) * 90 % 360 for angle in codes.values()}
    return Codes(tuple(codes), frozenset(foreign), turns.pop() if len(turns) == 1 else None)


def _attempts(picture: Image.Image) -> Iterator[Image.Image]:
    yield picture
    width, height = picture.size
    wide, high = round(width * 0.4), round(height * 0.4)
    for left in (0, width - wide):
        for top in (0, height - high):
            corner = picture.crop((left, top, left + wide, top + high))
            yield corner.filter(ImageFilter.MedianFilter(3))
            yield corner.resize((wide * 2, high * 2), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(2))
