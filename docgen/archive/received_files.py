"""The files of an intake: found, told apart by what is in them, and kept byte for byte."""

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.naming import safe_name
from yiyu.docgen.pdf.source import display_name
from yiyu.docgen.scans.reading import Reading
from yiyu.registry.config import CONFIG_NAME, REGISTRY_NAME, Workspace
from yiyu.registry.errors import Failure, FileFault
from yiyu.registry.files import replacing
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.scans import IncomingRow, add_incoming, find_incoming

SUFFIXES = (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".heif", ".webp")
_PACKED = (".zip", ".rar", ".7z", ".tar", ".gz")
_PICTURES = (".bmp", ".gif", ".jp2", ".avif", ".dng", ".ofd", ".djvu", ".xps", ".psd", ".svg", ".eps")
"""What may well hold scans."""
_NO_PAPER = (
    *(".doc", ".docx", ".wps", ".rtf", ".txt", ".xls", ".xlsx", ".et", ".csv", ".ppt", ".pptx", ".dps", ".md"),
    *(".htm", ".html", ".mht", ".xml", ".json", ".toml", ".ini", ".log", ".eml", ".msg", ".db", ".bak", ".lnk", ".url"),
    *(".mp3", ".m4a", ".wav", ".amr", ".mp4", ".mov", ".avi", ".exe", ".dll", ".bat", ".py"),
)
_OF_SYSTEMS = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db"})
"""What Windows leaves in folders, which nobody put there."""
_PREFIX = 16
"""Characters of the SHA-256 before the name: two scanners both write 1.pdf."""


@dataclass(frozen=True, slots=True)
class FileNote:
    """What to know of a file or folder; nobody has to do anything about it."""

    file: str
    message: str


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """``paths`` to take in; ``passed`` how many files of our own were passed by, by folder of the workspace."""

    paths: list[Path]
    passed: Counter[str]

    @property
    def notes(self) -> list[FileNote]:
        """What is said of the folders that were passed by."""
        said = "是本系统自己的文件夹（{} 个文件），没有收；要重读收过的原件，请写明 archive/incoming"
        return [FileNote(f"{own}/", said.format(count)) for own, count in sorted(self.passed.items())]


def scan_files(office: OfficeSession, paths: Iterable[Path]) -> FoundFiles:
    """The files named, and of folders all that are in them, by name; hidden ones are left out.

    What cannot be read is given too: whoever takes the files says so. Where a folder holds our own workspace, what the
    program keeps there is passed by and counted, what was received before as well; a folder of it that is named itself is not.
    """
    found = FoundFiles([], Counter())
    for path in paths:
        if not path.is_dir():
            found.paths.append(path)
            continue
        given = path.resolve()
        for one in sorted(path.rglob("*")):
            if one.is_dir() or one.name.startswith((".", "~$")) or one.name.lower() in _OF_SYSTEMS:
                continue
            own = _own_folder(office.workspace, one.resolve())
            if own is None or (own and given.is_relative_to(office.workspace.root.resolve() / own)):
                found.paths.append(one)
            elif own:
                found.passed[own] += 1
    return found


def _own_folder(workspace: Workspace, path: Path) -> str | None:
    """The folder of the workspace in which the program keeps a file; "" for those beside them, None for anybody's file."""
    root = workspace.root.resolve()
    if not path.is_relative_to(root):
        return None
    folders = (root / "archive", workspace.output, workspace.problems, workspace.templates, workspace.backups)
    own = next((one for one in folders if path.is_relative_to(one.resolve())), None)
    if own is not None:
        return workspace.named(own)
    beside = path.parent == root and path.name.startswith((CONFIG_NAME, REGISTRY_NAME))
    return "" if beside else None


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


def distinct(
    office: OfficeSession, paths: Iterable[Path], ours: Mapping[str, str]
) -> tuple[dict[str, list[Path]], list[Failure]]:
    """Hash the files and put those with the same bytes together. What is ours or is never read is refused.

    ``ours``: by SHA-256 what a command of ours wrote, and which: a volume holds pages with codes and is no scan.
    """
    found: dict[str, list[Path]] = {}
    failed = []
    for path in paths:
        try:
            _refuse_own(office, path)
            if (suffix := path.suffix.lower()) in (*_PACKED, *_PICTURES, *_NO_PAPER):
                raise FileFault("没有收：收件不读这种文件", remedy=_instead(suffix))
            sha256 = digest(path)
            if sha256 in ours and find_incoming(office.db, sha256) is None:
                raise FileFault(f"这是本系统写出的文件（{ours[sha256]}），不是收到的扫描件")
            found.setdefault(sha256, []).append(path)
        except FileFault as fault:
            failed.append(Failure.of(shown(office, path), fault))
    return found, failed


def _instead(suffix: str) -> str:
    """What to do with a file that is not read."""
    if suffix in _PACKED:
        return "请解压后再收"
    if suffix in _PICTURES:
        return "请另存为 PDF 或 JPEG 后再收"
    return "收件只收纸件的扫描件（PDF 或图片）；是要归档的文书，请打印、签字盖章后扫描再收"


def _refuse_own(office: OfficeSession, path: Path) -> None:
    root = office.workspace.root.resolve()
    archive, inside = root / "archive", path.resolve()
    if archive / "evidence" in inside.parents:
        what = "工作记录的佐证材料"
    elif office.workspace.problems.resolve() in inside.parents:
        what = "本系统列出的待办"
    elif archive in inside.parents and archive / "incoming" not in inside.parents:
        what = "归档装订成的文件"
    else:
        return
    raise FileFault(f"这是{what}，不是收到的扫描件")


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
