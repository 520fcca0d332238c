"""Options and value types that several commands share."""

import datetime as dt
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

import click

from yiyu.registry.commands.invocation import KNOWN_ON, SCOPE
from yiyu.registry.commands.outputs import XLSX, Input, InputFolder, NewFolder, OutputFile, OutputFolder
from yiyu.registry.model import DOC_KIND_LABEL, KIND_LABEL, VARIANT_LABEL, Kind
from yiyu.registry.rules.cleaning import plain
from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.dates import read_date
from yiyu.registry.rules.districts import places_in_use
from yiyu.registry.rules.places import PlaceFault
from yiyu.registry.workbooks.text import entry_fault

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

FILE = OutputFile()
READABLE = Input()
READABLE_FOLDER, NEW_FOLDER, OUT_FOLDER = InputFolder(), NewFolder(), OutputFolder()


class TextType(click.ParamType[str]):
    """A text from the command line, held to what a cell of a workbook is held to; a required one says something."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        found = plain(str(click.STRING.convert(value, param, ctx)))
        text = found.text
        if fault := found.fault or entry_fault(text):
            self.fail(f"{fault}；请重新输入这一项", param, ctx)
        if param is not None and param.required and not text.strip():
            self.fail("不能是空的；请写明", param, ctx)
        if told := [*found.notes, *([found.doubt] if found.doubt else [])]:
            click.echo(f"{param.opts[0] if param is not None else text}：{'；'.join(told)}", err=True)
        return text


class DateType(click.ParamType[dt.date]):
    """A date in any spelling an office writes (domain.md#date-spellings)."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            found = read_date(value)
        except ValueError as error:
            example = "" if "请写成" in str(error) else "；请写成 2026-03-01"
            self.fail(f"“{value}”不是日期：{error}{example}", param, ctx)
        if found is None:
            self.fail(f"“{value}”不是日期；请写成 2026-03-01", param, ctx)
        return found


class DistrictType(click.ParamType[str]):
    """A 旗区 in any spelling of the office's region; gives the code."""

    name = "旗区"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not value:
            return ""
        try:
            return places_in_use().place(str(value)).code
        except PlaceFault as fault:
            near = get_close_matches(str(value), sorted(places_in_use().words()), cutoff=0.5)
            meant = f"；您是不是要找：{'、'.join(near)}" if near and fault.code == "district-unknown" else ""
            self.fail(f"{fault}{meant}", param, ctx)


class WordChoice(click.Choice[T], Generic[T]):
    """One of ``labels`` (value to what people call it): typed as the value, as the label, or as the label's beginning.

    Raises click.BadParameter for a word that fits none, or several of them.
    """

    def __init__(self, labels: Mapping[T, str], also: Mapping[str, T] | None = None) -> None:
        """``also``: further words, by what they mean."""
        super().__init__(list(labels))
        self._labels, self._also = labels, also or {}

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        return str(choice)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> T:
        word = fold(str(value)).casefold()
        words = [*((str(one), one) for one in self._labels), *((label, one) for one, label in self._labels.items())]
        named = [one for text, one in (*words, *self._also.items()) if fold(text).casefold() == word]
        begun = [one for text, one in words if word and fold(text).casefold().startswith(word)]
        fitting = list(dict.fromkeys(named or begun))
        if len(fitting) != 1:
            said = "、".join(f"{one} {label}" if str(one) != label else label for one, label in self._labels.items())
            self.fail(f"“{value}”{'不止对应一个' if fitting else '不可用'}，可填：{said}", param, ctx)
        return fitting[0]


TEXT = TextType()
DATE = DateType()
DISTRICT = DistrictType()
VARIANT = WordChoice(VARIANT_LABEL)
KIND = WordChoice(KIND_LABEL)
DOC_KIND = WordChoice({str(kind): label for kind, label in DOC_KIND_LABEL.items()})


def listing(function: F) -> F:
    """--json and --xlsx, for everything that lists."""
    function = click.option("--xlsx", type=XLSX, metavar="FILE", help="另存为 Excel 表")(function)
    return click.option("--json", "as_json", is_flag=True, help="输出 JSON（键名固定，供其他程序读取）")(function)


def on_day(function: F) -> F:
    """--as-of alone, for what does not come from the registry."""
    return click.option("--as-of", type=DATE, metavar="DATE", help="按这一天的情形（默认今天）")(function)


def as_of(function: F) -> F:
    """--as-of and --known-on, where a state depends on the day; the second reaches the session by itself."""
    known = click.option(
        "--known-on",
        type=DATE,
        metavar="DATE",
        expose_value=False,
        callback=lambda ctx, _option, day: ctx.meta.update({KNOWN_ON: day}),
        help="只用到这一天为止录入的记录（重印当时的清单；不写 --as-of 时也按这一天的情形）",
    )
    return on_day(known(function))


def scoped(function: F) -> F:
    """--district, --town and --provider, where a list or figure may be limited; they reach the session by themselves."""

    def kept(ctx: click.Context, option: click.Parameter, value: str | None) -> None:
        ctx.meta.setdefault(SCOPE, {})[option.name] = value or ""

    # Imported here: completion looks at names, which most commands do not.
    from yiyu.registry.commands.completion import complete_institution

    options = (
        click.option("--district", type=DISTRICT, metavar="DISTRICT", expose_value=False, callback=kept, help="只看这个旗区（全称或代码）"),
        click.option("--town", type=TEXT, metavar="TOWN", expose_value=False, callback=kept, help="只看这个乡镇、街道的托育机构"),
        click.option(
            "--provider", type=TEXT, metavar="NAME", expose_value=False, callback=kept, help="只看这家医疗卫生机构的",
            shell_complete=complete_institution(Kind.MEDICAL),
        ),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


FORCE = click.option("--force", is_flag=True, help="次序不合常理也登记，原因记入历史")


def forcing(function: F) -> F:
    """--force and --reason, for what is out of order; read by :func:`force_of`."""
    option = click.option("--reason", type=TEXT, default="", help="次序不合常理而仍登记的原因（与 --force 同用）")
    return FORCE(option(function))


def force_of(options: dict[str, Any]) -> str:
    """Take the two out of ``options``: why it is forced, or "". Raises click.UsageError for one without the other."""
    force, reason = options.pop("force"), options.pop("reason").strip()
    if force != bool(reason):
        raise click.UsageError("--force 要与 --reason 同用，写明原因")
    return str(reason)


def dry_run(function: F) -> F:
    """--dry-run, for everything that writes."""
    return click.option("--dry-run", is_flag=True, help="只显示将要做什么，不写入")(function)


def json_only(function: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="输出 JSON（键名固定，供其他程序读取）")(function)
