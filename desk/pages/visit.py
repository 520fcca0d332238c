"""One activity on a page: what was done, its pictures, what it found; evidence added, the record voided or a notice written."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from starlette.responses import Response

from yiyu.desk.asking import Asking, download, inline, written
from yiyu.desk.pages.seen import mark, told_since
from yiyu.desk.pages.visit_fields import evidence_of, kept_files
from yiyu.desk.uploads import forget
from yiyu.docgen.reports.rectification_notices import make_notice
from yiyu.registry.activities.adding import void
from yiyu.registry.activities.attaching import attach
from yiyu.registry.activities.commands import described
from yiyu.registry.activities.evidence_commands import told_attached
from yiyu.registry.activities.finding_commands import row as finding_row
from yiyu.registry.activities.findings import FindingRecord, state_of
from yiyu.registry.activities.listing import Listed, find_activity, show_activity
from yiyu.registry.commands.options import DATE, TEXT
from yiyu.registry.errors import NotFound, UserError
from yiyu.registry.rules.activities import EVIDENCE_LABEL
from yiyu.registry.session import OfficeSession

SHOWN = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp"}
"""Endings of pictures that a browser shows."""
_FOLDED = frozenset({"发现问题", *EVIDENCE_LABEL.values()})
"""Lines of ``activity show`` that stand on the page as lists of their own."""


def show(asking: Asking) -> Response:
    """The whole of it."""
    return shown(asking, asking.part("number"))


def shown(asking: Asking, number: str, fault: str = "", news: Sequence[str] = ()) -> Response:
    """The page of an activity, with why something was not done."""
    with asking.office() as office:
        listed, remarks = show_activity(office, number)
        records = [FindingRecord(one, listed, state_of(one, office.today)) for one in listed.activity.findings]
        seen = mark(office)
        today = office.today
    one = listed.activity
    lines = [line for line in described(listed, remarks) if line["heading"] not in _FOLDED]
    return asking.page(
        "visit.html",
        status=422 if fault or news else 200,
        fault=fault,
        news=news,
        mark=seen,
        one=one,
        listed=listed,
        lines=lines,
        findings=[finding_row(record) for record in records],
        notice=any(record.state != "closed" for record in records),
        pieces=[
            (at, piece, Path(piece.path).name, Path(piece.path).suffix in SHOWN)
            for at, piece in enumerate(one.evidence, 1)
        ],
        kinds=EVIDENCE_LABEL,
        today=today,
    )


def news_of(asking: Asking, office: OfficeSession, listed: Listed) -> list[str]:
    """What others recorded of this activity since its form was shown."""
    one = listed.activity
    return told_since(
        asking, office, numbers=one.agreements, institutions=one.institutions,
        concerns=lambda event: event.data.get("activity") == one.number,
    )  # fmt: skip


def evidence(asking: Asking) -> Response:
    """One of its files: pictures are shown, anything else is saved."""
    with asking.office() as office:
        one = find_activity(office, asking.part("number"))
    at = int(asking.part("at"))
    path = asking.desk.workspace.root / one.evidence[at - 1].path if 0 < at <= len(one.evidence) else None
    if path is None or not path.is_file():
        raise NotFound("没有这份材料，或存档的文件已经不在", where=one.number, remedy="请运行核对，从备份放回")
    kind = SHOWN.get(path.suffix)
    return inline(path, kind) if kind else download(path)


def scan(asking: Asking) -> Response:
    """The scan of its record sheet."""
    with asking.office() as office:
        listed, _ = show_activity(office, asking.part("number"))
    at = int(asking.part("at"))
    if not 0 < at <= len(listed.scans):
        raise NotFound("没有这份扫描件", where=listed.activity.number)
    return inline(asking.desk.workspace.root / listed.scans[at - 1], "application/pdf")


def add_evidence(asking: Asking) -> Response:
    """Add files, all or none."""
    number, kept = asking.part("number"), {}
    try:
        kept = kept_files(asking)
        with asking.office() as office:
            done = attach(office, {number: evidence_of(asking, kept)})
    except UserError as error:
        return _again(asking, number, error)
    finally:
        for key in kept.values():
            forget(asking.desk.workspace.root, key)
    return asking.go(f"/visits/one/{number}", *(line for one in done for line in told_attached(one)))


def take_back(asking: Asking) -> Response:
    """Void it, with a reason."""
    number = asking.part("number")
    try:
        with asking.office() as office:
            if news := news_of(asking, office, show_activity(office, number)[0]):
                return shown(asking, number, news=news)
            one = void(office, number, reason=asking.needed("reason", TEXT, "原因"))
    except UserError as error:
        return _again(asking, number, error)
    return asking.go(f"/visits/one/{number}", f"已作废 {number}（{one.on} {one.form}）；协议历史中已记下")


def notice(asking: Asking) -> Response:
    """The 限期整改通知书 of what is still open, to be saved."""
    number = asking.part("number")
    try:
        day: dt.date | None = asking.read("recheck_on", DATE, "复查日期")
        with asking.office() as office:
            return written(
                f"限期整改通知书_{number}.docx", lambda path: make_notice(office, number, path, recheck_on=day)
            )
    except UserError as error:
        return _again(asking, number, error)


def _again(asking: Asking, number: str, error: UserError) -> Response:
    """Its page with the refusal; an activity that is not there is refused as such."""
    if isinstance(error, NotFound):
        raise error
    return shown(asking, number, fault=str(error))
