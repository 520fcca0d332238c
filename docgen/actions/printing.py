"""One file for the printer: the documents of agreements as PDF, every page saying what it is."""

import functools
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.page_code import mark
from yiyu.docgen.pdf.convert import convert
from yiyu.docgen.pdf.printing import print_file
from yiyu.docgen.pdf.stamp import stamp
from yiyu.registry.actions.lookup import numbers_to_ids
from yiyu.registry.desk import Desk
from yiyu.registry.errors import FileFault, NotFound
from yiyu.registry.model import DOC_KIND_LABEL, DocKind
from yiyu.registry.store.documents import DocumentRow, current_documents


@dataclass(frozen=True, slots=True)
class Printed:
    """``documents`` were put in, ``pages`` come out of the printer, blank backs and copies included."""

    documents: int
    pages: int


def print_agreements(
    desk: Desk,
    numbers: Sequence[str],
    out: Path,
    *,
    kinds: Sequence[DocKind] = (),
    copies: int = 1,
    duplex: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Printed:
    """Write agreement, service list and record sheet of each number to ``out``, in this order, ``copies`` times.

    Raises NotFound for a document not yet generated, FileFault for one whose file is gone or changed, ProgramFault
    without a PDF engine. ``out`` is written whole or not at all.
    """
    rows = [(number, row) for number in numbers for row in _documents(desk, number, kinds or tuple(DocKind))]
    with tempfile.TemporaryDirectory(prefix="yiyu-") as folder:
        paths = [desk.workspace.root / row.path for _, row in rows]
        pdfs = convert(paths, Path(folder), progress=progress)
        stamped = []
        for order, ((number, row), path) in enumerate(zip(rows, paths, strict=True)):
            pdf = pdfs[path]
            if not isinstance(pdf, Path):
                raise pdf
            target = Path(folder) / f"{order}.stamped.pdf"
            title = DOC_KIND_LABEL[DocKind(row.kind)]
            stamp(pdf, target, functools.partial(mark, number=number, kind=row.kind, title=title, version=row.version))
            stamped.append(target)
        return Printed(len(stamped), print_file(stamped, out, copies=copies, duplex=duplex))


def _documents(desk: Desk, number: str, kinds: Sequence[DocKind]) -> list[DocumentRow]:
    key = numbers_to_ids(desk, [number])[number]
    current = current_documents(desk.db)
    found = []
    for kind in kinds:
        row = current.get((key, kind))
        if row is None:
            raise NotFound(f"协议 {number} 还没有{DOC_KIND_LABEL[kind]}", remedy=f"请先运行 yiyu generate {number}")
        if not (desk.workspace.root / row.path).is_file():
            raise FileFault("登记过的文书不在了", where=row.path, remedy="请先运行 yiyu generate --missing")
        found.append(row)
    return found
