"""The one place that connects to a registry, plain or encrypted, and asks who knows the passphrase."""

import contextlib
import sqlite3
import zlib
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Protocol

from yiyu.registry.errors import RegistryFault
from yiyu.registry.store.cipher import sqlcipher

_LONGEST_VALUE = 16 * 1024 * 1024
"""Bytes of a text or a row; nothing an office keeps comes near, and one of gigabytes would take the memory."""
_PAGE = 4096


@contextlib.contextmanager
def connected(
    path: Path, mode: str, *, timeout: float = 5, like: sqlite3.Connection | None = None
) -> Iterator[sqlite3.Connection]:
    """A connection in SQLite's ``mode`` (``ro``, ``rw``, ``rwc``), closed at the end; errors are those of sqlite3.

    The key of an encrypted registry is asked of the passphrase_source. ``like``, an open connection, says what kind the new one
    is: for a copy that is still empty, and for a file this process has a lock on, as a second look at that would
    release the lock (sqlite.org/howtocorrupt.html, 2.2).
    Raises RegistryFault without the key, with a wrong one, and where the extra ``encrypt`` is not installed.
    """
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    connection = _plain(path, uri, timeout) if like is None or isinstance(like, sqlite3.Connection) else None
    connection = connection or _encrypted(path, uri, timeout)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def passing() -> Iterator[sqlite3.Connection]:
    """A database of its own for what is only compared: SQLite spills it to disk under no name, and it is gone afterwards."""
    connection = sqlite3.connect("", isolation_level=None)
    try:
        connection.execute("BEGIN")
        yield connection
    finally:
        connection.close()


def is_encrypted(path: Path) -> bool:
    """Whether a registry that nobody in this process has open looks like noise, as an encrypted one does."""
    try:
        connection = _plain(path, f"{path.resolve().as_uri()}?mode=ro", 0)
    except sqlite3.Error:
        return False
    if connection:
        connection.close()
    return connection is None


def _plain(path: Path, uri: str, timeout: float) -> sqlite3.Connection | None:
    """Connect as ever and read the first page; None where it is noise."""
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=timeout)
    connection.row_factory = sqlite3.Row
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error as error:
        connection.close()
        if _is_no_database(error) and _is_noise(path):
            return None
        raise
    return connection


def _encrypted(path: Path, uri: str, timeout: float) -> sqlite3.Connection:
    connect = sqlcipher()
    if not (key := passphrase_source.get()()):
        remedy = "请在终端里运行并输入口令，或把口令写进只有本人能读的文件，再设环境变量 YIYU_KEY_FILE 指向它"
        raise RegistryFault("登记库是加密的，没有口令打不开", where=str(path), remedy=remedy)
    connection = connect(uri, key, timeout)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error as error:
        connection.close()
        if _is_no_database(error):
            remedy = "请核对口令（在终端里输入的，或 YIYU_KEY_FILE 所指文件里的）后再试；口令确实没错，用最近的备份恢复"
            raise RegistryFault("口令不对，或者登记库已损坏", where=str(path), remedy=remedy) from error
        raise
    return connection


def _is_no_database(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_NOTADB


def _is_noise(path: Path) -> bool:
    """Every byte of an encrypted file looks like chance, which does not compress; a damaged plain one does."""
    with path.open("rb") as stream:
        page = stream.read(_PAGE)
    return len(page) == _PAGE and len(zlib.compress(page)) > _PAGE


class PassphraseSource(Protocol):
    def __call__(self, *, new: bool = False) -> str:
        """The key, "" where there is none; the same whenever asked. ``new``: one is to be chosen."""


def _nobody(**_: bool) -> str:
    return ""


passphrase_source: ContextVar[PassphraseSource] = ContextVar("passphrase_source", default=_nobody)
"""Asked for the passphrase. Never log, store or print what it returns."""
