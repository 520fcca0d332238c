"""What waits for somebody on the day asked for and is no rate: evidence that lacks, findings not put right."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from yiyu.registry.activities.listing import TRAINING
from yiyu.registry.reports.counting import FoundAt, RateInputs
from yiyu.registry.rules.activities import INDEPENDENT_FORMS, Activity, Evidence, Finding
from yiyu.registry.store.activity_marks import evidence_marks, served_by
from yiyu.registry.store.bulk import day_of, gc_paused
from yiyu.registry.store.standings import AgreementStatus


@dataclass(frozen=True, slots=True)
class Lacking:
    """An activity of the year whose evidence is not whole; ``agreements`` as of the day."""

    number: str
    on: dt.date
    form: str
    agreements: tuple[AgreementStatus, ...]
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding nobody has yet seen put right; ``late`` are the days since its 期限, negative before it, None without.

    ``agreements``: those its activity served, and where it counts; of an inspection only the latter.
    """

    finding: Finding
    activity: str
    agreements: tuple[AgreementStatus, ...]
    at: FoundAt
    late: int | None


@gc_paused()
def lacking_evidence(inputs: RateInputs) -> list[Lacking]:
    """Activities of the year up to the day that lack what :meth:`Activity.lacking` asks for, oldest first."""
    known = {one.agreement.id: one for one in inputs.listed}

    @cache
    def trainings(pack: str) -> frozenset[str]:
        entries = inputs.office.pack_named(pack).catalogue
        return frozenset(entry.key for entry in entries if entry.mode == TRAINING)

    @cache
    def lacks(form: str, kinds: str, items: str, names: frozenset[str]) -> tuple[str, ...]:
        evidence = tuple(Evidence(kind, "", "", 0) for kind in _parts(kinds))
        one = Activity("", inputs.office.today, form, (), _parts(items), evidence=evidence)
        return one.lacking({code for name in names for code in trainings(name)})

    @cache
    def agreements(ids: str) -> tuple[AgreementStatus, ...]:
        return tuple(known[key] for key in map(int, _parts(ids)) if key in known)

    @cache
    def packs(ids: str) -> frozenset[str]:
        return frozenset(one.agreement.pack for one in agreements(ids))

    every, found = frozenset(one.agreement.pack for one in known.values()), []
    marks = evidence_marks(inputs.office.db, dt.date(inputs.period.year, 1, 1), inputs.office.today)
    for form, kinds, items, alike in marks:
        if form in INDEPENDENT_FORMS:
            continue  # of no agreement, which the list is by
        # More packs ask for more: what lacks nothing under all of them lacks nothing.
        for number, on, ids in served_by(inputs.office.db, alike) if lacks(form, kinds, items, every) else ():
            lacking = lacks(form, kinds, items, packs(ids))
            if lacking and (agreements(ids) or inputs.office.scope.whole):
                found.append(Lacking(number, day_of(on), form, agreements(ids), lacking))
    return sorted(found, key=lambda one: (one.on, one.number))


def open_findings(inputs: RateInputs) -> list[OpenFinding]:
    """Findings of any year that are open on the day, the longest overdue first, those without a 期限 last."""
    known, today, scope = {one.agreement.number: one for one in inputs.listed}, inputs.office.today, inputs.office.scope
    found = []
    for activity in inputs.finding:
        serving, at = tuple(known[n] for n in activity.agreements if n in known), inputs.found_at(activity)
        if at is None or not (scope.whole or serving or (not at.number and scope.fits(at.district, at.town, ()))):
            continue
        still = (one for one in activity.findings if one.open_on(today))
        found += [OpenFinding(one, activity.number, serving, at, _late(one, today)) for one in still]
    return sorted(found, key=lambda one: (one.late is None, -(one.late or 0), one.finding.id))


def _late(finding: Finding, day: dt.date) -> int | None:
    return None if finding.due_on is None else (day - finding.due_on).days


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
