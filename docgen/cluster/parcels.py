"""What goes to a worker and comes back: plain bytes with a checksum, read by a strict schema, no objects of Python."""

import datetime as dt
import hashlib
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from yiyu.docgen.scans.page import PageReading

T = TypeVar("T")

MARK = b"yiyu-parcel-1\n"
"""Begins every parcel, so that one is known on the wire."""
_DIGEST = hashlib.sha256().digest_size

ModelFile = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(?:\d{6}/){0,4}(?:registry\.db|manifest\.json|settings\.json|holidays-\d{4}\.toml|templates/[^/\\\x00]+/[^/\\\x00]+\.(?:toml|csv))\Z"
    ),
]
Suffix = Annotated[str, msgspec.Meta(pattern=r"^(?:\.[a-z]{3,4})?\Z")]


class ParcelFault(Exception):
    """A parcel that is not what was sent, or does not say what it should."""


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Identity(_Body, frozen=True, tag=True):
    """What results depend on, beside what is sent. Equal ones give equal results."""

    version: str
    build: str
    """Of the modules of yiyu, which may change within a version."""
    engine: str
    """What turns Word into PDF, with its version; "" where there is none."""
    fonts: str
    """Of the names and versions of all faces."""
    reader: str
    """What opens scans and reads codes, with versions; "" where it is not installed."""


class Conversion(_Body, frozen=True, tag=True):
    """Word files to be made into PDF, as they stand: no number, name or path beside them."""

    asker: Identity
    documents: tuple[bytes, ...]


class Scan(_Body, frozen=True):
    """The bytes of a file of scanned pages; of its name only the ending, by which its kind is told."""

    suffix: Suffix
    data: bytes


class Recognition(_Body, frozen=True, tag=True):
    """Scans whose pages are to be read."""

    asker: Identity
    scans: tuple[Scan, ...]


class OfficeFiles(_Body, frozen=True):
    """The read model of one office, by name of each file in its folder: what it handed up itself, and nothing of who asks."""

    files: dict[ModelFile, bytes]


class Counting(_Body, frozen=True, tag=True):
    """Offices of which a question is asked, as of ``today`` and of what was known on ``known_on``."""

    asker: Identity
    question: str
    options: dict[str, str]
    today: dt.date
    known_on: dt.date | None
    district: str
    town: str
    provider: str
    offices: tuple[OfficeFiles, ...]


class Counted(_Body, frozen=True, tag=True):
    """The answer of each office as MessagePack; b"" where it could not be opened or asked."""

    asked: bytes
    answers: tuple[bytes, ...]


class Converted(_Body, frozen=True, tag=True):
    """The PDF of each document, b"" for one that could not be made. ``asked``: the SHA-256 of the parcel answered."""

    asked: bytes
    documents: tuple[bytes, ...]


class Recognised(_Body, frozen=True, tag=True):
    """The pages of each scan; none for one that could not be read."""

    asked: bytes
    scans: tuple[tuple[PageReading, ...], ...]


class Declined(_Body, frozen=True, tag=True):
    """Nothing was done."""

    asked: bytes
    why: Literal["identity", "parcel", "failed"]


def seal(body: msgspec.Struct) -> bytes:
    """The parcel of a body: a mark, the SHA-256 of what follows, and the body as MessagePack."""
    data = msgspec.msgpack.encode(body)
    return MARK + hashlib.sha256(data).digest() + data


def unseal(parcel: object, kind: type[T]) -> T:
    """What a parcel holds. Raises ParcelFault for what is no parcel, was altered on its way, or is no such body."""
    found: T = _unsealed(parcel, kind)
    return found


def asked_in(parcel: object) -> Conversion | Recognition | Counting:
    """The work a parcel asks for. Raises as :func:`unseal` does."""
    found: Conversion | Recognition | Counting = _unsealed(parcel, Conversion | Recognition | Counting)
    return found


def _unsealed(parcel: object, kind: object) -> Any:  # noqa: ANN401 - of the kind, which may be a union
    if not isinstance(parcel, bytes) or not parcel.startswith(MARK):
        raise ParcelFault("不是约定的格式")
    begins = len(MARK) + _DIGEST
    data = parcel[begins:]
    if hashlib.sha256(data).digest() != parcel[len(MARK) : begins]:
        raise ParcelFault("校验和不对")
    try:
        return msgspec.msgpack.decode(data, type=kind, strict=True)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ParcelFault("内容不合约定") from error


def answer_to(parcel: bytes, answer: object, kind: type[T]) -> T:
    """The answer of a worker to a parcel. Raises ParcelFault also where it answers another one, or declines."""
    found: T | Declined = _unsealed(answer, kind | Declined)
    if getattr(found, "asked", b"") != hashlib.sha256(parcel).digest():
        raise ParcelFault("答的是另一件")
    if isinstance(found, Declined):
        raise ParcelFault(_DECLINED[found.why])
    return found


_DECLINED = {"identity": "它的程序或字体中途变了", "parcel": "送到的内容不对", "failed": "它没有做成"}
