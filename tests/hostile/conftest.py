"""One server of forked commands and one office, copied for each case, for all tests of hostile input."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile.case import Forge
from hostile.offices import make_office


@pytest.fixture(scope="session")
def forge() -> Iterator[Forge]:
    forge = Forge()
    yield forge
    forge.close()


@pytest.fixture(scope="session")
def base(forge: Forge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_office(forge, tmp_path_factory.mktemp("hostile"))
