import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from yiyu.cli import main
from yiyu.docgen.demonstration import play_season
from yiyu.registry.office.workspaces import make_workspace

Run = Callable[..., Result]


def invoke(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(one) for one in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="session")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first season of the demonstration, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("season") / "office"
    now = dt.datetime.now().astimezone()
    make_workspace(folder, pack="ordos", region="150600")
    play_season(folder, today=now.date(), now=now.isoformat(timespec="seconds"), actor="王某某")
    return folder


@pytest.fixture
def office(season: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(season, tmp_path / "office"))


@pytest.fixture
def run(office: Path) -> Run:
    """Run a command in the office; ``ok`` (default) demands exit code 0, else the code given."""

    def call(*arguments: object, code: int = 0) -> Result:
        result = invoke("--workspace", office, *arguments)
        assert result.exit_code == code, (result.stdout, result.stderr)
        assert "Traceback" not in result.stderr
        if code not in (0, 2, 10):
            assert result.stderr.splitlines()[-1].startswith("错误：")
            assert result.stderr.count("错误：") == 1
        return result

    return call


@pytest.fixture
def asked(run: Run) -> Callable[..., Any]:
    """Run a command with --json and give what it printed."""

    def call(*arguments: object, code: int = 0) -> Any:
        return json.loads(run(*arguments, "--json", code=code).stdout)

    return call
