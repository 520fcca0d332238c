"""Copies of a city with one 旗区 below it, and of the package it handed up."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def low(low_and_city: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(low_and_city / "low", tmp_path / "low"))


@pytest.fixture
def city(low_and_city: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(low_and_city / "city", tmp_path / "city"))


@pytest.fixture
def package(low_and_city: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(low_and_city / "low.yiyu", tmp_path / "low.yiyu"))
