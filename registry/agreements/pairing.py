"""Propose a provider for each filed childcare institution that lacks one (S0 part 3: recommend willing pairs)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from yiyu.registry.institutions.editing import as_filed
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Institution, Kind, Variant
from yiyu.registry.rules.providers import can_provide
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.standings import standings


@dataclass(frozen=True, slots=True)
class Pairing:
    """A proposed partnership; ``medical`` is None when no provider of the kind is in the 旗区."""

    childcare: Institution
    variant: Variant
    medical: Institution | None


def propose_pairs(office: OfficeSession, variants: Sequence[Variant] = (), district: str = "") -> list[Pairing]:
    """One pair for each wanted variant and filed institution without a live agreement of it.

    The provider is of the same 旗区 and of the variant's categories, the least loaded first (live agreements and
    pairs proposed before it), then the first entered, so that the same registry gives the same proposal.
    """
    wanted = list(variants) or [Variant(v) for v in office.workspace.config.variants]
    known = directory(office).all
    live = [s.agreement for s in standings(office.db, office.today) if s.live]
    load = Counter(party.institution_id for one in live for party in one.parties)
    served = {(party.institution_id, one.variant) for one in live for party in one.parties}
    providers = defaultdict[str, list[Institution]](list)
    for one in known:
        if one.kind is Kind.MEDICAL and one.open_on(office.today):
            providers[one.district].append(one)
    pairs = []
    for childcare in as_filed(office, known):
        open_for_care = childcare.kind is Kind.CHILDCARE and childcare.filed and childcare.open_on(office.today)
        if not open_for_care or district not in ("", childcare.district):
            continue
        for variant in wanted:
            if (childcare.id, variant) in served:
                continue
            candidates = [one for one in providers[childcare.district] if can_provide(one, variant)]
            chosen = min(candidates, key=lambda one: (load[one.id], one.id), default=None)
            if chosen is not None:
                load[chosen.id] += 1
            pairs.append(Pairing(childcare, variant, chosen))
    return pairs
