"""What is public: every command, by the same name, with a docstring, paths that pass the gate, and types that are seen."""

import inspect
import re
import typing
from pathlib import Path

import pytest

import yiyu
from yiyu.cli import COMMANDS
from yiyu.docgen.library.action import Action, Group
from yiyu.docgen.library.institutions import ChangedFacts
from yiyu.docgen.library.office import Part
from yiyu.registry.institutions.options import EDITABLE

NOT_METHODS = {
    "init": "yiyu.init: there is no office yet",
    "restore": "yiyu.restore: there is no office yet",
    "demo": "shows a person what the program does",
    "desk": "serves browsers until somebody stops it",
    "encrypt": "a person chooses a passphrase, twice, while nobody else works",
    "decrypt": "the same",
}
FURTHER = {"report rows", "report bulletins", "report issued-today"}
"""Methods for what is an option of a command, as it gives something else."""


def groups() -> list[type[Group]]:
    return [yiyu.Office, *(part.find() for part in vars(yiyu.Office).values() if isinstance(part, Part))]


ACTIONS: dict[str, Action[typing.Any, typing.Any]] = {
    one.command: one for group in groups() for one in vars(group).values() if isinstance(one, Action)
}


def commands() -> set[str]:
    return {
        name if isinstance(place, str) else f"{name} {inner}"
        for name, place in COMMANDS.items()
        for inner in (place if isinstance(place, dict) else ("",))
    }


def test_every_command_is_a_method_or_has_a_reason_not_to_be() -> None:
    assert commands() - ACTIONS.keys() == NOT_METHODS.keys()
    assert ACTIONS.keys() - commands() == FURTHER


@pytest.mark.parametrize("command", sorted(ACTIONS))
def test_an_action_says_what_it_does_and_how_its_paths_are_treated(command: str) -> None:
    one = ACTIONS[command]
    assert inspect.getdoc(one.function)
    assert one.signature.return_annotation is not inspect.Signature.empty
    assert "Iterator" not in str(one.signature.return_annotation)  # it would run when the office is not at hand
    paths = {name for name, given in one.signature.parameters.items() if "Path" in str(given.annotation)}
    named = [*one.reads, *one.writes, *one.new]
    assert sorted(paths) == sorted(named)


def test_what_may_be_set_of_an_institution_is_what_the_command_line_sets() -> None:
    options = {name.replace("-", "_") for name, _, _ in EDITABLE} | {"filed", "inclusive"}
    assert typing.get_type_hints(ChangedFacts).keys() == options


def test_every_public_name_is_there_and_the_checker_is_told_of_it() -> None:
    source = (Path(yiyu.__file__)).read_text("utf-8")
    told = set(re.findall(r"\w+", source.split("if TYPE_CHECKING:")[1].split("__all__")[0]))
    assert set(yiyu.__all__) <= told
    assert all(inspect.getdoc(getattr(yiyu, name)) for name in yiyu.__all__)
    assert sorted(yiyu.__all__) == dir(yiyu)


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        getattr(yiyu, "no_such_name")  # noqa: B009 - the checker knows as much


def test_each_parameter_with_few_words_is_told_them() -> None:
    """A plain text for what has a vocabulary would let rubbish through."""
    loose = {
        command
        for command, one in ACTIONS.items()
        for name, given in one.signature.parameters.items()
        if name in ("party", "step", "status", "term", "unit", "kind", "variant", "mode", "by", "result")
        and given.annotation in (str, "str", str | None)
    }
    assert loose == set()
