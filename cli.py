"""The front door: one table of every command."""

from collections.abc import Iterator
from pathlib import Path

import click

from yiyu.registry.commands import zsh  # noqa: F401 - the script for zsh is registered there
from yiyu.registry.commands.front_door import FrontDoor, without_plugins
from yiyu.registry.commands.invocation import Invocation, set_passphrase_source
from yiyu.registry.commands.locale import speak_chinese
from yiyu.registry.rules.districts import places_in_use

speak_chinese()

COMMANDS: dict[str, str | dict[str, str]] = {
    "init": "registry.office.backup_commands:init",
    "demo": "docgen.demonstration.commands:demo",
    "institution": {
        "import": "registry.institutions.commands:import_",
        "layouts": "registry.institutions.layout_commands:layouts",
        "list": "registry.institutions.commands:list_",
        "show": "registry.institutions.commands:show_",
        "add": "registry.institutions.commands:add",
        "edit": "registry.institutions.commands:edit",
        "export": "registry.institutions.commands:export",
        "history": "registry.institutions.history_commands:history_",
        "duplicates": "registry.institutions.duplicate_commands:duplicates_",
        "merge": "registry.institutions.duplicate_commands:merge_",
        "unmerge": "registry.institutions.history_commands:unmerge_",
        "gaps": "registry.institutions.gap_commands:gaps_",
        "erase-contact": "registry.reports.person_commands:erase_contact",
    },
    "import": {
        "list": "registry.imports.commands:imports_",
        "undo": "registry.imports.commands:undo_",
    },
    "agreement": {
        "import": "registry.agreements.ledger.commands:import_",
        "pair": "registry.agreements.making_commands:pair",
        "draft": "registry.agreements.making_commands:draft",
        "renew": "registry.agreements.making_commands:renew",
        "items": "registry.agreements.item_commands:items",
        "review": "registry.agreements.change_commands:review",
        "sign": "registry.agreements.step_commands:sign",
        "seal": "registry.agreements.step_commands:seal",
        "file": "registry.agreements.change_commands:file_",
        "copies": "registry.agreements.change_commands:copies",
        "extend": "registry.agreements.change_commands:extend",
        "supplement": "registry.agreements.change_commands:supplement",
        "supplement-draft": "docgen.reports.supplement_commands:supplement_draft",
        "correct": "registry.agreements.step_commands:correct",
        "terminate": "registry.agreements.step_commands:terminate",
        "void": "registry.agreements.step_commands:void",
        "conflicts": "registry.agreements.change_commands:conflicts",
        "list": "registry.agreements.commands:list_",
        "show": "registry.agreements.commands:show_",
        "history": "registry.agreements.commands:history_",
    },
    "generate": "docgen.documents.generate_commands:generate",
    "print": "docgen.documents.generate_commands:print_",
    "activity": {
        "add": "registry.activities.adding_commands:add_",
        "import": "registry.activities.register_commands:import_",
        "void": "registry.activities.adding_commands:void_",
        "evidence": "registry.activities.evidence_commands:evidence_",
        "edit": "registry.activities.evidence_commands:edit_",
        "findings": "registry.activities.finding_commands:findings_",
        "recheck": "registry.activities.finding_commands:recheck_",
        "draw": "registry.activities.drawing_commands:draw_",
        "draws": "registry.activities.drawing_commands:draws_",
        "list": "registry.activities.commands:list_",
        "show": "registry.activities.commands:show_",
        "notice": "docgen.reports.notice_commands:notice_",
        "waiting": "registry.activities.commands:waiting",
        "sheet": "docgen.documents.sheet_commands:sheet",
    },
    "report": {
        "enter": "registry.reports.figure_commands:enter",
        "assess": "registry.reports.figure_commands:assess_",
        "import-assessments": "registry.reports.assessment_commands:import_",
        "self-assessment": "registry.reports.figure_commands:self_assessment",
        "worklist": "registry.reports.figure_commands:worklist_",
        "progress": "registry.reports.figure_commands:progress_",
        "rates": "docgen.reports.rate_commands:rates_",
        "hours": "docgen.reports.document_commands:hours",
        "year": "docgen.reports.document_commands:year_",
        "bulletin": "docgen.reports.document_commands:bulletin",
        "issued": "registry.reports.issued_commands:issued",
        "dossier": "docgen.reports.dossier_commands:dossier",
        "board": "docgen.reports.document_commands:board",
        "more": "docgen.reports.plugin_report_commands:more",
    },
    "duty": {
        "list": "registry.duties.commands:list_",
        "waive": "registry.duties.commands:waive",
        "plan": "registry.duties.commands:plan",
    },
    "remind": "registry.agreements.remind_commands:remind_",
    "desk": "desk.commands:desk",
    "archive": {
        "merge": "docgen.archive.merge_commands:merge",
        "recipes": "docgen.archive.merge_commands:recipes_",
        "intake": "docgen.archive.intake_commands:intake",
        "assign": "docgen.archive.intake_commands:assign",
        "unassign": "docgen.archive.intake_commands:unassign",
        "differences": "docgen.archive.difference_commands:differences",
        "judge": "docgen.archive.difference_commands:judge",
        "verify": "docgen.archive.verify_commands:verify",
        "bag": "docgen.archive.verify_commands:bag",
        "inspect": "docgen.archive.inspection_commands:inspect_",
        "signatures": "docgen.archive.verify_commands:signatures",
        "number": "docgen.archive.numbering_commands:number",
        "box": "docgen.archive.numbering_commands:box",
        "box-note": "docgen.archive.box_commands:box_note",
        "spines": "docgen.archive.box_commands:spines",
        "catalog": "docgen.archive.numbering_commands:catalog",
        "stamp": "docgen.archive.numbering_commands:stamp",
        "due": "docgen.archive.numbering_commands:due",
        "lend": "docgen.archive.custody_commands:lend_",
        "return": "docgen.archive.custody_commands:return_",
        "loans": "docgen.archive.custody_commands:loans_",
        "hold": "docgen.archive.custody_commands:hold_",
        "release": "docgen.archive.custody_commands:release_",
        "holds": "docgen.archive.custody_commands:holds_",
        "classify": "docgen.archive.custody_commands:classify_",
        "volume": "docgen.archive.volume_commands:volume",
    },
    "pack": {
        "list": "docgen.documents.pack_commands:list_",
        "show": "docgen.documents.pack_commands:show_",
        "check": "docgen.documents.pack_commands:check",
        "new": "docgen.documents.pack_commands:new",
        "clauses": "docgen.documents.clause_commands:clauses",
        "where": "docgen.documents.clause_commands:where",
    },
    "person": "registry.reports.person_commands:person_",
    "office": {
        "key": "registry.offices.commands:key_",
        "export": "registry.offices.commands:export",
        "import": "registry.offices.commands:import_",
        "list": "registry.offices.commands:list_",
        "conflicts": "registry.offices.commands:conflicts_",
        "hand-down": "docgen.documents.handed_down_commands:hand_down_",
        "adopt": "docgen.documents.handed_down_commands:adopt_",
    },
    "backup": "registry.office.backup_commands:backup",
    "restore": "registry.office.backup_commands:restore",
    "encrypt": "registry.office.backup_commands:encrypt",
    "decrypt": "registry.office.backup_commands:decrypt",
    "doctor": "docgen.documents.doctor_commands:doctor",
    "check": "docgen.archive.check_commands:check",
    "log": "registry.office.integrity_commands:log",
    "template": {
        "check": "docgen.documents.template_commands:check",
        "fields": "docgen.documents.template_commands:fields",
        "context": "docgen.documents.template_commands:context",
        "fill": "docgen.documents.template_commands:fill",
        "expand": "docgen.documents.template_commands:expand",
        "join": "docgen.documents.template_commands:join",
        "draft": "docgen.documents.drafting_commands:draft",
        "diff": "docgen.documents.drafting_commands:diff",
    },
}
"""Each command, and each sub-command of a group, to the function it is loaded from: module below ``yiyu``, and name."""

HELP = {
    "init": "建立工作区",
    "demo": "用随附的示例名册完整演示一遍",
    "institution": "机构：导入名册、查询、修改、导出",
    "import": "导入记录：各次导入、撤回一次导入",
    "agreement": "协议：配对、起草、清单、签署、续签",
    "generate": "生成合作协议书、服务项目清单、活动记录表",
    "print": "生成可打印的 PDF，每页带识别码",
    "activity": "活动：登记、导入登记册、查询、记录表、整改",
    "report": "报表：签约率与履约率、看板、服务时长、自评、工作清单",
    "duty": "履约：应做的事做了没有、免除、安排",
    "remind": "提醒：要办的事和最迟日期，日历文件",
    "desk": "工作台：在浏览器里办理，一个人用或全办公室用",
    "archive": "归档：收扫描件、自动归位，合并 PDF",
    "pack": "口径包：查看各地的文书、清单与职责",
    "person": "一个人的全部记录，供本人查阅",
    "office": "上下级：上报包、收包、交了没有",
    "backup": "备份登记库，可连同全部文件；写好即核对",
    "restore": "把备份恢复成一个新的工作区",
    "encrypt": "给登记库加密，以后使用要口令",
    "decrypt": "把加密的登记库恢复成不加密的",
    "doctor": "体检：登记库、备份、字体、打印程序，缺什么怎么办",
    "check": "核对登记库、记录链和文书文件",
    "log": "最近的记录：谁、何时、做了什么",
    "template": "模板：检查、字段字典、填写任意 Word 模板",
}
"""Command to its line in ``yiyu --help``, which needs no loading; a group has no other help."""


def places() -> Iterator[str]:
    """Every place in the table: module below ``yiyu``, a colon, the function."""
    for place in COMMANDS.values():
        yield from place.values() if isinstance(place, dict) else (place,)


@click.group(
    cls=FrontDoor,
    table=COMMANDS,
    lines=HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--workspace", type=click.Path(path_type=Path), metavar="DIR", help="工作区目录（默认从当前目录向上找）")
@click.option("--debug", is_flag=True, help="出错时显示完整的调用过程")
@without_plugins
@click.version_option(package_name="yiyu", message="yiyu %(version)s")
@click.pass_context
def main(ctx: click.Context, workspace: Path | None, debug: bool) -> None:
    """医育：医疗卫生机构支持托育服务的协议生成、签约跟踪与归档。"""
    set_passphrase_source()
    ctx.obj = invocation = Invocation(workspace, debug)
    places_in_use.set(invocation.places)


if __name__ == "__main__":
    main()
