"""The gate before every file and folder that a person names to write to: nothing is written over but our own, unchanged.

What a command wrote is noted, with its SHA-256, in ``.outputs.jsonl`` of the workspace (decision 34). A file that stands in
the way is ours if the note of the same command and option tells the bytes it has now.
"""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from yiyu.registry.commands.invocation import Invocation
from yiyu.registry.commands.outputs import OUTPUT_NOTES, Input, InputFolder, refuse_kept
from yiyu.registry.config import Workspace
from yiyu.registry.errors import BadInput, FileFault, UserError
from yiyu.registry.files import append, file_sha256, write_atomic, write_watch

_MOST_NOTES = 1_000_000
"""Bytes after which only the newest note of each file is kept."""


@dataclass(slots=True)
class OutputGate:
    """``outputs``: path to the command and option that names it. ``inputs``: what the same command reads."""

    outputs: dict[Path, str]
    inputs: list[Path]
    workspace: Workspace | None
    insist: bool
    written: set[Path] = field(default_factory=set)

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Look at what stands there, let the command write under watch, and note what it wrote, also where it failed."""
        for path in self.outputs:
            self._pass(path)
        token = write_watch.set(self._watch)
        try:
            yield
        finally:
            with contextlib.suppress(ValueError):  # a command that ends in another context, as completion does
                write_watch.reset(token)
            self._note()

    @contextlib.contextmanager
    def _watch(self, path: Path) -> Iterator[None]:
        if self._named(path) is None:
            yield
            return
        if path not in self.written:
            self._pass(path)
        yield
        self.written.add(path)

    def _pass(self, path: Path) -> None:
        refuse_kept(path)
        if any(one.exists() and path.exists() and one.samefile(path) for one in self.inputs):
            raise BadInput("要写的就是读进来的那个文件", where=str(path), remedy="请换一个文件名")
        if self.insist or not path.is_file() or self._ours(path):
            return
        raise FileFault(
            "这里已经有一个文件，不是这条命令上次写的，或者写好以后改过；没有盖掉",
            where=str(path),
            remedy="请换一个文件名；确实要盖掉，请加 --replace",
        )

    def _named(self, path: Path) -> str | None:
        """By which option a file was named, itself or the folder it goes to; None for what the office keeps for itself."""
        for output, option in self.outputs.items():
            inside = path != output and path.is_relative_to(output)
            root = self.workspace.root.resolve() if self.workspace else None
            if path == output or (inside and not (root and root.is_relative_to(output) and path.is_relative_to(root))):
                return option
        return None

    def _ours(self, path: Path) -> bool:
        told = self._notes().get(self._key(path))
        return told is not None and told == [self._named(path), file_sha256(path)]

    def _notes(self) -> dict[str, list[str]]:
        """Path to command and SHA-256 of what was written there last. A line cut short by a crash tells nothing."""
        if self.workspace is None:
            return {}
        notes: dict[str, list[str]] = {}
        with (
            contextlib.suppress(OSError),
            (self.workspace.root / OUTPUT_NOTES).open(encoding="utf-8", errors="replace") as lines,
        ):
            for line in lines:
                with contextlib.suppress(ValueError, TypeError):
                    path, *told = json.loads(line)
                    notes[path] = told
        return notes

    def _note(self) -> None:
        """Append, which no other run can tear; without the right to write there, the next run asks for --replace."""
        if self.workspace is None:
            return
        there = [path for path in sorted(self.written) if path.is_file()]
        lines = "".join(_line(self._key(path), [self._named(path) or "", file_sha256(path)]) for path in there)
        notes = self.workspace.root / OUTPUT_NOTES
        with contextlib.suppress(OSError, UserError):
            if notes.exists() and notes.stat().st_size > _MOST_NOTES:
                write_atomic(notes, "".join(_line(*one) for one in self._notes().items()).encode())
            if lines:
                append(notes, lines)

    def _key(self, path: Path) -> str:
        return self.workspace.named(path) if self.workspace else str(path)


def _line(path: str, told: list[str]) -> str:
    return json.dumps([path, *told], ensure_ascii=False) + "\n"


def gate_of(context: click.Context, outputs: list[click.Parameter], *, insist: bool) -> OutputGate:
    """The gate before what one call of a command names to write to."""
    given = {one: context.params[str(one.name)] for one in outputs if context.params.get(str(one.name))}
    named = {_standing(path): f"{context.command_path.partition(' ')[2]} {one.opts[0]}" for one, path in given.items()}
    read = [
        context.params[str(one.name)] for one in context.command.params if isinstance(one.type, Input | InputFolder)
    ]
    inputs = [Path(one) for value in read if value for one in (value if isinstance(value, tuple) else (value,))]
    return OutputGate(named, inputs, _workspace(context), insist)


def _standing(path: Path) -> Path:
    """Where a link lies, not what it points to: what is written takes the place of the link."""
    return path.parent.resolve() / path.name if path.name else path.resolve()


def _workspace(context: click.Context) -> Workspace | None:
    """The office of the command; None where it needs none and stands in none."""
    invocation = context.find_object(Invocation)
    try:
        return invocation.workspace if invocation else None
    except UserError:
        return None
