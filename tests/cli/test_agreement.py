import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

Run = Callable[..., Any]

KEYS = {
    "number",
    "variant",
    "pack",
    "district",
    "district_code",
    "parties",
    "starts_on",
    "ends_on",
    "signing",
    "sealing",
    "filing",
    "force",
    "days_left",
    "notice_by",
    "renewed_by",
    "renewal_draft",
    "flags",
}


def first(asked: Run, *filters: object) -> dict[str, Any]:
    found: list[dict[str, Any]] = asked("agreement", "list", *filters)
    return found[0]


def test_the_listing_has_the_promised_keys_and_words(asked: Run) -> None:
    rows = asked("agreement", "list")
    assert all(set(row) == KEYS for row in rows)
    assert {row["signing"] for row in rows} == {"awaiting", "one_signed", "signed"}
    assert [party["role"] for party in rows[0]["parties"]] == ["甲", "乙"]


def test_the_lists_agree_with_a_recount_of_all_rows(asked: Run) -> None:
    rows = asked("agreement", "list")
    today = dt.datetime.now().astimezone().date()
    assert asked("agreement", "list", "--unsigned") == [r for r in rows if r["signing"] != "signed"]
    soon = [
        r
        for r in rows
        if r["signing"] == "signed"
        and dt.date.fromisoformat(r["starts_on"]) <= today
        and 0 <= (dt.date.fromisoformat(r["ends_on"]) - today).days <= 90
    ]
    assert soon
    assert asked("agreement", "list", "--expiring", "90") == soon


def test_before_the_first_draft_there_is_nothing(asked: Run) -> None:
    assert asked("agreement", "list", "--as-of", "2020-01-01") == []


def test_the_listing_is_saved_for_excel_with_whole_columns(run: Run, tmp_path: Path) -> None:
    run("agreement", "list", "--xlsx", tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert {"协议编号", "甲方名称", "乙方名称", "签字状态"} <= texts


def test_one_is_shown_with_its_documents(asked: Run, run: Run, office: Path) -> None:
    number = first(asked)["number"]
    shown = asked("agreement", "show", number)
    assert sorted(d["kind"] for d in shown["documents"]) == ["activity_record", "agreement", "service_list"]
    assert all((office / d["path"]).is_file() for d in shown["documents"])
    assert number in run("agreement", "show", number).stdout


def test_what_was_known_on_a_day_is_listed_as_of_that_day(asked: Run, run: Run) -> None:
    """The season was recorded on 22 November, whatever day it speaks of."""
    number = first(asked, "--unsigned")["number"]
    run("agreement", "void", number, "--reason", "重复")
    assert asked("agreement", "list", "--known-on", "2026-11-21") == []
    assert asked("agreement", "list", "--known-on", "2026-11-22") == asked("agreement", "list")
    text = run("report", "rates", "--as-of", "2026-11-22", "--known-on", "2026-11-21").stderr
    assert "2026-11-21 以后录入的记录不计" in text


def test_an_unknown_number_is_not_found(run: Run) -> None:
    run("agreement", "show", "150602-1999-JC-0001", code=3)


def test_signing_and_sealing_are_recorded_with_their_day(asked: Run, run: Run) -> None:
    number = first(asked, "--unsigned")["number"]
    run("agreement", "sign", number, "--party", "all", "--on", "2026-03-01")
    run("agreement", "seal", number, "--party", "乙", "--on", "2026年3月1日")
    row = next(r for r in asked("agreement", "list") if r["number"] == number)
    assert (row["signing"], row["sealing"]) == ("signed", "one_sealed")
    assert asked("agreement", "show", number)["sealed"] == {"乙": "2026-03-01"}


def test_signing_twice_is_refused_and_names_the_first_time(asked: Run, run: Run) -> None:
    number = next(r["number"] for r in asked("agreement", "list") if r["signing"] == "signed")
    assert "签字" in run("agreement", "sign", number, "--party", "甲", code=5).stderr


def test_the_history_tells_who_and_when(asked: Run) -> None:
    number = next(r["number"] for r in asked("agreement", "list") if r["signing"] == "signed")
    kinds = [event["kind"] for event in asked("agreement", "history", number)]
    assert kinds == ["drafted", "issued", "signed", "signed", "sealed", "sealed"]


def test_a_wrong_entry_is_corrected(asked: Run, run: Run) -> None:
    number = next(r["number"] for r in asked("agreement", "list") if r["signing"] == "one_signed")
    wrong = asked("agreement", "history", number)[-1]["id"]
    run("agreement", "correct", number, "--event", wrong, "--reason", "看错一行")
    assert asked("agreement", "show", number)["signing"] == "awaiting"
    assert "不能更正" in run("agreement", "correct", number, "--event", wrong, "--reason", "再来", code=5).stderr


def test_void_keeps_the_number_and_leaves_the_list_of_unsigned(asked: Run, run: Run) -> None:
    number = first(asked, "--unsigned")["number"]
    run("agreement", "void", number, "--reason", "重复")
    assert asked("agreement", "show", number)["force"] == "void"
    assert number not in [r["number"] for r in asked("agreement", "list", "--unsigned")]
    assert "作废" in run("agreement", "sign", number, "--party", "甲", code=5).stderr


def test_termination_needs_a_signed_one(asked: Run, run: Run) -> None:
    signed = next(r["number"] for r in asked("agreement", "list") if r["force"] == "in_force")
    run("agreement", "terminate", signed, "--reason", "搬迁")
    assert asked("agreement", "show", signed)["force"] == "terminated"
    assert (
        "必须先双方已签"
        in run("agreement", "terminate", first(asked, "--unsigned")["number"], "--reason", "x", code=5).stderr
    )


def test_renewing_all_that_expire_equals_its_dry_run(asked: Run) -> None:
    planned = asked("agreement", "renew", "--expiring", "90", "--dry-run")
    done = asked("agreement", "renew", "--expiring", "90")
    assert planned == done
    assert done["made"]
    drafts = {one["renewal_draft"] for one in asked("agreement", "list", "--expiring", "90")}
    assert drafts == {one["number"] for one in done["made"]}


def test_renewing_nothing_is_refused(run: Run) -> None:
    assert "--expiring" in run("agreement", "renew", code=4).stderr


def test_pairs_are_saved_edited_and_drafted_from(asked: Run, run: Run, office: Path, tmp_path: Path) -> None:
    for name in ("东胜区一托育中心", "东胜区二托育中心"):
        run("institution", "add", "--kind", "childcare", "--name", name, "--district", "东胜区", "--filed")
    run("agreement", "pair", "--xlsx", tmp_path / "pairs.xlsx")
    assert len(asked("agreement", "pair")) == 4
    book = openpyxl.load_workbook(tmp_path / "pairs.xlsx")
    sheet = book.worksheets[0]
    heads = {
        str(c.value): c for row in sheet.iter_rows() for c in row if c.value in ("生效日期", "乙方名称", "协议类型")
    }
    row = heads["乙方名称"].row + 1
    sheet.cell(row, heads["生效日期"].column, "2027.1.1")
    sheet.cell(row + 1, heads["协议类型"].column, "XX")
    book.save(tmp_path / "pairs.xlsx")
    result = asked("agreement", "draft", "--from", tmp_path / "pairs.xlsx", code=10)
    assert (len(result["made"]), len(result["failed"])) == (3, 1)
    assert "2027-01-01" in [one["starts_on"] for one in result["made"]]
    assert "XX" in result["failed"][0]["message"]
    assert len(asked("agreement", "draft", "--paired")["made"]) == 1


def test_one_agreement_is_drafted_by_names(asked: Run, run: Run) -> None:
    run("institution", "add", "--kind", "childcare", "--name", "东胜区三托育中心", "--district", "东胜区", "--filed")
    sides = ("--medical", "东胜区蒙医综合医院", "--childcare", "东胜区三托育中心")
    made = asked("agreement", "draft", *sides, "--start", "2027-01-01", "--months", "6")["made"]
    assert [(m["variant"], m["starts_on"], m["ends_on"]) for m in made] == [("ZY", "2027-01-01", "2027-06-30")]


def test_drafting_refuses_dates_in_the_wrong_order(run: Run, asked: Run) -> None:
    childcare = asked("institution", "list", "--kind", "childcare")[0]["name"]
    sides = (
        "--medical",
        "东胜区蒙医综合医院",
        "--childcare",
        childcare,
        "--start",
        "2027-01-01",
        "--end",
        "2026-01-01",
    )
    assert "早于" in run("agreement", "draft", *sides, code=4).stderr


def test_drafting_without_saying_what_is_refused(run: Run) -> None:
    assert "三种写法" in run("agreement", "draft", code=4).stderr


def test_an_impossible_date_is_a_usage_error_that_shows_how(run: Run) -> None:
    assert "2026-03-01" in run("agreement", "list", "--as-of", "2026-02-30", code=2).stderr


def test_one_variant_can_be_said_for_a_whole_workbook(asked: Run, run: Run, tmp_path: Path) -> None:
    names = ("乙方名称", "甲方名称"), ("东胜区四托育中心", "东胜区妇幼保健院")
    run("institution", "add", "--kind", "childcare", "--name", names[1][0], "--district", "东胜区", "--filed")
    book = openpyxl.Workbook()
    for row in names:
        book.worksheets[0].append(row)
    book.save(tmp_path / "起草.xlsx")
    made = asked("agreement", "draft", "--from", tmp_path / "起草.xlsx", "--variant", "zy")["made"]
    assert [one["variant"] for one in made] == ["ZY"]


def test_a_year_that_is_a_slip_is_pointed_out(asked: Run, run: Run) -> None:
    number = next(one["number"] for one in asked("agreement", "list", "--unsigned") if one["signing"] != "one_signed")
    assert "请核对年份" in run("agreement", "review", number, "--result", "submit", "--on", "2001-01-01").stderr
    childcare = asked("institution", "list", "--kind", "childcare")[0]["name"]
    sides = ("--medical", "东胜区蒙医综合医院", "--childcare", childcare)
    assert "请核对年份" in run("agreement", "draft", *sides, "--start", "2062-01-01", "--dry-run").stderr


def test_a_batch_says_each_agreement_once_and_a_wrong_setting_once_for_all(asked: Run, run: Run, office: Path) -> None:
    number = first(asked, "--expiring", "90")["number"]
    run("institution", "edit", asked("agreement", "show", number)["parties"][1]["name"], "--closed-on", "2026-01-01")
    failed = asked("agreement", "renew", "--expiring", "90", "--dry-run", code=10)["failed"]
    assert number in [one["subject"] for one in failed]
    assert not any(one["subject"] in one["message"] for one in failed)
    (office / "yiyu.toml").write_text('number_pattern = "{serie}"', "utf-8")
    assert "number_pattern" in run("agreement", "renew", "--expiring", "90", code=4).stderr
