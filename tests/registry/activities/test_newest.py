"""The newest activities a page at a time, and what the next visit is likely to be: the same as the whole list tells."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from build import TODAY, opened

from yiyu.registry.activities.adding import add, void
from yiyu.registry.activities.listing import ActivityFilter, list_activities, newest_page
from yiyu.registry.activities.remembering import likely_visit
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.rules.activities import Activity, Person
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession

_ANNA, _BO = Person("额尔敦某", department="儿童保健科", title="医师"), Person("李某某")


@pytest.fixture
def recorded(office: Path) -> Path:
    """Visits of two days under three agreements, one of them void, and an inspection of no agreement."""
    with opened(office) as session:
        numbers = [one.agreement.number for one in list_agreements(session, AgreementFilter(in_force=True))][:3]
        name = list_agreements(session, AgreementFilter(in_force=True))[0].agreement.childcare.facts.name
        for ago, number in ((5, numbers[0]), (4, numbers[0]), (4, numbers[1]), (3, numbers[2])):
            day = TODAY - dt.timedelta(days=ago)
            people = (_ANNA,) if ago == 4 else (_ANNA, _BO)
            done = add(session, Activity("", day, "上门指导", (number,), people=people, place=f"{ago} 号房"))
        void(session, done.listed.activity.number, reason="记错了")
        add(session, Activity("", TODAY, "监督检查", ()), institutions=[name])
    return office


def _own(session: OfficeSession) -> set[int] | None:
    return None if session.scope.whole else {one.agreement.id for one in list_agreements(session, AgreementFilter())}


@pytest.mark.parametrize("district", ["", "150602", "150621"])
@pytest.mark.parametrize(
    "wanted",
    [
        ActivityFilter(),
        ActivityFilter(voided=True),
        ActivityFilter(form="监督检查"),
        ActivityFilter(person="李某某"),
        ActivityFilter(first=TODAY - dt.timedelta(days=4), last=TODAY - dt.timedelta(days=3)),
    ],
)
def test_pages_hold_what_the_list_holds_the_newest_first(recorded: Path, wanted: ActivityFilter, district: str) -> None:
    with opened(recorded) as whole:
        session = replace(whole, scope=Scope(district))
        every = [one.activity.number for one in reversed(list_activities(session, wanted))]
        found = [newest_page(session, wanted, 1, skip, _own(session)) for skip in range(len(every))]
        assert [rows[0].activity.number for rows, _ in found] == every
        assert {total for _, total in found} <= {len(every)}
        assert newest_page(session, wanted, 50, 0, _own(session))[1] == len(every)


def test_a_page_of_one_institution_holds_what_had_part_in_it(recorded: Path) -> None:
    with opened(recorded) as session:
        one = list_agreements(session, AgreementFilter(in_force=True))[0].agreement.childcare.institution_id
        wanted = ActivityFilter(institution=one)
        rows, total = newest_page(session, wanted, 50, 0)
        assert {row.activity.number for row in rows} == {
            row.activity.number for row in list_activities(session, wanted)
        }
        assert total == len(rows) > 1


def test_the_next_visit_is_offered_as_the_last_one_was(recorded: Path) -> None:
    with opened(recorded) as session:
        agreement = list_agreements(session, AgreementFilter(in_force=True))[0].agreement
        likely = likely_visit(session, [agreement.number])
    assert likely.last is not None
    assert (likely.last.on, likely.last.place) == (TODAY - dt.timedelta(days=4), "4 号房")
    assert [one.name for one in likely.people] == ["额尔敦某"]
    assert [one.name for one in likely.others] == ["李某某"]
    assert likely.items
    assert {one.agreement.childcare.institution_id for one in likely.beside} <= {agreement.childcare.institution_id}
