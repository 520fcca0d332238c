"""Registries of the corpus: each is made of the office's own, or is none."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"
Change = Callable[[sqlite3.Connection], object]


def of(change: Change) -> Callable[[Path], None]:
    """Change the registry in place with SQLite itself."""

    def make(path: Path) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        change(connection)
        connection.close()

    return make


def sql(*statements: str) -> Callable[[Path], None]:
    def change(connection: sqlite3.Connection) -> None:
        for statement in statements:
            connection.execute(statement)

    return of(change)


def rebuilt(*statements: str) -> Callable[[Path], None]:
    """Changed although triggers forbid it, which are put back."""

    def change(connection: sqlite3.Connection) -> None:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER [{name}]")
        for statement in statements:
            connection.execute(statement)
        for _, statement in triggers:
            connection.execute(statement)

    return of(change)


def data(content: bytes) -> Callable[[Path], None]:
    return lambda path: _put(path, content)


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def cut(share: float) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return make


def flipped(path: Path) -> None:
    """A page in the middle overwritten, as a bad disk does."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xa5" * 4096
    path.write_bytes(bytes(content))


def foreign(path: Path) -> None:
    path.unlink()
    sql("CREATE TABLE a (b)")(path)


def empty_journal(path: Path) -> None:
    """What a program that truncates its journal leaves."""
    path.with_name(f"{path.name}-journal").touch()


def left_over(path: Path) -> None:
    """What a run that was killed leaves."""
    path.with_name(".registry.db.x.part").write_bytes(b"half")


def read_only(path: Path) -> None:
    path.chmod(0o444)


def own_copy(path: Path) -> None:
    """A registry copied by hand, with its settings."""
    office = path.parent / "office"
    path.write_bytes((office / "registry.db").read_bytes())
    path.with_name("yiyu.toml").write_bytes((office / "yiyu.toml").read_bytes())


def foreign_copy(path: Path) -> None:
    sql("CREATE TABLE a (b)")(path)
    path.with_name("yiyu.toml").write_text("")


def text_copy(path: Path) -> None:
    path.write_bytes(b"text" * 1000)
    path.with_name("yiyu.toml").write_text("")


def gone(path: Path) -> None:
    path.unlink()


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def elsewhere(path: Path) -> None:
    """A link to where it really is."""
    path.rename(path.with_name("real.db"))
    path.symlink_to("real.db")


def older(schema: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.unlink()
        connection = sqlite3.connect(path)
        connection.executescript((DATA / schema).read_text("utf-8"))
        connection.close()

    return make


def hot_journal(path: Path) -> None:
    """Broken off in the middle of writing: the journal that takes it back lies beside the file."""
    import os

    child = os.fork()
    if not child:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA cache_size = 2")
        connection.execute("PRAGMA cache_spill = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "CREATE TABLE half AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
            " SELECT i, hex(randomblob(50)) FROM n"
        )
        os._exit(0)
    os.waitpid(child, 0)
    assert path.with_name(f"{path.name}-journal").exists()


def as_pages(size: int) -> Callable[[Path], None]:
    return sql("PRAGMA journal_mode = DELETE", f"PRAGMA page_size = {size}", "VACUUM")
