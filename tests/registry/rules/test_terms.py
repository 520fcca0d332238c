import datetime as dt

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.rules.copies import EndCustom, notice_by, propose_end

# The whole table of domain.md#term-end.
ENDS = [
    ("2024-10-15", 12, "2025-10-15", "2025-10-14"),
    ("2024-02-29", 12, "2025-02-28", "2025-02-28"),
    ("2024-08-31", 6, "2025-02-28", "2025-02-28"),
    ("2025-01-31", 1, "2025-02-28", "2025-02-28"),
    ("2026-01-01", 12, "2027-01-01", "2026-12-31"),
    ("2025-03-01", 12, "2026-03-01", "2026-02-28"),
]


@pytest.mark.parametrize(("start", "months", "civil", "before"), ENDS)
def test_an_end_is_proposed_by_both_customs(start: str, months: int, civil: str, before: str) -> None:
    first = dt.date.fromisoformat(start)
    assert str(propose_end(first, months, EndCustom.CIVIL_CODE)) == civil
    assert str(propose_end(first, months)) == before


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(1, 120))
def test_the_next_term_after_day_before_begins_on_the_corresponding_day(start: dt.date, months: int) -> None:
    end = propose_end(start, months)
    corresponding = start + relativedelta(months=months)
    assert end in (corresponding, corresponding - dt.timedelta(days=1))
    assert (end == corresponding) == (corresponding.day != start.day)


@pytest.mark.parametrize("months", [0, -1])
def test_a_term_below_one_month_is_refused(months: int) -> None:
    with pytest.raises(ValueError, match="至少一个月"):
        propose_end(dt.date(2026, 1, 1), months)


def test_notice_is_counted_back_from_the_inclusive_end() -> None:
    assert notice_by(dt.date(2025, 10, 14), 30) == dt.date(2025, 9, 14)
