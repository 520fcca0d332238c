import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from changed_paper import scanned as scanned_paper
from click.testing import Result
from PIL import Image, ImageDraw, ImageOps

from yiyu.docgen.scans.codes import find_codes

Run = Callable[..., Result]
JC, FY = "150602-2025-JC-0001", "150602-2026-FY-0001"


def text_of(path: Path) -> str:
    cells = (cell.text for table in docx.Document(str(path)).tables for row in table.rows for cell in row.cells)
    return "\n".join(dict.fromkeys(cells))


def test_a_sheet_bears_the_agreement_and_the_quarter_and_leaves_the_day_blank(asked: Run, office: Path) -> None:
    (one,) = asked("activity", "sheet", JC, "--period", "2026Q4")["sheets"]
    assert one == {
        "number": JC,
        "version": 2,
        "period": "2026Q4",
        "duty": "",
        "title": "",
        "medical": "东胜区示范社区卫生服务中心",
        "childcare": "东胜区小鹿托育中心",
        "path": "output/2025/东胜区/150602-2025-JC-0001_活动记录表_东胜区小鹿托育中心_v2.docx",
        "new": True,
    }
    text = text_of(office / one["path"])
    assert "2026年___月___日（第4季度）" in text
    assert ("☑" in text, JC in text) == (False, True)


def test_a_sheet_for_what_is_due_has_its_form_and_items_ticked(asked: Run, office: Path) -> None:
    sheets = asked("activity", "sheet", JC, FY, "--due", "--period", "2026Q4")["sheets"]
    visit = next(one for one in sheets if one["number"] == JC)
    assert visit["title"]
    text = text_of(office / visit["path"])
    assert visit["title"] in text
    assert "2026年第四季度，2026年1" in text
    assert text.count("☑") == 2
    assert "☑上门指导" in text


def test_a_sheet_that_waits_is_given_again_and_one_that_is_used_is_not(run: Run, asked: Run, office: Path) -> None:
    def sheet() -> dict[str, Any]:
        return dict(asked("activity", "sheet", JC, "--period", "2026Q2")["sheets"][0])

    first = sheet()
    (office / first["path"]).unlink()
    again = sheet()
    assert (again["version"], again["new"], (office / first["path"]).is_file()) == (first["version"], False, True)
    run("activity", "add", JC, "--on", "2026-06-10", "--form", "上门指导", "--sheet", f"v{first['version']}")
    assert (sheet()["version"], sheet()["new"]) == (first["version"] + 1, False)
    taken = ("activity", "add", JC, "--on", "2026-06-11", "--form", "上门指导", "--sheet", f"{JC}@v{first['version']}")
    assert "已用于 HD-2026-0001" in run(*taken, code=5).stderr
    run("activity", "void", "HD-2026-0001", "--reason", "错")
    run(*taken)


def test_a_sheet_for_a_visit_does_not_stand_in_the_way_of_the_blank_one(run: Run, asked: Run, office: Path) -> None:
    run("activity", "sheet", JC, "--period", "2026Q2")
    assert asked("generate", JC)["made"] == []
    blank = next(row["path"] for row in asked("generate", JC)["skipped"] if row["kind"] == "activity_record")
    assert "_v" not in Path(blank).stem
    (office / blank).write_bytes(b"")
    assert [row["path"] for row in asked("generate", JC, "--kind", "activity_record")["made"]] == [blank]


def test_a_folder_that_cannot_be_written_leaves_no_row_without_its_file(run: Run, office: Path) -> None:
    (office / "挡").write_text("")
    assert "挡" in run("activity", "sheet", JC, FY, "-o", office / "挡" / "里", code=7).stderr
    run("check")


def test_a_period_the_agreement_is_not_in_force_in_is_refused(run: Run) -> None:
    told = run("activity", "sheet", JC, "--period", "2020", code=10)
    assert "不在协议 150602-2025-JC-0001 的期限内" in told.stdout


def test_a_dry_run_and_a_refusal_make_nothing(run: Run, asked: Run, office: Path) -> None:
    before = {path for path in office.rglob("*") if path.is_file()}
    assert "将做 1 张" in run("activity", "sheet", JC, "--dry-run").stderr
    assert "没有编号为" in run("activity", "sheet", "没有", code=3).stderr
    assert "2026Q3" in run("activity", "sheet", JC, "--period", "四季度", code=2).stderr
    assert {path for path in office.rglob("*") if path.is_file()} == before
    assert asked("activity", "sheet", JC)["sheets"][0]["new"] is True


def test_an_agreement_that_is_over_gets_no_sheet_and_the_others_do(run: Run, asked: Run) -> None:
    run("agreement", "terminate", FY, "--on", "2026-06-01", "--reason", "停办")
    answer = asked("activity", "sheet", FY, JC, code=10)
    assert [one["number"] for one in answer["sheets"]] == [JC]
    assert [(one["number"], one["code"]) for one in answer["failed"]] == [(FY, "bad-input")]


@pytest.fixture
def scanned(run: Run, asked: Run, office: Path) -> int:
    """A sheet printed and scanned; gives its version."""
    done = run(
        "activity", "sheet", JC, "--due", "--period", "2026Q4", "--print", office / "表.pdf", "-o", office / "表"
    )
    assert "共 1 页" in done.stderr
    assert len(list((office / "表").iterdir())) == 1
    run("archive", "intake", scanned_paper(office / "表.pdf", office / "扫描.pdf"))
    return int(asked("activity", "sheet", JC, "--due", "--period", "2026Q4")["sheets"][0]["version"]) - 1


def test_the_printed_sheet_comes_home_waits_and_is_linked_when_recorded(
    run: Run, asked: Run, office: Path, scanned: int
) -> None:
    """Home, it is used up: the next one asked for is another version."""
    page = pypdf.PdfReader(office / "表.pdf").pages[0].extract_text()
    assert f"v{scanned}" in page
    (waiting,) = asked("activity", "waiting")
    assert (waiting["number"], waiting["version"], waiting["period"]) == (JC, scanned, "2026Q4")
    assert (office / waiting["scan"]).is_file()
    run("activity", "add", JC, "--on", "2026-11-10", "--form", "上门指导", "--sheet", f"v{scanned}")
    assert asked("activity", "waiting") == []
    assert asked("activity", "list")[0]["scans"] == [waiting["scan"]]
    assert waiting["scan"] in run("activity", "show", "HD-2026-0001").stdout
    assert asked("activity", "sheet", JC, "--due", "--period", "2026Q4")["sheets"] == []


def test_a_sheet_printed_from_word_finds_its_visit(run: Run, asked: Run, office: Path, tmp_path: Path) -> None:
    """Its code is that of the Word file, which knows no pages."""
    (one,) = asked("activity", "sheet", JC, "--period", "2026Q4")["sheets"]
    with zipfile.ZipFile(office / one["path"]) as package:
        pictures = [package.read(name) for name in package.namelist() if name.endswith(".png")]
    [code] = [picture for picture in pictures if find_codes(ImageOps.expand(opened(picture), 40, 255)).texts]
    paper = Image.new("L", (1240, 1754), 250)
    paper.paste(opened(code).resize((89, 89)), (142, 60))
    ImageDraw.Draw(paper).rectangle((200, 400, 1000, 420), fill=20)
    paper.save(tmp_path / "照片.jpg", quality=70)
    assert asked("archive", "intake", tmp_path / "照片.jpg")["placed"] == 1
    (waiting,) = asked("activity", "waiting")
    assert (waiting["number"], waiting["version"]) == (JC, one["version"])


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("L")
