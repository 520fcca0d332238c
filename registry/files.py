"""The one way a file comes to stand under its final name."""

import contextlib
import errno
import functools
import hashlib
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from pathlib import Path

from yiyu.registry.errors import FileFault
from yiyu.registry.rights import office_of, rights

TEMPORARY_SUFFIX = ".part"
_OURS = re.compile(r"\.([0-9a-f]{8})-(\d+)-\w{8}\.part(-journal)?")
"""Machine and process that made it; what SQLite keeps beside a registry in the making ends in -journal."""
_HELD = re.compile(r"\.([0-9a-f]{8})-(\d+)-")
_MOST_PREFIX = 64
_SURELY_OVER = 24 * 60 * 60
"""Seconds after which what another machine began is not under way any more."""


def sha256(data: bytes) -> str:
    """Hex digest; the fixity value of every document and scan."""
    return hashlib.sha256(data).hexdigest()


def file_sha256(path: Path) -> str:
    """:func:`sha256` of a file of any size. Raises FileFault for one that cannot be read."""
    try:
        if not path.is_file():
            raise FileNotFoundError  # a pipe would wait for ever
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise FileFault("无法读取文件", where=str(path), remedy="请检查文件是否还在、有没有读取权限") from error


WriteWatch = Callable[[Path, Path | None], None]
write_watch: ContextVar[WriteWatch] = ContextVar("write_watch", default=lambda _path, _made: None)
"""Told of every file that is written here, before it is begun and, with the file as it was made, before it takes its name.

A command's gate keeps it from what a person made.
"""


def write_atomic(path: Path, data: bytes, *, office: Path | None = None) -> None:
    """Write whole or not at all: temporary file beside it, fsync, rename, fsync of the folder. ``office`` as in :func:`replacing`.

    Raises FileFault naming the folder when it cannot be written or is full; then ``path`` is as before.
    """
    with replacing(path, office=office) as temporary:
        temporary.write_bytes(data)


def append(path: Path, text: str) -> None:
    """Add lines to a file of notes, which no other run can tear apart; a crash may cut the last one short. Raises OSError."""
    new = not path.exists()
    with path.open("a", encoding="utf-8") as stream:
        if new:
            path.chmod(rights(office_of(path)) & 0o666)
        stream.write(text)


@contextlib.contextmanager
def replacing(path: Path, *, check: Callable[[Path], None] | None = None, office: Path | None = None) -> Iterator[Path]:
    """Give a temporary path in the folder of ``path``; on success it is checked, synced and renamed onto it.

    ``office`` says whose it is where ``path`` does not lie in an office: who may read it follows from that.
    """
    office = office or office_of(path)
    temporary: Path | None = None
    try:
        with _writing(path):
            write_watch.get()(path.absolute(), None)
            _make_folder(path.parent, office)
            _tidy(path.parent)
            handle, name = tempfile.mkstemp(suffix=TEMPORARY_SUFFIX, prefix=_prefix(), dir=path.parent)
            os.close(handle)
            temporary = Path(name)
            yield temporary
            if check is not None:
                check(temporary)
            _sync(temporary)
            temporary.chmod(rights(office) & 0o666)
            write_watch.get()(path.absolute(), temporary)
            temporary.replace(path)
            _sync(path.parent)
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


_WATCHER = "import sys,os; sys.stdin.read(); os.path.exists(sys.argv[1]) and os.remove(sys.argv[1])"


@contextlib.contextmanager
def gone_if_killed() -> Iterator[Callable[[Path], None]]:
    """Gives what to call with a file that must not outlive this run unless it was renamed: a plain copy of what is encrypted.

    A process of its own waits for the end of ours, however that comes, and removes the file.
    """
    with contextlib.ExitStack() as watchers:

        def watch(path: Path) -> None:
            command = [sys.executable, "-I", "-S", "-c", _WATCHER, str(path.resolve())]
            watcher = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 - our own words
            watchers.callback(watcher.communicate)

        yield watch


@contextlib.contextmanager
def taking(paths: Iterable[Path], office: Path) -> Iterator[Path]:
    """The first of ``paths`` at which nothing stands, held for us by a file that names our run until we write there.

    What is still only held at the end is given back; what a killed run held is told by :func:`under_way`.
    """
    held = next(path for path in paths if _take(path, office))
    try:
        yield held
    finally:
        if _holder(held) == _prefix():
            held.unlink(missing_ok=True)


def _take(path: Path, office: Path) -> bool:
    with _writing(path):
        _make_folder(path.parent, office)
        try:
            with path.open("x", encoding="ascii") as stream:
                stream.write(_prefix())
        except FileExistsError:
            return False
    return True


def _holder(path: Path) -> str:
    """What a held file says of who holds it; "" of any other."""
    try:
        with path.open("rb") as stream:
            text = stream.read(_MOST_PREFIX).decode("ascii", "replace")
    except OSError:
        return ""
    return text if _HELD.fullmatch(text) else ""


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileFault(
            f"无法写入文件“{path.name}”：{_reason(error)}",
            where=str(path.parent),
            remedy="请检查该文件夹的写入权限和剩余空间，文件若在 WPS/Excel 中打开请先关闭",
        ) from error


def place_folder(made: Path, folder: Path) -> None:
    """Give a folder whose files were all written here its final name, to outlast a power cut. Raises OSError."""
    made.replace(folder)
    _sync(folder.parent)


@contextlib.contextmanager
def scratch(parent: Path | None = None) -> Iterator[Path]:
    """A folder in ``parent``, or where the system keeps such, for what is thrown away when the work is done or fails."""
    place = parent or Path(tempfile.gettempdir())
    _tidy(place)
    with tempfile.TemporaryDirectory(
        prefix=_prefix(), suffix=TEMPORARY_SUFFIX, dir=place, ignore_cleanup_errors=True
    ) as name:
        yield Path(name)


def file_name(path: Path) -> str:
    """The file's own name as text that can be shown and stored; one that is not UTF-8 is read as GB18030 as a whole."""
    raw = os.fsencode(path.name or path)  # the current folder and the root have no name
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def read_bytes(path: Path, *, limit: int = 64 * 1024 * 1024) -> bytes:
    """Read a whole file of at most ``limit`` bytes, or say in one sentence why not."""
    try:
        about = path.stat()
        if stat.S_ISDIR(about.st_mode):
            raise FileFault("这是文件夹，不是文件", where=str(path), remedy="请给出文件的完整路径")
        if not stat.S_ISREG(about.st_mode):  # a pipe waits for ever, a device never ends
            raise FileFault("不是普通文件", where=str(path), remedy="请给出一个存好的文件")
        size = about.st_size
        if size > limit:
            raise FileFault(
                f"文件过大（{size // 1024 // 1024} MB，上限 {limit // 1024 // 1024} MB）",
                where=str(path),
                remedy="请拆分后再试",
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise FileFault("找不到文件", where=str(path), remedy="请检查路径是否写对") from error
    except OSError as error:
        raise FileFault(f"无法读取文件：{_reason(error)}", where=str(path), remedy="请检查读取权限") from error


def _make_folder(folder: Path, office: Path | None = None) -> None:
    """Make it and what is above it, each to outlast a power cut."""
    if not folder.is_dir():
        _make_folder(folder.parent, office)
        folder.mkdir(exist_ok=True)
        folder.chmod(rights(office))
        _sync(folder.parent)


@functools.cache
def _tidy(folder: Path) -> None:
    """Remove what runs that were broken off left in ``folder``; looked for once, for a batch writes many files there."""
    for path in folder.glob(f".*{TEMPORARY_SUFFIX}*"):
        with contextlib.suppress(OSError):
            if _OURS.fullmatch(path.name) and not under_way(path):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def under_way(path: Path) -> bool:
    """Whether a file, temporary or held for one to come, is somebody's who is writing, here or on another machine."""
    found = _OURS.fullmatch(path.name) or _HELD.fullmatch(_holder(path))
    if found is None or (found[1] == _machine() and not _running(int(found[2]))):
        return False
    with tempfile.TemporaryFile(dir=path.parent) as probe:  # stamped by the clock that stamped the other, a server's
        return os.fstat(probe.fileno()).st_mtime - path.stat().st_mtime < _SURELY_OVER


def _running(process: int) -> bool:
    """Whether a process of this machine is; where asking would end it (Windows), it may be."""
    try:
        if os.name != "nt":
            os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True


def _prefix() -> str:
    return f".{_machine()}-{os.getpid()}-"


@functools.cache
def _machine() -> str:
    """Tells machines that share a folder apart, and containers, each of which counts processes from 1."""
    try:
        space = os.readlink("/proc/self/ns/pid")  # noqa: PTH115 - not a path but a name
    except OSError:
        space = ""
    return sha256(f"{platform.node()} {space}".encode())[:8]


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows offers no handle on a folder to sync.
    handle = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_REASONS = {
    "PermissionError": "没有权限",
    "FileNotFoundError": "文件夹不存在",
    "FileExistsError": "同名文件挡住了文件夹",
    "NotADirectoryError": "路径中有一段是文件而不是文件夹",
    "IsADirectoryError": "同名文件夹已存在",
}


_BY_NUMBER = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘限额",
    errno.EROFS: "该位置只读",
    errno.ELOOP: "链接绕成了圈",
    errno.ENAMETOOLONG: "文件名过长",
    errno.EIO: "磁盘读写出错",
}


def _reason(error: OSError) -> str:
    return _BY_NUMBER.get(error.errno or 0) or _REASONS.get(type(error).__name__, "系统拒绝")
