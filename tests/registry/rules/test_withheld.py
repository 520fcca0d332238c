"""What is taken out of facts that go from hand to hand, by examples of what a registry holds."""

from typing import Any

import pytest

from yiyu.registry.rules.withheld import (
    event_without_people,
    note_without_people,
    people_in,
    person_tokens,
    without_people,
)

TOKENS = {"照某某": "人员0001"}
VISITED: dict[str, Any] = {
    "activity": "HD-2026-0001",
    "reason": "服务人员改为 照某某",
    "changes": {
        "organiser": ["王某某", "云某某"],
        "content": ["请打 13947712345", "已改"],
        "others": ['{"联系人":"云某某"}', "{}"],
        "activity_people": [[{"seq": 1, "name": "照某某", "unit": "", "title": ""}], []],
    },
}
EVENTS = [
    (
        "institution_added",
        {"fields": {"code": "13947712345", "remark": "电话 0477-8581234"}, "facts": [["legal_person", "额某某", "0001-01-01"]]},
        {"fields": {"code": "13947712345", "remark": "电话 （号码略）"}, "facts": [["legal_person", "", "0001-01-01"]]},
    ),
    (
        "institution_known",
        {"facts": [["legal_person", None, "0001-01-01", "t", "s", None], ["filing_no", "13947712345", "0001-01-01"]]},
        {"facts": [["legal_person", None, "0001-01-01", "t", "s", None], ["filing_no", "13947712345", "0001-01-01"]]},
    ),
    (
        "institution_changed",
        {"facts": [], "struck": [["legal_person", "2026-03-01"]]},
        {"facts": [], "struck": [["legal_person", "2026-03-01"]]},
    ),
    (
        "followed",
        {"parties": {"甲": {"legal_person": ["额某某", "云某某"], "phone": None, "name": ["甲", "乙"]}}},
        {"parties": {"甲": {"legal_person": ["", ""], "phone": None, "name": ["甲", "乙"]}}},
    ),
    (
        "activity_edited",
        VISITED,
        {
            "activity": "HD-2026-0001",
            "reason": "",
            "changes": {
                "organiser": ["", ""],
                "content": ["请打 （号码略）", "已改"],
                "others": ["{}", "{}"],
                "activity_people": [[{"seq": 1, "name": "人员0001", "unit": "", "title": ""}], []],
            },
        },
    ),
    ("evidenced", {"evidence": [{"path": "照某某.jpg"}]}, {"evidence": [{}]}),
    ("extended", {"ends_on": "2026-12-31"}, {"ends_on": "2026-12-31"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "data", "left"), EVENTS, ids=[kind for kind, *_ in EVENTS])
def test_an_event_tells_of_nobody(kind: str, data: dict[str, Any], left: dict[str, Any]) -> None:
    assert event_without_people(kind, data, TOKENS) == left


def test_notes_keep_their_words_but_for_telephones_and_for_those_that_name_people() -> None:
    assert note_without_people("terminated", "停办，问 13947712345") == "停办，问 （号码略）"
    assert note_without_people("followed", "法定代表人：额某某 → 云某某") == ""


def test_facts_of_a_party_keep_what_is_no_person() -> None:
    facts = {
        "name": "甲",
        "legal_person": "额某某",
        "contact": "云某某",
        "phone": "13947712345",
        "places": 60,
        "filed": True,
    }
    assert without_people(facts, {}) == facts | {"legal_person": "", "contact": "", "phone": ""}


def test_everybody_has_one_token_in_the_order_of_names() -> None:
    assert set(people_in(VISITED)) == {"照某某"}
    assert person_tokens({"乙", "甲", ""}) == {"乙": "人员0001", "甲": "人员0002"}
    assert len(set(person_tokens({str(one) for one in range(12_000)}).values())) == 12_000
