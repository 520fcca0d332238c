"""A row of the ledger beside what the registry says of its agreement: the cells that differ, and what is wrong with them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yiyu.registry.agreements.ledger.columns import COLUMNS, SIDES, Use
from yiyu.registry.agreements.ledger.dates import (
    dates_given,
    note_after_end,
    note_dates,
    note_status,
    note_together,
    note_unsigned_seals,
)
from yiyu.registry.agreements.ledger.parties import Parties
from yiyu.registry.agreements.ledger.rows import ledger_values
from yiyu.registry.agreements.ledger.values import text_of
from yiyu.registry.agreements.ledger.workbook import count_in, date_in, exported_texts, text_in
from yiyu.registry.lifecycle import EVENT_LABEL, Event
from yiyu.registry.model import Severity
from yiyu.registry.rules.copies import balance
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.standings import AgreementStatus
from yiyu.registry.workbooks.merging import Merge, merge_cell
from yiyu.registry.workbooks.previews import line_key
from yiyu.registry.workbooks.rows import ReadRow
from yiyu.registry.workbooks.text import column_letter

TERMS = "terms"
"""Key in the data of an event that changed terms, under which their former values stand by field."""
_IDENTITY = ("variant", "starts_on")
"""What, besides the parties, makes an agreement another one under the same number."""
_ENDS = ("force", "ended_on")
_ROLE_OF = {side: role for role, side in SIDES.items()}
_OF_LEDGER = re.compile("台账(?:导入|登记)：([^；]+)(?:；.*)?|台账修改：.*（(.+)）", re.DOTALL)
"""Notes of events that came with a ledger, with the file and row."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that says otherwise than the registry; texts as the ledger shows them.

    ``exported`` is None in a row we did not write. ``taken``: which side of a conflict somebody chose, else "".
    ``set_by`` and ``set_at``: who or what set what the registry says, and when; "" where it says nothing.
    """

    sheet: str
    row: int
    column: str
    number: str
    field: str
    exported: str | None
    file: str
    registry: str
    taken: str = ""
    name: str = ""
    set_by: str = ""
    set_at: str = ""

    @property
    def key(self) -> str:
        """Tells it from any other, and changes with either value."""
        return line_key(self.number, self.field, self.registry, self.file)

    @property
    def conflict(self) -> bool:
        """The registry has moved on as well. In a row we did not write, whatever the registry knows has."""
        return merge_cell(self.exported or "", self.registry, self.file) is Merge.CONFLICT


class LedgerRow:
    """One row beside what the registry says."""

    def __init__(self, row: ReadRow, standing: AgreementStatus, events: Sequence[Event]) -> None:
        self.row, self.standing, self._events = row, standing, events
        self._then = exported_texts(row)
        self._now = {name: text_of(name, value) for name, value in ledger_values(standing, events).items()}
        known = standing.state.signed_on is not None and standing.state.signed_on == date_in(row, "signed_on")
        dates = dates_given(row, [party.role for party in standing.agreement.parties])
        self.dates = [one for one in dates if one.field != "signed_on" or not known]

    def note_other_agreement(self, parties: Parties) -> None:
        """Note a number that the registry gave to other parties, another variant or term."""
        one = self.standing.agreement
        sides = parties.of_row(self.row)
        other = not self.row.rejected and [s.id for s in sides] != [p.institution_id for p in one.parties]
        if other or any(text_in(self.row, name) not in ("", self._now[name]) for name in _IDENTITY):
            names = " — ".join(party.facts.name for party in one.parties)
            message = f"编号 {one.number} 在登记库中是另一份协议：{names}，{one.starts_on} 至 {one.ends_on}，请核对编号"
            self.row.note("number", Severity.ERROR, "number-duplicate", message)

    def note_fixed(self) -> None:
        """Note cells that were changed and may not be, and cells that were emptied."""
        for name in self.row.given & self._now.keys():
            text, use = text_in(self.row, name), COLUMNS[name].use
            if not self._differs(name, text):
                continue
            if not text:
                if self._then is not None:
                    message = f"“{COLUMNS[name].heading}”被清空；台账不清除已登记的内容，仍为“{self._now[name]}”"
                    self.row.note(name, Severity.WARNING, "blank-kept", message)
            elif name == "remark":
                self.row.note(name, Severity.WARNING, "not-taken", "备注的改动不写入登记库")
            elif name == "seam":
                self._note_seam()
            elif use in (Use.FIXED, Use.SHOWN):
                self._note_fixed(name, text)

    def changes(self) -> Iterator[CellChange]:
        """Cells that may say otherwise and do: terms as they stand, dates of signing and sealing by party."""
        cells = [(name, name, text_in(self.row, name)) for name in COLUMNS if COLUMNS[name].use is Use.TERMS]
        cells += [(f"{d.step}_{SIDES[d.role]}", d.field, text_of(d.field, d.on)) for d in self.dates]
        for name, at, text in cells:
            if text and self._differs(name, text):
                column = self.row.table.columns[at]
                exported = None if self._then is None else self._then.get(name, "")
                place = self.row.table.grid.sheet, self.row.row, column_letter(column)
                one, now = self.standing.agreement, self._now[name]
                set_by = self._set_by(name) if now else None
                yield CellChange(
                    *place,
                    one.number,
                    name,
                    exported,
                    text,
                    now,
                    name=one.childcare.facts.name,
                    set_by=_origin_text(set_by) if set_by else "",
                    set_at=set_by.recorded_at if set_by else "",
                )

    def _set_by(self, name: str) -> Event | None:
        """The event that set what the registry says: the step of that party, or the last that changed the term."""
        step, _, side = name.partition("_")
        dated = side in _ROLE_OF
        wrong = {event.corrects for event in self._events}
        fitting = (
            event
            for event in self._events
            if event.id not in wrong
            and (
                (event.kind, event.party) == (step, _ROLE_OF[side])
                if dated
                else event.kind == "drafted" and _speaks_of(event, name)
            )
        )
        return max(fitting, key=lambda event: event.id, default=None)

    def note_dates(self, office: OfficeSession, fields: set[str], *, judged: bool) -> None:
        """Note new dates that cannot be; if ``judged`` also a 签订日期 or 签字状态 that does not go with them."""
        one, row = self.standing.agreement, self.row
        new = [date for date in self.dates if f"{date.step}_{SIDES[date.role]}" in fields]
        drafted = min(event.on for event in self._events)
        note_dates(row, new, today=office.today, drafted_on=drafted, severity=Severity.WARNING)
        note_after_end(row, new, self.standing.ends_on)
        note_unsigned_seals(row, new, self.standing.state.signed)
        if not judged:
            return  # the row was overruled: its own summary need not hold
        signed = self.standing.state.signed | {date.role: date.on for date in new if date.step == "signed"}
        if self._differs("signed_on", text_in(row, "signed_on")):
            note_together(row, signed)
        if self._differs("signing", text_in(row, "signing")):
            note_status(row, signed, len(one.parties))

    def note_terms(self, changes: Sequence[CellChange]) -> None:
        """Note a change of terms that somebody has signed already, or that leaves too few originals."""
        state = self.standing.state
        for change in changes:
            heading = COLUMNS[change.field].heading
            if state.signed or state.sealed or state.ended:
                message = f"协议已有一方签字、盖章或已终止，“{heading}”不能再改；请签补充协议（agreement supplement）"
                self.row.note(change.field, Severity.ERROR, "signed-already", message)
            elif (
                change.field == "copies" and min(balance(count_in(self.row, "copies") or 0, self._events).values()) < 0
            ):
                message = f"原件已分送（{self._now['copies_at']}），份数不能减到 {change.file}"
                self.row.note(change.field, Severity.ERROR, "copies-out", message)
            elif state.issued:
                message = f"文书已生成，“{heading}”改后请重新生成（generate {change.number}）"
                self.row.note(change.field, Severity.WARNING, "reissue", message)

    def _differs(self, name: str, text: str) -> bool:
        """Whether the file says otherwise than the registry, and than we wrote."""
        return merge_cell((self._then or {}).get(name, ""), self._now[name], text).wanted

    def _note_fixed(self, name: str, text: str) -> None:
        computed = name == "force" and self.row.values.get(name) not in ("void", "terminated")
        if self._then is None and (COLUMNS[name].use is Use.SHOWN or computed or name in _PARTY_FIELDS):
            return
        remedy = "这一列只供查看" if COLUMNS[name].use is Use.SHOWN else "已定的内容变更请签补充协议，或作废后重新起草"
        remedy = "请用 agreement terminate 或 agreement void" if name in _ENDS else remedy
        message = (
            f"“{COLUMNS[name].heading}”不能通过台账修改（登记库中是“{self._now[name]}”，表中是“{text}”）；{remedy}"
        )
        self.row.note(name, Severity.ERROR, "not-editable", message)

    def _note_seam(self) -> None:
        fresh = any(d.step == "sealed" and not self._now[f"sealed_{SIDES[d.role]}"] for d in self.dates)
        if not fresh and (self.row.values["seam"] or self._now["seam"]):
            message = "骑缝章只能随盖章日期一起登记；漏登的请用 agreement correct 更正后重新登记"
            self.row.note("seam", Severity.ERROR, "not-editable", message)


def _speaks_of(event: Event, term: str) -> bool:
    """Whether a drafting or a change of terms set this one; a drafting that lists none set all."""
    data: Mapping[str, Any] = event.data
    return term in data.get(TERMS, (term,))


def _origin_text(event: Event) -> str:
    """The row of the ledger that an event came with, else what a person did."""
    source = _OF_LEDGER.fullmatch(event.note)
    return (source[1] or source[2]) if source else f"{EVENT_LABEL[event.kind]}（{event.actor}）"


_PARTY_FIELDS = frozenset({*SIDES.values(), *(f"{side}_code" for side in SIDES.values())})
"""In a ledger we did not write the parties are compared as institutions, not by their spelling."""
