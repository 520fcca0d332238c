"""The papers of a dossier: which there are, each as a PDF whatever it came as, and why some are not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.archive.received_files import digest
from yiyu.docgen.archive.volumes import bound_documents
from yiyu.docgen.documents.pdf_results import PdfRequest, Progress, papers
from yiyu.docgen.pdf.convert import convert
from yiyu.docgen.pdf.source import sound_pdf
from yiyu.docgen.scans.binding import ScannedPage, bind
from yiyu.registry.errors import FileFault, ProgramFault, UserError
from yiyu.registry.model import DOC_KIND_LABEL, DocKind
from yiyu.registry.reports.dossiers import Dossier
from yiyu.registry.rules.activities import EVIDENCE_LABEL
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.record_sheets import DocumentRow, plain_documents, record_sheets
from yiyu.registry.store.scans import BoundRow
from yiyu.registry.store.standings import AgreementStatus

_PICTURES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif")
APART = "原件另附"
"""How the reason ends of what lies in the folder as it is."""
_OWN = (DocKind.AGREEMENT, DocKind.SERVICE_LIST)


@dataclass(frozen=True, slots=True)
class Material:
    """One paper. ``path`` is what the archive holds of it, with its recorded SHA-256; ``row`` what was generated.

    Neither: it is missing, ``why`` says so. ``dated`` as a catalogue prints it.
    """

    title: str
    dated: str = ""
    path: Path | None = None
    sha256: str = ""
    row: DocumentRow | None = None
    number: str = ""
    why: str = ""


class Materials:
    """Finds the papers of one dossier after another; the registry is asked once."""

    def __init__(self, office: OfficeSession, dossiers: Sequence[Dossier]) -> None:
        ids = {one.agreement.id for dossier in dossiers for one in dossier.agreements}
        self._root = office.workspace.root
        self._bound, self._made = bound_documents(office, ids), plain_documents(office.db, ids)
        self._visits = {(one.number, one.version): one.activity for one in record_sheets(office.db, ids)}

    def of(self, dossier: Dossier) -> Iterator[Material]:
        """Agreements with their lists, record sheets by agreement, then evidence by day."""
        days = {one.activity.number: str(one.activity.on) for one in dossier.activities}
        for one in dossier.agreements:
            bound = self._bound.get(one.agreement.id, [])
            for kind in _OWN:
                yield self._own(one, kind, next((row for row in bound if row.kind == kind), None))
            for row in bound:
                if row.kind == DocKind.ACTIVITY_RECORD:
                    visit = self._visits.get((one.agreement.number, row.version), "")
                    title = f"{DOC_KIND_LABEL[DocKind.ACTIVITY_RECORD]} {visit or one.agreement.number}"
                    yield Material(title, days.get(visit, row.made_at[:10]), self._root / row.path, row.sha256)
        for listed in dossier.activities:
            activity = listed.activity
            for kept in activity.evidence:
                title = f"{EVIDENCE_LABEL[kept.kind]} {activity.number} {activity.form}"
                yield Material(title, str(activity.on), self._root / kept.path, kept.sha256)

    def _own(self, one: AgreementStatus, kind: DocKind, bound: BoundRow | None) -> Material:
        number = one.agreement.number
        title, day = f"{DOC_KIND_LABEL[kind]} {number}", str(one.state.signed_on or "")
        if bound is not None:
            return Material(title, day or bound.made_at[:10], self._root / bound.path, bound.sha256)
        row = self._made.get((one.agreement.id, kind))
        if row is None:
            return Material(title, why=f"还没有生成；yiyu generate {number}")
        return Material(f"{title}（生成的文本）", row.made_at[:10], row=row, number=number)


def as_pdfs(
    office: OfficeSession, wanted: Sequence[Material], folder: Path, *, progress: Progress
) -> list[tuple[Path, int] | str]:
    """Each as a PDF with its pages, or why it is not one; what is converted stands in ``folder``.

    Raises ProgramFault where this machine has no PDF engine or no Chinese font.
    """
    found: dict[int, Path | str] = {}
    requests = {
        at: PdfRequest(one.number, one.row, folder / f"{at}.pdf")
        for at, one in enumerate(wanted)
        if one.row is not None
    }
    for at, made in zip(
        requests, papers(office.workspace.root, list(requests.values()), progress=progress), strict=True
    ):
        found[at] = made.wanted.target if made.error is None else made.error.what
    texts: dict[int, Path] = {}
    for at, one in enumerate(wanted):
        if at in found:
            continue
        found[at] = reason = one.why or _altered(one)
        if not reason and one.path is not None:
            if one.path.suffix.lower() == ".docx":
                texts[at] = one.path
            else:
                found[at] = _bound(one.path, folder / f"{at}.pdf")
    converted = convert(list(texts.values()), folder / "converted") if texts else {}
    for at, path in texts.items():
        made_of = converted[path]
        found[at] = made_of.what if isinstance(made_of, UserError) else made_of
    return [_counted(found[at]) for at in range(len(wanted))]


def _altered(one: Material) -> str:
    if one.path is None or not one.path.is_file():
        return "存档的文件不在了；请用 yiyu check 核对"
    return "" if one.sha256 in ("", digest(one.path)) else "与登记的校验值不符；请用 yiyu check 核对"


def _bound(path: Path, target: Path) -> Path | str:
    """The PDF itself, or a picture as a page."""
    if path.suffix.lower() == ".pdf":
        return path
    if path.suffix.lower() not in _PICTURES:
        return f"{path.suffix} 文件不能转成 PDF，{APART}"
    try:
        bind([ScannedPage(path, 1)], target)
    except (FileFault, ProgramFault) as fault:
        return f"{fault.what}，{APART}"
    return target


def _counted(made: Path | str) -> tuple[Path, int] | str:
    if isinstance(made, str):
        return made
    try:
        with sound_pdf(made, signed_too=True) as pdf:
            return made, len(pdf.pages)
    except FileFault as fault:
        return fault.what
