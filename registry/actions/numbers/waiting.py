"""What waits for somebody on the desk's day and is no rate: evidence that lacks, findings not put right."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from yiyu.registry.actions.activities.listing import TRAINING
from yiyu.registry.actions.numbers.counting import Office
from yiyu.registry.activities import Activity, Evidence, Finding
from yiyu.registry.packs import load_pack
from yiyu.registry.reports import Standing
from yiyu.registry.store.activities import load_activities
from yiyu.registry.store.activity_marks import evidence_marks, with_findings


@dataclass(frozen=True, slots=True)
class Lacking:
    """An activity of the year whose evidence is not whole; ``agreements`` as of the day."""

    number: str
    on: dt.date
    form: str
    agreements: tuple[Standing, ...]
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding nobody has yet seen put right; ``late`` are the days since its 期限, negative before it, None without."""

    finding: Finding
    activity: str
    agreements: tuple[Standing, ...]
    late: int | None


def lacking_evidence(office: Office) -> list[Lacking]:
    """Activities of the year up to the day that lack what :meth:`Activity.lacking` asks for, oldest first."""
    known = {one.agreement.id: one for one in office.standings}

    @cache
    def trainings(pack: str) -> frozenset[str]:
        entries = load_pack(pack, office=office.desk.workspace.templates).catalogue
        return frozenset(entry.key for entry in entries if entry.mode == TRAINING)

    @cache
    def lacks(form: str, kinds: str, items: str, packs: frozenset[str]) -> tuple[str, ...]:
        evidence = tuple(Evidence(kind, "", "", 0) for kind in _parts(kinds))
        one = Activity("", office.desk.today, form, (), _parts(items), evidence=evidence)
        return one.lacking({code for pack in packs for code in trainings(pack)})

    packs_of = cache(lambda ids: frozenset(known[key].agreement.pack for key in ids if key in known))
    found = []
    first = dt.date(office.period.year, 1, 1)
    for mark in evidence_marks(office.desk.db, first, office.desk.today):
        ids = tuple(map(int, _parts(mark.agreements)))
        lacking = lacks(mark.form, mark.kinds, mark.items, packs_of(ids))
        if lacking:
            serving = tuple(known[key] for key in ids if key in known)
            found.append(Lacking(mark.number, dt.date.fromisoformat(mark.on), mark.form, serving, lacking))
    return found


def open_findings(office: Office) -> list[OpenFinding]:
    """Findings of any year that are open on the day, the longest overdue first, those without a 期限 last."""
    known, today = {one.agreement.number: one for one in office.standings}, office.desk.today
    ids = with_findings(office.desk.db, dt.date.min, today)
    found = [
        OpenFinding(one, activity.number, tuple(known[n] for n in activity.agreements if n in known), _late(one, today))
        for activity in load_activities(office.desk.db, ids=ids, voided=True)
        for one in activity.findings
        if one.open_on(today)
    ]
    return sorted(found, key=lambda one: (one.late is None, -(one.late or 0), one.finding.id))


def _late(finding: Finding, day: dt.date) -> int | None:
    return None if finding.due_on is None else (day - finding.due_on).days


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
