"""件: what gets one 档号, whether it is ready for it, and what a catalogue says of it.

Source: DA/T 22-2015; domain.md#retention.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from yiyu.registry.errors import StepNotAllowed
from yiyu.registry.lifecycle import FILING, AgreementState, Event, replay
from yiyu.registry.model import DOC_KIND_LABEL, Agreement, DocKind
from yiyu.registry.rules.steps import refusal
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import load_activities
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.archive_items import ArchiveItem, archive_items
from yiyu.registry.store.events import events_by_agreement
from yiyu.registry.store.scans import UnitScans

KIND_OF_UNIT = {"agreement": DocKind.AGREEMENT, "records": DocKind.ACTIVITY_RECORD}
"""The document whose 保管期限 a 件 has."""


FROM_SCAN = "扫描件 "
"""Begins the note of a step whose evidence is a scan, and not a person's word of the paper."""


@dataclass(frozen=True, slots=True)
class ArchivalItem:
    """One 件. ``record_year`` is 0 for an agreement; ``note`` what a person should look at.

    ``known``: the number it got before the step was taken back; it gets no other. ``refused``: why it is not ready.
    """

    agreement: Agreement
    unit: str
    record_year: int = 0
    formed_on: dt.date | None = None
    title: str = ""
    pages: int = 0
    note: str = ""
    known: ArchiveItem | None = None
    refused: StepNotAllowed | None = None


def filing_units(office: OfficeSession, unit: str, ids: Collection[int] | None, year: int | None) -> list[ArchivalItem]:
    """The 件 of a kind of these agreements (None: all that are at hand) that have no number, oldest first.

    Agreements: all asked for; without ``ids`` those whose original has come in and, with ``year``, that were formed in it.
    Records: of every year that is over and had activities, or of ``year``.
    """
    numbered = {(one.agreement_id, one.record_year): one for one in archive_items(office.db, agreement_ids=ids)
                if one.unit == unit}  # fmt: skip
    find: dict[str, Callable[..., Iterator[ArchivalItem]]] = {"agreement": _agreements, "records": _records}
    found = find[unit](office, ids, year, numbered)
    return sorted(found, key=lambda one: (one.formed_on or dt.date.max, one.agreement.number))


def _agreements(
    office: OfficeSession, ids: Collection[int] | None, year: int | None, numbered: dict[tuple[int, int], ArchiveItem]
) -> Iterator[ArchivalItem]:
    events, scans = events_by_agreement(office.db, ids), UnitScans(office.db, ids)
    for one in load_agreements(office.db, None if ids is None else list(ids), items=False):
        state = replay(events.get(one.id, ()), [party.role for party in one.parties], dt.date.max)
        formed_on = _formed_on(state)
        at_hand = state.filing in FILING[1 : FILING.index("numbered")]
        if ids is None and not (at_hand and (year is None or (formed_on and formed_on.year == year))):
            continue
        rows, lacking = scans.of_agreement(one.id)
        reason, remedy = refusal(state, "numbered"), "请用 archive intake 收齐扫描件"
        if not reason and rows and lacking:
            reason = f"{DOC_KIND_LABEL[lacking[0]]}的扫描件没有收齐，它与协议是同一件"
        elif not reason and not rows and _checked_by_scan(events.get(one.id, ())):
            reason = "校验时所依据的扫描件已不在（撤回了归位，或文书重新生成过）"
            remedy = "请重新收齐扫描件；只有纸件的，先用 agreement correct 更正已校验，再登记一次"
        known = numbered.get((one.id, 0))
        if known and reason:
            reason, remedy = f"{reason}，档号 {known.code}", "档号给出后不再改变"
        yield ArchivalItem(
            one,
            "agreement",
            formed_on=formed_on,
            title=f"医疗卫生机构支持托育服务发展{DOC_KIND_LABEL[DocKind.AGREEMENT]}[{_sides(one)}]",
            pages=sum(row.pages for row in rows),
            note=_year_note(state, formed_on),
            known=known,
            refused=_refused(reason, one.number, remedy),
        )


def _checked_by_scan(events: Sequence[Event]) -> bool:
    wrong = {one.corrects for one in events}
    steps = [one for one in events if one.kind == "checked" and one.id not in wrong]
    return bool(steps) and steps[-1].note.startswith(FROM_SCAN)


def _records(
    office: OfficeSession, ids: Collection[int] | None, year: int | None, numbered: dict[tuple[int, int], ArchiveItem]
) -> Iterator[ArchivalItem]:
    last: dict[str, dict[int, dt.date]] = {}
    for activity in load_activities(office.db, agreement_ids=ids):
        for number in activity.agreements:
            last.setdefault(number, {})[activity.on.year] = activity.on
    scans = UnitScans(office.db, ids)
    for one in load_agreements(office.db, None if ids is None else list(ids), items=False):
        days = last.get(one.number, {})
        over = [of for of in days if of < office.today.year]
        fresh = [of for of in over if (one.id, of) not in numbered]
        for of in fresh if year is None else [year] if ids is not None or year in fresh else []:
            reason = ""
            if of >= office.today.year:
                reason = f"{of} 年度还没有结束，活动还会增加"
            elif (one.id, of) in numbered:
                reason = f"{of} 年度的活动记录已编号，档号 {numbered[one.id, of].code}"
            elif of not in over:
                reason = f"{of} 年度没有活动记录"
            yield ArchivalItem(
                one,
                "records",
                of,
                days.get(of),
                f"[{_sides(one)}{of}年度医疗卫生机构支持托育服务活动记录]",
                sum(row.pages for row in scans.of_records(one.id, of)),
                refused=_refused(reason, one.number, "请用 activity list 核对"),
            )
        if ids is not None and year is None and not fresh:
            reason = "没有年度已结束而未编号的活动记录"
            yield ArchivalItem(one, "records", refused=_refused(reason, one.number, "请用 activity list 核对"))


def _formed_on(state: AgreementState) -> dt.date | None:
    """When the agreement was formed: by the last signature, else by the last seal (民法典 490)."""
    return state.signed_on or (max(state.sealed.values()) if state.sealing == "sealed" else None)


def _year_note(state: AgreementState, formed_on: dt.date | None) -> str:
    """Signed in December and sealed in January: the office may decide otherwise (domain.md#trap-archive-year)."""
    sealed = max(state.sealed.values(), default=formed_on)
    if formed_on is None or sealed is None or sealed.year == formed_on.year:
        return ""
    return f"{formed_on.year} 年签字、{sealed.year} 年盖章，按形成年度归档；改归别的年度须在编号时写明 --year"


def _sides(one: Agreement) -> str:
    return "、".join(party.facts.name for party in one.parties)


def _refused(reason: str, number: str, remedy: str) -> StepNotAllowed | None:
    return StepNotAllowed(f"不能编档号：{reason}", where=number, remedy=remedy) if reason else None
