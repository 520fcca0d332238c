"""Duties that need not be done in a period, with the reason."""

from yiyu.registry.duties.listing import duty_rows, period_named
from yiyu.registry.errors import BadInput, NotFound, StepNotAllowed
from yiyu.registry.institutions.lookup import did_you_mean, numbers_to_ids
from yiyu.registry.model import CHILDCARE_ROLE
from yiyu.registry.rules.duties import DutyRow
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.duties import add_waiver, party_ids
from yiyu.registry.store.opening import changing


def waive(office: OfficeSession, number: str, *, duty: str, period: str, reason: str, dry_run: bool = False) -> DutyRow:
    """Record that a duty is not asked for in a period; gives the row as it stood before.

    What an institution owes by itself is waived through any of its agreements. Raises NotFound for an unknown agreement,
    duty, or a period in which it is not owed; BadInput for a period in another writing or no reason; StepNotAllowed where
    it is done, waived or exempt already.
    """
    if not reason.strip():
        raise BadInput("没有写免除的理由", where=number, remedy="请用 --reason 写明，例如 放假停托")
    wanted = period_named(period)
    with changing(office.db, dry_run=dry_run):
        key = numbers_to_ids(office, [number])[number]
        row = _row(office, key, number, duty, wanted.text)
        if row.state in ("done", "late", "waived", "exempt"):
            raise StepNotAllowed(
                f"{wanted.text} 的“{row.title}”不需要免除：{row.reason}", where=number, remedy="请用 duty list 核对"
            )
        add_waiver(office.db, key, row.duty, row.period, reason.strip(), recorded_at=office.now, actor=office.actor)
    return row


def _row(office: OfficeSession, key: int, number: str, duty: str, period: str) -> DutyRow:
    """The row of a duty, given by its code or its title."""
    childcare, year = party_ids(office.db, [key])[key][CHILDCARE_ROLE], period_named(period).year
    rows = duty_rows(office, year=year, numbers=[number])
    if not any(duty in (row.duty, row.title) for row in rows):
        rows += [row for row in duty_rows(office, year=year) if not row.number and row.institution_id == childcare]
    meant = [row for row in rows if duty in (row.duty, row.title)]
    if found := next((row for row in meant if row.period == period), None):
        return found
    if meant:
        known = "、".join(row.period for row in meant)
        raise NotFound(f"{period} 没有“{meant[0].title}”这一项", where=number, remedy=f"这项的时段有：{known}")
    titles = sorted({row.title for row in rows})
    near = [title for title in titles if duty in title]
    names = sorted({row.duty for row in rows}) if duty.isascii() else titles
    hint = f"您是不是要找：{'、'.join(near)}" if near else did_you_mean(duty, names)
    known = f"可写的有：{'、'.join(titles)}" if titles else "请用 duty list 查看"
    raise NotFound(f"没有事项“{duty}”", where=number, remedy=hint or known)
