"""The open office: every action of the command line as a typed method, for one thread, without printing or exiting."""

from __future__ import annotations

import contextlib
import contextvars
import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from yiyu.docgen.library.action import Action, Group
from yiyu.docgen.library.entering import district_code, entered, named_paths, of_kind
from yiyu.registry.commands.invocation import limited
from yiyu.registry.commands.output_gate import gate_before
from yiyu.registry.errors import BadInput
from yiyu.registry.packs.places import places_of
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.moments import as_known_on
from yiyu.registry.store.opening import asking

if TYPE_CHECKING:
    import inspect

    from yiyu.docgen.library import (
        activities,
        agreements,
        archive,
        documents,
        duties,
        institutions,
        offices,
        packs,
        reports,
        templates,
        upkeep,
    )
    from yiyu.registry.office import backing_up
    from yiyu.registry.reports import people
else:

    class _Later:
        """A room that is loaded when something of it is first asked for."""

        def __init__(self, name: str) -> None:
            self._name = f"yiyu.{name}"

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - of any module
            return getattr(import_module(self._name), name)

    activities, agreements, archive, documents, duties, institutions, offices, packs, reports, templates, upkeep = map(
        _Later,
        (
            "docgen.library.activities", "docgen.library.agreements", "docgen.library.archive", "docgen.library.documents",
            "docgen.library.duties", "docgen.library.institutions", "docgen.library.offices", "docgen.library.packs",
            "docgen.library.reports", "docgen.library.templates", "docgen.library.upkeep",
        ),
    )  # fmt: skip
    backing_up, people = _Later("registry.office.backing_up"), _Later("registry.reports.people")

G = TypeVar("G", bound=Group)


class Part(Generic[G]):
    """The actions of one subject, loaded when first touched."""

    def __init__(self, find: Callable[[], type[G]]) -> None:
        self.find = find

    @overload
    def __get__(self, office: None, owner: type) -> Part[G]: ...
    @overload
    def __get__(self, office: Office, owner: type) -> G: ...
    def __get__(self, office: Office | None, owner: type) -> Part[G] | G:
        return self if office is None else self.find()(office)


@dataclass(frozen=True, slots=True)
class View:
    """How the office is looked at; see :meth:`Office.view`. Raises TypeError for what is no day."""

    today: dt.date | None = None
    known_on: dt.date | None = None
    district: str = ""
    town: str = ""
    provider: str = ""
    replace: bool = False

    def __post_init__(self) -> None:
        for name in ("today", "known_on"):
            if (day := getattr(self, name)) is not None:
                of_kind(name, day, dt.date)


@dataclass
class Opened:
    """What all views of an office share. ``context`` keeps its places and its passphrase from other offices."""

    session: OfficeSession
    context: contextvars.Context
    stack: contextlib.ExitStack
    thread: int = field(default_factory=threading.get_ident)
    closed: bool = False


class Office(Group):
    """An office opened by :func:`yiyu.open`: its methods and groups are the commands, hyphens as underscores.

    What a command refuses is raised as the same :class:`yiyu.UserError`; nothing is printed. Each call is one transaction
    of its own, as a command is. One object, with its views, is for the thread that opened it; a second process or thread
    opens the office for itself. Wrong arguments are a TypeError, a closed office or another thread a RuntimeError.
    """

    institutions = Part(lambda: institutions.Institutions)
    """``yiyu institution …``"""
    imports = Part(lambda: institutions.Imports)
    """``yiyu import …``"""
    agreements = Part(lambda: agreements.Agreements)
    """``yiyu agreement …``"""
    activities = Part(lambda: activities.Activities)
    """``yiyu activity …``"""
    duties = Part(lambda: duties.Duties)
    """``yiyu duty …``"""
    offices = Part(lambda: offices.Offices)
    """``yiyu office …``"""
    reports = Part(lambda: reports.Reports)
    """``yiyu report …``"""
    archive = Part(lambda: archive.Archive)
    """``yiyu archive …``"""
    packs = Part(lambda: packs.Packs)
    """``yiyu pack …``"""
    templates = Part(lambda: templates.Templates)
    """``yiyu template …``"""

    generate = Action(lambda: documents.generate, writes=("out",))
    print = Action(lambda: documents.print_, writes=("out",))
    remind = Action(lambda: upkeep.remind, writes=("ics",))
    person = Action(lambda: people.person)
    backup = Action(lambda: backing_up.back_up, new=("folder",))
    doctor = Action(lambda: upkeep.doctor)
    check = Action(lambda: upkeep.check)
    log = Action(lambda: upkeep.log)

    def __init__(self, opened: Opened, view: View) -> None:
        super().__init__(self)
        self._opened, self._view = opened, view

    @property
    def root(self) -> Path:
        """The folder of the workspace; paths in results are from here."""
        return self._opened.session.workspace.root

    @property
    def today(self) -> dt.date:
        """The day everything is asked for: of the view, else of the clock."""
        return self._view.today or self._view.known_on or dt.datetime.now().astimezone().date()

    def place(self, code: str) -> str:
        """The name of a place by its code, as an office of this region says it; the code itself where it is none."""
        return places_of(self._opened.session.workspace).label(code)

    def view(
        self,
        *,
        today: dt.date | None = None,
        known_on: dt.date | None = None,
        district: str | None = None,
        town: str | None = None,
        provider: str | None = None,
        replace_files: bool | None = None,
    ) -> Office:
        """The same office, looked at otherwise; what is None stays as it is.

        ``today``: as of that day. ``known_on``: only what had been recorded by the end of that day, to read.
        ``district`` (name or code), ``town``, ``provider``: only that part. ``replace_files``: files in the way that yiyu
        did not write, or that were edited since, are written over.
        """
        given: dict[str, Any] = {
            "today": today, "known_on": known_on, "district": district, "town": town, "provider": provider, "replace": replace_files,
        }  # fmt: skip
        return Office(self._opened, replace(self._view, **{key: one for key, one in given.items() if one is not None}))

    def perform(self, wanted: Action[Any, Any], given: inspect.BoundArguments) -> Any:  # noqa: ANN401 - of any action
        """Call an action; plugins and groups come through here. Raises what the action raises."""
        return self._opened.context.copy().run(self._perform, wanted, given)

    def _perform(self, wanted: Action[Any, Any], given: inspect.BoundArguments) -> Any:  # noqa: ANN401 - of any action
        self._check_open()
        db, workspace = self._opened.session.db, self._opened.session.workspace
        then = self._view.known_on or self._opened.session.known_on
        if then and "dry_run" in wanted.signature.parameters:
            raise BadInput("只看当时所知的，不能登记或写入", where="known_on", remedy="请用没有 known_on 的视图")
        with asking(db, workspace.registry_path), as_known_on(db, self._view.known_on):
            session = self._session()
            given.arguments.update(entered(wanted, given))
            read = [path for _, path in named_paths(wanted.reads, given.arguments)]
            written = {f"{wanted.command} --{name}": path for name, path in named_paths(wanted.writes, given.arguments)}
            with gate_before(written, read, workspace, insist=self._view.replace).open():
                return wanted.function(session, *given.args, **given.kwargs)

    def _check_open(self) -> None:
        if self._opened.closed:
            raise RuntimeError("这个办公室已经关闭；请再用 yiyu.open 打开")
        if self._opened.thread != threading.get_ident():
            raise RuntimeError("一个打开的办公室只在打开它的线程里用；请在这个线程里另用 yiyu.open 打开")

    def _session(self) -> OfficeSession:
        """As a command's: the moment is the clock's, whatever the day that is asked for."""
        view, now = self._view, dt.datetime.now().astimezone().isoformat(timespec="seconds")
        own = self._opened.session
        session = replace(own, today=self.today, now=now, known_on=view.known_on or own.known_on)
        if not (view.district or view.town or view.provider):
            return session
        return limited(session, district=district_code(view.district), town=view.town, provider=view.provider)

    def close(self) -> None:
        """Close the registry, for all views; a second time does nothing."""
        self._opened.closed = True
        self._opened.stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<yiyu.Office {self.root}{'（已关闭）' if self._opened.closed else ''}>"
