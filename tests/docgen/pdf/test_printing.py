"""Claims about the file for the printer: sets in order, documents on fresh sheets, copies that cost nothing."""

from pathlib import Path

import pikepdf
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from yiyu.docgen.pdf.print_file import PdfPages, print_file, print_order
from yiyu.registry.errors import BadInput, FileFault


def make(path: Path, *texts: str, size: tuple[int, int] = (595, 842), turn: int = 0) -> Path:
    pdf = pikepdf.Pdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for text in texts:
        content = pdf.make_stream(f"BT /F1 12 Tf 40 400 Td ({text}) Tj ET % {text * 200}".encode())
        pdf.pages.append(pikepdf.Page(Dictionary(Type=Name.Page, Contents=content)))
    pdf.Root.Pages.MediaBox, pdf.Root.Pages.Rotate = Array([0, 0, *size]), turn
    pdf.Root.Pages.Resources = Dictionary(Font=Dictionary(F1=font))
    pdf.save(path)
    return path


def texts_of(path: Path) -> list[str]:
    with pypdf.PdfReader(path, strict=True) as reader:
        return [page.extract_text().strip() for page in reader.pages]


COUNTS = st.lists(st.integers(1, 9), min_size=1, max_size=6)


@given(COUNTS, st.integers(1, 5))
def test_one_sided_every_set_is_all_pages_in_order(counts: list[int], copies: int) -> None:
    one_set = [(document, page) for document, count in enumerate(counts) for page in range(count)]
    assert print_order(counts, copies=copies, duplex=False) == one_set * copies


@given(COUNTS, st.integers(1, 5))
def test_two_sided_every_document_starts_on_a_front_and_nothing_else_is_added(counts: list[int], copies: int) -> None:
    order = print_order(counts, copies=copies, duplex=True)
    assert [place for place in order if place] == print_order(counts, copies=copies, duplex=False)
    assert all(at % 2 == 0 for at, place in enumerate(order) if place and place[1] == 0)
    assert order.count(None) == copies * sum(count % 2 for count in counts)
    assert len(order) % 2 == 0


def test_documents_are_printed_in_order_with_blank_backs_and_in_copies(tmp_path: Path) -> None:
    agreement = make(tmp_path / "a.pdf", "a1", "a2", "a3")
    table = make(tmp_path / "b.pdf", "b1", size=(842, 595), turn=90)
    assert print_file([PdfPages(agreement), PdfPages(table)], tmp_path / "out.pdf", copies=2, duplex=True) == 12
    assert texts_of(tmp_path / "out.pdf") == ["a1", "a2", "a3", "", "b1", ""] * 2
    with pypdf.PdfReader(tmp_path / "out.pdf") as reader:
        look = [(*map(int, page.mediabox[2:]), page.rotation) for page in reader.pages]
    assert look == [(595, 842, 0)] * 4 + [(842, 595, 90)] * 2 + [(595, 842, 0)] * 4 + [(842, 595, 90)] * 2


def test_a_fourth_copy_costs_a_few_bytes_a_page(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", "one", "two")
    print_file([PdfPages(source)], tmp_path / "1.pdf")
    print_file([PdfPages(source)], tmp_path / "4.pdf", copies=4)
    assert (tmp_path / "4.pdf").stat().st_size - (tmp_path / "1.pdf").stat().st_size < 6 * 200
    with pikepdf.open(tmp_path / "4.pdf") as pdf:
        assert not pdf.check_pdf_syntax()
        assert len({page.obj.objgen for page in pdf.pages}) == 8


def test_the_same_documents_give_the_same_bytes(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", "one")
    for name in ("x.pdf", "y.pdf"):
        print_file([PdfPages(source)], tmp_path / name, copies=2)
    assert (tmp_path / "x.pdf").read_bytes() == (tmp_path / "y.pdf").read_bytes()


def test_nothing_to_print_is_bad_input_and_a_damaged_source_a_file_fault(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有要打印的内容"):
        print_file([], tmp_path / "out.pdf")
    with pytest.raises(BadInput, match="没有要打印的内容"):
        print_file([PdfPages(make(tmp_path / "a.pdf", "a"))], tmp_path / "out.pdf", copies=0)
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(FileFault, match=r"坏\.pdf"):
        print_file([PdfPages(make(tmp_path / "a.pdf", "a")), PdfPages(tmp_path / "坏.pdf")], tmp_path / "out.pdf")
    assert not (tmp_path / "out.pdf").exists()
