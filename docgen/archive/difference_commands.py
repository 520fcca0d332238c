"""yiyu archive differences, judge: where scans say something else than was printed, and what a person says of it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.docgen.archive.difference_sheet import place, sheet_of
from yiyu.docgen.archive.judging import Judged, listed, signing_listed
from yiyu.docgen.archive.judging import judge as judge_differences
from yiyu.docgen.scans.difference import DIFFERENCE_LABEL, DifferenceKind
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import TEXT, dry_run, json_only, listing
from yiyu.registry.commands.outputs import PDF
from yiyu.registry.commands.show import ListColumn, finish, say, show, table, write_json
from yiyu.registry.files import write_atomic
from yiyu.registry.lifecycle import ACCEPTED, EVENT_LABEL, FILING_LABEL
from yiyu.registry.model import DOC_KIND_LABEL, PLACE_STATE_LABEL, DocKind, PlaceState
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.comparisons import DifferenceRow, SigningRow

DIFFERENCE_FIELDS = (
    ListColumn("id", "第几处", 8),
    ListColumn("number", "协议编号", 22),
    ListColumn("place", "位置", 18),
    ListColumn("kind_label", "种类", 10),
    ListColumn("printed", "打印的", 36),
    ListColumn("read", "读出的", 36),
    ListColumn("verdict_label", "核对结果", 12),
    ListColumn("reason", "说明", 24),
)

SIGNING_FIELDS = (
    ListColumn("number", "协议编号"),
    ListColumn("kind_label", "文书"),
    ListColumn("party", "当事方"),
    ListColumn("signature_label", "签字处字迹"),
    ListColumn("seal_label", "盖章处印迹"),
)


@click.command("differences")
@click.argument("numbers", type=NUMBER, nargs=-1, metavar="[NUMBER]…")
@click.option("--all", "every", is_flag=True, help="连已经认可的一起列出")
@click.option("-o", "--out", type=PDF, metavar="FILE.pdf", help="另存为带小图的 PDF，供对照原件")
@listing
@pass_invocation
def differences(
    invocation: Invocation, /, numbers: tuple[str, ...], every: bool, out: Path | None, as_json: bool, xlsx: Path | None
) -> None:
    """扫描件与打印文书不同的地方（archive intake --compare 读出的），等人逐处核对；写明协议时也列出签字、盖章处有无印迹。"""
    with invocation.office() as office:
        rows, signing = listed(office, numbers, every=every), signing_listed(office, numbers)
        _save(office, rows, out)
    show("扫描件差异", DIFFERENCE_FIELDS, [row_of(one) for one in rows], as_json=as_json, xlsx=xlsx)
    if numbers and not as_json:
        table(SIGNING_FIELDS, [signing_row(one) for one in signing])


@click.command("judge")
@click.argument("found", type=click.IntRange(min=1), nargs=-1, required=True, metavar="N…")
@click.option("--accept/--reject", default=None, required=True, help="认可这些差异，或者不认可")
@click.option("--reason", type=TEXT, default="", help="说明，记入协议的历史")
@dry_run
@json_only
@pass_invocation
def judge(invocation: Invocation, /, found: tuple[int, ...], accept: bool, as_json: bool, **options: Any) -> None:
    """看过原件后，认可或不认可第 N 处差异（archive differences 的编号）；全部认可的协议才能已校验。"""
    with invocation.office() as office:
        result = judge_differences(office, found, accept=accept, **options)
    if as_json:
        write_json([row_of(one) for one in result.rows])
    else:
        _show_judged(result, accept=accept, dry_run=options["dry_run"])
    finish(result.failed)


def _save(office: OfficeSession, rows: list[DifferenceRow], out: Path | None) -> None:
    if out is not None and rows:
        write_atomic(out, sheet_of(office, rows))
        say(f"已保存 {out}（{len(rows)} 处）")


def _show_judged(result: Judged, *, accept: bool, dry_run: bool) -> None:
    table([one for one in DIFFERENCE_FIELDS if one.key != "reason"], [row_of(one) for one in result.rows])
    say(f"{'试算，没有写入：' if dry_run else ''}{'认可' if accept else '不认可'} {len(result.rows)} 处差异")
    for one in result.documents:
        say(f"{one.number} {FILING_LABEL[one.filing] if one.filing else ''}" + (f"：{one.note}" if one.note else ""))
    for failure in result.failed:
        say(f"未完成 {failure.subject}：{failure.message}")


def signing_row(one: SigningRow) -> dict[str, object]:
    """A hint of what is in the places of one party, with the labels people read."""
    signature = PLACE_STATE_LABEL[PlaceState(one.signature)] if one.signature else ""
    labels = {"signature_label": signature, "seal_label": PLACE_STATE_LABEL[PlaceState(one.seal)]}
    return asdict(one) | {"kind_label": DOC_KIND_LABEL[DocKind(one.document)], "party": f"{one.party}方"} | labels


def row_of(one: DifferenceRow) -> dict[str, object]:
    """The keys other programs rely on, with the labels people read."""
    verdict = EVENT_LABEL[one.verdict] if one.verdict else "待核对"
    keys = {key: value for key, value in asdict(one).items() if key != "agreement_id"}
    told = {"accepted": one.verdict == ACCEPTED if one.verdict else None}
    labels = {"place": place(one), "kind_label": DIFFERENCE_LABEL[DifferenceKind(one.kind)], "verdict_label": verdict}
    return keys | told | labels
