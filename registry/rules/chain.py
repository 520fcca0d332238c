"""The hash chains: an altered, dropped or moved entry no longer follows from the one before; and their short head. Pure."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_SHOWN = 10
_HEAD = re.compile(r"(?<![0-9A-Za-z])(\d{1,12})-([0-9A-Fa-f]{10})(?![0-9A-Za-z])")
_CALLED = re.compile(r"链头\D{0,8}(\d{1,12})\s*[-‐‑\x02\ufffe]\s*([0-9A-Fa-f]{10})(?![0-9A-Za-z])")
"""By its name on a page, where a line may end within it: readers of PDF give such a hyphen signs of their own."""
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


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


def head_line(head: Head, on: dt.date) -> str:
    """What a catalogue or a report says of the registry it was made from, and what that is good for."""
    day = f"{on.year}年{on.month}月{on.day}日"
    return f"截至{day}，登记库共有{head.events}条记录，链头{head}。凭链头可以查出此前的记录后来是否被改动过。"


def read_head(text: str) -> Head | None:
    """The last head written in a text: ``812-3FA9C1D2E0``, whatever stands around it; None where there is none."""
    return head_in([text])


def head_in(pages: Iterable[str]) -> Head | None:
    """The head on the first page that calls it 链头, else the last that looks like one: a telephone number can, too."""
    found = None
    for page in pages:
        plain = page.translate(_UNSEEN)
        if called := _CALLED.findall(plain):
            return Head(int(called[-1][0]), called[-1][1].upper())
        if alike := _HEAD.findall(plain):
            found = Head(int(alike[-1][0]), alike[-1][1].upper())
    return found
