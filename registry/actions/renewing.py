"""The next agreement of a pair: linked, with today's facts, without gap or overlap."""

import datetime as dt
from collections.abc import Sequence

from yiyu.registry.actions.drafting import DraftRequest, DraftResult, draft_agreements
from yiyu.registry.actions.lookup import Directory, directory, numbers_to_ids
from yiyu.registry.actions.results import Failure
from yiyu.registry.desk import Desk
from yiyu.registry.errors import BadInput, StepNotAllowed, UserError
from yiyu.registry.lifecycle import FORCE_LABEL
from yiyu.registry.reports import Standing, standings


def renew(
    desk: Desk,
    numbers: Sequence[str] = (),
    *,
    expiring: int | None = None,
    months: int | None = None,
    dry_run: bool = False,
) -> DraftResult:
    """Draft the next agreement for ``numbers``, or for all that expire within ``expiring`` days.

    It begins the day after the old one ends and takes parties and list as they are today. One refusal does not stop
    the others; a single one is raised. Raises BadInput when neither is given.
    """
    if bool(numbers) == (expiring is not None):
        raise BadInput("请给出要续签的协议编号，或用 --expiring 天数，两者取一")
    numbers_to_ids(desk, numbers)
    all_standings = {s.agreement.number: s for s in standings(desk.db, desk.today)}
    chosen = [all_standings[n] for n in numbers] or [s for s in all_standings.values() if s.expiring(expiring or 0)]
    known = directory(desk)
    requests: list[DraftRequest] = []
    failed: list[Failure] = []
    for standing in chosen:
        try:
            requests.append(_request(standing, known, months))
        except UserError as error:
            if len(chosen) == 1:
                raise
            failed.append(Failure.of(standing.agreement.number, error))
    return draft_agreements(desk, requests, failed=failed, dry_run=dry_run)


def _request(standing: Standing, known: Directory, months: int | None) -> DraftRequest:
    one = standing.agreement
    if standing.renewed_by:
        raise StepNotAllowed(f"协议 {one.number} 已由 {standing.renewed_by} 续签", remedy="请对新协议操作")
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
        renews=one.number,
        third=others[0] if others else None,
    )
