"""yiyu pack clauses, yiyu pack where: the clauses of a pack, and which agreements hold which version."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from yiyu.docgen.documents.pack_commands import office_templates
from yiyu.registry.agreements.clauses_held import ClauseHolding, clause_holdings, clause_versions
from yiyu.registry.commands.invocation import Invocation, pass_invocation, today
from yiyu.registry.commands.options import TEXT, as_of, listing, on_day, scoped
from yiyu.registry.commands.show import ListColumn, say, show
from yiyu.registry.errors import NotFound
from yiyu.registry.lifecycle import SIGNING_LABEL
from yiyu.registry.model import DOC_KIND_LABEL, DocKind
from yiyu.registry.packs import Pack, load_pack
from yiyu.registry.packs.clauses import Clause, called, load_clauses, nearest

COMMON_PACK = "national"
CLAUSE_FIELDS = (
    ListColumn("code", "编号", 8),
    ListColumn("name", "条款", 24),
    ListColumn("held_as", "版本", 18),
    ListColumn("since", "起用日期", 12),
    ListColumn("present", "现行", 6),
    ListColumn("basis", "依据", 60, brief=False),
    ListColumn("source", "出处", 30),
    ListColumn("uses", "用在", 40, wide=True),
    ListColumn("text", "文字", 80, brief=False),
)
HOLDING_FIELDS = (
    ListColumn("number", "协议编号", 24),
    ListColumn("district", "旗区", 14),
    ListColumn("document", "文书", 14),
    ListColumn("held_as", "所持版本", 20),
    ListColumn("present_as", "现行版本", 20),
    ListColumn("lagging", "落后", 6),
    ListColumn("signing_label", "签约", 12),
    ListColumn("childcare", "托育机构", 30, wide=True),
    ListColumn("medical", "医疗卫生机构", 30, wide=True),
)


@click.command("clauses")
@click.argument("clause", type=TEXT, required=False, metavar="[CLAUSE]")
@click.option("--pack", "name", type=TEXT, metavar="PACK", help="看这个口径包的（默认本工作区的）")
@on_day
@listing
@pass_invocation
def clauses(invocation: Invocation, /, as_of: dt.date | None, as_json: bool, xlsx: Path | None, **asked: str) -> None:
    """列出条款库：编号、版本、起用日期、依据，用在哪些文书；给出条款（编号或名称）的，连文字一起列出。"""
    office = office_templates(invocation)
    pack = _pack(invocation, asked["name"], office)
    found = _wanted(load_clauses(pack), asked["clause"])
    rows = list(_version_rows(pack, office, found, as_of or today()))
    show("条款库", CLAUSE_FIELDS, rows, as_json=as_json, xlsx=xlsx)
    if asked["clause"] and not as_json:
        _tell_texts(rows)


@click.command("where")
@click.argument("clause", type=TEXT, metavar="CLAUSE")
@click.option("--lagging", is_flag=True, help="只列落后于现行版本的")
@scoped
@as_of
@listing
@pass_invocation
def where(
    invocation: Invocation, clause: str, as_of: dt.date | None, lagging: bool, as_json: bool, xlsx: Path | None
) -> None:
    """哪些协议持有一个条款（编号或名称）的哪一版，哪些落后于现行版本。

    只看没有到期、作废、解除的协议，按各自最新的文书。生成之后在 Word 里手工改过的文字，这里看不出来。
    """
    with invocation.office(as_of) as office:
        found, holdings = clause_holdings(office, clause)
        rows = [_holding_row(one) for one in holdings if one.lagging or not lagging]
    show(f"{found.code} {found.name}", HOLDING_FIELDS, rows, as_json=as_json, xlsx=xlsx)
    if not as_json:
        _tell_counts(holdings)


def _pack(invocation: Invocation, name: str | None, office: Path | None) -> Pack:
    return load_pack(name or (invocation.workspace.config.pack if office else COMMON_PACK), office=office)


def _wanted(known: tuple[Clause, ...], said: str | None) -> tuple[Clause, ...]:
    if not said:
        return known
    if (clause := called(known, said)) is None:
        raise NotFound(f"没有条款“{said}”", remedy=nearest(known, said), code="clause-unknown")
    return (clause,)


def _version_rows(
    pack: Pack, office: Path | None, found: tuple[Clause, ...], day: dt.date
) -> Iterator[dict[str, object]]:
    from yiyu.docgen.documents.clause_uses import clause_uses

    uses = clause_uses(pack, office, tuple(clause.on(day) for clause in load_clauses(pack)))
    for one, present in clause_versions(found, day):
        keys = ("code", "name", "title", "pack", "version", "since", "source", "text", "sha256")
        told = {key: getattr(one, key) for key in keys}
        names = uses.get(one.code, [])
        shown = {
            "held_as": one.label,
            "basis": pack.cited(one.source),
            "uses": "、".join(names),
            "since": one.since or None,
        }
        yield told | shown | {"present": present, "forms": names}


def _tell_texts(rows: Sequence[dict[str, object]]) -> None:
    for row in rows:
        click.echo(f"\n{row['held_as']}　{row['title']}　依据：{row['basis']}\n{row['text']}")


def _holding_row(one: ClauseHolding) -> dict[str, object]:
    agreement, held, present = one.standing.agreement, one.held, one.present
    told = one.standing.as_json()
    return {key: told[key] for key in ("number", "district", "variant", "starts_on", "ends_on", "signing", "force")} | {
        "kind": one.document.kind,
        "document": DOC_KIND_LABEL[DocKind(one.document.kind)],
        "pack": held.pack if held else "",
        "version": held.version if held else "",
        "sha256": held.sha256 if held else "",
        "held_as": held.label if held else "没有记录",
        "present_pack": present.pack if present else "",
        "present_version": present.version if present else "",
        "present_as": present.label if present else "已不在条款库",
        "lagging": one.lagging,
        "signing_label": SIGNING_LABEL[one.standing.state.signing],
        "medical": "、".join(party.facts.name for party in agreement.medical_sides),
        "childcare": agreement.childcare.facts.name,
    }


def _tell_counts(holdings: Sequence[ClauseHolding]) -> None:
    counts = Counter(one.held.label if one.held else "没有记录" for one in holdings)
    if counts:
        behind = sum(one.lagging for one in holdings)
        say("，".join(f"{label} {count} 份" for label, count in counts.items()) + f"；落后于现行版本的 {behind} 份")
    if "没有记录" in counts:
        say("没有记录的是本功能之前生成的；运行 yiyu generate 协议编号，内容没有变化的会补记")
