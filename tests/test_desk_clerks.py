"""Claims about an office at its desk: browsers and a command line together lose nothing, nor does a killed server.

``make desk-clerks`` lets them write two thousand times, ``make desk-kills`` kills two hundred times.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from kill.clerks import open_office
from kill.desk_clerks import work_together
from kill.desk_kills import run
from kill.desk_writers import lost

WRITES = 64
POINTS = (("sendto", 70), ("pwrite64", 40))


def test_two_browsers_and_a_command_line_lose_nothing(tmp_path: Path) -> None:
    open_office(tmp_path)
    figures, _ = work_together(tmp_path, WRITES)
    done = [work for work in figures.works if work.seconds]
    assert len(done) == WRITES
    assert {"edit", "visit", "photo", "review", "import"} <= {work.kind for work in done}
    assert [fault for fault in figures.faults if ": waited " not in fault] == []


def test_a_killed_server_keeps_every_accepted_write_its_logins_and_what_its_works_came_to(tmp_path: Path) -> None:
    kills = run(tmp_path, POINTS)
    assert kills.faults == []
    assert kills.accepted > 0
    assert sum(kills.ended.values()) > 0
    writer = kills.writers[0]
    seen = next(value for value, accepted in writer.visits.items() if accepted)
    with closing(sqlite3.connect(kills.place / "office" / "registry.db")) as db, db:
        db.execute("UPDATE activities SET content = '' WHERE content = ?", [seen])
    assert [fault.split(" ")[0] for fault in lost(kills.place, kills.writers)] == ["lost:"]
