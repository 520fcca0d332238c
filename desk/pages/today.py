"""今天: what waits for the person, each number opening its list."""

from typing import NamedTuple

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.agreements.remind_commands import FIELDS, row_of
from yiyu.registry.agreements.reminding import remind
from yiyu.registry.rules.reminders import Settings
from yiyu.registry.session import OfficeSession

EXPIRING_DAYS = 90
_SHOWN = 12


class Waiting(NamedTuple):
    """One figure of the page and where it opens."""

    label: str
    amount: int
    path: str
    pressing: bool = False


def show(asking: Asking) -> Response:
    """The figures of the office as of today, and the reminders that press most."""
    with asking.office() as office:
        figures, rows = asking.remembered(office, "today", lambda: _found(office))
    return asking.page(
        "today.html",
        figures=figures,
        columns=[one for one in FIELDS if one.brief],
        rows=rows[:_SHOWN],
        more=len(rows) - _SHOWN,
    )


def _found(office: OfficeSession) -> tuple[list[Waiting], list[dict[str, object]]]:
    every = list_agreements(office, AgreementFilter())
    reminded = remind(office, Settings())
    figures = [
        Waiting("要办的事", len(reminded.due), "/reminders", pressing=bool(reminded.due)),
        Waiting("还没签齐的协议", sum(one.unsigned for one in every), "/agreements?state=unsigned"),
        Waiting(
            f"{EXPIRING_DAYS} 天内到期",
            sum(one.expiring(EXPIRING_DAYS) for one in every),
            f"/agreements?state=expiring&days={EXPIRING_DAYS}",
        ),
        Waiting(
            "到期没有续签", sum(one.force == "expired" for one in every), "/agreements?state=expired", pressing=True
        ),
        Waiting("有效的协议", sum(one.in_force for one in every), "/agreements?state=in_force"),
    ]
    return figures, [row_of(one, office.today) for one in reminded.due]
