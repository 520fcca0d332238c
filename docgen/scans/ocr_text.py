"""Reading the text of a picture (OCR), offline, with the models that come in the wheel of RapidOCR.

Loading takes a second and half a gigabyte: never in our own process, but in one of :mod:`yiyu.docgen.scans.ocr_reading`.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from PIL import Image

from yiyu.registry.errors import ProgramFault

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

_DETECT_SIDE = 1280
"""Pixels over the long side in which lines are looked for, A4 at 110 dpi; they are read at full size."""
_LEAST_SCORE = 0.3
"""Lines read with less confidence are smudges."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line as it was read, ``score`` from 0 to 1, and the corners of its ``box`` in pixels, clockwise from the upper left."""

    text: str
    score: float
    box: tuple[tuple[float, float], ...]


def require_ocr() -> None:
    """Raise ProgramFault where what reads text is not installed."""
    there = find_spec("numpy"), find_spec("cv2"), find_spec("onnxruntime"), find_spec("rapidocr")
    if None in there:
        raise ProgramFault("没有安装识别文字的组件", remedy="请运行 pip install 'yiyu[ocr]' 后再试")


class TextReader:
    """The two models, loaded once: one finds lines of text, the other reads them; one thread."""

    def __init__(self) -> None:
        import cv2
        from rapidocr import RapidOCR

        cv2.setNumThreads(1)
        threads = "EngineConfig.onnxruntime.{}_op_num_threads"
        self._engine: Any = RapidOCR(
            params={
                "Global.log_level": "error",
                "Global.use_cls": False,  # pages come upright
                "Global.max_side_len": 10_000,  # what is too large was made smaller before
                "Global.text_score": _LEAST_SCORE,
                "Det.limit_type": "max",
                "Det.limit_side_len": _DETECT_SIDE,
                "Rec.rec_batch_num": 1,  # of several lines all are padded to the longest
                threads.format("intra"): 1,
                threads.format("inter"): 1,
            }
        )

    def read(self, picture: Image.Image) -> list[TextLine]:
        """The lines of an upright page, from above; empty where there are none."""
        found = self._engine(_pixels(picture))
        if found.txts is None:
            return []
        return [
            TextLine(text, float(score), tuple((float(x), float(y)) for x, y in box))
            for text, score, box in zip(found.txts, found.scores, found.boxes, strict=True)
        ]


def _pixels(picture: Image.Image) -> "Pixels":
    """As OpenCV wants them: blue, green, red."""
    import numpy as np

    return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])
