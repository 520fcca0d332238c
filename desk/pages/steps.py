"""What happened on paper, for one agreement or many at once: signed, sealed, filed, ended."""

import datetime as dt

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.pages.access import own_agreements
from yiyu.registry.agreements.step_commands import PARTIES
from yiyu.registry.agreements.steps import record_step
from yiyu.registry.commands.options import DATE, TEXT
from yiyu.registry.errors import UserError
from yiyu.registry.lifecycle import EVENT_LABEL

KINDS = ("signed", "sealed")
"""The steps that are recorded on this page."""


def ask(asking: Asking) -> Response:
    """The form, with the agreements that were ticked in a list."""
    numbers = tuple(asking.request.query_params.getlist("number"))
    kind = asking.query.get("kind", "signed")
    return _form(asking, numbers, kind)


def record(asking: Asking) -> Response:
    """Record it for all of them, or for none and say why."""
    numbers, kind = asking.texts("number"), asking.text("kind")
    try:
        with asking.office() as office:
            own_agreements(office, numbers)
            done = record_step(
                office, numbers, kind if kind in KINDS else "",
                on=asking.needed("on", DATE, "日期"), party=asking.needed("party", PARTIES, "哪一方"),
                note=asking.read("note", TEXT, "说明") or "", force=asking.text("force"),
            )  # fmt: skip
    except UserError as error:
        return _form(asking, numbers, kind, str(error))
    label = EVENT_LABEL[kind]
    back = f"/agreements/one/{numbers[0]}" if len(numbers) == 1 else "/agreements"
    return asking.go(back, f"已登记 {len(done)} 项{label}：{'、'.join(dict.fromkeys(one.number for one in done))}")


def _form(asking: Asking, numbers: tuple[str, ...], kind: str, fault: str = "") -> Response:
    today = dt.datetime.now().astimezone().date()
    return asking.page(
        "step.html",
        status=422 if fault else 200,
        numbers=numbers,
        kind=kind,
        kinds={one: EVENT_LABEL[one] for one in KINDS},
        fault=fault,
        today=today,
    )
