"""The lines of a register's preview: the same fates as of every import (:mod:`yiyu.registry.workbooks.previews`)."""

from collections.abc import Iterator

from yiyu.registry.activities.importing import Imported
from yiyu.registry.activities.register_columns import COLUMNS
from yiyu.registry.workbooks.previews import Fate, PreviewLine


def register_lines(result: Imported) -> Iterator[PreviewLine]:
    """What an import of a register did. It overwrites nothing, so nothing waits but rows that a reader does not see."""
    for problem in result.problems:
        heading = COLUMNS[problem.field].heading if problem.field in COLUMNS else ""
        place = problem.sheet, problem.row, problem.column
        yield PreviewLine(Fate.IN_DOUBT, *place, field=problem.field, heading=heading, note=problem.message)
    for left, fate in [
        *((one, Fate.HIDDEN) for one in result.waiting),
        *((one, Fate.SKIPPED) for one in result.skipped),
    ]:
        yield PreviewLine(fate, left.sheet, left.row, name=left.text, note=left.reason)
    yield from (PreviewLine(Fate.UNREAD, note=text) for text in result.unread)
    for one in result.added:
        yield PreviewLine(Fate.NEW, name="、".join(one.agreements), code=one.number, taken=True)
