"""The calendar file over several exports, read back by icalendar and by khal."""

import datetime as dt
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from yiyu.registry.errors import BadInput
from yiyu.registry.rules.calendars import CalendarEntry, Written, write_calendar

D = dt.date
TODAY = D(2026, 11, 22)
CHINA = dt.timezone(dt.timedelta(hours=8))
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=CHINA)
NOTICE = CalendarEntry(
    "150602-2026-FY-0001.notice@150600.yiyu",
    D(2026, 12, 1),
    "续签通知：东胜区甲托育中心 — 东胜区妇幼保健院，名称很长的时候这一行要折起来",
    "第一行，有逗号；分号\n第二行",
    (D(2026, 11, 18),),
)
WEEK = CalendarEntry(
    "150602-2026-FY-0001.expiring-7@150600.yiyu", D(2026, 12, 24), "7天内到期：某托育中心", "2026-12-31 到期"
)


def write(*entries: CalendarEntry, today: dt.date = TODAY, previous: bytes | None = None) -> Written:
    now = dt.datetime.combine(today, dt.time(9), CHINA)
    return write_calendar(entries, name="提醒", now=now, today=today, previous=previous, where="提醒.ics")


def events(written: Written) -> dict[str, Any]:
    calendar = Calendar.from_ical(written.data)
    assert calendar.errors == []
    found = calendar.walk("VEVENT")
    assert all(event.errors == [] for event in found)
    return {str(event["UID"]): event for event in found}


def rings(event: Any) -> list[dt.timedelta]:
    return [alarm.decoded("TRIGGER") for alarm in event.walk("VALARM")]


def test_an_entry_is_a_whole_day_with_its_text_and_rings_at_nine() -> None:
    event = events(write(NOTICE))[NOTICE.key]
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (D(2026, 12, 1), D(2026, 12, 2))
    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == (NOTICE.title, NOTICE.text)
    assert event.decoded("DTSTAMP") == NOW
    assert event["SEQUENCE"] == 0
    nine = dt.timedelta(hours=9)
    assert rings(event) == [nine - dt.timedelta(days=13), nine]


def test_lines_are_short_end_as_the_standard_says_and_split_no_character() -> None:
    lines = write(NOTICE).data.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    texts = [line.decode() for line in lines]
    assert texts[0] == "BEGIN:VCALENDAR"
    assert not any("\n" in text or text.startswith("METHOD") for text in texts)


def test_exporting_the_same_again_gives_the_same_bytes_on_any_day() -> None:
    first = write(NOTICE, WEEK)
    again = write(WEEK, NOTICE, today=D(2026, 11, 30), previous=first.data)
    assert again.data == first.data
    assert again[1:] == (0, 0, 0, 2)


def test_a_moved_entry_keeps_its_name_and_grows_its_sequence() -> None:
    first = write(NOTICE, WEEK)
    moved = write(replace(NOTICE, day=D(2026, 12, 2)), WEEK, today=D(2026, 11, 25), previous=first.data)
    event = events(moved)[NOTICE.key]
    assert (event["SEQUENCE"], event.decoded("DTSTART")) == (1, D(2026, 12, 2))
    assert event.decoded("DTSTAMP").date() == D(2026, 11, 25)
    assert events(moved)[WEEK.key]["SEQUENCE"] == 0
    assert moved[1:] == (0, 1, 0, 1)


def test_an_entry_that_is_gone_is_cancelled_once_and_rings_no_more() -> None:
    first = write(NOTICE, WEEK)
    ended = write(WEEK, today=D(2026, 11, 25), previous=first.data)
    event = events(ended)[NOTICE.key]
    assert (event["STATUS"], event["SEQUENCE"], rings(event)) == ("CANCELLED", 1, [])
    assert str(event["SUMMARY"]).startswith("（已了结）续签通知")
    assert event.decoded("DTSTART") == NOTICE.day
    assert ended[1:] == (0, 0, 1, 1)
    later = write(WEEK, today=D(2026, 11, 26), previous=ended.data)
    assert later.data == ended.data


def test_a_cancelled_entry_that_comes_back_is_newer_than_its_cancelling() -> None:
    ended = write(previous=write(NOTICE).data)
    back = events(write(NOTICE, today=D(2026, 11, 26), previous=ended.data))[NOTICE.key]
    assert (back["STATUS"], back["SEQUENCE"], str(back["SUMMARY"])) == ("CONFIRMED", 2, NOTICE.title)


def test_a_cancelled_entry_is_forgotten_a_year_after_its_day() -> None:
    ended = write(WEEK, previous=write(NOTICE, WEEK).data)
    assert NOTICE.key in events(write(WEEK, today=D(2027, 12, 2), previous=ended.data))
    assert NOTICE.key not in events(write(WEEK, today=D(2027, 12, 3), previous=ended.data))


def test_what_was_due_before_the_first_export_stands_on_its_day_and_stays_there() -> None:
    late = replace(WEEK, day=D(2026, 10, 1))
    first = write(late)
    assert events(first)[WEEK.key].decoded("DTSTART") == TODAY
    assert write(late, today=D(2026, 12, 25), previous=first.data).data == first.data


@pytest.mark.parametrize(
    ("was", "becomes", "today"),
    [
        (D(2026, 12, 24), D(2026, 11, 20), D(2026, 11, 25)),  # shown for a day to come, now long due
        (D(2026, 12, 1), D(2026, 12, 3), D(2026, 12, 5)),  # shown too early
    ],
)
def test_what_moved_to_a_day_that_has_passed_stands_on_the_day_of_export(
    was: dt.date, becomes: dt.date, today: dt.date
) -> None:
    first = write(replace(WEEK, day=was))
    moved = events(write(replace(WEEK, day=becomes), today=today, previous=first.data))[WEEK.key]
    assert (moved.decoded("DTSTART"), moved["SEQUENCE"]) == (today, 1)


def test_what_comes_back_after_its_day_stands_on_the_day_of_export() -> None:
    ended = write(previous=write(NOTICE).data)
    back = events(write(NOTICE, today=D(2026, 12, 5), previous=ended.data))[NOTICE.key]
    assert back.decoded("DTSTART") == D(2026, 12, 5)


def test_an_entry_whose_day_comes_and_goes_stays_on_it() -> None:
    first = write(WEEK)
    assert write(WEEK, today=D(2027, 1, 5), previous=first.data).data == first.data


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"])
def test_a_file_that_is_no_calendar_of_ours_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="原有的日历文件") as caught:
        write(NOTICE, previous=data)
    assert caught.value.where == "提醒.ics"


def test_another_programs_calendar_is_refused() -> None:
    other = write(NOTICE).data.replace(b"//yiyu//", b"//other//")
    with pytest.raises(BadInput, match="不是 yiyu 写的"):
        write(NOTICE, previous=other)


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        (b"SEQUENCE:0\r\n", b""),
        (b"SEQUENCE:0", b"SEQUENCE:x"),
        (b"20261201\r\nDTEND", b"soon\r\nDTEND"),
        (b"DTSTAMP:20261122T010000Z", b"DTSTAMP:x"),
    ],
)
def test_a_calendar_of_ours_that_was_damaged_is_refused(whole: bytes, broken: bytes) -> None:
    data = write(NOTICE).data
    assert whole in data
    with pytest.raises(BadInput, match="已损坏"):
        write(NOTICE, previous=data.replace(whole, broken))


ENTRIES = st.lists(
    st.builds(
        CalendarEntry,
        st.sampled_from("abcde"),
        st.dates(D(2026, 10, 1), D(2027, 3, 1)),
        st.sampled_from(["甲", "乙"]),
        st.just("文"),
    ),
    unique_by=lambda entry: entry.key,
    max_size=5,
)


@given(st.lists(st.tuples(ENTRIES, st.integers(0, 40)), min_size=1, max_size=6))
def test_over_any_run_of_exports_each_change_grows_the_sequence_and_nothing_vanishes(
    exports: list[tuple[list[CalendarEntry], int]],
) -> None:
    data, today, before = None, D(2026, 10, 1), dict[str, Any]()
    for entries, later in exports:
        today += dt.timedelta(days=later)
        written = write(*entries, today=today, previous=data)
        after = events(written)
        assert before.keys() <= after.keys()
        assert {key for key, event in after.items() if event["STATUS"] == "CONFIRMED"} == {one.key for one in entries}
        for key, event in before.items():
            same = after[key].to_ical() == event.to_ical()
            assert after[key]["SEQUENCE"] == event["SEQUENCE"] + (not same)
        assert write(*entries, today=today, previous=written.data).data == written.data
        data, before = written.data, after


KHAL = """\
[calendars]
[[desk]]
path = {folder}/calendar
[locale]
local_timezone = Asia/Shanghai
default_timezone = Asia/Shanghai
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
timeformat = %H:%M
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
default_calendar = desk
"""


@pytest.mark.skipif(shutil.which("khal") is None, reason="khal is not installed (Debian package khal)")
def test_khal_takes_the_file_then_its_changes_and_its_endings(tmp_path: Path) -> None:
    config = tmp_path / "khal.conf"
    config.write_text(KHAL.format(folder=tmp_path), "utf-8")
    home = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}

    def khal(*arguments: str) -> list[str]:
        done = subprocess.run(
            ["khal", "-c", str(config), *arguments], env=home, capture_output=True, text=True, check=True
        )
        return done.stdout.splitlines()

    def shown(written: Written) -> list[str]:
        (tmp_path / "r.ics").write_bytes(written.data)
        khal("import", "--batch", str(tmp_path / "r.ics"))
        return khal("list", "--day-format", "", "--format", "{start-date} {status}{title}", "2026-11-01", "90d")

    first = write(NOTICE, WEEK)
    assert shown(first) == [f"2026-12-01 CONFIRMED {NOTICE.title}", f"2026-12-24 CONFIRMED {WEEK.title}"]
    moved = write(replace(NOTICE, day=D(2026, 12, 2)), today=D(2026, 11, 25), previous=first.data)
    assert shown(moved) == [f"2026-12-02 CONFIRMED {NOTICE.title}", f"2026-12-24 CANCELLED （已了结）{WEEK.title}"]
