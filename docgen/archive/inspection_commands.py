"""yiyu archive inspect: 四性检测 of the archive and of what is handed over.

JSON: ``[{"property", "subject", "method", "outcome", "counted", "faults", "why"}]``; ``property``: ``authenticity integrity
usability security``; ``outcome``: ``passed failed not-tested``, with ``why`` nothing was tested.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.docgen.archive.four_properties import (
    OUTCOME_LABEL,
    PROPERTY_LABEL,
    Outcome,
    PropertyCheck,
    inspect_archive,
    write_inspection,
)
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import READABLE_FOLDER, listing
from yiyu.registry.commands.outputs import DOCX
from yiyu.registry.commands.show import ListColumn, finish, progress, say, show

CHECK_FIELDS = (
    ListColumn("property_label", "四性", 8),
    ListColumn("subject", "检测项目", 16),
    ListColumn("method", "检测内容", 40, wide=True),
    ListColumn("counted", "检测数", 8),
    ListColumn("outcome_label", "结果", 8),
    ListColumn("told", "问题，或未检测的原因", 60),
)


@click.command("inspect")
@click.option("--package", type=READABLE_FOLDER, metavar="FOLDER", help="同时检测 archive bag 做成的移交包")
@click.option("--docx", type=DOCX, metavar="FILE", help="写四性检测报告（Word）")
@listing
@pass_invocation
def inspect_(invocation: Invocation, package: Path | None, docx: Path | None, as_json: bool, xlsx: Path | None) -> None:
    """四性检测：真实性、完整性、可用性、安全性，能由程序检测的逐项检测，不能的写明由人核对。"""
    with invocation.office() as office, progress("检测") as bar:
        checks = inspect_archive(office, package=package, progress=bar)
        if docx is not None:
            write_inspection(office, checks, docx)
    _conclude(checks, docx, as_json=as_json, xlsx=xlsx)


def _conclude(checks: list[PropertyCheck], docx: Path | None, *, as_json: bool, xlsx: Path | None) -> None:
    rows = [_json(one) if as_json and xlsx is None else _row(one) for one in checks]
    show("四性检测", CHECK_FIELDS, rows, as_json=as_json, xlsx=xlsx)
    counts = {outcome: sum(one.outcome is outcome for one in checks) for outcome in Outcome}
    said = "，".join(f"{OUTCOME_LABEL[outcome]} {count} 项" for outcome, count in counts.items())
    say(f"四性检测：{said}" + (f"；已保存报告 {docx}" if docx else ""))
    finish([one for one in checks if one.outcome is Outcome.FAILED])


def _json(one: PropertyCheck) -> dict[str, Any]:
    told = asdict(one)
    return {"property": told.pop("part"), **told, "faults": list(one.faults), "outcome": one.outcome}


def _row(one: PropertyCheck) -> dict[str, Any]:
    labels = {"property_label": PROPERTY_LABEL[one.part], "outcome_label": OUTCOME_LABEL[one.outcome]}
    return _json(one) | labels | {"told": one.told}
