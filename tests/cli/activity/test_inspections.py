import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
CHILD = "东胜区小鹿托育中心"
FOUND = ("--finding", "插座无盖|加盖|2026-12-01")


@pytest.fixture
def inspected(run: Run) -> None:
    run(
        "activity",
        "add",
        "--institution",
        CHILD,
        "--on",
        "2026-06-10",
        "--form",
        "监督检查",
        "--person",
        "王某某",
        *FOUND,
    )


def test_an_inspection_is_recorded_listed_and_shown_by_its_institution(run: Run, asked: Any, inspected: None) -> None:
    (one,) = asked("activity", "list", "--institution", CHILD)
    assert (one["institutions"], one["agreements"], one["childcare"]) == ([CHILD], [], CHILD)
    assert asked("activity", "list", "--institution", "东胜区妇幼保健院") == []
    assert [row["state"] for row in asked("activity", "findings", "--institution", CHILD)] == ["open"]
    assert f"机构      {CHILD}" in run("activity", "show", "HD-2026-0001").stdout
    assert "监督检查 HD-2026-0001" in run("institution", "history", CHILD).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "请写协议编号"),
        (("150602-2025-JC-0001", "--institution", CHILD), 2, "两样只写一样"),
        (("--institution", "没有这家"), 3, "没有找到机构"),
        (("150602-2025-JC-0001",), 4, "没有“监督检查”这种活动形式"),
    ],
)
def test_an_inspection_of_nobody_or_under_an_agreement_is_refused(
    run: Run, asked: Any, arguments: tuple[str, ...], code: int, said: str
) -> None:
    assert said in run("activity", "add", *arguments, "--on", "2026-06-10", "--form", "监督检查", code=code).stderr
    assert asked("activity", "list") == []


def test_a_draw_prints_its_seed_and_is_listed(run: Run, asked: Any) -> None:
    done = run("activity", "draw", "--district", "东胜区", "--count", "1")
    assert "已抽取 东胜区 1 家中的 1 家，种子 " in done.stderr
    (again,) = asked(
        "activity",
        "draw",
        "--district",
        "东胜区",
        "--count",
        "1",
        "--seed",
        "甲",
        "--inspector",
        "王某某",
        "--each",
        "1",
    )
    assert (again["institution"], again["inspectors"], again["seed"]) == (CHILD, ["王某某"], "甲")
    assert [one["draw"] for one in asked("activity", "draws")] == sorted(
        (one["draw"] for one in asked("activity", "draws")), reverse=True
    )
    assert "抽不出 9 家" in run("activity", "draw", "--district", "东胜区", "--count", "9", code=4).stderr


def test_the_list_of_draws_refuses_a_day_it_cannot_read(run: Run) -> None:
    assert "不是日期" in run("activity", "draws", "--as-of", "哪天", code=2).stderr


def test_a_notice_is_written_and_refused_where_nothing_is_open(run: Run, inspected: None, tmp_path: Path) -> None:
    done = run("activity", "notice", "HD-2026-0001", "-o", tmp_path / "通知书.docx")
    assert "问题 1 条，2026-12-02 复查" in done.stderr
    assert (tmp_path / "通知书.docx").stat().st_size > 1000
    run("activity", "recheck", "1", "--on", "2026-06-12", "--outcome", "已加盖")
    assert "没有待整改的问题" in run("activity", "notice", "HD-2026-0001", "-o", tmp_path / "x.docx", code=5).stderr
    assert not (tmp_path / "x.docx").exists()


def test_what_is_to_be_rechecked_stands_in_the_reminders_until_it_is(run: Run, asked: Run, tmp_path: Path) -> None:
    day = dt.datetime.now().astimezone().date()
    due = day + dt.timedelta(days=10)
    told = run("remind").stderr
    child = asked("institution", "list", "--kind", "childcare")[0]["name"]
    words = ("activity", "add", "--institution", child, "--form", "监督检查", "--on", day)
    run(*words, "--finding", f"插座无盖|加盖|{due}", "--finding", "没有期限的问题")
    again = run("remind").stderr
    assert "项问题一个月内要复查" in again
    assert again != told
    text = run("remind", "--text").stdout
    assert f"{child}：插座无盖（期限 {due}）" in text
    assert "没有期限的问题" not in text
    place = asked("institution", "show", child)["district"]
    other = "康巴什区" if place != "康巴什区" else "东胜区"
    assert "插座无盖" in run("remind", "--text", "--district", place).stdout
    assert "插座无盖" not in run("remind", "--text", "--district", other).stdout
    run("remind", "--ics", tmp_path / "提醒.ics")
    assert f"复查整改：{child}" in (tmp_path / "提醒.ics").read_text("utf-8").replace("\r\n ", "")
    finding = next(one["id"] for one in asked("activity", "findings", "--open") if one["problem"] == "插座无盖")
    run("activity", "recheck", finding, "--on", day, "--outcome", "已加盖")
    assert "插座无盖" not in run("remind", "--text").stdout
