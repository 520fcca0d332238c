"""Claims about TIFF whose strips are JPEGs: a page of one becomes a single JPEG, and nothing of it is coded anew."""

import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops

from yiyu.docgen.scans.binding import ScannedPage, bind
from yiyu.docgen.scans.tiff_strips import joined_jpeg


def scanned(mode: str, **options: object) -> bytes:
    """Two pages of noise, the second one taller, in several strips each."""
    noise = Image.effect_noise((333, 701), 60)
    picture = Image.merge("RGB", [noise, noise.transpose(Image.Transpose.ROTATE_180), noise]).convert(mode)
    stream = io.BytesIO()
    more = [picture.resize((333, 809))]
    picture.save(stream, "TIFF", save_all=True, append_images=more, **{"compression": "jpeg"} | options)
    return stream.getvalue()


def seen(data: bytes, number: int) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.seek(number - 1)
    return image.convert("RGB")


@pytest.mark.parametrize("mode", ["L", "RGB", "YCbCr"])
@pytest.mark.parametrize("strip", [6_000, 40_000, 1 << 30])
def test_every_pixel_of_the_joined_page_is_that_of_the_strips(
    mode: str, strip: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("PIL.TiffImagePlugin.STRIP_SIZE", strip)
    data = scanned(mode)
    for number in (1, 2):
        made = joined_jpeg(data, number)
        assert made is not None
        assert ImageChops.difference(seen(made, 1), seen(data, number)).getbbox() is None


@pytest.mark.parametrize(
    "data",
    [
        scanned("CMYK"),
        scanned("L", compression="tiff_lzw"),
        scanned("L", tiffinfo={274: 6}),
        b"%PDF-1.7",
    ],
    ids=["four inks", "no JPEG", "turned", "no TIFF"],
)
def test_what_cannot_be_joined_as_it_is_is_left(data: bytes) -> None:
    assert joined_jpeg(data, 2) is None


def test_strips_that_were_swapped_or_altered_are_not_taken_for_the_page() -> None:
    data = bytearray(scanned("L"))
    with Image.open(io.BytesIO(data)) as image:
        start = image.tag_v2[273][1]  # type: ignore[attr-defined]
    data[start + 3 : start + 5] = b"\xff\xd0"
    assert joined_jpeg(bytes(data), 1) is None


def test_a_bound_page_holds_the_coefficients_that_came(tmp_path: Path) -> None:
    data = scanned("L")
    (tmp_path / "scan.tif").write_bytes(data)
    bind([ScannedPage(tmp_path / "scan.tif", 2)], tmp_path / "bound.pdf")
    with pikepdf.open(tmp_path / "bound.pdf") as pdf:
        [image] = pdf.pages[0].obj.Resources.XObject.as_dict().values()
        assert image.get("/Filter") == pikepdf.Name.DCTDecode
        assert image.read_raw_bytes() == joined_jpeg(data, 2)
