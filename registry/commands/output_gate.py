"""The gate before every file and folder that a person names to write to: nothing is written over but our own, unchanged.

What a command wrote is noted, with its SHA-256, in ``.outputs.jsonl`` of the workspace (decision 34). A file that stands in
the way is ours if the note of the same command and option tells the bytes it has now.
"""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from yiyu.registry.commands.invocation import Invocation
from yiyu.registry.commands.outputs import OUTPUT_NOTES, Input, InputFolder, office_keeps, refuse_kept
from yiyu.registry.config import Workspace
from yiyu.registry.errors import BadInput, FileFault, UserError
from yiyu.registry.files import append, file_sha256, write_atomic, write_watch

_MOST_NOTES = 10_000
"""After so many only the newer half is kept."""


@dataclass(slots=True)
class OutputGate:
    """``outputs``: path, as named and where it stands, to the command and option. ``inputs``: what the same command reads."""

    outputs: dict[Path, str]
    inputs: list[Path]
    workspace: Workspace | None
    insist: bool
    written: set[Path] = field(default_factory=set)

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Look at what stands there, then let the command write under watch."""
        for path in self.outputs:
            self._pass(path)
        token = write_watch.set(self._watch)
        try:
            yield
        finally:
            with contextlib.suppress(ValueError):  # a command that ends in another context, as completion does
                write_watch.reset(token)

    def _watch(self, written: Path, made: Path | None) -> None:
        option, path = self._named(written), _standing(written)
        if option is None:
            return
        if made is not None:
            self.written.add(path)
            self._note([self._key(path), option, file_sha256(made)])
        elif path not in self.written:
            self._pass(written)

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
        """By which option a file was named, itself or the folder it goes to; None for what the office keeps for itself.

        The folder may be a link, or hold one through which the file goes elsewhere.
        """
        root, standing = self.workspace and self.workspace.root.resolve(), _standing(path)
        for output, option in self.outputs.items():
            own = bool(root and root.is_relative_to(output) and self._keeps(root, standing))
            if path == output or (not own and any(one.is_relative_to(output) for one in (path, standing))):
                return option
        return None

    def _keeps(self, root: Path, path: Path) -> bool:
        backups = self.workspace.backups.resolve() if self.workspace else root
        return office_keeps(root, path) or path.is_relative_to(backups)

    def _ours(self, path: Path) -> bool:
        return [self._key(_standing(path)), self._named(path), file_sha256(path)] in self._notes()

    def _notes(self) -> list[list[str]]:
        return _noted(self.workspace.root) if self.workspace else []

    def _note(self, note: list[str]) -> None:
        """Append, which no other run can tear, before the file takes its name: a run killed in between may go on.

        Without the right to write there, the next run asks for --replace.
        """
        before = self._notes()
        if self.workspace is None or note in before:
            return
        notes = self.workspace.root / OUTPUT_NOTES
        with contextlib.suppress(OSError, UserError):
            if len(before) >= _MOST_NOTES:
                write_atomic(notes, "".join(map(_line, before[-_MOST_NOTES // 2 :])).encode())
            append(notes, _line(note))

    def _key(self, path: Path) -> str:
        return self.workspace.named(path) if self.workspace else str(path)


def written_by(workspace: Workspace, group: str, *, but: Sequence[str] = ()) -> dict[str, str]:
    """SHA-256 of what the commands of a group wrote where a person named a place, and which command it was."""
    found: dict[str, str] = {}
    for note in _noted(workspace.root):
        if (
            isinstance(note, list)
            and len(note) == 3
            and (said := re.search(rf"(?:^| )({group} [\w-]+) -", str(note[1])))
            and said[1] not in but
        ):
            found[note[2]] = said[1]
    return found


def _noted(root: Path) -> list[list[str]]:
    """Path, command and SHA-256 of what was written, oldest first. A line cut short by a crash tells nothing."""
    notes: list[list[str]] = []
    with (
        contextlib.suppress(OSError),
        (root / OUTPUT_NOTES).open(encoding="utf-8", errors="replace") as lines,
    ):
        for line in lines:
            with contextlib.suppress(ValueError):
                notes.append(json.loads(line))
    return notes


def _line(note: list[str]) -> str:
    return json.dumps(note, ensure_ascii=False) + "\n"


def gate_of(context: click.Context, outputs: list[click.Parameter], *, insist: bool) -> OutputGate:
    """The gate before what one call of a command names to write to."""
    command = context.command_path.partition(" ")[2]
    given = {f"{command} {one.opts[0]}": path for one in outputs if (path := context.params.get(str(one.name)))}
    read = [
        context.params[str(one.name)] for one in context.command.params if isinstance(one.type, Input | InputFolder)
    ]
    inputs = [Path(one) for value in read if value for one in (value if isinstance(value, tuple) else (value,))]
    return gate_before(given, inputs, _workspace(context), insist=insist)


def gate_before(
    given: Mapping[str, Path], inputs: Sequence[Path], workspace: Workspace | None, *, insist: bool
) -> OutputGate:
    """The gate before the paths ``given``, each by the command and option that names it."""
    named = {
        place: option
        for option, path in given.items()
        for place in (path.absolute(), path.resolve() if path.is_dir() else _standing(path))
    }
    return OutputGate(named, [*inputs], workspace, insist)


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
