"""Which items of the catalogue a cell of a 登记册 means."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from yiyu.registry.model import Agreement, Severity
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.workbooks.rows import ReadRow
from yiyu.registry.workbooks.text import comparison_key

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
                    row.note("items", Severity.WARNING, "item-unknown", f"服务目录中没有“{token.strip()[:20]}”，未关联")
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
