"""Rosters saved anew by LibreOffice as .ods, .xls and .xlsx say what the first file said, wherever LibreOffice is there."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from roster_layouts import LAYOUTS, build

from yiyu.registry.institutions.roster import Roster, read_roster

SOFFICE = shutil.which("soffice")
ROSTERS = sorted((Path(__file__).parents[2] / "data" / "rosters").glob("*.xlsx"))
FORMATS = ("ods", "xls", "xlsx")
CHOSEN = (
    "annex above the title, notes below",
    "headings of three levels",
    "districts said where they change",
    "subtotals, blank rows, total",
    "serial days of 1900",
    "dates of 1904",
    "dates as eight digits, ticks",
    "a hidden column and hidden rows",
    "headings of two levels on every page",
    "both kinds, a sheet each",
    "both kinds on one sheet",
    "telephones in two columns",
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of rosters, and beside it the same saved anew in each format; LibreOffice is started once for each."""
    if SOFFICE is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    base = tmp_path_factory.mktemp("rosters")
    (base / "written").mkdir()
    for at, name in enumerate(CHOSEN):
        (base / "one").mkdir()
        path, _ = build(LAYOUTS[name], 3, base / "one")
        shutil.move(path, base / "written" / f"{at:02}.xlsx")
        (base / "one").rmdir()
    for path in ROSTERS:
        shutil.copy(path, base / "written")
    start = [SOFFICE, f"-env:UserInstallation={(base / 'profile').as_uri()}", "--headless", "--convert-to"]
    for kind in FORMATS:
        command = [*start, kind, "--outdir", base / kind, *sorted((base / "written").iterdir())]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        if not (base / kind).is_dir():
            pytest.skip("LibreOffice Calc is not installed")
    yield base
    shutil.rmtree(base)


def said(roster: Roster, without: set[tuple[str, int]]) -> dict[str, object]:
    problems = [one for one in roster.problems if (one.sheet, one.row) not in without]
    return {
        "rows": [
            (row.sheet, row.row, row.institution, row.given)
            for row in roster.rows
            if (row.sheet, row.row) not in without
        ],
        "problems": [(one.sheet, one.row, one.column, one.severity, one.code) for one in problems],
        "skipped": [at for one in roster.skipped if (at := (one.sheet, one.row)) not in without],
        "waiting": [(one.sheet, one.row) for one in roster.waiting],
        "unread": roster.unread,
    }


@pytest.mark.parametrize("kind", FORMATS)
def test_a_roster_saved_by_libreoffice_says_the_same(saved: Path, kind: str) -> None:
    for path in sorted((saved / "written").iterdir()):
        first, again = read_roster(path), read_roster(saved / kind / f"{path.stem}.{kind}")
        # LibreOffice 7.4 saves some other text of the book in the place of an error value without a formula.
        errors = {(one.sheet, one.row) for one in first.problems if one.code == "cell-error"}
        if kind == "xls" and first.waiting:
            continue  # an .xls does not tell us which of its rows are hidden
        told = said(again, errors)
        for what, expected in said(first, errors).items():
            assert told[what] == expected, (path.name, what)
