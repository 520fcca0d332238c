"""Claims about 档号: none given too early, none twice, none left out; the catalogue, 归档章 and what is due follow."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from build import NOW, opened
from docx import Document
from PIL import Image

from yiyu.registry.agreements.steps import record_step
from yiyu.registry.files import sha256
from yiyu.registry.lifecycle import FILING
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.opening import changing
from yiyu.registry.store.record_sheets import current_documents
from yiyu.registry.store.scans import BoundRow, put_bound_scan
from yiyu.registry.store.standings import standings

Run = Callable[..., Any]


def paper(pages: int) -> bytes:
    """A bound scan: pictures of paper with a block of print below the top margin."""
    page = Image.new("L", (595, 842), 246)
    page.paste(90, (80, 140, 500, 400))
    stream = io.BytesIO()
    page.save(stream, "PDF", save_all=True, append_images=[page] * (pages - 1), resolution=72)
    return stream.getvalue()


def file_scan(session: OfficeSession, agreement_id: int, kind: str, pages: int) -> Path:
    row = current_documents(session.db)[agreement_id, kind]
    name = f"archive/{agreement_id}_{kind}.pdf"
    data = paper(pages)
    (session.workspace.root / name).write_bytes(data)
    with changing(session.db):
        put_bound_scan(session.db, BoundRow(agreement_id, kind, row.version, name, sha256(data), len(data), pages, NOW))
    return session.workspace.root / name


@pytest.fixture
def checked(office: Path) -> list[str]:
    """Five agreements whose paper is home and checked, three pages and two of list each, in order of signing."""
    with opened(office) as session:
        found = [one for one in standings(session.db, session.today) if one.state.sealing == "sealed"]
        found = sorted((one for one in found if one.state.filing == "received"), key=lambda one: one.agreement.number)
        chosen = sorted(found[::3][:5], key=lambda one: (one.state.signed_on, one.agreement.number))
        for one in chosen:
            file_scan(session, one.agreement.id, "agreement", 3)
            file_scan(session, one.agreement.id, "service_list", 2)
            for step in FILING[2:4]:
                record_step(session, [one.agreement.number], step, on=session.today)
        return [one.agreement.number for one in chosen]


def configure(office: Path, **settings: str) -> None:
    path = office / "yiyu.toml"
    path.write_text(
        "".join(f'{key} = "{value}"\n' for key, value in settings.items()) + path.read_text("utf-8"), "utf-8"
    )


def test_what_is_checked_gets_the_next_numbers_in_the_order_of_dates(
    office: Path, checked: list[str], asked: Run, run: Run
) -> None:
    configure(office, fonds="Z109")
    result = asked("archive", "number")
    assert [one["number"] for one in result["numbered"]] == checked
    for one in result["numbered"]:
        year = one["date"][:4]
        assert one["archive_no"] == f"Z109-WS·{year}-D10-BGS-{one['serial']:04}"
        assert (one["pages"], one["term"], one["unit"]) == (5, "D10", "agreement")
    serials: dict[int, list[int]] = {}
    for one in result["numbered"]:
        serials.setdefault(one["year"], []).append(one["serial"])
    assert all(given == list(range(1, len(given) + 1)) for given in serials.values())
    assert any("归档范围和保管期限表为准" in notice for notice in result["notices"])
    assert result["failed"] == []
    assert all(one["code"] == "step-not-allowed" and "现在是已收" in one["message"] for one in result["waiting"])
    told = run("archive", "number")
    assert (told.stdout, f"另有 {len(result['waiting'])} 件还不能编" in told.stderr) == ("", True)
    [standing] = [one for one in asked("agreement", "list") if one["number"] == checked[0]]
    assert standing["filing"] == "numbered"
    assert "Z109-WS·" in run("agreement", "history", checked[0]).stdout


def test_an_agreement_named_that_is_not_checked_is_refused_and_nothing_written(
    office: Path, checked: list[str], asked: Run, run: Run
) -> None:
    unsigned = next(
        one["number"] for one in asked("agreement", "list") if one["signing"] == "draft" or one["sealing"] == "none"
    )
    refused = run("archive", "number", checked[0], unsigned, code=5)
    assert "不能编档号：归档之前必须先双方已盖" in refused.stderr
    assert asked("archive", "catalog")["items"] == []
    assert "没有编号为“XX”的协议" in run("archive", "number", "XX", code=3).stderr


def test_a_dry_run_shows_the_numbers_and_gives_none(office: Path, checked: list[str], asked: Run, run: Run) -> None:
    told = run("archive", "number", *checked, "--dry-run")
    assert "试算，没有写入：编号 5 件" in told.stderr
    assert "WS·2026-D10-BGS-0001" in told.stdout
    assert "没有写全宗号" in told.stderr
    assert asked("archive", "catalog")["items"] == []


def test_an_agreement_whose_list_has_not_come_home_is_not_ready(office: Path, asked: Run, run: Run) -> None:
    with opened(office) as session:
        one = next(one for one in standings(session.db, session.today) if one.state.filing == "received")
        file_scan(session, one.agreement.id, "agreement", 3)
        for step in FILING[2:4]:
            record_step(session, [one.agreement.number], step, on=session.today)
    refused = run("archive", "number", one.agreement.number, code=5)
    assert "服务项目清单的扫描件没有收齐，它与协议是同一件" in refused.stderr


def test_a_pattern_that_cannot_work_is_named_with_its_place(office: Path, checked: list[str], run: Run) -> None:
    configure(office, archive_pattern="{fonds}-{year}")
    assert "缺少“{serial}”（yiyu.toml，archive_pattern）" in run("archive", "number", code=4).stderr


def test_the_catalogue_has_nine_columns_on_landscape_paper_with_its_heading_on_every_page(
    office: Path, checked: list[str], run: Run, tmp_path: Path
) -> None:
    configure(office, fonds="Z109", fonds_name="伊金霍洛旗卫生健康委员会")
    run("archive", "number", *checked, "--term", "D30")
    told = run("archive", "catalog", "--xlsx", tmp_path / "目录.xlsx", "--year", "2026")
    assert "已保存目录" in told.stderr
    assert told.stdout == ""
    book = openpyxl.load_workbook(tmp_path / "目录.xlsx")
    [sheet] = book.worksheets
    assert sheet["A1"].value == "归档文件目录"
    assert (
        sheet["A2"].value
        == "全宗名称：伊金霍洛旗卫生健康委员会　　年度：2026　　保管期限：30年　　机构（问题）：办公室"
    )
    assert [cell.value for cell in sheet[3]] == [
        "序号",
        "档号",
        "文号",
        "责任者",
        "题名",
        "日期",
        "密级",
        "页数",
        "备注",
    ]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert [row[1] for row in rows] == [f"Z109-WS·2026-D30-BGS-{serial:04}" for serial in range(1, len(rows) + 1)]
    assert {row[2] for row in rows} <= set(checked)
    assert all("；" in row[3] and len(row[5]) == 8 and row[7] == "5" for row in rows)
    assert rows[0][4].startswith("医疗卫生机构支持托育服务发展合作协议书[")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1)  # which openpyxl calls the same: one page wide
    assert (sheet.print_title_rows, sheet.page_setup.fitToHeight) == ("$1:$3", 0)
    assert sheet["B4"].border.left.style == "thin"


def test_cover_and_box_sheets_are_of_what_was_numbered(
    office: Path, checked: list[str], asked: Run, run: Run, tmp_path: Path
) -> None:
    for way in ("--docx", "--xlsx"):
        out = tmp_path / f"封面.{way[2:]}"
        assert "没有已编号的件" in run("archive", "catalog", way, out, code=3).stderr
        assert not out.exists()
    run("archive", "number", *checked)
    of_2026 = [one["number"] for one in asked("archive", "catalog", "--year", "2026")["items"]]
    run("archive", "box", *of_2026[:2], "--box", "7")
    told = run("archive", "catalog", "--docx", tmp_path / "封面.docx", "--year", "2026")
    assert "（3 张）" in told.stderr
    document = Document(str(tmp_path / "封面.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in dict.fromkeys(row.cells)]
    text = "\n".join(cells)
    assert cells[:8] == ["全 宗 名 称", "", "年　　　度", "2026", "保 管 期 限", "10年", "机构（问题）", "办公室"]
    assert "盒号：7\n本盒共2件，件号0001至0002，共10页。" in text
    assert f"盒号：______\n本盒共{len(of_2026) - 2}件，件号0003" in text
    assert all(
        text.count(words) == 2 for words in ("盒内文件情况说明：", "整理人：", "整理日期：", "检查人：", "检查日期：")
    )
    assert not any(mark in text for mark in ("{{", "{%"))


def test_a_box_moves_the_axis_to_its_end_and_is_refused_before_the_number(
    office: Path, checked: list[str], asked: Run, run: Run
) -> None:
    assert f"“{checked[0]}”没有档号" in run("archive", "box", checked[0], "--box", "1", code=3).stderr
    run("archive", "number", checked[0])
    for wrong in ("0", "-1", "000", "１．５", "1234567890"):
        assert "不能作盒号" in run("archive", "box", checked[0], f"--box={wrong}", code=4).stderr
    [item] = asked("archive", "box", checked[0], "--box", "１")
    assert item["box"] == "1"
    [standing] = [one for one in asked("agreement", "list") if one["number"] == checked[0]]
    assert standing["filing"] == "boxed"
    assert "已装盒" in run("archive", "box", item["archive_no"], "--box", "2", code=5).stderr


def test_the_stamp_is_on_a_copy_and_the_scan_stays_byte_for_byte(
    office: Path, checked: list[str], asked: Run, run: Run, tmp_path: Path
) -> None:
    run("archive", "number", *checked)
    before = {path: path.read_bytes() for path in (office / "archive").rglob("*") if path.is_file()}
    [one] = asked("archive", "stamp", checked[1], "-o", tmp_path / "章")["stamped"]
    assert Path(one["path"]).name == one["archive_no"].replace("·", "_") + ".pdf"
    assert not one["over_print"]
    reader = pypdf.PdfReader(one["path"])
    assert len(reader.pages) == 5
    assert reader.pages[0].extract_text().split() == [
        one["archive_no"][3:7],
        one["archive_no"][-4:],
        "办公室",
        "10年",
        "5",
    ]
    assert before == {path: path.read_bytes() for path in (office / "archive").rglob("*") if path.is_file()}


def test_a_stamp_is_refused_inside_the_archive_and_for_what_was_changed_since(
    office: Path, checked: list[str], asked: Run, run: Run, tmp_path: Path
) -> None:
    run("archive", "number", *checked[:2])
    inside = run("archive", "stamp", checked[0], "-o", office / "archive" / "x.pdf", code=4)
    assert "不能写到这里，会盖掉工作区保存的内容" in inside.stderr
    both = run("archive", "stamp", *checked[:2], "-o", tmp_path / "两件.pdf", code=4)
    assert "2 件不能存成一个文件" in both.stderr
    with opened(office) as session:
        [key] = [one.agreement.id for one in standings(session.db, session.today) if one.agreement.number == checked[0]]
    (office / "archive" / f"{key}_agreement.pdf").write_bytes(paper(3) + b"%")
    answer = asked("archive", "stamp", *checked[:2], "-o", tmp_path / "章", code=10)
    assert len(answer["stamped"]) == 1
    assert "扫描件被改动过" in answer["failed"][0]["message"]
    assert len(list((tmp_path / "章").iterdir())) == 1
    assert "没有档号" in run("archive", "stamp", checked[4], "-o", tmp_path / "章", code=3).stderr


def test_a_gap_in_the_registry_is_told_with_the_catalogue(
    office: Path, checked: list[str], asked: Run, run: Run
) -> None:
    run("archive", "number", *checked)
    with opened(office) as session, changing(session.db):
        session.db.execute("DELETE FROM archive_items WHERE year = 2026 AND serial = 2")
    assert asked("archive", "catalog")["faults"] == [{"series": "WS·2026·D10·BGS", "missing": [2], "doubled": []}]
    assert "件号有缺号 2" in run("archive", "catalog").stderr


def test_what_is_due_for_appraisal_is_listed_and_nothing_else_happens(
    office: Path, checked: list[str], asked: Run, run: Run, tmp_path: Path
) -> None:
    run("archive", "number", *checked)
    assert asked("archive", "due") == []
    due = asked("archive", "due", "--as-of", "2099-12-31")
    assert [one["number"] for one in due] == checked
    assert {one["kept_until"] for one in due} == {f"{one['year'] + 10}-12-31" for one in due}
    run("archive", "due", "--as-of", "2099-12-31", "--xlsx", tmp_path / "到期.xlsx")
    assert openpyxl.load_workbook(tmp_path / "到期.xlsx").active["A3"].value == due[0]["archive_no"]
    assert run("archive", "due", "--as-of", "很久以后", code=2)
    assert len(asked("archive", "catalog")["items"]) == len(checked)
