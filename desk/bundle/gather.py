"""``make bundle``: the wheels for a system, the launcher and a note for who gets it, in one folder to be copied.

Needs the network, as an installation does; the folder itself needs none. What cannot be tried here: cmd.exe itself, and
wheels of another system than this one, which are only fetched and held to their hashes.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_NOT_SOURCE = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__")
LAUNCHER = "医育.cmd"
EXTRAS = ("desk", "scan", "fast", "fonts", "office")
SYSTEMS = {
    "windows": ("x86_64-pc-windows-msvc", ("win_amd64",)),
    "linux": ("x86_64-manylinux_2_28", ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")),
}
"""System to its name for the resolver, and the platforms whose wheels it takes."""
NOTE = """医育（离线文件夹）

1. 把整个文件夹复制到要用的电脑上（不要放在压缩包里直接运行）。
2. 电脑上要有 Python {python}（64 位）。没有时，把它的文件夹放在这里、取名 python。
3. 双击“医育.cmd”。第一次要一两分钟，以后直接打开浏览器里的工作台。
4. 数据都在“工作区”文件夹里；备份见工作台的“保管”。
"""


def gather(target: Path, system: str, python: str) -> None:
    """Fill ``target``, which must not exist. Raises CalledProcessError where a wheel cannot be had."""
    resolver, platforms = SYSTEMS[system]
    program = target / "program"
    (program / "wheels").mkdir(parents=True)
    requirements = program / "requirements.txt"
    extras = [word for extra in EXTRAS for word in ("--extra", extra)]
    _uv(
        "pip", "compile", "pyproject.toml", *extras, "--python-platform", resolver, "--python-version", python,
        "-c", "requirements.lock", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--quiet", "-o", str(requirements),
    )  # fmt: skip
    wanted = [word for platform in platforms for word in ("--platform", platform)]
    _pip(
        "download", "--no-deps", "--require-hashes", "-r", str(requirements), "--only-binary=:all:", *wanted,
        "--python-version", python, "-d", str(program / "wheels"),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as name:  # a build leaves folders behind
        source = shutil.copytree(ROOT, Path(name) / "source", ignore=_NOT_SOURCE)
        _pip("wheel", "--no-deps", "--no-build-isolation", "-w", str(program / "wheels"), str(source))
    own = next((program / "wheels").glob("yiyu-*.whl"))
    digest = f"sha256:{hashlib.sha256(own.read_bytes()).hexdigest()}"
    with requirements.open("a", encoding="ascii") as lines:
        lines.write(f"yiyu=={own.name.split('-')[1]} --hash={digest}\n")
    shutil.copy(ROOT / "desk" / "bundle" / "start.py", program)
    launcher = (ROOT / "desk" / "bundle" / LAUNCHER).read_text("utf-8")
    (target / LAUNCHER).write_text(launcher, encoding="utf-8", newline="\r\n")
    (target / "先看这里.txt").write_text(NOTE.format(python=python), encoding="utf-8-sig", newline="\r\n")


def _uv(*words: str) -> None:
    subprocess.run([str(Path(sys.executable).parent / "uv"), *words], check=True, cwd=ROOT)


def _pip(*words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words], check=True, cwd=ROOT
    )


if __name__ == "__main__":
    gather(Path(sys.argv[1]), *sys.argv[2:])
