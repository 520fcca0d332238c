"""Claims about docs/map.md: what it draws is what the source is."""

import importlib.util
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from build import new_office, opened

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
    assert "agreement_id, kind, document_version ──> documents" in tables.diagram()


def test_every_room_of_the_map_is_there_and_none_is_missing() -> None:
    text = (ROOT / "docs" / "map.md").read_text("utf-8")
    for parent in ("registry", "docgen"):
        rooms = {path.name for path in (ROOT / parent).iterdir() if (path / "__init__.py").is_file()}
        assert [room for room in sorted(rooms) if f"{room}/" not in text] == []


def test_every_module_the_map_names_is_there() -> None:
    text = (ROOT / "docs" / "map.md").read_text("utf-8")
    named = set(re.findall(r"`((?:registry|docgen|tests|templates)/[\w/.]+\.(?:py|json))`", text))
    assert len(named) > 4
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


COMMAND = '''

@click.command("hello")
def hello() -> None:
    """说一声。"""
    click.echo("您好", err=True)
'''


def test_a_command_is_added_in_the_places_the_map_names(tmp_path: Path) -> None:
    copy = tmp_path / "yiyu"
    for part in ("registry", "docgen", "templates"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    door = copy / "registry" / "office" / "integrity_commands.py"
    door.write_text(door.read_text("utf-8") + COMMAND, "utf-8")
    table = (ROOT / "cli.py").read_text("utf-8")
    table = table.replace('    "log": "', '    "hello": "registry.office.integrity_commands:hello",\n    "log": "', 1)
    (copy / "cli.py").write_text(table.replace('    "log": "最', '    "hello": "说一声",\n    "log": "最', 1), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "yiyu.cli", "hello"],
        env={"PYTHONPATH": str(tmp_path), "HOME": str(tmp_path)}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.stderr, done.returncode) == ("您好\n", 0)


def test_a_duty_is_added_in_the_one_place_the_map_names(tmp_path: Path) -> None:
    with opened(new_office(tmp_path / "office")) as session:
        before = {duty.key for duty in session.pack.duties}
        own = session.workspace.templates / "ordos"
        own.mkdir(parents=True)
        (own / "pack.toml").write_text(
            'extends = "ordos"\n[duties.hand_washing]\ntitle = "洗手指导"\n'
            'provider = ["JC"]\nowner = "基层医疗卫生机构"\ntarget = "托育机构"\n'
            'per = "quarter"\ntimes = 1\nforms = ["上门指导"]\nsource = "S0 三（一）"\n',
            "utf-8",
        )
        after = {duty.key for duty in replace(session, packs_read={}).pack.duties}
    assert after - before == {"hand_washing"}
