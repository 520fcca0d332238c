"""An agreement's three axes as a timeline: what has happened and when, and what is still to come, in the order of paper."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from yiyu.registry.lifecycle import EVENT_LABEL, FILING, FILING_LABEL, FORCE_LABEL, SEALING_LABEL, SIGNING_LABEL, Event
from yiyu.registry.store.standings import AgreementStatus


class Stage(NamedTuple):
    """``on``: the day it happened, None where it has not; of a day to come, the day that it will be."""

    label: str
    on: dt.date | None
    to_come: bool = False

    @property
    def done(self) -> bool:
        return self.on is not None and not self.to_come


class Axis(NamedTuple):
    """``now``: where it stands, in a word."""

    label: str
    now: str
    stages: tuple[Stage, ...]


def axes_of(one: AgreementStatus, events: Sequence[Event], today: dt.date) -> list[Axis]:
    """签约, 盖章, 归档 and 效力; ``events`` are all of its own, what was corrected is left out."""
    wrong = {event.corrects for event in events}
    first: dict[str, dt.date] = {}
    for event in events:
        if event.id not in wrong:
            first.setdefault(event.kind, event.on)
    state = one.state
    review = [Stage(EVENT_LABEL[kind], first[kind]) for kind in ("submitted", "approved", "returned") if kind in first]
    signing = [Stage("起草", first.get("drafted") or first.get("imported")), *review]
    if "issued" in first:
        signing.append(Stage(EVENT_LABEL["issued"], first["issued"]))
    signing += [Stage(f"{role}方签字", state.signed.get(role)) for role in state.roles]
    sealing = [Stage(f"{role}方盖章", state.sealed.get(role)) for role in state.roles]
    filing = [Stage(FILING_LABEL[step], first.get(step)) for step in FILING[1:]]
    return [
        Axis("签约", SIGNING_LABEL[state.signing], tuple(signing)),
        Axis("盖章", SEALING_LABEL[state.sealing] + ("，有骑缝章" if state.seam else ""), tuple(sealing)),
        Axis("归档", FILING_LABEL[state.filing], tuple(filing)),
        Axis("效力", FORCE_LABEL[one.force], tuple(_term(one, today))),
    ]


def _term(one: AgreementStatus, today: dt.date) -> list[Stage]:
    """First and last day, each done once it is past; and how it ended before, where it did."""
    starts, ends = one.agreement.starts_on, one.ends_on
    if one.state.voided_on is not None:
        return [Stage("作废", one.state.voided_on)]
    begins = Stage("生效", starts, to_come=starts > today)
    if one.state.terminated_on is not None:
        return [begins, Stage("解除", one.state.terminated_on)]
    return [begins, Stage("截止", ends, to_come=ends >= today)]
