"""Rows that somebody else's program changed, named as a keeper knows them."""

from collections.abc import Iterator

from yiyu.registry.session import OfficeSession
from yiyu.registry.store.row_changes import GONE, RowDifference, row_differences

ROW_LABEL = {
    "accounts": "工作台的人员",
    "activities": "工作记录",
    "activity_agreements": "工作记录所属的协议",
    "activity_evidence": "工作记录的佐证",
    "activity_items": "工作记录的服务项目",
    "activity_people": "工作记录的人员",
    "agreements": "协议",
    "archive_items": "归档件号",
    "assessments": "托育机构评估",
    "bound_scans": "成册的扫描件",
    "chain_seals": "加封",
    "clause_texts": "条款文字",
    "compared_pages": "比对过的页",
    "differences": "比对出的差异",
    "documents": "文书",
    "figures": "填报的数",
    "findings": "发现的问题",
    "former_parties": "各方以前的情况",
    "incoming": "收到的文件",
    "issued_reports": "印发的报告",
    "items": "服务项目",
    "office_packages": "收到的上报包",
    "parked": "待补的单元格",
    "parties": "协议各方",
    "scans": "扫描页",
    "sheets": "记录表",
    "signing_places": "签字盖章处",
    "unplaced": "没有归位的页",
    "waivers": "义务减免",
    "work_progress": "工作进展",
}
ADDED = "多出这一行，没有登记过：有别的程序加进去的"
REMOVED = "登记过的这一行不在了：有别的程序删去的"
CHANGED = "这一行的内容与登记时不同：有别的程序改过"


def altered_rows(office: OfficeSession) -> Iterator[tuple[str, str]]:
    """Each such row and what was done to it."""
    return ((place(one.table, one.key), _done(one)) for one in row_differences(office.db))


def place(table: str, key: str) -> str:
    """``协议各方 parties 3,甲``: in words, and as whoever opens the file finds it."""
    return f"{ROW_LABEL[table]} {table} {key.strip('[]').replace(chr(34), '')}"


def _done(one: RowDifference) -> str:
    return REMOVED if one.stands == GONE else CHANGED if one.recorded else ADDED
