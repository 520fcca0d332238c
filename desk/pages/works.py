"""Long works: what is under way, how far, what came of it, and the files to fetch."""

from starlette.responses import JSONResponse, Response

from yiyu.desk.asking import Asking, download
from yiyu.desk.works import Note
from yiyu.registry.errors import NotFound

STATE_LABEL = {"running": "正在做", "done": "做完了", "failed": "没有做成", "cancelled": "已取消", "broken": "中断了"}


def all_(asking: Asking) -> Response:
    """The person's own works, the newest first; a keeper sees everybody's."""
    works = asking.desk.works
    rows = [(note, works.progress(note.id)) for note in works.notes() if _own(asking, note)]
    return asking.page("works.html", rows=rows, labels=STATE_LABEL)


def show(asking: Asking) -> Response:
    """One work: its progress, or its end."""
    note = note_of(asking)
    progress = asking.desk.works.progress(note.id)
    return asking.page("work.html", note=note, progress=progress, labels=STATE_LABEL)


def state(asking: Asking) -> Response:
    """The same for the script of the page."""
    note = note_of(asking)
    progress = asking.desk.works.progress(note.id)
    running = progress is not None
    done, total, left = (progress.done, progress.total, progress.left) if progress else (0, 0, None)
    return JSONResponse({"running": running, "done": done, "total": total, "left": left})


def cancel(asking: Asking) -> Response:
    """Ask for its end."""
    note = note_of(asking)
    asking.desk.works.cancel(note.id)
    return asking.go(f"/works/{note.id}", "已请求取消，做完手头这一份就停")


def file(asking: Asking) -> Response:
    """A file of a work that has ended."""
    note = note_of(asking)
    name = asking.part("name")
    if name not in note.outcome.files:
        raise NotFound("没有这个文件", remedy="请回到工作页重新下载")
    return download(asking.desk.works.folder(note.id) / name)


def note_of(asking: Asking) -> Note:
    note = asking.desk.works.note(asking.part("key"))
    if note is None or not _own(asking, note):
        raise NotFound("没有这项工作", remedy="请从“工作”里重新选择")
    return note


def _own(asking: Asking, note: Note) -> bool:
    return note.owner == asking.person.id or asking.may("keep")
