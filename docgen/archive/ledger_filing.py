"""Old paper: scans of agreements that came with a ledger and never had our codes, each filed under its agreement.

The name of the file is asked first; where it does not tell, the first page is read, where the machine can. What fits two,
what was filed before, and two files of one agreement are left to a person.
"""

import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from yiyu.docgen.archive.ledger_matching import Known, LedgerEntry, LedgerMatch, match_name, named_in
from yiyu.docgen.archive.page_matching import PagePosition, Reason
from yiyu.docgen.archive.received_files import shown
from yiyu.docgen.pdf.source import display_name
from yiyu.docgen.scans.page import Place
from yiyu.registry.errors import FileFault, ProgramFault
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Agreement, DocKind, Institution, Party
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.record_sheets import current_documents
from yiyu.registry.store.scans import find_incoming, scans_of_agreements, scans_of_file

if TYPE_CHECKING:
    from yiyu.docgen.scans.ocr_reading import TextProcess

_WITHOUT_OURS = (Reason.NO_CODE, Reason.BLANK, Reason.NEARLY_BLANK, Reason.FOREIGN)
_SHOWN = 5
"""So many agreements that fit are named."""


class Doubt(StrEnum):
    """Why a file is filed under no agreement."""

    NONE = "no-agreement"
    SEVERAL = "several-agreements"
    UNSURE = "unsure"
    UNREAD = "not-read"
    SEVERAL_FILES = "several-files"
    FILED = "already-filed"
    PRINTED = "printed-by-us"


DOUBT_LABEL = {
    Doubt.NONE: "台账里没有对得上的协议",
    Doubt.SEVERAL: "对得上的协议不止一份",
    Doubt.UNSURE: "名称、编号或年份对不齐，不能确定",
    Doubt.UNREAD: "文件名看不出来，首页的文字也没有读出来",
    Doubt.SEVERAL_FILES: "同一份协议有不止一个文件",
    Doubt.FILED: "这份协议已有扫描件",
    Doubt.PRINTED: "这份协议是本系统印制的，页上应有页面码",
}
KNOWN_LABEL = {Known.NUMBER: "文件名中的编号", Known.NAMES: "文件名中的机构名称", Known.TEXT: "识别首页文字"}


@dataclass(frozen=True, slots=True)
class LedgerFinding:
    """One file and the agreement it was filed under, ``by`` what; or ``doubt`` with the numbers that fit."""

    file: str
    agreement_id: int = 0
    number: str = ""
    by: Known | None = None
    doubt: Doubt | None = None
    candidates: tuple[str, ...] = ()


class LedgerFiling:
    """Looks files up among the agreements of the office; ``findings`` in the order asked, ``unread`` why no page was read."""

    def __init__(self, office: OfficeSession, files: Mapping[str, Sequence[Path]]) -> None:
        self.findings: list[LedgerFinding] = []
        self.unread = ""
        self._office = office
        agreements = load_agreements(office.db, items=False)
        known = directory(office).by_id
        self._entries = [_entry(known, one) for one in agreements]
        self._printed = {key for key, kind in current_documents(office.db) if kind == DocKind.AGREEMENT}
        scans = scans_of_agreements(office.db, [one.id for one in agreements])
        self._filed = {row.agreement_id for row in scans if row.kind == DocKind.AGREEMENT}
        self._by_name = {digest: self._match(paths[0]) for digest, paths in files.items()}
        sure = [found.entries[0].agreement_id for found in self._by_name.values() if found.sure]
        self._files = Counter(sure)
        self._illegible: set[Path] = set()
        self._reads: dict[str, LedgerMatch] = {}
        self._text = contextlib.ExitStack()
        self._reader: TextProcess | None = None

    def __enter__(self) -> "LedgerFiling":
        return self

    def __exit__(self, *_: object) -> None:
        self._text.close()

    def evidence(self) -> dict[int, str]:
        """What the events of filing say of it, by agreement."""
        return {one.agreement_id: f"（依据：{KNOWN_LABEL[one.by]}）" for one in self.findings if one.by}

    def find(self, path: Path, sha256: str, places: Mapping[Place, PagePosition | Reason]) -> LedgerFinding | None:
        """Say whose a file is. None for one that is no old paper: with a code of ours, blank, or placed before."""
        incoming = find_incoming(self._office.db, sha256)
        known = bool(incoming and scans_of_file(self._office.db, incoming.id))
        reasons = set(places.values())
        if known or not reasons <= set(_WITHOUT_OURS) or reasons == {Reason.BLANK}:
            return None
        finding = self._decided(path, sha256)
        self.findings.append(finding)
        self._filed |= {finding.agreement_id} - {0}
        return finding

    def read_ahead(self, path: Path, sha256: str) -> None:
        """Read the first page of a file now, where its name does not tell whose it is."""
        named = self._by_name[sha256]
        if not named.sure:
            self._reads[sha256] = self._read(path, named)

    def _decided(self, path: Path, sha256: str) -> LedgerFinding:
        file, named = shown(self._office, path), self._by_name[sha256]
        found = named if named.sure else self._reads.get(sha256) or self._read(path, named)
        if not found.sure:
            fitting = found.entries or named.entries
            doubt = Doubt.NONE if not fitting else Doubt.SEVERAL if len(fitting) > 1 else Doubt.UNSURE
            doubt = Doubt.UNREAD if path in self._illegible else doubt
            told = tuple(one.number for one in fitting[:_SHOWN])
            return LedgerFinding(file, doubt=doubt, candidates=told)
        [one] = found.entries
        doubts = {
            Doubt.PRINTED: one.agreement_id in self._printed,
            Doubt.SEVERAL_FILES: self._files[one.agreement_id] > 1,
            Doubt.FILED: one.agreement_id in self._filed,
        }
        if refused := next((doubt for doubt, holds in doubts.items() if holds), None):
            return LedgerFinding(file, doubt=refused, candidates=(one.number,))
        return LedgerFinding(file, one.agreement_id, one.number, found.by)

    def _match(self, path: Path) -> LedgerMatch:
        """By the name of the file; where it tells nothing, by that of its folder as well."""
        name = path.with_name(display_name(path))
        found = match_name(name.stem, self._entries)
        return found if found.entries else match_name(f"{path.parent.name}_{name.stem}", self._entries)

    def _read(self, path: Path, named: LedgerMatch) -> LedgerMatch:
        """The agreements, of those that the file's name speaks of, that the text of the first page speaks for.

        It is sure of one that weighs most and whose 乙方 is read there sign for sign: names of sisters differ in one.
        """
        from yiyu.docgen.scans.ocr_reading import TextProcess
        from yiyu.docgen.scans.old_paper import LedgerRow, propose

        if self.unread:
            return named
        try:
            self._reader = self._reader or self._text.enter_context(TextProcess())
            lines = [line.text for line in self._reader.lines(path, 1)]
        except ProgramFault as fault:
            self.unread = str(fault)
            return named
        except FileFault:
            self._illegible.add(path)
            return named
        entries = named.entries or self._entries
        rows = [LedgerRow(one.number, (one.childcare[0], *one.others[:1]), one.starts_on) for one in entries]
        proposed = propose(lines, rows)
        best = {one.number for one in proposed if one.weight == proposed[0].weight}
        fitting = [one for one in entries if one.number in best]
        exact = named_in("\n".join(lines), fitting)
        return LedgerMatch(tuple(exact or fitting), Known.TEXT, len(exact) == 1)


def _entry(known: Mapping[int, Institution], one: Agreement) -> LedgerEntry:
    def names(party: Party) -> list[str]:
        called = (party.facts, known.get(party.institution_id, party.facts))
        return [facts.name + facts.branch for facts in called]

    others = [name for party in one.medical_sides for name in names(party)]
    childcare = names(one.childcare)
    return LedgerEntry(one.id, one.number, one.starts_on, one.ends_on, tuple(childcare), tuple(others))
