"""yiyu agreement supplement-draft: the 补充协议 to be signed, as a Word file."""

from pathlib import Path
from typing import Any

import click

from yiyu.docgen.reports.supplements import draft_supplement
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DATE, TEXT, dry_run
from yiyu.registry.commands.outputs import OutputFile
from yiyu.registry.commands.show import ListColumn, near, say, table

FIELDS = (ListColumn("what", "变更事项"), ListColumn("old", "原约定"), ListColumn("new", "变更为"))


@click.command("supplement-draft")
@click.argument("number", type=NUMBER, metavar="NUMBER")
@click.option("--text", type=TEXT, default="", help="另外说明的变更内容")
@click.option("--end", "ends_on", type=DATE, metavar="DATE", help="变更后的截止日期")
@click.option("--from", "from_day", type=DATE, metavar="DATE", help="从哪一天起变更（不写则留空手填）")
@click.option(
    "-o", "--out", type=OutputFile(".docx"), metavar="FILE.docx", help="存到这个文件（默认 output/补充协议/）"
)
@dry_run
@pass_invocation
def supplement_draft(invocation: Invocation, /, number: str, out: Path | None, **options: Any) -> None:
    """起草补充协议（Word）：列出各方情况、服务项目、期限的原约定和变更；签后用 agreement supplement 登记。"""
    with invocation.office() as office:
        made = draft_supplement(office, number, out=out, **options)
    table(FIELDS, [dict(zip(("what", "old", "new"), change, strict=True)) for change in made.changes])
    say(f"{'将起草' if options['dry_run'] else '已起草'} {made.number}：{near(made.path)}")
    say(f"签好后登记：yiyu agreement supplement {number} --text … --on 日期")
