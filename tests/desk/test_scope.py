"""A person of one 旗区 over every page of the table: nothing of another is shown in a list or given for a guessed address."""

from collections.abc import Callable
from pathlib import Path

from build import invoke, opened
from desk_browser import Browser

from yiyu.desk.routes import PAGES
from yiyu.registry.activities.listing import ActivityFilter, list_activities
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Kind

OWN = "150602"
EVERYTHING = ("clerk", "manager", "archivist")


def test_no_page_shows_or_gives_what_is_of_another_district(staffed: Callable[..., Browser], office: Path) -> None:
    with opened(office) as session:
        agreements = list_agreements(session, AgreementFilter())
        foreign = {one.agreement.number for one in agreements if one.agreement.district != OWN}
        names = {one.name for one in directory(session).all if one.kind is Kind.CHILDCARE and one.district != OWN}
        ids = [one.id for one in directory(session).all if one.district != OWN]
        visited = next(one.agreement for one in agreements if one.in_force and one.agreement.district != OWN)
    done = invoke("--workspace", office, "activity", "add", visited.number, "--on", "2026-11-20", "--form", "上门指导")
    assert done.exit_code == 0, done.stderr
    with opened(office) as session:
        guessed = [one.activity.number for one in list_activities(session, ActivityFilter())]
    assert foreign
    assert names
    assert guessed
    person = staffed(*EVERYTHING, district=OWN)
    seen = 0
    for page in PAGES:
        if page.method == "GET" and "{" not in page.path and page.deed != "keep":
            text = person.client.get(page.path).text
            told = {one for one in (*foreign, *names) if one in text}
            assert not told, (page.path, told)
            seen += 1
    number = min(foreign)
    addresses = [
        *(_with(page.path, "number", number) for page in PAGES if page.path.startswith("/agreements/one/")),
        *(_with(page.path, "number", guessed[0]) for page in PAGES if page.path.startswith("/visits/one/")),
        *(_with(page.path, "id", str(ids[0])) for page in PAGES if page.path.startswith("/institutions/one/")),
    ]
    for address in dict.fromkeys(addresses):
        answer = person.client.get(address)
        assert answer.status_code in (404, 405, 422), address
        assert not any(name in answer.text for name in names), address
    for address in (f"/agreements/step?kind=signed&number={number}", f"/agreements/items?number={number}"):
        assert not any(name in person.client.get(address).text for name in names), address
    assert seen > 20


def _with(path: str, part: str, value: str) -> str:
    return path.replace(f"{{{part}}}", value).replace(f"{{{part}:path}}", value).replace("{at:int}", "1")
