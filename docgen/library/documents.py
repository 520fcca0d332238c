"""Documents and what concerns the office as a whole: the actions that no group of commands holds."""

from collections.abc import Sequence
from pathlib import Path

from yiyu.docgen.documents.generating import GenerateResult
from yiyu.docgen.documents.generating import generate as generate_documents
from yiyu.docgen.documents.printing import Printed, print_agreements
from yiyu.registry.agreements.listing import numbers_in_scope
from yiyu.registry.errors import BadInput
from yiyu.registry.model import DocKind
from yiyu.registry.session import OfficeSession, Progress, unwatched


def generate(
    office: OfficeSession,
    numbers: Sequence[str] = (),
    *,
    kinds: Sequence[DocKind] = (),
    missing: bool = False,
    pdf: bool = False,
    out: Path | None = None,
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> GenerateResult:
    """Fill the Word documents of the agreements named, or of all that lack one, under ``output/年度/旗区/``.

    ``kinds``: only these (none: all). ``missing``: only those that are not there. ``pdf``: a PDF beside each. ``out``: a
    folder that gets a copy of each. What could not be made is told in ``failed``, the rest stands.
    Raises NotFound for an unknown number, TemplateFault for a template that cannot be filled.
    """
    return generate_documents(
        office, numbers, kinds=kinds, missing=missing, pdf=pdf, out=out, dry_run=dry_run, progress=progress
    )


def print_(
    office: OfficeSession,
    numbers: Sequence[str],
    out: Path,
    *,
    kinds: Sequence[DocKind] = (),
    copies: int = 1,
    duplex: bool = False,
    pdfa: bool = False,
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> Printed:
    """Write one PDF to print: the documents of the agreements named, each page with its code, ``copies`` times.

    Without numbers those of the part a view is limited to. ``duplex``: each document begins on a new sheet. ``pdfa``: as
    PDF/A-2b. Raises NotFound for an unknown number, BadInput where nothing is named, ProgramFault without a program that
    converts.
    """
    if not numbers and office.scope.whole:
        raise BadInput(
            "没有写要打印哪些协议", where="numbers", remedy="请给出协议编号，或先用 view 限定旗区、乡镇或机构"
        )
    chosen = numbers_in_scope(office, numbers)
    return print_agreements(
        office, chosen, out, kinds=kinds, copies=copies, duplex=duplex, pdfa=pdfa, dry_run=dry_run, progress=progress
    )
