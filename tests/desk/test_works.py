"""Long works under stress: many at once, cancelled before their turn, a server that ends while they run, uploads that go with them."""

import errno
import io
import os
import threading
import time
from pathlib import Path
from typing import BinaryIO

import pytest
from desk_browser import Browser

from yiyu.desk.uploads import FOLDER, files_of, forget_unused, received
from yiyu.desk.works import Act, Outcome, Progressing, Works
from yiyu.registry.errors import NotFound, UserError


def _begin(works: Works, act: object, title: str = "试") -> str:
    return works.begin(title, act, owner=0, actor="王某某", again="/")  # type: ignore[arg-type]  # an Act


def _until(event: threading.Event) -> Act:
    """A work that never looks whether it is to end."""

    def act(_folder: Path, _progress: Progressing) -> Outcome:
        assert event.wait(20)
        return Outcome()

    return act


def _ended(works: Works, key: str) -> str:
    until = time.monotonic() + 20
    while works.progress(key) is not None:
        assert time.monotonic() < until
        time.sleep(0.005)
    note = works.note(key)
    assert note is not None
    return note.state


def test_of_many_works_two_run_at_once_and_all_come_to_their_end(tmp_path: Path) -> None:
    works, lock, now, most = Works(tmp_path), threading.Lock(), 0, 0

    def act(folder: Path, progress: Progressing) -> Outcome:
        nonlocal now, most
        with lock:
            now, most = now + 1, max(most, now + 1)
        for at in range(3):
            progress(at, 3)
            time.sleep(0.002)
        with lock:
            now -= 1
        return Outcome(["好了"])

    keys = [_begin(works, act, f"第{at}项") for at in range(30)]
    assert {_ended(works, key) for key in keys} == {"done"}
    assert most == 2
    assert len(works.notes()) == 30
    assert works.close()


def test_a_work_cancelled_before_its_turn_says_so_at_once_and_does_nothing(tmp_path: Path) -> None:
    works, go, done = Works(tmp_path), threading.Event(), []
    busy = [_begin(works, _until(go)) for _ in range(2)]
    waits = _begin(works, lambda _folder, _progress: done.append(1) or Outcome())
    works.cancel(waits)
    note = works.note(waits)
    assert note is not None
    assert (note.state, "还没有轮到" in note.error) == ("cancelled", True)
    assert works.progress(waits) is None
    go.set()
    assert [_ended(works, key) for key in busy] == ["done", "done"]
    assert works.close()
    assert not done


def test_a_desk_that_closes_tells_of_every_work_how_it_ended(tmp_path: Path) -> None:
    works, stuck, under_way = Works(tmp_path), threading.Event(), threading.Barrier(3)

    def listens(_folder: Path, progress: Progressing) -> Outcome:
        under_way.wait(20)
        while True:
            progress(1, 2)
            time.sleep(0.002)

    def deafly(folder: Path, progress: Progressing) -> Outcome:
        under_way.wait(20)
        return _until(stuck)(folder, progress)

    listening = _begin(works, listens)
    deaf = _begin(works, deafly)
    waiting = _begin(works, listens)
    under_way.wait(20)
    began = time.monotonic()
    assert not works.close(0.5)
    assert time.monotonic() - began < 5
    told = {key: (note.state, note.error) for key in (listening, deaf, waiting) if (note := works.note(key))}
    stuck.set()
    assert [told[key][0] for key in (listening, deaf, waiting)] == ["broken", "broken", "cancelled"]
    assert "重做一次" in told[deaf][1]
    assert "什么都没有做" in told[waiting][1]


def test_a_work_under_way_when_the_server_was_killed_is_told_as_broken_off(tmp_path: Path) -> None:
    go = threading.Event()
    first = Works(tmp_path)
    key = _begin(first, _until(go))
    note = Works(tmp_path).note(key)  # as the next start finds it
    go.set()
    assert note is not None
    assert (note.state, "服务停了" in note.error) == ("broken", True)


def test_notes_and_results_of_the_last_two_hundred_works_are_kept(tmp_path: Path) -> None:
    works = Works(tmp_path)

    def act(folder: Path, _progress: Progressing) -> Outcome:
        folder.mkdir(parents=True)
        (folder / "结果.txt").write_text("好", "utf-8")
        return Outcome(files=["结果.txt"])

    keys = [_begin(works, act) for _ in range(3)]
    assert {_ended(works, key) for key in keys} == {"done"}
    for at in range(200):  # older notes of other days
        path = tmp_path / FOLDER / "works" / f"{at:016x}.json"
        text = (tmp_path / FOLDER / "works" / f"{keys[0]}.json").read_text("utf-8")
        path.write_text(text.replace(keys[0], f"{at:016x}").replace('"began":"2', '"began":"1'), "utf-8")
        works.folder(f"{at:016x}").mkdir()
    last = _begin(works, act)
    assert _ended(works, last) == "done"
    assert len(works.notes()) == 200
    assert all((works.folder(key) / "结果.txt").is_file() for key in [*keys, last])
    assert len(list((tmp_path / FOLDER / "works").iterdir())) == 400
    assert works.close()


def test_uploads_go_with_their_work_or_after_a_day_without_one(desk: Browser, office: Path) -> None:
    page = desk.post("/scans", files=[("file", ("一.pdf", b"%PDF-1.4 nothing", "application/pdf"))])
    desk.finished(page)
    uploads = office / FOLDER / "uploads"
    assert list(uploads.iterdir()) == []
    asked, unasked = (received(office, [_Sent(b"x")]) for _ in range(2))
    for key in (asked, unasked):
        os.utime(uploads / key, (time.time() - 90_000,) * 2)
    files_of(office, asked)  # its second step is asked for
    forget_unused(office)
    assert [path.name for path in files_of(office, asked)] == ["名册.xlsx"]
    with pytest.raises(NotFound, match="上传的文件已经不在了"):
        files_of(office, unasked)


def test_an_upload_that_finds_no_room_leaves_nothing_and_is_told(office: Path) -> None:
    with pytest.raises(UserError, match="剩余空间"):
        received(office, [_Sent(b"x"), _Full()])  # type: ignore[list-item]  # as far as it is read
    assert list((office / FOLDER / "uploads").glob("*")) == []


def test_a_fault_of_the_program_ends_the_work_and_the_next_goes_on(tmp_path: Path) -> None:
    works = Works(tmp_path)
    keys = [_begin(works, lambda _folder, _progress: 1 / 0) for _ in range(3)]
    assert {_ended(works, key) for key in keys} == {"failed"}
    assert _ended(works, _begin(works, lambda _folder, _progress: Outcome())) == "done"
    assert works.close()


class _Sent:
    """One file of a form."""

    filename: str | None = "名册.xlsx"

    def __init__(self, data: bytes) -> None:
        self.file: BinaryIO = io.BytesIO(data)


class _Full:
    """One for which there is no room."""

    filename: str | None = "照片.zip"

    class file:  # noqa: N801 - as the form has it
        @staticmethod
        def read(_size: int) -> bytes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
