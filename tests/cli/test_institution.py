from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from yiyu.cli import main

Run = Callable[..., Any]

KEYS = {
    "id",
    "kind",
    "name",
    "code",
    "category",
    "district",
    "district_code",
    "town",
    "filed",
    "filed_on",
    "inclusive",
    "places",
    "enrolled",
    "phone",
}


def test_the_listing_has_the_promised_keys(asked: Run) -> None:
    rows = asked("institution", "list")
    assert len(rows) > 70
    assert all(set(row) == KEYS for row in rows)


def test_the_listing_can_be_limited(asked: Run) -> None:
    rows = asked("institution", "list", "--kind", "childcare", "--district", "鄂托克旗", "--unfiled")
    assert rows
    assert {(r["kind"], r["district"], r["filed"]) for r in rows} == {("childcare", "鄂托克旗", False)}
    assert asked("institution", "list", "--search", "没有这个") == []


def test_the_listing_is_saved_for_excel(run: Run, tmp_path: Path) -> None:
    run("institution", "list", "--xlsx", tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").active is not None


def test_an_unknown_district_is_a_usage_error_that_shows_how(run: Run) -> None:
    assert "鄂托克前旗" in run("institution", "list", "--district", "鄂托克", code=2).stderr


def test_the_sample_roster_again_changes_nothing(asked: Run, office: Path) -> None:
    before = asked("institution", "list")
    result = asked("institution", "import", office / "示例_托育机构名册.xlsx", code=10)
    assert (result["added"], result["changed"]) == (0, 0)
    assert sorted(p["code"] for p in result["problems"]) == ["code-check-digit", "code-precision-lost"]
    assert asked("institution", "list") == before


def test_the_problems_workbook_can_be_corrected_and_imported(asked: Run, office: Path, tmp_path: Path) -> None:
    fixed = tmp_path / "改正.xlsx"
    result = asked("institution", "import", office / "示例_托育机构名册.xlsx", "--problems", fixed, code=10)
    book = openpyxl.load_workbook(fixed)
    sheet = book.worksheets[0]
    commented = [cell for row in sheet.iter_rows() for cell in row if cell.comment]
    assert len(commented) == len(result["problems"])
    for cell in commented:
        cell.value = "91440300708461136T" if "E+17" in str(cell.value) else "52150627894192338W"
    book.save(fixed)
    again = asked("institution", "import", fixed)
    assert (again["rows"], again["added"], again["problems"]) == (2, 2, [])


def test_a_dry_run_of_an_import_writes_nothing(run: Run, office: Path) -> None:
    before = (office / "registry.db").read_bytes()
    run("institution", "import", office / "示例_医疗卫生机构名册.xlsx", "--dry-run")
    assert (office / "registry.db").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.xlsx", b"", 7),
        ("协议.docx", b"PK\x03\x04 not really", 7),
        ("不存在.xlsx", None, 7),
        ("没有名称.csv", "旗区,托位数\n东胜区,20\n".encode(), 4),
    ],
)
def test_a_file_that_is_no_roster_is_refused(
    run: Run, office: Path, tmp_path: Path, name: str, content: bytes | None, code: int
) -> None:
    before = (office / "registry.db").read_bytes()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = run("institution", "import", tmp_path / name, code=code)
    assert name in result.stderr
    assert (office / "registry.db").read_bytes() == before


def test_one_is_shown_by_name_or_code(run: Run, asked: Run) -> None:
    one = asked("institution", "list", "--kind", "medical")[0]
    assert asked("institution", "show", one["code"])["name"] == one["name"]
    assert one["code"] in run("institution", "show", one["name"]).stdout


def test_an_unknown_one_is_refused_with_the_nearest(run: Run) -> None:
    assert "东胜区妇幼保健院" in run("institution", "show", "东胜妇幼保健院", code=3).stderr


def test_one_is_entered_by_hand_and_not_twice(run: Run, asked: Run) -> None:
    entry = ("--kind", "childcare", "--name", "东胜区新星托育中心", "--district", "东胜区", "--filed-on", "2026.3.1")
    run("institution", "add", *entry)
    assert asked("institution", "show", "东胜区新星托育中心")["filed_on"] == "2026-03-01"
    assert "已在登记库中" in run("institution", "add", *entry, code=4).stderr


def test_a_wrong_code_is_refused_by_hand_too(run: Run) -> None:
    entry = ("--kind", "childcare", "--name", "甲", "--district", "东胜区", "--code", "52150602MA94060030")
    assert "校验" in run("institution", "add", *entry, code=4).stderr


def test_a_control_character_is_refused_at_the_door(run: Run) -> None:
    entry = ("--kind", "childcare", "--name", "甲\u0007乙", "--district", "东胜区")
    assert "--name" in run("institution", "add", *entry, code=2).stderr


def test_an_edit_holds_from_today_and_the_past_stays(run: Run, asked: Run) -> None:
    one = asked("institution", "list", "--kind", "childcare")[0]
    run("institution", "edit", one["code"], "--places", "99", "--phone", "0477-1234567")
    assert asked("institution", "show", one["code"])["places"] == 99
    assert asked("institution", "show", one["code"], "--as-of", "2020-01-01")["places"] == one["places"]


def test_an_edit_of_nothing_is_refused(run: Run) -> None:
    assert "没有给出" in run("institution", "edit", "东胜区妇幼保健院", code=4).stderr


@pytest.mark.parametrize("kind", ["medical", "childcare"])
def test_export_and_import_again_is_lossless(asked: Run, run: Run, tmp_path: Path, kind: str) -> None:
    run("institution", "export", tmp_path / "out.xlsx", "--kind", kind)
    result = asked("institution", "import", tmp_path / "out.xlsx")
    assert (result["added"], result["changed"], result["problems"]) == (0, 0, [])
    assert result["unchanged"] == len(asked("institution", "list", "--kind", kind))


def test_a_dry_run_of_an_export_says_how_many_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    told = run("institution", "export", tmp_path / "out.xlsx", "--kind", "childcare", "--dry-run")
    assert "将导出" in told.stderr
    assert not (tmp_path / "out.xlsx").exists()


def test_an_export_without_a_kind_is_a_usage_error(run: Run, tmp_path: Path) -> None:
    assert "--kind" in run("institution", "export", tmp_path / "out.xlsx", code=2).stderr


def test_a_wrong_entry_is_taken_back_and_the_change_is_told_in_chinese(run: Run, asked: Run) -> None:
    name = asked("institution", "list", "--kind", "childcare")[0]["name"]
    told = run("institution", "edit", name, "--closed-on", "2026-01-01", "--phone", "0477-1234567").stdout
    assert "停办日期" in told
    assert "联系电话" in told
    assert "（空）" in run("institution", "edit", name, "--clear", "closed-on", "--clear", "phone").stdout
    shown = asked("institution", "show", name)
    assert (shown["closed_on"], shown["phone"]) == (None, "")
    run("institution", "edit", name, "--unfiled")
    assert asked("institution", "show", name)["filed_on"] is None


def test_a_provider_entered_by_hand_has_the_category_its_name_tells(run: Run, asked: Run) -> None:
    run("institution", "add", "--kind", "medical", "--name", "东胜区某某社区卫生服务中心", "--district", "东胜区")
    (found,) = asked("institution", "list", "--category", "社区卫生", "--search", "某某")
    assert found["category"] == "社区卫生服务中心"


def test_what_looks_odd_in_an_entry_is_said_and_kept(run: Run, asked: Run) -> None:
    entry = (
        "--name",
        "甲托育中心",
        "--district",
        "东胜区",
        "--places",
        "10",
        "--enrolled",
        "30",
        "--filed-on",
        "2098-01-01",
    )
    said = run("institution", "add", "--kind", "childcare", *entry).stderr
    assert "在托数 30 大于托位数 10" in said
    assert "还没有到" in said
    assert asked("institution", "show", "甲托育中心")["enrolled"] == 30


def test_an_office_elsewhere_reads_the_word_of_its_own_region(tmp_path: Path) -> None:
    """旗区 is a word of 内蒙古; the pack says what a region of county level is called."""
    for pack, word in (("zhejiang", "县（市、区）"), ("ordos", "旗区")):
        office = ["--workspace", str(tmp_path / pack)]
        CliRunner().invoke(main, ["init", str(tmp_path / pack), "--pack", pack], catch_exceptions=False)
        told = CliRunner().invoke(main, [*office, "institution", "add", "--kind", "childcare", "--name", "某某托育园"])
        assert f"至少要有名称和{word}" in told.stderr
