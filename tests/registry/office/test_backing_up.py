"""A backup is the registry at one moment, proven; what is not proven is not restored and pushes no good one out."""

import dataclasses
import datetime as dt
import random
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.config import load_workspace
from yiyu.registry.errors import FileFault, RegistryFault, UserError
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Kind, Variant
from yiyu.registry.office.backing_up import NOTE_IN_ZIP, back_up
from yiyu.registry.office.backups import Note, checksummed, note_of
from yiyu.registry.office.restoring import restore
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.copying import look_into, newest_schema
from yiyu.registry.store.opening import open_registry

FLIPS = 200


@pytest.fixture
def stocked(session: OfficeSession) -> OfficeSession:
    """The office with one agreement, a document, a scan, a template and a year table."""
    draft(session, "东胜区兴胜社区卫生服务中心", "东胜区甲托育中心")
    root = session.workspace.root
    for name in ("output/2026/协议.docx", "archive/incoming/扫描 1.pdf", "templates/own/pack.toml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode() * 100)
    (root / "output" / ".half.part").write_bytes(b"x")
    (root / "holidays-2027.toml").write_bytes("off = []\r\n".encode("gb18030"))
    return session


def draft(session: OfficeSession, medical: str, childcare: str) -> None:
    known = directory(session)
    sides = known.find(medical, Kind.MEDICAL), known.find(childcare, Kind.CHILDCARE)
    assert len(draft_agreements(session, [DraftRequest(*sides, Variant.JC, dt.date(2026, 3, 1), 12)]).made) == 1


def at(session: OfficeSession, minute: int) -> OfficeSession:
    return dataclasses.replace(session, now=f"2026-11-22T10:{minute:02}:00+08:00")


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


def everything(root: Path) -> dict[str, bytes]:
    kept = (path for path in root.rglob("*") if path.is_file() and "backups" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in kept if path.name != ".half.part"}


def flipped(data: bytes, seed: int, count: int) -> Iterator[bytes]:
    chance = random.Random(seed)  # noqa: S311 - the same flips in every run
    for place in chance.sample(range(len(data)), count):
        yield data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]


def test_a_backup_holds_what_the_registry_holds(stocked: OfficeSession) -> None:
    done = back_up(stocked)
    assert done.path == stocked.workspace.root / "backups" / "registry-20261122-090000.db"
    assert dump(done.path) == dump(stocked.workspace.registry_path)
    assert done.note.tables["agreements"] == 1
    assert sorted(path.name for path in done.path.parent.iterdir()) == [
        done.path.stem + ".db",
        done.path.stem + ".json",
    ]


def test_a_backup_is_taken_while_a_colleague_writes(stocked: OfficeSession) -> None:
    """And does not hold what is not yet committed."""
    with closing(sqlite3.connect(stocked.workspace.registry_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE institutions SET remark = '未提交'")
        done = back_up(stocked)
        other.execute("ROLLBACK")
    assert dump(done.path) == dump(stocked.workspace.registry_path)


def test_a_restored_registry_is_the_one_backed_up(stocked: OfficeSession, tmp_path: Path) -> None:
    done = back_up(stocked)
    back = restore(done.path, tmp_path / "新" / "office")
    assert back.proven
    assert (back.folder / "registry.db").read_bytes() == done.path.read_bytes()
    for name in ("yiyu.toml", "holidays-2027.toml"):
        assert (back.folder / name).read_bytes() == (stocked.workspace.root / name).read_bytes()
    with open_registry(back.folder / "registry.db") as db:
        assert db.table("agreements").count == 1


def test_an_office_restored_with_its_files_is_the_same_to_the_byte(stocked: OfficeSession, tmp_path: Path) -> None:
    done = back_up(stocked, with_files=True)
    back = restore(done.path, tmp_path / "again")
    before, after = everything(stocked.workspace.root), everything(back.folder)
    assert dump(back.folder / "registry.db") == dump(stocked.workspace.registry_path)
    del before["registry.db"], after["registry.db"]
    assert after == before
    assert (back.files, back.missing) == (3, [])


def test_an_empty_folder_may_be_restored_into(stocked: OfficeSession, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert restore(back_up(stocked).path, tmp_path / "empty").contents.tables["agreements"] == 1


def test_a_folder_in_use_is_not_touched(stocked: OfficeSession, tmp_path: Path) -> None:
    done = back_up(stocked)
    before = everything(stocked.workspace.root)
    with pytest.raises(FileFault, match="不是空的"):
        restore(done.path, stocked.workspace.root)
    assert everything(stocked.workspace.root) == before


@pytest.mark.parametrize("with_files", [False, True], ids=["registry", "office"])
def test_every_flipped_byte_of_a_backup_is_found(stocked: OfficeSession, tmp_path: Path, with_files: bool) -> None:
    path = back_up(stocked, with_files=with_files).path
    for data in flipped(path.read_bytes(), 7, FLIPS):
        path.write_bytes(data)
        with pytest.raises(FileFault, match="备份已损坏"):
            restore(path, tmp_path / "no")
    assert not (tmp_path / "no").exists()


def test_every_flipped_byte_of_the_note_is_found(stocked: OfficeSession, tmp_path: Path) -> None:
    path = back_up(stocked).path
    note = note_of(path)
    for data in flipped(note.read_bytes(), 8, FLIPS):
        note.write_bytes(data)
        with pytest.raises(FileFault, match="校验文件被改动过"):
            restore(path, tmp_path / "no")


@pytest.mark.parametrize("size", [0, 512, 4096, -1], ids=["empty", "part of a page", "a page", "one byte short"])
def test_a_backup_cut_off_is_refused_even_without_its_note(stocked: OfficeSession, tmp_path: Path, size: int) -> None:
    path = back_up(stocked).path
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(FileFault):
        restore(path, tmp_path / "no")
    note_of(path).unlink()
    with pytest.raises(FileFault, match="没有校验文件"):
        restore(path, tmp_path / "no")
    if size != -1:
        with pytest.raises(RegistryFault):
            restore(path, tmp_path / "no", without_note=True)


def test_an_altered_event_is_found_even_without_the_note(stocked: OfficeSession, tmp_path: Path) -> None:
    path = back_up(stocked).path
    note_of(path).unlink()
    with closing(sqlite3.connect(path)) as db, db:
        trigger = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'events_no_update'").fetchone()[0]
        db.execute("DROP TRIGGER events_no_update")
        db.execute("UPDATE events SET on_date = '2020-01-01' WHERE id = 1")
        db.execute(trigger)
    with pytest.raises(RegistryFault, match="第 1 号记录起被改动过"):
        restore(path, tmp_path / "no", without_note=True)


def test_without_its_note_a_sound_registry_takes_the_settings_that_lie_near(
    stocked: OfficeSession, tmp_path: Path
) -> None:
    path = back_up(stocked).path
    note_of(path).unlink()
    back = restore(path, tmp_path / "again", without_note=True)
    assert not back.proven
    assert (back.folder / "yiyu.toml").read_bytes() == (stocked.workspace.root / "yiyu.toml").read_bytes()
    alone = Path(shutil.copy(path, tmp_path / "alone.db"))
    with pytest.raises(FileFault, match=r"旁边也没有 yiyu\.toml"):
        restore(alone, tmp_path / "no", without_note=True)


def test_a_backup_of_a_newer_yiyu_is_refused_with_what_to_do(stocked: OfficeSession, tmp_path: Path) -> None:
    stocked.db.execute(f"PRAGMA user_version = {newest_schema() + 1}")
    shutil.copy(stocked.workspace.registry_path, tmp_path / "newer.db")
    shutil.copy(stocked.workspace.root / "yiyu.toml", tmp_path)
    with pytest.raises(RegistryFault, match="请先升级 yiyu"):
        restore(tmp_path / "newer.db", tmp_path / "no", without_note=True)
    assert not (tmp_path / "no").exists()


def test_a_backup_of_an_older_yiyu_is_restored_as_it_is_and_brought_up_to_date_when_opened(tmp_path: Path) -> None:
    dump_text = (Path(__file__).parents[2] / "data" / "registry-0001.sql").read_text("utf-8")
    with closing(sqlite3.connect(tmp_path / "old.db")) as db:
        db.executescript(dump_text)
    (tmp_path / "yiyu.toml").write_text('pack = "ordos"', "utf-8")
    back = restore(tmp_path / "old.db", tmp_path / "office", without_note=True)
    assert back.contents.schema == 1
    assert [name.split("/")[0] for name in back.missing] == ["output"] * 10
    with open_registry(back.folder / "registry.db"):
        pass
    assert look_into(back.folder / "registry.db").schema == newest_schema()


@pytest.mark.parametrize(
    "name", ["../outside.toml", "/etc/outside.toml", "output/../../x", "registry.db.exe", "a/b.toml"]
)
def test_a_zip_that_would_write_elsewhere_is_refused(stocked: OfficeSession, tmp_path: Path, name: str) -> None:
    """Sealed like one of ours, by someone who means harm, and without the note that proves it."""
    path = back_up(stocked, with_files=True).path
    with zipfile.ZipFile(path) as pack:
        members = {one: pack.read(one) for one in pack.namelist()}
    note = msgspec.json.decode(members[NOTE_IN_ZIP], type=Note)
    planted = msgspec.structs.replace(note, files=note.files | {name: note.files["yiyu.toml"]})
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as pack:
        for one, data in (members | {NOTE_IN_ZIP: checksummed(planted), name: members["yiyu.toml"]}).items():
            pack.writestr(one, data)
    with pytest.raises(FileFault, match="工作区以外"):
        restore(tmp_path / "bad.zip", tmp_path / "in" / "no", without_note=True)
    assert not list(tmp_path.rglob("outside*"))


def test_no_backup_is_made_of_a_registry_that_is_not_sound(stocked: OfficeSession) -> None:
    first = back_up(stocked).path
    stocked.db.execute("DROP TRIGGER events_no_delete")
    with pytest.raises(RegistryFault, match="缺少触发器"):
        back_up(at(stocked, 1), keep=1)
    assert [path.name for path in first.parent.glob("*")] != []
    assert restore(first, stocked.workspace.root.parent / "again").proven


def test_a_file_that_changed_since_it_was_recorded_is_named(stocked: OfficeSession) -> None:
    stocked.db.execute(
        "INSERT INTO documents (agreement_id, kind, version, path, sha256, template_sha256, size, made_at)"
        " VALUES (1, 'agreement', 1, 'output/2026/协议.docx', 'x', 'x', 1, 'x')"
    )
    assert back_up(stocked, with_files=True).altered == ["output/2026/协议.docx"]


def test_the_newest_good_backups_are_kept_and_the_rest_goes(stocked: OfficeSession) -> None:
    paths = [back_up(at(stocked, minute), keep=3).path for minute in range(6)]
    assert [path.exists() for path in paths] == [False, False, False, True, True, True]
    assert [note_of(path).exists() for path in paths] == [False, False, False, True, True, True]


def test_a_damaged_backup_counts_for_nothing_and_stays_for_a_person_to_see(stocked: OfficeSession) -> None:
    good, bad, lost = (back_up(at(stocked, minute), keep=9).path for minute in range(3))
    bad.write_bytes(b"x" + bad.read_bytes()[1:])
    note_of(lost).unlink()
    done = back_up(at(stocked, 4), keep=2)
    assert (done.removed, sorted(done.damaged)) == ([], [bad, lost])
    assert good.exists()
    assert back_up(at(stocked, 5), keep=1).removed == [done.path, good]


@pytest.mark.parametrize(
    ("now", "said"), [("2009-01-01T08:00:00+08:00", "还晚"), ("2099-01-01T08:00:00+08:00", "晚了一年多")]
)
def test_no_backup_goes_while_the_clock_is_not_to_be_believed(stocked: OfficeSession, now: str, said: str) -> None:
    before = [back_up(at(stocked, minute), keep=9).path for minute in range(3)]
    done = back_up(dataclasses.replace(stocked, now=now), keep=1)
    assert said in done.clock
    assert done.removed == []
    assert all(path.exists() for path in before)


def test_what_goes_is_what_holds_the_fewest_events_whatever_the_clock_said(stocked: OfficeSession) -> None:
    """One made while the clock stood in 2009 is the newest all the same, once the clock is right again."""
    first = back_up(at(stocked, 0)).path
    draft(stocked, "东胜区林荫苏木卫生院", "东胜区乙托育中心")
    wrong = back_up(dataclasses.replace(stocked, now="2009-01-01T08:00:00+08:00")).path
    done = back_up(at(stocked, 1), keep=2)
    assert done.removed == [first]
    assert wrong.exists()


def test_restoring_says_which_backup_holds_more_of_the_same_chain(stocked: OfficeSession, tmp_path: Path) -> None:
    old = back_up(at(stocked, 0)).path
    draft(stocked, "东胜区林荫苏木卫生院", "东胜区乙托育中心")
    new = back_up(at(stocked, 1), with_files=True)
    more = new.note.tables["events"] - restore(new.path, tmp_path / "new").contents.tables["events"]
    assert more == 0
    newer = restore(old, tmp_path / "old").newer
    assert newer is not None
    assert newer[0] == new.path
    assert newer[1] > 0


def test_what_is_not_a_backup_of_this_office_is_never_removed(stocked: OfficeSession, tmp_path: Path) -> None:
    """Neither files of a person, nor backups of another office, nor those of a branch left by a restore."""
    folder = tmp_path / "usb"
    folder.mkdir()
    (folder / "registry-20200101-000000.db").write_bytes(b"a person's own")
    (folder / "照片.zip").write_bytes(b"x")
    before = back_up(at(stocked, 0), folder).path
    back = restore(before, tmp_path / "restored").folder
    draft(stocked, "东胜区林荫苏木卫生院", "东胜区乙托育中心")
    left = back_up(at(stocked, 1), folder).path
    with open_registry(back / "registry.db") as db:
        elsewhere = dataclasses.replace(stocked, db=db, workspace=load_workspace(back))
        done = back_up(at(elsewhere, 2), folder, keep=1)
    assert done.removed == [before]
    assert left.exists()
    assert len(list(folder.iterdir())) == 2 + 2 * 2


def test_a_dry_run_writes_and_removes_nothing(stocked: OfficeSession, tmp_path: Path) -> None:
    first = back_up(at(stocked, 0)).path
    before = sorted(stocked.workspace.root.rglob("*"))
    assert back_up(at(stocked, 1), keep=1, dry_run=True).removed == [first]
    assert back_up(at(stocked, 1), tmp_path / "new", with_files=True, dry_run=True).removed == []
    assert restore(first, tmp_path / "no" / "office", dry_run=True).contents.tables["agreements"] == 1
    assert sorted(stocked.workspace.root.rglob("*")) == before
    assert not (tmp_path / "no").exists()
    assert not (tmp_path / "new").exists()


def test_two_backups_in_one_second_are_two(stocked: OfficeSession) -> None:
    assert back_up(stocked).path != back_up(stocked).path


def test_a_backup_needs_more_room_than_there_is_and_says_how_much(
    stocked: OfficeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(stocked.workspace.root)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=10_000))
    with pytest.raises(UserError, match=r"备份需要 0\.\d MB，只剩 0\.0 MB（.*backups）"):
        back_up(stocked)
    assert not stocked.workspace.backups.exists()
