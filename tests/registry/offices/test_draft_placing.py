"""Claims about files put into ``templates/`` together: all or none, wherever the program is killed or the disk is full."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from build import opened
from handed_down import events, standing, write

from yiyu.registry.errors import FileFault, StepNotAllowed
from yiyu.registry.files import write_watch
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.offices.draft_placing import place_drafts, settle_drafts

FILES = {"ordos/pack.toml": b"new", "ordos/clauses.toml": b"new", "forms/bulletin.docx": b"new"}
FORMER = "former/2026-11-22"
AFTER = {**FILES, f"{FORMER}/ordos/pack.toml": b"old", "qi/pack.toml": b"own"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_workspace(tmp_path / "office", pack="ordos")
    write(tmp_path / "office", "ordos/pack.toml", "old")
    write(tmp_path / "office", "qi/pack.toml", "own")
    return tmp_path / "office"


def place(folder: Path, package: str = "1", *, dry_run: bool = False) -> str:
    seen = {path: standing(folder).get(path) for path in FILES}
    with opened(folder) as session:
        return place_drafts(session, package, FILES, seen, note="", data={}, dry_run=dry_run)


def test_the_files_the_former_one_and_the_event_come_together(folder: Path) -> None:
    before = standing(folder)
    assert place(folder, dry_run=True) == f"templates/{FORMER}"
    assert (standing(folder), events(folder)) == (before, [])
    assert place(folder) == f"templates/{FORMER}"
    assert (standing(folder), len(events(folder))) == (AFTER, 1)
    write(folder, "ordos/pack.toml", "changed")
    assert place(folder, "2") == f"templates/{FORMER}-2"


def whole(folder: Path) -> dict[str, bytes]:
    """Without what a killed run left half written, which the next that writes there removes."""
    return {path: data for path, data in standing(folder).items() if not path.endswith(".part")}


def at_file(nth: int, end: Callable[[], object]) -> None:
    """Let ``end`` happen where the ``nth`` file is begun or named."""
    count = 0

    def watch(_path: Path, _made: Path | None) -> None:
        nonlocal count
        count += 1
        if count == nth:
            end()

    write_watch.set(watch)


def killed(folder: Path, nth: int) -> bool:
    """Place the files in a process of its own, which ends without a word at its ``nth``; whether it came so far."""
    if (child := os.fork()) == 0:
        try:
            at_file(nth, lambda: os._exit(9))
            place(folder)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_killed_at_any_file_nothing_has_happened_once_the_office_is_opened_and_the_next_run_does_it(
    folder: Path, tmp_path: Path
) -> None:
    before, nth = standing(folder), 1
    while killed(copy := Path(shutil.copytree(folder, tmp_path / str(nth))), nth):
        with opened(copy) as session:
            settle_drafts(session)
        left = whole(copy)
        assert (left, events(copy)) == (before, [])
        place(copy)
        left = whole(copy)
        assert (left, len(events(copy))) == (AFTER, 1)
        nth += 1
    assert (standing(copy), nth) == (AFTER, 2 * 5 + 1)


def test_killed_after_it_was_recorded_it_is_finished_but_for_what_a_person_changed_since(folder: Path) -> None:
    journal = folder / "templates" / ".adopting.part"
    kept: list[bytes] = []
    at_file(9, lambda: kept.append(journal.read_bytes()))
    try:
        place(folder)
    finally:
        write_watch.set(lambda _path, _made: None)
    (folder / "templates" / FORMER / "ordos" / "pack.toml").unlink()
    write(folder, "ordos/pack.toml", "old")
    write(folder, "ordos/clauses.toml", "by hand")
    journal.write_bytes(kept[0])
    with opened(folder) as session:
        settle_drafts(session)
    assert standing(folder) == {**AFTER, "ordos/clauses.toml": b"by hand"}
    assert len(events(folder)) == 1


def test_a_file_that_cannot_be_written_takes_all_of_it_back(folder: Path) -> None:
    (folder / "templates" / "forms").write_text("a file in the way of the folder", "utf-8")
    before = standing(folder)
    with pytest.raises(FileFault):
        place(folder)
    assert (standing(folder), events(folder)) == (before, [])


def test_what_changed_since_it_was_looked_at_is_not_written_over(folder: Path) -> None:
    before = standing(folder)
    with opened(folder) as session, pytest.raises(StepNotAllowed, match="又有改动"):
        place_drafts(session, "1", FILES, dict.fromkeys(FILES), note="", data={})
    assert (standing(folder), events(folder)) == (before, [])
