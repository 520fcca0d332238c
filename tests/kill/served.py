"""A desk as an office runs it, and browsers that speak HTTP to it; nothing of the program is imported."""

import contextlib
import http.client
import json
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

PASSWORD = "三只小羊过河去看月亮"  # noqa: S105 - of invented people
GONE = (OSError, http.client.HTTPException)
"""What a browser meets where the server is no more."""
_IDLE = 3.0
"""Seconds after which a connection is made anew: the server closes one that nobody used for five."""
_TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')
_FAULT = re.compile(r'class="fault"[^>]*>([^<]*)')


class Answer(NamedTuple):
    """``leads``: where a redirect goes, "" where the answer is a page."""

    status: int
    text: str
    leads: str

    @property
    def fault(self) -> str:
        """What the page says went wrong."""
        found = _FAULT.search(self.text)
        return found[1] if found else ""


class Browser:
    """One person's: keeps the cookie, and a connection while there is a server."""

    def __init__(self, port: int) -> None:
        self.port, self.cookie, self._token = port, "", ""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._used = 0.0

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"", "")

    def post(self, path: str, fields: Sequence[tuple[str, str]], files: Mapping[str, bytes] | None = None) -> Answer:
        """Send a form with the token of this login. Raises one of :data:`GONE` where no answer came."""
        sent = [("token", self.token), *fields] if self.cookie else fields
        if files is None:
            return self._ask("POST", path, urlencode(sent).encode(), "application/x-www-form-urlencoded")
        mark = secrets.token_hex(12)
        body = b"".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in sent
        )
        for name, data in files.items():
            head = f'--{mark}\r\nContent-Disposition: form-data; name="photos"; filename="{name}"\r\n\r\n'
            body += head.encode() + data + b"\r\n"
        return self._ask("POST", path, body + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}")

    @property
    def token(self) -> str:
        if not self._token:
            found = _TOKEN.search(self.get("/keys").text)
            assert found, "no form of this login has a token"
            self._token = found[1]
        return self._token

    def first(self, path: str, name: str) -> None:
        """Come as the first person of an office, by the address that was printed."""
        fields = [("name", name), ("password", PASSWORD), ("again", PASSWORD)]
        assert self.post(path, fields).leads == "/"

    def invite(self, name: str, *roles: str) -> str:
        """Take another person in; the address by which that one comes."""
        page = self.post("/keeper/people", [("name", name), *(("role", role) for role in roles)]).text
        found = re.search(r"/invited/[\w-]+", page)
        assert found, page
        return found[0]

    def accept(self, path: str) -> None:
        """Choose a password on the page of an invitation."""
        assert self.post(path, [("password", PASSWORD), ("again", PASSWORD)]).leads == "/"

    def form(self, path: str) -> list[tuple[str, str]]:
        """Every field of the form on a page, as it would be sent untouched."""
        page = self.get(path)
        assert page.status == 200, (path, page.status, page.text[-500:])
        reader = _Form()
        reader.feed(page.text)
        return reader.fields

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes, kind: str) -> Answer:
        if time.monotonic() - self._used > _IDLE:
            self._connection.close()
        self._used = time.monotonic()
        headers = {"Cookie": self.cookie} | ({"Content-Type": kind} if kind else {})
        try:
            self._connection.request(method, path, body or None, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except GONE:
            self._connection.close()
            raise
        self.cookie = answer.headers.get("Set-Cookie", self.cookie).split(";")[0]
        return Answer(answer.status, text, answer.headers.get("Location", ""))


class _Form(HTMLParser):
    """Reads the fields of the form of a page that has ``class="fields"``."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._within, self._choice, self._text = False, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._within = "fields" in said.get("class", "")
        if not self._within:
            return
        name, value = said.get("name", ""), said.get("value", "")
        if tag == "input" and name not in ("", "token"):
            if said.get("type") not in ("checkbox", "radio", "file") or "checked" in said:
                self.fields.append((name, value))
        elif tag in ("select", "textarea"):
            self._choice = name
            self.fields.append((name, ""))
        elif tag == "option" and (not self.fields[-1][1] or "selected" in said):
            self.fields[-1] = (self._choice, value)

    def handle_data(self, data: str) -> None:
        if self.lasttag == "textarea" and self._choice:
            self.fields[-1] = (self._choice, data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self._choice = ""
        if tag == "form":
            self._within = False


def desk_words(place: Path, port: int) -> list[str]:
    """The command that serves the office in ``place``."""
    given = ["--lan", "--no-browser", "--json", "--port", str(port)]
    return ["--workspace", str(place / "office"), "desk", *given]


@contextlib.contextmanager
def served(place: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own process, and the path of the one-time address; terminated at the end, if it still runs."""
    words = [sys.executable, "-P", "-m", "yiyu.cli", *desk_words(place, port)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    try:
        told = ""
        while "}" not in told:
            line = process.stdout.readline()
            assert line, told
            told += line
        yield process, urlsplit(json.loads(told)["first"]).path
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(30)
        process.stdout.close()


def free_port() -> int:
    """One that nobody has at the moment."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(browser: Browser, seconds: float) -> bool:
    """Whether a server answers within so many seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(*GONE):
            browser.get("/login")
            return True
        time.sleep(0.02)
    return False


def path_of(number: str) -> str:
    """A number as it stands in an address."""
    return quote(number)
