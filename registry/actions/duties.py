"""What is owed and whether it was done, as of a day."""

import datetime as dt
from collections.abc import Collection, Iterator

from yiyu.registry.actions.lookup import numbers_to_ids
from yiyu.registry.actions.obligations import SELF, Obligations
from yiyu.registry.codes import fold
from yiyu.registry.collector import uncollected
from yiyu.registry.desk import Desk
from yiyu.registry.duties import (
    STATE_LABEL,
    Act,
    Asked,
    DutyRow,
    Owner,
    Period,
    Side,
    Term,
    filed_spans,
    judge,
    read_period,
)
from yiyu.registry.errors import BadInput
from yiyu.registry.lifecycle import replay
from yiyu.registry.model import PROVIDER_CATEGORIES, Kind, Variant
from yiyu.registry.store.duties import (
    AgreementRow,
    acts_by_agreement,
    agreement_rows,
    assessment_rows,
    changed_since_signing,
    party_ids,
    same_childcare,
    service_lists,
    side_rows,
    signing_days,
    waiver_rows,
)
from yiyu.registry.store.events import events_by_agreement

__all__ = ["STATE_LABEL", "DutyRow", "duty_rows", "period_named"]

_DAY = dt.timedelta(days=1)
_Line = tuple[int, Variant, tuple[int, ...]]
"""乙方, variant, and the medical side: whose agreements follow each other (see :mod:`yiyu.registry.duties.judging`)."""


def duty_rows(
    desk: Desk,
    *,
    period: str | None = None,
    numbers: Collection[str] | None = None,
    as_of: dt.date | None = None,
    year: int | None = None,
    district: str | None = None,
) -> list[DutyRow]:
    """Every duty of the periods of ``year`` (default: the year of ``as_of``), or of exactly ``period``.

    ``as_of`` defaults to the desk's day; ``district`` is a six-digit code. With ``numbers`` only what is owed through
    these agreements, without what the institutions owe by themselves. In the order of 旗区, institution, duty, period.
    Raises BadInput for a period written in another way, NotFound for an unknown number or an agreement's lost pack.
    """
    day = as_of or desk.today
    one = None if period is None else period_named(period)
    asked = Asked(day, one.year if one else year or day.year, one, desk.workspace.config.partial_period)
    ids = None if numbers is None else set(numbers_to_ids(desk, list(numbers)).values())
    with uncollected():
        rows = list(_Office(desk, asked, ids).rows())
    wanted = None if numbers is None else set(numbers)
    found = [
        row
        for row in rows
        if (district is None or row.district == district) and (wanted is None or row.number in wanted)
    ]
    return sorted(found, key=lambda row: (row.district, row.institution_id, row.number, row.duty, row.period))


def period_named(text: str) -> Period:
    """Read a period as people type it. Raises BadInput."""
    try:
        return read_period(fold(text).upper())
    except ValueError as error:
        raise BadInput(f"看不懂时段“{text}”", remedy=str(error)) from error


class _Office:
    """What the registry says up to the day asked for, put together for the engine."""

    def __init__(self, desk: Desk, asked: Asked, ids: Collection[int] | None) -> None:
        db, self._asked = desk.db, asked
        self._obligations = Obligations(desk)
        self._alone = ids is None
        ids = None if ids is None else same_childcare(db, ids)
        self._sides = side_rows(db, asked.day)
        self._agreements = {row.id: row for row in agreement_rows(db, ids)}
        self._parties = party_ids(db, ids)
        self._terms = dict(self._in_force(desk, ids))
        self._lists = service_lists(db, ids)
        self._waived = waiver_rows(db, asked.day, ids)
        self._assessed = assessment_rows(db, asked.day) if self._alone else ()
        done = acts_by_agreement(db, asked.year, asked.day, ids)
        self._acts = {key: self._within(key, done[key]) for key in self._terms if key in done}

    def rows(self) -> Iterator[DutyRow]:
        lines: dict[_Line, list[int]] = {}
        for key in self._terms:
            sides = self._parties[key]
            medical = tuple(one for role, one in sides.items() if role != "乙")
            lines.setdefault((sides["乙"], self._agreements[key].variant, medical), []).append(key)
        for (childcare, _, _), members in lines.items():
            terms = sorted(map(self._term, members), key=lambda term: term.since)
            yield from judge(terms, self._side(childcare), self._asked)
        if self._alone:
            yield from self._by_themselves()

    def _in_force(self, desk: Desk, ids: Collection[int] | None) -> Iterator[tuple[int, tuple[dt.date, dt.date]]]:
        """First and last day in force of every agreement that all parties signed, as known on the day."""
        day = self._asked.day
        changed = changed_since_signing(desk.db, day, ids)
        events = events_by_agreement(desk.db, changed) if changed else {}
        for key, (signed_on, parties) in signing_days(desk.db, day, ids).items():
            one = self._agreements[key]
            since, ends_on = max(one.starts_on, signed_on), one.ends_on
            if key in changed:
                state = replay(events[key], list(self._parties[key]), day)
                if state.voided_on is not None or state.signed_on is None:
                    continue
                since, ends_on = max(one.starts_on, state.signed_on), state.extended_to or ends_on
                if state.terminated_on is not None:
                    ends_on = min(ends_on, state.terminated_on - _DAY)
            elif parties < len(self._parties[key]):
                continue
            if since <= ends_on:
                yield key, (since, ends_on)

    def _within(self, key: int, acts: list[Act]) -> list[Act]:
        """Those within the term; what lies outside is remarked on where it is recorded (domain 16.7)."""
        starts, ends = self._agreements[key].starts_on, self._terms[key][1]
        return [act for act in acts if starts <= act.on <= ends]

    def _term(self, key: int) -> Term:
        one, (since, ends) = self._agreements[key], self._terms[key]
        return Term(
            number=one.number,
            variant=one.variant,
            district=one.district,
            since=since,
            ends=ends,
            rules=self._obligations.through(one.pack, one.variant, self._lists.get(key, ())),
            owners=self._owners(one),
            acts=self._acts.get(key, ()),
            waived=self._waived.get(key, {}),
        )

    def _owners(self, one: AgreementRow) -> dict[str, Owner]:
        """甲方 owes; of several medical parties each what those of its category owe (domain 3.1.4, SF)."""
        medical = [self._sides[key] for role, key in self._parties[one.id].items() if role != "乙"]
        found = {"": Owner(medical[0].id, medical[0].name)}
        if len(medical) > 1:
            for variant, categories in PROVIDER_CATEGORIES.items():
                fitting = (side for side in medical if side.category in categories)
                if side := next(fitting, None):
                    found[str(variant)] = Owner(side.id, side.name)
        return found

    def _side(self, key: int) -> Side:
        row = self._sides[key]
        return Side(row.id, row.name, filed_spans(row.filed), row.closed_on)

    def _by_themselves(self) -> Iterator[DutyRow]:
        """What each childcare institution owes once, whatever agreements it has, under the office's own pack."""
        rules = self._obligations.of_institutions
        codes = {code for rule in rules for code in rule.items}
        acts: dict[int, set[Act]] = {}
        waived: dict[int, dict[tuple[str, str], str]] = {}
        for key, parties in self._parties.items():
            acts.setdefault(parties["乙"], set()).update(
                act for act in self._acts.get(key, ()) if not act.items.isdisjoint(codes)
            )
            waived.setdefault(parties["乙"], {}).update(self._waived.get(key, {}))
        for institution, year, step, on in self._assessed:
            if year == self._asked.year:
                acts.setdefault(institution, set()).add(Act(on, "", step, late_for=str(year) if on.year > year else ""))
        for row in self._sides.values():
            closed = row.closed_on is not None and row.closed_on <= dt.date(self._asked.year, 1, 1)
            if row.kind is not Kind.CHILDCARE or row.merged or closed:
                continue
            term = Term(
                number="",
                variant=None,
                district=row.district,
                since=dt.date.min,
                ends=dt.date.max,
                rules=rules,
                owners={SELF: Owner(row.id, row.name)},
                acts=sorted(acts.get(row.id, ()), key=lambda act: (act.on, act.number)),
                waived=waived.get(row.id, {}),
            )
            yield from judge([term], self._side(row.id), self._asked)
