"""What a program gives an action is held to what a command holds its options to, before the action sees it."""

import dataclasses
import inspect
import types
import typing
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from yiyu.docgen.library.action import Action
from yiyu.registry.errors import BadInput
from yiyu.registry.rules.activities import Finding, Person
from yiyu.registry.rules.cleaning import plain
from yiyu.registry.rules.districts import places_in_use
from yiyu.registry.rules.places import PlaceFault
from yiyu.registry.workbooks.text import entry_fault


def entered(wanted: Action[Any, Any], given: inspect.BoundArguments) -> dict[str, Any]:
    """The arguments by name: paths as paths, texts clean, places as codes, words among those there are.

    A single text for a parameter that takes several is one of them. Raises BadInput for what cannot be taken in.
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
    """The value as ``hint`` has it: a member of its enumeration, one of its words. Raises BadInput for another."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if value is None or hint is inspect.Parameter.empty:
        return value
    if origin in (typing.Union, types.UnionType):
        plain_hint = next((one for one in inner if one is not type(None)), None)
        return _allowed(name, value, plain_hint) if len(inner) == 2 and type(None) in inner else value
    if origin is typing.Literal:
        return _one_of(name, value, inner)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(_one_of(name, value, [one.value for one in hint]))
    if origin is not None and isinstance(origin, type) and issubclass(origin, typing.Sequence) and inner:
        several = (value,) if isinstance(value, str) else value
        return tuple(_allowed(name, one, inner[0]) for one in several)
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
