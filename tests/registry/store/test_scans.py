import contextlib
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from yiyu.registry.store.opening import changing, create_registry, open_registry
from yiyu.registry.store.scans import (
    BoundRow,
    ScanRow,
    add_incoming,
    bound_scans,
    find_incoming,
    incoming_files,
    printed_documents,
    put_bound_scan,
    put_scans,
    scans_of_agreements,
    scans_of_file,
)
from yiyu.registry.store.schema import APPLICATION_ID, migrations

AGREEMENT = """INSERT INTO agreements (id, number, series, serial, variant, pack, district, starts_on, ends_on, months,
    mode, renewal, notice_days, copies)
    VALUES (1, '150627-2026-JC-0001', '150627-2026-JC-*', 1, 'JC', 'ordos', '150627', '2026-01-01', '2026-12-31', 12,
    'visit', 'none', 30, 2)"""
DOCUMENT = """INSERT INTO documents (agreement_id, kind, version, path, sha256, template_sha256, size, made_at)
    VALUES (1, 'agreement', 1, 'output/a.docx', 'a', 't', 1, '2026-01-02T09:00:00+08:00')"""
AT = "2026-11-22T09:00:00+08:00"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    create_registry(tmp_path / "registry.db")
    with open_registry(tmp_path / "registry.db") as db:
        db.execute(AGREEMENT)
        db.execute(DOCUMENT)
    return tmp_path / "registry.db"


def incoming(db: Database, sha256: str = "ab") -> int:
    path = f"archive/incoming/2026/{sha256}.pdf"
    return add_incoming(db, sha256=sha256, path=path, pages=5, size=9, received_at=AT, actor="王某某").id


def scan(file_id: int, file_page: int, page: int, version: int = 1) -> ScanRow:
    return ScanRow(file_id, file_page, 1, "agreement", version, page, 5, 180, "grey", "YY", AT, "王某某")


def test_a_registry_made_before_there_were_scans_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    old = Database(connection)
    migrations.apply(old, stop_before="0002_scans")
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    old.execute("PRAGMA user_version = 1")
    assert "scans" not in old.table_names()
    old.execute(AGREEMENT)
    old.execute(DOCUMENT)
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with open_registry(path):
        pass
    with contextlib.closing(sqlite3.connect(path.with_name("registry.db.0001.bak"))) as kept:
        assert kept.execute("SELECT number FROM agreements").fetchall() == [("150627-2026-JC-0001",)]
        assert kept.execute("SELECT count(*) FROM sqlite_master WHERE name = 'scans'").fetchone() == (0,)
    assert path.read_bytes() != before
    with open_registry(path) as db, changing(db):
        put_scans(db, [scan(incoming(db), 1, 1)])
    with open_registry(path) as db:
        assert [(row.number, row.kind, row.version) for row in printed_documents(db)] == [
            ("150627-2026-JC-0001", "agreement", 1)
        ]
        assert len(scans_of_agreements(db, [1])) == 1
        assert db.execute("PRAGMA user_version").fetchone()[0] == len(migrations.applied(db))


def test_what_came_is_found_by_its_bytes(path: Path) -> None:
    with open_registry(path) as db, changing(db):
        incoming(db)
    with open_registry(path) as db:
        found = find_incoming(db, "ab")
        assert [found] == incoming_files(db)
        assert find_incoming(db, "cd") is None


def test_the_same_bytes_cannot_be_recorded_twice(path: Path) -> None:
    with open_registry(path) as db, pytest.raises(sqlite3.IntegrityError), changing(db):
        incoming(db)
        add_incoming(db, sha256="ab", path="elsewhere.pdf", pages=1, size=1, received_at=AT, actor="")


def test_scanned_pages_come_newest_file_first_and_a_page_has_one_place(path: Path) -> None:
    with open_registry(path) as db, changing(db):
        old, new = incoming(db, "ab"), incoming(db, "cd")
        put_scans(db, [scan(old, 2, 2), scan(old, 1, 1), scan(new, 1, 1)])
        put_scans(db, [scan(old, 2, 3)])
    with open_registry(path) as db:
        assert scans_of_agreements(db, [1]) == [scan(new, 1, 1), scan(old, 1, 1), scan(old, 2, 3)]
        assert scans_of_agreements(db, []) == []
        assert scans_of_file(db, old) == {(1, ""): scan(old, 1, 1), (2, ""): scan(old, 2, 3)}


@pytest.mark.parametrize("wrong", [{"version": 2}, {"page": 6}, {"page": 0}], ids=str)
def test_no_page_of_what_was_never_made_is_recorded(path: Path, wrong: dict[str, int]) -> None:
    with open_registry(path) as db, pytest.raises(sqlite3.IntegrityError), changing(db):
        put_scans(db, [scan(incoming(db), 1, **({"page": 1} | wrong))])


def test_a_document_bound_again_has_one_row(path: Path) -> None:
    first = BoundRow(1, "agreement", 1, "archive/2026/a.pdf", "a", 1, 5, AT)
    second = BoundRow(1, "agreement", 1, "archive/2026/a.pdf", "b", 2, 5, AT)
    with open_registry(path) as db, changing(db):
        put_bound_scan(db, first)
        put_bound_scan(db, second)
        assert bound_scans(db) == {(1, "agreement", 1): second}
