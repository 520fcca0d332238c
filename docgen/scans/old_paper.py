"""Which row of a ledger an old agreement belongs to that bears no code of ours, by the text of its first page. Pure.

A proposal for a person: agreements of the same two parties from several years differ in a number and a date.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

_LIKE_LETTERS = str.maketrans("OoQDIl|〇", "00001110")
"""What is read for one another; in both texts, so that nothing is lost by it."""
_NUMBER_ALIKE, _NAME_ALIKE = 94.0, 85.0
"""Of 100: a number of 20 characters may hold one read wrongly, a name of 14 two."""
_SHORTEST = 4
"""Characters of a number or a name that can be told from others."""
_NUMBER, _NAME, _DATE = 6, 2, 1
"""How much each says: a number more than both names with any date."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What stands on the paper of an agreement, by the ledger."""

    number: str
    names: tuple[str, ...]
    starts_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class RowMatch:
    """A row that a page fits, ``found`` the values of the row that were read on it; ``weight`` compares rows."""

    number: str
    found: tuple[str, ...]
    weight: int


def propose(lines: Iterable[str], rows: Sequence[LedgerRow]) -> list[RowMatch]:
    """The rows that the text of a page fits, best first; of none a single name.

    The first is a proposal only where the second weighs less: else the page does not tell them apart.
    """
    text = _plain("".join(lines))
    matches = [one for row in rows if (one := _match(text, row)).weight >= 2 * _NAME]
    return sorted(matches, key=lambda one: (-one.weight, one.number))


def _match(text: str, row: LedgerRow) -> RowMatch:
    found = [(row.number, _NUMBER)] if _holds(text, row.number, _NUMBER_ALIKE) else []
    found += [(name, _NAME) for name in dict.fromkeys(row.names) if _holds(text, name, _NAME_ALIKE)]
    if (on := row.starts_on) and (_plain(f"{on.year}年{on.month}月{on.day}日") in text):
        found.append((on.isoformat(), _DATE))
    return RowMatch(row.number, tuple(value for value, _ in found), sum(weight for _, weight in found))


def _holds(text: str, value: str, alike: float) -> bool:
    wanted = _plain(value)
    return len(wanted) >= _SHORTEST and fuzz.partial_ratio(wanted, text, score_cutoff=alike) > 0


def _plain(text: str) -> str:
    """Letters and digits alone, full width as half, those that are read for one another as one."""
    wide = unicodedata.normalize("NFKC", text).translate(_LIKE_LETTERS)
    return "".join(one for one in wide if one.isalnum()).upper()
