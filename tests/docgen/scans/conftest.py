"""Printed pages and what scanners make of them."""

import functools
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from yiyu.docgen.page_code import mark
from yiyu.docgen.pdf.stamp import Stamping, stamp

Print = Callable[..., list[str]]
Scan = Callable[..., Image.Image]

_TURNED = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


def _text_page(pdf: pikepdf.Pdf, number: int, *, wide: bool) -> pikepdf.Page:
    """A page full of lines, as an agreement is; a wide one has rules, as a service list has."""
    width, height = (842, 595) if wide else (595, 842)
    lines = [
        f"BT /F1 14 Tf 80 {y} Td ({number}.{y} of the agreement: what each party does, when, and for whom) Tj ET"
        for y in range(80, height - 100, 26)
    ]
    rules = [f"70 {y} {width - 140} 1 re f" for y in range(74, height - 80, 26)] if wide else []
    content = pdf.make_stream("\n".join([*lines, *rules]).encode())
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
    box = Array([0, 0, width, height])
    return pikepdf.Page(Dictionary(Type=Name.Page, MediaBox=box, Contents=content, Resources=resources))


@pytest.fixture(scope="session")
def printed() -> Print:
    """``printed(path, pages=3, serial=1, wide=False)`` writes a stamped PDF and gives the codes of its pages."""

    def write(path: Path, pages: int = 3, *, serial: int = 1, wide: bool = False) -> list[str]:
        pdf = pikepdf.Pdf.new()
        for number in range(1, pages + 1):
            pdf.pages.append(_text_page(pdf, number, wide=wide))
        pdf.save(path)
        number = f"150627-2026-JC-{serial:04}"
        marking = functools.partial(mark, number=number, kind="agreement", title="协议书", version=1)
        stamp([Stamping(path, path, marking)])
        return [marking(page, pages).code for page in range(1, pages + 1)]

    return write


@pytest.fixture(scope="session")
def scanned() -> Scan:
    """``scanned(pdf, page, dpi=150, skew=0, turn=0, noise=0, colour=True)``: the page on the glass of a scanner.

    What sticks out over the glass is lost; ``turn`` and ``skew`` are clockwise.
    """
    grain = np.random.default_rng(5).standard_normal((3600, 3600), dtype=np.float32)

    def make(
        pdf: Path,
        page: int = 0,
        *,
        dpi: int = 150,
        skew: float = 0,
        turn: int = 0,
        noise: float = 0,
        colour: bool = True,
    ) -> Image.Image:
        document = pypdfium2.PdfDocument(pdf.read_bytes())
        picture = document[page].render(scale=dpi / 72, grayscale=not colour).to_pil()
        document.close()
        paper = (252, 250, 244) if colour else 250
        if skew:
            picture = picture.rotate(-skew, Image.Resampling.BILINEAR, fillcolor=paper)
        if turn:
            picture = picture.transpose(_TURNED[turn])
        if not noise:
            return picture
        pixels = np.asarray(picture, dtype=np.float32)
        rough = grain[page : page + pixels.shape[0], : pixels.shape[1]] * noise
        rough = rough[:, :, None] if colour else rough
        return Image.fromarray((pixels * 0.92 + rough).clip(0, 255).astype(np.uint8))

    return make


@pytest.fixture(scope="session")
def jpeg() -> Callable[..., bytes]:
    def encode(picture: Image.Image, quality: int = 60, **options: object) -> bytes:
        stream = io.BytesIO()
        picture.save(stream, "JPEG", quality=quality, **options)
        return stream.getvalue()

    return encode
