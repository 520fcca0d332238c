"""Activities: recorded, imported, corrected, listed; findings and draws."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict, Unpack

from yiyu.docgen.documents.record_sheets import make_sheets
from yiyu.docgen.library.action import Group, action
from yiyu.docgen.library.entering import required
from yiyu.docgen.reports.rectification_notices import make_notice
from yiyu.registry.activities.adding import RecordedActivity
from yiyu.registry.activities.adding import add as add_activity
from yiyu.registry.activities.adding import void as void_activity
from yiyu.registry.activities.attaching import Attached, attach
from yiyu.registry.activities.drawing import draw_institutions, draws
from yiyu.registry.activities.editing import Edited
from yiyu.registry.activities.editing import edit as edit_activity
from yiyu.registry.activities.evidence_folder import FolderFile, match_folder
from yiyu.registry.activities.findings import findings, recheck
from yiyu.registry.activities.importing import export_register, import_register
from yiyu.registry.activities.listing import ActivityFilter, Listed, list_activities, show_activity, waiting_sheets
from yiyu.registry.errors import BadInput
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.rules.activities import Activity, Finding, Person
from yiyu.registry.session import OfficeSession


class ActivityFacts(TypedDict, total=False):
    """What may be told of an activity beside day and form; see :class:`yiyu.Activity`."""

    items: Sequence[str]
    starts: dt.time | None
    ends: dt.time | None
    minutes: int | None
    place: str
    topic: str
    organiser: str
    content: str
    advice: str
    summary: str
    handouts: str
    remark: str
    counts: Mapping[str, int]
    signed_in: int | None
    people: Sequence[Person]


class ChangedActivity(ActivityFacts, total=False):
    """The same, day and form as well."""

    on: dt.date
    form: str


def add(
    office: OfficeSession,
    numbers: Sequence[str] = (),
    *,
    on: dt.date,
    form: str,
    institutions: Sequence[str] = (),
    evidence: Sequence[str] = (),
    findings: Sequence[Finding] = (),
    sheet: str = "",
    again: bool = False,
    force: str = "",
    dry_run: bool = False,
    **facts: Unpack[ActivityFacts],
) -> RecordedActivity:
    """Record an activity under the agreements ``numbers``, or for ``institutions`` where there is none; gives its number.

    ``form``: 上门指导, 培训讲座 … ``counts``: such as ``{"婴幼儿": 20}``. ``evidence``: files, each ``path`` or
    ``种类=path``, copied into the archive. ``sheet``: the record sheet it is entered from, such as v3. ``again``: a second one alike; ``force``: why after the end.
    Raises NotFound for an unknown number, BadInput for what cannot be, StepNotAllowed for a repeat.
    """
    if bool(numbers) is bool(institutions):
        raise BadInput("协议编号和机构要写一样，也只写一样", where="numbers, institutions", remedy="请去掉或补上一样")
    activity = Activity("", on, form, tuple(numbers), findings=tuple(findings), **_tuples(facts))
    return add_activity(
        office,
        activity,
        institutions=institutions,
        evidence=evidence,
        sheet=sheet,
        again=again,
        force=force,
        dry_run=dry_run,
    )


def edit(
    office: OfficeSession,
    number: str,
    *,
    reason: str,
    again: bool = False,
    dry_run: bool = False,
    **facts: Unpack[ChangedActivity],
) -> Edited:
    """Correct what was recorded wrongly of an activity, all along; an empty value clears. History keeps both.

    Raises NotFound, BadInput for no reason, nothing to change or what cannot be, StepNotAllowed for a void one or a repeat.
    """
    values = _tuples(facts)
    if {"starts", "ends"} <= values.keys() and None not in (values["starts"], values["ends"]):
        values.setdefault("minutes", None)
    return edit_activity(office, number, values, reason=required("reason", reason), again=again, dry_run=dry_run)


def evidence(
    office: OfficeSession,
    number: str = "",
    files: Sequence[str] = (),
    *,
    folder: Path | None = None,
    apply: bool = False,
    dry_run: bool = False,
) -> tuple[list[FolderFile], list[Attached]]:
    """Add files, each ``path`` or ``种类=path``, to an activity; or match the files of a ``folder`` by their names.

    Of a folder only what ``apply`` allows is added; gives each of its files with what became of it, and what was added.
    Raises NotFound, BadInput for neither or both, FileFault.
    """
    if (folder is None) is not bool(number and files):
        raise BadInput("请写活动编号和文件，或者一个文件夹", where="number, files, folder", remedy="两样只写一样")
    if folder is not None:
        return match_folder(office, folder, apply=apply and not dry_run)
    return [], attach(office, {number: files}, dry_run=dry_run)


def void(office: OfficeSession, number: str, *, reason: str, dry_run: bool = False) -> Activity:
    """Void an activity, with the reason; it stays in the history. Raises NotFound, BadInput, StepNotAllowed."""
    return void_activity(office, number, reason=required("reason", reason), dry_run=dry_run)


def listed(
    office: OfficeSession,
    *,
    number: str = "",
    form: str | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    person: str = "",
    institution: str = "",
    lacking: bool = False,
    voided: bool = False,
    xlsx: Path | None = None,
) -> list[Listed]:
    """Activities by day; everything given must hold. ``number``: of an agreement; ``institution``: name or code.

    ``lacking``: only those that lack evidence; ``voided``: void ones too. ``xlsx``: the register, which can be edited and
    imported. Raises NotFound for an unknown institution.
    """
    key = directory(office).find(institution).id if institution else 0
    found = list_activities(office, ActivityFilter(number, form, first, last, person, lacking, voided, key))
    if xlsx is not None:
        export_register(office, xlsx, found)
    return found


def _tuples(facts: Mapping[str, object]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}


class Activities(Group):
    """Activities: recorded, imported, corrected, listed; findings, draws, record sheets."""

    command = "activity"

    add = action(add)
    import_ = action(import_register, reads=("path",), writes=("problems", "preview"))
    void = action(void)
    evidence = action(evidence, reads=("folder",))
    edit = action(edit)
    findings = action(findings)
    recheck = action(recheck)
    draw = action(draw_institutions)
    draws = action(draws)
    list = action(listed, writes=("xlsx",))
    show = action(show_activity)
    notice = action(make_notice, writes=("out",))
    waiting = action(waiting_sheets)
    sheet = action(make_sheets, writes=("out", "print_to"))
