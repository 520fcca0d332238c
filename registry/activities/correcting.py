"""An activity put right by a register: what a row says otherwise, written as an edit is, and back again."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from yiyu.registry.activities.adding import tell
from yiyu.registry.activities.register_columns import COLUMNS
from yiyu.registry.activities.rows import TEXTS
from yiyu.registry.lifecycle import Event
from yiyu.registry.rules.activities import Activity
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import columns_of, edit_activity, edit_back, lists_of

CORRECTABLE = ("form", "items", "starts", "ends", "minutes", *TEXTS, "counts", "signed_in", "others")
"""With another day or agreement it is another activity; people and findings are put right by hand."""
HEADINGS = {
    name: COLUMNS[name].heading if name in COLUMNS else {"counts": "人数", "others": "其他内容"}[name]
    for name in CORRECTABLE
}


def corrections(old: Activity, new: Activity) -> dict[str, Any]:
    """What ``new`` says otherwise that a register may correct: attributes with new values. Blanks say nothing."""
    said = replace(new, counts={**old.counts, **new.counts}, others={**old.others, **new.others})
    values = {name: getattr(said, name) for name in CORRECTABLE}
    same = {
        name: set(value) == set(old.items) if name == "items" else value == getattr(old, name)
        for name, value in values.items()
    }
    return {name: value for name, value in values.items() if not same[name] and value not in ("", None, (), {})}


def correct(
    office: OfficeSession, old: Activity, values: Mapping[str, Any], *, note: str, import_id: int | None
) -> None:
    """Write ``values`` in the place of what ``old`` says; call inside ``changing``."""
    new = replace(old, **values)
    _tell(office, new, edit_activity(office.db, old, new), note=note, import_id=import_id)


def correct_back(office: OfficeSession, now: Activity, event: Event, *, note: str, import_id: int) -> None:
    """Write what stood there before an event of correction; call inside ``changing``."""
    _tell(office, now, edit_back(office.db, now, edited(event)), note=note, import_id=import_id)


def edited(event: Event) -> Mapping[str, Sequence[Any]]:
    """What was and what is, by column or table, of an event ``activity_edited``."""
    data: Mapping[str, Any] = event.data
    found: Mapping[str, Sequence[Any]] = data["changes"]
    return found


def kept_as(name: str, one: Activity) -> tuple[str, Any]:
    """Where an attribute is kept, column or table, and what stands there for ``one``."""
    place = {"starts": "starts_at", "ends": "ends_at", "items": "activity_items"}.get(name, name)
    return place, (columns_of(one) | lists_of(one))[place]


def text(name: str, value: Any) -> str:  # noqa: ANN401 - of Activity's attributes
    """A value as people read it."""
    if name in ("counts", "others"):
        return "，".join(f"{kind} {number}" for kind, number in value.items())
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return "、".join(value) if name == "items" else "" if value is None else str(value)


def _tell(
    office: OfficeSession, one: Activity, changes: Mapping[str, object], *, note: str, import_id: int | None
) -> None:
    data = {"reason": note, "changes": changes}
    tell(office, "activity_edited", one, on=one.on, note=f"{one.number} {note}", data=data, import_id=import_id)
