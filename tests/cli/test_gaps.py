"""Claims about what is missing: a row is taken with its doubtful cell parked, asked for, and settled once filled in."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from build import invoke
from click.testing import Result

Run = Callable[..., Result]
Asked = Callable[..., Any]
HEADS = (
    "旗区",
    "街道",
    "托育机构名称",
    "统一社会信用代码",
    "是否备案",
    "备案时间",
    "托位数",
    "联系人",
    "联系电话",
    "地址",
    "地址",
)
WHOLE, DOUBTED, BARE = "东胜区齐全托育中心", "东胜区存疑托育中心", "东胜区空缺托育中心"
ROWS = (
    (
        "东胜区",
        "纺织街道",
        WHOLE,
        "52150602MA9406003M",
        "是",
        "2025-03-01",
        "30",
        "王某某",
        "0477-8000001",
        "路1号",
        "路1号",
    ),
    ("东胜区", "纺织街道", DOUBTED, "", "否", "", "30", "王某某", "0477-8000002", "路2号", "另一条路2号"),
    ("东胜区", "纺织街道", BARE, "", "是", "", "", "", "", "路3号", ""),
)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Without an institution in 东胜区 but those the tests import."""
    place = tmp_path / "office"
    assert invoke("init", place).exit_code == 0
    return place


@pytest.fixture
def imported(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "名册.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADS, *ROWS])
    run("institution", "import", path)
    return path


def by_name(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in found}


def test_what_is_missing_and_what_was_parked_is_told_with_the_command(asked: Asked, imported: Path) -> None:
    found = by_name(asked("institution", "gaps"))
    assert found.keys() == {DOUBTED, BARE}
    assert found[BARE]["missing"] == ["code", "filed_on", "places", "legal_person", "contact", "phone"]
    assert found[BARE]["command"].startswith(f"yiyu institution edit {BARE} --code …")
    [cell] = found[DOUBTED]["parked"]
    assert (cell["field"], cell["file"], cell["row"]) == ("address", imported.name, 3)
    assert "另一条路2号" in cell["message"]


def test_the_same_file_again_parks_nothing_twice(run: Run, asked: Asked, imported: Path) -> None:
    before = asked("institution", "gaps")
    run("institution", "import", imported)
    assert asked("institution", "gaps") == before


def test_a_cell_is_settled_by_an_edit_and_not_asked_for_again(run: Run, asked: Asked, imported: Path) -> None:
    run("institution", "edit", DOUBTED, "--address", "路2号")
    assert by_name(asked("institution", "gaps"))[DOUBTED]["parked"] == []
    run("institution", "edit", DOUBTED, "--clear", "address")
    assert by_name(asked("institution", "gaps"))[DOUBTED]["parked"] == []


def test_the_workbook_is_filled_in_and_imported(run: Run, asked: Asked, imported: Path, tmp_path: Path) -> None:
    run("institution", "gaps", "--xlsx", tmp_path / "待补.xlsx")
    book = openpyxl.load_workbook(tmp_path / "待补.xlsx")
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[2]}
    asked_for = [cell for line in sheet.iter_rows(min_row=3) for cell in line if cell.comment]
    assert any("路2号" in cell.comment.text for cell in asked_for)
    values = {
        "统一社会信用代码": None,
        "备案时间": "2025.4.1",
        "托位数": "40",
        "联系人": "李某某",
        "联系电话": "0477-8000003",
        "地址": "路2号",
    }
    for cell in asked_for:
        cell.value = values.get(next(heading for heading, column in at.items() if column == cell.column))
    book.save(tmp_path / "待补.xlsx")
    done = asked("institution", "import", tmp_path / "待补.xlsx")
    assert (done["changed"], done["preview"]["waiting"], "missing" in done["preview"]["counts"]) == (2, 0, False)
    found = by_name(asked("institution", "gaps"))
    assert {name: (one["missing"], one["parked"]) for name, one in found.items()} == {
        DOUBTED: (["code"], []),
        BARE: (["code"], []),
    }
    assert asked("institution", "show", BARE)["places"] == 40


def test_the_listing_is_limited_and_says_how_to_go_on(run: Run, asked: Asked, imported: Path) -> None:
    assert asked("institution", "gaps", "--kind", "medical") == []
    assert asked("institution", "gaps", "--district", "康巴什区") == []
    told = run("institution", "gaps")
    assert "共 2 家" in told.stderr
    assert "institution edit" in told.stderr
    assert BARE in told.stdout
    assert "--district" in run("institution", "gaps", "--district", "没有这个旗", code=2).stderr
