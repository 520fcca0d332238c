"""The files of an intake: found, told apart by what is in them, and kept byte for byte."""

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from yiyu.docgen.naming import safe_name
from yiyu.docgen.pdf.source import display_name
from yiyu.docgen.scans.reading import Reading
from yiyu.registry.errors import Failure, FileFault
from yiyu.registry.files import replacing
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.scans import IncomingRow, add_incoming, find_incoming

SUFFIXES = (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".heif", ".webp")
_NOT_READ = (".bmp", ".gif", ".jp2", ".avif", ".dng", ".ofd", ".djvu", ".xps", ".zip", ".rar", ".7z")
"""What may well hold scans, and must not be passed over in silence."""
_PACKED = (".zip", ".rar", ".7z")
_PREFIX = 16
"""Characters of the SHA-256 before the name: two scanners both write 1.pdf."""


def scan_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Give the files named, and of folders the PDF and picture files in them, by name, hidden ones left out.

    Pictures and packed files that are not read are given too: whoever takes them says so.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = (
            one for one in sorted(path.rglob("*")) if one.suffix.lower() in (*SUFFIXES, *_NOT_READ) and one.is_file()
        )
        yield from (one for one in inside if not one.name.startswith((".", "~$")))


def shown(office: OfficeSession, path: Path) -> str:
    """A file as listings name it: from the workspace where it lies in there, else as it was given."""
    named = path.with_name(display_name(path))
    try:
        text = office.workspace.relative(named)
    except ValueError:
        text = str(named)
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def digest(path: Path) -> str:
    """SHA-256 of a file of any size. Raises FileFault for one that is missing, not a plain file, or not readable."""
    if path.exists() and not path.is_file():
        raise FileFault("不是普通文件", where=display_name(path))
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise FileFault("找不到文件", where=display_name(path), remedy="请检查路径是否写对") from error
    except OSError as error:
        raise FileFault("无法读取文件", where=display_name(path), remedy="请检查读取权限") from error


def distinct(office: OfficeSession, paths: Iterable[Path]) -> tuple[dict[str, list[Path]], list[Failure]]:
    """Hash the files and put those with the same bytes together. Bound documents of ours are refused."""
    found: dict[str, list[Path]] = {}
    failed = []
    archive = (office.workspace.root / "archive").resolve()
    for path in paths:
        try:
            inside = path.resolve()
            if archive in inside.parents and archive / "incoming" not in inside.parents:
                raise FileFault("这是归档装订成的文件，不是收到的扫描件", where=display_name(path))
            if path.suffix.lower() in _NOT_READ:
                remedy = "请解压后再收" if path.suffix.lower() in _PACKED else "请另存为 PDF 或 JPEG 后再收"
                raise FileFault("没有收：收件不读这种文件", where=display_name(path), remedy=remedy)
            found.setdefault(digest(path), []).append(path)
        except FileFault as fault:
            failed.append(Failure.of(shown(office, path), fault))
    return found, failed


def scanned_paper(reading: Reading, path: Path) -> Reading:
    """The reading, or the refusal of a file that is our own print and not the paper that was signed."""
    coded = [one for one in reading if one.codes] if not isinstance(reading, FileFault) else []
    if not (coded and all(one.printed for one in coded)):
        return reading
    return FileFault(
        "这是本系统打印用的 PDF，没有签字盖章",
        where=display_name(path),
        remedy="请打印出来，签字盖章后扫描纸件再收",
    )


def keep(office: OfficeSession, path: Path, sha256: str, pages: int, *, dry_run: bool) -> IncomingRow:
    """Copy a scan into the archive, once however often it comes, and record it; call inside ``changing``.

    Raises FileFault where there is no room, or ``path`` changed since it was hashed.
    """
    known = find_incoming(office.db, sha256)
    name = path.with_name(display_name(path))
    suffix = name.suffix if name.suffix.lower() in SUFFIXES else ""
    stem = safe_name(f"{sha256[:_PREFIX]}-{name.name.removesuffix(suffix)}")
    place = known.path if known else f"archive/incoming/{office.today.year}/{stem}{suffix}"
    target = office.workspace.root / place
    if not dry_run and not (target.is_file() and digest(target) == sha256):
        with replacing(target, check=lambda copy: _refuse_changed(copy, sha256, path)) as temporary:
            shutil.copyfile(path, temporary)
    return known or add_incoming(
        office.db,
        sha256=sha256,
        path=place,
        pages=pages,
        size=path.stat().st_size,
        received_at=office.now,
        actor=office.actor,
    )


def _refuse_changed(copy: Path, sha256: str, path: Path) -> None:
    if digest(copy) != sha256:
        raise FileFault("收件时文件还在变化", where=display_name(path), remedy="请等扫描完成后重新收件")
