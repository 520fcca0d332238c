"""The sample rosters beside the repository: every planted fault is found where it is, and no other."""

import collections
import json
from pathlib import Path

import pytest

from yiyu.registry.institutions.roster import read_roster
from yiyu.registry.institutions.roster_writing import write_problems
from yiyu.registry.model import Kind

ROSTERS = Path(__file__).parents[2] / "data" / "rosters"
CODE_OF = {
    "check-digit": "code-check-digit",
    "precision": "code-precision-lost",
    "length": "code-length",
    "bad-date": "date-unreadable",
    "no-name": "name-missing",
    "negative": "number-out-of-range",
    "over": "number-out-of-range",
    "duplicate": "duplicate",
}

PARKED = frozenset({"bad-date", "negative"})
"""Of a cell without which its row is taken."""


def manifest() -> dict:
    return json.loads((ROSTERS / "manifest.json").read_text("utf-8"))


@pytest.mark.parametrize(
    "file", ["托育机构名册.xlsx", "托育机构信用公示名单.csv", "医疗卫生机构名册.xlsx", "医疗机构导出.xlsx"]
)
def test_exactly_the_planted_faults_are_reported(file: str) -> None:
    planted = {
        (f["row"], "warning" if f["kind"] in PARKED else f["severity"], CODE_OF[f["kind"]])
        for f in manifest()["faults"]
        if f["file"] == file
    }
    found = [(p.row, p.severity.value, p.code) for p in read_roster(ROSTERS / file).problems]
    assert sorted(found) == sorted(planted)


def test_the_childcare_roster_gives_the_counts_it_must() -> None:
    expected, roster = manifest(), read_roster(ROSTERS / "托育机构名册.xlsx")
    assert roster.kind is Kind.CHILDCARE
    assert roster.total_rows == expected["rows"]
    parked = {f["row"] for f in expected["faults"] if f["file"] == "托育机构名册.xlsx" and f["kind"] in PARKED}
    clean = [row.institution for row in roster.rows if row.row not in parked]
    assert len(clean) == len(roster.rows) - len(parked) == expected["importable"]
    assert sum(one.filed for one in clean) == expected["importable_filed"]
    assert {row.institution.district for row in roster.rows} == {f"1506{n}" for n in ("02", "03", *range(21, 28))}
    assert not any({"\n", "\u3000"} & set(row.institution.name) for row in roster.rows)


@pytest.mark.parametrize("file", ["医疗卫生机构名册.xlsx", "医疗机构导出.xlsx"])
def test_the_medical_rosters_give_all_their_institutions(file: str) -> None:
    roster = read_roster(ROSTERS / file)
    districts = collections.Counter(row.institution.district for row in roster.rows)
    assert roster.kind is Kind.MEDICAL
    assert roster.total_rows == len(roster.rows) == manifest()["medical"]
    assert len(districts) == 10
    assert districts["150600"] == 2


def test_the_public_list_in_gb18030_gives_all_its_institutions() -> None:
    roster = read_roster(ROSTERS / "托育机构信用公示名单.csv")
    assert roster.kind is Kind.CHILDCARE
    assert len(roster.rows) == manifest()["childcare"]


def test_the_rejected_rows_go_to_a_workbook_that_is_rejected_for_the_same_reasons(tmp_path: Path) -> None:
    roster = read_roster(ROSTERS / "托育机构名册.xlsx")
    write_problems(tmp_path / "待改.xlsx", roster)
    again = read_roster(tmp_path / "待改.xlsx")
    assert again.kind is roster.kind
    assert again.rows == ()
    assert [[p.code for p in row.problems] for row in again.rejected] == [
        [p.code for p in row.problems] for row in roster.rejected
    ]
