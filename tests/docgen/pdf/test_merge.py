"""Claims about joining PDFs: nothing lost, nothing harmed, nothing half written."""

import io
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from yiyu.docgen.pdf.carrying.document import Carrier
from yiyu.docgen.pdf.merge import _read_back, merge
from yiyu.docgen.pdf.outline import OutlineEntry
from yiyu.docgen.pdf.readback import copied, drawn, refuse_differing, same_at_once, unproved
from yiyu.docgen.pdf.writing import Writer
from yiyu.registry.errors import BadInput, ExitCode, FileFault
from yiyu.registry.files import sha256


def make(path: Path, *texts: str, change: Callable[[pikepdf.Pdf], object] | None = None, **save: Any) -> Path:
    """Write a PDF of one page a text. Font and page size stand on the page tree, as many producers leave them."""
    pdf = pikepdf.Pdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for text in texts:
        content = pdf.make_stream(f"BT /F1 12 Tf 40 700 Td ({text}) Tj ET".encode())
        pdf.pages.append(pikepdf.Page(Dictionary(Type=Name.Page, Contents=content)))
    tree = pdf.Root.Pages
    tree.MediaBox, tree.CropBox, tree.Rotate = Array([0, 0, 595, 842]), Array([10, 10, 585, 832]), 90
    tree.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
    if change is not None:
        change(pdf)
    pdf.save(path, **save)
    return path


def texts_of(path: Path) -> list[str]:
    with pypdf.PdfReader(path) as reader:
        return [page.extract_text().strip() for page in reader.pages]


def outline_of(path: Path) -> list[Any]:
    """Nested [title, page from 1, children]."""
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        numbers = {page.obj.objgen: index for index, page in enumerate(pdf.pages, start=1)}

        def tree(items: list[OutlineItem]) -> list[Any]:
            return [[item.title, numbers[item.destination[0].objgen], tree(item.children)] for item in items]

        return tree(outline.root)


def refusal(sources: list[Path], out: Path) -> str:
    """Merge over an existing ``out``, demand a refusal that leaves no trace, and return what it said."""
    out.write_bytes(b"before")
    names = sorted(path.name for path in out.parent.iterdir())
    with pytest.raises(FileFault) as caught:
        merge(sources, out)
    assert out.read_bytes() == b"before"
    assert sorted(path.name for path in out.parent.iterdir()) == names
    assert caught.value.exit_code is ExitCode.FILE
    return str(caught.value)


def test_a_merge_keeps_every_page_its_text_and_its_place(tmp_path: Path) -> None:
    one = make(tmp_path / "协议书.pdf", "a1", "a2", "a3")
    two = make(tmp_path / "服务项目清单.pdf", "b1")
    out = tmp_path / "new folder" / "卷.pdf"
    result = merge([one, two, one], out)
    assert texts_of(out) == ["a1", "a2", "a3", "b1", "a1", "a2", "a3"]
    assert result.pages == 7
    assert [(one.title, one.page) for one in result.files] == [("协议书", 1), ("服务项目清单", 4), ("协议书", 5)]
    assert outline_of(out) == [["协议书", 1, []], ["服务项目清单", 4, []], ["协议书", 5, []]]
    assert result.sha256 == sha256(out.read_bytes())


def test_what_pages_inherit_from_their_tree_goes_with_them(tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    wide = make(tmp_path / "wide.pdf", "w", change=lambda pdf: setattr(pdf.Root.Pages, "Rotate", 0))
    merge([make(tmp_path / "a.pdf", "a"), wide], out)
    with pypdf.PdfReader(out) as reader:
        assert [page.rotation for page in reader.pages] == [90, 0]
        assert {tuple(map(int, page.mediabox)) for page in reader.pages} == {(0, 0, 595, 842)}
        assert {tuple(map(int, page.cropbox)) for page in reader.pages} == {(10, 10, 585, 832)}


def test_streams_are_copied_as_the_bytes_they_were(tmp_path: Path) -> None:
    packed = make(tmp_path / "a.pdf", "a" * 500, compress_streams=True)
    plain = make(tmp_path / "b.pdf", "b" * 500, compress_streams=False)
    merge([packed, plain], tmp_path / "out.pdf")

    def raw(path: Path) -> list[bytes]:
        with pikepdf.open(path) as pdf:
            return [page.obj.Contents.read_raw_bytes() for page in pdf.pages]

    assert raw(tmp_path / "out.pdf") == raw(packed) + raw(plain)


def test_links_between_pages_of_a_file_lead_to_the_same_pages_after_merging(tmp_path: Path) -> None:
    def link(pdf: pikepdf.Pdf) -> None:
        target = Array([pdf.pages[1].obj, Name.Fit])
        rect = Array([0, 0, 9, 9])
        pdf.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=rect, Dest=target)])

    linked = make(tmp_path / "b.pdf", "b1", "b2", change=link)
    merge([make(tmp_path / "a.pdf", "a"), linked, linked], tmp_path / "out.pdf")
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert pdf.pages[1].obj.Annots[0].Dest[0].objgen == pdf.pages[2].obj.objgen
        assert pdf.pages[3].obj.Annots[0].Dest[0].objgen == pdf.pages[4].obj.objgen


def test_merging_a_merged_file_keeps_its_bookmarks_one_level_down(tmp_path: Path) -> None:
    a, b = make(tmp_path / "甲.pdf", "a1", "a2"), make(tmp_path / "乙.pdf", "b1")
    merge([a, b], tmp_path / "第一卷.pdf")
    merge([b, tmp_path / "第一卷.pdf"], tmp_path / "第二卷.pdf")
    merge([tmp_path / "第二卷.pdf"], tmp_path / "第三卷.pdf")
    second = [["乙", 1, []], ["第一卷", 2, [["甲", 2, []], ["乙", 4, []]]]]
    assert outline_of(tmp_path / "第二卷.pdf") == second
    assert outline_of(tmp_path / "第三卷.pdf") == [["第二卷", 1, second]]


def test_an_outline_written_as_actions_is_kept_too(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(make(tmp_path / "plain.pdf", "1", "2"))
    parent = writer.add_outline_item(title="第一章", page_number=0)
    writer.add_outline_item(title="第一节", page_number=1, parent=parent)
    writer.write(tmp_path / "a.pdf")
    merge([make(tmp_path / "b.pdf", "b"), tmp_path / "a.pdf"], tmp_path / "out.pdf")
    assert outline_of(tmp_path / "out.pdf")[1] == ["a", 2, [["第一章", 2, [["第一节", 3, []]]]]]


def test_the_same_input_gives_the_same_bytes_whatever_the_output_is_called(tmp_path: Path) -> None:
    sources = [make(tmp_path / "a.pdf", "a"), make(tmp_path / "b.pdf", "b")]
    assert merge(sources, tmp_path / "x.pdf").sha256 == merge(sources, tmp_path / "y.pdf").sha256
    assert (tmp_path / "x.pdf").read_bytes() == (tmp_path / "y.pdf").read_bytes()
    assert merge(sources[::-1], tmp_path / "z.pdf").sha256 != merge(sources, tmp_path / "x.pdf").sha256


def test_the_merged_file_declares_the_newest_version_among_its_sources(tmp_path: Path) -> None:
    new = make(tmp_path / "new.pdf", "n", min_version="1.7")
    merge([make(tmp_path / "old.pdf", "o"), new], tmp_path / "out.pdf")
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert pdf.pdf_version == "1.7"


def test_merging_over_an_earlier_result_replaces_it(tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    merge([make(tmp_path / "a.pdf", "a")], out)
    merge([make(tmp_path / "b.pdf", "b1", "b2")], out)
    assert texts_of(out) == ["b1", "b2"]
    assert not list(tmp_path.glob(".*"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps names that are not UTF-8")
def test_a_file_name_in_gbk_is_merged_and_shown_in_chinese(tmp_path: Path) -> None:
    source, out = (tmp_path / os.fsdecode(name.encode("gbk")) for name in ("活动记录表.pdf", "卷.pdf"))
    make(tmp_path / "a.pdf", "a").rename(source)
    assert [one.title for one in merge([source], out).files] == ["活动记录表"]
    with pypdf.PdfReader(io.BytesIO(out.read_bytes())) as reader:
        assert [str(item["/Title"]) for item in reader.outline] == ["活动记录表"]


def test_a_name_that_is_no_text_at_all_is_still_a_bookmark(tmp_path: Path) -> None:
    source, out = tmp_path / os.fsdecode(b"\xff\xfe 1.pdf"), tmp_path / "out.pdf"
    make(tmp_path / "a.pdf", "a").rename(source)
    merge([source], out)
    with pypdf.PdfReader(out) as reader:
        assert [str(item["/Title"]) for item in reader.outline] == ["\ufffd\ufffd 1"]


def test_a_file_that_is_given_twice_is_refused_once(tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").touch()
    said = refusal([tmp_path / "empty.pdf"] * 2, tmp_path / "out.pdf")
    assert "有 1 个文件不能合并（empty.pdf：是空文件（0 字节））" in said


def test_reading_back_notices_whatever_is_lost_moved_or_altered(tmp_path: Path) -> None:
    paths = [make(tmp_path / "a.pdf", "a1", "a2", compress_streams=False), make(tmp_path / "b.pdf", "b")]
    out = tmp_path / "out.pdf"
    merge(paths, out)
    data = out.read_bytes()
    sources = []
    for path, first in zip(paths, (0, 2), strict=True):
        with pikepdf.open(path) as pdf:
            sources.append(copied(path, pdf, first))
    right, carrier = [OutlineEntry("a", 0), OutlineEntry("b", 2)], Carrier(Writer(io.BytesIO()))
    _read_back(out, right, sources, carrier)
    for outline in (right[:1], [right[0], OutlineEntry("b", 1)], [OutlineEntry("x", 0), right[1]]):
        with pytest.raises(FileFault, match="与原件对不上"):
            _read_back(out, outline, sources, carrier)
    for wrong in (data[:-200], data.replace(b"/Count 3", b"/Count 2"), data.replace(b"(a2) Tj", b"(a3) Tj")):
        assert wrong != data
        out.write_bytes(wrong)
        with pytest.raises(FileFault, match="与原件对不上"):
            _read_back(out, right, sources, carrier)
    out.write_bytes(data)
    for lost in (sources[:1], [sources[0], replace(sources[1], turns=(0,))]):
        with pytest.raises(FileFault, match="与原件对不上"):
            _read_back(out, right, lost, carrier)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"(b) Tj", b"(c) Tj"),
        (b"/Count 3", b"/Count 2"),
        (b"/Rotate 90", b"/Rotate 180"),
        (b"/Title (b)", b"/Title (x)"),
    ],
    ids=["text", "pages", "turn", "bookmark"],
)
def test_what_is_proved_by_sample_is_proved_without_a_third_library_and_as_strictly(
    tmp_path: Path, old: bytes, new: bytes
) -> None:
    paths = [make(tmp_path / "a.pdf", "a1", "a2", compress_streams=False), tmp_path / "b.pdf"]
    make(paths[1], "b", compress_streams=False)
    with pikepdf.open(paths[1], allow_overwriting_input=True) as pdf:
        pdf.pages[0].rotate(90, relative=False)
        pdf.save(paths[1], compress_streams=False)
    out = tmp_path / "out.pdf"
    merge(paths, out)
    sources = []
    for path, first in zip(paths, (0, 2), strict=True):
        with pikepdf.open(path) as pdf:
            sources.append(copied(path, pdf, first, at_most=3))
    outline = [OutlineEntry("a", 0), OutlineEntry("b", 2)]
    assert same_at_once(out, outline, sources)
    assert unproved(out, sources) == []
    data = out.read_bytes()
    assert old in data
    out.write_bytes(data.replace(old, new))
    assert not same_at_once(out, outline, sources) or unproved(out, sources)
    with pytest.raises(FileFault, match="与原件对不上"):
        _read_back(out, outline, sources, Carrier(Writer(io.BytesIO())))


def test_a_page_that_pdfium_reads_as_another_text_than_its_source_is_named(tmp_path: Path) -> None:
    source, out = make(tmp_path / "a.pdf", "one", "two"), make(tmp_path / "out.pdf", "one", "too")
    with pikepdf.open(source) as pdf:
        expected = copied(source, pdf, 0, at_most=2)
    assert sorted(at for one in drawn([expected], 9) for at in one.lettered) == [0, 1]
    with pytest.raises(FileFault, match=r"两个程序读出的文字不一样（a\.pdf）"):
        refuse_differing(out, drawn([expected], 9))
    refuse_differing(out, [replace(expected, lettered=(0,))])


def test_no_sources_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有要合并的文件"):
        merge([], tmp_path / "out.pdf")


def test_all_faults_of_all_files_are_named_at_once(tmp_path: Path) -> None:
    good = make(tmp_path / "good.pdf", "g")
    locked = make(tmp_path / "locked.pdf", "x", encryption=pikepdf.Encryption(user="u", owner="o"))
    limited = make(tmp_path / "limited.pdf", "x", encryption=pikepdf.Encryption(user="", owner="o"))
    (tmp_path / "empty.pdf").touch()
    (tmp_path / "photo.pdf").write_bytes(b"\xff\xd8\xff\xe0" + bytes(2000))
    (tmp_path / "word.pdf").write_bytes(b"PK\x03\x04" + bytes(2000))
    (tmp_path / "note.pdf").write_text("今天没有扫描")
    (tmp_path / "folder.pdf").mkdir()
    blank = make(tmp_path / "blank.pdf")
    bad = ["empty", "photo", "word", "note", "folder", "missing"]
    said = refusal([good, locked, limited, blank, *(tmp_path / f"{name}.pdf" for name in bad)], tmp_path / "out.pdf")
    assert "有 8 个文件不能合并" in said
    for part in (
        "locked.pdf：已加密，需要密码",
        "blank.pdf：没有任何页面",
        "empty.pdf：是空文件（0 字节）",
        "photo.pdf：不是 PDF，看起来是 JPEG 图片",
        "word.pdf：不是 PDF，看起来是 Word、OFD 或压缩包",
        "note.pdf：不是 PDF",
        "folder.pdf：是文件夹",
        "missing.pdf：找不到文件",
    ):
        assert part in said
    assert "good.pdf" not in said
    assert "limited.pdf" not in said


def _in_circle(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)


def _page_twice(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Kids.append(pdf.Root.Pages.Kids[0])
    pdf.Root.Pages.Count = 3


@pytest.mark.parametrize("change", [_in_circle, _page_twice])
def test_a_page_tree_that_contradicts_itself_is_damage(tmp_path: Path, change: Callable[[pikepdf.Pdf], None]) -> None:
    assert "a.pdf：已损坏" in refusal([make(tmp_path / "a.pdf", "1", "2", change=change)], tmp_path / "out.pdf")


@pytest.mark.parametrize(
    ("count", "says"), [(b"/Count 5", "（自称 5 页，实际读出 2 页）"), (b"/Kount 2", "，无法完整读出")]
)
def test_a_page_count_unlike_the_pages_is_damage(tmp_path: Path, count: bytes, says: str) -> None:
    source = make(tmp_path / "a.pdf", "1", "2")
    source.write_bytes(source.read_bytes().replace(b"/Count 2", count))
    assert f"a.pdf：已损坏{says}" in refusal([source], tmp_path / "out.pdf")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.floats(0.02, 0.995))
def test_a_scan_cut_off_anywhere_is_refused(tmp_path: Path, share: float) -> None:
    noise = bytes(range(256)) * 40
    scan = make(tmp_path / "scan.pdf", "1", "2", "3", change=lambda pdf: _picture_on_each_page(pdf, noise))
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(scan.read_bytes()[: int(scan.stat().st_size * share)])
    assert "cut.pdf：已损坏" in refusal([cut], tmp_path / "out.pdf")


def _picture_on_each_page(pdf: pikepdf.Pdf, noise: bytes) -> None:
    for page in pdf.pages:
        picture = pdf.make_stream(noise, Type=Name.XObject, Subtype=Name.Image, Width=160, Height=64)
        picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
        page.obj.Resources = Dictionary(XObject=Dictionary(Im0=picture))


def test_a_page_whose_content_does_not_decode_is_named_and_not_copied_blank(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", "1" * 400, "2" * 400, compress_streams=True)
    with pikepdf.open(source) as pdf:
        packed = pdf.pages[1].obj.Contents.read_raw_bytes()
    source.write_bytes(source.read_bytes().replace(packed, bytes(len(packed))))
    assert "a.pdf：已损坏（第 2 页的内容读不出来）" in refusal([source], tmp_path / "out.pdf")


def test_damage_that_shows_only_while_copying_is_refused(tmp_path: Path) -> None:
    def font(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Resources = Dictionary(Font=pdf.make_indirect(Dictionary(MARKER=1)))

    source = make(tmp_path / "a.pdf", "1", change=font)
    data = source.read_bytes()
    assert data.count(b"/MARKER 1") == 1
    source.write_bytes(data.replace(b"/MARKER 1", b"/MARKE) 1"))
    assert "a.pdf：已损坏" in refusal([source], tmp_path / "out.pdf")


def _signature(pdf: pikepdf.Pdf) -> None:
    value = Dictionary(Type=Name.Sig, Contents=String("x"), ByteRange=Array([0, 1, 2, 3]))
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(Dictionary(FT=Name.Sig, V=value))]), SigFlags=3)


def _signature_in_a_group(pdf: pikepdf.Pdf) -> None:
    kid = pdf.make_indirect(Dictionary(V=Dictionary(Type=Name.Sig)))
    pdf.Root.AcroForm = Dictionary(Fields=Array([Dictionary(FT=Name.Sig, Kids=Array([kid]))]))


@pytest.mark.parametrize("change", [_signature, _signature_in_a_group])
def test_a_signed_file_is_refused_because_a_copy_would_break_the_signature(
    tmp_path: Path, change: Callable[[pikepdf.Pdf], None]
) -> None:
    assert "a.pdf：带有电子签名" in refusal([make(tmp_path / "a.pdf", "1", change=change)], tmp_path / "out.pdf")


def test_an_empty_signature_field_is_no_signature(tmp_path: Path) -> None:
    def field(pdf: pikepdf.Pdf) -> None:
        empty = pdf.make_indirect(Dictionary(FT=Name.Sig, T=String("甲方")))
        empty.Kids = Array([empty])
        pdf.Root.AcroForm = Dictionary(Fields=Array([empty]))

    assert merge([make(tmp_path / "a.pdf", "1", change=field)], tmp_path / "out.pdf").pages == 1


def test_the_output_may_not_be_one_of_the_sources_under_any_name(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", "1")
    before = source.read_bytes()
    (tmp_path / "link.pdf").symlink_to(source)
    for out in (source, tmp_path / "link.pdf", tmp_path / "." / "a.pdf"):
        with pytest.raises(FileFault, match=r"a\.pdf：既是原件又是输出文件"):
            merge([source], out)
    assert source.read_bytes() == before


def test_an_output_that_cannot_be_written_is_a_file_fault(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", "1")
    (tmp_path / "out.pdf").mkdir()
    with pytest.raises(FileFault, match="无法写入文件"):
        merge([source], tmp_path / "out.pdf")
    assert not list(tmp_path.glob(".*"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=6))
def test_pages_and_bookmarks_always_add_up(tmp_path: Path, sizes: list[int]) -> None:
    sources = [make(tmp_path / f"{i}.pdf", *(f"{i}x{j}" for j in range(n))) for i, n in enumerate(sizes)]
    result = merge(sources, tmp_path / "out.pdf")
    assert result.pages == sum(sizes)
    assert [one.page for one in result.files] == [1 + sum(sizes[:i]) for i in range(len(sizes))]
    assert texts_of(tmp_path / "out.pdf") == [f"{i}x{j}" for i, n in enumerate(sizes) for j in range(n)]


def test_a_page_that_is_none_is_not_left_out_in_silence(tmp_path: Path) -> None:
    """qpdf sets the number of pages right and says only what is harmless; another reader counts the page."""
    path = tmp_path / "a.pdf"
    parts = (
        b"1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj",
        b"2 0 obj << /Type /Pages /Kids [3 0 R null] /Count 2 >> endobj",
        b"3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >> endobj",
    )
    data, places = b"%PDF-1.4\n", []
    for part in parts:
        places.append(len(data))
        data += part + b"\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    path.write_bytes(
        data
        + b"xref\n0 4\n0000000000 65535 f \n"
        + table
        + b"trailer << /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(data)
    )
    with pytest.raises(FileFault, match="2 页"):
        merge([path], tmp_path / "out.pdf")
    assert not (tmp_path / "out.pdf").exists()
