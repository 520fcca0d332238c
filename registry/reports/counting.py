"""The units every rate counts, as of the day asked for (formulas: domain.md#rates)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from yiyu.registry.duties.listing import Known, duty_rows
from yiyu.registry.lifecycle import FILING
from yiyu.registry.model import Kind, Variant
from yiyu.registry.rules.duties import DutyRow
from yiyu.registry.rules.duties.rules import Period
from yiyu.registry.rules.providers import PROVIDERS
from yiyu.registry.rules.rates import Unit
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activity_marks import StoredFinding, found_by
from yiyu.registry.store.bulk import gc_paused
from yiyu.registry.store.sides import InstitutionBrief, side_rows
from yiyu.registry.store.standings import AgreementStatus, standings

_DONE = ("done", "late")
_OUTSIDE = ("waived", "exempt")
"""States that leave every denominator."""
_PRIMARY, _MATERNAL = (Variant.JC, Variant.TB, Variant.SF), (Variant.FY, Variant.SF)
_VISIT, _TRAINING = "上门指导", "培训讲座"


@dataclass(frozen=True)
class RateInputs:
    """What rates are made of on the day asked for; ``period`` is what visits and duties are asked for."""

    office: OfficeSession
    period: Period

    @cached_property
    def _sides(self) -> dict[int, InstitutionBrief]:
        return side_rows(self.office.db, self.office.today)

    @cached_property
    @gc_paused()
    def institutions(self) -> dict[int, InstitutionBrief]:
        """By id, 旗区 by 旗区; those merged into another left out."""
        known = sorted(self._sides.values(), key=attrgetter("district"))
        return {one.id: one for one in known if not one.merged}

    @cached_property
    def childcare(self) -> list[InstitutionBrief]:
        """托育机构 that are open on the day."""
        return [one for one in self.institutions.values() if one.kind is Kind.CHILDCARE and not self._closed(one)]

    @cached_property
    @gc_paused()
    def standings(self) -> list[AgreementStatus]:
        return standings(self.office.db, self.office.today, known=self._sides)

    @cached_property
    def _all_duties(self) -> list[DutyRow]:
        return duty_rows(self.office, year=self.period.year, known=Known(self._sides, self.standings))

    @cached_property
    def duties(self) -> list[DutyRow]:
        """Duties of the whole year that are owed."""
        return [row for row in self._all_duties if row.state not in _OUTSIDE]

    @cached_property
    def outside(self) -> list[DutyRow]:
        """Duties of the year that no rate counts: waived, or exempt with a reason."""
        return [row for row in self._all_duties if row.state in _OUTSIDE]

    @cached_property
    def finding(self) -> list[StoredFinding]:
        """Activities of any year up to the day that found something, oldest first."""
        return found_by(self.office.db, self.office.today)

    @property
    def closed(self) -> int:
        """托育机构 that have closed."""
        return sum(one.kind is Kind.CHILDCARE and self._closed(one) for one in self.institutions.values())

    @cached_property
    def in_force(self) -> dict[int, set[Variant]]:
        """Variants of the agreements in force, by institution of either side: two of a kind count once (16.16)."""
        found: dict[int, set[Variant]] = {}
        for one in self.standings:
            if one.in_force:
                for party in one.agreement.parties:
                    found.setdefault(party.institution_id, set()).add(one.agreement.variant)
        return found

    @gc_paused()
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
            if one.kind is Kind.MEDICAL and one.category in PROVIDERS["JC"].categories and not self._closed(one):
                yield self._of(one, "participation", counts=one.id in self.in_force, provider=one.name)

    def _agreements(self) -> Iterator[Unit]:
        first, last = self.period.first, min(self.period.last, self.office.today)
        for one in self.standings:
            if one.state.signing != "signed" or one.state.voided_on is not None:
                continue
            filed = FILING.index(one.state.filing) >= FILING.index("checked")
            yield self._agreement(one, "archived", counts=filed)
            if first <= one.ends_on <= last and one.state.terminated_on is None:
                in_time = one.renewed_on is not None and one.renewed_on <= one.ends_on
                yield self._agreement(one, "renewed", counts=in_time, note=self._renewal(one))

    def _renewal(self, one: AgreementStatus) -> str:
        """When it ended, what became of its renewal, and the days without an agreement so far."""
        ended = f"{one.ends_on} 到期"
        if one.renewed_by:
            late = one.renewed_on is not None and one.renewed_on > one.ends_on
            return f"{ended}，{one.renewal}" + (f"（{one.renewed_on} 才签齐）" if late else "")
        since = (self.office.today - one.ends_on).days
        return f"{ended}，{one.renewal or '没有续签'}" + (f"，中断 {since} 天" if since else "")

    def _duties(self) -> Iterator[Unit]:
        first, last, year = self.period.first, self.period.last, str(self.period.year)
        towns = {key: one.town for key, one in self.institutions.items()}
        for row in self.duties:
            here = first <= row.due_by <= last
            trains = row.number and row.period == year and _TRAINING in row.forms
            if not here and not trains:
                continue
            counts, note = row.state in _DONE, f"{row.title} {row.period}"
            # What it owes by itself is nobody's service.
            place = (row.district, towns.get(row.institution_id, ""), row.provider if row.number else "")
            whose = (row.institution, row.number)
            if here:
                yield Unit("duties", *place, *whose, counts, note)
            if here and row.number and _VISIT in row.forms:
                for time in range(row.needed):
                    said = f"{note}，第 {time + 1} 次" if row.needed > 1 else note
                    yield Unit("visits", *place, *whose, time < row.done, said)
            if trains:
                yield Unit("training", *place, *whose, counts, note)

    def _findings(self) -> Iterator[Unit]:
        first, numbers = dt.date(self.period.year, 1, 1), {one.agreement.number: one for one in self.standings}
        for activity in self.finding:
            if activity.on < first:
                continue
            known = [numbers[number] for number in activity.agreements if number in numbers]
            for finding in activity.findings if known else ():
                closed = not finding.open_on(self.office.today)
                yield self._agreement(known[0], "rectified", counts=closed, note=f"{activity.number} {finding.problem}")

    def _of(self, one: InstitutionBrief, indicator: str, *, counts: bool, provider: str = "") -> Unit:
        return Unit(indicator, one.district, one.town, provider, one.name, "", counts, "")

    def _agreement(self, one: AgreementStatus, indicator: str, *, counts: bool, note: str = "") -> Unit:
        childcare = self.institutions[one.agreement.childcare.institution_id]
        provider = self.institutions[one.agreement.medical.institution_id].name
        number = one.agreement.number
        return Unit(indicator, childcare.district, childcare.town, provider, childcare.name, number, counts, note)

    def _closed(self, one: InstitutionBrief) -> bool:
        return not one.open_on(self.office.today)
