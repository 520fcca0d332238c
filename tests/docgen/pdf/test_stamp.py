"""Claims about page codes on paper: on every page its own, in the margin, upright, and nothing else changed."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from yiyu.docgen.page_code import Mark, mark
from yiyu.docgen.pdf.print_file import PdfPages, print_file
from yiyu.docgen.pdf.stamp import Stamping, stamp
from yiyu.docgen.scans.codes import find_codes
from yiyu.registry.errors import ExitCode, FileFault, TemplateFault, UserError

MARK = functools.partial(mark, number="150627-2026-JC-0001", kind="agreement", title="协议书", version=1)
PX = 8
"""Pixels to a millimetre in pictures that are measured."""
Change = Callable[[pikepdf.Pdf], object]


def make(
    path: Path, pages: int = 1, *, box: tuple[float, ...] = (0, 0, 595, 842), change: Change | None = None
) -> Path:
    """Pages with a line of text at the left edge of the 版心 of an upright A4 page; font and box on the page tree."""
    pdf = pikepdf.Pdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for number in range(1, pages + 1):
        content = f"BT /F1 16 Tf 80 700 Td (Page {number}) Tj ET".encode()
        pdf.pages.append(pikepdf.Page(Dictionary(Type=Name.Page, Contents=pdf.make_stream(content))))
    pdf.Root.Pages.MediaBox = Array(box)
    pdf.Root.Pages.Resources = pdf.make_indirect(Dictionary(Font=Dictionary(F1=pdf.make_indirect(font))))
    if change is not None:
        change(pdf)
    pdf.save(path)
    return path


def stamped(source: Path, out: Path, mark: Callable[[int, int], Mark]) -> int:
    (done,) = stamp([Stamping(source, out, mark)])
    if isinstance(done, UserError):
        raise done
    return done


def seen(path: Path, *, dpi: float = 25.4 * PX) -> list[Image.Image]:
    with path.open("rb") as stream:
        document = pypdfium2.PdfDocument(stream)
        pictures = [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]
        document.close()
    return pictures


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    """The box of everything dark."""
    box = picture.point([255 if level < 128 else 0 for level in range(256)]).getbbox()
    assert box is not None
    return box


Edges = tuple[float, ...]


def marks(before: Path, after: Path) -> list[tuple[Edges, Edges | None]]:
    """Where each page has ink that it had not before: left, top, right, bottom in mm. First the mark that has a line, then the other."""
    from PIL import ImageChops

    found: list[tuple[Edges, Edges | None]] = []
    for old, new in zip(seen(before), seen(after), strict=True):
        added = ImageChops.add(new, ImageChops.invert(old))
        ends = []
        for top in (0, added.height // 2):
            half = added.crop((0, top, added.width, top + added.height // 2))
            if half.getextrema()[0] < 128:
                left, upper, right, lower = ink(half)
                ends.append(tuple(edge / PX for edge in (left, upper + top, right, lower + top)))
        first, *other = sorted(ends, key=lambda box: box[0] - box[2])
        found.append((first, other[0] if other else None))
    return found


def mark_only(before: Path, after: Path) -> list[Edges]:
    """Where the mark with a line is on each page."""
    return [first for first, _ in marks(before, after)]


def test_every_page_bears_its_own_code_for_the_reader_and_for_the_eye(tmp_path: Path) -> None:
    out = tmp_path / "neu" / "out.pdf"
    assert stamped(make(tmp_path / "a.pdf", 5), out, MARK) == 5
    assert [find_codes(page).texts for page in seen(out)] == [(MARK(n, 5).code,) for n in range(1, 6)]
    with pypdf.PdfReader(out) as reader:
        for number, page in enumerate(reader.pages, start=1):
            text = " ".join(page.extract_text().split())
            assert f"Page {number}" in text
            assert f"150627-2026-JC-0001 协议书 第{number}页/共5页 v1" in text


def test_a_code_is_read_at_100_dots_an_inch(tmp_path: Path) -> None:
    stamped(make(tmp_path / "a.pdf"), tmp_path / "out.pdf", MARK)
    [picture] = seen(tmp_path / "out.pdf", dpi=100)
    assert find_codes(picture).texts == (MARK(1, 1).code,)


def test_the_mark_is_15_mm_high_above_the_text_and_clear_of_staples_seal_and_filing_stamp(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf")
    stamped(source, tmp_path / "out.pdf", MARK)
    [(left, top, right, bottom)] = mark_only(source, tmp_path / "out.pdf")
    assert (left, top, bottom) == pytest.approx((24, 10, 25.1), abs=0.3)
    assert bottom < 37, "the text begins at 37 mm"
    assert right < (210 - 45) / 2, "the filing stamp is 45 mm wide at the top centre"


def test_the_code_stands_once_more_in_the_corner_across(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", 2)
    stamped(source, tmp_path / "out.pdf", MARK)
    second = pytest.approx((210 - 24 - 15.1, 297 - 10 - 15.1, 210 - 24, 297 - 10), abs=0.3)
    assert [box for _, box in marks(source, tmp_path / "out.pdf")] == [second, second]


@pytest.mark.parametrize("covered", [0, 1])
def test_a_page_covered_at_one_end_is_read_from_the_other(tmp_path: Path, covered: int) -> None:
    stamped(make(tmp_path / "a.pdf"), tmp_path / "out.pdf", MARK)
    [picture] = seen(tmp_path / "out.pdf", dpi=150)
    half = picture.height // 2
    picture.paste(90, (0, covered * half, picture.width, (covered + 1) * half))
    found = find_codes(picture)
    assert (found.texts, found.turn) == ((MARK(1, 1).code,), 0)


@pytest.mark.parametrize(
    ("taken", "where"),
    [(["BOTTOM_RIGHT"], (24, 297 - 25.1)), (["BOTTOM_RIGHT", "BOTTOM_LEFT"], None)],
)
def test_the_second_code_keeps_off_what_is_printed(
    tmp_path: Path, taken: list[str], where: tuple[float, float] | None
) -> None:
    """On one page a footer stands where it would: on all pages it goes elsewhere, or that page has one code."""

    def change(pdf: pikepdf.Pdf) -> None:
        for name in taken:
            for y in (20, 50):
                _write(pdf.pages[1], {"BOTTOM_RIGHT": 430, "BOTTOM_LEFT": 80}[name], y)

    source = make(tmp_path / "a.pdf", 3, change=change)
    stamped(source, tmp_path / "out.pdf", MARK)
    found = [box and box[:2] for _, box in marks(source, tmp_path / "out.pdf")]
    usual = pytest.approx((210 - 24 - 15.1, 297 - 25.1), abs=0.3)
    assert found == ([pytest.approx(where, abs=0.3)] * 3 if where else [usual, None, usual])


@pytest.mark.parametrize("turn", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize("crop", [None, (30, 50, 560, 800), (-50, -50, 700, 900), (560, 800, 30, 50)])
def test_a_turned_or_cropped_page_is_marked_as_it_is_seen(
    tmp_path: Path, turn: int, crop: tuple[float, ...] | None
) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Pages.Rotate = turn
        if crop:
            pdf.Root.Pages.CropBox = Array(crop)

    source = make(tmp_path / "a.pdf", box=(10, 20, 605, 862), change=change)
    stamped(source, tmp_path / "out.pdf", MARK)
    [picture] = seen(tmp_path / "out.pdf")
    found = find_codes(picture)
    assert (found.texts, found.turn) == ((MARK(1, 1).code,), 0)
    [(left, top, _, bottom)] = mark_only(source, tmp_path / "out.pdf")
    assert left == pytest.approx(24, abs=0.3)
    assert top == pytest.approx(10, abs=0.3) or bottom == pytest.approx(picture.height / PX - 10, abs=0.5)


def _write(page: pikepdf.Page, x: float, y: float) -> None:
    page.contents_add(f"BT /F1 12 Tf {x} {y} Td (there is text here) Tj ET".encode())


TOP_LEFT, BOTTOM_LEFT, TOP_RIGHT, BOTTOM_RIGHT = (100, 790), (100, 50), (400, 790), (400, 50)


@pytest.mark.parametrize(
    ("taken", "corner"),
    [
        ([TOP_LEFT], (False, True)),
        ([TOP_LEFT, BOTTOM_LEFT], (True, False)),
        ([TOP_LEFT, BOTTOM_LEFT, TOP_RIGHT], (True, True)),
        ([TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT], (False, False)),
    ],
)
def test_a_mark_goes_to_a_corner_without_text(
    tmp_path: Path, taken: list[tuple[int, int]], corner: tuple[bool, bool]
) -> None:
    source = make(tmp_path / "a.pdf", change=lambda pdf: [_write(pdf.pages[0], *at) for at in taken])
    stamped(source, tmp_path / "out.pdf", MARK)
    [(left, top, right, _)] = mark_only(source, tmp_path / "out.pdf")
    assert (left > 105, top > 148) == corner
    assert right <= 210 - 24 + 0.3
    [picture] = seen(tmp_path / "out.pdf")
    assert find_codes(picture).texts == (MARK(1, 1).code,)


def test_on_all_pages_of_a_document_the_mark_stands_in_one_place_if_it_can(tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        _write(pdf.pages[1], *TOP_LEFT)
        for at in (TOP_LEFT, BOTTOM_LEFT):
            _write(pdf.pages[3], *at)

    source = make(tmp_path / "a.pdf", 4, change=change)
    stamped(source, tmp_path / "one.pdf", MARK)
    assert [(left > 105, top > 148) for left, top, *_ in mark_only(source, tmp_path / "one.pdf")] == [(True, False)] * 4
    stamp([Stamping(source, tmp_path / "two.pdf", MARK, documents=(1, 3))])
    places = [(left > 105, top > 148) for left, top, *_ in mark_only(source, tmp_path / "two.pdf")]
    assert places == [(False, False), *[(True, False)] * 3]


def test_a_form_with_a_low_title_is_marked_closer_to_the_edge(tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        for y in (760, 30):  # 26 mm from the top, 10 from the bottom
            for x in (60, 300, 400):
                _write(pdf.pages[0], x, y)

    source = make(tmp_path / "a.pdf", change=change)
    stamped(source, tmp_path / "out.pdf", MARK)
    [(left, top, _, _)] = mark_only(source, tmp_path / "out.pdf")
    assert (left, top) == pytest.approx((24, 6), abs=0.3)


def test_a_page_without_a_blank_corner_is_refused_by_number_and_nothing_is_written(tmp_path: Path) -> None:
    corners = [(x, y) for x in (60, 400) for y in (20, 60, 780, 810)]
    source = make(tmp_path / "满页.pdf", 3, change=lambda pdf: [_write(pdf.pages[1], *at) for at in corners])
    (tmp_path / "out.pdf").write_bytes(b"before")
    with pytest.raises(TemplateFault, match=r"第 2 页的四角.*满页\.pdf"):
        stamped(source, tmp_path / "out.pdf", MARK)
    assert (tmp_path / "out.pdf").read_bytes() == b"before"


def test_what_was_on_the_page_stays_as_the_bytes_it_was(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", 2)
    stamped(source, tmp_path / "out.pdf", MARK)
    with pikepdf.open(source) as before, pikepdf.open(tmp_path / "out.pdf") as after:
        for old, new in zip(before.pages, after.pages, strict=True):
            assert old.obj.Contents.read_raw_bytes() in [part.read_raw_bytes() for part in new.obj.Contents]


def test_what_a_page_leaves_unfinished_does_not_move_the_mark(tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(b"q 0.5 0 0 0.5 100 100 cm 1 0 0 rg q", prepend=True)

    stamped(make(tmp_path / "a.pdf", change=change), tmp_path / "out.pdf", MARK)
    [picture] = seen(tmp_path / "out.pdf")
    assert find_codes(picture).texts == (MARK(1, 1).code,)


def test_pages_that_share_their_resources_do_not_share_their_marks(tmp_path: Path) -> None:
    def share(pdf: pikepdf.Pdf) -> None:
        shared = pdf.make_indirect(Dictionary(XObject=pdf.make_indirect(Dictionary())))
        for page in pdf.pages:
            page.obj.Resources = shared

    stamped(make(tmp_path / "a.pdf", 3, change=share), tmp_path / "out.pdf", MARK)
    found = [find_codes(page).texts for page in seen(tmp_path / "out.pdf")]
    assert found == [(MARK(n, 3).code,) for n in (1, 2, 3)]


def test_the_same_document_converted_on_another_day_gives_the_same_bytes(tmp_path: Path) -> None:
    def made_at(when: str) -> Change:
        def change(pdf: pikepdf.Pdf) -> None:
            pdf.docinfo["/CreationDate"] = f"D:{when}Z"
            pdf.docinfo["/Title"] = "合作协议书"
            pdf.trailer.DocChecksum = Name(f"/{when}")
            pdf.Root.Metadata = pdf.make_stream(f"<x>{when}</x>".encode())

        return change

    for when in ("20260301080000", "20260302093000"):
        stamped(make(tmp_path / f"{when}.pdf", change=made_at(when)), tmp_path / f"out{when}.pdf", MARK)
    one, two = sorted(tmp_path.glob("out*.pdf"))
    assert one.read_bytes() == two.read_bytes()
    with pikepdf.open(one) as pdf:
        assert str(pdf.docinfo["/Title"]) == "合作协议书"


def test_a_source_that_is_not_sound_is_a_file_fault(tmp_path: Path) -> None:
    (tmp_path / "空.pdf").touch()
    with pytest.raises(FileFault, match=r"空文件.*空\.pdf") as caught:
        stamped(tmp_path / "空.pdf", tmp_path / "out.pdf", MARK)
    assert caught.value.exit_code is ExitCode.FILE
    assert [path.name for path in tmp_path.iterdir()] == ["空.pdf"]


def test_the_line_for_the_eye_is_embedded_and_the_file_is_sound(tmp_path: Path) -> None:
    stamped(make(tmp_path / "a.pdf", 2), tmp_path / "out.pdf", MARK)
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert not pdf.check_pdf_syntax()
        fonts: list[Any] = [page.obj.Resources.XObject.YiyuMark.Resources.Font.F1 for page in pdf.pages]
        assert all("/FontFile2" in font.DescendantFonts[0].FontDescriptor for font in fonts)
        assert len({font.objgen for font in fonts}) == 1


def test_a_document_gives_the_same_bytes_in_whatever_company(tmp_path: Path) -> None:
    other = functools.partial(mark, number="东胜-2026-1", kind="agreement", title="协议书", version=1)
    source = make(tmp_path / "a.pdf", 2)
    stamped(source, tmp_path / "alone.pdf", MARK)
    others = [Stamping(make(tmp_path / "b.pdf"), tmp_path / f"b{n}.pdf", one) for n, one in enumerate((MARK, other))]
    stamp([others[0], Stamping(source, tmp_path / "among.pdf", MARK), others[1]])
    assert (tmp_path / "alone.pdf").read_bytes() == (tmp_path / "among.pdf").read_bytes()


def test_one_that_cannot_be_marked_stops_no_other(tmp_path: Path) -> None:
    corners = [(x, y) for x in (60, 400) for y in (20, 60, 780, 810)]
    full = make(tmp_path / "满页.pdf", 2, change=lambda pdf: [_write(pdf.pages[1], *at) for at in corners])
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7 no more")
    sources = (make(tmp_path / "a.pdf"), full, tmp_path / "坏.pdf", make(tmp_path / "b.pdf", 2))
    done = stamp([Stamping(one, tmp_path / f"out{at}.pdf", MARK) for at, one in enumerate(sources)])
    assert [one if isinstance(one, int) else type(one) for one in done] == [1, TemplateFault, FileFault, 2]
    assert [find_codes(page).texts for page in seen(tmp_path / "out3.pdf")] == [(MARK(n, 2).code,) for n in (1, 2)]


def test_each_copy_has_its_own_number_in_its_codes_and_for_the_eye_and_costs_no_page_again(tmp_path: Path) -> None:
    source, copies = make(tmp_path / "a.pdf", 3), ("7K3Q", "M2X9", "0004")
    assert stamp([Stamping(source, tmp_path / "marked.pdf", MARK, copies=copies)]) == [3]
    print_file([PdfPages(tmp_path / "marked.pdf")], tmp_path / "out.pdf", copies=3, duplex=True)
    found = [find_codes(page).texts for page in seen(tmp_path / "out.pdf")]
    assert found == [
        one for copy in copies for one in [*((MARK(page, 3).of_copy(copy).code,) for page in (1, 2, 3)), ()]
    ]
    with pypdf.PdfReader(tmp_path / "out.pdf", strict=True) as reader:
        assert [copy for page in reader.pages for copy in copies if f"份号 {copy}" in page.extract_text()] == [
            copy for copy in copies for _ in range(3)
        ]
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        first, fifth = pdf.pages[0].obj, pdf.pages[4].obj
        assert [one.objgen for one in first.Contents] == [one.objgen for one in fifth.Contents]
        assert not [key for page in pdf.pages for key in map(str, page.obj) if key.startswith("/Yiyu")]
