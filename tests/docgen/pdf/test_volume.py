"""Claims about volumes: everything in them is found, is what it was, and nothing claims to be signed that is not."""

import contextlib
import datetime as dt
import io
import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, String

from yiyu.docgen.pdf.carrying.document import Carrier
from yiyu.docgen.pdf.drawing import HEIGHT
from yiyu.docgen.pdf.readback import copied
from yiyu.docgen.pdf.signatures import has_signature
from yiyu.docgen.pdf.volume import binding
from yiyu.docgen.pdf.volume.binding import BoundVolume, bind_volume
from yiyu.docgen.pdf.volume.contents import BoundDocument, Section, Volume, placed
from yiyu.docgen.pdf.volume.listing import LEFT, RIGHT, roman
from yiyu.docgen.pdf.writing import Writer, spelled
from yiyu.registry.errors import BadInput, FileFault
from yiyu.registry.files import sha256

NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
LONG = "伊金霍洛旗阿勒腾席热镇某某社区卫生服务中心暨某某婴幼儿照护服务指导中心（阿镇第二分园及附属托育服务点）"


def scan(path: Path, *texts: str, turn: int = 0) -> Path:
    """A PDF of one page a text."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for text in texts:
        content = pdf.make_stream(f"BT /F1 12 Tf 40 700 Td ({text}) Tj ET".encode())
        resources = Dictionary(Font=Dictionary(F1=font))
        page = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, 595, 842]), Contents=content, Resources=resources)
        pdf.pages.append(pikepdf.Page(page))
        pdf.pages[-1].rotate(turn, relative=False)
    path.parent.mkdir(exist_ok=True)
    pdf.save(path, compress_streams=False)
    return path


def signed(path: Path, *texts: str) -> Path:
    """A PDF with a red seal as the look of its signature field."""
    scan(path, *texts)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        seal = pdf.make_stream(b"1 0 0 rg 0 0 100 60 re f", Type=Name.XObject, Subtype=Name.Form)
        seal.BBox, seal.Resources = Array([0, 0, 100, 60]), Dictionary()
        value = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=String("x"), ByteRange=Array([0, 1]))
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String("甲方"), V=value, F=132)
        field.Rect, field.AP, field.P = Array([300, 100, 400, 160]), Dictionary(N=seal), pdf.pages[-1].obj
        widget = pdf.make_indirect(field)
        pdf.pages[-1].obj.Annots = Array([widget])
        pdf.Root.AcroForm = Dictionary(Fields=Array([widget]), SigFlags=3)
        pdf.save(path)
    assert has_signature(path)
    return path


def part(path: Path, title: str = "合作协议书", original: Path | None = None) -> BoundDocument:
    with pikepdf.open(path) as pdf:
        return BoundDocument(title, path, len(pdf.pages), sha256(path.read_bytes()), original)


def section(
    serial: int, *parts: BoundDocument, parties: tuple[str, ...] = ("甲方：某某卫生院", "乙方：某某托育中心")
) -> Section:
    return Section(f"150627-2026-JC-{serial:04}", "合作协议书（基层型）", "某某托育中心", parties, parts)


def volume(*sections: Section) -> Volume:
    return Volume("协议卷宗", "某某旗卫生健康委员会", (("范围", "2026年度"), ("协议", "2 份")), NOON, sections)


@pytest.fixture
def two(tmp_path: Path) -> Volume:
    """Two agreements: three pages and one turned; one that is signed, two pages."""
    folder = tmp_path / "scans"
    first = part(scan(folder / "a.pdf", "a1", "a2", "a3"))
    second = part(scan(folder / "b.pdf", "b1", turn=270), "服务项目清单")
    electronic = signed(folder / "c.pdf", "c1", "c2")
    return volume(section(1, first, second), section(2, part(electronic, original=electronic)))


@pytest.fixture
def bound(two: Volume, tmp_path: Path) -> Iterator[tuple[BoundVolume, pypdf.PdfReader]]:
    made = bind_volume(two, tmp_path / "卷.pdf")
    with pypdf.PdfReader(tmp_path / "卷.pdf", strict=True) as reader:
        yield made, reader


def flat(outline: list[object], reader: pypdf.PdfReader, level: int = 0) -> list[tuple[int, str, int]]:
    rows = []
    for item in outline:
        if isinstance(item, list):
            rows += flat(item, reader, level + 1)
        else:
            rows.append((level, item.title, reader.get_destination_page_number(item)))
    return rows


def links(reader: pypdf.PdfReader) -> list[tuple[str, str]]:
    """Label of the page with the link and of the page it leads to."""
    labels = reader.page_labels
    targets = {key: reader.get_destination_page_number(one) for key, one in reader.named_destinations.items()}
    return [
        (labels[at], labels[targets[note.get_object()["/Dest"]]])
        for at, page in enumerate(reader.pages)
        for note in page.get("/Annots", ())
        if note.get_object()["/Subtype"] == "/Link"
    ]


def test_every_page_is_there_with_its_text_its_turn_and_its_number(
    bound: tuple[BoundVolume, pypdf.PdfReader], tmp_path: Path
) -> None:
    made, reader = bound
    texts = [page.extract_text().strip() for page in reader.pages]
    assert (made.opening, made.pages) == (2, 7)
    assert reader.page_labels == ["i", "ii", "1", "2", "3", "4", "5", "6", "7"]
    assert texts[2:6] + texts[7:] == ["a1", "a2", "a3", "b1", "c1", "c2"]
    assert [page.rotation for page in reader.pages] == [0, 0, 0, 0, 0, 270, 0, 0, 0]
    assert made.sha256 == sha256((tmp_path / "卷.pdf").read_bytes())


def test_cover_and_contents_say_what_is_in_it_and_lead_there(bound: tuple[BoundVolume, pypdf.PdfReader]) -> None:
    _, reader = bound
    cover, contents = (page.extract_text() for page in reader.pages[:2])
    assert all(text in cover for text in ("某某旗卫生健康委员会", "范围", "2026年度"))
    assert [one for one in "协议卷宗" if one not in cover] == []
    for text in ("150627-2026-JC-0001", "合作协议书（基层型）", "甲方：某某卫生院", "服务项目清单", "电子签名"):
        assert text in contents
    assert links(reader) == [("ii", "1"), ("ii", "1"), ("ii", "4"), ("ii", "5"), ("ii", "5")]


def test_bookmarks_name_each_agreement_and_its_documents(bound: tuple[BoundVolume, pypdf.PdfReader]) -> None:
    _, reader = bound
    assert flat(reader.outline, reader) == [
        (0, "封面", 0),
        (0, "目录", 1),
        (0, "150627-2026-JC-0001\u3000某某托育中心", 2),
        (1, "合作协议书", 2),
        (1, "服务项目清单", 5),
        (0, "150627-2026-JC-0002\u3000某某托育中心", 6),
        (1, "合作协议书", 6),
    ]


def test_it_says_whose_it_is_and_in_which_language(bound: tuple[BoundVolume, pypdf.PdfReader]) -> None:
    _, reader = bound
    assert reader.metadata is not None
    assert reader.metadata.title == "协议卷宗\u30002026年度"
    assert reader.metadata.author == "某某旗卫生健康委员会"
    assert reader.metadata.creation_date == NOON
    assert reader.metadata.producer is None
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


def test_a_signed_file_is_attached_byte_for_byte_and_announced(
    bound: tuple[BoundVolume, pypdf.PdfReader], two: Volume
) -> None:
    made, reader = bound
    original = two.sections[1].parts[0].path.read_bytes()
    [(name, [attached])] = reader.attachments.items()
    assert (name, attached) == ("150627-2026-JC-0002_合作协议书.pdf", original)
    assert made.signed == (name,)
    notice = reader.pages[6].extract_text()
    digest = sha256(original)
    assert all(text in notice for text in ("电子签名文件", name, digest[:32], digest[32:], "第6页至第7页", "附件"))
    [file] = reader.trailer["/Root"]["/AF"]
    assert file.get_object()["/AFRelationship"] == "/Source"


def test_the_pages_of_a_signed_file_look_as_they_did_and_claim_nothing(
    bound: tuple[BoundVolume, pypdf.PdfReader], tmp_path: Path, two: Volume
) -> None:
    assert not has_signature(tmp_path / "卷.pdf")
    with pikepdf.open(tmp_path / "卷.pdf") as pdf:
        kinds = {str(one.get("/Type", "")) for one in pdf.objects if isinstance(one, Dictionary)}
        assert "/Sig" not in kinds
        assert "/AcroForm" not in pdf.Root
        assert not pdf.get_warnings()

    def picture(path: Path, page: int) -> bytes:
        with contextlib.closing(pypdfium2.PdfDocument(path.read_bytes())) as document:
            document.init_forms()
            image = document[page].render(scale=1).to_pil()
            assert image.getpixel((350, 842 - 130))[:3] == (255, 0, 0)
            return image.tobytes()

    assert picture(tmp_path / "卷.pdf", 8) == picture(two.sections[1].parts[0].path, 1)


def test_an_original_that_two_documents_show_is_attached_once(tmp_path: Path) -> None:
    whole = signed(tmp_path / "whole.pdf", "x", "y")
    parts = [part(scan(tmp_path / f"{one}.pdf", one), title, whole) for one, title in (("x", "协议"), ("y", "清单"))]
    made = bind_volume(volume(section(1, *parts)), tmp_path / "卷.pdf")
    assert made.signed == ("150627-2026-JC-0001_协议.pdf",)
    assert made.pages == 4
    with pypdf.PdfReader(tmp_path / "卷.pdf") as reader:
        assert list(reader.attachments) == list(made.signed)


def test_documents_are_copied_as_the_bytes_they_are(two: Volume, tmp_path: Path) -> None:
    bind_volume(two, tmp_path / "卷.pdf")

    def raw(path: Path) -> list[bytes]:
        with pikepdf.open(path) as pdf:
            return [page.obj.Contents.read_raw_bytes() for page in pdf.pages]

    sources = [raw(one.path) for single in two.sections for one in single.parts]
    made = raw(tmp_path / "卷.pdf")
    assert made[2:6] + made[7:] == list(itertools.chain.from_iterable(sources))


def test_long_contents_run_over_pages_and_stay_inside_their_margins(tmp_path: Path) -> None:
    one = part(scan(tmp_path / "a.pdf", "a"))
    three = (one, replace(one, title="服务项目清单"), replace(one, title="活动记录表"))
    parties = (f"甲方：{LONG}", "乙方：某某托育中心", f"丙方：{LONG}")
    sections = [section(serial, *three[: 1 + serial % 3], parties=parties) for serial in range(1, 121)]
    made = bind_volume(volume(*sections), tmp_path / "卷.pdf")
    assert made.opening > 12
    with pypdf.PdfReader(tmp_path / "卷.pdf") as reader:
        assert reader.page_labels[made.opening - 1] == roman(made.opening)
        texts = [page.extract_text() for page in reader.pages[1 : made.opening]]
        assert all(any(f"-{serial:04}" in text for text in texts) for serial in range(1, 121))
        assert all(roman(number) in text for number, text in enumerate(texts, start=2))
        starts = [str(at[0].page) for at in placed(sections)]
        to = [target for _, target in links(reader)]
        assert [target for target in dict.fromkeys(to) if target in starts] == starts
    with contextlib.closing(pypdfium2.PdfDocument(tmp_path / "卷.pdf")) as document:
        for number in range(1, made.opening):
            text = document[number].get_textpage()
            boxes = [text.get_charbox(at) for at in range(text.count_chars())]
            assert min(box[0] for box in boxes) > LEFT - 2
            assert max(box[2] for box in boxes) < RIGHT + 2
            assert min(box[1] for box in boxes) > 35
            assert max(box[3] for box in boxes) < HEIGHT - 50


def test_the_same_volume_gives_the_same_bytes(two: Volume, tmp_path: Path) -> None:
    assert bind_volume(two, tmp_path / "a.pdf") == bind_volume(two, tmp_path / "b.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_every_scan_that_is_not_as_it_was_is_named_and_nothing_is_written(two: Volume, tmp_path: Path) -> None:
    first, second = two.sections[0].parts
    scan(first.path, "a1", "a2")
    second.path.unlink()
    out = tmp_path / "卷.pdf"
    out.write_bytes(b"before")
    with pytest.raises(FileFault, match="有 2 份扫描件不能入卷") as caught:
        bind_volume(two, out)
    assert "a.pdf：与登记的内容不符" in str(caught.value)
    assert "b.pdf：找不到文件" in str(caught.value)
    assert out.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["卷.pdf"]


def test_a_scan_that_is_cut_off_is_refused_even_where_its_hash_is_right(tmp_path: Path) -> None:
    path = scan(tmp_path / "断.pdf", "a1", "a2")
    whole = part(path)
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(FileFault, match=r"断\.pdf：已损坏"):
        bind_volume(volume(section(1, replace(whole, sha256=sha256(path.read_bytes())))), tmp_path / "卷.pdf")


def test_a_volume_is_never_written_over_one_of_its_scans(two: Volume) -> None:
    path = two.sections[0].parts[1].path
    before = path.read_bytes()
    with pytest.raises(FileFault, match=r"b\.pdf：既是原件又是输出文件"):
        bind_volume(two, path)
    electronic = two.sections[1].parts[0].path
    with pytest.raises(FileFault, match=r"c\.pdf：既是原件又是输出文件"):
        bind_volume(two, electronic)
    assert path.read_bytes() == before


def test_a_volume_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有可以装订的协议"):
        bind_volume(volume(), tmp_path / "卷.pdf")


def test_what_does_not_read_back_as_it_should_is_not_kept(two: Volume, tmp_path: Path) -> None:
    bind_volume(two, tmp_path / "good.pdf")
    data = (tmp_path / "good.pdf").read_bytes()
    parts = placed(two.sections)
    every = list(itertools.chain.from_iterable(parts))
    original = every[-1].part.path
    fixity = {every[-1].attachment: binding._fixity(original)}
    outline, body = binding._outline(two, parts, 2, iter([[] for _ in every])), binding._Body([])
    for one, first in zip(every, (2, 5, 7), strict=True):
        with pikepdf.open(one.part.path) as pdf:
            body.sources.append(copied(one.part.path, pdf, first))
    for old, new in (
        (b"", b""),
        (b"/S /r", b"/S /D"),
        (b"(p4) [", b"(p9) ["),
        (b"/Count 9", b"/Count 8"),
        (b"/Rotate 270", b"/Rotate 180"),
        (b"(a2) Tj", b"(a9) Tj"),
        (spelled("封面"), spelled("封底")),
        (original.read_bytes(), original.read_bytes()[:-9] + b"123456789"),
    ):
        assert not old or data.count(old) == 1, old
        (tmp_path / "read.pdf").write_bytes(data.replace(old, new) if old else data)
        with pytest.raises(FileFault, match="对不上") if old else contextlib.nullcontext():
            binding._read_back(tmp_path / "read.pdf", every, 2, outline, body, Carrier(Writer(io.BytesIO())), fixity)


def test_a_volume_carries_what_a_document_holds_beside_its_pages(tmp_path: Path) -> None:
    path = scan(tmp_path / "scans/a.pdf", "a1", "a2")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.attachments["附表.xlsx"] = pikepdf.AttachedFileSpec(pdf, b"one", filename="附表.xlsx")
        # A name the volume has given to a place of its own.
        pdf.Root.Names.Dests = Dictionary(Names=Array([String("p1"), Array([pdf.pages[1].obj, Name.Fit])]))
        pdf.Root.OpenAction = Array([pdf.pages[1].obj, Name.Fit])
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("第一条", 1))
        pdf.save(path)
    made = bind_volume(volume(section(1, part(path))), tmp_path / "卷.pdf")
    with pypdf.PdfReader(tmp_path / "卷.pdf") as reader:
        assert reader.attachments == {"附表.xlsx": [b"one"]}
        places = {name: reader.get_destination_page_number(one) for name, one in reader.named_destinations.items()}
        assert places == {"p1": made.opening, "p1 (2)": made.opening + 1}
        assert flat(reader.outline, reader)[-1][1:] == ("第一条", made.opening + 1)
    assert made.left == (("打开时的动作",),)
