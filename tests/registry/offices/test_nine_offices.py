"""Nine offices that go on with their work, hand up in any order, twice, late and altered: the city's figures beside a recount."""

import datetime as dt
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from build import opened
from recount.comparing import PACK
from recount.entering import Entered, entered, go_on
from recount.facts import Known
from recount.inputs import DISTRICTS, Entry
from recount.office import generated
from recount.rates import Asked, Figures, period

from yiyu.docgen.reports.board import board_of
from yiyu.docgen.reports.report_documents import Issuing, make_report
from yiyu.registry.errors import UserError
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.offices.conflicts import conflicts
from yiyu.registry.offices.exporting import hand_up
from yiyu.registry.offices.importing import receive
from yiyu.registry.offices.keys import office_key
from yiyu.registry.reports.comparing import compare
from yiyu.registry.reports.issuing import as_it_stands, issued_named
from yiyu.registry.reports.rate_tables import RateRow
from yiyu.registry.reports.reporting import rate_rows, report_rates
from yiyu.registry.rules.indicators import INDICATORS
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.office_packages import held_packages

CHINA = dt.timezone(dt.timedelta(hours=8))
FIRST_DAY, LAST_DAY = dt.date(2026, 3, 31), dt.date(2026, 11, 22)
LATE, ALTERED = DISTRICTS[4], DISTRICTS[6]


@dataclass
class Nine:
    """The offices by region, what each was told and what is still to come; the packages made so far, oldest first."""

    root: Path
    known: dict[str, Entered]
    to_come: dict[str, list[Entry]]
    packages: dict[str, list[Path]]

    @property
    def city(self) -> Path:
        return self.root / "city"

    def package(self, region: str, day: dt.date) -> Path:
        """A package of an office as it stands, made in the evening of a day."""
        path = self.root / f"{region}-{len(self.packages[region])}.yiyu"
        with opened(self.root / region, now=_evening(day)) as office:
            hand_up(office, path)
        self.packages[region].append(path)
        return path

    def figures(self, regions: Iterable[str], day: dt.date, text: str) -> dict[str, Figures]:
        """The recount of each office from its raw inputs."""
        return {one: Figures(Known(self.known[one].accepted), PACK, Asked(day, *period(text))) for one in regions}


def _evening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(20), CHINA)


def _shares(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """What each of nine offices writes of one made-up city: what is of its institutions and its figures."""
    places = {one.key: str(one.data["district"]) for one in entries if one.what == "institution"}
    shares: dict[str, list[Entry]] = {one: [] for one in DISTRICTS}
    for one in entries:
        if one.what == "figure":
            shares.get(str(one.data["district"]), []).append(one)
            continue
        found = re.search(r"K\d{3}|M\d{2}", one.key)
        assert found
        shares[places[found[0]]].append(one)
        if re.fullmatch(r"M\d0", found[0]):  # 妇幼 of the next 旗区 serves here, too
            shares[DISTRICTS[DISTRICTS.index(places[found[0]]) - 1]].append(one)
    return shares


@pytest.fixture(scope="module")
def nine(tmp_path_factory: pytest.TempPathFactory) -> Nine:
    """Told all up to the first day, the rest to come."""
    root = tmp_path_factory.mktemp("nine")
    found = Nine(root, {}, {}, {one: [] for one in DISTRICTS})
    keys = []
    for region, entries in _shares(generated(29, childcare=18)).items():
        before = [one for one in entries if one.recorded <= FIRST_DAY]
        found.known[region] = entered(root / region, before, region)
        found.to_come[region] = entries[len(before) :]
        with opened(root / region, now=_evening(FIRST_DAY)) as office:
            keys.append(f'[offices.{region}]\nname = "{region}"\nkey = "{office_key(office).public}"\n')
    make_workspace(found.city, pack="ordos", region="150600")
    with (found.city / "yiyu.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n" + "\n".join(keys))
    return found


def test_the_city_counts_what_its_offices_count_whatever_the_order_of_their_packages(nine: Nine) -> None:
    """One test: each part begins where the one before it ended, as the year goes on."""
    chance = Random(7)  # noqa: S311 - the same order every time
    first = [nine.package(region, FIRST_DAY) for region in DISTRICTS]
    in_time = [path for region, path in zip(DISTRICTS, first, strict=True) if region not in (LATE, ALTERED)]
    with opened(nine.city, now=_evening(FIRST_DAY)) as city:
        with pytest.raises(UserError, match=r"altered\.yiyu"):
            receive(city, [_altered(first[DISTRICTS.index(ALTERED)], nine.root / "altered.yiyu")])
        _receive(city, chance.sample(in_time * 2, len(in_time) * 2))
        there = [one for one in DISTRICTS if one not in (LATE, ALTERED)]
        _agree(nine, city, there, FIRST_DAY)
        *_, missing, twice = report_rates(city)[1]
        assert missing == "没有交上报包、没有计入：鄂托克前旗、杭锦旗"
        assert (
            twice == f"有 {sum(one.kind != 'number' for one in conflicts(city))} 家机构不止一个单位登记，合计里各计一次"
        )
        issued = make_report(city, "bulletin", period="2026Q1", issuing=Issuing()).issued
        assert issued is not None
    for region in DISTRICTS:
        go_on(nine.root / region, nine.known[region], nine.to_come[region])
        nine.package(region, LAST_DAY)
    again = chance.sample(first, len(first))  # those in time are the older ones now, or came already
    newest = [paths[-1] for paths in nine.packages.values()]
    with opened(nine.city, now=_evening(LAST_DAY)) as city:
        _receive(city, chance.sample([*newest, *again], len(newest) + len(again)))
        _agree(nine, city, DISTRICTS, LAST_DAY)
        found = as_it_stands(city, issued_named(city, issued.number))
        assert any(one.events for one in found.rows), "a correction says in which 旗区 it was made"
        assert {one.kind for one in conflicts(city)} >= {"code"}
        _province(nine, city)


def _altered(package: Path, target: Path) -> Path:
    """The same with one number of a row raised by somebody else."""
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(
                info, data.replace(b"2026", b"2027", 1) if info.filename == "tables/agreements.jsonl" else data
            )
    return target


def _receive(city: OfficeSession, packages: Sequence[Path]) -> None:
    """One after the other; an older one is refused and changes nothing."""
    for path in packages:
        before = held_packages(city.db)
        try:
            receive(city, [path])
        except UserError as error:
            assert "旧" in str(error)  # noqa: PT017 - which refusal it is
            assert before == held_packages(city.db)


def _agree(nine: Nine, city: OfficeSession, regions: Sequence[str], day: dt.date) -> None:
    """Of quarter, half-year and year: each office's row is what it prints, the total a recount over all of them."""
    for text in (f"{day.year}Q{(day.month + 2) // 3}", f"{day.year}H{1 if day.month < 7 else 2}", str(day.year)):
        rows = {row.code: row for row in report_rates(city, period=text)[0]}
        printed: dict[str, RateRow] = {}
        for region in regions:
            with opened(nine.root / region, now=_evening(day)) as own:
                printed[region] = report_rates(own, period=text)[0][-1]
        assert {code: _plain(row) for code, row in rows.items() if code} == {
            code: _plain(row) for code, row in printed.items()
        }
        counted = nine.figures(regions, day, text)
        total = Counter(
            {
                (key, at): sum(one.rates("district")[""][key][at] for one in counted.values())
                for key in INDICATORS
                for at in (0, 1)
            }
        )
        shown = rows[""].rates
        assert {
            (key, at): (rate.numerator, rate.denominator)[at] for key, rate in shown.items() for at in (0, 1)
        } == total
        assert sum(total.values()) > 0
    for key in INDICATORS:
        units = rate_rows(city, key, period=text)
        assert (sum(unit.counts for unit in units), len(units)) == (shown[key].numerator, shown[key].denominator)
    board, found = board_of(city, period=text), compare(city, text)
    assert {key: tuple(share) for key, share in board.total.shares.items()} == {
        key: (rate.numerator, rate.denominator) for key, rate in shown.items()
    }
    assert {row.group: dict(row.rates) for row in found.rows} == {row.group: dict(row.rates) for row in rows.values()}
    assert {one.key: len(one.rows) for one in board.units} == {
        f"rate-{key}": shown[key].denominator for key in INDICATORS
    }


def _plain(row: RateRow) -> dict[str, Any]:
    told = row.as_json()
    return {key: told[key] for key in told if key not in ("district", "district_code")}


def _province(nine: Nine, city: OfficeSession) -> None:
    """The same again one level up: the city is one row, and its total the province's."""
    province, package = nine.root / "province", nine.root / "city.yiyu"
    hand_up(city, package)
    make_workspace(province, pack="national", region="150000")
    with (province / "yiyu.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[offices.150600]\nname = "鄂尔多斯市"\nkey = "{office_key(city).public}"\n')
    expected = report_rates(city, period="2026")[0]
    with opened(province, now=_evening(LAST_DAY)) as office:
        receive(office, [package])
        rows = report_rates(office, period="2026")[0]
        assert [row.code for row in rows] == ["150600", ""]
        assert [dict(row.rates) for row in rows] == [dict(expected[-1].rates)] * 2
        assert _plain(rows[0]) == _plain(expected[-1])
        by_district = {row.code: row.rates for row in report_rates(office, period="2026", by="district")[0]}
        assert by_district == {row.code: row.rates for row in report_rates(city, period="2026", by="district")[0]}
        one = replace(office, scope=replace(office.scope, district=LATE))
        own = next(row for row in expected if row.code == LATE)
        assert dict(report_rates(one, period="2026")[0][-1].rates) == dict(own.rates)
    shutil.rmtree(province)
