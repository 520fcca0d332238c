"""自评表: scores, classes and items come in, are listed, and wait where they say otherwise."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
HEAD = "序号,托育机构名称,自评日期,自评得分,自评等级,发现问题数,卫生保健,安全管理"


@pytest.fixture
def names(asked: Any) -> list[str]:
    return [one["name"] for one in asked("institution", "list", "--kind", "childcare")]


def form(folder: Path, *rows: str, head: str = HEAD) -> Path:
    (folder / "自评.csv").write_text("\n".join([head, *rows]), "utf-8")
    return folder / "自评.csv"


def of(asked: Any, name: str) -> dict[str, Any]:
    return next(one for one in asked("report", "self-assessment", "--year", "2026") if one["institution"] == name)


def test_scores_classes_and_items_come_in_once_and_are_listed(
    run: Run, asked: Any, tmp_path: Path, names: list[str]
) -> None:
    path = form(tmp_path, f"1,{names[0]},2026-05-20,92.5分,优秀,2,18,20", f"2,{names[1]},2026年7月2日,70,合格,,,")
    assert asked("report", "import-assessments", path, "--dry-run")["added"] == 2
    assert of(asked, names[0])["self_assessed"] is None
    done = asked("report", "import-assessments", path)
    assert (done["rows"], done["added"], done["problems"]) == (2, 2, [])
    one = of(asked, names[0])
    assert (one["self_assessed"], one["score"], one["grade"], one["problems"]) == ("2026-05-20", 92.5, "优秀", 2)
    assert (one["items"], one["overdue"]) == ({"卫生保健": "18", "安全管理": "20"}, False)
    assert of(asked, names[1])["overdue"]
    assert asked("report", "import-assessments", path)["unchanged"] == 2
    assert "自评" in run("institution", "history", names[0]).stdout
    assert run("check").exit_code == 0


def test_what_a_form_says_otherwise_waits_until_it_is_allowed(
    run: Run, asked: Any, tmp_path: Path, names: list[str]
) -> None:
    run("report", "import-assessments", form(tmp_path, f"1,{names[0]},2026-05-20,92,优秀,2,18,20"))
    path = form(tmp_path, f"1,{names[0]},2026-05-20,85,,2,18,20")
    waiting = asked("report", "import-assessments", path, code=10)
    assert [(line["heading"], line["old"], line["new"]) for line in waiting["preview"]["lines"]] == [
        ("得分", "92", "85")
    ]
    assert of(asked, names[0])["score"] == 92
    assert asked("report", "import-assessments", path, "--apply")["changed"] == 1
    assert (of(asked, names[0])["score"], of(asked, names[0])["grade"]) == (85, "优秀")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1,没有这家,2026-05-20,92,优秀,,,", "party-unknown"),
        ("1,{0},,92,优秀,,,", "date-missing"),
        ("1,{0},2099-05-20,92,优秀,,,", "date-future"),
        ("1,{0},2026-05-20,很好,优秀,,,", "value-unreadable"),
    ],
)
def test_a_faulty_row_is_given_back_and_the_others_come_in(
    asked: Any, tmp_path: Path, names: list[str], row: str, code: str
) -> None:
    path = form(tmp_path, row.format(names[0]), f"2,{names[1]},2026-05-20,70,合格,,,")
    done = asked("report", "import-assessments", path, code=10)
    assert [problem["code"] for problem in done["problems"]] == [code]
    assert (done["added"], bool(done["problems_file"])) == (1, True)


def test_a_file_that_is_no_such_form_is_refused(run: Run, tmp_path: Path) -> None:
    assert (
        "没有找到自评表的表头"
        in run("report", "import-assessments", form(tmp_path, "甲,乙", head="甲,乙"), code=4).stderr
    )
