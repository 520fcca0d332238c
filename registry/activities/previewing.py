"""The lines of a register's preview: the same fates as of every import (:mod:`yiyu.registry.workbooks.previews`)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from yiyu.registry.activities.correcting import HEADINGS, edited, kept_as, text
from yiyu.registry.lifecycle import Event
from yiyu.registry.rules.activities import Activity
from yiyu.registry.workbooks.previews import Fate, PreviewLine, line_key
from yiyu.registry.workbooks.rows import ReadRow
from yiyu.registry.workbooks.text import column_letter

OF_REGISTER = "登记册更正："
"""How the note of an event begins, after the number, that came with a register."""
_BLANK: tuple[object, ...] = ("", None, (), {})


def correction_lines(
    row: ReadRow, known: Activity, new: Mapping[str, Any], events: Sequence[Event]
) -> tuple[PreviewLine, ...]:
    """A line for each attribute a row says otherwise. ``events``: the activity's earlier corrections, oldest first."""
    return tuple(_line(row, known, name, value, events) for name, value in new.items())


def new_line(row: ReadRow, one: Activity) -> PreviewLine:
    """The line of an activity that is recorded."""
    place = row.table.grid.sheet, row.row
    return PreviewLine(Fate.NEW, *place, name="、".join(one.agreements), code=one.number, taken=True)


def _line(row: ReadRow, known: Activity, name: str, value: Any, events: Sequence[Event]) -> PreviewLine:  # noqa: ANN401 - of Activity's attributes
    old = getattr(known, name)
    column = row.table.columns.get(name)
    place, said = kept_as(name, replace(known, **{name: value}))
    earlier = [event for event in events if place in edited(event)]
    former = [edited(event)[place][0] for event in earlier]
    by_hand = earlier[-1].note.find(OF_REGISTER) < 0 if earlier else not known.source
    if old in _BLANK and not former:
        fate = Fate.FILLED
    else:
        fate = Fate.UNDOES_EDIT if by_hand or said in former else Fate.CHANGED
    last = earlier[-1] if earlier else None
    set_by = f"{last.note}（{last.actor}）" if last else known.source or f"手工登记（{known.actor}）"
    key = line_key(known.number, name, text(name, old), text(name, value))
    return PreviewLine(
        fate,
        row.table.grid.sheet,
        row.row,
        "" if column is None else column_letter(column),
        name="、".join(known.agreements),
        code=known.number,
        field=name,
        heading=HEADINGS[name],
        old=text(name, old),
        new=text(name, value),
        set_by="" if old in _BLANK else set_by,
        set_at="" if old in _BLANK else last.recorded_at if last else known.recorded_at,
        waits=fate is not Fate.FILLED,
        together=key,
        key=key,
    )
