"""Every page: its address, how it is asked, what one must be allowed to do, and the function that answers."""

from typing import NamedTuple


class Page(NamedTuple):
    """``place``: module below ``yiyu.desk.pages`` and function. ``deed`` of :data:`yiyu.registry.rules.accounts.DEEDS`."""

    method: str
    path: str
    place: str
    deed: str = "look"


PAGES = (
    Page("GET", "/", "today:show"),
    Page("GET", "/works", "works:all_"),
    Page("GET", "/works/{key}", "works:show"),
    Page("GET", "/works/{key}/state", "works:state"),
    Page("POST", "/works/{key}/cancel", "works:cancel"),
    Page("GET", "/works/{key}/files/{name:path}", "works:file"),
    Page("POST", "/logout", "login:leave"),
    Page("GET", "/keys", "login:keys"),
    Page("GET", "/agreements", "agreements:list_"),
    Page("GET", "/agreements/export", "agreements:export"),
    Page("GET", "/agreements/one/{number}", "agreement:show"),
    Page("GET", "/agreements/step", "steps:ask", "sign"),
    Page("POST", "/agreements/step", "steps:record", "sign"),
)
"""Addresses that begin alike stand together; the first that fits answers."""
OPEN_PAGES = (
    Page("GET", "/login", "login:ask"),
    Page("POST", "/login", "login:enter"),
    Page("GET", "/open/{key}", "login:open_"),
    Page("GET", "/invited/{token}", "login:invited"),
    Page("POST", "/invited/{token}", "login:accept"),
)
"""Pages for whoever has not logged in; each looks after itself."""
