import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from yiyu.registry.errors import ExitCode

ROOT = Path(__file__).parents[1]
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def errors() -> ModuleType:
    spec = importlib.util.spec_from_file_location("errors_page", ROOT / "docs" / "errors.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_errors_is_what_the_source_says(errors: ModuleType) -> None:
    assert errors.PAGE.read_text("utf-8") == errors.page(), "请运行 python docs/errors.py"


def test_every_refusal_is_chinese_and_has_a_code(errors: ModuleType) -> None:
    found = errors.messages()
    assert len(found) > 200
    assert not [m for m in found if not HAN.search(m.what) and m.what != "…"]
    assert not [m for m in found if not re.fullmatch(r"[a-z0-9-]+|…", m.code)]
    assert {m.exit_code for m in found} <= set(ExitCode)


def test_hardly_a_refusal_leaves_a_person_without_a_next_step(errors: ModuleType) -> None:
    """Those without one say it in the first half, or name many faults at once."""
    bare = [m for m in errors.messages() if not m.remedy and m.what != "…"]
    assert len(bare) <= 0.1 * len(errors.messages()), [m.what for m in bare]
