import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.rules.activities import COUNTS, Activity, Evidence, Finding, Person
from yiyu.registry.rules.activity_words import (
    hours_text,
    lines_text,
    people_text,
    person_text,
    read_count,
    read_finding,
    read_hours,
    read_lines,
    read_minutes,
    read_people,
    read_person,
    read_takers,
    read_time,
)
from yiyu.registry.rules.dates import says_nothing

NINE, HALF_PAST_ELEVEN = dt.time(9), dt.time(11, 30)
WORD = st.text(st.characters(categories=["Lo"]), max_size=6)
HOURS = st.tuples(st.times(), st.times()).map(lambda two: sorted(one.replace(second=0, microsecond=0) for one in two))


@pytest.mark.parametrize(
    "text",
    [
        "9:00-11:30",
        "９：００—１１：３０",
        "9：00——11：30",
        "09:00至11:30",
        "9点到11点半",
        "上午9时~11时30分",
        "09:00:00-11:30:00",
    ],
)
def test_hours_are_read_in_the_spellings_offices_have(text: str) -> None:
    assert read_hours(text) == (NINE, HALF_PAST_ELEVEN)


def test_the_afternoon_is_carried_to_the_end() -> None:
    assert read_hours("下午2:00-4:00") == (dt.time(14), dt.time(16))
    assert read_hours("上午10点-12点") == (dt.time(10), dt.time(12))
    assert read_time("下午2点") == dt.time(14)


@pytest.mark.parametrize("text", ["11:30-9:00", "9:00-9:00", "9:00", "25:00-26:00", "9:70-10:00", "全天", ""])
def test_hours_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"时间|起止"):
        read_hours(text)


@pytest.mark.parametrize(
    ("text", "minutes"), [("2.5", 150), ("2小时30分", 150), ("90分钟", 90), ("1.5小时", 90), ("无", None), ("", None)]
)
def test_a_duration_comes_in_minutes(text: str, minutes: int | None) -> None:
    assert read_minutes(text) == minutes


@pytest.mark.parametrize("text", ["0", "25", "半天", "-2"])
def test_a_duration_beyond_a_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="时长"):
        read_minutes(text)


@given(st.builds(tuple, HOURS))
def test_hours_written_are_read_again(hours: tuple[dt.time, dt.time]) -> None:
    if hours[0] < hours[1]:
        assert read_hours(hours_text(*hours)) == hours


@given(st.lists(st.tuples(WORD.filter(bool), WORD, WORD, WORD, st.booleans()), max_size=4))
def test_people_written_in_one_cell_are_read_again(given_people: list[tuple[str, str, str, str, bool]]) -> None:
    people = tuple(
        Person(name, unit, department, title, *((NINE, HALF_PAST_ELEVEN) if timed else (None, None)))
        for name, unit, department, title, timed in given_people
        if not says_nothing(name)
    )
    assert read_people(people_text(people)) == people
    assert all(read_person(person_text(one)) == one for one in people)


def test_people_are_read_as_offices_write_them() -> None:
    doctor, nurse = Person("王某某", department="儿保科", title="主治医师"), Person("李某某", department="公卫科")
    assert read_people("王某某（儿保科 主治医师）、李某某（公卫科）") == (doctor, nurse)
    assert read_people("王某某,李某某；赵某某\n钱某某") == tuple(map(Person, ("王某某", "李某某", "赵某某", "钱某某")))
    assert read_people("无") == ()


@pytest.mark.parametrize("text", ["9:00", "/儿保科", "王某某/甲/乙/丙/丁", "王" * 31, "王某某/11:00-9:00"])
def test_a_person_without_a_name_or_beyond_understanding_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"姓名|读不懂|不晚于"):
        read_person(text)


def test_numbers_of_people_are_read_with_their_kinds() -> None:
    assert read_takers("共18人") == {"参加人数": 18}
    assert read_takers("幼儿20人、家长15人，教师3") == {"婴幼儿": 20, "家长": 15, "从业人员": 3}
    assert read_count("筛查=0") == ("筛查", 0)
    with pytest.raises(ValueError, match="婴幼儿"):
        read_count("张三=1")


def test_a_finding_has_up_to_three_parts() -> None:
    assert read_finding("插座无盖|加盖|2026-12-31") == Finding("插座无盖", "加盖", dt.date(2026, 12, 31))
    assert read_finding("插座无盖") == Finding("插座无盖")
    for text in ("|加盖", "甲|乙|2026-02-30", "甲|乙|2026-12-31|丁"):
        with pytest.raises(ValueError, match=r"读不懂|不存在"):
            read_finding(text)


@given(st.lists(st.text("甲乙1.．2 3米（）①②、；", max_size=6).map(str.strip), max_size=4))
def test_lines_written_in_one_cell_are_read_again(lines: list[str]) -> None:
    found = read_lines(lines_text(lines))
    assert found == (tuple(lines) if any(lines) else ())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("1.通风不足 2.消毒记录不全", ("通风不足", "消毒记录不全")),
        ("1、通风不足；2、消毒记录不全", ("通风不足", "消毒记录不全")),
        ("（1）通风不足（2）消毒记录不全", ("通风不足", "消毒记录不全")),
        ("①通风不足②消毒记录不全", ("通风不足", "消毒记录不全")),
        ("1.通风不足 2.消毒\n3.记录不全", ("通风不足", "消毒", "记录不全")),
        ("2.已整改", ("", "已整改")),
        ("1.已整改\n3.整改中", ("已整改", "", "整改中")),
        ("1.窗高2.5米 2.每班2、3名保育员", ("窗高2.5米", "每班2、3名保育员")),
        ("室温1.5度", ("室温1.5度",)),
        ("2026.3.1前", ("2026.3.1前",)),
        ("", ()),
    ],
)
def test_numbered_texts_of_one_cell_are_told_apart(text: str, lines: tuple[str, ...]) -> None:
    assert read_lines(text) == lines


def activity(form: str = "上门指导", **facts: object) -> Activity:
    return Activity("HD-2026-0001", dt.date(2026, 10, 8), form, ("甲1",), **facts)  # type: ignore[arg-type]


def evidence(*kinds: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(kind, f"archive/{at}", str(at), 1) for at, kind in enumerate(kinds))


@pytest.mark.parametrize(
    ("form", "kinds", "wanted"),
    [
        ("上门指导", (), ("缺照片（至少 2 张）",)),
        ("上门指导", ("photo",), ("照片缺 1 张",)),
        ("上门指导", ("photo", "photo"), ()),
        ("培训讲座", ("photo", "photo"), ("缺签到表",)),
        ("家长活动", (), ("缺照片（至少 2 张）", "缺签到表")),
        ("培训讲座", ("photo", "photo", "sign_in"), ()),
        ("线上", (), ("缺材料或截图",)),
        ("年度梳理", ("material",), ()),
    ],
)
def test_what_evidence_a_form_wants(form: str, kinds: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    """Domain 3.3: at least two photos, a 签到表 of a training."""
    assert activity(form, evidence=evidence(*kinds)).lacking() == wanted


def test_an_item_done_as_a_training_wants_a_sign_in_list_whatever_the_form() -> None:
    one = activity(items=("E01",), evidence=evidence("photo", "photo"))
    assert (one.lacking(), one.lacking({"E01"})) == ((), ("缺签到表",))


@pytest.mark.parametrize(
    ("counts", "signed_in", "differs"),
    [
        ({}, 5, False),
        ({"参加人数": 18}, 18, False),
        ({"参加人数": 20}, 18, True),
        ({"婴幼儿": 20, "家长": 18}, 18, False),
        ({"婴幼儿": 20, "家长": 18}, 38, False),
        ({"婴幼儿": 20, "家长": 18}, 20, True),
        ({"婴幼儿": 20}, None, False),
        ({"筛查": 20}, 3, False),
    ],
)
def test_a_sign_in_list_is_held_against_the_number_reported(
    counts: dict[str, int], signed_in: int | None, differs: bool
) -> None:
    assert bool(activity(counts=counts, signed_in=signed_in).sign_in_differs) is differs


def test_time_served_is_that_of_the_person_then_of_the_activity_then_the_duration() -> None:
    timed = Person("王某某", arrives=dt.time(9, 30), leaves=dt.time(10))
    plain = Person("李某某")
    one = activity(starts=NINE, ends=HALF_PAST_ELEVEN, people=(timed, plain))
    assert (one.minutes_of(timed), one.minutes_of(plain)) == (30, 150)
    assert (activity(minutes=100).minutes_of(plain), activity().minutes_of(plain)) == (100, None)


def test_a_finding_is_open_until_the_day_it_was_seen_put_right() -> None:
    due, done = dt.date(2026, 11, 1), dt.date(2026, 11, 9)
    one = Finding("插座无盖", due_on=due, rechecked_on=done)
    assert [one.open_on(done - dt.timedelta(days=n)) for n in (1, 0)] == [True, False]
    assert [one.overdue_on(day) for day in (due, due + dt.timedelta(days=1), done)] == [False, True, False]


def test_what_may_be_counted_is_never_a_single_child() -> None:
    assert not any(word in name for name in COUNTS for word in ("姓名", "身份证", "出生"))


@pytest.mark.parametrize("unit", ["9:.丁", "8:30门诊部", "0:", "某医院"])
def test_a_unit_that_begins_like_a_time_is_written_so_that_it_is_read_as_a_unit(unit: str) -> None:
    person = Person("王某某", unit, "", "", None, None)
    assert read_person(person_text(person)) == person
