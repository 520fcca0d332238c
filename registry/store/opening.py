"""The one place that opens the registry, and the one way to change it."""

import contextlib
import random
import sqlite3
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database

from yiyu.registry.errors import RegistryFault
from yiyu.registry.files import replacing
from yiyu.registry.store.driver import connected
from yiyu.registry.store.integrity import schema_faults
from yiyu.registry.store.looked_through import LookedThrough
from yiyu.registry.store.row_changes import chain_anew, chain_rows, row_differences, watch_rows
from yiyu.registry.store.schema import APPLICATION_ID, migrations

BUSY_SECONDS = 10
_PAUSE = (0.002, 0.010)
"""Seconds between two tries to write; not always the same, lest two clerks keep step."""
_SOUND, _WATCHED, _FOUND_SOUND = 2, 3, 1
"""Known to be sound; that, and its rows are watched; looked through by this connection, and its rows are watched."""
_URGE = 4
"""How many times more often one asks for each second waited."""


def create_registry(path: Path) -> None:
    """Make an empty registry, whole under its name or not there. Raises RegistryFault when one exists."""
    if path.exists():
        raise RegistryFault("这里已经有登记库", where=str(path), remedy="请换一个空目录，或直接使用原有工作区")
    with replacing(path, office=path.parent) as temporary, _connected(temporary) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        with _alone(db):
            _migrate(db)


def holds_nothing(path: Path) -> bool:
    """Whether it is a registry of ours into which nothing was ever entered: a broken-off ``init`` leaves one."""
    try:
        with open_registry(path) as db:
            return db.execute("SELECT 1 FROM institutions LIMIT 1").fetchone() is None
    except RegistryFault:
        return False


@contextlib.contextmanager
def open_registry(path: Path, looked: LookedThrough | None = None) -> Iterator[Database]:
    """Open an existing registry with the settings of design.md#opening, migrated to this version.

    ``looked``: of a program that opens it again and again; what it was found sound by a while ago is not looked at anew.

    Raises RegistryFault: missing, not ours, made by a newer yiyu, damaged, encrypted under another key than the one
    given, or busy for more than 10 s.
    """
    if not path.is_file():
        raise RegistryFault(
            "找不到登记库", where=str(path), remedy="请检查工作区是否完整，或把备份的 registry.db 放回原处"
        )
    with _in_words(path), _connected(path) as db:
        _accept(db, path)
        if looked is not None and looked.holds(db, path):
            db.execute(f"PRAGMA temp.user_version = {_SOUND}")
        try:
            with asking(db, path):
                yield db
        finally:  # also where what was asked for was refused
            if looked is not None and _state(db) == _FOUND_SOUND:
                looked.note(db, path)


@contextlib.contextmanager
def asking(db: Database, path: Path) -> Iterator[None]:
    """One thing asked of an open registry: what goes wrong with the file is a RegistryFault, as when it is opened."""
    with _in_words(path):
        try:
            yield
        except (ValueError, KeyError, TypeError, msgspec.MsgspecError) as error:
            if isinstance(error, msgspec.MsgspecError) or _is_damaged(db):
                raise _unreadable(path) from error
            raise


@contextlib.contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        raise translated(error, path) from error
    except UnicodeDecodeError as error:  # what SQLite says of a damaged schema quotes it
        raise _unreadable(path) from error


@contextlib.contextmanager
def changing(db: Database, *, dry_run: bool = False) -> Iterator[None]:
    """One thing a person asked for, in one transaction; a dry run does it all and takes it back.

    BEGIN IMMEDIATE: two clerks wait for each other instead of losing an edit (design.md#opening).
    Raises RegistryFault when the registry is damaged: nothing more is written into it.
    """
    _refuse_damaged(db)
    _begin(db)
    try:
        with db.atomic():
            yield
        if dry_run:
            db.execute("ROLLBACK")
        else:
            chain_rows(db)
            db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


class _TakenBackError(Exception):
    """Ends what was only tried."""


@contextlib.contextmanager
def trying(db: Database, *, keep: bool = False) -> Iterator[None]:
    """Do a part to see what comes of it and, unless ``keep``, take it back; call inside ``changing``."""
    with contextlib.suppress(_TakenBackError), db.atomic():
        yield
        if not keep:
            raise _TakenBackError


def registry_mark(db: Database) -> str:
    """Tells this registry, wherever it was copied or restored to, from any other: when it was made, in microseconds."""
    return str(db.execute("SELECT applied_at FROM _sqlite_migrations ORDER BY id LIMIT 1").fetchone()[0])


def within(column: str, ids: Iterable[int] | None) -> tuple[str, dict[str, str]]:
    """A condition that limits ``column`` to ``ids`` (None: to nothing in particular), and its parameter."""
    if ids is None:
        return "1", {}
    return f"{column} IN (SELECT value FROM json_each(:ids))", {"ids": f"[{','.join(map(str, ids))}]"}  # noqa: S608 - a column of ours


def insert(db: Database, table: str, row: dict[str, Any]) -> int:
    """Insert one row; gives its id."""
    key = db.table(table).insert(row).last_pk
    assert isinstance(key, int)  # noqa: S101 - every table asked for here has an integer key; narrows the type
    return key


@contextlib.contextmanager
def _connected(path: Path, *, like: Database | None = None) -> Iterator[Database]:
    with connected(path, "rw", timeout=BUSY_SECONDS, like=like.conn if like else None) as connection:
        for pragma in (
            "foreign_keys = ON",
            "synchronous = FULL",
            "secure_delete = ON",  # what was erased or edited is overwritten (design.md#private-data)
        ):
            connection.execute(f"PRAGMA {pragma}")
        yield Database(connection)


def _accept(db: Database, path: Path) -> None:
    """Refuse a file that is not our sound registry; bring an older one up to date."""
    if _pragma(db, "application_id") != APPLICATION_ID:
        raise RegistryFault("这个文件不是 yiyu 的登记库", where=str(path), remedy="请检查工作区目录是否选对")
    known = len(migrations._migrations)  # noqa: SLF001 - sqlite-utils offers no public count of a set
    if _pragma(db, "user_version") > known:
        raise RegistryFault("登记库由更新版本的 yiyu 建立", where=str(path), remedy="请升级 yiyu 后再打开")
    if migrations.pending(db):
        with _alone(db):
            if migrations.pending(db):  # a colleague who came at the same time may have done it while this one waited
                _back_up(db, path)
                _migrate(db)


@contextlib.contextmanager
def _alone(db: Database) -> Iterator[None]:
    """All of it or nothing, and nobody else meanwhile; migrations alone would each be a transaction."""
    _begin(db)
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


def _begin(db: Database) -> None:
    """BEGIN IMMEDIATE, asked for every few milliseconds until the registry is free.

    SQLite's own waiting makes its pauses longer and longer: of eight clerks some waited for ten seconds while those who
    had just come went first. With short pauses the longest was a fifth of that (docs/robustness.md).
    """
    began = time.monotonic()
    db.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                db.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() - began > BUSY_SECONDS:
                    raise
            # Who has waited longer asks more often, and so comes before those who have just come.
            time.sleep(random.uniform(*_PAUSE) / (1 + _URGE * (time.monotonic() - began)))  # noqa: S311 - no secret
    finally:
        db.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def _back_up(db: Database, path: Path) -> None:
    """Keep the registry as it was, checked, before a migration: ``registry.db.0001.bak`` after its last migration.

    Read by another connection, for SQLite does not copy what its own is about to change.
    """
    last = migrations.applied(db)[-1].name.split("_")[0]
    target = path.with_name(f"{path.name}.{last}.bak")
    with (
        replacing(target) as temporary,
        _connected(temporary, like=db) as copy,
        _connected(path, like=db) as source,
    ):
        source.conn.backup(copy.conn)
        if str(copy.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            raise RegistryFault("升级前的备份没有通过校验", where=str(target), remedy="请检查磁盘后再打开，登记库未变")


def _refuse_damaged(db: Database) -> None:
    """Look the whole file through once for each opening that writes; reading alone does not pay for it."""
    state = _state(db)
    if state in (_WATCHED, _FOUND_SOUND):
        return
    if state != _SOUND:
        look_through(db)
    watch_rows(db)
    db.execute(f"PRAGMA temp.user_version = {_WATCHED if state == _SOUND else _FOUND_SOUND}")


def look_through(db: Database) -> None:
    """Raise RegistryFault where the registry is damaged, or something of somebody else's would act in it."""
    if _is_damaged(db):
        raise RegistryFault("登记库已损坏", remedy="请勿继续录入，先用最近的备份恢复")
    if fault := next(schema_faults(db, only_acting=True), ""):
        # A trigger of someone else's would do its own work within ours.
        raise RegistryFault(f"登记库的结构被改动过：{fault}", remedy="请勿继续录入，先用最近的备份恢复")


def _state(db: Database) -> int:
    """How far this connection is with its look: 0, or one of the three below, kept where nobody else sees it."""
    return int(db.execute("PRAGMA temp.user_version").fetchone()[0])


def _is_damaged(db: Database) -> bool:
    return str(db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok"


def _unreadable(path: Path) -> RegistryFault:
    remedy = "请运行 yiyu check 检查，再用最近的备份恢复"
    return RegistryFault("登记库里有读不懂的内容，可能已损坏", where=str(path), remedy=remedy)


def _migrate(db: Database) -> None:
    """Bring it up to date; what a migration makes of the rows enters the chain, what others made of them does not."""
    chained = "row_changes" in db.table_names()
    altered = {(one.table, one.key) for one in row_differences(db)} if chained else set()
    migrations.apply(db)
    chain_anew(db, but=altered)
    db.execute(f"PRAGMA user_version = {len(migrations.applied(db))}")


def _pragma(db: Database, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])


def translated(error: sqlite3.DatabaseError, path: Path) -> RegistryFault:
    """What SQLite could not do, in words."""
    text = str(error)
    if "locked" in text or "busy" in text:
        what, remedy = "另一位同事正在写入登记库，已等待 10 秒", "请稍后再试"
    elif "readonly" in text:
        # SQLite says so too of a file that was replaced while it was open.
        what, remedy = (
            "登记库写不进去：所在位置只读，或者刚被加密、解密",
            "请再运行一次；仍不行，请检查文件和文件夹的写入权限",
        )
    elif "full" in text:
        what, remedy = "磁盘已满，本次操作已全部撤回", "请清理磁盘后再试"
    elif "not a database" in text or "malformed" in text:
        what, remedy = "登记库已损坏或不是登记库", "请勿继续录入，先用最近的备份恢复"
    else:
        what, remedy = "登记库读写出错", "请检查磁盘和网络连接，再运行 yiyu check 检查"
    return RegistryFault(what, where=str(path), remedy=remedy)
