"""Claims about files sent by strangers: each refused by name with the reason, in time and memory, the rest taken in."""

import contextlib
import functools
import io
import json
import os
import resource
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import img2pdf
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from yiyu.registry.store.opening import open_registry

SECONDS, MEGABYTES = 10.0, 512


def picture() -> bytes:
    stream = io.BytesIO()
    page = Image.new("L", (827, 1169), 250)
    draw = ImageDraw.Draw(page)
    for line in range(30):
        draw.rectangle((100, 100 + line * 30, 700, 110 + line * 30), fill=20)
    page.save(stream, "JPEG", dpi=(100, 100))
    return stream.getvalue()


def paper(pages: int = 3) -> bytes:
    return bytes(img2pdf.convert([picture()] * pages))


def changed(change: Callable[[pikepdf.Pdf], object], **options: object) -> bytes:
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper())) as pdf:
        change(pdf)
        raw = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}
        pdf.save(stream, **(options or raw))
    return stream.getvalue()


@functools.cache
def packed(size: int) -> bytes:
    packer = zlib.compressobj(1)
    block = bytes(2**20)
    return b"".join([*(packer.compress(block) for _ in range(size >> 20)), packer.flush()])


def untouched(pdf: pikepdf.Pdf) -> None:
    """It is the way of saving that does the harm."""


def circle(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)


def deep_circle(pdf: pikepdf.Pdf) -> None:
    inner = pdf.make_indirect(Dictionary(Type=Name.Pages, Count=1, Parent=pdf.Root.Pages))
    inner.Kids = Array([inner])
    pdf.Root.Pages.Kids.append(inner)


def gigabyte_of_drawing(pdf: pikepdf.Pdf) -> None:
    once = packed(2**30)
    pdf.pages[0].Contents = pikepdf.Stream(pdf, once, Filter=Name.FlateDecode)


def packed_twice(pdf: pikepdf.Pdf) -> None:
    """A gigabyte in some kilobytes."""
    twice = zlib.compress(packed(2**30), 9)
    pdf.pages[0].Contents = pikepdf.Stream(pdf, twice, Filter=Array([Name.FlateDecode, Name.FlateDecode]))


def enormous_picture(pdf: pikepdf.Pdf) -> None:
    image = pikepdf.Stream(pdf, packed(2**24), Filter=Name.FlateDecode, Type=Name.XObject, Subtype=Name.Image)
    image.Width, image.Height, image.ColorSpace, image.BitsPerComponent = 60000, 60000, Name.DeviceRGB, 8
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(Im=image))
    pdf.pages[0].Contents = pikepdf.Stream(pdf, b"q 595 0 0 842 0 0 cm /Im Do Q")
    del pdf.pages[1:]


def hidden_picture(pdf: pikepdf.Pdf) -> None:
    """The same one, drawn by a form that the page draws."""
    enormous_picture(pdf)
    form = pikepdf.Stream(pdf, b"q 595 0 0 842 0 0 cm /Im Do Q", Resources=pdf.pages[0].Resources)
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 595, 842])
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(Fm=form))
    pdf.pages[0].Contents = pikepdf.Stream(pdf, b"/Fm Do")


def endless_drawing(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(b"0 0 595 842 re f " * 50)
    for _ in range(9):
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 595, 842])
        form = pdf.make_stream(b"/F Do " * 20, Resources=Dictionary(XObject=Dictionary(F=pdf.make_indirect(form))))
    pdf.pages[0].Resources, pdf.pages[0].Contents = form.Resources, form


def slow_drawing(pdf: pikepdf.Pdf) -> None:
    """Little memory, a minute of work."""
    painting = zlib.compress(b"0 0 595 842 re f " * 60_000)
    pdf.pages[0].Contents = pikepdf.Stream(pdf, painting, Filter=Name.FlateDecode)
    del pdf.pages[1:]


def endless_picture(pdf: pikepdf.Pdf) -> None:
    """A page of a square kilometre."""
    pdf.pages[0].MediaBox = Array([0, 0, 2.8e6, 2.8e6])
    del pdf.pages[1:]


def many_blank_pages() -> bytes:
    stream = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(5000):
            pdf.add_blank_page()
        pdf.save(stream)
    return stream.getvalue()


def png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed(2**24)) + chunk(b"IEND", b"")


def cut(pages: int, share: float) -> bytes:
    data = paper(pages)
    return data[: int(len(data) * share)]


PLAIN = {"object_stream_mode": pikepdf.ObjectStreamMode.disable}
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "用户密码.pdf": (lambda: changed(untouched, encryption=pikepdf.Encryption(user="u", owner="o")), "需要密码"),
    "截断.pdf": (lambda: cut(3, 0.5), "已损坏"),
    "第三页截断.pdf": (lambda: cut(3, 0.83), "已损坏"),
    "零字节.pdf": (lambda: b"", "空文件"),
    "零字节.tif": (lambda: b"", "空文件"),
    "只有头.pdf": (lambda: b"%PDF-1.7\n", "已损坏"),
    "环.pdf": (lambda: changed(circle), "已损坏"),
    "内环.pdf": (lambda: changed(deep_circle), "已损坏"),
    "自称五百页.pdf": (lambda: changed(untouched, **PLAIN).replace(b"/Count 3", b"/Count 500"), "已损坏"),
    "其实是文字.jpg": ("不是图片".encode, "不是 PDF"),
    "半张.jpg": (lambda: picture()[:9000], "第 1 页的图像已损坏"),
    "六万见方.png": (lambda: png_of(60000, 60000), "图像过大"),
    "五千页.pdf": (many_blank_pages, "页数过多"),
}
SLOW = "慢慢画.pdf"
BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "一吉.pdf": (lambda: changed(gigabyte_of_drawing), "第 1 页的内容"),
    "压了两遍.pdf": (lambda: changed(packed_twice), "第 1 页的内容"),
    "六万见方.pdf": (lambda: changed(enormous_picture), "图像过大"),
    "套着六万见方.pdf": (lambda: changed(hidden_picture), "图像过大"),
    "画不完.pdf": (lambda: changed(endless_drawing), "可能已损坏"),
    SLOW: (lambda: changed(slow_drawing), "没有在限定时间内读完"),
    "一平方公里.pdf": (lambda: changed(endless_picture), "图像过大"),
}


def resident(pid: int) -> int:
    """Bytes of the process and all below it."""
    children: dict[int, list[int]] = {}
    sizes: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(folder.name))
            sizes[int(folder.name)] = int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    total, pending = 0, [pid]
    while pending:
        one = pending.pop()
        total += sizes.get(one, 0)
        pending += children.get(one, [])
    return total


@contextlib.contextmanager
def watched(process: "subprocess.Popen[str]") -> Iterator[list[int]]:
    peak, stop = [0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.02):
            peak[0] = max(peak[0], resident(process.pid))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()


def processor() -> float:
    """Of ended children and theirs: a busy machine does not change it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def take_in(office: Path, *paths: Path) -> tuple[int, dict[str, object], float, float]:
    """Exit code, answer, seconds of processor, and the most megabytes of all its processes together."""
    command = [sys.executable, "-m", "yiyu.cli", "--workspace", str(office), "archive", "intake", "--json"]
    before = processor()
    with (
        subprocess.Popen(
            [*command, *map(str, paths)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process,
        watched(process) as peak,
    ):
        said, errors = process.communicate(timeout=120)
    assert errors == "", "the reading processes die in silence"
    return process.returncode, json.loads(said), processor() - before, peak[0] / 2**20


CHAIN = ('INSERT INTO "row_changes"', 'INSERT INTO "chain_links"')
"""What every change adds to the chain."""


def dump(office: Path) -> list[str]:
    with open_registry(office / "registry.db") as db:
        return list(db.iterdump())


def test_of_a_batch_the_bad_files_are_named_with_the_reason_and_the_rest_is_done(office: Path, tmp_path: Path) -> None:
    folder = tmp_path / "扫描"
    folder.mkdir()
    bad = {name: one for name, one in (BAD | BOMBS).items() if name != SLOW}
    for name, (make, _) in bad.items():
        (folder / name).write_bytes(make())
    (tmp_path / "好.pdf").write_bytes(paper())
    (tmp_path / "文件夹.pdf").mkdir()
    before = dump(office)
    code, said, _, megabytes = take_in(office, folder, tmp_path / "文件夹.pdf", tmp_path / "好.pdf")
    assert code == 10
    failed = {Path(one["file"]).name: one["message"] for one in said["failed"]}
    assert failed.keys() == bad.keys()
    assert not [(name, failed[name]) for name, (_, reason) in bad.items() if reason not in failed[name]]
    assert megabytes < MEGABYTES
    assert (said["pages"], len(said["unplaced"])) == (3, 3)
    [kept] = (office / "archive").rglob("*.*")
    assert kept.name.endswith("好.pdf")
    added = [one for one in set(dump(office)) - set(before) if not one.startswith(CHAIN)]
    [row] = [one for one in added if "unplaced" not in one]
    assert kept.name in row
    assert len(added) == 1 + len(said["unplaced"])


@pytest.mark.parametrize("name", ["压了两遍.pdf", "画不完.pdf", SLOW])
def test_a_bomb_is_given_up_within_ten_seconds_and_half_a_gigabyte(office: Path, tmp_path: Path, name: str) -> None:
    bomb = tmp_path / name
    bomb.write_bytes(BOMBS[name][0]())
    before = dump(office)
    code, said, seconds, megabytes = take_in(office, bomb)
    assert code == 10
    assert BOMBS[name][1] in said["failed"][0]["message"]
    assert seconds < SECONDS
    assert megabytes < MEGABYTES
    assert dump(office) == before
