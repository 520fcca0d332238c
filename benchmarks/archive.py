"""Joining scans: ``archive merge`` and ``archive volume`` against the tools at hand; seconds, peak memory, growth.

Every engine is a process of its own on the same files, from its start to its end; rounds are interleaved. Ours checks each
source, writes, syncs to disk, hashes and reads back; the others only write. "The command" is what a person types, the line
above it the same without the program around it. Engines marked ° write no bookmarks. Those not installed are left out.
"""

import argparse
import hashlib
import importlib.util
import io
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pikepdf

MB = 1024 * 1024
HASHES = "hashes.json"
ALONE = (sys.executable, "-P", __file__)


def make_corpus(folder: Path, kind: str, count: int) -> None:
    """Documents of four pages: a grey JPEG of about 190 KB each, or 45 lines of text in an embedded font."""
    import numpy as np
    import pikepdf
    from pikepdf import Array, Dictionary, Name
    from PIL import Image

    folder.mkdir(parents=True)
    grain = np.random.default_rng(1)
    pictures = []
    for _ in range(8):
        paper = (235 + grain.standard_normal((1754, 1240)) * 7).clip(0, 255).astype(np.uint8)
        paper[150:1600:30, 140:1100] //= 3
        stream = io.BytesIO()
        Image.fromarray(paper).save(stream, "JPEG", quality=50)
        pictures.append(stream.getvalue())
    line = "医疗卫生机构为托育机构提供卫生健康指导，每季度不少于一次，150600-2026"
    for number in range(count):
        pdf = text_pages(line, number) if kind == "text" else pikepdf.new()
        for page in range(4 if kind == "scan" else 0):
            # A few bytes more make every picture another.
            data = pictures[(number + page) % 8] + f"{number}-{page}".encode()
            image = pikepdf.Stream(pdf, data, Type=Name.XObject, Subtype=Name.Image, Filter=Name.DCTDecode)
            image.Width, image.Height, image.ColorSpace, image.BitsPerComponent = 1240, 1754, Name.DeviceGray, 8
            drawn = pdf.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q")
            resources = Dictionary(XObject=Dictionary(Im0=pdf.make_indirect(image)))
            box = Array([0, 0, 595, 842])
            pdf.pages.append(
                pikepdf.Page(Dictionary(Type=Name.Page, MediaBox=box, Contents=drawn, Resources=resources))
            )
        pdf.save(folder / f"{number:05}.pdf", compress_streams=False)
    hashes = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.glob("*.pdf")}
    (folder / HASHES).write_text(json.dumps(hashes))


def text_pages(line: str, number: int) -> "pikepdf.Pdf":
    from yiyu.docgen.pdf.drawing import Drawing

    drawing = Drawing([line, "0123456789"])
    for page in range(4):
        drawing.page()
        for row in range(45):
            drawing.text(70, 62 + 16 * row, 11, f"{number * 180 + page * 45 + row}{line}")
    return drawing.finish()


def copied(files: list[Path], out: Path) -> None:
    with out.open("wb") as target:
        for file in files:
            with file.open("rb") as source:
                shutil.copyfileobj(source, target, MB)


def yiyu_merge(files: list[Path], out: Path) -> None:
    from yiyu.docgen.pdf.merge import merge

    merge(files, out)


def yiyu_writing(files: list[Path], out: Path) -> None:
    import pikepdf

    from yiyu.docgen.pdf.outline import OutlineEntry, write_outline
    from yiyu.docgen.pdf.writing import Writer, reference

    pages: list[int] = []
    entries = []
    with out.open("wb") as stream:
        writer = Writer(stream)
        for file in files:
            with pikepdf.open(file) as source:
                entries.append(OutlineEntry(file.stem, len(pages)))
                pages += writer.copy(source)
        writer.finish(pages, b"/Outlines " + reference(write_outline(writer, entries, pages)))


def yiyu_volume(files: list[Path], out: Path) -> None:
    import datetime as dt

    from yiyu.docgen.pdf.volume.binding import bind_volume
    from yiyu.docgen.pdf.volume.contents import BoundDocument, Section, Volume

    known = json.loads((files[0].parent / HASHES).read_text())  # as the registry knows them
    sections = tuple(
        Section(
            f"150627-2026-JC-{at:04}",
            "合作协议书（基层型）",
            "某某托育中心",
            ("甲方：某某卫生院", "乙方：某某托育中心"),
            (part,),
        )
        for at, part in enumerate((BoundDocument("合作协议书", file, 4, known[file.name]) for file in files), start=1)
    )
    facts = (("范围", "2026年度"),)
    bind_volume(Volume("协议卷宗", "某某旗卫生健康委员会", facts, dt.datetime.now(dt.UTC), sections), out)


def bare_pikepdf(files: list[Path], out: Path) -> None:
    import pikepdf

    made = pikepdf.new()
    with made.open_outline() as outline:
        for file in files:
            with pikepdf.open(file) as source:
                outline.root.append(pikepdf.OutlineItem(file.stem, len(made.pages)))
                made.pages.extend(source.pages)
    made.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def bare_pypdf(files: list[Path], out: Path) -> None:
    import pypdf

    writer = pypdf.PdfWriter()
    for file in files:
        writer.append(file, outline_item=file.stem)
    writer.write(out)


def bare_pypdfium2(files: list[Path], out: Path) -> None:
    import pypdfium2

    made = pypdfium2.PdfDocument.new()
    for file in files:
        source = pypdfium2.PdfDocument(file)
        made.import_pages(source)
        source.close()
    made.save(out)


def program(*words: str) -> Callable[[list[Path], Path], None]:
    """``…`` stands for the files, ``OUT`` for the result."""

    def run(files: list[Path], out: Path) -> None:
        parts = [
            [str(one) for one in files] if word == "…" else [str(out) if word == "OUT" else word] for word in words
        ]
        os.execvp(words[0], list(itertools.chain.from_iterable(parts)))  # noqa: S606 - the peers of this table

    return run


ENGINES: dict[str, Callable[[list[Path], Path], None]] = {
    "copy the bytes": copied,
    "yiyu, writing alone": yiyu_writing,
    "yiyu merge": yiyu_merge,
    "yiyu merge, the command": program(sys.executable, "-m", "yiyu.cli", "archive", "merge", "-o", "OUT", "…"),
    "the same, --full-proof": program(
        sys.executable, "-m", "yiyu.cli", "archive", "merge", "--full-proof", "-o", "OUT", "…"
    ),
    "yiyu archive volume": yiyu_volume,
    "pikepdf": bare_pikepdf,
    "pypdf": bare_pypdf,
    "pypdfium2°": bare_pypdfium2,
    "qpdf°": program("qpdf", "--empty", "--stream-data=preserve", "--pages", "…", "--", "OUT"),
    "mutool°": program("mutool", "merge", "-o", "OUT", "…"),
    "pdfunite°": program("pdfunite", "…", "OUT"),
}
SLOW_PAST = {"pdfunite°": 100}
"""pdfunite did not end within minutes on 1,000 scans."""


def there(name: str) -> bool:
    tool = name.rstrip("°")
    return " " in name or importlib.util.find_spec(tool) is not None or shutil.which(tool) is not None


def measured(name: str, folder: Path, count: int, out: Path) -> tuple[float, float, float]:
    """Seconds, seconds of processor and peak MB of a process that does nothing else."""
    out.parent.mkdir(exist_ok=True)
    out.unlink(missing_ok=True)
    os.sync()
    start = time.perf_counter()
    words = [*ALONE, "--one", name, str(folder), str(count), str(out)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or not out.exists():
        raise SystemExit(f"{name} failed")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def table(folder: Path, kind: str, count: int, rounds: int, wanted: list[str]) -> dict[str, dict[str, float]]:
    names = [name for name in wanted if there(name) and count <= SLOW_PAST.get(name, count)]
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            found[name].append(measured(name, folder, count, folder / "made" / "out.pdf"))
    size = sum(path.stat().st_size for path in sorted(folder.glob("*.pdf"))[:count]) / MB
    bare, bare_cpu, _ = map(statistics.median, zip(*found["pikepdf"], strict=True))
    limit = 1.5 * size + 100
    print(f"\n{count} documents of 4 pages ({kind}), {size:.0f} MB, median of {rounds} interleaved rounds")
    print(
        f"{'':26}{'s':>8}{'x pikepdf':>11}{'CPU s':>8}{'x pikepdf':>11}{'peak MB':>9}   (goal: {limit:.0f} MB or less)"
    )
    rows = {}
    for name, runs in found.items():
        seconds, cpu, peak = map(statistics.median, zip(*runs, strict=True))
        rows[name] = {
            "seconds": seconds,
            "cpu": cpu,
            "ratio": seconds / bare,
            "cpu_ratio": cpu / bare_cpu,
            "peak_mb": peak,
        }
        print(f"{name:26}{seconds:8.2f}{seconds / bare:11.2f}{cpu:8.2f}{cpu / bare_cpu:11.2f}{peak:9.0f}")
    return rows


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        name, folder, count, out = sys.argv[2:]
        ENGINES[name](sorted(Path(folder).glob("*.pdf"))[: int(count)], Path(out))
        return
    if sys.argv[1:2] == ["--make"]:
        make_corpus(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--kinds", nargs="+", choices=["scan", "text"], default=["scan"])
    parser.add_argument("--only", nargs="+", choices=ENGINES, help="these beside pikepdf")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files are made (1 GB for 1,000 scans, twice)")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    report: dict[str, dict[str, dict[str, float]]] = {}
    with tempfile.TemporaryDirectory(dir=options.folder) as base:
        for kind in options.kinds:
            folder = Path(base) / kind
            # In a process of its own: a child's peak counts what its parent held when it was made.
            subprocess.run([*ALONE, "--make", str(folder), kind, str(max(options.counts))], check=True)
            for count in options.counts:
                report[f"{kind} {count}"] = table(
                    folder, kind, count, options.rounds, ["pikepdf", *options.only] if options.only else [*ENGINES]
                )
            first, last = (report[f"{kind} {count}"] for count in (options.counts[0], options.counts[-1]))
            times = options.counts[-1] / options.counts[0]
            print(
                f"\ngrowth: {times:g} times as many documents take so many times as long, and so many MB more ({kind})"
            )
            for name in (one for one in first if one in last):
                longer = last[name]["seconds"] / first[name]["seconds"]
                print(f"{name:26}{longer:8.1f}{last[name]['peak_mb'] - first[name]['peak_mb']:9.0f}")
    if options.json:
        options.json.write_text(json.dumps(report, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
