"""Cells of rosters that could not be taken: what was written there, until the field has a value."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class ParkedCell:
    """A cell as written, why it was not taken, and where it stands: ``row`` as Excel counts, ``column`` its letter."""

    institution_id: int
    field: str
    text: str
    message: str
    file: str
    sheet: str
    row: int
    column: str


_FIELDS = "institution_id, field, text, message, file, sheet, row, column"


def park(db: Database, cells: Iterable[ParkedCell], *, recorded_at: str, actor: str) -> None:
    """Keep cells; the same text for the same field, as where a file is read twice, is kept once.

    Call inside ``changing``.
    """
    open_cells = {(one.institution_id, one.field, one.text) for one in parked_cells(db)}
    for cell in cells:
        if (place := (cell.institution_id, cell.field, cell.text)) not in open_cells:
            open_cells.add(place)
            db.execute(
                f"INSERT INTO parked ({_FIELDS}, recorded_at, actor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own names
                [*astuple(cell), recorded_at, actor],
            )


def settle(db: Database, given: Iterable[tuple[int, str]], *, on: dt.date) -> None:
    """Settle what is parked for fields (institution's id, field) that have a value now. Call inside ``changing``."""
    if db.execute("SELECT 1 FROM parked WHERE settled_on IS NULL LIMIT 1").fetchone() is None:
        return
    query = "UPDATE parked SET settled_on = ? WHERE institution_id = ? AND field = ? AND settled_on IS NULL"
    for key, field in given:
        db.execute(query, [str(on), key, field])


def parked_cells(db: Database) -> Iterator[ParkedCell]:
    """What is still parked, in the order it was kept."""
    rows = db.execute(f"SELECT {_FIELDS} FROM parked WHERE settled_on IS NULL ORDER BY id")  # noqa: S608 - our own names
    return (ParkedCell(*row) for row in rows)
