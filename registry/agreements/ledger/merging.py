"""A row of the ledger for an agreement the registry has: what changed, what may, and what changed on both sides.

Three values a cell: as exported, as in the file, as in the registry now. What only the file changed is a change; what
both changed otherwise is a conflict, and a row with one is left alone until somebody says which side holds. A ledger
that we did not write has no exported values: what it says where the registry has nothing is a change, what it says
otherwise a conflict, and its blanks say nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from yiyu.registry.agreements.ledger.columns import COLUMNS, SIDES, Use
from yiyu.registry.agreements.ledger.dates import (
    dates_given,
    note_after_end,
    note_dates,
    note_status,
    note_together,
    note_unsigned_seals,
    seal_data,
)
from yiyu.registry.agreements.ledger.parties import Parties
from yiyu.registry.agreements.ledger.rows import ledger_values
from yiyu.registry.agreements.ledger.values import text_of
from yiyu.registry.agreements.ledger.workbook import count_in, date_in, exported_texts, text_in
from yiyu.registry.agreements.steps import write_step
from yiyu.registry.errors import StepNotAllowed
from yiyu.registry.lifecycle import Event
from yiyu.registry.model import Severity
from yiyu.registry.rules.copies import balance
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import change_terms
from yiyu.registry.store.events import add_event, events_of
from yiyu.registry.store.standings import AgreementStatus
from yiyu.registry.workbooks.merging import Merge, merge_cell
from yiyu.registry.workbooks.rows import ReadRow
from yiyu.registry.workbooks.text import column_letter

Take = Literal["file", "registry"]

_IDENTITY = ("variant", "starts_on")
"""What, besides the parties, makes an agreement another one under the same number."""
_ENDS = ("force", "ended_on")


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that says otherwise than the registry; texts as the ledger shows them.

    ``exported`` is None in a row we did not write. ``taken``: which side of a conflict somebody chose, else "".
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

    @property
    def conflict(self) -> bool:
        """The registry has moved on as well. In a row we did not write, whatever the registry knows has."""
        return merge_cell(self.exported or "", self.registry, self.file) is Merge.CONFLICT


class Merging:
    """Merges rows one after another; call inside ``changing``. ``take`` decides conflicts."""

    def __init__(self, office: OfficeSession, file: str, parties: Parties, take: Take | None) -> None:
        self._office, self._file, self._parties, self._take = office, file, parties, take

    def merge(self, row: ReadRow, standing: AgreementStatus) -> tuple[list[CellChange], list[CellChange]]:
        """Write what may be written; gives the changes written and the conflicts. Faults are noted on the row."""
        merged = _LedgerRow(row, standing, events_of(self._office.db, standing.agreement.id))
        if exported_texts(row) is None:
            merged.note_other_agreement(self._parties)
            if row.rejected:
                return [], []
        merged.note_fixed()
        changes = list(merged.changes())
        conflicts = [replace(one, taken=self._take or "") for one in changes if one.conflict]
        if conflicts and self._take is None:
            return [], conflicts
        wanted = [one for one in changes if self._take == "file" or not one.conflict]
        given_up = {one.field for one in changes} - {one.field for one in wanted}
        merged.note_dates(self._office, {one.field for one in wanted}, judged=not given_up)
        merged.note_terms([one for one in wanted if COLUMNS[one.field].use is Use.TERMS])
        if not row.rejected:
            self._write(merged, wanted)
        return [] if row.rejected else wanted, conflicts

    def _write(self, merged: "_LedgerRow", changes: Sequence[CellChange]) -> None:
        office, row, one, blamed = self._office, merged.row, merged.standing.agreement, ""
        where = f"{self._file} {row.table.grid.sheet}第{row.row}行"
        terms = [change for change in changes if COLUMNS[change.field].use is Use.TERMS]
        dated = {change.field for change in changes} & {f"{d.step}_{SIDES[d.role]}" for d in merged.dates}
        try:
            with office.db.atomic():
                if terms:
                    change_terms(office.db, one.id, {change.field: row.values[change.field] for change in terms})
                    what = "，".join(f"{COLUMNS[c.field].heading} {c.registry} 改为 {c.file}" for c in terms)
                    note = f"台账修改：{what}（{where}）"
                    add_event(
                        office.db,
                        one.id,
                        "drafted",
                        on=office.today,
                        recorded_at=office.now,
                        actor=office.actor,
                        note=note,
                    )
                for date in merged.dates:
                    if f"{date.step}_{SIDES[date.role]}" in dated:
                        blamed = date.field
                        data = seal_data(row) if date.step == "sealed" else None
                        note = f"台账登记：{where}"
                        write_step(
                            office, one, date.step, on=date.on, party=date.role, note=note, data=data, force=note
                        )
        except StepNotAllowed as error:
            row.note(blamed, Severity.ERROR, error.code, f"{error.what}；{error.remedy}")


class _LedgerRow:
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
                yield CellChange(
                    self.row.table.grid.sheet,
                    self.row.row,
                    column_letter(column),
                    self.standing.agreement.number,
                    name,
                    exported,
                    text,
                    self._now[name],
                )

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


_PARTY_FIELDS = frozenset({*SIDES.values(), *(f"{side}_code" for side in SIDES.values())})
"""In a ledger we did not write the parties are compared as institutions, not by their spelling."""
