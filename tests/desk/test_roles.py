"""Role × page × action: who may ask for what, over every page of the table."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from desk_browser import Browser

from yiyu.desk.routes import OPEN_PAGES, PAGES, Page
from yiyu.registry.rules.accounts import DEEDS, ROLE_LABEL, may


def _address(page: Page) -> str:
    """The page's address with something in the place of each part."""
    return re.sub(r"\{(\w+)(:int)?[^}]*\}", lambda found: "1" if found[2] else "x", page.path)


@pytest.fixture
def office(bare_office: Path, tmp_path: Path) -> Path:
    """Who may ask depends on nothing that is in the office, and what they are let do is soon done."""
    return Path(shutil.copytree(bare_office, tmp_path / "office"))


@pytest.mark.parametrize("role", ROLE_LABEL)
def test_each_role_gets_to_its_own_pages_and_to_no_other(staffed: Callable[..., Browser], role: str) -> None:
    person = staffed(role)
    token, allowed, refused = person.token, 0, 0
    for page in PAGES:
        if page.path == "/logout":
            continue
        form = {"data": {"token": token}} if page.method == "POST" else {}
        answer = person.client.request(page.method, _address(page), follow_redirects=False, **form)  # type: ignore[arg-type]  # as a form
        told = "您的角色不能做这件事" in answer.text
        assert told is not may([role], page.deed), (page, answer.status_code)
        assert answer.status_code < 500, (page, answer.text[-800:])
        assert (answer.status_code == 403) is told, page
        allowed, refused = allowed + (not told), refused + told
    assert allowed
    assert refused or role == "all"


def test_what_changes_something_asks_for_more_than_looking() -> None:
    looks = {page.path for page in PAGES if page.method == "POST" and page.deed == "look"}
    assert looks == {"/logout", "/works/{key}/cancel"}


def test_every_deed_is_asked_for_somewhere_and_is_known() -> None:
    assert {page.deed for page in PAGES} <= set(DEEDS)
    assert all(page.path.startswith(("/login", "/open", "/invited")) for page in OPEN_PAGES)


def test_no_two_pages_have_one_address() -> None:
    assert len({(page.method, page.path) for page in PAGES}) == len(PAGES)
