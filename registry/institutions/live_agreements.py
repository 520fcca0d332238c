"""What 停办 or the loss of 备案 leaves behind: the live agreements of an institution, each with the next command."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from yiyu.registry.model import CHILDCARE_ROLE, Institution
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import agreements_of
from yiyu.registry.store.standings import AgreementStatus, standings

_MANY_SIDES = 3


@dataclass(frozen=True, slots=True)
class LiveAgreement:
    """An agreement that is not over, and what may be done about it: one command, or several to choose from."""

    number: str
    signing: str
    commands: tuple[str, ...]


def left_behind(office: OfficeSession, old: Institution, new: Institution, day: dt.date) -> tuple[LiveAgreement, ...]:
    """The live agreements of an institution that closes or loses 备案 from ``day`` on; none where neither happens.

    Nobody signed: 作废. Closed: 解除, of three parties also a supplement where a medical one goes. Without 备案 the parties
    may go on (domain.md#trap-unfiled): 解除 or a supplement.
    """
    closed = new.closed_on is not None and new.closed_on != old.closed_on
    if not closed and not (old.filed and not new.filed):
        return ()
    found = standings(office.db, office.today, agreements_of(office.db, old.id))
    on, why = (new.closed_on or day, "机构停办") if closed else (day, "备案取消")
    return tuple(
        LiveAgreement(one.agreement.number, one.state.signing, _commands(one, old.id, on, why, closed=closed))
        for one in found
        if one.live
    )


def told_left_behind(office: OfficeSession, changes: Iterable[tuple[Institution, Mapping[str, Any]]]) -> Iterator[str]:
    """What changes leave behind, a sentence for each institution; ``changes``: it, and its fields that change."""
    for old, new in changes:
        if found := left_behind(office, old, replace(old, **new), office.today):
            numbers = "、".join(one.number for one in found)
            say = f"“{old.name}”{'停办' if new.get('closed_on') else '备案取消'}，还有 {len(found)} 份没有结束的协议：{numbers}"
            yield f"{say}；请逐份处理，如 {found[0].commands[0]}"


def _commands(one: AgreementStatus, institution: int, on: dt.date, why: str, *, closed: bool) -> tuple[str, ...]:
    number = one.agreement.number
    if one.state.signing != "signed":
        return (f"yiyu agreement void {number} --reason {why}",)
    end = f"yiyu agreement terminate {number} --on {on} --reason {why}"
    role = next(party.role for party in one.agreement.parties if party.institution_id == institution)
    goes_on = not closed or (role != CHILDCARE_ROLE and len(one.agreement.parties) >= _MANY_SIDES)
    return (end, f"yiyu agreement supplement {number} --text …") if goes_on else (end,)
