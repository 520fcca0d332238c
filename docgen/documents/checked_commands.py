"""Show what a check found, and leave with the exit code of template problems."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from yiyu.registry.commands.show import say, write_json
from yiyu.registry.errors import TemplateFault
from yiyu.registry.model import Severity

if TYPE_CHECKING:  # the checks bring the Word libraries, which listing packs does not need
    from yiyu.docgen.documents.checking import CheckedFile

_LABEL = {Severity.ERROR: "错误", Severity.WARNING: "提醒"}


def show_checked(results: Sequence["CheckedFile"], *, as_json: bool, single: bool = False) -> None:
    """Show every problem of every file; ``single`` gives one object in JSON instead of a list.

    Raises TemplateFault when there is an error among them.
    """
    if as_json:
        shown = [{"file": one.file, "problems": one.problems} for one in results]
        write_json(shown[0] if single else shown)
    else:
        for one in results:
            _show(one)
    errors = sum(problem["severity"] == Severity.ERROR for one in results for problem in one.problems)
    if errors:
        raise TemplateFault(f"共有 {errors} 处错误", remedy="请按列出的说明改正后再检查")
    if not any(one.problems for one in results):
        say(f"检查了 {len(results)} 个文件，没有发现问题")


def _show(one: "CheckedFile") -> None:
    if one.problems:
        click.echo(f"{one.file}：{len(one.problems)} 处")
    for problem in one.problems:
        click.echo(f"  {_LABEL[Severity(problem['severity'])]}　{problem['place']}　{problem['message']}")
        click.echo(f"  　　　→ {problem['suggestion']}　[{problem['code']}]")
