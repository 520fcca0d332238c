"""Claims about old agreements without a code of ours: what is read on the first page tells the row of the ledger."""

import datetime as dt
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from yiyu.docgen.pdf.fonts import chinese_font
from yiyu.docgen.scans import ocr_text
from yiyu.docgen.scans.ocr_reading import TextProcess
from yiyu.docgen.scans.old_paper import LedgerRow, propose
from yiyu.registry.errors import FileFault, ProgramFault

MEDICAL, CHILDCARE = "伊金霍洛旗示范社区卫生服务中心", "伊金霍洛旗小鹿托育服务有限公司"
ROWS = [
    LedgerRow("伊卫托〔2022〕14号", (MEDICAL, CHILDCARE), dt.date(2022, 9, 1)),
    LedgerRow("伊卫托〔2023〕14号", (MEDICAL, CHILDCARE), dt.date(2023, 9, 1)),
    LedgerRow("伊卫托〔2023〕15号", (MEDICAL, "伊金霍洛旗晨露婴幼儿照护服务中心"), dt.date(2023, 9, 1)),
]
PAGE = ["合作协议书", f"甲方：{MEDICAL}", f"乙方：{CHILDCARE}", "自2023年9月1日起至2024年8月31日止"]


def first(lines: list[str]) -> str:
    return propose(lines, ROWS)[0].number


def test_a_number_tells_the_row_however_its_brackets_and_zeros_were_read() -> None:
    assert first(["编号:伊卫托(2O23)14号", *PAGE[:1]]) == "伊卫托〔2023〕14号"


def test_without_a_number_the_day_tells_one_year_of_two_parties_from_another() -> None:
    best, second, *_ = propose(PAGE, ROWS)
    assert (best.number, best.found) == ("伊卫托〔2023〕14号", (MEDICAL, CHILDCARE, "2023-09-01"))
    assert best.weight > second.weight


def test_a_page_that_does_not_tell_two_years_apart_gives_both_the_same_weight() -> None:
    best, second = propose(PAGE[:3], ROWS)
    assert best.weight == second.weight


def test_a_name_read_wrongly_in_one_character_is_still_the_name() -> None:
    assert first([*PAGE[:2], "乙方：伊金霍洛旗小鹿托盲服务有限公司", PAGE[3]]) == "伊卫托〔2023〕14号"


def test_one_party_alone_proposes_nothing() -> None:
    assert propose([f"甲方：{MEDICAL}", "采购合同", "2023年9月1日"], ROWS) == []


def page_of(lines: list[str], path: Path) -> Path:
    picture = Image.new("L", (1240, 1754), 255)
    font = ImageFont.truetype(chinese_font().path, 36, index=chinese_font().index)
    for at, line in enumerate(lines):
        ImageDraw.Draw(picture).text((140, 300 + 90 * at), line, 0, font)
    picture.save(path, dpi=(150, 150), quality=60)
    return path


def test_the_text_of_a_scan_is_read_in_a_process_of_its_own_and_tells_the_row(tmp_path: Path) -> None:
    scan = page_of(["编号：伊卫托〔2023〕15号", *PAGE], tmp_path / "旧协议.jpg")
    bad = tmp_path / "坏.jpg"
    bad.write_bytes(scan.read_bytes()[:2000])
    with TextProcess() as process:
        with pytest.raises(FileFault, match=r"坏\.jpg"):
            process.lines(bad, 1)
        lines = process.lines(scan, 1)
    assert [one.text for one in lines][1:] == PAGE
    assert propose([one.text for one in lines], ROWS)[0].number == "伊卫托〔2023〕15号"
    assert all(140 - 20 < x < 1240 and 280 < y < 800 for one in lines for x, y in one.box)


def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr_text, "find_spec", lambda _name: None)
    with pytest.raises(ProgramFault, match=r"pip install 'yiyu\[ocr\]'"):
        TextProcess()
