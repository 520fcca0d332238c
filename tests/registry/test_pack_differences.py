"""Claims about two versions of a pack: each setting that differs is told once, by the name people have for it."""

import datetime as dt

from yiyu.registry.packs import load_pack
from yiyu.registry.packs.checking import TABLES
from yiyu.registry.packs.differences import (
    SETTING_LABEL,
    Difference,
    clause_differences,
    entry_names,
    setting_differences,
)
from yiyu.registry.packs.rows import Head

OURS = {
    "title": "旗",
    "departments": ["儿保"],
    "words": {"旗区": "旗区"},
    "targets": {"a": {"title": "签约率", "value": 90.0}, "b": {"title": "上门率", "value": 50}},
}
THEIRS = {
    "title": "旗",
    "departments": ["儿保", "疾控"],
    "words": {"旗区": "县区"},
    "targets": {"a": {"title": "签约率", "value": 95.5}, "c": {"title": "培训率", "at_least": False}},
}


def test_each_setting_that_differs_is_told_once() -> None:
    assert list(setting_differences(OURS, THEIRS, {})) == [
        Difference("计入服务时间的科室", "儿保", "儿保、疾控"),
        Difference("当地用语 旗区", "旗区", "县区"),
        Difference("目标 a（签约率） 数值", "90", "95.5"),
        Difference("目标 b（上门率）", "名称 上门率；数值 50", ""),
        Difference("目标 c（培训率）", "", "名称 培训率；不低于 否"),
    ]
    assert list(setting_differences(OURS, OURS, {})) == []


def test_a_version_more_is_told_with_its_first_day_and_an_edited_one_by_paragraph() -> None:
    first = {"source": "S0 一", "text": "甲。\n乙。\n"}
    later = {"since": dt.date(2027, 1, 1), "source": "S0 一", "text": "丙。"}
    theirs = {"versions": {"1": {**first, "text": "甲。\n丁。\n"}, "2": later}}
    assert list(clause_differences("T07", "费用", {"versions": {"1": first}}, theirs)) == [
        Difference("条款 T07 费用 第1版 第2段", "乙。", "丁。"),
        Difference("条款 T07 费用 第2版（从 2027-01-01 起适用）", "", "丙。"),
    ]


def test_people_have_a_word_for_every_key() -> None:
    keys = {name for row in (Head, *TABLES.values()) for name in row.__struct_fields__} | TABLES.keys()
    assert keys - {"key"} == SETTING_LABEL.keys()


def test_entries_are_called_as_their_pack_calls_them() -> None:
    names = entry_names(load_pack("ordos"))
    assert (names["clauses.T07"], names["duties.visit"]) == ("费用", "上门对接和指导")
