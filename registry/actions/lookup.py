"""Find what a person means by a name, a code or a number; never guess between two."""

from collections.abc import Iterable, Sequence

from rapidfuzz import process

from yiyu.registry.desk import Desk
from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.model import KIND_LABEL, Institution, Kind
from yiyu.registry.sheets.text import comparison_key
from yiyu.registry.store.agreements import agreement_ids, all_numbers
from yiyu.registry.store.institutions import all_institutions

_SUGGEST_FROM = 60
"""Similarity in percent below which a suggestion confuses more than it helps."""


class Directory:
    """The institutions known on a day, found by code, by name, or by id."""

    def __init__(self, institutions: Iterable[Institution]) -> None:
        self.all = list(institutions)
        self.by_id = {one.id: one for one in self.all}
        self._by_code: dict[str, list[Institution]] = {}
        self._by_name: dict[str, list[Institution]] = {}
        for one in self.all:
            self._by_name.setdefault(comparison_key(one.name), []).append(one)
            if one.code:
                self._by_code.setdefault(one.code, []).append(one)

    def find(self, text: str, kind: Kind | None = None) -> Institution:
        """The one institution ``text`` names. Raises NotFound with the nearest names, BadInput when two fit."""
        key = comparison_key(text)
        found = self._by_code.get(key.upper()) or self._by_name.get(key) or []
        found = [one for one in found if kind in (None, one.kind)]
        if len(found) == 1:
            return found[0]
        label = KIND_LABEL[kind] if kind else "机构"
        if found:
            raise BadInput(
                f"“{text}”对应 {len(found)} 家{label}", where="、".join(o.code for o in found), remedy="请改用信用代码"
            )
        names = [one.name for one in self.all if kind in (None, one.kind)]
        raise NotFound(f"没有找到{label}“{text}”", remedy=did_you_mean(text, names) or "请先用 institution import 导入")

    def matching(self, wanted: Institution) -> Institution | None:
        """The stored institution a roster row speaks of: same code and branch, else same name and 旗区."""
        if wanted.code:
            for one in self._by_code.get(wanted.code, ()):
                if one.kind is wanted.kind and one.branch == wanted.branch:
                    return one
        for one in self._by_name.get(comparison_key(wanted.name), ()):
            same = one.kind is wanted.kind and one.district == wanted.district and one.branch == wanted.branch
            if same and not (one.code and wanted.code):
                return one
        return None


def directory(desk: Desk) -> Directory:
    return Directory(all_institutions(desk.db, desk.today))


def numbers_to_ids(desk: Desk, numbers: Sequence[str]) -> dict[str, int]:
    """Agreement ids for all of ``numbers``. Raises NotFound for the first unknown one, with the nearest."""
    known = agreement_ids(desk.db, numbers)
    for number in numbers:
        if number not in known:
            suggestion = did_you_mean(number, all_numbers(desk.db))
            raise NotFound(f"没有编号为“{number}”的协议", remedy=suggestion or "请用 agreement list 查看已有编号")
    return known


def did_you_mean(text: str, choices: Sequence[str]) -> str:
    """Give "您是不是要找：…", or "" when nothing is near."""
    near = process.extract(text, choices, limit=3, score_cutoff=_SUGGEST_FROM)
    return f"您是不是要找：{'、'.join(name for name, _, _ in near)}" if near else ""
