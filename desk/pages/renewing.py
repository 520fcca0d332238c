"""Renewal of one or of many: the plan first, with what the new one says otherwise; then those that are ticked."""

import click
from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.pages import seen
from yiyu.desk.pages.access import own_agreements
from yiyu.desk.pages.drafting import drafted, result_page
from yiyu.desk.pages.every_agreement import EXPIRING_DAYS
from yiyu.desk.pages.steps import numbers_given
from yiyu.registry.agreements.making_commands import MONTHS
from yiyu.registry.agreements.renewing import renew
from yiyu.registry.errors import BadInput, UserError

_DAYS = click.IntRange(0, 3650)


def ask(asking: Asking) -> Response:
    """Which to renew: those of a list, or all that end soon."""
    return _form(asking, tuple(asking.request.query_params.getlist("number")))


def plan(asking: Asking) -> Response:
    """What would be drafted; nothing is written."""
    numbers = numbers_given(asking)
    try:
        days, months = asking.read("expiring", _DAYS, "几天内到期"), asking.read("months", MONTHS, "期限（月）")
        if numbers:
            days = None
        elif days is None:
            raise BadInput("没有选协议", remedy="请填编号，或填几天内到期的")
        with asking.office() as office:
            if numbers:
                own_agreements(office, numbers)
            result = renew(office, numbers, expiring=days, months=months, dry_run=True)
            mark = seen.mark(office)
        return result_page(asking, result, renewal=True, months=months or "", seen=mark, changed=[])
    except UserError as error:
        return _form(asking, numbers, str(error))


def apply(asking: Asking) -> Response:
    """Draft the renewals that are ticked."""
    numbers = numbers_given(asking)
    try:
        months = asking.read("months", MONTHS, "期限（月）")
        with asking.office() as office:
            own_agreements(office, numbers)
            if changed := seen.told_since(asking, office, numbers=numbers):
                again, mark = renew(office, numbers, months=months, dry_run=True), seen.mark(office)
                return result_page(asking, again, renewal=True, months=months or "", seen=mark, changed=changed)
        return drafted(
            asking, f"续签 {len(numbers)} 份协议", len(numbers),
            lambda office, progress: renew(office, numbers, months=months, progress=progress),
        )  # fmt: skip
    except UserError as error:
        return _form(asking, numbers, str(error))


def _form(asking: Asking, numbers: tuple[str, ...], fault: str = "") -> Response:
    return asking.page("renew.html", status=422 if fault else 200, numbers=numbers, fault=fault, days=EXPIRING_DAYS)
