"""Record one activity, and take back one that was recorded wrongly."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from yiyu.registry.activities.checking import ActivityChecker, Remark
from yiyu.registry.activities.evidence import attachment, discard, keep, placed
from yiyu.registry.activities.listing import Listed, find_valid, listed
from yiyu.registry.activities.numbering import Numbers
from yiyu.registry.errors import BadInput, NotFound, StepNotAllowed
from yiyu.registry.institutions.lookup import directory, numbers_to_ids
from yiyu.registry.model import Severity
from yiyu.registry.rules.activities import Activity
from yiyu.registry.rules.cleaning import clean
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import add_activity, evidence_known, void_activity
from yiyu.registry.store.events import NewEvent, append_events
from yiyu.registry.store.opening import changing
from yiyu.registry.store.record_sheets import RecordSheet, record_sheets, tie_record_sheet

_AFTER = "after-termination"
_VERSION = re.compile(r"(?:(.*)@)?[vV]?(\d{1,4})")


@dataclass(frozen=True, slots=True)
class RecordedActivity:
    """An activity as it was written; ``warnings`` in words."""

    listed: Listed
    warnings: tuple[str, ...]


def add(
    office: OfficeSession,
    activity: Activity,
    *,
    institutions: Sequence[str] = (),
    evidence: Sequence[str] = (),
    sheet: str = "",
    again: bool = False,
    force: str = "",
    dry_run: bool = False,
) -> RecordedActivity:
    """Record ``activity`` under the next number, its evidence copied into the archive, all or nothing.

    ``institutions``: names or codes of those it was done for, where there is no agreement. ``evidence`` as
    :func:`attachment` takes it; ``sheet``: v3, or NUMBER@v3, the record sheet that was filled in.
    ``again`` allows a second one of the same day, agreement, form and hours; ``force``: why one after the agreement was
    terminated is recorded all the same. Raises NotFound for an unknown number, BadInput for what cannot be,
    StepNotAllowed for a repeat, FileFault for evidence that cannot be read or kept.
    """
    attachments = [attachment(one) for one in evidence]
    activity = cleaned(activity)
    kept: list[str] = []
    try:
        with changing(office.db, dry_run=dry_run):
            ids = numbers_to_ids(office, activity.agreements)
            if institutions:
                find = directory(office).find
                activity = cleaned(replace(activity, institutions=tuple(find(name).id for name in institutions)))
            checker = ActivityChecker(office, set(ids.values()))
            remarks = accepted(checker, activity, force)
            warnings = [one.message for one in remarks]
            if not again and (twins := checker.twins(activity)):
                raise StepNotAllowed(
                    f"同一天、同一{'协议' if activity.agreements else '机构'}、同一形式和时间的活动已经登记为 {twins[0].number}",
                    remedy="若确是另一次活动，请加 --again；若登记错了，请先用 activity void 作废",
                )
            home = _sheet(office, ids, sheet) if sheet else None
            activity = replace(activity, number=Numbers(office).next(activity.on))
            activity = replace(activity, evidence=placed(activity, attachments))
            warnings += [
                f"{one.path.rpartition('/')[2]} 与 {known[0]} 的附件是同一个文件"
                for one in activity.evidence
                if (known := evidence_known(office.db, one.sha256))
            ]
            if not dry_run:
                keep(office, activity.evidence, attachments)
                kept = [one.path for one in activity.evidence]
            forced = [f"仍登记：{force}"] if any(one.code == _AFTER for one in remarks) else []
            activity = write(office, activity, ids, note="；".join([*warnings, *forced]))
            if home is not None:
                tie_record_sheet(office.db, home, activity.id)
            recorded = RecordedActivity(listed(office, [activity])[0], tuple(warnings))
    except Exception:
        discard([office.workspace.root / path for path in kept])
        raise
    return recorded


def write(
    office: OfficeSession, activity: Activity, ids: Mapping[str, int], *, note: str = "", import_id: int | None = None
) -> Activity:
    """Write an activity and the event in the history of each agreement; call inside ``changing``."""
    activity = replace(activity, recorded_at=office.now, actor=office.actor)
    key = add_activity(office.db, activity, [ids[number] for number in activity.agreements])
    text = f"{activity.form} {activity.number}" + (f"（{note}）" if note else "")
    tell(office, "served", activity, on=activity.on, note=text, import_id=import_id)
    return replace(activity, id=key)


def void(office: OfficeSession, number: str, *, reason: str, dry_run: bool = False) -> Activity:
    """Take back an activity: its row and number stay, it counts no more, its record sheet waits again.

    Raises NotFound, and StepNotAllowed for one that is void already.
    """
    with changing(office.db, dry_run=dry_run):
        one = find_valid(office, number)
        void_one(office, one, reason=reason)
    return one


def void_one(office: OfficeSession, one: Activity, *, reason: str, import_id: int | None = None) -> None:
    """Take back an activity that is not void yet; call inside ``changing``. ``import_id``: of the import taken back."""
    void_activity(office.db, one.id, on=office.today, reason=reason)
    note = f"{one.form} {one.number}：{reason}"
    tell(office, "unserved", one, on=office.today, note=note, import_id=import_id)


def cleaned(activity: Activity) -> Activity:
    """As cells of a 登记册 are: no blanks around texts, no line breaks where one line is meant, nothing unseen."""
    lines = {name: clean(getattr(activity, name), "line").text for name in ("place", "topic", "organiser")}
    longer = ("content", "advice", "summary", "handouts", "remark")
    texts: dict[str, Any] = lines | {name: clean(getattr(activity, name), "paragraphs").text for name in longer}
    return replace(
        activity,
        agreements=tuple(sorted(set(activity.agreements))),
        institutions=tuple(sorted(set(activity.institutions))),
        items=tuple(sorted(set(activity.items))),
        findings=tuple(
            replace(one, problem=clean(one.problem, "line").text, demand=clean(one.demand, "line").text)
            for one in activity.findings
        ),
        **texts,
    )


def tell(
    office: OfficeSession,
    kind: str,
    one: Activity,
    *,
    on: dt.date,
    note: str,
    data: Mapping[str, object] | None = None,
    import_id: int | None = None,
) -> None:
    """Write an event about an activity into the history of each agreement it serves, or of each institution.

    ``data`` comes beside its number.
    """
    said = {"activity": one.number, **(data or {})}
    whose = [(key, None) for key in numbers_to_ids(office, one.agreements).values()]
    append_events(
        office.db,
        (
            NewEvent(kind, on, office.now, office.actor, *each, import_id, note=note, data=said)
            for each in (*whose, *((None, key) for key in one.institutions))
        ),
    )


def accepted(checker: ActivityChecker, activity: Activity, force: str = "") -> list[Remark]:
    """The warnings about it. Raises BadInput for the first fault, StepNotAllowed unless ``force`` says why it was so."""
    remarks = checker.remarks(activity)
    for one in remarks:
        if one.code == "agreement-void":
            raise StepNotAllowed(one.message, remedy="请核对协议编号", code=one.code)
        if one.code == _AFTER and not force:
            remedy = "请核对日期和编号；确是解除以后去的，请加 --force --reason 写明原因"
            raise StepNotAllowed(one.message, remedy=remedy, code=one.code)
        if one.severity is Severity.ERROR:
            raise BadInput(one.message, remedy="请改正后再登记", code=one.code)
    return remarks


def _sheet(office: OfficeSession, ids: dict[str, int], text: str) -> RecordSheet:
    """The record sheet that ``text`` names, not yet told of by another activity."""
    found = _VERSION.fullmatch(text.strip())
    number = (found[1] if found else "") or next(iter(ids))
    sheets = record_sheets(office.db, [ids[number]]) if number in ids else []
    one = next((one for one in sheets if found and one.version == int(found[2])), None)
    if one is None:
        known = "、".join(f"v{one.version}" for one in sheets) or "无"
        remedy = f"{number} 已有的活动记录表：{known}；写成 v3 或 {number}@v3，见表上二维码旁的文字"
        raise NotFound(f"没有活动记录表“{text}”", where="--sheet", remedy=remedy)
    if one.activity:
        raise StepNotAllowed(f"活动记录表 {text} 已用于 {one.activity}", remedy="请核对表上的版本号")
    return one
