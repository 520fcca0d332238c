"""Pages that found no place, for the person who will: a sheet of small pictures, each with the command that places it."""

import itertools
import os
import shlex
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.archive.page_matching import REASON_LABEL, Reason
from yiyu.docgen.scans.contact_sheet import Cell, contact_sheet
from yiyu.docgen.scans.page import HALF_LABEL, Half
from yiyu.docgen.scans.reading import thumbnails
from yiyu.registry.files import read_bytes, write_atomic
from yiyu.registry.model import DOC_KIND_LABEL, DocKind
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.opening import changing
from yiyu.registry.store.unplaced import UnplacedRow, put_unplaced

MOST = 400
"""Pages on one sheet of pictures; whoever has more left over has scanned something else."""
_TOGETHER = "\\" if os.name != "nt" else "^"
"""Ends a line of a command that goes on."""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A page for a person to look at; ``page`` counts from 1 in the file, ``half`` of it where a sheet is two pages."""

    file: str
    page: int
    reason: Reason
    half: Half = Half.WHOLE

    @property
    def label(self) -> str:
        """Page and half as people write them, and as ``archive assign`` is told: 2左."""
        return f"{self.page}{HALF_LABEL[self.half]}"


@dataclass(frozen=True, slots=True)
class Guess:
    """What a page may be; ``page`` 0 where not even its neighbours tell."""

    number: str
    kind: str
    page: int = 0
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Leftover:
    """A page without a place: ``path`` to draw it from, ``kept`` the copy of ours that ``archive assign`` is told."""

    unplaced: Unplaced
    path: Path
    kept: str
    guess: Guess | None
    doubt: str = ""
    """Why a file of old paper, all of it, is filed under no agreement."""


def save_leftover(office: OfficeSession, leftover: Sequence[Leftover]) -> str:
    """Write ``problems/未归位-DATE-N.pdf`` and give its path from the workspace; "" where nothing needs to be seen.

    Blank pages are left out, those that may be blank are not. The same pages again give the same file, and no second one.
    The pages are remembered in the registry as well, until somebody places them.
    """
    seen = [one for one in leftover if one.unplaced.reason is not Reason.BLANK]
    if not seen:
        return ""
    with changing(office.db):
        put_unplaced(office.db, (_row(office, one) for one in seen))
    shown = seen[:MOST]
    counted = f"{len(seen)} 页" if seen == shown else f"前 {MOST} 页，共 {len(seen)} 页；归位后再收一次，列出其余"
    wanted: dict[Path, list[int]] = {}
    for one in shown:
        wanted.setdefault(one.path, []).append(one.unplaced.page)
    pictures = dict(thumbnails(wanted))
    data = contact_sheet(
        f"未归位的扫描页（{counted}）：命令可以复制；页面倒着的，加 --turn 180", list(_cells(shown, pictures))
    )
    return save_problem_sheet(office, "未归位", data)


def _row(office: OfficeSession, one: Leftover) -> UnplacedRow:
    guess, page = one.guess or Guess("", ""), one.unplaced
    told = (guess.number, guess.kind, guess.page, guess.pages, office.now)
    return UnplacedRow(one.kept, page.page, page.half, page.reason, bool(one.doubt), *told)


def save_problem_sheet(office: OfficeSession, name: str, data: bytes) -> str:
    """Write ``problems/NAME-DATE-N.pdf``, unless one with these bytes is there; its path from the workspace."""
    for count in itertools.count(1):
        path = office.workspace.problems / f"{name}-{office.today}-{count}.pdf"
        if not path.exists():
            write_atomic(path, data)
        elif not path.is_file() or read_bytes(path, limit=len(data) + path.stat().st_size) != data:
            continue
        return office.workspace.relative(path)
    raise AssertionError  # the count never ends


def _cells(shown: Iterable[Leftover], pictures: Mapping[Path, Mapping[int, bytes]]) -> Iterable[Cell]:
    for one in shown:
        page, guess = one.unplaced.page, one.guess
        lines = [f"{one.unplaced.file} 第 {one.unplaced.label} 页", one.doubt or REASON_LABEL[one.unplaced.reason]]
        if one.doubt:
            lines.append("看清是哪份协议后，把整个文件归到它名下：")
        elif guess and guess.page:
            lines.append(f"看前后页，可能是 {DOC_KIND_LABEL[DocKind(guess.kind)]}第 {guess.page} 页，核对后再归位：")
        elif guess:
            lines.append(f"是 {DOC_KIND_LABEL[DocKind(guess.kind)]}，看清页码后归位：")
        else:
            lines.append("若是本单位协议的一页，写上编号、文书和页码归位：")
        yield Cell(pictures.get(one.path, {}).get(page, b""), tuple(lines), command(one))


def command(one: Leftover) -> tuple[str, str]:
    """The two lines that place the page once typed in; what nobody knows stands as a Chinese word."""
    guess = one.guess or Guess("编号", str(DocKind.AGREEMENT) if one.doubt else "文书")
    words = ["yiyu", "archive", "assign", one.kept, "all" if one.doubt else one.unplaced.label]
    first = subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
    if one.doubt:
        return f"{first} {_TOGETHER}", f"  {guess.number} --kind {guess.kind}"
    page = f"--page {guess.page} --of {guess.pages}" if guess.page else "--page 页码"
    return f"{first} {_TOGETHER}", f"  {guess.number} --kind {guess.kind} {page}"
