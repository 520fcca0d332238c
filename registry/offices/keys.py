"""The key of an office: with it a package is signed, by its public half an office above knows whose it is (decision 43)."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from yiyu.registry.config import KEY_NAME, Workspace
from yiyu.registry.errors import FileFault, ProgramFault
from yiyu.registry.files import read_bytes, write_atomic
from yiyu.registry.rights import refuse_readable
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import add_event, events_of_kind
from yiyu.registry.store.opening import changing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MADE = "office_key_made"
_LOST = (
    "请从备份（yiyu backup --with-files 做的）放回 office.key；确实没有了，用 yiyu office key --again 另做一把，"
    "并请上级换用新的公钥"
)
_SCHEME = "ed25519:"
_MOST_BYTES = 4096
_SHOWN, _GROUP = 16, 4


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """``public``: ``ed25519:`` and base64 of its 32 bytes, as it stands in the ``yiyu.toml`` of another office."""

    public: str
    _private: "Ed25519PrivateKey"

    def sign(self, data: bytes) -> bytes:
        """The 64 bytes of the signature (RFC 8032)."""
        return self._private.sign(data)


def office_key(office: OfficeSession, *, again: bool = False, dry_run: bool = False) -> OfficeKey:
    """The key of the office, made at the first time it is asked for; of a dry run one that is not kept.

    ``again``: one that was lost is made anew. Raises ProgramFault without the library, FileFault for one that others can
    read, that is none, or that was lost.
    """
    _require()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = office.workspace.root / KEY_NAME
    if path.is_file():
        return _read(path)
    with changing(office.db, dry_run=dry_run):  # who comes at the same moment waits, and finds it
        if path.is_file():
            return _read(path)
        if not again and events_of_kind(office.db, MADE):
            raise FileFault("本级的密钥不在了", where=str(path), remedy=_LOST)
        key = _of(Ed25519PrivateKey.generate())
        note = fingerprint(key.public)
        told = {"key": key.public}
        add_event(
            office.db,
            None,
            MADE,
            on=office.today,
            recorded_at=office.now,
            actor=office.actor,
            note=note,
            data=told,
        )
        if not dry_run:
            write_atomic(path, _pem(key), office=office.workspace.root)
    return key


def held_key(workspace: Workspace) -> OfficeKey | None:
    """The key where there is one. Raises ProgramFault, FileFault as :func:`office_key` does."""
    path = workspace.root / KEY_NAME
    return _read(path) if path.is_file() else None


def signed_by(public: str, data: bytes, signature: bytes) -> bool:
    """Whether the signature over ``data`` was made with the other half of ``public``; False for a key that is none.

    Raises ProgramFault without the library.
    """
    _require()
    from cryptography.exceptions import InvalidSignature

    try:
        _public(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: str) -> str:
    """What two people read to each other: the first 16 signs of the SHA-256 of the 32 bytes, in groups of four."""
    digest = hashlib.sha256(base64.b64decode(public.removeprefix(_SCHEME))).hexdigest()[:_SHOWN]
    return " ".join(digest[at : at + _GROUP] for at in range(0, _SHOWN, _GROUP))


def _read(path: Path) -> OfficeKey:
    refuse_readable(path, "本级的密钥")
    _require()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        found = load_pem_private_key(read_bytes(path, limit=_MOST_BYTES), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        found = None
    if not isinstance(found, Ed25519PrivateKey):
        raise FileFault("本级的密钥读不懂，没有使用", where=str(path), remedy=f"请移走这个文件，{_LOST}")
    return _of(found)


def _of(private: "Ed25519PrivateKey") -> OfficeKey:
    return OfficeKey(_SCHEME + base64.b64encode(private.public_key().public_bytes_raw()).decode(), private)


def _pem(key: OfficeKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())  # noqa: SLF001 - its own


def _public(text: str) -> "Ed25519PublicKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text.removeprefix(_SCHEME), validate=True))


def _require() -> None:
    """Raise ProgramFault where the library is not installed."""
    try:
        import cryptography  # noqa: F401 - asked for once, before anything of it is used
    except ImportError as error:
        raise ProgramFault("没有安装签名的组件", remedy="请运行 pip install 'yiyu[office]' 后再试") from error
