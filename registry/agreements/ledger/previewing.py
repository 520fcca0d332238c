"""The lines of a ledger's preview: the same fates as of every import (:mod:`yiyu.registry.workbooks.previews`)."""

from collections.abc import Sequence

from yiyu.registry.agreements.ledger.columns import COLUMNS
from yiyu.registry.agreements.ledger.comparing import CellChange
from yiyu.registry.workbooks.previews import Fate, PreviewLine, line_key


def row_lines(changes: Sequence[CellChange], take: str | None) -> tuple[PreviewLine, ...]:
    """The lines of one row, decided as one; none waits where all only fill blanks.

    ``take``: the side that was chosen for what both changed; what was decided for the registry waits no more.
    """
    fates = [_fate(one) for one in changes]
    waits = any(fate is not Fate.FILLED for fate in fates)
    return tuple(
        _line(fate, one, waits=waits and not (one.conflict and take == "registry"))
        for fate, one in zip(fates, changes, strict=True)
    )


def _fate(one: CellChange) -> Fate:
    if one.conflict:
        return Fate.UNDOES_EDIT
    return Fate.CHANGED if one.registry else Fate.FILLED


def _line(fate: Fate, one: CellChange, *, waits: bool) -> PreviewLine:
    return PreviewLine(
        fate,
        one.sheet,
        one.row,
        one.column,
        name=one.name,
        code=one.number,
        field=one.field,
        heading=COLUMNS[one.field].heading,
        old=one.registry,
        new=one.file,
        set_by=one.set_by,
        set_at=one.set_at,
        waits=waits,
        together=line_key(one.number),
        key=one.key,
    )
