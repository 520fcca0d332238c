import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from yiyu.cli import main

Run = Callable[..., Any]


def of(asked: Run, **wanted: str) -> str:
    return next(r["number"] for r in asked("agreement", "list") if all(r[k] == v for k, v in wanted.items()))


def test_review_comes_before_signing(run: Run, asked: Run) -> None:
    number = of(asked, signing="awaiting")
    run("agreement", "review", number, "--result", "submit")
    assert asked("agreement", "show", number)["signing"] == "review"
    assert "正在审核" in run("agreement", "sign", number, "--party", "甲", code=5).stderr
    run("agreement", "review", number, "--result", "pass", "--note", "法务已审")
    run("agreement", "sign", number, "--party", "甲")


def test_filing_goes_step_by_step_after_both_seals(run: Run, asked: Run) -> None:
    number = of(asked, signing="one_signed")
    refused = run("agreement", "file", number, "--step", "received", code=5).stderr
    assert "归档之前必须先双方已盖；现在是单方已签" in refused
    sealed = of(asked, sealing="sealed")
    run("agreement", "file", sealed, "--step", "received")
    assert "必须先已扫描" in run("agreement", "file", sealed, "--step", "checked", code=5).stderr
    assert asked("agreement", "show", sealed)["filing"] == "received"


def test_a_seal_has_its_number_and_seam(run: Run, asked: Run) -> None:
    number = of(asked, signing="awaiting")
    run("agreement", "sign", number, "--party", "甲")
    run("agreement", "seal", number, "--party", "甲", "--seam", "--seal-no", "2026-118")
    event = asked("agreement", "history", number)[-1]
    assert event["data"] == {"seam": True, "seal_no": "2026-118"}


def test_a_seal_before_the_signature_is_asked_about_and_recorded_with_its_reason(run: Run, asked: Run) -> None:
    number = of(asked, signing="awaiting")
    seal = ("agreement", "seal", number, "--party", "甲")
    refused = run(*seal, code=5).stderr
    assert "甲方还没有登记签字，先有盖章" in refused
    assert "agreement sign" in refused
    assert "--force --reason" in refused
    assert asked("agreement", "show", number)["sealed"] == {}
    run(*seal, "--force", code=2)
    run(*seal, "--reason", "急用", code=2)
    run(*seal, "--force", "--reason", "先盖章再送签")
    event = asked("agreement", "history", number)[-1]
    assert (event["data"]["forced"], event["data"]["reason"]) == ("甲方还没有登记签字，先有盖章", "先盖章再送签")
    assert event["note"] == "甲方还没有登记签字，先有盖章，仍登记：先盖章再送签"


def test_filing_before_the_seals_is_asked_about_and_recorded_with_its_reason(run: Run, asked: Run) -> None:
    number = of(asked, signing="awaiting")
    run("agreement", "sign", number, "--party", "all")
    file = ("agreement", "file", number, "--step", "received")
    assert "--force" in run(*file, code=5).stderr
    run(*file, "--force", "--reason", "原件先收，章后补")
    assert asked("agreement", "show", number)["filing"] == "received"


def test_an_end_before_the_last_visit_is_asked_about_and_a_visit_after_the_end_as_well(run: Run, asked: Run) -> None:
    number = of(asked, force="in_force")
    add = ("activity", "add", number, "--form", "上门指导", "--on")
    run(*add, "2026-11-20")
    end = ("agreement", "terminate", number, "--on", "2026-11-10", "--reason", "搬迁")
    refused = run(*end, code=5).stderr
    assert "2026-11-20 还登记有活动，晚于解除日期 2026-11-10" in refused
    assert "activity void" in refused
    run(*end, "--force")
    event = asked("agreement", "history", number)[-1]
    assert (event["note"], event["data"]["reason"]) == (
        "搬迁；2026-11-20 还登记有活动，晚于解除日期 2026-11-10，仍登记",
        "搬迁",
    )
    assert f"协议 {number} 已解除（2026-11-10）" in run(*add, "2026-11-21", code=5).stderr
    run(*add, "2026-11-21", "--force", "--reason", "交接")
    assert asked("agreement", "history", number)[-1]["note"].endswith("仍登记：交接）")


def test_originals_are_moved_and_counted(run: Run, asked: Run) -> None:
    number = of(asked, signing="signed")
    run("agreement", "copies", number, "--move", "4", "--to", "printed")
    run("agreement", "copies", number, "--move", "1", "--from", "printed", "--to", "甲")
    places = asked("agreement", "copies", number)
    assert (places["printed"], places["甲"], sum(places.values())) == (3, 1, 4)
    assert (
        "只有 3 份"
        in run("agreement", "copies", number, "--move", "4", "--from", "printed", "--to", "box", code=5).stderr
    )


def test_a_supplement_sets_what_holds_now(run: Run, asked: Run) -> None:
    number = of(asked, force="in_force")
    run("agreement", "supplement", number, "--text", "延长", "--end", "2030-12-31")
    assert asked("agreement", "show", number)["ends_on"] == "2030-12-31"
    shown = run("agreement", "show", number).stdout
    assert f"{number}-补1" in shown
    assert "纸面截止" in shown
    run("agreement", "supplement", of(asked, signing="awaiting"), "--text", "x", code=5)


def test_an_extension_needs_the_clause(run: Run, asked: Run) -> None:
    assert "协商续签" in run("agreement", "extend", of(asked, force="in_force"), code=5).stderr


def test_the_demo_season_has_no_conflicts(asked: Run) -> None:
    assert asked("agreement", "conflicts") == []


def test_an_unknown_number_is_refused_everywhere(run: Run) -> None:
    for words in (
        ("review", "--result", "submit"),
        ("file", "--step", "received"),
        ("extend",),
        ("supplement", "--text", "x"),
    ):
        run("agreement", words[0], "150602-1999-JC-0001", *words[1:], code=3)
    run("agreement", "copies", "150602-1999-JC-0001", code=3)


def test_a_sound_office_checks_well(run: Run, asked: Run) -> None:
    found = asked("check")
    assert found["faults"] == []
    assert min(found["checked"], found["events"]) > 100
    assert "核对无误" in run("check").stderr


def test_check_names_what_is_missing_changed_and_left_over(asked: Run, office: Path) -> None:
    lost, changed, *_ = sorted((office / "output").rglob("*.docx"))
    lost.unlink()
    changed.write_bytes(b"x")
    (office / "output" / ".half.part").write_bytes(b"")
    found = asked("check", code=8)["faults"]
    assert {(f["fault"], f["place"]) for f in found} == {
        ("missing", lost.relative_to(office).as_posix()),
        ("changed", changed.relative_to(office).as_posix()),
        ("leftover", "output/.half.part"),
    }


def test_the_log_tells_the_newest_first(asked: Run) -> None:
    found = asked("log", "--limit", "3")
    assert [event["id"] for event in found] == sorted((event["id"] for event in found), reverse=True)
    assert len(found) == 3


def test_an_altered_event_is_named_by_check_and_log(asked: Run, office: Path) -> None:
    with sqlite3.connect(office / "registry.db") as db:
        db.execute("DROP TRIGGER events_no_update")
        db.execute("UPDATE events SET on_date = '2020-01-01' WHERE id = 7")
    found = asked("check", code=8)["faults"]
    assert {(f["fault"], f["place"]) for f in found} == {("chain", "7"), ("schema", "events_no_update")}
    result = CliRunner().invoke(main, ["--workspace", str(office), "log"])
    assert (result.exit_code, "第 7 号记录" in result.stderr) == (8, True)
