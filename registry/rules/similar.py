"""Which institutions may be one and the same. Pure; a person decides.

Source: domain.md#trap-branches: branches share a code.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from yiyu.registry.model import Institution
from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.districts import places_in_use

ALIKE = 95
"""Percent of likeness of two names; below it different institutions of a town begin to meet."""
ALIKE_BUT_FOR_FORM = 75
"""The same where the names proper are equal: 小树苗托育中心 and 小树苗托育服务站."""

_LEGAL = re.compile(r"(股份)?有限(责任)?公司|(个体工商户)|分公司|民办非企业单位|（[^）]*）|\([^)]*\)")
_GENERAL = re.compile(r"婴幼儿|照护|托育|早教|服务|中心|机构|幼儿园|托班|[站园所院部]$")
_ORDINAL = re.compile(r"第?[一二三四五六七八九十\d]+(?=分?[园所院部店号幼托])|[东南西北](?=[区园院])")
"""What tells sister institutions apart: 第一幼儿园 and 第二幼儿园 are alike and never the same."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two institutions of one kind and why they may be one; ``score`` in percent, 100 for the same code or name."""

    first: Institution
    second: Institution
    score: int
    reason: str


def alike(institutions: Iterable[Institution]) -> list[Alike]:
    """Pairs that may be one institution, the surest first; each within one kind and one 旗区 or with one code."""
    groups: dict[tuple[str, str], list[Institution]] = defaultdict(list)
    by_code: dict[tuple[str, str], list[Institution]] = defaultdict(list)
    for one in institutions:
        groups[one.kind, one.district].append(one)
        if one.code:
            by_code[one.kind, one.code].append(one)
    found = [pair for group in groups.values() for pair in _by_name(group)]
    known = {frozenset((pair.first.id, pair.second.id)) for pair in found}
    for group in by_code.values():
        for first, second in combinations(group, 2):
            if first.branch == second.branch and frozenset((first.id, second.id)) not in known:
                found.append(Alike(first, second, 100, "信用代码相同"))
    return sorted(found, key=lambda pair: (-pair.score, pair.first.id, pair.second.id))


def core(name: str) -> str:
    """A name without region, legal form and what stands in brackets; the whole of it where nothing else is left."""
    folded = fold(name)
    return _LEGAL.sub("", _place_pattern(places_in_use().words()).sub("", folded)) or folded


@cache
def _place_pattern(words: frozenset[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


def _by_name(group: list[Institution]) -> Iterator[Alike]:
    from rapidfuzz import fuzz, process

    names = [core(one.name) for one in group]
    ordinals = [tuple(_ORDINAL.findall(name)) for name in names]
    for at, first in enumerate(group[:-1]):
        near = process.extract(
            names[at], names[at + 1 :], scorer=fuzz.ratio, score_cutoff=ALIKE_BUT_FOR_FORM, limit=None
        )
        for _, score, behind in near:
            second = group[at + 1 + behind]
            branches = first.code and first.code == second.code and first.branch != second.branch
            both = first.code and second.code and first.code != second.code
            other = names[at + 1 + behind]
            proper = score >= ALIKE or _GENERAL.sub("", names[at]) == _GENERAL.sub("", other) != ""
            if not proper or ordinals[at] != ordinals[at + 1 + behind] or branches or (both and score < 100):
                continue
            yield Alike(first, second, round(score), _reason(first, second, round(score)))


def _reason(first: Institution, second: Institution, score: int) -> str:
    reasons = ["名称去掉地区和公司字样后相同" if score == 100 else f"名称相近（{score}%）"]
    reasons += ["联系电话相同"] if first.phone and first.phone == second.phone else []
    if bool(first.code) != bool(second.code):
        reasons.append("其中一家没有信用代码")
    elif first.code != second.code:
        reasons.append("信用代码不同")
    return "，".join(reasons)
