"""Questions over many agreements at once. Every state is asked for a day, never stored."""

import datetime as dt
from dataclasses import dataclass

from sqlite_utils import Database

from yiyu.registry.codes import district_name
from yiyu.registry.lifecycle import State, replay
from yiyu.registry.model import Agreement, Institution, Kind
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.events import events_by_agreement
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.terms import notice_by


@dataclass(frozen=True, slots=True)
class Standing:
    """One agreement and where it stands on a day. ``renewed_by`` is the number of the next one, or ""."""

    agreement: Agreement
    state: State
    force: str
    days_left: int
    renewed_by: str
    flags: tuple[str, ...] = ()
    """``unfiled`` or ``closed``: what became of the childcare side by that day (domain 16.3)."""

    @property
    def ends_on(self) -> dt.date:
        """The end that holds: as printed, or as extended or supplemented since."""
        return self.state.extended_to or self.agreement.ends_on

    @property
    def unsigned(self) -> bool:
        """Not signed by all parties, drafts included, void and terminated left out (DESIGN section 5)."""
        return self.state.signing != "signed" and not self.state.ended

    def expiring(self, days: int) -> bool:
        """In force, ends within ``days``, not renewed (DESIGN section 5)."""
        return self.force == "in_force" and self.days_left <= days and not self.renewed_by

    @property
    def live(self) -> bool:
        """Signed or still to be signed, and not over: what keeps a pair from needing another."""
        return not self.state.ended and self.force not in ("expired", "renewed")

    def as_json(self) -> dict[str, object]:
        """The keys other programs rely on (DESIGN section 5)."""
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


def standings(db: Database, day: dt.date) -> list[Standing]:
    """Every agreement that existed on ``day``, by number, as it stood at the end of that day."""
    events = events_by_agreement(db)
    flags = {one.id: _flags(one, day) for one in all_institutions(db, day, Kind.CHILDCARE)}
    found: list[tuple[Agreement, State]] = []
    successors: dict[str, str] = {}
    for agreement in load_agreements(db, items=False):
        state = replay(events.get(agreement.id, ()), [p.role for p in agreement.parties], day)
        if not state.exists:
            continue
        found.append((agreement, state))
        if agreement.renews and state.voided_on is None:
            successors[agreement.renews] = agreement.number
    return [_standing(one, state, successors.get(one.number, ""), flags, day) for one, state in found]


def _standing(
    one: Agreement, state: State, renewed_by: str, flags: dict[int, tuple[str, ...]], day: dt.date
) -> Standing:
    force = state.force(one.starts_on, one.ends_on, day, renewed=bool(renewed_by))
    days_left = ((state.extended_to or one.ends_on) - day).days
    raised = tuple(flag for party in one.parties for flag in flags.get(party.institution_id, ()))
    return Standing(one, state, force, days_left, renewed_by, raised)


def _flags(one: Institution, day: dt.date) -> tuple[str, ...]:
    closed = one.closed_on is not None and one.closed_on <= day
    return ("unfiled",) * (not one.filed) + ("closed",) * closed
