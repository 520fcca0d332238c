"""What may stand in a tag and what may not: missing fields, and results that are no text."""

import functools
import math
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import StrictUndefined, Undefined, UndefinedError, pass_context
from jinja2.runtime import Context
from jinja2.utils import missing


class UnprintableValue(Exception):
    """An expression gave something that is no text. The message is a Chinese phrase."""


class MissingField(UndefinedError):
    """What was looked up and where, so that the whole path can be told. ``owner`` is None for a top-level name."""

    def __init__(self, owner: object, name: object, message: str) -> None:
        self.owner, self.name = owner, name
        super().__init__(message)


class Missing(StrictUndefined):
    """A field that is not there. Any use of it but ``is defined`` and ``|default`` raises MissingField."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,  # noqa: ANN401 signature of Jinja2
        name: str | None = None,
        exc: Callable[[str], Exception] = UndefinedError,
    ) -> None:
        if exc is UndefinedError:
            exc = functools.partial(MissingField, None if obj is missing else obj, name)
        super().__init__(hint, obj, name, exc)  # type: ignore[arg-type] # Jinja2 only calls it


@pass_context  # or Jinja2 would run it at compile time, after it has made "None" of a written none
def printable(_context: Context, value: object) -> object:
    """Let through what a document can show; None, NaN, lists and the like are slips, never text.

    Raises UnprintableValue.
    """
    if isinstance(value, str | int | Undefined) or hasattr(value, "__html__"):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if value is None:
        raise UnprintableValue("标签的结果为空（None）")
    if isinstance(value, float):
        raise UnprintableValue("标签的结果不是有效数字")
    if isinstance(value, list | tuple | Mapping):
        raise UnprintableValue("标签的结果是列表或一组字段，不是文字")
    raise UnprintableValue("标签的结果不是文字")
