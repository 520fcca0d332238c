"""A template may be hostile: every construct that multiplies work or text is paid for from one budget per rendering.

The sandbox of Jinja2 keeps a template from reaching Python; it does not keep it from ``'x' * 10**9``, from three nested
loops or from a variable doubled forty times. Each loop, macro call, joined text and filter is therefore charged before
it is carried out (:mod:`yiyu.docgen.fill.tree` puts the charges into the template), so a bomb is refused in about a
second whatever part of the document it sits in. One unit is about one character written.
"""

import re
import time
from collections.abc import Iterable, Mapping
from itertools import islice
from types import BuiltinMethodType, MethodType
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

BUDGET = 32_000_000
"""A loop of 2,000 full table rows costs about a third of it."""
MAX_TEXT = 1_000_000
MAX_ITEMS = 10_000
MOST_SECONDS = 2.0
"""Processor time for one part of one document."""
_CHARGES_A_LOOK = 256
SLOW = 1000
"""Charge of an operation that can run over a long text but is not charged by its length."""
_CALL = 200
"""Charge of a call, beside what it works on."""
_LOOK = 64
"""Charge of looking at one value inside a list."""
_MAX_BITS = 4096

_METHODS: dict[type, frozenset[str]] = {
    str: frozenset(
        (
            *("upper", "lower", "title", "capitalize", "swapcase", "strip", "lstrip", "rstrip"),
            *("split", "rsplit", "splitlines", "partition", "rpartition", "removeprefix", "removesuffix"),
            *("startswith", "endswith", "find", "rfind", "index", "count", "replace", "join", "format"),
            *("isdigit", "isdecimal", "isnumeric", "isalpha", "isalnum", "isspace"),
        )
    ),
    dict: frozenset(("items", "keys", "values", "get")),
    list: frozenset(("index", "count")),
    tuple: frozenset(("index", "count")),
}
DICT_NAMES = frozenset(dir(dict))
_WIDE_FORMAT = re.compile(r"%(?:\([^)]*\))?[-+ #0-9.]*(?:\d{4}|\*)|\{[^}]*(?:\d{4}|\{)")


class TooMuch(SecurityError):
    """More work, text or items than any document needs. The message is a Chinese phrase."""


class Rendering(Context):
    """The context of one rendering of one part, with what is left of its budget."""

    left = BUDGET
    charges = 0
    started: float | None = None

    def spend(self, units: int) -> None:
        self.left -= units
        self.charges += 1
        if self.left < 0 or (self.charges % _CHARGES_A_LOOK == 0 and self._late()):
            raise TooMuch("循环或文字过多，超出一份文书所需")

    def _late(self) -> bool:
        """Whether the rendering has taken more processor time than any document: no table of charges is complete."""
        now = time.thread_time()
        if self.started is None:
            self.started = now
        return now - self.started > MOST_SECONDS

    def pay_for_text(self, length: int) -> None:
        if length > MAX_TEXT:
            raise TooMuch(f"一段文字超过{MAX_TEXT}字")
        self.spend(length)

    def measure(self, value: object) -> int:
        """Size of a value as text, paying for each value looked at: nested lists can be exponentially large."""
        if isinstance(value, str):
            return len(value)
        self.spend(_LOOK)
        if isinstance(value, range):
            return len(value)  # what is no number is looked for in all of it
        if isinstance(value, Mapping):
            return sum(self.measure(key) + self.measure(value[key]) for key in value)
        if isinstance(value, list | tuple):
            return sum(map(self.measure, value))
        return 8

    def take(self, values: Iterable[Any]) -> list[Any]:
        """Take a lazy sequence out, at most MAX_ITEMS."""
        taken = list(islice(values, MAX_ITEMS + 1))
        if len(taken) > MAX_ITEMS:
            raise TooMuch(f"一个列表超过{MAX_ITEMS}项")
        self.spend(len(taken))
        return taken


class Sandbox(ImmutableSandboxedEnvironment):
    """The immutable sandbox, with operators, calls and methods of built-in values held to the budget."""

    intercepted_binops = frozenset(("*", "**", "+", "%"))
    context_class = Rendering

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 whatever a template holds
        # A field of a dict is what nearly every tag asks for; Jinja2 would raise and catch AttributeError first.
        if type(obj) is dict and attribute not in DICT_NAMES:
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401
        # The error for a missing item would write the argument out, however large.
        if isinstance(argument, list | tuple | Mapping):
            raise TooMuch("下标只能是文字或数字")
        return super().getitem(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401
        for kind, methods in _METHODS.items():
            if isinstance(obj, kind):
                return attr in methods
        if isinstance(obj, int | float | bytes | range):
            return False
        return super().is_safe_attribute(obj, attr, value)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        rendering = _rendering(context)
        rendering.spend(_CALL)
        if isinstance(obj, BuiltinMethodType):
            _pay_for_method(rendering, obj.__name__, obj.__self__, args)
        elif isinstance(obj, MethodType) and isinstance(obj.__self__, LoopContext):
            rendering.spend(rendering.measure(args))  # loop.changed compares
        elif isinstance(obj, LoopContext) and args:
            args = (rendering.take(args[0]), *args[1:])
        elif getattr(obj, "__name__", "") in {"format", "format_map"}:
            # The sandbox hands out its own function in place of str.format; Jinja2 adds keywords of its own with a "_".
            named = (value for name, value in kwargs.items() if not name.startswith("_"))
            pay_for_format(rendering, obj.__wrapped__.__self__, (*args, *named))
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        rendering = _rendering(context)
        if isinstance(left, int) and isinstance(right, int):
            bits = left.bit_length() * (abs(right) if operator == "**" else 1) + right.bit_length()
            if operator in {"*", "**"} and bits > _MAX_BITS:
                raise TooMuch("数字过大")
        elif operator == "%" and isinstance(left, str):
            pay_for_format(rendering, left, right if isinstance(right, tuple) else (right,))
        elif operator == "+":
            rendering.pay_for_text(_length(left) + _length(right))
        elif operator == "*":
            times = left if isinstance(left, int) else right if isinstance(right, int) else 1
            rendering.pay_for_text(max(_length(left), _length(right)) * times)
        return super().call_binop(context, operator, left, right)

    # What follows is called by the tree that `fill.tree` prepares.

    @staticmethod
    def counted(context: Rendering, iterable: Any, turn: int) -> Any:  # noqa: ANN401
        """Pay for all turns of a loop before the first."""
        if not hasattr(iterable, "__len__"):
            iterable = context.take(iterable)
        context.spend(len(iterable) * turn)
        return iterable

    @staticmethod
    def spend(context: Rendering, units: int) -> str:
        context.spend(units)
        return ""

    @staticmethod
    def weighed(context: Rendering, value: object) -> object:
        """Pay for a value that is about to become part of a text."""
        if isinstance(value, list | tuple | Mapping):
            raise TooMuch("列表或字典不能当作文字")
        context.pay_for_text(10 + _length(value))
        return value

    @staticmethod
    def compared(context: Rendering, value: object) -> object:
        context.spend(context.measure(value))
        return value


def pay_for_format(context: Rendering, pattern: str, values: tuple[Any, ...]) -> None:
    """Refuse widths over 999 and charge each placeholder with the longest value."""
    if _WIDE_FORMAT.search(pattern) or any(isinstance(value, list | tuple | Mapping) for value in values):
        raise TooMuch("格式中的宽度过大，或把列表当作文字")
    places = pattern.count("%") + pattern.count("{")
    context.pay_for_text(len(pattern) + places * (SLOW + max(map(_length, values), default=0)))


def pay_for_replace(context: Rendering, text: str, old: str, new: str) -> None:
    context.pay_for_text(len(text) + (text.count(old) if old else len(text) + 1) * len(new))


def pay_for_join(context: Rendering, separator: str, values: list[Any]) -> None:
    if any(isinstance(value, list | tuple | Mapping) for value in values):
        raise TooMuch("列表或字典不能当作文字")
    context.pay_for_text(sum(_length(value) + len(separator) for value in values))


def _pay_for_method(context: Rendering, name: str, owner: object, args: tuple[Any, ...]) -> None:
    context.spend(context.measure(owner) + context.measure(args))
    if isinstance(owner, str) and name == "replace" and len(args) >= 2:
        pay_for_replace(context, owner, str(args[0]), str(args[1]))
    elif isinstance(owner, str) and name == "join" and args:
        if not isinstance(args[0], list | tuple | str):
            raise TooMuch("join 只能用于列表")
        pay_for_join(context, owner, list(args[0]))


def _length(value: object) -> int:
    return len(value) if isinstance(value, str | list | tuple) else 8


def _rendering(context: Context) -> Rendering:
    if not isinstance(context, Rendering):
        raise TypeError("the environment makes its own contexts")
    return context
