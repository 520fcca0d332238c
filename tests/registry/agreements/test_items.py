"""Claims about the service list of one agreement: edited from a day on, kept in versions, known as it was known."""

import datetime as dt
from dataclasses import replace

import pytest

from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.items import ItemEdit, edit_items, item_history, listed_items
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.agreements.steps import correct_event, record_step
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Variant
from yiyu.registry.reports.reporting import report_rates
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import broken_links
from yiyu.registry.store.item_lists import list_faults
from yiyu.registry.store.moments import as_known_on

D = dt.date
SIGN = {"done": "+", "missed": "-", "due": "?", "not_yet": ".", "late": "~", "waived": "w", "exempt": "x"}
QUARTERLY, TWICE = {"F01": (1, "quarter")}, {"F01": (2, "quarter")}
OFF = ItemEdit(untick=["F01"])


def at(session: OfficeSession, day: str) -> OfficeSession:
    return replace(session, today=D.fromisoformat(day), now=f"{day}T09:00:00+08:00")


@pytest.fixture
def draft(session: OfficeSession) -> str:
    """A draft of the year 2026; today is 2026-11-22."""
    session.db.execute("UPDATE institution_facts SET recorded_at = '2025-12-01T09:00:00+08:00'")
    known = directory(session)
    sides = known.find("东胜区兴胜社区卫生服务中心"), known.find("东胜区甲托育中心")
    request = DraftRequest(*sides, Variant.JC, D(2026, 1, 1), 12)
    return draft_agreements(at(session, "2025-12-01"), [request]).made[0].number


@pytest.fixture
def signed(session: OfficeSession, draft: str) -> str:
    record_step(at(session, "2026-01-01"), [draft], "signed", on=D(2026, 1, 1), party="all")
    return draft


def quarters(session: OfficeSession, number: str, duty: str = "visit") -> str:
    rows = {row.period[4:]: row for row in duty_rows(session, numbers=[number], year=2026) if row.duty == duty}
    return " ".join(f"{SIGN[rows[p].state]}{rows[p].needed}" if p in rows else "_" for p in ("Q1", "Q2", "Q3", "Q4"))


# the change, from which day, the visits of the four quarters of 2026 as of 2026-11-22 (nobody visited): state and times
CASES = [
    ("none", ItemEdit(), None, "-1 -1 -1 ?1"),
    ("twice from the third quarter on", ItemEdit(frequency=TWICE), "2026-07-01", "-1 -1 -2 ?2"),
    ("twice from the middle: the list of most days owes", ItemEdit(frequency=TWICE), "2026-08-16", "-1 -1 -1 ?2"),
    ("of two that hold as long, the earlier", ItemEdit(frequency=TWICE), "2026-08-16", "-1 -1 -1 ?2"),
    ("one day more, and the later owes", ItemEdit(frequency=TWICE), "2026-08-15", "-1 -1 -2 ?2"),
    ("given up from the third quarter on", OFF, "2026-07-01", "-1 -1 x1 x1"),
    ("given up within a quarter: from that day not owed", OFF, "2026-09-20", "-1 -1 x1 x1"),
    ("from the first day", OFF, "2026-01-01", "x1 x1 x1 x1"),
    ("from the last day", OFF, "2026-12-31", "-1 -1 -1 ?1"),
]


@pytest.mark.parametrize(("what", "edit", "day", "expected"), CASES, ids=[case[0] for case in CASES])
def test_before_the_day_the_old_list_owes_and_from_it_the_new(
    session: OfficeSession, signed: str, what: str, edit: ItemEdit, day: str | None, expected: str
) -> None:
    edit_items(session, signed, edit, from_day=D.fromisoformat(day) if day else None)
    assert quarters(session, signed) == expected, what


def test_what_is_given_up_says_from_which_day(session: OfficeSession, signed: str) -> None:
    edit_items(session, signed, OFF, from_day=D(2026, 9, 20))
    (row,) = [row for row in duty_rows(session, numbers=[signed], period="2026Q3") if row.duty == "visit"]
    assert row.reason == "服务项目清单自 2026-09-20 起不再勾选这一项，其后不再计"
    (due,) = [
        r for r in duty_rows(session, numbers=[signed], period="2026Q3", as_of=D(2026, 9, 19)) if r.duty == "visit"
    ]
    assert due.state == "due"


def test_an_item_taken_up_later_is_a_duty_from_its_day(session: OfficeSession, signed: str) -> None:
    code = next(item.code for item in listed_items(session, signed).items if not item.selected)
    assert [row for row in duty_rows(session, numbers=[signed]) if row.duty == code] == []
    edit_items(session, signed, ItemEdit([code], frequency={code: (1, "month")}), from_day=D(2026, 10, 1))
    rows = [row for row in duty_rows(session, numbers=[signed]) if code in row.items]
    assert [(row.period, row.state) for row in rows] == [
        ("2026-10", "missed"), ("2026-11", "due"), ("2026-12", "not_yet"),
    ]  # fmt: skip


def test_rates_count_what_the_list_of_the_day_asks_for(session: OfficeSession, signed: str) -> None:
    edit_items(session, signed, ItemEdit(frequency=TWICE), from_day=D(2026, 7, 1))
    rows = [report_rates(session, period=period)[0][-1] for period in ("2026Q2", "2026Q3")]
    assert [row.rates["visits"].denominator for row in rows] == [1, 2]


def test_until_somebody_signs_an_edit_holds_from_the_first_day_and_after_that_from_today(
    session: OfficeSession, draft: str
) -> None:
    assert edit_items(session, draft, ItemEdit(frequency=TWICE)).since == D(2026, 1, 1)
    record_step(session, [draft], "signed", on=session.today, party="甲")
    done = edit_items(session, draft, ItemEdit(untick=["F01"]))
    assert (done.since, done.signed, done.agreement.list_version) == (session.today, True, 3)


def test_an_edit_is_a_version_and_an_event_that_says_who_when_and_what(session: OfficeSession, signed: str) -> None:
    edit_items(session, signed, ItemEdit(frequency=TWICE), from_day=D(2026, 7, 1), note="补1")
    (event,) = item_history(session, signed)
    assert (event.on, event.actor, event.recorded_at) == (D(2026, 7, 1), session.actor, session.now)
    assert event.note == "F01频次：每季度1次 → 每季度2次；补1"
    assert [listed_items(session, signed, D(2026, m, 30)).list_version for m in (6, 7)] == [1, 2]
    with pytest.raises(StepNotAllowed, match="agreement items"):
        correct_event(session, signed, event.id, note="错")
    assert list_agreements(replace(session, today=D(2025, 11, 30)), AgreementFilter()) == []


def test_nothing_to_change_makes_no_version(session: OfficeSession, signed: str) -> None:
    assert edit_items(session, signed, ItemEdit(["F01"])).changes == ()
    assert item_history(session, signed) == []


def test_an_earlier_day_entered_later_holds_until_the_next_list_and_says_so(
    session: OfficeSession, signed: str
) -> None:
    edit_items(session, signed, ItemEdit(frequency=TWICE), from_day=D(2026, 7, 1))
    done = edit_items(session, signed, OFF, from_day=D(2026, 4, 1))
    assert done.later == (D(2026, 7, 1),)
    assert quarters(session, signed) == "-1 x1 -2 ?2"


@pytest.mark.parametrize(
    ("edit", "day", "said"),
    [
        (ItemEdit(["F99"]), None, "清单里没有“F99”"),
        (ItemEdit(["F01"], ["F01"]), None, "既要勾选又要取消"),
        (OFF, "2025-12-31", "不在协议期限"),
        (OFF, "2027-01-01", "不在协议期限"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_and_changes_nothing(
    session: OfficeSession, signed: str, edit: ItemEdit, day: str | None, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        edit_items(session, signed, edit, from_day=D.fromisoformat(day) if day else None)
    assert item_history(session, signed) == []


def test_the_list_of_what_is_over_is_not_edited(session: OfficeSession, draft: str) -> None:
    record_step(session, [draft], "voided", on=session.today, note="写错")
    with pytest.raises(StepNotAllowed, match="作废或解除"):
        edit_items(session, draft, OFF)


def test_what_was_known_of_a_list_is_one_day_away(session: OfficeSession, signed: str) -> None:
    edit_items(at(session, "2026-08-01"), signed, ItemEdit(frequency=TWICE), from_day=D(2026, 7, 1))
    asked = at(session, "2026-09-30")
    told = {}
    for known in ("2026-07-31", "2026-08-01"):
        with as_known_on(session.db, D.fromisoformat(known)):
            told[known] = quarters(asked, signed), listed_items(asked, signed).list_version
    assert told == {"2026-07-31": ("-1 -1 ?1 .1", 1), "2026-08-01": ("-1 -1 ?2 .2", 2)}


def test_the_lists_are_what_the_events_make_of_the_first(session: OfficeSession, signed: str) -> None:
    edit_items(session, signed, ItemEdit(frequency=TWICE), from_day=D(2026, 7, 1))
    edit_items(session, signed, OFF, from_day=D(2026, 4, 1))
    assert (list_faults(session.db), list(broken_links(session.db))) == ([], [])
    session.db.execute("UPDATE items SET item = replace(item, '\"times\":2', '\"times\":3') WHERE list_version = 2")
    assert list_faults(session.db) == [signed]


def test_a_list_that_no_event_tells_of_is_a_fault(session: OfficeSession, signed: str) -> None:
    session.db.execute("INSERT INTO items SELECT agreement_id, 2, seq, item, '2026-07-01', 'x' FROM items")
    assert list_faults(session.db) == [signed]
