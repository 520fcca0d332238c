"""Peers of yiyu's filling in other runtimes: installed into a folder of their own, each warm in a process of its own."""

import json
import shutil
import subprocess
import venv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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


def peer_engines(
    jinja: bytes, mustache: bytes, contexts: list[dict[str, Any]], folder: Path, peers: Path
) -> tuple[list[Child], dict[str, str]]:
    """Engines of other makers over the same agreement in their own tags, and why a missing one is missing."""
    engines: list[Child] = []
    skipped: dict[str, str] = {}
    (folder / "contexts.json").write_text(json.dumps(contexts, ensure_ascii=False), "utf-8")
    (folder / "jinja.docx").write_bytes(jinja)
    (folder / "peer.docx").write_bytes(mustache)
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
