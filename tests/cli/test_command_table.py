"""Claims about the table of commands: everything in it can be loaded, everything a door makes is in it."""

import ast
from importlib import import_module
from pathlib import Path

import click
import pytest

from yiyu.cli import COMMANDS, HELP, main, places
from yiyu.registry.commands.options import TextType

ROOT = Path(__file__).parents[2]
WORDS = [
    (name, *sub)
    for name, place in COMMANDS.items()
    for sub in (((s,) for s in place) if isinstance(place, dict) else [()])
]


def loaded(words: tuple[str, ...]) -> click.Command:
    command: click.Command = main
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command, info_name=word), word)
        assert found is not None
        command = found
    return command


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_a_command_of_the_table_is_there_under_its_name_with_its_help(words: tuple[str, ...]) -> None:
    command = loaded(words)
    assert not isinstance(command, click.Group)
    assert command.name == words[-1]
    assert command.help


def test_every_command_has_its_line_of_help_and_no_other_has() -> None:
    assert list(HELP) == list(COMMANDS)


def test_every_command_that_a_door_makes_is_in_the_table() -> None:
    """Groups are assembled nowhere else, and no command is forgotten."""
    made = set()
    for path in [*ROOT.glob("registry/**/*.py"), *ROOT.glob("docgen/**/*.py"), *ROOT.glob("desk/**/*.py")]:
        source = path.read_text("utf-8")
        assert "add_command" not in source
        assert "click.group" not in source
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and any(
                "click.command(" in ast.unparse(one) for one in node.decorator_list
            ):
                made.add(f"{module}:{node.name}")
    assert made <= set(places())
    others = {place.split(":")[1] for place in set(places()) - made}
    assert others == {"terminate", "void"}, "made by one function for both"


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_every_text_a_command_takes_is_checked(words: tuple[str, ...]) -> None:
    loose = [param.name for param in loaded(words).params if param.type is click.STRING]
    assert loose == []
    assert all(not isinstance(param.type, TextType) or param.type.name == "text" for param in loaded(words).params)


def test_what_is_loaded_is_what_was_asked_for() -> None:
    for place in places():
        module, function = place.split(":")
        assert isinstance(getattr(import_module(f"yiyu.{module}"), function), click.Command)
