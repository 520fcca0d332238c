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
    Page("GET", "/agreements/one/{number:path}", "agreement:show"),
    Page("GET", "/agreements/document", "agreement:document"),
    Page("GET", "/agreements/scan", "agreement:scan"),
    Page("GET", "/agreements/step", "steps:ask", "sign"),
    Page("POST", "/agreements/step", "steps:record", "sign"),
    Page("GET", "/agreements/file", "steps:ask", "scan"),
    Page("POST", "/agreements/file", "steps:record", "scan"),
    Page("GET", "/agreements/end", "steps:ask", "decide"),
    Page("POST", "/agreements/end", "steps:record", "decide"),
    Page("GET", "/agreements/extend", "agreement_changes:ask", "sign"),
    Page("POST", "/agreements/extend", "agreement_changes:record_extension", "sign"),
    Page("GET", "/agreements/supplement", "agreement_changes:ask", "sign"),
    Page("POST", "/agreements/supplement", "agreement_changes:record_supplement", "sign"),
    Page("GET", "/agreements/copies", "agreement_changes:ask", "sign"),
    Page("POST", "/agreements/copies", "agreement_changes:record_move", "sign"),
    Page("GET", "/agreements/correct", "agreement_changes:ask", "sign"),
    Page("POST", "/agreements/correct", "agreement_changes:record_correction", "sign"),
    Page("GET", "/agreements/supplement-draft", "agreement_changes:ask", "draft"),
    Page("POST", "/agreements/supplement-draft", "agreement_changes:draft", "draft"),
    Page("GET", "/agreements/items", "agreement_items:ask", "draft"),
    Page("POST", "/agreements/items", "agreement_items:record", "draft"),
    Page("GET", "/visits", "visits:list_"),
    Page("GET", "/visits/export", "visits:export"),
    Page("GET", "/visits/waiting", "visits:waiting"),
    Page("GET", "/visits/new", "visit_form:ask", "visit"),
    Page("POST", "/visits/new", "visit_form:record", "visit"),
    Page("GET", "/visits/one/{number}", "visit:show"),
    Page("GET", "/visits/one/{number}/evidence/{at:int}", "visit:evidence"),
    Page("GET", "/visits/one/{number}/scans/{at:int}", "visit:scan"),
    Page("POST", "/visits/one/{number}/evidence", "visit:add_evidence", "visit"),
    Page("POST", "/visits/one/{number}/void", "visit:take_back", "visit"),
    Page("POST", "/visits/one/{number}/notice", "visit:notice", "visit"),
    Page("GET", "/visits/one/{number}/edit", "visit_edit:ask", "visit"),
    Page("POST", "/visits/one/{number}/edit", "visit_edit:record", "visit"),
    Page("GET", "/scans", "scans:show"),
    Page("POST", "/scans", "scans:take", "scan"),
    Page("GET", "/scans/place", "scans:place", "scan"),
    Page("POST", "/scans/place", "scans:assign", "scan"),
    Page("POST", "/scans/aside", "scans:aside", "scan"),
    Page("GET", "/scans/picture", "scan_pictures:page"),
    Page("GET", "/scans/differences", "differences:show"),
    Page("POST", "/scans/differences", "differences:judge", "scan"),
    Page("GET", "/scans/differences/{key:int}.png", "scan_pictures:difference"),
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
    Page("GET", "/institutions", "institutions:list_"),
    Page("GET", "/institutions/export", "institutions:export"),
    Page("GET", "/institutions/one/{id}", "institution:show"),
    Page("GET", "/institutions/one/{id}/edit", "institution:ask", "roster"),
    Page("POST", "/institutions/one/{id}/edit", "institution:change", "roster"),
    Page("GET", "/institutions/add", "entering:ask", "roster"),
    Page("POST", "/institutions/add", "entering:add", "roster"),
    Page("GET", "/institutions/duplicates", "merging:list_"),
    Page("GET", "/institutions/merge", "merging:compare", "roster"),
    Page("POST", "/institutions/merge", "merging:unite", "roster"),
    Page("POST", "/institutions/unmerge", "merging:part", "roster"),
    Page("GET", "/institutions/gaps", "gaps:list_"),
    Page("GET", "/institutions/gaps/export", "gaps:export"),
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
