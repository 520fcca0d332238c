"""The server: a socket on this computer or in the office's network, the browser opened, an end without loose ends."""

import contextlib
import os
import signal
import socket
import ssl
import threading
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from yiyu.registry.errors import FileFault, ProgramFault

LOOPBACK = "127.0.0.1"
PORT = 8765
_TRIES = 20
_GRACE = 5
"""Seconds that requests under way have when the desk ends."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its key, PEM files; of the office's own authority or a public one."""

    chain: Path
    key: Path

    def check(self) -> None:
        """Raise FileFault where the two cannot be read or do not fit each other."""
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.chain, self.key)
        except (OSError, ssl.SSLError) as error:
            remedy = "请核对 --cert 和 --key 是同一张证书的 PEM 文件，能读，且密钥没有加口令"
            raise FileFault("证书不能用", where=f"{self.chain}，{self.key}", remedy=remedy) from error


def bound(lan: bool, port: int) -> socket.socket:
    """A listening socket: at ``port``, or where that is 0 at the first free one from :data:`PORT`. Raises ProgramFault."""
    for number in [port] if port else range(PORT, PORT + _TRIES):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if (
            os.name == "posix"
        ):  # what an earlier desk sent last may be on its way for a minute; on Windows it would share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("" if lan else LOOPBACK, number))
        except OSError:
            listener.close()
        else:
            listener.listen(128)
            return listener
    where = f"端口 {port}" if port else f"端口 {PORT} 到 {PORT + _TRIES - 1}"
    raise ProgramFault(f"{where}已被别的程序占用", remedy="请先关掉上次打开的工作台，或用 --port 换一个端口")


def hosts(port: int, *, lan: bool, names: tuple[str, ...] = ()) -> list[str]:
    """Names under which the desk answers, the one to be told first."""
    found = [*names, *(_addresses() if lan else ()), LOOPBACK, "localhost"]
    return [one for name in dict.fromkeys(found) for one in (f"{name}:{port}", *([name] if port in (80, 443) else []))]


def serve(app: Starlette, listener: socket.socket, certificate: Certificate | None, ready: Callable[[], None]) -> None:
    """Answer until interrupted; requests under way are finished."""
    config = uvicorn.Config(app, log_config=None, lifespan="on", timeout_graceful_shutdown=_GRACE, server_header=False)
    if certificate is not None:
        config = uvicorn.Config(
            app, log_config=None, lifespan="on", timeout_graceful_shutdown=_GRACE, server_header=False,
            ssl_certfile=str(certificate.chain), ssl_keyfile=str(certificate.key),
        )  # fmt: skip
    server = _Server(config)
    threading.Thread(target=_when_started, args=(server, ready), daemon=True).start()
    server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """Ends on the signals and lets the command end with it; the one it is derived from sends them on, which kills the command."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        former = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)


def open_browser(address: str) -> bool:
    """Show an address in the browser of this computer; whether there is one."""
    return webbrowser.open(address)


def _when_started(server: uvicorn.Server, ready: Callable[[], None]) -> None:
    while not server.started:
        if server.should_exit:
            return
        threading.Event().wait(0.05)
    ready()


def _addresses() -> list[str]:
    """Addresses and name of this computer in the office's network."""
    name = socket.gethostname()
    found: list[str] = []
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing: asks which address would be used
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found += [str(one[4][0]) for one in socket.getaddrinfo(name, None, socket.AF_INET)]
    return [one for one in dict.fromkeys([*found, name.lower()]) if one != LOOPBACK]
