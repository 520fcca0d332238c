"""The lines of a ledger's preview: the same fates as of every import (:mod:`yiyu.registry.workbooks.previews`)."""

from collections.abc import Iterator

from yiyu.registry.agreements.ledger.columns import COLUMNS
from yiyu.registry.agreements.ledger.importing import LedgerResult
from yiyu.registry.agreements.ledger.merging import CellChange
from yiyu.registry.workbooks.previews import Fate, PreviewLine, line_key
from yiyu.registry.workbooks.told_lines import told_lines


def ledger_lines(result: LedgerResult) -> Iterator[PreviewLine]:
    """What an import of a ledger does, did, or waits to be told; a conflict's row waits for ``--take``."""
    for one in result.conflicts:
        yield _cell(Fate.UNDOES_EDIT, one, taken=result.applied and one.taken == "file")
    for one in result.changes:
        if one not in result.conflicts:
            yield _cell(Fate.CHANGED, one, taken=result.applied)
    yield from told_lines(COLUMNS, result.problems, result.waiting, result.skipped, result.unread)
    for new in result.added:
        name = f"{new.medical} — {new.childcare}"
        yield PreviewLine(
            Fate.NEW, new.sheet, new.row, name=name, code=new.number, waits=not result.applied, taken=result.applied
        )


def _cell(fate: Fate, one: CellChange, *, taken: bool) -> PreviewLine:
    key = line_key(one.number, one.field, one.registry, one.file)
    return PreviewLine(
        fate,
        one.sheet,
        one.row,
        one.column,
        code=one.number,
        field=one.field,
        heading=COLUMNS[one.field].heading,
        old=one.registry,
        new=one.file,
        waits=True,
        taken=taken,
        together=line_key(one.number),
        key=key,
    )
