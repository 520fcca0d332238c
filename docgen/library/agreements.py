"""Agreements: made, followed through their steps, listed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from yiyu.docgen.library.action import Group, action
from yiyu.docgen.library.entering import required
from yiyu.docgen.reports.supplements import draft_supplement
from yiyu.registry.agreements.changes import extend, move_copies, supplement, where_copies_are
from yiyu.registry.agreements.drafting import DraftResult, draft_agreements
from yiyu.registry.agreements.item_workbook import asked_items, write_items
from yiyu.registry.agreements.items import EditedItems, ItemEdit
from yiyu.registry.agreements.ledger.importing import export_ledger, import_ledger
from yiyu.registry.agreements.listing import AgreementFilter, find_conflicts, list_agreements, show_agreement
from yiyu.registry.agreements.pairing import propose_pairs
from yiyu.registry.agreements.renewing import renew
from yiyu.registry.agreements.requests import Sources, draft_requests
from yiyu.registry.agreements.steps import RecordedStep, correct_event, history, record_step
from yiyu.registry.errors import BadInput
from yiyu.registry.lifecycle import Event
from yiyu.registry.model import Variant
from yiyu.registry.session import OfficeSession, Progress, unwatched
from yiyu.registry.store.standings import AgreementStatus

Side = Literal["甲", "乙", "丙", "all"]
Mode = Literal["visit", "resident", "both"]
Review = Literal["submitted", "approved", "returned"]
FilingStep = Literal["received", "scanned", "checked", "numbered", "boxed"]
Place = Literal["unprinted", "printed", "sealing", "甲", "乙", "丙", "authority", "box"]


def draft(
    office: OfficeSession,
    *,
    medical: str | None = None,
    childcare: str | None = None,
    third: str | None = None,
    workbook: Path | None = None,
    paired: bool = False,
    variants: Sequence[Variant] = (),
    district: str = "",
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    months: int | None = None,
    mode: Mode | None = None,
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> DraftResult:
    """Draft agreements: one of ``medical`` and ``childcare`` (name or code), those of a ``workbook``, or all ``paired``.

    ``starts_on``: None, the day of the office; the term is ``ends_on`` or ``months``, else that of the settings.
    ``district`` goes with ``paired``. What could not be drafted is told in ``failed``.
    Raises BadInput where not exactly one source is named, NotFound for an institution that is not there.
    """
    sources = Sources(
        medical, childcare, workbook, paired, tuple(variants), district, starts_on, ends_on, months, mode, third
    )
    requests, failed = draft_requests(office, sources)
    return draft_agreements(office, requests, failed=failed, dry_run=dry_run, progress=progress)


def items(
    office: OfficeSession,
    number: str,
    *,
    tick: Sequence[str] = (),
    untick: Sequence[str] = (),
    frequency: Mapping[str, tuple[int | None, str]] | None = None,
    apply_from: Path | None = None,
    from_day: dt.date | None = None,
    note: str = "",
    xlsx: Path | None = None,
    dry_run: bool = False,
) -> EditedItems:
    """The service list of an agreement, changed from ``from_day`` on where something is ticked, unticked or set.

    ``frequency``: times and period by the code of an item. ``apply_from``: a workbook that ``xlsx`` wrote, edited.
    Raises NotFound, BadInput for a code that is none, StepNotAllowed for an agreement that is over.
    """
    edit = ItemEdit(tick, untick, frequency or {})
    done = asked_items(office, number, edit, apply_from=apply_from, from_day=from_day, note=note, dry_run=dry_run)
    if xlsx is not None:
        write_items(xlsx, done.agreement)
    return done


def review(
    office: OfficeSession, numbers: Sequence[str], *, result: Review, on: dt.date, note: str = "", dry_run: bool = False
) -> list[RecordedStep]:
    """Record that agreements were submitted for review, approved or returned. Raises StepNotAllowed, NotFound."""
    return record_step(office, numbers, result, on=on, note=note, dry_run=dry_run)


def sign(
    office: OfficeSession,
    numbers: Sequence[str],
    *,
    party: Side,
    on: dt.date,
    note: str = "",
    force: str = "",
    dry_run: bool = False,
) -> list[RecordedStep]:
    """Record that a side, or ``all``, signed on the day on paper; ``force``: why it is recorded out of order.

    All of ``numbers`` or none. Raises StepNotAllowed where the agreement is in no state for it, NotFound.
    """
    return record_step(office, numbers, "signed", party=party, on=on, note=note, force=force, dry_run=dry_run)


def seal(
    office: OfficeSession,
    numbers: Sequence[str],
    *,
    party: Side,
    on: dt.date,
    seam: bool = False,
    seal_no: str = "",
    note: str = "",
    force: str = "",
    dry_run: bool = False,
) -> list[RecordedStep]:
    """Record that a side, or ``all``, sealed; ``seam``: across the pages as well; ``seal_no``: number of the use of the seal.

    Raises as ``sign`` does.
    """
    data = {"seam": seam, "seal_no": seal_no}
    return record_step(
        office, numbers, "sealed", party=party, on=on, note=note, data=data, force=force, dry_run=dry_run
    )


def file(
    office: OfficeSession,
    numbers: Sequence[str],
    *,
    step: FilingStep,
    on: dt.date,
    note: str = "",
    force: str = "",
    dry_run: bool = False,
) -> list[RecordedStep]:
    """Record a step of filing, one after another, once both sides have sealed. Raises as ``sign`` does."""
    return record_step(office, numbers, step, on=on, note=note, force=force, dry_run=dry_run)


def terminate(
    office: OfficeSession,
    numbers: Sequence[str],
    *,
    on: dt.date,
    reason: str,
    force: bool = False,
    dry_run: bool = False,
) -> list[RecordedStep]:
    """Record that agreements end on that day, and why. Raises StepNotAllowed, NotFound."""
    return _ended(office, numbers, "terminated", on, reason, force=force, dry_run=dry_run)


def void(
    office: OfficeSession,
    numbers: Sequence[str],
    *,
    on: dt.date,
    reason: str,
    force: bool = False,
    dry_run: bool = False,
) -> list[RecordedStep]:
    """Void agreements that were not signed by all; numbers are never used again. Raises StepNotAllowed, NotFound."""
    return _ended(office, numbers, "voided", on, reason, force=force, dry_run=dry_run)


def _ended(
    office: OfficeSession, numbers: Sequence[str], kind: str, on: dt.date, reason: str, *, force: bool, dry_run: bool
) -> list[RecordedStep]:
    note = required("reason", reason)
    return record_step(office, numbers, kind, on=on, note=note, force=reason if force else "", dry_run=dry_run)


def copies(
    office: OfficeSession,
    number: str,
    *,
    count: int | None = None,
    source: Place = "unprinted",
    target: Place | None = None,
    on: dt.date | None = None,
    note: str = "",
    dry_run: bool = False,
) -> dict[str, int]:
    """Where the originals are, number by place; after ``count`` of them went from ``source`` to ``target``.

    Raises BadInput for more than there are, NotFound.
    """
    if bool(count) != bool(target):
        raise BadInput("移动原件要同时写几份和到哪里", where="count, target", remedy="请补上另一个")
    if not (count and target):
        return where_copies_are(office, number)
    return move_copies(office, number, count, source, target, on=on or office.today, note=note, dry_run=dry_run)


def correct(office: OfficeSession, number: str, event_id: int, *, note: str, dry_run: bool = False) -> Event:
    """Take back an event that was recorded wrongly, by its id in ``history``; both stay in it. Gives the wrong one.

    Raises NotFound, StepNotAllowed for what later events rest on.
    """
    wrong, _ = correct_event(office, number, event_id, note=required("note", note), dry_run=dry_run)
    return wrong


def listed(
    office: OfficeSession,
    *,
    unsigned: bool = False,
    expiring: int | None = None,
    expired: bool = False,
    in_force: bool = False,
    district: str = "",
    variant: Variant | None = None,
    search: str = "",
    xlsx: Path | None = None,
) -> list[AgreementStatus]:
    """Agreements as they stand on the day of the office, oldest first; everything given must hold.

    ``expiring``: in force, not renewed, ending within so many days. ``search``: number, names, addresses, codes, pinyin.
    ``xlsx``: the ledger, which can be edited and imported.
    """
    wanted = AgreementFilter(unsigned, expiring, expired, in_force, district, variant, search)
    found = list_agreements(office, wanted)
    if xlsx is not None:
        export_ledger(office, xlsx, found)
    return found


class Agreements(Group):
    """Agreements: paired, drafted, signed, sealed, filed, renewed, listed."""

    command = "agreement"

    import_ = action(import_ledger, reads=("path",), writes=("problems", "preview"))
    pair = action(propose_pairs)
    draft = action(draft, reads=("workbook",))
    renew = action(renew)
    items = action(items, reads=("apply_from",), writes=("xlsx",))
    review = action(review)
    sign = action(sign)
    seal = action(seal)
    file = action(file)
    copies = action(copies)
    extend = action(extend)
    supplement = action(supplement)
    supplement_draft = action(draft_supplement, writes=("out",))
    correct = action(correct)
    terminate = action(terminate)
    void = action(void)
    conflicts = action(find_conflicts)
    list = action(listed, writes=("xlsx",))
    show = action(show_agreement)
    history = action(history)
