"""A registry made again from the facts another office handed up, to be read and never written."""

import base64
import binascii
import contextlib
import re
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path
from typing import IO

import msgspec
from sqlite_utils import Database

from yiyu.registry.errors import RegistryFault
from yiyu.registry.store.copying import failing_as_files_do, newest_schema
from yiyu.registry.store.driver import connected
from yiyu.registry.store.exported import EXPORTED
from yiyu.registry.store.exporting import ChainPosition
from yiyu.registry.store.schema import APPLICATION_ID, migrations

_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")
_LONGEST_LINE = 32 << 20
_AT_ONCE = 2000
_Value = str | int | float | None
_decode_columns = msgspec.json.Decoder(list[str]).decode
_decode_row = msgspec.json.Decoder(list[_Value]).decode
_DAMAGED = "请向对方重新要一份"

Lines = Callable[[str], AbstractContextManager[IO[bytes]]]
"""The lines of a table by its name, as :func:`yiyu.registry.store.exporting.exported_lines` gave them."""


def build_model(
    path: Path,
    tables: Collection[str],
    lines_of: Lines,
    *,
    schema: tuple[int, str],
    chain: ChainPosition,
    place: str,
) -> None:
    """Make a registry of the schema the facts are of, fill it, and bring it to ours; ``path`` is empty or new.

    Only values come from outside: ``tables`` and columns are held against our own. ``place``: what the package is called.
    Raises RegistryFault for facts of a newer yiyu, or that no registry can hold; OSError where ``path`` cannot be written.
    """
    every = [one.name for one in migrations._migrations]  # noqa: SLF001 - sqlite-utils lists them only against a database
    number, name = schema
    if number > len(every):
        raise RegistryFault("上报包由更新版本的 yiyu 做成", where=place, remedy="请先升级 yiyu（pip install -U yiyu）")
    if number < 1 or every[number - 1] != name:
        raise RegistryFault(f"上报包的库结构“{name}”不认识", where=place, remedy="请与对方核对 yiyu 的版本")
    with connected(path, "rwc") as connection, failing_as_files_do():
        # No journal, no sync: it is thrown away if it breaks, and can be made again.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db = Database(connection)
        connection.execute("BEGIN")
        migrations.apply(db, stop_before=every[number:])
        for table in (one for one in EXPORTED if one in tables):
            with _readable(table, place), lines_of(table) as lines:
                _fill(db, table, lines)
        _check(db, chain, place)
        migrations.apply(db)
        connection.execute("COMMIT")
        connection.execute(f"PRAGMA user_version = {newest_schema()}")


@contextlib.contextmanager
def read_model(path: Path) -> Iterator[Database]:
    """Open one, closed at the end: nobody writes it, so that nothing is locked or looked for beside it.

    Raises RegistryFault where it cannot be read; it may be deleted, and is then made again.
    """
    try:
        with connected(path, "ro&immutable=1") as connection:
            yield Database(connection)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        remedy = "请删去它所在的 model- 开头的文件夹，再运行一次，会从上报包重新做出"
        raise RegistryFault("下级的查询库读不了", where=str(path), remedy=remedy) from error


def hash_at(db: Database, event: int) -> str:
    """The hash of an event by its id, "" where there is none: whether one chain goes on from another."""
    row = db.execute("SELECT hash FROM events WHERE id = ?", [event]).fetchone()
    return str(row[0]) if row else ""


def _fill(db: Database, table: str, lines: IO[bytes]) -> None:
    columns = _decode_columns(lines.readline(_LONGEST_LINE))
    known = {row[1]: row[2] for row in db.execute(f"PRAGMA table_info([{table}])")}
    if len(set(columns)) < len(columns) or not all(_NAME.fullmatch(one) and one in known for one in columns):
        raise ValueError("columns")
    blobs = [at for at, one in enumerate(columns) if known[one] == "BLOB"]
    names, marks = ", ".join(f"[{one}]" for one in columns), ", ".join("?" * len(columns))
    sql = f"INSERT INTO [{table}] ({names}) VALUES ({marks})"  # noqa: S608 - names held against the schema
    rows = _rows(lines, blobs)
    while batch := list(islice(rows, _AT_ONCE)):
        db.conn.executemany(sql, batch)


def _rows(lines: IO[bytes], blobs: list[int]) -> Iterator[list[_Value | bytes]]:
    while line := lines.readline(_LONGEST_LINE):
        row: list[_Value | bytes] = [*_decode_row(line)]
        for at in blobs:
            row[at] = base64.b64decode(str(row[at]), validate=True)
        yield row


def _check(db: Database, chain: ChainPosition, place: str) -> None:
    """Raise RegistryFault where rows point nowhere, or the chain has a gap or does not end where the manifest says."""
    if (row := db.execute("PRAGMA foreign_key_check").fetchone()) is not None:
        raise RegistryFault(f"上报包里的表“{row[0]}”指向不存在的“{row[2]}”", where=place, remedy=_DAMAGED)
    apart = """SELECT e.id FROM events e LEFT JOIN events b ON b.id = e.id - 1
        WHERE e.previous_hash <> coalesce(b.hash, '') OR (b.id IS NULL AND e.id <> 1) LIMIT 1"""
    if (row := db.execute(apart).fetchone()) is not None:
        raise RegistryFault(f"上报包的记录链从第 {row[0]} 号起接不上", where=place, remedy=_DAMAGED)
    last = db.execute("SELECT id, hash FROM events ORDER BY id DESC LIMIT 1").fetchone()
    if (tuple(last) if last else (0, "")) != (chain.events, chain.last_hash):
        raise RegistryFault("上报包的记录链与清单说的不是一条", where=place, remedy=_DAMAGED)


@contextlib.contextmanager
def _readable(table: str, place: str) -> Iterator[None]:
    try:
        yield
    except (
        msgspec.MsgspecError,
        ValueError,
        UnicodeDecodeError,
        binascii.Error,
        KeyError,
        sqlite3.IntegrityError,
    ) as error:
        raise RegistryFault(f"上报包里的表“{table}”放不进登记库", where=place, remedy=_DAMAGED) from error
    except (
        sqlite3.ProgrammingError,
        sqlite3.InterfaceError,
        OverflowError,
    ) as error:  # a row of another length, a number too large
        raise RegistryFault(f"上报包里的表“{table}”有读不懂的一行", where=place, remedy=_DAMAGED) from error
