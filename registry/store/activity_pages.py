"""One page of the activities of a large office, found by the database: the rest of 200,000 is not read."""

import datetime as dt
from collections.abc import Collection

from sqlite_utils import Database

from yiyu.registry.store.opening import within

EVERY = -1
_SERVED = "id IN (SELECT activity_id FROM activity_agreements WHERE {})"
_OF_PARTY = "id IN (SELECT activity_id FROM activity_agreements JOIN parties USING (agreement_id) WHERE institution_id = :institution)"
_FOR = "EXISTS (SELECT 1 FROM json_each(activities.institutions) WHERE {})"


def activity_page(
    db: Database,
    *,
    last: dt.date,
    first: dt.date | None = None,
    form: str | None = None,
    person: str = "",
    institution: int = 0,
    agreement_ids: Collection[int] | None = None,
    of_institutions: Collection[int] = (),
    voided: bool = False,
    most: int = EVERY,
    skip: int = 0,
) -> tuple[list[int], int]:
    """Ids of ``most`` activities after the first ``skip``, the newest first, and how many there are in all.

    Under any of ``agreement_ids`` (None: whatever they are under), or, without one, for any of ``of_institutions``;
    ``institution``: id of one that had part in it, 0 for any. The days belong to it.
    """
    condition, values = within("agreement_id", agreement_ids)
    asked: dict[str, object] = {**values, "first": str(first), "last": str(last), "form": form, "person": person}
    asked |= {"institution": institution, "most": most, "skip": skip}
    own = [_SERVED.format(condition)]
    if of_institutions:
        among, others = within("value", of_institutions)
        own.append(_FOR.format(among.replace(":ids", ":others")))
        asked["others"] = others["ids"]
    conditions = {
        "on_date <= :last": True,
        "on_date >= :first": first is not None,
        "voided_on IS NULL": not voided,
        "form = :form": form is not None,
        "id IN (SELECT activity_id FROM activity_people WHERE name = :person)": bool(person),
        f"({_OF_PARTY} OR {_FOR.format('value = :institution')})": bool(institution),
        f"({' OR '.join(own)})": agreement_ids is not None,
    }
    where = " AND ".join(text for text, holds in conditions.items() if holds)
    query = f"SELECT id FROM activities WHERE {where} ORDER BY on_date DESC, number DESC LIMIT :most OFFSET :skip"  # noqa: S608 - our own text
    (total,) = db.execute(f"SELECT count(*) FROM activities WHERE {where}", asked).fetchone()  # noqa: S608 - our own text
    return [row[0] for row in db.execute(query, asked)], int(total)
