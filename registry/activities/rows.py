"""An activity from a row of a 登记册, and a row from an activity: what goes out comes in again."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from yiyu.registry.activities.findings import STATE_LABEL, state_of
from yiyu.registry.activities.listing import Listed
from yiyu.registry.activities.register_columns import COUNT_FIELDS, OTHER
from yiyu.registry.activities.register_values import read_day
from yiyu.registry.model import Severity
from yiyu.registry.rules.activities import AUDIENCES, COUNTS, Activity, Finding, Person
from yiyu.registry.rules.activity_words import lines_text, people_text, read_numbered
from yiyu.registry.workbooks.cells import CellFault, holds_id_number
from yiyu.registry.workbooks.rows import ReadRow, free_cells
from yiyu.registry.workbooks.text import presentable, written

TEXTS = ("place", "topic", "organiser", "content", "advice", "summary", "handouts", "remark")
NOT_TAKEN = "not-taken"
"""The code of a reminder that a cell could not be taken for what its column means: it is kept as written."""
_APART = re.compile(r"[、,，;；\n]")
_TOTAL = COUNTS[-1]


def activity_of(row: ReadRow, agreements: tuple[str, ...], on: dt.date, items: tuple[str, ...]) -> Activity:
    """The activity that a row tells of, without a number; faults are noted on the row."""
    values = row.values
    starts, ends = _hours(values)
    texts: dict[str, Any] = {name: values.get(name) or "" for name in TEXTS}
    return Activity(
        number="",
        on=on,
        form=values.get("form") or "",
        agreements=agreements,
        items=items,
        starts=starts,
        ends=ends,
        minutes=None if starts and ends else values.get("minutes"),
        counts=_counts(row),
        signed_in=values.get("signed_in"),
        people=_people(row),
        findings=_findings(row),
        **texts,
    )


def others_of(row: ReadRow) -> dict[str, str]:
    """What the row says beside: cells of columns without a meaning here, and those that could not be taken, by heading."""
    index = row.row - 1
    found = free_cells(row.table, index)
    for at, heading in row.table.free.items():
        if holds_id_number(row.table.grid.cell(index, at)):
            row.note(
                "", Severity.WARNING, "privacy", f"“{heading}”一列有身份证号码，本系统不收个人证件信息，这一格没有存"
            )
    for problem in row.problems:
        column = row.table.columns.get(problem.field)
        if column is not None and problem.code in _KEPT and (text := written(row.table.grid.cell(index, column))):
            found[f"{row.table.headings[column]}原文"] = presentable(text)
    return found


_KEPT = frozenset({NOT_TAKEN, "item-unknown", "count-differs", "columns-differ"})
"""Reminders after which the cell as written says more than what was taken of it."""


def day_of(row: ReadRow) -> dt.date | None:
    return row.values.get("on") or (row.values.get("when") or (None, None))[0]


def differences(old: Activity, new: Activity) -> list[str]:
    """What ``new`` says otherwise that a register does not correct, in words. Blanks say nothing.

    A finding rechecked since says no other thing. For the rest see :mod:`yiyu.registry.activities.correcting`.
    """
    plain = {"日期": (old.on, new.on), "协议": (set(old.agreements), set(new.agreements))}
    found = [label for label, (before, after) in plain.items() if after and before != after]
    found += ["服务人员"] * _others(
        old.people, new.people, ("name", "unit", "department", "title", "arrives", "leaves")
    )
    return found + ["发现问题"] * _others(old.findings, new.findings, ("problem", "demand"))


TEXT_LABEL = {
    "place": "地点",
    "topic": "主题",
    "organiser": "组织者",
    "content": "活动内容",
    "advice": "指导意见",
    "summary": "总结评价",
    "handouts": "发放资料",
    "remark": "备注",
}


def row_of(listed: Listed, day: dt.date, item_names: Mapping[str, str]) -> dict[str, object]:
    """Values by field of the 登记册, as of ``day``. ``item_names``: catalogue code to name."""
    one = listed.activity
    minutes = one.minutes_of(Person(""))
    states = [state_of(finding, day) for finding in one.findings]
    return {
        "on": one.on,
        "period": f"{one.on.year}年第{(one.on.month + 2) // 3}季度",
        "medical": listed.medical,
        "childcare": listed.childcare,
        "form": one.form,
        "items": "；".join(f"{code} {item_names.get(code, '')}".strip() for code in one.items),
        "people": people_text(one.people),
        "department": "、".join(dict.fromkeys(person.department for person in one.people if person.department)),
        # As text: a number would show without its half hour.
        "minutes": "" if minutes is None else f"{round(minutes / 60, 2):g}",
        "takers": one.participants,
        "problem_count": len(one.findings),
        "finding_state": "、".join(dict.fromkeys(STATE_LABEL[state] for state in states)),
        "number": one.number,
        "evidence_count": len(one.evidence) + len(listed.scans),
        "agreements": "、".join(one.agreements),
        "starts": None if one.starts is None else f"{one.starts:%H:%M}",
        "ends": None if one.ends is None else f"{one.ends:%H:%M}",
        **{field: one.counts.get(name) for field, name in COUNT_FIELDS.items()},
        "signed_in": one.signed_in,
        "problems": lines_text(finding.problem for finding in one.findings),
        "demands": lines_text(finding.demand for finding in one.findings),
        "dues": lines_text(str(finding.due_on or "") for finding in one.findings),
        "rechecked": lines_text(str(finding.rechecked_on or "") for finding in one.findings),
        "outcomes": lines_text(finding.outcome for finding in one.findings),
        **{name: getattr(one, name) for name in TEXTS},
        **{f"{OTHER}{heading}": text for heading, text in one.others.items()},
    }


def _others(before: Sequence[object], after: Sequence[object], names: Sequence[str]) -> bool:
    """Whether ``after`` says other things; what it leaves blank it says nothing of."""
    return bool(after) and (
        len(before) != len(after)
        or any(
            getattr(new, name) not in ("", None, getattr(old, name))
            for old, new in zip(before, after, strict=True)
            for name in names
        )
    )


def _hours(values: Mapping[str, Any]) -> tuple[dt.time | None, dt.time | None]:
    starts, ends = values.get("starts"), values.get("ends")
    if starts is None and ends is None:
        return (values.get("when") or (None, None))[1] or (None, None)
    return starts, ends


def _counts(row: ReadRow) -> dict[str, int]:
    found = {name: row.values[field] for field, name in COUNT_FIELDS.items() if row.values.get(field) is not None}
    counts: dict[str, Any] = {**dict(row.values.get("takers") or {}), **found}
    kinds = [counts[name] for name in AUDIENCES if name in counts]
    total = counts.pop(_TOTAL, None)
    if total is not None and not kinds:
        counts[_TOTAL] = total
    elif total is not None and total != sum(kinds):
        message = f"参加人数 {total} 与各类人数之和 {sum(kinds)} 不符，按各类人数导入"
        row.note("takers", Severity.WARNING, "count-differs", message)
    return counts


def _people(row: ReadRow) -> tuple[Person, ...]:
    """The people of the cell; columns 科室, 职称 and 单位 speak for those of whom the cell itself says nothing more."""
    people: tuple[Person, ...] = row.values.get("people") or ()
    if any(one.department or one.title or one.unit for one in people):
        return people
    for name in ("department", "title", "unit"):
        text = str(row.values.get(name) or "")
        parts = [part.strip() for part in _APART.split(text)] if text else []
        if len(parts) == 1:
            parts *= len(people)
        if len(parts) == len(people):
            people = tuple(_with(one, name, part) for one, part in zip(people, parts, strict=True))
        elif people and parts:
            message = f"服务人员 {len(people)} 人，这里却有 {len(parts)} 项，对不上，按原样存入其他内容；可写成“姓名/科室/职称”"
            row.note(name, Severity.WARNING, NOT_TAKEN, message)
    return people


def _with(one: Person, name: str, text: str) -> Person:
    match name:
        case "department":
            return replace(one, department=text)
        case "title":
            return replace(one, title=text)
    return replace(one, unit=text)


def _findings(row: ReadRow) -> tuple[Finding, ...]:
    problems: Sequence[str] = row.values.get("problems") or ()
    columns: dict[str, Sequence[str]] = {}
    for name in ("demands", "dues", "rechecked", "outcomes"):
        lines: Sequence[str] = row.values.get(name) or ()
        if any(lines) and not problems:
            row.note(name, Severity.WARNING, NOT_TAKEN, "没有写发现了什么问题，这一格按原样存入其他内容")
            lines = ()
        if read_numbered(row.texts.get(name, "")):
            lines = [*lines, *[""] * (len(problems) - len(lines))]
        elif len(lines) <= 1:
            lines = [*(lines or ("",))] * len(problems)
        if len(lines) != len(problems):
            message = f"发现问题有 {len(problems)} 条，这里有 {len(lines)} 条，请逐条编号对应"
            row.note(name, Severity.ERROR, "findings-apart", message)
            return ()
        columns[name] = lines
    days: dict[str, list[dt.date | None]] = {}
    for name in ("dues", "rechecked"):
        try:
            days[name] = [read_day(line, None) for line in columns[name]]
        except CellFault as fault:
            row.note(name, Severity.ERROR, fault.code, str(fault))
            return ()
    return tuple(
        Finding(problem, columns["demands"][at], days["dues"][at], days["rechecked"][at], columns["outcomes"][at])
        for at, problem in enumerate(problems)
    )
