"""Claims about files nobody thought of: five hundred byte mutations, the same ones every time; ``make fuzz`` does more."""

from pathlib import Path

import pytest
from hostile.case import Forge
from hostile.mutations import SEEDS, mutate

EACH = {"csv": 90, "json": 90, "docx": 90, "toml": 80, "pdf": 60, "db": 50, "xlsx": 40}


@pytest.mark.parametrize("kind", EACH)
def test_no_mutation_does_harm(kind: str, forge: Forge, base: Path, tmp_path: Path) -> None:
    figures = mutate(EACH[kind], seed=2026, base=base, top=tmp_path, forge=forge, kinds=(kind,))
    assert figures.harmed == []
    assert figures.refused.total() + figures.accepted.total() == EACH[kind]
    assert figures.refused.total() > 0


def test_every_kind_has_its_seeds() -> None:
    assert {one.kind for one in SEEDS} == set(EACH)
    assert sum(EACH.values()) == 500
