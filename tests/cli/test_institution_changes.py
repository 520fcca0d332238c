"""What began on a day, what was wrong all along, who set it, and imports taken back."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import time_machine
from build import CLOCK, invoke

Run = Callable[..., Any]
HEADINGS = "机构名称,旗区,是否备案,托位数,联系电话"


def roster(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEADINGS, *rows]), "utf-8")
    return path


def shown(asked: Run, name: str, day: str) -> Any:
    return asked("institution", "show", name, "--as-of", day)


def test_a_move_counts_from_its_day_and_a_correction_from_the_day_it_was_wrong(run: Run, asked: Run) -> None:
    run("institution", "add", "--kind", "childcare", "--name", "新月托育中心", "--district", "东胜区")
    run("institution", "edit", "新月托育中心", "--district", "康巴什区", "--from", "2026-06-01")
    assert shown(asked, "新月托育中心", "2026-05-31")["district"] == "东胜区"
    assert shown(asked, "新月托育中心", "2026-06-01")["district"] == "康巴什区"
    run("institution", "edit", "新月托育中心", "--district", "达拉特旗", "--correct")
    assert shown(asked, "新月托育中心", "2026-05-31")["district"] == "东胜区"
    assert shown(asked, "新月托育中心", "2026-06-01")["district"] == "达拉特旗"
    run("institution", "edit", "新月托育中心", "--district", "达拉特旗", "--correct", "--from", "2026-07-01")
    assert shown(asked, "新月托育中心", "2026-06-30")["district"] == "东胜区"
    assert shown(asked, "新月托育中心", "2026-07-01")["district"] == "达拉特旗"
    said = run("institution", "edit", "新月托育中心", "--district", "鄂托克旗", "--from", "2026-02-01").stderr
    assert "自 2026-07-01 起另有记录" in said
    labels = [row["label"] for row in asked("institution", "history", "新月托育中心")]
    assert labels == ["机构录入", "机构变更", "机构更正", "机构更正", "机构变更"]
    run("check")


def test_history_says_the_file_the_row_and_both_values(run: Run, asked: Run, tmp_path: Path) -> None:
    run("institution", "import", roster(tmp_path / "一.csv", "新月托育中心,东胜区,是,40,0477-8000001"))
    run("institution", "import", roster(tmp_path / "二.csv", "新月托育中心,东胜区,是,60,0477-8000002"), "--apply")
    first, second = asked("institution", "history", "新月托育中心")
    assert (first["file"], first["row"], second["file"], second["row"]) == ("一.csv", 2, "二.csv", 2)
    changes = {one["field"]: (one["old"], one["new"]) for one in second["changes"]}
    assert changes == {"places": (40, 60), "phone": ("047*-***0001", "047*-***0002")}
    assert second["import_id"] == asked("import", "list")[0]["id"]
    assert "新月托育中心" in run("log", "--limit", "3").stdout


def test_an_import_is_taken_back_once_and_only_while_nothing_rests_on_it(run: Run, asked: Run, tmp_path: Path) -> None:
    before = asked("institution", "list")
    run("institution", "import", roster(tmp_path / "一.csv", "新月托育中心,东胜区,是,40,0477-8000001"))
    run("institution", "edit", "新月托育中心", "--places", "50")
    run("institution", "import", roster(tmp_path / "二.csv", "新月托育中心,东胜区,是,50,0477-8000002"), "--apply")
    one, two = (row["id"] for row in reversed(asked("import", "list")[:2]))
    said = run("import", "undo", one, code=5).stderr
    assert "托位数" in said
    assert "手工修改" in said
    assert "二.csv" in said
    assert "将撤回" in run("import", "undo", "--dry-run").stderr
    assert "恢复当时变更的 1 家" in run("import", "undo").stderr
    assert asked("institution", "show", "新月托育中心")["phone"] == "0477-8000001"
    assert asked("import", "list")[0]["undone_by"] is not None
    assert "已经撤回" in run("import", "undo", two, code=5).stderr
    run("import", "undo", 999, code=3)
    assert "“新月托育中心”" in run("import", "undo", code=5).stderr
    run("check")
    assert [row for row in asked("institution", "list") if row["name"] != "新月托育中心"] == before


def test_what_an_undone_import_entered_is_gone_and_can_come_again(run: Run, asked: Run, tmp_path: Path) -> None:
    before, file = asked("institution", "list"), roster(tmp_path / "一.csv", "新月托育中心,东胜区,是,40,0477-8000001")
    run("institution", "import", file)
    run("import", "undo")
    assert asked("institution", "list") == before
    assert [row["label"] for row in asked("institution", "history", "新月托育中心")] == ["机构录入", "撤回导入"]
    run("institution", "import", file)
    assert asked("institution", "show", "新月托育中心")["places"] == 40
    run("check")


def test_what_was_known_before_a_correction_is_listed_again(run: Run, asked: Run) -> None:
    run("institution", "add", "--kind", "childcare", "--name", "新月托育中心", "--district", "东胜区", "--places", "40")
    with time_machine.travel(CLOCK + dt.timedelta(days=3)):
        run("institution", "edit", "新月托育中心", "--places", "60", "--correct")
    assert asked("institution", "show", "新月托育中心")["places"] == 60
    assert asked("institution", "show", "新月托育中心", "--known-on", "2026-11-23")["places"] == 40


def test_a_merge_is_taken_back_with_its_agreements_and_codes(run: Run, asked: Run) -> None:
    one = asked("agreement", "list")[0]
    name = one["parties"][1]["name"]
    run("institution", "edit", name, "--closed-on", "2026-11-01")
    run("institution", "add", "--kind", "childcare", "--name", "新月托育中心", "--district", "东胜区",
        "--code", "52150602400741887W", "--places", "30")  # fmt: skip
    before, agreements = asked("institution", "list"), asked("agreement", "list")
    run("institution", "merge", name, "新月托育中心")
    assert asked("institution", "show", name)["closed_on"] is None
    assert "恢复“新月托育中心”" in run("institution", "unmerge", "新月托育中心").stderr
    assert asked("institution", "list") == before
    assert asked("agreement", "list") == agreements
    run("institution", "unmerge", "新月托育中心", code=3)
    run("check")


def test_a_correction_of_a_day_to_come_is_refused(office: Path) -> None:
    name, day = "东胜区小鹿托育中心", ("--correct", "--from", "2099-01-01", "--places", "3")
    refused = invoke("--workspace", office, "institution", "edit", name, *day)
    assert refused.exit_code == 4
    assert "更正的日期 2099-01-01 还没有到；更正请写录错的那一天" in refused.stderr


def test_closing_names_the_live_agreements_and_the_command_for_each(run: Run, asked: Run) -> None:
    rows = [row for row in asked("agreement", "list") if row["force"] == "in_force"]
    number, name = rows[0]["number"], rows[0]["parties"][1]["name"]
    drafts = [row["number"] for row in asked("agreement", "list", "--unsigned") if row["parties"][1]["name"] == name]
    told = run("institution", "edit", name, "--closed-on", "2026-11-20", "--dry-run").stderr
    assert f"yiyu agreement terminate {number} --on 2026-11-20 --reason 机构停办" in told
    assert all(f"yiyu agreement void {draft} --reason 机构停办" in told for draft in drafts)
    told = run("institution", "edit", name, "--unfiled").stderr
    assert f"yiyu agreement terminate {number} --on 2026-11-22 --reason 备案取消" in told
    assert f"yiyu agreement supplement {number} --text …" in told
    assert "没有结束的协议" not in run("institution", "edit", name, "--phone", "0477-1234567").stderr
    run("agreement", "terminate", number, "--on", "2026-11-22", "--reason", "备案取消")
