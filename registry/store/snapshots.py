"""The facts of parties as an agreement prints them, and what it said of them before it followed the registry."""

from collections.abc import Iterable
from dataclasses import replace

import msgspec
from sqlite_utils import Database

from yiyu.registry.model import Institution, Party
from yiyu.registry.store.opening import within


def replace_snapshots(
    db: Database, agreement_id: int, parties: Iterable[tuple[Party, Institution]], *, recorded_at: str
) -> None:
    """Let parties be printed with new facts and keep the old, but for 联系人 and 电话; call inside ``changing``."""
    for party, facts in parties:
        former = msgspec.json.encode(replace(party.facts, contact="", phone="")).decode()
        place = {"agreement_id": agreement_id, "role": party.role}
        db.table("former_parties").insert(place | {"snapshot": former, "replaced_at": recorded_at})
        text = msgspec.json.encode(facts).decode()
        db.execute(
            "UPDATE parties SET snapshot = ? WHERE agreement_id = ? AND role = ?", [text, agreement_id, party.role]
        )


def last_rewritten(db: Database, ids: Iterable[int] | None) -> dict[int, str]:
    """When the facts of its parties, or its list, were last changed, for each agreement of which either ever was."""
    condition, values = within("agreement_id", ids)
    query = f"""
        SELECT agreement_id, max(moment) FROM (
            SELECT agreement_id, replaced_at AS moment FROM former_parties WHERE {condition}
            UNION ALL SELECT agreement_id, recorded_at FROM items WHERE list_version > 1 AND {condition})
        GROUP BY agreement_id
    """  # noqa: S608 - our own text
    return dict(map(tuple, db.execute(query, values)))


def snapshot_faults(db: Database) -> list[str]:
    """Numbers of agreements that print a party otherwise than the last event that let them follow the registry says."""
    rows = db.execute(
        """SELECT number, parties.snapshot ->> changed.key AS stands, changed.value ->> 1 AS told FROM (
               SELECT agreement_id, party.key AS role, field.key AS key, field.value AS value,
                      row_number() OVER (PARTITION BY agreement_id, party.key, field.key ORDER BY events.id DESC) AS place
               FROM events, json_each(events.data, '$.parties') AS party, json_each(party.value) AS field
               WHERE events.kind = 'followed') AS changed
           JOIN parties USING (agreement_id, role) JOIN agreements ON agreements.id = agreement_id
           WHERE place = 1 AND changed.value IS NOT NULL AND coalesce(stands, '') <> coalesce(told, '')
           ORDER BY number"""
    )
    return list(dict.fromkeys(row[0] for row in rows))
