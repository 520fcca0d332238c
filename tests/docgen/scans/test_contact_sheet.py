"""Claims about the sheet of small pictures: every page with its words, which can be copied, whatever they are."""

import io
from collections.abc import Callable

import pypdf
import pypdfium2
from PIL import Image

from yiyu.docgen.scans.contact_sheet import Cell, contact_sheet

Jpeg = Callable[..., bytes]


def cell(jpeg: Jpeg, number: int, name: str = "扫描.pdf") -> Cell:
    picture = jpeg(Image.new("L", (300, 424), 20 * number))
    return Cell(picture, (f"{name} 第 {number} 页", "没有可读的页面码"), ("yiyu archive assign 扫描.pdf \\", "  编号"))


def test_four_go_on_a_page_and_each_has_its_words(jpeg: Jpeg) -> None:
    made = contact_sheet("未归位的扫描页", [cell(jpeg, number) for number in range(1, 10)])
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    assert [len(page.images) for page in pages] == [4, 4, 1]
    texts = [page.extract_text() for page in pages]
    assert all(f"第 {number} 页" in texts[(number - 1) // 4] for number in range(1, 10))
    assert "第 2 页 / 共 3 页" in texts[1]
    assert texts[0].count("yiyu archive assign 扫描.pdf \\") == 4


def test_the_same_cells_give_the_same_bytes(jpeg: Jpeg) -> None:
    cells = [cell(jpeg, 1), Cell(b"", ("画不出来",), ())]
    assert contact_sheet("题", cells) == contact_sheet("题", cells)


def test_names_of_any_length_and_any_characters_stay_inside_their_cell(jpeg: Jpeg) -> None:
    every = "".join(map(chr, range(0x4E00, 0x4E00 + 400)))
    made = contact_sheet("题", [cell(jpeg, 1, every), cell(jpeg, 2, "换\n行\t\x00\ud800")])
    picture = pypdfium2.PdfDocument(made)[0].render(scale=1, grayscale=True).to_pil()
    between = picture.crop((292, 60, 302, 800))
    assert min(between.tobytes()) > 200
