"""The filters and tests a template may use: the wording of this trade, and those of Jinja2 that do no harm, paid for.

Not offered: what marks text as safe (``safe``, ``tojson``, ``xmlattr``, ``urlize``), what is random, and what only lays
out plain text (``center``, ``indent``, ``wordwrap``, ``pprint``).
"""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Undefined, pass_context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from yiyu.docgen import wording
from yiyu.docgen.fill.limits import (
    MAX_ITEMS,
    Rendering,
    TooMuch,
    pay_for_format,
    pay_for_join,
    pay_for_replace,
)
from yiyu.docgen.fill.undefined import Missing

WORDING: dict[str, Callable[..., str]] = {
    "填空": wording.blank,
    "勾选": wording.tick,
    "大写金额": wording.amount,
    "中文日期": wording.chinese_date,
    "汉字日期": wording.han_date,
    "大写日期": wording.cheque_date,
    "季度": wording.quarter,
    "大写份数": wording.copies,
    "半角": wording.half_width,
    "全角": wording.full_width,
}
"""Filter name in a template → function of :mod:`yiyu.docgen.wording`."""

_TEXT = (
    *("capitalize", "e", "escape", "format", "lower", "replace", "round", "string", "title", "trim", "truncate"),
    *("upper", "wordcount"),
)
_ITEMS = (
    *("batch", "count", "dictsort", "first", "groupby", "items", "join", "last", "length", "list", "map", "max", "min"),
    *("reject", "rejectattr", "reverse", "select", "selectattr", "slice", "sort", "sum", "unique"),
)
_COMPARING = frozenset(("dictsort", "groupby", "max", "min", "sort", "unique"))
_ANY = ("abs", "d", "default", "float", "int")
_TESTS = (
    *("boolean", "defined", "divisibleby", "eq", "equalto", "even", "false", "float", "ge", "greaterthan", "gt", "in"),
    *("integer", "le", "lessthan", "lower", "lt", "mapping", "ne", "none", "number", "odd", "sameas", "sequence"),
    *("string", "true", "undefined", "upper", "==", "!=", ">", ">=", "<", "<="),
)
_MAX_PLACES = 30


_base = ImmutableSandboxedEnvironment(undefined=Missing, autoescape=True)
"""Runs Jinja2's own filters, after ours have charged for them."""


def _guarded_filter(name: str) -> Callable[..., Any]:
    @pass_context
    def run(context: Rendering, value: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 Jinja2's filters take all
        if name not in _ANY:
            value = _paid(context, name, value, args, kwargs)
        result = _base.call_filter(name, value, args, kwargs, context=context, eval_ctx=context.eval_ctx)
        return context.take(result) if hasattr(result, "__next__") else result

    return run


def _paid(context: Rendering, name: str, value: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:  # noqa: ANN401
    """Charge for a filter over ``value``; give the value, taken out if it was lazy."""
    if isinstance(value, Undefined):
        return value

    def argument(place: int, keyword: str, default: Any) -> Any:  # noqa: ANN401
        return args[place] if place < len(args) else kwargs.get(keyword, default)

    given = (*args, *kwargs.values())
    if name in _TEXT:
        if isinstance(value, list | tuple | Mapping):
            raise TooMuch("列表或字典不能当作文字")
        if name == "format":
            pay_for_format(context, str(value), given)
        elif name == "round" and any(isinstance(places, int) and abs(places) > _MAX_PLACES for places in given):
            raise TooMuch("小数位数过大")
        elif name == "replace":
            pay_for_replace(context, str(value), str(argument(0, "old", "")), str(argument(1, "new", "")))
        context.spend(10 * context.measure(value))
        return value
    if not hasattr(value, "__len__"):
        value = context.take(value)
    # What compares or hashes looks into nested lists, which can be exponentially large; the others count the items.
    context.spend(10 * (context.measure(value) if name in _COMPARING else len(value)))
    if name == "join":
        if argument(1, "attribute", None) is None:
            pay_for_join(context, str(argument(0, "d", "")), list(value))
        else:
            context.pay_for_text(context.measure(value) + len(value) * context.measure(given))
    elif name in {"batch", "slice"} and any(isinstance(size, int) and size > MAX_ITEMS for size in given):
        raise TooMuch(f"一个列表超过{MAX_ITEMS}项")
    elif name == "sum" and not isinstance(argument(1, "start", 0), int | float):
        raise TooMuch("sum 只能用于数字")
    return value


def _guarded_test(name: str) -> Callable[..., bool]:
    @pass_context
    def run(context: Rendering, value: Any, *args: Any) -> bool:  # noqa: ANN401
        if args:
            context.spend(context.measure(value) + context.measure(args))
        return bool(_base.call_test(name, value, args, context=context, eval_ctx=context.eval_ctx))

    return run


def _by_length(function: Callable[[str], str]) -> Callable[..., str]:
    @pass_context
    def run(context: Rendering, value: str) -> str:
        context.spend(10 * context.measure(value))
        return function(value)

    return run


FILTERS: dict[str, Callable[..., Any]] = {
    **{name: _guarded_filter(name) for name in (*_TEXT, *_ITEMS, *_ANY)},
    **WORDING,
    "复选": wording.chosen,
    **{name: _by_length(WORDING[name]) for name in ("半角", "全角")},
}
"""Every filter of the environment."""
TESTS: dict[str, Callable[..., bool]] = {name: _guarded_test(name) for name in _TESTS}
