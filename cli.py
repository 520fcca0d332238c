"""The front door: the root group, commands loaded when asked for, the one error line."""

import sys
import traceback
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from yiyu.registry.commands import zsh  # noqa: F401 - the script for zsh is registered there
from yiyu.registry.commands.chinese import Context, in_chinese
from yiyu.registry.commands.invocation import Invocation
from yiyu.registry.commands.locale import speak_chinese
from yiyu.registry.commands.passphrase import set_passphrase_source
from yiyu.registry.errors import ExitCode, UserError
from yiyu.registry.files import write_atomic

speak_chinese()

COMMANDS = {
    "init": ("yiyu.registry.office.workspace_commands:init", "建立工作区"),
    "demo": ("yiyu.docgen.demonstration.commands:demo", "用随附的示例名册完整演示一遍"),
    "institution": ("yiyu.registry.institutions.commands:institution", "机构：导入名册、查询、修改、导出"),
    "agreement": ("yiyu.registry.agreements.commands:agreement", "协议：配对、起草、清单、签署、续签"),
    "generate": ("yiyu.docgen.documents.generate_commands:generate", "生成合作协议书、服务项目清单、活动记录表"),
    "print": ("yiyu.docgen.documents.print_commands:print_", "生成可打印的 PDF，每页带识别码"),
    "activity": ("yiyu.docgen.documents.sheet_commands:activity", "活动：登记、导入登记册、查询、记录表、整改"),
    "report": ("yiyu.docgen.reports.commands:report", "报表：签约率与履约率、看板、服务时长、自评、工作清单"),
    "duty": ("yiyu.registry.duties.commands:duty", "履约：应做的事做了没有、免除、安排"),
    "remind": ("yiyu.registry.agreements.remind_commands:remind_", "提醒：要办的事和最迟日期，日历文件"),
    "archive": ("yiyu.docgen.archive.commands:archive", "归档：收扫描件、自动归位，合并 PDF"),
    "pack": ("yiyu.docgen.documents.pack_commands:pack", "口径包：查看各地的文书、清单与职责"),
    "person": ("yiyu.registry.reports.person_commands:person_", "一个人的全部记录，供本人查阅"),
    "backup": ("yiyu.registry.office.backup_commands:backup", "备份登记库，可连同全部文件；写好即核对"),
    "restore": ("yiyu.registry.office.backup_commands:restore", "把备份恢复成一个新的工作区"),
    "encrypt": ("yiyu.registry.office.encryption_commands:encrypt", "给登记库加密，以后使用要口令"),
    "decrypt": ("yiyu.registry.office.encryption_commands:decrypt", "把加密的登记库恢复成不加密的"),
    "doctor": ("yiyu.docgen.documents.doctor_commands:doctor", "体检：登记库、备份、字体、打印程序，缺什么怎么办"),
    "check": ("yiyu.registry.office.integrity_commands:check", "核对登记库、记录链和文书文件"),
    "log": ("yiyu.registry.office.integrity_commands:log", "最近的记录：谁、何时、做了什么"),
    "template": ("yiyu.docgen.documents.template_commands:template", "模板：检查、字段字典、填写任意 Word 模板"),
}
"""Command name to the place it is loaded from, and the line of help that needs no loading."""


class LazyGroup(click.Group):
    """Loads a command when it is called, and turns every error into one line and an exit code."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), name)
        return in_chinese(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = get_close_matches(args[0], COMMANDS)
            if not near:
                raise
            raise click.UsageError(f"{error.message} 是否想用 {'、'.join(map(repr, near))}？", ctx) from error

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Command names from the table alone: loading each command takes seconds."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [CompletionItem(n, help=text) for n, (_, text) in COMMANDS.items() if n.startswith(incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, help_) for name, (_, help_) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - Click's own signature
        try:
            return super().invoke(ctx)
        except UserError as error:
            click.echo(f"错误：{error}", err=True)
            ctx.exit(error.exit_code)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception:
            if ctx.params.get("debug"):
                raise
            click.echo(f"错误：程序内部出错，详情已记入 {_log()}；请把该文件发给维护人员。", err=True)
            ctx.exit(ExitCode.FIXABLE)


@click.group(
    cls=LazyGroup,
    options_metavar="[选项]",
    subcommand_metavar="命令 [参数]…",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--workspace", type=click.Path(path_type=Path), metavar="DIR", help="工作区目录（默认从当前目录向上找）")
@click.option("--debug", is_flag=True, help="出错时显示完整的调用过程")
@click.version_option(package_name="yiyu", message="yiyu %(version)s")
@click.pass_context
def main(ctx: click.Context, workspace: Path | None, debug: bool) -> None:
    """医育：医疗卫生机构支持托育服务的协议生成、签约跟踪与归档。"""
    set_passphrase_source()
    ctx.obj = Invocation(workspace, debug)


def _log() -> Path:
    """Write where it happened, without any value: messages of foreign errors may quote a person's data."""
    kind, _, trace = sys.exc_info()
    text = "".join(traceback.format_tb(trace)) + (kind.__name__ if kind else "")
    path = Path.home() / ".yiyu" / "error.log"
    write_atomic(path, text.encode())
    return path


if __name__ == "__main__":
    main()
