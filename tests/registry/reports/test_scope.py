"""What a session is limited to: lists, duties, figures and reminders give just their part of the whole."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from build import TODAY, new_season, opened

from yiyu.docgen.reports.board import board_of
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements, numbers_in_scope
from yiyu.registry.agreements.reminding import remind
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.reports.reporting import report_rates
from yiyu.registry.rules.reminders import Settings
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.sides import side_rows


@pytest.fixture(scope="module")
def season_open(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficeSession]:
    with opened(new_season(tmp_path_factory.mktemp("scope") / "office")) as found:
        yield found


def _parts(session: OfficeSession) -> dict[str, list[OfficeSession]]:
    """The session limited in each way to each of its parts."""
    sides = side_rows(session.db, TODAY).values()
    scopes = {
        "district": {Scope(district=one.district) for one in sides},
        "town": {Scope(one.district, one.town) for one in sides if one.town},
        "provider": {Scope(provider=one.name) for one in sides if one.category},
    }
    return {way: [replace(session, scope=scope) for scope in those] for way, those in scopes.items()}


def test_the_duties_of_the_parts_are_those_of_the_whole(season_open: OfficeSession) -> None:
    every, parts = duty_rows(season_open), _parts(season_open)
    assert sum(len(duty_rows(part)) for part in parts["district"]) == len(every)
    by_provider = [row for part in parts["provider"] for row in duty_rows(part)]
    assert len(by_provider) == sum(bool(row.number) for row in every) > 0
    assert all(row.provider == part.scope.provider for part in parts["provider"] for row in duty_rows(part))


@pytest.mark.parametrize("way", ["district", "provider"])
def test_the_agreements_and_reminders_of_the_parts_are_those_of_the_whole(season_open: OfficeSession, way: str) -> None:
    parts = _parts(season_open)[way]
    every = [one.agreement.number for one in list_agreements(season_open, AgreementFilter())]
    found = [one.agreement.number for part in parts for one in list_agreements(part, AgreementFilter())]
    assert sorted(set(found)) == every
    reminded = [(one.agreement.number, one.step) for one in remind(season_open, Settings()).due]
    own = {(one.agreement.number, one.step) for part in parts for one in remind(part, Settings()).due}
    assert own == set(reminded)


def test_the_rates_of_districts_add_up_to_the_total(season_open: OfficeSession) -> None:
    total = report_rates(season_open)[0][-1]
    parts = [report_rates(part)[0][-1] for part in _parts(season_open)["district"]]
    for key, rate in total.rates.items():
        assert sum(one.rates[key].numerator for one in parts) == rate.numerator, key
        assert sum(one.rates[key].denominator for one in parts) == rate.denominator, key


def test_the_rate_of_a_provider_is_its_line_in_the_table_of_all(season_open: OfficeSession) -> None:
    lines = {row.group: row for row in report_rates(season_open, by="provider")[0][:-1]}
    for part in _parts(season_open)["provider"]:
        own = report_rates(part)[0][-1].rates
        if part.scope.provider in lines:
            assert own == lines[part.scope.provider].rates


def test_the_lists_of_the_board_are_limited_too(season_open: OfficeSession) -> None:
    whole = {one.key: Counter(row[0] for row in one.rows) for one in board_of(season_open).lists}
    parts = [
        {one.key: Counter(row[0] for row in one.rows) for one in board_of(p).lists}
        for p in _parts(season_open)["district"]
    ]
    for key in ("unsigned", "expired", "expiring", "behind"):
        assert sum((part[key] for part in parts), Counter()) == whole[key]


def test_numbers_given_are_kept_to_the_scope_and_none_means_all_live_ones(season_open: OfficeSession) -> None:
    (first, *_), every = (
        list_agreements(season_open, AgreementFilter()),
        list_agreements(season_open, AgreementFilter()),
    )
    part = replace(season_open, scope=Scope(district=first.agreement.district))
    other = next(one for one in every if one.agreement.district != first.agreement.district)
    assert numbers_in_scope(part, [first.agreement.number, other.agreement.number]) == [first.agreement.number]
    assert {*numbers_in_scope(part, [])} == {
        one.agreement.number for one in every if one.live and one.agreement.district == first.agreement.district
    }
    assert numbers_in_scope(season_open, []) == []
