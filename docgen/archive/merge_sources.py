"""The files that are joined: those that patterns name, and what is said of them by what it is."""

import glob
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from yiyu.registry.errors import FileFault

NAMED = 5
"""So many files are written out; JSON has all."""


def expanded(paths: Sequence[Path]) -> Iterator[Path]:
    """The files as they are, and in place of a pattern those that fit, by name. Raises FileFault where none does."""
    for path in paths:
        if path.exists() or not glob.has_magic(str(path)):
            yield path
            continue
        root = Path(path.anchor)
        fitting = sorted(root.glob(str(path.relative_to(root))))
        if not fitting:
            raise FileFault("没有符合的文件", where=str(path), remedy="请核对文件夹和文件名")
        yield from fitting


def by_what(files: Iterable[tuple[str, Sequence[str]]]) -> Iterator[tuple[str, str]]:
    """What is said of files, and of which; the first few are named, JSON has all."""
    names: dict[str, list[str]] = {}
    for name, said in files:
        for what in said:
            names.setdefault(what, []).append(name)
    for what, of in names.items():
        yield what, "、".join(of[:NAMED]) + (f" 等 {len(of)} 件" if len(of) > NAMED else "")
