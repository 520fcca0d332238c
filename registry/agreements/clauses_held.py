"""Which agreements hold which version of a clause, and which of them lag behind the one that holds now."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yiyu.registry.agreements.listing import in_scope
from yiyu.registry.errors import NotFound
from yiyu.registry.model import DocKind
from yiyu.registry.packs.clauses import Clause, ClauseText, called, load_clauses, nearest
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.clause_sets import sets_with
from yiyu.registry.store.record_sheets import DocumentRow, plain_documents
from yiyu.registry.store.standings import AgreementStatus, standings


@dataclass(frozen=True, slots=True)
class ClauseHolding:
    """One document of an agreement; ``held`` is None where it was made before this was kept.

    ``present`` is the version its pack has for it today, or for its first day where that is later.
    """

    standing: AgreementStatus
    document: DocumentRow
    held: ClauseText | None
    present: ClauseText | None

    @property
    def lagging(self) -> bool:
        """Whether the words are others; a version that says the same under another number does not lag."""
        return self.held is not None and self.present is not None and self.held.sha256 != self.present.sha256


def clause_holdings(office: OfficeSession, said: str) -> tuple[Clause, list[ClauseHolding]]:
    """The clause called ``said``, and the newest documents of live agreements that hold it, by number.

    Raises NotFound for a clause no pack in use has, with those called like it.
    """
    live = [one for one in in_scope(office, standings(office.db, office.today)) if one.live]
    packs = dict.fromkeys((office.pack.name, *(one.agreement.pack for one in live)))
    libraries = {name: load_clauses(office.pack_named(name)) for name in packs}
    clause = next(filter(None, (called(clauses, said) for clauses in libraries.values())), None)
    if clause is None:
        raise NotFound(f"没有条款“{said}”", remedy=nearest(libraries[office.pack.name], said), code="clause-unknown")
    return clause, list(_held(office, live, clause.code, libraries))


def _held(
    office: OfficeSession, live: list[AgreementStatus], code: str, libraries: Mapping[str, tuple[Clause, ...]]
) -> Iterator[ClauseHolding]:
    sets = sets_with(office.db, code)
    documents = plain_documents(office.db, [one.agreement.id for one in live])
    for one in live:
        clause = called(libraries[one.agreement.pack], code)
        present = clause.on(max(one.agreement.starts_on, office.today)) if clause else None
        for kind in DocKind:
            row = documents.get((one.agreement.id, kind))
            if row is not None and (row.clauses in sets or (row.clauses is None and kind is DocKind.AGREEMENT)):
                yield ClauseHolding(one, row, sets.get(row.clauses or ""), present)


def clause_versions(clauses: tuple[Clause, ...], day: dt.date) -> Iterator[tuple[ClauseText, bool]]:
    """Every version, each clause's nearest and latest first, and whether it is the one that holds on ``day``."""
    for clause in clauses:
        for one in clause.versions:
            yield one, one == clause.on(day)
