"""Claims about several clerks at one registry at once; ``make clerks`` lets eight of them do five hundred things each."""

import sqlite3
from contextlib import closing
from pathlib import Path

from kill.clerks import MOST_WAIT, OWN, open_office, work_together, wrong

CLERKS, WORKS = 4, 40


def test_clerks_at_once_lose_nothing_double_nothing_and_never_hear_of_a_lock(tmp_path: Path) -> None:
    open_office(tmp_path)
    figures = work_together(tmp_path, CLERKS, WORKS)
    assert len(figures.works) == CLERKS * WORKS
    assert {work.kind for work in figures.works} == {"edit", "import", "draft", "generate", "generate-shared"}
    assert figures.faults == []
    assert figures.longest <= MOST_WAIT
    work = next(work for work in figures.works if work.said and OWN[work.clerk] == "address")
    with closing(sqlite3.connect(tmp_path / "office" / "registry.db")) as db, db:
        db.execute("UPDATE institutions SET address = '', version = version + 1 WHERE code = ?", [work.said[0]])
    assert [fault.split(":")[0] for fault in wrong(tmp_path, figures.works)] == ["lost", "lost"]
