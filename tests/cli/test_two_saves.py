"""Claims about two clerks with one roster: the one who imports last undoes nothing the other did, and is told."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result

Run = Callable[..., Result]
Asked = Callable[..., Any]
NAME, OTHER = "东胜区小鹿托育中心", "东胜区青禾婴幼儿照护服务中心"
MARK = "导出校验（请勿改动）"


def column(sheet: Any, heading: str) -> int:
    return next(cell.column for cell in sheet[2] if cell.value == heading)


def row_of(sheet: Any, name: str) -> int:
    at = column(sheet, "机构名称")
    return next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, at).value == name)


def type_in(path: Path, *changes: tuple[str, str, str]) -> None:
    """Open the workbook and change cells, each named by institution and heading."""
    book = openpyxl.load_workbook(path)
    for name, heading, value in changes:
        sheet = book.worksheets[0]
        sheet.cell(row_of(sheet, name), column(sheet, heading)).value = value
    book.save(path)


@pytest.fixture
def exported(run: Run, tmp_path: Path) -> Path:
    run("institution", "export", tmp_path / "名册.xlsx", "--kind", "childcare")
    return tmp_path / "名册.xlsx"


def shown(asked: Asked, name: str) -> dict[str, Any]:
    found: dict[str, Any] = asked("institution", "show", name)
    return found


def test_what_only_a_colleague_changed_since_the_export_stays(run: Run, asked: Asked, exported: Path) -> None:
    run("institution", "edit", NAME, "--places", 77, "--town", "纺织街道")
    type_in(exported, (NAME, "地址", "民族路1号"), (OTHER, "备注", "已走访"))
    done = asked("institution", "import", exported, "--apply")
    assert (done["changed"], done["added"], done["problems"]) == (2, 0, [])
    one = shown(asked, NAME)
    assert (one["places"], one["town"], one["address"]) == (77, "纺织街道", "民族路1号")


def test_a_cell_that_both_changed_is_left_and_named_with_both_values(
    run: Run, asked: Asked, exported: Path, tmp_path: Path
) -> None:
    address = shown(asked, NAME)["address"]
    run("institution", "edit", NAME, "--places", 77)
    type_in(exported, (NAME, "托位数", "99"), (NAME, "地址", "民族路1号"), (OTHER, "备注", "已走访"))
    done = asked("institution", "import", exported, "--apply", "--problems", tmp_path / "待改.xlsx", code=10)
    [problem] = done["problems"]
    assert (problem["code"], problem["field"], problem["severity"], done["changed"]) == (
        "conflict",
        "places",
        "error",
        1,
    )
    assert "77" in problem["message"]
    assert "99" in problem["message"]
    one = shown(asked, NAME)
    assert (one["places"], one["address"], shown(asked, OTHER)["remark"]) == (77, address, "已走访")


def test_the_row_given_back_holds_what_the_colleague_did_and_goes_in_once_decided(
    run: Run, asked: Asked, exported: Path, tmp_path: Path
) -> None:
    run("institution", "edit", NAME, "--places", 77, "--town", "纺织街道")
    type_in(exported, (NAME, "托位数", "99"))
    run("institution", "import", exported, "--problems", tmp_path / "待改.xlsx", code=10)
    done = asked("institution", "import", tmp_path / "待改.xlsx", "--apply")
    one = shown(asked, NAME)
    assert (done["changed"], one["places"], one["town"]) == (1, 99, "纺织街道")


def test_decided_too_late_it_is_a_conflict_again(run: Run, asked: Asked, exported: Path, tmp_path: Path) -> None:
    run("institution", "edit", NAME, "--places", 77)
    type_in(exported, (NAME, "托位数", "99"))
    run("institution", "import", exported, "--problems", tmp_path / "待改.xlsx", code=10)
    run("institution", "edit", NAME, "--places", 78)
    run("institution", "import", tmp_path / "待改.xlsx", code=10)
    assert shown(asked, NAME)["places"] == 78


def test_what_is_no_longer_filed_has_no_day_of_it(asked: Asked, exported: Path) -> None:
    assert shown(asked, NAME)["filed_on"]
    type_in(exported, (NAME, "是否备案", "否"))
    assert asked("institution", "import", exported, "--apply")["problems"] == []
    one = shown(asked, NAME)
    assert (one["filed"], one["filed_on"]) == (False, None)


def test_of_a_telephone_it_is_told_that_it_changed_and_no_number(run: Run, asked: Asked, exported: Path) -> None:
    run("institution", "edit", NAME, "--phone", "13904770001")
    type_in(exported, (NAME, "联系电话", "13904770002"))
    [problem] = asked("institution", "import", exported, code=10)["problems"]
    assert problem["field"] == "phone"
    assert "institution show" in problem["message"]
    assert not re.search(r"\d{4}", problem["message"])


def test_an_institution_a_colleague_renamed_is_not_entered_twice(run: Run, asked: Asked, exported: Path) -> None:
    run("institution", "add", "--kind", "childcare", "--name", "东胜区无码托育点", "--district", "东胜区")
    run("institution", "export", exported, "--kind", "childcare")
    run("institution", "edit", "东胜区无码托育点", "--name", "东胜区星星托育点")
    type_in(exported, ("东胜区无码托育点", "备注", "已走访"))
    done = asked("institution", "import", exported)
    assert (done["added"], done["changed"]) == (0, 1)
    assert shown(asked, "东胜区星星托育点")["remark"] == "已走访"


def test_a_row_copied_for_a_new_institution_enters_it(asked: Asked, exported: Path) -> None:
    book = openpyxl.load_workbook(exported)
    sheet = book.worksheets[0]
    source, target = row_of(sheet, NAME), sheet.max_row + 1
    for cell in sheet[source]:
        sheet.cell(target, cell.column).value = cell.value
    sheet.cell(target, column(sheet, "机构名称")).value = "东胜区新开托育中心"
    sheet.cell(target, column(sheet, "统一社会信用代码")).value = None
    book.save(exported)
    done = asked("institution", "import", exported)
    assert (done["added"], done["changed"], done["problems"]) == (1, 0, [])


@pytest.mark.parametrize("damage", ["swapped", "typed over"])
def test_a_hidden_mark_that_is_not_its_rows_is_refused(asked: Asked, exported: Path, damage: str) -> None:
    book = openpyxl.load_workbook(exported)
    sheet = book.worksheets[0]
    at = column(sheet, MARK)
    one, other = sheet.cell(row_of(sheet, NAME), at), sheet.cell(row_of(sheet, OTHER), at)
    one.value, other.value = (other.value, one.value) if damage == "swapped" else ("改", other.value)
    book.save(exported)
    done = asked("institution", "import", exported, code=10)
    assert {problem["code"] for problem in done["problems"]} == {"row-altered"}
    assert len(done["problems"]) == (2 if damage == "swapped" else 1)


def test_a_roster_of_another_registry_is_read_as_anybodys(
    run: Run, asked: Asked, exported: Path, tmp_path: Path
) -> None:
    office = tmp_path / "other"
    run("init", office)
    run("--workspace", office, "institution", "import", exported)
    run("--workspace", office, "institution", "edit", NAME, "--places", 77)
    run("--workspace", office, "institution", "export", exported, "--kind", "childcare", "--replace")
    assert asked("institution", "import", exported, "--apply")["changed"] == 1
    assert shown(asked, NAME)["places"] == 77


def test_the_mark_is_hidden_and_holds_no_value(run: Run, asked: Asked, exported: Path) -> None:
    sheet = openpyxl.load_workbook(exported).worksheets[0]
    at = column(sheet, MARK)
    text = sheet.cell(row_of(sheet, NAME), at).value
    assert sheet.column_dimensions[openpyxl.utils.get_column_letter(at)].hidden
    assert shown(asked, NAME)["phone"] not in text
    assert len(text) < 1000
