"""Plugins for tests: the sample as pip installs it, and packages written as pip leaves them."""

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

SAMPLE = Path(__file__).parent / "data" / "sample_plugin"


def new_environment(folder: Path) -> Path:
    """An environment of its own with what is installed here; gives the folder into which pip puts packages."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--symlinks", folder], check=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    here = sysconfig.get_path("purelib")
    (packages / "all.pth").write_text(f"import site; site.addsitedir({here!r})\n", "utf-8")
    return packages


def install_sample(packages: Path, scratch: Path) -> None:
    """With pip, offline, from a copy: a build leaves folders behind."""
    source = shutil.copytree(SAMPLE, scratch / "source")
    options = ["--no-index", "--no-deps", "--no-build-isolation", "--quiet", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, "--target", packages, source], check=True)


def write_package(packages: Path, name: str, entries: Mapping[str, str], files: Mapping[str, str]) -> Path:
    """``entries``: group to its lines; ``files``: path to text. Gives the folder of its metadata."""
    for path, text in files.items():
        (packages / path).parent.mkdir(parents=True, exist_ok=True)
        (packages / path).write_text(text, "utf-8")
    about = packages / f"{name.replace('-', '_')}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
    text = "".join(f"[{group}]\n{lines}\n" for group, lines in entries.items())
    (about / "entry_points.txt").write_text(text, "utf-8")
    return about
