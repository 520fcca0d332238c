"""What is typed in: figures from elsewhere, steps of the yearly self-assessment, progress of tasks."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from yiyu.registry.agreements.steps import refuse_to_come
from yiyu.registry.errors import BadInput, NotFound, StepNotAllowed
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Institution, Kind
from yiyu.registry.packs.rows import Duty
from yiyu.registry.reports.indicator_values import IndicatorValues
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.indicators import FIGURES
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import add_event
from yiyu.registry.store.figures import (
    Assessed,
    ManualFigure,
    Progress,
    add_assessment,
    add_figure,
    add_progress,
    assessments,
    figures,
    progress_of,
)
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.opening import changing

STEPS = {"self_assessed": "自评", "guided": "指导", "rectified": "整改", "summarised": "总结"}
"""全面自评—指导整改—总结提升, in this order (S3 四)."""
STATUS_LABEL = {"not_started": "未开始", "going": "进行中", "done": "已完成"}
SELF_ASSESSMENT_DUE = (6, 30)
"""每年上半年完成自评 (S3 四（一）)."""


def enter_figure(
    office: OfficeSession,
    indicator: str,
    *,
    district: str,
    year: int,
    value: float | None = None,
    numerator: float | None = None,
    denominator: float | None = None,
    source: str,
    dry_run: bool = False,
) -> ManualFigure:
    """Record a figure with its source, as ``value`` or as ``numerator`` of ``denominator``; it replaces an earlier one.

    ``district`` is a six-digit code, "" for the office's own region. Raises BadInput for an unknown indicator, a
    value that cannot be, a year to come, or not exactly one form given.
    """
    if indicator not in FIGURES:
        raise BadInput(f"没有指标“{indicator}”", remedy=f"可填的有：{'、'.join(FIGURES)}")
    title, unit = office.pack.worded(FIGURES[indicator].title), FIGURES[indicator].unit
    if year > office.today.year:
        raise BadInput(f"{year} 年还没有到", where=f"今天是 {office.today}", remedy="请核对 --year")
    if not all(math.isfinite(one) for one in (value, numerator, denominator) if one is not None):
        raise BadInput(f"“{title}”的值不是数字", remedy="请写成 88.5 这样的数")
    if value is not None and (numerator is not None or denominator is not None):
        raise BadInput(f"“{title}”的值写了两种", remedy="请只给 --value，或只给 --numerator 和 --denominator")
    share = numerator is not None and denominator is not None and denominator > 0
    if (value is None) is not share:
        raise BadInput(
            f"没有填出“{title}”的值", remedy="请给 --value，或同时给 --numerator 和 --denominator（分母大于 0）"
        )
    code = district or office.workspace.config.region
    figure = ManualFigure(code, year, indicator, numerator, denominator, value, source, office.now, office.actor)
    if figure.value < 0 or (unit == "%" and figure.value > 100):
        raise BadInput(f"“{title}”不能是 {figure.value:g}{unit}", where=district_name(code), remedy="请核对数值和单位")
    with changing(office.db, dry_run=dry_run):
        old = figures(office.db, year).get((code, indicator))
        add_figure(office.db, figure)
        said = {"district": code, "year": year, "indicator": indicator, "old": old.value if old else None}
        note = f"{district_name(code)} {year} 年{title} {figure.value:g}{unit}（{source}）"
        _record(office, "figure_entered", office.today, note, said | {"new": figure.value})
    return figure


@dataclass(frozen=True, slots=True)
class SelfAssessmentCycle:
    """How far one institution is in the yearly loop; a step that was not taken is None."""

    institution: Institution
    steps: dict[str, Assessed | None]
    problems: int | None
    overdue: bool
    """The self-assessment was not there by 30 June."""


def assess(
    office: OfficeSession,
    names: Sequence[str],
    step: str,
    *,
    on: dt.date,
    year: int | None = None,
    problems: int | None = None,
    note: str = "",
    dry_run: bool = False,
) -> list[Institution]:
    """Record a step of 自评—指导—整改—总结 for childcare institutions, all or none.

    Raises BadInput for a day in the future, StepNotAllowed where the step before is missing, NotFound.
    """
    refuse_to_come(office, on)
    year = year or on.year
    with changing(office.db, dry_run=dry_run):
        known, taken = directory(office), assessments(office.db, year, dt.date.max)
        found = [known.find(name, Kind.CHILDCARE) for name in names]
        before = dict(zip(tuple(STEPS)[1:], STEPS, strict=False)).get(step)
        for one in found:
            if before and (one.id, before) not in taken:
                raise StepNotAllowed(
                    f"不能登记“{STEPS[step]}”：{year} 年的{STEPS[before]}还没有登记",
                    where=one.name,
                    remedy=f"请先登记{STEPS[before]}",
                )
            row = Assessed(one.id, year, step, on, problems, note)
            record_assessment(office, row, f"{year} 年{STEPS[step]} {note}".strip())
    return found


def record_assessment(office: OfficeSession, row: Assessed, note: str, old: Assessed | None = None) -> None:
    """Write a step and its event, beside the one it replaces where there is one; call inside ``changing``."""
    add_assessment(office.db, row, recorded_at=office.now, actor=office.actor)
    said: dict[str, object] = {"year": row.year, "step": row.step, "problems": row.problems}
    form = {"score": row.score, "grade": row.grade, "items": dict(row.items)}
    said |= {name: value for name, value in form.items() if value not in (None, "", {})}
    if old is not None:
        said["old"] = {"on": str(old.on), "problems": old.problems, "score": old.score, "grade": old.grade}
    _record(office, "assessed", row.on, note, said, row.institution_id)


def loops(office: OfficeSession, year: int, district: str = "") -> list[SelfAssessmentCycle]:
    """The yearly loop of every childcare institution that is open, by 旗区, as of the day asked for.

    All of them, filed or not: S3 四（一） asks it of 托育机构 as such.
    """
    taken = assessments(office.db, year, office.today)
    due = dt.date(year, *SELF_ASSESSMENT_DUE)
    found = []
    for one in all_institutions(office.db, office.today):
        counted = one.kind is Kind.CHILDCARE and one.open_on(office.today)
        if not counted or district not in ("", one.district):
            continue
        steps = {step: taken.get((one.id, step)) for step in STEPS}
        known = [row.problems for row in steps.values() if row is not None and row.problems is not None]
        first = steps["self_assessed"]
        overdue = office.today > due if first is None else first.on > due
        found.append(SelfAssessmentCycle(one, steps, known[0] if known else None, overdue))
    return found


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the 工作清单 with who answers for it (责任单位), from the pack."""

    district: str
    key: str
    title: str
    owner: str
    due: str
    source: str
    progress: Progress | None
    goal: str = ""
    """What is to be reached, and how far the figure of this year is: ≥90%，现为 85%."""


def worklist(office: OfficeSession, district: str = "") -> list[Task]:
    """Tasks of the office's pack that no agreement carries, with progress in one 旗区 (S2 附件1, S0 三（一）)."""
    code = district or office.workspace.config.region
    known = progress_of(office.db, office.today)
    tasks = [one for one in office.pack.duties if _is_task(one)]
    values = IndicatorValues(office, office.today.year).of(code)
    rows = [Task(code, t.key, t.title, t.owner, _due(t), t.source, known.get((code, t.key))) for t in tasks]
    for t in office.pack.targets:
        value = next(
            (values[key].value for key, one in FIGURES.items() if one.goals and t.key.startswith(one.goals)), None
        )
        goal = (
            f"{'≥' if t.at_least else '≤'}{t.value:g}{t.unit}，{'未填' if value is None else f'现为 {value:g}{t.unit}'}"
        )
        rows.append(Task(code, t.key, t.title, t.owner, f"{t.year} 年底", t.source, known.get((code, t.key)), goal))
    return rows


def progress(
    office: OfficeSession,
    task: str,
    status: str,
    *,
    on: dt.date,
    district: str = "",
    note: str = "",
    dry_run: bool = False,
) -> Task:
    """Record how far a task is. Raises NotFound for a key the pack does not have, BadInput for a day in the future."""
    refuse_to_come(office, on)
    found = next((one for one in worklist(office, district) if one.key == task), None)
    if found is None:
        raise NotFound(f"工作清单里没有“{task}”", remedy="请用 yiyu report worklist 查看各项的代号")
    row = Progress(found.district, task, on, status, note)
    with changing(office.db, dry_run=dry_run):
        add_progress(office.db, row, recorded_at=office.now, actor=office.actor)
        old, said = found.progress, {"district": found.district, "task": task, "new": status}
        text = f"{found.title}：{STATUS_LABEL[status]} {note}".strip()
        _record(office, "progressed", on, text, said | {"old": old.status if old else None})
    return replace(found, progress=row)


def _record(
    office: OfficeSession,
    kind: str,
    on: dt.date,
    note: str,
    data: Mapping[str, object],
    institution_id: int | None = None,
) -> None:
    add_event(
        office.db,
        None,
        kind,
        on=on,
        recorded_at=office.now,
        actor=office.actor,
        note=note,
        data=data,
        institution_id=institution_id,
    )


def _is_task(duty: Duty) -> bool:
    """Owed by authorities or once: what is owed through agreements has its own list."""
    return not duty.provider or duty.kind == "once"


def _due(duty: Duty) -> str:
    if duty.due:
        return f"每年 {duty.due}"
    return {"year": "每年", "half_year": "每半年", "quarter": "每季度"}.get(duty.per, "")
