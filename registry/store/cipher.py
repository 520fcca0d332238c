"""Connections of SQLCipher that speak as those of sqlite3 do: whoever uses one need not know which it is."""

import functools
import sqlite3
from collections.abc import Callable
from typing import Any

from yiyu.registry.errors import RegistryFault

_OF_A_CURSOR = ("execute", "executemany", "executescript", "fetchone", "fetchmany", "fetchall", "__next__")
_OF_A_CONNECTION = ("backup", "commit", "rollback", "close")
"""Methods that may fail; the others of a connection go through a cursor."""

Connect = Callable[[str, str, float], sqlite3.Connection]


@functools.cache
def sqlcipher() -> Connect:
    """What connects to a URI with a key ("" for a plain file) and a time to wait for a lock.

    Raises RegistryFault where the extra ``encrypt`` is not installed. The limit on the length of a value has no
    equivalent there; who could plant one has the key.
    """
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise RegistryFault("没有安装加密登记库的组件", remedy="请运行 pip install 'yiyu[encrypt]' 后再试") from error

    class Cursor(dbapi2.Cursor):  # type: ignore[misc]  # no types in sqlcipher3
        pass

    class Connection(dbapi2.Connection):  # type: ignore[misc]  # the same
        def cursor(self) -> Any:  # noqa: ANN401
            return super().cursor(Cursor)

    for owner, names in ((Cursor, _OF_A_CURSOR), (Connection, _OF_A_CONNECTION)):
        for name in names:
            setattr(owner, name, _translating(getattr(owner, name), dbapi2.Error))

    def connect(uri: str, key: str, timeout: float) -> sqlite3.Connection:
        connection = dbapi2.connect(uri, uri=True, isolation_level=None, timeout=timeout, factory=Connection)
        connection.row_factory = dbapi2.Row
        # It would write its own English lines to the terminal.
        connection.execute("PRAGMA cipher_log_level = NONE")
        if key:
            connection.set_key(key)
        return connection  # type: ignore[no-any-return]  # one of sqlite3 to whoever uses it

    return _translating(connect, dbapi2.Error)


def _translating(method: Callable[..., Any], foreign: type[Exception]) -> Callable[..., Any]:
    """The same, raising the error of sqlite3 that has the name of the foreign one."""

    @functools.wraps(method)
    def translated(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the method takes and gives
        try:
            return method(*arguments, **named)
        except foreign as error:
            own: sqlite3.Error = getattr(sqlite3, type(error).__name__)(*error.args)
            if code := getattr(error, "sqlite_errorcode", None):
                own.sqlite_errorcode, own.sqlite_errorname = code, getattr(error, "sqlite_errorname", "")
            raise own from None

    return translated
