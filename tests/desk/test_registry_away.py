"""The registry under a desk that serves it: locked, gone, replaced, read only in part; told in Chinese, on every page."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from build import opened
from desk_browser import Browser

from yiyu.desk.opening import opened as opened_desk
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.agreements.steps import record_step
from yiyu.registry.config import load_workspace

PAGES = ("/", "/agreements", "/institutions", "/works", "/keeper")


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who meets a locked registry waits a moment, not ten seconds."""
    monkeypatch.setattr("yiyu.registry.store.opening.BUSY_SECONDS", 0.05)


@pytest.fixture
def locked(office: Path, hasty: None) -> Iterator[None]:
    """Somebody has the registry to himself."""
    with closing(sqlite3.connect(office / "registry.db", isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        yield


def test_a_registry_that_somebody_keeps_locked_is_told_of(desk: Browser, locked: None) -> None:
    for path in PAGES:
        answer = desk.client.get(path)
        if path != "/works":  # asks the registry nothing
            assert answer.status_code == 503, path
            assert "另一位同事正在写入登记库" in answer.text
            assert "程序内部出错" not in answer.text


def test_people_who_log_in_are_told_of_it_too(staffed: object, office: Path, hasty: None) -> None:
    person = staffed("clerk")  # type: ignore[operator]  # a person of an office
    with closing(sqlite3.connect(office / "registry.db", isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        for answer in (person.client.get("/works"), person.client.post("/login", data={"name": "x", "password": "y"})):
            assert answer.status_code == 503
            assert "另一位同事正在写入登记库" in answer.text
    assert person.client.get("/works").status_code == 200


def test_a_registry_that_is_gone_is_told_of_and_served_again_once_it_is_back(desk: Browser, office: Path) -> None:
    (office / "registry.db").rename(office / "away.db")
    answer = desk.client.get("/agreements")
    assert (answer.status_code, "找不到登记库" in answer.text) == (503, True)
    (office / "away.db").rename(office / "registry.db")
    assert "协议" in desk.get("/agreements")


def test_after_a_backup_was_put_back_lists_are_those_of_the_backup(desk: Browser, office: Path) -> None:
    shutil.copyfile(office / "registry.db", office / "before.db")
    with opened(office) as session:
        number = next(one.agreement.number for one in list_agreements(session, AgreementFilter(in_force=True)))
    before = desk.get(f"/agreements?search={number}")
    assert "有效" in before
    with opened(office) as session:
        record_step(session, [number], "terminated", on=session.today, note="停办")
    assert desk.get(f"/agreements?search={number}") != before
    (office / "before.db").replace(office / "registry.db")
    assert desk.get(f"/agreements?search={number}") == before


def test_a_desk_that_was_opened_reads_for_its_lists_and_looks_the_registry_through_beside_the_first_pages(
    office: Path,
) -> None:
    running = opened_desk(load_workspace(office), "王某某", "key", port=0, names=(), pair=(None, None))
    desk = running.desk
    try:
        running.warm()
        path, until = office / "registry.db", time.monotonic() + 20
        with desk.office("") as session:
            while not desk.looked.holds(session.db, path):
                assert time.monotonic() < until
                time.sleep(0.02)
            assert desk.remembered.has(session, "agreements")
            assert desk.remembered.has(session, "institutions")
    finally:
        running.listener.close()
        desk.works.close()
