"""What was said of activities before corrections that were recorded later, out of the events of those corrections.

Each event ``activity_edited`` holds, by column of the activity or by table of its lines, what was and what is.
"""

import datetime as dt
from collections.abc import Sequence

from sqlite_utils import Database

_EDITED = "FROM main.events e{more} WHERE e.kind = 'activity_edited' AND substr(e.recorded_at, 1, 10) > '{day}'"
_OF_NAME = (
    _EDITED.replace("{more}", "")
    + " AND json_extract(e.data, '$.activity') = a.number AND json_type(e.data, '$.changes.{name}') = 'array'"
)
_FORMER = "SELECT json_extract(e.data, '$.changes.{name}[0]') " + _OF_NAME + " ORDER BY e.id LIMIT 1"
"""What was said of the activity ``a`` before the first of them."""
_ROWS = """SELECT {columns} FROM main."{table}" WHERE activity_id NOT IN ({ids})
    UNION ALL SELECT {former} FROM main.activities a, json_each(({said})) r WHERE a.id IN ({ids})"""


def edited_later(db: Database, day: dt.date) -> list[str]:
    """Columns of activities, and tables of their lines, that were corrected after ``day``."""
    changes = _EDITED.format(day=day, more=", json_each(e.data, '$.changes') c")
    return [row[0] for row in db.execute(f"SELECT DISTINCT c.key {changes}")]


def former_value(column: str, day: dt.date) -> str:
    """An expression for a column of ``activities AS a`` as it was known on ``day``."""
    told = {"day": day, "name": column}
    return f"CASE WHEN EXISTS (SELECT 1 {_OF_NAME.format(**told)}) THEN ({_FORMER.format(**told)}) ELSE {column} END"


def former_rows(table: str, columns: Sequence[str], day: dt.date) -> str:
    """A query for the lines of activities in ``table``: as they stand, or as they were known on ``day``."""
    told = {"day": day, "name": table}
    ids = f"SELECT a.id FROM main.activities a WHERE EXISTS (SELECT 1 {_OF_NAME.format(**told)})"  # noqa: S608 - our own
    former = ", ".join("a.id" if c == "activity_id" else f"json_extract(r.value, '$.{c}')" for c in columns)
    return _ROWS.format(columns=", ".join(columns), table=table, ids=ids, former=former, said=_FORMER.format(**told))
