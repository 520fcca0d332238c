"""Commands of plugins: found by name, loaded when called, their pages of help in our form."""

from collections.abc import Iterator

import click

from yiyu.registry.commands.chinese import in_chinese
from yiyu.registry.plugins import COMMANDS, OfferFault, PluginEntry, plugins_in_use


def plugin_commands() -> dict[str, PluginEntry]:
    """Name to the plugin that has a command of it; nothing is loaded."""
    return plugins_in_use.get().named(COMMANDS)


def load_plugin_command(name: str) -> click.Command | None:
    """The command of that name; None where no plugin has it, or it cannot be used, which has been told then."""
    entry = plugin_commands().get(name)
    command = plugins_in_use.get().load(entry, _command) if entry else None
    for one in _below(command):
        in_chinese(one)
    return command


def plugin_lines() -> list[tuple[str, str]]:
    """Each command that can be used, with its line of help and the package it is of."""
    loaded = ((name, entry, load_plugin_command(name)) for name, entry in plugin_commands().items())
    return [
        (name, f"{command.get_short_help_str()}（{entry.plugin.package}）")
        for name, entry, command in loaded
        if command
    ]


def _command(value: object) -> click.Command:
    if isinstance(value, click.Command):
        return value
    raise OfferFault("应是 Click 的命令或命令组")


def _below(command: click.Command | None) -> Iterator[click.Command]:
    for one in command.commands.values() if isinstance(command, click.Group) else ():
        yield one
        yield from _below(one)
