"""A row of a roster beside what the registry says now and, of a roster we wrote, what it said then.

Three values a cell, as in the ledger: what only the file changed is taken, what only the registry changed stays, and
where both changed one clerk would undo the other's work: the row is left out and says what stands where.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiyu.registry.institutions.branches import branch_part
from yiyu.registry.institutions.columns import EXPORTED, only_in_charge
from yiyu.registry.institutions.exported import export_mark
from yiyu.registry.institutions.lookup import Directory
from yiyu.registry.institutions.roster import RosterRow
from yiyu.registry.model import Institution, Severity
from yiyu.registry.rules.districts import district_name
from yiyu.registry.workbooks.merging import Merge
from yiyu.registry.workbooks.rows import PERSONAL
from yiyu.registry.workbooks.text import Cell, comparison_key, written


@dataclass(frozen=True, slots=True)
class RowComparison:
    """``old``: the institution a row speaks of, None for a new one. ``new``: its fields that the row gives anew.

    ``current``: for a row left out, what its other cells say in the registry now, by field.
    """

    old: Institution | None
    new: dict[str, Any]
    current: Mapping[str, str]


_IDENTITY = frozenset({"name", "code", "branch", "district"})
"""What a row of one that was merged is found by: it says nothing of the one that is kept."""


def compare(institutions: Directory, row: RosterRow, registry: str) -> RowComparison:
    """Compare a row; what both sides changed since ``registry`` exported it is noted on it as problems."""
    institution, exported, old = row.institution, row.exported, institutions.matching(row.institution)
    former = institutions.former(institution)
    given = row.given - _IDENTITY if former else row.given
    if old is not None and old.legal_person and only_in_charge(row.read.table):
        given -= {"legal_person"}
    unnamed = exported is None and former is None and old is not None and not old.branch
    if old is not None and unnamed and branch_part(old.name, institution.name):
        message = f"登记库中同一代码的“{old.name}”像是分园（院区），请先用 institution edit 写明其分支名称，再导入本行"
        row.read.note("name", Severity.ERROR, "branch-first", message)
        return RowComparison(old, {}, {})
    if exported is None or exported.registry != registry:
        return RowComparison(old, differences(old, institution, given) if old else {}, {})
    if old is None and not exported.copied(institution):
        old = institutions.by_id.get(exported.id)  # a colleague gave it another name since
    if old is None:
        return RowComparison(None, {}, {})
    if exported.id not in (old.id, former.id if former else old.id):
        message = "这一行与导出时的机构对不上（可能是复制或排序造成的）；请重新导出名册后再修改"
        row.read.note("name", Severity.ERROR, "row-altered", message)
        return RowComparison(old, {}, {})
    touched = frozenset(
        field for field in given if exported.merged(field, getattr(old, field), getattr(institution, field)).wanted
    )
    new = differences(old, institution, touched)
    for field, value in new.items():
        if exported.merged(field, getattr(old, field), value) is not Merge.FILE:
            row.read.note(field, Severity.ERROR, "conflict", _told(field, getattr(old, field), value))
    current = {field: cell_text(field, getattr(old, field)) for field in given - new.keys()}
    return RowComparison(old, new, current | {EXPORTED: export_mark(old, registry)})


def differences(old: Institution, new: Institution, given: frozenset[str]) -> dict[str, Any]:
    """What ``new`` says otherwise, of the fields its file has a column for. Blanks say nothing."""
    values: dict[str, Any] = {}
    for field in sorted(given):
        value = getattr(new, field)
        if value in ("", None) or value == getattr(old, field):
            continue
        if field == "name" and comparison_key(str(value)) == comparison_key(old.name):
            continue  # brackets of another width are the same name
        values[field] = value
    return with_consequences(old, values)


def with_consequences(old: Institution, new: Mapping[str, Any]) -> dict[str, Any]:
    """The changes and what follows from them: what is not 备案 has no day of 备案."""
    unfiled = new.get("filed") is False and old.filed_on is not None
    return {**new, "filed_on": None} if unfiled else dict(new)


def cell_text(field: str, value: Cell) -> str:
    """A value as a roster shows it: 旗区 by name."""
    text = written(value)
    return district_name(text) if field == "district" else text


def _told(field: str, now: Cell, given: Cell) -> str:
    """Both values; what is a person's stands in no message."""
    both = f"为“{cell_text(field, now) or '空白'}”，表中改为“{cell_text(field, given) or '空白'}”"
    what = "，与表中不同，可用 institution show 查看" if field in PERSONAL else both
    return f"导出后同事已改{what}；这一行没有导入，请核对后填写要保留的内容再导入"
