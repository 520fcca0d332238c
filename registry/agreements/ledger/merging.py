"""A row of the ledger for an agreement the registry has: what changed, what may, and what changed on both sides.

Three values a cell: as exported, as in the file, as in the registry now. What only the file changed is a change; what
both changed otherwise is a conflict, and a row with one is left alone until somebody says which side holds. A ledger
that we did not write has no exported values: what it says where the registry has nothing is a change, what it says
otherwise a conflict, and its blanks say nothing. A row that only fills blanks is written at once; one that overwrites
anything waits as a whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from yiyu.registry.agreements.ledger.columns import COLUMNS, SIDES, Use
from yiyu.registry.agreements.ledger.comparing import TERMS, CellChange, LedgerRow
from yiyu.registry.agreements.ledger.dates import seal_data
from yiyu.registry.agreements.ledger.parties import Parties
from yiyu.registry.agreements.ledger.previewing import row_lines
from yiyu.registry.agreements.ledger.workbook import exported_texts
from yiyu.registry.agreements.steps import write_step
from yiyu.registry.errors import StepNotAllowed
from yiyu.registry.model import Severity
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import change_terms
from yiyu.registry.store.events import add_event, events_of
from yiyu.registry.store.opening import trying
from yiyu.registry.store.standings import AgreementStatus
from yiyu.registry.workbooks.previews import Leave, PreviewLine, grouped
from yiyu.registry.workbooks.rows import ReadRow

Take = Literal["file", "registry"]


@dataclass(frozen=True, slots=True)
class MergedRow:
    """What a row asks for (``changes``, conflicts decided for the file among them), its conflicts, and its lines.

    ``written``: it asked for something and that was allowed; else it waits.
    """

    changes: tuple[CellChange, ...] = ()
    conflicts: tuple[CellChange, ...] = ()
    lines: tuple[PreviewLine, ...] = ()
    written: bool = False


class Merging:
    """Merges rows one after another; call inside ``changing``. ``take`` decides conflicts, ``leave`` what is written.

    ``import_id``: the import they are events of, None while it is only tried.
    """

    def __init__(
        self,
        office: OfficeSession,
        file: str,
        parties: Parties,
        take: Take | None,
        leave: Leave,
        import_id: int | None,
    ) -> None:
        self._office, self._file, self._parties = office, file, parties
        self._take, self._leave, self._import = take, leave, import_id

    def merge(self, row: ReadRow, standing: AgreementStatus) -> MergedRow:
        """Write what may be written. Faults are noted on the row, also those of what is not allowed to be written."""
        merged = LedgerRow(row, standing, events_of(self._office.db, standing.agreement.id))
        if exported_texts(row) is None:
            merged.note_other_agreement(self._parties)
            if row.rejected:
                return MergedRow()
        merged.note_fixed()
        changes = list(merged.changes())
        lines = row_lines(changes, self._take)
        conflicts = tuple(replace(one, taken=self._take or "") for one in changes if one.conflict)
        if conflicts and self._take is None:
            return MergedRow((), conflicts, lines)
        wanted = [one for one in changes if self._take == "file" or not one.conflict]
        allowed = all(self._leave.allows(group) for group in grouped(lines).values())
        given_up = {one.field for one in changes} - {one.field for one in wanted}
        merged.note_dates(self._office, {one.field for one in wanted}, judged=not given_up)
        merged.note_terms([one for one in wanted if COLUMNS[one.field].use is Use.TERMS])
        if wanted and not row.rejected:
            with trying(self._office.db, keep=allowed):
                self._write(merged, wanted)
        if row.rejected:
            return MergedRow((), conflicts)
        lines = tuple(replace(line, taken=allowed and line.field in {one.field for one in wanted}) for line in lines)
        return MergedRow(tuple(wanted), conflicts, lines, bool(wanted) and allowed)

    def _write(self, merged: "LedgerRow", changes: Sequence[CellChange]) -> None:
        office, row, one, blamed = self._office, merged.row, merged.standing.agreement, ""
        where = f"{self._file} {row.table.grid.sheet}第{row.row}行"
        terms = [change for change in changes if COLUMNS[change.field].use is Use.TERMS]
        dated = {change.field for change in changes} & {f"{d.step}_{SIDES[d.role]}" for d in merged.dates}
        try:
            with office.db.atomic():
                if terms:
                    was = {change.field: getattr(one, change.field) for change in terms}
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
                        data={TERMS: was},
                        import_id=self._import,
                    )
                for date in merged.dates:
                    if f"{date.step}_{SIDES[date.role]}" in dated:
                        blamed = date.field
                        data = seal_data(row) if date.step == "sealed" else None
                        note = f"台账登记：{where}"
                        key = self._import
                        write_step(
                            office,
                            one,
                            date.step,
                            on=date.on,
                            party=date.role,
                            note=note,
                            data=data,
                            force=note,
                            import_id=key,
                        )
        except StepNotAllowed as error:
            row.note(blamed, Severity.ERROR, error.code, f"{error.what}；{error.remedy}")
