"""今天: what waits, each number opening its list; what a person's role does first stands first."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.pages.every_agreement import EXPIRING_DAYS, every_agreement
from yiyu.desk.pages.issued import changed_since
from yiyu.desk.pages.scans import own_unplaced
from yiyu.registry.activities.findings import findings
from yiyu.registry.activities.listing import waiting_sheets
from yiyu.registry.agreements.remind_commands import FIELDS, row_of
from yiyu.registry.agreements.reminding import Reminded, remind
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.rules.reminders import Settings
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.parked import parked_cells
from yiyu.registry.store.sides import side_rows
from yiyu.registry.store.standings import AgreementStatus

_SHOWN = 12
_GROUP_LABEL = {"agreements": "协议", "visits": "服务", "archive": "档案", "roster": "名册", "reports": "报表"}
_FIRST = {
    "archivist": ("archive", "agreements", "visits", "roster", "reports"),
    "manager": ("reports", "agreements", "visits", "roster", "archive"),
}
"""The groups in the order that a role wants them; of any other role as they are told."""


class Waiting(NamedTuple):
    """One figure of the page, where it opens, and whether it presses; ``amount`` None: it is being counted."""

    group: str
    label: str
    amount: int | None
    path: str
    pressing: bool = False


class _Counted(NamedTuple):
    figures: list[Waiting]
    reminded: Reminded


def show(asking: Asking) -> Response:
    """The figures as of today, and the reminders that press most.

    In a large office counting takes seconds after something was recorded: until it is done, the last figures stand.
    """
    with asking.office() as office:
        every = every_agreement(asking, office)
        agreements = asking.remembered(
            office, "agreement figures", lambda: _of_agreements([one.standing for one in every])
        )
        counted, fresh = asking.lately(office, "today", _counted)
        scans = Waiting("archive", "没有归位的扫描页", len(own_unplaced(asking, office)), "/scans")
        changed, known = asking.lately(office, "changed reports", changed_since)
    figures = [*agreements, scans, *(counted.figures if counted else ())]
    figures.append(
        Waiting(
            "reports",
            "印发后数有变化的报告",
            len(changed) if changed is not None else None,
            "/reports/issued?changed=1",
        )
    )
    due = counted.reminded.due if counted else ()
    rows = [row_of(one, counted.reminded.day) for one in due[:_SHOWN]] if counted else []
    return asking.page(
        "today.html",
        groups=_grouped(asking.person.roles, figures),
        columns=[one for one in FIELDS if one.brief],
        rows=rows,
        more=len(due) - _SHOWN,
        fresh=fresh and known,
        acts=set(asking.person.roles) != {"reader"},
    )


def _of_agreements(every: Sequence[AgreementStatus]) -> list[Waiting]:
    expiring = f"/agreements?state=expiring&days={EXPIRING_DAYS}"
    late = sum(one.force == "expired" for one in every)
    return [
        Waiting("agreements", "有效的协议", sum(one.in_force for one in every), "/agreements?state=in_force"),
        Waiting("agreements", "还没签齐", sum(one.unsigned for one in every), "/agreements?state=unsigned"),
        Waiting("agreements", f"{EXPIRING_DAYS} 天内到期", sum(one.expiring(EXPIRING_DAYS) for one in every), expiring),
        Waiting("agreements", "到期没有续签", late, "/agreements?state=expired", pressing=True),
    ]


def _counted(office: OfficeSession) -> _Counted:
    reminded = remind(office, Settings())
    states = [row.state for row in duty_rows(office)]
    opened = findings(office, open_only=True)
    late = sum(one.state == "overdue" for one in opened)
    sides = side_rows(office.db, office.today)
    own = [
        one
        for one in parked_cells(office.db)
        if office.scope.fits(sides[one.institution_id].district, office.scope.town, ())
    ]
    figures = [
        Waiting("agreements", "要办的事", len(reminded.due), "/reminders", pressing=True),
        Waiting("visits", "现在应做的事项", states.count("due"), "/visits/duties?state=due"),
        Waiting("visits", "过期没有做的", states.count("missed"), "/visits/duties?state=missed", pressing=True),
        Waiting("visits", "待整改的问题", len(opened), "/visits/findings?open=1", pressing=bool(late)),
        Waiting("visits", "待补录的记录表", len(waiting_sheets(office)), "/visits/waiting"),
        Waiting("archive", "借出逾期未还", len(reminded.loans), "/scans/loans?overdue=1", pressing=True),
        Waiting("roster", "导入时没读懂的格", len(own), "/institutions/gaps"),
    ]
    return _Counted(figures, reminded)


def _grouped(roles: Iterable[str], figures: Sequence[Waiting]) -> list[tuple[str, list[Waiting]]]:
    """The figures by group, those first that the role which says most about a day's work wants first."""
    own = [*roles]
    order = (
        tuple(_GROUP_LABEL)
        if "clerk" in own
        else next((_FIRST[one] for one in own if one in _FIRST), tuple(_GROUP_LABEL))
    )
    found = [(_GROUP_LABEL[group], [one for one in figures if one.group == group]) for group in order]
    return [(label, members) for label, members in found if members]
