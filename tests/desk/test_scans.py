"""Scans on the desk: dropped files find their places, what is left waits as a thumbnail, and differences are judged by a person."""

import io
from collections.abc import Callable
from pathlib import Path

import img2pdf
import pypdfium2
import pytest
from build import invoke, opened
from desk_browser import Browser
from PIL import Image, ImageDraw

from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.store.unplaced import unplaced_pages


@pytest.fixture(scope="module")
def photo() -> bytes:
    """A written page without a code of ours, as JPEG."""
    page = Image.new("L", (800, 1100), 245)
    pen = ImageDraw.Draw(page)
    for line in range(20):
        pen.rectangle((90, 100 + line * 45, 300 + line * 20, 118 + line * 45), fill=40)
    stream = io.BytesIO()
    page.save(stream, "JPEG", quality=80)
    return stream.getvalue()


def _drop(desk: Browser, name: str, data: bytes, **said: object) -> str:
    return desk.finished(desk.post("/scans", files=[("file", (name, data))], **said))


def _number(office: Path) -> str:
    with opened(office) as session:
        return next(one.agreement.number for one in list_agreements(session, AgreementFilter(in_force=True)))


def test_a_printed_page_that_comes_back_finds_its_place(desk: Browser, office: Path, tmp_path: Path) -> None:
    number = _number(office)
    printed = tmp_path / "打印.pdf"
    assert invoke("--workspace", office, "print", number, "--kind", "service_list", "-o", printed).exit_code == 0
    pages = []
    for page in pypdfium2.PdfDocument(printed.read_bytes()):
        stream = io.BytesIO()
        page.render(scale=130 / 72, grayscale=True).to_pil().save(stream, "JPEG", quality=70, dpi=(130, 130))
        pages.append(stream.getvalue())
    told = _drop(desk, "../扫描.pdf", img2pdf.convert(pages))
    assert f"归位 {len(pages)} 页" in told
    assert f"{number} 服务项目清单" in told
    assert "都归位了" in desk.get("/scans")


def test_a_page_without_a_code_waits_until_somebody_places_it(desk: Browser, office: Path, photo: bytes) -> None:
    assert "没有可读的页面码" in _drop(desk, "旧件.jpg", photo)
    page = desk.get("/scans")
    assert "旧件.jpg 第 1 页" in page
    with opened(office) as session:
        (row,) = unplaced_pages(session.db)
    picture = desk.client.get("/scans/picture", params={"path": row.path, "page": 1})
    assert Image.open(io.BytesIO(picture.content)).format == "JPEG"
    which = {"path": row.path, "file_page": row.file_page, "half": row.half}
    assert "第几页" in desk.client.get("/scans/place", params=which).text
    number = _number(office)
    refused = desk.post(
        "/scans/place", status=422, **which, number="150602-2026-JC-9999", kind="agreement", page=1, of=1
    )
    assert "没有编号为" in refused
    assert "已归位 1 页" in desk.post("/scans/place", **which, number=number, kind="service_list", page=1, of=2)
    assert "都归位了" in desk.get("/scans")


def test_a_page_that_belongs_nowhere_is_set_aside_and_its_file_kept(desk: Browser, office: Path, photo: bytes) -> None:
    _drop(desk, "合影.jpg", photo)
    with opened(office) as session:
        (row,) = unplaced_pages(session.db)
    desk.post("/scans/aside", path=row.path, file_page=row.file_page, half=row.half)
    assert "都归位了" in desk.get("/scans")
    assert (office / row.path).read_bytes() == photo
    _drop(desk, "合影.jpg", photo)
    assert "都归位了" in desk.get("/scans")


def test_what_is_no_scan_is_told_and_nothing_is_taken_in(desk: Browser) -> None:
    assert "没有选择文件" in desk.post("/scans", status=422)
    told = _drop(desk, "CON.pdf", b"%PDF-1.7 nonsense")
    assert "没有做成" in told
    assert desk.client.get("/scans/picture", params={"path": "../registry.db", "page": "1"}).status_code == 404


def test_a_page_is_shown_to_who_brought_it_and_to_no_other_district(
    staffed: Callable[..., Browser], office: Path, photo: bytes
) -> None:
    one, other = staffed("archivist", district="150602"), staffed("archivist", district="150603")
    _drop(one, "旧件.jpg", photo)
    assert "旧件.jpg" in one.get("/scans")
    assert "旧件.jpg" not in other.get("/scans")
    with opened(office) as session:
        (row,) = unplaced_pages(session.db)
    asked = {"path": row.path, "page": 1}
    assert one.client.get("/scans/picture", params=asked).status_code == 200
    assert other.client.get("/scans/picture", params=asked).status_code == 404


def test_differences_are_listed_and_a_judgement_of_none_is_refused(desk: Browser) -> None:
    assert "没有待核对的" in desk.get("/scans/differences")
    assert "没有勾选差异" in desk.post("/scans/differences", status=422, do="accept")
    assert "没有第 0 处差异" in desk.post("/scans/differences", status=404, do="accept", found="7")
