"""Where a person is named in the registry, and how a contact is taken out of it (design.md#private-data)."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlite_utils import Database

from yiyu.registry.rules.institution_history import Origin
from yiyu.registry.store.institution_changes import InstitutionChange, write_changes

_CONTACT = ("contact", "phone")


@dataclass(frozen=True, slots=True)
class Mention:
    """``place`` is the kind of record, ``subject`` what it belongs to, ``role`` what the person is there."""

    place: str
    subject: str
    role: str
    text: str
    day: str


_NAME_OF = """(SELECT n.value FROM institution_facts n WHERE n.institution_id = {0} AND n.fact = 'name'
    ORDER BY n.struck_at IS NULL DESC, n.valid_from DESC, n.id DESC LIMIT 1)"""
_CALLED = _NAME_OF.format("i.id")
_OF = f"coalesce(a.number, {_NAME_OF.format('e.institution_id')}, '')"
"""What an event speaks of."""
_ONCE = f"""'institution', {_NAME_OF.format("c.institution_id")}, 'contact',
    coalesce(c.contact, '') || ' ' || coalesce(c.phone, ''), '' FROM event_contacts c"""
"""A contact an institution had at some time."""
_HEAD = "json_extract(p.snapshot, '$.legal_person')"
_CONTACTED = "json_extract(p.snapshot, '$.contact') || ' ' || json_extract(p.snapshot, '$.phone')"
_PARTY = "'agreement', a.number, p.role, {0}, a.starts_on FROM parties p JOIN agreements a ON a.id = p.agreement_id"
"""A query for one person must not return the other's data: 法定代表人 and contact are asked for apart."""
_SERVED = """p.name || ' ' || p.unit || ' ' || p.department || ' ' || p.title
    || coalesce(' ' || p.arrives_at || '-' || p.leaves_at, '')"""
_NAMED = (
    f"i.contact, 'institution', {_CALLED}, 'contact', i.contact || ' ' || i.phone, '' FROM institutions i",
    f"""f.value, 'institution', {_NAME_OF.format("f.institution_id")}, 'legal_person', f.value,
        CASE f.valid_from WHEN '0001-01-01' THEN '' ELSE f.valid_from END
        FROM institution_facts f WHERE f.fact = 'legal_person'""",
    f"{_HEAD}, {_PARTY.format(_HEAD)}",
    f"json_extract(p.snapshot, '$.contact'), {_PARTY.format(_CONTACTED)}",
    f"""p.name, 'activity', a.number, 'served', {_SERVED}, a.on_date
        FROM activity_people p JOIN activities a ON a.id = p.activity_id""",
    "organiser, 'activity', number, 'organiser', organiser, on_date FROM activities",
    f"""e.actor, 'event', {_OF}, 'actor', e.kind, e.on_date
        FROM events e LEFT JOIN agreements a ON a.id = e.agreement_id WHERE e.import_id IS NULL""",
    f"c.contact, {_ONCE}",
    "actor, 'activity', number, 'actor', form, on_date FROM activities",
    """w.actor, 'waiver', a.number, 'actor', w.duty || ' ' || w.period, substr(w.recorded_at, 1, 10)
        FROM waivers w JOIN agreements a ON a.id = w.agreement_id""",
    f"k.actor, 'parked', {_NAME_OF.format('k.institution_id')}, 'actor', k.field, substr(k.recorded_at, 1, 10) FROM parked k",
    "actor, 'figure', district, 'actor', indicator || ' ' || year, substr(recorded_at, 1, 10) FROM figures",
    f"""s.actor, 'assessment', {_NAME_OF.format("s.institution_id")}, 'actor', s.step, s.on_date FROM assessments s""",
    "actor, 'progress', task, 'actor', status, on_date FROM work_progress",
    "actor, 'archive', code, 'actor', title, substr(numbered_at, 1, 10) FROM archive_items",
    "responsible, 'archive', code, 'mentioned', responsible, substr(numbered_at, 1, 10) FROM archive_items",
    "actor, 'scan', path, 'actor', path, substr(received_at, 1, 10) FROM incoming",
)
"""Where a field holds names: the field, then what :class:`Mention` says."""
_TELEPHONES = (
    f"i.phone, 'institution', {_CALLED}, 'contact', i.contact || ' ' || i.phone, '' FROM institutions i",
    f"json_extract(p.snapshot, '$.phone'), {_PARTY.format(_CONTACTED)}",
    f"c.phone, {_ONCE}",
    f"k.text, 'parked', {_NAME_OF.format('k.institution_id')}, 'mentioned', k.text, substr(k.recorded_at, 1, 10) FROM parked k",
)
_FREE = (
    f"i.remark, 'institution', {_CALLED}, 'mentioned', i.remark, '' FROM institutions i",
    f"""e.note, 'event', {_OF}, 'mentioned', e.note, e.on_date
        FROM events e LEFT JOIN agreements a ON a.id = e.agreement_id""",
    f"""t.value, 'event', {_OF}, 'mentioned', t.value, e.on_date
        FROM events e LEFT JOIN agreements a ON a.id = e.agreement_id JOIN json_each(e.data) t
        WHERE e.kind IN ('lent', 'box_noted') AND t.key IN ('borrower', 'note', 'arranged_by', 'checked_by')""",
    *(
        f"{column}, 'activity', number, 'mentioned', {column}, on_date FROM activities"
        for column in ("place", "topic", "content", "advice", "summary", "handouts", "remark", "void_reason", "others")
    ),
    *(
        f"f.{column}, 'finding', a.number, 'mentioned', f.{column}, a.on_date"
        " FROM findings f JOIN activities a ON a.id = f.activity_id"
        for column in ("problem", "demand", "outcome")
    ),
    """w.reason, 'waiver', a.number, 'mentioned', w.reason, substr(w.recorded_at, 1, 10)
        FROM waivers w JOIN agreements a ON a.id = w.agreement_id""",
    f"""s.note, 'assessment', {_NAME_OF.format("s.institution_id")}, 'mentioned', s.note, s.on_date FROM assessments s""",
    f"k.text, 'parked', {_NAME_OF.format('k.institution_id')}, 'mentioned', k.text, substr(k.recorded_at, 1, 10) FROM parked k",
    "note, 'progress', task, 'mentioned', note, on_date FROM work_progress",
    *(
        f"{column}, 'archive', code, 'mentioned', {column}, substr(numbered_at, 1, 10) FROM archive_items"
        for column in ("title", "remark")
    ),
)
_BETWEEN_NAMES = re.compile(r"[、，,;；/\s]+")
_SHORTEST = {"name": 2, "phone": 7}
"""A shorter text is found everywhere and names nobody."""


def mentions(db: Database, who: str) -> list[Mention]:
    """Every record that names a person: by name exactly, by telephone whatever its writing, or in a longer text."""
    digits = "".join(sign for sign in who if sign.isdigit())
    found: set[Mention] = set()
    if len(who) >= _SHORTEST["name"]:
        found |= {one for field, one in _rows(db, _NAMED, who) if who == field or who in _BETWEEN_NAMES.split(field)}
        found |= {one for _, one in _rows(db, _FREE, who)}
    if len(digits) >= _SHORTEST["phone"]:
        rows = _rows(db, _TELEPHONES, "")
        found |= {one for field, one in rows if digits in "".join(sign for sign in field if sign.isdigit())}
    return sorted(found, key=lambda one: (one.place, one.subject, one.day, one.role, one.text))


def _rows(db: Database, queries: Sequence[str], part: str) -> Iterator[tuple[str, Mention]]:
    """Field and mention of the rows whose field holds ``part``."""
    for query in queries:
        found = f"WITH found (field, {', '.join(Mention.__slots__)}) AS (SELECT {query})"
        for field, *said in db.execute(f"{found} SELECT * FROM found WHERE instr(field, ?)", [part]):  # noqa: S608 - our own text
            yield field, Mention(*said)


def erase_contact(db: Database, institution_id: int, *, on: dt.date, recorded_at: str, actor: str) -> dict[int, str]:
    """Blank 联系人 and 电话 of an institution, also where agreements keep them as printed; gives id and number of those.

    What it was called earlier is blanked as well; that it was done is an event, which holds none of it.

    The registry is open with secure_delete: the bytes are overwritten, not only unlinked. Call inside ``changing``.
    """
    blank = dict.fromkeys(_CONTACT, "")
    origin = Origin(note="清除联系方式", actor=actor, recorded_at=recorded_at)
    held = """
        SELECT id FROM institutions i WHERE ? IN (id, merged_into) AND (
            contact <> '' OR phone <> '' OR EXISTS (SELECT 1 FROM event_contacts WHERE institution_id = i.id))
    """
    for key in [row[0] for row in db.execute(held, [institution_id])]:
        db.execute("DELETE FROM event_contacts WHERE institution_id = ?", [key])
        write_changes(db, [InstitutionChange(key, "institution_erased", on, origin, {"fields": blank})])
    db.execute(
        "UPDATE parked SET text = '', message = '' WHERE institution_id = ? AND field IN (?, ?)",
        [institution_id, *_CONTACT],
    )
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
