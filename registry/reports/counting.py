"""The units every rate counts, as of the day asked for (formulas: domain.md#rates)."""

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from yiyu.registry.agreements.listing import in_scope
from yiyu.registry.duties.listing import Known, duty_rows
from yiyu.registry.institutions.lookup import Directory, directory
from yiyu.registry.lifecycle import FILING, FILING_LABEL, FORCE_LABEL, SEALING_LABEL, SIGNING_LABEL
from yiyu.registry.model import Agreement, Kind, Variant
from yiyu.registry.rules.duties import DutyRow
from yiyu.registry.rules.duties.rules import Period
from yiyu.registry.rules.providers import PROVIDERS
from yiyu.registry.rules.rates import Unit
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activity_marks import StoredFinding, found_by
from yiyu.registry.store.agreements import agreement_ids, load_agreements
from yiyu.registry.store.bulk import gc_paused
from yiyu.registry.store.sides import InstitutionBrief, side_rows
from yiyu.registry.store.standings import AgreementStatus, standings

_DONE = ("done", "late")
_OUTSIDE = ("waived", "exempt")
"""States that leave every denominator."""
_BOTH = {"基层": (Variant.JC, Variant.TB, Variant.SF), "妇幼": (Variant.FY, Variant.SF)}
"""The two sides of 双签, with the variants that sign for each."""
_VISIT, _TRAINING = "上门指导", "培训讲座"


def rate_inputs(office: OfficeSession, period: Period) -> "RateInputs":
    """Of a period, as of its last day, or of the day asked for where that comes first: nothing after it counts."""
    return RateInputs(replace(office, today=min(period.last, office.today)), period)


@dataclass(frozen=True)
class RateInputs:
    """What rates are made of on the day asked for; ``period`` has both bounds (see :func:`rate_inputs`)."""

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
        known = (one for one in self.institutions.values() if self.office.scope.fits(one.district, one.town, ()))
        return sum(one.kind is Kind.CHILDCARE and self._closed(one) for one in known)

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
        """Every unit of every indicator that the session is not limited against."""
        every = itertools.chain(
            self._institutions(), self._providers(), self._agreements(), self._duties(), self._findings()
        )
        scope = self.office.scope
        return every if scope.whole else (u for u in every if scope.fits(u.district, u.town, (u.provider,)))

    @cached_property
    def listed(self) -> list[AgreementStatus]:
        """The agreements that the session is limited to."""
        return in_scope(self.office, self.standings)

    def _institutions(self) -> Iterator[Unit]:
        for one in self.childcare:
            variants = self.in_force.get(one.id, set())
            signed = bool(variants)
            best = self._best.get(one.id)
            yield self._of(one, "signed_all", best, counts=signed)
            yield self._of(one, "filed", None, counts=one.filed, reason="" if one.filed else _unfiled(one))
            if one.filed:
                lacking = [name for name, those in _BOTH.items() if variants.isdisjoint(those)]
                yield self._of(one, "signed", best, counts=signed)
                yield self._of(one, "both", best, counts=not lacking, reason=f"缺{'、'.join(lacking)}协议")

    @cached_property
    def _best(self) -> dict[int, AgreementStatus]:
        """Of each institution the agreement that says most of it: in force, else the one that came nearest to it."""
        found: dict[int, AgreementStatus] = {}
        for one in sorted(self.standings, key=_nearness):
            found |= {party.institution_id: one for party in one.agreement.parties}
        return found

    def _providers(self) -> Iterator[Unit]:
        for one in self.institutions.values():
            if one.kind is Kind.MEDICAL and one.category in PROVIDERS["JC"].categories and not self._closed(one):
                signed, best = one.id in self.in_force, self._best.get(one.id)
                yield self._of(one, "participation", best, counts=signed, provider=one.name)

    def _agreements(self) -> Iterator[Unit]:
        first, last = self.period.first, min(self.period.last, self.office.today)
        for one in self.standings:
            if one.state.signing != "signed" or one.state.voided_on is not None:
                continue
            filed = FILING.index(one.state.filing) >= FILING.index("checked")
            reason = f"{SEALING_LABEL[one.state.sealing]}，{FILING_LABEL[one.state.filing]}"
            yield self._agreement(one.agreement, "archived", counts=filed, reason=reason)
            if first <= one.ends_on <= last and one.state.terminated_on is None:
                in_time = one.renewed_on is not None and one.renewed_on <= one.ends_on
                note = one.renewed_by or one.renewal_draft
                yield self._agreement(one.agreement, "renewed", counts=in_time, note=note, reason=self._renewal(one))

    def _renewal(self, one: AgreementStatus) -> str:
        """When it ended, what became of its renewal, and the days without an agreement so far."""
        ended = f"{one.ends_on} 到期"
        if one.renewed_by:
            late = one.renewed_on is not None and one.renewed_on > one.ends_on
            return f"{ended}，{one.renewal}" + (f"（{one.renewed_on} 才签齐）" if late else "")
        since = (self.office.today - one.ends_on).days
        return f"{ended}，{one.renewal or '没有续签'}" + (f"，中断 {since} 天" if since else "")

    def _duties(self) -> Iterator[Unit]:
        """What has begun to be owed and has its last day in the period; of trainings each institution of the year once."""
        first, last, year = self.period.first, self.period.last, str(self.period.year)
        towns = {key: one.town for key, one in self.institutions.items()}
        trained: dict[int, Unit] = {}
        for row in self.duties:
            here = first <= row.due_by <= last
            trains = row.period == year and row.variant in _BOTH["妇幼"] and row.forms[:1] == (_TRAINING,)
            if row.state == "not_yet" or not (here or trains):
                continue
            counts, note = row.state in _DONE, f"{row.title} {row.period}"
            # What it owes by itself is nobody's service.
            place = (row.district, towns.get(row.institution_id, ""), row.provider if row.number else "")
            whose = (row.institution, row.number)
            reason, missed = "" if counts else row.reason, row.state == "missed"
            if here:
                yield Unit("duties", *place, *whose, counts, note, row.provider, reason, missed)
            if here and row.number and row.forms[:1] == (_VISIT,):
                for time in range(row.needed):
                    said = f"{note}，第 {time + 1} 次" if row.needed > 1 else note
                    done = time < row.done
                    yield Unit("visits", *place, *whose, done, said, row.provider, "" if done else row.reason, missed)
            before = trained.get(row.institution_id)
            if trains and (before is None or (counts and not before.counts)):  # the first who trained it, by number
                unit = Unit("training", *place, *whose, counts, note, row.provider, reason, missed)
                trained[row.institution_id] = unit
        yield from trained.values()

    def _findings(self) -> Iterator[Unit]:
        for activity in self.finding:
            place = self.found_at(activity) if self.period.first <= activity.on <= self.period.last else None
            if place is None:
                continue
            for finding in activity.findings:
                closed, late = not finding.open_on(self.office.today), finding.overdue_on(self.office.today)
                due = f"期限 {finding.due_on}" if finding.due_on else "没有期限"
                note = f"{activity.number} {finding.problem}"
                reason = "" if closed else f"{due}，{'逾期' if late else ''}没有复查"
                yield Unit("rectified", *place, closed, note, place.institution, reason, late)

    def found_at(self, activity: StoredFinding) -> "FoundAt | None":
        """Where its findings count: under its first agreement, else its first institution that was known on the day."""
        if not activity.agreements:
            holders = filter(None, map(self._directory.holder, activity.institutions))
            return next((FoundAt(one.district, one.town, "", one.name, "") for one in holders), None)
        served = self._numbered[min(activity.agreements, key=lambda number: (number in self._later, number))]
        one = self.institutions[served.childcare.institution_id]
        return FoundAt(one.district, one.town, self._medical(served), one.name, served.number)

    @cached_property
    def _numbered(self) -> dict[str, Agreement]:
        return {one.agreement.number: one.agreement for one in self.standings} | self._later

    @cached_property
    def _directory(self) -> Directory:
        return directory(self.office)

    def _of(
        self,
        one: InstitutionBrief,
        indicator: str,
        best: AgreementStatus | None,
        *,
        counts: bool,
        provider: str = "",
        reason: str = "",
    ) -> Unit:
        """A unit that is an institution; ``best`` says most of its agreements, ``reason`` stands where that says nothing."""
        number, responsible = ("", one.name) if best is None else (best.agreement.number, self._medical(best.agreement))
        why = "" if counts else reason or ("没有协议" if best is None else f"{number} {_why_not_in_force(best)}")
        return Unit(indicator, one.district, one.town, provider, one.name, number, counts, "", responsible, why)

    @cached_property
    def _later(self) -> dict[str, Agreement]:
        """Agreements made after the day, by number: somebody may have been there before."""
        served = {number for one in self.finding for number in one.agreements}
        later = served.difference(one.agreement.number for one in self.standings)
        keys = agreement_ids(self.office.db, sorted(later)).values() if later else ()
        return {one.number: one for one in load_agreements(self.office.db, [*keys], items=False)} if keys else {}

    def _agreement(self, one: Agreement, indicator: str, *, counts: bool, note: str = "", reason: str = "") -> Unit:
        childcare = self.institutions[one.childcare.institution_id]
        provider, number = self._medical(one), one.number
        place = childcare.district, childcare.town, provider, childcare.name
        return Unit(indicator, *place, number, counts, note, provider, "" if counts else reason)

    def _medical(self, one: Agreement) -> str:
        """甲方, as it is called on the day."""
        return self.institutions[one.medical.institution_id].name

    def _closed(self, one: InstitutionBrief) -> bool:
        return not one.open_on(self.office.today)


class FoundAt(NamedTuple):
    """What a finding counts under; ``provider`` and ``number`` are "" where no agreement was served."""

    district: str
    town: str
    provider: str
    institution: str
    number: str


def _unfiled(one: InstitutionBrief) -> str:
    """Why 备案 does not hold on the day; of one that lost it, its last day."""
    return f"备案到 {one.filed_in[-1][1]} 为止" if one.filed_in else "没有备案，或备案日期还没有到"


def _nearness(one: AgreementStatus) -> tuple[bool, bool, bool, dt.date]:
    """Orders agreements by how much they say of a signature: in force, then to be signed, then over, then void."""
    void = one.state.voided_on is not None
    return one.in_force, not void and not one.state.ended and one.force == "not_in_force", not void, one.ends_on


def _why_not_in_force(one: AgreementStatus) -> str:
    """In words: 起草未签, 已到期, 已解除, 作废."""
    state = one.state
    if state.voided_on or state.terminated_on:
        return f"{state.voided_on or state.terminated_on} {FORCE_LABEL['void' if state.voided_on else 'terminated']}"
    if state.signing != "signed":
        return f"{SIGNING_LABEL[state.signing]}{'' if state.signing == 'awaiting' else '，未签齐'}"
    if one.force == "not_in_force":
        return f"已签，自 {one.agreement.starts_on} 起生效"
    return f"已于 {one.ends_on} 到期" + (f"，{one.renewal}" if one.renewal else "")
