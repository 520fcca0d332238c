"""Which agreements and which items of their lists a row of a register speaks of."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from functools import cache

from yiyu.registry.institutions.lookup import did_you_mean
from yiyu.registry.model import KIND_LABEL, Agreement, Institution, Kind, Severity
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.standings import AgreementStatus
from yiyu.registry.workbooks.cells import CellFault
from yiyu.registry.workbooks.rows import ReadRow
from yiyu.registry.workbooks.text import comparison_key

_APART = re.compile(r"[、,，;；\n]+")


class Matching:
    """The agreements by number and by the names of their parties, as printed and as they are called today."""

    def __init__(self, standings: Iterable[AgreementStatus], institutions: Iterable[Institution]) -> None:
        self._known = {one.id: one for one in institutions}
        self._by_number = {one.agreement.number: one for one in standings}
        self._by_name: dict[tuple[Kind, str], set[str]] = {}
        self._kinds: dict[str, Kind] = {}
        for one in self._by_number.values():
            for party in one.agreement.parties:
                for name in self._names(party.facts, party.institution_id):
                    self._by_name.setdefault((party.facts.kind, comparison_key(name)), set()).add(one.agreement.number)
        for institution in self._known.values():
            self._kinds.setdefault(comparison_key(institution.name), institution.kind)

    def of_row(self, numbers: str, medical: str, childcare: str, on: dt.date) -> tuple[str, ...]:
        """Numbers of agreements. Raises CellFault with the code ``agreement-…`` or ``party-…``."""
        if numbers:
            return tuple(dict.fromkeys(self._number(one) for one in re.split(r"[、,，;；\s]+", numbers) if one))
        if not childcare:
            raise CellFault("agreement-missing", "没有协议编号，也没有乙方名称，请补填其中一项")
        children = self._split(Kind.CHILDCARE, childcare)
        providers = self._split(Kind.MEDICAL, medical) if medical else [""]
        return tuple(dict.fromkeys(self._pair(one, other, on) for one in providers for other in children))

    def of_names(self, childcare: str) -> tuple[int, ...]:
        """Ids of the institutions of a cell, for what belongs to no agreement. Raises CellFault ``party-…``."""
        known = {comparison_key(one.name): key for key, one in self._known.items() if one.kind is Kind.CHILDCARE}
        texts = [childcare] if comparison_key(childcare) in known else _APART.split(childcare)
        names = [text for text in texts if text.strip()]
        if not names:
            raise CellFault("party-missing", "没有托育机构名称，请补填")
        for name in names:
            if comparison_key(name) not in known:
                hint = did_you_mean(name, [self._known[key].name for key in known.values()]) or "请核对名称"
                raise CellFault("party-unknown", f"登记库中没有{KIND_LABEL[Kind.CHILDCARE]}“{name[:40]}”；{hint}")
        return tuple(dict.fromkeys(known[comparison_key(name)] for name in names))

    def _number(self, number: str) -> str:
        if number not in self._by_number:
            hint = did_you_mean(number, list(self._by_number)) or "请用 agreement list 查看已有编号"
            raise CellFault("agreement-unknown", f"没有编号为“{number[:60]}”的协议；{hint}")
        return number

    def _split(self, kind: Kind, text: str) -> list[str]:
        whole = self._by_name.get((kind, comparison_key(text)))
        return [text] if whole else [one for one in _APART.split(text) if one.strip()]

    def _pair(self, medical: str, childcare: str, on: dt.date) -> str:
        found = self._of(Kind.CHILDCARE, childcare)
        if medical:
            found &= self._of(Kind.MEDICAL, medical)
        pair = f"“{medical}”与“{childcare}”" if medical else f"“{childcare}”"
        live = [one for number in sorted(found) if (one := self._by_number[number]).state.voided_on is None]
        if not live:
            raise CellFault("agreement-unknown", f"{pair}没有协议，请先登记协议，或改填协议编号")
        current = [one for one in live if one.agreement.starts_on <= on <= one.ends_on] or live
        signed = [one for one in current if one.state.signing == "signed"] or current
        if len(signed) > 1:
            which = "、".join(one.agreement.number for one in signed)
            raise CellFault("agreement-ambiguous", f"{pair}有 {len(signed)} 份协议（{which}），请填明协议编号")
        return signed[0].agreement.number

    def _of(self, kind: Kind, name: str) -> set[str]:
        found = self._by_name.get((kind, comparison_key(name)))
        if found:
            return set(found)
        if self._kinds.get(comparison_key(name)) is kind:
            raise CellFault("agreement-unknown", f"“{name[:40]}”还没有协议，请先登记协议")
        names = [one.name for one in self._known.values() if one.kind is kind]
        hint = did_you_mean(name, names) or "请核对名称，或改填协议编号"
        raise CellFault("party-unknown", f"登记库中没有{KIND_LABEL[kind]}“{name[:40]}”；{hint}")

    def _names(self, facts: Institution, key: int) -> Iterable[str]:
        for one in (facts, self._known.get(key, facts)):
            yield one.name
            if one.branch:
                yield f"{one.name}（{one.branch}）"


_CODE = re.compile(r"[A-Z]\d{2,3}")


class Items:
    """Codes and names of catalogues, and the serials of lists."""

    def __init__(self, office: OfficeSession) -> None:
        self._office = office
        self._entries, self._serials = cache(self._of_pack), cache(self._of_list)
        self._words = cache(self._of_packs)

    def names(self, packs: Iterable[str]) -> dict[str, str]:
        """Catalogue code to name."""
        return {code: name for pack in packs for code, name in self._entries(pack).items()}

    def read(self, row: ReadRow, text: str, agreements: Sequence[Agreement]) -> tuple[str, ...]:
        """Codes of what a cell names: F01, F01 上门对接和指导, the name alone, or the 序号 in the agreement's list.

        A code that no catalogue has is an error, other words are a warning and left out.
        """
        if not text:
            return ()
        known = self._words(tuple(sorted({one.pack for one in agreements})))
        if len(agreements) == 1:
            known = known | self._serials(agreements[0].id)
        whole = known.get(comparison_key(text))
        found: dict[str, None] = {whole: None} if whole else {}
        for part in () if whole else re.split(r"[；;\n]", text):
            one = known.get(comparison_key(part))
            for token in [part] if one else re.split("[、，,]", part):
                if code := known.get(comparison_key(token)):
                    found[code] = None
                elif _CODE.fullmatch(token.strip()):
                    row.note("items", Severity.ERROR, "item-unknown", f"服务目录中没有“{token.strip()}”")
                elif token.strip():
                    row.note(
                        "items",
                        Severity.WARNING,
                        "item-unknown",
                        f"服务目录中没有“{token.strip()[:20]}”，未关联，按原样存入其他内容",
                    )
        return tuple(sorted(found))

    def _of_packs(self, packs: tuple[str, ...]) -> dict[str, str]:
        """Every way to write an item, folded, to its code."""
        names = self.names(packs)
        words = ((code, name, f"{code}{name}") for code, name in names.items())
        return {comparison_key(word): code for code, *rest in words for word in (code, *rest)}

    def _of_pack(self, pack: str) -> dict[str, str]:
        entries = self._office.pack_named(pack).catalogue
        return {one.key: one.name for one in entries}

    def _of_list(self, agreement_id: int) -> dict[str, str]:
        (whole,) = load_agreements(self._office.db, [agreement_id])
        return {str(one.seq): one.code for one in whole.items}
