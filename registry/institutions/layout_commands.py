"""yiyu institution layouts: the exports that are known, with where their columns are known from."""

from collections.abc import Mapping
from pathlib import Path

import click

from yiyu.registry.commands.options import listing
from yiyu.registry.commands.show import ListColumn, show
from yiyu.registry.institutions.columns import COLUMNS
from yiyu.registry.institutions.known_layouts import AUTO, NONE, Layout, known_layouts, layout_origin
from yiyu.registry.model import KIND_LABEL

FIELDS = (
    ListColumn("name", "表样", 16),
    ListColumn("title", "名称", 34),
    ListColumn("kind_label", "机构", 12),
    ListColumn("columns_read", "读入的列", 40, brief=False),
    ListColumn("columns_left", "不读的列", 40, brief=False),
    ListColumn("source", "出处", 60, brief=False),
    ListColumn("assumed", "假定", 60, brief=False),
    ListColumn("url", "网址", 30, brief=False),
    ListColumn("origin_label", "来自", 20),
)


def complete_layout(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """What ``--layout`` takes."""
    return [name for name in (AUTO, NONE, *known_layouts()) if name.startswith(incomplete)]


@click.command("layouts")
@listing
def layouts(as_json: bool, xlsx: Path | None) -> None:
    """已知的表样：各托育系统导出的表，哪一列是什么，出自哪里。"""
    rows = [_row(layout, layout_origin(name)) for name, layout in known_layouts().items()]
    told = {"columns_read", "columns_left", "kind_label", "origin_label"}
    machine = [{key: value for key, value in row.items() if key not in told} for row in rows]
    show("表样", FIELDS, machine if as_json else rows, as_json=as_json, xlsx=xlsx)


def _row(layout: Layout, origin: str) -> Mapping[str, object]:
    read = [f"{heading}＝{COLUMNS[field].heading}" for heading, field in layout.columns.items() if field]
    return {
        "name": layout.name,
        "title": layout.title,
        "kind": layout.kind,
        "columns": layout.columns,
        "optional": layout.optional,
        "source": layout.source,
        "assumed": layout.assumed,
        "url": layout.url,
        "origin": origin,
        "kind_label": KIND_LABEL[layout.kind],
        "columns_read": "；".join(read),
        "columns_left": "、".join(heading for heading, field in layout.columns.items() if not field),
        "origin_label": "随附" if origin == "shipped" else f"插件 {origin}",
    }
