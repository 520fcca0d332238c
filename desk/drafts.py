"""A workbook that was dropped: what was asked for it and what its preview found, kept until it is written or forgotten."""

import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from yiyu.desk.uploads import forget
from yiyu.desk.works import FOLDER
from yiyu.registry.errors import NotFound
from yiyu.registry.files import read_bytes, write_atomic
from yiyu.registry.model import Problem
from yiyu.registry.workbooks.previews import PreviewLine

_MOST_BYTES = 64 * 1024 * 1024
_KEPT_SECONDS = 2 * 24 * 3600
_GONE = "这个文件的预览已经不在了"


class Asked(msgspec.Struct, frozen=True):
    """What the person says of the file; "" where the program is to tell. ``headings``: 列名 and the field it stands for."""

    subject: str = ""
    kind: str = ""
    sheet: str = ""
    year: str = ""
    layout: str = ""
    hidden: bool = False
    headings: Sequence[tuple[str, str]] = ()


class Draft(msgspec.Struct):
    """``key``: of the upload. ``lines``: what waits for a person and the first of the rest; ``counts``: of all, by fate.

    ``seal``: the preview's; "" before there is one. ``work``: the work that looked last, with files to fetch.
    """

    key: str
    owner: int
    name: str
    asked: Asked
    subject: str = ""
    fault: str = ""
    unknown: Sequence[str] = ()
    told: Sequence[str] = ()
    counts: dict[str, int] = {}
    lines: Sequence[PreviewLine] = ()
    problems: Sequence[Problem] = ()
    faulty: int = 0
    seal: str = ""
    work: str = ""
    files: Sequence[str] = ()


def keep(root: Path, draft: Draft) -> None:
    """Write it down; those that older than two days go, with their files."""
    write_atomic(_path(root, draft.key), msgspec.json.encode(draft), office=root)
    for path in _path(root, draft.key).parent.glob("*.json"):
        if time.time() - path.stat().st_mtime > _KEPT_SECONDS:
            drop(root, path.stem)


def draft_of(root: Path, key: str, owner: int) -> Draft:
    """The person's own draft of that key. Raises NotFound for any other, and for one that is gone."""
    path = _path(root, key)
    if not key.isalnum() or not path.is_file():
        raise NotFound(_GONE, remedy="请重新选择文件")
    draft = msgspec.json.decode(read_bytes(path, limit=_MOST_BYTES), type=Draft)
    if draft.owner != owner:
        raise NotFound(_GONE, remedy="请重新选择文件")
    return draft


def drop(root: Path, key: str) -> None:
    """Forget a draft and the file it is of."""
    _path(root, key).unlink(missing_ok=True)
    forget(root, key)


def _path(root: Path, key: str) -> Path:
    return root / FOLDER / "imports" / f"{key}.json"
