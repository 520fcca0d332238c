"""doctor: each planted fault is found under its code, and a new workspace has none."""

import datetime as dt
import importlib.util
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from yiyu.cli import main
from yiyu.docgen.pdf import fonts
from yiyu.registry.office.backups import note_of
from yiyu.registry.rules.workdays import FIXED_HOLIDAYS

Run = Callable[..., Result]
MACHINE = {"fonts", "engine", "scan", "sign", "disk", "plugins"}
"""Facts of the computer the tests run on."""


def examine(folder: Path, code: int | None = 0) -> dict[str, dict[str, Any]]:
    """Findings that are not all right, by code; the exit code must be ``code``, where one is given."""
    result = CliRunner().invoke(main, ["--workspace", str(folder), "doctor", "--json"])
    assert result.exit_code == code or code is None, result.output
    found = json.loads(result.stdout)
    assert len({one["code"] for one in found}) == len(found)
    assert all(bool(one["remedy"]) == (one["state"] != "ok") for one in found)
    return {one["code"]: one for one in found if one["state"] != "ok"}


def table(folder: Path, year: int, *, without: int = 0) -> None:
    days = ", ".join(f"{year}-{month:02}-{day:02}" for month, day in FIXED_HOLIDAYS[without:])
    (folder / f"holidays-{year}.toml").write_text(f"off = [{days}]\n", "utf-8")


@pytest.fixture
def office(office: Path) -> Path:
    """The office, backed up, with the year tables of this year and the next."""
    assert CliRunner().invoke(main, ["--workspace", str(office), "backup"]).exit_code == 0
    today = dt.datetime.now().astimezone().date()
    for year in (today.year, today.year + 1):
        table(office, year)
    return office


def newest(office: Path) -> Path:
    return max((office / "backups").glob("*.db"))


def sql(statement: str) -> Callable[[Path], None]:
    def plant(office: Path) -> None:
        with closing(sqlite3.connect(office / "registry.db")) as db:
            db.executescript(statement)

    return plant


def flip_in_backup(office: Path) -> None:
    data = newest(office).read_bytes()
    newest(office).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


def age_backup(office: Path) -> None:
    path = newest(office)
    note_of(path).rename(path.with_name("registry-20200101-090000.json"))
    path.rename(path.with_name("registry-20200101-090000.db"))


def damage(office: Path) -> None:
    data = bytearray((office / "registry.db").read_bytes())
    data[8192 : 8192 + 3000] = b"\xff" * 3000
    (office / "registry.db").write_bytes(bytes(data))


def write(name: str, content: bytes) -> Callable[[Path], None]:
    def plant(office: Path) -> None:
        (office / name).parent.mkdir(parents=True, exist_ok=True)
        (office / name).write_bytes(content)

    return plant


def interrupt(office: Path) -> None:
    script = (
        "import os, sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "db.executescript('PRAGMA cache_size = 1; BEGIN IMMEDIATE;"
        " UPDATE institutions SET remark = hex(randomblob(900))')\n"
        "os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script, str(office / "registry.db")], check=True)


def migrate_back(office: Path) -> None:
    """An office of long ago, with its backup of then."""
    (office / "registry.db").unlink()
    with closing(sqlite3.connect(office / "registry.db")) as db:
        dump = (Path(__file__).parents[1] / "data" / "registry-0002.sql").read_text("utf-8")
        db.executescript(dump.replace("2026-11-22T22", "2026-11-21T22"))  # it was made later that day


FAULTS: tuple[tuple[str, Callable[[Path], object], str, str, str], ...] = (
    ("settings", write("yiyu.toml", b"pack = 1\n"), "config", "fault", "yiyu.toml"),
    ("no registry", lambda office: (office / "registry.db").unlink(), "registry", "fault", "yiyu restore"),
    ("foreign", sql("PRAGMA application_id = 1"), "registry", "fault", "yiyu restore"),
    ("no database", write("registry.db", b"text " * 999), "registry", "fault", "yiyu restore"),
    ("empty", write("registry.db", b""), "registry", "fault", "yiyu restore"),
    ("damaged", damage, "registry", "fault", "yiyu restore"),
    ("newer", sql("PRAGMA user_version = 900"), "registry", "fault", "pip install -U yiyu"),
    ("older", migrate_back, "registry", "warn", "yiyu check"),
    ("interrupted", interrupt, "interrupted", "warn", "yiyu check"),
    (
        "future",
        sql("DROP TRIGGER events_no_update; UPDATE events SET recorded_at = '2999-01-01T00:00:00+08:00'"),
        "clock",
        "warn",
        "日期时间",
    ),
    (
        "no clock",
        sql("DROP TRIGGER events_no_update; UPDATE events SET recorded_at = 'x'"),
        "clock",
        "warn",
        "日期时间",
    ),
    ("open to all", lambda office: (office / "registry.db").chmod(0o644), "rights", "warn", "chmod"),
    ("no backup", lambda office: shutil.rmtree(office / "backups"), "backups", "warn", "yiyu backup"),
    ("stale backup", age_backup, "backups", "warn", "yiyu backup"),
    ("damaged backup", flip_in_backup, "backups", "fault", "yiyu backup"),
    ("backup without note", lambda office: note_of(newest(office)).unlink(), "backups", "fault", "yiyu backup"),
    ("leftover", write("output/.x8k2.part", b"half"), "leftovers", "warn", "yiyu check"),
    ("no pack", write("yiyu.toml", b'pack = "nowhere"\n'), "pack", "fault", "yiyu pack check nowhere"),
    ("rare character", sql("UPDATE institutions SET contact = '王𱍊' WHERE id = 2"), "names", "warn", "字体"),
    (
        "unseen character",
        sql(
            "UPDATE institutions SET code = '' WHERE id = 2; UPDATE institution_facts SET value = value || char(8203) WHERE institution_id = 2 AND fact = 'name'"
        ),
        "spellings",
        "warn",
        "yiyu institution edit",
    ),
    (
        "radical in a name",
        sql("UPDATE institution_facts SET value = value || char(12092) WHERE institution_id = 2 AND fact = 'name'"),
        "spellings",
        "warn",
        '心"',
    ),
    (
        "slip in year table",
        write("holidays-2027.toml", b"off = [[2027-01-03, 2027-01-01]]\n"),
        "holidays",
        "fault",
        "通知",
    ),
    ("year table without holidays", lambda office: table(office, 2098, without=1), "holidays", "fault", "七个节日"),
)


@pytest.mark.parametrize(
    ("plant", "code", "state", "remedy"), [one[1:] for one in FAULTS], ids=[one[0] for one in FAULTS]
)
def test_a_planted_fault_is_found_with_what_mends_it_and_no_other(
    office: Path, plant: Callable[[Path], object], code: str, state: str, remedy: str
) -> None:
    if code == "names" and shutil.which("fc-list") is None:
        pytest.skip("没有安装 fontconfig（fc-list）：不知道字体里有哪些字")
    assert not examine(office).keys() - MACHINE
    plant(office)
    if code != "rights" and (office / "registry.db").exists():
        (office / "registry.db").chmod(0o600)  # one planted by another program is as the umask says
    found = examine(office, code=1 if state == "fault" else 0)
    assert found.keys() - MACHINE == {code}
    assert found[code]["state"] == state
    assert remedy in found[code]["remedy"]


def test_a_new_workspace_has_no_fault_but_what_the_calendar_lacks(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["init", str(tmp_path / "new")]).exit_code == 0
    assert not examine(tmp_path / "new").keys() - MACHINE - {"holidays"}


def test_who_holds_the_registry_is_noticed_without_waiting(office: Path) -> None:
    with closing(sqlite3.connect(office / "registry.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert examine(office).keys() - MACHINE == {"lock"}
        other.execute("ROLLBACK")
        other.execute("BEGIN EXCLUSIVE")
        assert examine(office).keys() - MACHINE == {"lock", "registry"}
    assert not examine(office).keys() - MACHINE


def test_a_backup_older_than_a_week_is_fresh_while_nothing_was_recorded_since(office: Path) -> None:
    age_backup(office)
    assert "backups" in examine(office)
    long_ago = dt.datetime(2019, 12, 31).timestamp()  # noqa: DTZ001 - any day before the backup
    os.utime(office / "registry.db", (long_ago, long_ago))
    assert "backups" not in examine(office)


def test_looking_changes_nothing(office: Path) -> None:
    migrate_back(office)
    before = {path: path.read_bytes() for path in office.rglob("*") if path.is_file()}
    examine(office)
    assert {path: path.read_bytes() for path in office.rglob("*") if path.is_file()} == before


def test_a_year_nobody_published_is_missing_from_november_on(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from yiyu.registry.config import load_workspace
    from yiyu.registry.office.health import look_at_workspace

    def missing(day: dt.date) -> str:
        now = dt.datetime.combine(day, dt.time(9)).astimezone()
        found = {one.code: one for one in look_at_workspace(load_workspace(office), now)}
        return found["holidays"].message if found["holidays"].state == "warn" else ""

    assert "2099" in missing(dt.date(2098, 11, 1))
    table(office, 2098)
    assert missing(dt.date(2098, 10, 31)) == ""
    assert missing(dt.date(2098, 11, 1)).startswith("没有 2099 年")


def test_a_low_disk_is_found(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(office)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=999_000_000))
    assert "999.0 MB" in examine(office)["disk"]["message"]


def test_a_folder_that_cannot_be_written_is_found(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write anywhere, so the system call itself refuses here."""
    import tempfile

    def refuse(**options: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert "chmod" in examine(office, code=1)["writable"]["remedy"]


@pytest.mark.parametrize(
    ("absent", "code", "remedy"),
    [("zxingcpp", "scan", "yiyu[scan]"), ("img2pdf", "scan", "yiyu[scan]"), ("pyhanko", "sign", "yiyu[sign]")],
)
def test_an_extra_that_is_not_installed_is_named(
    office: Path, monkeypatch: pytest.MonkeyPatch, absent: str, code: str, remedy: str
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == absent else real(name))
    found = examine(office)[code]
    assert absent in found["message"]
    assert remedy in found["remedy"]


def test_a_computer_that_cannot_print_is_found(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No fontconfig, no packaged font, no LibreOffice, no dxpdf: what a bare Windows looks like from here."""
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(fonts, "_KNOWN_FILES", ())
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "dxpdf" else real(name))
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    caches = (fonts.installed, fonts.packaged, fonts.available)
    for cached in caches:
        cached.cache_clear()
    try:
        found = examine(office, code=1)
    finally:
        for cached in caches:
            cached.cache_clear()
    assert (found["fonts"]["state"], found["engine"]["state"]) == ("fault", "fault")
    assert "fonts-noto-cjk" in found["fonts"]["remedy"]
    assert "LibreOffice" in found["engine"]["remedy"]


def test_outside_a_workspace_the_computer_alone_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["doctor", "--json"])
    assert {one["code"] for one in json.loads(result.stdout)} == MACHINE
    assert "不在工作区内" in result.stderr


def test_a_workspace_named_that_is_none_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--workspace", str(tmp_path), "doctor"])
    assert result.exit_code == 3
    assert "没有 yiyu.toml" in result.stderr


def test_people_read_a_line_each_with_what_to_do_under_it(run: Run, office: Path) -> None:
    shutil.rmtree(office / "backups")
    lines = run("doctor").stdout.splitlines()
    assert lines[lines.index("注意    备份：还没有备份") + 1] == "        → yiyu backup"
