"""A row of the ledger that the registry does not have: an agreement made before the tool came, or elsewhere."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from yiyu.registry.agreements.drafting import DraftRequest, Seats, new_agreement, number_for
from yiyu.registry.agreements.ledger.columns import COLUMNS
from yiyu.registry.agreements.ledger.dates import (
    dates_given,
    note_after_end,
    note_dates,
    note_future,
    note_seam,
    note_status,
    note_together,
    note_unsigned_seals,
    seal_data,
)
from yiyu.registry.agreements.ledger.parties import Parties
from yiyu.registry.agreements.ledger.rows import REMARK
from yiyu.registry.agreements.ledger.terms import as_agreed, term_of, variant_of
from yiyu.registry.agreements.ledger.workbook import date_in, exported_texts, text_in
from yiyu.registry.agreements.steps import write_step
from yiyu.registry.errors import StepNotAllowed
from yiyu.registry.model import Agreement, Severity, Variant
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import add_agreement, number_place
from yiyu.registry.store.events import add_event
from yiyu.registry.store.standings import AgreementStatus
from yiyu.registry.workbooks.rows import ReadRow

_PRINTED = {"awaiting": "issued", "review": "submitted"}
"""The step that leaves an unsigned agreement in that 签字状态."""
_NOT_CARRIED = {"extended_to": "", "filing": "未收"}
"""Columns of our own ledger that only events can fill, with what stands there when nothing happened."""


@dataclass(frozen=True, slots=True)
class _EventToWrite:
    """An event to write, and the field to blame where it cannot be."""

    kind: str
    field: str
    on: dt.date
    party: str = ""
    data: Mapping[str, object] | None = None


class Adding:
    """Adds rows one after another; call inside ``changing``. ``standings``: what the registry has.

    ``import_id``: the import they are events of, None while it is only tried.
    """

    def __init__(
        self,
        office: OfficeSession,
        file: str,
        parties: Parties,
        standings: Iterable[AgreementStatus],
        import_id: int | None,
    ) -> None:
        self._office, self._file, self._pack, self._parties = office, file, office.pack, parties
        self._import = import_id
        self._by_number: dict[str, Agreement] = {}
        self._exported: set[str] = set()
        self._seats: Seats = {}
        for standing in standings:
            self._keep(standing.agreement, ended=standing.state.ended)

    def add(self, row: ReadRow) -> Agreement | None:
        """Write the agreement of a row with its events; None, with the faults noted on the row, when it cannot be.

        A row without a number that says what the registry has already gives that agreement.
        """
        sides = self._parties.of_row(row)
        term = term_of(row, self._office.workspace.config.end_custom)
        variant = variant_of(row, sides)
        if row.rejected or term is None or variant is None:
            return None
        medical, childcare, *others = sides
        starts_on, ends_on, months = term
        request = DraftRequest(
            medical,
            childcare,
            variant,
            starts_on,
            months,
            renews=text_in(row, "renews"),
            third=others[0] if others else None,
        )
        new = as_agreed(row, new_agreement(self._office, self._pack, request, ends_on))
        same = self._same(row, new)
        if same is not None:
            return same
        self._note_conflicts(row, new)
        steps = self._steps(row, new)
        return None if row.rejected else self._write(row, request, new, steps)

    def _same(self, row: ReadRow, new: Agreement) -> Agreement | None:
        if text_in(row, "number"):
            return None
        terms = self._seats.get(_seat(new), ())
        return next((a for a in terms if (a.starts_on, a.ends_on) == (new.starts_on, new.ends_on)), None)

    def _note_conflicts(self, row: ReadRow, new: Agreement) -> None:
        """Note a term that another of the same pair and variant covers, and a 续签自 that leads nowhere.

        Two that overlap in the registry that wrote the ledger may do so in this one.
        """
        exported = exported_texts(row) is not None
        for other in () if row.values.get("force") in ("void", "terminated") else self._seats.get(_seat(new), ()):
            if other.starts_on <= new.ends_on and new.starts_on <= other.ends_on:
                message = f"双方已有同类型协议 {other.number}（{other.starts_on} 至 {other.ends_on}），期限重叠"
                message += "；若其中一份已作废或解除，请在“效力”列写明"
                known = exported and other.number in self._exported
                row.note("starts_on", Severity.WARNING if known else Severity.ERROR, "overlap", message)
        old = self._by_number.get(new.renews)
        if new.renews and (old is None or _seat(old)[:2] != _seat(new)[:2] or old.starts_on >= new.starts_on):
            message = f"“续签自”的 {new.renews} 不是登记库中同一对机构更早的协议，请核对，或先导入那一份"
            row.note("renews", Severity.ERROR, "renews-unknown", message)

    def _steps(self, row: ReadRow, new: Agreement) -> list[_EventToWrite]:
        """All events of the agreement, 起草 first: on its own date, else the day of the first thing known of it."""
        roles = [party.role for party in new.parties]
        today, drafted, remark = self._office.today, date_in(row, "drafted_on"), text_in(row, "remark")
        dates = dates_given(row, roles)
        note_dates(row, dates, today=today, drafted_on=drafted, severity=Severity.ERROR)
        note_after_end(row, dates, new.ends_on)
        signed = {one.role: one.on for one in dates if one.step == "signed"}
        note_together(row, signed)
        note_status(row, signed, len(roles))
        note_seam(row, dates)
        note_unsigned_seals(row, dates, {})
        first = drafted or min(today, *([one.on for one in dates] or [new.starts_on]))
        steps = [_EventToWrite("drafted", "drafted_on", first, data={REMARK: remark} if remark else None)]
        if step := _PRINTED.get(str(row.values.get("signing"))):
            steps.append(_EventToWrite(step, "signing", first))
        steps += [
            _EventToWrite(d.step, d.field, d.on, d.role, seal_data(row) if d.step == "sealed" else None) for d in dates
        ]
        for name in ("drafted_on", "ended_on"):
            note_future(row, name, date_in(row, name), today)
        return [*steps, *self._end(row, first)]

    def _end(self, row: ReadRow, first: dt.date) -> Iterator[_EventToWrite]:
        """作废 or 解除; the day of a 作废 that nobody noted is that of the draft."""
        kind = {"void": "voided", "terminated": "terminated"}.get(str(row.values.get("force")))
        on = date_in(row, "ended_on")
        if kind == "terminated" and on is None:
            row.note("ended_on", Severity.ERROR, "date-missing", "协议已解除，但没有解除日期，请补填")
        elif on is not None and kind is None:
            message = "填了解除（作废）日期，请在“效力”列写明“已解除”或“作废”"
            row.note("force", Severity.ERROR, "force-missing", message)
        elif on is not None and on < first:
            row.note("ended_on", Severity.ERROR, "date-order", f"解除（作废）日期 {on} 早于 {first}，请核对")
        if kind:
            yield _EventToWrite(kind, "force", on or first)

    def _write(
        self, row: ReadRow, request: DraftRequest, new: Agreement, steps: Sequence[_EventToWrite]
    ) -> Agreement | None:
        office, number, blamed = self._office, text_in(row, "number"), ""
        note = f"台账导入：{self._file} {row.table.grid.sheet}第{row.row}行"
        try:
            with office.db.atomic():
                if number:
                    series, serial = number_place(office.workspace.config.number_pattern, number)
                else:
                    number, series, serial = number_for(office, request)
                new = replace(new, number=number)
                new = replace(new, id=add_agreement(office.db, new, series=series, serial=serial))
                drafted, *others = steps
                add_event(
                    office.db,
                    new.id,
                    drafted.kind,
                    on=drafted.on,
                    recorded_at=office.now,
                    actor=office.actor,
                    note=note,
                    data=drafted.data,
                    import_id=self._import,
                )
                for step in others:
                    blamed = step.field
                    write_step(
                        office,
                        new,
                        step.kind,
                        on=step.on,
                        party=step.party,
                        note=note,
                        data=step.data,
                        import_id=self._import,
                        force=note,
                    )
        except StepNotAllowed as error:
            row.note(blamed, Severity.ERROR, error.code, error.what)
            return None
        self._keep(new, ended=row.values.get("force") in ("void", "terminated"))
        if exported_texts(row) is not None:
            self._exported.add(new.number)
            _note_left_behind(row)
        return new

    def _keep(self, one: Agreement, *, ended: bool) -> None:
        self._by_number[one.number] = one
        if not ended:
            self._seats.setdefault(_seat(one), []).append(one)


def _seat(one: Agreement) -> tuple[int, int, Variant]:
    return one.medical.institution_id, one.childcare.institution_id, one.variant


def _note_left_behind(row: ReadRow) -> None:
    for name, nothing in _NOT_CARRIED.items():
        if text_in(row, name) not in ("", nothing):
            row.note(name, Severity.WARNING, "not-taken", f"“{COLUMNS[name].heading}”不能由台账带入，请另行登记")
