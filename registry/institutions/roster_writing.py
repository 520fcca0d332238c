"""The roster as we write it: headings in order, one row an institution; reading it again loses nothing."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from yiyu.registry.institutions.columns import COLUMNS
from yiyu.registry.institutions.exported import COLUMN, export_mark
from yiyu.registry.institutions.roster import Roster, roster_title
from yiyu.registry.model import Institution, Kind
from yiyu.registry.rules.districts import district_name
from yiyu.registry.workbooks.problems import write_rejected
from yiyu.registry.workbooks.tables import write_table
from yiyu.registry.workbooks.writing import WrittenColumn, written_column


def institution_columns(kind: Kind) -> tuple[WrittenColumn, ...]:
    """The columns of a roster of one kind, keyed by the fields of Institution.

    All but ``kind`` and ``id``; a medical institution has no 备案, 普惠, 托位 and the like.
    """
    return tuple(written_column(name, column) for name, column in COLUMNS.items() if kind in column.kinds)


def write_institutions(path: Path, kind: Kind, institutions: Iterable[Institution], registry: str = "") -> None:
    """Write a roster that read_roster gives back field by field. Raises as write_table does.

    With ``registry``, which tells the registry from others, each row keeps, hidden, what it says.
    """
    rows = [
        {
            **asdict(institution),
            "district": district_name(institution.district),
            COLUMN.key: export_mark(institution, registry),
        }
        for institution in institutions
    ]
    hidden = (COLUMN,) if registry else ()
    write_table(path, roster_title(kind), (*institution_columns(kind), *hidden), rows)


def write_problems(path: Path, roster: Roster) -> None:
    """Write the rejected rows under our own headings, 旗区 filled in, each faulty cell yellow with its comment."""
    columns = {name: written_column(name, column) for name, column in COLUMNS.items()}
    columns[COLUMN.key] = COLUMN
    write_rejected(path, roster_title(roster.kind), columns, roster.rejected)
