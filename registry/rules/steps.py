"""Which step of an agreement may be recorded when: what can never be, and what is only out of order. Pure.

What can never be (a party that is none, a second signature, a step after 作废) is refused. Orders that paper hardly ever knows
are asked about first, and recorded all the same where a person says why.
"""

import datetime as dt
from collections.abc import Callable

from yiyu.registry.lifecycle import (
    EVENT_LABEL,
    FILING,
    FILING_LABEL,
    SEALING_LABEL,
    SIGNING_LABEL,
    AgreementState,
)

_TELL = "请核对日期"

Condition = Callable[[AgreementState, str], str]
"""Gives the clause that explains a refusal for a state and a party, or "" where nothing is in the way."""


def _signed_by_all(what: str) -> Condition:
    return lambda s, _: "" if s.signing == "signed" else f"{what}之前必须先双方已签；现在是{SIGNING_LABEL[s.signing]}"


def _sealed_by_all(state: AgreementState, _party: str) -> str:
    if state.sealing == "sealed":
        return ""
    return f"归档之前必须先双方已盖；现在是{SIGNING_LABEL[state.signing]}、{SEALING_LABEL[state.sealing]}"


def _next_filing(step: str) -> Condition:
    """Filing goes one step at a time and never back."""
    before = FILING[FILING.index(step) - 1]

    def check(state: AgreementState, _party: str) -> str:
        if FILING.index(state.filing) >= FILING.index(step):
            return f"归档状态已是{FILING_LABEL[state.filing]}"
        if state.filing != before:
            return f"{FILING_LABEL[step]}之前必须先{FILING_LABEL[before]}；现在是{FILING_LABEL[state.filing]}"
        return ""

    return check


def _of_the_parties(state: AgreementState, party: str) -> str:
    return "" if party in state.roles else f"协议没有{party}方（只有{'、'.join(state.roles)}方）"


def _once(axis: str, label: str) -> Condition:
    def check(state: AgreementState, party: str) -> str:
        on = getattr(state, axis).get(party)
        return f"{party}方已于 {on} {label}" if on else ""

    return check


def _review(*, open_: bool) -> Condition:
    return lambda s, _: "" if s.in_review is open_ else ("协议没有送审" if open_ else "协议正在审核，还没有结果")


def _unsigned(what: str) -> Condition:
    return lambda s, _: f"协议已由各方签署，不能{what}" if s.signing == "signed" else ""


def _untouched(state: AgreementState, _party: str) -> str:
    return f"已有一方签字（现在是{SIGNING_LABEL[state.signing]}），不再送审" if state.signed else ""


STEPS: dict[str, tuple[Condition, ...]] = {
    "submitted": (_untouched, _review(open_=False)),
    "approved": (_review(open_=True),),
    "returned": (_review(open_=True),),
    "issued": (),
    "signed": (_of_the_parties, _once("signed", "签字"), _review(open_=False)),
    "sealed": (_of_the_parties, _once("sealed", "盖章"), _review(open_=False)),
    **{step: (_sealed_by_all, _next_filing(step)) for step in FILING[1:]},
    "extended": (_signed_by_all("自动顺延"),),
    "supplemented": (_signed_by_all("签补充协议"),),
    "terminated": (_signed_by_all("解除"),),
    "voided": (_unsigned("作废"),),
}
"""Every step with what must hold before it; none is possible after 作废 or 解除, but filing after 解除."""
_ORDERLY = (_sealed_by_all,)
"""Conditions of order alone: a person may say why it was otherwise."""


def refusal(state: AgreementState, step: str, party: str = "", *, forced: bool = False) -> str:
    """Why ``step`` may not happen now, as the clause a message begins with; "" when it may, or could if ``forced``."""
    if state.voided_on is not None:
        return f"协议已于 {state.voided_on} 作废"
    if state.terminated_on is not None and step not in FILING:
        return f"协议已于 {state.terminated_on} 解除"
    conditions = [one for one in STEPS[step] if not (forced and one in _ORDERLY)]
    return next((reason for condition in conditions if (reason := condition(state, party))), "")


def disorder(
    state: AgreementState, step: str, party: str, on: dt.date, last_visit: dt.date | None = None
) -> tuple[str, str]:
    """Why ``step`` of ``party`` on that day is out of order, as a clause, and what to do first; both "" where it is not.

    ``state`` is that of all that is recorded; ``last_visit`` the day of the last activity under the agreement.
    """
    if step == "sealed":
        return _seal(state, party, on)
    if step == "signed":
        return _sign(state, party, on)
    if step in FILING:
        return _file(state, step, on)
    if step == "terminated" and last_visit is not None and last_visit > on:
        what = f"{last_visit} 还登记有活动，晚于解除日期 {on}"
        return what, f"{_TELL}；登记错的活动请先用 activity void 作废"
    signed = [f"{role}方 {day} 才签字" for role, day in state.signed.items() if day > on]
    if step == "voided" and signed:
        return f"{signed[0]}，晚于作废日期 {on}", _TELL
    return "", ""


def _seal(state: AgreementState, party: str, on: dt.date) -> tuple[str, str]:
    signed = state.signed.get(party)
    if signed is None:
        return f"{party}方还没有登记签字，先有盖章", "请先用 agreement sign 登记签字"
    return (f"{party}方 {signed} 才签字，盖章日期 {on} 在前", _TELL) if on < signed else ("", "")


def _sign(state: AgreementState, party: str, on: dt.date) -> tuple[str, str]:
    sealed = state.sealed.get(party)
    return (f"{party}方 {sealed} 已盖章，早于签字日期 {on}", _TELL) if sealed and sealed < on else ("", "")


def _file(state: AgreementState, step: str, on: dt.date) -> tuple[str, str]:
    """Filing begins when the last seal is on the paper, and its steps follow each other."""
    before = [("盖章", day) for day in state.sealed.values()]
    if state.filed_on is not None:
        before.append((FILING_LABEL[state.filing], state.filed_on))
    what, last = max(before, key=lambda one: one[1], default=("", on))
    return (f"{last} 才{what}，晚于{EVENT_LABEL[step]}日期 {on}", _TELL) if on < last else ("", "")
