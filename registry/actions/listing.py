"""The manager's list, and everything about one agreement."""

import datetime as dt
from dataclasses import dataclass

from yiyu.registry.actions.lookup import directory, numbers_to_ids, searched
from yiyu.registry.desk import Desk
from yiyu.registry.errors import NotFound
from yiyu.registry.lifecycle import Event
from yiyu.registry.model import Agreement, Variant
from yiyu.registry.reports import Standing, perhaps_ending, perhaps_unsigned, standings
from yiyu.registry.search import Searched, search
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.documents import DocumentRow, current_documents
from yiyu.registry.store.events import events_of


@dataclass(frozen=True, slots=True)
class AgreementFilter:
    """What a listing is limited to; everything given must hold."""

    unsigned: bool = False
    expiring: int | None = None
    expired: bool = False
    in_force: bool = False
    district: str = ""
    variant: Variant | None = None
    search: str = ""
    """See :func:`yiyu.registry.search.search`."""

    def accepts(self, one: Standing) -> bool:
        wanted = (
            not self.unsigned or one.unsigned,
            self.expiring is None or one.expiring(self.expiring),
            not self.expired or one.force == "expired",
            not self.in_force or one.force == "in_force",
            self.district in ("", one.agreement.district),
            self.variant in (None, one.agreement.variant),
        )
        return all(wanted)


@dataclass(frozen=True, slots=True)
class Dossier:
    """One agreement whole: standing, list, documents."""

    standing: Standing
    agreement: Agreement
    documents: tuple[DocumentRow, ...]
    supplements: tuple[Event, ...]


def list_agreements(desk: Desk, wanted: AgreementFilter) -> list[Standing]:
    """Agreements as they stood at the end of the desk's day, by number."""
    found = [one for one in standings(desk.db, desk.today, _perhaps(desk, wanted)) if wanted.accepts(one)]
    return _searched(desk, wanted.search, found) if wanted.search else found


def _searched(desk: Desk, text: str, rows: list[Standing]) -> list[Standing]:
    """Those that ``text`` fits by number, or by a party as printed or as it is called on the day."""
    known = directory(desk).by_id

    def described(one: Standing) -> Searched:
        parties = one.agreement.parties
        facts = [party.facts for party in parties] + [known[party.institution_id] for party in parties]
        return searched(*facts, numbers=(one.agreement.number,))

    return search(text, rows, described)


def _perhaps(desk: Desk, wanted: AgreementFilter) -> set[int] | None:
    """Ids that may be wanted, found by the database, so that a large office is not replayed whole; None for all."""
    if wanted.expiring is not None:
        return perhaps_ending(desk.db, desk.today, desk.today + dt.timedelta(days=wanted.expiring))
    return perhaps_unsigned(desk.db, desk.today) if wanted.unsigned else None


def show_agreement(desk: Desk, number: str) -> Dossier:
    """Raises NotFound for an unknown number, and for one that did not exist yet on the desk's day."""
    key = numbers_to_ids(desk, [number])[number]
    found = {s.agreement.id: s for s in standings(desk.db, desk.today, {key})}
    if key not in found:
        raise NotFound(f"{desk.today} 时还没有协议 {number}", remedy="请换一个日期，或去掉 --as-of")
    documents = tuple(d for (owner, _), d in current_documents(desk.db).items() if owner == key)
    supplements = tuple(e for e in events_of(desk.db, key) if e.kind == "supplemented" and e.on <= desk.today)
    return Dossier(found[key], load_agreements(desk.db, [key])[0], documents, supplements)
