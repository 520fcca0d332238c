"""A term in one cell, from day to day: 2025.6.1-2026.5.31, 自2025年6月1日起至2026年5月31日止."""

import re

from yiyu.registry.agreements.ledger.values import read_value
from yiyu.registry.model import Severity
from yiyu.registry.rules.dates import says_nothing
from yiyu.registry.workbooks.cells import CellFault
from yiyu.registry.workbooks.rows import ReadRow

_APART = re.compile(r"[至到~～〜―—–－]+|-{2,}|-(?=\s*(?:19|20)\d\d)")
_WORDS = re.compile(r"^(?:自|从)|(?:起|止|始)$|\s")
_DAY = re.compile(r"(?:19|20)\d\d(?:年\d{1,2}月\d{1,2}[日号]?|([-./])\d{1,2}\1\d{1,2})(?!\d)")
_BESIDE = re.compile(
    r"[-=→⇒>~、,，;；:：()（）\s]|自|从|起|止|始|至|到|期限|有效期|协议|合同|共|为期?|[一二两三四五\d]+(?:年|个?月)期?"
)
"""What may stand about the two days: how long that is, an arrow, a break of the line."""
_ENDS = ("starts_on", "ends_on")


def split_span(text: str) -> tuple[str, str] | None:
    """The two days of a term, as written; None where it is not two."""
    parts = [_WORDS.sub("", part.strip()) for part in _APART.split(_WORDS.sub("", text.strip()))]
    found = [part for part in parts if part]
    days = [day[0] for day in _DAY.finditer(text)]
    if len(days) == len(_ENDS) and not _BESIDE.sub("", re.sub("[〜―—–－～]", "-", _DAY.sub("", text))):
        return days[0], days[1]
    return (found[0], found[1]) if len(found) == len(_ENDS) else None


def take_span(row: ReadRow, date1904: bool = False) -> None:
    """Fill 生效日期 and 截止日期 from 起止时间; a column of their own goes before, and may not say otherwise."""
    text = str(row.values.get("term") or "")
    if not text or says_nothing(text):
        return
    days = split_span(text)
    if days is None:
        row.note(
            "term",
            Severity.ERROR,
            "date-unreadable",
            f"起止时间“{text[:40]}”看不出起止两个日期，请写成 2025-06-01至2026-05-31",
        )
        return
    for name, day in zip(_ENDS, days, strict=True):
        try:
            value = read_value(name, day, date1904=date1904)
        except CellFault as fault:
            row.note("term", fault.severity, fault.code, str(fault))
            continue
        if row.values.get(name) in (None, value):
            row.values[name] = value
            row.given.add(name)
        else:
            message = f"起止时间写的是 {value}，另一列写的是 {row.values[name]}，请核对"
            row.note("term", Severity.ERROR, "term-mismatch", message)
