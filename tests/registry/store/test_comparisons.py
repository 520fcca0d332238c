"""Claims about what was compared: an older registry keeps it, and a sheet cut in two later speaks for the half it was."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from yiyu.registry.store.comparisons import (
    ComparedPage,
    NewDifference,
    NewSigningPlace,
    compared_pages,
    difference_picture,
    differences,
    put_comparison,
    signing_places,
)
from yiyu.registry.store.opening import changing, create_registry, open_registry
from yiyu.registry.store.row_changes import broken_seals, chain_anew, row_differences
from yiyu.registry.store.scans import ScanRow, add_incoming, drop_scans, put_scans
from yiyu.registry.store.schema import APPLICATION_ID, migrations

AT = "2026-11-22T09:00:00+08:00"
AGREEMENT = """INSERT INTO agreements (id, number, series, serial, variant, pack, district, starts_on, ends_on, months,
    mode, renewal, notice_days, copies)
    VALUES (1, '150627-2026-JC-0001', '150627-2026-JC-*', 1, 'JC', 'ordos', '150627', '2026-01-01', '2026-12-31', 12,
    'visit', 'none', 30, 2)"""
DOCUMENT = """INSERT INTO documents (agreement_id, kind, version, path, sha256, template_sha256, size, made_at)
    VALUES (1, 'agreement', 1, 'output/a.docx', 'a', 't', 1, '2026-01-02T09:00:00+08:00')"""
OLD = """
    INSERT INTO incoming VALUES (1, 'ab', 'archive/incoming/2026/ab.pdf', 5, 9, '2026-11-22T09:00:00+08:00', '王某某');
    INSERT INTO scans VALUES
        (1, 1, 1, 'agreement', 1, 1, 5, 0, 'grey', 'YY', '2026-11-22T09:00:00+08:00', '王某某', ''),
        (1, 2, 1, 'agreement', 1, 2, 5, 0, 'grey', 'YY', '2026-11-22T09:00:00+08:00', '王某某', '');
    INSERT INTO compared_pages VALUES
        (1, 1, 1, 'agreement', 1, 1, '2026-11-22T09:00:00+08:00', '王某某'),
        (1, 2, 1, 'agreement', 1, 1, '2026-11-22T09:00:00+08:00', '王某某');
    INSERT INTO differences VALUES (7, 1, 1, 'number', '【3】次', '【4】次', x'89');
    INSERT INTO differences VALUES (9, 1, 2, 'date', '【1】月', '【2】月', x'50');
"""
SCAN = ScanRow(1, 1, 1, "agreement", 1, 1, 5, 0, "grey", "YY", AT, "王某某")
PAGE = ComparedPage(1, 1, "", 1, "agreement", 1, True, AT, "王某某")
DIFFERENCE = NewDifference("number", "【3】次", "【4】次", b"x")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A registry of the schema before, in which two pages were compared."""
    path = tmp_path / "registry.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        db = Database(connection)
        migrations.apply(db, stop_before="0023_compared_halves")
        db.executescript(f"{AGREEMENT};{DOCUMENT};{OLD}")
        chain_anew(db, but=())
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA user_version = 22")
        connection.commit()
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    create_registry(tmp_path / "registry.db")
    with open_registry(tmp_path / "registry.db") as db, changing(db):
        db.execute(AGREEMENT)
        db.execute(DOCUMENT)
        add_incoming(db, sha256="ab", path="archive/incoming/2026/ab.pdf", pages=5, size=9, received_at=AT, actor="")
        put_scans(db, [SCAN])
    return tmp_path / "registry.db"


def test_what_was_compared_before_there_were_halves_is_kept_under_its_number(old: Path) -> None:
    with open_registry(old) as db:
        assert compared_pages(db) == {(1, 1, ""), (1, 2, "")}
        assert [(one.id, one.page, one.half, one.read) for one in differences(db)] == [
            (7, 1, "", "【4】次"),
            (9, 2, "", "【2】月"),
        ]
        assert difference_picture(db, 9) == b"P"
        assert signing_places(db) == []
        assert list(db.query("PRAGMA foreign_key_check")) == []
        assert (list(row_differences(db)), list(broken_seals(db))) == ([], [])


def test_a_difference_that_others_changed_before_the_migration_is_still_seen(old: Path) -> None:
    with closing(sqlite3.connect(old)) as foreign:
        foreign.execute("UPDATE differences SET read = printed WHERE id = 7")
        foreign.execute("UPDATE compared_pages SET fits = 0 WHERE file_page = 2")
        foreign.commit()
    with open_registry(old) as db:
        seen = [(one.table, one.key) for one in row_differences(db)]
        assert ("differences", "7") in seen
        assert any(table == "compared_pages" for table, _ in seen)


def test_a_sheet_compared_whole_and_cut_in_two_speaks_for_the_half_it_was(path: Path) -> None:
    with open_registry(path) as db:
        with changing(db):
            put_comparison(db, PAGE, [DIFFERENCE])
            drop_scans(db, [SCAN])
            put_scans(db, [replace(SCAN, half="left")])
        assert [one.half for one in differences(db)] == [""]
        with changing(db):
            put_comparison(db, replace(PAGE, half="left"), [DIFFERENCE, DIFFERENCE])
            put_comparison(db, replace(PAGE, half="right"), [DIFFERENCE])
        assert [one.half for one in differences(db)] == ["left", "left"], (
            "its own comparison takes the place of the other"
        )


def test_of_two_scans_of_a_page_the_newer_tells_what_stands_where_people_sign(path: Path) -> None:
    with open_registry(path) as db:
        with changing(db):
            put_comparison(
                db, PAGE, [], [NewSigningPlace("甲", "empty", "empty"), NewSigningPlace("乙", "", "unclear")]
            )
            add_incoming(
                db, sha256="cd", path="archive/incoming/2026/cd.pdf", pages=5, size=9, received_at=AT, actor=""
            )
            put_scans(db, [replace(SCAN, file_id=2)])
            put_comparison(db, replace(PAGE, file_id=2), [], [NewSigningPlace("甲", "filled", "filled")])
        found = [(one.party, one.signature, one.seal) for one in signing_places(db, [1])]
        assert found == [("甲", "filled", "filled"), ("乙", None, "unclear")]
        assert signing_places(db, [2]) == []
