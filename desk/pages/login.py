"""The way in: the address that was opened when the desk started, a name with a password, an invitation."""

import secrets
import time

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from yiyu.desk.asking import Asking, Desk
from yiyu.desk.passwords import SHORTEST, fits, hashed
from yiyu.desk.rendering import rendered
from yiyu.desk.sessions import COOKIE, HOURS, Login
from yiyu.registry.errors import UserError
from yiyu.registry.office.accounts import accept_invitation, invited_with, open_account
from yiyu.registry.rules.accounts import Account
from yiyu.registry.store.accounts import account_named, accounts

_TRIES, _MINUTES = 5, 10
_FIRST_ROLES = ("clerk", "manager", "archivist", "keeper")
_WRONG = "姓名或口令不对；请重新输入。忘了口令，请保管人重发登录链接。"


def ask(desk: Desk, request: Request, form: FormData) -> Response:
    """The form for name and password; who works alone gets in only by the address that was opened."""
    return _login_page(desk, "")


def enter(desk: Desk, request: Request, form: FormData) -> Response:
    """Log in; after five failures within ten minutes a name waits."""
    name, password = str(form.get("name", "")).strip(), str(form.get("password", ""))
    now = time.monotonic()
    tries = desk.tries[name] = [one for one in desk.tries.get(name, []) if now - one < _MINUTES * 60]
    if len(tries) >= _TRIES:
        return _login_page(desk, f"“{name}”连续输错 {_TRIES} 次，请 {_MINUTES} 分钟后再试。", 429)
    with desk.office("") as office:
        found = account_named(office.db, name)
    if not fits(found.password if found else "", password) or found is None or found.closed:
        tries.append(now)
        return _login_page(desk, _WRONG, 403)
    desk.tries.pop(name, None)
    return _logged_in(desk, found)


def open_(desk: Desk, request: Request, form: FormData) -> Response:
    """The address printed when the desk started: for who works alone, or for the first person, who says who that is."""
    if refusal := _refused_key(desk, request):
        return refusal
    return _logged_in(desk, desk.lone) if desk.owner else _first_page("")


def first(desk: Desk, request: Request, form: FormData) -> Response:
    """Take in the first person, who keeps the office and may do everything in it; the address is used up."""
    if refusal := _refused_key(desk, request):
        return refusal
    name, token = str(form.get("name", "")).strip(), secrets.token_urlsafe(24)
    try:
        password = hashed(str(form.get("password", "")), str(form.get("again", "")))
        with desk.office(name) as office:
            open_account(office, name, _FIRST_ROLES, "", token)
            person = accept_invitation(office, token, password)
    except UserError as error:
        return _first_page(str(error), name, 422)
    desk.keys.discard(request.path_params["key"])
    return _logged_in(desk, person)


def invited(desk: Desk, request: Request, form: FormData) -> Response:
    """The form on which somebody chooses a password."""
    return _invitation(desk, request.path_params["token"], "")


def accept(desk: Desk, request: Request, form: FormData) -> Response:
    """Take the password; its owner is logged in with it."""
    token = request.path_params["token"]
    try:
        password = hashed(str(form.get("password", "")), str(form.get("again", "")))
    except UserError as error:
        return _invitation(desk, token, str(error), 422)
    try:
        with desk.office("") as office:
            actor = invited_with(office, token).name
        with desk.office(actor) as office:
            return _logged_in(desk, accept_invitation(office, token, password))
    except UserError as error:
        return _plain("没有设置", str(error), 404)


def leave(asking: Asking) -> Response:
    """Log out in this browser."""
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE)
    return response


def _refused_key(desk: Desk, request: Request) -> Response | None:
    """The page for an address that opens nothing, or nothing any more."""
    key = request.path_params["key"]
    if not any(secrets.compare_digest(key.encode(), known.encode()) for known in desk.keys):
        return _plain("这个地址已经用过了", "请在终端里重新运行 yiyu desk，用新给出的地址打开。", 403)
    with desk.office("") as office:
        if not desk.owner and accounts(office.db):
            return _plain("已有人员", "请用姓名和口令登录，或请保管人重发登录链接。", 403)
    return None


def _logged_in(desk: Desk, person: Account) -> Response:
    response = RedirectResponse("/", 303)
    cookie = desk.logins.cookie(Login.new(person.id, person.epoch))
    response.set_cookie(
        COOKIE, cookie, max_age=HOURS * 3600, httponly=True, samesite="strict", secure=desk.secure, path="/"
    )
    return response


def _login_page(desk: Desk, fault: str, status: int = 200) -> Response:
    return HTMLResponse(rendered("login.html", {"fault": fault, "lone": bool(desk.owner)}), status)


def _first_page(fault: str, name: str = "", status: int = 200) -> Response:
    return HTMLResponse(rendered("first.html", {"name": name, "fault": fault, "shortest": SHORTEST}), status)


def _invitation(desk: Desk, token: str, fault: str, status: int = 200) -> Response:
    try:
        with desk.office("") as office:
            name = invited_with(office, token).name
    except UserError as error:
        return _plain("不能用这个链接", str(error), 404)
    return HTMLResponse(rendered("invited.html", {"name": name, "fault": fault, "shortest": SHORTEST}), status)


def _plain(title: str, message: str, status: int) -> Response:
    return HTMLResponse(rendered("plain.html", {"title": title, "message": message}), status)


def keys(asking: Asking) -> Response:
    """What the keyboard does on every page, and the way out."""
    return asking.page("keys.html")
