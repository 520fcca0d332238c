"""Agreements changed on purpose, printed, scanned and held against what was generated: is every change found, and nothing else?

A change stands in the Word file, as a partner makes it who edits before he prints; strokes are drawn on the printed page, before
"""

import argparse
import difflib
import io
import json
import random
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import scanner
import strokes
from PIL import Image

from yiyu.docgen.documents.pdf_results import PdfRequest, papers
from yiyu.docgen.pdf.printed_text import printed_pages
from yiyu.docgen.scans.difference import Difference
from yiyu.docgen.scans.ocr_text import TextReader, plain
from yiyu.docgen.scans.ocr_worker import upright
from yiyu.docgen.scans.page_comparison import page_comparison
from yiyu.registry.store.opening import open_registry
from yiyu.registry.store.record_sheets import DocumentRow, all_documents
from yiyu.registry.store.scans import printed_documents

SAME_LENGTH = [
    ("digits", r"托位数：(\d)", "digit"),
    ("digits", r"在托婴幼儿：(\d)", "digit"),
    ("digits", r"每季度(\d)次", "digit"),
    ("digits", r"催告后(\d)5日", "digit"),
    ("digits", r"期限届满(\d)0日前", "digit"),
    ("digits", r"联系电话：0477-8(\d)", "digit"),
    ("dates", r"自20\d\d年(\d)", "digit"),
    ("dates", r"日起至20(\d)", "digit"),
    ("dates", r"通知》（2024年1(\d)月", "digit"),
    ("dates", r"已备案（20\d(\d)年", "digit"),
    ("dates", r"（内卫人口字〔20(\d)4", "digit"),
    ("copies", r"乙方(壹)份", "贰"),
    ("names", r"小(鹿)", "熊"),
    ("names", r"康(复)路", "富"),
    ("words", r"依法(承担)责任", "免除"),
    ("words", r"向(乙方)和家长收费", "甲方"),
]
OTHER_LENGTH = [
    ("negations", r"的，(不)影响婴幼儿", ""),
    ("negations", r"，(不)得向无关人员", ""),
    ("negations", r"双方互(不)支付费用", "相"),
    ("negations", r"期限届满()自动终止", "不"),
    ("passages", r"，共同遵守。()", "甲方另按月收取服务费。"),
    ("passages", r"(愿建尽建)", ""),
]


@dataclass(frozen=True)
class Change:
    kind: str
    old: str
    new: str
    before: str
    """What stands before it, to tell the page."""


def changed(data: bytes, wanted: Sequence[tuple[str, str, str]], chance: random.Random) -> tuple[bytes, list[Change]]:
    """The Word file with every change that its text allows, and which those are."""
    stream, made = io.BytesIO(), []
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "word/document.xml":
                text = part.decode()
                for kind, pattern, new in wanted:
                    found = re.search(pattern, text)
                    if found is None:
                        continue
                    start, end = found.span(1)
                    old = text[start:end]
                    put = chance.choice([one for one in "123456789" if one != old]) if new == "digit" else new
                    if put == old:
                        continue
                    made.append(Change(kind, old, put, found.group()[: start - found.start()]))
                    text = text[:start] + put + text[end:]
                part = text.encode()
            target.writestr(name, part)
    return stream.getvalue(), made


def pages_of(pdf: Path) -> list[str]:
    return ["".join(one.text for row in page.rows for one in row) for page in printed_pages(pdf)]


def on_pages(changes: Sequence[Change], texts: Sequence[str]) -> dict[int, list[Change]]:
    """Which changes stand on which page; one that is torn in two by the end of a page is left out."""
    placed: dict[int, list[Change]] = {}
    for one in changes:
        said = re.sub(r"\s", "", one.before + one.new)
        at = [number for number, text in enumerate(texts) if said in text]
        if len(at) == 1:
            placed.setdefault(at[0], []).append(one)
    return placed


def tells(found: Difference, change: Change) -> bool:
    """Whether a difference is this change: what is in its brackets is part of it, on both sides."""
    printed, read = (plain(re.findall("【(.*?)】", text)[0]) for text in (found.printed, found.read))
    return bool(printed or read) and printed in plain(change.old) and read in plain(change.new)


def documents(root: Path, count: int) -> Iterator[tuple[str, DocumentRow]]:
    with open_registry(root / "registry.db") as db:
        numbers = {row.agreement_id: row.number for row in printed_documents(db)}
        rows = [row for row in all_documents(db) if row.kind == "agreement"]
    chosen = random.Random(7).sample(rows, count)  # noqa: S311
    yield from ((numbers[row.agreement_id], row) for row in chosen)


def printed(root: Path, number: str, row: DocumentRow, target: Path) -> Path:
    [done] = papers(root, [PdfRequest(number, row, target)])
    if done.error:
        raise done.error
    return target


def marks(found: Difference, mark: strokes.Mark) -> bool:
    """Whether a difference, of whatever kind, shows the place of a mark: both name the same printed text."""
    before, part, after = re.fullmatch("(.*?)【(.*)】(.*)", found.printed, re.DOTALL).groups()
    around = part if part else before[-2:] + after[:2]
    return any(_shared(around, near) >= min(3, len(around)) for near in mark.near.split("|") if around)


def _shared(one: str, other: str) -> int:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size


def compare(reader: TextReader, sheet: scanner.Sheet, original: Path) -> list[Difference] | None:
    data, turn = scanner.scan(sheet)
    picture = upright(Image.open(io.BytesIO(data)), -turn % 360)
    found = page_comparison(reader, picture, reader.read(picture), str(original), sheet.page + 1, ())
    return None if found is None else list(found.differences)


@dataclass
class Tally:
    """Of one resolution: changes ``there`` and ``found`` by kind, pages that were read for alarms, and the alarms by kind."""

    there: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    unfit: int = 0
    seconds: float = 0.0

    def told(self) -> str:
        kinds = ", ".join(f"{kind} {self.found[kind]}/{count}" for kind, count in sorted(self.there.items()))
        alarms = f"alarms {sum(self.alarms.values())} on {self.pages} pages {dict(self.alarms)}"
        return f"{kinds}; {alarms}; unfit {self.unfit}; {self.seconds / max(1, self.pages):.1f} s of processor a page"


class Run:
    def __init__(self, base: Path) -> None:
        self.base, self.root, self.reader = base, base / "office", TextReader()
        self.tallies: dict[int, Tally] = {}

    def agreement(self, dpi: int, number: str, row: DocumentRow) -> None:
        """Read every page of an agreement with text changed, and with strokes."""
        began = time.process_time()
        chance, tally = random.Random(f"{dpi} {number}"), self.tallies.setdefault(dpi, Tally())  # noqa: S311
        original = self.base / f"{number}.pdf"
        if not original.exists():
            printed(self.root, number, row, original)
        for at, wanted in enumerate((SAME_LENGTH, OTHER_LENGTH)):
            copy = self.base / f"{dpi}-{number}-{at}"
            word = copy / row.path
            word.parent.mkdir(parents=True)
            data, made = changed((self.root / row.path).read_bytes(), wanted, chance)
            word.write_bytes(data)
            paper = printed(copy, number, row, copy / "print.pdf")
            texts = pages_of(paper)
            placed = on_pages(made, texts)
            torn = [one for one in made if not any(one in each for each in placed.values())]
            for page in range(len(texts)):
                changes = placed.get(page, [])
                if wanted is SAME_LENGTH or changes:  # a page whose lines have moved is another page
                    said = self._read(tally, scanner.Sheet(paper, page, chance.randrange(1 << 30), dpi), original)
                    where = f"{dpi} {number} page {page + 1}"
                    self._count(tally, where, said, changes, tells, torn if wanted is SAME_LENGTH else None)
        for page, layout in enumerate(printed_pages(original)):
            drawn = strokes.marks(layout, chance)
            sheet = scanner.Sheet(original, page, chance.randrange(1 << 30), dpi, tuple(drawn))
            self._count(tally, f"{dpi} {number} page {page + 1}", self._read(tally, sheet, original), drawn, marks, ())
        tally.seconds += time.process_time() - began

    def _read(self, tally: Tally, sheet: scanner.Sheet, original: Path) -> list[Difference] | None:
        said = compare(self.reader, sheet, original)
        tally.unfit += said is None
        return said

    def _count(
        self,
        tally: Tally,
        where: str,
        said: list[Difference] | None,
        changes: Sequence[Any],
        is_it: Callable[[Difference, Any], bool],
        torn: Sequence[Any] | None,
    ) -> None:
        """``torn``: changes whose page is not known, which are no alarms; None where alarms are not counted at all."""
        if said is None:
            return
        tally.there.update(one.kind for one in changes)
        for one in changes:
            if any(is_it(each, one) for each in said):
                tally.found[one.kind] += 1
            else:
                print(f"  missed {where}: {one}"[:400], flush=True)
        if torn is not None:
            tally.pages += 1
            for each in said:
                if not any(is_it(each, one) for one in (*changes, *torn)):
                    tally.alarms[each.kind] += 1
                    print(f"  alarm {where}: {each.kind} {each.printed} | {each.read}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agreements", type=int, default=10)
    parser.add_argument("--dpi", type=int, nargs="*", default=[150, 200, 300])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        run = Run(Path(name))
        subprocess.run([sys.executable, "-m", "yiyu.cli", "demo", run.root], check=True, capture_output=True)
        for number, row in documents(run.root, options.agreements):
            for dpi in options.dpi:
                run.agreement(dpi, number, row)
                print(f"{dpi} dpi: {run.tallies[dpi].told()}", flush=True)
            if options.json:
                results = [{"dpi": dpi, **asdict(one)} for dpi, one in run.tallies.items()]
                options.json.write_text(json.dumps(results, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
