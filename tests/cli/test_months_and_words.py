"""Claims about rosters that tell 备案 by its month or in other words: counted by quarter, asked for by day."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

Run = Callable[..., Result]
Asked = Callable[..., Any]
HEAD = "机构名称,旗区,是否备案,备案时间,是否普惠,托位数\n"


def roster(folder: Path, *rows: str) -> Path:
    path = folder / "名册.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def gap(asked: Asked, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in asked("institution", "gaps") if one["name"] == name)
    return found


def test_a_month_is_kept_asked_for_and_settled_by_the_day(run: Run, asked: Asked, tmp_path: Path) -> None:
    name = "东胜区月份托育中心"
    run("institution", "import", roster(tmp_path, f"{name},东胜区,已备案，2025.3,,普惠型,30"), code=10)
    one = asked("institution", "show", name)
    assert (one["filed"], one["filed_on"], one["inclusive"]) == (True, None, True)
    [cell] = gap(asked, name)["parked"]
    assert (cell["field"], cell["text"], "按季、按半年算的照此计" in cell["message"]) == ("filed_on", "2025.3", True)
    run("institution", "edit", name, "--filed-on", "2025-03-09")
    assert gap(asked, name)["parked"] == []


def test_the_day_in_the_cell_of_a_yes_is_the_day_of_filing(run: Run, asked: Asked, tmp_path: Path) -> None:
    name = "东胜区有日托育中心"
    run("institution", "import", roster(tmp_path, f"{name},东胜区,已备案（2025年3月9日）,,普惠性,30"))
    assert asked("institution", "show", name)["filed_on"] == "2025-03-09"
