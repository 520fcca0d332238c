"""Registries of earlier versions, kept as SQL text, are brought up to date without losing a row."""

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from yiyu.registry.errors import RegistryFault
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.copying import look_into, newest_schema
from yiyu.registry.store.events import broken_links
from yiyu.registry.store.institutions import all_institutions, projection_faults
from yiyu.registry.store.integrity import database_faults, schema_faults
from yiyu.registry.store.moments import as_known_on
from yiyu.registry.store.opening import open_registry
from yiyu.registry.store.schema import migrations

DUMPS = sorted((Path(__file__).parents[2] / "data").glob("registry-*.sql"))
Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture(params=DUMPS, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "registry.db")) as db:
        db.executescript(request.param.read_text("utf-8"))
    return tmp_path / "registry.db"


MOVED = {"category", "district", "town", "inclusive"}
"""Columns of institutions that have become facts."""


def rows(path: Path, columns: dict[str, list[str]] | None = None) -> tuple[Rows, dict[str, list[str]]]:
    """Every row of every table, only ``columns`` of it where they are given; and the columns."""
    with closing(sqlite3.connect(path)) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        columns = columns or {
            name: [
                row[1]
                for row in db.execute(f"PRAGMA table_info({name})")
                if row[1] not in MOVED or name != "institutions"
            ]
            for name in tables
            if name != "_sqlite_migrations"
        }
        return {
            name: sorted(db.execute(f"SELECT {', '.join(own)} FROM {name}"), key=repr)  # noqa: S608 - of our own schema
            for name, own in columns.items()
        }, columns


def test_a_registry_of_each_released_schema_is_kept() -> None:
    assert [path.stem for path in DUMPS] == ["registry-0001", "registry-0002"]


def test_no_row_of_an_old_registry_is_lost_or_changed(old: Path) -> None:
    before, columns = rows(old)
    assert len(before["agreements"]) == 4
    assert len(before["events"]) > 10
    with open_registry(old):
        pass
    after, _ = rows(old, columns)
    assert_kept(before, after)


def assert_kept(before: Rows, after: Rows) -> None:
    """Every row as it was; events and facts have more."""
    for table, was in before.items():
        more = [row for row in after[table] if row not in was]
        assert [row for row in after[table] if row in was] == was, table
        expected = {"events": len(before["institutions"]), "institution_facts": FACTS_MORE}.get(table, 0)
        assert len(more) == expected, table


FACTS_MORE = 7
"""Of the dumps: four 旗区, one 乡镇, two 类别."""


def test_what_an_institution_was_is_a_fact_and_told_by_an_event(old: Path) -> None:
    with closing(sqlite3.connect(old)) as db:
        was = {
            row[0]: row[1:] for row in db.execute("SELECT id, category, district, town, inclusive FROM institutions")
        }
    with open_registry(old) as db:
        now = {
            one.id: (one.category, one.district, one.town, one.inclusive) for one in all_institutions(db, dt.date.max)
        }
        assert now == {key: (*row[:3], None if row[3] is None else bool(row[3])) for key, row in was.items()}
        assert projection_faults(db) == []
        every = all_institutions(db, dt.date.max)
        for known_on, told in ((dt.date(2000, 1, 1), []), (dt.date(2999, 1, 1), every)):
            with as_known_on(db, known_on):
                assert all_institutions(db, dt.date.max) == told


def test_an_old_registry_ends_with_the_schema_of_a_new_one_and_its_chain_unbroken(old: Path) -> None:
    with open_registry(old) as db:
        assert [*database_faults(db), *schema_faults(db), *broken_links(db)] == []
        assert next(one.number for one in load_agreements(db)) == "150602-2025-JC-0001"
    assert look_into(old).schema == newest_schema()


def test_the_registry_as_it_was_is_kept_before_the_first_change(old: Path) -> None:
    before = rows(old)
    version = look_into(old).schema
    with open_registry(old):
        pass
    kept = old.with_name(f"registry.db.{version:04}.bak")
    assert rows(kept) == before
    assert look_into(kept).schema == version


def test_an_upgrade_broken_off_leaves_the_registry_as_it_was_and_the_next_one_succeeds(old: Path) -> None:
    before, columns = rows(old)
    version = look_into(old).schema
    with closing(sqlite3.connect(old)) as db:
        db.execute("CREATE TABLE work_progress (in_the_way TEXT)")
    with pytest.raises(RegistryFault), open_registry(old):
        pass
    with closing(sqlite3.connect(old)) as db:
        assert len(migrations.applied(Database(db))) == version
        db.execute("DROP TABLE work_progress")
    with open_registry(old) as opened:
        assert list(schema_faults(opened)) == []
    assert_kept(before, rows(old, columns)[0])


@pytest.mark.parametrize(
    ("planted", "words"),
    [
        ("DROP TRIGGER events_no_delete", "缺少触发器 events_no_delete"),
        ("DROP INDEX scans_document", "缺少索引 scans_document"),
        ("CREATE TABLE notes (x TEXT)", "多出表 notes"),
        ("DELETE FROM _sqlite_migrations WHERE name LIKE '0001%'", "升级记录不完整"),
        ("PRAGMA user_version = 7000", "升级记录不完整"),
    ],
)
def test_a_schema_that_is_not_ours_is_named(tmp_path: Path, planted: str, words: str) -> None:
    path = tmp_path / "registry.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(DUMPS[-1].read_text("utf-8"))
    with open_registry(path):
        pass
    with closing(sqlite3.connect(path)) as db:
        db.execute(planted)
        db.commit()
        assert [words in fault for fault in schema_faults(Database(db))] == [True]
