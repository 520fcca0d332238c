"""What a person says of the differences between scans and their print: every word of it is an event."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from yiyu.docgen.archive.filing import Filed, Filing
from yiyu.registry.errors import Failure, NotFound
from yiyu.registry.institutions.lookup import numbers_to_ids
from yiyu.registry.lifecycle import ACCEPTED, REJECTED
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.comparisons import DifferenceRow, SigningRow, differences, signing_places
from yiyu.registry.store.events import NewEvent, append_events
from yiyu.registry.store.opening import changing


@dataclass(frozen=True, slots=True)
class Judged:
    """``rows`` as they stand now; ``documents`` are what became of the documents they are on."""

    rows: list[DifferenceRow]
    documents: list[Filed]
    failed: list[Failure]


def listed(office: OfficeSession, numbers: Sequence[str], *, every: bool) -> list[DifferenceRow]:
    """The differences of these agreements, or of all; those accepted only where ``every`` one is wanted."""
    ids = list(numbers_to_ids(office, numbers).values()) if numbers else None
    return [one for one in differences(office.db, ids) if every or one.verdict != ACCEPTED]


def signing_listed(office: OfficeSession, numbers: Sequence[str]) -> list[SigningRow]:
    """What was seen in the places to sign and seal of these agreements when their scans were compared."""
    return signing_places(office.db, list(numbers_to_ids(office, numbers).values()))


def judge(
    office: OfficeSession, found: Sequence[int], *, accept: bool, reason: str = "", dry_run: bool = False
) -> Judged:
    """Record that a person looked at these differences on paper; a later word of the same one stands before it.

    An agreement whose every difference is accepted goes on to 已校验. Raises NotFound for a number there is not.
    """
    with changing(office.db, dry_run=dry_run):
        known = {one.id: one for one in differences(office.db)}
        if unknown := [key for key in found if key not in known]:
            raise NotFound(f"没有第 {unknown[0]} 处差异", remedy="请用 yiyu archive differences --all 查看")
        verdict = ACCEPTED if accept else REJECTED
        rows = [replace(known[key], verdict=verdict, reason=reason) for key in dict.fromkeys(found)]
        append_events(office.db, [_event(office, one) for one in rows])
        documents, failed = Filing(office, dry_run=True).file({one.key for one in rows}, ()) if dry_run else ([], [])
    if not dry_run:
        documents, failed = Filing(office).file({one.key for one in rows}, ())
    return Judged(rows, documents, failed)


def _event(office: OfficeSession, one: DifferenceRow) -> NewEvent:
    data = {"difference": one.id, "document": one.document, "page": one.page, "printed": one.printed, "read": one.read}
    return NewEvent(one.verdict, office.today, office.now, office.actor, one.agreement_id, note=one.reason, data=data)
