"""Every agreement a person may see, ready for lists and figures: kept while nothing is recorded, then brought up by what was."""

import datetime as dt
from typing import NamedTuple

import click

from yiyu.desk.asking import Asking, Desk
from yiyu.registry.agreements.commands import row_of
from yiyu.registry.agreements.keeping import KeptAgreement, KeptAgreements, keep_agreements
from yiyu.registry.agreements.listing import AgreementFilter
from yiyu.registry.commands.options import DATE, DISTRICT, VARIANT
from yiyu.registry.rules.districts import district_name, places_in_use
from yiyu.registry.rules.search import search_keyed
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.bulk import gc_paused
from yiyu.registry.store.standings import AgreementStatus

EXPIRING_DAYS = 90
DAYS = click.IntRange(0, 100_000)
Row = dict[str, object]


class Listed(NamedTuple):
    """An agreement as it is kept, with its row for people."""

    kept: KeptAgreement
    row: Row

    @property
    def standing(self) -> AgreementStatus:
        return self.kept.standing


class _Made(NamedTuple):
    kept: KeptAgreements
    listed: list[Listed]


def every_agreement(asking: Asking, office: OfficeSession) -> list[Listed]:
    """All of the person's scope as they stand on the session's day, by number; not to be changed."""
    return all_of(asking.desk, office)


def all_of(desk: Desk, office: OfficeSession) -> list[Listed]:
    """The same for nobody in particular, of the session's scope."""
    return desk.remembered.value(office, "agreements", lambda: _made(office), lambda old: _made(office, old)).listed


def wanted_rows(asking: Asking, office: OfficeSession) -> list[Row]:
    """The rows that the address asks for (``state``, ``days``, ``variant``, ``district``, ``search``)."""
    wanted = agreement_filter(asking)
    found = [
        one
        for one in every_agreement(asking, office)
        if wanted.accepts(one.standing) and wanted.district in ("", one.row["district_code"])
    ]
    if wanted.search:
        found = search_keyed(wanted.search, found, [one.kept.found_by for one in found])
    return [one.row for one in found]


def agreement_filter(asking: Asking) -> AgreementFilter:
    """What the address asks for, as ``agreement list`` takes it. Raises BadInput for what no option would take."""
    state = asking.query.get("state", "")
    return AgreementFilter(
        unsigned=state == "unsigned",
        expiring=days_asked(asking) if state == "expiring" else None,
        expired=state == "expired",
        in_force=state == "in_force",
        district=asking.asked("district", DISTRICT, "旗区") or "",
        variant=asking.asked("variant", VARIANT, "类型"),
        search=asking.query.get("search", "").strip(),
    )


def days_asked(asking: Asking) -> int:
    """How many days ahead the address asks for."""
    days = asking.asked("days", DAYS, "几天内到期")
    return EXPIRING_DAYS if days is None else int(days)


def day_asked(asking: Asking) -> dt.date | None:
    """The day that the address asks for; None for today."""
    day: dt.date | None = asking.asked("as_of", DATE, "按哪一天")
    return day


def districts_of(office: OfficeSession) -> dict[str, str]:
    """旗区 to choose from: those of the office, or the one a person is limited to."""
    counties = {code: district_name(code) for code in places_in_use().counties(office.workspace.config.region)}
    return {code: name for code, name in counties.items() if office.scope.district in ("", code)}


def regions_of(office: OfficeSession) -> dict[str, str]:
    """The same of what offices below are counted in, too: also their regions, where the districts of the office have those."""
    below = ((code, district_name(code)) for code in office.workspace.config.offices)
    mine = {code: name for code, name in below if name != code and office.scope.district in ("", code)}
    return dict(sorted((districts_of(office) | mine).items()))


def _made(office: OfficeSession, old: _Made | None = None) -> _Made:
    kept = keep_agreements(office, old.kept if old else None)
    known = {id(one.kept): one for one in old.listed} if old else {}
    with gc_paused():
        return _Made(kept, [known.get(id(one)) or Listed(one, row_of(one.standing)) for one in kept.all])
