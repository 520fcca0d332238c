"""TOML that people write: read within limits, and what is wrong with it said in Chinese, with its line or key."""

import datetime as dt
import difflib
import re
import tomllib
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

MOST_BYTES = 1024 * 1024
_WORDS = {
    "int": "整数",
    "float": "数",
    "str": "文字",
    "bool": "true 或 false",
    "array": "列表",
    "object": "表",
    "date": "日期",
    "datetime": "日期",
}
_DATES = (dt.date, dt.datetime, dt.time)


class TomlFault(Exception):
    """What is wrong; ``place`` is the line (第 3 行) or the dotted key, "" for the whole file."""

    def __init__(self, place: str, message: str) -> None:
        self.place = place
        super().__init__(message)


def parse(data: bytes) -> dict[str, Any]:
    """Parse a file; the mark Windows' Notepad puts before UTF-8 is no fault. Raises TomlFault."""
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise TomlFault("编码不是 UTF-8", "请另存为 UTF-8 编码") from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        place = f"第 {line[1]} 行" if line else "末尾"
        raise TomlFault(place, "写法不对，或同一个键写了两次；请检查引号、等号和括号") from error
    except (RecursionError, ValueError) as error:  # the second: a number of over 4,300 digits
        raise TomlFault("", "嵌套过深，或数字过长") from error


def convert(raw: Any, kind: type[T], place: str = "") -> T:  # noqa: ANN401 - whatever stands in the file
    """Give what was parsed its type; ``place`` is the key it stands under. Raises TomlFault."""
    try:
        return msgspec.convert(raw, kind, builtin_types=_DATES)
    except msgspec.ValidationError as error:
        raise TomlFault(*_said(str(error), place, getattr(kind, "__struct_fields__", ()))) from error
    except RecursionError as error:
        raise TomlFault(place, "嵌套过深") from error


def unknown(key: str, known: tuple[str, ...]) -> str:
    """The sentence for a key that means nothing."""
    guess = difflib.get_close_matches(key, known, n=1)
    hint = f"您是否想写“{guess[0]}”？" if guess else f"可用的有：{'、'.join(known)}"
    return f"不认识的键“{key}”，{hint}"


def _said(message: str, place: str, known: tuple[str, ...]) -> tuple[str, str]:
    """Turn a message of msgspec into the dotted key and a Chinese sentence."""
    path = re.search(r"`\$\.?([^`]*)`$", message)
    where = ".".join(part for part in (place, path[1] if path else "") if part)
    if missing := re.search(r"missing required field `(\w+)`", message):
        return where, f"缺少必填的键“{missing[1]}”"
    if odd := re.search(r"unknown field `([^`]*)`", message):
        return where, unknown(odd[1], () if path else known) if known and not path else f"不认识的键“{odd[1]}”"
    if wrong := re.search(r"Expected `([^`]+)`, got `([^`]+)`", message):
        expected, got = (_WORDS.get(word.split(" | ")[0], word) for word in wrong.groups())
        return where, f"这里应写{expected}，现在是{got}"
    if value := re.search(r"Invalid enum value (?:'([^']*)'|(\d+))", message):
        return where, f"不在可选范围内的值“{value[1] or value[2]}”"
    if bound := re.search(r"Expected `int` ([<>])= (-?\d+)", message):
        return where, f"应不{'小' if bound[1] == '>' else '大'}于 {bound[2]}"
    return where, "这里的值用不了"
