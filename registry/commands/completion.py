"""What the shell offers at Tab: agreement numbers and institutions of the workspace at hand, or nothing."""

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from yiyu.registry.commands.invocation import Invocation, set_passphrase_source, today
from yiyu.registry.commands.options import TEXT
from yiyu.registry.model import Kind
from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.search import Searched, search
from yiyu.registry.store.glance import glance_institutions, glance_numbers

Completer = Callable[[click.Context, click.Parameter, str], list[str]]

_FEW = 3
_MOST = 200
"""A shell reads candidates one by one; more than this nobody reads."""
_PLAIN = {
    sign: chr(ord(sign) + 0xFEE0) for sign in map(chr, range(0x21, 0x7F)) if not (sign.isalnum() or sign in "-_.")
}
_FOR_SHELL = str.maketrans({**_PLAIN, " ": ""})
"""Full-width brackets and signs, no blanks: a name is found by them too, and no shell takes them for its own."""


def _quiet(complete: Completer) -> Completer:
    def offered(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        try:
            return complete(ctx, param, incomplete)
        except Exception:  # noqa: BLE001 - a prompt has no place for an error; the command itself will tell it
            return []

    return offered


@_quiet
def complete_number(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Agreement numbers that begin with what was typed, else those that hold it; none that was given already."""
    given = ctx.params.get(param.name or "") or ()
    return _offered(incomplete, (one for one in glance_numbers(_registry(ctx)) if one not in given), _by_code)


class NumberType(click.ParamType[str]):
    """An agreement's number, or the end of it where only one agreement's ends so: JC-0002, 0002."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = TEXT.convert(value, param, ctx)
        key = _key(text)
        if not key or ctx is None or ctx.resilient_parsing:
            return text
        numbers = _all_numbers(ctx)
        fitting = [one for one in numbers if _key(one) == key] or [one for one in numbers if _ends(_key(one), key)]
        if len(fitting) > 1:
            self.fail(f"“{text}”结尾的协议有 {len(fitting)} 份：{_some(fitting)}；请把编号写长一些", param, ctx)
        return fitting[0] if fitting else text

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(one) for one in complete_number(ctx, param, incomplete)]


NUMBER = NumberType()


def _all_numbers(ctx: click.Context) -> list[str]:
    """None where the registry cannot be read: the command itself will tell why."""
    invocation = ctx.find_object(Invocation)
    try:
        return glance_numbers(invocation.workspace.registry_path) if invocation else []
    except Exception:  # noqa: BLE001 - locked, damaged, not there: the command itself will tell
        return []


def _ends(number: str, end: str) -> bool:
    """Whether ``number`` ends with ``end`` at the border of one of its parts."""
    return number.endswith(end) and not (end[0].isalnum() and number[: -len(end)][-1:].isalnum())


def _some(numbers: list[str]) -> str:
    return "、".join(numbers[:_FEW]) + (" 等" if len(numbers) > _FEW else "")


def complete_institution(kind: Kind | None = None) -> Completer:
    """Names of institutions (of ``kind``) that begin with what was typed, else as ``--search`` finds them; or codes."""

    @_quiet
    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
        known = [one for one in glance_institutions(_registry(ctx), today()) if kind in (None, one[0])]
        names = (name.translate(_FOR_SHELL) for _, _, name in known)
        return _offered(incomplete, names, _by_name) or _offered(incomplete, (code for _, code, _ in known), _by_code)

    return complete


def _registry(ctx: click.Context) -> Path:
    set_passphrase_source(ask=False)
    given: Path | None = ctx.find_root().params.get("workspace")
    return Invocation(given and given.expanduser()).workspace.registry_path


def _offered(text: str, values: Iterable[str], described: Callable[[str], Searched]) -> list[str]:
    """Those that begin with ``text``, else those it is found in; sorted, and not more than anybody reads.

    A shell puts the common beginning of all in place of what was typed: cut short, the list keeps its last one, and
    where that beginning would say less than ``text``, ``text`` is offered too, so that it stays.
    """
    known = sorted({value for value in values if value})
    begun = [value for value in known if _key(value).startswith(_key(text))]
    found = begun or search(text, known, described)
    few = found if len(found) <= _MOST else [*found[: _MOST - 1], found[-1]]
    common = _common_beginning(few)
    return [text, *few] if common and not begun and not search(text, [common], described) else few


def _common_beginning(ordered: list[str]) -> str:
    pairs = zip(ordered[0], ordered[-1], strict=False) if ordered else ()
    return "".join(one for one, _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def _by_name(name: str) -> Searched:
    return Searched(names=(name,))


def _by_code(code: str) -> Searched:
    return Searched(codes=(code,))


def _key(text: str) -> str:
    return fold(text).casefold()
