"""Claims about the switches in conftest.py, which decide what a green run means."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SKIPPING = {
    "mark": "@pytest.mark.skip(reason='no program')\ndef test_it(): pass",
    "call": "def test_it(): pytest.skip('no program')",
    "module": "pytest.skip('no program', allow_module_level=True)",
}


def outcome(folder: Path, source: str, *switches: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(Path(__file__).with_name("switches.py"), folder / "conftest.py")
    (folder / "test_one.py").write_text(f"import pytest\n{source}\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "--import-mode=importlib", "--rootdir", folder, *switches, folder]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("source", SKIPPING.values(), ids=SKIPPING.keys())
def test_a_skip_passes_without_the_switch_and_fails_with_it(tmp_path: Path, source: str) -> None:
    assert "1 skipped" in outcome(tmp_path, source).stdout
    strict = outcome(tmp_path, source, "--no-skips")
    assert strict.returncode != 0
    assert "--no-skips allows none" in strict.stdout
    assert "no program" in strict.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    done = outcome(tmp_path, "@pytest.mark.xfail\ndef test_it(): assert False", "--no-skips")
    assert done.returncode == 0
    assert "1 xfailed" in done.stdout
