"""What a program gives an action is held to what a command holds its options to, before the action sees it."""

import dataclasses
import datetime as dt
import inspect
import types
import typing
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from yiyu.docgen.library.action import Action
from yiyu.registry.errors import BadInput
from yiyu.registry.rules.activities import Finding, Person
from yiyu.registry.rules.cleaning import plain
from yiyu.registry.rules.districts import places_in_use
from yiyu.registry.rules.places import PlaceFault
from yiyu.registry.workbooks.text import entry_fault

T = TypeVar("T")
_KINDS = {str: "文字", bool: "True 或 False", int: "整数", dt.date: "日期（datetime.date）"}
_FROM_ONE = frozenset({"copies", "count", "each", "keep", "lead", "limit", "minutes", "per_day"})
"""Numbers of which none is no answer: no backup kept would be all backups deleted."""
_MOST = 99_999_999


def entered(wanted: Action[Any, Any], given: inspect.BoundArguments) -> dict[str, Any]:
    """The arguments by name: paths as paths, texts clean, places as codes, words among those there are.

    A single text for a parameter that takes several is one of them. Raises BadInput for what cannot be taken in, TypeError
    for a value of another type: a registry would hold what none of its readers expects.
    """
    hints = wanted.signature.parameters
    paths = {*wanted.reads, *wanted.writes, *wanted.new}
    return {
        name: _path(value) if name in paths else _entered(name, _allowed(name, value, hints[name].annotation))
        for name, value in given.arguments.items()
    }


def named_paths(names: tuple[str, ...], arguments: Mapping[str, Any]) -> Iterator[tuple[str, Path]]:
    """Each path of the parameters ``names``, with its parameter."""
    for name in names:
        value = arguments.get(name)
        for one in value if isinstance(value, list | tuple) else (value,):
            if one is not None:
                yield name, one


def _path(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_path(one) for one in value]
    return Path(value) if isinstance(value, str) else value


def _entered(name: str, value: Any) -> Any:  # noqa: ANN401 - of any type an action takes
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return district_code(value) if name == "district" else _text(name, value)
    if isinstance(value, Mapping):
        return {key: _entered(str(key), one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_entered(name, one) for one in value)
    if isinstance(value, Person | Finding):
        texts = {
            key: _entered(key, one).strip() for key, one in dataclasses.asdict(value).items() if isinstance(one, str)
        }
        return dataclasses.replace(value, **texts)
    return value


def _text(name: str, value: str) -> str:
    found = plain(value)
    if fault := found.fault or entry_fault(found.text):
        raise BadInput(fault, where=name, remedy="请改正后再试")
    return found.text


def district_code(value: str) -> str:
    """The code of a 旗区 by its name or code, in the places in use; "" for "". Raises BadInput."""
    if not value:
        return ""
    try:
        return places_in_use().place(value).code
    except PlaceFault as fault:
        raise BadInput(str(fault), where="district", remedy="请写旗区全称或六位代码", code=fault.code) from fault


def _allowed(name: str, value: Any, hint: Any) -> Any:  # noqa: ANN401 - of any type an action takes
    """The value as ``hint`` has it: of its type, a member of its enumeration, one of its words. Raises BadInput, TypeError."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if value is None or hint is inspect.Parameter.empty:
        return value
    if origin in (typing.Union, types.UnionType):
        plain_hint = next((one for one in inner if one is not type(None)), None)
        return _allowed(name, value, plain_hint) if len(inner) == 2 and type(None) in inner else value
    if origin is typing.Literal:
        return _one_of(name, value, inner)
    return _allowed_parts(name, value, origin, inner) if origin else _allowed_one(name, value, hint)


def _allowed_parts(name: str, value: Any, origin: Any, inner: tuple[Any, ...]) -> Any:  # noqa: ANN401 - as above
    """The same of what has parts: named facts, a mapping, a sequence."""
    if origin is typing.Unpack:
        fields = typing.get_type_hints(inner[0])
        return {key: _allowed(key, one, fields.get(key, inspect.Parameter.empty)) for key, one in value.items()}
    if isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(value, Mapping):
        return {
            _allowed(name, key, inner[0]): _allowed(f"{name}[{key!r}]", one, inner[1]) for key, one in value.items()
        }
    if isinstance(origin, type) and issubclass(origin, typing.Sequence) and inner:
        several = (value,) if isinstance(value, str) else value
        return tuple(_allowed(name, one, inner[0]) for one in several)
    return value


def _allowed_one(name: str, value: Any, hint: Any) -> Any:  # noqa: ANN401 - as above
    """The same of what has none. A number below what the command takes, or that no registry holds, is a BadInput."""
    if hint in (Person, Finding):
        for key, kind in typing.get_type_hints(hint).items():
            _allowed(f"{name}.{key}", getattr(of_kind(name, value, hint), key), kind)
        return value
    if hint is int:
        least = int(name in _FROM_ONE)
        if not least <= of_kind(name, value, int) <= _MOST:
            raise BadInput(f"{name} 不能是 {value}", where=name, remedy=f"请写 {least} 到 {_MOST} 的整数")
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(_one_of(name, value, [one.value for one in hint]))
    return of_kind(name, value, hint) if hint in _KINDS else value


def of_kind(name: str, value: object, kind: type[T]) -> T:
    """The value, of that type: a moment is no day, and True no number. Raises TypeError."""
    too_much = {int: bool, dt.date: dt.datetime}.get(kind)
    if not isinstance(value, kind) or (too_much and isinstance(value, too_much)):
        raise TypeError(f"{name} 应是{_KINDS.get(kind, kind.__name__)}，不是 {value!r}")
    return value


def _one_of(name: str, value: object, words: typing.Sequence[object]) -> object:
    if value not in words:
        raise BadInput(f"{name} 不能是“{value}”", where=name, remedy=f"可填：{'、'.join(map(str, words))}")
    return value


def required(name: str, value: str) -> str:
    """The text of a parameter that must say something. Raises BadInput for a blank one."""
    if not value.strip():
        raise BadInput(f"没有写 {name}", where=name, remedy="请写明")
    return value
