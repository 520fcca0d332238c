"""What a person does with the pages of a desk, in this process."""

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

from starlette.testclient import TestClient

from yiyu.desk.app import application
from yiyu.desk.asking import Desk
from yiyu.desk.sessions import COOKIE, Logins, office_key
from yiyu.desk.works import Works
from yiyu.registry.config import load_workspace

HOST = "127.0.0.1:8765"
PASSWORD = "三只小羊过河去看月亮"  # noqa: S105 - of invented people
_TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


class Browser:
    """What a person does with pages: opens them, and sends their forms."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self._tokens: dict[str | None, str] = {}

    def get(self, path: str) -> str:
        """The page, which must be there."""
        response = self.client.get(path)
        assert response.status_code == 200, f"{path}: {response.status_code} {response.text[:300]}"
        return response.text

    def post(self, path: str, /, *, status: int = 200, files: object = None, **fields: object) -> str:
        """Send a form with the token of this login, and follow where it leads."""
        data = {"token": self.token, **fields}
        response = self.client.post(path, data=data, files=files)  # type: ignore[arg-type]  # as httpx takes files
        assert response.status_code == status, f"{path}: {response.status_code} {response.text[:600]}"
        return response.text

    @property
    def token(self) -> str:
        """The token of this login, read off a page once."""
        login = self.client.cookies.get(COOKIE)
        if login not in self._tokens:
            found = _TOKEN.search(self.client.get("/keys").text + self.client.get("/keeper").text)
            assert found, "no form of this login has a token"
            self._tokens[login] = found[1]
        return self._tokens[login]

    def until(self, path: str, text: str, seconds: float = 60) -> str:
        """The page once it says ``text``: what takes long is counted beside it."""
        end = time.monotonic() + seconds
        while text not in (page := self.get(path)) and time.monotonic() < end:
            time.sleep(0.2)
        return page

    def finished(self, page: str) -> str:
        """The page of a long work once it has ended; ``page``: as it was when the work began."""
        found = re.search(r'action="/works/([0-9a-f]+)/cancel"|data-work="/works/([0-9a-f]+)/state"', page)
        if found is None:
            return page
        key = found[1] or found[2]
        while self.client.get(f"/works/{key}/state").json()["running"]:
            time.sleep(0.02)
        return self.get(f"/works/{key}")


def desk_over(root: Path, owner: str = "") -> Desk:
    """A desk of the office in ``root``."""
    return Desk(load_workspace(root), Logins(office_key(root)), Works(root), owner)


@contextlib.contextmanager
def alone_at(root: Path) -> Iterator[Browser]:
    """The browser of who works alone in an office."""
    made = desk_over(root, "王某某")
    made.keys.add("key")
    with TestClient(application(made, [HOST]), base_url=f"http://{HOST}", client=("127.0.0.1", 50000)) as client:
        client.get("/open/key")
        yield Browser(client)
