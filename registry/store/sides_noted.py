"""What many offices have, noted in a database of its own on disk that is gone afterwards, to find what several have."""

import contextlib
import itertools
from collections.abc import Iterable, Iterator
from operator import itemgetter

from sqlite_utils import Database

from yiyu.registry.store.driver import passing

Place = tuple[str, str]
"""Kind, and the code, name or number."""
Noted = tuple[str, str, str, str]
"""Region of the office, its name, and the name and code of the institution there, "" of an agreement."""


class NotedSides:
    """However many there are, a few megabytes of memory hold what is at hand of them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        db.execute("CREATE TABLE sides (kind TEXT, place TEXT, region TEXT, office TEXT, name TEXT, code TEXT)")

    def add(self, rows: Iterable[tuple[str, ...]]) -> None:
        """Rows of a place and a side."""
        self._db.conn.executemany("INSERT INTO sides VALUES (?, ?, ?, ?, ?, ?)", rows)

    def of_several(self) -> Iterator[tuple[Place, list[Noted]]]:
        """The sides of each place that more than one region has, by place, each place's in the order noted."""
        query = """
            SELECT kind, place, region, office, name, code FROM sides WHERE (kind, place) IN (
                SELECT kind, place FROM sides GROUP BY kind, place HAVING count(DISTINCT region) > 1)
            ORDER BY kind, place, rowid
        """
        rows = map(tuple, self._db.execute(query))
        for place, sides in itertools.groupby(rows, key=itemgetter(0, 1)):
            yield place, [row[2:] for row in sides]


@contextlib.contextmanager
def noted_sides() -> Iterator[NotedSides]:
    """A new and empty one."""
    with passing() as connection:
        yield NotedSides(Database(connection))
