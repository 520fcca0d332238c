"""A desk over an office of a test: asked in this process, as one person or as several."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from desk_browser import HOST, PASSWORD, Browser, alone_at, desk_over
from starlette.testclient import TestClient

from yiyu.desk.app import application
from yiyu.registry.office.accounts import accept_invitation, open_account

EASY = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""The password, hashed with the least work: how much a real one takes is a claim of test_login.py."""


@pytest.fixture
def desk(office: Path) -> Iterator[Browser]:
    """The browser of who works alone in the office of the season."""
    with alone_at(office) as browser:
        yield browser


@pytest.fixture
def staffed(office: Path) -> Iterator[Callable[..., Browser]]:
    """Gives the browser of a new person with these roles and 旗区, in an office whose people log in."""
    made = desk_over(office)
    app = application(made, [HOST])
    clients: list[TestClient] = []

    def person(*roles: str, district: str = "", name: str = "") -> Browser:
        called = name or f"王某某{len(clients)}"
        with made.office("保管人") as session:
            open_account(session, called, roles, district, f"token {called}")
            accept_invitation(session, f"token {called}", EASY)
        client = TestClient(app, base_url=f"http://{HOST}")
        clients.append(client)
        client.post("/login", data={"name": called, "password": PASSWORD})
        return Browser(client)

    yield person
    for client in clients:
        client.close()
    made.works.close()
