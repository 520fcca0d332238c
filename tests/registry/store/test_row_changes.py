"""Rows in the chain: what a change leaves in each row is told once it stands, and only then."""

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from sqlite_utils import Database

from yiyu.registry.office.backups import Note, checksummed, note_of, read_note
from yiyu.registry.office.rows_altered import ROW_LABEL
from yiyu.registry.rules.chain import EMPTY, Head, head_in, head_line, head_of, read_head
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.against import knows_head
from yiyu.registry.store.opening import changing, create_registry, open_registry, trying
from yiyu.registry.store.row_changes import broken_seals, head, row_differences, row_digests
from yiyu.registry.store.schema import migrations

FIGURE = {
    "id": 1, "district": "150602", "year": 2026, "indicator": "x", "numerator": 1.0, "denominator": 2.0,
    "source": "s", "recorded_at": "2026-01-01T00:00:00+08:00", "actor": "王某某",
}  # fmt: skip


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    create_registry(tmp_path / "registry.db")
    return tmp_path / "registry.db"


def put_figure(registry: Path) -> None:
    with open_registry(registry) as db, changing(db):
        db.table("figures").insert(FIGURE)


def told(db: Database) -> list[tuple[str, str, bool]]:
    """Table, key, and whether the row was there, of each entry."""
    query = "SELECT table_name, row_key, digest <> x'' FROM row_changes ORDER BY id"
    return [(name, key, bool(there)) for name, key, there in db.execute(query)]


def test_an_empty_registry_has_a_head_and_nothing_in_it(registry: Path) -> None:
    with open_registry(registry) as db:
        assert head(db) == EMPTY
        assert (list(row_differences(db)), list(broken_seals(db)), told(db)) == ([], [], [])


def test_what_is_put_in_changed_renamed_and_removed_is_told_as_it_stands_in_the_end(registry: Path) -> None:
    put_figure(registry)
    with open_registry(registry) as db:
        with changing(db):
            db.execute("UPDATE figures SET numerator = 5")
            db.execute("UPDATE figures SET numerator = 6")
        with changing(db):
            db.execute("UPDATE figures SET id = 7")
        with changing(db):
            db.execute("DELETE FROM figures")
        one, seven = ("figures", "1"), ("figures", "7")
        assert told(db) == [(*one, True), (*one, True), (*seven, True), (*one, False), (*seven, False)]
        assert (list(row_differences(db)), list(broken_seals(db))) == ([], [])


def test_a_row_taken_out_and_put_back_within_one_change_is_there(registry: Path) -> None:
    put_figure(registry)
    with open_registry(registry) as db:
        with changing(db):
            db.execute("DELETE FROM figures")
            db.table("figures").insert(FIGURE)
        assert told(db)[-1] == ("figures", "1", True)
        assert list(row_differences(db)) == []


def test_a_dry_run_what_was_only_tried_and_what_failed_leave_no_entry(registry: Path) -> None:
    with open_registry(registry) as db:
        with changing(db, dry_run=True):
            db.table("figures").insert(FIGURE)
        with changing(db), trying(db):
            db.table("figures").insert(FIGURE)
        with pytest.raises(ZeroDivisionError), changing(db):
            db.table("figures").insert(FIGURE)
            raise ZeroDivisionError
        assert (told(db), head(db)) == ([], EMPTY)
        with changing(db), trying(db, keep=True):
            db.table("figures").insert(FIGURE)
        assert told(db) == [("figures", "1", True)]


def test_rows_that_change_without_an_event_move_the_head_and_both_heads_are_known(registry: Path) -> None:
    put_figure(registry)
    with open_registry(registry) as db:
        before = head(db)
        with changing(db):
            db.execute("UPDATE figures SET numerator = 5")
        after = head(db)
        assert (before.events, after.events, before == after) == (0, 0, False)
        assert knows_head(db, after)


def test_every_table_of_an_office_is_told_or_told_by_its_events(session: OfficeSession) -> None:
    named = set(session.db.table_names()) - {"events", "chain_links", "row_changes", "_sqlite_migrations"}
    assert set(ROW_LABEL) == set(row_digests(session.db))
    assert named - set(ROW_LABEL) == {"institutions", "institution_facts", "event_contacts"}


def test_a_contact_that_may_be_erased_is_in_no_digest(office: Path) -> None:
    with open_registry(office / "registry.db") as db:
        before = row_digests(db)
        for field in ("$.contact", "$.phone"):
            db.execute("UPDATE parties SET snapshot = json_set(snapshot, ?, '13800000000')", [field])
            assert row_digests(db) == before
        db.execute("UPDATE parties SET snapshot = json_set(snapshot, '$.address', '别处')")
        assert row_digests(db) != before


def test_a_registry_of_before_is_taken_as_it_is(registry: Path) -> None:
    put_figure(registry)
    with closing(sqlite3.connect(registry)) as db:
        db.executescript(
            "DROP TABLE office_packages; DROP TABLE unplaced; DROP TABLE accounts; DROP TABLE signing_places; DROP TABLE chain_seals; DROP TABLE chain_links; DROP TABLE row_changes;"
            "DELETE FROM _sqlite_migrations WHERE name >= '0021'; PRAGMA user_version = 20"
        )
    with open_registry(registry) as upgraded:
        assert told(upgraded) == [("figures", "1", True)]
        assert list(broken_seals(upgraded)) == []


def test_what_a_migration_does_is_taken_and_what_others_did_before_it_is_not(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_figure(registry)
    with open_registry(registry) as db, changing(db):
        db.table("figures").insert(FIGURE | {"id": 2})
    with closing(sqlite3.connect(registry)) as foreign:
        foreign.execute("UPDATE figures SET numerator = 9 WHERE id = 2")
        foreign.commit()
    monkeypatch.setattr(migrations, "_migrations", [*migrations._migrations])
    migrations(name="9999_later")(lambda db: db.execute("UPDATE figures SET source = 'later'") and None)
    with open_registry(registry) as db:
        assert [one.key for one in row_differences(db)] == ["2"]
        assert list(broken_seals(db)) == []


def test_a_head_is_read_out_of_whatever_stands_around_it() -> None:
    known = head_of(812, "3fa9c1d2e0aa11")
    assert str(known) == "812-3FA9C1D2E0"
    for text in (
        "812-3FA9C1D2E0",
        "链头 812-3fa9c1d2e0。",
        '{"head": "812-3FA9C1D2E0"}',
        "1-AAAAAAAAAA，后来 812-3FA9C1D2E0",
    ):
        assert read_head(text) == Head(812, "3FA9C1D2E0")
    for text in ("", "812", "812-3FA9C1D2E", "812-3FA9C1D2E00", "150602-2026-JC-0001", "2026-11-22"):
        assert read_head(text) is None


def test_the_note_of_a_backup_made_before_heads_were_kept_still_proves_it(tmp_path: Path) -> None:
    old = {"size": 1, "sha256": "a", "made_at": "b", "schema": 20, "tables": {"events": 3}, "last_hash": "c"}
    written = checksummed(msgspec.convert(old, Note))
    assert b"head" not in written
    backup = tmp_path / "registry-20261122-090000.db"
    note_of(backup).write_bytes(written)
    assert read_note(backup).head == ""
    note_of(backup).write_bytes(checksummed(msgspec.convert(old | {"head": "3-3FA9C1D2E0"}, Note)))
    assert read_note(backup).head == "3-3FA9C1D2E0"


def test_a_head_is_known_by_its_name_before_anything_that_only_looks_like_one() -> None:
    phone = "电话 0477-8581234567"
    assert read_head(phone) == Head(477, "8581234567")
    assert head_in([phone, "链头3-3FA9C1D2E0。", "链头4-AAAAAAAAAA"]) == Head(3, "3FA9C1D2E0")
    torn = head_line(Head(3, "A" * 10), dt.date(2026, 1, 9)).replace("3-", "3-\r\n")
    assert head_in([phone, torn]) == head_in([torn.replace("-", "\x02")]) == Head(3, "A" * 10)
    assert read_head("2 链头 3-AAAAAAAAAAB") is None
