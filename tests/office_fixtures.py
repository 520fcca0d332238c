"""The clock all tests run by, and the offices they begin with (built by ``build``)."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from build import CLOCK, new_office, new_season, opened
from office_tree import DONGSHENG, above, declare, handed, key_of, lower_office

from yiyu.registry.packs.places import shipped_table
from yiyu.registry.rules.districts import places_in_use
from yiyu.registry.rules.places import Places
from yiyu.registry.session import OfficeSession


@pytest.fixture(scope="session", autouse=True)
def clock() -> Iterator[None]:
    """The clock of this process stands at CLOCK when the first test begins, and goes on from there."""
    with time_machine.travel(CLOCK, tick=True):
        yield


@pytest.fixture(autouse=True)
def ordos() -> None:
    """Until a test opens an office, the places in use are those of Ordos."""
    places_in_use.set(lambda: Places(shipped_table, "150600"))


@pytest.fixture(scope="session")
def season(clock: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office in which the demonstration's first season was played; made once, copied for each test."""
    return new_season(tmp_path_factory.mktemp("season") / "office")


@pytest.fixture
def office(season: Path, tmp_path: Path) -> Path:
    """A copy of the season that a test may change."""
    return Path(shutil.copytree(season, tmp_path / "office"))


@pytest.fixture(scope="session")
def bare_office(clock: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office of which only the institutions are known; made once, copied for each test."""
    return new_office(tmp_path_factory.mktemp("bare") / "office")


@pytest.fixture
def session(bare_office: Path, tmp_path: Path) -> Iterator[OfficeSession]:
    """An open office with four medical and four childcare institutions, one of them without 备案."""
    with opened(shutil.copytree(bare_office, tmp_path / "office")) as session:
        yield session


@pytest.fixture(scope="session")
def low_and_city(clock: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``low`` of 东胜区, ``city`` that names it, and ``low.yiyu``; made once, copied for each test."""
    folder = tmp_path_factory.mktemp("offices")
    low, city = lower_office(folder / "low", DONGSHENG), above(folder / "city")
    declare(city, DONGSHENG, key_of(low))
    handed(low, folder / "low.yiyu")
    return folder
