"""Compare a folder with what was recorded of it: every file there, whole, unchanged, in its place, and no other."""

import contextlib
import hashlib
import os
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pikepdf

from yiyu.docgen.pdf.source import display_name
from yiyu.registry.errors import FileFault

Progress = Callable[[int, int], None]
_PICTURES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".heif", ".webp")
_LITTER = ("thumbs.db", "desktop.ini", ".ds_store")
"""What file managers leave in any folder they show."""


class FixityFault(StrEnum):
    MISSING = "missing"
    CHANGED = "changed"
    EXTRA = "extra"
    UNREADABLE = "unreadable"
    MISPLACED = "misplaced"


@dataclass(frozen=True, slots=True)
class Expected:
    """What was recorded of one file; ``path`` from the root with forward slashes. None: not recorded."""

    path: str
    digest: str
    number: str = ""
    pages: int | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class FileFinding:
    """``path``: where the file stands, of a missing one where it should; ``number``: of the agreement it belongs to.

    ``message`` says what to do.
    """

    path: str
    fault: FixityFault
    number: str
    message: str


def files_under(root: Path, *, litter: bool = False) -> list[str]:
    """Every file under ``root`` by its path from ``root``, in order; what file managers leave only with ``litter``."""
    found = []
    for folder, _, names in os.walk(root):
        base = Path(folder)
        kept = (base / name for name in names if litter or name.lower() not in _LITTER)
        found += [path.relative_to(root).as_posix() for path in kept if path.is_file()]
    return sorted(found)


def compare(
    root: Path,
    expected: Sequence[Expected],
    present: Sequence[str],
    *,
    algorithm: str = "sha256",
    progress: Progress = lambda _done, _all: None,
) -> list[FileFinding]:
    """Find what differs between what was recorded and the files ``present`` under ``root``; ordered by path.

    One fault for each thing that happened: a renamed file is ``misplaced`` and not missing and extra as well, of two
    that were swapped both are. Names that differ in Unicode normal form alone are the same (RFC 8493, 5.2.2).
    """
    digests: dict[str, str | None] = {}
    for done, path in enumerate(present, start=1):
        digests[path] = _digest(root / path, algorithm)
        progress(done, len(present))
    # Of two names that are the same the composed one, which is ours, stands for both.
    places = {_key(path): path for path in sorted(present, key=lambda one: one == _key(one))}
    owners = {_key(one.path): one for one in expected}
    placed = {one: places.get(_key(one.path)) for one in expected}
    at_home = {one: path for one, path in placed.items() if path is not None and digests[path] == one.digest}
    strays = defaultdict(list)
    for path in sorted(set(present) - set(at_home.values())):
        strays[digests[path]].append(path)
    moved = {one: strays[one.digest].pop(0) for one in expected if one not in at_home and strays[one.digest]}
    taken = {*at_home.values(), *moved.values()}

    def faults() -> Iterator[FileFinding]:
        for one, place in placed.items():
            if one in at_home:
                if reason := _unreadable(root / at_home[one], one.pages, whole=False):
                    yield FileFinding(one.path, FixityFault.UNREADABLE, one.number, f"{reason}；请从备份换回原件")
            elif one in moved:
                message = f"这个文件应放在 {one.path}；请移回原处"
                yield FileFinding(shown(moved[one]), FixityFault.MISPLACED, one.number, message)
            elif place is None or place in taken:
                yield FileFinding(one.path, FixityFault.MISSING, one.number, "记录过的文件不在了；请从备份放回原处")
        for path in sorted(set(present) - taken):
            owner = owners.get(_key(path))
            if owner is None or placed[owner] != path:
                yield FileFinding(shown(path), FixityFault.EXTRA, "", _why_extra(digests[path], expected))
                continue
            whole = owner.size is None or (root / path).stat().st_size != owner.size
            reason = "读不出来" if digests[path] is None else _unreadable(root / path, owner.pages, whole=whole)
            kind, what = (FixityFault.UNREADABLE, reason) if reason else (FixityFault.CHANGED, "内容与记录的校验值不符")
            yield FileFinding(shown(path), kind, owner.number, f"{what}；请从备份换回原件，勿改归档文件")

    return sorted(faults(), key=lambda fault: (fault.path, fault.fault))


def shown(path: str) -> str:
    """A path as people and JSON can take it: a name that is not UTF-8 is read as GB18030."""
    return "/".join(display_name(Path(part)) if part else part for part in path.split("/"))


def _why_extra(digest: str | None, expected: Iterable[Expected]) -> str:
    twin = next((one.path for one in expected if one.digest == digest), None)
    if twin is not None:
        return f"与 {twin} 内容相同，是多出的副本；确认后请移出"
    return "没有记录过的文件；要归档的请收件（yiyu archive intake），其余请移出"


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", path)


def _digest(path: Path, algorithm: str) -> str | None:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, algorithm).hexdigest()
    except OSError:
        return None


def _unreadable(path: Path, pages: int | None, *, whole: bool) -> str:
    """Why the file cannot be used any more, or "".

    ``whole``: also a file the library mends while opening it counts. One of the recorded size is not cut off, and what
    a changed byte breaks is said to be changed.
    """
    if not path.stat().st_size:
        return "是空文件（0 字节）"
    if path.suffix.lower() == ".pdf":
        return _unreadable_pdf(path, pages, whole=whole)
    if whole and path.suffix.lower() in _PICTURES:
        from yiyu.docgen.scans.pictures import TooLarge, opened

        try:
            with opened(path) as scan:
                for number in range(1, scan.pages + 1):
                    with contextlib.suppress(TooLarge):
                        scan.page(number)
        except FileFault as fault:
            return fault.what
    return ""


def _unreadable_pdf(path: Path, pages: int | None, *, whole: bool) -> str:
    try:
        with path.open("rb") as stream, pikepdf.open(stream) as pdf:
            found, mended = len(pdf.pages), bool(pdf.get_warnings())
    except pikepdf.PasswordError:
        return "已加密，需要密码才能打开"
    except (OSError, pikepdf.PdfError, RuntimeError, AttributeError, KeyError, TypeError, ValueError):
        return "已损坏，打不开"
    if pages is not None and found != pages:
        return f"记录为 {pages} 页，只能读出 {found} 页"
    return "已损坏，无法完整读出" if whole and mended else ""
