"""Which agreement of a ledger a scan without page codes is, by the words of its file name. Pure.

Two that fit are two, and a name that stands inside a longer one is not taken for it: a person decides.
"""

import datetime as dt
import itertools
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from yiyu.registry.rules.similar import core

_SHORTEST_NAME = 4
"""Characters; 阳光 is the beginning of too many names."""
_SHORTEST_NUMBER = 6
"""Letters and digits; a shorter number says nothing among other words, only where it is all of them."""
_CHINESE = re.compile(r"[\u3400-\u9fff]+$")
_BETWEEN = re.compile(r"(?:合作|协议书?|签约|扫描件?|旧件|[甲乙丙]方|单位|名称|年度?|与|和|及|同|的)$")
"""Words that may stand before a name without being part of it."""
_SISTER = re.compile(
    r"(?:服务|中心|机构|站|点)*(?:第?[一二三四五六七八九十\d]{1,2})?分?(?:园|院|店|部|校区|[东南西北][区园院])"
)
"""What after a name makes it another's: 星河托育中心二园."""
_LESS = ("服务中心", "服务", "中心", "机构", "站", "点")
"""Endings that people leave out of a file's name."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class Known(StrEnum):
    """By what a scan was known."""

    NUMBER = "number"
    NAMES = "names"
    TEXT = "text"
    """What is read on its first page."""


@dataclass(frozen=True)
class LedgerEntry:
    """One agreement: its number, its term, and the names of 乙方 and of the other parties, printed and present."""

    agreement_id: int
    number: str
    starts_on: dt.date
    ends_on: dt.date
    childcare: tuple[str, ...]
    others: tuple[str, ...]

    @cached_property
    def number_parts(self) -> list[str]:
        return [part for part in re.split(r"[\W_]+", _plain(self.number)) if part]

    @cached_property
    def short_names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of 乙方 without region and legal form; and those without their usual endings."""
        cores = tuple({_plain(core(name)) for name in self.childcare})
        less = {name.removesuffix(end) for name in cores for end in _LESS if name.endswith(end)}
        return cores, tuple(less)

    def holds(self, year: int) -> bool:
        """Whether paper of that year can be its: it may be signed the year before it begins."""
        return self.starts_on.year - 1 <= year <= self.ends_on.year


@dataclass(frozen=True, slots=True)
class LedgerMatch:
    """``entries`` that fit; ``sure``: it is one, and nothing speaks against it. ``by`` is None where none fits."""

    entries: tuple[LedgerEntry, ...]
    by: Known | None
    sure: bool


def match_name(text: str, entries: Sequence[LedgerEntry]) -> LedgerMatch:
    """Find the agreements that ``text``, the name of a file, speaks of."""
    words = _plain(text)
    numbered = _longest([(one, found[0]) for one in entries if (found := _number_in(one, words)) is not None])
    named, bounded = _named(words, entries)
    if numbered:
        both = [one for one in numbered if one in named]
        agreed = both or not named
        return LedgerMatch(
            tuple(both or [*numbered, *named]), Known.NUMBER, bool(agreed) and len(both or numbered) == 1
        )
    best = _fitting(words, named)
    years = {int(year) for year in _YEAR.findall(words)}
    sure = len(best) == 1 and bounded and (not years or any(map(best[0].holds, years)))
    return LedgerMatch(tuple(best), Known.NAMES if best else None, sure)


def named_in(text: str, entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """The agreements whose 乙方 is named in ``text`` sign for sign, not as a part of another name."""
    named, whole = _named(_plain(text), entries)
    return named if whole else []


def _plain(text: str) -> str:
    """Ordinary forms, capitals, no blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).upper())


def _number_in(one: LedgerEntry, words: str) -> re.Match[str] | None:
    """The number, however its parts are separated, not inside a longer one."""
    parts = one.number_parts
    if not parts or not all(part in words for part in parts):
        return None
    number = r"[\W_]*".join(map(re.escape, parts))
    if sum(map(len, parts)) < _SHORTEST_NUMBER:
        return re.fullmatch(number, words)
    return re.search(rf"(?<![0-9A-Z]){number}(?![0-9A-Z])", words)


def _longest(found: Sequence[tuple[LedgerEntry, str]]) -> list[LedgerEntry]:
    """Those whose words are not part of another's."""
    return [one for one, words in found if not any(words != other and words in other for _, other in found)]


def _named(words: str, entries: Sequence[LedgerEntry]) -> tuple[list[LedgerEntry], bool]:
    """Agreements of the 乙方 that is named, by the fullest form; and whether its name is all of a name that stands there."""
    forms: tuple[Callable[[LedgerEntry], Collection[str]], ...] = (
        lambda one: [_plain(name) for name in one.childcare],
        lambda one: one.short_names[0],
        lambda one: one.short_names[1],
    )
    loose: list[LedgerEntry] = []
    for form in forms:
        found = [(one, name) for one in entries for name in form(one) if len(name) >= _SHORTEST_NAME and name in words]
        whole = [(one, name) for one, name in found if _stands_alone(words, name, one.others)]
        if whole:
            return list(dict.fromkeys(_longest(whole))), True
        loose += _longest(found)
    return list(dict.fromkeys(loose)), False


def _stands_alone(words: str, name: str, others: Iterable[str]) -> bool:
    """Whether the name stands somewhere without being part of a longer one; a place before it is no part of it."""
    around = words.split(name)
    return any(
        _ends_before(before, others) and not _SISTER.match(after) for before, after in itertools.pairwise(around)
    )


def _ends_before(before: str, others: Iterable[str]) -> bool:
    """Whether what stands before a name is over: no Chinese character, or words and names that end there."""
    found = _CHINESE.search(before)
    if found is None:
        return True
    rest = found[0]
    for other in others:
        rest = rest.removesuffix(_plain(other))
    while (shorter := _BETWEEN.sub("", rest)) != rest:
        rest = shorter
    return not rest or core(f"A{rest}") == "A" or rest.endswith(tuple(map(_plain, others)))


def _fitting(words: str, named: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """Of several agreements of one 乙方 those that most of the other words speak for: other parties, then the year."""
    counted = [sum(_plain(name) in words or _plain(core(name)) in words for name in one.others) for one in named]
    best = [one for one, count in zip(named, counted, strict=True) if count == max(counted, default=0)]
    years = set(_YEAR.findall(words))
    return [one for one in best if str(one.starts_on.year) in years] or best
