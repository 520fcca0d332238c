import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pdf_a import faults

from yiyu.docgen.page_code import decode, document_id
from yiyu.docgen.pdf.convert import installed_engine
from yiyu.docgen.pdf.fonts import installed
from yiyu.docgen.scans.reading import read_pages

Run = Callable[..., Any]
SOFFICE = shutil.which("soffice") or ""


def test_every_printed_page_says_what_it_is(run: Run, asked: Run, tmp_path: Path) -> None:
    number = asked("agreement", "list")[0]["number"]
    out = tmp_path / "打印.pdf"
    run("print", number, "--kind", "service_list", "--kind", "activity_record", "-o", out)
    found = [decode(code) for page in read_pages(out) for code in page.codes]
    ids = {kind: document_id(number, kind, 1) for kind in ("service_list", "activity_record")}
    pages = sum(code.document_id == ids["service_list"] for code in found)
    assert [(c.document_id, c.page, c.pages) for c in found] == [
        *((ids["service_list"], page, pages) for page in range(1, pages + 1)),
        (ids["activity_record"], 1, 1),
    ]


@pytest.mark.skipif(not installed(), reason="no fontconfig: nothing is known of faces")
def test_characters_no_font_has_are_named_once_with_the_agreement(run: Run, asked: Run, tmp_path: Path) -> None:
    row = next(r for r in asked("agreement", "list", "--unsigned") if r["signing"] == "awaiting")
    childcare = next(party for party in row["parties"] if party["role"] == "乙")
    run("institution", "edit", childcare["name"], "--legal-person", "张\U0003fffd某")
    drafted = asked("agreement", "draft", "--medical", "东胜区蒙医综合医院", "--childcare", childcare["name"])
    number = drafted["made"][0]["number"]
    result = asked("generate", number, "--kind", "agreement", "--pdf")
    assert result["made"][0]["pdf"]
    refused = run("print", number, "--kind", "agreement", "--pdfa", "-o", tmp_path / "a.pdf", code=9)
    assert f"协议 {number} 中的 \U0003fffd（U+3FFFD）没有字体可以显示，存不成 PDF/A" in refused.stderr
    assert not (tmp_path / "a.pdf").exists()
    told = run("print", number, "--kind", "agreement", "-o", tmp_path / "a.pdf").stderr
    assert told.count("U+3FFFD") == 1
    assert f"协议 {number} 中的" in told
    assert "U+" not in run("print", number, "--kind", "service_list", "-o", tmp_path / "b.pdf", code=3).stderr


def placed(path: Path) -> list[list[tuple[str, int, int]]]:
    """Of each page its signs in the order they stand, each with left and bottom in points; not the number of the copy."""
    with path.open("rb") as stream, contextlib.closing(pypdfium2.PdfDocument(stream)) as document:
        pages = []
        for page in document:
            text = page.get_textpage()
            found = ((text.get_text_range(at, 1), *text.get_charbox(at)[:2]) for at in range(text.count_chars()))
            signs = [(sign, round(x), round(y)) for sign, x, y in found if sign.strip()]
            at = "".join(sign for sign, *_ in signs).find("份号")  # a blank back has none
            pages.append(signs[:at] + signs[at + len("份号7K3Q") :] if signs else signs)
    return pages


@pytest.fixture(
    params=[
        pytest.param("LibreOffice", marks=pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")),
        "dxpdf",
    ]
)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Each engine in turn is the one this machine has."""
    if request.param == "dxpdf":
        monkeypatch.setattr("yiyu.docgen.pdf.convert._LIBREOFFICE_PLACES", ())
        (tmp_path / "bin").mkdir()
        for program in filter(None, map(shutil.which, ("fc-list", "unshare"))):
            (tmp_path / "bin" / Path(program).name).symlink_to(program)
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert installed_engine().name == request.param
    return str(request.param)


@pytest.mark.usefixtures("engine")
def test_documents_printed_together_have_the_pages_each_has_by_itself(run: Run, asked: Run, tmp_path: Path) -> None:
    numbers = [one["number"] for one in asked("agreement", "list")[:3]]
    run("print", *numbers, "-o", tmp_path / "一起.pdf")
    alone = []
    for number in numbers:
        for kind in ("agreement", "service_list", "activity_record"):
            run("print", number, "--kind", kind, "-o", tmp_path / "单独.pdf")
            alone += placed(tmp_path / "单独.pdf")
    together = placed(tmp_path / "一起.pdf")
    assert len(together) == len(alone)
    for one, other in zip(together, alone, strict=True):
        assert [sign for sign, *_ in one] == [sign for sign, *_ in other]
        assert all(abs(x - u) <= 1 and abs(y - v) <= 1 for (_, x, y), (_, u, v) in zip(one, other, strict=True))
    codes = [decode(code) for page in read_pages(tmp_path / "一起.pdf") for code in page.codes]
    kinds = ("agreement", "service_list", "activity_record")
    assert list(dict.fromkeys(code.document_id for code in codes)) == [
        document_id(number, kind, 1) for number in numbers for kind in kinds
    ]
    assert len(codes) == len(together)


def test_documents_stand_in_order_from_however_many_rounds_joined_or_alone(
    run: Run, asked: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yiyu.docgen.documents.print_run._AT_A_TIME", 4)
    numbers = [one["number"] for one in asked("agreement", "list")[:3]]
    kinds = ("service_list", "activity_record")
    run("print", *numbers, "--kind", kinds[0], "--kind", kinds[1], "-o", tmp_path / "打印.pdf")
    codes = [decode(code) for page in read_pages(tmp_path / "打印.pdf") for code in page.codes]
    assert [code.document_id for code in codes if code.page == 1] == [
        document_id(number, kind, 1) for number in numbers for kind in kinds
    ]


@pytest.mark.usefixtures("engine")
def test_pages_for_keeping_are_the_same_and_conform_to_pdf_a(run: Run, asked: Run, tmp_path: Path) -> None:
    number = asked("agreement", "list")[0]["number"]
    run("print", number, "--copies", 2, "--duplex", "-o", tmp_path / "打印.pdf")
    run("print", number, "--copies", 2, "--duplex", "--pdfa", "-o", tmp_path / "保存.pdf")
    kept = (tmp_path / "保存.pdf").read_bytes()
    assert not faults(kept)
    assert placed(tmp_path / "保存.pdf") == placed(tmp_path / "打印.pdf")


def test_a_document_that_cannot_be_printed_is_named_among_those_that_can(
    run: Run, asked: Run, office: Path, tmp_path: Path
) -> None:
    rows = asked("agreement", "list")[:3]
    word = next((office / "output").rglob(f"{rows[1]['number']}_合作协议书*.docx"))
    word.write_bytes(word.read_bytes()[:-200])
    refused = run("print", *[one["number"] for one in rows], "--kind", "agreement", "-o", tmp_path / "a.pdf", code=7)
    assert word.name in refused.stderr
    assert not (tmp_path / "a.pdf").exists()


def test_every_copy_of_every_printing_has_a_number_of_its_own(run: Run, asked: Run, tmp_path: Path) -> None:
    number, out = asked("agreement", "list")[0]["number"], tmp_path / "打印.pdf"
    kinds = ("--kind", "service_list", "--kind", "activity_record")
    drawn: list[str] = []
    for _ in range(2):
        run("print", number, *kinds, "--copies", 3, "-o", out)
        codes = [decode(code) for page in read_pages(out) for code in page.codes]
        copies = [one.copy for one in codes]
        assert len(set(copies)) == 3
        assert copies == sorted(copies, key=copies.index), "the documents of a set have one number"
        drawn += dict.fromkeys(copies)
    assert len(set(drawn)) == 6


def test_copies_and_duplex_begin_each_document_on_a_front(run: Run, asked: Run, tmp_path: Path) -> None:
    number = asked("agreement", "list")[0]["number"]
    out = tmp_path / "打印.pdf"
    run("print", number, "--kind", "activity_record", "--copies", "3", "--duplex", "-o", out)
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 6
    planned = run("print", number, "--copies", "3", "-o", tmp_path / "b.pdf", "--dry-run")
    assert "将把 3 份文书" in planned.stderr
    assert not (tmp_path / "b.pdf").exists()


def test_a_number_given_twice_is_printed_once_and_without_the_sheets_of_visits(
    run: Run, asked: Run, tmp_path: Path
) -> None:
    number = asked("agreement", "list")[0]["number"]
    run("activity", "sheet", number, "--period", "2026Q4")
    kind, out = ("--kind", "activity_record"), tmp_path / "a.pdf"
    assert "1 份文书，共 1 页" in run("print", number, number, *kind, *kind, "-o", out).stderr
    assert [decode(code).document_id for page in read_pages(out) for code in page.codes] == [
        document_id(number, "activity_record", 1)
    ]


def test_nothing_the_office_keeps_is_written_over(run: Run, asked: Run, office: Path) -> None:
    number = asked("agreement", "list")[0]["number"]
    for name in ("registry.db", "yiyu.toml", "a.docx"):
        assert "请以 .pdf 结尾" in run("print", number, "-o", office / name, code=2).stderr
    document = next((office / "output").rglob("*.docx"))
    for words in (
        ("report", "year", "--docx", document),
        ("print", number, "-o", office / "archive" / "a.pdf"),
        ("report", "rates", "--xlsx", office / "backups" / "a.xlsx"),
        ("archive", "merge", "甲.pdf", "-o", office / "archive" / "incoming" / "a.pdf"),
    ):
        assert "会盖掉工作区保存的内容" in run(*words, code=4).stderr
    run("check")


def test_what_is_not_generated_cannot_be_printed(run: Run, asked: Run, office: Path, tmp_path: Path) -> None:
    childcare = asked("institution", "list", "--kind", "childcare")[0]["name"]
    sides = ("--medical", "东胜区蒙医综合医院", "--childcare", childcare)
    number = asked("agreement", "draft", *sides)["made"][0]["number"]
    assert "yiyu generate" in run("print", number, "-o", tmp_path / "a.pdf", code=3).stderr
    other = asked("agreement", "list")[0]["number"]
    for path in (office / "output").rglob(f"{other}*"):
        path.unlink()
    assert "不在了" in run("print", other, "-o", tmp_path / "a.pdf", code=7).stderr
    assert not (tmp_path / "a.pdf").exists()


def test_merging_tries_it_all_in_a_dry_run_and_writes_nothing(run: Run, asked: Run, tmp_path: Path) -> None:
    number = asked("agreement", "list")[0]["number"]
    one, cut, out = tmp_path / "甲.pdf", tmp_path / "半.pdf", tmp_path / "合.pdf"
    run("print", number, "--kind", "activity_record", "-o", one)
    cut.write_bytes(one.read_bytes()[:-2000])
    assert "可以合并 2 个文件，共 2 页" in run("archive", "merge", one, one, "-o", out, "--dry-run").stderr
    assert "半.pdf" in run("archive", "merge", one, cut, "-o", out, "--dry-run", code=7).stderr
    assert not out.exists()
    run("archive", "merge", one, one, "-o", out)
    assert out.exists()
