"""An action that takes an open session, as a method of the office without it; its types stay those of the action."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, cast, overload

from yiyu.registry.session import OfficeSession

P = ParamSpec("P")
F = TypeVar("F")
R = TypeVar("R")


class Performer(Protocol):
    """What an action is performed by: an office."""

    def perform(self, wanted: "Action[Any, Any]", given: inspect.BoundArguments) -> Any: ...  # noqa: ANN401 - of any action


class Group:
    """The actions of one subject, as the sub-commands of one command; ``command`` is that command."""

    command = ""

    def __init__(self, office: Performer) -> None:
        self._office = office


class Action(Generic[P, R]):
    """Reads as a method with the parameters and the result of the function that ``find`` gives when it is first asked for.

    ``reads``, ``writes`` and ``new`` are the names of parameters that are paths: what is written passes the gate of decision
    34, a new folder is refused by the action itself where it is in use. ``command`` is what the command line calls it, such
    as ``agreement draft``.
    """

    def __init__(
        self,
        find: Callable[[], Callable[Concatenate[OfficeSession, P], R]],
        *,
        reads: tuple[str, ...] = (),
        writes: tuple[str, ...] = (),
        new: tuple[str, ...] = (),
    ) -> None:
        self._find, self.reads, self.writes, self.new = find, reads, writes, new
        self.name = self.command = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.command = f"{getattr(owner, 'command', '')} {name.rstrip('_').replace('_', '-')}".strip()

    @functools.cached_property
    def function(self) -> Callable[Concatenate[OfficeSession, P], R]:
        """The action itself."""
        return self._find()

    @functools.cached_property
    def full(self) -> inspect.Signature:
        """Its parameters, the session first."""
        return inspect.signature(self.function, eval_str=True)

    @functools.cached_property
    def signature(self) -> inspect.Signature:
        """What a caller gives."""
        return self.full.replace(parameters=list(self.full.parameters.values())[1:])

    @overload
    def __get__(self, group: None, owner: type) -> "Action[P, R]": ...
    @overload
    def __get__(self, group: Group, owner: type) -> Callable[P, R]: ...
    def __get__(self, group: Group | None, owner: type) -> "Action[P, R] | Callable[P, R]":
        if group is None:
            return self
        office = group._office  # noqa: SLF001 - its own group's

        def call(*arguments: P.args, **options: P.kwargs) -> R:
            return cast(R, office.perform(self, self.signature.bind(*arguments, **options)))

        call.__name__, call.__qualname__ = self.name, f"{owner.__name__}.{self.name}"
        call.__doc__, call.__module__ = self.function.__doc__, owner.__module__
        vars(call)["__signature__"] = self.signature  # read by help() and inspect
        return call


def action(
    function: Callable[Concatenate[OfficeSession, P], R],
    *,
    reads: tuple[str, ...] = (),
    writes: tuple[str, ...] = (),
    new: tuple[str, ...] = (),
) -> Action[P, R]:
    """The action whose module is loaded already."""
    return Action(lambda: function, reads=reads, writes=writes, new=new)


def filtered(
    function: Callable[[OfficeSession, F], R], wanted: Callable[P, F]
) -> Callable[Concatenate[OfficeSession, P], R]:
    """An action that takes one filter as one that takes its fields."""

    def call(office: OfficeSession, /, *arguments: P.args, **options: P.kwargs) -> R:
        return function(office, wanted(*arguments, **options))

    fields = inspect.signature(wanted, eval_str=True).parameters.values()
    session, *_ = inspect.signature(function, eval_str=True).parameters.values()
    result = inspect.signature(function, eval_str=True).return_annotation
    call.__doc__ = f"{function.__doc__}\n\n    {wanted.__doc__}"
    vars(call)["__signature__"] = inspect.Signature([session, *fields], return_annotation=result)  # read above
    return call
