"""A city with one 旗区 below it, and the package it handed up."""

import shutil
from pathlib import Path

import pytest
from office_tree import DONGSHENG, above, declare, handed, key_of, lower_office


@pytest.fixture(scope="session")
def made(clock: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``low`` of 东胜区, ``city`` that names it, and ``low.yiyu``; made once, copied for each test."""
    folder = tmp_path_factory.mktemp("offices")
    low, city = lower_office(folder / "low", DONGSHENG), above(folder / "city")
    declare(city, DONGSHENG, key_of(low))
    handed(low, folder / "low.yiyu")
    return folder


@pytest.fixture
def low(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "low", tmp_path / "low"))


@pytest.fixture
def city(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "city", tmp_path / "city"))


@pytest.fixture
def package(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made / "low.yiyu", tmp_path / "low.yiyu"))
