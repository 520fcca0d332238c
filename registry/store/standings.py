"""Questions over many agreements at once. Every state is asked for a day, never stored."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from yiyu.registry.lifecycle import AgreementState, replay
from yiyu.registry.model import Agreement, Kind
from yiyu.registry.rules.copies import notice_by
from yiyu.registry.rules.districts import district_name
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.events import events_by_agreement
from yiyu.registry.store.opening import within
from yiyu.registry.store.sides import InstitutionBrief, side_rows


@dataclass(frozen=True, slots=True)
class AgreementStatus:
    """One agreement and where it stands on a day. ``renewed_by`` is the number of the next one, or ""."""

    agreement: Agreement
    state: AgreementState
    force: str
    days_left: int
    renewed_by: str
    flags: tuple[str, ...] = ()
    """``unfiled`` or ``closed``: what became of the childcare side by that day (domain.md#trap-unfiled)."""

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
    numbers = {one.id: one.number for one in found}
    renewed = {old: numbers[new] for old, new in followers if new in states and states[new].voided_on is None}
    found = [one for one in found if ids is None or one.id in ids]
    if known is None:
        known = side_rows(db, day, {party.institution_id for one in found for party in one.parties})
    flags = {key: _flags(one, day) for key, one in known.items() if one.kind is Kind.CHILDCARE and not one.merged}
    return [_standing(one, states[one.id], renewed.get(one.id, ""), flags, day) for one in found]


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
    one: Agreement, state: AgreementState, renewed_by: str, flags: dict[int, tuple[str, ...]], day: dt.date
) -> AgreementStatus:
    force = state.force(one.starts_on, one.ends_on, day, renewed=bool(renewed_by))
    days_left = ((state.extended_to or one.ends_on) - day).days
    raised = tuple(flag for party in one.parties for flag in flags.get(party.institution_id, ()))
    return AgreementStatus(one, state, force, days_left, renewed_by, raised)


def _flags(one: InstitutionBrief, day: dt.date) -> tuple[str, ...]:
    return ("unfiled",) * (not one.filed) + ("closed",) * (not one.open_on(day))
