"""Claims about scans of agreements that never had our codes: filed under their ledger row, nothing invented, nothing guessed."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from build import invoke
from click.testing import Result
from docx import Document
from fpdf import FPDF
from lxml import etree
from PIL import Image, ImageDraw, ImageFont

from yiyu.docgen.pdf.fonts import chinese_font
from yiyu.docgen.scans import ocr_reading, ocr_text
from yiyu.registry.files import sha256

Run = Callable[..., Result]
MEDICAL = "东胜区示范社区卫生服务中心"
ROW = ("编号", "甲方", "乙方", "类型", "生效日期", "截止日期", "签订日期", "甲方盖章日期", "乙方盖章日期")


def sheet(path: Path, headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([headings, *rows])
    return path


def childcare(at: int) -> str:
    """A name no other is part of."""
    return f"东胜区{'甲乙丙丁戊己庚辛壬癸'[at // 10]}{'子丑寅卯辰巳午未申酉'[at % 10]}苗托育中心"


def ledger_row(number: str, name: str, year: int = 2023) -> tuple[str, ...]:
    signed = f"{year}-01-05"
    return number, MEDICAL, name, "基层型", f"{year}-01-01", f"{year}-12-31", signed, signed, signed


def old(path: Path, pages: int = 2) -> Path:
    """A scan without any code; no two are alike."""
    path.parent.mkdir(exist_ok=True)
    pdf = FPDF(format=(60, 60))
    pdf.set_font("Helvetica", size=8)
    for page in range(pages):
        pdf.add_page()
        pdf.text(8, 20, f"{sha256(path.stem.encode())[:16]} {page + 1}")
    pdf.output(str(path))
    return path


@pytest.fixture
def desk(tmp_path: Path) -> Callable[[list[tuple[str, ...]]], Run]:
    """Make an office whose ledger of former years has these rows; gives what runs commands in it."""

    def make(rows: list[tuple[str, ...]]) -> Run:
        office = tmp_path / "office"

        def run(*arguments: object, code: int = 0) -> Result:
            result = invoke("--workspace", office, *arguments)
            assert result.exit_code == code, (result.stdout, result.stderr)
            return result

        assert invoke("init", office).exit_code == 0
        names = list(dict.fromkeys(row[2] for row in rows))
        medical = sheet(tmp_path / "医疗.csv", ("机构名称", "旗区"), [(MEDICAL, "东胜区")])
        roster = sheet(tmp_path / "托育.csv", ("机构名称", "旗区"), [(name, "东胜区") for name in names])
        run("institution", "import", medical, "--kind", "medical")
        run("institution", "import", roster, "--kind", "childcare")
        run("agreement", "import", sheet(tmp_path / "台账.csv", ROW, rows))
        return run

    return make


def asked(run: Run, *arguments: object, code: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", code=code).stdout)


def filing(run: Run) -> dict[str, str]:
    return {one["number"]: one["filing"] for one in asked(run, "agreement", "list")}


def test_a_whole_scan_is_filed_by_hand_under_an_agreement_that_no_document_was_ever_made_for(
    desk: Callable[..., Run], tmp_path: Path
) -> None:
    run = desk([ledger_row("旧2023-01", childcare(0))])
    scan = old(tmp_path / "old.pdf", pages=3)
    run("archive", "intake", scan, code=10)
    tried = run("archive", "assign", scan, "all", "旧2023-01", "--kind", "agreement", "--dry-run")
    assert "试算，没有写入" in tried.stderr
    assert filing(run) == {"旧2023-01": "none"}
    told = run("archive", "assign", scan, "all", "旧2023-01", "--kind", "agreement")
    assert "已归位 3 页" in told.stderr
    assert "合作协议书（旧件）" in told.stdout
    assert filing(run) == {"旧2023-01": "checked"}
    assert asked(run, "agreement", "show", "旧2023-01")["documents"] == []
    bound = tmp_path / "office" / "archive" / "2023" / "东胜区" / "旧2023-01_合作协议书_旧件.pdf"
    assert len(pypdf.PdfReader(bound).pages) == 3
    assert "无误" in run("archive", "verify").stderr
    assert "文书" not in run("check").stderr.replace("文书文件", "")


def test_old_paper_goes_through_number_catalogue_volume_bag_and_due(desk: Callable[..., Run], tmp_path: Path) -> None:
    run = desk([ledger_row("旧2005-01", childcare(0), 2005)])
    scan = old(tmp_path / "old.pdf", pages=3)
    run("archive", "intake", scan, code=10)
    run("archive", "assign", scan, "all", "旧2005-01", "--kind", "agreement")
    [item] = asked(run, "archive", "number")["numbered"]
    assert (item["pages"], item["year"], item["remark"]) == (3, 2005, "纸质、扫描件")
    assert [one["archive_no"] for one in asked(run, "archive", "catalog")["items"]] == [item["archive_no"]]
    assert [one["number"] for one in asked(run, "archive", "due")] == ["旧2005-01"]
    [part] = asked(run, "archive", "volume", "旧2005-01", "-o", tmp_path / "卷.pdf")["parts"]
    assert (part["pages"], part["version"]) == (3, 0)
    assert asked(run, "archive", "bag", "-o", tmp_path / "包")["files"] == 2
    assert "无误" in run("archive", "verify", "--manifest", tmp_path / "包").stderr
    assert "已存" in run("archive", "stamp", "旧2005-01", "-o", tmp_path / "章.pdf").stderr


def test_a_scan_placed_wrongly_by_hand_goes_to_the_right_agreement_and_leaves_nothing_behind(
    desk: Callable[..., Run], tmp_path: Path
) -> None:
    run = desk([ledger_row(f"旧2023-0{at}", childcare(at)) for at in (1, 2)])
    scan = old(tmp_path / "old.pdf")
    run("archive", "intake", scan, code=10)
    run("archive", "assign", scan, "all", "旧2023-01", "--kind", "agreement")
    told = run("archive", "assign", scan, "all", "旧2023-02", "--kind", "agreement")
    assert "没有它的扫描件了" in told.stdout.replace("\n", "")
    kept = sorted(path.name for path in (tmp_path / "office" / "archive" / "2023").rglob("*.pdf"))
    assert kept == ["旧2023-02_合作协议书_旧件.pdf"]
    assert "无误" in run("archive", "verify").stderr


def test_what_was_filed_under_no_agreement_of_its_own_is_taken_back_and_the_scan_is_kept(
    desk: Callable[..., Run], tmp_path: Path
) -> None:
    run = desk([("旧2023-01", MEDICAL, childcare(0), "基层型", "2023-01-01", "2023-12-31", "2023-01-05", "", "")])
    scan = old(tmp_path / "旧2023-01.pdf", pages=3)
    run("archive", "intake", scan, "--ledger")
    ledger = next(one["id"] for one in asked(run, "import", "list") if one["file"] == "台账.csv")
    assert "协议 旧2023-01 的扫描件" in run("import", "undo", ledger, code=5).stderr
    assert "试算，没有写入" in run("archive", "unassign", scan, "all", "--dry-run").stderr
    told = run("archive", "unassign", scan, 2)
    assert "装订过的文件已撤下" in told.stdout.replace("\n", "")
    assert "已撤回归位 2 页" in run("archive", "unassign", scan, "all").stderr
    assert "没有归位过" in run("archive", "unassign", scan, "all", code=3).stderr
    kept = sorted(path.name for path in (tmp_path / "office" / "archive").rglob("*.pdf"))
    assert ["旧2023-01" in name for name in kept] == [True], "the scan as it came in"
    assert "无误" in run("archive", "verify").stderr
    run("import", "undo", ledger)


def test_a_record_sheet_that_was_never_made_and_a_page_without_its_place_are_refused(
    desk: Callable[..., Run], tmp_path: Path
) -> None:
    run = desk([ledger_row("旧2023-01", childcare(0))])
    scan = old(tmp_path / "old.pdf")
    run("archive", "intake", scan, code=10)
    refused = run("archive", "assign", scan, "all", "旧2023-01", "--kind", "activity_record", code=3)
    assert "还没有活动记录表" in refused.stderr
    assert "要写 --page" in run("archive", "assign", scan, 1, "旧2023-01", "--kind", "agreement", code=4).stderr
    assert (
        "没有第 2 版"
        in run("archive", "assign", scan, "all", "旧2023-01", "--kind", "agreement", "--version", 2, code=3).stderr
    )


def test_a_hundred_old_scans_are_filed_under_the_hundred_rows_of_the_ledger(
    desk: Callable[..., Run], tmp_path: Path
) -> None:
    """Named by number, by the name of 乙方, by both, or by parts of a name, as offices name their scans."""
    rows = [ledger_row(f"旧〔2023〕{at + 1}号", childcare(at)) for at in range(100)]
    run = desk(rows)
    names = (
        lambda at: f"旧2023-{at + 1}号",
        childcare,
        lambda at: f"{at + 1:03}_{childcare(at).removeprefix('东胜区')}合作协议2023年",
        lambda at: f"{MEDICAL}与{childcare(at)[3:-2]}",
    )
    scans = [old(tmp_path / "旧件" / f"{names[at % 4](at)}.pdf", pages=1) for at in range(100)]
    taken = asked(run, "archive", "intake", tmp_path / "旧件", "--ledger")
    filed = {Path(one["file"]).stem: one["number"] for one in taken["ledger"]}
    assert filed == {scan.stem: rows[at][0] for at, scan in enumerate(scans)}
    assert (taken["placed"], taken["unplaced"]) == (100, [])
    assert {one["by"] for one in taken["ledger"]} == {"number", "names"}
    assert set(filing(run).values()) == {"checked"}
    assert "（依据：文件名中的编号）" in run("agreement", "history", "旧〔2023〕1号").stdout.replace("\n", "")
    again = asked(run, "archive", "intake", *scans[:4], "--ledger")
    assert (again["placed"], again["ledger"], len(again["again"])) == (4, [], 4)


def test_what_fits_two_what_fits_none_and_what_is_there_already_are_listed_and_not_guessed(
    desk: Callable[..., Run], tmp_path: Path
) -> None:
    twice = childcare(1)
    run = desk(
        [
            ledger_row("旧2022-01", twice, 2022),
            ledger_row("旧2023-01", twice),
            ledger_row("旧2023-02", childcare(2)),
            ledger_row("旧2023-03", childcare(3)),
        ]
    )
    folder = tmp_path / "旧件"
    for name in (twice, f"新{childcare(2)}", "扫描0001", "旧2023-03 正面", "旧2023-03 背面", f"旧2023-02 {twice}"):
        old(folder / f"{name}.pdf")
    result = asked(run, "archive", "intake", folder, "--ledger", code=10)
    doubts = {Path(one["file"]).stem: (one["doubt"], one["candidates"]) for one in result["ledger"]}
    assert doubts == {
        twice: ("several-agreements", ["旧2022-01", "旧2023-01"]),
        f"新{childcare(2)}": ("unsure", ["旧2023-02"]),
        "扫描0001": ("no-agreement", []),
        "旧2023-03 正面": ("several-files", ["旧2023-03"]),
        "旧2023-03 背面": ("several-files", ["旧2023-03"]),
        f"旧2023-02 {twice}": ("several-agreements", ["旧2023-02", "旧2022-01", "旧2023-01"]),
    }
    assert result["placed"] == 0
    sheet = pypdf.PdfReader(tmp_path / "office" / result["unplaced_file"])
    words = "".join(page.extract_text() for page in sheet.pages).replace("\n", "")
    assert words.count("archive assign") == len(doubts)
    assert words.count(" all ") == len(doubts)
    old(folder / f"{twice} 2022.pdf")
    run("archive", "intake", folder / f"{twice} 2022.pdf", "--ledger")
    old(tmp_path / "另一次" / "旧2022-01 重扫.pdf", pages=3)
    [finding] = asked(run, "archive", "intake", tmp_path / "另一次", "--ledger", code=10)["ledger"]
    assert (finding["doubt"], finding["candidates"]) == ("already-filed", ["旧2022-01"])
    assert "可能是" in run("archive", "intake", tmp_path / "另一次", "--ledger", code=10).stdout


def test_a_package_for_the_archives_describes_each_paper_with_the_elements_of_the_standard(
    desk: Callable[..., Run], tmp_path: Path
) -> None:
    run = desk([ledger_row("旧2005-01", childcare(0), 2005)])
    run("archive", "intake", old(tmp_path / "旧2005-01.pdf"), "--ledger")
    assert "没有已编号的件" in run("archive", "bag", "-o", tmp_path / "包", "--metadata", code=3).stderr
    [item] = asked(run, "archive", "number")["numbered"]
    run("archive", "bag", "-o", tmp_path / "包", "--metadata")
    assert "无误" in run("archive", "verify", "--manifest", tmp_path / "包").stderr
    root = etree.parse(tmp_path / "包" / "metadata.xml").getroot()
    [paper] = root.findall("文件")
    assert (root.get("标准"), paper.findtext("档号/档号值"), paper.findtext("档号/保管期限")) == (
        "DA/T 46-2009", item["archive_no"], "10年",
    )  # fmt: skip
    assert paper.findtext("内容描述/责任者") == f"{MEDICAL}；{childcare(0)}"
    assert [one.tag for one in paper] == ["聚合层次", "档号", "内容描述", "形式特征", "电子属性", "附注"]
    data = (tmp_path / "包" / str(paper.findtext("电子属性/计算机文件名"))).read_bytes()
    assert (paper.findtext("电子属性/校验值"), paper.findtext("形式特征/页数")) == (sha256(data), "2")
    (tmp_path / "包" / "metadata.xml").write_bytes(b"<x/>")
    assert "内容被改动" in run("archive", "verify", "--manifest", tmp_path / "包", code=7).stdout


def test_what_is_tested_of_the_four_properties_fails_where_it_is_broken_and_says_what_a_person_must_see_to(
    desk: Callable[..., Run], tmp_path: Path
) -> None:
    run = desk([ledger_row("旧2005-01", childcare(0), 2005)])
    run("archive", "intake", old(tmp_path / "旧2005-01.pdf"), "--ledger")
    run("archive", "number")
    run("archive", "bag", "-o", tmp_path / "包")

    def outcomes(code: int) -> dict[tuple[str, str], tuple[str, int]]:
        checks = asked(run, "archive", "inspect", "--package", tmp_path / "包", code=code)
        return {(one["property"], one["subject"]): (one["outcome"], len(one["faults"])) for one in checks}

    first = outcomes(10)
    failed = {check for check, (outcome, _) in first.items() if outcome == "failed"}
    assert failed == {("integrity", "元数据")}, "no 全宗名称 yet"
    config = tmp_path / "office" / "yiyu.toml"
    config.write_text('fonds_name = "东胜区卫生健康委员会"\n' + config.read_text("utf-8"), "utf-8")
    assert outcomes(0)["integrity", "元数据"] == ("passed", 0)
    assert first["authenticity", "内容"] == first["usability", "归档信息包"] == ("passed", 0)
    assert {first["security", one][0] for one in ("病毒", "载体", "过程")} == {"not-tested"}
    [bound] = (tmp_path / "office" / "archive" / "2005").rglob("*.pdf")
    bound.write_bytes(bound.read_bytes().replace(b"/Rotate 0", b"/Rotate 9") + b"%")
    [copy] = (tmp_path / "包" / "data" / "archive" / "incoming").rglob("*.pdf")
    copy.unlink()
    broken = outcomes(10)
    assert broken["authenticity", "内容"] == ("failed", 1)
    assert broken["integrity", "归档信息包"] == ("failed", 1)
    out = tmp_path / "四性.docx"
    assert "不通过" in run("archive", "inspect", "--docx", out, code=10).stdout
    rows = [[cell.text for cell in row.cells] for row in Document(out).tables[0].rows]
    assert ["真实性", "内容", "不通过"] in [[row[0], row[1], row[4]] for row in rows]
    assert "没有给出移交包" in rows[6][5]


def test_without_what_reads_text_only_names_count_and_it_is_said(
    desk: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr_text, "find_spec", lambda _name: None)
    run = desk([ledger_row("旧2023-01", childcare(0))])
    old(tmp_path / "旧件" / "扫描1.pdf")
    told = run("archive", "intake", tmp_path / "旧件", "--ledger", code=10)
    assert "没有安装识别文字的组件" in told.stderr
    assert "台账里没有对得上的协议" in told.stdout


def test_a_page_that_could_not_be_read_in_time_is_said_to_be_unread(
    desk: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr_reading, "SECONDS", 0)
    run = desk([ledger_row("旧2023-01", childcare(0))])
    [finding] = asked(run, "archive", "intake", old(tmp_path / "扫描1.pdf"), "--ledger", code=10)["ledger"]
    assert (finding["doubt"], finding["candidates"]) == ("not-read", [])


def test_what_the_name_does_not_tell_is_read_on_the_first_page(desk: Callable[..., Run], tmp_path: Path) -> None:
    run = desk([ledger_row("旧卫托〔2023〕01号", childcare(0)), ledger_row("旧卫托〔2023〕02号", childcare(1))])
    picture = Image.new("L", (1240, 1754), 255)
    font = ImageFont.truetype(chinese_font().path, 36, index=chinese_font().index)
    for at, line in enumerate(("合作协议书", f"甲方：{MEDICAL}", f"乙方：{childcare(1)}", "自2023年1月1日起")):
        ImageDraw.Draw(picture).text((140, 300 + 90 * at), line, 0, font)
    picture.save(tmp_path / "扫描1.jpg", dpi=(150, 150), quality=60)
    taken = ("archive", "intake", tmp_path / "扫描1.jpg", "--ledger")
    [planned] = asked(run, *taken, "--dry-run")["ledger"]
    assert filing(run) == {"旧卫托〔2023〕01号": "none", "旧卫托〔2023〕02号": "none"}
    [finding] = asked(run, *taken)["ledger"]
    assert (finding["number"], finding["by"]) == ("旧卫托〔2023〕02号", "text")
    assert planned == finding
    assert filing(run) == {"旧卫托〔2023〕01号": "none", "旧卫托〔2023〕02号": "checked"}
