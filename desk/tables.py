"""A list on a page: sorted, cut into pages and saved as Excel, with the columns of the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from yiyu.registry.commands.show import ListColumn, cell
from yiyu.registry.workbooks.tables import WrittenColumn, write_table

PAGE_ROWS = 50
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list; ``query``: what the address says, without the page."""

    columns: Sequence[ListColumn]
    rows: Sequence[Row]
    total: int
    page: int
    pages: int
    sort: str
    down: bool
    path: str
    query: Mapping[str, str]

    def address(self, **changes: str | int) -> str:
        """The address of this list with something else asked for."""
        asked = {**self.query, "page": str(self.page), **{key: str(value) for key, value in changes.items()}}
        return f"{self.path}?{urlencode({key: value for key, value in asked.items() if value not in ('', '1') or key != 'page'})}"

    def sorting(self, column: ListColumn) -> str:
        """The address of the list sorted by a column, the other way round where it is sorted by it."""
        down = "1" if self.sort == column.key and not self.down else ""
        return self.address(sort=column.key, down=down, page=1)


def listing(columns: Sequence[ListColumn], rows: Sequence[Row], path: str, query: Mapping[str, str]) -> Listing:
    """The page that ``query`` asks for (``sort``, ``down``, ``page``); a sort by no column of the list is none."""
    rows = arranged(columns, rows, query)
    page = page_asked(query, len(rows))
    return page_of(columns, rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS], len(rows), path, query)


def page_of(
    columns: Sequence[ListColumn], shown: Sequence[Row], total: int, path: str, query: Mapping[str, str]
) -> Listing:
    """The same of a page whose rows alone were found, of ``total``."""
    kept = {key: value for key, value in query.items() if key != "page" and value}
    sort, down = query.get("sort", ""), query.get("down") == "1"
    return Listing(columns, shown, total, page_asked(query, total), _pages(total), sort, down, path, kept)


def page_asked(query: Mapping[str, str], total: int) -> int:
    """The page that is asked for, the last where there are not so many."""
    asked = query.get("page", "1")
    return min(max(int(asked), 1), _pages(total)) if asked.isdecimal() and len(asked) < 9 else 1


def _pages(total: int) -> int:
    return max(1, -(-total // PAGE_ROWS))


def arranged(columns: Sequence[ListColumn], rows: Sequence[Row], query: Mapping[str, str]) -> Sequence[Row]:
    """The rows as ``query`` sorts them; blanks stand last either way."""
    key, down = query.get("sort", ""), query.get("down") == "1"
    if key not in {column.key for column in columns}:
        return rows
    said = [row for row in rows if row[key] not in (None, "")]
    blank = [row for row in rows if row[key] in (None, "")]
    numbers = all(isinstance(row[key], int | float) for row in said)
    said.sort(key=lambda row: _place(row[key], numbers=numbers), reverse=down)
    return [*said, *blank]


def _place(value: object, *, numbers: bool) -> tuple[float, str]:
    """Where a value stands in its column: by size where all are numbers, else by what people read."""
    return (value, "") if numbers and isinstance(value, int | float) else (0, cell(value))


def save_listing(path: Path, title: str, columns: Sequence[ListColumn], rows: Sequence[Row]) -> None:
    """All rows as a workbook, in the order shown. Raises FileFault."""
    values = [{one.key: _plain(row[one.key]) for one in columns} for row in rows]
    write_table(path, title, [WrittenColumn(one.key, one.heading, one.width) for one in columns], values)


def _plain(value: object) -> object:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else cell(value)
