"""Files that a command writes where a person says: of the kind that is written, and never what the office keeps."""

import os
from pathlib import Path
from typing import Any

import click

_KEPT = ("archive", "backups")
"""Folders of a workspace in which nothing is written over."""
_DOCUMENTS = "output"
"""Folder whose folders, by year, hold the documents that the registry names; what lies in it itself may be replaced."""


class OutputFile(click.Path):
    """A path to write a file to. ``suffix``: the ending its name must have, so that a double click opens it."""

    def __init__(self, suffix: str = "") -> None:
        super().__init__(dir_okay=False, path_type=Path)
        self.suffix = suffix

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not path.name.lower().endswith(self.suffix):
            self.fail(f"“{path}”的结尾不对；文件名请以 {self.suffix} 结尾", param, ctx)
        refuse_kept(path)
        return path


PDF, DOCX, XLSX, HTML = (OutputFile(suffix) for suffix in (".pdf", ".docx", ".xlsx", ".html"))


def refuse_kept(path: Path) -> None:
    """Raise BadInput for a path at which a workspace keeps its registry, settings, archive, backups or documents."""
    from yiyu.registry.config import CONFIG_NAME, REGISTRY_NAME
    from yiyu.registry.errors import BadInput

    path = path.resolve()
    root = next((folder for folder in path.parents if (folder / CONFIG_NAME).is_file()), None)
    if root is None:
        return
    first, *below = path.relative_to(root).parts
    first = first.lower()
    document = first == _DOCUMENTS and len(below) > 1 and path.exists()
    if first in _KEPT or first == CONFIG_NAME or first.startswith(REGISTRY_NAME) or document:
        raise BadInput("不能写到这里，会盖掉工作区保存的内容", where=str(path), remedy="请换一个文件名或位置")
