"""Where a person is named in the registry, and how a contact is taken out of it (robustness 7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlite_utils import Database

_CONTACT = ("contact", "phone")


@dataclass(frozen=True, slots=True)
class Mention:
    """``place`` is the kind of record, ``subject`` what it belongs to, ``role`` what the person is there."""

    place: str
    subject: str
    role: str
    text: str
    day: str


_MENTIONS = """
    SELECT 'institution' AS place, f.value AS subject, 'contact' AS role, i.contact || ' ' || i.phone AS text, '' AS day
    FROM institutions i JOIN institution_facts f ON f.institution_id = i.id AND f.fact = 'name'
    WHERE :who IN (i.contact, i.phone)
    UNION ALL
    SELECT 'institution', n.value, 'legal_person', f.value, f.valid_from
    FROM institution_facts f JOIN institution_facts n ON n.institution_id = f.institution_id AND n.fact = 'name'
    WHERE f.fact = 'legal_person' AND f.value = :who
    UNION ALL
    SELECT 'agreement', a.number, p.role, json_extract(p.snapshot, '$.legal_person') || ' '
        || json_extract(p.snapshot, '$.contact') || ' ' || json_extract(p.snapshot, '$.phone'), a.starts_on
    FROM parties p JOIN agreements a ON a.id = p.agreement_id
    WHERE :who IN (json_extract(p.snapshot, '$.legal_person'), json_extract(p.snapshot, '$.contact'),
                   json_extract(p.snapshot, '$.phone'))
    UNION ALL
    SELECT 'activity', a.number, 'served', p.name || ' ' || p.unit || ' ' || p.department || ' ' || p.title, a.on_date
    FROM activity_people p JOIN activities a ON a.id = p.activity_id WHERE p.name = :who
    UNION ALL
    SELECT 'event', a.number, 'actor', e.kind, e.on_date
    FROM events e JOIN agreements a ON a.id = e.agreement_id WHERE e.actor = :who
"""


def mentions(db: Database, who: str) -> list[Mention]:
    """Every record that names a person by this name or telephone number, written exactly so."""
    rows = db.execute(f"SELECT DISTINCT * FROM ({_MENTIONS}) ORDER BY place, subject, day, role", {"who": who})  # noqa: S608 - our own text
    return [Mention(*row) for row in rows]


def erase_contact(db: Database, institution_id: int) -> dict[int, str]:
    """Blank 联系人 and 电话 of an institution, also where agreements keep them as printed; gives id and number of those.

    The registry is open with secure_delete: the bytes are overwritten, not only unlinked. Call inside ``changing``.
    """
    blank = dict.fromkeys(_CONTACT, "")
    db.table("institutions").update(institution_id, blank)
    db.execute("UPDATE institutions SET version = version + 1 WHERE id = ?", [institution_id])
    touched: dict[int, str] = {}
    for row in _snapshots(db, institution_id):
        facts = msgspec.json.decode(row["snapshot"])
        if not any(facts.get(field) for field in _CONTACT):
            continue
        text = msgspec.json.encode(facts | blank).decode()
        where = [text, row["agreement_id"], row["role"]]
        db.execute("UPDATE parties SET snapshot = ? WHERE agreement_id = ? AND role = ?", where)
        touched[row["agreement_id"]] = row["number"]
    return touched


def _snapshots(db: Database, institution_id: int) -> Iterator[Any]:
    query = """
        SELECT p.agreement_id, p.role, p.snapshot, a.number FROM parties p JOIN agreements a ON a.id = p.agreement_id
        WHERE p.institution_id = ? ORDER BY a.number
    """
    return iter(db.execute(query, [institution_id]).fetchall())
