"""Questions over many agreements at once. Every state is asked for a day, never stored."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from yiyu.registry.lifecycle import AgreementState, replay
from yiyu.registry.model import Agreement, Kind
from yiyu.registry.rules.copies import notice_by
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.duties.spans import Span
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.events import events_by_agreement
from yiyu.registry.store.opening import within
from yiyu.registry.store.sides import InstitutionBrief, side_rows

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AgreementStatus:
    """One agreement and where it stands on a day.

    ``renewed_by``: the number of the next one, once all its parties have signed, else "". Until then ``renewal_draft``.
    """

    agreement: Agreement
    state: AgreementState
    force: str
    days_left: int
    renewed_by: str
    flags: tuple[str, ...] = ()
    """``unfiled`` or ``closed``: what became of the childcare side by that day (domain.md#trap-unfiled)."""
    renewal_draft: str = ""
    renewed_from: dt.date | None = None
    """First day in force of the one that renews it."""
    renewed_on: dt.date | None = None
    """The day on which all had signed that one."""

    @property
    def ends_on(self) -> dt.date:
        """The end that holds: as printed, or as extended or supplemented since."""
        return self.state.extended_to or self.agreement.ends_on

    @property
    def unsigned(self) -> bool:
        """Not signed by all parties, drafts included, void and terminated left out (design.md#meanings)."""
        return self.state.signing != "signed" and not self.state.ended

    @property
    def in_force(self) -> bool:
        """Signed by all, begun, not over on the day (domain.md#term-end)."""
        return self.force == "in_force"

    @property
    def span(self) -> Span | None:
        """First and last day in force, as known on the day; None where it never is.

        From 生效日期, but not before all had signed, to the end or the day before it was terminated (domain.md#term-end).
        """
        if self.state.signed_on is None or self.state.voided_on is not None:
            return None
        since, ends = max(self.agreement.starts_on, self.state.signed_on), self.ends_on
        if self.state.terminated_on is not None:
            ends = min(ends, self.state.terminated_on - _DAY)
        return (since, ends) if since <= ends else None

    @property
    def uncovered(self) -> int:
        """Days between its end and the first day in force of the one that renews it."""
        return 0 if self.renewed_from is None else max(0, (self.renewed_from - self.ends_on).days - 1)

    @property
    def renewal(self) -> str:
        """What became of its renewal, in words; "" where nothing did."""
        if self.renewed_by:
            return f"已由 {self.renewed_by} 续签" + (f"，中断 {self.uncovered} 天" if self.uncovered else "")
        return f"已起草续签 {self.renewal_draft}，未签" if self.renewal_draft else ""

    def expiring(self, days: int) -> bool:
        """In force, ends within ``days``, not renewed (design.md#meanings)."""
        return self.in_force and self.days_left <= days and not self.renewed_by

    @property
    def live(self) -> bool:
        """Signed or still to be signed, and not over: what keeps a pair from needing another."""
        return not self.state.ended and self.force not in ("expired", "renewed")

    def as_json(self) -> dict[str, object]:
        """The keys other programs rely on (design.md#command-line)."""
        one = self.agreement
        return {
            "number": one.number,
            "variant": str(one.variant),
            "pack": one.pack,
            "district": district_name(one.district),
            "district_code": one.district,
            "parties": [{"role": p.role, "name": p.facts.name, "code": p.facts.code} for p in one.parties],
            "starts_on": str(one.starts_on),
            "ends_on": str(self.ends_on),
            "signing": self.state.signing,
            "sealing": self.state.sealing,
            "filing": self.state.filing,
            "force": self.force,
            "days_left": self.days_left,
            "notice_by": str(notice_by(self.ends_on, one.notice_days)),
            "renewed_by": self.renewed_by or None,
            "renewal_draft": self.renewal_draft or None,
            "flags": list(self.flags),
        }


def standings(
    db: Database, day: dt.date, ids: Collection[int] | None = None, known: Mapping[int, InstitutionBrief] | None = None
) -> list[AgreementStatus]:
    """Every agreement (or those of ``ids``) that existed on ``day``, by number, as it stood at the end of that day.

    ``known``: the institutions as of that day, where they are at hand.
    """
    followers = _followers(db, ids)
    read = None if ids is None else [*ids, *(key for _, key in followers)]
    states: dict[int, AgreementState] = {}
    found: list[Agreement] = []
    events = events_by_agreement(db, read)
    for agreement in load_agreements(db, read, items=False):
        state = replay(events.get(agreement.id, ()), [p.role for p in agreement.parties], day)
        if state.exists:
            states[agreement.id] = state
            found.append(agreement)
    read_too = {one.id: one for one in found}
    renewed = {
        old: (read_too[new], states[new])
        for old, new in sorted(followers, key=lambda pair: _signed(states.get(pair[1])))
        if new in states and states[new].voided_on is None
    }
    found = [one for one in found if ids is None or one.id in ids]
    if known is None:
        known = side_rows(db, day, {party.institution_id for one in found for party in one.parties})
    flags = {key: _flags(one, day) for key, one in known.items() if one.kind is Kind.CHILDCARE and not one.merged}
    return [_standing(one, states[one.id], renewed.get(one.id), flags, day) for one in found]


def _signed(state: AgreementState | None) -> bool:
    return state is not None and state.signing == "signed"


def _followers(db: Database, ids: Collection[int] | None) -> list[tuple[int, int]]:
    """Id of an agreement and of the one that renews it."""
    condition, values = within("renews_id", ids)
    query = f"SELECT renews_id, id FROM agreements WHERE renews_id IS NOT NULL AND {condition} ORDER BY id"  # noqa: S608 - our own text
    return [(row[0], row[1]) for row in db.execute(query, values)]


def perhaps_unsigned(db: Database, day: dt.date) -> set[int]:
    """Ids among which all unsigned ones of ``day`` are: a party without a signature, or a correction somewhere."""
    query = """
        SELECT agreement_id FROM (
            SELECT agreement_id, role FROM parties
            EXCEPT SELECT agreement_id, party FROM events WHERE kind = 'signed' AND on_date <= ?)
        UNION SELECT agreement_id FROM events WHERE kind = 'corrected'
    """
    return {row[0] for row in db.execute(query, [str(day)])}


def perhaps_ending(db: Database, first: dt.date, last: dt.date) -> set[int]:
    """Ids among which all are that end between the two days: by the paper, or by an extension or supplement."""
    query = """
        SELECT id FROM agreements WHERE ends_on BETWEEN ? AND ?
        UNION SELECT agreement_id FROM events WHERE kind IN ('extended', 'supplemented')
    """
    return {row[0] for row in db.execute(query, [str(first), str(last)])}


def _standing(
    one: Agreement,
    state: AgreementState,
    follower: tuple[Agreement, AgreementState] | None,
    flags: dict[int, tuple[str, ...]],
    day: dt.date,
) -> AgreementStatus:
    next_one, next_signed_on = (follower[0], follower[1].signed_on) if follower else (None, None)
    renewed = next_one is not None and next_signed_on is not None
    force = state.force(one.starts_on, one.ends_on, day, renewed=renewed)
    days_left = ((state.extended_to or one.ends_on) - day).days
    raised = tuple(flag for party in one.parties for flag in flags.get(party.institution_id, ()))
    number = "" if next_one is None else next_one.number
    if next_one is None or next_signed_on is None:
        return AgreementStatus(one, state, force, days_left, "", raised, number)
    begins = max(next_one.starts_on, next_signed_on)
    return AgreementStatus(one, state, force, days_left, number, raised, "", begins, next_signed_on)


def _flags(one: InstitutionBrief, day: dt.date) -> tuple[str, ...]:
    return ("unfiled",) * (not one.filed) + ("closed",) * (not one.open_on(day))
