"""What an agreement's own list makes of the duties of a pack, and when 备案 held."""

import datetime as dt
from dataclasses import replace

import pytest

from yiyu.registry.model import Item, Variant
from yiyu.registry.rules.duties import Rule, filed_spans, owed_through, periods, read_period
from yiyu.registry.rules.duties.owing import too_short
from yiyu.registry.rules.duties.spans import Span

VISIT = Rule("visit", "上门对接和指导", ("JC",), "quarter", 1, filed_only=True, items=("F01",), forms=("上门指导",))
TRAINING = Rule("training", "卫生保健培训", ("FY",), "year", 1, items=("E01",), forms=("培训讲座",))
TCM = Rule("tcm", "中（蒙）医技能指导", ("ZY", "MY"), "on_demand", 0, items=("D04",), forms=("培训讲座",))
GUIDANCE = Rule("guidance", "卫生保健业务指导", ("FY",), "on_demand", 0, items=("F04", "B02"), forms=("上门指导",))
ALL = (VISIT, TRAINING, TCM, GUIDANCE)


def item(code: str, times: int | None = 1, per: str = "quarter", *, selected: bool = True, seq: int = 1) -> Item:
    return Item(seq, code, "", f"项目{code}", "", "", "JC", "上门", times, per, selected=selected)


def brief(rules: tuple[Rule, ...]) -> list[tuple[str, int, str]]:
    return [(rule.duty, rule.times, rule.per) for rule in rules]


@pytest.mark.parametrize(
    ("variant", "expected"),
    [("JC", ["visit"]), ("TB", ["visit"]), ("FY", ["training"]), ("SF", ["visit", "training"]), ("ZY", []), ("YL", [])],
)
def test_each_variant_owes_what_its_medical_side_owes(variant: str, expected: list[str]) -> None:
    assert [rule.duty for rule in owed_through(ALL, Variant(variant), ())] == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], [("visit", 1, "quarter")]),
        ([item("F01", 2)], [("visit", 2, "quarter")]),
        ([item("F01", 1, "month")], [("visit", 1, "month")]),
        ([item("F01", None, "on_demand")], [("visit", 1, "quarter")]),  # 按需 says no other frequency
        ([item("C03", 1, "year")], [("visit", 1, "quarter"), ("C03", 1, "year")]),
        ([item("C03", 1, "year", selected=False)], [("visit", 1, "quarter")]),
        ([item("A02", None, "by_age"), item("A03", 1, "once")], [("visit", 1, "quarter")]),
    ],
)
def test_the_list_sets_how_often(rows: list[Item], expected: list[tuple[str, int, str]]) -> None:
    assert brief(owed_through(ALL, Variant.JC, rows)) == expected


def test_changing_one_frequency_in_the_list_changes_that_duty_and_no_other() -> None:
    rows = [item("F01"), item("C03", 1, "year", seq=2), item("C08", 1, "year", seq=3)]
    before = owed_through(ALL, Variant.JC, rows)
    after = owed_through(ALL, Variant.JC, [rows[0], replace(rows[1], times=2, per="half_year"), rows[2]])
    assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == [
        (before[1], replace(before[1], times=2, per="half_year"))
    ]


def test_an_unticked_row_leaves_the_duty_there_but_exempt() -> None:
    (rule,) = owed_through(ALL, Variant.JC, [item("F01", selected=False)])
    assert (rule.duty, rule.unticked, rule.by_list) == ("visit", True, False)


def test_a_duty_of_one_item_without_period_takes_that_of_the_list_and_keeps_its_forms() -> None:
    (rule,) = owed_through(ALL, Variant.ZY, [item("D04", 1, "year")])
    assert (rule.duty, rule.per, rule.forms, rule.by_list) == ("tcm", "year", ("培训讲座",), True)


def test_of_a_duty_with_several_items_each_ticked_row_is_one_of_its_own() -> None:
    rules = owed_through(ALL, Variant.FY, [item("F04", 1, "half_year"), item("B02", 1, "year", seq=2)])
    assert brief(rules) == [("training", 1, "year"), ("F04", 1, "half_year"), ("B02", 1, "year")]
    assert [(rule.items, rule.forms, rule.source) for rule in rules[1:]] == [
        (("F04",), (), "服务项目清单第1项"),
        (("B02",), (), "服务项目清单第2项"),
    ]


FACT = tuple[str, str, str | None]
FOREVER = dt.date.max


def on(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([("0001-01-01", "filed", "0"), ("0001-01-01", "filed_on", None)], []),
        ([("0001-01-01", "filed", "1"), ("0001-01-01", "filed_on", None)], [("0001-01-01", "")]),
        ([("0001-01-01", "filed", "1"), ("0001-01-01", "filed_on", "2024-03-05")], [("2024-03-05", "")]),
        # a later roster tells of it: it counts from 备案通过日期
        ([("0001-01-01", "filed", "0"), ("2026-06-01", "filed_on", "2026-05-20"), ("2026-06-01", "filed", "1")],
         [("2026-05-20", "")]),
        ([("0001-01-01", "filed", "0"), ("2026-06-01", "filed", "1")], [("2026-06-01", "")]),
        ([("0001-01-01", "filed", "1"), ("0001-01-01", "filed_on", "2024-03-05"), ("2026-05-10", "filed", "0")],
         [("2024-03-05", "2026-05-09")]),
        # filed again under the old date: not in between
        ([("0001-01-01", "filed", "1"), ("0001-01-01", "filed_on", "2024-03-05"), ("2026-05-10", "filed", "0"),
          ("2026-09-01", "filed", "1")], [("2024-03-05", "2026-05-09"), ("2026-09-01", "")]),
        ([("0001-01-01", "filed", "1"), ("2026-05-10", "filed", "0"), ("2026-09-01", "filed", "1"),
          ("2026-09-01", "filed_on", "2026-08-15")], [("0001-01-01", "2026-05-09"), ("2026-08-15", "")]),
    ],
)  # fmt: skip
def test_when_filing_held(facts: list[FACT], expected: list[tuple[str, str]]) -> None:
    spans: list[Span] = [(on(first), on(last) if last else FOREVER) for first, last in expected]
    assert list(filed_spans([(on(day), name, value) for day, name, value in facts])) == spans


@pytest.mark.parametrize("text", ["", "26Q1", "2026Q5", "2026H3", "2026-13", "2026-7", "2026 Q1", "2026q1", "0000"])
def test_other_writings_of_a_period_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="2026Q3"):
        read_period(text)


def test_a_leap_year_has_its_day() -> None:
    assert (periods("month", 2028)[1].last, periods("quarter", 2027)[0].last) == (on("2028-02-29"), on("2027-03-31"))


@pytest.mark.parametrize(
    ("counted", "partial", "said"),
    [(92, "never", ""), (91, "never", "不是整期"), (46, "half", ""), (45, "half", "不足一半"), (1, "always", "")],
)
def test_a_period_held_in_part_counts_as_the_office_set_it(counted: int, partial: str, said: str) -> None:
    told = too_short(counted, 92, partial)
    assert (said in told, bool(told)) == (True, bool(said))
