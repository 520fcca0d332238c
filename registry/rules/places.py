"""Districts, their towns, and every spelling a cell has for them (domain.md#districts). Pure: the rows are handed in.

A code is looked up in rings around the office: its own region, then the city, the province, the country. The first ring
that knows a spelling answers; where it knows two, both are given and a person decides.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from yiyu.registry.rules.codes import fold

_NOISE = re.compile(r"[-/>·,、。;:\"'“”‘’《》〈〉【】\[\]|→_—]")
_LEVEL = re.compile(r"(自治县|自治旗|联合旗|矿区|新区|区|县|市|旗)$")
_WIDE_LEVEL = re.compile(r"(壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|地区|省|市|盟)$")
_TOWN = re.compile(r"[\u3400-\u9fff]{1,15}(镇|乡|苏木|街道)")
_TOWN_ENDS = ("", "镇", "街道", "乡", "苏木")
_ZONE = re.compile(r"高新|经开|开发|经济|保税|示范|产业园|工业园|园区|新区|管委会|管理区")
_CODE_AND_NAME = re.compile(r"(\d{6}|\d{12})\(?(\D+?)\)?|(\D+?)\(?(\d{6}|\d{12})\)?")
_ABRIDGED = "旗区县市"
"""The last sign of a short name before a town: 达旗树林召. Without it 东胜 and its town cannot be told apart from a name."""
_SIDES = "前后左右中"
"""Sister 旗 differ in one of these: 鄂托克 may be 鄂托克旗 and 鄂托克前旗."""

Rows = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """A district by its six-digit code, and the town the same words name, or ""."""

    code: str
    town: str = ""


class PlaceFault(ValueError):
    """Why a text is no district: ``code`` is ``district-unknown`` or ``district-ambiguous``."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class Places:
    """What an office in ``region`` calls its places.

    ``read`` gives the rows of a table: ``districts`` (code, name), ``former`` (name, codes split by |, year, old code),
    ``spoken`` (name, code), ``towns`` (nine digits, name), ``traditional`` (sign, simplified sign).
    ``own`` gives the office's own words for a code; a code outside ``districts`` is then a district of its own.
    """

    def __init__(
        self, read: Callable[[str], Rows], region: str = "", own: Callable[[], Mapping[str, str]] = dict
    ) -> None:
        self._read, self._read_own = read, own
        self._known: dict[str, tuple[Place, ...]] = {}
        self._by_ring: dict[str, _Ring] = {}
        self._labels: dict[str, str] = {}
        inner = _prefix(region)
        self.rings = tuple(dict.fromkeys((inner, inner[:4], inner[:2], "")))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Code to name: provinces (ending in 0000), cities (00) and counties, in the order of codes."""
        return {row[0]: row[1] for row in self._read("districts")}

    @cached_property
    def own(self) -> Mapping[str, str]:
        """The office's own words, folded, to their codes."""
        return {_key(name): code for name, code in self._read_own().items()}

    def name(self, code: str) -> str:
        """The name of a code, or the code itself where it is none."""
        if code in self.names:
            return self.names[code]
        return next((name for name, own in self._read_own().items() if own == code), code)

    def label(self, code: str) -> str:
        """The shortest of name, name after its city, and path that means this code and no other."""
        if code not in self._labels:
            name = self.name(code)
            labels = (name, self.names.get(code[:4] + "00", "") + name) if code in self.names else ()
            sure = (label for label in labels if self._spelled(label) == (Place(code),))
            self._labels[code] = next(sure, self.path(code) if labels else name)
        return self._labels[code]

    def path(self, code: str) -> str:
        """The name with its province and city before it."""
        above = (code[:2] + "0000", code[:4] + "00")
        return "".join(self.names.get(one, "") for one in above if one != code) + self.name(code)

    def counties(self, region: str = "") -> list[str]:
        """Codes of the county-level districts of ``region`` (default: the office's; a county's: its city's), in order."""
        prefix = _prefix(region) if region else self.rings[0][:4]
        return [code for code in self.names if code.startswith(prefix) and not code.endswith("00")]

    def find(self, text: str) -> tuple[Place, ...]:
        """What a text may mean: none, one, or several between which a person decides."""
        if text not in self._known:
            self._known[text] = self._find(_key(text))
        return self._known[text]

    def place(self, text: str) -> Place:
        """The one place a text means. Raises PlaceFault, which says what to write instead."""
        found = self.find(text)
        if len(found) == 1:
            return found[0]
        shown = " ".join(text.split())[:20]
        if found:
            which = "、".join(f"{self.path(one.code)}（{one.code}）" for one in found[:4])
            raise PlaceFault("district-ambiguous", f"“{shown}”不止一处：{which}，请写全路径或六位代码")
        raise PlaceFault("district-unknown", self._unknown(shown))

    def mentioned(self, texts: Iterable[str]) -> str:
        """The code of the one district that titles name in full, in the nearest ring that has any; else ""."""
        for prefix in [ring for ring in self.rings if ring]:
            if found := {code for text in texts for code in self._named_in(text, prefix)}:
                return found.pop() if len(found) == 1 else ""
        return ""

    def words(self) -> frozenset[str]:
        """Every name of a place in the office's province, and what the province is called for short."""
        prefix = self.rings[0][:2]
        around = {name for code, name in self.names.items() if code.startswith(prefix)}
        return frozenset(around | {_WIDE_LEVEL.sub("", self.names.get(prefix + "0000", "")) or "中国"})

    def _find(self, key: str) -> tuple[Place, ...]:
        if not key:
            return ()
        if key in self.own:
            return (Place(self.own[key]),)
        if key.isdecimal():
            return self._of_code(key)
        if both := _CODE_AND_NAME.fullmatch(key):
            named = self._spelled(both[2] or both[3])
            coded = {one.code: one for one in self._of_code(both[1] or both[4])}
            return tuple(coded[one.code] for one in named if one.code in coded)
        return self._spelled(key) or self._spelled(key.translate(self._simplified))

    def _of_code(self, digits: str) -> tuple[Place, ...]:
        code = digits[:6]
        if len(digits) not in (6, 9, 12):
            return ()
        if code in self.names or code in self.own.values():
            return (Place(code, self._towns.get(digits[:9], "") if len(digits) > 6 else ""),)
        return tuple(Place(one) for one in self._former_codes.get(code, ()))

    def _spelled(self, key: str) -> tuple[Place, ...]:
        for scope, rest in self._parses(key):
            if not rest:
                return (Place(scope.ljust(6, "0")),)
            for prefix in self._rings_within(scope):
                if found := self._in_ring(self._ring(prefix), rest, spoken=bool(prefix)):
                    return tuple(dict.fromkeys(found))
        return ()

    def _parses(self, key: str) -> Iterator[tuple[str, str]]:
        """Readings as a path: the prefix of codes that province and city leave, and the words after them."""
        yield "", key
        for name, scope in self._above:
            if key.startswith(name):
                rest = key[len(name) :]
                if len(scope) == 2:
                    for inner, city in self._above:
                        if city.startswith(scope) and city != scope and rest.startswith(inner):
                            yield from _whole(city, inner, rest, self.names)
                yield from _whole(scope, name, key, self.names)

    def _rings_within(self, scope: str) -> Iterator[str]:
        yield from (ring for ring in self.rings if ring.startswith(scope))
        if scope not in self.rings:
            yield scope

    def _in_ring(self, ring: "_Ring", words: str, *, spoken: bool) -> Iterator[Place] | list[Place]:
        whole = ring.names.get(words) or ring.former.get(words) or (ring.short.get(words, []) if spoken else [])
        if whole:
            return [Place(code) for code in whole]
        found = []
        for end in range(len(words) - 1, 1, -1):
            codes = ring.names.get(words[:end]) or ring.former.get(words[:end])
            if not codes and words[end - 1] in _ABRIDGED and spoken:  # 伊旗阿镇, 达旗树林召
                codes = ring.short.get(words[:end])
            for code in codes or ():
                if town := self._town(code, words[end:].strip("()")):
                    found.append(Place(code, town))
        return found

    def _town(self, code: str, words: str) -> str:
        """The town of a district that words name, "" for none: one of the data, or one with a town's ending it lacks."""
        name = words.removesuffix("办事处")
        full = [name + end for end in _TOWN_ENDS if self._has_town(code, name + end)]
        if full:
            return full[0] if len(full) == 1 or full[0] == name else ""
        return name if _TOWN.fullmatch(name) and not self._has_town(code[:4], name) else ""

    def _has_town(self, prefix: str, name: str) -> bool:
        return any(digits.startswith(prefix) for digits in self._towns_by_name.get(name, ()))

    def _named_in(self, text: str, prefix: str) -> list[str]:
        ring = self._ring(prefix)
        hits = [name for name in ring.names if name in text]
        hits = [one for one in hits if not any(one != other and one in other for other in hits)]
        codes = [code for name in hits for code in ring.names[name]]
        sure = [code for code in codes if self.names.get(code[:4] + "00", "\0") in text]
        return sure if len(codes) > len(hits) and sure else codes

    def _unknown(self, shown: str) -> str:
        if re.fullmatch(r"\d{6}|\d{9}|\d{12}", key := _key(shown)):
            hint = "这是统计用的开发区代码；" if "71" <= key[4:6] <= "80" else ""
            return f"没有行政区划代码 {key[:6]}，{hint}请核对后写全称或六位代码"
        if _ZONE.search(shown):
            entry = f'yiyu.toml 的 [districts] 里写 "{shown}" = "代码"'
            return f"“{shown}”没有自己的行政区划代码，请写所在的旗区；本单位要认它的，请在 {entry}"
        known = self.counties()
        example = f"（如 {self.names[known[-1]]}）" if known else ""
        return f"不认识旗区“{shown}”，请写全称{example}或六位行政区划代码"

    def _ring(self, prefix: str) -> "_Ring":
        if prefix not in self._by_ring:
            counties = [
                (code, name) for code, name in self.names.items() if _is_county(code) and code.startswith(prefix)
            ]
            former = [(c, row[0]) for row in self._read("former") for c in row[1].split("|") if c.startswith(prefix)]
            spoken = [(code, name) for name, code in self._read("spoken") if code.startswith(prefix)]
            self._by_ring[prefix] = _Ring(counties, [(c, n) for c, n in former if _is_county(c)], spoken)
        return self._by_ring[prefix]

    @cached_property
    def _above(self) -> list[tuple[str, str]]:
        """Names of provinces and cities, full, short and former, with the prefix of their codes; the longest first."""
        wide = [(name, _prefix(code)) for code, name in self.names.items() if not _is_county(code)]
        wide += [(_WIDE_LEVEL.sub("", name), prefix) for name, prefix in wide]
        for name, codes, *_ in self._read("former"):
            several = codes.split("|")
            wide += [(name, _prefix(code)) for code in several if len(several) > 1 or not _is_county(code)]
        return sorted(dict.fromkeys(wide), key=lambda pair: -len(pair[0]))

    @cached_property
    def _former_codes(self) -> Mapping[str, Sequence[str]]:
        return {row[3]: row[1].split("|") for row in self._read("former") if row[3]}

    @cached_property
    def _towns(self) -> Mapping[str, str]:
        return {row[0]: row[1] for row in self._read("towns")}

    @cached_property
    def _towns_by_name(self) -> Mapping[str, Sequence[str]]:
        found = defaultdict(list)
        for code, name in self._towns.items():
            found[name].append(code)
        return found

    @cached_property
    def _simplified(self) -> Mapping[int, str]:
        return str.maketrans({row[0]: row[1] for row in self._read("traditional")})


class _Ring:
    """The spellings of the districts of one area: each to the codes it may mean."""

    def __init__(self, counties: Rows, former: Rows, spoken: Rows) -> None:
        self.names, self.former, self.short = _index(counties), _index(former), _index(spoken)
        stems = _index([(code, _LEVEL.sub("", name)) for code, name in counties])
        for stem, codes in list(stems.items()):
            sisters = [code for side in _SIDES for code in stems.get(stem + side, ())]
            if len(stem) > 1:
                self.short[stem] += [code for code in (*codes, *sisters) if code not in self.short[stem]]


def _key(text: str) -> str:
    key = _NOISE.sub("", fold(text))
    return key[1:-1] if key.startswith("(") and key.endswith(")") else key


def _prefix(code: str) -> str:
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def _is_county(code: str) -> bool:
    return not code.endswith("00")


def _whole(scope: str, name: str, words: str, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The words after ``name``; none after a short name alone, which would be 海南 for 海南省."""
    rest = words[len(name) :]
    if rest or names.get(scope.ljust(6, "0")) == name:
        yield scope, rest


def _index(rows: Rows) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code, name in rows:
        found[name].append(code)
    return found
