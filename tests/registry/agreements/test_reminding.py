"""Reminders over an office's year, and the calendar file carried from one export to the next."""

import datetime as dt
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.reminding import remind
from yiyu.registry.agreements.renewing import renew
from yiyu.registry.agreements.steps import correct_event, history, record_step
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.institutions.editing import edit_institution
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Variant
from yiyu.registry.rules.reminders import Settings
from yiyu.registry.rules.workdays import is_published, previous_working_day
from yiyu.registry.session import OfficeSession

D = dt.date
UNKNOWN = next(year for year in count(2027) if not is_published(year))
FY, JC = "东胜区妇幼保健院", "东胜区兴胜社区卫生服务中心"
CASES = [
    ("150602-2025-FY-0001", FY, "东胜区甲托育中心", Variant.FY, "2025-12-01", "甲乙"),  # ends 2026-11-30
    ("150602-2026-FY-0001", FY, "东胜区乙托育中心", Variant.FY, "2026-02-01", "甲乙"),  # ends 2027-01-31
    ("150602-2026-JC-0001", JC, "东胜区乙托育中心", Variant.JC, "2026-11-01", "甲"),
    ("150602-2025-JC-0001", JC, "东胜区丙托育中心", Variant.JC, "2025-01-01", "甲乙"),  # ended 2025-12-31
]


@pytest.fixture
def agreed(session: OfficeSession) -> OfficeSession:
    """On 2026-11-22, as seen by hand: one ends in 8 days, one in 70, one waits for 乙 since 1 November, one is over."""
    known = directory(session)
    for number, medical, childcare, variant, start, parties in CASES:
        on = D.fromisoformat(start)
        request = DraftRequest(known.find(medical), known.find(childcare), variant, on, 12)
        assert draft_agreements(replace(session, today=on), [request]).made[0].number == number
        for party in parties:
            for kind in ("signed", "sealed"):
                record_step(session, [number], kind, on=on, party=party)
        if len(parties) == 2:
            record_step(session, [number], "received", on=on)
    return session


def at(session: OfficeSession, day: str) -> OfficeSession:
    return replace(session, today=D.fromisoformat(day), now=f"{day}T09:00:00+08:00")


def test_nobody_is_asked_to_renew_what_renew_refuses(agreed: OfficeSession) -> None:
    soon, over = "150602-2025-FY-0001", "150602-2025-JC-0001"
    for name in ("东胜区甲托育中心", "东胜区丙托育中心"):
        edit_institution(agreed, name, {"closed_on": agreed.today})
    for number in (soon, over):
        with pytest.raises(StepNotAllowed, match="停办"):
            renew(agreed, [number])
    told = {one.agreement.number: one.detail for one in remind(agreed, Settings()).due if one.kind != "evidence"}
    for number in (soon, over):
        assert "已于 2026-11-22 停办，不能续签" in told[number] or "停办；不能续签" in told[number]
        assert "agreement terminate" in told[number]
        assert "尚未续签" not in told[number]
    assert not [one for one in remind(agreed, Settings()).due if one.kind == "notice" and one.agreement.number == soon]


def lines(session: OfficeSession, settings: Settings | None = None) -> list[str]:
    return [f"{one.agreement.number[7:]} {one.step}" for one in remind(session, settings or Settings()).due]


def owed(path: Path) -> dict[str, str]:
    """Entries of what is owed, by day: their texts."""
    events = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    return {
        str(event.decoded("DTSTART")): str(event["DESCRIPTION"])
        for event in events
        if str(event["UID"]).startswith("duty.")
    }


def entries(path: Path) -> dict[str, Any]:
    return {
        str(event["UID"]).split("@")[0][7:]: event
        for event in Calendar.from_ical(path.read_bytes()).walk("VEVENT")
        if not str(event["UID"]).startswith("duty.")
    }


def test_the_list_equals_a_count_by_hand(agreed: OfficeSession) -> None:
    assert lines(agreed) == [
        "2025-JC-0001 expired",
        "2026-JC-0001 unsigned",
        "2025-FY-0001 expiring-30",
        "2026-FY-0001 expiring-90",
    ]
    assert lines(agreed, Settings(steps=(7,), unsigned_days=30)) == ["2025-JC-0001 expired"]


def test_the_last_day_of_2025_is_seen_from_both_sides(agreed: OfficeSession) -> None:
    assert lines(at(agreed, "2025-12-31")) == ["2025-JC-0001 expiring-7"]
    assert lines(at(agreed, "2026-01-01")) == ["2025-JC-0001 expired"]


def test_renewing_ending_and_correcting_silence_and_wake(agreed: OfficeSession) -> None:
    (new,) = renew(agreed, ["150602-2025-FY-0001"]).made
    record_step(agreed, [new.number], "signed", on=agreed.today, party="all")
    record_step(agreed, ["150602-2026-FY-0001"], "terminated", on=agreed.today, note="搬迁")
    record_step(agreed, ["150602-2026-JC-0001"], "voided", on=agreed.today, note="写错")
    assert lines(agreed) == ["2025-JC-0001 expired"]
    correct_event(agreed, "150602-2026-FY-0001", history(agreed, "150602-2026-FY-0001")[-1].id, note="没有解除")
    assert lines(agreed) == ["2025-JC-0001 expired", "2026-FY-0001 expiring-90"]


def test_a_signature_taken_back_counts_from_the_drafting(agreed: OfficeSession) -> None:
    wrong = next(event for event in history(agreed, "150602-2026-JC-0001") if event.kind == "signed")
    correct_event(agreed, "150602-2026-JC-0001", wrong.id, note="看错")
    (one,) = [one for one in remind(agreed, Settings()).due if one.step == "unsigned"]
    assert "自 2026-11-01 起未签齐，还差甲、乙方签字" in one.detail


def test_a_draft_of_a_renewal_silences_nothing_and_is_named(agreed: OfficeSession) -> None:
    (new,) = renew(agreed, ["150602-2025-FY-0001"]).made
    (one,) = [one for one in remind(agreed, Settings()).due if one.step == "expiring-30"]
    assert one.detail == f"2026-11-30 到期，已起草续签 {new.number}，未签"
    found = {one.agreement.number: one for one in remind(at(agreed, "2026-12-01"), Settings()).due}
    assert found["150602-2025-FY-0001"].detail.startswith(
        f"已于 2026-11-30 到期，已起草续签 {new.number}，未签；请催签"
    )
    record_step(agreed, [new.number], "voided", on=agreed.today, note="写错")
    (one,) = [one for one in remind(agreed, Settings()).due if one.step == "expiring-30"]
    assert one.detail == "2026-11-30 到期，尚未续签"


def test_a_renewal_is_chased_like_any_unsigned_one(agreed: OfficeSession) -> None:
    (new,) = renew(agreed, ["150602-2025-FY-0001"]).made
    assert f"{new.number[7:]} unsigned" in lines(at(agreed, "2026-12-07"))


def test_the_calendar_holds_what_is_due_and_what_lies_ahead(agreed: OfficeSession, tmp_path: Path) -> None:
    done = remind(agreed, Settings(), tmp_path / "r.ics")
    assert done.due == remind(agreed, Settings()).due
    found = {key: str(event.decoded("DTSTART")) for key, event in entries(tmp_path / "r.ics").items()}
    assert found == {
        "2025-JC-0001.expired": "2026-11-22",
        "2026-JC-0001.unsigned": "2026-11-22",
        "2025-FY-0001.expiring-30": "2026-11-22",
        "2025-FY-0001.expiring-7": "2026-11-23",
        "2026-FY-0001.expiring-90": "2026-11-22",
        "2026-FY-0001.expiring-60": "2026-12-02",
        "2026-FY-0001.expiring-30": "2026-12-31",  # 30 days before is New Year's Day
        "2026-FY-0001.expiring-7": str(previous_working_day(D(2027, 1, 24), ()).day),
        "2026-FY-0001.notice": "2026-12-31",
    }


def test_what_agreements_ask_for_stands_in_the_calendar_on_its_last_working_day(
    agreed: OfficeSession, tmp_path: Path
) -> None:
    remind(agreed, Settings(), tmp_path / "r.ics")
    found = owed(tmp_path / "r.ics")
    rows = [row for row in duty_rows(agreed) if row.number and row.state in ("due", "not_yet")]
    assert set(found) == {str(previous_working_day(row.due_by, ()).day) for row in rows} == {"2026-11-30", "2026-12-31"}
    assert all(f"{row.institution}：{row.title}" in "".join(found.values()) for row in rows)


def test_renewing_cancels_in_the_calendar_and_a_second_export_changes_nothing(
    agreed: OfficeSession, tmp_path: Path
) -> None:
    path = tmp_path / "r.ics"
    remind(agreed, Settings(), path)
    (new,) = renew(agreed, ["150602-2025-FY-0001"]).made
    done = remind(at(agreed, "2026-11-23"), Settings(), path).calendar
    assert done is not None
    # The renewal is to be signed, the next step of the old one names it, the one before is over; two days on which visits
    # and trainings are owed.
    assert done[1:] == (1, 1, 1, 7 + 2)
    record_step(agreed, [new.number], "signed", on=agreed.today, party="all")
    done = remind(at(agreed, "2026-11-23"), Settings(), path).calendar
    assert done is not None
    over = {key for key, event in entries(path).items() if event["STATUS"] == "CANCELLED"}
    assert {"2025-FY-0001.expiring-30", "2025-FY-0001.expiring-7"} <= over
    before = path.read_bytes()
    remind(at(agreed, "2026-11-24"), Settings(), path)
    assert path.read_bytes() == before


def test_a_year_table_moves_the_dates_and_the_calendar_follows(agreed: OfficeSession, tmp_path: Path) -> None:
    path = tmp_path / "r.ics"
    end = next(day for n in range(20, 27) if (day := D(UNKNOWN, 6, n)).weekday() == 4)
    known = directory(agreed)
    request = DraftRequest(
        known.find("鄂托克旗妇幼保健院"), known.find("鄂托克前旗丁托育中心"), Variant.FY, D(UNKNOWN, 1, 1), 6, end
    )
    (made,) = draft_agreements(agreed, [request]).made
    record_step(agreed, [made.number], "signed", on=agreed.today, party="all")
    remind(agreed, Settings(), path)
    key = f"{made.number[7:]}.expiring-7"
    before = entries(path)[key]
    assert "仅按周末推算" in str(before["DESCRIPTION"])
    off = [
        f"[{UNKNOWN}-{span}]"
        for span in (f"01-01, {UNKNOWN}-01-03", f"05-01, {UNKNOWN}-05-05", f"10-01, {UNKNOWN}-10-07")
    ]
    friday = end - dt.timedelta(days=7)
    table = agreed.workspace.root / f"holidays-{UNKNOWN}.toml"
    table.write_text(f"off = [{', '.join(off)}, {friday}]\n", "utf-8")
    remind(agreed, Settings(), path)
    after = entries(path)[key]
    assert (before.decoded("DTSTART"), after.decoded("DTSTART")) == (friday, friday - dt.timedelta(days=1))
    assert after["SEQUENCE"] == 1
    assert "仅按周末推算" not in str(after["DESCRIPTION"])


def test_a_faulty_year_table_is_named(agreed: OfficeSession) -> None:
    (agreed.workspace.root / "holidays-2026.toml").write_text("off = [2025-05-01]", "utf-8")
    with pytest.raises(BadInput, match=r"2025-05-01 不属于.*holidays-2026.toml"):
        remind(agreed, Settings())


def test_a_calendar_that_is_not_ours_is_left_alone(agreed: OfficeSession, tmp_path: Path) -> None:
    path = tmp_path / "家.ics"
    path.write_bytes(b"BEGIN:VCALENDAR\r\nPRODID:-//home//\r\nEND:VCALENDAR\r\n")
    with pytest.raises(BadInput, match=r"家\.ics"):
        remind(agreed, Settings(), path)
    assert b"home" in path.read_bytes()


def test_an_empty_office_has_nothing_to_do(session: OfficeSession) -> None:
    assert remind(session, Settings()).due == ()
