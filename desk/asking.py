"""What a page is asked by: who, with which form, for which office; and the answers a page gives."""

import contextlib
import datetime as dt
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import click
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from yiyu.desk.remembered import Remembered, T
from yiyu.desk.rendering import rendered
from yiyu.desk.sessions import Login, Logins
from yiyu.desk.uploads import forget, forget_unused
from yiyu.desk.works import Act, Works
from yiyu.registry.config import Workspace
from yiyu.registry.errors import BadInput
from yiyu.registry.files import scratch
from yiyu.registry.offices.below import with_offices_below
from yiyu.registry.offices.draft_placing import settle_drafts
from yiyu.registry.packs import Pack
from yiyu.registry.rules.accounts import ROLE_LABEL, Account, may
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.looked_through import LookedThrough
from yiyu.registry.store.opening import open_registry

ALL_ROLES = tuple(ROLE_LABEL)


@dataclass
class Desk:
    """The running desk: one office, its logins and long works. ``owner``: who works here alone; "" where people log in."""

    workspace: Workspace
    logins: Logins
    works: Works
    owner: str = ""
    secure: bool = False
    """Whether pages go out over TLS."""
    remembered: Remembered = field(default_factory=Remembered)
    looked: LookedThrough = field(default_factory=LookedThrough)
    said: dict[str, list[str]] = field(default_factory=dict)
    """What is to be said on the next page, by id of the login."""
    keys: set[str] = field(default_factory=set)
    """One-time keys of addresses that were opened or printed when the desk started."""
    tries: dict[str, list[float]] = field(default_factory=dict)
    """Moments of failed logins, by name."""
    packs: tuple[object, dict[str, Pack]] = ((), {})
    """The packs read so far, and what the files of the office's own looked like."""

    @property
    def lone(self) -> Account:
        """Who works alone has every role."""
        return Account(0, self.owner, ALL_ROLES, "", 0, "", "", closed=False)

    @contextlib.contextmanager
    def office(self, actor: str, scope: Scope | None = None, as_of: dt.date | None = None) -> Iterator[OfficeSession]:
        """The registry, open for one request, as a command opens it."""
        now = dt.datetime.now().astimezone()
        with open_registry(self.workspace.registry_path, self.looked) as db:
            day, moment = as_of or now.date(), now.isoformat(timespec="seconds")
            office = OfficeSession(
                self.workspace, db, day, moment, actor, scope=scope or Scope(), packs_read=self._packs_read()
            )
            settle_drafts(office)
            yield with_offices_below(office)

    def _packs_read(self) -> dict[str, Pack]:
        """Packs that were read for an earlier request, until a file of the office's own is another."""
        files = sorted(self.workspace.templates.rglob("*.toml"))
        looks = [(path, (about := path.stat()).st_mtime_ns, about.st_size) for path in files]
        if looks != self.packs[0]:
            self.packs = (looks, {})
        return self.packs[1]


class StillCountingError(Exception):
    """What a page shows is being counted beside it; it is asked for again in a moment."""


@dataclass
class Asking:
    """One request of a person who is known and may ask it."""

    desk: Desk
    request: Request
    person: Account
    login: Login
    form: FormData

    @property
    def query(self) -> Mapping[str, str]:
        """What the address says after the question mark."""
        return self.request.query_params

    @property
    def path(self) -> str:
        return self.request.url.path

    def part(self, name: str) -> str:
        """A part of the path, as the table of pages names it."""
        return str(self.request.path_params[name])

    def may(self, deed: str) -> bool:
        """Whether the person may do it (:data:`yiyu.registry.rules.accounts.DEEDS`)."""
        return may(self.person.roles, deed)

    def office(self, as_of: dt.date | None = None) -> contextlib.AbstractContextManager[OfficeSession]:
        """The office as this person may see it, as of today or the day given; what is written is in the person's name."""
        return self.desk.office(self.person.name, Scope(self.person.district), as_of)

    def remembered(
        self, office: OfficeSession, name: Hashable, compute: Callable[[], T], renew: Callable[[T], T] | None = None
    ) -> T:
        """A value computed from the whole registry, kept until it changes; then ``renew`` may make it of the one kept."""
        return self.desk.remembered.value(office, name, compute, renew)

    def lately(
        self,
        office: OfficeSession,
        name: Hashable,
        compute: Callable[[OfficeSession], T],
        *,
        older_will_do: bool = True,
    ) -> tuple[T | None, bool]:
        """The same of what takes seconds in a large office: the last value, and whether it is of now.

        It is counted beside the page, which does not wait for it long; None where it never was counted.
        """
        day = office.today

        def begin() -> None:
            with self.office(day) as own:
                self.remembered(own, name, lambda: compute(own))

        return self.desk.remembered.lately(office, name, begin, older_will_do=older_will_do)

    def counted(self, office: OfficeSession, name: Hashable, compute: Callable[[OfficeSession], T]) -> T:
        """The same where only a value of now will do. Raises StillCountingError, which shows a page that asks again."""
        value, fresh = self.lately(office, name, compute, older_will_do=False)
        if not fresh:
            raise StillCountingError
        return cast("T", value)

    def text(self, name: str, default: str = "") -> str:
        """A field of the form, "" where it was left out."""
        value = self.form.get(name, default)
        return value.strip() if isinstance(value, str) else default

    def read(self, name: str, kind: click.ParamType[Any], label: str) -> Any:
        """A field of the form as an option of the command line reads it; None where left blank. Raises BadInput naming it."""
        return read_as(self.text(name), kind, label)

    def asked(self, name: str, kind: click.ParamType[Any], label: str) -> Any:
        """The same of what the address says after the question mark."""
        return read_as(self.query.get(name, "").strip(), kind, label)

    def needed(self, name: str, kind: click.ParamType[Any], label: str) -> Any:
        """The same of a field that must not be blank."""
        if (value := self.read(name, kind, label)) is None:
            raise BadInput(f"没有填{label}", remedy="请填写后再试")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """All values of a field that stands several times, as ticked rows do."""
        return tuple(value for value in self.form.getlist(name) if isinstance(value, str) and value)

    def files(self, name: str) -> list[UploadFile]:
        """Files chosen in a field."""
        return [one for one in self.form.getlist(name) if isinstance(one, UploadFile) and one.filename]

    def page(self, template: str, *, status: int = 200, **values: object) -> Response:
        """A page of ``desk/templates`` with what every page knows: who, what may be done, what is to be said."""
        return HTMLResponse(rendered(template, self._common() | values), status)

    def go(self, path: str, *said: str) -> Response:
        """Go on to another page after something was done, and say it there."""
        self.desk.said.setdefault(self.login.id, []).extend(said)
        return RedirectResponse(path, 303)

    def begin(self, title: str, act: Act, *, again: str, upload: str = "") -> Response:
        """Begin a long work and show how far it is.

        ``again``: the page on which it is asked for. ``upload``: what :func:`received` gave, taken away when the work has ended.
        """
        root = self.desk.workspace.root
        forget_unused(root)
        key = self.desk.works.begin(
            title, act, owner=self.person.id, actor=self.person.name, again=again, ended=lambda: forget(root, upload)
        )
        return RedirectResponse(f"/works/{key}", 303)

    def _common(self) -> dict[str, object]:
        from yiyu.desk.navigation import sections

        said = self.desk.said.pop(self.login.id, [])
        common: dict[str, object] = {
            "person": self.person,
            "may": self.may,
            "token": self.desk.logins.token(self.login),
        }
        roles = "" if self.desk.owner else "、".join(ROLE_LABEL[role] for role in self.person.roles)
        return common | {
            "said": said,
            "sections": sections(self),
            "path": self.path,
            "roles": roles,
            "lone": bool(self.desk.owner),
            "entered": self.form,
        }


def read_as(text: str, kind: click.ParamType[Any], label: str) -> Any:
    """A text as an option of the command line reads it; None for a blank one. Raises BadInput naming ``label``."""
    if not text:
        return None
    try:
        return kind.convert(text, None, None)
    except click.UsageError as error:
        raise BadInput(f"{label}：{error.message.rstrip('。')}") from error


def download(path: Path, name: str = "") -> Response:
    """A file to be saved, under its own name or another."""
    return FileResponse(path, headers=_attached(name or path.name))


def written(name: str, write: Callable[[Path], object]) -> Response:
    """What ``write`` writes to a path, to be saved under a name; nothing of it stays here."""
    with scratch() as folder:
        write(folder / name)
        return Response((folder / name).read_bytes(), headers=_attached(name), media_type="application/octet-stream")


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


def inline(path: Path, kind: str) -> Response:
    """A file to be looked at in the page, of a media type that runs nothing."""
    return FileResponse(path, media_type=kind, headers={"Content-Disposition": "inline"})
