"""Groups that load a command when it is called; the root, which has plugins' commands beside ours, and the one error line."""

import sys
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from yiyu.registry.commands.chinese import Context, in_chinese
from yiyu.registry.commands.console import finish_streams, log_fault, prepare_streams, stream_fault
from yiyu.registry.commands.invocation import local
from yiyu.registry.commands.outputs import gated
from yiyu.registry.commands.plugged import load_plugin_command, plugin_commands, plugin_lines
from yiyu.registry.errors import ExitCode, UserError, legible
from yiyu.registry.plugins import PluginEntry, PluginFailure, PluginFault, Plugins, plugins_in_use

F = TypeVar("F", bound=Callable[..., Any])
Table = Mapping[str, str | dict[str, str]]
"""Each command, and each sub-command of a group, to the function it is loaded from: module below ``yiyu``, and name."""


def without_plugins(function: F) -> F:
    """--no-plugins. It is read before ``--help``, which lists what plugins add."""

    def switch_off(_ctx: click.Context, _option: click.Parameter, value: bool) -> None:
        if value:
            plugins_in_use.set(Plugins(enabled=False))

    return click.option(
        "--no-plugins", is_flag=True, is_eager=True, expose_value=False, callback=switch_off, help="这一次不用插件"
    )(function)


class LazyGroup(click.Group):
    """A group that loads a command when it is called."""

    context_class = Context

    def __init__(self, *, table: Table, lines: Mapping[str, str], **settings: Any) -> None:
        """``lines``: the line of help of each command; a group has no other help."""
        super().__init__(options_metavar="[选项]", subcommand_metavar="命令 [参数]…", **settings)
        self.table, self.lines = table, lines

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table) if ctx.parent is None else sorted(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = self.table.get(cmd_name)
        if place is None:
            return None
        if isinstance(place, dict):
            return LazyGroup(name=cmd_name, table=place, lines={}, help=f"{self.lines[cmd_name]}。")
        module, function = place.split(":")
        command: click.Command = getattr(import_module(f"yiyu.{module}"), function)
        return in_chinese(gated(command))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = get_close_matches(args[0], self.known())
            if not near:
                raise
            raise click.UsageError(f"{error.message} 是否想用 {'、'.join(map(repr, near))}？", ctx) from error

    def known(self) -> Iterable[str]:
        """Names that somebody who mistyped one may have meant."""
        return self.table


class FrontDoor(LazyGroup):
    """The root: lists its commands from the table alone, and turns every error into one line and an exit code."""

    def main(self, *args: Any, **settings: Any) -> Any:
        prepare_streams()
        try:
            return super().main(*args, **settings)
        except SystemExit as ending:
            fault, code = finish_streams(), ending.code
        except OSError as error:
            fault, code = stream_fault(error), ExitCode.DONE
            if not fault:
                raise
            finish_streams()
        if fault and not code:
            click.echo(f"错误：{fault}。", err=True)
            code = ExitCode.FILE
        sys.exit(code)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """A run begins with plugins nobody has looked at; at a shell's prompt there is no place for their faults."""
        plugins_in_use.set(Plugins(commands=self.table, tell=None if ctx.resilient_parsing else _tell))
        return super().parse_args(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.table:
            return super().get_command(ctx, cmd_name)
        command = load_plugin_command(cmd_name)
        return in_chinese(gated(command)) if command else None

    def known(self) -> Iterable[str]:
        return (*self.table, *plugin_commands())

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Command names from the table alone: loading each command takes seconds."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        plugged = {name: str(entry) for name, entry in plugin_commands().items()}
        every = {**self.lines, **plugged}.items()
        return [CompletionItem(name, help=text) for name, text in every if name.startswith(incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl(list(self.lines.items()))
        if plugged := plugin_lines():
            with formatter.section("插件命令"):
                formatter.write_dl(plugged)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UserError as error:
            click.echo(local(f"错误：{error}"), err=True)
            ctx.exit(error.exit_code)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            if isinstance(error, OSError) and stream_fault(error):
                raise
            if ctx.params.get("debug"):
                raise
            click.echo(self._told(ctx, error), err=True)
            ctx.exit(ExitCode.FIXABLE)

    def _told(self, ctx: click.Context, error: Exception) -> str:
        """What is said of an error nobody foresaw, ours or a plugin's; where it happened is in the log then."""
        entry = error.entry if isinstance(error, PluginFailure) else self._plugged(ctx)
        log = log_fault(error.__cause__ if isinstance(error, PluginFailure) else error)
        if entry is None:
            return f"错误：程序内部出错，详情已记入 {log}；请把该文件发给维护人员。"
        package = entry.plugin.package
        return legible(
            f"错误：{entry}出错，详情已记入 {log}；请把该文件发给插件的维护人员，"
            f"或 pip install -U {package} 升级、pip uninstall {package} 卸载。"
        )

    def _plugged(self, ctx: click.Context) -> PluginEntry | None:
        """The plugin whose command was called, where one was."""
        name = ctx.invoked_subcommand
        return None if name is None or name in self.table else plugin_commands().get(name)


def _tell(fault: PluginFault) -> None:
    click.echo(legible(f"注意：{fault}"), err=True)
