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
    Page("GET", "/keeper", "keeper:show", "keep"),
    Page("POST", "/keeper/backup", "keeper:backup", "keep"),
    Page("POST", "/keeper/check", "keeper:check", "keep"),
    Page("GET", "/keeper/doctor", "keeper:doctor", "keep"),
    Page("GET", "/keeper/log", "keeper:log", "keep"),
    Page("GET", "/keeper/log/export", "keeper:export", "keep"),
    Page("GET", "/keeper/settings", "settings:show", "keep"),
    Page("POST", "/keeper/settings", "settings:change", "keep"),
    Page("GET", "/keeper/people", "people:show", "keep"),
    Page("POST", "/keeper/people", "people:add", "keep"),
    Page("POST", "/keeper/people/{key:int}", "people:change", "keep"),
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
