"""A document whose pages are all there: bound as one PDF, its 归档 steps recorded, red seals hinted at."""

import contextlib
import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path

from yiyu.docgen.archive.page_matching import CopyPages, Gathered, gather, incomplete, left_out
from yiyu.docgen.archive.received_files import digest
from yiyu.docgen.naming import safe_name
from yiyu.docgen.scans.binding import ScannedPage, bind
from yiyu.docgen.scans.page import RED_LABEL, Half, Ink, Red
from yiyu.registry.agreements.steps import ALL_PARTIES, write_step
from yiyu.registry.archive.archival_items import FROM_SCAN
from yiyu.registry.errors import Failure, StepNotAllowed, UserError
from yiyu.registry.lifecycle import ACCEPTED, FILING, AgreementState, replay
from yiyu.registry.model import DOC_KIND_LABEL, Agreement, DocKind
from yiyu.registry.rules.districts import district_name
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.comparisons import differences
from yiyu.registry.store.events import events_of
from yiyu.registry.store.opening import changing
from yiyu.registry.store.record_sheets import DocumentRow, current_documents
from yiyu.registry.store.scans import (
    OLD,
    BoundRow,
    bound_scans,
    drop_bound_scan,
    incoming_files,
    put_bound_scan,
    scans_of_agreements,
)

OLD_PAPER = "旧件"
_CORRECT = "登记过的归档步骤请用 agreement correct 更正"
_TAKEN_BACK = f"缺页，装订过的文件已撤下；{_CORRECT}"
Key = tuple[int, str, int]
"""Agreement id, kind, version: one version of one document."""
_SCANNED = FILING[1 : FILING.index("checked") + 1]
"""The steps a complete scan is the evidence for."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What there is of one document. ``path`` of the bound PDF is from the workspace, "" while pages are missing.

    ``originals``: which pages came of which original, where they are of several; those missing are missing of the best.
    ``filing``: where the 归档 axis stands now; ``note``: why it does not stand at 已校验; ``hint``: what the sign page
    looks like. All three "" where they do not apply.
    """

    number: str
    kind: DocKind
    version: int
    pages: int
    expected: int
    missing: tuple[int, ...]
    duplicate: tuple[int, ...]
    originals: tuple[CopyPages, ...] = ()
    path: str = ""
    filing: str = ""
    note: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class _FilingRecords:
    """What the registry knew when filing began, read once for all documents."""

    bound: Mapping[Key, BoundRow]
    current: Mapping[tuple[int, str], DocumentRow]
    files: Mapping[int, Path]

    @classmethod
    def of(cls, office: OfficeSession) -> "_FilingRecords":
        files = {row.id: office.workspace.root / row.path for row in incoming_files(office.db)}
        return cls(bound_scans(office.db), current_documents(office.db), files)


@dataclass(frozen=True, slots=True)
class Filing:
    """How documents are filed. ``by_hand``: a person placed the pages, so that what was checked is bound again.

    ``inks``: what was seen on the pages read this time, by incoming file and by page and half of it. ``evidence``: by what
    OLD paper was known, by agreement.
    """

    office: OfficeSession
    signed: bool = False
    sealed: bool = False
    by_hand: bool = False
    dry_run: bool = False
    inks: Mapping[tuple[int, tuple[int, str]], Ink] = field(default_factory=dict)
    evidence: Mapping[int, str] = field(default_factory=dict)

    def file(self, documents: AbstractSet[Key], changed: Collection[Key]) -> tuple[list[Filed], list[Failure]]:
        """Look at ``documents``, binding those that are complete; ``changed`` are those with new pages.

        Each in a transaction of its own; a dry run is inside one of the caller's.
        """
        ids = sorted({key[0] for key in documents})
        agreements = {one.id: one for one in load_agreements(self.office.db, ids, items=False)}
        gathered = [one for one in gather(scans_of_agreements(self.office.db, ids)) if one.key in documents]
        newest, records = _newest(gathered), _FilingRecords.of(self.office)
        filed: list[Filed] = []
        failed: list[Failure] = []
        for one in gathered:
            agreement = agreements[one.agreement_id]
            known = _known(agreement, one)
            try:
                if one.missing:
                    gone = self.by_hand and one.key not in newest and self._unbind(one.key)
                    filed.append(replace(known, note=_TAKEN_BACK if gone else incomplete(one)))
                elif newest[one.key] is not one:
                    note = f"同一文书另一次打印的 {newest[one.key].expected} 页已收齐，以它为准"
                    filed.append(replace(known, note=note))
                else:
                    filed.append(self._complete(records, agreement, one, known, changed=one.key in changed))
            except UserError as error:
                filed.append(replace(known, note="没有装订成文件"))
                failed.append(Failure.of(_path(agreement, one), error))
        emptied = sorted(documents - {one.key for one in gathered})
        filed += [self._emptied(agreements[key[0]], key) for key in emptied]
        return sorted(filed, key=lambda one: (one.number, list(DocKind).index(one.kind), one.version)), failed

    def _emptied(self, agreement: Agreement, key: Key) -> Filed:
        """A document of which a person left no page: what was bound of it is no more."""
        self._unbind(key)
        note = f"没有它的扫描件了；{_CORRECT}"
        return Filed(agreement.number, DocKind(key[1]), key[2], 0, 0, (), (), note=note)

    def _unbind(self, key: Key) -> bool:
        """Take away what was bound of a document that is whole no more; whether there was anything."""
        with contextlib.nullcontext() if self.dry_run else changing(self.office.db):
            gone = drop_bound_scan(self.office.db, key)
        if gone and not self.dry_run:
            (self.office.workspace.root / gone.path).unlink(missing_ok=True)
        return gone is not None

    def _complete(
        self, records: _FilingRecords, agreement: Agreement, one: Gathered, known: Filed, *, changed: bool
    ) -> Filed:
        office, known = self.office, replace(known, path=_path(agreement, one))
        roles = [party.role for party in agreement.parties]
        state = replay(events_of(office.db, agreement.id), roles, dt.date.max)
        before = records.bound.get(one.key)
        # What was checked stays as it was seen, unless a person says otherwise; what is gone is made again.
        settled = not changed or (FILING.index(state.filing) >= FILING.index("checked") and not self.by_hand)
        stands = before is not None and settled and _intact(office, before)
        bound = None if stands or self.dry_run else self._bind(records, one, known.path)
        if bound and bound[1]:
            known = replace(known, hint="电子签名只在收到的原件里有效")
        with contextlib.nullcontext() if self.dry_run else changing(office.db):
            if bound is not None:
                put_bound_scan(office.db, bound[0])
            if known.kind is not DocKind.AGREEMENT:
                return known
            current = records.current.get((agreement.id, one.kind))
            if current and one.version not in (OLD, current.version):
                return replace(known, note=f"是旧版 v{one.version}（现行 v{current.version}），归档状态不变")
            scan = f"{FROM_SCAN}{known.path}{self.evidence.get(agreement.id, '')}"
            note = self._steps(agreement, state, scan, held=self._differing(one))
            state = replay(events_of(office.db, agreement.id), roles, dt.date.max)
            # Where the seals of other forms stand, nobody knows.
            own = one.chosen if one.version != OLD else ()
            inks = [self.inks.get((row.file_id, row.place)) for row in own]
            hints = (known.hint, seal_hint(roles, inks, one.chosen[-1].red))
            note = note or left_out(one)
            return replace(known, filing=state.filing, note=note, hint="；".join(filter(None, hints)))

    def _bind(self, records: _FilingRecords, one: Gathered, path: str) -> tuple[BoundRow, bool]:
        """Bind it; its row, and whether a digital signature was left behind in the original."""
        target = self.office.workspace.root / path
        pages = [ScannedPage(records.files[row.file_id], row.file_page, row.turn, Half(row.half)) for row in one.chosen]
        unsigned = bind(pages, target)
        row = BoundRow(*one.key, path, digest(target), target.stat().st_size, one.expected, self.office.now)
        return row, unsigned

    def _differing(self, one: Gathered) -> str:
        """Why a document is not 已校验 though all is there: the scan says something else than was printed."""
        pages = {row.page for row in one.chosen}
        rows = [row for row in differences(self.office.db, [one.agreement_id]) if row.key == one.key]
        open_ = sum(row.page in pages and row.verdict != ACCEPTED for row in rows)
        return f"有 {open_} 处与打印的不同，还没有认可，请看 archive differences {rows[0].number}" if open_ else ""

    def _steps(self, agreement: Agreement, state: AgreementState, note: str, *, held: str) -> str:
        """Move the axes of an agreement, those of signing and sealing only when told; why it stopped, or "".

        ``held``: why it does not go on to 已校验.
        """
        told = [
            ("signed", self.signed and state.signing != "signed"),
            ("sealed", self.sealed and state.sealing != "sealed"),
        ]
        on = self.office.today
        try:
            for kind in (kind for kind, wanted in told if wanted):
                write_step(self.office, agreement, kind, on=on, party=ALL_PARTIES, note=note)
            for kind in _SCANNED:
                if kind == "checked" and held:
                    return held
                if FILING.index(state.filing) < FILING.index(kind):
                    write_step(self.office, agreement, kind, on=on, note=note)
        except StepNotAllowed as refused:
            return refused.what
        return ""


def _newest(gathered: Iterable[Gathered]) -> dict[Key, Gathered]:
    """Of several complete printings of a document the one that came last."""
    complete = [one for one in gathered if not one.missing]
    return {one.key: one for one in sorted(complete, key=lambda one: max(row.file_id for row in one.chosen))}


def _known(agreement: Agreement, one: Gathered) -> Filed:
    return Filed(
        agreement.number,
        DocKind(one.kind),
        one.version,
        len(one.chosen),
        one.expected,
        one.missing,
        one.duplicate,
        one.originals,
    )


def _path(agreement: Agreement, one: Gathered) -> str:
    version = {OLD: f"_{OLD_PAPER}", 1: ""}.get(one.version, f"_v{one.version}")
    name = safe_name(f"{agreement.number}_{DOC_KIND_LABEL[DocKind(one.kind)]}{version}")
    return f"archive/{agreement.starts_on.year}/{safe_name(district_name(agreement.district))}/{name}.pdf"


def _intact(office: OfficeSession, row: BoundRow) -> bool:
    path = office.workspace.root / row.path
    return path.is_file() and digest(path) == row.sha256


def seal_hint(roles: Sequence[str], pages: Sequence[Ink | None], recorded: str) -> str:
    """Say where red was seen: in each party's column of the sign page, the last, and at the edges (骑缝章).

    Our forms set the parties' fields in two columns, 甲 left, 乙 right, 丙 left again. ``pages``: None for one that was
    not read this time; of such a sign page only the word ``recorded`` is known ("" where nobody looked).
    """
    last = pages[-1] if pages else None
    if last is None:
        field = RED_LABEL[Red(recorded)] if recorded else ""
    elif last.red is Red.GREY:
        field = RED_LABEL[Red.GREY]
    else:
        left = sum(x < 0.5 for x, _ in last.seals)
        columns = ((roles[0::2], left), (roles[1::2], len(last.seals) - left))
        field = "、".join(_column(own, seals) for own, seals in columns if own)
    return "；".join(part for part in (field, _edges(pages)) if part)


def _column(roles: Sequence[str], seals: int) -> str:
    counted = f" {seals} 处" if seals and len(roles) > 1 else ""
    return f"{'、'.join(roles)}方栏{RED_LABEL[Red.SEEN if seals else Red.NOT_SEEN]}{counted}"


def _edges(pages: Sequence[Ink | None]) -> str:
    """Of the pages in colour, how many are red at the edge; nothing where a single page needs no 骑缝章."""
    coloured = [one for one in pages if one is not None and one.red is not Red.GREY]
    if len(pages) < 2 or not coloured:
        return ""
    seen = sum(one.edge for one in coloured)
    return f"骑缝：{len(coloured)} 页彩色，{seen} 页边缘见红" if seen else f"骑缝：{len(coloured)} 页边缘未见红"
