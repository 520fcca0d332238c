"""Claims about the name of an old scan: it tells one agreement or none, and a name inside another name is not that name."""

import datetime as dt

import pytest

from yiyu.docgen.archive.ledger_matching import Known, LedgerEntry, match_name

MEDICAL = "东胜区示范社区卫生服务中心"


def entry(key: int, number: str, childcare: str, year: int = 2023) -> LedgerEntry:
    return LedgerEntry(key, number, dt.date(year, 1, 1), dt.date(year, 12, 31), (childcare,), (MEDICAL,))


LEDGER = [
    entry(1, "旧2023-01", "东胜区星河托育中心"),
    entry(2, "旧2023-010", "东胜区小鹿托育中心"),
    entry(3, "旧2022-03", "东胜区小鹿托育中心", 2022),
    entry(4, "12", "鄂尔多斯市东胜区阳光托育服务有限公司"),
    entry(5, "〔2023〕15号", "康巴什区明月托育中心"),
]


@pytest.mark.parametrize(
    ("name", "number", "by"),
    [
        ("旧2023-01", "旧2023-01", Known.NUMBER),
        ("旧2023-010 扫描", "旧2023-010", Known.NUMBER),
        ("旧２０２３_01_星河托育中心", "旧2023-01", Known.NUMBER),
        ("2023(15号)明月", "〔2023〕15号", Known.NUMBER),
        ("12", "12", Known.NUMBER),
        ("星河托育中心", "旧2023-01", Known.NAMES),
        ("鄂尔多斯市东胜区星河托育中心合作协议", "旧2023-01", Known.NAMES),
        (f"{MEDICAL}与阳光托育服务有限公司合作协议", "12", Known.NAMES),
        (f"{MEDICAL}阳光托育", "12", Known.NAMES),
        ("001 阳光托育 扫描件", "12", Known.NAMES),
        ("小鹿托育中心2022年", "旧2022-03", Known.NAMES),
    ],
)
def test_a_name_that_tells_one_agreement_tells_it(name: str, number: str, by: Known) -> None:
    found = match_name(name, LEDGER)
    assert ([one.number for one in found.entries], found.by, found.sure) == ([number], by, True)


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("新星河托育中心", ["旧2023-01"]),
        ("东胜区新星河托育中心", ["旧2023-01"]),
        ("星河托育中心二园", ["旧2023-01"]),
        ("星河托育中心东园区", ["旧2023-01"]),
        ("小鹿托育中心", ["旧2023-010", "旧2022-03"]),
        ("星河托育中心2019年", ["旧2023-01"]),
        ("旧2023-01小鹿托育中心", ["旧2023-01", "旧2023-010", "旧2022-03"]),
        ("12号楼", []),
        ("扫描20230112", []),
        ("旧2023-0100", []),
        (MEDICAL, []),
        ("阳光", []),
    ],
)
def test_a_name_that_tells_none_or_several_is_left_to_a_person(name: str, numbers: list[str]) -> None:
    found = match_name(name, LEDGER)
    assert ([one.number for one in found.entries], found.sure) == (numbers, False)


def test_a_longer_name_is_not_taken_for_the_shorter_that_stands_in_it() -> None:
    ledger = [entry(1, "甲1", "小鹿托育中心"), entry(2, "甲2", "东胜区小鹿托育中心")]
    assert [one.number for one in match_name("东胜区小鹿托育中心", ledger).entries] == ["甲2"]
    assert [one.number for one in match_name("小鹿托育中心", ledger).entries] == ["甲1"]


def test_a_name_of_another_day_is_known_too() -> None:
    renamed = LedgerEntry(1, "甲1", dt.date(2023, 1, 1), dt.date(2023, 12, 31), ("旧苗托育中心", "新苗托育中心"), ())
    assert match_name("新苗托育中心", [renamed]).sure
    assert match_name("旧苗托育中心", [renamed]).sure
