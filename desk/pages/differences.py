"""Where scans say something else than was printed: the crop beside the printed words, to accept or to reject."""

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.docgen.archive.difference_commands import row_of
from yiyu.docgen.archive.judging import judge as judge_differences
from yiyu.docgen.archive.judging import listed
from yiyu.registry.agreements.listing import numbers_in_scope
from yiyu.registry.commands.options import TEXT
from yiyu.registry.errors import BadInput
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.comparisons import DifferenceRow


def show(asking: Asking) -> Response:
    """Those nobody has judged yet, or all."""
    every = asking.query.get("all") == "1"
    with asking.office() as office:
        rows = own_differences(office, every=every)
    return asking.page("differences.html", rows=[row_of(one) for one in rows if every or not one.verdict], every=every)


def judge(asking: Asking) -> Response:
    """Record what a person says of those that were ticked."""
    keys = [int(text) for text in asking.texts("found") if text.isdecimal()]
    if not keys:
        raise BadInput("没有勾选差异", remedy="请勾选看过原件的几处，再认可或不认可")
    accept = asking.text("do") == "accept"
    with asking.office() as office:
        own = {one.id for one in own_differences(office, every=True)}
        found = [key if key in own else 0 for key in keys]
        done = judge_differences(office, found, accept=accept, reason=asking.read("reason", TEXT, "说明") or "")
    told = [
        f"{'认可' if accept else '不认可'} {len(done.rows)} 处差异",
        *(f"{one.number}：{one.note}" for one in done.documents if one.note),
    ]
    return asking.go("/scans/differences", *told)


def own_differences(office: OfficeSession, *, every: bool) -> list[DifferenceRow]:
    """Of all agreements, or those of the person's 旗区."""
    rows = listed(office, (), every=every)
    own = None if office.scope.whole else set(numbers_in_scope(office, ()))
    return [one for one in rows if own is None or one.number in own]
