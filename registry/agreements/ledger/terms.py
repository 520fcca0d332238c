"""What a row of the ledger fixes: from when to when, of which variant, on what conditions."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from dateutil.relativedelta import relativedelta

from yiyu.registry.agreements.ledger.columns import COLUMNS
from yiyu.registry.agreements.ledger.workbook import count_in, date_in, exported_texts, text_in
from yiyu.registry.model import VARIANT_LABEL, Agreement, Institution, Severity, Variant
from yiyu.registry.rules.copies import EndCustom, propose_end
from yiyu.registry.rules.providers import natural_variant
from yiyu.registry.workbooks.rows import ReadRow

Term = tuple[dt.date, dt.date, int]
"""生效, 截止 and months."""

_TERM = ("starts_on", "ends_on", "months")
_HALF_A_MONTH = 15


def term_of(row: ReadRow, custom: EndCustom) -> Term | None:
    """The term, or None with the fault noted. Without 生效日期 it runs from the signing (民法典 502)."""
    if any(name in row.given and name not in row.values for name in _TERM):
        return None  # noted when it was read
    starts_on, ends_on, months = _start(row), date_in(row, "ends_on"), count_in(row, "months")
    if starts_on is None:
        row.note("starts_on", Severity.ERROR, "date-missing", "没有生效日期，也没有签订日期，请补填")
        return None
    if ends_on is None and months is not None:
        return starts_on, propose_end(starts_on, months, custom), months
    if ends_on is None:
        row.note("ends_on", Severity.ERROR, "date-missing", "没有截止日期，也没有期限，请补填一项")
        return None
    if ends_on < starts_on:
        message = f"截止日期 {ends_on} 早于生效日期 {starts_on}，请核对两个日期的先后"
        row.note("ends_on", Severity.ERROR, "date-order", message)
        return None
    if months is not None:
        _note_mismatch(row, starts_on, ends_on, months)
    return starts_on, ends_on, months or _months(row, starts_on, ends_on)


def variant_of(row: ReadRow, sides: Sequence[Institution]) -> Variant | None:
    """As written, else what the provider's category stands for; None with the fault noted."""
    if row.rejected:
        return None
    given = row.values.get("variant")
    variant = Variant(str(given)) if given else Variant.SF if len(sides) > 2 else natural_variant(sides[0])
    if not given:
        message = f"没有协议类型，按甲方类别作{VARIANT_LABEL[variant]}"
        row.note("variant", Severity.WARNING, "variant-assumed", message)
    if (len(sides) > 2) != (variant is Variant.SF):
        row.note("third", Severity.ERROR, "third-party", "三方型协议要有丙方，其他类型没有丙方，请核对类型和丙方")
        return None
    return variant


def as_agreed(row: ReadRow, agreed: Agreement) -> Agreement:
    """``office``, an agreement on the office's own conditions, on those of the row where it has them."""
    notice_days, copies = count_in(row, "notice_days"), count_in(row, "copies")
    return replace(
        agreed,
        mode=str(row.values.get("mode") or agreed.mode),
        renewal=str(row.values.get("renewal") or agreed.renewal),
        notice_days=agreed.notice_days if notice_days is None else notice_days,
        copies=agreed.copies if copies is None else copies,
    )


def _start(row: ReadRow) -> dt.date | None:
    starts_on, signed_on = date_in(row, "starts_on"), date_in(row, "signed_on")
    if starts_on is None and signed_on is not None:
        row.note("starts_on", Severity.WARNING, "start-assumed", f"没有生效日期，按签订日期 {signed_on} 起算")
    return starts_on or signed_on


def _note_mismatch(row: ReadRow, starts_on: dt.date, ends_on: dt.date, months: int) -> None:
    """Note months that lead to the end by neither custom; what a registry once held is not doubted."""
    proposed = [propose_end(starts_on, months, custom) for custom in EndCustom]
    then = exported_texts(row)
    as_exported = then is not None and all(then.get(name) == text_in(row, name) for name in _TERM)
    if ends_on not in proposed and not as_exported:
        message = f"期限 {months} 个月与 {starts_on} 至 {ends_on} 不符：应到 {proposed[0]}，请核对"
        row.note("months", Severity.ERROR, "term-mismatch", message)


def _months(row: ReadRow, starts_on: dt.date, ends_on: dt.date) -> int:
    """The whole months of a term by either custom, else the nearest number of them."""
    span = relativedelta(ends_on + dt.timedelta(days=1), starts_on)
    whole = span.years * 12 + span.months
    near = (n for n in (whole, whole + 1) if n and ends_on in [propose_end(starts_on, n, c) for c in EndCustom])
    months = next(near, max(1, whole + (span.days > _HALF_A_MONTH)))
    if months > COLUMNS["months"].most:
        row.note("ends_on", Severity.ERROR, "number-out-of-range", f"期限 {months} 个月不合理，请核对截止日期的年份")
    return months
