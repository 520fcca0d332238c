"""保管 on the desk: backup and check as the commands do them, settings, people and their links."""

import re
from collections.abc import Callable
from pathlib import Path

from build import opened
from desk_browser import HOST, PASSWORD, Browser, desk_over
from starlette.testclient import TestClient

from yiyu.registry.config import load_workspace
from yiyu.registry.office.backups import backups_in
from yiyu.registry.office.integrity import read_log
from yiyu.registry.store.row_changes import head


def test_a_backup_is_made_and_told(desk: Browser, office: Path) -> None:
    before = len(backups_in(office / "backups"))
    page = desk.finished(desk.post("/keeper/backup"))
    assert "已备份并核对" in page
    assert len(backups_in(office / "backups")) == before + 1


def test_check_finds_what_the_command_finds(desk: Browser, office: Path) -> None:
    assert "核对无误" in desk.finished(desk.post("/keeper/check"))
    next((office / "output").rglob("*.docx")).write_bytes(b"not ours")
    page = desk.finished(desk.post("/keeper/check"))
    assert "校验值不符" in page
    assert "核对结果.xlsx" in page


def test_a_head_that_is_none_of_this_registry_is_told(desk: Browser) -> None:
    assert "没有这个链头" in desk.finished(desk.post("/keeper/check", against="3-0123456789"))


def test_doctor_log_and_head_are_shown(desk: Browser, office: Path) -> None:
    assert "登记库完好" in desk.get("/keeper/doctor")
    assert "签字" in desk.get("/keeper/log")
    with opened(office) as session:
        assert str(head(session.db)) in desk.get("/keeper")


def test_a_setting_is_changed_in_its_line_and_told_in_the_log(desk: Browser, office: Path) -> None:
    before = (office / "yiyu.toml").read_text("utf-8")
    assert "已改" in desk.post("/keeper/settings", key="months", value="24")
    assert load_workspace(office).config.months == 24
    assert (office / "yiyu.toml").read_text("utf-8") == before.replace("months = 12 ", "months = 24 ")
    assert "期限（月）：12 → 24" in desk.get("/keeper/log")


def test_a_setting_that_was_commented_out_is_written(desk: Browser, office: Path) -> None:
    desk.post("/keeper/settings", key="fonds_name", value='某市“卫健”委 "二"')
    assert load_workspace(office).config.fonds_name == '某市“卫健”委 "二"'


def test_a_setting_that_cannot_be_leaves_the_file_as_it_was(desk: Browser, office: Path) -> None:
    before = (office / "yiyu.toml").read_bytes()
    for key, value in (
        ("months", "0"),
        ("months", "一年"),
        ("renewal", "maybe"),
        ("number_pattern", "a/b"),
        ("pack", "x"),
    ):
        desk.post("/keeper/settings", status=422, key=key, value=value)
    assert (office / "yiyu.toml").read_bytes() == before


def test_a_person_is_taken_in_by_a_link_and_comes_with_a_password(
    staffed: Callable[..., Browser], office: Path
) -> None:
    keeper = staffed("keeper")
    page = keeper.post("/keeper/people", name="王某某乙", role=["clerk", "archivist"], district="150602")
    link = re.search(r"http://[^<]*/invited/[\w-]+", page)
    assert link
    app = keeper.client.app
    with TestClient(app, base_url=f"http://{HOST}") as comer:
        assert "王某某乙" in comer.get(link[0]).text
        assert comer.post(link[0], data={"password": "短", "again": "短"}).status_code == 422
        assert comer.post(link[0], data={"password": PASSWORD, "again": PASSWORD}).url.path == "/"
        assert comer.post(link[0], data={"password": PASSWORD, "again": PASSWORD}).status_code == 404
    with opened(office) as session:
        told = [(one.event.kind, one.event.actor) for one in read_log(session, 3)[0]]
    assert ("password_set", "王某某乙") in told


def test_the_last_keeper_stays_one(staffed: Callable[..., Browser]) -> None:
    keeper = staffed("keeper")
    assert "唯一的保管人" in keeper.post("/keeper/people/1", status=422, role=["clerk"])


def test_who_is_stopped_is_out_at_once(staffed: Callable[..., Browser]) -> None:
    keeper, clerk = staffed("keeper"), staffed("clerk")
    assert "今天" in clerk.get("/")
    keeper.post("/keeper/people/2", role=["clerk"], closed="1")
    assert clerk.client.get("/").url.path == "/login"
    assert clerk.client.post("/login", data={"name": "王某某1", "password": PASSWORD}).status_code == 403


def test_a_pack_is_read_once_until_a_file_of_the_office_is_another(office: Path) -> None:
    made = desk_over(office, "王某某")
    with made.office("王某某") as session:
        first = session.pack
    with made.office("王某某") as session:
        assert session.pack is first
    (office / "templates" / "own").mkdir()
    (office / "templates" / "own" / "pack.toml").write_text('title = "本单位"\nextends = "ordos"\n', "utf-8")
    with made.office("王某某") as session:
        assert session.pack is not first
        assert session.pack_named("own").title == "本单位"
