"""yiyu template draft and diff: from a form to a template, from one version to the next.

JSON: ``[{"number", "place", "text", "kind", "field", "tag", "reason", "alternatives", "decision"}]``, one a blank; with
``decision`` 采用 where a field is (or would be) written. The same list, edited, is what ``--accept`` takes. Of ``diff``:
``[{"change", "field", "old_place", "new_place", "text"}]``, ``change`` one of gone, new, moved, fewer, more.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.docgen.documents.drafting import Drafted, compare_files, draft_file
from yiyu.registry.commands.options import DOC_KIND, READABLE, listing
from yiyu.registry.commands.outputs import DOCX
from yiyu.registry.commands.show import ListColumn, near, say, show
from yiyu.registry.model import DocKind

REVIEWED = (
    ListColumn("number", "序号", 6),
    ListColumn("decision", "处理", 8, brief=False),
    ListColumn("place", "位置", 20),
    ListColumn("text", "原文", 30),
    ListColumn("field", "字段", 22),
    ListColumn("alternatives", "其他可选", 30, brief=False),
    ListColumn("reason", "理由", 40, wide=True),
)


@click.command("draft")
@click.argument("form", type=READABLE, metavar="FORM.docx")
@click.option("-o", "--out", type=DOCX, metavar="OUT.docx", help="模板存到这里（默认在范本旁边，文件名加“_模板”）")
@click.option("--kind", type=DOC_KIND, help="范本是哪种文书（默认按标题判断）")
@click.option("--review", is_flag=True, help="只列出空白和拟填的字段，不写文件；加 --xlsx 存成可逐行处理的表")
@click.option(
    "--accept", type=READABLE, metavar="FILE", help="按处理过的清单（--xlsx 或 --json 的结果）写模板，不带批注"
)
@listing
def draft(
    form: Path, out: Path | None, kind: str | None, review: bool, accept: Path | None, as_json: bool, xlsx: Path | None
) -> None:
    """把普通的 Word 范本变成模板：找出空白，拟出字段，用批注写明理由和其他可能。"""
    if review and accept is not None:
        raise click.UsageError("--review 只列出，--accept 写模板，一次只能用一个")
    done = draft_file(form, out, kind=DocKind(kind) if kind else None, review=review, accept=accept)
    if review or as_json or xlsx is not None:
        show("范本字段", REVIEWED, _rows(done, as_json=as_json), as_json=as_json, xlsx=xlsx)
    _say(done, reviewed=accept is not None)


def _rows(done: Drafted, *, as_json: bool) -> list[dict[str, Any]]:
    joined = {} if as_json else {"alternatives": True}
    return [row | {key: "、".join(row[key]) for key in joined} for row in done.rows]


def _say(done: Drafted, *, reviewed: bool) -> None:
    left = len(done.rows) - done.filled
    unknown = f"，{left} 处没有填字段" if left else ""
    called = f"按“{done.kind}”" if done.kind else "没有认出是哪种文书，按一般范本"
    if done.out is None:
        say(f"{called}看，{done.filled} 处拟了字段{unknown}；改好清单后用 --accept 写成模板")
        return
    out = near(done.out)
    next_step = "" if reviewed else "请在 Word 里逐条看过批注，删去批注，"
    say(f"已写成 {out}：{called}拟填 {done.filled} 处{unknown}；{next_step}再运行 yiyu template check {out}")


CHANGES = {"gone": "删去", "new": "新增", "moved": "移动", "fewer": "少一处", "more": "多一处"}
CHANGED = (
    ListColumn("change", "变化", 8),
    ListColumn("field", "字段", 24),
    ListColumn("old_place", "原位置", 18),
    ListColumn("new_place", "新位置", 18),
    ListColumn("text", "所在文字", 40, wide=True),
)


@click.command("diff")
@click.argument("old", type=READABLE, metavar="OLD.docx")
@click.argument("new", type=READABLE, metavar="NEW.docx")
@listing
def diff(old: Path, new: Path, as_json: bool, xlsx: Path | None) -> None:
    """比较模板的两个版本：哪些字段删去了、新增了、换了位置。"""
    rows = [asdict(one) for one in compare_files(old, new)]
    shown = rows if as_json else [row | {"change": CHANGES[row["change"]]} for row in rows]
    if rows or as_json or xlsx is not None:
        show("字段变化", CHANGED, shown, as_json=as_json, xlsx=xlsx)
    else:
        say("两个版本的字段相同，位置也没有变")
