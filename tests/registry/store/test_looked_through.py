"""A program that stays looks the registry through once an hour, and at once where it is another one than before."""

import contextlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from build import INSTITUTIONS, NOW, new_office

from yiyu.registry.errors import BadInput, RegistryFault
from yiyu.registry.store.institution_changes import add_institution
from yiyu.registry.store.looked_through import LookedThrough
from yiyu.registry.store.opening import changing, open_registry
from yiyu.registry.store.row_changes import broken_seals, row_differences

TRIGGER = "CREATE TRIGGER other AFTER INSERT ON institutions BEGIN UPDATE institutions SET version = 9; END"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_office(tmp_path / "office", ()) / "registry.db"


def _write(path: Path, looked: LookedThrough, at: int) -> None:
    with open_registry(path, looked) as db, changing(db):
        add_institution(db, INSTITUTIONS[at], recorded_at=NOW, source="测试")


def _holds(path: Path, looked: LookedThrough) -> bool:
    with open_registry(path) as db:
        return looked.holds(db, path)


def test_who_writes_first_looks_and_those_after_trust_it_and_are_chained_all_the_same(path: Path) -> None:
    looked = LookedThrough()
    assert not _holds(path, looked)
    for at in range(3):
        _write(path, looked, at)
        assert _holds(path, looked)
    with open_registry(path) as db:
        assert db.execute("SELECT count(*) FROM institutions").fetchone()[0] == 3
        assert (list(row_differences(db)), list(broken_seals(db))) == ([], [])


def test_a_refused_write_has_looked_as_well(path: Path) -> None:
    looked = LookedThrough()
    with contextlib.suppress(BadInput), open_registry(path, looked) as db, changing(db):
        raise BadInput("不行")
    assert _holds(path, looked)


def test_reading_alone_looks_at_nothing(path: Path) -> None:
    looked = LookedThrough()
    with open_registry(path, looked) as db:
        db.execute("SELECT 1")
    assert not _holds(path, looked)


def test_a_trigger_of_somebody_else_is_found_within_the_hour(path: Path) -> None:
    looked = LookedThrough()
    _write(path, looked, 0)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(TRIGGER)
    with pytest.raises(RegistryFault, match="结构被改动过"):
        _write(path, looked, 1)
    assert not _holds(path, looked)


def test_after_its_time_or_where_the_file_was_replaced_it_is_looked_through_again(path: Path) -> None:
    soon, looked = LookedThrough(0), LookedThrough()
    _write(path, soon, 0)
    assert not _holds(path, soon)
    _write(path, looked, 1)
    copy = path.with_name("copy.db")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)
    assert not _holds(path, looked)
