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
from fpdf import FPDF

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
    pdf = FPDF()
    pdf.set_font("Helvetica", size=30)
    for page in range(pages):
        pdf.add_page()
        pdf.text(30, 60, f"{path.stem.encode().hex()[-24:]} {page + 1}")
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


def test_a_record_sheet_that_was_never_made_and_a_page_without_its_place_are_refused(
    desk: Callable[..., Run], tmp_path: Path
) -> None:
    run = desk([ledger_row("旧2023-01", childcare(0))])
    scan = old(tmp_path / "old.pdf")
    run("archive", "intake", scan, code=10)
    refused = run("archive", "assign", scan, "all", "旧2023-01", "--kind", "activity_record", code=3)
    assert "还没有活动记录表" in refused.stderr
    assert "要写 --page" in run("archive", "assign", scan, 1, "旧2023-01", "--kind", "agreement", code=4).stderr
    assert "没有第 2 版" in run(
        "archive", "assign", scan, "all", "旧2023-01", "--kind", "agreement", "--version", 2, code=3
    ).stderr
