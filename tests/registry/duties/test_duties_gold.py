"""Duties of S0 and S4 worked out by hand. Each line of a table is one agreement, what was done, and how each period stands.

``+`` done, ``-`` missed, ``?`` due, ``.`` not yet, ``~`` late, ``w`` waived, ``x`` exempt, ``_`` no row; of the visit
(上门对接和指导, S0 二（一）) one sign a quarter of 2026. As of 2026-11-22, in the fourth quarter.
"""

import datetime as dt
from dataclasses import replace

import msgspec
import pytest

from yiyu.registry.agreements.changes import extend
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.steps import correct_event, history, record_step
from yiyu.registry.duties.listing import DutyRow, duty_rows
from yiyu.registry.duties.planning import waive
from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Institution, Kind, Variant
from yiyu.registry.rules.activities import Activity
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import add_activity, void_activity
from yiyu.registry.store.agreements import agreement_ids
from yiyu.registry.store.institution_changes import add_institution, change_institution
from yiyu.registry.store.opening import changing

SIGN = {"done": "+", "missed": "-", "due": "?", "not_yet": ".", "late": "~", "waived": "w", "exempt": "x"}
JC, FY, WARD = "东胜区兴胜社区卫生服务中心", "东胜区妇幼保健院", "东胜区甲托育中心"
UNFILED = "东胜区丙托育中心"
VISIT, TRAINING = "上门指导", "培训讲座"
_serial = iter(range(1, 100_000))


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def agreed(
    session: OfficeSession,
    start: str,
    medical: str = JC,
    childcare: str = WARD,
    *,
    variant: Variant = Variant.JC,
    signed: str = "",
) -> str:
    """A signed agreement of a year; gives its number."""
    known = directory(session)
    third = known.find(FY) if variant is Variant.SF else None
    request = DraftRequest(known.find(medical), known.find(childcare), variant, d(start), 12, third=third)
    number = draft_agreements(replace(session, today=min(d(start), session.today)), [request]).made[0].number
    record_step(session, [number], "signed", on=d(signed or start), party="all")
    return number


def did(session: OfficeSession, *numbers: str, on: str, form: str = VISIT, items: tuple[str, ...] = ()) -> str:
    activity = Activity(
        f"HD-{next(_serial):05}", d(on), form, numbers, items, recorded_at=session.now, actor=session.actor
    )
    with changing(session.db):
        add_activity(session.db, activity, agreement_ids(session.db, numbers).values())
    return activity.number


def from_day(session: OfficeSession, name: str, on: str, **facts: object) -> None:
    with changing(session.db):
        old = directory(session).find(name)
        change_institution(session.db, old, facts, from_day=d(on), recorded_at=session.now, source="测试")


def signs(rows: list[DutyRow], duty: str = "visit", periods: str = "Q1 Q2 Q3 Q4") -> str:
    found = {row.period[4:]: SIGN[row.state] for row in rows if row.duty == duty}
    return "".join(found.get(period, "_") for period in periods.split())


def setting(session: OfficeSession, **values: object) -> OfficeSession:
    config = msgspec.structs.replace(session.workspace.config, **values)
    return replace(session, workspace=msgspec.structs.replace(session.workspace, config=config))


# what the case shows                        starts        visits                                    Q1..Q4
VISITS = [
    ("every quarter, the last to come", "2026-01-01", "2026-02-10 2026-05-06 2026-08-20", "+++?"),
    ("two in one quarter cover no other", "2026-01-01", "2026-04-03 2026-05-20", "-+-?"),
    ("first and last day of a quarter", "2026-01-01", "2026-01-01 2026-06-30 2026-07-01", "+++?"),
    ("a day after the end comes too late", "2026-01-01", "2026-04-01", "-+-?"),
    ("in force from 20 December on", "2025-12-20", "", "---?"),
    ("ends 19 December, due by then", "2025-12-20", "2026-10-08", "---+"),
    ("46 of the 92 days of Q3: just half", "2026-08-16", "", "__-?"),
    ("45 of the 92 days of Q3", "2026-08-17", "2026-09-01", "__x?"),
    ("ended on 14 May: 44 of 91 days", "2025-05-15", "", "-x__"),
    ("ended on 15 May: 45 of 91 days", "2025-05-16", "", "-x__"),
    ("ended on 16 May: 46 of 91 days", "2025-05-17", "", "--__"),
]


@pytest.mark.parametrize(("what", "start", "visits", "expected"), VISITS, ids=[case[0] for case in VISITS])
def test_the_quarterly_visit_of_s0(session: OfficeSession, what: str, start: str, visits: str, expected: str) -> None:
    number = agreed(session, start)
    for on in visits.split():
        did(session, number, on=on)
    assert signs(duty_rows(session, numbers=[number])) == expected, what


def test_an_agreement_signed_on_20_december_owes_from_the_new_year_on(session: OfficeSession) -> None:
    number = agreed(session, "2025-12-20")
    then = duty_rows(session, period="2025Q4", numbers=[number], as_of=d("2025-12-31"))
    assert [(row.state, row.reason) for row in then] == [("exempt", "本期 92 天中只有 12 天在约，不足一半，按设置不计")]
    assert signs(duty_rows(setting(session, partial_period="always"), year=2025, numbers=[number])) == "___-"
    assert signs(duty_rows(setting(session, partial_period="never"), year=2026, numbers=[number])) == "---x"
    (last,) = duty_rows(session, period="2026Q4", numbers=[number])
    assert (last.state, last.due_by, last.reason) == ("due", d("2026-12-19"), "还差 1 次，最迟 2026-12-19")


def test_signing_late_owes_from_the_day_of_signing(session: OfficeSession) -> None:
    number = agreed(session, "2026-01-01", signed="2026-08-20")
    assert signs(duty_rows(session, numbers=[number])) == "__x?"


# what the case shows                     from        fact                       visits       Q1..Q4
FACTS = [
    ("备案 cancelled: no longer due", "2026-05-10", {"filed": False}, "2026-02-10", "+xxx"),
    ("done before it was cancelled", "2026-05-10", {"filed": False}, "2026-04-20", "-+xx"),
    ("done after it was cancelled", "2026-05-10", {"filed": False}, "2026-05-20", "-xxx"),
    ("cancelled near the deadline", "2026-06-29", {"filed": False}, "", "-xxx"),
    ("closed", "2026-07-01", {"closed_on": dt.date(2026, 7, 1)}, "", "--xx"),
    ("备案 on 1 May: 61 of 91 days", "2026-06-01", {"filed_on": dt.date(2026, 5, 1)}, "", "x--?"),
    ("备案 on 20 May: 42 of 91 days", "2026-06-01", {"filed_on": dt.date(2026, 5, 20)}, "", "xx-?"),
]


@pytest.mark.parametrize(("what", "day", "fact", "visits", "expected"), FACTS, ids=[case[0] for case in FACTS])
def test_what_becomes_of_the_institution(
    session: OfficeSession, what: str, day: str, fact: dict[str, object], visits: str, expected: str
) -> None:
    number = agreed(session, "2026-01-01")
    for on in visits.split():
        did(session, number, on=on)
    from_day(session, WARD, day, **fact)
    assert signs(duty_rows(session, numbers=[number])) == expected, what


def test_a_cancelled_filing_says_so_and_an_earlier_day_is_told_as_it_was(session: OfficeSession) -> None:
    number = agreed(session, "2026-01-01")
    from_day(session, WARD, "2026-05-10", filed=False)
    reasons = {row.period: row.reason for row in duty_rows(session, numbers=[number])}
    assert reasons["2026Q2"] == "备案自 2026-05-10 起取消，其后不再计"
    assert reasons["2026Q3"] == "备案自 2026-05-10 起取消"
    assert signs(duty_rows(session, numbers=[number], as_of=d("2026-05-09"))) == "-?.."


def test_without_filing_nothing_is_owed_but_to_a_kindergarten(session: OfficeSession) -> None:
    """备案 is asked for by S0; 托班 of kindergartens are 登记 instead (domain.md#variants: TB)."""
    plain = agreed(session, "2026-01-01", childcare=UNFILED)
    kindergarten = agreed(session, "2026-01-01", childcare=UNFILED, variant=Variant.TB)
    assert signs(duty_rows(session, numbers=[plain])) == "xxxx"
    assert signs(duty_rows(session, numbers=[kindergarten])) == "---?"
    assert {row.reason for row in duty_rows(session, numbers=[plain])} == {"机构没有备案，这项只对备案机构要求"}


def test_of_three_parties_each_owes_its_own(session: OfficeSession) -> None:
    number = agreed(session, "2026-01-01", variant=Variant.SF)
    did(session, number, on="2026-02-10")
    did(session, number, on="2026-03-05", form=TRAINING)
    rows = duty_rows(session, numbers=[number])
    assert signs(rows) == "+--?"
    assert [(row.period, row.state, row.provider) for row in rows if row.duty == "training"] == [("2026", "done", FY)]
    assert {row.provider for row in rows if row.duty == "visit"} == {JC}


def test_one_visit_serves_the_agreements_it_names(session: OfficeSession) -> None:
    visit, training = agreed(session, "2026-01-01"), agreed(session, "2026-01-01", FY, variant=Variant.FY)
    both = did(session, visit, training, on="2026-05-06", items=("F01", "E01"))
    rows = duty_rows(session, numbers=[visit, training])
    assert signs(rows) == "-+-?"
    assert [(row.state, row.activity) for row in rows if row.duty == "training"] == [("done", both)]


@pytest.mark.parametrize(
    ("form", "items", "expected"),
    [
        (VISIT, (), "+"),
        (TRAINING, ("F01",), "+"),  # the items say what it was for
        (VISIT, ("A06",), "-"),
        (TRAINING, (), "-"),
    ],
)
def test_items_say_what_an_activity_was_for_else_its_form(
    session: OfficeSession, form: str, items: tuple[str, ...], expected: str
) -> None:
    number = agreed(session, "2026-01-01")
    did(session, number, on="2026-02-10", form=form, items=items)
    assert signs(duty_rows(session, numbers=[number]))[0] == expected


def test_the_year_turns_on_31_december(session: OfficeSession) -> None:
    first = agreed(session, "2025-06-01", FY, variant=Variant.FY)
    second = agreed(session, "2026-06-01", FY, variant=Variant.FY)
    old, new = did(session, first, on="2025-12-31", form=TRAINING), did(session, first, on="2026-01-01", form=TRAINING)
    for year, number, activity in ((2025, first, old), (2026, second, new)):
        rows = [row for row in duty_rows(session, period=str(year), numbers=[number]) if row.duty == "training"]
        assert [(row.state, row.activity) for row in rows] == [("done", activity)]


def test_a_leap_day_is_a_day_of_its_quarter(session: OfficeSession) -> None:
    later = replace(session, today=d("2028-05-10"))
    number = agreed(later, "2028-02-15")  # 46 of the 91 days that Q1 has in 2028
    did(later, number, on="2028-02-29")
    assert signs(duty_rows(later, numbers=[number])) == "+?.."
    (first,) = duty_rows(later, period="2028Q1", numbers=[number])
    assert (first.opens_on, first.done_on) == (d("2028-02-15"), d("2028-02-29"))


def test_a_renewal_goes_on_where_the_old_agreement_ends(session: OfficeSession) -> None:
    """Neither is in force for all of Q4; together they owe one visit, told of the one in force on most days."""
    old = agreed(session, "2025-10-15")  # ends 2026-10-14: 14 days of Q4
    new = agreed(session, "2026-10-15")
    rows = duty_rows(session, numbers=[old, new])
    assert signs(rows) == "---?"
    assert {row.period: row.number for row in rows} == {
        "2026Q1": old, "2026Q2": old, "2026Q3": old, "2026Q4": new,
    }  # fmt: skip
    did(session, old, on="2026-10-08")
    assert signs(duty_rows(session, numbers=[new])) == "___+"


def test_ended_extended_and_taken_back(session: OfficeSession) -> None:
    ended = agreed(session, "2026-01-01")
    record_step(session, [ended], "terminated", on=d("2026-05-01"))
    assert signs(duty_rows(session, numbers=[ended])) == "-x__"

    auto = setting(session, renewal="auto")
    extended = agreed(auto, "2025-08-01", childcare="东胜区乙托育中心")
    assert signs(duty_rows(session, numbers=[extended])) == "--x_"
    extend(session, extended, on=d("2026-07-31"))
    assert signs(duty_rows(session, numbers=[extended])) == "---?"

    wrong = agreed(session, "2026-01-01", childcare=UNFILED, variant=Variant.TB)
    signing = next(event.id for event in history(session, wrong) if event.kind == "signed")
    correct_event(session, wrong, signing, note="签错")
    assert duty_rows(session, numbers=[wrong]) == []


def test_what_is_void_or_outside_the_term_does_not_count(session: OfficeSession) -> None:
    number = agreed(session, "2026-02-01")
    did(session, number, on="2026-01-20")
    void = did(session, number, on="2026-05-06")
    key = session.db.execute("SELECT id FROM activities WHERE number = ?", [void]).fetchone()[0]
    with changing(session.db):
        void_activity(session.db, key, on=d("2026-07-10"), reason="录错")
    assert signs(duty_rows(session, numbers=[number])) == "---?"
    assert signs(duty_rows(session, numbers=[number], as_of=d("2026-07-09"))) == "--?."


def test_made_up_on_the_sheet_of_the_missed_quarter_is_late_and_counts_once(session: OfficeSession) -> None:
    number = agreed(session, "2026-01-01")
    activity = did(session, number, on="2026-10-09")
    assert signs(duty_rows(session, numbers=[number])) == "---+"
    (key,) = agreement_ids(session.db, [number]).values()
    (done,) = (row[0] for row in session.db.execute("SELECT id FROM activities WHERE number = ?", [activity]))
    document = {"agreement_id": key, "kind": "activity_record", "version": 1, "path": "a.docx", "size": 1}
    document |= {"sha256": "0" * 64, "template_sha256": "0" * 64, "made_at": session.now}
    with changing(session.db):
        session.db.table("documents").insert(document)
        sheet = {"agreement_id": key, "kind": "activity_record", "version": 1, "period": "2026Q3", "activity_id": done}
        session.db.table("sheets").insert(sheet)
    rows = duty_rows(session, numbers=[number])
    assert signs(rows) == "--~?"
    assert [row.done_on for row in rows if row.state == "late"] == [d("2026-10-09")]


def test_a_waiver_concerns_its_period_whenever_it_was_given(session: OfficeSession) -> None:
    number = agreed(session, "2026-01-01")
    waive(session, number, duty="visit", period="2026Q3", reason="假期停托")
    rows = duty_rows(session, numbers=[number])
    assert signs(rows) == "--w?"
    assert [row.reason for row in rows if row.state == "waived"] == ["已免除：假期停托"]
    assert signs(duty_rows(session, numbers=[number], as_of=d("2026-11-21"))) == "--w?"
    did(session, number, on="2026-08-01")
    assert signs(duty_rows(session, numbers=[number])) == "--+?"


@pytest.fixture
def zhejiang(session: OfficeSession) -> OfficeSession:
    """The office of S4 on 2025-11-22."""
    return setting(replace(session, today=d("2025-11-22")), pack="zhejiang")


def test_the_three_duties_of_the_health_guide_in_s4(zhejiang: OfficeSession) -> None:
    """每季度至少实地指导1次；每半年组织一次讲座；每年梳理一次 (S4 三（三）9), owed without 备案."""
    number = agreed(zhejiang, "2025-01-01", childcare=UNFILED)
    for on, form in (
        ("2025-03-31", VISIT),
        ("2025-05-12", VISIT),
        ("2025-05-12", TRAINING),
        ("2025-10-09", VISIT),
        ("2025-10-09", "年度梳理"),
    ):
        did(zhejiang, number, on=on, form=form)
    rows = duty_rows(zhejiang, numbers=[number])
    assert signs(rows, "guide_visit") == "++-+"
    assert signs(rows, "lecture", "H1 H2") == "+?"
    assert [(row.period, row.state, row.due_by) for row in rows if row.duty == "year_review"] == [
        ("2025", "done", d("2025-12-31"))
    ]


def test_a_pack_whose_years_are_over_says_so_unless_the_list_goes_on(zhejiang: OfficeSession) -> None:
    """The pack of S4 runs to 2025; an agreement whose signed list still ticks the visit owes it in 2026."""
    later = replace(zhejiang, today=d("2026-11-22"))
    listed, bare = agreed(later, "2026-01-01"), agreed(later, "2026-01-01", childcare=UNFILED)
    with changing(later.db):
        later.db.execute("DELETE FROM items WHERE agreement_id = ?", list(agreement_ids(later.db, [bare]).values()))
    assert signs(duty_rows(later, numbers=[listed]), "guide_visit") == "---?"
    rows = duty_rows(later, numbers=[bare])
    assert signs(rows, "guide_visit") == "xxxx"
    assert {row.reason for row in rows} == {"这项要求只到2025年"}


def test_the_self_assessment_is_due_in_the_first_half_year_of_the_three_years(session: OfficeSession) -> None:
    """S3 四（一）: every institution, once a year; 2025 to 2027. The year report (58号 art. 38) has no such end."""

    def of(name: str, year: int) -> dict[str, str]:
        rows = duty_rows(replace(session, today=d("2029-01-01")), year=year)
        return {row.duty: SIGN[row.state] for row in rows if row.institution == name and not row.number}

    ids = {one.name: one.id for one in directory(session).all}
    given = [
        (WARD, 2026, "self_assessed", "2026-06-30"),
        (WARD, 2026, "rectified", "2026-09-01"),
        (WARD, 2026, "summarised", "2026-12-20"),
        (UNFILED, 2026, "self_assessed", "2026-07-01"),
        (UNFILED, 2027, "summarised", "2028-01-05"),
    ]
    with changing(session.db):
        for name, year, step, on in given:
            row = {"institution_id": ids[name], "year": year, "step": step, "on_date": on, "note": ""}
            session.db.table("assessments").insert(row | {"recorded_at": session.now, "actor": "王某某"})
    assert of(WARD, 2026) == {"self_assessment": "+", "self_assessment_report": "+", "year_report": "+"}
    assert of(UNFILED, 2026) == {"self_assessment": "~", "self_assessment_report": "-", "year_report": "-"}
    assert of(UNFILED, 2027) == {"self_assessment": "-", "self_assessment_report": "-", "year_report": "~"}
    assert of(WARD, 2028) == {"self_assessment": "x", "self_assessment_report": "x", "year_report": "-"}
    assert of(WARD, 2024) == {"year_report": "-"}


def test_what_an_institution_owes_by_itself_is_told_once_and_waived_through_an_agreement(
    session: OfficeSession,
) -> None:
    first, second = agreed(session, "2026-01-01"), agreed(session, "2026-01-01", FY, variant=Variant.FY)
    did(session, second, on="2026-04-01", form="线上", items=("I01",))
    rows = [row for row in duty_rows(session) if row.institution == WARD and not row.number]
    assert [(row.duty, row.state, row.provider) for row in rows] == [
        ("self_assessment", "done", WARD), ("self_assessment_report", "due", WARD), ("year_report", "due", WARD),
    ]  # fmt: skip
    waive(session, first, duty="year_report", period="2026", reason="并入自评报告")
    assert (
        next(row.state for row in duty_rows(session) if row.institution == WARD and row.duty == "year_report")
        == "waived"
    )


def test_filters_and_their_refusals(session: OfficeSession) -> None:
    number = agreed(session, "2026-01-01")
    with changing(session.db):
        away = Institution(Kind.MEDICAL, "鄂托克前旗卫生院", category="卫生院", district="150623")
        add_institution(session.db, away, recorded_at=session.now, source="测试")
    agreed(session, "2026-01-01", "鄂托克前旗卫生院", "鄂托克前旗丁托育中心")
    assert {row.district for row in duty_rows(session, district="150623")} == {"150623"}
    assert {row.period for row in duty_rows(session, period="２０２６q3")} == {"2026Q3"}
    assert {row.number for row in duty_rows(session, numbers=[number])} == {number}
    with pytest.raises(BadInput, match="看不懂时段“2026Q5”"):
        duty_rows(session, period="2026Q5")
    with pytest.raises(NotFound):
        duty_rows(session, numbers=["150602-2026-JC-9999"])


# FY agreements of one institution with two providers, trainings, and the rows of 2026: state, provider, number's place in the list
HANDOVERS = [
    ("half-year each, nobody trained", ["2025-07-01 东胜区妇幼保健院", "2026-07-01 鄂托克旗妇幼保健院"], "", "due", 1),
    ("trained by the first", ["2025-07-01 东胜区妇幼保健院", "2026-07-01 鄂托克旗妇幼保健院"], "2026-03-05", "done", 1),
    (
        "trained by the second",
        ["2025-07-01 东胜区妇幼保健院", "2026-07-01 鄂托克旗妇幼保健院"],
        "2026-08-05",
        "done",
        1,
    ),
    ("the first had most of the year", ["2025-11-01 东胜区妇幼保健院", "2026-11-01 鄂托克旗妇幼保健院"], "", "due", 1),
    (
        "back to the first, which owes once",
        ["2025-02-01 东胜区妇幼保健院", "2026-02-01 东胜区妇幼保健院"],
        "",
        "due",
        1,
    ),
]


@pytest.mark.parametrize(("what", "terms", "trained", "state", "who"), HANDOVERS, ids=[case[0] for case in HANDOVERS])
def test_the_training_of_a_year_goes_with_the_institution(
    session: OfficeSession, what: str, terms: list[str], trained: str, state: str, who: int
) -> None:
    numbers = [agreed(session, one[:10], medical=one[11:], variant=Variant.FY) for one in terms]
    if trained:
        under = numbers[trained >= terms[1][:10]]
        did(session, under, on=trained, form=TRAINING, items=("E01",))
    (row,) = [row for row in duty_rows(session, year=2026) if row.duty == "training"]
    assert (row.state, row.number, row.provider) == (state, numbers[who], terms[who][11:]), what


def test_visits_stay_with_each_provider(session: OfficeSession) -> None:
    first = agreed(session, "2025-07-01")
    second = agreed(session, "2026-07-01", medical="东胜区林荫苏木卫生院")
    rows = [row for row in duty_rows(session, year=2026) if row.duty == "visit"]
    assert [(row.period, row.number) for row in sorted(rows, key=lambda row: row.period)] == [
        ("2026Q1", first), ("2026Q2", first), ("2026Q3", second), ("2026Q4", second),
    ]  # fmt: skip
