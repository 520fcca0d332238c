"""One row of the service list prints the list, prefills sheets, makes the duty, fills the calendar and feeds the rate."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from icalendar import Calendar

from yiyu.docgen.demonstration import play_season
from yiyu.docgen.documents.generating import document_context, generate
from yiyu.docgen.documents.record_sheets import make_sheets
from yiyu.registry.agreements.items import ItemEdit, edit_items
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.agreements.reminding import remind
from yiyu.registry.config import load_workspace
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.model import DOC_KIND_LABEL, DocKind
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.reports.manual_figures import loops, worklist
from yiyu.registry.reports.people import report_hours
from yiyu.registry.reports.reporting import report_rates
from yiyu.registry.rules.duties import read_period
from yiyu.registry.rules.reminders import Settings
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.opening import open_registry

TODAY, NOW = dt.date(2026, 11, 20), "2026-11-20T09:00:00+08:00"
ONCE, TWICE = "", "[catalogue.F01]\ntimes = 2\n"


def _paper(session: OfficeSession, kind: DocKind) -> str:
    """The words of every document of a kind."""
    texts = []
    for path in sorted(session.workspace.output.rglob(f"*_{DOC_KIND_LABEL[kind]}_*.docx")):
        document = docx.Document(io.BytesIO(path.read_bytes()))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        texts.append("\n".join([path.name, *(p.text for p in document.paragraphs), *cells]))
    return "\n".join(texts)


def _calendar(session: OfficeSession) -> str:
    path = session.workspace.root / "提醒.ics"
    remind(session, Settings(), path)
    events = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    return "\n".join(sorted(f"{event['UID']} {event['SUMMARY']} {event['DESCRIPTION']}" for event in events))


OUTPUTS: dict[str, Callable[[OfficeSession], object]] = {
    "list": lambda session: _paper(session, DocKind.SERVICE_LIST),
    "sheets": lambda session: [
        (s.number, s.period, s.duty) for s in make_sheets(session, due=True, dry_run=True).sheets
    ],
    "duties": lambda session: [(r.number, r.duty, r.period, r.needed, r.state) for r in duty_rows(session)],
    "calendar": _calendar,
    "rate": lambda session: [row.rates["visits"] for row in report_rates(session)[0]],
    "other rates": lambda session: [
        {k: r for k, r in row.rates.items() if k != "visits"} for row in report_rates(session)[0]
    ],
    "blank sheets": lambda session: _paper(session, DocKind.ACTIVITY_RECORD),
    "agreements": lambda session: [one.as_json() for one in list_agreements(session, AgreementFilter())],
    "institutions": lambda session: all_institutions(session.db, session.today),
    "reminders": lambda session: [(one.agreement.number, one.step) for one in remind(session, Settings()).due],
    "hours": lambda session: report_hours(session, 2026),
    "assessments": lambda session: loops(session, 2026),
    "worklist": worklist,
}


def _outputs(folder: Path, catalogue: str) -> dict[str, object]:
    make_workspace(folder, pack="ordos", region="150600")
    if catalogue:
        own = folder / "templates" / "ordos"
        own.mkdir(parents=True)
        (own / "pack.toml").write_text(f'extends = "ordos"\n{catalogue}', "utf-8")
    play_season(folder, today=TODAY, now=NOW, actor="王某某")
    workspace = load_workspace(folder)
    with open_registry(workspace.registry_path) as db:
        session = OfficeSession(workspace, db, TODAY, NOW, "王某某")
        return {name: output(session) for name, output in OUTPUTS.items()}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], dict[str, object]]:
    folder = tmp_path_factory.mktemp("one-list")
    return _outputs(folder / "once", ONCE), _outputs(folder / "twice", TWICE)


def test_one_frequency_changes_the_five_outputs_and_nothing_else(
    outputs: tuple[dict[str, object], dict[str, object]],
) -> None:
    once, twice = outputs
    assert {name for name in OUTPUTS if once[name] != twice[name]} == {"list", "sheets", "duties", "calendar", "rate"}


def test_each_of_the_five_says_twice_where_it_said_once(outputs: tuple[dict[str, object], dict[str, object]]) -> None:
    once, twice = outputs
    visits = [row for row in once["duties"] if row[1] == "visit"]  # type: ignore[attr-defined]
    assert visits
    assert [row for row in twice["duties"] if row[1] == "visit"] == [(*row[:3], 2, row[4]) for row in visits]  # type: ignore[attr-defined]
    assert twice["rate"][-1].denominator == 2 * once["rate"][-1].denominator  # type: ignore[index]
    asked = [sheet for sheet in once["sheets"] if sheet[2] == "visit"]  # type: ignore[attr-defined]
    assert [sheet for sheet in twice["sheets"] if sheet[2] == "visit"] == [s for s in asked for _ in range(2)]  # type: ignore[attr-defined]
    assert "共 2 次，已做 0 次" in str(twice["calendar"])
    assert str(once["list"]).count("每季度2次") == 0 < str(twice["list"]).count("每季度2次")


OWN: dict[str, Callable[[OfficeSession, str, str], object]] = {
    "text": lambda session, number, _: {
        name: value
        for name, value in document_context(session, number, DocKind.AGREEMENT)["协议"].items()
        if name != "清单版本"
    },
    "list": lambda session, number, _: document_context(session, number, DocKind.SERVICE_LIST)["服务项目"],
    "sheets": lambda session, number, period: [
        (one.duty, one.period) for one in make_sheets(session, [number], period=period, due=True, dry_run=True).sheets
    ],
    "duties": lambda session, number, period: [
        (row.duty, row.needed, row.state) for row in duty_rows(session, numbers=[number], period=period)
    ],
    "rate": lambda session, _, period: report_rates(session, period=period)[0][-1].rates["visits"],
}
"""What of one agreement reads its list: as of a day, for the quarter of that day."""
_QUARTERS = ("2026Q2", "2026Q3", "2026Q4")


def _own(session: OfficeSession, number: str, period: str) -> dict[str, object]:
    then = replace(session, today=min(read_period(period).last, session.today))
    return {name: output(then, number, period) for name, output in OWN.items()}


def test_for_one_agreement_the_five_change_from_one_day_on_and_nothing_of_any_other(office: Path) -> None:
    workspace = load_workspace(office)
    with open_registry(workspace.registry_path) as db:
        session = OfficeSession(workspace, db, TODAY, NOW, "王某某")
        running = [s for s in list_agreements(session, AgreementFilter(in_force=True)) if s.agreement.variant == "JC"]
        mine, other = (one.agreement.number for one in running[:2])
        before = {(n, q): _own(session, n, q) for n in (mine, other) for q in _QUARTERS}
        signed_text = _files(session, mine, DocKind.AGREEMENT)
        later = replace(session, now="2026-12-01T10:00:00+08:00")
        edit_items(later, mine, ItemEdit(frequency={"F01": (2, "quarter")}), from_day=dt.date(2026, 7, 1))
        after = {(n, q): _own(session, n, q) for n in (mine, other) for q in _QUARTERS}

        def differing(number: str, quarter: str) -> set[str]:
            return {name for name in OWN if before[number, quarter][name] != after[number, quarter][name]}

        assert differing(mine, "2026Q2") == set()
        assert differing(mine, "2026Q3") == differing(mine, "2026Q4") == set(OWN)
        assert [differing(other, quarter) - {"rate"} for quarter in _QUARTERS] == [set()] * 3

        done = generate(later, [mine], kinds=[DocKind.AGREEMENT, DocKind.SERVICE_LIST])
        assert ([row.kind for _, row in done.made], done.failed) == (["service_list"], [])
        assert _files(session, mine, DocKind.AGREEMENT) == signed_text
        assert "每季度2次" in _paper(session, DocKind.SERVICE_LIST)


def _files(session: OfficeSession, number: str, kind: DocKind) -> list[tuple[str, bytes]]:
    paths = session.workspace.output.rglob(f"{number}_{DOC_KIND_LABEL[kind]}_*.docx")
    return [(path.name, path.read_bytes()) for path in sorted(paths)]
