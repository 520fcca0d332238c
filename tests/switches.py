"""Switches for the whole suite."""

import gc
import os
import shutil
import sys
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings

# The hundreds of processes a run starts read what the first of them compiled, wherever that is switched off by default.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it that nobody else may enter
ROOM = 6 << 30
"""Bytes that the folders of a run never need."""
if (
    MEMORY.is_dir()
    and min(shutil.disk_usage(MEMORY).free, os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")) > ROOM
):
    # Offices are copied by the thousand, and every write of theirs waits for the disk: memory has both for nothing.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

NO_SKIPS = "--no-skips"
FIRST = (
    "recount/test_recount.py",
    "cli/test_coming_home.py",
    "docgen/documents/test_geometry.py",
    "test_readme.py",
    "test_kill_points.py",
    "desk/test_season.py",
    "cli/test_json_schemas.py",
    "docgen/scans/test_recognition.py",
    "cli/test_intake_killed.py",
    "test_desk_clerks.py",
    "cli/test_print.py",
    "docgen/reports/test_one_list.py",
)
"""Files with tests of ten seconds and more: begun last, one of them would keep a single process busy at the end."""
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(NO_SKIPS, action="store_true", help="a test that skips has failed: something is not installed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    turn = {config.rootpath / "tests" / name: at for at, name in enumerate(FIRST)}
    items.sort(key=lambda item: turn.get(item.path, len(turn)))


def pytest_collection_finish() -> None:
    gc.freeze()  # thousands of tests and all modules stay to the end: no collection need look through them


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    return _counted(item.config, report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    return _counted(collector.config, report)


def _counted(config: pytest.Config, report: Report) -> Report:
    # An expected failure is reported as skipped too, with the reason in ``wasxfail``.
    if report.skipped and config.getoption(NO_SKIPS) and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped, and {NO_SKIPS} allows none: {reason}"
    return report
