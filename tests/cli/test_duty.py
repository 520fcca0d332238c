from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

Run = Callable[..., Any]


def one(asked: Run, **wanted: str) -> Any:
    return next(row for row in asked("duty", "list") if all(row[key] == value for key, value in wanted.items()))


def test_list_tells_what_is_owed_with_stable_keys(asked: Run, run: Run) -> None:
    rows = asked("duty", "list", "--state", "due", "--state", "missed", "--district", "东胜区")
    assert {row["state"] for row in rows} <= {"due", "missed"}
    assert {row["district_code"] for row in rows} == {"150602"}
    assert rows[0].keys() >= {
        "duty", "title", "institution", "provider", "number", "period", "due_by", "state", "done_on", "reason",
        "activity",
    }  # fmt: skip
    number = next(row["number"] for row in rows if row["number"])
    mine = asked("duty", "list", "--number", number, "--period", rows[0]["period"][:4])
    assert {row["number"] for row in mine} <= {number}
    assert "应做" in run("duty", "list", "--number", number).stderr


def test_list_refuses_a_period_it_cannot_read(run: Run) -> None:
    assert "时段请写成 2026、2026H1、2026Q3 或 2026-07" in run("duty", "list", "--period", "第三季度", code=4).stderr


def test_list_saves_all_columns_in_excel(run: Run, tmp_path: Path) -> None:
    run("duty", "list", "--state", "due", "--xlsx", tmp_path / "履约.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "履约.xlsx").active
    assert sheet is not None
    headings = [cell.value for row in sheet.iter_rows(max_row=3) for cell in row]
    assert {"事项", "协议编号", "最迟", "依据", "说明"} <= set(headings)


def test_waive_takes_a_duty_by_code_or_title_and_writes_nothing_when_tried_out(run: Run, asked: Run) -> None:
    row = one(asked, duty="visit", state="due")
    options = (row["number"], "--duty", row["title"], "--period", row["period"], "--reason", "假期停托")
    assert "将免除" in run("duty", "waive", *options, "--dry-run").stderr
    assert one(asked, duty="visit", number=row["number"], period=row["period"])["state"] == "due"
    run("duty", "waive", *options)
    waived = one(asked, duty="visit", number=row["number"], period=row["period"])
    assert (waived["state"], waived["reason"]) == ("waived", "已免除：假期停托")
    assert "不需要免除：已免除：假期停托" in run("duty", "waive", *options, code=5).stderr


def test_waive_refuses_what_it_does_not_know(run: Run, asked: Run) -> None:
    row = one(asked, duty="visit", state="due")
    number, period = row["number"], row["period"]

    def refused(number: str, duty: str, period: str, reason: str, code: int) -> str:
        options = ("--duty", duty, "--period", period, "--reason", reason)
        return str(run("duty", "waive", number, *options, code=code).stderr)

    assert "您是不是要找：visit" in refused(number, "visits", period, "假期", 3)
    assert "这项的时段有：" in refused(number, "visit", "2026H1", "假期", 3)
    assert "看不懂时段" in refused(number, "visit", "四季度", "假期", 4)
    assert "不能是空的" in refused(number, "visit", period, " ", 2)
    assert "没有编号为" in refused("150602-2026-JC-9999", "visit", period, "假期", 3)


def test_plan_lays_the_rest_of_the_quarter_out_over_working_days(asked: Run, run: Run) -> None:
    planned = [row for row in asked("duty", "plan") if row["date"]]
    assert planned
    assert all(row["date"] <= row["last_working_day"] <= row["due_by"] for row in planned)
    last_day = max(row["due_by"] for row in planned)
    late = asked("duty", "plan", "--as-of", last_day, "--per-day", "1")
    unmet = [row for row in late if row["date"] is None]
    assert unmet
    assert late[-1] == unmet[-1]
    assert f"有 {len(unmet)} 次排不下" in run("duty", "plan", "--as-of", last_day, "--per-day", "1").stderr


def test_plan_refuses_a_quarter_that_is_over(run: Run) -> None:
    assert "2024Q1 已经过去，不能再安排" in run("duty", "plan", "--quarter", "2024Q1", code=4).stderr
