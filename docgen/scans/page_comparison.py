"""One scanned page against one printed page: text, strokes that were not printed, a picture of each difference, places to sign."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from yiyu.docgen.pdf.printed_text import printed_pages
from yiyu.docgen.scans.difference import Difference, PageComparison
from yiyu.docgen.scans.ocr_text import Corners, TextLine, TextReader, pixels
from yiyu.docgen.scans.page_fit import corners_of, fit, printed_box
from yiyu.docgen.scans.page_ink import ink_differences
from yiyu.docgen.scans.page_text import text_differences
from yiyu.docgen.scans.signing_places import signing_hints

_ROOM = 0.6
"""Heights of a line shown around it."""
_COLOURS = 64


def page_comparison(
    reader: TextReader,
    picture: Image.Image,
    lines: Sequence[TextLine],
    printed: str,
    number: int,
    names: Sequence[str],
) -> PageComparison | None:
    """What differs between an upright scan and page ``number`` of a PDF; None where it is not that page.

    A word more can push a line to the next page: where page ``number`` does not fit, its neighbours are tried.
    """
    pages = printed_pages(Path(printed))
    for at in _candidates(number, len(pages)):
        page = pages[at - 1]
        if lying := fit(page, lines):
            scan = pixels(picture)
            text = text_differences(reader, scan, lines, lying, page, names)
            found = [Difference(one.kind, one.printed, one.read, _crop(picture, one.corners)) for one in text]
            places = [printed_box(one.corners, lying) for one in text]
            for stroke in ink_differences(scan, lying, page, Path(printed), at):
                # What was read there says more than that there is ink.
                if not any(one.holds(*stroke.box.middle) for one in places):
                    corners = corners_of(stroke.box, lying)
                    found.append(Difference(stroke.kind, f"【{stroke.printed}】", "", _crop(picture, corners)))
            return PageComparison(tuple(found), signing_hints(scan, lying, page, Path(printed), at))
    return None


def _candidates(number: int, pages: int) -> Iterator[int]:
    return (at for at in (number, number + 1, number - 1) if 1 <= at <= pages)


def _crop(picture: Image.Image, corners: Corners) -> bytes:
    """The place with some of what stands around, small enough to keep by the thousand."""
    across, down = zip(*corners, strict=True)
    room = _ROOM * (max(down) - min(down))
    left, top = max(0, round(min(across) - room)), max(0, round(min(down) - room))
    right, bottom = min(picture.width, round(max(across) + room)), min(picture.height, round(max(down) + room))
    stream = io.BytesIO()
    picture.crop((left, top, max(right, left + 1), max(bottom, top + 1))).quantize(_COLOURS).save(stream, "PNG")
    return stream.getvalue()
