"""What stands before every page: the host asked for, where a form comes from, how much may be sent, and what a page may load."""

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 1024 * 1024 * 1024
"""Of one request: a feeder's day of scans at 300 dpi is about half of it."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        "font-src 'self'; frame-src 'self'; object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cache-Control": "no-store",
}
_SAFE = frozenset({"GET", "HEAD"})


class Guard:
    """Middleware: refuses other hosts and origins and bodies that are too large, and sets the headers of every answer."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], secure: bool = False) -> None:
        """``hosts``: names, with port where it is not the usual one, under which the desk answers."""
        self._app, self._hosts, self._secure = app, frozenset(host.lower() for host in hosts), secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, taken = Headers(scope=scope), 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > MOST_BYTES:
                raise OverflowError
            return message

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    given.setdefault(name, value)
                if self._secure:
                    given["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        if refusal := self._refusal(scope["method"], headers):
            await refusal(scope, receive, headed)
            return
        try:
            await self._app(scope, counted, headed)
        except OverflowError:
            await _too_large()(scope, receive, headed)

    def _refusal(self, method: str, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "").lower()
        if host not in self._hosts:
            return PlainTextResponse("这个地址不是医育的。请用启动时给出的地址打开。", 421)
        if method in _SAFE:
            return None
        origin = headers.get("origin", "")
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none") or (
            origin and origin.lower() not in (f"http://{host}", f"https://{host}")
        ):
            return PlainTextResponse("请求来自别的网页，没有执行。请回到医育的页面再做。", 403)
        length = headers.get("content-length", "0")
        return _too_large() if not length.isdecimal() or len(length) > 12 or int(length) > MOST_BYTES else None


def _too_large() -> PlainTextResponse:
    return PlainTextResponse(f"一次上传超过 {MOST_BYTES // 2**30} GB，没有接收。请分几次上传。", 413)
