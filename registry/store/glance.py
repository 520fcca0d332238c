"""A look at names and numbers without opening the registry for work: for a shell that waits at its prompt."""

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from yiyu.registry.model import Kind

_PATIENCE = 0.2
"""Seconds to wait for a colleague who is writing; who presses Tab presses it again."""

_CALLED = """
SELECT i.kind, i.code, (
    SELECT value FROM institution_facts
    WHERE institution_id = i.id AND fact = 'name' AND valid_from <= ? ORDER BY valid_from DESC, id DESC LIMIT 1
) FROM institutions i
"""


def glance_numbers(path: Path) -> list[str]:
    """Every agreement number, sorted. Raises sqlite3.Error when the registry cannot be read just now."""
    with _reading(path) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM agreements ORDER BY number")]


def glance_institutions(path: Path, day: dt.date) -> list[tuple[Kind, str, str]]:
    """Kind, code and name on ``day`` of every institution. Raises sqlite3.Error as :func:`glance_numbers` does."""
    with _reading(path) as connection:
        return [(Kind(kind), code, name) for kind, code, name in connection.execute(_CALLED, [str(day)])]


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_PATIENCE)
    try:
        yield connection
    finally:
        connection.close()
