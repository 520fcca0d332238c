"""What a machine would do work with, and where two machines differ so that they would not give the same."""

import hashlib
import importlib.metadata
import importlib.util
from enum import StrEnum
from functools import cache
from pathlib import Path

from yiyu.docgen.cluster.parcels import Identity
from yiyu.docgen.pdf.convert import installed_engine
from yiyu.docgen.pdf.fonts import faces_digest
from yiyu.registry.errors import ProgramFault

_SOURCES = ("docgen", "registry")
_READING = ("zxing-cpp", "pillow", "pillow-heif", "pikepdf", "pypdfium2")
"""Distributions that what is read on a page depends on."""


class Duty(StrEnum):
    """What is asked of a cluster; what does not matter for it may differ."""

    CONVERT = "convert"
    READ = "read"
    COUNT = "count"


@cache
def own_identity() -> Identity:
    """That of this machine, looked up once a process."""
    try:
        installed = installed_engine()
        engine = f"{installed.name} {installed.build or _version(installed.name)}"
    except ProgramFault:
        engine = ""
    scanning = importlib.util.find_spec("zxingcpp") is not None
    return Identity(
        version=importlib.metadata.version("yiyu"),
        build=_build(),
        engine=engine,
        fonts=faces_digest(),
        reader="、".join(f"{name} {_version(name)}" for name in _READING) if scanning else "",
    )


def difference(own: Identity, other: Identity, duty: Duty) -> str:
    """Why the other machine cannot do such work for this one, in words; "" where it can."""
    if other.version != own.version:
        return f"它的 yiyu 是 {other.version}，本机是 {own.version}，请装同一版"
    if other.build != own.build:
        return f"它的 yiyu 与本机同为 {own.version}，程序却不一样，请用同一份安装"
    if duty is Duty.COUNT:
        return ""
    if duty is Duty.READ:
        return (
            ""
            if other.reader == own.reader
            else f"读扫描件的组件不同：它是 {other.reader or '没有装'}，本机是 {own.reader}"
        )
    if other.engine != own.engine:
        return f"转 PDF 的程序不同：它是 {other.engine or '没有装'}，本机是 {own.engine}"
    return "" if other.fonts == own.fonts else "它装的字体与本机不同，换行、分页会不一样，请装同样的字体"


def _build() -> str:
    root = Path(__file__).parents[2]
    digest = hashlib.sha256()
    for path in sorted(path for room in _SOURCES for path in (root / room).rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "没有装"
