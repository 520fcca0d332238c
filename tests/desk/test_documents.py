"""Generate and print on the desk: long works, files to fetch, failures with what to do, and nothing of another 旗区."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from build import opened
from desk_browser import Browser

from yiyu.registry.agreements.keeping import keep_agreements
from yiyu.registry.store.record_sheets import current_documents

_FILE = re.compile(r'href="(/works/[^"]+/files/[^"]+)"')


def _undone(office: Path) -> dict[str, str]:
    """Live agreements nobody has signed, by 旗区."""
    with opened(office) as session:
        every = keep_agreements(session).all
    return {
        one.standing.agreement.district: one.number
        for one in every
        if one.standing.unsigned and not one.standing.state.signed
    }


def test_documents_are_made_and_fetched_in_one_file(desk: Browser, office: Path) -> None:
    number = next(iter(_undone(office).values()))
    page = desk.finished(desk.post("/documents/make", number=number, kind="agreement", pack="1"))
    assert "已生成" in page or "已有且无变化 1 份" in page
    link = _FILE.search(page)
    assert link
    names = zipfile.ZipFile(io.BytesIO(desk.client.get(link[1]).content)).namelist()
    assert [name for name in names if number in name and name.endswith(".docx")] == names != []


def test_what_could_not_be_made_is_listed_and_asked_for_again(desk: Browser, office: Path) -> None:
    with opened(office) as session:
        signed = next(one for one in keep_agreements(session).all if one.standing.state.signing == "signed")
        (
            office
            / current_documents(session.db, [signed.standing.agreement.id])[
                signed.standing.agreement.id, "agreement"
            ].path
        ).unlink()
    desk.post("/agreements/end", number=signed.number, kind="terminated", note="停办", on="2026-11-22")
    page = desk.finished(desk.post("/documents/make", number=signed.number, kind="agreement"))
    assert "已作废或解除，不再生成文书" in page
    assert f"/documents?number={signed.number}" in page


def test_a_pdf_for_the_printer_is_made_of_what_was_chosen(desk: Browser, office: Path) -> None:
    number = next(iter(_undone(office).values()))
    page = desk.finished(desk.post("/documents/print", number=number, kind="service_list", copies="2", fill="1"))
    assert "1 份文书，一式 2 份" in page
    link = _FILE.search(page)
    assert link
    assert desk.client.get(link[1]).content.startswith(b"%PDF")


def test_a_form_that_chooses_nothing_is_shown_again(desk: Browser) -> None:
    assert "没有选协议" in desk.post("/documents/print", status=422)
    assert "没有选协议" in desk.post("/documents/make", status=422)
    assert "一式几份" in desk.post("/documents/print", status=422, pasted="1", copies="99")


def test_of_another_district_nothing_is_made(staffed: Callable[..., Browser], office: Path) -> None:
    found = _undone(office)
    own, other = sorted(found)[:2]
    clerk = staffed("clerk", district=own)
    assert "没有编号为" in clerk.post("/documents/make", status=422, number=found[other])
    with opened(office) as session:
        for row in current_documents(session.db).values():
            (office / row.path).unlink(missing_ok=True)
    clerk.finished(clerk.post("/documents/make", district=other, kind="service_list", missing="1"))
    made = [path.name for path in (office / "output").rglob("*.docx")]
    assert made
    assert all(name.startswith(own) for name in made)
