"""Claims about reading scans: every kind of file, every way round, and every bad one refused by name in time."""

import io
import itertools
import json
import multiprocessing
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import img2pdf
import pikepdf
import pillow_heif
import pytest
import segno
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from yiyu.docgen.scans import reading
from yiyu.docgen.scans.page import Blankness, Half
from yiyu.docgen.scans.reading import read_files, read_pages
from yiyu.docgen.scans.worker import MEMORY
from yiyu.registry.errors import ExitCode, FileFault, ProgramFault

Printed = Callable[..., list[str]]
Scanned = Callable[..., Image.Image]
Jpeg = Callable[..., bytes]


@pytest.fixture
def source(tmp_path: Path, printed: Printed) -> Path:
    printed(tmp_path / "source.pdf", 3)
    return tmp_path / "source.pdf"


@pytest.fixture
def codes(tmp_path: Path, source: Path, printed: Printed) -> list[str]:
    return printed(tmp_path / "again.pdf", 3)


def save(picture: Image.Image, path: Path, **options: object) -> Path:
    picture.save(path, **options)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(FileFault) as caught:
        read_pages(path)
    assert caught.value.exit_code is ExitCode.FILE
    assert caught.value.where == path.name
    return caught.value.what


def test_every_page_of_a_printed_pdf_is_read_in_order(source: Path, codes: list[str]) -> None:
    readings = read_pages(source)
    assert [one.page for one in readings] == [1, 2, 3]
    assert [one.codes for one in readings] == [(code,) for code in codes]
    assert {(one.turn, one.blankness, one.foreign) for one in readings} == {(0, Blankness.WRITTEN, 0)}


def test_pictures_of_every_kind_are_read(tmp_path: Path, source: Path, codes: list[str], scanned: Scanned) -> None:
    picture = scanned(source, 1)
    paths = []
    for mode, formats in {
        "RGB": ("PNG", "TIFF", "JPEG"),
        "L": ("PNG", "TIFF", "JPEG"),
        "1": ("PNG", "TIFF"),
        "P": ("PNG", "TIFF"),
        "CMYK": ("TIFF", "JPEG"),
    }.items():
        for kind in formats:
            paths.append(save(picture.convert(mode), tmp_path / f"{mode}.{kind}", format=kind))
            if (mode, kind) != ("CMYK", "TIFF"):
                paths.append(tmp_path / f"{mode}{kind}.PDF")
                paths[-1].write_bytes(img2pdf.convert(paths[-2].read_bytes()))
    paths.append(save(picture, tmp_path / "telephone.jpg", format="MPO", save_all=True, append_images=[picture]))
    for path, result in read_files(paths):
        assert not isinstance(result, FileFault), path.name
        assert [(one.codes, one.turn) for one in result] == [((codes[1],), 0)], path.name


def test_a_turned_page_says_how_to_set_it_upright_as_it_is_seen(
    tmp_path: Path, source: Path, codes: list[str], scanned: Scanned
) -> None:
    turns = {}
    for turn, rotate, kind in itertools.product((0, 90, 180, 270), (0, 90, 180, 270), ("JPEG", "PNG")):
        path = save(scanned(source, 0, turn=turn, colour=False), tmp_path / "picture", format=kind)
        with pikepdf.open(io.BytesIO(img2pdf.convert(path.read_bytes()))) as pdf:
            pdf.pages[0].Rotate = rotate
            path = tmp_path / f"{turn}-{rotate}-{kind}.pdf"
            pdf.save(path)
        turns[path] = -(turn + rotate) % 360
    for orientation, turn in {1: 0, 3: 180, 6: 90, 8: 270}.items():  # how the camera was held
        exif = Image.Exif()
        exif[0x0112] = orientation
        turns[save(scanned(source, 0), tmp_path / f"{orientation}.jpg", exif=exif)] = -turn % 360
    for path, result in read_files(turns):
        assert not isinstance(result, FileFault), path.name
        assert [(one.codes, one.turn) for one in result] == [((codes[0],), turns[path])], path.name


def test_a_tiff_of_several_pages_is_read_page_by_page(
    tmp_path: Path, source: Path, codes: list[str], scanned: Scanned
) -> None:
    first, *rest = (scanned(source, page, colour=False) for page in (2, 0, 1))
    path = save(first, tmp_path / "scan.tiff", save_all=True, append_images=rest, compression="tiff_lzw")
    assert [one.codes for one in read_pages(path)] == [(codes[2],), (codes[0],), (codes[1],)]


def test_two_pages_copied_onto_one_sheet_are_both_seen(
    tmp_path: Path, source: Path, codes: list[str], scanned: Scanned
) -> None:
    left, right = scanned(source, 0), scanned(source, 1)
    sheet = Image.new("RGB", (left.width * 2, left.height))
    sheet.paste(left, (0, 0))
    sheet.paste(right, (left.width, 0))
    readings = read_pages(save(sheet, tmp_path / "a3.png"))
    assert [(one.page, one.half, one.codes) for one in readings] == [
        (1, Half.LEFT, (codes[0],)),
        (1, Half.RIGHT, (codes[1],)),
    ]


def test_other_codes_are_counted_and_are_no_page_codes(
    tmp_path: Path, source: Path, codes: list[str], scanned: Scanned
) -> None:
    stream = io.BytesIO()
    segno.make_qr("http://weixin.example/r/abc").save(stream, kind="png", scale=8)
    other = Image.open(stream).convert("RGB")
    page = scanned(source, 0)
    page.paste(other, (700, 1300))
    [one] = read_pages(save(page, tmp_path / "both.png"))
    assert (one.codes, one.foreign) == ((codes[0],), 1)
    for top, bottom in ((0, 300), (1560, page.height)):
        page.paste((255, 255, 255), (0, top, page.width, bottom))
    [one] = read_pages(save(page, tmp_path / "foreign.png"))
    assert (one.codes, one.foreign, one.turn, one.blankness) == ((), 1, None, Blankness.WRITTEN)


def test_a_blank_back_between_two_pages_is_told(tmp_path: Path, source: Path, codes: list[str]) -> None:
    with pikepdf.open(source) as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "scan.pdf")
    assert [(bool(one.codes), one.blankness) for one in read_pages(tmp_path / "scan.pdf")] == [
        *[(True, Blankness.WRITTEN)] * 3,
        (False, Blankness.BLANK),
    ]


def test_a_code_under_a_stroke_of_the_pen_is_read(
    tmp_path: Path, source: Path, codes: list[str], scanned: Scanned
) -> None:
    page = scanned(source, 0)
    ImageDraw.Draw(page).line((205, 120, 228, 146), fill=(20, 20, 90), width=4)
    [one] = read_pages(save(page, tmp_path / "scan.png"))
    assert one.codes == (codes[0],)


def _change(source: Path, path: Path, change: Callable[[pikepdf.Pdf], object]) -> Path:
    with pikepdf.open(source) as pdf:
        change(pdf)
        pdf.save(path)
    return path


def _circle(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)


def test_bad_files_are_refused_by_name_with_the_reason(tmp_path: Path, source: Path) -> None:
    whole = source.read_bytes()
    with pikepdf.open(source) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(user="u", owner="o"))
        pdf.save(tmp_path / "plain.pdf", object_stream_mode=pikepdf.ObjectStreamMode.disable)
    plain = (tmp_path / "plain.pdf").read_bytes()
    picture = save(Image.effect_noise((900, 900), 90).convert("RGB"), tmp_path / "noise.jpg").read_bytes()
    for name, data in {
        "strange.pdf": plain.replace(b"/YiyuMark", b"/Y 1/Mark"),
        "empty.pdf": b"",
        "empty.jpg": b"",
        "note.jpg": b"no picture at all",
        "cut.jpg": picture[: len(picture) // 2],
        "cut.pdf": whole[: len(whole) * 2 // 3],
        "declared.pdf": plain.replace(b"/Count 3", b"/Count 500"),
    }.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder.pdf").mkdir()
    _change(source, tmp_path / "circle.pdf", _circle)
    says = {
        "locked.pdf": "已加密",
        "empty.pdf": "空文件",
        "empty.jpg": "空文件",
        "note.jpg": "不是 PDF，也不是能读的图片",
        "cut.jpg": "第 1 页的图像已损坏",
        "cut.pdf": "已损坏",
        "declared.pdf": "已损坏",
        "strange.pdf": "已损坏",
        "circle.pdf": "已损坏",
        "folder.pdf": "不是普通文件",
        "missing.pdf": "找不到文件",
        "missing.png": "找不到文件",
    }
    for path, result in read_files(tmp_path / name for name in says):
        assert isinstance(result, FileFault), path.name
        assert says[path.name] in result.what
        assert result.where == path.name


def test_what_every_viewer_opens_is_read_whatever_its_name_and_its_lock(tmp_path: Path, source: Path) -> None:
    with pikepdf.open(source) as pdf:
        pdf.save(tmp_path / "limited.jpg", encryption=pikepdf.Encryption(user="", owner="o"))
    save(Image.effect_noise((900, 900), 90).convert("RGB"), tmp_path / "photo.jpg").rename(tmp_path / "photo.pdf")
    whole, limited = read_pages(source), read_pages(tmp_path / "limited.jpg")
    assert [one.codes for one in limited] == [one.codes for one in whole]
    assert [one.locked for one in (*whole, *limited)] == [False] * len(whole) + [True] * len(limited)
    assert len(read_pages(tmp_path / "photo.pdf")) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(st.floats(0.02, 0.99))
def test_a_scan_cut_off_anywhere_is_refused(tmp_path: Path, source: Path, share: float) -> None:
    data = source.read_bytes()
    (tmp_path / "cut.pdf").write_bytes(data[: int(len(data) * share)])
    assert "已损坏" in refusal(tmp_path / "cut.pdf")


def test_a_damaged_picture_inside_a_sound_pdf_is_named_by_its_page(
    tmp_path: Path, source: Path, scanned: Scanned, jpeg: Jpeg
) -> None:
    pages = [jpeg(scanned(source, page)) for page in range(2)]
    (tmp_path / "scan.pdf").write_bytes(img2pdf.convert(pages))

    def cut(pdf: pikepdf.Pdf) -> None:
        [image] = pdf.pages[1].obj.Resources.XObject.as_dict().values()
        image.write(image.read_raw_bytes()[:20000], filter=Name.DCTDecode)

    assert "第 2 页的图像已损坏" in refusal(_change(tmp_path / "scan.pdf", tmp_path / "cut.pdf", cut))


def _content_bomb(pdf: pikepdf.Pdf) -> None:
    packer = zlib.compressobj(1)
    packed = b"".join([*(packer.compress(b" " * 2**20) for _ in range(700)), packer.flush()])
    pdf.pages[0].Contents = pikepdf.Stream(pdf, packed, Filter=Name.FlateDecode)


def _image_bomb(pdf: pikepdf.Pdf) -> None:
    side = 60000
    packer = zlib.compressobj(1)
    packed = b"".join([*(packer.compress(bytes(2**20)) for _ in range(100)), packer.flush()])
    image = pikepdf.Stream(pdf, packed, Filter=Name.FlateDecode, Type=Name.XObject, Subtype=Name.Image)
    image.Width, image.Height, image.ColorSpace, image.BitsPerComponent = side, side, Name.DeviceRGB, 8
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(Im=image))
    pdf.pages[0].Contents = pikepdf.Stream(pdf, b"q 595 0 0 842 0 0 cm /Im Do Q")


def _nothing_but_a_bomb(pdf: pikepdf.Pdf) -> None:
    _image_bomb(pdf)
    del pdf.pages[1:]


def _endless_drawing(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(b"0 0 595 842 re f " * 50)
    for _ in range(9):
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 595, 842])
        form = pdf.make_stream(b"/F Do " * 20, Resources=Dictionary(XObject=Dictionary(F=pdf.make_indirect(form))))
    pdf.pages[0].Resources, pdf.pages[0].Contents = form.Resources, form


READ = """
import json, resource, sys
from pathlib import Path
from yiyu.docgen.scans.reading import read_files
from yiyu.registry.errors import FileFault

(_, first), (_, second) = read_files([Path(one) for one in sys.argv[1:]], at_once=1)
codes = None if isinstance(second, FileFault) else [one.codes for one in second]
most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
print(json.dumps([isinstance(first, FileFault), getattr(first, "where", ""), codes, most]))
"""
"""In a process of its own, whose only child is the one that reads: another test's would count as well."""


@pytest.mark.parametrize("bomb", [_content_bomb, _nothing_but_a_bomb, _endless_drawing])
def test_a_bomb_is_refused_within_its_limits_and_the_next_file_is_read(
    tmp_path: Path, source: Path, codes: list[str], bomb: Callable[[pikepdf.Pdf], None]
) -> None:
    path = _change(source, tmp_path / "bomb.pdf", bomb)
    assert path.stat().st_size < 4_000_000
    command = [sys.executable, "-c", READ, str(path), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    refused, where, second, most = json.loads(done.stdout)
    assert (refused, where) == (True, "bomb.pdf")
    assert second == [[code] for code in codes]
    assert most <= MEMORY


def test_a_page_too_large_is_named_and_the_others_of_its_file_are_read(
    tmp_path: Path, source: Path, codes: list[str]
) -> None:
    first, *others = read_pages(_change(source, tmp_path / "one.pdf", _image_bomb))
    assert (first.codes, first.unread) == ((), "图像过大")
    assert [one.codes for one in others] == [(code,) for code in codes[1:]]


def test_photographs_of_any_size_are_read_and_those_of_telephones(
    tmp_path: Path, source: Path, codes: list[str], scanned: Scanned
) -> None:
    picture = scanned(source, 1)
    large = picture.resize((7400, 7400 * picture.height // picture.width), Image.Resampling.NEAREST)
    paths = [save(large, tmp_path / "77 megapixels.jpg", quality=50)]
    pillow_heif.register_heif_opener()
    paths += [save(picture, tmp_path / f"telephone.{kind}") for kind in ("HEIC", "webp")]
    for path, result in read_files(paths):
        assert not isinstance(result, FileFault), path.name
        assert [(one.codes, one.turn) for one in result] == [((codes[1],), 0)], path.name


def test_where_no_process_can_be_started_it_is_said(source: Path) -> None:
    script = """
import resource, sys
from pathlib import Path
from yiyu.docgen.scans import reading, worker
from yiyu.registry.errors import ProgramFault

resource.setrlimit(resource.RLIMIT_NOFILE, (4, 4))
try:
    reading.read_pages(Path(sys.argv[1]))
except ProgramFault as fault:
    print(fault.what)
"""
    done = subprocess.run([sys.executable, "-c", script, str(source)], capture_output=True, text=True, check=True)
    assert done.stdout == "没能启动读取扫描件的进程\n"


def test_a_picture_that_claims_a_square_kilometre_is_refused(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 50000, 50000, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    (tmp_path / "bomb.png").write_bytes(png)
    save(Image.new("1", (12000, 12000)), tmp_path / "large.tif", compression="group4")
    assert "图像过大" in refusal(tmp_path / "bomb.png")
    assert "图像过大" in refusal(tmp_path / "large.tif")


def test_a_file_that_takes_too_long_is_given_up(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", 0.0)
    monkeypatch.setattr(reading, "SECONDS_A_PAGE", 0.0)
    assert "限定时间" in refusal(source)


def test_results_come_in_the_order_asked_whatever_fails_between(
    tmp_path: Path, source: Path, codes: list[str], scanned: Scanned
) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 nothing")
    single = save(scanned(source, 2), tmp_path / "one.png")
    paths = [single, tmp_path / "bad.pdf", source, single, tmp_path / "bad.pdf"]
    results = list(read_files(paths))
    assert [path for path, _ in results] == paths
    assert [isinstance(result, FileFault) for _, result in results] == [False, True, False, False, True]


def test_the_scan_is_not_touched(source: Path) -> None:
    before, when = source.read_bytes(), source.stat().st_mtime_ns
    read_pages(source)
    assert (source.read_bytes(), source.stat().st_mtime_ns) == (before, when)


def test_whoever_stops_taking_results_leaves_no_process_behind(source: Path) -> None:
    results = read_files([source] * 50)
    next(results)
    results.close()
    assert multiprocessing.active_children() == []


def test_without_the_reading_library_the_remedy_is_named(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    with pytest.raises(ProgramFault, match=r"pip install 'yiyu\[scan\]'"):
        read_pages(source)
