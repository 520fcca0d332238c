"""What happened on paper, for one agreement or many at once: reviewed, signed, sealed, filed, ended."""

import datetime as dt
import re

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.pages import seen
from yiyu.desk.pages.access import own_agreements
from yiyu.registry.agreements.step_commands import PARTIES, doubtful_days, recorded_line
from yiyu.registry.agreements.steps import record_step
from yiyu.registry.commands.options import DATE, TEXT
from yiyu.registry.errors import BadInput, UserError
from yiyu.registry.lifecycle import EVENT_LABEL, FILING

KINDS = {
    "/agreements/step": ("signed", "sealed", "submitted", "approved", "returned"),
    "/agreements/file": FILING[1:],
    "/agreements/end": ("terminated", "voided"),
}
"""The steps that are recorded at an address, each of which asks for a deed of its own."""
TITLE = {
    "/agreements/step": "登记签字、盖章、审核",
    "/agreements/file": "登记归档",
    "/agreements/end": "登记解除、作废",
}
OF_PARTIES = ("signed", "sealed")
WITH_REASON = KINDS["/agreements/end"]
_TOLD_SINGLY = 6


def ask(asking: Asking) -> Response:
    """The form, with the agreements that were ticked in a list."""
    return _form(asking, tuple(asking.request.query_params.getlist("number")), asking.query.get("kind", ""))


def record(asking: Asking) -> Response:
    """Record it for all of them, or for none and say why."""
    numbers, kind = numbers_given(asking), asking.text("kind")
    try:
        with asking.office() as office:
            own_agreements(office, numbers)
            if changed := seen.told_since(asking, office, numbers=numbers):
                return _form(asking, numbers, kind, changed=changed)
            if kind not in KINDS[asking.path]:
                raise BadInput("没有选要登记什么", remedy="请选一种")
            party = asking.needed("party", PARTIES, "哪一方") if kind in OF_PARTIES else ""
            data = {"seam": bool(asking.text("seam")), "seal_no": asking.text("seal_no")} if kind == "sealed" else None
            how = asking.needed if kind in WITH_REASON else asking.read
            done = record_step(
                office, numbers, kind, on=asking.needed("on", DATE, "日期"), party=party, data=data,
                note=how("note", TEXT, "原因" if kind in WITH_REASON else "说明") or "",
                force=asking.read("force", TEXT, "仍登记的原因") or "",
            )  # fmt: skip
    except UserError as error:
        return _form(asking, numbers, kind, fault=str(error))
    told = [recorded_line(one) for one in done]
    if len(told) > _TOLD_SINGLY:
        told = [f"已登记 {len(numbers)} 份协议的{EVENT_LABEL[kind]}，共 {len(done)} 项"]
    back = f"/agreements/one/{numbers[0]}" if len(numbers) == 1 else "/agreements"
    return asking.go(back, *told, *doubtful_days(done))


def numbers_given(asking: Asking) -> tuple[str, ...]:
    """Those that are ticked, then those that were pasted, one a line or set apart in any way."""
    pasted = [word for word in re.split(r"[\s,，;；、]+", asking.text("pasted")) if word]
    return tuple(dict.fromkeys([*asking.texts("number"), *pasted]))


def _form(
    asking: Asking, numbers: tuple[str, ...], kind: str, *, fault: str = "", changed: list[str] | None = None
) -> Response:
    kinds = KINDS[asking.path]
    with asking.office() as office:
        mark = seen.mark(office)
    return asking.page(
        "step.html", status=422 if fault else 409 if changed else 200, numbers=numbers,
        kind=kind if kind in kinds else kinds[0], kinds={one: EVENT_LABEL[one] for one in kinds},
        title=TITLE[asking.path], with_reason=WITH_REASON, fault=fault, changed=changed or [], seen=mark,
        today=dt.datetime.now().astimezone().date(),
    )  # fmt: skip
