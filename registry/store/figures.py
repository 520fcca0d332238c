"""Figures from elsewhere, steps of assessments, progress of tasks: each a row that stays, the newest counts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
from sqlite_utils import Database

from yiyu.registry.store.opening import insert


@dataclass(frozen=True, slots=True)
class ManualFigure:
    """An indicator of one 旗区 and year with its source. ``percent`` holds what is not a share, too: 个, 所."""

    district: str
    year: int
    indicator: str
    numerator: float | None
    denominator: float | None
    percent: float | None
    source: str
    recorded_at: str
    actor: str

    @property
    def value(self) -> float:
        """As given, else numerator by denominator in percent; the table holds one of the two."""
        if self.percent is not None:
            return self.percent
        return round(100 * (self.numerator or 0) / (self.denominator or 1), 2)


@dataclass(frozen=True, slots=True)
class Assessed:
    """One step of the yearly loop of an institution: 自评, 指导, 整改, 总结 (S3 四)."""

    institution_id: int
    year: int
    step: str
    on: dt.date
    problems: int | None
    note: str
    score: float | None = None
    grade: str = ""
    items: Mapping[str, str] = field(default_factory=dict)
    """What the form says beside, by heading, as told."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a task of the 工作清单 is in one 旗区: not_started, going, done."""

    district: str
    task: str
    on: dt.date
    status: str
    note: str


def add_figure(db: Database, figure: ManualFigure) -> None:
    """Record a figure; an earlier one of the same place stays and no longer counts. Call inside ``changing``."""
    insert(db, "figures", {name: getattr(figure, name) for name in ManualFigure.__dataclass_fields__})


def figures(db: Database, year: int) -> dict[tuple[str, str], ManualFigure]:
    """The newest figure of a year by 旗区 code and indicator."""
    columns = ", ".join(ManualFigure.__dataclass_fields__)
    rows = db.execute(f"SELECT {columns} FROM figures WHERE year = ? ORDER BY id", [year])  # noqa: S608 - own names
    return {(row["district"], row["indicator"]): ManualFigure(*row) for row in rows}


def add_assessment(db: Database, step: Assessed, *, recorded_at: str, actor: str) -> None:
    """Record a step of an institution; call inside ``changing``."""
    row = {"institution_id": step.institution_id, "year": step.year, "step": step.step, "on_date": str(step.on)}
    rest = {"problems": step.problems, "note": step.note, "recorded_at": recorded_at, "actor": actor}
    form = {"score": step.score, "grade": step.grade, "items": msgspec.json.encode(dict(step.items)).decode()}
    insert(db, "assessments", row | rest | form)


def assessments(db: Database, year: int, day: dt.date) -> dict[tuple[int, str], Assessed]:
    """The newest record of each step by institution and step, as far as it was dated up to ``day``."""
    query = """
        SELECT institution_id, year, step, on_date, problems, note, score, grade, items FROM assessments
        WHERE year = ? AND on_date <= ? ORDER BY id
    """
    rows = db.execute(query, [year, str(day)])
    found = (
        Assessed(
            row[0],
            row[1],
            row[2],
            dt.date.fromisoformat(row[3]),
            row[4],
            row[5],
            row[6],
            row[7],
            msgspec.json.decode(row[8]),
        )
        for row in rows
    )
    return {(one.institution_id, one.step): one for one in found}


def add_progress(db: Database, progress: Progress, *, recorded_at: str, actor: str) -> None:
    """Record how far a task is; call inside ``changing``."""
    row = {"district": progress.district, "task": progress.task, "on_date": str(progress.on)}
    rest = {"status": progress.status, "note": progress.note, "recorded_at": recorded_at, "actor": actor}
    insert(db, "work_progress", row | rest)


def progress_of(db: Database, day: dt.date) -> dict[tuple[str, str], Progress]:
    """The newest record by 旗区 code and task up to ``day``."""
    query = "SELECT district, task, on_date, status, note FROM work_progress WHERE on_date <= ? ORDER BY on_date, id"
    rows = db.execute(query, [str(day)])
    return {(row[0], row[1]): Progress(row[0], row[1], dt.date.fromisoformat(row[2]), *row[3:]) for row in rows}
