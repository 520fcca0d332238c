"""People who work from a browser: taken in, invited, given other roles, let go; each change is an event."""

import datetime as dt
import hashlib
from collections.abc import Collection

from yiyu.registry.errors import BadInput, NotFound, StepNotAllowed
from yiyu.registry.rules.accounts import ROLE_LABEL, Account
from yiyu.registry.session import OfficeSession
from yiyu.registry.store import accounts as kept
from yiyu.registry.store.events import add_event
from yiyu.registry.store.opening import changing

INVITED_FOR = dt.timedelta(days=3)
"""How long an invitation may be used."""
LONGEST_NAME = 30


def open_account(office: OfficeSession, name: str, roles: Collection[str], district: str, token: str) -> Account:
    """Take a person in, who comes with ``token`` and chooses a password.

    Raises BadInput for a name that is none or is taken, and without a role.
    """
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadInput(f"姓名应为 1 到 {LONGEST_NAME} 个字", where=name[:LONGEST_NAME], remedy="请改正后再试")
    with changing(office.db):
        if kept.account_named(office.db, name):
            raise BadInput(f"已有叫“{name}”的人员", remedy="同名的请在姓名后加科室；要恢复已停用的，请在人员页启用")
        key = kept.add_account(office.db, name, _checked(roles), district, office.now, office.actor)
        _tell(office, "account_opened", name, {"roles": list(_checked(roles)), "district": district})
        _invite(office, key, token)
    return _of(office, key)


def invite(office: OfficeSession, key: int, token: str) -> Account:
    """Let a person choose a new password with ``token``; until then the old one holds."""
    with changing(office.db):
        one = _of(office, key)
        if one.closed:
            raise StepNotAllowed(f"“{one.name}”已停用", remedy="请先启用")
        _invite(office, key, token)
        _tell(office, "account_invited", one.name, {})
    return _of(office, key)


def change_account(
    office: OfficeSession, key: int, roles: Collection[str], district: str, *, closed: bool = False
) -> Account:
    """Give a person other roles or another 旗区, or stop (start) the account. Raises StepNotAllowed for the last keeper."""
    with changing(office.db):
        one = _of(office, key)
        keepers = [other for other in kept.accounts(office.db) if "keeper" in other.roles and not other.closed]
        if [other.id for other in keepers] == [key] and (closed or "keeper" not in roles):
            raise StepNotAllowed(f"“{one.name}”是唯一的保管人", remedy="请先让另一个人也担任保管，再改这一位")
        values = {"roles": ",".join(_checked(roles)), "district": district, "closed": int(closed)}
        kept.change_account(office.db, key, values)
        kind = "account_closed" if closed and not one.closed else "account_changed"
        _tell(office, kind, one.name, {"roles": list(_checked(roles)), "district": district})
    return _of(office, key)


def accept_invitation(office: OfficeSession, token: str, password: str) -> Account:
    """Set the password (its hash) of who comes with ``token``, which then is used up. Raises NotFound for a wrong or old one."""
    with changing(office.db):
        one = invited_with(office, token)
        kept.change_account(office.db, one.id, {"password": password, "invite": "", "invited_until": ""})
        _tell(office, "password_set", one.name, {})
    return _of(office, one.id)


def invited_with(office: OfficeSession, token: str) -> Account:
    """Who may come with ``token`` at the time of the session. Raises NotFound."""
    one = kept.invited(office.db, _digest(token))
    now = dt.datetime.fromisoformat(office.now)
    if one is None or dt.datetime.fromisoformat(one.invited_until) < now:
        raise NotFound("这个一次性链接已经用过或过期了", remedy="请向保管人要一个新的链接")
    return one


def set_password(office: OfficeSession, key: int, password: str) -> Account:
    """Give an account a new password (its hash); every other login of it ends."""
    with changing(office.db):
        kept.change_account(office.db, key, {"password": password})
        _tell(office, "password_set", _of(office, key).name, {})
    return _of(office, key)


def _invite(office: OfficeSession, key: int, token: str) -> None:
    until = (dt.datetime.fromisoformat(office.now) + INVITED_FOR).isoformat(timespec="seconds")
    kept.set_invitation(office.db, key, _digest(token), until)


def _of(office: OfficeSession, key: int) -> Account:
    one = kept.account(office.db, key)
    if one is None:
        raise NotFound("没有这位人员", remedy="请回到人员页重新选择")
    return one


def _checked(roles: Collection[str]) -> tuple[str, ...]:
    if not roles or not set(roles) <= set(ROLE_LABEL):
        raise BadInput("没有选角色", remedy=f"请至少选一个：{'、'.join(ROLE_LABEL.values())}")
    return tuple(role for role in ROLE_LABEL if role in roles)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _tell(office: OfficeSession, kind: str, name: str, data: dict[str, object]) -> None:
    told = {"name": name, **data}
    add_event(office.db, None, kind, on=office.today, recorded_at=office.now, actor=office.actor, note=name, data=told)
