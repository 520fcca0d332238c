"""The application: every page of the table behind login, role and form token; every refusal the sentence of the command line."""

import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from importlib import import_module
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from yiyu.desk.asking import Asking, Desk, StillCountingError
from yiyu.desk.guard import Guard
from yiyu.desk.rendering import rendered
from yiyu.desk.routes import OPEN_PAGES, PAGES, Page
from yiyu.desk.sessions import COOKIE
from yiyu.desk.uploads import MOST_FILES
from yiyu.registry.errors import ExitCode, FileFault, UserError
from yiyu.registry.rules.accounts import Account
from yiyu.registry.store.accounts import account

_STATIC = Path(__file__).parent / "static"
_MOST_FIELDS = 5000
_MOST_FIELD_BYTES = 1024 * 1024
STATUS = {
    ExitCode.NOT_FOUND: 404, ExitCode.BAD_INPUT: 422, ExitCode.USAGE: 422, ExitCode.NOT_ALLOWED: 409,
    ExitCode.FILE: 422, ExitCode.TEMPLATE: 422, ExitCode.REGISTRY: 503,
}  # fmt: skip
"""Exit code of a refusal to the status of the page that says it; of any other 500."""


def application(desk: Desk, hosts: Collection[str]) -> Starlette:
    """All pages over one office, answering under ``hosts``."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        desk.works.close()

    routes: list[Route | Mount] = [Mount("/static", StaticFiles(directory=_STATIC))]
    routes += [Route(page.path, _endpoint(desk, page), methods=[page.method]) for page in PAGES]
    routes += [Route(page.path, _open(desk, page), methods=[page.method]) for page in OPEN_PAGES]
    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(Guard, hosts=hosts, secure=desk.secure)],
        exception_handlers={404: _nowhere, 405: _nowhere, 400: _unreadable, Exception: _fault},
    )


def _endpoint(desk: Desk, page: Page) -> Callable[[Request], Awaitable[Response]]:
    """Who is not logged in goes to the login; who may not is told; a form without its token does nothing."""
    handler: Callable[[Asking], Response] = _loaded(page.place)

    async def answered(request: Request) -> Response:
        login = desk.logins.read(request.cookies.get(COOKIE, ""))
        person = await run_in_threadpool(_person, desk, login) if login else None
        if login is None or person is None:
            return RedirectResponse("/login", 303)
        form = await _form(request) if page.method == "POST" else FormData()
        asking = Asking(desk, request, person, login, form)
        try:
            if not asking.may(page.deed):
                return asking.page(
                    "refused.html", status=403, message="您的角色不能做这件事；需要时请与保管人商量。", back="/"
                )
            if page.method == "POST" and not desk.logins.fits(login, asking.text("token")):
                return asking.page(
                    "refused.html",
                    status=403,
                    message="页面放得太久或不是从医育打开的，没有执行；请刷新页面后再做一次。",
                    back="/",
                )
            return await run_in_threadpool(_answered, handler, asking)
        finally:
            await form.close()

    return _told(answered)


def _told(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """What is refused before a page could begin, or on one that has no login, is said all the same."""

    async def endpoint(request: Request) -> Response:
        try:
            return await answer(request)
        except UserError as error:
            status = STATUS.get(error.exit_code, 500)
            return HTMLResponse(rendered("plain.html", {"title": "没有做成", "message": str(error)}), status)

    return endpoint


def _answered(handler: Callable[[Asking], Response], asking: Asking) -> Response:
    began = time.perf_counter()
    try:
        response = handler(asking)
    except StillCountingError:
        again = asking.path + (f"?{asking.request.url.query}" if asking.request.url.query else "")
        response = asking.page("counting.html", again=again)
    except UserError as error:
        back = asking.request.headers.get("referer", "/")
        response = asking.page("refused.html", status=STATUS.get(error.exit_code, 500), message=str(error), back=back)
    response.headers["Server-Timing"] = f"page;dur={(time.perf_counter() - began) * 1000:.0f}"
    return response


def _open(desk: Desk, page: Page) -> Callable[[Request], Awaitable[Response]]:
    """A page for whoever has not logged in; it looks after itself."""
    handler: Callable[[Desk, Request, FormData], Response] = _loaded(page.place)

    async def answered(request: Request) -> Response:
        form = await _form(request) if page.method == "POST" else FormData()
        try:
            return await run_in_threadpool(handler, desk, request, form)
        finally:
            await form.close()

    return _told(answered)


def _person(desk: Desk, login: Any) -> Account | None:  # noqa: ANN401 - a Login, or what an old cookie held
    """Whoever a login stands for, as the account is now; None where it has been changed or closed since."""
    if desk.owner:
        return desk.lone if login.account == 0 else None
    with desk.office("") as office:
        found = account(office.db, login.account)
    return found if found and not found.closed and found.epoch == login.epoch else None


async def _form(request: Request) -> FormData:
    try:
        return await request.form(max_files=MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=_MOST_FIELD_BYTES)
    except OSError as error:
        remedy = "请清理这台电脑的磁盘，或分几次上传"
        raise FileFault("磁盘满了，上传的文件没有地方放，一个也没有收下", remedy=remedy) from error


def _loaded(place: str) -> Any:  # noqa: ANN401 - a handler, as the table has it
    module, name = place.split(":")
    return getattr(import_module(f"yiyu.desk.pages.{module}"), name)


async def _nowhere(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return HTMLResponse(
        rendered("plain.html", {"title": "没有这一页", "message": "没有这一页；请从首页重新进入。"}), status
    )


async def _unreadable(_request: Request, error: Exception) -> Response:
    told = (
        "一次选的文件太多，没有接收；请分几次上传。"
        if isinstance(error, MultiPartException)
        else "浏览器发来的内容读不懂，没有执行；请刷新页面后再做一次。"
    )
    return HTMLResponse(rendered("plain.html", {"title": "没有执行", "message": told}), 400)


async def _fault(_request: Request, _error: Exception) -> Response:
    from yiyu.registry.commands.console import log_fault

    told = f"程序内部出错，详情已记入 {log_fault()}；请把该文件发给维护人员。"
    return HTMLResponse(rendered("plain.html", {"title": "出错了", "message": told}), 500)
