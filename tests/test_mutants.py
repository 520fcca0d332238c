"""The breaker of guards breaks what it says it breaks, and every target and test it names is there."""

from pathlib import Path

import pytest
from mutants.breaking import breaks
from mutants.targets import ROOT, TARGETS, modules, tried_by

SOURCE = """
def fits(one: int | None, 名: str = "名") -> bool:
    if one is None or not 名 and one < 3:
        raise ValueError(f"{名 == 名}")
    return True
"""


@pytest.mark.parametrize(
    ("kind", "broken"),
    [
        ("comparison", "one is not None"),
        ("comparison", "one <= 3"),
        ("boolean", "one is None and"),
        ("boolean", "not 名 or one < 3"),
        ("boolean", "or 名 and"),
        ("boolean", "return False"),
        ("constant", "one < 4"),
        ("return", "return None"),
        ("raise", "        pass"),
    ],
)
def test_each_kind_of_place_is_broken_where_it_stands(kind: str, broken: str) -> None:
    found = [one.applied(SOURCE) for one in breaks(SOURCE) if one.kind == kind]
    assert any(broken in text for text in found), found
    for text in found:
        compile(text, "broken", "exec")


def test_nothing_else_is_broken_and_no_break_leaves_the_source_as_it_was() -> None:
    found = [one.applied(SOURCE) for one in breaks(SOURCE)]
    assert len(found) == len(set(found)) == 9
    assert SOURCE not in found


def test_every_target_and_every_test_named_is_there() -> None:
    for name, tests in TARGETS.items():
        assert (ROOT / name).exists(), name
        assert [one for one in tests if not (ROOT / one).exists()] == []
    assert all(Path(ROOT / one).exists() for module in modules() for some in tried_by(module) for one in some)
