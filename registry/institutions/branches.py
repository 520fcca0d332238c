"""Branches that a roster writes into the name: 某某托育中心 and 某某托育中心二分园 under one code (domain.md#trap-branches)."""

import re
from collections.abc import Sequence

from yiyu.registry.rules.codes import fold
from yiyu.registry.workbooks.rows import ReadRow

_BRANCH = re.compile(
    r"[(]?[^()]{0,12}(?:分园|分院|院区|园区|分部|分中心|分店|分校|校区|分公司|服务点|托育点|托育部|园|部|店)[)]?"
)


def branch_part(name: str, main: str) -> str:
    """What a name adds to that of the main site, where it is a branch by its words: 二分园; else ""."""
    longer, shorter = fold(name), fold(main)
    rest = longer[len(shorter) :] if shorter and longer.startswith(shorter) else ""
    return rest.strip("()-—· ") if rest and _BRANCH.fullmatch(rest) else ""


def name_branches(rows: Sequence[ReadRow]) -> None:
    """Give rows of one code that add a branch to another row's name that branch, also where a row is set aside."""
    by_code: dict[str, list[ReadRow]] = {}
    for row in rows:
        if code := row.values.get("code"):
            by_code.setdefault(str(code), []).append(row)
    for same in by_code.values():
        names = [str(row.values.get("name", "")) for row in same] if len(same) > 1 else []
        for row in same if names else ():
            if not row.values.get("branch"):
                parts = {branch_part(str(row.values.get("name", "")), name) for name in names} - {""}
                if parts:
                    set_branch(row, max(parts, key=len))


def set_branch(row: ReadRow, branch: str) -> None:
    """Note the branch as if a column of the roster had said it."""
    row.values["branch"] = row.texts["branch"] = branch
    row.given.add("branch")
