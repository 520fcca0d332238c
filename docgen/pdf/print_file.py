"""What is stamped, as one file for the printer: whole sets of documents, each from the front of a sheet."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

from yiyu.docgen.pdf.pdf_a import make_pdf_a
from yiyu.docgen.pdf.source import sound_pdf
from yiyu.docgen.pdf.stamp import MARK, MARKS_OF_OTHERS, raw_bytes, show_as
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


@dataclass(frozen=True, slots=True)
class PdfPages:
    """Pages of a PDF: ``count`` from ``first`` on, which is counted from 0; None: all that follow."""

    path: Path
    first: int = 0
    count: int | None = None


def named_pages(path: Path, names: Sequence[str]) -> list[int]:
    """On which page, from 0, each name leads, and the number of pages behind them; empty where one is not there.

    Raises FileFault for a PDF that is not sound.
    """
    with sound_pdf(path) as pdf:
        numbers: dict[tuple[int, int], int] = {page.obj.objgen: at for at, page in enumerate(pdf.pages)}
        places = pdf.Root.get("/Dests", Dictionary())
        found = [numbers.get(places[f"/{name}"][0].objgen) for name in names if f"/{name}" in places]
        known = [at for at in found if at is not None]
        return [*known, len(pdf.pages)] if len(known) == len(names) and known == sorted(set(known)) else []


def _of_copy(page: pikepdf.Object, which: int) -> pikepdf.Object:
    """The page as it is in the copy ``which``, from 0: with the mark of that one, if it was stamped for several."""
    own = copy.copy(page)
    if MARKS_OF_OTHERS in own:
        del own[MARKS_OF_OTHERS]
        if which:
            show_as(own, MARK, page[MARKS_OF_OTHERS][which - 1])
    return own


def print_file(
    sources: Sequence[PdfPages], out: Path, *, copies: int = 1, duplex: bool = False, pdfa: bool = False
) -> int:
    """Write the stamped ``sources`` to ``out`` in print order, as PDF/A-2b if asked; the number of pages, blank ones included.

    Copies share all but their marks, so that a fourth one adds little to the file. The same input gives the same bytes. Raises BadInput for no sources or no copies, FileFault for a source that is not sound, or cannot be PDF/A.
    """
    if not sources or copies < 1:
        raise BadInput("没有要打印的内容", remedy="请至少给出一份文书，份数不少于 1")
    bound = pikepdf.Pdf.new()
    copied: dict[Path, list[pikepdf.Object]] = {}
    for path in dict.fromkeys(one.path for one in sources):
        with sound_pdf(path) as source:
            copied[path] = [bound.copy_foreign(page.obj) for page in source.pages]
    documents = [copied[one.path][one.first : None if one.count is None else one.first + one.count] for one in sources]
    order = print_order([len(pages) for pages in documents], copies=copies, duplex=duplex)
    # The tree by hand, because ``pages.append`` costs more per page as the file grows.
    kids: list[pikepdf.Object] = []
    for at, place in enumerate(order):
        if place is None:
            page: pikepdf.Object = Dictionary(
                Type=Name.Page, MediaBox=kids[-1].MediaBox, Rotate=kids[-1].get("/Rotate", 0)
            )
        else:
            page = _of_copy(documents[place[0]][place[1]], at * copies // len(order))
        kids.append(bound.make_indirect(page))
    tree = bound.make_indirect(Dictionary(Type=Name.Pages, Kids=Array(kids), Count=len(kids)))
    for kid in kids:
        kid.Parent = tree
    bound.Root.Pages = tree
    if pdfa:
        make_pdf_a(bound, out.name)
    write_atomic(out, raw_bytes(bound))
    return len(kids)
