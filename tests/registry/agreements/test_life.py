"""Signing, listing and renewing, with counts made by hand."""

import datetime as dt
from dataclasses import replace

import msgspec
import pytest

from yiyu.registry.activities.adding import add
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.listing import AgreementFilter, Conflict, find_conflicts, list_agreements, show_agreement
from yiyu.registry.agreements.renewing import renew
from yiyu.registry.agreements.steps import correct_event, history, record_step
from yiyu.registry.errors import BadInput, NotFound, StepNotAllowed
from yiyu.registry.institutions.editing import edit_institution
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Variant
from yiyu.registry.reports.reporting import rate_rows
from yiyu.registry.rules.activities import Activity
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.events import broken_links, events_of

# Today is 2026-11-22. number, childcare, start, signed by, then what the lists must say
FY, JC = "东胜区妇幼保健院", "东胜区兴胜社区卫生服务中心"
CASES = [
    ("150602-2025-FY-0001", FY, "东胜区甲托育中心", Variant.FY, "2025-12-01", "甲乙"),  # ends 2026-11-30: 8 days
    ("150602-2026-FY-0001", FY, "东胜区乙托育中心", Variant.FY, "2026-02-01", "甲乙"),  # ends 2027-01-31: 70 days
    ("150602-2026-JC-0001", JC, "东胜区甲托育中心", Variant.JC, "2026-06-01", "甲乙"),  # ends 2027-05-31: 190 days
    ("150602-2026-JC-0002", JC, "东胜区乙托育中心", Variant.JC, "2026-11-01", "甲"),
    ("150602-2025-JC-0001", JC, "东胜区丙托育中心", Variant.JC, "2025-01-01", "甲乙"),  # ended 2025-12-31
    ("150602-2026-FY-0002", FY, "东胜区丙托育中心", Variant.FY, "2026-11-01", ""),
]


@pytest.fixture
def signed(session: OfficeSession) -> OfficeSession:
    known = directory(session)
    for number, medical, childcare, variant, start, parties in CASES:
        on = dt.date.fromisoformat(start)
        request = DraftRequest(known.find(medical), known.find(childcare), variant, on, 12)
        assert draft_agreements(replace(session, today=on), [request]).made[0].number == number
        for party in parties:
            record_step(session, [number], "signed", on=on, party=party)
    return session


def numbers(session: OfficeSession, **wanted: object) -> list[str]:
    return [one.agreement.number for one in list_agreements(session, AgreementFilter(**wanted))]  # type: ignore[arg-type]


def test_the_lists_equal_a_count_by_hand(signed: OfficeSession) -> None:
    assert numbers(signed, unsigned=True) == ["150602-2026-FY-0002", "150602-2026-JC-0002"]
    assert numbers(signed, expiring=7) == []
    assert numbers(signed, expiring=8) == ["150602-2025-FY-0001"]
    assert numbers(signed, expiring=90) == ["150602-2025-FY-0001", "150602-2026-FY-0001"]
    assert numbers(signed, expired=True) == ["150602-2025-JC-0001"]
    assert numbers(signed, in_force=True) == ["150602-2025-FY-0001", "150602-2026-FY-0001", "150602-2026-JC-0001"]
    assert numbers(signed, district="150624") == []
    assert numbers(signed, variant=Variant.JC, in_force=True) == ["150602-2026-JC-0001"]


def test_a_past_day_is_listed_as_it_was(signed: OfficeSession) -> None:
    then = replace(signed, today=dt.date(2026, 1, 15))
    assert numbers(then) == ["150602-2025-FY-0001", "150602-2025-JC-0001"]
    assert numbers(then, expired=True) == ["150602-2025-JC-0001"]
    assert numbers(replace(signed, today=dt.date(2025, 12, 31)), in_force=True) == [
        "150602-2025-FY-0001",
        "150602-2025-JC-0001",
    ]


def test_void_and_terminated_ones_are_not_unsigned_and_not_in_force(signed: OfficeSession) -> None:
    record_step(signed, ["150602-2026-FY-0002"], "voided", on=signed.today, note="写错")
    record_step(signed, ["150602-2026-JC-0001"], "terminated", on=signed.today, note="搬迁")
    assert numbers(signed, unsigned=True) == ["150602-2026-JC-0002"]
    assert "150602-2026-JC-0001" not in numbers(signed, in_force=True)


def test_a_step_for_many_is_written_for_all_or_none(signed: OfficeSession) -> None:
    before = events_of(signed.db, load_agreements(signed.db)[5].id)
    with pytest.raises(StepNotAllowed, match="甲方已于 2026-06-01 签字"):
        record_step(signed, ["150602-2026-FY-0002", "150602-2026-JC-0001"], "signed", on=signed.today, party="甲")
    assert events_of(signed.db, load_agreements(signed.db)[5].id) == before


def test_all_means_each_party_that_has_not_yet(signed: OfficeSession) -> None:
    done = record_step(signed, ["150602-2026-JC-0002"], "signed", on=signed.today, party="all")
    assert [one.party for one in done] == ["乙"]
    with pytest.raises(StepNotAllowed, match="已于"):
        record_step(signed, ["150602-2026-JC-0002"], "signed", on=signed.today, party="all")


def test_a_day_that_has_not_come_is_refused(signed: OfficeSession) -> None:
    with pytest.raises(BadInput, match="还没有到"):
        record_step(signed, ["150602-2026-FY-0002"], "signed", on=dt.date(2026, 11, 23), party="甲")


def test_an_unknown_number_is_named_with_the_nearest(signed: OfficeSession) -> None:
    with pytest.raises(NotFound, match="150602-2026-FY-0002"):
        show_agreement(signed, "150602-2026-FY-0003")


def test_a_correction_is_an_event_and_the_wrong_one_stays_visible(signed: OfficeSession) -> None:
    number = "150602-2026-JC-0002"
    wrong = history(signed, number)[-1]
    correct_event(signed, number, wrong.id, note="是另一份")
    assert [e.kind for e in history(signed, number)] == ["drafted", "signed", "corrected"]
    assert show_agreement(signed, number).standing.state.signing == "draft"
    with pytest.raises(StepNotAllowed):
        correct_event(signed, number, wrong.id, note="再来一次")
    record_step(signed, [number], "signed", on=signed.today, party="甲")


def test_renewing_goes_on_the_day_after_with_todays_facts(signed: OfficeSession) -> None:
    edit_institution(signed, "东胜区甲托育中心", {"name": "东胜区甲新托育中心"})
    config = msgspec.structs.replace(signed.workspace.config, service_mode="both")
    office = replace(signed, workspace=msgspec.structs.replace(signed.workspace, config=config))
    (new,) = renew(office, ["150602-2025-FY-0001"]).made
    assert new.mode == "visit"
    assert (new.renews, new.starts_on, new.ends_on) == (
        "150602-2025-FY-0001",
        dt.date(2026, 12, 1),
        dt.date(2027, 11, 30),
    )
    assert new.parties[1].facts.name == "东胜区甲新托育中心"
    old = show_agreement(signed, "150602-2025-FY-0001")
    assert old.agreement.parties[1].facts.name == "东胜区甲托育中心"
    assert (old.standing.renewed_by, old.standing.renewal_draft) == ("", new.number)
    assert old.standing.renewal == f"已起草续签 {new.number}，未签"


def test_a_draft_renews_nothing_until_the_last_party_has_signed(signed: OfficeSession) -> None:
    old, waiting = "150602-2025-FY-0001", ["150602-2025-FY-0001", "150602-2026-FY-0001"]
    (new,) = renew(signed, [old]).made
    assert numbers(signed, expiring=90) == waiting
    record_step(signed, [new.number], "signed", on=signed.today, party="甲")
    assert numbers(signed, expiring=90) == waiting
    later = replace(signed, today=dt.date(2026, 12, 5))  # five days after the end of the old one
    assert old in numbers(later, expired=True)
    record_step(later, [new.number], "signed", on=later.today, party="乙")
    assert numbers(signed, expiring=90) == waiting  # on 22 November it was still to be signed
    assert old not in numbers(later, expired=True)
    after = show_agreement(later, old).standing
    assert (after.force, after.renewed_by, after.renewal_draft) == ("renewed", new.number, "")
    assert after.renewal == f"已由 {new.number} 续签，中断 4 天"
    assert find_conflicts(later) == [Conflict("gap", old, new.number, dt.date(2026, 12, 1), dt.date(2026, 12, 4), 4)]


def test_the_renewal_rate_counts_what_was_signed_by_the_last_day(signed: OfficeSession) -> None:
    """Four drafts of renewals: signed before the end, on its day, a day after it, and not at all."""
    chosen = ["150602-2025-JC-0001", "150602-2025-FY-0001"]
    cases = {"2025-12-30": True, "2025-12-31": True, "2026-01-01": False, "": False}
    (new,) = renew(replace(signed, today=dt.date(2025, 12, 1)), chosen[:1]).made
    for on, counts in cases.items():
        if on:
            record_step(signed, [new.number], "signed", on=dt.date.fromisoformat(on), party="all")
        (unit,) = rate_rows(replace(signed, today=dt.date(2026, 1, 31)), "renewed", period="2025Q4")
        assert (unit.number, unit.counts) == (chosen[0], counts), on
        for wrong in [one.id for one in history(signed, new.number) if one.kind == "signed"][-2:] if on else []:
            correct_event(signed, new.number, wrong, note="试另一天")
    assert rate_rows(replace(signed, today=dt.date(2026, 1, 31)), "renewed", period="2026Q1") == []


def test_a_whole_season_is_renewed_at_once_and_never_twice(signed: OfficeSession) -> None:
    planned = renew(signed, expiring=90, dry_run=True)
    done = renew(signed, expiring=90)
    assert [(a.number, a.renews) for a in planned.made] == [(a.number, a.renews) for a in done.made]
    assert len(done.made) == 2
    again = renew(signed, expiring=90)
    assert (again.made, again.failed) == ((), ())
    with pytest.raises(StepNotAllowed, match="已起草续签"):
        renew(signed, ["150602-2025-FY-0001"])


def test_an_unsigned_one_is_not_renewed(signed: OfficeSession) -> None:
    with pytest.raises(StepNotAllowed, match="未生效"):
        renew(signed, ["150602-2026-FY-0002"])


def test_the_event_chain_holds_and_names_the_first_altered_event(signed: OfficeSession) -> None:
    assert list(broken_links(signed.db)) == []
    signed.db.execute("DROP TRIGGER events_no_update")
    signed.db.execute("UPDATE events SET on_date = '2020-01-01' WHERE id = 3")
    assert next(broken_links(signed.db)) == 3


@pytest.mark.parametrize("statement", ["UPDATE events SET note = 'x'", "DELETE FROM events"])
def test_events_cannot_be_altered_or_deleted(signed: OfficeSession, statement: str) -> None:
    with pytest.raises(Exception, match="append-only"):
        signed.db.execute(statement)


def test_a_visit_is_not_corrected_away_but_voided(signed: OfficeSession) -> None:
    number = "150602-2026-FY-0001"
    add(signed, Activity("", signed.today, "培训讲座", (number,)))
    served = next(event for event in history(signed, number) if event.kind == "served")
    with pytest.raises(StepNotAllowed, match="activity void"):
        correct_event(signed, number, served.id, note="写错")
