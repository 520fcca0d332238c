"""Files that come in through a page: their names made safe, kept in the workspace until the work with them has ended."""

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from yiyu.desk.works import FOLDER
from yiyu.docgen.naming import safe_name
from yiyu.registry.errors import BadInput, NotFound, UserError
from yiyu.registry.files import replacing

MOST_FILES = 500
_PIECE = 1024 * 1024
_KEPT_SECONDS = 24 * 3600
"""What nobody asked for so long is taken away: its second step never came."""


class Upload(Protocol):
    """What the server hands over for one file of a form."""

    filename: str | None
    file: BinaryIO


def received(root: Path, files: Sequence[Upload]) -> str:
    """Keep the files of a form in a folder of their own; gives its name, under which :func:`files_of` finds them.

    Raises BadInput where no file was chosen, FileFault where they find no room; then none is kept.
    """
    given = [one for one in files if one.filename]
    if not given:
        raise BadInput("没有选择文件", remedy="请选择文件，或把文件拖到框里")
    key = secrets.token_hex(12)
    try:
        _keep(root, key, given)
    except BaseException:
        forget(root, key)
        raise
    return key


def _keep(root: Path, key: str, given: Sequence[Upload]) -> None:
    names: set[str] = set()
    for one in given:
        name = safe_name(Path((one.filename or "").replace("\\", "/")).name)
        while name.casefold() in names:
            name = f"_{name}"
        names.add(name.casefold())
        with replacing(_folder(root, key) / name, office=root) as path, path.open("wb") as stream:
            while piece := one.file.read(_PIECE):
                stream.write(piece)


def files_of(root: Path, key: str) -> list[Path]:
    """The files kept under a name that :func:`received` gave, by name. Raises NotFound where they are gone."""
    folder = _folder(root, key)
    found = sorted(folder.iterdir()) if key.isalnum() and folder.is_dir() else []
    if not found:
        raise NotFound("上传的文件已经不在了", remedy="请重新选择文件")
    os.utime(folder)  # asked for: it stays another day
    return found


@contextlib.contextmanager
def told_by_name(path: Path) -> Iterator[None]:
    """What is refused of an uploaded file names it as the person does, not where it is kept."""
    try:
        yield
    except UserError as error:
        error.where = error.where.replace(str(path), path.name)
        error.args = (str(error),)
        raise


def forget(root: Path, key: str) -> None:
    """Take away what was kept under a name, once the work with it has ended."""
    if key.isalnum():
        shutil.rmtree(_folder(root, key), ignore_errors=True)


def forget_unused(root: Path) -> None:
    """Take away uploads that nobody asked for within a day."""
    for folder in (root / FOLDER / "uploads").glob("*"):
        with contextlib.suppress(OSError):  # somebody else took it away
            if time.time() - folder.stat().st_mtime > _KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _folder(root: Path, key: str) -> Path:
    return root / FOLDER / "uploads" / key
