"""The differences of scans as a sheet for the person who judges them: picture, print and reading, and the command."""

from collections.abc import Sequence

from yiyu.docgen.archive.unplaced_pages import save_problem_sheet
from yiyu.docgen.scans.contact_sheet import Cell, contact_sheet
from yiyu.docgen.scans.difference import DIFFERENCE_LABEL, DifferenceKind
from yiyu.registry.model import DOC_KIND_LABEL, DocKind
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.comparisons import DifferenceRow, difference_picture

MOST = 400
"""Differences on one sheet; whoever has more has scanned something else."""


def place(one: DifferenceRow) -> str:
    """Where a difference is, for people."""
    return f"{DOC_KIND_LABEL[DocKind(one.document)]}第 {one.page} 页"


def sheet_of(office: OfficeSession, rows: Sequence[DifferenceRow]) -> bytes:
    """A PDF with a picture of each difference, what was printed and what was read there, and the command to accept it."""
    return contact_sheet(
        f"扫描件与打印文书的差异（{len(rows)} 处）：请对照原件逐处认可或不认可",
        [
            Cell(
                difference_picture(office.db, one.id),
                (
                    f"第 {one.id} 处　{one.number} {place(one)}　{DIFFERENCE_LABEL[DifferenceKind(one.kind)]}",
                    f"打印：{one.printed}",
                    f"读出：{one.read}",
                    "看过原件，认可用下面的命令；不认可把 --accept 换成 --reject：",
                ),
                (f"yiyu archive judge {one.id} --accept",),
            )
            for one in rows[:MOST]
        ],
    )


def save_sheet(office: OfficeSession, rows: Sequence[DifferenceRow]) -> str:
    """Write the sheet to ``problems``, and give its path from the workspace; "" where there is nothing to judge."""
    return save_problem_sheet(office, "差异", sheet_of(office, rows)) if rows else ""
