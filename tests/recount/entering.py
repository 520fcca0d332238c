"""The raw inputs entered as a clerk enters them: the program's own actions, the clock at the moment of writing."""

import datetime as dt
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from build import opened
from recount.inputs import FIRST, Entry, code_of

from yiyu.registry.activities.adding import add, void
from yiyu.registry.activities.findings import recheck
from yiyu.registry.agreements.changes import extend, supplement
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.renewing import renew
from yiyu.registry.agreements.steps import correct_event, history, record_step
from yiyu.registry.duties.planning import waive
from yiyu.registry.errors import UserError
from yiyu.registry.institutions.editing import edit_institution
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Institution, Kind, Variant
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.reports.manual_figures import assess, enter_figure
from yiyu.registry.rules.activities import Activity, Finding
from yiyu.registry.rules.institution_history import Origin
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import load_activities
from yiyu.registry.store.institution_changes import add_institutions
from yiyu.registry.store.opening import changing

STEPS = ("self_assessed", "guided", "rectified", "summarised")
_NOON = dt.time(9, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@dataclass
class Entered:
    """What the office accepted and what it refused, and what it calls each key: numbers, and ids of institutions."""

    accepted: list[Entry] = field(default_factory=list)
    refused: list[tuple[Entry, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    findings: dict[str, list[int]] = field(default_factory=dict)


def entered(folder: Path, entries: Sequence[Entry], region: str = "150600") -> Entered:
    """A new office in ``folder`` with all of ``entries``, written one after the other on their days."""
    make_workspace(folder, pack="ordos", region=region)
    known = Entered()
    go_on(folder, known, entries)
    return known


def go_on(folder: Path, known: Entered, entries: Sequence[Entry]) -> None:
    """Write more into an office that knows the earlier ones."""
    with opened(folder, now=dt.datetime.combine(FIRST, _NOON)) as session:
        session.db.execute("PRAGMA synchronous = OFF")
        for (day, what), together in itertools.groupby(entries, key=lambda one: (one.recorded, one.what)):
            office = replace(session, today=day, now=dt.datetime.combine(day, _NOON).isoformat())
            _together(office, known, what, list(together))


def _together(office: OfficeSession, known: Entered, what: str, entries: list[Entry]) -> None:
    """What one action can take together, in one go; where it refuses, and all else, one by one."""
    if what not in _TOGETHER:
        for one in entries:
            _try(office, known, partial(_ACTIONS[what], one=one), one)
        return
    alike, action = _TOGETHER[what]
    for _, group in itertools.groupby(sorted(entries, key=alike), key=alike):
        members = list(group)
        try:
            action(office, known, members)
        except (UserError, KeyError):
            for one in members:
                _try(office, known, partial(action, entries=[one]), one)
        else:
            known.accepted += members


def _try(office: OfficeSession, known: Entered, action: Callable[[OfficeSession, Entered], None], one: Entry) -> None:
    try:
        action(office, known)
    except UserError as error:
        known.refused.append((one, str(error)))
    except KeyError as missing:  # of something that was itself refused
        known.refused.append((one, f"no {missing}"))
    else:
        known.accepted.append(one)


def _institutions(office: OfficeSession, known: Entered, entries: Sequence[Entry]) -> None:
    """All at once, as a roster is."""
    made = [Institution(**one.data | {"kind": Kind(one.data["kind"])}) for one in entries]
    origin = Origin(note="名册", recorded_at=office.now)
    with changing(office.db):
        ids = add_institutions(office.db, [(one, origin) for one in made])
    known.ids |= dict(zip([one.key for one in entries], ids, strict=True))


def _change(office: OfficeSession, known: Entered, one: Entry) -> None:
    edit_institution(office, code_of(one.key), one.data["fields"], from_day=one.on)


def _correct(office: OfficeSession, known: Entered, one: Entry) -> None:
    since = one.on if one.data.get("since") else None
    edit_institution(office, code_of(one.key), one.data["fields"], from_day=since, correct=True)


def _clause(office: OfficeSession, entries: Sequence[Entry]) -> OfficeSession:
    """The office with the renewal clause of these agreements for its setting."""
    config = msgspec.structs.replace(office.workspace.config, renewal=entries[0].data["renewal"])
    return replace(office, workspace=msgspec.structs.replace(office.workspace, config=config))


def _drafts(office: OfficeSession, known: Entered, entries: Sequence[Entry]) -> None:
    by_id = directory(office).by_id

    def side(one: Entry, name: str) -> Institution | None:
        return by_id[known.ids[one.data[name]]] if one.data[name] else None

    requests = []
    for one in entries:
        medical, childcare, third = (side(one, name) for name in ("medical", "childcare", "third"))
        assert medical
        assert childcare
        if medical.closed_on or childcare.closed_on or (third and third.closed_on):
            raise KeyError(one.key)  # it would be refused, and the others not
        start, months = one.data["starts"], one.data["months"]
        requests.append(DraftRequest(medical, childcare, Variant(one.data["variant"]), start, months, third=third))
    made = draft_agreements(_clause(office, entries), requests).made
    known.names |= {one.key: each.number for one, each in zip(entries, made, strict=True)}


def _renewals(office: OfficeSession, known: Entered, entries: Sequence[Entry]) -> None:
    numbers = {known.names[one.data["renews"]]: one for one in entries if one.key not in known.names}
    if not numbers:
        return  # made when all were asked for at once
    made = renew(_clause(office, entries), list(numbers), months=entries[0].data["months"]).made
    known.names |= {numbers[each.renews].key: each.number for each in made}
    if len(made) < len(numbers):
        raise KeyError(", ".join(numbers.keys() - {each.renews for each in made}))


def _step(office: OfficeSession, known: Entered, one: Entry) -> None:
    number, kind = known.names[one.key], one.data["kind"]
    if kind == "extended":
        extend(office, number, on=one.on)
    elif kind == "supplemented":
        supplement(office, number, on=one.on, text="延期", ends_on=one.data["ends"])
    else:
        record_step(office, [number], kind, on=one.on, party=one.data.get("party", ""))


def _take_back(office: OfficeSession, known: Entered, one: Entry) -> None:
    number, data = known.names[one.key], one.data
    taken = [
        e for e in history(office, number) if (e.kind, e.party, e.on) == (data["kind"], data["party"], data["wrong"])
    ]
    correct_event(office, number, taken[0].id if taken else 0, note="录错")


def _activity(office: OfficeSession, known: Entered, one: Entry) -> None:
    data = one.data
    found = tuple(Finding(each["problem"], "整改", each["due"]) for each in data["findings"])
    numbers = tuple(known.names[each] for each in data["agreements"])
    activity = Activity("", one.on, data["form"], numbers, data["items"], counts=data["counts"], findings=found)
    made = add(office, activity, again=True).listed.activity
    known.names[one.key] = made.number
    if found:
        (stored,) = load_activities(office.db, ids=[made.id])
        known.findings[one.key] = [each.id for each in stored.findings]


def _void(office: OfficeSession, known: Entered, one: Entry) -> None:
    void(office, known.names[one.key], reason="登错")


def _recheck(office: OfficeSession, known: Entered, one: Entry) -> None:
    recheck(office, known.findings[one.key][one.data["order"]], on=one.on, outcome="已改")


def _waive(office: OfficeSession, known: Entered, one: Entry) -> None:
    waive(office, known.names[one.key], duty=one.data["duty"], period=one.data["period"], reason="停托")


def _assess(office: OfficeSession, known: Entered, entries: Sequence[Entry]) -> None:
    first = entries[0]
    assess(office, [code_of(one.key) for one in entries], first.data["step"], on=first.on, year=first.data["year"])


def _figure(office: OfficeSession, known: Entered, one: Entry) -> None:
    enter_figure(office, one.key, source="年报", **one.data)


_ACTIONS: dict[str, Any] = {
    "change": _change, "correct": _correct, "step": _step, "take_back": _take_back, "activity": _activity,
    "void_activity": _void, "recheck": _recheck, "waive": _waive, "figure": _figure,
}  # fmt: skip
_TOGETHER: dict[str, Any] = {
    "institution": (lambda one: 0, _institutions),
    "draft": (lambda one: one.data["renewal"], _drafts),
    "renewal": (lambda one: one.data["months"], _renewals),
    "assess": (lambda one: (STEPS.index(one.data["step"]), one.data["year"], one.on), _assess),
}
"""Actions that take many: what those taken together have in common, and the action."""
