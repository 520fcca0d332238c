import datetime as dt
from itertools import count
from pathlib import Path

import pytest

from yiyu.registry.errors import BadInput
from yiyu.registry.office.holidays import load_year_tables
from yiyu.registry.rules.workdays import Workday, is_published, is_working_day

UNKNOWN = next(year for year in count(2027) if not is_published(year))
D = dt.date
WHOLE = f"""[
  [{UNKNOWN}-01-01, {UNKNOWN}-01-03], [{UNKNOWN}-05-01, {UNKNOWN}-05-03], [{UNKNOWN}-10-01, {UNKNOWN}-10-07],
  {UNKNOWN}-06-09,
]"""


def weekday_in_june() -> dt.date:
    return next(day for day in (D(UNKNOWN, 6, n) for n in range(10, 20)) if day.weekday() == 2)


def saturday_in_june() -> dt.date:
    return weekday_in_june() + dt.timedelta(days=3)


def save(folder: Path, text: str, name: str = f"holidays-{UNKNOWN}.toml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


def test_a_workspace_without_tables_has_none(tmp_path: Path) -> None:
    assert load_year_tables(tmp_path) == ()


def test_a_clerks_table_gives_spans_single_days_and_weekends_worked(tmp_path: Path) -> None:
    (table,) = load_year_tables(save(tmp_path, f"off = {WHOLE}\nworking = [{saturday_in_june()}]  # 调休"))
    assert table.year == UNKNOWN
    assert len(table.off) == 3 + 3 + 7 + 1
    assert table.working == {saturday_in_june()}
    assert is_working_day(D(UNKNOWN, 10, 7), (table,)) == Workday(working=False, known=True)
    assert is_working_day(weekday_in_june(), (table,)) == Workday(working=True, known=True)


def test_tables_of_several_years_come_in_order(tmp_path: Path) -> None:
    save(tmp_path, f"off = {WHOLE}")
    save(tmp_path, "off = [2026-07-13]", "holidays-2026.toml")
    assert [table.year for table in load_year_tables(tmp_path)] == [2026, UNKNOWN]


def test_a_notice_may_name_days_of_the_december_before(tmp_path: Path) -> None:
    (table,) = load_year_tables(save(tmp_path, f"off = [{UNKNOWN - 1}-12-31, {WHOLE[1:]}"))
    assert D(UNKNOWN - 1, 12, 31) in table.off


FAULTY = [
    ("off = [2026-02-30]", "读不懂"),
    ("of = [2026-02-03]", "读不懂"),
    ("off = ['元旦']", "读不懂"),
    (f"off = [[{UNKNOWN}-01-03, {UNKNOWN}-01-01]]", "首尾不对"),
    (f"off = [[{UNKNOWN}-01-03, {UNKNOWN}-10-01]]", "首尾不对"),
    ("off = [2025-10-01]", "2025-10-01 不属于"),
    (f"off = {WHOLE}\nworking = [{UNKNOWN}-06-09]", "同时写成放假和上班"),
    (f"off = {WHOLE}\nworking = [{weekday_in_june()}]", "不是周末"),
    (f"off = [[{UNKNOWN}-01-01, {UNKNOWN}-01-03], {UNKNOWN}-05-01, {UNKNOWN}-05-02]", "缺10月1日、10月2日、10月3日"),
]


@pytest.mark.parametrize(("text", "said"), FAULTY)
def test_a_slip_in_a_table_is_named_with_its_file(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        load_year_tables(save(tmp_path, text))
    assert str(UNKNOWN) in caught.value.where
    assert caught.value.remedy


def test_a_table_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "holidays-2026.toml").write_bytes("off = []  # 春节".encode("gb18030"))
    with pytest.raises(BadInput, match="读不懂"):
        load_year_tables(tmp_path)


def test_a_file_name_without_a_year_is_refused_and_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="年份"):
        load_year_tables(save(tmp_path, "off = []", "holidays-2027 (1).toml"))
