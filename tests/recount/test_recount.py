"""Every figure of every report beside a recount from raw inputs by other code: 300 institutions, 400 agreements, two years."""

import ast
import datetime as dt
from pathlib import Path

import pytest
from build import opened
from recount.comparing import Comparison
from recount.entering import entered
from recount.office import generated

D = dt.date
DAYS = {
    D(2025, 1, 31): D(2025, 1, 31),
    D(2025, 3, 31): D(2025, 7, 1),
    D(2025, 6, 30): D(2025, 5, 20),
    D(2025, 8, 20): D(2026, 2, 1),
    D(2025, 9, 30): D(2025, 9, 30),
    D(2025, 12, 31): D(2026, 1, 20),
    D(2026, 2, 28): D(2026, 2, 28),
    D(2026, 5, 15): D(2026, 11, 1),
    D(2026, 9, 30): D(2026, 8, 1),
    D(2026, 11, 22): D(2026, 11, 22),
}
"""Days asked about, each with a moment up to which the second answer knows: the day itself, one before it, one long after."""


def test_at_ten_dates_the_recount_finds_what_the_program_says(tmp_path: Path) -> None:
    """One test, so that the office is made once however many processes share the suite."""
    known = entered(tmp_path / "office", generated(13))
    kinds = [one.what for one in known.accepted]
    assert kinds.count("institution") == 300
    assert kinds.count("draft") + kinds.count("renewal") >= 390
    assert len(known.refused) < len(known.accepted) / 15
    with opened(tmp_path / "office") as session:
        found = [
            difference
            for day, moment in DAYS.items()
            for known_on in (None, moment)
            for difference in Comparison(known, session, day, known_on).differences()
        ]
    assert found == []


@pytest.mark.parametrize("module", ["inputs", "office", "facts", "owed", "rates", "lists"])
def test_the_recount_is_nothing_of_the_program(module: str) -> None:
    tree = ast.parse((Path(__file__).parent / f"{module}.py").read_text("utf-8"))
    names = [one.module or "" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)]
    names += [alias.name for one in ast.walk(tree) if isinstance(one, ast.Import) for alias in one.names]
    ours = {"yiyu", "registry", "docgen", "cli", "build"}
    assert names
    assert not ours & {name.partition(".")[0] for name in names}
