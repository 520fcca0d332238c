"""The way in, and what keeps others out: hosts, origins, tokens, cookies, passwords, sizes, names of files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from desk_browser import HOST, Browser, desk_over
from starlette.testclient import TestClient

from yiyu.desk import guard
from yiyu.desk.app import application
from yiyu.desk.sessions import COOKIE, KEY_NAME
from yiyu.registry.store.accounts import accounts


def _client(browser: Browser, **settings: object) -> TestClient:
    return TestClient(browser.client.app, base_url=f"http://{HOST}", **settings)  # type: ignore[arg-type]  # as TestClient takes them


def test_nobody_gets_in_without_the_address_that_was_opened(desk: Browser) -> None:
    stranger = _client(desk)
    assert stranger.get("/agreements").url.path == "/login"
    assert stranger.get("/open/other").status_code == 403
    assert stranger.get("/agreements").url.path == "/login"


def test_another_host_gets_no_answer(desk: Browser) -> None:
    """A name of somebody else's that leads to this computer (DNS rebinding)."""
    assert desk.client.get("/", headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_form_of_another_origin_does_nothing(desk: Browser, headers: dict[str, str]) -> None:
    answer = desk.client.post("/keeper/backup", data={"token": desk.token}, headers=headers)
    assert answer.status_code == 403
    assert "别的网页" in answer.text


def test_a_stolen_cookie_without_its_token_changes_nothing(desk: Browser, office: Path) -> None:
    thief = _client(desk, cookies={COOKIE: desk.client.cookies[COOKIE]})
    assert thief.post("/keeper/settings", data={"key": "months", "value": "24"}).status_code == 403
    assert thief.post("/keeper/settings", data={"key": "months", "value": "24", "token": "0" * 64}).status_code == 403
    assert "months = 12" in (office / "yiyu.toml").read_text("utf-8")


def test_a_forged_cookie_is_none(desk: Browser) -> None:
    signed = desk.client.cookies[COOKIE]
    for cookie in ("", "x", signed[:-2], signed.replace(signed[0], "A", 1) + "A"):
        assert _client(desk, cookies={COOKIE: cookie}).get("/").url.path == "/login"


def test_the_cookie_is_kept_from_scripts_and_other_sites(desk: Browser) -> None:
    cookie = _client(desk).get("/open/key", follow_redirects=False).headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "path=/"))


def test_every_answer_bears_the_headers(desk: Browser) -> None:
    for path in ("/", "/login", "/static/desk.js", "/nowhere"):
        headers = desk.client.get(path).headers
        assert all(headers[name] == value for name, value in guard.HEADERS.items())
        assert "unsafe" not in headers["content-security-policy"]


def test_what_is_too_large_is_not_taken(desk: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MOST_BYTES", 1000)
    token = desk.token
    assert desk.client.post("/keeper/backup", data={"token": token, "x": "y" * 2000}).status_code == 413

    def pieces() -> object:
        yield b"token=" + token.encode() + b"&x="
        yield from [b"y" * 400] * 5

    form = {"content-type": "application/x-www-form-urlencoded"}
    assert desk.client.post("/keeper/backup", content=pieces(), headers=form).status_code == 413  # type: ignore[arg-type]  # sent in pieces


def test_a_body_that_is_no_form_is_refused(desk: Browser) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert desk.client.post("/keeper/backup", content=b"--x\r\nnonsense", headers=headers).status_code in (400, 403)


def test_five_wrong_passwords_make_a_name_wait(staffed: Callable[..., Browser]) -> None:
    clerk = _client(staffed("clerk"))
    for _ in range(5):
        assert clerk.post("/login", data={"name": "王某某0", "password": "wrong"}).status_code == 403
    answer = clerk.post("/login", data={"name": "王某某0", "password": "wrong"})
    assert answer.status_code == 429
    assert "分钟后再试" in answer.text


def test_the_first_person_comes_by_the_printed_address_once(office: Path) -> None:
    made = desk_over(office)
    made.keys.add("first")
    with TestClient(application(made, [HOST]), base_url=f"http://{HOST}") as client:
        assert "第一位保管人" in client.get("/open/first").text
        password = "八个字以上的口令吧"  # noqa: S105 - of nobody
        said = {"name": "王某某", "password": password, "again": password}
        assert client.post("/open/other", data=said).status_code == 403
        assert client.post("/open/first", data={**said, "again": "另一个"}).status_code == 422
        assert "今天" in client.post("/open/first", data=said).text
        assert client.post("/open/first", data={**said, "name": "王某某乙"}).status_code == 403
        with made.office("") as session:
            assert [(one.name, "keeper" in one.roles) for one in accounts(session.db)] == [("王某某", True)]
            assert accounts(session.db)[0].password.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_the_key_of_the_office_is_its_own(desk: Browser, office: Path) -> None:
    assert (office / KEY_NAME).stat().st_mode & 0o077 == 0


def test_a_path_out_of_the_folder_of_a_work_is_no_file(desk: Browser) -> None:
    page = desk.post("/keeper/backup")
    desk.finished(page)
    key = desk.client.get("/works").text.split("/works/")[1].split('"')[0]
    for name in ("..%2F..%2Fyiyu.toml", "../../registry.db", "%2Fetc%2Fpasswd"):
        assert desk.client.get(f"/works/{key}/files/{name}").status_code == 404
    assert desk.client.get("/static/..%2Fapp.py").status_code == 404
