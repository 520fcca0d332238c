"""One PDF for the printer: documents in order, copy after copy, each document starting on a fresh sheet."""

import copy
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

from yiyu.docgen.pdf.source import sound_pdf
from yiyu.docgen.pdf.stamp import raw_bytes
from yiyu.registry.errors import BadInput
from yiyu.registry.files import write_atomic


def print_order(pages: Sequence[int], *, copies: int, duplex: bool) -> list[tuple[int, int] | None]:
    """Which page of which document is printed when, both from 0; None is a blank back.

    ``pages`` holds the number of pages of each document. Whole sets follow one another (一式 ``copies`` 份), and with
    ``duplex`` a document of odd length is padded, so that no document begins on the back of another.
    """
    one_set: list[tuple[int, int] | None] = []
    for document, count in enumerate(pages):
        one_set += [(document, page) for page in range(count)]
        if duplex and count % 2:
            one_set.append(None)
    return one_set * copies


def print_file(sources: Sequence[Path], out: Path, *, copies: int = 1, duplex: bool = False) -> int:
    """Write the stamped ``sources`` to ``out`` in print order; the number of pages, blank ones included.

    Copies share their content, so that a fourth one adds next to nothing to the file. The same input gives the same
    bytes. Raises BadInput for no sources or no copies, FileFault for a source that is not sound.
    """
    if not sources or copies < 1:
        raise BadInput("没有要打印的内容", remedy="请至少给出一份文书，份数不少于 1")
    bound = pikepdf.Pdf.new()
    documents: list[list[pikepdf.Object]] = []
    for path in sources:
        with sound_pdf(path) as source:
            documents.append([bound.copy_foreign(page.obj) for page in source.pages])
    order = print_order([len(pages) for pages in documents], copies=copies, duplex=duplex)
    # The tree by hand, because ``pages.append`` costs more per page as the file grows.
    kids: list[pikepdf.Object] = []
    for place in order:
        if place is None:
            page: pikepdf.Object = Dictionary(
                Type=Name.Page, MediaBox=kids[-1].MediaBox, Rotate=kids[-1].get("/Rotate", 0)
            )
        else:
            page = copy.copy(documents[place[0]][place[1]])
        kids.append(bound.make_indirect(page))
    tree = bound.make_indirect(Dictionary(Type=Name.Pages, Kids=Array(kids), Count=len(kids)))
    for kid in kids:
        kid.Parent = tree
    bound.Root.Pages = tree
    write_atomic(out, raw_bytes(bound))
    return len(kids)
