"""A ledger and rosters as offices sent them, brought into one registry."""

import csv
import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from yiyu.registry.activities.register import read_register, write_register_problems
from yiyu.registry.agreements.ledger.importing import import_ledger
from yiyu.registry.agreements.ledger.spans import split_span
from yiyu.registry.agreements.ledger.workbook import read_ledger
from yiyu.registry.config import load_workspace
from yiyu.registry.errors import BadInput
from yiyu.registry.institutions.importing import import_roster
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.office.settings import remember_headings
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.standings import standings

CASES = Path(__file__).parents[2] / "data" / "cases" / "roster"
CODE = "52150602MA18207014"


def case(name: str) -> Path:
    (found,) = CASES.glob(f"{name}*")
    return found


def table(path: Path, *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_a_term_in_one_cell_is_read_from_day_to_day(session: OfficeSession) -> None:
    import_roster(session, case("R7_旧"))
    import_roster(session, case("R4"))
    import_ledger(session, case("L2"))
    found = {one.agreement.childcare.facts.name: one.agreement for one in standings(session.db, session.today)}
    for name in ("东胜区变更7托育中心", "东胜区变更8托育中心"):
        assert (found[name].starts_on, found[name].ends_on) == (dt.date(2025, 6, 1), dt.date(2026, 5, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2025.6.1-2026.5.31", "2025年6月1日至2026年5月31日", "2025-06-01—2026-05-31", "2025-06-01-2026-05-31",
        "自2025年6月1日起至2026年5月31日止", "2025/6/1 ~ 2026/5/31", "20250601-20260531",
        "2025年6月1日\n2026年5月31日", "2025.6.1 2026.5.31", "2025.6.1→2026.5.31", "2025年6月1日-2026年5月31日（一年）",
        "有效期：2025-6-1至2026-5-31，共12个月",
    ],
)  # fmt: skip
def test_a_term_in_one_cell_is_taken_apart_however_it_is_written(tmp_path: Path, text: str) -> None:
    (row,) = read_ledger(table(tmp_path / "a.csv", ("甲方", "乙方", "有效期"), ("甲", "乙", text))).rows
    assert [row.values.get(name) for name in ("starts_on", "ends_on")] == [dt.date(2025, 6, 1), dt.date(2026, 5, 31)]


@pytest.mark.parametrize(
    "text", ["一年", "2025.6.1", "2025-06-01", "", "2025.6.1起一年", "2025.6.1、2026.5.31、2027.5.31"]
)
def test_what_is_not_two_days_is_no_term(text: str) -> None:
    assert split_span(text) is None


def test_the_register_that_comes_back_keeps_its_year_and_what_was_done(tmp_path: Path) -> None:
    register = read_register(case("A2"), dt.date(2026, 12, 31))
    assert register.rows[0].values["outcomes"] == ("已整改",)
    assert register.rows[0].values["when"][0] == dt.date(2026, 2, 10)
    write_register_problems(tmp_path / "待改.xlsx", register.rows)
    again = read_register(tmp_path / "待改.xlsx", dt.date(2026, 12, 31))
    assert [row.values for row in again.rows] == [row.values for row in register.rows]
    heads = [cell.value for cell in openpyxl.load_workbook(tmp_path / "待改.xlsx").active[2]]
    assert {"序号", "复查结果", "原表标题"} <= set(heads)


def test_a_branch_of_a_later_file_does_not_become_the_main_site(session: OfficeSession, tmp_path: Path) -> None:
    head = ("旗区", "机构名称", "信用代码", "托位数")
    import_roster(session, table(tmp_path / "a.csv", head, ("东胜区", "禾苗托育中心", CODE, "40")))
    import_roster(session, table(tmp_path / "b.csv", head, ("东胜区", "禾苗托育中心二分园", CODE, "30")))
    found = [(one.name, one.branch) for one in directory(session).all if one.code == CODE]
    assert sorted(found) == [("禾苗托育中心", ""), ("禾苗托育中心二分园", "二分园")]


def test_the_main_site_does_not_rename_a_branch_that_came_first(session: OfficeSession, tmp_path: Path) -> None:
    head = ("旗区", "机构名称", "信用代码", "托位数")
    import_roster(session, table(tmp_path / "b.csv", head, ("东胜区", "禾苗托育中心二分园", CODE, "30")))
    result = import_roster(session, table(tmp_path / "a.csv", head, ("东胜区", "禾苗托育中心", CODE, "40")))
    assert [problem.code for problem in result.problems] == ["branch-first"]
    assert [one.name for one in directory(session).all if one.code == CODE] == ["禾苗托育中心二分园"]


def test_a_heading_named_once_is_remembered_and_comments_stay(session: OfficeSession, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ("园舍全称", "旗区", "托位数"), ("东胜区新园托育中心", "东胜区", "40"))
    with pytest.raises(BadInput, match="园舍全称"):
        import_roster(session, path)
    before = (session.workspace.root / "yiyu.toml").read_text("utf-8")
    result = import_roster(session, path, headings={"name": ("园舍全称",)})
    after = (session.workspace.root / "yiyu.toml").read_text("utf-8")
    assert (result.added, after.startswith(before.rstrip())) == (1, True)
    assert load_workspace(session.workspace.root).config.aliases == {"name": ("园舍全称",)}


@pytest.mark.parametrize(
    ("text", "aliases"),
    [
        ('pack = "ordos"\n[aliases] # 说明\nphone = ["值班"]\n', {"phone": ["值班"], "name": ["全称"]}),
        ('[aliases]\nname = ["园名"] # 旧\n[districts]\n"高新区" = "150602"\n', {"name": ["园名", "全称"]}),
        ('[aliases]\nname = [\n  "园名",\n]\n', {"name": ["园名", "全称"]}),
    ],
)
def test_a_line_is_added_wherever_the_section_stands(
    session: OfficeSession, text: str, aliases: dict[str, list[str]]
) -> None:
    path = session.workspace.root / "yiyu.toml"
    path.write_text(text, "utf-8")
    assert remember_headings(session.workspace, {"name": ["全称"]}) == ["全称"]
    assert load_workspace(session.workspace.root).config.aliases == {k: tuple(v) for k, v in aliases.items()}
    assert (
        [line for line in text.splitlines() if "#" in line][:1]
        == [line for line in path.read_text("utf-8").splitlines() if "说明" in line]
        or "# 旧" in path.read_text("utf-8")
        or "#" not in text
    )
    assert remember_headings(session.workspace, {"name": ["全称"]}) == []


def test_a_section_that_cannot_be_added_to_is_left_and_said(session: OfficeSession) -> None:
    path = session.workspace.root / "yiyu.toml"
    path.write_text('aliases.name = ["园名"]\n', "utf-8")
    with pytest.raises(BadInput, match="全称"):
        remember_headings(session.workspace, {"name": ["全称"]})
    assert path.read_text("utf-8") == 'aliases.name = ["园名"]\n'
