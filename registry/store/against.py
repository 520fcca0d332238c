"""A registry held against what it was: a head of its chain that was printed, or an older copy."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from yiyu.registry.rules.chain import Head
from yiyu.registry.store.bulk import plain
from yiyu.registry.store.events import EVENT_FACTS
from yiyu.registry.store.row_changes import GONE, row_digests


@dataclass(frozen=True, slots=True)
class SinceCopy:
    """What a registry lost or holds otherwise than a copy of before, though no later change accounts for it.

    ``events``: numbers of events that say something else; ``missing``: of those that are gone; ``link``: the first change
    whose seal is another, None where all are the same; ``rows``: table and key.
    """

    events: list[int]
    missing: list[int]
    link: int | None
    rows: list[tuple[str, str]]


def knows_head(db: Database, head: Head) -> bool:
    """Whether the chain has once ended in ``head``."""
    found = plain(db, "SELECT hash FROM chain_links WHERE events = :events", {"events": str(head.events)})
    return head.events == 0 or any(digest.upper().startswith(head.mark) for (digest,) in found)


def since_copy(db: Database, copy: Database) -> SinceCopy:
    """Hold ``db`` against a copy of the same schema."""
    then, now = _events(copy), _events(db)
    common = [key for key in then if key in now]
    link = _first_other_link(db, copy)
    return SinceCopy(
        events=[key for key in common if then[key] != now[key]],
        missing=[key for key in then if key not in now],
        link=link,
        rows=list(_rows_unaccounted(db, copy)),
    )


def _events(db: Database) -> dict[int, int]:
    """A fingerprint of what each event says, without the hashes: who altered one has made those anew."""
    query = f"SELECT id, {', '.join(EVENT_FACTS)} FROM events ORDER BY id"  # noqa: S608 - our own names
    return {key: hash(tuple(facts)) for key, *facts in plain(db, query, {})}


def _first_other_link(db: Database, copy: Database) -> int | None:
    query = "SELECT id, hash FROM chain_links ORDER BY id"
    now = dict(plain(db, query, {}))
    return next((key for key, digest in plain(copy, query, {}) if now.get(key) != digest), None)


def _rows_unaccounted(db: Database, copy: Database) -> Iterator[tuple[str, str]]:
    last = copy.execute("SELECT coalesce(max(id), 0) FROM chain_links").fetchone()[0]
    query = "SELECT DISTINCT table_name, row_key FROM row_changes WHERE link_id > :last"
    later = {tuple(row) for row in plain(db, query, {"last": last})}
    now = row_digests(db)
    for table, then in row_digests(copy).items():
        stands = now.get(table, {})
        for key in sorted(then.keys() | stands.keys()):
            if then.get(key, GONE) != stands.get(key, GONE) and (table, key) not in later:
                yield table, key
