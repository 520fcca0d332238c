"""Find what a person means by a name, a code or a number; never guess between two."""

import contextlib
from collections.abc import Iterable, Sequence

from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.model import KIND_LABEL, Institution, Kind
from yiyu.registry.rules.search import Searched, nearest, search
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import agreement_ids, all_numbers
from yiyu.registry.store.institutions import all_institutions, former_names, merged_institutions
from yiyu.registry.workbooks.text import comparison_key

_LEAST_LETTERS = 2
"""A single letter is a slip of the finger, not the pinyin of a name."""
_SHORTEST_CODE = 15
"""Fewer digits are the number of a row, not a code."""


class Directory:
    """The institutions known on a day, found by code, by name, or by id.

    ``merged``: those merged into another with the id of that one, which is found by their names and codes as well.
    ``former``: names of other days, by id; such a name finds its holder where nobody has it now.
    """

    def __init__(
        self,
        institutions: Iterable[Institution],
        merged: Sequence[tuple[Institution, int]] = (),
        former: Iterable[tuple[int, str]] = (),
    ) -> None:
        self.all = list(institutions)
        self.by_id = {institution.id: institution for institution in self.all}
        self._by_code: dict[str, list[Institution]] = {}
        self._by_name: dict[str, list[Institution]] = {}
        for institution in self.all:
            self._by_name.setdefault(comparison_key(institution.name), []).append(institution)
            if institution.code:
                self._by_code.setdefault(institution.code, []).append(institution)
        self._by_former_name: dict[str, list[Institution]] = {}
        for key, name in former:
            holder = self.by_id.get(key)
            if holder is not None and comparison_key(name) != comparison_key(holder.name):
                self._by_former_name.setdefault(comparison_key(name), []).append(holder)
        self._merged = Directory(former for former, _ in merged) if merged else None
        self._kept = {former.id: kept for former, kept in merged}

    def find(self, text: str | int, kind: Kind | None = None) -> Institution:
        """The one institution ``text`` names. Raises NotFound with the nearest names, BadInput when two fit.

        An int is the id of one, as a page knows it; digits that a person or a file wrote are a text and never one.
        """
        if isinstance(text, int):
            if (held := self.holder(text)) is None:
                raise NotFound(f"没有序号为 {text} 的机构", remedy="可用 institution list 查看")
            return held
        key = comparison_key(text)
        called = self._by_code.get(key.upper()) or self._by_name.get(key) or self._by_former_name.get(key) or []
        matching = [institution for institution in called if kind in (None, institution.kind)]
        matching = matching or (self._by_sound(key, kind) if not called else [])
        if len(matching) == 1:
            return matching[0]
        label = KIND_LABEL[kind] if kind else "机构"
        if not matching and self._merged is not None:
            with contextlib.suppress(NotFound):
                return self.by_id[self._stays(self._merged.find(text, kind).id)]
        if matching:
            raise BadInput(
                f"“{text}”对应 {len(matching)} 家{label}",
                where="、".join(o.code for o in matching),
                remedy="请改用信用代码",
            )
        for other in (*self._by_code.get(key.upper(), ()), *self._by_name.get(key, ())):
            raise NotFound(f"“{other.name}”是{KIND_LABEL[other.kind]}，这里要{label}", remedy="请核对是否写反")
        names = [institution.name for institution in self.all if kind in (None, institution.kind)]
        remedy = "可用 institution list --search 查找" if names else "请先用 institution import 导入"
        raise NotFound(f"没有找到{label}“{text}”", remedy=did_you_mean(text, names) or remedy)

    def _by_sound(self, key: str, kind: Kind | None) -> list[Institution]:
        """The one institution whose name the letters of ``key`` spell; none where they spell several."""
        if not (key.isascii() and key.isalpha() and len(key) >= _LEAST_LETTERS):
            return []
        institutions = [institution for institution in self.all if kind in (None, institution.kind)]
        spelled = search(key, institutions, lambda institution: Searched(names=(institution.name,)))
        return spelled if len(spelled) == 1 else []

    def find_merged(self, text: str) -> tuple[Institution, Institution]:
        """The one merged into another that ``text`` names (name, code or id), and the one that is kept.

        Raises NotFound where none is so called, BadInput where several are.
        """
        every = self._merged.all if self._merged else []
        found = [one for one in every if text == str(one.id)] if text.isdigit() and len(text) < _SHORTEST_CODE else []
        key = comparison_key(text)
        found = found or [one for one in every if key in (comparison_key(one.name), one.code.lower(), one.code)]
        if len(found) > 1:
            named = "、".join(f"{one.id} {one.name}" for one in found)
            raise BadInput(f"并入别家的机构中有 {len(found)} 家叫“{text}”", where=named, remedy="请改用前面的序号")
        if not found:
            names = [one.name for one in every]
            remedy = did_you_mean(text, names) or "可用 institution history 查看机构的合并记录"
            raise NotFound(f"没有并入别家的机构“{text}”", remedy=remedy)
        return found[0], self.by_id[self._stays(found[0].id)]

    def matching(self, wanted: Institution) -> Institution | None:
        """The stored institution a roster row speaks of, be it by what one merged into it was called."""
        found = self.found(wanted)
        former = None if found else self.former(wanted)
        return self.by_id.get(self._stays(former.id)) if former else found

    def found(self, wanted: Institution) -> Institution | None:
        """The one that is itself so called: same code and branch, else same name and 旗区."""
        if wanted.code:
            for institution in self._by_code.get(wanted.code, ()):
                if institution.kind is wanted.kind and institution.branch == wanted.branch:
                    return institution
        key = comparison_key(wanted.name)
        named: list[Institution] = [*self._by_name.get(key, []), *self._by_former_name.get(key, [])]
        for institution in named:
            same = (
                institution.kind is wanted.kind
                and institution.district == wanted.district
                and institution.branch == wanted.branch
            )
            if same and not (institution.code and wanted.code):
                return institution
        return None

    def former(self, wanted: Institution) -> Institution | None:
        """The merged institution a roster row still speaks of; None where one that is kept is so called."""
        if self._merged is None or self.found(wanted):
            return None
        return self._merged.found(wanted)

    def holder(self, key: int) -> Institution | None:
        """The institution of an id, or the one it was merged into; None where nothing was known of it on the day."""
        return self.by_id.get(self._stays(key))

    def _stays(self, key: int) -> int:
        """The one that is left, of several merged one into another."""
        while key in self._kept:
            key = self._kept[key]
        return key


def within_scope(office: OfficeSession, institution: Institution) -> bool:
    """Whether an institution lies in the 旗区 and town that the session is limited to."""
    scope = office.scope
    return scope.district in ("", institution.district) and scope.town in ("", institution.town)


def institution_of(office: OfficeSession, key: int) -> Institution:
    """The institution of an id, or the one it was merged into; the others are not read. Raises NotFound."""
    merged = {former.id: kept for former, kept in merged_institutions(office.db, office.today)}
    kept = key
    while kept in merged:
        kept = merged[kept]
    found = all_institutions(office.db, office.today, [kept])
    if not found:
        raise NotFound(f"没有序号为 {key} 的机构", remedy="可用 institution list 查看")
    return found[0]


def directory(office: OfficeSession) -> Directory:
    day = office.today
    return Directory(all_institutions(office.db, day), merged_institutions(office.db, day), former_names(office.db))


def numbers_to_ids(office: OfficeSession, numbers: Sequence[str]) -> dict[str, int]:
    """Agreement ids for all of ``numbers``. Raises NotFound for the first unknown one, with the nearest."""
    ids = agreement_ids(office.db, numbers)
    for number in numbers:
        if number not in ids:
            suggestion = did_you_mean(number, all_numbers(office.db))
            raise NotFound(f"没有编号为“{number}”的协议", remedy=suggestion or "请用 agreement list 查看已有编号")
    return ids


def did_you_mean(text: str, choices: Sequence[str]) -> str:
    """Give "您是不是要找：…", or "" when nothing is near."""
    near = nearest(text, choices)
    return f"您是不是要找：{'、'.join(near)}" if near else ""


def searched(*institutions: Institution, numbers: tuple[str, ...] = ()) -> Searched:
    """What a row is found by that speaks of these institutions and agreements."""
    places = [text for institution in institutions for text in (institution.address, institution.town) if text]
    codes = [*numbers, *(institution.code for institution in institutions if institution.code)]
    names = dict.fromkeys(institution.name for institution in institutions)
    return Searched(tuple(names), tuple(dict.fromkeys(places)), tuple(dict.fromkeys(codes)))


def why_nothing(office: OfficeSession, text: str, *, agreements: bool = False) -> str:
    """The sentence for a search that listed nothing: it fits only what other conditions leave out, or the nearest."""
    institutions = [one for one in directory(office).all if within_scope(office, one)]
    numbers = all_numbers(office.db) if agreements and office.scope.whole else []
    rows = [*map(searched, institutions), *(searched(numbers=(number,)) for number in numbers)]
    if search(text, rows, lambda row: row):
        wanted, also = ("协议", "，或用 agreement pair 看还缺哪些协议") if agreements else ("机构", "")
        return f"有符合“{text}”的记录，但没有符合全部条件的{wanted}；请去掉其他条件再试{also}"
    suggestion = did_you_mean(text, [*(institution.name for institution in institutions), *numbers])
    return f"没有找到“{text}”；{suggestion or '可以只写名称、地址或代码中的一段，或拼音、首字母'}"
