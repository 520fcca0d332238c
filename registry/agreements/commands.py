"""yiyu agreement … : the lists; making and steps are in their own modules."""

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.registry.agreements.ledger.importing import export_ledger
from yiyu.registry.agreements.listing import AgreementFilter, Dossier, list_agreements, show_agreement
from yiyu.registry.agreements.steps import history
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import TEXT, VARIANT, as_of, json_only, listing, scoped
from yiyu.registry.commands.show import ListColumn, say, show, table, write_json
from yiyu.registry.institutions.lookup import why_nothing
from yiyu.registry.lifecycle import EVENT_LABEL, FILING_LABEL, FORCE_LABEL, SEALING_LABEL, SIGNING_LABEL
from yiyu.registry.model import (
    DOC_KIND_LABEL,
    PLACE_STATE_LABEL,
    VARIANT_LABEL,
    Agreement,
    DocKind,
    PlaceState,
    Variant,
)
from yiyu.registry.store.comparisons import SigningRow
from yiyu.registry.store.standings import AgreementStatus

FIELDS = (
    ListColumn("number", "协议编号", 22),
    ListColumn("variant_label", "类型", 12, brief=False),
    ListColumn("district", "旗区", 12, brief=False),
    ListColumn("medical", "甲方", 30),
    ListColumn("childcare", "乙方", 36),
    ListColumn("starts_on", "生效日期", 12, brief=False),
    ListColumn("ends_on", "截止日期", 12),
    ListColumn("days_left", "剩余天数", 8, brief=False),
    ListColumn("notice_by", "通知截止日", 12, brief=False),
    ListColumn("signing_label", "签约", 10),
    ListColumn("sealing_label", "盖章", 10, brief=False),
    ListColumn("filing_label", "归档", 10, brief=False),
    ListColumn("force_label", "效力", 8),
    ListColumn("renewal", "续签", 30, wide=True),
    ListColumn("flag_label", "提醒", 16, brief=False),
)
FLAG_LABEL = {"unfiled": "托育机构未备案或备案已失效", "closed": "托育机构已停办"}
EVENT_FIELDS = (
    ListColumn("id", "记录号"),
    ListColumn("on", "日期"),
    ListColumn("label", "事项"),
    ListColumn("party", "方"),
    ListColumn("actor", "经办"),
    ListColumn("recorded_at", "录入时间"),
    ListColumn("note", "说明"),
)


@click.command("list")
@click.option("--unsigned", is_flag=True, help="尚未由各方签齐的（不含作废、解除）")
@click.option("--expiring", type=click.IntRange(min=0), metavar="DAYS", help="有效、在这么多天内到期、还没续签的")
@click.option("--expired", is_flag=True, help="已到期未续签的")
@click.option("--in-force", is_flag=True, help="当日有效的")
@scoped
@click.option("--variant", type=VARIANT, help="协议类型")
@click.option(
    "--search",
    type=TEXT,
    default="",
    metavar="TEXT",
    help="编号，或双方名称、地址、代码中的一段，或拼音、首字母（如 yjhlq）",
)
@as_of
@listing
@pass_invocation
def list_(invocation: Invocation, /, as_of: dt.date | None, as_json: bool, xlsx: Path | None, **wanted: Any) -> None:
    """列出协议；可按未签、将到期、旗区、类型和日期筛选。"""
    with invocation.office(as_of) as office:
        found = list_agreements(office, AgreementFilter(**wanted))
        if wanted["search"] and not found:
            say(why_nothing(office, wanted["search"], agreements=True))
        if xlsx is not None:
            say(f"已保存 {xlsx}（{export_ledger(office, xlsx, found)} 份）；修改后可用 agreement import 导回")
    if as_json:
        write_json([one.as_json() for one in found])
    elif xlsx is None:
        show("协议清单", columns_told(found), [row_of(one) for one in found], as_json=False, xlsx=None)


def columns_told(found: list[AgreementStatus]) -> list[ListColumn]:
    """The columns that have something to tell."""
    return [field for field in FIELDS if field.key != "renewal" or any(one.renewal for one in found)]


@click.command("show")
@click.argument("number", type=NUMBER, metavar="NUMBER")
@as_of
@json_only
@pass_invocation
def show_(invocation: Invocation, number: str, as_of: dt.date | None, as_json: bool) -> None:
    """查看一份协议：双方、期限、状态、文书。"""
    with invocation.office(as_of) as office:
        dossier = show_agreement(office, number)
    if as_json:
        write_json(_dossier_json(dossier))
    else:
        table((ListColumn("heading", "项目"), ListColumn("value", "内容")), described(dossier))


@click.command("history")
@click.argument("number", type=NUMBER, metavar="NUMBER")
@listing
@pass_invocation
def history_(invocation: Invocation, number: str, as_json: bool, xlsx: Path | None) -> None:
    """查看一份协议的全部记录：何时、何事、谁录入。"""
    with invocation.office() as office:
        events = history(office, number)
    rows: list[dict[str, object]] = [asdict(event) | {"label": EVENT_LABEL[event.kind]} for event in events]
    show(f"{number} 记录", EVENT_FIELDS, rows, as_json=as_json, xlsx=xlsx)


def row_of(one: AgreementStatus) -> dict[str, object]:
    """The JSON keys with the labels people read beside them."""
    return one.as_json() | {
        "medical": one.agreement.medical.facts.name,
        "childcare": one.agreement.childcare.facts.name,
        "variant_label": VARIANT_LABEL[Variant(one.agreement.variant)],
        "signing_label": SIGNING_LABEL[one.state.signing],
        "sealing_label": SEALING_LABEL[one.state.sealing],
        "filing_label": FILING_LABEL[one.state.filing],
        "force_label": FORCE_LABEL[one.force],
        "renewal": one.renewal,
        "flag_label": "；".join(FLAG_LABEL[flag] for flag in one.flags),
    }


def _dossier_json(dossier: Dossier) -> dict[str, object]:
    return dossier.standing.as_json() | {
        "renews": dossier.agreement.renews or None,
        "copies": dossier.agreement.copies,
        "signed": dossier.standing.state.signed,
        "sealed": dossier.standing.state.sealed,
        "items": [asdict(item) for item in dossier.agreement.items],
        "lag": {
            "parties": [asdict(one) for one in (*dossier.lag.facts, *dossier.pending)],
            "items": [asdict(one) for one in dossier.lag.items],
        },
        "documents": [asdict(document) for document in dossier.documents],
        "signing_places": [_signing_json(one) for one in dossier.signing],
    }


def _signing_json(one: SigningRow) -> dict[str, object]:
    return {key: value for key, value in asdict(one).items() if key not in ("number", "agreement_id")}


def _signing_text(one: SigningRow) -> str:
    signature = f"签字处{PLACE_STATE_LABEL[PlaceState(one.signature)]}，" if one.signature else ""
    seal = f"盖章处{PLACE_STATE_LABEL[PlaceState(one.seal)]}"
    return f"{DOC_KIND_LABEL[DocKind(one.document)]} {one.party}方{signature}{seal}（{one.recorded_at[:10]} 比对时所见，供参考）"


def described(dossier: Dossier) -> list[dict[str, object]]:
    one, row = dossier.agreement, row_of(dossier.standing)
    state = dossier.standing.state
    lines: list[tuple[object, object]] = [("协议编号", one.number), ("类型", row["variant_label"])]
    for party in one.parties:
        lines.append((f"{party.role}方", f"{party.facts.name}（{party.facts.code or '无代码'}）"))
        signed, sealed = state.signed.get(party.role), state.sealed.get(party.role)
        lines.append(("", f"签字 {signed or '—'}，盖章 {sealed or '—'}"))
    lines += [
        ("期限", f"{one.starts_on} 至 {dossier.standing.ends_on}（{_term(dossier)}）"),
        ("签约/盖章/归档", f"{row['signing_label']} / {row['sealing_label']} / {row['filing_label']}"),
        ("效力", f"{row['force_label']}，距截止 {row['days_left']} 天，通知截止日 {row['notice_by']}"),
        ("服务项目", _list_text(one)),
    ]
    lines += [("提醒", FLAG_LABEL[flag]) for flag in dossier.standing.flags]
    lines += [
        ("落后于登记", f"{text}；请签补充协议（agreement supplement-draft {one.number}）") for text in dossier.lag.texts
    ]
    lines += [("待更新", f"{c.text}；再运行 yiyu generate {one.number} 即随登记更新") for c in dossier.pending]
    lines += [(e.data["number"], f"{e.on} {e.note}") for e in dossier.supplements]
    if one.renews:
        lines.append(("续签自", one.renews))
    if row["renewal"]:
        lines.append(("续签", row["renewal"]))
    lines += [(DOC_KIND_LABEL[DocKind(d.kind)], d.path) for d in dossier.documents]
    lines += [("扫描件所见", _signing_text(place)) for place in dossier.signing]
    return [{"heading": heading, "value": value} for heading, value in lines]


def _list_text(one: Agreement) -> str:
    version = "" if one.list_version == 1 else f"（第 {one.list_version} 版，历次变更见 agreement items --history）"
    return f"{len(one.items)} 项，已选 {sum(item.selected for item in one.items)} 项{version}"


def _term(dossier: Dossier) -> str:
    """The printed term, and the printed end where another holds now."""
    one = dossier.agreement
    changed = "" if dossier.standing.ends_on == one.ends_on else f"，纸面截止 {one.ends_on}"
    return f"{one.months} 个月{changed}"
