"""A report that went out stays as it was, and what became known since is named row by row."""

import contextlib
import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from build import CLOCK, opened

from yiyu.docgen.reports.board import make_board
from yiyu.docgen.reports.report_documents import Issuing, make_bulletins, make_report
from yiyu.registry.activities.adding import add, void
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.errors import BadInput, FileFault, StepNotAllowed
from yiyu.registry.institutions.duplicates import merge
from yiyu.registry.institutions.editing import edit_institution
from yiyu.registry.office.integrity import check
from yiyu.registry.reports.comparing import compare
from yiyu.registry.reports.counting import rate_inputs
from yiyu.registry.reports.issuing import (
    as_it_stands,
    issued_document,
    issued_named,
    listed_reports,
)
from yiyu.registry.reports.trends import quarter_trend
from yiyu.registry.rules.activities import Activity
from yiyu.registry.rules.duties import read_period
from yiyu.registry.rules.issued import WHY_LABEL
from yiyu.registry.rules.rates import rates
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.copying import files_named
from yiyu.registry.store.issued_reports import frozen_of, issued_faults

OCTOBER = dt.datetime(2026, 10, 12, 9, tzinfo=CLOCK.tzinfo)


def unvisited(session: OfficeSession) -> list[str]:
    """Numbers of the agreements whose one visit of the third quarter nobody made."""
    rows = [row for row in duty_rows(session, period="2026Q3") if row.state == "missed" and row.needed == 1]
    return [row.number for row in rows if row.number and "上门指导" in row.forms]


@pytest.fixture(scope="module")
def whole(season: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office that issued the third quarter on 12 October and learned afterwards of a visit to the first that had none.

    A visit to the second, entered before, was taken back.
    """
    folder = Path(shutil.copytree(season, tmp_path_factory.mktemp("issued") / "office"))
    with opened(folder, now=OCTOBER) as session:
        first, second = unvisited(session)[:2]
        early = add(session, Activity("", dt.date(2026, 8, 5), "上门指导", (second,), ()), again=True)
        make_report(session, "bulletin", period="2026Q3", issuing=Issuing())
    with opened(folder) as session:
        add(session, Activity("", dt.date(2026, 9, 2), "上门指导", (first,), ()), again=True)
        void(session, early.listed.activity.number, reason="写错了机构")
    return folder


@pytest.fixture
def issued(whole: Path, tmp_path: Path) -> Iterator[OfficeSession]:
    with opened(Path(shutil.copytree(whole, tmp_path / "office"))) as session:
        yield session


def test_what_went_out_is_named_beside_what_is_known_now(issued: OfficeSession) -> None:
    before = make_report(issued, "bulletin", period="2026Q3").before
    assert before is not None
    assert before.sentence.startswith("2026年第三季度通报已于2026-10-12印发：")
    visits = [one for one in before.rows if one.difference.unit.indicator == "visits"]
    assert {WHY_LABEL[one.why] for one in visits} == {"补录", "作废"}
    late = next(one for one in visits if one.why == "added")
    assert late.difference.unit.number not in unvisited(issued)
    assert late.difference.unit.institution.endswith("托育中心")
    assert [(event.kind, event.on, event.actor) for event in late.events] == [
        ("served", dt.date(2026, 9, 2), issued.actor)
    ]
    assert next(one for one in visits if one.why == "voided").events[-1].note.endswith("写错了机构")
    assert before.sentence.endswith("各项数未变：更正 2 条（作废 1，补录 1）")


def test_a_rate_that_changed_is_told_with_both_values(issued: OfficeSession) -> None:
    report = listed_reports(issued)[0]
    number = next(number for number in unvisited(issued))
    add(issued, Activity("", dt.date(2026, 9, 3), "上门指导", (number,), ()), again=True)
    found = as_it_stands(issued, report)
    then, now = found.figures["visits"]
    assert now.numerator == then.numerator + 1
    assert f"履约率（上门） {then.text}，现为 {now.text}" in found.sentence
    assert report.figures[""]["visits"] == then


def test_what_was_frozen_adds_up_to_the_figures_that_went_out(issued: OfficeSession) -> None:
    report = listed_reports(issued)[0]
    for indicator, rate in report.figures[""].items():
        units = [unit for unit in frozen_of(issued.db, report).units if unit.indicator == indicator]
        assert (sum(unit.counts for unit in units), len(units)) == (rate.numerator, rate.denominator)


def test_the_document_comes_back_as_it_went_out_or_not_at_all(issued: OfficeSession) -> None:
    report = issued_named(issued, "yf-2026-0001")
    path = issued.workspace.root / report.path
    assert issued_document(issued, report) == path.read_bytes()
    assert report.path in files_named(issued.workspace.registry_path)
    assert [fault for fault in check(issued).faults if fault.place == report.path] == []
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(FileFault, match="被改动过"):
        issued_document(issued, report)
    assert [fault.fault for fault in check(issued).faults if fault.place == report.path] == ["changed"]


def test_a_second_issue_needs_a_reason_and_both_stay(issued: OfficeSession, tmp_path: Path) -> None:
    with pytest.raises(StepNotAllowed, match=r"已于2026-10-12印发.*--reason"):
        make_report(issued, "bulletin", period="2026Q3", issuing=Issuing())
    with pytest.raises(BadInput, match="还没有印发过"):
        make_report(issued, "bulletin", period="2026Q2", issuing=Issuing("没有"))
    assert len(listed_reports(issued)) == 1
    out = tmp_path / "更正.docx"
    made = make_report(issued, "bulletin", period="2026Q3", out=out, issuing=Issuing("补录一次上门"))
    first, second = listed_reports(issued)
    assert made.issued is not None
    assert (second.number, second.replaces, second.reason) == ("YF-2026-0002", first.number, "补录一次上门")
    assert out.read_bytes() == issued_document(issued, second) != issued_document(issued, first)
    (said,) = [one.text for one in docx.Document(str(out)).paragraphs if "有更正" in one.text]
    assert said == ("2026年10月12日印发的2026年第三季度通报（YF-2026-0001）有更正：补录一次上门。以本次印发的为准。")
    assert as_it_stands(issued, second).sentence == "2026年第三季度通报已于2026-11-22更正印发：与现在的数一致"


def test_a_year_goes_out_as_a_quarter_does(issued: OfficeSession) -> None:
    made = make_report(issued, "year", period="2026", issuing=Issuing())
    assert made.issued is not None
    assert made.issued.path == "archive/issued/2026/YF-2026-0002-年度报告.docx"
    again = make_report(issued, "year", period="2026").before
    assert again is not None
    assert again.sentence == "2026年年度报告已于2026-11-22印发：与现在的数一致"


def test_a_dry_run_issues_nothing(issued: OfficeSession) -> None:
    made = make_report(issued, "year", period="2026", issuing=Issuing(dry_run=True))
    assert made.issued is not None
    assert len(listed_reports(issued)) == 1
    assert not (issued.workspace.root / made.issued.path).exists()


def test_each_district_issues_its_own_or_none_does(issued: OfficeSession) -> None:
    made = [one.issued for _, one in make_bulletins(issued, None, period="2026Q3", issuing=Issuing())]
    reports = listed_reports(issued, "2026Q3")
    assert [one.district for one in reports] == ["", *(one.district for one in made if one)]
    for report in reports[1:]:
        assert report.figures[""] == report.figures[report.district]
    with pytest.raises(StepNotAllowed, match="已经印发过"):
        list(make_bulletins(issued, None, period="2026Q3", issuing=Issuing()))
    assert listed_reports(issued, "2026Q3") == reports


def test_a_new_name_makes_no_other_row_and_a_merge_is_what_was_recorded(issued: OfficeSession) -> None:
    def differing() -> set[str]:
        return {one.difference.unit.institution for one in as_it_stands(issued, listed_reports(issued)[0]).rows}

    before, known = (
        differing(),
        [one.institution for one in compare(issued, "2026Q3").units if one.indicator == "filed"],
    )
    named, kept, merged = [name for name in known if name not in before][:3]
    edit_institution(issued, named, {"name": "改名后的托育中心"}, from_day=dt.date(2026, 9, 1))
    assert differing() == before
    merge(issued, kept, merged)
    rows = [
        one for one in as_it_stands(issued, listed_reports(issued)[0]).rows if one.difference.unit.institution == merged
    ]
    assert {one.why for one in rows} == {"corrected"}
    assert {event.kind for one in rows for event in one.events} <= {"institution_merged", "merged"}


def test_a_town_is_held_against_nothing_that_was_issued_for_all(issued: OfficeSession) -> None:
    assert make_report(replace(issued, scope=Scope(town="某镇")), "bulletin", period="2026Q3").before is None


def test_a_town_is_not_issued(issued: OfficeSession) -> None:
    limited = OfficeSession(
        issued.workspace, issued.db, issued.today, issued.now, issued.actor, scope=Scope(town="某镇")
    )
    with pytest.raises(BadInput, match="--town"):
        make_report(limited, "bulletin", period="2026Q3", issuing=Issuing())


def test_a_frozen_row_that_was_changed_is_found(issued: OfficeSession) -> None:
    assert list(issued_faults(issued.db)) == []
    path = issued.workspace.registry_path
    with (
        contextlib.closing(sqlite3.connect(path)) as db,
        pytest.raises(sqlite3.IntegrityError, match="stays as it was"),
    ):
        db.execute("UPDATE issued_reports SET figures = '{}'")
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER issued_reports_no_update")
        db.execute("UPDATE issued_reports SET period = '2026Q4'")
        db.commit()
    assert list(issued_faults(issued.db)) == ["YF-2026-0001"]


def test_a_quarter_shows_what_went_out_beside_what_is_known_now(issued: OfficeSession) -> None:
    (number, *_) = unvisited(issued)
    add(issued, Activity("", dt.date(2026, 9, 3), "上门指导", (number,), ()), again=True)
    period = read_period("2026Q4")
    current = rates(rate_inputs(issued, period).units(), "district")[""]
    third, fourth = quarter_trend(issued, period, current)
    assert (third.quarter.text, fourth.quarter.text) == ("2026Q3", "2026Q4")
    assert third.issued == listed_reports(issued)[0].figures[""]
    assert third.now["visits"].numerator == third.issued["visits"].numerator + 1
    assert (fourth.issued, fourth.now) == ({}, current)
    back = quarter_trend(issued, period, current, back=3)
    assert [one.quarter.text for one in back] == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    assert back[2:] == [third, fourth]


def test_a_half_year_tells_of_its_last_quarter_what_is_of_a_day(issued: OfficeSession) -> None:
    make_report(issued, "bulletin", period="2026H1", issuing=Issuing())
    for _, made in make_bulletins(issued, None, period="2026Q2", issuing=Issuing()):
        assert made.issued
    found = quarter_trend(issued, read_period("2026Q2"), {})
    assert [one.quarter.text for one in found] == ["2026Q2"]
    assert found[0].issued["signed"] == listed_reports(issued, "2026H1")[0].figures[""]["signed"]
    assert "visits" not in found[0].issued
    (own,) = quarter_trend(replace(issued, scope=Scope("150602")), read_period("2026Q2"), {})
    assert own.issued["visits"] == listed_reports(issued, "2026Q2", "150602")[0].figures[""]["visits"]


def test_the_board_draws_both_and_says_how_many_differ(issued: OfficeSession, tmp_path: Path) -> None:
    (number, *_) = unvisited(issued)
    add(issued, Activity("", dt.date(2026, 9, 3), "上门指导", (number,), ()), again=True)
    make_board(issued, tmp_path / "board.html")
    text = (tmp_path / "board.html").read_text("utf-8")
    assert "其中 2 个数与印发时不同" in text
    report = listed_reports(issued)[0].figures[""]["visits"]
    assert f"印发 {report.text}（{report.numerator}/{report.denominator}）" in text
    assert f'<small class="short">印发 {report.text} {report.numerator}/{report.denominator}</small>' in text
