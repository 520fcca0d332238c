"""The hash chains: an altered, dropped or moved entry no longer follows from the one before; and their short head. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import NamedTuple

_SHOWN = 10
_HEAD = re.compile(r"(?<![0-9A-Za-z])(\d{1,12})-([0-9A-Fa-f]{10})(?![0-9A-Za-z])")


class Head(NamedTuple):
    """How far a registry had come: how many events, and the first characters of its newest link, as printed."""

    events: int
    mark: str

    def __str__(self) -> str:
        return f"{self.events}-{self.mark}"


EMPTY = Head(0, "0" * _SHOWN)
"""Of a registry into which nothing was ever entered."""


def link(previous: str, facts: Mapping[str, object]) -> str:
    """SHA-256 over the previous link and this entry's facts as sorted JSON."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def head_of(events: int, digest: str) -> Head:
    return Head(events, digest[:_SHOWN].upper())


def read_head(text: str) -> Head | None:
    """The last head written in a text: ``812-3FA9C1D2E0``, whatever stands around it; None where there is none."""
    found = _HEAD.findall(text)
    return Head(int(found[-1][0]), found[-1][1].upper()) if found else None
