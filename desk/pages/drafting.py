"""Agreements drafted: of proposed pairs that are ticked, one by its names, or those of a workbook; and what came of it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.pages.every_agreement import districts_of
from yiyu.desk.tables import listing
from yiyu.desk.uploads import files_of, received
from yiyu.desk.works import Outcome, Progressing
from yiyu.registry.agreements.drafting import DraftRequest, DraftResult, draft_agreements
from yiyu.registry.agreements.making_commands import (
    CHANGED_FIELDS,
    FAILED_FIELDS,
    MADE_FIELDS,
    MODE,
    MONTHS,
    NONE_LACKING,
    PAIR_FIELDS,
    changed_row,
    far_days,
    made_row,
    pair_row,
)
from yiyu.registry.agreements.pairing import propose_pairs
from yiyu.registry.agreements.renewing import RenewResult
from yiyu.registry.agreements.requests import Requests, Sources, draft_requests
from yiyu.registry.commands.options import DATE, TEXT, VARIANT
from yiyu.registry.errors import BadInput, Failure, NotFound, UserError
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import MODE_LABEL, VARIANT_LABEL, Institution, Variant
from yiyu.registry.session import OfficeSession, Progress

AT_ONCE = 40
"""More than these are drafted as a long work."""
Drafted = DraftResult | RenewResult


class _Terms(NamedTuple):
    starts_on: dt.date | None
    ends_on: dt.date | None
    months: int | None
    mode: str


def ask(asking: Asking) -> Response:
    """The pairs that are proposed, and the forms for one and for a workbook."""
    return _form(asking)


def pairs(asking: Asking) -> Response:
    """Draft the pairs that were ticked."""
    ticked = asking.texts("pair")
    try:
        terms = _terms(asking)
        if not ticked:
            raise BadInput("没有勾选要起草的", remedy="请在配对建议里勾选后再做")
        with asking.office() as office:
            known = directory(office).by_id
            requests = [_of_pair(office, known, one, terms) for one in ticked]
        return drafted(
            asking,
            f"起草 {len(requests)} 份协议",
            len(requests),
            lambda office, progress: draft_agreements(office, requests, progress=progress),
        )
    except UserError as error:
        return _form(asking, str(error))


def single(asking: Asking) -> Response:
    """Draft one by the names, codes or pinyin of its parties."""
    try:
        terms, variant = _terms(asking), asking.read("variant", VARIANT, "类型")
        medical, childcare = asking.needed("medical", TEXT, "甲方"), asking.needed("childcare", TEXT, "乙方")
        third = asking.read("third", TEXT, "丙方")
        sources = Sources(
            medical, childcare, None, paired=False, variants=(variant,) if variant else (), district="",
            starts_on=terms.starts_on, ends_on=terms.ends_on, months=terms.months, mode=terms.mode or None, third=third,
        )  # fmt: skip
        with asking.office() as office:
            requests, _ = _own(office, draft_requests(office, sources))
        if not requests:
            raise NotFound(f"没有找到托育机构“{childcare}”", remedy="请核对名称，或先在名册里录入")
        return drafted(
            asking, "起草协议", 1, lambda office, progress: draft_agreements(office, requests, progress=progress)
        )
    except UserError as error:
        return _form(asking, str(error))


def workbook(asking: Asking) -> Response:
    """What a workbook would draft: a plan first, the file kept until it is carried out."""
    try:
        key = asking.text("key") or received(asking.desk.workspace.root, asking.files("file"))
        with asking.office() as office:
            requests, failed = _of_workbook(office, asking, key)
            plan = draft_agreements(office, requests, failed=failed, dry_run=True)
        return result_page(asking, plan, key=key)
    except UserError as error:
        return _form(asking, str(error))


def apply_workbook(asking: Asking) -> Response:
    """Draft what the plan showed."""
    key = asking.text("key")
    try:
        with asking.office() as office:
            requests, failed = _of_workbook(office, asking, key)
        return drafted(
            asking, f"按表格起草 {len(requests)} 份协议", len(requests),
            lambda office, progress: draft_agreements(office, requests, failed=failed, progress=progress),
        )  # fmt: skip
    except UserError as error:
        return _form(asking, str(error))


def drafted(asking: Asking, title: str, count: int, make: Callable[[OfficeSession, Progress], Drafted]) -> Response:
    """Do it and show what came of it; of many as a long work. Raises what refuses a single one."""
    if count <= AT_ONCE:
        with asking.office() as office:
            return result_page(asking, make(office, lambda _done, _all: None), done=True)

    def act(_folder: Path, progress: Progressing) -> Outcome:
        with asking.office() as office:
            result = make(office, progress)
        lines = [f"已起草 {len(result.made)} 份", *far_days(result.made)]
        failed = [(one.subject, one.message) for one in result.failed]
        return Outcome(lines, failed, next_page="/documents", next_label="生成缺的文书")

    return asking.begin(title, act, again="/agreements/draft")


def result_page(asking: Asking, result: Drafted, *, done: bool = False, key: str = "", **values: Any) -> Response:  # noqa: ANN401 - what the template of a renewal shows besides
    """What was drafted, or will be; what could not be, with its reason."""
    changes = result.changes if isinstance(result, RenewResult) else ()
    return asking.page(
        "drafted.html", done=done, key=key, made=[made_row(one) for one in result.made], made_columns=MADE_FIELDS,
        changes=[changed_row(one) for one in changes], change_columns=CHANGED_FIELDS, failed=result.failed,
        failed_columns=FAILED_FIELDS, notes=far_days(result.made), **values,
    )  # fmt: skip


def _terms(asking: Asking) -> _Terms:
    terms = _Terms(
        asking.read("starts_on", DATE, "生效日期"), asking.read("ends_on", DATE, "截止日期"),
        asking.read("months", MONTHS, "期限（月）"), asking.read("mode", MODE, "服务方式") or "",
    )  # fmt: skip
    if terms.ends_on and terms.months:
        raise BadInput("截止日期和期限说的是同一件事", remedy="请只填一种")
    return terms


def _of_pair(office: OfficeSession, known: Mapping[int, Institution], text: str, terms: _Terms) -> DraftRequest:
    """A pair as the page named it: ids of both sides and the variant."""
    parts = text.split()
    if len(parts) != 3 or not (parts[0].isdecimal() and parts[2].isdecimal() and parts[1] in list(Variant)):
        raise BadInput("勾选的配对读不懂", remedy="请刷新页面后再选")
    childcare, medical = known.get(int(parts[0])), known.get(int(parts[2]))
    if (
        childcare is None
        or medical is None
        or not office.scope.fits(childcare.district, childcare.town, (medical.name,))
    ):
        raise NotFound("勾选的机构已经不在了", remedy="请刷新页面后再选")
    return DraftRequest(
        medical, childcare, Variant(parts[1]), terms.starts_on or office.today,
        terms.months or office.workspace.config.months, terms.ends_on, mode=terms.mode,
    )  # fmt: skip


def _of_workbook(office: OfficeSession, asking: Asking, key: str) -> Requests:
    path = files_of(asking.desk.workspace.root, key)[0]
    sources = Sources(
        None, None, path, paired=False, variants=(), district="", starts_on=None, ends_on=None, months=None
    )
    return _own(office, draft_requests(office, sources))


def _own(office: OfficeSession, requests: Requests) -> Requests:
    """Those of the person's 旗区; the others are, for her, not there."""
    found, failed = requests
    kept = [one for one in found if office.scope.fits(one.childcare.district, one.childcare.town, (one.medical.name,))]
    gone = [Failure(one.subject, "not-found", "没有找到这家托育机构；请核对名称。") for one in found if one not in kept]
    return kept, [*failed, *gone]


def _form(asking: Asking, fault: str = "") -> Response:
    wanted: Sequence[Variant] = [Variant(one)] if (one := asking.asked("variants", VARIANT, "类型")) else []
    with asking.office() as office:
        districts = districts_of(office)
        asked = asking.query.get("district", "")
        district = office.scope.district or (asked if asked in districts else "")
        found = asking.remembered(
            office, ("pairs", tuple(wanted), district), lambda: propose_pairs(office, wanted, district)
        )
    rows = [
        pair_row(one) | {"pair": f"{one.childcare.id} {one.variant} {one.medical.id}" if one.medical else ""}
        for one in found
    ]
    columns = [column for column in PAIR_FIELDS if column.brief]
    return asking.page(
        "draft.html", status=422 if fault else 200, fault=fault, districts=districts, variants=VARIANT_LABEL,
        modes=MODE_LABEL, found=listing(columns, rows, "/agreements/draft", dict(asking.query)), lacking_none=NONE_LACKING,
    )  # fmt: skip
