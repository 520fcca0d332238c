"""A desk put together: the office checked, its socket bound, the address one opens it under."""

import contextlib
import contextvars
import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from socket import socket

from starlette.applications import Starlette

from yiyu.desk.app import application
from yiyu.desk.asking import Desk
from yiyu.desk.pages import every_agreement, institutions
from yiyu.desk.serving import Certificate, bound, hosts, open_browser, serve
from yiyu.desk.sessions import Logins, office_key
from yiyu.desk.uploads import forget_unused
from yiyu.desk.works import Works
from yiyu.registry.config import Workspace
from yiyu.registry.errors import UserError
from yiyu.registry.rules.search import search_keyed
from yiyu.registry.store.accounts import accounts
from yiyu.registry.store.opening import look_through


@dataclass(frozen=True, slots=True)
class OpenedDesk:
    """``address`` for everybody; ``first``: the one-time address for who works alone or comes first, "" where people log in."""

    app: Starlette
    desk: Desk
    listener: socket
    certificate: Certificate | None
    address: str
    first: str
    alone: bool

    @property
    def told(self) -> str:
        """What the person who started it is told."""
        if self.alone:
            return f"工作台：{self.first}\n浏览器没有打开的话，请复制这个地址；按 Ctrl+C 结束"
        lines = [f"工作台：{self.address}（局域网内用这个地址打开，各人用姓名和口令登录）"]
        if self.first:
            lines.append(f"还没有人员。请用这个一次性地址设置第一位保管人：{self.first}")
        if self.certificate is None:
            lines.append("提醒：没有用证书，口令在网上是明文；请用 --cert、--key 给出证书，或只在可信的办公网里用")
        return "\n".join([*lines, "按 Ctrl+C 结束"])

    def serve(self, *, browser: bool) -> None:
        """Answer until interrupted."""
        self.warm()
        serve(self.app, self.listener, self.certificate, self._open if browser else _nothing)

    def warm(self) -> None:
        """Beside the first pages: what lists are made of is read, and the registry looked through before anybody writes."""
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(self._warm,), name="warm", daemon=True).start()

    def _warm(self) -> None:
        with contextlib.suppress(UserError), self.desk.office("") as office:  # told on the page that needs it
            found = every_agreement.all_of(self.desk, office)
            search_keyed("a", found[:1], [one.kept.found_by for one in found[:1]])  # loads what spells names
            institutions.all_of(self.desk, office)
            look_through(office.db)
            self.desk.looked.note(office.db, office.workspace.registry_path)

    def leave(self) -> None:
        """End the process where a long work does not listen: as after a kill, what it has not written is not written."""
        if not self.desk.works.close(0):
            sys.stdout.flush()
            os._exit(0)

    def _open(self) -> None:
        open_browser(self.first or self.address)


def _nothing() -> None:
    """Where no browser is to be opened."""


def opened(
    workspace: Workspace,
    owner: str,
    once: str,
    *,
    port: int,
    names: tuple[str, ...],
    pair: tuple[Path | None, Path | None],
) -> OpenedDesk:
    """A desk for ``owner`` alone, or with "" for an office whose people log in. Raises as opening the registry does."""
    chain, key = pair
    certificate = Certificate(chain, key) if chain and key else None
    if certificate is not None:
        certificate.check()
    listener = bound(not owner, port)  # before works are told as broken off: a desk that has the port may run them
    desk = Desk(
        workspace, Logins(office_key(workspace.root)), Works(workspace.root), owner, secure=certificate is not None
    )
    forget_unused(workspace.root)
    with desk.office(owner) as office:
        first = bool(owner) or not accounts(office.db)
    desk.keys |= {once} if first else set()
    number = listener.getsockname()[1]
    known = hosts(number, lan=not owner, names=names)
    base = f"{'https' if certificate else 'http'}://{known[0]}"
    app = application(desk, known)
    return OpenedDesk(app, desk, listener, certificate, f"{base}/", f"{base}/open/{once}" if first else "", bool(owner))
