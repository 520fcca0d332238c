"""The lines of a register's preview: the same fates as of every import (:mod:`yiyu.registry.workbooks.previews`)."""

from collections.abc import Iterator

from yiyu.registry.activities.importing import Imported
from yiyu.registry.activities.register_columns import COLUMNS
from yiyu.registry.workbooks.previews import Fate, PreviewLine
from yiyu.registry.workbooks.told_lines import told_lines


def register_lines(result: Imported) -> Iterator[PreviewLine]:
    """What an import of a register did. It overwrites nothing, so nothing waits but rows that a reader does not see."""
    yield from told_lines(COLUMNS, result.problems, result.waiting, result.skipped, result.unread)
    for one in result.added:
        yield PreviewLine(Fate.NEW, name="、".join(one.agreements), code=one.number, taken=True)
