"""Claims about the PDF that is written as its sources pass by: every object arrives, under its new number."""

import hashlib
import io
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String

from yiyu.docgen.pdf import writing
from yiyu.docgen.pdf.writing import Writer, reference, spelled
from yiyu.registry.errors import FileFault

TRICKY = st.one_of(
    st.binary(max_size=30),
    st.lists(st.sampled_from([b"1 0 R", b"(", b")", b"\\", b"<", b">", b"\n", b" 7 0 R ", b"endobj"])).map(b"".join),
)


def joined(*sources: pikepdf.Pdf) -> bytes:
    stream = io.BytesIO()
    writer = Writer(stream)
    pages = [number for source in sources for number in writer.copy(source)]
    assert writer.finish(pages, b"") == hashlib.sha256(stream.getvalue()).hexdigest()
    return stream.getvalue()


def reopened(data: bytes) -> pikepdf.Pdf:
    """Open what was written, demanding that qpdf finds nothing to complain of in any object."""
    pdf = pikepdf.open(io.BytesIO(data))
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream):
            one.read_raw_bytes()
    assert not pdf.get_warnings()
    return pdf


def page_with(pdf: pikepdf.Pdf, **entries: object) -> None:
    basic = {"Type": Name.Page, "MediaBox": Array([0, 0, 9, 9]), "Resources": Dictionary()}
    contents = pdf.make_stream(b"q Q")
    pdf.pages.append(pikepdf.Page(Dictionary(**{**basic, "Contents": contents, **entries})))


@given(st.lists(TRICKY, max_size=6), st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=8))
def test_strings_and_names_arrive_whatever_they_look_like(texts: list[bytes], name: str) -> None:
    pdf = pikepdf.new()
    other = pdf.make_indirect(Dictionary(Here=True))
    mixed = [part for text in texts for part in (String(text), other, 7, 0)]
    page_with(pdf, Yiyu=Array(mixed))
    pdf.pages[0].obj[f"/x{name}"] = Array([0, other, Name(f"/12 0 R{name}")])
    with reopened(joined(pdf, pdf)) as made:
        assert len(made.pages) == 2
        for page in made.pages:
            kept = page.obj.Yiyu.as_list()
            assert [bytes(one) for one in kept[::4]] == texts
            assert all(one.Here for one in kept[1::4])
            assert all(kept[at : at + 2] == [7, 0] for at in range(2, len(kept), 4))
            assert page.obj[f"/x{name}"][1].Here
            assert str(page.obj[f"/x{name}"][2]) == f"/12 0 R{name}"


def test_a_stream_says_its_own_length_even_where_the_source_says_it_elsewhere(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    page_with(pdf)
    pdf.save(tmp_path / "a.pdf", compress_streams=False)
    data = (tmp_path / "a.pdf").read_bytes()
    for source in (pdf, pikepdf.open(io.BytesIO(data))):
        with reopened(joined(source)) as made:
            assert made.pages[0].Contents.read_bytes() == b"q Q"


def test_two_pages_that_share_a_picture_still_share_it() -> None:
    pdf = pikepdf.new()
    picture = pdf.make_stream(bytes(5000), Type=Name.XObject, Subtype=Name.Image)
    for _ in range(3):
        page_with(pdf, Resources=Dictionary(XObject=Dictionary(Im0=picture)))
    assert len(joined(pdf)) < 2 * 5000


def test_what_leads_out_of_the_pages_is_cut_and_what_leads_to_a_page_is_kept() -> None:
    pdf = pikepdf.new()
    page_with(pdf)
    to_page = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 1, 1]), Dest=Array([pdf.pages[0].obj]))
    page_with(pdf, Annots=Array([to_page]), Tree=pdf.Root.Pages, Whole=pdf.Root)
    with reopened(joined(pdf, pdf)) as made:
        last = made.pages[3].obj
        assert last.Annots[0].Dest[0].objgen == made.pages[2].obj.objgen
        assert "/Tree" not in last
        assert "/Whole" not in last
        assert made.Root.Pages.Count == 4


def test_a_source_newer_than_the_head_is_declared() -> None:
    pdf = pikepdf.new()
    page_with(pdf)
    stream = io.BytesIO()
    pdf.save(stream, min_version="2.0")
    assert b"/Version /2.0" in joined(pikepdf.open(io.BytesIO(stream.getvalue())))
    assert b"/Version" not in joined(pdf)


def test_a_file_goes_in_as_the_bytes_it_is(tmp_path: Path) -> None:
    path = tmp_path / "件.bin"
    path.write_bytes(bytes(range(256)) * 9000)
    pdf = pikepdf.new()
    page_with(pdf)
    stream = io.BytesIO()
    writer = Writer(stream)
    pages = writer.copy(pdf)
    kept = writer.add_file(path, b"/Type /EmbeddedFile")
    writer.finish(pages, b"/Kept %s /Said %s" % (reference(kept), spelled("协议（甲）")))
    with reopened(stream.getvalue()) as made:
        assert made.Root.Kept.read_raw_bytes() == path.read_bytes()
        assert str(made.Root.Said) == "协议（甲）"


def test_a_file_too_long_for_its_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_MOST_BYTES", 100)
    pdf = pikepdf.new()
    page_with(pdf)
    with pytest.raises(FileFault, match="分成几卷"):
        joined(pdf)


_JOIN = """
import resource, sys
from pathlib import Path
from yiyu.docgen.pdf.merge import merge
merge([Path(sys.argv[1])] * int(sys.argv[3]), Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform != "darwin" else 1024**2))
"""


def test_joining_ten_times_as_much_takes_no_more_memory(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    for page in range(4):
        picture = pdf.make_stream(
            page.to_bytes() * 250_000, Type=Name.XObject, Subtype=Name.Image, Width=500, Height=500
        )
        picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
        page_with(pdf, Resources=Dictionary(XObject=Dictionary(Im0=picture)))
    scan = tmp_path / "scan.pdf"
    pdf.save(scan, compress_streams=False)

    def peak(times: int) -> int:
        command = [sys.executable, "-c", _JOIN, scan, tmp_path / "out.pdf", str(times)]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    few, many = peak(6), peak(60)
    assert (tmp_path / "out.pdf").stat().st_size > 60_000_000
    assert many < few + 15
