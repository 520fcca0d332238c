"""What concerns the office as a whole: reminders, records of a person, backups, checks."""

import datetime as dt
from pathlib import Path

from yiyu.docgen.archive.paper_text import texts_of
from yiyu.docgen.documents.doctor import look_at_machine, look_at_names, look_at_spellings
from yiyu.registry.agreements.reminding import Reminded
from yiyu.registry.agreements.reminding import remind as remind_of
from yiyu.registry.errors import RegistryFault
from yiyu.registry.office.health import HealthFinding, look_at_workspace
from yiyu.registry.office.integrity import IntegrityReport, read_log
from yiyu.registry.office.integrity import check as check_workspace
from yiyu.registry.rules.reminders import Settings
from yiyu.registry.session import OfficeSession, Progress, unwatched
from yiyu.registry.store.events import LoggedEvent


def remind(
    office: OfficeSession,
    *,
    steps: tuple[int, ...] = (90, 60, 30, 7),
    unsigned_days: int = 14,
    evidence_days: int = 30,
    lead: int = 10,
    ics: Path | None = None,
) -> Reminded:
    """What to act on and by which day: agreements, re-checks, loans; ``ics``: a calendar file of the same.

    ``steps``: days before the end of an agreement; ``unsigned_days`` after its draft it should be signed, and
    ``evidence_days`` after that sealed and filed; ``lead``: working days that paper needs.
    """
    return remind_of(office, Settings(steps, unsigned_days, evidence_days, lead), ics)


def check(
    office: OfficeSession, *, against: str = "", passphrase: str = "", progress: Progress = unwatched
) -> IntegrityReport:
    """Whether registry, chain of events and documents are what they were recorded as; faults are told, not raised.

    ``against``: a head of the chain written down before, or a backup, catalogue, volume or report that bears one.
    ``passphrase``: of the seals of the chain, each of which is then verified.
    """
    return check_workspace(office, against=against, texts_of=texts_of, passphrase=passphrase, progress=progress)


def log(office: OfficeSession, *, limit: int = 50) -> tuple[list[LoggedEvent], RegistryFault | None]:
    """The last ``limit`` events, newest first, and what is wrong with the chain of them; None where it is whole."""
    return read_log(office, limit)


def doctor(office: OfficeSession) -> list[HealthFinding]:
    """State of registry, backups, settings, fonts, programs and disk, each with what mends it."""
    found = list(look_at_workspace(office.workspace, dt.datetime.fromisoformat(office.now)))
    return [*found, look_at_names(office), look_at_spellings(office), *look_at_machine()]
