"""Reading the text of a picture (OCR), offline, with the models that come in the wheel of RapidOCR.

Loading takes a second and half a gigabyte: never in our own process, but in one of :mod:`yiyu.docgen.scans.ocr_reading`.
"""

import itertools
import unicodedata
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from PIL import Image

from yiyu.registry.errors import ProgramFault

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Likelihoods = NDArray[np.float32]

Corners = tuple[tuple[float, float], ...]

_DETECT_SIDE = 1280
"""Pixels over the long side in which lines are looked for, A4 at 110 dpi; they are read at full size."""
_LEAST_SCORE = 0.3
"""Lines read with less confidence are smudges."""
_LEAST_RATIO = 320 / 48
"""Width to height of the shortest line the model was made for."""
_NEVER = 1e-10


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line as it was read, ``score`` from 0 to 1, and the corners of its ``box`` in pixels, clockwise from the upper left."""

    text: str
    score: float
    box: Corners


def require_ocr() -> None:
    """Raise ProgramFault where what reads text is not installed."""
    there = find_spec("numpy"), find_spec("cv2"), find_spec("onnxruntime"), find_spec("rapidocr")
    if None in there:
        raise ProgramFault("没有安装识别文字的组件", remedy="请运行 pip install 'yiyu[ocr]' 后再试")


class TextReader:
    """The two models, loaded once: one finds lines of text, the other reads them; one thread."""

    def __init__(self) -> None:
        import cv2
        import numpy as np
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
        self._engine(np.full((48, 48, 3), 255, np.uint8), use_det=False, use_rec=True)  # loads the second model
        self._lines: Any = self._engine.text_rec
        self._alphabet: list[str] = self._lines.postprocess_op.character
        self._places = {character: at for at, character in enumerate(self._alphabet)}

    def read(self, picture: Image.Image) -> list[TextLine]:
        """The lines of an upright page, from above; empty where there are none."""
        found = self._engine(pixels(picture), use_det=True, use_rec=True)
        if found.txts is None:
            return []
        return [
            TextLine(text, float(score), tuple((float(x), float(y)) for x, y in box))
            for text, score, box in zip(found.txts, found.scores, found.boxes, strict=True)
        ]

    def likelihoods(self, page: "Pixels", box: Corners, *, margin: float = 0.0) -> "Likelihoods":
        """For each step along a line, how likely each character of the alphabet stands there (0 for none).

        ``margin``: heights of the line by which ``box`` is made larger.
        """
        line = _straightened(page, box, margin)
        high, wide = line.shape[:2]
        shaped = self._lines.resize_norm_img(line, max(_LEAST_RATIO, wide / high))
        result: Likelihoods = self._lines.session(shaped[None].astype("float32"))[0]
        return result

    def most_likely(self, steps: "Likelihoods") -> str:
        """The text of a line."""
        best = [int(at) for at in steps.argmax(axis=1)]
        return "".join(self._alphabet[at] for at, _ in itertools.groupby(best) if at)

    def log_likelihood(self, steps: "Likelihoods", text: str) -> float:
        """How likely a line says ``text``, over all ways to spread it on the steps (CTC, Graves et al. 2006, 4.1)."""
        import numpy as np

        places = [self._places[one] for one in text if one in self._places]
        states = [0, *itertools.chain.from_iterable((at, 0) for at in places)]
        logs = np.log(np.maximum(steps[:, states], _NEVER))
        skips = np.array([at > 1 and states[at] != 0 and states[at] != states[at - 2] for at in range(len(states))])
        reached = np.full(len(states), -np.inf)
        reached[:2] = logs[0, :2]
        for step in logs[1:]:
            one_on = np.concatenate(([-np.inf], reached[:-1]))
            two_on = np.where(skips, np.concatenate(([-np.inf] * 2, reached))[: len(states)], -np.inf)
            reached = np.logaddexp(np.logaddexp(reached, one_on), two_on) + step
        return float(np.logaddexp.reduce(reached[-2:]))


def pixels(picture: Image.Image) -> "Pixels":
    """As OpenCV wants them: blue, green, red."""
    import numpy as np

    return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])


def _straightened(page: "Pixels", box: Corners, margin: float) -> "Pixels":
    import cv2
    import numpy as np

    corners = np.array(box, dtype=np.float32)
    wide = max(np.linalg.norm(corners[1] - corners[0]), np.linalg.norm(corners[2] - corners[3]))
    high = max(np.linalg.norm(corners[3] - corners[0]), np.linalg.norm(corners[2] - corners[1]))
    beside = margin * high
    target = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], dtype=np.float32) + beside
    size = max(1, round(wide + 2 * beside)), max(1, round(high + 2 * beside))
    matrix = cv2.getPerspectiveTransform(corners, target.astype(np.float32))
    result: Pixels = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return result


_SAME = str.maketrans("OQIL", "0011")


def plain(text: str) -> str:
    """What is compared of a text: letters and digits, full width as half, those that look alike as one."""
    wide = unicodedata.normalize("NFKC", text.replace("〇", "0")).upper()
    return "".join(one for one in wide if one.isalnum() or one == "%").translate(_SAME)
