"""What dated events make of an agreement: three axes and its force on a day. Pure (domain 15)."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from yiyu.registry.model import ROLES


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one agreement. ``party`` is a role letter or ""; ``corrects`` an event id or None."""

    id: int
    kind: str
    party: str
    on: dt.date
    recorded_at: str
    actor: str
    note: str
    corrects: int | None
    previous_hash: str = ""
    hash: str = ""


SIGNING_LABEL = {
    "draft": "起草",
    "review": "审核",
    "awaiting": "待签",
    "one_signed": "单方已签",
    "signed": "双方已签",
}
SEALING_LABEL = {"none": "未盖", "one_sealed": "单方已盖", "sealed": "双方已盖"}
FILING_LABEL = {
    "none": "未收",
    "received": "已收",
    "scanned": "已扫描",
    "checked": "已校验",
    "numbered": "已编号",
    "boxed": "已装盒",
}
FORCE_LABEL = {
    "not_in_force": "未生效",
    "in_force": "有效",
    "expired": "已到期",
    "renewed": "已续签",
    "terminated": "已解除",
    "void": "作废",
}
EVENT_LABEL = {
    "drafted": "起草",
    "issued": "生成文书",
    "signed": "签字",
    "sealed": "盖章",
    "terminated": "解除",
    "voided": "作废",
    "corrected": "更正",
}


@dataclass(slots=True)
class State:
    """Where an agreement stands on a day. ``signed`` and ``sealed`` give each party's date."""

    roles: tuple[str, ...]
    exists: bool = False
    issued: bool = False
    signed: dict[str, dt.date] = field(default_factory=dict)
    sealed: dict[str, dt.date] = field(default_factory=dict)
    filing: str = "none"
    terminated_on: dt.date | None = None
    voided_on: dt.date | None = None

    @property
    def signing(self) -> str:
        if len(self.signed) == len(self.roles):
            return "signed"
        if self.signed:
            return "one_signed"
        return "awaiting" if self.issued else "draft"

    @property
    def sealing(self) -> str:
        if len(self.sealed) == len(self.roles):
            return "sealed"
        return "one_sealed" if self.sealed else "none"

    @property
    def signed_on(self) -> dt.date | None:
        """签订日期: the later of the parties' dates, once all have signed (民法典 490)."""
        return max(self.signed.values()) if self.signing == "signed" else None

    @property
    def ended(self) -> bool:
        return self.voided_on is not None or self.terminated_on is not None

    def force(self, starts_on: dt.date, ends_on: dt.date, day: dt.date, *, renewed: bool) -> str:
        """效力 on ``day``; never stored (domain 11.2: in force when 生效 ≤ day ≤ 截止 and signed)."""
        if self.voided_on is not None:
            return "void"
        if self.terminated_on is not None:
            return "terminated"
        if self.signing != "signed" or day < starts_on:
            return "not_in_force"
        if day <= ends_on:
            return "in_force"
        return "renewed" if renewed else "expired"


def replay(events: Iterable[Event], roles: Sequence[str], day: dt.date) -> State:
    """The state at the end of ``day``: events dated up to it, less those a later event corrects."""
    known = list(events)
    corrected = {event.corrects for event in known if event.corrects is not None}
    state = State(roles=tuple(roles))
    for event in sorted((e for e in known if e.on <= day and e.id not in corrected), key=lambda e: (e.on, e.id)):
        _apply(state, event)
    return state


def _apply(state: State, event: Event) -> None:
    state.exists = True
    match event.kind:
        case "issued":
            state.issued = True
        case "signed":
            state.signed[event.party] = event.on
        case "sealed":
            state.sealed[event.party] = event.on
        case "terminated":
            state.terminated_on = event.on
        case "voided":
            state.voided_on = event.on


def refusal(state: State, step: str, party: str = "") -> str:
    """Why ``step`` may not happen now, as the clause a message begins with; "" when it may."""
    done = {"signed": state.signed, "sealed": state.sealed}.get(step, {})
    reasons = (
        (state.voided_on is not None, f"协议已于 {state.voided_on} 作废"),
        (state.terminated_on is not None, f"协议已于 {state.terminated_on} 解除"),
        (party != "" and party not in state.roles, f"协议没有{party}方（只有{'、'.join(state.roles)}方）"),
        (party in done, f"{party}方已于 {done.get(party)} {EVENT_LABEL[step]}"),
        (
            step == "terminated" and state.signing != "signed",
            f"协议尚未由各方签署（现在是{SIGNING_LABEL[state.signing]}），不能解除",
        ),
        (step == "voided" and state.signing == "signed", "协议已由各方签署，不能作废"),
    )
    return next((text for holds, text in reasons if holds), "")


def chain_hash(previous: str, facts: dict[str, object]) -> str:
    """The link of the event chain: SHA-256 over the previous link and this event's facts as sorted JSON."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def roles_for(count: int) -> tuple[str, ...]:
    """甲, 乙, 丙 … for ``count`` parties."""
    return ROLES[:count]
