"""The units every rate counts, as of the desk's day (formulas: domain 7.3)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from yiyu.registry.actions.duties import duty_rows
from yiyu.registry.activities import Activity
from yiyu.registry.collector import uncollected
from yiyu.registry.desk import Desk
from yiyu.registry.duties import DutyRow
from yiyu.registry.duties.periods import Period
from yiyu.registry.lifecycle import FILING
from yiyu.registry.model import PROVIDER_CATEGORIES, Institution, Kind, Variant
from yiyu.registry.rates import Unit
from yiyu.registry.reports import Standing, standings
from yiyu.registry.store.activities import load_activities
from yiyu.registry.store.activity_marks import with_findings
from yiyu.registry.store.institutions import all_institutions

_DONE = ("done", "late")
_OUTSIDE = ("waived", "exempt")
"""States that leave every denominator."""
_PRIMARY, _MATERNAL = (Variant.JC, Variant.TB, Variant.SF), (Variant.FY, Variant.SF)
_VISIT, _TRAINING = "上门指导", "培训讲座"


@dataclass(frozen=True)
class Office:
    """What rates are made of on the desk's day; ``period`` is what visits and duties are asked for."""

    desk: Desk
    period: Period

    @cached_property
    @uncollected()
    def institutions(self) -> dict[int, Institution]:
        return {one.id: one for one in all_institutions(self.desk.db, self.desk.today)}

    @cached_property
    def childcare(self) -> list[Institution]:
        """托育机构 that are open on the day."""
        return [one for one in self.institutions.values() if one.kind is Kind.CHILDCARE and not self._closed(one)]

    @cached_property
    @uncollected()
    def standings(self) -> list[Standing]:
        return standings(self.desk.db, self.desk.today)

    @cached_property
    def _all_duties(self) -> list[DutyRow]:
        return duty_rows(self.desk, year=self.period.year, as_of=self.desk.today)

    @cached_property
    def duties(self) -> list[DutyRow]:
        """Duties of the whole year that are owed."""
        return [row for row in self._all_duties if row.state not in _OUTSIDE]

    @cached_property
    def outside(self) -> list[DutyRow]:
        """Duties of the year that no rate counts: waived, or exempt with a reason."""
        return [row for row in self._all_duties if row.state in _OUTSIDE]

    @cached_property
    def finding(self) -> list[Activity]:
        """Activities of any year up to the day that found something, oldest first."""
        ids = with_findings(self.desk.db, self.desk.today)
        return load_activities(self.desk.db, ids=ids, voided=True)

    @property
    def closed(self) -> int:
        """托育机构 that have closed."""
        return sum(one.kind is Kind.CHILDCARE and self._closed(one) for one in self.institutions.values())

    @cached_property
    def in_force(self) -> dict[int, set[Variant]]:
        """Variants of the agreements in force, by institution of either side: two of a kind count once (16.16)."""
        found: dict[int, set[Variant]] = {}
        for one in self.standings:
            if one.force == "in_force":
                for party in one.agreement.parties:
                    found.setdefault(party.institution_id, set()).add(one.agreement.variant)
        return found

    @uncollected()
    def all_units(self) -> list[Unit]:
        return list(self.units())

    def units(self) -> Iterator[Unit]:
        """Every unit of every indicator."""
        yield from self._institutions()
        yield from self._providers()
        yield from self._agreements()
        yield from self._duties()
        yield from self._findings()

    def _institutions(self) -> Iterator[Unit]:
        for one in self.childcare:
            variants = self.in_force.get(one.id, set())
            signed = bool(variants)
            yield self._of(one, "signed_all", counts=signed)
            yield self._of(one, "filed", counts=one.filed)
            if one.filed:
                both = not variants.isdisjoint(_PRIMARY) and not variants.isdisjoint(_MATERNAL)
                yield self._of(one, "signed", counts=signed)
                yield self._of(one, "both", counts=both)

    def _providers(self) -> Iterator[Unit]:
        for one in self.institutions.values():
            if one.kind is Kind.MEDICAL and one.category in PROVIDER_CATEGORIES[Variant.JC] and not self._closed(one):
                yield self._of(one, "participation", counts=one.id in self.in_force, provider=one.name)

    def _agreements(self) -> Iterator[Unit]:
        first, today = dt.date(self.period.year, 1, 1), self.desk.today
        for one in self.standings:
            if one.state.signing != "signed" or one.state.voided_on is not None:
                continue
            filed = FILING.index(one.state.filing) >= FILING.index("checked")
            yield self._agreement(one, "archived", counts=filed)
            if first <= one.ends_on <= today and one.state.terminated_on is None:
                yield self._agreement(one, "renewed", counts=bool(one.renewed_by), note=one.renewed_by)

    def _duties(self) -> Iterator[Unit]:
        for row in self.duties:
            here = self.period.first <= row.due_by <= self.period.last
            if here:
                yield self._duty(row, "duties", counts=row.state in _DONE)
            if here and row.number and _VISIT in row.forms:
                for time in range(row.needed):
                    yield self._duty(
                        row, "visits", counts=time < row.done, note=f"，第 {time + 1} 次" * (row.needed > 1)
                    )
            if row.number and _TRAINING in row.forms and row.period == str(self.period.year):
                yield self._duty(row, "training", counts=row.state in _DONE)

    def _findings(self) -> Iterator[Unit]:
        first, numbers = dt.date(self.period.year, 1, 1), {one.agreement.number: one for one in self.standings}
        for activity in self.finding:
            if activity.on < first:
                continue
            known = [numbers[number] for number in activity.agreements if number in numbers]
            for finding in activity.findings if known else ():
                closed = not finding.open_on(self.desk.today)
                yield self._agreement(known[0], "rectified", counts=closed, note=f"{activity.number} {finding.problem}")

    def _of(self, one: Institution, indicator: str, *, counts: bool, provider: str = "") -> Unit:
        return Unit(indicator, one.district, one.town, provider, one.name, "", counts, "")

    def _agreement(self, one: Standing, indicator: str, *, counts: bool, note: str = "") -> Unit:
        sides = {party.role: party for party in one.agreement.parties}
        childcare = self.institutions[sides["乙"].institution_id]
        provider = self.institutions[sides["甲"].institution_id].name
        number = one.agreement.number
        return Unit(indicator, childcare.district, childcare.town, provider, childcare.name, number, counts, note)

    def _duty(self, row: DutyRow, indicator: str, *, counts: bool, note: str = "") -> Unit:
        town = self.institutions[row.institution_id].town if row.institution_id in self.institutions else ""
        note = f"{row.title} {row.period}{note}"
        provider = row.provider if row.number else ""  # what it owes by itself is nobody's service
        return Unit(indicator, row.district, town, provider, row.institution, row.number, counts, note)

    def _closed(self, one: Institution) -> bool:
        return one.closed_on is not None and one.closed_on <= self.desk.today
