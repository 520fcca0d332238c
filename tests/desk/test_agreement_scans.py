"""Scans beside the print: pictures made once, shown page by page, and none of another 旗区."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import img2pdf
import pypdfium2
import pytest
from build import invoke, opened
from desk_browser import Browser

from yiyu.registry.agreements.keeping import keep_agreements
from yiyu.registry.store.scans import bound_scans

_PICTURE = re.compile(r'src="(/agreements/scans/[^"]+)"')


@pytest.fixture
def home(office: Path, tmp_path: Path) -> tuple[str, str, int]:
    """Number and 旗区 of an agreement whose service list came home, and how many pages it has."""
    with opened(office) as session:
        one = next(one.standing.agreement for one in keep_agreements(session).all if one.standing.in_force)
    printed = tmp_path / "打印.pdf"
    assert invoke("--workspace", office, "print", one.number, "--kind", "service_list", "-o", printed).exit_code == 0
    pages = []
    for page in pypdfium2.PdfDocument(printed.read_bytes()):
        stream = io.BytesIO()
        page.render(scale=130 / 72, grayscale=True).to_pil().save(stream, "JPEG", quality=70, dpi=(130, 130))
        pages.append(stream.getvalue())
    (tmp_path / "扫描.pdf").write_bytes(img2pdf.convert(pages) or b"")
    assert invoke("--workspace", office, "archive", "intake", tmp_path / "扫描.pdf").exit_code == 0
    return one.number, one.district, len(pages)


def test_pages_stand_beside_each_other_once_their_pictures_are_made(desk: Browser, home: tuple[str, str, int]) -> None:
    number, _, pages = home
    page = desk.get(f"/agreements/scans?number={number}")
    assert "做对照图" in page
    assert not _PICTURE.findall(page)
    done = desk.finished(desk.post(f"/agreements/scans?number={number}"))
    assert "对照图做好了" in done
    page = desk.get(f"/agreements/scans?number={number}")
    assert "做对照图" not in page
    pictures = _PICTURE.findall(page)
    assert len(pictures) == 2 * pages
    for address in pictures[:2]:
        assert desk.client.get(address).content.startswith(b"\xff\xd8\xff")


def test_pictures_of_another_district_are_not_there(
    staffed: Callable[..., Browser], office: Path, home: tuple[str, str, int]
) -> None:
    number, district, _ = home
    with opened(office) as session:
        others = [one.standing.agreement for one in keep_agreements(session).all]
    own = next(one for one in others if one.district != district)
    with opened(office) as session:
        of = next(row.sha256 for row in bound_scans(session.db).values())
    clerk = staffed("clerk", district=own.district)
    assert clerk.client.get(f"/agreements/scans?number={number}").status_code == 404
    assert clerk.client.get(f"/agreements/scans/{of}/1.jpg?number={number}").status_code == 404
    assert clerk.client.get(f"/agreements/scans/{of}/1.jpg?number={own.number}").status_code == 404


def test_a_name_that_is_no_file_of_the_agreement_is_none(desk: Browser, office: Path) -> None:
    with opened(office) as session:
        number = keep_agreements(session).all[0].number
    for of in ("..", "%2e%2e%2fregistry", "x"):
        assert desk.client.get(f"/agreements/scans/{of}/1.jpg?number={number}").status_code == 404
