import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from build import TODAY

from yiyu.registry.commands.layout import cells

Run = Callable[..., Any]
RATE = {"numerator", "denominator", "percent"}


def test_rates_have_the_promised_keys_and_a_total(asked: Run) -> None:
    found = asked("report", "rates")
    rows = found["rows"]
    assert [row["district"] for row in rows][-1] == "合计"
    for row in rows:
        assert {
            "district",
            "district_code",
            "childcare",
            "filed",
            "signed",
            "visits_due",
            "visits_done",
            "trained",
        } <= set(row)
        assert {key for key in row if key.endswith("_rate")} >= {"signed_rate", "signed_all_rate", "visits_rate"}
        assert all(set(row[key]) == RATE for key in row if key.endswith("_rate"))
    assert sum(row["childcare"] for row in rows[:-1]) == rows[-1]["childcare"]
    assert isinstance(found["left_out"], list)


def test_every_figure_opens_its_rows(asked: Run) -> None:
    total = asked("report", "rates")["rows"][-1]
    for indicator in ("signed", "signed_all", "both", "visits", "training", "archived"):
        units = asked("report", "rates", "--rows", indicator)
        rate = total[f"{indicator}_rate"]
        assert (sum(unit["counts"] for unit in units), len(units)) == (rate["numerator"], rate["denominator"])


@pytest.mark.parametrize("by", ["town", "provider"])
def test_rates_by_town_and_by_provider(asked: Run, by: str) -> None:
    rows = asked("report", "rates", "--by", by)["rows"]
    assert len(rows) > 2
    assert rows[-1]["visits_due"] == sum(row["visits_due"] for row in rows[:-1])


def test_the_table_in_the_shape_that_is_handed_up(run: Run, tmp_path: Path) -> None:
    run("report", "rates", "--xlsx", tmp_path / "rates.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "rates.xlsx").worksheets[0].iter_rows(values_only=True))
    head = next(row for row in rows if "签约率（备案机构）" in row)
    assert "0—3岁婴幼儿中医药（蒙医药）健康管理率" in head
    assert any("未填" in row for row in rows)


def test_a_period_is_asked_for_by_name(asked: Run, run: Run) -> None:
    year = asked("report", "rates", "--period", TODAY.year)["rows"][-1]["visits_due"]
    quarter = asked("report", "rates", "--period", f"{TODAY.year}Q{(TODAY.month + 2) // 3}")["rows"][-1]["visits_due"]
    assert year > quarter > 0
    assert "2026Q3" in run("report", "rates", "--period", "第三季度", code=4).stderr


def test_a_figure_from_elsewhere_is_typed_in_with_its_source(asked: Run, run: Run) -> None:
    given = ("report", "enter", "tcm", "--district", "东胜区", "--year", TODAY.year, "--value", "91.5")
    run(*given, code=2)
    assert "将登记" in run(*given, "--source", "年报", "--dry-run").stderr
    run(*given, "--source", "年报")
    row = next(row for row in asked("report", "rates")["rows"] if row["district"] == "东胜区")
    assert (row["entered"]["tcm"]["value"], row["entered"]["tcm"]["source"], row["entered"]["tcm"]["reached"]) == (
        91.5,
        "年报",
        True,
    )
    assert row["entered"]["records"]["value"] is None
    run(
        "report",
        "enter",
        "tcm",
        "--district",
        "东胜区",
        "--year",
        TODAY.year,
        "--value",
        "191",
        "--source",
        "年报",
        code=4,
    )


def test_hours_are_listed_with_what_is_left_out(asked: Run, run: Run) -> None:
    number = next(r["number"] for r in asked("agreement", "list", "--in-force") if r["variant"] == "JC")
    run("activity", "add", number, "--on", TODAY, "--form", "上门指导", "--from", "09:00", "--to", "11:30",
        "--person", "王某某/儿保科/主治医师")  # fmt: skip
    (person,) = asked("report", "hours", "--year", TODAY.year)
    assert (person["person"], person["hours"], person["left_out"]) == ("王某某", 0.0, 1)
    (stay,) = asked("report", "hours", "--year", TODAY.year, "--left-out")
    assert (stay["excluded"], stay["minutes"]) == ("no-evidence", 150)
    run("report", "hours", "--year", "last", code=2)


def test_a_word_file_is_written_beside_the_listing_that_is_asked_for(asked: Run, run: Run, tmp_path: Path) -> None:
    words = ("report", "bulletin", "--docx", tmp_path / "a.docx", "--xlsx", tmp_path / "a.xlsx")
    assert asked(*words) == asked("report", "bulletin")
    assert {path.name for path in tmp_path.glob("a.*")} == {"a.docx", "a.xlsx"}
    assert run("report", "bulletin", "--docx", tmp_path / "b.docx").stdout == ""
    heading, *rows = run("report", "bulletin").stdout.splitlines()
    assert heading.split() == ["范围", "签约/备案", "去年同期", "上门", "去年同期", "培训", "去年同期"]
    assert max(map(cells, [heading, *rows])) <= 80
    assert "不能同时用" in run("report", "hours", "--left-out", "--docx", tmp_path / "c.docx", code=2).stderr


def test_the_yearly_loop_is_recorded_and_listed(asked: Run, run: Run) -> None:
    name = next(r["name"] for r in asked("institution", "list", "--kind", "childcare", "--filed"))
    run("report", "assess", name, "--step", "guided", code=5)
    run("report", "assess", name, "--step", "self_assessed", "--on", "2026-06-01", "--problems", "2")
    row = next(r for r in asked("report", "self-assessment", "--year", "2026") if r["institution"] == name)
    assert (row["self_assessed"], row["problems"], row["overdue"]) == ("2026-06-01", 2, False)


def test_the_worklist_has_owners_and_progress(asked: Run, run: Run) -> None:
    tasks = asked("report", "worklist")
    assert all(task["owner"] and task["source"] for task in tasks)
    run("report", "progress", tasks[0]["key"], "--status", "going", "--note", "正在征求意见")
    assert json.dumps(asked("report", "worklist"), ensure_ascii=False).count("正在征求意见") == 1
    run("report", "progress", "没有", "--status", "done", code=3)


def test_a_provider_is_told_by_what_it_does_and_by_no_count_of_institutions(
    asked: Run, run: Run, tmp_path: Path
) -> None:
    heads = run("report", "rates", "--by", "provider").stdout.splitlines()[0].split()
    assert heads == ["医疗卫生机构", "已签协议", "上门", "培训", "全部事项", "归档", "续签"]
    rows = asked("report", "rates", "--by", "provider")["rows"]
    assert {row["childcare"] for row in rows[:-1]} == {None}
    run("report", "rates", "--by", "provider", "--xlsx", tmp_path / "a.xlsx")
    (sheet,) = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets
    told = [row[1] for row in sheet.iter_rows(values_only=True) if isinstance(row[1], int)]
    assert sum(told[:-1]) == told[-1] > 0


def test_a_report_is_issued_once_listed_and_given_again(asked: Run, run: Run, office: Path, tmp_path: Path) -> None:
    given = ("report", "bulletin", "--period", "2026Q3", "--issue")
    assert "将印发 YF-2026-0001" in run(*given, "--dry-run").stderr
    assert asked("report", "issued") == []
    run("report", "bulletin", "--reason", "没有印发", code=2)
    assert "已印发 YF-2026-0001" in run(*given, "--docx", tmp_path / "通报.docx").stderr
    assert "已于2026-11-22印发" in run(*given, code=5).stderr
    said = run("report", "bulletin", "--period", "2026Q3").stderr
    assert "2026年第三季度通报已于2026-11-22印发：与现在的数一致" in said
    (kept,) = asked("report", "issued", "--period", "2026q3")
    assert (kept["number"], kept["as_of"], kept["actor"]) == ("YF-2026-0001", "2026-09-30", kept["actor"])
    run("report", "issued", "--number", "YF-2026-0001", "-o", tmp_path / "原文.docx")
    assert (tmp_path / "原文.docx").read_bytes() == (tmp_path / "通报.docx").read_bytes()
    (office / kept["path"]).write_bytes(b"")
    run("report", "issued", "--number", "YF-2026-0001", "-o", tmp_path / "再要.docx", code=7)
    assert not (tmp_path / "再要.docx").exists()


def test_a_report_that_never_went_out_is_not_found(run: Run) -> None:
    assert "YF-2026-0009" in run("report", "issued", "--number", "YF-2026-0009", code=3).stderr
    run("report", "issued", "-o", "通报.docx", code=2)


def test_a_dossier_is_planned_or_refused(asked: Run, run: Run, tmp_path: Path) -> None:
    name = asked("institution", "list", "--kind", "childcare")[0]["name"]
    planned = asked("report", "dossier", name, "-o", tmp_path / "督导", "--dry-run")
    assert planned["papers"]
    assert planned["gaps"][0]["institution"] == name
    assert "试算，没有写入" in run("report", "dossier", name, "-o", tmp_path / "督导", "--dry-run").stderr
    run("report", "dossier", "没有的机构", "-o", tmp_path / "督导", code=3)
    run("report", "dossier", name, "--district", "东胜区", "-o", tmp_path / "督导", code=2)
    run("report", "dossier", "-o", tmp_path / "督导", code=4)
    assert not (tmp_path / "督导").exists()
