"""A register keeps every column: numbered findings with what became of each, and what no field is there for."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from build import new_office, opened

from yiyu.registry.activities.importing import Imported, export_register, import_register
from yiyu.registry.activities.listing import ActivityFilter, list_activities
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.steps import record_step
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Variant
from yiyu.registry.reports.people import person
from yiyu.registry.rules.activities import Activity
from yiyu.registry.session import OfficeSession

START = dt.date(2026, 1, 1)
HEAD = ["日期", "乙方", "形式", "服务人员", "存在问题", "整改情况", "天气", "家访记录/次数"]
ROW = ["2026-03-12", "东胜区甲托育中心", "上门", "王某某", "", "", "", ""]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficeSession]:
    with opened(new_office(tmp_path_factory.mktemp("register") / "office")) as session:
        find = directory(session).find
        for name in ("甲", "乙"):
            sides = find("东胜区兴胜社区卫生服务中心"), find(f"东胜区{name}托育中心")
            draft_agreements(session, [DraftRequest(*sides, Variant.JC, START, 12)])
        record_step(session, ["150602-2026-JC-0001", "150602-2026-JC-0002"], "signed", on=START, party="all")
        yield session


def brought(office: OfficeSession, folder: Path, *rows: list[Any], head: list[str] = HEAD) -> Imported:
    path = folder / "登记册.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("2026年")
        for at, row in enumerate((head, *rows)):
            sheet.write_row(at, 0, row)
    return import_register(office, path, problems=folder / "待改.xlsx", dry_run=True)


def one(office: OfficeSession, folder: Path, *, head: list[str] = HEAD, **cells: str) -> tuple[Activity, Imported]:
    row = [cells.get(heading, text) for heading, text in zip(head, [*ROW, *[""] * 9], strict=False)]
    result = brought(office, folder, row, head=head)
    assert len(result.added) == 1, result.problems
    return result.added[0], result


@pytest.mark.parametrize(
    ("problems", "outcomes", "found"),
    [
        ("1.通风不足 2.消毒记录不全", "已整改", [("通风不足", "已整改"), ("消毒记录不全", "已整改")]),
        ("1.通风不足 2.消毒记录不全", "1.已整改 2.整改中", [("通风不足", "已整改"), ("消毒记录不全", "整改中")]),
        ("1.通风不足\n2.消毒记录不全", "2.已整改", [("通风不足", ""), ("消毒记录不全", "已整改")]),
        ("1.通风不足 2.消毒记录不全", "1.已整改", [("通风不足", "已整改"), ("消毒记录不全", "")]),
        ("通风不足", "", [("通风不足", "")]),
        ("无", "", []),
    ],
)
def test_numbered_findings_are_findings_each_with_its_own_outcome(
    office: OfficeSession, tmp_path: Path, problems: str, outcomes: str, found: list[tuple[str, str]]
) -> None:
    activity, result = one(office, tmp_path, 存在问题=problems, 整改情况=outcomes)
    assert [(finding.problem, finding.outcome) for finding in activity.findings] == found
    assert all(finding.rechecked_on is None for finding in activity.findings)  # nobody has seen it yet
    assert result.left_out == []


def test_an_outcome_of_a_finding_that_is_not_there_waits_to_be_corrected(office: OfficeSession, tmp_path: Path) -> None:
    row = dict(zip(HEAD, ROW, strict=True)) | {"存在问题": "1.通风不足 2.消毒记录不全", "整改情况": "3.已整改"}
    result = brought(office, tmp_path, [*row.values()])
    assert [(problem.code, problem.field) for problem in result.problems] == [("findings-apart", "outcomes")]
    assert result.added == ()


def test_a_column_without_a_field_is_kept_as_told_and_said(office: OfficeSession, tmp_path: Path) -> None:
    activity, result = one(office, tmp_path, 天气="小雪，路滑", **{"家访记录/次数": "2次"})
    assert activity.others == {"天气": "小雪，路滑", "家访记录/次数": "2次"}
    assert any("“天气”没有对应的项目" in note for note in result.notes)
    assert result.unread == ()


def test_what_cannot_be_taken_for_what_its_column_means_is_kept_as_written(
    office: OfficeSession, tmp_path: Path
) -> None:
    head = [*HEAD, "服务项目", "科室", "参加人数", "婴幼儿"]
    told = {"整改情况": "上次已改", "服务项目": "F01、喝茶", "科室": "儿保科、公卫科", "参加人数": "20", "婴幼儿": "18"}
    activity, result = one(office, tmp_path, head=head, **told)
    assert (activity.items, activity.counts, activity.findings) == (("F01",), {"婴幼儿": 18}, ())
    assert activity.others == {
        "整改情况原文": "上次已改",
        "服务项目原文": "F01、喝茶",
        "科室原文": "儿保科、公卫科",
        "参加人数原文": "20",
    }
    assert len(result.problems) == len(activity.others)


def test_a_second_column_of_one_meaning_is_kept_where_it_says_otherwise(office: OfficeSession, tmp_path: Path) -> None:
    head = [*HEAD, "备注", "说明"]
    activity, _ = one(office, tmp_path, head=head, 备注="甲", 说明="乙")
    assert (activity.remark, activity.others) == ("甲", {"说明": "乙"})
    assert one(office, tmp_path, head=head, 备注="甲", 说明="甲")[0].others == {}
    assert one(office, tmp_path, head=head, 说明="乙")[0].remark == "乙"


def test_an_id_number_is_kept_under_no_heading(office: OfficeSession, tmp_path: Path) -> None:
    row = dict(zip(HEAD, ROW, strict=True)) | {"天气": "11010519491231002X"}
    result = brought(office, tmp_path, [*row.values()])
    assert [activity.others for activity in result.added] == [{}]
    assert [problem.code for problem in result.problems] == ["privacy"]


def test_two_institutions_on_two_lines_of_a_cell_are_two(office: OfficeSession, tmp_path: Path) -> None:
    activity, _ = one(office, tmp_path, 乙方="东胜区甲托育中心\n东胜区乙托育中心")
    assert len(activity.agreements) == 2
    assert len(one(office, tmp_path, 乙方="东胜区甲\n托育中心")[0].agreements) == 1  # a name on two lines is one


def test_what_was_kept_is_written_again_and_comes_in_without_a_change(tmp_path: Path) -> None:
    with opened(new_office(tmp_path / "office")) as office:
        find = directory(office).find
        sides = find("东胜区兴胜社区卫生服务中心"), find("东胜区甲托育中心")
        draft_agreements(office, [DraftRequest(*sides, Variant.JC, START, 12)])
        path = tmp_path / "登记册.csv"
        cells = dict(zip(HEAD, ROW, strict=True)) | {
            "存在问题": "1.通风不足 2.缺盖",
            "整改情况": "2.已改",
            "天气": "李某某",
        }
        path.write_text(f"{','.join(cells)}\n{','.join(cells.values())}", "utf-8")
        assert len(import_register(office, path).added) == 1
        assert import_register(office, path).unchanged == 1
        out = tmp_path / "导出.xlsx"
        export_register(office, out, list_activities(office, ActivityFilter()))
        sheet = openpyxl.load_workbook(out).worksheets[0]
        headings = [cell.value for cell in sheet[2]]
        assert sheet.cell(3, headings.index("天气") + 1).value == "李某某"
        again = import_register(office, out)
        assert (again.unchanged, again.problems, again.added) == (1, (), ())
        sheet.cell(3, headings.index("天气") + 1, "晴")
        sheet.parent.save(out)
        assert [line.heading for line in import_register(office, out).preview.waiting] == ["其他内容"]
        assert any(one.subject == "HD-2026-0001" for one in person(office, "李某某"))
