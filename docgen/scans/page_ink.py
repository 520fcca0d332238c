"""Strokes on a scanned page that were not printed on it: text struck out, and what a hand added near the text."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2

from yiyu.docgen.pdf.printed_text import Box, PrintedPage
from yiyu.docgen.scans.difference import DifferenceKind
from yiyu.docgen.scans.page_fit import PageFit
from yiyu.docgen.scans.print_masks import PrintMasks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from yiyu.docgen.scans.ocr_text import Pixels

    Grey = NDArray[np.uint8]

SCALE = 2.0
"""Pixels a point: both pages are laid over one another at 144 dpi, where a pen stroke has two to three."""
_MM = 72 / 25.4 * SCALE
_WHITE = (255, 255, 255)
_BORDER = 8 * _MM
"""Shadows of the glass, holes and seals over the edge lie in it."""
_BESIDE = 0.55 * _MM
"""How far scanned ink may lie beside the printed: paper stretches, and toner spreads."""
_DARKER = 28
"""How much darker than the paper around it ink is; the pale blue of a ball pen has 60 and more."""
_GAP = 1.5 * _MM
"""Strokes so near belong to one hand."""
_TALLEST, _LEAST_INK = 3.0 * _MM, 0.9 * _MM**2
"""A written character is 4 mm and more; specks and the rims of letters are less."""
_LINE = 8.5 * _MM
"""No stroke of print runs on over more than a character, but for rules, which are known."""
_RUNS_ON, _MORE = 0.9, 0.1
"""Share of such a length that is ink in a line, and how much more than in the print there."""
_SHORTEST_LINE = 11.5 * _MM
"""Two characters of 三号 and a little: three that grow together, as 第十一, come to 11 mm."""
_OTHER = 0.35
"""Share of the printed ink that is not in the scan where the page was set in another font: nothing is said then."""


@dataclass(frozen=True, slots=True)
class InkDifference:
    kind: DifferenceKind
    printed: str
    """What stands there in print."""
    box: Box


def ink_differences(scan: "Pixels", lying: PageFit, page: PrintedPage, pdf: Path, number: int) -> list[InkDifference]:
    """Strokes on a page that page ``number`` of ``pdf`` has not; those in places to fill in or to sign left out."""
    import cv2

    printed = printed_ink(pdf, number)
    written = _written(laid_over(scan, lying, printed))
    reach = _round(_BESIDE)
    if cv2.countNonZero(cv2.bitwise_and(printed, cv2.bitwise_not(cv2.dilate(written, reach)))) > _OTHER * max(
        1, cv2.countNonZero(printed)
    ):
        return []
    open_ = _open(page, printed.shape)
    lines = _lines(written, printed)
    struck = list(_struck(cv2.bitwise_and(lines, open_), page))
    more = cv2.bitwise_and(_beside(written, printed), open_)
    added = [box for box in hands(more) if not any(_touch(box, one.box) for one in struck)]
    return [*struck, *(InkDifference(DifferenceKind.HANDWRITING, _text_near(page, box), box) for box in added)]


def printed_ink(pdf: Path, number: int) -> "Grey":
    """Where the printed page is dark."""
    import cv2

    with contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        drawn = document[number - 1].render(scale=SCALE, grayscale=True).to_numpy()
    _, dark = cv2.threshold(drawn.reshape(drawn.shape[:2]), 170, 255, cv2.THRESH_BINARY_INV)
    result: Grey = dark
    return result


def laid_over(scan: "Pixels", lying: PageFit, printed: "Grey") -> "Pixels":
    """The scan in colour, so that every stroke lies over the printed one."""
    import cv2
    import numpy as np

    high, wide = printed.shape
    onto = np.array(lying.to_scan) @ np.diag([1 / SCALE, 1 / SCALE, 1.0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    soft = cv2.GaussianBlur(scan, (0, 0), 1.0)
    laid = cv2.warpAffine(soft, onto, (wide, high), flags=flags, borderValue=_WHITE)
    with contextlib.suppress(cv2.error):  # it does not settle on a page that is nearly empty
        finer = np.eye(2, 3, dtype=np.float32)
        stop = cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 1e-4
        paper = cv2.GaussianBlur(cv2.bitwise_not(printed), (0, 0), 1.0)
        _, finer = cv2.findTransformECC(paper, _red_of(laid), finer, cv2.MOTION_AFFINE, stop, None, 5)
        laid = cv2.warpAffine(laid, finer, (wide, high), flags=flags, borderValue=_WHITE)
    result: Pixels = laid
    return result


def beside_print(laid: "Pixels", printed: "Grey") -> "Grey":
    """Where ink is, but for red, that lies farther from print than paper and toner explain."""
    return _beside(_written(laid), printed)


def _beside(written: "Grey", printed: "Grey") -> "Grey":
    import cv2

    allowed = cv2.dilate(printed, _round(_BESIDE))
    result: Grey = cv2.bitwise_and(written, cv2.bitwise_not(allowed))
    return result


def _red_of(laid: "Pixels") -> "Grey":
    import numpy as np

    result: Grey = np.ascontiguousarray(laid[:, :, 2])
    return result


def _written(laid: "Pixels") -> "Grey":
    """Where the scan, laid over the print, is darker than its paper. The red of seals is as light as paper."""
    import cv2

    around = int(5 * _MM) | 1
    thresholding = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    result: Grey = cv2.adaptiveThreshold(_red_of(laid), 255, *thresholding, around, _DARKER)
    return result


def _open(page: PrintedPage, shape: tuple[int, ...]) -> "Grey":
    """White where a stroke counts."""
    import cv2
    import numpy as np

    masks = PrintMasks.of(page)
    white = np.zeros(shape, np.uint8)
    edge = round(_BORDER)
    white[edge : shape[0] - edge, edge : shape[1] - edge] = 255
    for box in (*masks.hidden, *masks.blanks):
        corners = [(round(x * SCALE), round(y * SCALE)) for x, y in ((box.left, box.top), (box.right, box.bottom))]
        cv2.rectangle(white, *corners, 0, -1)
    return white


def _round(radius: float) -> "Grey":
    import cv2

    size = 2 * round(radius) + 1
    result: Grey = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return result


def _lines(written: "Grey", printed: "Grey") -> "Grey":
    """Where ink runs across with hardly a break, and print does not: a line by hand may climb three degrees and fade."""
    import cv2
    import numpy as np

    there, meant = _covered(written), _covered(printed)
    around = cv2.dilate(meant, cv2.getStructuringElement(cv2.MORPH_RECT, (round(2 * _MM), round(3 * _MM))))
    drawn = (there >= _RUNS_ON) & (there - around >= _MORE)
    # A place is one of a line where half the line on either side is drawn: it is given all of it back.
    whole = cv2.dilate(drawn.astype(np.uint8) * 255, _across())
    result: Grey = cv2.bitwise_and(whole, _thick(written))
    return result


def _covered(ink: "Grey") -> "NDArray[np.float32]":
    """For each place, the share of the line across it that is ink."""
    import cv2

    result: NDArray[np.float32] = cv2.boxFilter(_thick(ink), cv2.CV_32F, (round(_LINE), 1)) / 255
    return result


def _thick(ink: "Grey") -> "Grey":
    import cv2

    result: Grey = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_RECT, (1, 5)))
    return result


def _across() -> "Grey":
    import cv2

    result: Grey = cv2.getStructuringElement(cv2.MORPH_RECT, (round(_LINE), 1))
    return result


def ink_boxes(ink: "Grey", gap: float) -> Iterator[tuple[Box, int]]:
    """The strokes that lie within ``gap`` of one another, in points, and how many pixels they have."""
    import cv2

    near = cv2.dilate(ink, _round(gap / 2))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(near)
    for at in range(1, count):
        left, top, wide, high = (int(one) for one in stats[at][:4])
        own = cv2.bitwise_and(ink, ink, mask=(labels == at).astype("uint8"))[top : top + high, left : left + wide]
        x, y, w, h = cv2.boundingRect(own)
        box = Box(*(one / SCALE for one in (left + x, top + y, left + x + w, top + y + h)))
        yield box, cv2.countNonZero(own)


def _struck(lines: "Grey", page: PrintedPage) -> Iterator[InkDifference]:
    for box, _ in ink_boxes(lines, 3 * _GAP):  # one stroke fades where it crosses a character
        if (box.right - box.left) * SCALE >= _SHORTEST_LINE:
            yield InkDifference(DifferenceKind.STRUCK, _text_near(page, box), box)


def hands(more: "Grey") -> Iterator[Box]:
    """What is as large as a character that a hand writes."""
    for box, ink in ink_boxes(more, _GAP):
        if max(box.right - box.left, box.bottom - box.top) * SCALE >= _TALLEST and ink >= _LEAST_INK:
            yield box


def _touch(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    return across > 0 and min(one.bottom, other.bottom) - max(one.top, other.top) > -_GAP


def _text_near(page: PrintedPage, box: Box) -> str:
    """The printed text a stroke lies on or beside."""
    middle = box.middle[1]
    rows: Sequence[tuple[float, str]] = [
        (abs(row[0].box.middle[1] - middle), text)
        for row in page.rows
        if (text := "".join(one.text for one in row if box.left - 20 <= one.box.middle[0] <= box.right + 20))
    ]
    return min(rows, default=(0.0, ""))[1]
