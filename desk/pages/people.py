"""人员: who may work in this office, with which roles, in which 旗区; links by which they choose their passwords."""

import secrets

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.registry.commands.options import DISTRICT, TEXT
from yiyu.registry.errors import UserError
from yiyu.registry.office.accounts import INVITED_FOR, change_account, invite, open_account
from yiyu.registry.rules.accounts import ROLE_LABEL
from yiyu.registry.rules.districts import district_name, places_in_use
from yiyu.registry.store.accounts import accounts


def show(asking: Asking) -> Response:
    """All of them, and the form for one more."""
    return _page(asking)


def add(asking: Asking) -> Response:
    """Take somebody in; the link is shown once."""
    token = secrets.token_urlsafe(24)
    try:
        with asking.office() as office:
            name = asking.needed("name", TEXT, "姓名")
            one = open_account(
                office, name, asking.texts("role"), asking.read("district", DISTRICT, "旗区") or "", token
            )
    except UserError as error:
        return _page(asking, str(error))
    return _page(asking, link=_link(asking, token), whose=one.name)


def change(asking: Asking) -> Response:
    """Other roles or another 旗区, stopped or let back; or a new link."""
    key, token = int(asking.part("key")), secrets.token_urlsafe(24)
    try:
        with asking.office() as office:
            if asking.text("do") == "invite":
                return _page(asking, link=_link(asking, token), whose=invite(office, key, token).name)
            district = asking.read("district", DISTRICT, "旗区") or ""
            one = change_account(office, key, asking.texts("role"), district, closed=asking.text("closed") == "1")
    except UserError as error:
        return _page(asking, str(error))
    return asking.go("/keeper/people", f"已改：{one.name}")


def _link(asking: Asking, token: str) -> str:
    return f"{asking.request.base_url}invited/{token}"


def _page(asking: Asking, fault: str = "", link: str = "", whose: str = "") -> Response:
    with asking.office() as office:
        people = accounts(office.db)
        districts = {code: district_name(code) for code in places_in_use().counties(office.workspace.config.region)}
    return asking.page(
        "people.html", status=422 if fault else 200, people=people, labels=ROLE_LABEL, districts=districts,
        fault=fault, link=link, whose=whose, days=INVITED_FOR.days,
    )  # fmt: skip
