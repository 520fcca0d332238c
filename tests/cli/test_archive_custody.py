"""Claims about filed paper: nothing is lent twice, nothing on hold is listed for appraisal, nothing secret is kept here."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import icalendar
import openpyxl
import pypdf
import pytest
from build import invoke, new_office, opened
from docx import Document

from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.steps import record_step
from yiyu.registry.archive.numbering import number
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.lifecycle import FILING
from yiyu.registry.model import Variant

Run = Callable[..., Any]
FIRST, SECOND = "WS·2005-D10-BGS-0001", "WS·2005-D10-BGS-0002"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with two agreements of 2005 that have their 档号, due for appraisal since 2016."""
    folder = new_office(tmp_path / "office")
    with opened(folder) as session:
        known = directory(session)
        provider, start = known.find("东胜区妇幼保健院"), dt.date(2005, 3, 1)
        requests = [
            DraftRequest(provider, known.find(f"东胜区{name}托育中心"), Variant.FY, start, 12) for name in "甲乙"
        ]
        for made in draft_agreements(session, requests).made:
            for step in ("signed", "sealed"):
                record_step(session, [made.number], step, on=start, party="all")
            for step in FILING[1:4]:
                record_step(session, [made.number], step, on=session.today)
        number(session)
    return folder


def lend(run: Run, *more: object, code: int = 0) -> Any:
    return run("archive", "lend", FIRST, "--to", "王某某（财务科）", "--on", "2026-11-02", *more, code=code)


def test_what_is_lent_is_listed_until_it_comes_back_and_is_not_lent_twice(asked: Run, run: Run, tmp_path: Path) -> None:
    tried = lend(run, "--due", "2026-11-16", "--dry-run")
    assert "试算，没有写入：1 件借给王某某（财务科），2026-11-16 前归还" in tried.stderr
    assert asked("archive", "loans") == []
    lend(run, "--due", "2026-11-16", "--purpose", "核对经费")
    [loan] = asked("archive", "loans")
    assert (loan["archive_no"], loan["due_on"], loan["overdue"], loan["returned_on"]) == (
        FIRST, "2026-11-16", True, None,
    )  # fmt: skip
    assert asked("archive", "loans", "--overdue", "--as-of", "2026-11-16") == []
    twice = lend(run, "--due", "2026-11-30", code=5)
    assert "不能登记“档案借出”：2026-11-02 已借给王某某（财务科），还没有归还" in twice.stderr
    run("archive", "loans", "--xlsx", tmp_path / "借出.xlsx")
    assert openpyxl.load_workbook(tmp_path / "借出.xlsx").active["A3"].value == FIRST
    early = run("archive", "return", FIRST, "--on", "2026-11-01", code=5)
    assert "2026-11-02 才借出，晚于归还日期 2026-11-01" in early.stderr
    run("archive", "return", FIRST, "--note", "无缺页")
    assert asked("archive", "loans") == []
    [before] = asked("archive", "loans", "--all")
    assert (before["returned_on"], before["state"]) == ("2026-11-22", "已还")
    assert "没有借出" in run("archive", "return", FIRST, code=5).stderr
    assert "档案归还" in run("agreement", "history", before["number"]).stdout
    assert asked("agreement", "show", before["number"])["filing"] == "numbered"


def test_who_borrowed_arranged_or_checked_is_told_what_is_kept_of_him(asked: Run, run: Run) -> None:
    run("archive", "lend", FIRST, "--to", "赵某某（财务科）", "--due", "2026-12-01")
    run("archive", "box", FIRST, "--box", "001")
    run("archive", "box-note", "001", "--arranged-by", "孙某某")
    for who, text in (("赵某某", "赵某某（财务科）"), ("孙某某", "孙某某")):
        assert [one["text"] for one in asked("person", who)] == [text]


def test_a_loan_entered_wrongly_is_corrected_and_was_never_so(asked: Run, run: Run) -> None:
    lend(run, "--due", "2026-11-16")
    number = asked("archive", "loans")[0]["number"]
    event = asked("agreement", "history", number)[-1]["id"]
    event = asked("agreement", "history", number)[-1]["id"]
    run("agreement", "correct", number, "--event", event, "--reason", "登错了件")
    assert asked("archive", "loans", "--all") == []


def test_days_that_cannot_be_and_paper_without_a_number_are_refused(run: Run) -> None:
    assert "应还日期 2026-11-01 早于借出日期 2026-11-02" in lend(run, "--due", "2026-11-01", code=4).stderr
    assert "还没有到" in lend(run, "--due", "2027-01-01", "--on", "2026-12-01", code=4).stderr
    unknown = run("archive", "lend", "WS·2005-D10-BGS-0009", "--to", "王某某", "--due", "2026-12-01", code=3)
    assert "没有档号" in unknown.stderr


def test_overdue_paper_is_among_the_reminders_until_it_is_back(office: Path, run: Run, tmp_path: Path) -> None:
    calendar = tmp_path / "提醒.ics"
    lend(run, "--due", "2026-11-16")
    told = run("remind", "--ics", calendar)
    assert "另有 1 件借出的档案逾期未还：yiyu archive loans --overdue" in told.stderr
    assert f"1. 王某某（财务科）：{FIRST}（应于 2026-11-16 归还）" in run("remind", "--text").stdout
    titles = [str(one["SUMMARY"]) for one in icalendar.Calendar.from_ical(calendar.read_bytes()).walk("VEVENT")]
    assert "归还档案：王某某（财务科）" in titles
    assert invoke("--workspace", office, "remind", "--exit-code").exit_code == 1
    run("archive", "return", FIRST)
    assert "借出" not in run("remind").stderr


def test_what_is_on_hold_is_not_due_for_appraisal_until_it_is_released(asked: Run, run: Run) -> None:
    assert [one["archive_no"] for one in asked("archive", "due")] == [FIRST, SECOND]
    run("archive", "hold", FIRST, "--reason", "（2026）某民初1号案在审", "--on", "2026-11-01")
    assert [one["archive_no"] for one in asked("archive", "due")] == [SECOND]
    assert "另有 1 件期满但暂停销毁，没有列出" in run("archive", "due").stderr
    [hold] = asked("archive", "holds")
    assert (hold["archive_no"], hold["reason"], hold["since"]) == (FIRST, "（2026）某民初1号案在审", "2026-11-01")
    again = run("archive", "hold", FIRST, SECOND, "--reason", "审计", code=5)
    assert "2026-11-01 起已暂停销毁（（2026）某民初1号案在审）" in again.stderr
    assert len(asked("archive", "holds")) == 1
    run("archive", "release", FIRST, "--reason", "已结案")
    assert [one["archive_no"] for one in asked("archive", "due")] == [FIRST, SECOND]
    assert asked("archive", "holds", "--all")[0]["ended_on"] == "2026-11-22"
    assert "没有暂停销毁" in run("archive", "release", FIRST, "--reason", "已结案", code=5).stderr


def test_the_secrecy_of_a_paper_stands_in_the_catalogue_and_a_state_secret_is_refused(
    asked: Run, run: Run, tmp_path: Path
) -> None:
    run("archive", "classify", FIRST, "--secrecy", "内部")
    run("archive", "catalog", "--xlsx", tmp_path / "目录.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "目录.xlsx").active
    assert [sheet.cell(row, 7).value for row in (3, 4, 5)] == ["密级", "内部", ""]
    assert "密级已是“内部”" in run("archive", "classify", FIRST, "--secrecy", "内部", code=5).stderr
    refused = run("archive", "classify", SECOND, "--secrecy", "机密", code=4)
    assert "不能存放标“机密”的文件" in refused.stderr
    assert "不认识" in run("archive", "classify", SECOND, "--secrecy", "商密", code=4).stderr
    run("archive", "classify", FIRST, "--secrecy", "无")
    assert {one["secrecy"] for one in asked("archive", "catalog")["items"]} == {""}


def test_a_box_has_its_statement_and_its_people_on_the_note_and_keeps_what_is_not_said_again(
    office: Path, asked: Run, run: Run, tmp_path: Path
) -> None:
    run("archive", "box", FIRST, SECOND, "--box", "001")
    run("archive", "box-note", "001", "--note", "0002件第3页破损，已托裱", "--arranged-by", "王某某", "--dry-run")
    run(
        "archive",
        "box-note",
        "001",
        "--note",
        "0002件第3页破损，已托裱",
        "--arranged-by",
        "王某某",
        "--arranged-on",
        "2026-11-20",
    )
    noted = asked("archive", "box-note", "001", "--checked-by", "李某某", "--checked-on", "2026-11-21")
    assert (noted["items"], noted["arranged_by"], noted["checked_on"]) == (2, "王某某", "2026-11-21")
    run("archive", "catalog", "--docx", tmp_path / "备考表.docx")
    told = "\n".join(
        cell.text for table in Document(tmp_path / "备考表.docx").tables for row in table.rows for cell in row.cells
    )
    for words in (
        "0002件第3页破损，已托裱",
        "整理人：王某某",
        "整理日期：2026年11月20日",
        "检查人：李某某",
        "检查日期：2026年11月21日",
    ):
        assert words in told
    early = run("archive", "box-note", "001", "--checked-on", "2026-11-19", code=4)
    assert "检查日期 2026-11-19 早于整理日期 2026-11-20" in early.stderr
    assert "没有装进第 009 盒的件" in run("archive", "box-note", "009", "--note", "无", code=3).stderr
    assert "请至少写一项" in run("archive", "box-note", "001", code=4).stderr


@pytest.mark.parametrize("thickness", [20, 50])
def test_the_label_of_a_box_is_as_narrow_as_its_back_and_says_what_lies_in_it(
    office: Path, asked: Run, run: Run, tmp_path: Path, thickness: int
) -> None:
    assert "没有装了盒的件" in run("archive", "spines", "-o", tmp_path / "脊.pdf", code=3).stderr
    run("archive", "box", FIRST, SECOND, "--box", "001")
    out = tmp_path / "脊.pdf"
    told = asked("archive", "spines", "-o", out, "--thickness", thickness)
    assert ([one["box"] for one in told["boxes"]], told["pages"]) == (["001"], 1)
    [page] = pypdf.PdfReader(out).pages
    words = page.extract_text().split()
    assert [one for one in words if one.isdecimal()] == ["2005", "0001", "0002", "001"]
    frames = re.findall(rb"([\d.]+) -?[\d.]+ re S", page.get_contents().get_data())
    assert {round(float(wide) / 72 * 25.4, 1) for wide in frames} == {thickness - 2.0}
