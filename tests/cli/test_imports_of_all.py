"""Claims about imports whatever their subject: ledger and register wait as a roster does, are listed and taken back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result

Run = Callable[..., Result]
Asked = Callable[..., Any]
JC = "150602-2025-JC-0001"
OLD = "乌卫托〔2024〕3号"
LEDGER = "协议编号,甲方名称,乙方名称,协议类型,生效日期,截止日期,签订日期,份数\n"
REGISTER = "日期,协议编号,形式,主题,地点\n"


@pytest.fixture
def ledger(asked: Asked, tmp_path: Path) -> Callable[..., Path]:
    """A ledger of one agreement from before the tool."""
    child = asked("institution", "list", "--kind", "childcare", "--district", "乌审旗")[0]["name"]

    def write(ends: str = "2025.2.28", copies: int = 4, name: str = "旧台账.csv") -> Path:
        path = tmp_path / name
        row = f"{OLD},乌审旗蒙医综合医院,{child},ZY,2024.3.1,{ends},2024年2月20日,{copies}\n"
        path.write_text(LEDGER + row, encoding="utf-8")
        return path

    return write


def register(folder: Path, topic: str, place: str = "", name: str = "册.csv") -> Path:
    path = folder / name
    path.write_text(f"{REGISTER}2026-06-10,{JC},上门,{topic},{place}\n", encoding="utf-8")
    return path


def tick(path: Path, heading: str) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[2]}
    for row in range(3, sheet.max_row + 1):
        if sheet.cell(row, at["项目"]).value == heading:
            sheet.cell(row, at["采用"]).value = "是"
    book.save(path)


def last(asked: Asked) -> dict[str, Any]:
    found: dict[str, Any] = asked("import", "list")[0]
    return found


def draft(asked: Asked) -> str:
    return next(str(one["number"]) for one in asked("agreement", "list") if one["signing"] == "awaiting")


def changed_export(run: Run, number: str, folder: Path) -> Path:
    """Our own ledger with another 续签方式 and a seal for one agreement."""
    path = folder / "台账.xlsx"
    run("agreement", "list", "--xlsx", path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[2]}
    row = next(n for n in range(3, sheet.max_row + 1) if sheet.cell(n, at["协议编号"]).value == number)
    sheet.cell(row, at["续签方式"], "自动顺延")
    book.save(path)
    return path


def test_a_ledger_waits_is_ticked_and_taken_back(run: Run, asked: Asked, tmp_path: Path) -> None:
    number, preview = draft(asked), tmp_path / "预览.xlsx"
    before = asked("agreement", "show", number)
    path = changed_export(run, number, tmp_path)
    told = run("agreement", "import", path, "--preview", preview, code=10)
    assert (number in told.stdout, "等待确认 1 项：改写 1" in told.stderr) == (True, True)
    [line] = [one for one in asked("agreement", "import", path, code=10)["preview"]["lines"] if one["waits"]]
    assert (line["fate"], line["old"], line["new"]) == ("changed", "协商续签", "自动顺延")
    assert line["set_by"].startswith("起草（")
    assert run("agreement", "import", path, "--apply-from", preview, code=4).stderr.count("没有选任何一行") == 1
    tick(preview, "续签方式")
    run("agreement", "import", path, "--apply-from", preview)
    assert asked("agreement", "import", path)["preview"]["waiting"] == 0
    made = last(asked)
    assert (made["kind"], made["label"], made["added"], made["changed"]) == ("ledger", "台账", 0, 1)
    assert "恢复当时变更的 1 份" in run("import", "undo", made["id"]).stderr
    assert asked("agreement", "show", number) == before
    assert asked("agreement", "import", path, code=10)["preview"]["waiting"] == 1
    run("check")


def test_agreements_that_a_ledger_brought_are_gone_and_come_in_again(run: Run, asked: Asked, ledger: Any) -> None:
    every = asked("agreement", "list")
    run("agreement", "import", ledger())
    run("import", "undo", "--dry-run")
    assert asked("agreement", "show", OLD)["ends_on"] == "2025-02-28"
    assert "移除当时新增的 1 份" in run("import", "undo").stderr
    assert asked("agreement", "list") == every
    run("agreement", "show", OLD, code=3)
    run("agreement", "import", ledger(ends="2026.2.28"))
    assert asked("agreement", "show", OLD)["ends_on"] == "2026-02-28"
    run("import", "undo", "999999", code=3)
    run("check")


def test_a_ledger_on_which_something_rests_is_not_taken_back(run: Run, asked: Asked, ledger: Any) -> None:
    run("agreement", "import", ledger())
    run("agreement", "seal", OLD, "--party", "甲", "--on", "2024-02-21")
    told = run("import", "undo", code=5).stderr
    assert (f"协议 {OLD}（2024-02-21 盖章）" in told, "agreement correct" in told) == (True, True)
    assert asked("agreement", "show", OLD)["signing"] == "signed"


def test_what_a_ledger_fills_is_written_and_what_it_overwrites_is_not(run: Run, asked: Asked, ledger: Any) -> None:
    run("agreement", "import", ledger())
    done = asked("agreement", "import", ledger(copies=6), code=10)
    [line] = [one for one in done["preview"]["lines"] if one["waits"]]
    assert (line["fate"], line["set_by"].startswith("旧台账.csv"), line["taken"]) == ("undoes_edit", True, False)
    run("agreement", "import", ledger(copies=6), "--apply", "--take", "file", "--undo-edits", code=2)


def test_a_register_fills_at_once_and_waits_where_it_overwrites(run: Run, asked: Asked, tmp_path: Path) -> None:
    run("activity", "import", register(tmp_path, "夏季保健"))
    done = asked("activity", "import", register(tmp_path, "秋季保健", "活动室"), code=10)
    assert (done["changed"], done["preview"]["counts"]) == (1, {"changed": 1, "filled": 1})
    [one] = asked("activity", "list")
    assert (one["topic"], one["place"]) == ("夏季保健", "活动室")
    [line] = [each for each in done["preview"]["lines"] if each["waits"]]
    assert (line["old"], line["new"], line["heading"]) == ("夏季保健", "秋季保健", "主题")
    assert line["set_by"].startswith("册.csv")
    preview = tmp_path / "预览.xlsx"
    told = run("activity", "import", register(tmp_path, "秋季保健", "活动室"), "--preview", preview, code=10)
    assert "等待确认 1 项：改写 1" in told.stderr
    tick(preview, "主题")
    run("activity", "import", register(tmp_path, "秋季保健", "活动室"), "--apply-from", preview)
    assert asked("activity", "list")[0]["topic"] == "秋季保健"
    back = asked("activity", "import", register(tmp_path, "夏季保健"), "--apply", code=10)
    assert back["preview"]["counts"] == {"undoes_edit": 1}
    assert asked("agreement", "history", JC)[-1]["label"] == "活动更正"
    run("check")


def test_a_register_is_taken_back_step_by_step_and_comes_in_again(run: Run, asked: Asked, tmp_path: Path) -> None:
    run("activity", "import", register(tmp_path, "夏季保健"))
    first = last(asked)
    run("activity", "import", register(tmp_path, "秋季保健"), "--apply")
    told = run("import", "undo", first["id"], code=5).stderr
    assert "活动 HD-2026-0001（" in told
    assert "恢复当时变更的 1 次" in run("import", "undo").stderr
    assert asked("activity", "list")[0]["topic"] == "夏季保健"
    assert "移除当时新增的 1 次" in run("import", "undo").stderr
    assert asked("activity", "list") == []
    again = asked("activity", "import", register(tmp_path, "夏季保健"))
    assert (again["added"], [one["topic"] for one in asked("activity", "list")]) == (1, ["夏季保健"])
    assert last(asked)["label"] == "登记册"


def test_a_register_that_says_what_is_known_is_no_import(run: Run, asked: Asked, tmp_path: Path) -> None:
    run("activity", "import", register(tmp_path, "夏季保健"))
    count = len(asked("import", "list"))
    run("activity", "list", "--xlsx", tmp_path / "出.xlsx")
    assert asked("activity", "import", tmp_path / "出.xlsx")["unchanged"] == 1
    run("agreement", "list", "--xlsx", tmp_path / "台账.xlsx")
    run("agreement", "import", tmp_path / "台账.xlsx")
    assert len(asked("import", "list")) == count
