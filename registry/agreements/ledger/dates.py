"""Dates of signing and sealing in a row of the ledger, and the 签字状态 that must go with them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yiyu.registry.agreements.ledger.columns import COLUMNS, SIDES
from yiyu.registry.agreements.ledger.workbook import date_in, text_in
from yiyu.registry.model import Severity
from yiyu.registry.workbooks.rows import ReadRow

_AXES = ("signed", "sealed")
_SIGNED_STAGES = ("signed", "one_signed")


@dataclass(frozen=True, slots=True)
class Dated:
    """One date of one party: the step ``signed`` or ``sealed``, and the field in whose cell it stands."""

    step: str
    role: str
    on: dt.date
    field: str


def dates_given(row: ReadRow, roles: Iterable[str]) -> list[Dated]:
    """Signing and sealing by party; 签订日期 speaks for each party without a date of its own (民法典 490)."""
    found, roles, together = [], list(roles), date_in(row, "signed_on")
    for step in _AXES:
        for role, side in SIDES.items():
            own = date_in(row, f"{step}_{side}")
            if own is not None:
                if role in roles:
                    found.append(Dated(step, role, own, f"{step}_{side}"))
                else:
                    message = f"协议没有{role}方，不能有{COLUMNS[f'{step}_{side}'].heading}"
                    row.note(f"{step}_{side}", Severity.ERROR, "third-party", message)
            elif step == "signed" and together is not None and role in roles:
                found.append(Dated(step, role, together, "signed_on"))
    return found


def note_dates(
    row: ReadRow, dates: Iterable[Dated], *, today: dt.date, drafted_on: dt.date | None, severity: Severity
) -> None:
    """Note what cannot be: a day still to come; and, as ``severity``, a signature or seal before the draft, if known."""
    for one in _cells(dates):
        note_future(row, one.field, one.on, today)
        if drafted_on is not None and one.on < drafted_on:
            message = f"{COLUMNS[one.field].heading} {one.on} 早于起草日期 {drafted_on}，请核对"
            row.note(one.field, severity, f"{one.step}-before-draft", message)


def note_unsigned_seals(row: ReadRow, dates: Iterable[Dated], signed: Mapping[str, dt.date]) -> None:
    """Note a seal of a party that has not signed, or not yet; ``signed``: what the registry knows besides the row."""
    dates = list(dates)
    known = {**signed, **{one.role: one.on for one in dates if one.step == "signed"}}
    for one in () if row.rejected else dates:
        if one.step == "sealed" and (one.role not in known or one.on < known[one.role]):
            message = f"{one.role}方盖章 {one.on} 在签字之前，请核对（本行照常导入，历史中注明）"
            row.note(one.field, Severity.WARNING, "sealed-unsigned", message)


def note_future(row: ReadRow, name: str, on: dt.date | None, today: dt.date) -> None:
    if on is not None and on > today:
        row.note(name, Severity.ERROR, "date-future", f"日期 {on} 还没有到，请填写实际发生的日期")


def note_after_end(row: ReadRow, dates: Iterable[Dated], ends_on: dt.date) -> None:
    for one in () if row.rejected else _cells(dates):
        if one.step == "signed" and one.on > ends_on:
            message = f"{COLUMNS[one.field].heading} {one.on} 晚于截止日期 {ends_on}，请核对（本行照常导入）"
            row.note(one.field, Severity.WARNING, "signed-after-end", message)


def note_together(row: ReadRow, signed: Mapping[str, dt.date]) -> None:
    """Note a 签订日期 that is not the day of the last party's signature."""
    together = date_in(row, "signed_on")
    if together is not None and signed and max(signed.values()) != together:
        message = f"签订日期 {together} 与各方签字日期不一致：应是最后一方签字的 {max(signed.values())}"
        row.note("signed_on", Severity.ERROR, "signing-mismatch", message)


def note_status(row: ReadRow, signed: Mapping[str, dt.date], roles: int) -> None:
    """Note a 签字状态 that is not what the parties' dates make of it."""
    status = str(row.values.get("signing") or "")
    stage = status if status in _SIGNED_STAGES else ""
    if not status or stage == _stage_of(len(signed), roles):
        return
    label = text_in(row, "signing")
    if stage == "signed" and not signed:
        row.note("signed_on", Severity.ERROR, "date-missing", f"签字状态是“{label}”，但没有签订日期，请补填")
        return
    message = f"签字状态“{label}”与签字日期不一致：{roles} 方中有 {len(signed)} 方有日期"
    message += "；只有一方签字时请写在该方的签字日期列" if stage == "one_signed" else ""
    row.note("signing", Severity.ERROR, "signing-mismatch", message)


def note_seam(row: ReadRow, dates: Iterable[Dated]) -> None:
    if row.values.get("seam") is True and not any(one.step == "sealed" for one in dates):
        row.note("seam", Severity.ERROR, "date-missing", "骑缝章填了“是”，但没有盖章日期，请补填")


def seal_data(row: ReadRow) -> dict[str, object]:
    """What ``agreement seal`` keeps with a sealing."""
    return {"seam": row.values.get("seam") is True, "seal_no": ""}


def _cells(dates: Iterable[Dated]) -> Iterable[Dated]:
    """One date for each cell: 签订日期 is that of several parties."""
    return {one.field: one for one in dates}.values()


def _stage_of(signed: int, roles: int) -> str:
    """``signed``, ``one_signed``, or "" for all that comes before a signature."""
    return "signed" if signed == roles else "one_signed" if signed else ""
