from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["name"] for row in rows]


@pytest.mark.parametrize("text", ["小鹿", "xiaolu", "xl托育", "XIAOLU", "xiao鹿"])
def test_institutions_are_found_by_part_or_pinyin(asked: Run, text: str) -> None:
    rows = asked("institution", "list", "--search", text, "--kind", "childcare", "--district", "东胜区")
    assert names(rows) == ["东胜区小鹿托育中心"]


def test_initials_find_a_whole_district(asked: Run) -> None:
    everybody = names(asked("institution", "list"))
    found = names(asked("institution", "list", "--search", "yjhlq"))
    assert found == [name for name in everybody if name.startswith("伊金霍洛旗")]
    assert found


def test_a_part_of_code_or_address_finds_its_institution(asked: Run) -> None:
    one = asked("institution", "list")[20]
    assert names(asked("institution", "list", "--search", one["code"][8:].lower())) == [one["name"]]
    address = asked("institution", "show", one["code"])["address"]
    assert one["name"] in names(asked("institution", "list", "--search", address))


def test_agreements_are_found_by_number_party_and_both_parties(asked: Run) -> None:
    everyone = asked("agreement", "list")
    one = everyone[0]
    first, second = (party["name"] for party in one["parties"])
    assert one in asked("agreement", "list", "--search", one["number"].lower())
    of_both = asked("agreement", "list", "--search", f"{first[:3]} {second[3:7]}")
    assert one in of_both
    assert all(second[3:7] in str(row["parties"]) for row in of_both)


def test_an_agreement_is_found_by_the_old_name_and_the_new(run: Run, asked: Run) -> None:
    before = asked("agreement", "list", "--search", "东胜区小鹿托育中心")
    assert before
    run("institution", "edit", "东胜区小鹿托育中心", "--name", "东胜区重阳托育中心")
    assert asked("agreement", "list", "--search", "chongyang") == before
    assert asked("agreement", "list", "--search", "小鹿 东胜") == before


@pytest.mark.parametrize("group", ["institution", "agreement"])
@pytest.mark.parametrize(
    ("text", "meant"), [("小路托玉", "小鹿托育"), ("xiaorutuoyu", "小鹿托育"), ("东胜区妇又保健院", "东胜区妇幼保健院")]
)
def test_a_search_in_vain_says_what_may_have_been_meant(run: Run, group: str, text: str, meant: str) -> None:
    result = run(group, "list", "--search", text, "--json")
    assert result.stdout.strip() == "[]"
    assert f"没有找到“{text}”；您是不是要找：" in result.stderr
    assert meant in result.stderr


def test_a_search_that_other_conditions_empty_says_so(run: Run) -> None:
    assert "没有符合全部条件的机构" in run("institution", "list", "--search", "小鹿", "--kind", "medical").stderr
    assert "没有符合全部条件的协议" in run("agreement", "list", "--search", "小鹿", "--variant", "TB").stderr


def test_a_search_far_from_everything_says_how_to_search(run: Run) -> None:
    assert "拼音" in run("institution", "list", "--search", "qqqq").stderr


def test_a_name_in_pinyin_is_enough_where_one_fits(run: Run) -> None:
    assert "东胜区小鹿托育中心" in run("institution", "show", "dongshengquxiaolu").stdout
    assert "东胜区小鹿托育中心" in run("institution", "show", "dsqxltyzx").stdout
    run("institution", "show", "dongshengqu", code=3)


def test_a_mistyped_name_in_pinyin_is_answered_with_names(run: Run) -> None:
    assert "东胜区小鹿托育中心" in run("institution", "show", "dongshengquxiaolou", code=3).stderr
