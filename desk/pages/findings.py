"""问题整改: what was found and is to be put right, as ``activity findings`` has it, and the 复查 of one."""

from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.pages.every_agreement import Row, day_asked
from yiyu.desk.tables import arranged, listing, save_listing
from yiyu.registry.activities.finding_commands import FIELDS, row
from yiyu.registry.activities.findings import STATE_LABEL, find_finding, findings, recheck
from yiyu.registry.commands.options import DATE, TEXT
from yiyu.registry.errors import NotFound, UserError
from yiyu.registry.session import OfficeSession


def list_(asking: Asking) -> Response:
    """One page of the list, overdue first."""
    with asking.office(day_asked(asking)) as office:
        rows = _rows(asking, office)
    found = listing(FIELDS, rows, "/visits/findings", dict(asking.query))
    return asking.page("findings.html", found=found)


def export(asking: Asking) -> Response:
    """All of the list as a workbook, as it is shown."""
    with asking.office(day_asked(asking)) as office:
        rows = arranged(FIELDS, _rows(asking, office), asking.query)
    return written("发现问题与整改.xlsx", lambda path: save_listing(path, "发现问题与整改", FIELDS, rows))


def ask(asking: Asking) -> Response:
    """The form for a 复查."""
    return _form(asking)


def record(asking: Asking) -> Response:
    """Record it: closed, or another 期限."""
    try:
        on, outcome = asking.needed("on", DATE, "复查日期"), asking.needed("outcome", TEXT, "复查结果")
        with asking.office() as office:
            due = asking.read("due", DATE, "新的期限")
            done = recheck(office, int(asking.part("key")), on=on, outcome=outcome, due=due)
    except NotFound:
        raise
    except UserError as error:
        return _form(asking, str(error))
    told = f"已登记复查：{done.finding.problem}（{done.listed.childcare}）→ {STATE_LABEL[done.state]}"
    return asking.go("/visits/findings?open=1", told)


def _rows(asking: Asking, office: OfficeSession) -> list[Row]:
    """Raises NotFound for an unknown institution or agreement."""
    number, institution = (asking.query.get(name, "").strip() for name in ("number", "institution"))
    open_only = asking.query.get("open") == "1"
    if number or institution:
        return [row(one) for one in findings(office, open_only=open_only, number=number, institution=institution)]
    rows = asking.counted(office, "findings", lambda own: [row(one) for one in findings(own)])
    return [one for one in rows if not open_only or one["state"] != "closed"]


def _form(asking: Asking, fault: str = "") -> Response:
    with asking.office() as office:
        one = row(find_finding(office, int(asking.part("key"))))
        today = office.today
    return asking.page("recheck.html", status=422 if fault else 200, one=one, fault=fault, today=today)
