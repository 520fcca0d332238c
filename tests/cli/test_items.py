"""yiyu agreement items at the command line: shown, edited from a day on, in and out as a workbook."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

Run = Callable[..., Any]


def of(asked: Run, **wanted: str) -> str:
    return next(r["number"] for r in asked("agreement", "list") if all(r[k] == v for k, v in wanted.items()))


def item(told: Any, code: str) -> Any:
    return next(one for one in told["items"] if one["code"] == code)


def test_a_list_is_shown_edited_from_a_day_on_and_remembers(run: Run, asked: Run) -> None:
    number = of(asked, force="in_force")
    assert "F01" in run("agreement", "items", number).stdout
    off = next(
        one["code"] for one in asked("agreement", "items", number)["items"] if one["selected"] and one["code"] > "F01"
    )
    edit = ("agreement", "items", number, "--frequency", "F01=每季度两次", "--untick", off, "--from", "2026-11-01")
    assert "将变更 2 处" in run(*edit, "--dry-run").stderr
    assert asked("agreement", "items", number)["version"] == 1
    told = run(*edit)
    assert "每季度2次" in told.stdout
    assert "自 2026-11-01 起用第 2 版清单" in told.stderr
    assert "agreement supplement-draft" in told.stderr
    now, then = asked("agreement", "items", number), asked("agreement", "items", number, "--from", "2026-10-31")
    assert [(item(one, "F01")["frequency"], item(one, off)["selected"]) for one in (then, now)] == [
        ("每季度1次", True), ("每季度2次", False),
    ]  # fmt: skip
    assert "第 2 版" in run("agreement", "show", number).stdout
    (event,) = asked("agreement", "items", number)["history"]
    assert (event["on"], event["version"]) == ("2026-11-01", 2)
    assert event["note"] == f"F01频次：每季度1次 → 每季度2次；{off}勾选：是 → 否"
    assert "变更过 1 次" in run("agreement", "items", number, "--history").stderr
    run("check")


def test_what_a_list_has_not_is_refused(run: Run, asked: Run) -> None:
    number = of(asked, force="in_force")
    assert "清单里没有“F99”" in run("agreement", "items", number, "--tick", "F99", code=4).stderr
    assert "每季度1次" in run("agreement", "items", number, "--frequency", "F01=常常", code=2).stderr
    run("agreement", "items", number, "--frequency", "F01", code=2)
    run("agreement", "items", "150602-1999-JC-0001", code=3)
    run("agreement", "items", number, "--from", "1999-01-01", "--untick", "F01", code=4)


def test_a_workbook_goes_out_and_comes_back_with_what_was_typed(run: Run, asked: Run, tmp_path: Path) -> None:
    number, path = of(asked, signing="awaiting"), tmp_path / "清单.xlsx"
    run("agreement", "items", number, "--xlsx", path)
    assert asked("agreement", "items", number, "--apply-from", path)["changes"] == []
    book = openpyxl.load_workbook(path)
    sheet = book.active
    heads = {cell.value: cell.column for cell in sheet[2]}
    code, often, room = (sheet.cell(3, heads[head]).value for head in ("代码", "频次", "责任科室"))
    sheet.cell(3, heads["频次"], "每半年三次")
    sheet.cell(3, heads["责任科室"], "儿保科")
    book.save(path)
    told = asked("agreement", "items", number, "--apply-from", path)
    assert [(one["code"], one["field"], one["old"], one["new"]) for one in told["changes"]] == [
        (code, "frequency", often, "每半年3次"),
        (code, "department", room or "", "儿保科"),
    ]
    assert "第 1 版清单" in run("agreement", "items", number, "--apply-from", path, code=4).stderr
    run("agreement", "items", number, "--apply-from", path, "--tick", "F01", code=2)
    other = of(asked, force="in_force")
    assert "不是协议" in run("agreement", "items", other, "--apply-from", path, code=4).stderr


def test_what_cannot_be_read_in_a_workbook_is_named_by_its_cell(run: Run, asked: Run, tmp_path: Path) -> None:
    number, path = of(asked, signing="awaiting"), tmp_path / "清单.xlsx"
    run("agreement", "items", number, "--xlsx", path)
    for head, text in (("勾选", "也许"), ("频次", "常常")):
        book = openpyxl.load_workbook(path)
        sheet = book.active
        column = next(cell.column for cell in sheet[2] if cell.value == head)
        sheet.cell(3, column, text)
        book.save(tmp_path / "改.xlsx")
        letter = openpyxl.utils.get_column_letter(column)
        assert f"{letter}3" in run("agreement", "items", number, "--apply-from", tmp_path / "改.xlsx", code=4).stderr
    assert asked("agreement", "items", number)["history"] == []
