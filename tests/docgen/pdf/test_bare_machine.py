"""Claims about a machine whose PATH and fontconfig show no font and no program: the packaged fonts are enough."""

import os
import subprocess
import sys
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from yiyu.docgen.pdf.fonts import packaged

pytestmark = pytest.mark.skipif(
    not packaged() or sys.platform in ("win32", "darwin"), reason="the extra fonts is not installed, or no fontconfig"
)
CONVERT = (
    "from yiyu.docgen.pdf.convert import convert, dxpdf; from pathlib import Path; import sys; "
    "convert([Path(name) for name in sys.argv[2:]], Path(sys.argv[1]), engine=dxpdf())"
)
MISSING = (
    "from yiyu.docgen.pdf.glyphs import missing_characters; import sys; "
    "print(*(character for _, character in missing_characters([('1', sys.argv[1])])))"
)
AVAILABLE = "from yiyu.docgen.pdf.fonts import available; print(*(one.face.family for one in available()), sep='|')"


def bare(tmp_path: Path, script: str, *words: object, configuration: str = "no-fonts.conf") -> str:
    """What ``script`` prints in a process that finds no program, no home and only this configuration of fontconfig."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG_")}
    environment |= {
        "PATH": str(tmp_path / "bin"),
        "HOME": str(tmp_path / "home"),
        "FONTCONFIG_FILE": str(tmp_path / configuration),
        "PYTHONUTF8": "1",
    }
    command = [sys.executable, "-P", "-c", script, *map(str, words)]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True, encoding="utf-8").stdout


def page_of(pdf: Path) -> bytes:
    with pypdfium2.PdfDocument(pdf.read_bytes()) as document:
        pixels: bytes = document[0].render(scale=2).to_numpy().tobytes()
        return pixels


def test_a_ticked_box_is_printed_as_one(tmp_path: Path) -> None:
    signs = {"ticked": "☑", "empty": "□", "unknown": "\U0003fffd"}
    sources = []
    for name, sign in signs.items():
        document = docx.Document()
        run = document.add_paragraph().add_run(sign)
        run.font.name = "Times New Roman"
        run.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋_GB2312")
        sources.append(tmp_path / f"{name}.docx")
        document.save(str(sources[-1]))
    bare(tmp_path, CONVERT, tmp_path / "out", *sources)
    assert len({page_of(tmp_path / "out" / f"{name}.pdf") for name in signs}) == 3


def test_a_character_the_packaged_fonts_lack_is_named_and_the_tick_is_not(tmp_path: Path) -> None:
    assert bare(tmp_path, MISSING, "医育☑□①“”—·\u3000\U0003fffd").split() == ["\U0003fffd"]


def test_faces_that_nobody_can_list_are_not_replaced(tmp_path: Path) -> None:
    """A machine that has a configuration of fontconfig, hence perhaps fonts, but no fc-list."""
    assert bare(tmp_path, AVAILABLE).strip() == "Noto Serif SC|Noto Sans SC"
    (tmp_path / "fonts.conf").write_text("<fontconfig/>")
    assert bare(tmp_path, AVAILABLE, configuration="fonts.conf").strip() == ""


def test_what_holds_a_number_to_its_unit_is_not_seen(tmp_path: Path) -> None:
    """The faces of an office and the packaged ones have no shape for it; a box would stand in each date."""
    sources = []
    for name, pieces in {"whole": ["2025年9月"], "in pieces": ["2025", "年9", "月"]}.items():
        document = docx.Document()
        paragraph = document.add_paragraph()
        for piece in pieces:
            run = paragraph.add_run(piece)
            run.font.name = "Times New Roman"
            run.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋_GB2312")
        sources.append(tmp_path / f"{name}.docx")
        document.save(str(sources[-1]))
    bare(tmp_path, CONVERT, tmp_path / "out", *sources)
    assert page_of(tmp_path / "out" / "whole.pdf") == page_of(tmp_path / "out" / "in pieces.pdf")
