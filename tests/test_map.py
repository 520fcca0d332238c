"""Claims about docs/map.md: what it draws is what the source is."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def tables() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tables", ROOT / "docs" / "tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_diagram_of_tables_is_that_of_the_schema(tables: ModuleType) -> None:
    assert tables.PAGE.read_text("utf-8") == tables.page(), "请运行 python docs/tables.py"
    assert "agreement_id, kind, version ──> documents" in tables.diagram()
