"""The desk in Chromium: a season played from the roster to the backup, every page readable by all, on a telephone too."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from build import opened
from desk_season import DESKTOP, PHONE, RENEWED, Played, running_desk, season
from playwright.sync_api import Browser, sync_playwright

from yiyu.desk.routes import PAGES
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements

FILES = (
    "export",
    "file",
    "document",
    "scan",
    "picture",
    "evidence",
    "state",
    "calendar",
    ".png",
    "scans/{at",
    "/{version}",
    "preview",
    "issued/{",
)
"""What stands in addresses that answer with a file, or need a record no season of one office has."""
LISTS = (
    "/",
    "/agreements",
    "/visits",
    "/visits/new",
    "/visits/duties",
    "/scans",
    "/reports",
    "/reports/worklist",
    "/reminders",
    "/institutions",
)
GRAVE = {"serious", "critical"}
NUMBERED = "/agreements/(step|file|end|extend|supplement|copies|supplement-draft|items|scans|renew)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def played(clock: None, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with season(browser, tmp_path_factory.mktemp("season")) as person:
        yield person


def _addresses(played: Played) -> list[str]:
    """Every page that answers with a page, with what the season left in place of its parts."""
    number, found = played.samples["number"], []
    for page in PAGES:
        if page.method != "GET" or any(word in page.path for word in FILES):
            continue
        if page.path in played.samples:
            found.append(played.samples[page.path])
        elif page.path == "/visits/one/{number}/edit":
            found.append(f"{played.samples['/visits/one/{number}']}/edit")
        elif re.fullmatch(NUMBERED, page.path):
            found.append(f"{page.path}?number={number}")
        elif page.path not in NOT_ALONE:
            found.append(re.sub(r"\{number[^}]*\}", number, page.path).replace("{id}", "1").replace("{key:int}", "1"))
    return found


NOT_ALONE = ("/agreements/correct", "/institutions/merge", "/visits/duties/waive", "/visits/findings/{key:int}")
"""Pages opened from a row that names it."""


def test_what_was_done_on_the_pages_stands_in_the_registry(played: Played) -> None:
    with opened(played.office) as session:
        agreements = list_agreements(session, AgreementFilter())
    assert len(agreements) > 2
    assert {one.state.signing for one in agreements} == {"signed"}
    assert {one.state.sealing for one in agreements} == {"sealed"}
    assert list((played.office / "backups").glob("*.db"))
    assert played.said == []


def test_no_page_has_a_serious_fault_for_those_who_read_otherwise(played: Played) -> None:
    addresses = _addresses(played)
    assert [(address, *one) for address in addresses for one in _faults(played, address)] == []
    assert len(addresses) > 50


def _faults(played: Played, address: str) -> list[tuple[str, list[str]]]:
    """What axe finds grave on a page."""
    played.go(address)
    options = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    found = Axe().run(played.page, options=options)["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found if one["impact"] in GRAVE]


def test_pages_of_an_office_with_others_below_are_readable_and_fit_a_telephone(
    browser: Browser, low_and_city: Path, tmp_path: Path
) -> None:
    city = Path(shutil.copytree(low_and_city / "city", tmp_path / "city"))
    with running_desk(city) as first:
        page = browser.new_page(locale="zh-CN")
        page.goto(first)
        person = Played(page, first.split("/open/")[0], city)
        person.go("/offices")
        person.drop("东胜.yiyu", (low_and_city / "low.yiyu").read_bytes())
        person.press("收包")
        assert "已收" in person.finished()
        person.go("/offices")
        person.press("生成本级的密钥")
        page.set_viewport_size({"width": PHONE, "height": 844})
        for address in ("/offices", "/offices/conflicts", "/reports"):
            assert _faults(person, address) == []
            assert page.evaluate("document.documentElement.scrollWidth") == PHONE
        page.close()


@pytest.mark.parametrize("path", [*LISTS, "/visits/one/{number}"])
def test_a_page_fits_a_telephone(played: Played, path: str) -> None:
    played.page.set_viewport_size({"width": PHONE, "height": 844})
    played.go(played.samples.get(path, path))
    width = played.page.evaluate("document.documentElement.scrollWidth")
    played.page.set_viewport_size({"width": DESKTOP, "height": 900})
    assert width == PHONE


def test_no_page_shows_a_moment_as_machines_write_it(played: Played) -> None:
    for path in (
        "/works",
        "/keeper/log",
        played.samples["/visits/one/{number}"],
        f"/agreements/one/{played.samples['number']}",
    ):
        played.go(path)
        assert not re.search(r"\d{4}-\d\d-\d\dT\d\d", played.told), path


def test_where_no_pair_is_lacking_the_page_says_so(played: Played) -> None:
    assert "没有缺协议的备案托育机构" in played.go("/agreements/draft?district=150603").locator("main").inner_text()


WRONG = (
    ("/institutions/import", "看预览", "名册.pdf", b"%PDF-1.4 nothing"),
    ("/institutions/import", "看预览", "😀" * 60 + ".xlsx", b"no workbook"),
    ("/scans", "收件", "扫描.exe", b"MZ"),
    ("/scans", "收件", "长" * 200 + ".pdf", b"no pdf"),
)


@pytest.mark.parametrize(
    ("path", "button", "name", "data"), WRONG, ids=["no roster", "hostile name", "no scan", "long name"]
)
def test_a_file_of_a_wrong_kind_is_answered_with_a_sentence(
    played: Played, path: str, button: str, name: str, data: bytes
) -> None:
    played.go(path)
    played.drop(name, data)
    played.press(button)
    told = played.finished() if "/works/" in played.page.url else played.told
    assert re.search(r"；(请|若是|收件只收)[一-龥]", told), told
    assert "内部出错" not in told


@pytest.mark.parametrize(
    ("path", "button", "told"),
    [
        ("/agreements/step?kind=signed", "登记", "没有"),
        ("/agreements/draft", "起草勾选的", "没有"),
        ("/keeper/people", "增加", "没有"),
    ],
)
def test_an_empty_form_is_answered_with_a_sentence(played: Played, path: str, button: str, told: str) -> None:
    played.go(path)
    played.page.evaluate("document.querySelectorAll('[required]').forEach((one) => one.removeAttribute('required'))")
    played.press(button)
    assert told in played.page.locator(".fault").first.inner_text()


def test_pictures_are_made_only_when_asked_for(played: Played) -> None:
    if not RENEWED:
        return
    for path, name in (
        ("/", "today"),
        (f"/agreements/one/{played.samples['number']}", "agreement"),
        ("/keeper/people", "people"),
    ):
        played.go(path)
        played.picture(name)
