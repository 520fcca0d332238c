import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result

Run = Callable[..., Result]
JC, FY = "150602-2025-JC-0001", "150602-2026-FY-0001"
"""Both of the same childcare institution, in force in the demonstration."""
KEYS = {
    "number",
    "on",
    "form",
    "agreements",
    "items",
    "starts",
    "ends",
    "minutes",
    "place",
    "topic",
    "organiser",
    "content",
    "advice",
    "summary",
    "handouts",
    "remark",
    "counts",
    "signed_in",
    "people",
    "evidence",
    "findings",
    "source",
    "recorded_at",
    "actor",
    "voided_on",
    "void_reason",
    "others",
    "institutions",
    "medical",
    "childcare",
    "participants",
    "scans",
    "lacking",
}


@pytest.fixture
def visited(run: Run, office: Path) -> None:
    (office / "a.jpg").write_bytes(b"photo")
    run(
        "activity", "add", JC, FY, "--on", "2026-06-10", "--form", "上门指导", "--from", "9:00", "--to", "11点半",
        "--person", "王某某/儿保科/主治医师", "--person", "李某某/公卫科/护士//09:00-10:00", "--item", "F01",
        "--count", "婴幼儿=20", "--count", "从业人员=5", "--signed-in", "4", "--topic", "夏季保健",
        "--evidence", office / "a.jpg", "--finding", "插座无盖|加盖|2026-07-01", "--finding", "无消毒记录",
    )  # fmt: skip


def test_an_activity_is_added_and_what_is_odd_or_lacking_is_said(run: Run, office: Path) -> None:
    (office / "a.jpg").write_bytes(b"photo")
    done = run(
        "activity", "add", JC, "--on", "2026年6月10日", "--form", "培训讲座", "--count", "从业人员=5", "--signed-in", 4,
        "--evidence", office / "a.jpg",
    )  # fmt: skip
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[0].startswith(
        "已登记 HD-2026-0001：2026-06-10 培训讲座，东胜区示范社区卫生服务中心 → 东胜区小鹿托育中心"
    )
    assert lines[1:] == [
        "提醒：签到 4 人，与参加人数 5 人不符",
        "存档材料：照片缺 1 张",
        "存档材料：缺签到表",
        "  archive/evidence/2026/HD-2026-0001-01-照片.jpg",
    ]


@pytest.mark.parametrize(
    ("wrong", "code", "said"),
    [
        (("--form", "座谈"), 2, "上门指导"),
        (("--person", "王某某/11:00-9:00"), 2, "不晚于"),
        (("--count", "张三=1"), 2, "婴幼儿=20"),
        (("--count", "家长=1", "--count", "家长=2"), 2, "只写一次"),
        (("--finding", "|加盖"), 2, "问题|要求|期限"),
        (("--from", "9:00", "--to", "8:00"), 4, "不晚于开始时间"),
        (("--item", "Z99"), 4, "服务目录中没有"),
        (("--evidence", "没有.jpg"), 7, "找不到文件"),
        (("--sheet", "v9"), 3, "已有的活动记录表：v1"),
        (("--dry-run",), 0, "将登记 HD-2026-0001"),
    ],
)
def test_what_add_refuses_leaves_nothing(run: Run, asked: Run, wrong: tuple[str, ...], code: int, said: str) -> None:
    plain = () if "--form" in wrong else ("--form", "上门指导")
    assert said in run("activity", "add", JC, "--on", "2026-06-10", *plain, *wrong, code=code).stderr
    assert asked("activity", "list") == []


def test_an_unknown_agreement_is_not_found_and_a_repeat_not_allowed(run: Run, visited: None) -> None:
    again = ("activity", "add", JC, "--on", "2026-06-10", "--form", "上门指导", "--from", "9:00", "--to", "11:30")
    assert "--again" in run(*again, code=5).stderr
    assert "HD-2026-0002" in run(*again, "--again").stderr
    assert "您是不是要找" in run("activity", "add", "150602-2025-JC-001", *again[3:], code=3).stderr


def test_the_list_has_its_keys_and_filters(run: Run, asked: Run, visited: None) -> None:
    (one,) = asked("activity", "list")
    assert one.keys() == KEYS
    assert (one["starts"], one["ends"], one["people"][1]["leaves"]) == ("09:00", "11:30", "10:00")
    assert (one["participants"], one["agreements"], one["lacking"]) == (25, [JC, FY], ["照片缺 1 张"])
    for wanted in (
        ("--period", "2026q2"),
        ("--number", FY),
        ("--person", "李某某"),
        ("--form", "上门指导"),
        ("--lacking",),
    ):
        assert len(asked("activity", "list", *wanted)) == 1
    for other in (("--period", "2026Q3"), ("--from", "2026-06-11"), ("--person", "李"), ("--as-of", "2026-06-09")):
        assert asked("activity", "list", *other) == []
    assert "2026-06-10  上门指导" in run("activity", "list").stdout
    run("activity", "list", "--period", "2026Q2", "--to", "2026-06-30", code=2)
    run("activity", "list", "--number", "没有", code=3)


def test_one_activity_is_shown_whole(run: Run, asked: Run, visited: None) -> None:
    shown = run("activity", "show", "HD-2026-0001").stdout
    for text in ("王某某/儿保科/主治医师", "1 插座无盖；要求：加盖；期限 2026-07-01", "照片缺 1 张", "签到 4 人"):
        assert text in shown
    assert len(asked("activity", "show", "HD-2026-0001")["warnings"]) == 1
    assert "您是不是要找：HD-2026-0001" in run("activity", "show", "HD-2026-0011", code=3).stderr
    assert "上门指导 HD-2026-0001" in run("agreement", "history", FY).stdout


def test_a_void_one_leaves_the_list_and_stays_in_the_history(run: Run, asked: Run, visited: None) -> None:
    run("activity", "void", "HD-2026-0001", "--reason", "日期错", "--dry-run")
    assert len(asked("activity", "list")) == 1
    assert "已作废 HD-2026-0001" in run("activity", "void", "HD-2026-0001", "--reason", "日期错").stderr
    assert asked("activity", "list") == []
    assert asked("activity", "list", "--voided")[0]["void_reason"] == "日期错"
    assert "上门指导（已作废）" in run("activity", "list", "--voided").stdout
    assert asked("agreement", "history", JC)[-1]["label"] == "活动作废"
    run("activity", "void", "HD-2026-0001", "--reason", "又", code=5)


def test_findings_are_rechecked_overdue_first(run: Run, asked: Run, office: Path, visited: None) -> None:
    assert [one["state"] for one in asked("activity", "findings")] == ["overdue", "open"]
    assert [one["state"] for one in asked("activity", "findings", "--as-of", "2026-07-01")] == ["open", "open"]
    run("activity", "recheck", 1, "--on", "2026-07-05", "--outcome", "已加盖", "--dry-run")
    run("activity", "recheck", 1, "--on", "2026-07-05", "--outcome", "已加盖")
    assert [one["problem"] for one in asked("activity", "findings", "--open")] == ["无消毒记录"]
    run("activity", "findings", "--xlsx", office / "问题.xlsx")
    sheet: Any = openpyxl.load_workbook(office / "问题.xlsx").active
    assert [cell.value for cell in sheet[3]][:3] == [2, "待整改", "无消毒记录"]
    run("activity", "recheck", 1, "--outcome", "再", code=5)
    run("activity", "recheck", 9, "--outcome", "再", code=3)
    run("activity", "recheck", 2, "--on", "2026-06-09", "--outcome", "早", code=4)


def test_the_exported_register_comes_in_without_a_change(run: Run, asked: Run, office: Path, visited: None) -> None:
    assert "1 次活动" in run("activity", "list", "--xlsx", office / "册.xlsx").stderr
    answer = asked("activity", "import", office / "册.xlsx")
    assert (answer["rows"], answer["added"], answer["unchanged"], answer["problems"]) == (1, 0, 1, [])


def test_an_import_takes_the_good_rows_and_saves_the_others(run: Run, asked: Run, office: Path) -> None:
    lines = [f"2026-06-{day:02},东胜区小鹿托育中心,{JC},上门,王某某" for day in (10, 11, 31)]
    (office / "册.csv").write_text("\n".join(["日期,乙方,协议编号,形式,服务人员", *lines]), encoding="gb18030")
    dry = asked("activity", "import", office / "册.csv", "--dry-run", code=10)
    assert (dry["added"], dry["problems_file"], asked("activity", "list")) == (2, None, [])
    said = run("activity", "import", office / "册.csv", "--problems", office / "待改.xlsx", code=10)
    assert "A4   错误  日期读不懂：2026年6月31日不存在" in said.stdout.replace("A4    ", "A4   ")
    assert "新增 2，无变化 0" in said.stderr
    again = json.loads(run("activity", "import", office / "册.csv", "--json", code=10).stdout)
    assert {"file", "rows", "added", "unchanged", "additions", "problems", "problems_file", "preview"} <= again.keys()
    assert again["preview"]["counts"] == {"in_doubt": 1}
    assert (again["added"], again["unchanged"], len(again["problems"])) == (0, 2, 1)
    assert (office / "待改.xlsx").is_file()


def test_an_import_with_childrens_data_is_refused_whole_and_shows_none_of_it(
    run: Run, asked: Run, office: Path
) -> None:
    text = f"日期,协议编号,形式,幼儿姓名,身份证号\n2026-06-10,{JC},上门,赵小小,15060220240301001X"
    (office / "册.csv").write_text(text, encoding="utf-8")
    answer = run("activity", "import", office / "册.csv", code=4)
    assert "D列" in answer.stderr
    assert not any(value in answer.stdout + answer.stderr for value in ("赵小小", "15060220240301001X"))
    assert asked("activity", "list") == []
