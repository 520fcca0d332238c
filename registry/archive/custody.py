"""件 lent and brought back, kept from destruction, and marked with their 密级: each an event of its agreement."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from yiyu.registry.agreements.steps import refuse_to_come
from yiyu.registry.archive.numbering import find_items
from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.lifecycle import EVENT_LABEL
from yiyu.registry.rules.custody import HOLD_STEPS, LOAN_STEPS, Hold, Loan, holds, loans
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.archive_items import ArchiveItem, item_events, put_secrecy
from yiyu.registry.store.events import NewEvent, append_events
from yiyu.registry.store.opening import changing

Refused = Callable[[ArchiveItem], str]
"""Why nothing can be recorded of a 件, as a clause, or ""."""
SECRECY = ("公开", "内部")
"""What may be kept on an ordinary machine; 秘密, 机密 and 绝密 may not (中华人民共和国保守国家秘密法)."""
_SECRET = ("秘密", "机密", "绝密")


def all_loans(office: OfficeSession) -> list[Loan]:
    """Every loan up to the day asked for; who has something longest comes first among those that are out."""
    found = loans(item_events(office.db, LOAN_STEPS), office.today)
    return sorted(found, key=lambda one: (one.returned_on is not None, one.due_on, one.archive_no))


def all_holds(office: OfficeSession) -> list[Hold]:
    """Every hold up to the day asked for."""
    return holds(item_events(office.db, HOLD_STEPS), office.today)


def lend(
    office: OfficeSession,
    texts: Sequence[str],
    *,
    to: str,
    due: dt.date,
    on: dt.date,
    purpose: str = "",
    dry_run: bool = False,
) -> list[ArchiveItem]:
    """Record that ``to`` took these 件 on that day until ``due``; all or none.

    Raises what :func:`find_items` does, StepNotAllowed for one that is out, BadInput for days that cannot be.
    """
    if due < on:
        raise BadInput(f"应还日期 {due} 早于借出日期 {on}", where="、".join(texts), remedy="请核对日期")
    with changing(office.db, dry_run=dry_run):
        out = {one.archive_no: one for one in all_loans(office) if one.returned_on is None}

        def refused(item: ArchiveItem) -> str:
            loan = out.get(item.code)
            return f"{loan.lent_on} 已借给{loan.borrower}，还没有归还" if loan else ""

        data = {"borrower": to, "due_on": due.isoformat()}
        return _record(office, texts, "lent", on=on, note=purpose, data=data, refused=refused)


def bring_back(
    office: OfficeSession, texts: Sequence[str], *, on: dt.date, note: str = "", dry_run: bool = False
) -> list[ArchiveItem]:
    """Record that these 件 came back; all or none. Raises StepNotAllowed for one that is not out, or came before it went."""
    with changing(office.db, dry_run=dry_run):
        out = {one.archive_no: one for one in all_loans(office) if one.returned_on is None}

        def refused(item: ArchiveItem) -> str:
            loan = out.get(item.code)
            if loan is None:
                return "没有借出"
            return f"{loan.lent_on} 才借出，晚于归还日期 {on}" if on < loan.lent_on else ""

        return _record(office, texts, "brought_back", on=on, note=note, refused=refused)


def hold(
    office: OfficeSession, texts: Sequence[str], *, on: dt.date, reason: str, dry_run: bool = False
) -> list[ArchiveItem]:
    """Record why these 件 may not be destroyed; all or none. Raises StepNotAllowed for one that is held already."""
    with changing(office.db, dry_run=dry_run):
        standing = _held(office)

        def refused(item: ArchiveItem) -> str:
            before = standing.get(item.code)
            return f"{before.since} 起已暂停销毁（{before.reason}）" if before else ""

        return _record(office, texts, "held", on=on, note=reason, refused=refused)


def release(
    office: OfficeSession, texts: Sequence[str], *, on: dt.date, reason: str, dry_run: bool = False
) -> list[ArchiveItem]:
    """Record that a hold is over and why; all or none. Raises StepNotAllowed for one that is not held."""
    with changing(office.db, dry_run=dry_run):
        standing = _held(office)

        def refused(item: ArchiveItem) -> str:
            before = standing.get(item.code)
            if before is None:
                return "没有暂停销毁"
            return f"{before.since} 才暂停销毁，晚于 {on}" if on < before.since else ""

        return _record(office, texts, "hold_ended", on=on, note=reason, refused=refused)


def classify(
    office: OfficeSession, texts: Sequence[str], secrecy: str, *, on: dt.date, dry_run: bool = False
) -> list[ArchiveItem]:
    """Mark 件 with a 密级 of SECRECY, or with "" none; all or none. Raises BadInput for a state secret."""
    if secrecy in _SECRET:
        remedy = "涉密件请从本系统移出，在涉密设备上管理，并报告本单位保密工作机构"
        raise BadInput(f"本系统不能存放标“{secrecy}”的文件", where="、".join(texts), remedy=remedy)
    if secrecy not in ("", *SECRECY):
        raise BadInput(f"密级“{secrecy}”不认识", where="、".join(texts), remedy=f"请写{'、'.join(SECRECY)}")

    def refused(item: ArchiveItem) -> str:
        return f"密级已是“{secrecy}”" if item.secrecy == secrecy else ""

    data = {"secrecy": secrecy}
    with changing(office.db, dry_run=dry_run):
        items = _record(office, texts, "classified", on=on, note=secrecy, data=data, refused=refused)
        put_secrecy(office.db, [item.id for item in items], secrecy)
    return [replace(item, secrecy=secrecy) for item in items]


def _held(office: OfficeSession) -> dict[str, Hold]:
    return {one.archive_no: one for one in all_holds(office) if one.ended_on is None}


def _record(
    office: OfficeSession,
    texts: Sequence[str],
    kind: str,
    *,
    on: dt.date,
    note: str,
    refused: Refused,
    data: Mapping[str, object] | None = None,
) -> list[ArchiveItem]:
    """Write one event for each 件 named, or none at all where ``refused`` gives a reason; call inside ``changing``."""
    refuse_to_come(office, on)
    items = find_items(office, texts)
    for item in items:
        if why := refused(item):
            what = f"不能登记“{EVENT_LABEL[kind]}”：{why}"
            raise StepNotAllowed(what, where=item.code, remedy="请核对档号和日期")
    told = [{"archive_no": item.code, **(data or {})} for item in items]
    events = [
        NewEvent(kind, on, office.now, office.actor, item.agreement_id, note=note, data=said)
        for item, said in zip(items, told, strict=True)
    ]
    append_events(office.db, events)
    return items
