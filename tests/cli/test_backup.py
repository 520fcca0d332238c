"""backup, restore and check, as a clerk meets them."""

import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from subprocess import run as run_process
from typing import Any

import pytest
from click.testing import CliRunner, Result

from yiyu.cli import main

Run = Callable[..., Result]
Asked = Callable[..., Any]

LATER_VERSION = (
    "INSERT INTO documents (agreement_id, kind, version, path, sha256, template_sha256, size, made_at)"
    " SELECT agreement_id, kind, version + 2, path || '2', sha256, template_sha256, size, made_at"
    " FROM documents LIMIT 1"
)
NUMBER = "SELECT number FROM agreements WHERE id = (SELECT agreement_id FROM documents ORDER BY version DESC)"
"""Of the agreement LATER_VERSION has touched."""


def alone(*arguments: object, code: int = 0) -> Result:
    """A command that needs no workspace."""
    result = CliRunner().invoke(main, [str(one) for one in arguments])
    assert result.exit_code == code, result.stderr
    return result


def test_a_backup_says_where_it_is_and_what_is_in_it(asked: Asked, run: Run, office: Path) -> None:
    done = asked("backup")
    assert (office / done["path"]).stat().st_size == done["size"]
    agreements = len(asked("agreement", "list"))
    assert (done["tables"]["agreements"], done["files"], done["removed"]) == (agreements, 0, [])
    assert f" 家机构、{agreements} 份协议" in run("backup", "--keep", "9").stderr


def test_a_dry_run_says_what_it_would_do(run: Run, office: Path) -> None:
    assert "试算，没有写入" in run("backup", "--dry-run", "--with-files").stderr
    assert not (office / "backups").exists()


def test_old_backups_go_by_the_number_the_office_set(asked: Asked, run: Run, office: Path) -> None:
    settings = office / "yiyu.toml"
    settings.write_text('backups_kept = 2\nbackup_folder = "../usb"\n' + settings.read_text("utf-8"), "utf-8")
    for _ in range(4):
        run("backup")
    assert len(list((office.parent / "usb").glob("*.db"))) == 2
    settings.write_text("backups_kept = 0\n" + settings.read_text("utf-8").partition("\n")[2], "utf-8")
    assert "backups_kept" in run("backup", code=4).stderr


def test_a_note_whose_backup_never_came_to_stand_is_named_and_goes_with_the_next_backup(
    run: Run, asked: Asked, office: Path
) -> None:
    run("backup")
    note = office / "backups" / "registry-20260101-000000.json"
    note.write_text("{}")
    [fault] = asked("check", code=8)["faults"]
    assert (fault["place"], fault["fault"]) == ("backups/registry-20260101-000000.json", "leftover")
    run("backup")
    assert not note.exists()
    assert len(list((office / "backups").glob("*.json"))) == len(list((office / "backups").glob("*.db"))) == 2


def test_a_file_in_the_place_of_the_backups_is_named(run: Run, office: Path) -> None:
    (office / "backups").write_bytes(b"")
    assert "backups" in run("backup", code=7).stderr


def test_a_backup_does_not_go_into_what_is_backed_up(run: Run, office: Path) -> None:
    assert "换一个文件夹" in run("backup", "--with-files", "--to", office / "archive" / "备份", code=4).stderr


def test_a_damaged_registry_is_not_backed_up(run: Run, asked: Asked, office: Path) -> None:
    first = asked("backup")["path"]
    data = bytearray((office / "registry.db").read_bytes())
    data[8192 : 8192 + 3000] = b"\xff" * 3000
    (office / "registry.db").write_bytes(bytes(data))
    run("backup", "--keep", "1", code=8)
    assert [path.name for path in (office / "backups").glob("*.db")] == [Path(first).name]


def test_an_office_is_restored_and_goes_on_working(run: Run, asked: Asked, office: Path, tmp_path: Path) -> None:
    done = asked("backup", "--with-files")
    restored = alone("restore", office / done["path"], tmp_path / "new")
    assert "份协议，校验值相符" in restored.stderr
    assert "核对无误" in alone("--workspace", tmp_path / "new", "check").stderr
    listed = alone("--workspace", tmp_path / "new", "agreement", "list", "--json").stdout
    assert json.loads(listed) == asked("agreement", "list")


def test_documents_lost_with_the_disk_are_named_and_made_again(asked: Asked, office: Path, tmp_path: Path) -> None:
    path = office / asked("backup")["path"]
    done = alone("restore", path, tmp_path / "new")
    known = {one.relative_to(office).as_posix() for one in office.glob("output/*/*/*.docx")}
    assert known <= set(done.stdout.splitlines())
    assert f"文书 {len(known)} 个" in done.stderr
    assert "yiyu generate --missing" in done.stderr
    alone("--workspace", tmp_path / "new", "generate", "--missing")
    assert all((tmp_path / "new" / name).read_bytes() == (office / name).read_bytes() for name in known)


def test_restoring_refuses_what_it_cannot_do(asked: Asked, office: Path, tmp_path: Path) -> None:
    path = office / asked("backup")["path"]
    assert "不是空的" in alone("restore", path, office, code=7).stderr
    assert "找不到备份文件" in alone("restore", tmp_path / "no.db", tmp_path / "new", code=7).stderr
    path.with_suffix(".json").unlink()
    assert "--without-note" in alone("restore", path, tmp_path / "new", code=7).stderr
    assert "没有校验值" in alone("restore", path, tmp_path / "new", "--without-note", "--dry-run").stderr
    assert not (tmp_path / "new").exists()
    path.write_bytes(b"not a registry")
    alone("restore", path, tmp_path / "new", "--without-note", code=8)
    (tmp_path / "x.zip").write_bytes(b"not a zip")
    alone("restore", tmp_path / "x.zip", tmp_path / "new", "--without-note", code=7)


def test_backups_taken_at_once_are_all_good(office: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "yiyu.cli", "--workspace", str(office), "backup"]
    clerks = [Popen(command, stdout=DEVNULL, stderr=PIPE, text=True) for _ in range(3)]
    told = [clerk.communicate()[1] for clerk in clerks]
    assert [clerk.returncode for clerk in clerks] == [0, 0, 0], told
    made = sorted((office / "backups").glob("*.db"))
    assert len(made) == len(clerks)
    for at, path in enumerate(made):
        alone("restore", path, tmp_path / str(at))


def test_check_names_what_no_row_knows(asked: Asked, office: Path) -> None:
    stray = {"output/2026/东胜区/手工.docx", "archive/2026/不明.pdf"}
    passed_over = {"output/台账.xlsx", "output/年报.docx", "output/2026/东胜区/~$打开.docx", "archive/Thumbs.db"}
    for name in stray | passed_over:
        (office / name).parent.mkdir(parents=True, exist_ok=True)
        (office / name).write_bytes(b"x")
    found = asked("check", code=8)
    assert {(one["place"], one["fault"]) for one in found["faults"]} == {(name, "stray") for name in stray}
    assert found["checked"] > 100


@pytest.mark.parametrize("head", [bytes(28), bytes(512), b""])
def test_a_journal_that_holds_nothing_is_no_fault(asked: Asked, run: Run, office: Path, head: bytes) -> None:
    """Its writer had finished: nothing is lost, and no backup is to be restored over a sound registry."""
    (office / "registry.db-journal").write_bytes(head)
    assert asked("check")["faults"] == []
    assert "backup" not in {one["code"] for one in asked("doctor") if one["state"] == "fault"}
    assert {one["state"] for one in asked("doctor") if one["code"] in ("registry", "interrupted")} == {"ok"}


def test_a_backup_is_spoken_of_only_where_the_registry_is_not_what_it_was(asked: Asked, run: Run, office: Path) -> None:
    (office / "archive" / "不明.pdf").write_bytes(b"x")
    assert "不用恢复备份" in run("check", code=8).stderr
    assert asked("check", code=8)["backup"] == ""


ALTERED = "UPDATE institutions SET address = '改过'"


def test_the_backup_to_go_back_to_is_whole_itself_and_what_is_lost_since_is_counted(
    asked: Asked, run: Run, office: Path
) -> None:
    good = asked("backup")["path"]
    name = asked("institution", "list")[0]["name"]
    run("institution", "edit", name, "--contact", "王某某")
    with closing(sqlite3.connect(office / "registry.db")) as db:
        db.executescript(ALTERED)
    asked("backup")
    run("institution", "edit", name, "--contact", "李某某")
    told = asked("check", code=8)
    assert told["backup"] == good
    assert told["lost"] == 2
    assert f"yiyu restore {good} 新目录，其后的 2 条记录要重新录入" in run("check", code=8).stderr


@pytest.mark.parametrize(
    ("planted", "fault", "place"),
    [
        ("DROP TRIGGER events_no_update", "schema", "events_no_update"),
        ("CREATE VIEW extra AS SELECT 1", "schema", "extra"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM institutions WHERE id = 1", "database", "registry.db"),
        (LATER_VERSION, "version", "NUMBER"),
    ],
)
def test_check_names_what_another_program_did_to_the_registry(
    asked: Asked, office: Path, planted: str, fault: str, place: str
) -> None:
    with closing(sqlite3.connect(office / "registry.db")) as db:
        db.executescript(planted)
        number = db.execute(NUMBER).fetchone()[0]
    found = {(one["fault"], one["place"]) for one in asked("check", code=8)["faults"]}
    assert (fault, place.replace("NUMBER", number)) in found


def test_check_takes_back_what_a_killed_run_left_half_written(run: Run, asked: Asked, office: Path) -> None:
    script = (
        "import os, sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "db.executescript('PRAGMA cache_size = 1; BEGIN IMMEDIATE;"
        " UPDATE institutions SET remark = hex(randomblob(900))')\n"
        "os._exit(0)"
    )
    before = asked("institution", "list")
    run_process([sys.executable, "-c", script, str(office / "registry.db")], check=True)
    assert (office / "registry.db-journal").stat().st_size > 0
    assert "核对无误" in run("check").stderr
    assert asked("institution", "list") == before
    assert not (office / "registry.db-journal").exists()
