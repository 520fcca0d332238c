"""Which institution a row of a ledger means: by code, by name, never by guess between two."""

from collections.abc import Iterable
from dataclasses import replace

from yiyu.registry.agreements.ledger.columns import SIDES
from yiyu.registry.agreements.ledger.workbook import text_in
from yiyu.registry.institutions.lookup import did_you_mean
from yiyu.registry.model import KIND_LABEL, ROLE_KIND, Institution, Severity
from yiyu.registry.rules.districts import district_code
from yiyu.registry.workbooks.cells import CellFault
from yiyu.registry.workbooks.rows import ReadRow
from yiyu.registry.workbooks.text import comparison_key


class Parties:
    """The institutions of today, by code and by name."""

    def __init__(self, institutions: Iterable[Institution]) -> None:
        self._by_code: dict[str, list[Institution]] = {}
        self._by_name: dict[str, list[Institution]] = {}
        for one in institutions:
            self._by_name.setdefault(comparison_key(one.name), []).append(one)
            if one.code:
                self._by_code.setdefault(one.code, []).append(one)

    def of_row(self, row: ReadRow) -> tuple[Institution, ...]:
        """甲, 乙 and where there is one 丙, each under the name it signed with (domain.md#trap-renamed); faults are noted.

        A code wins over the name, which may have changed since, unless the name is another's.
        """
        found = []
        for role, side in SIDES.items():
            name, code = text_in(row, side), text_in(row, f"{side}_code")
            if not name and not code:
                if role != "丙":
                    row.note(side, Severity.ERROR, "party-missing", f"没有{role}方，请补填名称或代码")
                continue
            by_code = code in self._by_code
            try:
                one = self._right(role, self._of_code(role, name, code) if by_code else self._of_name(role, name, code))
                one = one if len(one) == 1 else _nearest(one, name or code, text_in(row, "district"))
            except CellFault as fault:
                row.note(f"{side}_code" if code and by_code else side, Severity.ERROR, fault.code, str(fault))
                continue
            found.append(_as_signed(row, side, one[0], name))
        return tuple(found)

    def _right(self, role: str, found: list[Institution]) -> list[Institution]:
        right = [one for one in found if one.kind is ROLE_KIND[role]]
        if not right:
            message = f"“{found[0].name}”不能作{role}方，{role}方应为{KIND_LABEL[ROLE_KIND[role]]}，请核对双方是否写反"
            raise CellFault("party-side", message)
        return right

    def _of_code(self, role: str, name: str, code: str) -> list[Institution]:
        found = self._by_code[code]
        same = [one for one in found if comparison_key(one.name) == comparison_key(name)]
        others = [one for one in self._by_name.get(comparison_key(name), []) if one.kind is ROLE_KIND[role]]
        if not same and others:
            message = f"代码 {code} 是“{found[0].name}”，名称却写着“{name}”，请核对名称和代码"
            raise CellFault("party-ambiguous", message)
        return same or found

    def _of_name(self, role: str, name: str, code: str) -> list[Institution]:
        found = self._by_name.get(comparison_key(name), []) if name else []
        if code and found and all(one.code for one in found):
            known = "、".join(one.code for one in found)
            raise CellFault("party-unknown", f"登记库中“{name}”的代码是 {known}，表中是 {code}，请核对")
        if not found:
            kind = ROLE_KIND[role]
            names = [one.name for group in self._by_name.values() for one in group if one.kind is kind]
            hint = did_you_mean(name, names) or "请先用 institution import 导入名册"
            raise CellFault("party-unknown", f"登记库中没有{KIND_LABEL[kind]}“{name or code}”；{hint}")
        return found


def _nearest(found: list[Institution], text: str, district: str) -> list[Institution]:
    """Of several, the only one of the row's 旗区."""
    near = [one for one in found if one.district == district_code(district)]
    if len(near) != 1:
        which = "、".join(one.branch or one.code or one.district for one in found)
        message = f"“{text}”对应 {len(found)} 家机构（{which}），请写明信用代码和与登记库一致的名称"
        raise CellFault("party-ambiguous", message)
    return near


def _as_signed(row: ReadRow, side: str, one: Institution, name: str) -> Institution:
    if not name or comparison_key(name) == comparison_key(one.name):
        return one
    message = f"登记库中该机构现名“{one.name}”，协议保留表中的名称"
    row.note(side, Severity.WARNING, "name-differs", message)
    return replace(one, name=name)
