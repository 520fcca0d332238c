"""What travels and what stays: every column is decided upon, people stay at home unless asked for, figures are the same."""

import datetime as dt
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from build import ACTOR, CLOCK, opened
from office_tree import HEAD, LINKMAN, TELEPHONE, VISITOR, handed
from recount.entering import entered
from recount.office import generated
from sqlite_utils import Database

from yiyu.docgen.reports.board_lists import Lists
from yiyu.registry.activities.editing import edit
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.institutions.editing import edit_institution
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Kind
from yiyu.registry.offices.below import opened_part
from yiyu.registry.offices.container import read_package
from yiyu.registry.offices.models import build
from yiyu.registry.reports.comparing import compare
from yiyu.registry.reports.counting import rate_inputs
from yiyu.registry.reports.manual_figures import loops
from yiyu.registry.reports.people import report_hours
from yiyu.registry.reports.reporting import asked_period, report_rates
from yiyu.registry.reports.trends import quarter_trend
from yiyu.registry.rules.activities import Person
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import add_event
from yiyu.registry.store.exported import EXPORTED, LEFT_OUT
from yiyu.registry.store.issued_reports import issued_reports
from yiyu.registry.store.moments import as_known_on
from yiyu.registry.store.opening import changing
from yiyu.registry.store.schema import migrations

D = dt.date
PRIVATE = (TELEPHONE, LINKMAN, HEAD, VISITOR)


def raw(path: Path) -> bytes:
    """All that is in a package, unfolded."""
    with zipfile.ZipFile(path) as pack:
        return b"\n".join(pack.read(name) for name in pack.namelist())


def test_every_table_and_column_travels_or_stays_for_a_reason() -> None:
    db = Database(memory=True)
    migrations.apply(db)
    tables = {name for name in db.table_names() if not name.startswith(("_", "sqlite"))}
    assert EXPORTED.keys() | LEFT_OUT.keys() == tables
    assert not EXPORTED.keys() & LEFT_OUT.keys()
    assert all(LEFT_OUT.values())
    for name, one in EXPORTED.items():
        assert list(one.columns) == [column.name for column in db[name].columns], name


def test_people_and_telephones_stay_at_home(package: Path) -> None:
    held = raw(package)
    assert [one for one in (*PRIVATE, "王某某") if one.encode() in held] == []
    assert "人员0001".encode() in held
    assert "（号码略）".encode() in held


def test_telephones_in_an_address_and_in_who_came_stay_at_home(low: Path, tmp_path: Path) -> None:
    mobile, landline = "13947799999", "0477-8599999"
    with opened(low) as session:
        nursery = directory(session).find("东胜区托育中心", Kind.CHILDCARE)
        edit_institution(session, nursery.code, {"address": f"某街 1 号，{mobile}", "grade": f"示范 {mobile}"})
        (number,) = session.db.execute("SELECT number FROM activities").fetchone()
        edit(session, number, {"people": (Person("新某某", unit=f"妇幼 {landline}"),)}, reason="补")
    held = raw(handed(low, tmp_path / "a.yiyu"))
    assert [one for one in (mobile, landline) if one.encode() in held] == []


def test_people_and_telephones_travel_where_they_are_asked_for(low: Path, tmp_path: Path) -> None:
    held = raw(handed(low, tmp_path / "full.yiyu", contacts=True))
    assert [one for one in (*PRIVATE, "王某某") if one.encode() not in held] == []
    assert b"event_contacts" not in held


def test_people_told_of_in_corrections_and_loans_stay_at_home_too(low: Path, tmp_path: Path) -> None:
    with opened(low) as session:
        (number,) = session.db.execute("SELECT number FROM activities").fetchone()
        people = (Person("新某某", department="儿童保健科"),)
        edit(session, number, {"people": people, "organiser": "组某某"}, reason="换了组某某")
        hospital = directory(session).find("东胜区社区卫生服务中心", Kind.MEDICAL)
        edit_institution(session, hospital.code, {"legal_person": "法某某", "phone": "0477-8123456"})
        lent = {"archive_no": "1", "borrower": "借某某", "note": "借某某来取"}
        with changing(session.db):
            for kind, told in (("lent", lent), ("drawn", {"drawn": [[1, "甲", ["检某某"]]]})):
                moment = {"on": session.today, "recorded_at": session.now, "actor": session.actor}
                add_event(session.db, None, kind, **moment, data=told)
    held, full = raw(handed(low, tmp_path / "a.yiyu")), raw(handed(low, tmp_path / "b.yiyu", contacts=True))
    private = ("新某某", "组某某", "法某某", "借某某", "检某某", "0477-8123456")
    assert [one for one in private if one.encode() in held] == []
    assert [one for one in private if one.encode() not in full] == []


def test_none_of_the_contacts_of_a_year_of_work_is_in_the_package(office: Path, tmp_path: Path) -> None:
    """By every value that a column of contacts has, in a registry of a whole season."""
    with opened(office) as session:
        query = """SELECT contact FROM institutions UNION SELECT phone FROM institutions UNION SELECT contact FROM event_contacts
            UNION SELECT phone FROM event_contacts UNION SELECT value FROM institution_facts WHERE fact = 'legal_person'
            UNION SELECT name FROM activity_people UNION SELECT actor FROM events"""
        known = {row[0] for row in session.db.execute(query) if row[0]}
    held = raw(handed(office, tmp_path / "season.yiyu"))
    assert len(known) > 50
    assert [one for one in known if one.encode() in held] == []


def answers(office: OfficeSession) -> dict[str, object]:
    """Everything reports are made of, as of the day of the session."""
    period = asked_period(office, None)
    inputs = rate_inputs(office, period)
    rates = report_rates(office)
    compared = compare(office, str(office.today.year))
    return {
        "rates": rates,
        "by town": report_rates(office, by="town"),
        "by provider": report_rates(office, by="provider", period=str(office.today.year)),
        "units": inputs.all_units(),
        "compared": compared,
        "duties": duty_rows(office),
        "lists": Lists(inputs).all(),
        "hours": sorted(
            (one.minutes, one.visits, one.unit, one.department) for one in report_hours(office, office.today.year)
        ),
        "loops": [{**one.steps} for one in loops(office, office.today.year)],
        "trends": quarter_trend(office, period, rates[0][-1].rates),
        "issued": [one.figures for one in issued_reports(office.db)],
    }


@pytest.mark.parametrize(("seed", "contacts"), [(1, False), (2, True), (3, False)])
def test_the_model_answers_as_the_registry_does(tmp_path: Path, seed: int, contacts: bool) -> None:
    """Two years made by chance: corrections, renewals, waivers, findings, mergers; as of three days and as known on one."""
    low = tmp_path / "low"
    known = entered(low, generated(seed, childcare=9))
    assert len(known.accepted) > 200
    made = build(read_package(handed(low, tmp_path / "low.yiyu", contacts=contacts)), tmp_path / "model", tmp_path)
    for day, known_on in ((D(2026, 11, 22), None), (D(2026, 3, 31), None), (D(2026, 3, 31), D(2026, 5, 20))):
        with opened(low) as session, as_known_on(session.db, known_on):
            expected = answers(replace(session, today=day, known_on=known_on))
        with opened_part(made, day, known_on, now=CLOCK.isoformat(), actor=ACTOR) as part:
            assert answers(part) == expected
