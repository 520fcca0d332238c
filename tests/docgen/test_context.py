"""Claims about the data behind a document."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from yiyu.docgen.context import (
    FIELDS,
    Planned,
    context_for,
    fields_of,
    missing_fields,
    sample_context,
    split_copies,
)
from yiyu.docgen.context.making import bases_in_words
from yiyu.registry.errors import BadInput
from yiyu.registry.model import Agreement, DocKind, Variant
from yiyu.registry.packs import load_pack
from yiyu.registry.rules.frequencies import frequency

Drafting = Callable[..., Agreement]
ORDOS = load_pack("ordos")
NUMERALS = {numeral: number for number, numeral in enumerate("壹贰叁肆伍陆柒捌玖拾", 1)}


def leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value


def test_the_service_mode_in_the_text_follows_the_agreement_and_what_the_list_ticks(draft: Drafting) -> None:
    def told(agreement: Agreement) -> tuple[object, ...]:
        said = context_for(DocKind.AGREEMENT, agreement, ORDOS)["协议"]
        return said["服务方式"], said["巡回指导"], said["协议派驻"]

    plain = draft(Variant.JC)
    ticked = dataclasses.replace(
        plain, items=tuple(dataclasses.replace(one, selected=one.selected or one.code == "F05") for one in plain.items)
    )
    assert told(dataclasses.replace(plain, mode="visit")) == ("巡回指导", True, False)
    assert told(dataclasses.replace(plain, mode="resident")) == ("协议派驻", False, True)
    assert told(dataclasses.replace(plain, mode="both")) == ("巡回指导和协议派驻", True, True)
    assert told(dataclasses.replace(ticked, mode="visit")) == ("巡回指导和协议派驻", True, True)


@pytest.mark.parametrize("variant", Variant)
@pytest.mark.parametrize("kind", DocKind)
def test_every_leaf_is_text_a_number_or_a_yes_no_and_never_none(
    draft: Drafting, kind: DocKind, variant: Variant
) -> None:
    found = list(leaves(context_for(kind, draft(variant), ORDOS)))
    assert {type(leaf) for leaf in found} <= {str, int, bool}
    assert "None" not in found


def test_the_dictionary_names_exactly_the_fields_there_are() -> None:
    assert {field.path for field in fields_of(DocKind.ACTIVITY_RECORD)} == set(FIELDS)


def test_only_the_record_sheet_has_fields_of_a_record() -> None:
    extra = {field.path for field in fields_of(DocKind.ACTIVITY_RECORD)} - {
        field.path for field in fields_of(DocKind.AGREEMENT)
    }
    assert extra == {path for path in FIELDS if path.startswith("记录.")}


def test_a_field_has_a_meaning_a_type_and_a_live_sample() -> None:
    fields = {field.path: field for field in fields_of(DocKind.AGREEMENT)}
    assert (fields["协议.截止日期"].type, fields["协议.截止日期"].sample) == ("文字", "2027年2月28日")
    assert (fields["协议.巡回指导"].type, fields["协议.份数"].type) == ("是/否", "整数")
    assert all(field.meaning for field in fields.values())


@pytest.mark.parametrize("kind", DocKind)
@pytest.mark.parametrize("variant", Variant)
def test_the_sample_has_the_same_shape_as_a_real_context(draft: Drafting, kind: DocKind, variant: Variant) -> None:
    real, sample = context_for(kind, draft(variant), ORDOS), sample_context(kind)
    assert list(real) == list(sample)
    for key in ("协议", "甲方", "乙方", "丙方", "口径"):
        assert {name: type(value) for name, value in real[key].items()} == {
            name: type(value) for name, value in sample[key].items()
        }
    assert set(real["服务项目"][0]) == set(sample["服务项目"][0])


@pytest.mark.parametrize("roles", [("甲", "乙"), ("甲", "乙", "丙"), ("甲", "乙", "丙", "丁")])
@pytest.mark.parametrize("number", range(2, 13))
def test_the_shares_of_the_copies_sum_to_their_number(number: int, roles: tuple[str, ...]) -> None:
    if number < len(roles):
        with pytest.raises(BadInput, match="少于签约"):
            split_copies(number, roles, "某旗卫生健康委员会")
        return
    shares = split_copies(number, roles, "某旗卫生健康委员会").split("、")
    held = [NUMERALS[share.partition("份")[0][-1]] for share in shares]
    assert sum(held) == number
    own = [held[0] - (number > len(roles) + 1), *held[1 : len(roles)]]
    assert max(own) - min(own) <= 1, "the copy on file is nobody's own"
    assert own == sorted(own, reverse=True)
    assert [share[:2] for share in shares[: len(roles)]] == [f"{role}方" for role in roles]
    assert [share for share in shares if "存档" in share] == ([shares[0]] if number > len(roles) + 1 else [])


@pytest.mark.parametrize(
    ("citations", "said"),
    [
        (("《甲》",), "《甲》的规定"),
        (("《甲》（一号）", "某局《乙》"), "《甲》（一号）和某局《乙》的规定"),
        (("《甲》", "《乙》", "《丙》"), "《甲》、《乙》和《丙》等规定"),
    ],
)
def test_the_last_of_several_bases_is_joined_by_and(citations: tuple[str, ...], said: str) -> None:
    assert bases_in_words(citations) == said


def test_a_record_sheet_has_fewer_blank_rows_where_names_and_a_duty_need_the_room(draft: Drafting) -> None:
    due = Planned("2026年第二季度", dt.date(2026, 4, 1), dt.date(2026, 6, 30), "每季度上门1次", dt.date(2026, 6, 30))

    def room(variant: Variant, planned: Planned | None, length: int) -> int:
        agreement = draft(variant)
        parties = [replace(one, facts=replace(one.facts, name="某" * length, branch="")) for one in agreement.parties]
        return context_for(DocKind.ACTIVITY_RECORD, replace(agreement, parties=tuple(parties)), ORDOS, planned)["记录"][
            "余地"
        ]

    assert [room(Variant.JC, None, 8), room(Variant.JC, None, 48), room(Variant.JC, due, 48)] == [2, 1, 0]
    assert [room(Variant.SF, None, 8), room(Variant.SF, due, 8), room(Variant.SF, due, 55)] == [1, 0, -1]


def test_four_copies_go_to_both_sides_one_of_them_on_file_and_the_authority(draft: Drafting) -> None:
    context = context_for(DocKind.AGREEMENT, draft(Variant.JC), ORDOS)
    assert context["协议"]["份数大写"] == "肆"
    assert context["协议"]["份数说明"] == "甲方贰份（其中壹份存档）、乙方壹份、伊金霍洛旗卫生健康委员会壹份"


def test_nought_is_printed_and_unknown_is_blank(draft: Drafting) -> None:
    childcare = context_for(DocKind.AGREEMENT, draft(Variant.JC), ORDOS)["乙方"]
    assert (childcare["托位数"], childcare["在托数"], childcare["从业人员数"]) == ("90", "0", "")
    assert (childcare["普惠"], childcare["电话"]) == ("", "")
    assert childcare["全称"] == "伊金霍洛旗小太阳婴幼儿照护服务有限责任公司（阿镇第二分园）"


def test_dates_and_term_are_written_as_contracts_write_them(draft: Drafting) -> None:
    agreement = context_for(DocKind.AGREEMENT, draft(Variant.JC), ORDOS)["协议"]
    assert (agreement["生效日期"], agreement["截止日期"], agreement["期限"]) == (
        "2026年3月1日",
        "2027年2月28日",
        "一年",
    )
    half = draft(Variant.JC, months=6, ends_on=dt.date(2026, 8, 31))
    assert context_for(DocKind.AGREEMENT, half, ORDOS)["协议"]["期限"] == "6个月"


def test_two_sides_leave_the_third_blank_and_out_of_the_list_of_sides(draft: Drafting) -> None:
    context = context_for(DocKind.AGREEMENT, draft(Variant.FY), ORDOS)
    assert [side["称谓"] for side in context["各方"]] == ["甲方", "乙方"]
    assert context["丙方"]["名称"] == context["丙方"]["旗区"] == ""
    assert (context["协议"]["各方称谓"], context["协议"]["医方称谓"]) == ("双方", "甲方")


def test_of_two_medical_sides_each_item_names_the_one_that_provides_it(draft: Drafting) -> None:
    context = context_for(DocKind.SERVICE_LIST, draft(Variant.SF), ORDOS)
    providers = {item["代码"]: item["提供主体"] for item in context["服务项目"]}
    assert (providers["F01"], providers["E01"], providers["G02"]) == ("甲方", "丙方", "甲方、丙方")
    assert (context["协议"]["各方称谓"], context["协议"]["医方称谓"]) == ("三方", "甲方、丙方")


def test_a_medical_side_of_unknown_category_still_provides_where_it_is_the_only_one(draft: Drafting) -> None:
    agreement = draft(Variant.JC)
    first, *others = agreement.parties
    unknown = dataclasses.replace(first, facts=dataclasses.replace(first.facts, category=""))
    context = context_for(DocKind.SERVICE_LIST, dataclasses.replace(agreement, parties=(unknown, *others)), ORDOS)
    assert {item["提供主体"] for item in context["服务项目"]} == {"甲方"}


def test_a_clause_takes_its_cadence_from_the_ticked_row(draft: Drafting) -> None:
    agreement = draft(Variant.SF)
    printed = context_for(DocKind.AGREEMENT, agreement, ORDOS)["协议"]
    assert (printed["上门频次"], printed["培训频次"]) == ("每季度1次", "每年1次")
    unticked = tuple(dataclasses.replace(item, selected=False) for item in agreement.items)
    printed = context_for(DocKind.AGREEMENT, dataclasses.replace(agreement, items=unticked), ORDOS)["协议"]
    assert (printed["上门频次"], printed["勾选数"], printed["项目数"]) == ("见清单", 0, len(unticked))


@pytest.mark.parametrize(
    ("times", "per", "words"),
    [
        (1, "quarter", "每季度1次"),
        (2, "year", "每年2次"),
        (None, "half_year", "每半年1次"),
        (1, "once", "1次"),
        (None, "by_age", "按月龄"),
        (None, "on_demand", "按需"),
        (None, "standing", "常年"),
    ],
)
def test_a_frequency_has_words(times: int | None, per: str, words: str) -> None:
    assert frequency(times, per) == words


def test_what_a_document_needs_and_lacks_is_listed(draft: Drafting) -> None:
    context = context_for(DocKind.AGREEMENT, draft(Variant.JC, items=()), ORDOS)
    assert missing_fields(context, ("协议.编号", "乙方.电话", "服务项目", "乙方.在托数")) == ("乙方.电话", "服务项目")
