"""A file into grids: told by its content, not its name; workbooks in a child process with limits."""

import datetime as dt
import signal
import subprocess
import sys
from pathlib import Path

import msgspec

from yiyu.registry.errors import BadInput, FileFault
from yiyu.registry.files import read_bytes
from yiyu.registry.workbooks.csvtext import read_csv
from yiyu.registry.workbooks.grid import Grid
from yiyu.registry.workbooks.headings import Headings
from yiyu.registry.workbooks.text import Cell
from yiyu.registry.workbooks.wire import SECONDS, WireCell, WorkbookAnswer

_PATIENCE = 20
"""Times the processor time of the child that is waited for: a machine may have other work, a child that sleeps has not."""
_STOPPED = -int(getattr(signal, "SIGXCPU", 0))
_MOST_BYTES = 32 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_BYTES_OLD = 16 * 1024 * 1024
_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "请在 WPS 或 Excel 中打开，另存为 .xlsx 后再试"


def load_grids(path: Path, headings: Headings, *, sheet: str | None = None) -> list[Grid]:
    """Read every sheet of an .xlsx, .ods, .xls or .et, or a CSV (whose encoding is told by the headings it yields).

    Raises FileFault for a file that cannot be read, BadInput when there is no sheet of the name ``sheet``.
    """
    data = read_bytes(path, limit=_MOST_BYTES)
    try:
        _refuse_foreign(data, path.suffix.lower())
        grids = _load_workbook(data) if data.startswith((b"PK", _OLE)) else [read_csv(data, headings)]
    except FileFault as fault:
        raise FileFault(fault.what, where=str(path), remedy=fault.remedy) from fault
    if sheet is None:
        return grids
    names = [grid.sheet for grid in grids]
    if sheet not in names:
        known = f"可用的工作表：{'、'.join(names)}" if any(names) else "CSV 文件没有工作表，请去掉 --sheet"
        raise BadInput(f"没有名为“{sheet}”的工作表", where=str(path), remedy=known)
    return [grid for grid in grids if grid.sheet == sheet]


def _refuse_foreign(data: bytes, suffix: str) -> None:
    if not data.strip():
        raise FileFault("文件是空的", remedy="请确认文件已保存、已传完")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise FileFault("文件有密码，无法读取", remedy="请去掉密码后再试")
        if _MACROS in data:
            raise FileFault("文件中有宏或控件，不予读取", remedy=_SAVE_AS)
        if len(data) > _MOST_BYTES_OLD:
            raise FileFault("旧格式的文件过大，不能直接读取", remedy=_SAVE_AS)
    if data.startswith(b"%PDF"):
        raise FileFault("这是 PDF，不是表格", remedy="请给出 .xlsx 或 .csv 文件")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise FileFault("这是网页或 XML 格式的文件，不是工作簿", remedy=_SAVE_AS)
    if not data.startswith((b"PK", _OLE)) and suffix not in {".csv", ".txt", ".tsv"}:
        raise FileFault("内容不是 .xlsx 工作簿", remedy="若是文本表格请把扩展名改为 .csv，否则" + _SAVE_AS)


def _load_workbook(data: bytes) -> list[Grid]:
    # -P: the folder the clerk stands in must not be able to replace a module.
    command = [sys.executable, "-P", "-m", "yiyu.registry.workbooks.worker"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed list, the file comes on stdin
            command, input=data, capture_output=True, timeout=_PATIENCE * SECONDS, check=False
        )
        if _STOPPED and done.returncode == _STOPPED:
            raise _too_much()
        answer = msgspec.json.decode(done.stdout, type=WorkbookAnswer)
    except subprocess.TimeoutExpired as error:
        raise _too_much() from error
    except msgspec.DecodeError as error:  # the parser was stopped: out of memory, or a crash of its own
        raise FileFault("工作簿过大或已损坏，读取时中断", remedy=_SAVE_AS) from error
    if answer.what:
        raise FileFault(answer.what, remedy=answer.remedy)
    return [
        Grid(
            one.name,
            [[_cell(value) for value in row] for row in one.rows],
            one.merges,
            answer.date1904,
            one.hidden,
            frozenset(one.hidden_rows),
            frozenset(one.hidden_columns),
            one.filtered,
            frozenset(one.struck),
            answer.blind,
        )
        for one in answer.sheets
    ]


def _too_much() -> FileFault:
    return FileFault(f"{SECONDS} 秒内没有读完，内容过多", remedy="请只保留名册所在的工作表后再试")


def _cell(value: WireCell) -> Cell:
    if isinstance(value, list):
        return dt.date.fromisoformat(value[0])
    return value
