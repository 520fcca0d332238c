"""The one way a file comes to stand under its final name."""

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from yiyu.registry.errors import FileFault

TEMPORARY_SUFFIX = ".part"


def sha256(data: bytes) -> str:
    """Hex digest; the fixity value of every document and scan."""
    return hashlib.sha256(data).hexdigest()


def write_atomic(path: Path, data: bytes) -> None:
    """Write whole or not at all: temporary file beside it, fsync, rename, fsync of the folder.

    Raises FileFault naming the folder when it cannot be written or is full; then ``path`` is as before.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(data)


@contextlib.contextmanager
def replacing(path: Path, *, check: Callable[[Path], None] | None = None) -> Iterator[Path]:
    """Give a temporary path in the folder of ``path``; on success it is checked, synced and renamed onto it."""
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(suffix=TEMPORARY_SUFFIX, prefix=".", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        if check is not None:
            check(temporary)
        _sync(temporary)
        # mkstemp makes 0600; a colleague must be able to read the document from a shared folder.
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise FileFault(
            f"无法写入文件“{path.name}”：{_reason(error)}",
            where=str(path.parent),
            remedy="请检查该文件夹的写入权限和剩余空间，文件若在 WPS/Excel 中打开请先关闭",
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def read_bytes(path: Path, *, limit: int = 64 * 1024 * 1024) -> bytes:
    """Read a whole file of at most ``limit`` bytes, or say in one sentence why not."""
    try:
        if path.is_dir():
            raise FileFault("这是文件夹，不是文件", where=str(path), remedy="请给出文件的完整路径")
        size = path.stat().st_size
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


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows offers no handle on a folder to sync.
    handle = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    value = os.umask(0)
    os.umask(value)
    return value


_REASONS = {
    "PermissionError": "没有权限",
    "FileNotFoundError": "文件夹不存在",
    "FileExistsError": "同名文件挡住了文件夹",
    "NotADirectoryError": "路径中有一段是文件而不是文件夹",
    "IsADirectoryError": "同名文件夹已存在",
}


def _reason(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "磁盘已满"
    if error.errno == errno.EROFS:
        return "该位置只读"
    return _REASONS.get(type(error).__name__, error.strerror or "系统拒绝")
