"""What every import tells beside what it writes, as lines of its preview: cells in doubt, rows and columns left out."""

from collections.abc import Iterable, Iterator, Mapping

from yiyu.registry.model import Problem
from yiyu.registry.workbooks.columns import Column
from yiyu.registry.workbooks.previews import Fate, PreviewLine
from yiyu.registry.workbooks.records import LeftRow

NO_NAMES: Mapping[tuple[str, int], str] = {}


def told_lines(
    columns: Mapping[str, Column],
    problems: Iterable[Problem],
    waiting: Iterable[LeftRow],
    skipped: Iterable[LeftRow],
    unread: Iterable[str],
    names: Mapping[tuple[str, int], str] = NO_NAMES,
) -> Iterator[PreviewLine]:
    """The lines of one file: ``problems`` by cell, rows that a reader does not see, rows that are no record, the rest.

    ``columns``: of the subject, by field; ``names``: what a row speaks of, by sheet and row as Excel counts.
    """
    for one in problems:
        name = names.get((one.sheet, one.row), "")
        heading = columns[one.field].heading if one.field in columns else ""
        place = one.sheet, one.row, one.column
        yield PreviewLine(Fate.IN_DOUBT, *place, name=name, field=one.field, heading=heading, note=one.message)
    for fate, rows in ((Fate.HIDDEN, waiting), (Fate.SKIPPED, skipped)):
        for left in rows:
            yield PreviewLine(fate, left.sheet, left.row, name=left.text, note=left.reason)
    yield from (PreviewLine(Fate.UNREAD, note=text) for text in unread)
