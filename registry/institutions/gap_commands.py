"""yiyu institution gaps: what is missing, and what was put aside."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DISTRICT, KIND, json_only
from yiyu.registry.commands.outputs import XLSX
from yiyu.registry.commands.show import ListColumn, near, say, table, write_json
from yiyu.registry.institutions.editing import InstitutionFilter
from yiyu.registry.institutions.gaps import Gap, gaps, write_gaps
from yiyu.registry.institutions.options import field_label
from yiyu.registry.model import KIND_LABEL, Kind
from yiyu.registry.rules.districts import district_name
from yiyu.registry.workbooks.rows import PERSONAL

FIELDS = (
    ListColumn("district", "旗区"),
    ListColumn("name", "机构名称"),
    ListColumn("missing", "缺"),
    ListColumn("parked", "待核"),
    ListColumn("command", "补填命令", wide=True),
)


@click.command("gaps")
@click.option("--kind", type=KIND, help="、".join(f"{kind} {label}" for kind, label in KIND_LABEL.items()))
@click.option("--district", type=DISTRICT, default="", help="旗区全称或代码")
@click.option("--xlsx", type=XLSX, metavar="FILE.xlsx", help="存成待补表：填好标黄的格，再用 institution import 导入")
@json_only
@pass_invocation
def gaps_(invocation: Invocation, kind: Kind | None, district: str, xlsx: Path | None, as_json: bool) -> None:
    """各机构还缺哪些内容、哪些格在导入时没读懂，以及补填的命令。"""
    with invocation.office() as office:
        found = gaps(office, InstitutionFilter(kind=kind, district=district))
        if xlsx is not None:
            write_gaps(office, xlsx, found)
    if as_json:
        write_json([_as_json(gap) for gap in found])
    else:
        _show(found, xlsx)


def _as_json(gap: Gap) -> dict[str, object]:
    one = gap.institution
    parked = [
        {key: value for key, value in asdict(cell).items() if key != "institution_id"} for cell in gap.parked.values()
    ]
    return {
        "id": one.id,
        "kind": one.kind,
        "district": district_name(one.district),
        "name": one.name,
        "code": one.code,
        "missing": gap.missing,
        "parked": parked,
        "command": gap.command,
    }


def _show(found: list[Gap], xlsx: Path | None) -> None:
    if xlsx is None:
        table(FIELDS, [row_of(gap) for gap in found])
    say(f"共 {len(found)} 家有缺项" if found else "没有缺项")
    if xlsx is not None:
        say(f"已保存 {near(xlsx)}，填好标黄的格后用 institution import 导入")
    elif found:
        say(f"补填：{found[0].command}；或用 --xlsx 存成表，填好后导入")


def row_of(gap: Gap) -> Mapping[str, object]:
    """A row by :data:`FIELDS`; what was put aside of people is only named."""
    missing = "、".join(field_label(name) for name in gap.missing if name not in gap.parked)
    parked = "；".join(
        field_label(name) + ("" if name in PERSONAL or not cell.text else f"“{cell.text}”")
        for name, cell in gap.parked.items()
    )
    return {
        "district": district_name(gap.institution.district),
        "name": gap.institution.name,
        "missing": missing,
        "parked": parked,
        "command": gap.command,
    }
