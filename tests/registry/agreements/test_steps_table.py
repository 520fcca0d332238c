"""Every step from every state: allowed, or refused with its sentence."""

import datetime as dt

import pytest

from yiyu.registry.lifecycle import FILING, Event, replay
from yiyu.registry.rules.steps import STEPS, disorder, refusal

ROLES = ("甲", "乙")


def state_of(*steps: str) -> list[Event]:
    """Events for words such as ``signed甲``."""
    events = []
    for key, step in enumerate(("drafted", *steps), 1):
        party = step[-1] if step[-1] in "甲乙" else ""
        events.append(Event(key, step.removesuffix(party), party, dt.date(2026, 1, key), "", "", "", None))
    return events


SIGNED = ("issued", "signed甲", "signed乙")
SEALED = (*SIGNED, "sealed甲", "sealed乙")
STATES = {
    "draft": (),
    "review": ("submitted",),
    "approved": ("submitted", "approved"),
    "awaiting": ("issued",),
    "one_signed": ("issued", "signed甲"),
    "signed": SIGNED,
    "sealed": SEALED,
    "received": (*SEALED, "received"),
    "boxed": (*SEALED, *FILING[1:]),
    "terminated": (*SEALED, "terminated"),
    "void": ("voided",),
}

NOT_SEALED = "归档之前必须先双方已盖；现在是{}、未盖"
NOT_SIGNED = "{}之前必须先双方已签；现在是{}"
VOID, ENDED = "协议已于 2026-01-02 作废", "协议已于 2026-01-07 解除"

# state: step (with 甲 where a party acts): reason, "" where allowed
TABLE: dict[str, dict[str, str]] = {
    "draft": {
        "submitted": "",
        "approved": "协议没有送审",
        "returned": "协议没有送审",
        "issued": "",
        "signed": "",
        "sealed": "",
        "received": NOT_SEALED.format("起草"),
        "extended": NOT_SIGNED.format("自动顺延", "起草"),
        "supplemented": NOT_SIGNED.format("签补充协议", "起草"),
        "terminated": NOT_SIGNED.format("解除", "起草"),
        "voided": "",
    },
    "review": {
        "submitted": "协议正在审核，还没有结果",
        "approved": "",
        "returned": "",
        "issued": "",
        "signed": "协议正在审核，还没有结果",
        "sealed": "协议正在审核，还没有结果",
        "received": NOT_SEALED.format("审核"),
        "terminated": NOT_SIGNED.format("解除", "审核"),
        "voided": "",
    },
    "approved": {"submitted": "", "approved": "协议没有送审", "signed": "", "voided": ""},
    "awaiting": {"submitted": "", "signed": "", "sealed": "", "received": NOT_SEALED.format("待签"), "voided": ""},
    "one_signed": {
        "submitted": "已有一方签字（现在是单方已签），不再送审",
        "signed": "甲方已于 2026-01-03 签字",
        "sealed": "",
        "received": NOT_SEALED.format("单方已签"),
        "extended": NOT_SIGNED.format("自动顺延", "单方已签"),
        "voided": "",
    },
    "signed": {
        "signed": "甲方已于 2026-01-03 签字",
        "sealed": "",
        "received": NOT_SEALED.format("双方已签"),
        "extended": "",
        "supplemented": "",
        "terminated": "",
        "voided": "协议已由各方签署，不能作废",
    },
    "sealed": {
        "sealed": "甲方已于 2026-01-05 盖章",
        "received": "",
        "scanned": "已扫描之前必须先已收；现在是未收",
        "boxed": "已装盒之前必须先已编号；现在是未收",
        "terminated": "",
    },
    "received": {"received": "归档状态已是已收", "scanned": "", "checked": "已校验之前必须先已扫描；现在是已收"},
    "boxed": dict.fromkeys(FILING[1:], "归档状态已是已装盒"),
    "terminated": {
        "signed": ENDED,
        "sealed": ENDED,
        "extended": ENDED,
        "supplemented": ENDED,
        "terminated": ENDED,
        "voided": ENDED,
        "received": "",
    },
    "void": dict.fromkeys(STEPS, VOID),
}

CASES = [(state, step, reason) for state, steps in TABLE.items() for step, reason in steps.items()]


@pytest.mark.parametrize(("state", "step", "reason"), CASES, ids=[f"{s}-{t}" for s, t, _ in CASES])
def test_a_step_is_allowed_or_refused_with_its_sentence(state: str, step: str, reason: str) -> None:
    party = "甲" if step in ("signed", "sealed") else ""
    assert refusal(replay(state_of(*STATES[state]), ROLES, dt.date(2027, 1, 1)), step, party) == reason


def test_every_step_stands_in_the_table_of_cases() -> None:
    assert {step for _, step, _ in CASES} == set(STEPS)


def test_three_parties_are_signed_when_all_three_have() -> None:
    events = state_of("issued", "signed甲", "signed乙")
    roles = ("甲", "乙", "丙")
    assert replay(events, roles, dt.date(2027, 1, 1)).signing == "one_signed"
    third = Event(9, "signed", "丙", dt.date(2026, 2, 1), "", "", "", None)
    state = replay([*events, third], roles, dt.date(2027, 1, 1))
    assert (state.signing, state.signed_on) == ("signed", dt.date(2026, 2, 1))


@pytest.mark.parametrize(("visit", "said"), [(None, ""), (8, ""), (9, ""), (10, "2026-01-10 还登记有活动")])
def test_an_end_is_out_of_order_only_before_the_last_visit(visit: int | None, said: str) -> None:
    state = replay(state_of(*SEALED), ROLES, dt.date(2027, 1, 1))
    last = dt.date(2026, 1, visit) if visit else None
    odd, first = disorder(state, "terminated", "", dt.date(2026, 1, 9), last)
    assert (odd.startswith(said), bool(odd), bool(first)) == (True, bool(said), bool(said))


@pytest.mark.parametrize(("on", "said"), [(5, "2026-01-06 才盖章，晚于已收日期 2026-01-05"), (6, ""), (7, "")])
def test_paper_that_came_home_before_its_last_seal_is_asked_about(on: int, said: str) -> None:
    state = replay(state_of(*SEALED), ROLES, dt.date(2027, 1, 1))
    assert disorder(state, "received", "", dt.date(2026, 1, on))[0] == said
