"""What the board lists as waiting equals what the activity lists say one by one."""

import datetime as dt
import random

import pytest

from yiyu.registry.activities.findings import findings, recheck
from yiyu.registry.activities.listing import ActivityFilter, list_activities
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.steps import ALL_PARTIES, record_step
from yiyu.registry.model import Variant
from yiyu.registry.reports.counting import RateInputs
from yiyu.registry.reports.reporting import asked_period
from yiyu.registry.reports.waiting import lacking_evidence, open_findings
from yiyu.registry.rules.activities import FORMS, Activity, Evidence, Finding
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import add_activity, void_activity
from yiyu.registry.store.agreements import agreement_ids
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.opening import changing


@pytest.fixture
def visited(session: OfficeSession) -> OfficeSession:
    """Two agreements and sixty activities by chance: of every form, with all kinds of evidence, some void, some shared."""
    chance = random.Random(20261122)  # noqa: S311 - the same office every time
    known = {one.name: one for one in all_institutions(session.db, session.today)}
    sides = (("东胜区妇幼保健院", "FY"), ("东胜区兴胜社区卫生服务中心", "JC"))
    requests = [
        DraftRequest(known[name], known["东胜区甲托育中心"], Variant(variant), dt.date(2026, 1, 1), 12)
        for name, variant in sides
    ]
    numbers = [one.number for one in draft_agreements(session, requests).made]
    record_step(session, numbers, "signed", on=dt.date(2026, 1, 1), party=ALL_PARTIES)
    ids = agreement_ids(session.db, numbers)
    with changing(session.db):
        for serial in range(60):
            serving = tuple(chance.sample(numbers, chance.randint(1, 2)))
            kinds = chance.choices(["photo", "sign_in", "material"], k=chance.randint(0, 4))
            due = chance.choice([None, dt.date(2026, 11, 21), dt.date(2026, 11, 22), dt.date(2026, 12, 1)])
            found = (Finding(f"问题{serial}", due_on=due),) if chance.random() < 0.4 else ()
            one = Activity(
                f"HD-{serial}", dt.date(2026, 1, 1) + dt.timedelta(days=chance.randint(0, 330)), chance.choice(FORMS),
                serving, items=tuple(chance.sample(["E01", "F01", "F02"], 2)), findings=found,
                evidence=tuple(Evidence(kind, f"{serial}-{n}", "0" * 64, 1) for n, kind in enumerate(kinds)),
                recorded_at=session.now, actor=session.actor,
            )  # fmt: skip
            key = add_activity(session.db, one, [ids[number] for number in serving])
            if chance.random() < 0.1:
                void_activity(session.db, key, on=dt.date(2026, 6, 1), reason="重复登记")
    return session


def waiting(session: OfficeSession) -> RateInputs:
    return RateInputs(session, asked_period(session, None))


def test_lacking_evidence_is_that_of_the_activity_list(visited: OfficeSession) -> None:
    listed = list_activities(visited, ActivityFilter(lacking=True))
    found = lacking_evidence(waiting(visited))
    assert len(found) > 20
    assert [(one.number, one.lacking) for one in found] == [(one.activity.number, one.lacking) for one in listed]
    assert all(
        {standing.agreement.number for standing in one.agreements} == set(row.activity.agreements)
        for one, row in zip(found, listed, strict=True)
    )


def test_open_findings_are_those_of_the_findings_list(visited: OfficeSession) -> None:
    listed = {one.finding.id: one.state for one in findings(visited, open_only=True)}
    found = open_findings(waiting(visited))
    assert {one.finding.id: one.late is not None and one.late > 0 for one in found} == {
        key: state == "overdue" for key, state in listed.items()
    }
    late = [one.late for one in found if one.late is not None]
    assert late == sorted(late, reverse=True)
    first = found[0].finding.id
    recheck(visited, first, on=visited.today, outcome="已改")
    assert first not in {one.finding.id for one in open_findings(waiting(visited))}


def test_nothing_is_left_to_wait_for_in_an_empty_office(session: OfficeSession) -> None:
    assert (lacking_evidence(waiting(session)), open_findings(waiting(session))) == ([], [])
