"""Fill time of yiyu beside docxtpl, rust-docxtpl, docxtemplater and the bare cost of writing the same bytes.

    python benchmarks/fill.py [--rounds 9] [--documents 40] [--memory 20000] [--json FILE] [--folder DIR]

All engines fill the same documents in turn within each round (A B C, A B C, …); figures are medians over the rounds, ratios
medians of the ratios of each round. Peers of other runtimes work in a warm process of their own and time themselves. They
are installed into a temporary folder, or looked for in $YIYU_PEERS; one that cannot be had is skipped, and the row says why.
"""

import argparse
import gc
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from docx import Document
from docxtpl import DocxTemplate

from yiyu.docgen.context.fields import sample_context
from yiyu.docgen.fill.compiled import compile_template
from yiyu.docgen.fill.environment import environment
from yiyu.docgen.fill.package import FASTEST, ZLIB, Deflate, assemble
from yiyu.docgen.fill.part import scope
from yiyu.registry.model import DocKind

ROWS, SCALARS, VARIANTS = 15, 44, 40
CLAUSE = "本协议各方在平等自愿、协商一致的基础上，就医疗卫生机构支持托育服务发展的有关事项约定如下，共同遵守："

PYTHON_PEER = """
import json, sys, time
from docxtpl import DocxTemplate
template, contexts, out = sys.argv[1:4]
contexts = json.load(open(contexts, encoding="utf-8"))
for line in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    for number in range(int(line)):
        document = DocxTemplate(template)
        document.render(contexts[number % len(contexts)], autoescape=True)
        document.save(out)
    print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu]), flush=True)
"""
NODE_PEER = """
const fs = require("fs"), Zip = require("pizzip"), Docx = require("docxtemplater");
const [template, contexts, out] = process.argv.slice(2);
const data = JSON.parse(fs.readFileSync(contexts, "utf8")), source = fs.readFileSync(template);
require("readline").createInterface({input: process.stdin}).on("line", line => {
  const wall = process.hrtime.bigint(), cpu = process.cpuUsage();
  for (let n = 0; n < Number(line); n++) {
    const document = new Docx(new Zip(source), {paragraphLoop: true, linebreaks: true});
    document.render(data[n % data.length]);
    fs.writeFileSync(out, document.getZip().generate({type: "nodebuffer", compression: "DEFLATE"}));
  }
  const used = process.cpuUsage(cpu);
  console.log(JSON.stringify([Number(process.hrtime.bigint() - wall) / 1e9, (used.user + used.system) / 1e6]));
});
"""


class Engine(Protocol):
    name: str

    def run(self, documents: int) -> tuple[float, float]:
        """Fill that many documents; give wall and CPU seconds."""


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


@dataclass
class Child:
    name: str
    command: list[str]
    cwd: Path
    process: "subprocess.Popen[str]" = field(init=False)

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.cwd
        )

    def run(self, documents: int) -> tuple[float, float]:
        if not self.process.stdin or not self.process.stdout or not self.process.stderr:
            raise RuntimeError(self.name)
        self.process.stdin.write(f"{documents}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(self.process.stderr.read().strip().splitlines()[-1])
        wall, cpu = json.loads(line)
        return wall, cpu


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
            row._tr.getparent().remove(row._tr)
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
    data = (Path(__file__).parents[1] / "templates" / "national" / f"{kind}.docx").read_bytes()
    contexts = []
    for number in range(VARIANTS):
        context = sample_context(kind)
        if "服务项目" in context:
            context["服务项目"] = [{**context["服务项目"][0], "序号": place + 1} for place in range(ROWS)]
        context["甲方"] = {**context["甲方"], "全称": f"示例旗示例卫生院{number}"}
        contexts.append(context)
    return data, contexts


def own_engines(data: bytes, contexts: list[dict[str, Any]], folder: Path) -> list[Engine]:
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

    engines: list[Engine] = [
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


def peer_engines(
    data: bytes, contexts: list[dict[str, Any]], folder: Path, peers: Path
) -> tuple[list[Engine], dict[str, str]]:
    """Engines of other makers over the stand-in, and why a missing one is missing."""
    engines: list[Engine] = []
    skipped: dict[str, str] = {}
    (folder / "contexts.json").write_text(json.dumps(contexts, ensure_ascii=False), "utf-8")
    (folder / "jinja.docx").write_bytes(data)
    (folder / "peer.docx").write_bytes(stand_in("{", "}", ("{#项目}", "{/项目}")))
    (folder / "peer.py").write_text(PYTHON_PEER, "utf-8")
    try:
        python = rust_docxtpl(peers)
        arguments = [str(folder / name) for name in ("peer.py", "jinja.docx", "contexts.json", "rust.docx")]
        engines.append(Child("rust-docxtpl", [str(python), *arguments], folder))
    except (OSError, subprocess.SubprocessError) as error:
        skipped["rust-docxtpl"] = str(error)
    try:
        modules = docxtemplater(peers)
        (modules / "peer.js").write_text(NODE_PEER, "utf-8")
        arguments = [str(folder / name) for name in ("peer.docx", "contexts.json", "node.docx")]
        engines.append(Child("docxtemplater", ["node", str(modules / "peer.js"), *arguments], modules))
    except (OSError, subprocess.SubprocessError) as error:
        skipped["docxtemplater"] = str(error)
    return engines, skipped


def rust_docxtpl(peers: Path) -> Path:
    home = peers / "rust-docxtpl"
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "rust-docxtpl"], check=True, capture_output=True)
    return python


def docxtemplater(peers: Path) -> Path:
    home = peers / "docxtemplater"
    if not (home / "node_modules" / "docxtemplater").exists():
        npm = shutil.which("npm")
        if npm is None:
            raise FileNotFoundError("npm is not installed")
        home.mkdir(parents=True, exist_ok=True)
        subprocess.run([npm, "install", "--prefix", home, "docxtemplater", "pizzip"], check=True, capture_output=True)
    return home


def measure(engines: list[Engine], rounds: int, documents: int) -> list[dict[str, Any]]:
    # The fast ones get more documents a round: a burst of a few milliseconds would mostly measure cold caches.
    share = {engine.name: 10 if engine.name.startswith(("yiyu", "bare")) else 1 for engine in engines}
    samples: dict[str, list[tuple[float, float]]] = {engine.name: [] for engine in engines}
    for number in range(rounds + 1):
        for engine in engines:
            count = documents * share[engine.name]
            wall, cpu = engine.run(count)
            if number:  # the first round warms up
                samples[engine.name].append((wall / count, cpu / count))
    base = samples["docxtpl"]
    rows = []
    for name, taken in samples.items():
        ratios = [ours[1] and theirs[1] / ours[1] for theirs, ours in zip(base, taken, strict=True)]
        rows.append(
            {
                "engine": name,
                "wall_ms": statistics.median(wall for wall, _ in taken) * 1000,
                "cpu_ms": statistics.median(cpu for _, cpu in taken) * 1000,
                "speed_wall": statistics.median(theirs[0] / ours[0] for theirs, ours in zip(base, taken, strict=True)),
                "speed_cpu": statistics.median(ratios),
            }
        )
    return rows


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
    print(f"\n{title}\n{'engine':24}{'wall ms':>10}{'CPU ms':>10}{'x docxtpl wall':>16}{'x docxtpl CPU':>15}")
    for row in rows:
        print(
            f"{row['engine']:24}{row['wall_ms']:>10.3f}{row['cpu_ms']:>10.3f}"
            f"{row['speed_wall']:>16.1f}{row['speed_cpu']:>15.1f}"
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
        others, skipped = peer_engines(data, contexts, folder, peers)
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
