"""Accounts of people who work from a browser: read by name, by number, or by an invitation."""

from sqlite_utils import Database

from yiyu.registry.rules.accounts import Account
from yiyu.registry.store.opening import insert

_COLUMNS = "id, name, roles, district, epoch, password, invited_until, closed"


def accounts(db: Database) -> list[Account]:
    """All of them, those that were closed too, by name."""
    return _found(db, "1 ORDER BY name", [])


def account(db: Database, key: int) -> Account | None:
    """The account of that number."""
    return next(iter(_found(db, "id = ?", [key])), None)


def account_named(db: Database, name: str) -> Account | None:
    """The account of that name, closed or not."""
    return next(iter(_found(db, "name = ?", [name])), None)


def invited(db: Database, invite: str) -> Account | None:
    """Who was invited with the token of this SHA-256 and has not yet come."""
    return next(iter(_found(db, "invite = ? AND invite <> '' AND closed = 0", [invite])), None)


def add_account(db: Database, name: str, roles: tuple[str, ...], district: str, recorded_at: str, actor: str) -> int:
    """A new one, without a password; gives its number. Call inside ``changing``."""
    row = {"name": name, "roles": ",".join(roles), "district": district, "epoch": 1, "password": "", "invite": ""}
    row |= {"invited_until": "", "closed": 0, "recorded_at": recorded_at, "actor": actor}
    return insert(db, "accounts", row)


def change_account(db: Database, key: int, changes: dict[str, object]) -> None:
    """Set columns and let every login made before end. Call inside ``changing``."""
    epoch = db.execute("SELECT epoch FROM accounts WHERE id = ?", [key]).fetchone()[0]
    db.table("accounts").update(key, {**changes, "epoch": epoch + 1})


def set_invitation(db: Database, key: int, invite: str, until: str) -> None:
    """Let who has the token of this SHA-256 choose a password until that moment; logins hold. Call inside ``changing``."""
    db.table("accounts").update(key, {"invite": invite, "invited_until": until})


def _found(db: Database, condition: str, values: list[object]) -> list[Account]:
    rows = db.execute(f"SELECT {_COLUMNS} FROM accounts WHERE {condition}", values)  # noqa: S608 - our own text
    return [
        Account(key, name, tuple(roles.split(",")), district, epoch, password, until, bool(closed))
        for key, name, roles, district, epoch, password, until, closed in rows
    ]
