"""What is owed and whether it was done, as of a day."""

import datetime as dt
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

from yiyu.registry.duties.obligations import SELF, Obligations
from yiyu.registry.errors import BadInput
from yiyu.registry.institutions.lookup import numbers_to_ids
from yiyu.registry.model import Agreement, Kind, Variant
from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.duties import (
    STATE_LABEL,
    Act,
    Asked,
    DutyRow,
    Judge,
    Owner,
    Period,
    Side,
    Term,
    read_period,
)
from yiyu.registry.rules.providers import PROVIDERS
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.bulk import gc_paused
from yiyu.registry.store.duties import acts_by_agreement, assessment_rows, same_childcare, waiver_rows
from yiyu.registry.store.item_lists import service_lists
from yiyu.registry.store.sides import InstitutionBrief, side_rows
from yiyu.registry.store.standings import AgreementStatus, standings

__all__ = ["STATE_LABEL", "DutyRow", "duty_rows", "period_named"]

_DAY = dt.timedelta(days=1)
_Line = tuple[int, Variant]
"""乙方 and variant; within it, agreements with one medical side follow each other (see :mod:`yiyu.registry.rules.duties.judging`)."""


class Known(NamedTuple):
    """What is at hand as of the day asked for: every institution by id, and how every agreement stands."""

    sides: Mapping[int, InstitutionBrief]
    standings: Sequence[AgreementStatus]


def duty_rows(
    office: OfficeSession,
    *,
    period: str | None = None,
    numbers: Collection[str] | None = None,
    as_of: dt.date | None = None,
    year: int | None = None,
    district: str | None = None,
    known: Known | None = None,
) -> list[DutyRow]:
    """Every duty of the periods of ``year`` (default: the year of ``as_of``), or of exactly ``period``.

    ``as_of`` defaults to the day asked for; ``district`` is a six-digit code. With ``numbers`` only what is owed through
    these agreements, without what the institutions owe by themselves. In the order of 旗区, institution, duty, period.
    Raises BadInput for a period written in another way, NotFound for an unknown number or an agreement's lost pack.
    """
    day = as_of or office.today
    one = None if period is None else period_named(period)
    asked = Asked(day, one.year if one else year or day.year, one, office.workspace.config.partial_period)
    ids = None if numbers is None else set(numbers_to_ids(office, list(numbers)).values())
    wanted = None if numbers is None else set(numbers)
    scope, judged = office.scope, _Office(office, asked, ids, known)
    sides = judged.sides
    with gc_paused():
        found = [
            row
            for row in judged.rows()
            if (district is None or row.district == district) and (wanted is None or row.number in wanted)
            if scope.whole or scope.fits(row.district, sides[row.institution_id].town, (row.provider,))
        ]
        return sorted(found, key=attrgetter("district", "institution_id", "number", "duty", "period"))


def period_named(text: str) -> Period:
    """Read a period as people type it. Raises BadInput."""
    try:
        return read_period(fold(text).upper())
    except ValueError as error:
        raise BadInput(f"看不懂时段“{text}”", remedy=str(error)) from error


class _Office:
    """What the registry says up to the day asked for, put together for the engine."""

    def __init__(self, office: OfficeSession, asked: Asked, ids: Collection[int] | None, known: Known | None) -> None:
        db, self._asked = office.db, asked
        self._obligations, self._judge = Obligations(office), Judge(asked)
        self._alone = ids is None
        ids = None if ids is None else same_childcare(db, ids)
        known = known or _known(office, asked.day, ids)
        self.sides: Mapping[int, InstitutionBrief] = known.sides
        self._judged: dict[int, Side] = {}
        # The earlier entered of two that begin on one day comes first.
        self._agreements = {one.id: one for one in sorted((s.agreement for s in known.standings), key=attrgetter("id"))}
        self._terms = {one.agreement.id: span for one in known.standings if (span := one.span)}
        self._lists = service_lists(db, ids)
        self._waived = waiver_rows(db, ids)
        self._assessed = assessment_rows(db, asked.day) if self._alone else ()
        done = acts_by_agreement(db, asked.year, asked.day, ids)
        self._acts = {key: self._within(key, done[key]) for key in self._terms if key in done}

    def rows(self) -> Iterator[DutyRow]:
        lines: dict[_Line, dict[tuple[int, ...], list[Agreement]]] = {}
        for key, one in self._agreements.items():
            if key in self._terms:
                medical = tuple([party.institution_id for party in one.medical_sides])
                line = lines.setdefault((one.childcare.institution_id, one.variant), {})
                line.setdefault(medical, []).append(one)
        for (childcare, _), line in lines.items():
            side = self._side(childcare)
            if len(line) == 1:
                (members,) = line.values()
                yield from self._judge.rows(self._in_order(members), side)
            else:
                yield from self._of_several(list(line.values()), side)
        if self._alone:
            yield from self._by_themselves()

    def _in_order(self, members: Iterable[Agreement]) -> list[Term]:
        return sorted(itertools.chain.from_iterable(map(self._terms_of, members)), key=lambda term: term.since)

    def _of_several(self, providers: Sequence[Sequence[Agreement]], side: Side) -> Iterator[DutyRow]:
        """Where the provider changed: what each owes by itself, and once what goes on from one to the next."""
        for members in providers:
            own = [replace(term, rules=self._obligations.parted(term.rules)[0]) for term in self._in_order(members)]
            yield from self._judge.rows(own, side)
        every = self._in_order(itertools.chain.from_iterable(providers))
        yield from self._judge.rows([replace(one, rules=self._obligations.parted(one.rules)[1]) for one in every], side)

    def _within(self, key: int, acts: list[Act]) -> list[Act]:
        """Those within the term; what lies outside is remarked on where it is recorded.

        Source: domain.md#trap-outside-term.
        """
        starts, ends = self._agreements[key].starts_on, self._terms[key][1]
        return [act for act in acts if starts <= act.on <= ends]

    def _terms_of(self, one: Agreement) -> Iterator[Term]:
        """Its term, in as many parts as it had lists."""
        since, ends = self._terms[one.id]
        lists = self._obligations.over_time(one.pack, one.variant, self._lists.get(one.id, ()))
        nexts = [day for day, _ in lists[1:]]
        owners, district = self._owners(one), self.sides[one.childcare.institution_id].district
        for (first, rules), after in itertools.zip_longest(lists, nexts):
            begins, stops = max(since, first), ends if after is None else min(ends, after - _DAY)
            if begins <= stops:
                yield Term(
                    number=one.number,
                    variant=one.variant,
                    district=district,
                    since=begins,
                    ends=stops,
                    rules=rules,
                    owners=owners,
                    acts=self._acts.get(one.id, ()),
                    waived=self._waived.get(one.id, {}),
                )

    def _owners(self, one: Agreement) -> dict[str, Owner]:
        """甲方 owes; of several medical parties each what those of its category owe (domain.md#variants, SF)."""
        medical = [self.sides[party.institution_id] for party in one.medical_sides]
        found = {"": Owner(medical[0].id, medical[0].name)}
        if len(medical) > 1:
            for code, provider in PROVIDERS.items():
                if side := next((side for side in medical if side.category in provider.categories), None):
                    found[code] = Owner(side.id, side.name)
        return found

    def _side(self, key: int) -> Side:
        if key not in self._judged:
            row = self.sides[key]
            self._judged[key] = Side(row.id, row.name, row.filed_in, row.closed_on)
        return self._judged[key]

    def _by_themselves(self) -> Iterator[DutyRow]:
        """What each childcare institution owes once, whatever agreements it has, under the office's own pack."""
        rules = self._obligations.of_institutions
        codes = {code for rule in rules for code in rule.items}
        acts: dict[int, set[Act]] = {}
        waived: dict[int, dict[tuple[str, str], str]] = {}
        for key, one in self._agreements.items():
            childcare = one.childcare.institution_id
            own = [act for act in self._acts.get(key, ()) if not act.items.isdisjoint(codes)]
            acts.setdefault(childcare, set()).update(own)
            waived.setdefault(childcare, {}).update(self._waived.get(key, {}))
        for institution, year, step, on in self._assessed:
            if year == self._asked.year:
                acts.setdefault(institution, set()).add(Act(on, "", step, late_for=str(year) if on.year > year else ""))
        for row in self.sides.values():
            open_at_first = row.open_on(dt.date(self._asked.year, 1, 1))
            if row.kind is not Kind.CHILDCARE or row.merged or not open_at_first:
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
            yield from self._judge.rows([term], self._side(row.id))


def _known(office: OfficeSession, day: dt.date, ids: Collection[int] | None) -> Known:
    """All of the office, or no more than the agreements ``ids`` speak of."""
    if ids is None:
        sides = side_rows(office.db, day)
        return Known(sides, standings(office.db, day, None, sides))
    found = standings(office.db, day, ids)
    return Known(side_rows(office.db, day, {p.institution_id for one in found for p in one.agreement.parties}), found)
