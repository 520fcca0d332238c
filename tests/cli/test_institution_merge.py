from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def _twice(run: Run, asked: Run) -> dict[str, Any]:
    """Enter a childcare institution with an agreement once more, by another spelling, with a phone."""
    named = asked("agreement", "list")[0]["parties"][1]["name"]
    one = next(row for row in asked("institution", "list", "--kind", "childcare") if row["name"] == named)
    other = one["name"] + "（新址）"
    run("institution", "add", "--kind", "childcare", "--name", other, "--district", one["district"],
        "--phone", "0477-8000000")  # fmt: skip
    return {"one": one, "other": other}


def test_one_entered_twice_is_named_and_merged_with_its_agreements(run: Run, asked: Run) -> None:
    said = _twice(run, asked)
    one, other = said["one"], said["other"]
    pairs = asked("institution", "duplicates")
    assert (one["name"], other) in [(pair["first"], pair["second"]) for pair in pairs]
    before = asked("agreement", "list")
    numbers = [row["number"] for row in before if one["name"] in str(row["parties"])]
    assert "将把" in run("institution", "merge", other, one["name"], "--dry-run").stderr
    assert asked("institution", "duplicates") == pairs

    assert numbers[0] in run("institution", "merge", other, one["name"]).stderr
    assert [r["name"] for r in asked("institution", "list") if r["name"].startswith(one["name"])] == [other]
    assert asked("institution", "show", one["name"])["name"] == other
    assert asked("institution", "show", other)["code"] == one["code"]
    assert asked("agreement", "list") == before  # the paper stays as printed
    assert "机构合并" in run("agreement", "history", numbers[0]).stdout
    assert asked("institution", "duplicates") == [pair for pair in pairs if other not in pair.values()]
    run("check")


def test_a_roster_that_still_has_both_brings_the_duplicate_not_back(run: Run, asked: Run, tmp_path: Path) -> None:
    said = _twice(run, asked)
    run("institution", "export", tmp_path / "a.xlsx", "--kind", "childcare")
    run("institution", "merge", said["one"]["name"], said["other"])
    before = asked("institution", "list")
    assert "已并入" in run("institution", "import", tmp_path / "a.xlsx").stderr
    assert asked("institution", "list") == before


def test_two_kinds_and_one_with_itself_are_refused(run: Run, asked: Run) -> None:
    medical = asked("institution", "list", "--kind", "medical")[0]["name"]
    childcare = asked("institution", "list", "--kind", "childcare")[0]["name"]
    assert "种类不同" in run("institution", "merge", medical, childcare, code=4).stderr
    assert "同一家" in run("institution", "merge", medical, medical, code=4).stderr
    run("institution", "merge", medical, "没有这家", code=3)
    parties = [party["name"] for party in asked("agreement", "list")[0]["parties"]]
    assert parties
