"""What is to be done, as ``remind`` tells it: with other settings, as workbook, calendar and text."""

from collections.abc import Callable
from pathlib import Path

from build import opened
from desk_browser import Browser

from yiyu.registry.agreements.reminding import remind
from yiyu.registry.rules.reminders import Settings


def test_the_list_is_that_of_remind_under_the_settings_asked_for(desk: Browser, office: Path) -> None:
    settings = Settings(steps=(300,), unsigned_days=1, evidence_days=1)
    with opened(office) as session:
        usual, asked = remind(session, Settings()), remind(session, settings)
    assert len(usual.due) != len(asked.due)
    assert f"共 {len(usual.due)} 件" in desk.get("/reminders")
    page = desk.get("/reminders?steps=300&unsigned_days=1&evidence_days=1")
    assert f"共 {len(asked.due)} 件" in page
    assert f"共 {len(asked.due)} 件" in desk.get("/reminders/text?steps=300&unsigned_days=1&evidence_days=1")


def test_settings_that_are_none_are_refused_in_words(desk: Browser) -> None:
    answer = desk.client.get("/reminders?steps=abc")
    assert answer.status_code == 422
    assert "不是天数" in answer.text


def test_a_workbook_and_a_calendar_are_fetched(desk: Browser) -> None:
    assert desk.client.get("/reminders/export").content.startswith(b"PK")
    calendar = desk.client.get("/reminders/calendar").content.decode()
    assert calendar.startswith("BEGIN:VCALENDAR")
    assert "BEGIN:VEVENT" in calendar


def test_of_another_district_nothing_is_reminded(staffed: Callable[..., Browser], office: Path) -> None:
    with opened(office) as session:
        due = remind(session, Settings(unsigned_days=1, evidence_days=1)).due
    numbers = {one.agreement.district: one.agreement.number for one in due}
    own, other = sorted(numbers)[:2]
    page = staffed("clerk", district=own).get("/reminders?unsigned_days=1&evidence_days=1")
    assert numbers[own] in page
    assert numbers[other] not in page
