import sqlite3
import threading
import time
from pathlib import Path

import pytest

from yiyu.registry.errors import RegistryFault
from yiyu.registry.store.opening import changing, create_registry, open_registry
from yiyu.registry.store.schema import migrations


@pytest.fixture
def path(tmp_path: Path) -> Path:
    create_registry(tmp_path / "registry.db")
    return tmp_path / "registry.db"


def settings(path: Path) -> dict[str, object]:
    names = ("foreign_keys", "journal_mode", "synchronous", "trusted_schema", "cell_size_check", "secure_delete")
    with open_registry(path) as db:
        return {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in names}


def test_the_registry_opens_with_the_settings_that_lose_nothing(path: Path) -> None:
    assert settings(path) == {
        "foreign_keys": 1,
        "journal_mode": "delete",
        "synchronous": 2,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "secure_delete": 1,
    }


def test_every_table_of_ours_is_strict(path: Path) -> None:
    with open_registry(path) as db:
        loose = db.execute(
            "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT GLOB 'sqlite_*'"
        ).fetchall()
    assert [row[0] for row in loose] == ["_sqlite_migrations"]


def test_an_existing_registry_is_never_made_anew(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(RegistryFault, match="已经有登记库"):
        create_registry(path)
    assert path.read_bytes() == before


def test_opening_never_makes_a_registry(tmp_path: Path) -> None:
    with pytest.raises(RegistryFault, match="找不到登记库"), open_registry(tmp_path / "registry.db"):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100], ids=["empty", "text"])
def test_a_file_that_is_no_registry_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "registry.db"
    path.write_bytes(content)
    with pytest.raises(RegistryFault, match="不是"), open_registry(path):
        pass
    assert path.read_bytes() == content


def test_a_foreign_database_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "registry.db")
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(RegistryFault, match="不是 yiyu 的登记库"), open_registry(tmp_path / "registry.db"):
        pass


def test_a_registry_of_a_newer_yiyu_is_refused_with_what_to_do(path: Path) -> None:
    with open_registry(path) as db:
        db.execute(f"PRAGMA user_version = {len(migrations._migrations) + 1}")
    with pytest.raises(RegistryFault, match="请升级 yiyu"), open_registry(path):
        pass


def test_a_damaged_registry_is_refused(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 : 4096 + 2048] = b"\xff" * 2048
    path.write_bytes(bytes(data))
    with pytest.raises(RegistryFault, match="损坏"), open_registry(path):
        pass


def test_what_is_changed_is_there_after_reopening(path: Path) -> None:
    with open_registry(path) as db, changing(db):
        db.execute("CREATE TABLE kept (x TEXT) STRICT")
        db.table("kept").insert_all({"x": str(n)} for n in range(500))
    with open_registry(path) as db:
        assert db.table("kept").count == 500


def test_an_error_takes_the_whole_change_back(path: Path) -> None:
    with open_registry(path) as db:
        db.execute("CREATE TABLE kept (x TEXT) STRICT")
        with pytest.raises(RuntimeError), changing(db):
            db.table("kept").insert_all({"x": str(n)} for n in range(500))
            raise RuntimeError
        assert db.table("kept").count == 0


def test_a_dry_run_sees_its_change_and_leaves_nothing(path: Path) -> None:
    with open_registry(path) as db:
        db.execute("CREATE TABLE kept (x TEXT) STRICT")
        with changing(db, dry_run=True):
            db.table("kept").insert({"x": "1"})
            assert db.table("kept").count == 1
        assert db.table("kept").count == 0


def test_a_second_clerk_waits_for_the_first(path: Path) -> None:
    with open_registry(path) as db:
        db.execute("CREATE TABLE kept (x TEXT) STRICT")
    entered = threading.Event()

    def first() -> None:
        with open_registry(path) as db, changing(db):
            entered.set()
            time.sleep(0.3)
            db.table("kept").insert({"x": "first"})

    thread = threading.Thread(target=first)
    thread.start()
    entered.wait(5)
    with open_registry(path) as db, changing(db):
        assert [row["x"] for row in db.table("kept").rows] == ["first"]
    thread.join()
