"""What the form of a visit says, read with the types of ``activity add``."""

import contextlib
from collections.abc import Sequence
from typing import Any

import click

from yiyu.desk.asking import Asking, read_as
from yiyu.desk.uploads import files_of, received
from yiyu.registry.activities.adding_commands import FORM, TIME, Worded
from yiyu.registry.commands.options import DATE, TEXT
from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.rules.activities import COUNTS, EVIDENCE_LABEL, Finding, Person
from yiyu.registry.rules.activity_words import read_person

TEXT_LABEL = {
    "place": "地点", "topic": "主题", "organiser": "组织者", "content": "活动内容", "advice": "指导意见", "summary": "总结评价",
    "handouts": "发放资料", "remark": "备注",
}  # fmt: skip
FINDING_ROWS = 3
_PERSON = Worded("人员", read_person)
_NUMBER = click.IntRange(min=0)
_KINDS = {"photos": "", "sign_in": f"{EVIDENCE_LABEL['sign_in']}="}
"""Fields for files, with the kind of what is put there; without one it is told from the name."""


def values_of(asking: Asking) -> dict[str, Any]:
    """Fields of an :class:`Activity` by name, all but what it was done for, its findings and files. Raises BadInput."""
    return {
        "on": asking.needed("on", DATE, "日期"),
        "form": asking.needed("form", FORM, "形式"),
        "starts": asking.read("starts", TIME, "开始时间"),
        "ends": asking.read("ends", TIME, "结束时间"),
        "people": people_of(asking),
        "items": asking.texts("item"),
        "counts": {
            name: number
            for name in COUNTS
            if (number := asking.read(f"count_{name}", _NUMBER, f"人数（{name}）")) is not None
        },
        "signed_in": asking.read("signed_in", _NUMBER, "签到人数"),
        **{name: asking.read(name, TEXT, label) or "" for name, label in TEXT_LABEL.items()},
    }


def people_of(asking: Asking) -> tuple[Person, ...]:
    """Those ticked, and those typed one a line. Raises BadInput for a line that is none."""
    typed = [line for line in asking.text("more_people").replace("、", "\n").splitlines() if line.strip()]
    every = [*asking.texts("person"), *typed]
    return tuple({one.name: one for one in (read_as(text, _PERSON, "服务人员") for text in every)}.values())


def findings_of(asking: Asking) -> tuple[Finding, ...]:
    """What was found, a row each. Raises BadInput for a demand or day without a problem, or a day that is none."""
    found = []
    for at in range(1, FINDING_ROWS + 1):
        problem, demand = asking.text(f"problem_{at}"), asking.text(f"demand_{at}")
        due = asking.read(f"due_{at}", DATE, f"第 {at} 个问题的期限")
        if problem:
            found.append(Finding(problem, demand, due))
        elif demand or due:
            raise BadInput(f"第 {at} 个问题只有要求或期限", remedy="请写出发现的问题")
    return tuple(found)


def kept_files(asking: Asking) -> dict[str, str]:
    """Keep the files of the form, with those kept when it was sent before; key of each field that has any."""
    root, found = asking.desk.workspace.root, {}
    for field in _KINDS:
        if asking.files(field):
            found[field] = received(root, asking.files(field))
        elif key := asking.text(f"kept_{field}"):
            found[field] = key
    return found


def evidence_of(asking: Asking, kept: dict[str, str]) -> list[str]:
    """The kept files as ``activity add`` takes them. Raises NotFound where they are gone."""
    root = asking.desk.workspace.root
    return [f"{_KINDS[field]}{path}" for field, key in kept.items() for path in files_of(root, key)]


def names_of(asking: Asking, kept: dict[str, str]) -> dict[str, Sequence[str]]:
    """Names of the kept files by field, to be shown beside a form that is shown again."""
    found: dict[str, Sequence[str]] = {}
    for field, key in kept.items():
        with contextlib.suppress(NotFound):  # said already: the form is shown again because of it
            found[field] = [path.name for path in files_of(asking.desk.workspace.root, key)]
    return found
