"""What the package of an office says of itself beside its files: the day, the chain, figures, and the offices below it."""

import datetime as dt
from typing import Any

import msgspec

from yiyu.registry.config import OfficeName
from yiyu.registry.offices.container import Region

FACTS = "facts"
TABLES, PACKAGES, TEMPLATES, SETTINGS = "tables", "packages", "templates", "settings.json"
DEEPEST = 4
"""So many offices above each other: 省, 市, 旗区, and one to spare."""


class Chain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far the registry had come: as :class:`yiyu.registry.store.exporting.ChainPosition`."""

    events: int
    changes: int
    last_hash: str
    head: str


class Schema(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: int
    name: str


class HeldPackage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The package of an office below that travels along, byte for byte."""

    sha256: str
    as_of: dt.date
    events: int


class OfficeBelow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An office below, under the key this office knows it by; ``package`` None: it has not handed in."""

    region: Region
    name: OfficeName
    key: str
    package: HeldPackage | None


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``figures``: by period as it is written, the rows of its rates as ``report rates --json`` gives them, the total last."""

    as_of: dt.date
    schema: Schema
    chain: Chain
    contacts: bool
    figures: dict[str, list[dict[str, Any]]]
    offices: tuple[OfficeBelow, ...]


def table_file(table: str) -> str:
    return f"{TABLES}/{table}.jsonl"


def package_file(region: str) -> str:
    return f"{PACKAGES}/{region}.yiyu"
