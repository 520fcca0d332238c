"""Two institutions become one in the registry, and two again."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlite_utils import Database

from yiyu.registry.lifecycle import Event
from yiyu.registry.rules.institution_history import FACTS, Origin, Rebuilt, blank, recorded_after, taken_back
from yiyu.registry.store.institution_changes import InstitutionChange, write_changes
from yiyu.registry.store.institutions import institution_events, rebuilt


def merge_institution(
    db: Database, duplicate: int, kept: int, filled: Mapping[str, object], *, on: dt.date, origin: Origin
) -> list[int]:
    """Point everything that speaks of ``duplicate`` to ``kept``; gives the ids of the agreements it touched.

    ``filled``: fields the kept one takes over, with the value they come to have; facts come with the days they begin.
    Where a code is among them the duplicate keeps the other one, so that both are found. The rest of the duplicate
    stays as it is. Call inside ``changing``.
    """
    known = rebuilt(db, [duplicate, kept])
    parties = db.execute("SELECT agreement_id, role FROM parties WHERE institution_id = ?", [duplicate])
    steps = db.execute("SELECT id FROM assessments WHERE institution_id = ?", [duplicate])
    moved = {"parties": [list(row) for row in parties], "assessments": [row[0] for row in steps]}
    taken = {
        "from": duplicate,
        "fields": {name: value for name, value in filled.items() if name not in FACTS},
        **_taken_over(known[duplicate], known[kept], {name: filled[name] for name in filled if name in FACTS}),
    }
    given = {name: known[kept].plain[name] for name in ("code", "branch") if name in filled}
    write_changes(
        db,
        [
            InstitutionChange(
                duplicate, "institution_merged", on, origin, {"merged_into": kept, "fields": given} | moved
            ),
            InstitutionChange(kept, "institution_merged", on, origin, taken),
        ],
    )
    _move(db, moved, duplicate, kept)
    return _agreements(moved)


def unmerge_institution(db: Database, duplicate: int, *, on: dt.date, origin: Origin) -> list[int]:
    """Take a merge back: parties and assessments that came with it go back, and what the kept one took over.

    What was changed since stays. Gives the ids of the agreements it touched. Call inside ``changing``.
    """
    event = [one for _, one in institution_events(db, [duplicate]) if one.data.get("merged_into")][-1]
    kept = int(str(event.data["merged_into"]))
    moved = _older_moves(db, duplicate, kept) if event.kind == "institution_known" else dict(event.data)
    changes = []
    if (taking := _taking(db, kept, duplicate, event.id)) is not None:
        before = rebuilt(db, [kept], before=taking.id)[kept]
        data = taken_back(before, taking, rebuilt(db, [kept])[kept]) | {"from": duplicate}
        changes.append(InstitutionChange(kept, "institution_unmerged", on, origin, data))
    back: dict[str, Any] = {"merged_into": None}
    if event.kind != "institution_known":
        before = rebuilt(db, [duplicate], before=event.id)[duplicate]
        back |= taken_back(before, event, rebuilt(db, [duplicate])[duplicate])
    changes.append(InstitutionChange(duplicate, "institution_unmerged", on, origin, back))
    write_changes(db, changes)
    _move(db, moved, _last_kept(db, kept), duplicate)
    return _agreements(moved)


def holders_known(db: Database, day: dt.date) -> dict[str, int]:
    """Whose a party or an assessment was by the end of ``day``, of those that a merge ever moved.

    ``{"12甲": 7, "3": 7}``: the id of the institution, by agreement id and role, and by assessment id.
    """
    holder: dict[str, int] = {}
    moved: dict[int, list[str]] = {}
    into: dict[int, int] = {}
    for key, event in institution_events(db):
        if "merged_into" not in event.data:
            continue
        data: Mapping[str, Any] = event.data
        places = [f"{agreement}{role}" for agreement, role in data.get("parties", ())]
        places += map(str, data.get("assessments", ()))
        for place in places:
            holder.setdefault(place, key)
        if recorded_after(event.recorded_at, day):
            continue
        if data["merged_into"] is not None:
            into[key], moved[key] = data["merged_into"], places
            holder |= dict.fromkeys(places, into[key])
        elif key in into:
            kept = into.pop(key)
            while kept in into:
                kept = into[kept]
            holder |= {place: key for place in moved[key] if holder[place] == kept}
    return holder


def _taken_over(goes: Rebuilt, stays: Rebuilt, filled: Mapping[str, object]) -> dict[str, Any]:
    """Facts of ``goes`` from the days they begin; where ``stays`` said nothing from some day on, it says so no longer.

    A fact that is to be blank, 停办 of one that goes on, becomes so from the days it was said.
    """
    facts: list[list[str | None]] = []
    for (name, since), row in goes.answering().items():
        if not blank(name, filled.get(name)):
            facts.append([name, row.value, since])
    struck = []
    for (name, since), row in stays.answering().items():
        if name in filled and blank(name, filled[name]):
            facts.append([name, None, since])
        elif name in filled and row.value in (None, "", "0"):
            struck.append([name, since])
    return {"facts": facts, "struck": struck}


def _taking(db: Database, kept: int, duplicate: int, since: int) -> Event | None:
    """The event by which the kept one took over what it lacked; an older version wrote none."""
    events = (one for _, one in institution_events(db, [kept]) if one.id > since)
    return next((one for one in events if one.data.get("from") == duplicate and one.kind == "institution_merged"), None)


def _move(db: Database, moved: Mapping[str, Any], giver: int, taker: int) -> None:
    """Parties and assessments, as far as they are still with ``giver``."""
    for agreement, role in moved.get("parties", ()):
        where = [taker, agreement, role, giver]
        db.execute(
            "UPDATE parties SET institution_id = ? WHERE agreement_id = ? AND role = ? AND institution_id = ?", where
        )
    for key in moved.get("assessments", ()):
        db.execute("UPDATE assessments SET institution_id = ? WHERE id = ? AND institution_id = ?", [taker, key, giver])


def _last_kept(db: Database, key: int) -> int:
    """The one that is left where the kept one was itself merged into another since."""
    while (row := db.execute("SELECT merged_into FROM institutions WHERE id = ?", [key]).fetchone())[0] is not None:
        key = int(row[0])
    return key


def _agreements(moved: Mapping[str, Any]) -> list[int]:
    return sorted({agreement for agreement, _ in moved.get("parties", ())})


def _older_moves(db: Database, duplicate: int, kept: int) -> dict[str, Collection[object]]:
    """What an older version moved: it left a note on each agreement."""
    query = """
        SELECT p.agreement_id, p.role FROM parties p WHERE p.institution_id = ? AND p.agreement_id IN (
            SELECT agreement_id FROM events WHERE kind = 'merged' AND json_extract(data, '$.from') = ?)
    """
    return {"parties": [list(row) for row in db.execute(query, [kept, duplicate])]}
