"""An office is opened: for a program, or lent by a command that has it open."""

import contextlib
import contextvars
import datetime as dt
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import click

from yiyu.docgen.library.office import Office, Opened, View
from yiyu.registry.commands.invocation import Invocation, set_passphrase
from yiyu.registry.commands.invocation import actor as who_runs_this
from yiyu.registry.config import load_workspace
from yiyu.registry.errors import BadInput
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.offices.below import with_offices_below
from yiyu.registry.offices.draft_placing import settle_drafts
from yiyu.registry.rules.cleaning import plain
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.opening import open_registry

P = ParamSpec("P")
R = TypeVar("R")


def open(  # noqa: A001 - this is yiyu.open
    path: str | Path, *, actor: str | None = None, today: dt.date | None = None, passphrase: str = ""
) -> Office:
    """Open the workspace at ``path``; close it with ``close()``, or use it in a ``with``.

    ``actor``: who is recorded as doing what is done (None: who is logged in). ``today``: the day everything is asked for
    (None: the day of the clock at each call). ``passphrase``: of an encrypted registry; "": of the file that the
    environment's YIYU_KEY_FILE names. Settings and packs are read once.
    Raises NotFound where there is no workspace, BadInput for settings nobody can read, RegistryFault for a registry that
    is missing, damaged, newer, or under another passphrase.
    """
    workspace, who = load_workspace(Path(path)), _actor(actor)
    context, stack = contextvars.copy_context(), contextlib.ExitStack()
    context.run(set_passphrase, passphrase)
    db = context.run(stack.enter_context, open_registry(workspace.registry_path))
    now = dt.datetime.now().astimezone()
    session = context.run(OfficeSession, workspace, db, now.date(), now.isoformat(), who)
    context.run(settle_drafts, session)
    session = context.run(with_offices_below, session)
    return Office(Opened(session, context, stack), View(today=today))


def pass_office(command: Callable[Concatenate[Office, P], R]) -> Callable[P, R]:
    """Decorates the function of a plugin's Click command: the office the command line was called for comes first."""

    @functools.wraps(command)
    def call(*arguments: P.args, **options: P.kwargs) -> R:
        invocation = click.get_current_context().find_object(Invocation)
        if invocation is None:
            raise RuntimeError("pass_office 只用于 yiyu 的命令")
        with invocation.office() as session:
            return command(office_of(session), *arguments, **options)

    return call


def office_of(session: OfficeSession) -> Office:
    """The office a command has open, for what comes from outside and knows only :class:`Office`; the command closes it."""
    return Office(Opened(session, contextvars.copy_context(), contextlib.ExitStack()), View(today=session.today))


def init(
    path: str | Path,
    *,
    pack: str = "ordos",
    region: str = "",
    shared_group: str = "",
    actor: str | None = None,
    today: dt.date | None = None,
) -> Office:
    """Make a workspace at ``path`` and open it.

    ``pack``: of which policy region; ``region``: six-digit code of the office's own area ("": the pack's). Only the owner
    gets in, or the members of ``shared_group``. ``actor`` and ``today`` as of :func:`open`.
    Raises NotFound for an unknown pack, BadInput for a region, FileFault where something is in the way.
    """
    make_workspace(Path(path), pack=pack, region=region, shared_group=shared_group)
    return open(path, actor=actor, today=today)


def _actor(given: str | None) -> str:
    if given is None:
        return who_runs_this()
    if not (found := plain(given)).text.strip() or found.fault:
        raise BadInput("没有写清是谁在办理", where="actor", remedy="请写经办人的姓名")
    return found.text.strip()
