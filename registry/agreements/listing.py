"""Agreements as they stand on a day: lists, one whole, and terms that overlap or leave a gap."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from yiyu.registry.agreements.following import FactChange, Lag, lagging, pending_changes
from yiyu.registry.errors import NotFound
from yiyu.registry.institutions.lookup import Directory, directory, numbers_to_ids, searched
from yiyu.registry.lifecycle import Event
from yiyu.registry.model import Agreement, Institution, Variant
from yiyu.registry.rules.scope import Scope
from yiyu.registry.rules.search import Searched, search
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import agreement_ids, agreements_of, load_agreements
from yiyu.registry.store.comparisons import SigningRow, signing_places
from yiyu.registry.store.events import events_of
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.record_sheets import DocumentRow, current_documents
from yiyu.registry.store.sides import side_rows
from yiyu.registry.store.standings import AgreementStatus, perhaps_ending, perhaps_unsigned, standings


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
    """See :func:`yiyu.registry.rules.search.search`."""

    def accepts(self, one: AgreementStatus) -> bool:
        wanted = (
            not self.unsigned or one.unsigned,
            self.expiring is None or one.expiring(self.expiring),
            not self.expired or one.force == "expired",
            not self.in_force or one.in_force,
            self.variant in (None, one.agreement.variant),
        )
        return all(wanted)


@dataclass(frozen=True, slots=True)
class Dossier:
    """One agreement whole: standing, list, documents."""

    standing: AgreementStatus
    agreement: Agreement
    documents: tuple[DocumentRow, ...]
    supplements: tuple[Event, ...]
    lag: Lag
    pending: tuple[FactChange, ...]
    """What an unsigned one will say otherwise once its documents are generated again."""
    signing: tuple[SigningRow, ...]
    """What was seen in the places to sign when its scans were compared: a hint, by which nothing is decided."""


def list_agreements(office: OfficeSession, wanted: AgreementFilter) -> list[AgreementStatus]:
    """Agreements as they stood at the end of the day asked for, by number."""
    found = [one for one in standings(office.db, office.today, _perhaps(office, wanted)) if wanted.accepts(one)]
    found = in_scope(replace(office, scope=Scope(wanted.district)), in_scope(office, found))
    return _searched(office, wanted.search, found) if wanted.search else found


def in_scope(office: OfficeSession, found: list[AgreementStatus]) -> list[AgreementStatus]:
    """Those the session is limited to: by where the childcare side is on the day, as rates count it, and any medical side."""
    if office.scope.whole:
        return found
    fits = scope_test(office, [one.agreement for one in found])
    return [one for one in found if fits(one.agreement)]


def scope_test(office: OfficeSession, agreements: Iterable[Agreement]) -> Callable[[Agreement], bool]:
    """Whether one of ``agreements`` is what the session is limited to."""
    sides = side_rows(office.db, office.today, {party.institution_id for one in agreements for party in one.parties})

    def fits(one: Agreement) -> bool:
        medical = [sides[party.institution_id].name for party in one.medical_sides]
        childcare = sides[one.childcare.institution_id]
        return office.scope.fits(childcare.district, childcare.town, medical)

    return fits


def agreements_with(office: OfficeSession, institution: int) -> list[AgreementStatus]:
    """Agreements one side of which is the institution of this id, as they stand on the day asked for."""
    return in_scope(office, standings(office.db, office.today, agreements_of(office.db, institution)))


def numbers_in_scope(office: OfficeSession, numbers: Sequence[str]) -> Sequence[str]:
    """``numbers`` where the session is not limited; else those of them, or without any all live ones, that it is limited to."""
    if office.scope.whole:
        return numbers
    if numbers:
        ids = set(agreement_ids(office.db, numbers).values())
        return [s.agreement.number for s in in_scope(office, standings(office.db, office.today, ids))]
    return [s.agreement.number for s in list_agreements(office, AgreementFilter()) if s.live]


def _searched(office: OfficeSession, text: str, rows: list[AgreementStatus]) -> list[AgreementStatus]:
    """Those that ``text`` fits by number, or by a party as printed or as it is called on the day."""
    known = directory(office).by_id
    return search(text, rows, lambda one: found_by(one, known))


def found_by(one: AgreementStatus, known: Mapping[int, Institution]) -> Searched:
    """What an agreement is found by, its institutions as they are on the day being ``known``."""
    parties = one.agreement.parties
    facts = [party.facts for party in parties] + [known[party.institution_id] for party in parties]
    return searched(*facts, numbers=(one.agreement.number,))


def _perhaps(office: OfficeSession, wanted: AgreementFilter) -> set[int] | None:
    """Ids that may be wanted, found by the database, so that a large office is not replayed whole; None for all."""
    if wanted.expiring is not None:
        return perhaps_ending(office.db, office.today, office.today + dt.timedelta(days=wanted.expiring))
    return perhaps_unsigned(office.db, office.today) if wanted.unsigned else None


def show_agreement(office: OfficeSession, number: str) -> Dossier:
    """Raises NotFound for an unknown number, and for one that did not exist yet on the day asked for."""
    key = numbers_to_ids(office, [number])[number]
    found = {s.agreement.id: s for s in standings(office.db, office.today, {key})}
    if key not in found:
        raise NotFound(f"{office.today} 时还没有协议 {number}", remedy="请换一个日期，或去掉 --as-of")
    documents = tuple(current_documents(office.db, [key]).values())
    supplements = tuple(e for e in events_of(office.db, key) if e.kind == "supplemented" and e.on <= office.today)
    agreement = load_agreements(office.db, [key], on=office.today)[0]
    sides = [party.institution_id for party in agreement.parties]
    known = Directory(all_institutions(office.db, office.today, sides))
    pending = pending_changes(office, found[key], known)
    day = office.today.isoformat()
    signing = tuple(one for one in signing_places(office.db, [key]) if one.recorded_at[: len(day)] <= day)
    return Dossier(found[key], agreement, documents, supplements, lagging(office, found[key], known), pending, signing)


CONFLICT_LABEL = {"overlap": "期限重叠", "gap": "期限中断", "double": "重复签署"}


@dataclass(frozen=True, slots=True)
class Conflict:
    """``days`` is how long; a double signing is an overlap of two that are both signed."""

    kind: str
    earlier: str
    later: str
    from_day: dt.date
    to_day: dt.date
    days: int


def find_conflicts(office: OfficeSession) -> list[Conflict]:
    """Overlaps and gaps between agreements that are neither void nor terminated, by number.

    What is not signed covers no day: its gap lasts until all had signed it, or up to the day asked for.
    """
    seats: dict[tuple[object, ...], list[AgreementStatus]] = {}
    for one in in_scope(office, standings(office.db, office.today)):
        if not one.state.ended:
            sides = tuple(party.institution_id for party in one.agreement.parties)
            seats.setdefault((*sides, one.agreement.variant), []).append(one)
    return [conflict for terms in seats.values() for conflict in _between(terms, office.today)]


def _between(terms: list[AgreementStatus], day: dt.date) -> Iterator[Conflict]:
    terms = sorted(terms, key=lambda s: (s.agreement.starts_on, s.agreement.number))
    for earlier, later in itertools.combinations(terms, 2):
        first, last = later.agreement.starts_on, min(earlier.ends_on, later.ends_on)
        if first <= last:
            both = earlier.state.signing == later.state.signing == "signed"
            yield _conflict("double" if both else "overlap", earlier, later, first, last)
    reached = terms[0]
    for later in terms[1:]:
        covers = max(later.agreement.starts_on, later.state.signed_on or day + dt.timedelta(days=1))
        first, last = reached.ends_on + dt.timedelta(days=1), covers - dt.timedelta(days=1)
        if first <= last:
            yield _conflict("gap", reached, later, first, last)
        reached = max(reached, later, key=lambda s: s.ends_on)


def _conflict(kind: str, earlier: AgreementStatus, later: AgreementStatus, first: dt.date, last: dt.date) -> Conflict:
    numbers = earlier.agreement.number, later.agreement.number
    return Conflict(kind, *numbers, first, last, (last - first).days + 1)
