"""The next agreement of a pair: linked, with today's facts, without gap or overlap."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.errors import BadInput, Failure, StepNotAllowed, UserError
from yiyu.registry.institutions.lookup import Directory, directory, numbers_to_ids
from yiyu.registry.lifecycle import FORCE_LABEL
from yiyu.registry.model import Agreement, Institution
from yiyu.registry.session import OfficeSession, Progress, unwatched
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.standings import AgreementStatus, standings
from yiyu.registry.workbooks.text import written


@dataclass(frozen=True, slots=True)
class Changed:
    """What the new agreement says otherwise than the one it follows. ``what`` is a field or ``items``."""

    number: str
    party: str
    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RenewResult:
    made: tuple[Agreement, ...]
    failed: tuple[Failure, ...]
    changes: tuple[Changed, ...]


def renew(
    office: OfficeSession,
    numbers: Sequence[str] = (),
    *,
    expiring: int | None = None,
    months: int | None = None,
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> RenewResult:
    """Draft the next agreement for ``numbers``, or for all that expire within ``expiring`` days and have no draft yet.

    It begins the day after the old one ends and takes parties and list as they are today. One refusal does not stop
    the others; a single one is raised. Raises BadInput when neither is given.
    """
    if bool(numbers) == (expiring is not None):
        raise BadInput("请给出要续签的协议编号，或用 --expiring 天数，两者取一")
    if expiring is None:
        found = {
            s.agreement.number: s
            for s in standings(office.db, office.today, set(numbers_to_ids(office, numbers).values()))
        }
        chosen = [found[number] for number in numbers]
    else:
        chosen = [s for s in list_agreements(office, AgreementFilter(expiring=expiring)) if not s.renewal_draft]
    known = directory(office)
    requests: list[DraftRequest] = []
    failed: list[Failure] = []
    for standing in chosen:
        try:
            requests.append(_request(standing, known, months))
        except UserError as error:
            if len(chosen) == 1:
                raise
            failed.append(Failure.of(standing.agreement.number, error))
    result = draft_agreements(office, requests, failed=failed, dry_run=dry_run, progress=progress)
    old = {one.number: one for one in load_agreements(office.db, [s.agreement.id for s in chosen])}
    changes = tuple(change for new in result.made for change in _changes(old[new.renews], new))
    return RenewResult(result.made, result.failed, changes)


def _changes(old: Agreement, new: Agreement) -> Iterator[Changed]:
    for before, after in zip(old.parties, new.parties, strict=True):
        for field in fields(Institution):
            was, now = getattr(before.facts, field.name), getattr(after.facts, field.name)
            if was != now:
                yield Changed(new.number, after.role, field.name, written(was), written(now))
    was_items, now_items = ({item.code for item in one.items} for one in (old, new))
    if was_items != now_items:
        lost, added = "、".join(sorted(was_items - now_items)), "、".join(sorted(now_items - was_items))
        yield Changed(new.number, "", "items", lost, added)


def _request(standing: AgreementStatus, known: Directory, months: int | None) -> DraftRequest:
    one = standing.agreement
    if standing.renewed_by:
        raise StepNotAllowed(f"协议 {one.number} 已由 {standing.renewed_by} 续签", remedy="请对新协议操作")
    if standing.renewal_draft:
        raise StepNotAllowed(
            f"协议 {one.number} {standing.renewal}",
            remedy=f"请请各方签署 {standing.renewal_draft}；要重新起草请先用 agreement void 作废它",
        )
    if standing.state.ended or standing.state.signing != "signed":
        raise StepNotAllowed(
            f"协议 {one.number} 不能续签（现在是“{FORCE_LABEL[standing.force]}”）",
            remedy="续签要求原协议各方已签且未作废、未解除；需要新协议请用 agreement draft",
        )
    medical, childcare, *others = (known.by_id[party.institution_id] for party in one.parties)
    return DraftRequest(
        medical=medical,
        childcare=childcare,
        variant=one.variant,
        starts_on=standing.ends_on + dt.timedelta(days=1),
        months=months or one.months,
        mode=one.mode,
        renews=one.number,
        third=others[0] if others else None,
    )
