"""Claims about the network: nothing is fetched, whatever a template or a document names; a server here would see it."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import papers
from hostile.case import Forge, copied
from hostile.offices import NUMBER, make_office


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and every request that came."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def handle(self) -> None:
            asked.append(str(self.client_address))

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}/x.png", asked
        listening.shutdown()


def test_neither_template_nor_edited_document_fetches_anything(tmp_path: Path, server: tuple[str, list[str]]) -> None:
    address, asked = server
    forge = Forge()
    office = copied(make_office(forge, tmp_path), tmp_path / "one")
    within = ["--workspace", str(office)]
    template = office / "templates" / "ordos" / "agreement.docx"
    template.parent.mkdir()
    template.write_bytes(papers.remote_picture(address)())
    [document] = office.rglob("*合作协议书*.docx")
    refused = forge.run(
        tmp_path,
        [*within, "template", "check", str(template)],
        [*within, "pack", "check", "ordos"],
        [*within, "generate", NUMBER, "--kind", "agreement"],
        proceed=range(11),
    )
    assert refused.codes[0] == 6
    assert "引用了外部的" in refused.out
    template.unlink()
    document.write_bytes(papers.remote_picture(address)())
    printed = forge.run(tmp_path, [*within, "print", NUMBER, "-o", str(tmp_path / "out.pdf")], seconds=120)
    forge.close()
    assert printed.code in (0, 9), printed.err  # 9: there is no program that converts
    assert asked == []


def test_the_server_would_see_a_request(server: tuple[str, list[str]]) -> None:
    import contextlib
    import urllib.request

    address, asked = server
    with contextlib.suppress(OSError):
        urllib.request.urlopen(address, timeout=5)  # noqa: S310 - our own server, to show that it is heard
    assert asked
