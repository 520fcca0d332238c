"""The imports of the command line, each with the sentences of its command, as long works over a dropped workbook."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yiyu.desk.asking import read_as
from yiyu.desk.drafts import Asked
from yiyu.registry.activities.importing import import_register
from yiyu.registry.activities.register_commands import counts_told as register_told
from yiyu.registry.agreements.ledger.commands import counts_told as ledger_told
from yiyu.registry.agreements.ledger.importing import import_ledger
from yiyu.registry.commands.options import KIND
from yiyu.registry.commands.show import cell_place
from yiyu.registry.imports.telling import Form
from yiyu.registry.institutions.commands import counts_told as roster_told
from yiyu.registry.institutions.importing import import_roster
from yiyu.registry.institutions.known_layouts import AUTO
from yiyu.registry.institutions.options import named_headings
from yiyu.registry.model import Problem, Severity
from yiyu.registry.reports.assessment_commands import counts_told as assessment_told
from yiyu.registry.reports.assessment_import import COLUMNS as ASSESSMENT
from yiyu.registry.reports.assessment_import import import_assessments
from yiyu.registry.reports.figure_commands import YEAR
from yiyu.registry.session import OfficeSession, Progress
from yiyu.registry.workbooks.previews import Leave
from yiyu.registry.workbooks.records import HIDDEN


@dataclass(frozen=True, slots=True)
class _Door:
    """A kind of workbook, its import action and the sentence of its counts; ``reports``: whether it tells how far it is."""

    label: str
    act: Callable[..., Any]
    told: Callable[..., str]
    reports: bool = True


_DOORS: Mapping[str, _Door] = {
    "roster": _Door("名册", import_roster, roster_told),
    "ledger": _Door("签约台账", import_ledger, ledger_told),
    "register": _Door("活动登记册", import_register, register_told),
    "assessment": _Door("自评表", import_assessments, assessment_told, reports=False),
}
SUBJECT_LABEL = {subject: door.label for subject, door in _DOORS.items()}
FORMS: Mapping[str, Form] = {"assessment": (ASSESSMENT, ("childcare", "on"))}
"""Forms besides those that :func:`tell_workbook` knows."""
PREVIEW, TO_MEND = "导入预览.xlsx", "待改的行.xlsx"
"""Files of a work: the preview to tick in Excel, the rows with an error to be corrected and dropped again."""


@dataclass(frozen=True, slots=True)
class Brought:
    """``result``: of the action; ``told``: its sentences; ``files``: written into the folder of the work."""

    result: Any
    told: Sequence[str]
    files: Sequence[str]

    @property
    def faults(self) -> list[Problem]:
        """What was wrong, errors first."""
        return sorted(self.result.problems, key=lambda one: one.severity is not Severity.ERROR)


def bring(
    office: OfficeSession, path: Path, subject: str, asked: Asked, folder: Path, progress: Progress, *,
    leave: Leave | None = None,
) -> Brought:  # fmt: skip
    """Import the file as one of ``subject``; without ``leave`` only look at what it would do. Raises as the action does."""
    door, dry_run = _DOORS[subject], leave is None
    more: dict[str, Any] = {"progress": progress} if door.reports else {}
    if subject == "roster":
        more |= {
            "kind": read_as(asked.kind, KIND, "种类"),
            "headings": headings_of(asked),
            "layout": asked.layout or AUTO,
        }
    if subject == "assessment":
        more |= {"year": read_as(asked.year, YEAR, "年度")}
    if leave is not None:
        more |= {"leave": leave}
    else:
        more |= {"preview": folder / PREVIEW}
    result = door.act(
        office, path, sheet=asked.sheet or None, accept=(HIDDEN,) if asked.hidden else (),
        problems=folder / TO_MEND, dry_run=dry_run, **more,
    )  # fmt: skip
    told = [door.told(result, dry_run=dry_run), *(f"提醒：{note}" for note in result.notes)]
    told += [f"未读入：{text}" for text in result.unread]
    return Brought(result, told, [name for name in (PREVIEW, TO_MEND) if (folder / name).is_file()])


def headings_of(asked: Asked) -> Mapping[str, tuple[str, ...]]:
    """The headings a person explained, by field, as ``--heading`` takes them. Raises BadInput."""
    pairs = tuple(f"{heading}={field}" for heading, field in asked.headings if heading and field)
    return named_headings(pairs)


def failures(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    """Errors of rows as a work lists what it left out: the place, and what is wrong."""
    return [
        (cell_place(one.sheet, one.column, one.row), one.message) for one in problems if one.severity is Severity.ERROR
    ]
