"""Who is logged in: a signed cookie, and the token that every form of this login carries; the one module that knows itsdangerous."""

import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadData, URLSafeTimedSerializer

from yiyu.registry.errors import FileFault
from yiyu.registry.files import read_bytes, write_atomic

COOKIE = "yiyu_desk"
HOURS = 12
"""After so many a person logs in again: a working day."""
KEY_NAME = ".desk.key"
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Login:
    """``account`` is its number, 0 for whoever started the desk for oneself; ``epoch`` of the account when logged in."""

    account: int
    epoch: int
    id: str

    @classmethod
    def new(cls, account: int, epoch: int) -> "Login":
        """A login nobody can guess."""
        return cls(account, epoch, secrets.token_urlsafe(16))


class Logins:
    """Signs cookies and form tokens with the key of this office."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._serializer = URLSafeTimedSerializer(key, salt="yiyu.desk.login")

    def cookie(self, login: Login) -> str:
        """What the browser keeps."""
        return self._serializer.dumps([login.account, login.epoch, login.id])

    def read(self, cookie: str) -> Login | None:
        """The login a cookie stands for; None where it is not of ours, or more than :data:`HOURS` old."""
        try:
            account, epoch, name = self._serializer.loads(cookie, max_age=HOURS * 3600)
            return Login(int(account), int(epoch), str(name))
        except (BadData, ValueError, TypeError):
            return None

    def token(self, login: Login) -> str:
        """What every form of this login sends along; a page of another origin cannot know it."""
        return hmac.new(self._key, f"form {login.id}".encode(), "sha256").hexdigest()

    def fits(self, login: Login, token: str) -> bool:
        """Whether ``token`` is the one of this login."""
        return hmac.compare_digest(self.token(login).encode(), token.encode())


def office_key(root: Path) -> bytes:
    """The key in the workspace, made on first use, readable by its owner alone: logins outlast a restart. Raises FileFault."""
    path = root / KEY_NAME
    if not path.exists():
        write_atomic(path, secrets.token_hex(_KEY_BYTES).encode(), office=root)
    key = read_bytes(path, limit=4 * _KEY_BYTES)
    if len(key) < _KEY_BYTES:
        raise FileFault("登录密钥文件坏了", where=str(path), remedy="请删除它后重新打开，各人重新登录即可")
    return key
