"""Write the list of all that is public into docs/site/library.md, asked of the program itself.

Run from the root: ``python docs/library.py``. A test compares the page with the program, so that no name, parameter or
field of a result changes unseen.
"""

import dataclasses
import enum
import inspect
import re
import typing
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import msgspec

import yiyu
from yiyu.cli import main
from yiyu.docgen.library.action import Action, Group
from yiyu.docgen.library.office import Part

PAGE = Path(__file__).parent / "site" / "library.md"
BEGIN, END = "<!-- public: python docs/library.py -->\n", "<!-- end of public -->\n"
FURTHER = {
    "report rows": "一个率背后的每一行",
    "report bulletins": "每个旗区写一份通报",
    "report issued-today": "印发的一份报告与今天的数对照，或导出原文",
}
"""Methods that are an option of a command there."""


def groups() -> dict[str, type[Group]]:
    """Attribute of the office, "" for the office itself, to the class that has the actions."""
    parts = {name: part.find() for name, part in vars(yiyu.Office).items() if isinstance(part, Part)}
    return {"": yiyu.Office, **parts}


def actions(group: type[Group]) -> dict[str, Action[typing.Any, typing.Any]]:
    return {name: one for name, one in vars(group).items() if isinstance(one, Action)}


def signature(called: str, found: inspect.Signature) -> str:
    """As one writes it; what a progress function is by default does not matter."""
    text = re.sub(r"<function .*? at 0x[0-9a-f]+>", "…", str(found))
    text = re.sub(r"<([A-Z]\w*\.[A-Z_]+): '\w+'>", r"\1", text)
    text = re.sub(r"\*<class '[\w.]*\.(\w+)'>|\*([a-z][\w.]*\.)(?=[A-Z])", r"\1", text)
    text = re.sub(r"= (Leave|Issuing)\(.*?\)", r"= \1()", text)
    return called + re.sub(r"(?<![\w'\"])(?:[a-z_]\w*\.)+(?=\w)", "", text)


def results() -> dict[str, list[str]]:
    """Class of a result to its fields and properties."""
    found: dict[str, list[str]] = {}
    for group in groups().values():
        for one in actions(group).values():
            for part in _classes(one.signature.return_annotation):
                found[part.__name__] = _fields(part)
    return dict(sorted(found.items()))


def _classes(hint: object) -> Iterator[type]:
    for inner in typing.get_args(hint):
        yield from _classes(inner)
    if isinstance(hint, type) and (dataclasses.is_dataclass(hint) or issubclass(hint, msgspec.Struct)):
        yield hint


def _fields(part: type) -> list[str]:
    own = dataclasses.fields(part) if dataclasses.is_dataclass(part) else msgspec.structs.fields(part)
    names = [one.name for one in own if not one.name.startswith("_")]
    return names + [name for name, one in vars(part).items() if isinstance(one, property) and not name.startswith("_")]


def help_of(command: str) -> str:
    """The sentence of the command line."""
    if command in FURTHER:
        return FURTHER[command]
    found: click.Command = main
    for word in command.split():
        within = found.get_command(click.Context(found), word) if isinstance(found, click.Group) else None
        if within is None:
            raise LookupError(command)
        found = within
    return " ".join((found.help or "").split()).split("。")[0].rstrip("。")


def public() -> str:
    lines = ["### 名字", "", "`import yiyu` 之后：", "", *(f"- {_named(name)}" for name in yiyu.__all__)]
    for attribute, group in groups().items():
        lines += ["", f"### office{attribute and '.'}{attribute}", ""]
        if not attribute:
            lines.append(f"- `{signature('view', _without_self(yiyu.Office.view))}`：换一天、换一部分来看")
            lines.append("- `root`、`today`、`place(code)`、`close()`、`with`")
        for name, one in actions(group).items():
            lines.append(f"- `{signature(name, one.signature)}`：{help_of(one.command)}")
    lines += ["", "### 可以写的内容", "", *_facts()]
    lines += ["", "### 结果", "", "| 结果 | 有什么 |", "|---|---|"]
    lines += [f"| `{name}` | {_listed(fields)} |" for name, fields in results().items()]
    return "\n".join(lines) + "\n"


def _named(name: str) -> str:
    one = getattr(yiyu, name)
    if inspect.isfunction(one):
        return f"`{signature(f'yiyu.{name}', inspect.signature(one, eval_str=True))}`"
    if issubclass(one, enum.Enum):
        return f"`yiyu.{name}`：{_listed([each.name for each in one])}"
    if issubclass(one, yiyu.UserError):
        return f"`yiyu.{name}`：退出码 {int(one.exit_code)}"
    return f"`yiyu.{name}`" + (f"：{_listed(_fields(one))}" if dataclasses.is_dataclass(one) else "")


def _facts() -> Iterator[str]:
    """What may be given by name beyond the parameters."""
    for attribute, group in groups().items():
        for name, one in actions(group).items():
            for parameter in one.signature.parameters.values():
                if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                    fields = typing.get_type_hints(typing.get_args(parameter.annotation)[0])
                    yield f"- `{attribute}.{name}` 的 `**{parameter.name}`：{_listed([*fields])}"


def _listed(names: list[str]) -> str:
    return "、".join(f"`{name}`" for name in names)


def _without_self(function: Callable[..., object]) -> inspect.Signature:
    found = inspect.signature(function, eval_str=True)
    return found.replace(parameters=list(found.parameters.values())[1:])


def page() -> str:
    head, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    return f"{head}{BEGIN}\n{public()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
