import datetime as dt
import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner
from icalendar import Calendar

from yiyu.cli import main
from yiyu.registry.rules.workdays import is_published

Run = Callable[..., Any]

KEYS = {
    "number", "kind", "step", "variant", "district", "district_code", "parties", "remind_on", "deadline", "act_by",
    "start_by", "statutory", "overdue", "published", "detail",
}  # fmt: skip
UNKNOWN = next(year for year in count(2027) if not is_published(year))


def test_the_list_has_the_promised_keys_and_names_each_step_of_an_agreement_once(asked: Run) -> None:
    rows = asked("remind")
    assert rows
    assert all(set(row) == KEYS for row in rows)
    steps = [(row["number"], row["step"]) for row in rows]
    assert len(steps) == len(set(steps))


def test_every_agreement_that_expires_within_the_days_is_reminded_of(asked: Run) -> None:
    soon = {row["number"] for row in asked("agreement", "list", "--expiring", "90")}
    assert soon
    assert soon <= {row["number"] for row in asked("remind") if row["kind"] == "expiring"}


def test_a_day_in_the_future_shows_what_will_then_be_unsigned_and_over(asked: Run) -> None:
    later = dt.datetime.now().astimezone().date() + dt.timedelta(days=200)
    rows = asked("remind", "--as-of", later)
    assert {"unsigned", "expired"} <= {row["kind"] for row in rows}
    assert all(row["overdue"] == (row["act_by"] < str(later)) for row in rows)
    unsigned = {row["number"] for row in asked("agreement", "list", "--unsigned")}
    assert {row["number"] for row in rows if row["kind"] == "unsigned"} == unsigned


def test_a_signed_renewal_makes_them_silent_and_a_draft_is_named(asked: Run, run: Run) -> None:
    drafted = [one["number"] for one in asked("agreement", "renew", "--expiring", "120")["made"]]
    waiting = [row for row in asked("remind") if row["kind"] == "expiring"]
    assert {row["detail"].rsplit("已起草续签 ")[-1].removesuffix("，未签") for row in waiting} <= {*drafted}
    run("agreement", "sign", *drafted, "--party", "all")
    assert [row for row in asked("remind") if row["kind"] == "expiring"] == []


def test_the_text_for_a_chat_names_every_agreement_once_for_each_step(asked: Run, run: Run) -> None:
    text = run("remind", "--text").stdout
    rows = asked("remind")
    assert text.startswith("【协议提醒】")
    assert f"共 {len(rows)} 件" in text
    for row in rows:
        assert text.count(f"（{row['number']}）") == sum(one["number"] == row["number"] for one in rows)
        assert row["detail"] in text


def test_with_nothing_to_do_the_text_says_so(run: Run) -> None:
    assert "没有要办的事" in run("remind", "--text", "--as-of", "2020-01-01").stdout


def test_the_exit_code_tells_a_timer_only_when_asked(office: Path) -> None:
    def code(*arguments: str) -> int:
        return CliRunner().invoke(main, ["--workspace", str(office), "remind", *arguments]).exit_code

    assert code("--exit-code", "--json") == 1
    assert code("--json") == 0
    assert code("--exit-code", "--as-of", "2020-01-01") == 0


def test_the_calendar_is_saved_and_json_still_stands_alone(office: Path, tmp_path: Path, run: Run) -> None:
    result = run("remind", "--ics", tmp_path / "r.ics", "--json")
    assert json.loads(result.stdout)
    assert "新增" in result.stderr
    assert Calendar.from_ical((tmp_path / "r.ics").read_bytes()).walk("VEVENT")
    assert "更新 0，取消 0" in run("remind", "--ics", tmp_path / "r.ics").stderr


def test_the_list_is_saved_for_excel_with_chinese_headings(run: Run, tmp_path: Path) -> None:
    run("remind", "--xlsx", tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0]
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert {"事项", "协议编号", "最迟起办", "最迟办妥", "说明"} <= texts


def test_the_days_are_read_as_people_type_them(asked: Run, run: Run) -> None:
    steps = {row["step"] for row in asked("remind", "--days", "120，45") if row["kind"] == "expiring"}
    assert steps <= {"expiring-120", "expiring-45"}
    assert steps
    assert "90,60,30,7" in run("remind", "--days", "三十", code=2).stderr
    run("remind", "--days", "0", code=2)


def test_text_and_json_together_are_a_usage_error_and_save_nothing(run: Run, tmp_path: Path) -> None:
    run("remind", "--text", "--json", "--ics", tmp_path / "r.ics", code=2)
    assert not (tmp_path / "r.ics").exists()


def test_dates_in_an_unpublished_year_are_marked_until_the_year_is_entered(run: Run, asked: Run, office: Path) -> None:
    childcare = asked("institution", "list", "--kind", "childcare")[0]["name"]
    sides = ("--medical", "东胜区蒙医综合医院", "--childcare", childcare)
    term = ("--start", f"{UNKNOWN}-02-01", "--end", f"{UNKNOWN}-03-31")
    (made,) = asked("agreement", "draft", *sides, *term)["made"]
    run("agreement", "sign", made["number"], "--party", "all")

    def row() -> dict[str, Any]:
        found = asked("remind", "--as-of", f"{UNKNOWN}-03-20")
        return next(row for row in found if (row["number"], row["step"]) == (made["number"], "expiring-30"))

    assert row()["published"] is False
    shown = run("remind", "--as-of", f"{UNKNOWN}-03-20")
    assert "（仅按周末推算）" in next(
        line for line in shown.stdout.splitlines() if made["number"] in line and "到期" in line.split()[0]
    )
    assert "holidays-" in shown.stderr
    holidays = [f"{UNKNOWN}-{day}" for day in ("01-01", "05-01", "05-02", "10-01", "10-02", "10-03")]
    (office / f"holidays-{UNKNOWN}.toml").write_text(f"off = [{', '.join(holidays)}]", "utf-8")
    assert row()["published"] is True
