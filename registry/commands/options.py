"""Options and value types that several commands share."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from yiyu.registry.codes import district_code
from yiyu.registry.dates import read_date
from yiyu.registry.model import DocKind, Kind, Variant

F = TypeVar("F", bound=Callable[..., Any])

FILE = click.Path(path_type=Path, dir_okay=False)
READABLE = click.Path(path_type=Path)
FOLDER = click.Path(path_type=Path, file_okay=False)


class DateType(click.ParamType[dt.date]):
    """A date in any spelling an office writes (domain 8.1)."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            found = read_date(value)
        except ValueError as error:
            self.fail(f"“{value}”不是日期：{error}；请写成 2026-03-01", param, ctx)
        if found is None:
            self.fail(f"“{value}”不是日期；请写成 2026-03-01", param, ctx)
        return found


class DistrictType(click.ParamType[str]):
    """A 旗区 by full name or six-digit code; gives the code."""

    name = "旗区"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        code = district_code(str(value)) if value else ""
        if code is None:
            self.fail(f"不认识旗区“{value}”；请写全称（如 鄂托克前旗）或六位代码（如 150623）", param, ctx)
        return code


DATE = DateType()
DISTRICT = DistrictType()
VARIANT = click.Choice(Variant, case_sensitive=False)
VARIANTS = f"[{'|'.join(Variant)}]"
"""How the choice is shown: Click would print it in lower case."""
KIND = click.Choice(Kind, case_sensitive=False)
DOC_KIND = click.Choice([str(kind) for kind in DocKind])
"""By value: Click would ask for the names of the enumeration."""


def listing(function: F) -> F:
    """--json and --xlsx, for everything that lists."""
    function = click.option("--xlsx", type=FILE, metavar="FILE", help="另存为 Excel 表")(function)
    return click.option("--json", "as_json", is_flag=True, help="输出 JSON（键名固定，供其他程序读取）")(function)


def as_of(function: F) -> F:
    """--as-of, where a state depends on the day."""
    return click.option("--as-of", type=DATE, metavar="DATE", help="按这一天的情形（默认今天）")(function)


def dry_run(function: F) -> F:
    """--dry-run, for everything that writes."""
    return click.option("--dry-run", is_flag=True, help="只显示将要做什么，不写入")(function)


def json_only(function: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="输出 JSON（键名固定，供其他程序读取）")(function)
