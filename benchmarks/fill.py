"""Fill time of yiyu beside docxtpl, rust-docxtpl, docxtemplater and the bare cost of writing the same bytes.

    python benchmarks/fill.py [--rounds 9] [--documents 40] [--memory 20000] [--json FILE] [--folder DIR]

All engines fill the same documents in turn within each round (A B C, A B C, …); figures are medians over the rounds, ratios
medians of the ratios of each round. Peers of other runtimes work in a warm process of their own and time themselves. They
are installed into a temporary folder, or looked for in $YIYU_PEERS; one that cannot be had is skipped, and the row says why.
"""

import argparse
import datetime as dt
import gc
import io
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx import Document
from docxtpl import DocxTemplate
from fill_peers import Child, peer_engines

from yiyu.docgen.context.fields import sample_context
from yiyu.docgen.documents.clause_forms import ClauseForms, clause_form
from yiyu.docgen.fill.compiled import compile_template
from yiyu.docgen.fill.environment import environment
from yiyu.docgen.fill.package import FASTEST, ZLIB, Deflate, assemble
from yiyu.docgen.fill.part import scope
from yiyu.registry.model import DocKind, Variant
from yiyu.registry.packs import load_pack

ROWS, SCALARS, VARIANTS = 15, 44, 40
CLAUSE = "本协议各方在平等自愿、协商一致的基础上，就医疗卫生机构支持托育服务发展的有关事项约定如下，共同遵守："


@dataclass
class InProcess:
    name: str
    fill: Callable[[int], bytes]
    out: Path

    def run(self, documents: int) -> tuple[float, float]:
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        for number in range(documents):
            self.out.write_bytes(self.fill(number))
        return time.perf_counter() - wall, time.process_time() - cpu


def stand_in(opening: str, closing: str, loop: tuple[str, str]) -> bytes:
    """An agreement of about 60 paragraphs, a party table, an item table of ROWS rows, a sign table, header and footer."""
    document = Document()
    styles = document.styles.element
    for style in list(styles):
        if style.tag.endswith("latentStyles") or style.get(f"{{{styles.nsmap['w']}}}type") == "table":
            styles.remove(style)

    def tag(number: int) -> str:
        return f"{opening}字段{number}{closing}"

    document.add_heading("合作协议书", 0)
    for number in range(SCALARS):
        paragraph = document.add_paragraph(f"第{number + 1}条　")
        paragraph.add_run(CLAUSE).bold = number % 7 == 0
        paragraph.add_run(f"（{tag(number)}）")
    for number in range(12):
        document.add_paragraph(f"{number + 1}. {CLAUSE}")
    parties = document.add_table(6, 4)
    for place, cell in enumerate(cell for row in parties.rows for cell in row.cells):
        cell.text = "名称" if place % 2 == 0 else tag(place)
    items = document.add_table(4, 7)
    for cell, text in zip(items.rows[0].cells, ("序号", "类别", "项目", "内容", "方式", "频次", "备注"), strict=True):
        cell.text = text
    before, after = loop
    items.rows[1].cells[0].text, items.rows[3].cells[0].text = before, after
    for place, cell in enumerate(items.rows[2].cells):
        cell.text = f"{opening}{'项.' if '.' in before or 'for' in before else ''}列{place}{closing}"
    if "for" not in before:  # docxtemplater repeats the row that holds both ends of the loop
        items.rows[2].cells[0].text = before + items.rows[2].cells[0].text
        items.rows[2].cells[6].text += after
        for row in (items.rows[1], items.rows[3]):
            items._tbl.remove(row._tr)  # noqa: SLF001 python-docx has no way to delete a row
    document.sections[0].header.paragraphs[0].text = f"编号 {tag(0)}"
    document.sections[0].footer.paragraphs[0].text = f"{tag(1)} 版"
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def stand_in_context(number: int) -> dict[str, Any]:
    fields = {f"字段{place}": f"示例旗示例卫生院{number}号第{place}项" for place in range(SCALARS)}
    row = "指导托育机构做好婴幼儿健康管理、膳食营养与疾病预防"
    return {
        **fields,
        "项目": [{f"列{place}": f"{line + 1}{row[: place * 4]}" for place in range(7)} for line in range(ROWS)],
    }


def shipped(kind: DocKind) -> tuple[bytes, list[dict[str, Any]]]:
    pack, day = load_pack("national"), dt.date(2026, 1, 1)
    data = clause_form(pack.template(kind, Variant.JC), ClauseForms(day).texts(pack, day)).template.data
    contexts = []
    for number in range(VARIANTS):
        context = sample_context(kind)
        if "服务项目" in context:
            context["服务项目"] = [{**context["服务项目"][0], "序号": place + 1} for place in range(ROWS)]
        context["甲方"] = {**context["甲方"], "全称": f"示例旗示例卫生院{number}"}
        contexts.append(context)
    return data, contexts


def own_engines(data: bytes, contexts: list[dict[str, Any]], folder: Path) -> list[InProcess | Child]:
    compiled = compile_template(data, name="评测")
    out = folder / "own.docx"

    def pick(number: int) -> dict[str, Any]:
        return contexts[number % len(contexts)]

    def naive(number: int) -> bytes:
        template = DocxTemplate(io.BytesIO(data))
        return rendered(template, pick(number))

    reused = DocxTemplate(io.BytesIO(data))

    def rendered(template: DocxTemplate, context: Mapping[str, Any]) -> bytes:
        template.render(context, environment())
        target = io.BytesIO()
        template.save(target)
        return target.getvalue()

    parts = [
        [(part.source.member.encode(), part.fill(scope(context))) for part in compiled.parts] for context in contexts
    ]

    def bare(deflate: Deflate) -> Callable[[int], bytes]:
        return lambda number: assemble(compiled.frame, parts[number % len(parts)], deflate)

    engines: list[InProcess | Child] = [
        InProcess("docxtpl", naive, out),
        InProcess("docxtpl, reused", lambda number: rendered(reused, pick(number)), out),
        InProcess(f"yiyu ({FASTEST.name})", lambda number: compiled.fill(pick(number)), out),
        InProcess(f"bare cost ({FASTEST.name})", bare(FASTEST), out),
    ]
    if FASTEST is not ZLIB:
        engines += [
            InProcess("yiyu (zlib)", lambda number: compiled.fill(pick(number), deflate=ZLIB), out),
            InProcess("bare cost (zlib)", bare(ZLIB), out),
        ]
    return engines


def measure(engines: list[InProcess | Child], rounds: int, documents: int) -> list[dict[str, Any]]:
    # The fast ones get more documents a round: a burst of a few milliseconds would mostly measure cold caches.
    share = {engine.name: 10 if engine.name.startswith(("yiyu", "bare")) else 1 for engine in engines}
    samples: dict[str, list[tuple[float, float]]] = {engine.name: [] for engine in engines}
    for number in range(rounds + 1):
        for engine in engines:
            count = documents * share[engine.name]
            wall, cpu = engine.run(count)
            if number:  # the first round warms up
                samples[engine.name].append((wall / count, cpu / count))
    own = next(name for name in samples if name.startswith("yiyu"))

    def median_ratio(over: str, under: str, which: int) -> float:
        pairs = zip(samples[over], samples[under], strict=True)
        return statistics.median(first[which] / second[which] for first, second in pairs)

    return [
        {
            "engine": name,
            "wall_ms": statistics.median(wall for wall, _ in taken) * 1000,
            "cpu_ms": statistics.median(cpu for _, cpu in taken) * 1000,
            "docxtpl_over_it_wall": median_ratio("docxtpl", name, 0),
            "docxtpl_over_it_cpu": median_ratio("docxtpl", name, 1),
            "it_over_yiyu_wall": median_ratio(name, own, 0),
        }
        for name, taken in samples.items()
    ]


def resident() -> float:
    """Resident memory in MB, where the system tells it."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20 if statm.exists() else 0.0


def memory(data: bytes, contexts: list[dict[str, Any]], documents: int) -> dict[str, float]:
    compiled = compile_template(data, name="评测")
    for number in range(100):
        compiled.fill(contexts[number % len(contexts)])
    gc.collect()
    before = resident()
    for number in range(documents):
        compiled.fill(contexts[number % len(contexts)])
    gc.collect()
    return {"documents": documents, "after_100_mb": before, "after_all_mb": resident()}


def show(title: str, rows: list[dict[str, Any]]) -> None:
    print(f"\n{title}\n{'engine':20}{'wall ms':>10}{'CPU ms':>10}{'docxtpl/it':>12}{'by CPU':>10}{'it/yiyu':>10}")
    for row in rows:
        name, *figures = row.values()
        print(
            f"{name:20}"
            + "".join(f"{figure:>{width}.2f}" for figure, width in zip(figures, (10, 10, 12, 10, 10), strict=True))
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--documents", type=int, default=20)
    options.add_argument("--memory", type=int, default=20_000)
    options.add_argument("--folder", type=Path, help="where the documents are written (default: a temporary folder)")
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    result: dict[str, Any] = {"python": sys.version.split()[0], "deflate": FASTEST.name, "templates": {}}
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        peers = Path(os.environ.get("YIYU_PEERS", folder / "peers"))
        data, contexts = (
            stand_in("{{ ", " }}", ("{%tr for 项 in 项目 %}", "{%tr endfor %}")),
            list(map(stand_in_context, range(VARIANTS))),
        )
        others, skipped = peer_engines(data, stand_in("{", "}", ("{#项目}", "{/项目}")), contexts, folder, peers)
        rows = measure([*own_engines(data, contexts, folder), *others], given.rounds, given.documents)
        result["templates"]["stand-in agreement"] = rows
        show("stand-in agreement", rows)
        for engine, reason in skipped.items():
            print(f"{engine:24} skipped: {reason}")
        for kind in DocKind:
            own, variants = shipped(kind)
            rows = measure(own_engines(own, variants, folder), given.rounds, given.documents)
            result["templates"][str(kind)] = rows
            show(f"shipped {kind}", rows)
        result["skipped"] = skipped
        result["memory"] = memory(data, contexts, given.memory)
        print("\nmemory", result["memory"])
    if given.json:
        given.json.write_text(json.dumps(result, ensure_ascii=False, indent=2), "utf-8")


if __name__ == "__main__":
    main()
