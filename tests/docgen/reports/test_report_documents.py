"""What is handed up says what the ledger says."""

import dataclasses
import datetime as dt
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import docx
import pypdf
import pytest
from build import TODAY, new_office, new_season, opened
from msgspec.structs import replace

from yiyu.docgen.pdf.convert import convert
from yiyu.docgen.reports.board import make_board
from yiyu.docgen.reports.report_documents import (
    make_bulletins,
    make_report,
    write_certificates,
)
from yiyu.registry.activities.adding import add
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.institutions.editing import edit_institution
from yiyu.registry.reports.comparing import compare, year_before
from yiyu.registry.reports.people import report_hours
from yiyu.registry.rules.activities import Activity, Person
from yiyu.registry.rules.duties import read_period
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.standings import standings


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficeSession]:
    folder = new_season(tmp_path_factory.mktemp("reports") / "office")
    photo = folder / "照片.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    with opened(folder) as found:
        serving = [one.agreement for one in standings(found.db, TODAY) if one.force == "in_force"][:6]
        for order, one in enumerate(serving):
            person = Person(("王某某", "李某某")[order % 2], "某医院", "儿童保健科", "主治医师")
            on, evidence = dt.date(2026, 11, 2 + order), [str(photo)] if order < 4 else []
            hours = dt.time(9), dt.time(11, 30)
            add(
                found,
                Activity("", on, "上门指导", (one.number,), (), *hours, people=(person,)),
                evidence=evidence,
                again=True,
            )
        yield found


def _text(path: Path) -> str:
    document = docx.Document(io.BytesIO(path.read_bytes()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_certificate_says_what_the_ledger_says(session: OfficeSession, tmp_path: Path) -> None:
    people = write_certificates(session, tmp_path / "证明.docx", year=2026)
    ledger = {one.person: one for one in report_hours(session, 2026) if one.minutes}
    assert {one.person for one in people} == set(ledger) == {"王某某", "李某某"}
    text = _text(tmp_path / "证明.docx")
    said = re.findall(r"服务(\d+)次，涉及托育机构(\d+)家，计入服务时长([\d.]+)小时", text)
    expected = [(str(one.visits), str(one.places), f"{one.hours:g}") for one in people]
    assert said == expected
    counted = sum(not stay.excluded for one in people for stay in one.stays)
    assert len(re.findall(r"HD-2026-\d{4}", text)) == counted == 4
    assert text.count("没有佐证材料1条") == 2


def test_a_certificate_for_somebody_without_hours_is_refused(session: OfficeSession, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="张某某"):
        write_certificates(session, tmp_path / "证明.docx", year=2026, people=["张某某"])
    with pytest.raises(NotFound):
        write_certificates(session, tmp_path / "证明.docx", year=2020)
    assert not (tmp_path / "证明.docx").exists()


def test_the_years_report_gives_each_rate_with_last_years(session: OfficeSession, tmp_path: Path) -> None:
    found = make_report(session, "year", period="2026", out=tmp_path / "年报.docx").found
    text, total = _text(tmp_path / "年报.docx"), found.rows[-1]
    rate = total.rates["signed"]
    assert f"签约率按备案机构计为{rate.percent:g}%（{rate.numerator}/{rate.denominator}）" in text
    assert "去年同期（截至2025年11月22日）" in text  # the same months: the year still runs
    assert "0—3岁婴幼儿中医药（蒙医药）健康管理率：未填（目标2025年90%）" in text
    assert all(row.group in text for row in found.rows)


def test_the_bulletin_names_who_is_missing(session: OfficeSession, tmp_path: Path) -> None:
    found = make_report(session, "bulletin", period="2026H2", out=tmp_path / "通报.docx").found
    text = _text(tmp_path / "通报.docx")
    assert "2026年下半年" in text
    assert found.missing.unsigned
    assert "2026Q" not in text
    assert all(name in text for name in found.missing.unsigned)
    missed = [row for row in duty_rows(session) if row.state == "missed" and row.due_by > dt.date(2026, 6, 30)]
    missed = [row for row in missed if row.number and "上门指导" in row.forms]
    assert len(found.missing.unvisited) == len(missed) > 0
    # What is not yet due is owed and not done, and names nobody.
    assert found.rows[-1].visits_due - found.rows[-1].visits_done > len(missed)
    for row in missed:
        assert any(
            row.institution in line and row.number in line and f"责任单位：{row.provider}" in line
            for line in found.missing.unvisited
        )


def test_the_days_in_the_lists_are_said_as_people_say_them(session: OfficeSession, tmp_path: Path) -> None:
    found = make_report(session, "bulletin", period="2026H1", out=tmp_path / "通报.docx").found
    text = _text(tmp_path / "通报.docx")
    assert any("最迟 2026-06-30" in line for line in found.missing.unvisited)
    assert "最迟 2026年6月30日" in text
    assert re.search(r"20\d\d年\d+月-|20\d\d-\d\d-\d\d", text) is None


def test_a_report_of_a_town_names_it_and_says_no_figure_that_is_of_more(session: OfficeSession, tmp_path: Path) -> None:
    named, town = (
        next(one.institution for one in compare(session, "2026H2").units if one.indicator == "filed"),
        "某某镇",
    )
    edit_institution(session, named, {"town": town}, correct=True)
    office = dataclasses.replace(session, scope=Scope(town=town))
    found = make_report(office, "year", period="2026", out=tmp_path / "a.docx").found
    assert f"鄂尔多斯市{town}共有托育机构{found.rows[-1].childcare}家" in _text(tmp_path / "a.docx")
    assert found.loops.due == 1
    assert [row.entered for row in found.rows if row.entered] == []
    make_board(office, tmp_path / "a.html")
    assert (tmp_path / "a.html").stat().st_size > 0
    with pytest.raises(BadInput, match="--provider"):
        make_report(
            dataclasses.replace(session, scope=Scope(provider="某院")), "year", period="2026", out=tmp_path / "b.docx"
        )
    assert not (tmp_path / "b.docx").exists()


def test_each_district_has_a_bulletin_of_its_own_figures(session: OfficeSession, tmp_path: Path) -> None:
    whole = compare(session, "2026H2")
    written = [(name, made.found) for name, made in make_bulletins(session, tmp_path, period="2026H2")]
    assert [name for name, _ in written] == [f"{row.group}_通报_2026H2" for row in whole.rows[:-1]]
    for (name, found), row in zip(written, whole.rows[:-1], strict=True):
        assert found.rows[-1].rates == row.rates
        text = _text(tmp_path / f"{name}.docx")
        assert f"关于{row.group}2026年下半年" in text.replace("\n", "")
        assert all(line in text for line in found.missing.unsigned)
    assert sum(len(found.missing.unvisited) for _, found in written) == len(whole.missing.unvisited) > 0


def test_a_report_of_an_earlier_period_is_as_of_its_last_day(session: OfficeSession, tmp_path: Path) -> None:
    assert make_report(session, "bulletin", period="2026H1").found.day == dt.date(2026, 6, 30)
    with pytest.raises(BadInput, match="还没有开始"):
        make_report(session, "bulletin", period="2027H1", out=tmp_path / "b.docx")


def test_the_office_may_have_a_form_of_its_own(session: OfficeSession, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("本单位格式：{{ 时段 }} {{ 合计.签约率 }}")
    own = session.workspace.templates / "forms" / "bulletin.docx"
    own.parent.mkdir(parents=True)
    document.save(str(own))
    make_report(session, "bulletin", period="2026H2", out=tmp_path / "a.docx")
    own.unlink()
    assert _text(tmp_path / "a.docx").startswith("本单位格式：2026年下半年")


@pytest.mark.parametrize(
    ("period", "before", "said"),
    [
        ("2026", "2025", "2026年"),
        ("2026H1", "2025H1", "2026年上半年"),
        ("2026Q3", "2025Q3", "2026年第三季度"),
        ("2026-01", "2025-01", "2026年1月"),
    ],
)
def test_every_kind_of_period_has_its_own_of_the_year_before(period: str, before: str, said: str) -> None:
    assert year_before(read_period(period)).text == before
    assert read_period(period).title == said


def prose(path: Path) -> list[str]:
    return [one.text for one in docx.Document(str(path)).paragraphs if one.text.strip()]


@pytest.mark.parametrize("form", ["bulletin", "year"])
def test_a_clause_without_a_figure_is_left_out_or_says_why(form: str, tmp_path: Path) -> None:
    with opened(new_office(tmp_path / "office", ())) as nobody:
        make_report(nobody, form, period="2026", out=tmp_path / "a.docx")
    with opened(new_office(tmp_path / "few")) as few:
        make_report(few, form, period="2026", out=tmp_path / "b.docx")
    for name in ("a", "b"):
        text = "\n".join(prose(tmp_path / f"{name}.docx"))
        assert re.findall("—(?!3岁)", text) == []
        assert "暂无应上门指导的机构" in text
        assert "暂无应培训的机构" in text
        assert "没有发现问题" in text
    assert "鄂尔多斯市暂无托育机构。" in "\n".join(prose(tmp_path / "a.docx"))


def test_a_bulletin_is_addressed_to_the_authorities_below_or_as_the_office_says(tmp_path: Path) -> None:
    with opened(new_office(tmp_path / "office")) as office:
        make_report(office, "bulletin", period="2026H1", out=tmp_path / "a.docx")
        own = replace(office.workspace, config=replace(office.workspace.config, addressees=("各成员单位",)))
        make_report(dataclasses.replace(office, workspace=own), "bulletin", period="2026H1", out=tmp_path / "b.docx")
        below = dataclasses.replace(office, scope=Scope("150602"))
        make_report(below, "bulletin", period="2026H1", out=tmp_path / "c.docx")
        names = [office.pack.authority_of(code) for code in office.pack.regions if code != "150600"]
    to = [next(line for line in prose(tmp_path / f"{name}.docx") if line.endswith("：")) for name in "abc"]
    assert to == [f"{'、'.join(names)}：", "各成员单位：", "各有关医疗卫生机构、各托育机构："]


def test_a_signature_never_stands_alone_on_a_page(session: OfficeSession, tmp_path: Path) -> None:
    """With the text above it longer and longer, over more than a page."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    sources = []
    for lines_more in range(0, 24, 2):
        named = replace(session.workspace.config, addressees=("某单位" * 9,) * lines_more or ("某单位",))
        office = dataclasses.replace(session, workspace=replace(session.workspace, config=named))
        sources.append(tmp_path / f"{lines_more}.docx")
        make_report(office, "bulletin", period="2026H2", out=sources[-1])
    pages = set()
    for made in convert(sources, tmp_path).values():
        assert isinstance(made, Path)
        texts = [page.extract_text() for page in pypdf.PdfReader(made).pages]
        at = next(number for number, text in enumerate(texts) if re.search(r"年\s+月\s+日", text))
        pages.add(at)
        assert "年度自评应完成" in texts[at]
        assert "附表" in texts[at + 1]
    assert len(pages) > 1
