import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from build import invoke
from click.testing import Result

Run = Callable[..., Result]


@pytest.fixture
def run(office: Path) -> Run:
    """Run a command in the office; ``code`` (default 0) is the exit code it must end with."""

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
