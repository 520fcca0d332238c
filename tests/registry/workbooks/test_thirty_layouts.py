"""Official rosters of thirty layouts: every clean row in, every doubt named at its cell, and nothing else."""

from pathlib import Path

import pytest
from roster_layouts import LAYOUTS, Layout, build

from yiyu.registry.institutions.roster import Roster, read_roster


def test_there_are_thirty() -> None:
    assert len(LAYOUTS) >= 30


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_clean_rows_come_in_and_doubts_are_named_at_their_cells(layout: Layout, seed: int, tmp_path: Path) -> None:
    path, expected = build(layout, seed, tmp_path)
    roster = read_roster(path)
    assert len(expected.rows) >= 5
    read = {row.institution.name: row.institution for row in roster.rows}
    found = {
        name: {key: getattr(read[name], key) for key in values} if name in read else None
        for name, values in expected.rows.items()
    }
    assert found == expected.rows
    assert read.keys() - expected.rows.keys() <= expected.doubted
    assert doubts(roster) == expected.doubts
    assert {(one.sheet, one.row) for one in roster.skipped} == expected.furniture
    assert {(one.sheet, one.row) for one in roster.waiting} == expected.waiting


def doubts(roster: Roster) -> set[tuple[str, int, str]]:
    return {(one.sheet, one.row, one.column) for one in roster.problems}
