from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

Run = Callable[..., Any]


def sheet_of(path: Path) -> tuple[Any, Any, dict[str, int], int]:
    """Workbook, sheet, column of each heading, and the row of the headings."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    row = next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == "协议编号")
    return book, sheet, {str(cell.value): cell.column for cell in sheet[row] if cell.value}, row


def test_the_exported_ledger_comes_back_without_a_change(run: Run, asked: Run, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    run("agreement", "list", "--xlsx", path)
    count = len(asked("agreement", "list"))
    result = asked("agreement", "import", path)
    assert (result["added"], result["changed"], result["unchanged"], result["problems"]) == (0, 0, count, [])


def test_a_date_written_into_it_is_planned_and_then_applied(run: Run, asked: Run, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    number = next(r["number"] for r in asked("agreement", "list") if r["signing"] == "awaiting")
    run("agreement", "list", "--xlsx", path)
    book, sheet, columns, head = sheet_of(path)
    row = next(r for r in range(head + 1, sheet.max_row + 1) if sheet.cell(r, columns["协议编号"]).value == number)
    sheet.cell(row, columns["续签方式"], "自动顺延")
    book.save(path)
    planned = asked("agreement", "import", path, code=10)
    assert (planned["applied"], [c["number"] for c in planned["changes"]]) == (False, [number])
    applied = asked("agreement", "import", path, "--apply")
    assert (applied["applied"], applied["changed"]) == (True, 1)
    assert asked("agreement", "import", path, "--apply")["changed"] == 0


def test_a_conflict_is_shown_by_cell_and_written_only_once_decided(run: Run, asked: Run, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    number = next(r["number"] for r in asked("agreement", "list") if r["signing"] == "awaiting")
    run("agreement", "list", "--xlsx", path)
    book, sheet, columns, head = sheet_of(path)
    row = next(r for r in range(head + 1, sheet.max_row + 1) if sheet.cell(r, columns["协议编号"]).value == number)
    sheet.cell(row, columns["甲方盖章日期"], "2026-01-05")
    sheet.cell(row, columns["份数"], 5)
    book.save(path)
    early = ("--force", "--reason", "先盖后签")
    run("agreement", "seal", number, "--party", "甲", "--on", "2026-01-06", *early)
    waiting = run("agreement", "import", path, code=10)
    assert "等待确认 2 项：会撤销已改内容 1，改写 1" in waiting.stderr
    shown = run("agreement", "import", path, "--apply", code=10)
    assert [text for text in ("2026-01-05", "2026-01-06", number) if text not in shown.stdout] == []
    assert "--take" in shown.stderr
    shown_again = asked("agreement", "import", path, "--apply", code=10)
    refused = asked("agreement", "import", path, "--apply", "--take", "file", code=10)
    assert {p["code"] for p in refused["problems"] if p["severity"] == "error"} == {"signed-already"}
    kept = asked("agreement", "import", path, "--apply", "--take", "registry", code=10)
    assert [c["taken"] for c in kept["conflicts"]] == ["registry"]
    assert [
        (one["fate"], one["old"], one["new"], one["taken"])
        for one in shown_again["preview"]["lines"]
        if one["fate"] == "undoes_edit"
    ] == [("undoes_edit", "2026-01-06", "2026-01-05", False)]
    assert asked("agreement", "show", number)["sealed"] == {"甲": "2026-01-06"}


def test_old_agreements_come_in_and_a_faulty_row_goes_to_the_problems(asked: Run, office: Path, tmp_path: Path) -> None:
    one = asked("institution", "list", "--kind", "childcare", "--district", "乌审旗")[0]["name"]
    path = tmp_path / "旧台账.csv"
    path.write_text(
        "协议编号,甲方名称,乙方名称,协议类型,生效日期,截止日期,签订日期\n"
        f"乌卫托〔2024〕3号,乌审旗蒙医综合医院,{one},ZY,2024.3.1,2025.2.28,2024年2月20日\n"
        f"乌卫托〔2024〕4号,没有这家医院,{one},ZY,2024.3.1,2025.2.28,\n",
        encoding="utf-8",
    )
    result = asked("agreement", "import", path, code=10)
    assert (result["added"], [p["code"] for p in result["problems"]]) == (1, ["party-unknown"])
    assert (office / result["problems_file"]).is_file()
    assert asked("agreement", "show", "乌卫托〔2024〕3号")["force"] == "expired"


def test_a_file_that_is_no_ledger_is_refused(run: Run, office: Path) -> None:
    run("agreement", "import", office / "yiyu.toml", code=7)
    run("agreement", "import", office / "示例_托育机构名册.xlsx", code=4)
