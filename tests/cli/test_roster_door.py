"""``institution import``: headings named by the clerk, rows a reader does not see, and what of a roster's words is read."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
Asked = Callable[..., Any]
CASES = Path(__file__).parents[1] / "data" / "cases" / "roster"
HEADING = ("institution", "import", "名册.csv", "--kind", "childcare", "--heading")


@pytest.fixture
def roster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A roster whose headings are the office's own."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "名册.csv"
    path.write_text("旗区,园舍全称,核定规模\n东胜区,东胜区甲托育中心,60\n", "utf-8")
    return path


def names(asked: Asked) -> set[str]:
    return {one["name"] for one in asked("institution", "list")}


def test_a_heading_named_once_is_read_and_remembered(run: Run, asked: Asked, office: Path, roster: Path) -> None:
    told = run(*HEADING, "园舍全称=机构名称", "--heading", "核定规模=places").stderr
    assert "列名“园舍全称、核定规模”已记在 yiyu.toml" in told
    assert asked("institution", "show", "东胜区甲托育中心")["places"] == 60
    roster.write_text("旗区,园舍全称,核定规模\n东胜区,东胜区乙托育中心,40\n", "utf-8")
    assert asked(*HEADING[:-1])["notes"] == []
    assert asked("institution", "show", "东胜区乙托育中心")["places"] == 40


def test_a_trial_remembers_no_heading(run: Run, office: Path, roster: Path) -> None:
    before = (office / "yiyu.toml").read_bytes()
    run(*HEADING, "园舍全称=机构名称", "--dry-run")
    assert (office / "yiyu.toml").read_bytes() == before


def test_a_heading_the_file_does_not_have_is_neither_read_nor_remembered(
    run: Run, asked: Asked, office: Path, roster: Path
) -> None:
    before = (office / "yiyu.toml").read_bytes(), names(asked)
    told = run(*HEADING, "园舍全称=机构名称", "--heading", "规模=托位数", code=4).stderr
    assert "没有“规模”这一列" in told
    assert "旗区、园舍全称、核定规模" in told
    assert ((office / "yiyu.toml").read_bytes(), names(asked)) == before


def test_settings_that_cannot_take_a_heading_are_told_before_anything_is_written(
    run: Run, asked: Asked, office: Path, roster: Path
) -> None:
    path = office / "yiyu.toml"
    path.write_text('aliases.name = ["园名"]\n' + path.read_text("utf-8"), "utf-8")
    before = path.read_bytes(), names(asked)
    told = run(*HEADING, "园舍全称=机构名称", code=4).stderr
    assert "aliases 的写法不能由程序改" in told
    assert (path.read_bytes(), names(asked)) == before


def test_hidden_and_struck_rows_wait_for_a_word(run: Run, asked: Asked, tmp_path: Path) -> None:
    (case,) = CASES.glob("12-hidden-and*")
    file = shutil.copy(case, tmp_path / "名册.xlsx")
    first = asked("institution", "import", file, code=10)
    assert [(one["row"], one["reason"]) for one in first["hidden"]] == [(3, "隐藏的行"), (4, "名称有删除线")]
    assert first["added"] == 2
    again = asked("institution", "import", file, "--accept", "hidden")
    assert (again["hidden"], again["added"]) == ([], 2)
    assert {f"东胜区试验{n}托育中心" for n in (1, 2, 3, 4)} <= names(asked)


def test_the_refusal_to_guess_names_the_option(run: Run, tmp_path: Path) -> None:
    (case,) = CASES.glob("12-hidden-sheet*")
    told = run("institution", "import", case, code=10).stderr
    assert "工作表“旧” 隐藏的工作表" in told
    assert "--accept hidden" in told
