"""yiyu activity add and void, and the ways an option says a person, a number, a finding."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

import click

from yiyu.registry.activities.adding import RecordedActivity, add, void
from yiyu.registry.commands.completion import NUMBER, complete_institution
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DATE, TEXT, WordChoice, dry_run, force_of, forcing
from yiyu.registry.commands.show import say
from yiyu.registry.rules.activities import FORMS, INDEPENDENT_FORMS, Activity
from yiyu.registry.rules.activity_words import read_count, read_finding, read_person, read_time

T = TypeVar("T")


class Worded(click.ParamType[T], Generic[T]):
    """A value written in words, read by one function of :mod:`yiyu.registry.rules.activity_words`."""

    def __init__(self, name: str, read: Callable[[str], T]) -> None:
        self.name, self._read = name, read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> T:
        if not isinstance(value, str):
            return cast(T, value)  # Click gives what was read before, a default, once more
        try:
            return self._read(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def once(ctx: click.Context, param: click.Parameter, value: tuple[tuple[str, int], ...]) -> dict[str, int]:
    if len(dict(value)) < len(value):
        raise click.BadParameter("同一类人数只写一次", ctx, param)
    return dict(value)


TIME = Worded("时间", read_time)
INSTITUTION = click.option(
    "--institution", type=TEXT, default="", metavar="NAME", shell_complete=complete_institution(), help="只列这家机构的"
)
FORM = WordChoice({form: form for form in (*FORMS, *INDEPENDENT_FORMS)})


@click.command("add")
@click.argument("numbers", type=NUMBER, nargs=-1, metavar="[NUMBER]…")
@click.option(
    "--institution", "institutions", type=TEXT, multiple=True, metavar="NAME", shell_complete=complete_institution(),
    help=f"不属于协议的工作是为哪家机构做的（可写多次），形式用：{'、'.join(INDEPENDENT_FORMS)}",
)  # fmt: skip
@click.option("--on", type=DATE, metavar="DATE", required=True, help="活动日期")
@click.option("--form", type=FORM, required=True, help="活动形式")
@click.option("--from", "starts", type=TIME, metavar="HH:MM", help="开始时间")
@click.option("--to", "ends", type=TIME, metavar="HH:MM", help="结束时间")
@click.option(
    "--person", "people", type=Worded("人员", read_person), multiple=True, metavar="姓名/科室/职称[/单位][/09:00-11:00]",
    help="服务人员，最后可写到达和离开时间（可写多次）"
)  # fmt: skip
@click.option(
    "--item", "items", type=TEXT, multiple=True, metavar="CODE", help="对应的服务项目代码，如 F01（可写多次）"
)
@click.option(
    "--count",
    "counts",
    type=Worded("人数", read_count),
    multiple=True,
    callback=once,
    metavar="婴幼儿=20",
    help="人数或份数（可写多次）",
)
@click.option("--signed-in", type=click.IntRange(min=0), metavar="N", help="签到表上的人数")
@click.option("--place", type=TEXT, default="", help="地点")
@click.option("--topic", type=TEXT, default="", help="主题")
@click.option("--organiser", type=TEXT, default="", help="组织者")
@click.option("--content", type=TEXT, default="", help="活动内容")
@click.option("--advice", type=TEXT, default="", help="指导意见")
@click.option("--summary", type=TEXT, default="", help="总结评价")
@click.option("--handouts", type=TEXT, default="", help="发放资料的种类和数量")
@click.option("--remark", type=TEXT, default="", help="备注")
@click.option(
    "--evidence",
    type=TEXT,
    multiple=True,
    metavar="[种类=]FILE",
    help="照片、签到表、扫描件、材料（可写多次），存一份到 archive/",
)
@click.option(
    "--finding", "findings", type=Worded("问题", read_finding), multiple=True, metavar="问题|要求|期限",
    help="发现的问题（可写多次）"
)  # fmt: skip
@click.option("--sheet", type=TEXT, default="", metavar="V3", help="据以登记的活动记录表：v3，或 协议编号@v3")
@click.option("--again", is_flag=True, help="同日同协议同形式同时间确有第二次")
@forcing
@dry_run
@pass_invocation
def add_(invocation: Invocation, /, numbers: tuple[str, ...], **options: Any) -> None:
    """登记一次活动：为哪些协议、哪天、什么形式、谁去的；一次活动可服务几份协议。"""
    _one_subject(numbers, options["institutions"])
    names = ("institutions", "evidence", "sheet", "again", "dry_run")
    how = {name: options.pop(name) for name in names} | {"force": force_of(options)}
    activity = Activity("", agreements=numbers, **options)
    with invocation.office() as office:
        recorded = add(office, activity, **how)
    for line in told_recorded(recorded, dry_run=how["dry_run"]):
        say(line)


@click.command("void")
@click.argument("number", type=TEXT, metavar="NUMBER")
@click.option("--reason", type=TEXT, required=True, help="原因")
@dry_run
@pass_invocation
def void_(invocation: Invocation, number: str, reason: str, dry_run: bool) -> None:
    """作废一次登记错的活动；编号和内容保留，不再计入。"""
    with invocation.office() as office:
        one = void(office, number, reason=reason, dry_run=dry_run)
    say(f"{'将作废' if dry_run else '已作废'} {number}（{one.on} {one.form}）；协议历史中已记下")


def _one_subject(numbers: tuple[str, ...], institutions: tuple[str, ...]) -> None:
    """Raise click.UsageError unless it was done under agreements or, without any, for institutions."""
    if bool(numbers) is bool(institutions):
        raise click.UsageError("请写协议编号；不属于协议的工作请用 --institution 写机构，两样只写一样")


def told_recorded(recorded: RecordedActivity, *, dry_run: bool = False) -> list[str]:
    """What is said of an activity that was recorded: for whom, what is odd, what lacks, where its files are."""
    one, listed = recorded.listed.activity, recorded.listed
    whom = (
        f"{listed.medical} → {listed.childcare}（{'、'.join(one.agreements)}）" if one.agreements else listed.childcare
    )
    return [
        f"{'将登记' if dry_run else '已登记'} {one.number}：{one.on} {one.form}，{whom}",
        *(f"提醒：{text}" for text in recorded.warnings),
        *(f"存档材料：{text}" for text in listed.lacking),
        *(f"  {piece.path}" for piece in one.evidence),
    ]
