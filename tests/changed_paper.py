"""Paper as it comes home: out of a scanner, and that of a partner who edits the Word file before he prints it."""

import contextlib
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import img2pdf
import pypdfium2
from build import invoke
from PIL import Image

Change = tuple[str, str]


def rewritten(data: bytes, changes: Sequence[Change]) -> bytes:
    """The Word file with each text once in place of another."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "word/document.xml":
                text = part.decode()
                for old, new in changes:
                    assert old in text, old
                    text = text.replace(old, new, 1)
                part = text.encode()
            target.writestr(name, part)
    return stream.getvalue()


def changed_pages(office: Path, number: str, changes: Sequence[Change], folder: Path) -> list[bytes]:
    """The pages of an agreement as JPEG at 150 dpi, a little askew, printed from the changed Word file under its codes."""
    word = next(office.rglob(f"output/*/*/{number}_合作协议书_*.docx"))
    kept, out = word.read_bytes(), folder / f"{number}.pdf"
    word.write_bytes(rewritten(kept, changes))
    try:
        done = invoke("--workspace", office, "print", number, "--kind", "agreement", "-o", out)
    finally:
        word.write_bytes(kept)
    assert done.exit_code == 0, done.output
    return pictures_of(out)


def pictures_of(printed: Path) -> list[bytes]:
    """The pages of a PDF as JPEG at 150 dpi, a little askew."""
    with contextlib.closing(pypdfium2.PdfDocument(printed.read_bytes())) as pdf:
        return [_jpeg(page.render(scale=150 / 72, grayscale=True).to_pil()) for page in pdf]


def scanned(printed: Path, out: Path) -> Path:
    """What a scanner makes of the pages of a PDF once they are printed."""
    out.write_bytes(img2pdf.convert(pictures_of(printed)))
    return out


def two_up(left: bytes, right: bytes) -> bytes:
    """Two pages copied side by side onto one sheet, as JPEG."""
    pages = [Image.open(io.BytesIO(one)).convert("L") for one in (left, right)]
    sheet = Image.new("L", (sum(one.width for one in pages), pages[0].height), 250)
    sheet.paste(pages[0], (0, 0))
    sheet.paste(pages[1], (pages[0].width, 0))
    stream = io.BytesIO()
    sheet.save(stream, "JPEG", quality=60, dpi=(150, 150))
    return stream.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.rotate(0.6, Image.Resampling.BILINEAR, fillcolor=250).save(stream, "JPEG", quality=60, dpi=(150, 150))
    return stream.getvalue()
