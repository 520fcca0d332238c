"""A registry comes to be encrypted, or plain again, in one step: written anew beside it, proven, then renamed onto it."""

import contextlib
import errno
import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from yiyu.registry.files import gone_if_killed, replacing
from yiyu.registry.store.cipher import sqlcipher
from yiyu.registry.store.copying import Contents, failing_as_files_do, look_into, proven
from yiyu.registry.store.opening import BUSY_SECONDS, translated

_NUMBERS = ("application_id", "user_version")
"""What the head of the file holds that an export leaves out."""


def rewrite(path: Path, old: str, new: str) -> Contents:
    """Put the registry from key ``old`` under ``new``, "" for none. Nobody in this process may have it open.

    ``new``, unless empty, is what the passphrase_source gives: the written one is opened as any other to be proven.
    Raises RegistryFault where it is damaged or in use for more than 10 s, FileFault where there is no room: then it is
    as before.
    """
    path = path.resolve()
    mode = stat.S_IMODE(path.stat().st_mode)
    try:
        with gone_if_killed() as watch, _alone_with(path, old) as db:
            held = proven(db, path)
            with replacing(path) as made:
                if not new:
                    watch(made)
                _export(db, made, new)
                if look_into(made) != held:
                    raise OSError(errno.EIO, "读回与登记库不一致")
                if os.name == "nt":  # does not replace a file that is open; nor does it while anybody else has it open
                    db.close()
    except sqlite3.DatabaseError as error:
        raise translated(error, path) from error
    path.chmod(mode)  # colleagues who share the folder may still write
    return held


@contextlib.contextmanager
def _alone_with(path: Path, key: str) -> Iterator[Database]:
    """Keep everybody out until the file has been replaced; who waits meanwhile finds his file moved, and writes nothing.

    What another program left in a ``-wal`` is taken in first: lying beside the new file, it would be applied to that.
    """
    connection = sqlcipher()(f"{path.as_uri()}?mode=rw", key, BUSY_SECONDS)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA main.locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
        yield Database(connection)
    finally:
        connection.close()


def _export(db: Database, target: Path, key: str) -> None:
    with failing_as_files_do():
        db.execute("ATTACH DATABASE ? AS made KEY ?", [str(target), key])
        db.execute("PRAGMA made.journal_mode = OFF")
        db.execute("PRAGMA made.synchronous = OFF")
        db.execute("BEGIN")
        db.execute("SELECT sqlcipher_export('made')").fetchone()
        for name in _NUMBERS:
            db.execute(f"PRAGMA made.{name} = {db.execute(f'PRAGMA main.{name}').fetchone()[0]}")
        db.execute("COMMIT")
        db.execute("DETACH DATABASE made")
