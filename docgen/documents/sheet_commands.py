"""yiyu activity sheet: record sheets prefilled for what is due."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.docgen.documents.generate_commands import warn_of_unshown
from yiyu.docgen.documents.record_sheets import SheetResult, make_sheets
from yiyu.registry.activities.commands import PERIOD
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import OUT_FOLDER, dry_run, json_only
from yiyu.registry.commands.outputs import PDF
from yiyu.registry.commands.show import ListColumn, finish, progress, say, table, write_json
from yiyu.registry.model import DocKind
from yiyu.registry.rules.duties.rules import Period

FIELDS = (
    ListColumn("number", "协议编号"),
    ListColumn("version", "版本"),
    ListColumn("period", "时段"),
    ListColumn("title", "应做事项"),
    ListColumn("childcare", "托育机构"),
    ListColumn("new_label", ""),
)
FAILED_FIELDS = (ListColumn("subject", "协议编号"), ListColumn("message", "未做的原因"))


@click.command("sheet")
@click.argument("numbers", type=NUMBER, nargs=-1, metavar="[NUMBER]…")
@click.option("--period", type=PERIOD, metavar="2026Q4", help="时段：2026、2026H1、2026Q4 或 2026-07")
@click.option("--due", is_flag=True, help="为应做而未做的事项各做一张（不给编号时就是这样）")
@click.option("-o", "--out", type=OUT_FOLDER, metavar="DIR", help="Word 文件另复制一份到这个目录")
@click.option("--print", "print_to", type=PDF, metavar="FILE.pdf", help="合成一个可打印的 PDF，每页有识别码")
@dry_run
@json_only
@pass_invocation
def sheet(invocation: Invocation, /, period: Period | None, as_json: bool, **options: Any) -> None:
    """做预填的活动记录表：打印、手填、签字后扫描，归位时自动对上；不写时段为本季度。"""
    with invocation.office() as office, progress("转换") as bar:
        result = make_sheets(office, period=period.text if period else None, progress=bar, **options)
    if as_json:
        failed = [failure.named("number") | {"kind": DocKind.ACTIVITY_RECORD} for failure in result.failed]
        write_json({"sheets": [asdict(sheet) for sheet in result.sheets], "failed": failed})
    else:
        _show(result, options["print_to"], dry_run=options["dry_run"])
    finish(result.failed)


def _show(result: SheetResult, print_to: Path | None, *, dry_run: bool) -> None:
    labels = {True: "", False: "原有"}
    table(FIELDS, [asdict(one) | {"version": f"v{one.version}", "new_label": labels[one.new]} for one in result.sheets])
    table(FAILED_FIELDS, [asdict(one) for one in result.failed])
    if not (result.sheets or result.failed):
        say("没有应做而未做的事项；要为某份协议做一张，请给出协议编号")
        return
    new = sum(one.new for one in result.sheets)
    kept = len(result.sheets) - new
    counts = f"{'将做' if dry_run else '已做'} {new} 张活动记录表" + (f"，原有未用的 {kept} 张" if kept else "")
    say(counts + (f"，未做 {len(result.failed)} 张（见上）" if result.failed else ""))
    for folder in sorted({Path(one.path).parent.as_posix() for one in result.sheets}):
        say(f"  {folder}/")
    warn_of_unshown(result.unshown)
    if result.pages:
        say(f"已保存 {print_to}，共 {result.pages} 页")
