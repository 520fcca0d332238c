"""扫描件: files dropped find their places; what is left waits as thumbnails until somebody places it or sets it aside."""

from collections.abc import Sequence
from pathlib import Path

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.pages.access import own_agreements
from yiyu.desk.pages.differences import own_differences
from yiyu.desk.pages.scan_pictures import label_of
from yiyu.desk.tables import Row
from yiyu.desk.uploads import files_of, received
from yiyu.desk.works import Outcome, Progressing
from yiyu.docgen.archive.assigning import WHOLE
from yiyu.docgen.archive.assigning import assign as assign_page
from yiyu.docgen.archive.intake import intake as take_in
from yiyu.docgen.archive.intake_commands import document_row, unplaced_rows
from yiyu.docgen.archive.intake_lines import lines_of
from yiyu.docgen.archive.page_matching import REASON_LABEL, Reason
from yiyu.docgen.page_code import MOST_PAGES
from yiyu.docgen.scans.page import Half
from yiyu.registry.agreements.commands import row_of
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements, numbers_in_scope
from yiyu.registry.errors import BadInput, UserError
from yiyu.registry.model import DOC_KIND_LABEL, DocKind
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.opening import changing
from yiyu.registry.store.unplaced import UnplacedRow, set_aside, unplaced_pages

_SHOWN = 60
_TARGETS = 80


def show(asking: Asking) -> Response:
    """The frame to drop files on, what has no place yet, and the agreements that wait for paper."""
    with asking.office() as office:
        waiting = own_unplaced(asking, office)
        differing = sum(not one.verdict for one in own_differences(office, every=True))
        targets = _targets(office, asking.query.get("to", "")) if waiting and asking.may("scan") else []
    return asking.page(
        "scans.html", waiting=waiting[:_SHOWN], more=len(waiting) - _SHOWN, differing=differing, targets=targets,
        reasons=REASON_LABEL, reason=Reason, label_of=label_of, to=asking.query.get("to", ""),
    )  # fmt: skip


def take(asking: Asking) -> Response:
    """Take the files in, beside the page."""
    root = asking.desk.workspace.root
    key = received(root, asking.files("file"))
    said = {name: asking.text(name) == "1" for name in ("signed", "sealed", "compare", "ledger")}

    def act(_folder: Path, progress: Progressing) -> Outcome:
        with asking.office() as office:
            result = take_in(
                office, files_of(root, key), signed=said["signed"], sealed=said["sealed"], compare=said["compare"],
                ledger=said["ledger"], progress=progress, compare_progress=progress,
            )  # fmt: skip
        failed = [(Path(one.subject).name, one.message) for one in result.failed]
        failed += [
            (f"{Path(str(row['file'])).name} 第 {row['page']} 页", str(row["reason_label"]))
            for row in unplaced_rows(result)
        ]
        documents = [document_row(one) for one in result.documents]
        lines = [*lines_of(result), *(f"{one['number']} {one['kind_label']}：{one['counted']} 页" for one in documents)]
        return Outcome(lines, failed, next_page="/scans", next_label="看还没有归位的")

    return asking.begin(f"收扫描件（{len(files_of(root, key))} 个文件）", act, again="/scans", upload=key)


def place(asking: Asking) -> Response:
    """The form that places one page, with its picture."""
    return _form(asking, _asked(asking), "")


def assign(asking: Asking) -> Response:
    """Place it as a person said."""
    row = _asked(asking)
    try:
        with asking.office() as office:
            number = asking.text("number")
            own_agreements(office, [number])
            whole = asking.text("whole") == "1"
            done = assign_page(
                office, Path(row.path), WHOLE if whole else row.file_page, number, kind=DocKind(asking.text("kind")),
                page=None if whole else _number(asking, "page"), of=None if whole else _number(asking, "of"),
                turn=int(asking.text("turn") or 0), half=Half(row.half),
            )  # fmt: skip
    except UserError as error:
        return _form(asking, row, str(error))
    told = [f"已归位 {done.pages} 页到 {number}", *(f"{one.subject}：{one.message}" for one in done.failed)]
    return asking.go("/scans", *told)


def aside(asking: Asking) -> Response:
    """Say that a page belongs nowhere; the file is kept."""
    row = _asked(asking)
    with asking.office() as office, changing(office.db):
        set_aside(office.db, row.path, row.file_page, row.half, f"{office.now} {office.actor}")
    return asking.go("/scans", f"{label_of(row)} 不再列出，扫描件照存")


def own_unplaced(asking: Asking, office: OfficeSession) -> list[UnplacedRow]:
    """What has no place yet; of who is limited to a 旗区 only what may be of it, or was brought in by that person."""
    rows = unplaced_pages(office.db)
    if office.scope.whole:
        return rows
    own = set(numbers_in_scope(office, [one.number for one in rows if one.number] or ["-"]))
    return [one for one in rows if one.number in own or one.actor == asking.person.name]


def _asked(asking: Asking) -> UnplacedRow:
    """The page that the address or the form names. Raises BadInput for one that waits no more."""
    file, page, half = (asking.text(name) or asking.query.get(name, "") for name in ("path", "file_page", "half"))
    with asking.office() as office:
        rows = own_unplaced(asking, office)
    for one in rows:
        if (one.path, str(one.file_page), one.half) == (file, page, half):
            return one
    raise BadInput("这一页已经归位了，或者不在等候的里面", remedy="请回到扫描件页查看")


def _form(asking: Asking, row: UnplacedRow, fault: str) -> Response:
    number = asking.text("number") or asking.query.get("number", "") or row.number
    kinds = {str(kind): label for kind, label in DOC_KIND_LABEL.items()}
    return asking.page(
        "scan_place.html",
        status=422 if fault else 200,
        row=row,
        fault=fault,
        number=number,
        kinds=kinds,
        label=label_of(row),
        reason=REASON_LABEL[Reason(row.reason)],
    )


def _targets(office: OfficeSession, text: str) -> Sequence[Row]:
    """Agreements that still wait for paper, or that a text finds."""
    found = [
        row_of(one)
        for one in list_agreements(office, AgreementFilter(search=text))
        if text or (one.live and one.state.filing != "checked")
    ]
    return found[:_TARGETS]


def _number(asking: Asking, name: str) -> int | None:
    text = asking.text(name)
    if text and not (text.isdecimal() and 0 < int(text) <= MOST_PAGES):
        raise BadInput(f"“{text}”不是页数", remedy=f"请写 1 到 {MOST_PAGES} 的数字")
    return int(text) if text else None
