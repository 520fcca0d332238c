"""Files and folders that a person names: what is read, and what is written, of its kind and never over what the office keeps."""

import errno
import functools
import os
from pathlib import Path
from typing import Any

import click

_TEMPLATES = "templates"
_SHOWN = 20
"""Characters of a name that is too long."""
_KEPT = ("archive", "backups", "offices", _TEMPLATES)
"""Folders of a workspace into which no option writes."""
OUTPUT_NOTES = ".outputs.jsonl"
"""What was written where a person said, beside the registry."""
_DOCUMENTS = "output"
"""Folder whose folders, by year, hold the documents that the registry names; what lies in it itself may be replaced."""


class NamedPath(click.Path):
    """A path that a person names. One the system cannot even look for is refused as what it is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        try:
            path.lstat()
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                self.fail(f"“{path.name[:_SHOWN]}…”这个名字太长，请改短", param, ctx)
        return path


class Input(NamedPath):
    """A file or folder that a command reads."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)


class Folder(NamedPath):
    """A folder that is said: an empty text, as of a variable without value, would be the current one."""

    def __init__(self, *, file_okay: bool = False) -> None:
        super().__init__(path_type=Path, file_okay=file_okay)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not str(value).strip():
            self.fail("没有写文件夹名", param, ctx)
        return super().convert(value, param, ctx)


class InputFolder(Folder):
    """A folder that a command reads."""


class NewFolder(Folder):
    """A folder that the command itself refuses unless it is new or empty, or in which it makes only new names."""


class OutputFolder(Folder):
    """A folder into which files are written that may be there already."""


class OutputFile(NamedPath):
    """A path to write a file to. ``suffix``: the ending its name must have, so that a double click opens it."""

    def __init__(self, suffix: str = "") -> None:
        super().__init__(dir_okay=False, path_type=Path)
        self.suffix = suffix

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = super().convert(value, param, ctx)
        if not path.name.lower().endswith(self.suffix):
            self.fail(f"“{path}”的结尾不对；文件名请以 {self.suffix} 结尾", param, ctx)
        return path


_REPLACE = "replace"
PDF, DOCX, XLSX, HTML, PACKAGE = (OutputFile(suffix) for suffix in (".pdf", ".docx", ".xlsx", ".html", ".yiyu"))


def gated(command: click.Command) -> click.Command:
    """The command with ``--replace``, and the gate before it, where it names a file or folder to write to."""
    outputs = [one for one in command.params if isinstance(one.type, OutputFile | OutputFolder)]
    if not outputs or any(one.name == _REPLACE for one in command.params):
        return command
    told = "要写的文件已经有了、又不是这条命令写的，也盖掉它"
    command.params.append(click.Option([f"--{_REPLACE}"], is_flag=True, help=told))
    called = command.callback
    assert called is not None  # noqa: S101 - every command of the table is a function

    @functools.wraps(called)
    def through(*arguments: Any, **options: Any) -> Any:
        from yiyu.registry.commands.output_gate import gate_of

        with gate_of(click.get_current_context(), outputs, insist=options.pop(_REPLACE)).open():
            return called(*arguments, **options)

    command.callback = through
    return command


def refuse_kept(path: Path) -> None:
    """Raise BadInput for a path at which a workspace keeps its registry, settings, archive, backups or documents."""
    from yiyu.registry.config import CONFIG_NAME, load_workspace
    from yiyu.registry.errors import BadInput

    path = path.resolve()
    root = next((folder for folder in path.parents if (folder / CONFIG_NAME).is_file()), None)
    if root is None:
        return
    first, *below = path.relative_to(root).parts
    first = first.lower()
    new = first == _DOCUMENTS and not (len(below) > 1 and path.exists())
    if (office_keeps(root, path) and not new) or path.is_relative_to(load_workspace(root).backups.resolve()):
        # A form takes effect as soon as it lies there: a person puts it there when it has been checked.
        remedy = "请先写到别处，检查没有问题后再复制过来" if first == _TEMPLATES else "请换一个文件名或位置"
        raise BadInput("不能写到这里，会盖掉工作区保存的内容", where=str(path), remedy=remedy)


def office_keeps(root: Path, path: Path) -> bool:
    """Whether a path lies where the office of the folder ``root`` keeps registry, settings, archive or documents."""
    from yiyu.registry.config import KEY_NAME, REGISTRY_NAME

    if not path.is_relative_to(root):
        return False
    first, *below = path.relative_to(root).parts or ("",)
    first = first.lower()
    own = not below and (first.endswith(".toml") or first.startswith((REGISTRY_NAME, KEY_NAME, OUTPUT_NOTES)))
    return first in _KEPT or own or (first == _DOCUMENTS and len(below) > 1)
