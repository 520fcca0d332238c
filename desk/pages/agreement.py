"""One agreement on a page: parties, term, the three axes as a timeline, documents, duties, history, and what can be done next."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response

from yiyu.desk.asking import Asking, download, inline
from yiyu.desk.pages.access import own_agreements
from yiyu.desk.pages.axes import axes_of
from yiyu.desk.pages.steps import KINDS, OF_PARTIES
from yiyu.docgen.documents.pdf_results import pdf_of
from yiyu.registry.agreements.commands import described, row_of
from yiyu.registry.agreements.listing import Dossier, show_agreement
from yiyu.registry.agreements.remind_commands import FIELDS as REMIND_FIELDS
from yiyu.registry.agreements.remind_commands import row_of as reminder_row
from yiyu.registry.agreements.reminding import due_of
from yiyu.registry.agreements.steps import KEPT_AS_THEY_ARE, history
from yiyu.registry.commands.options import DOC_KIND
from yiyu.registry.duties.commands import FIELDS as DUTY_FIELDS
from yiyu.registry.duties.commands import row_of as duty_row
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.errors import NotFound, UserError
from yiyu.registry.lifecycle import EVENT_LABEL, AgreementState
from yiyu.registry.model import DOC_KIND_LABEL, RENEWAL_LABEL, DocKind
from yiyu.registry.rules.copies import PLACES, balance
from yiyu.registry.rules.duties import DutyRow
from yiyu.registry.rules.reminders import Settings
from yiyu.registry.rules.steps import refusal
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.record_sheets import DocumentRow, all_documents
from yiyu.registry.store.scans import BoundRow, bound_scans

_DEED = {"/agreements/step": "sign", "/agreements/file": "scan", "/agreements/end": "decide"}


class Offer(NamedTuple):
    """Something that can be done with it now."""

    label: str
    path: str


class Paper(NamedTuple):
    """One version of one document. ``pdf``: one stands beside it; ``scan``: it came home."""

    label: str
    row: DocumentRow | None
    pdf: bool
    scan: BoundRow | None
    query: str


def show(asking: Asking) -> Response:
    """The whole of it, as of today."""
    number = asking.part("number")
    with asking.office() as office:
        own_agreements(office, [number])
        dossier = show_agreement(office, number)
        events = history(office, number)
        duties = [duty_row(one) for one in _duties(office, number)]
        due = [reminder_row(one, office.today) for one in due_of(office, [dossier.standing], Settings())]
        papers = list(_papers(office, dossier))
        axes = axes_of(dossier.standing, events, office.today)
    return asking.page(
        "agreement.html", number=number, dossier=dossier, row=row_of(dossier.standing), axes=axes,
        lines=described(dossier)[2:], events=events, corrected={event.corrects for event in events},
        labels=EVENT_LABEL, kept=KEPT_AS_THEY_ARE, papers=papers, due=due, due_columns=[one for one in REMIND_FIELDS if one.key in _DUE],
        duties=duties, duty_columns=[one for one in DUTY_FIELDS if one.key in _OWED],
        copies=[(PLACES[place], held) for place, held in balance(dossier.agreement.copies, events).items() if held],
        offers=list(_offers(asking, dossier)), renewal=RENEWAL_LABEL[dossier.agreement.renewal],
        scanned=any(one.scan for one in papers),
    )  # fmt: skip


_DUE = frozenset({"label", "start_by_text", "act_by_text", "detail"})
_OWED = frozenset({"title", "period", "due_by", "state_label", "needed", "done", "reason"})


def document(asking: Asking) -> Response:
    """A document as Word or, where one stands beside it, as PDF."""
    with asking.office() as office:
        row = _row(asking, office)
        path = office.workspace.root / (pdf_of(row) if asking.query.get("form") == "pdf" else row.path)
    return download(_there(path, "请在“生成打印”里重新生成"))


def scan(asking: Asking) -> Response:
    """The bound scan of a document, to be looked at."""
    kind, version = asking.asked("kind", DOC_KIND, "文书"), asking.query.get("version", "")
    with asking.office() as office:
        key = own_agreement(asking, office)
        found = next(
            (
                row
                for row in bound_scans(office.db).values()
                if (row.agreement_id, row.kind, str(row.version)) == (key, kind, version)
            ),
            None,
        )
        if found is None:
            raise NotFound("没有这份扫描件", remedy="请回到协议页重新打开")
        path = office.workspace.root / found.path
    return inline(_there(path, "请在“保管”里核对档案"), "application/pdf")


def own_agreement(asking: Asking, office: OfficeSession) -> int:
    """The id of the agreement that the address names, which must be the person's. Raises NotFound."""
    number = asking.query.get("number", "")
    own_agreements(office, [number] if number else [])
    return show_agreement(office, number).agreement.id


def _row(asking: Asking, office: OfficeSession) -> DocumentRow:
    key, kind = own_agreement(asking, office), asking.asked("kind", DOC_KIND, "文书")
    for row in all_documents(office.db, [key]):
        if (row.kind, str(row.version)) == (kind, asking.query.get("version", "")):
            return row
    raise NotFound("没有这份文书", remedy="请回到协议页重新打开")


def _there(path: Path, remedy: str) -> Path:
    if not path.is_file():
        raise NotFound("登记过的文件不在了", where=path.name, remedy=remedy)
    return path


def _duties(office: OfficeSession, number: str) -> Sequence[DutyRow]:
    try:
        return duty_rows(office, numbers=[number])
    except UserError:  # its pack is lost; the page shows what there is
        return ()


def _papers(office: OfficeSession, dossier: Dossier) -> Iterator[Paper]:
    """Every version, the newest of a kind first, and paper from before that nothing of ours was printed on."""
    one, root = dossier.agreement, office.workspace.root
    bound = {(row.kind, row.version): row for row in bound_scans(office.db, [one.id]).values()}
    rows = sorted(
        all_documents(office.db, [one.id]), key=lambda row: (list(DocKind).index(DocKind(row.kind)), -row.version)
    )
    for row in rows:
        query = urlencode({"number": one.number, "kind": row.kind, "version": row.version})
        label = DOC_KIND_LABEL[DocKind(row.kind)] + ("" if row.version == 1 else f"（第 {row.version} 版）")
        yield Paper(label, row, (root / pdf_of(row)).is_file(), bound.pop((row.kind, row.version), None), query)
    for (kind, version), scanned in bound.items():
        query = urlencode({"number": one.number, "kind": kind, "version": version})
        yield Paper(f"{DOC_KIND_LABEL[DocKind(kind)]}（以前的纸面）", None, pdf=False, scan=scanned, query=query)


def _offers(asking: Asking, dossier: Dossier) -> Iterator[Offer]:
    """The steps that may come next, as the rules have it, of those the person may record; then what else can be done."""
    one, state = dossier.agreement, dossier.standing.state
    number = urlencode({"number": one.number})
    for path, kinds in KINDS.items():
        for kind in kinds if asking.may(_DEED[path]) else ():
            if _possible(state, kind):
                yield Offer(f"登记{EVENT_LABEL[kind]}", f"{path}?kind={kind}&{number}")
    if asking.may("sign"):
        if one.renewal.startswith("auto") and _possible(state, "extended"):
            yield Offer("登记自动顺延", f"/agreements/extend?{number}")
        if _possible(state, "supplemented"):
            yield Offer("登记补充协议", f"/agreements/supplement?{number}")
        yield Offer("原件去向", f"/agreements/copies?{number}")
    if asking.may("draft") and not state.ended:
        yield Offer("服务项目", f"/agreements/items?{number}")
        if state.signing == "signed":
            yield Offer("起草补充协议", f"/agreements/supplement-draft?{number}")
            if not (dossier.standing.renewed_by or dossier.standing.renewal_draft):
                yield Offer("续签", f"/agreements/renew?{number}")
    if asking.may("print") and not state.ended:
        yield Offer("生成打印", f"/documents?{number}")


def _possible(state: AgreementState, kind: str) -> bool:
    return any(not refusal(state, kind, role) for role in (state.roles if kind in OF_PARTIES else [""]))
