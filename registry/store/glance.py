"""A look at names and numbers without opening the registry for work: for a shell that waits at its prompt."""

import datetime as dt
from pathlib import Path

from yiyu.registry.model import WITHDRAWN, Kind
from yiyu.registry.store.driver import connected

_PATIENCE = 0.2
"""Seconds to wait for a colleague who is writing; who presses Tab presses it again."""

_CALLED = """
SELECT i.kind, i.code, (
    SELECT value FROM institution_facts
    WHERE institution_id = i.id AND fact = 'name' AND struck_at IS NULL AND valid_from <= ?
    ORDER BY valid_from DESC LIMIT 1
) AS called FROM institutions i WHERE called IS NOT NULL
"""


def glance_numbers(path: Path) -> list[str]:
    """Every agreement number, sorted. Raises sqlite3.Error or RegistryFault when the registry cannot be read just now."""
    with connected(path, "ro", timeout=_PATIENCE) as connection:
        numbers = [str(row[0]) for row in connection.execute("SELECT number FROM agreements ORDER BY number")]
    return [number for number in numbers if not number.endswith(WITHDRAWN)]


def glance_institutions(path: Path, day: dt.date) -> list[tuple[Kind, str, str]]:
    """Kind, code and name on ``day`` of every institution. Raises as :func:`glance_numbers` does."""
    with connected(path, "ro", timeout=_PATIENCE) as connection:
        return [(Kind(kind), code, name) for kind, code, name in connection.execute(_CALLED, [str(day)])]
