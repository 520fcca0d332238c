"""Make agreements: one by one, from a workbook, for proposed pairs, and as the next term of an old one."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from yiyu.registry.errors import BadInput, Failure, StepNotAllowed, UserError
from yiyu.registry.model import (
    RESIDENT_ITEM,
    RESIDENT_MODES,
    ROLE_KIND,
    ROLES,
    USUAL_MODE,
    Agreement,
    Institution,
    Item,
    Party,
    Variant,
)
from yiyu.registry.packs import Pack
from yiyu.registry.rules.copies import EndCustom, propose_end
from yiyu.registry.session import OfficeSession, Progress, unwatched, watched
from yiyu.registry.store.agreements import add_agreement, agreements_of, next_number
from yiyu.registry.store.events import add_event
from yiyu.registry.store.opening import changing
from yiyu.registry.store.standings import standings

LONGEST_MONTHS = 120
_PATTERN_FAULT = "number-pattern"
"""Of the settings, not of one request: it would fail them all with the same words."""


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """Who with whom, from when. ``ends_on`` wins over ``months``; both sides are stored institutions."""

    medical: Institution
    childcare: Institution
    variant: Variant
    starts_on: dt.date
    months: int
    ends_on: dt.date | None = None
    renews: str = ""
    mode: str = ""
    """服务方式; none: as the office or the pack has it."""
    third: Institution | None = None
    """丙方 of the variant SF: the 妇幼 side beside a 基层 provider (domain.md#variants)."""

    @property
    def sides(self) -> tuple[Institution, ...]:
        """甲, 乙 and where there is one 丙, in this order."""
        return (self.medical, self.childcare, *((self.third,) if self.third else ()))

    @property
    def subject(self) -> str:
        return self.renews or f"{self.medical.name} — {self.childcare.name}"


@dataclass(frozen=True, slots=True)
class DraftResult:
    made: tuple[Agreement, ...]
    failed: tuple[Failure, ...]


def draft_agreements(
    office: OfficeSession,
    requests: Sequence[DraftRequest],
    *,
    failed: Iterable[Failure] = (),
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> DraftResult:
    """Draft all that can be drafted, in one transaction; the others are listed with their reason.

    A single request that fails raises its error instead. ``failed`` are failures found before, carried along.
    """
    made: list[Agreement] = []
    failures = list(failed)
    with changing(office.db, dry_run=dry_run):
        pack = office.pack
        taken = _taken(office, requests)
        for request in watched(requests, progress):
            try:
                agreement = _draft(office, pack, request, taken)
            except UserError as error:
                if error.code == _PATTERN_FAULT or (len(requests) == 1 and not failures):
                    raise
                failures.append(Failure.of(request.subject, error))
                continue
            made.append(agreement)
    return DraftResult(tuple(made), tuple(failures))


Seats = dict[tuple[int, int, Variant], list[Agreement]]
"""Agreements not over, by 甲方, 乙方 and variant: a pair has one of a kind at a time."""


_FEW = 200
"""For more requests than these all agreements are as quickly read as those of the institutions asked for."""


def _taken(office: OfficeSession, requests: Sequence[DraftRequest]) -> Seats:
    seats: Seats = {}
    sides = {request.childcare.id for request in requests}
    ids = {key for side in sides for key in agreements_of(office.db, side)} if len(sides) <= _FEW else None
    for standing in standings(office.db, office.today, ids):
        if standing.live:
            agreement = standing.agreement
            seat = (agreement.medical.institution_id, agreement.childcare.institution_id, agreement.variant)
            seats.setdefault(seat, []).append(agreement)
    return seats


def _draft(office: OfficeSession, pack: Pack, request: DraftRequest, taken: Seats) -> Agreement:
    ends_on = _checked_end(request, office.workspace.config.end_custom)
    _check_sides(request)
    seat = taken.setdefault((request.medical.id, request.childcare.id, request.variant), [])
    for other in seat:
        if other.starts_on <= ends_on and request.starts_on <= other.ends_on:
            raise StepNotAllowed(
                f"双方已有同类型协议 {other.number}（{other.starts_on} 至 {other.ends_on}），期限重叠",
                where=request.subject,
                remedy="请续签（agreement renew），或先作废、解除旧协议",
            )
    agreement = new_agreement(office, pack, request, ends_on)
    number, series, serial = number_for(office, request)
    agreement = replace(agreement, number=number)
    key = add_agreement(office.db, agreement, series=series, serial=serial)
    agreement = replace(agreement, id=key)
    note = f"续签 {request.renews}" if request.renews else ""
    add_event(office.db, key, "drafted", on=office.today, recorded_at=office.now, actor=office.actor, note=note)
    seat.append(agreement)
    return agreement


def new_agreement(office: OfficeSession, pack: Pack, request: DraftRequest, ends_on: dt.date) -> Agreement:
    config = office.workspace.config
    mode = request.mode or config.service_mode or pack.service_mode or USUAL_MODE
    return Agreement(
        id=0,
        number="",
        variant=request.variant,
        pack=pack.name,
        district=request.childcare.district,
        starts_on=request.starts_on,
        ends_on=ends_on,
        months=request.months,
        mode=mode,
        renewal=config.renewal,
        notice_days=config.notice_days,
        copies=config.copies,
        list_version=1,
        renews=request.renews,
        parties=tuple(Party(role, one.id, one) for role, one in zip(ROLES, request.sides, strict=False)),
        items=_following(pack.items_for(request.variant), mode),
    )


def _following(items: tuple[Item, ...], mode: str) -> tuple[Item, ...]:
    """The list with 协议派驻 ticked where that is agreed, so that text and list say the same."""
    resident = mode in RESIDENT_MODES
    return tuple(replace(one, selected=True) if resident and one.code == RESIDENT_ITEM else one for one in items)


def number_for(office: OfficeSession, request: DraftRequest) -> tuple[str, str, int]:
    pattern = office.workspace.config.number_pattern
    try:
        return next_number(
            office.db,
            pattern,
            district=request.childcare.district,
            year=request.starts_on.year,
            variant=str(request.variant),
        )
    except (KeyError, IndexError, ValueError) as error:
        raise BadInput(
            f"协议编号的写法“{pattern}”不对：{error}",
            where="yiyu.toml 的 number_pattern",
            remedy="可用的代号有 {district} {year} {variant} {serial:04}，其中 {serial} 必须有",
            code=_PATTERN_FAULT,
        ) from error


def _checked_end(request: DraftRequest, custom: EndCustom) -> dt.date:
    if not 1 <= request.months <= LONGEST_MONTHS:
        raise BadInput(f"期限 {request.months} 个月不合理", where=request.subject, remedy="请填 1 到 120 个月")
    ends_on = request.ends_on or propose_end(request.starts_on, request.months, custom)
    if ends_on < request.starts_on:
        raise BadInput(
            f"截止日期 {ends_on} 早于生效日期 {request.starts_on}", where=request.subject, remedy="请核对两个日期的先后"
        )
    return ends_on


def closed_side(sides: Iterable[Institution]) -> str:
    """Which of ``sides`` is closed, or will be, so that nothing is drafted with it; "" where none is."""
    return next((f"“{one.name}”已于 {one.closed_on} 停办" for one in sides if one.closed_on is not None), "")


def _check_sides(request: DraftRequest) -> None:
    if (request.third is not None) != (request.variant is Variant.SF):
        raise BadInput("三方型协议要有丙方，其他类型没有丙方", where=request.subject, remedy="请核对类型和 --third")
    for one, (role, kind) in zip(request.sides, ROLE_KIND.items(), strict=False):
        if one.kind is not kind:
            raise BadInput(
                f"“{one.name}”不能作{role}方", remedy="甲方、丙方应为医疗卫生机构，乙方应为托育机构，请核对是否写反"
            )
        if closed := closed_side([one]):
            raise StepNotAllowed(closed, remedy="请换一家机构")
