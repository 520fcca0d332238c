"""The folder for a computer without a network: its environment is made once, whole or not at all, wherever it lies."""

import base64
import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from yiyu.desk.bundle import start


def _wheel(folder: Path, version: str) -> str:
    """A wheel of one module, and the line that asks for it."""
    path, info = folder / f"probe-{version}-py3-none-any.whl", f"probe-{version}.dist-info"
    files = {
        "probe.py": f"VERSION = '{version}'\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: probe\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digests = {name: hashlib.sha256(text.encode()).digest() for name, text in files.items()}
    record = "".join(
        f"{name},sha256={base64.urlsafe_b64encode(found).rstrip(b'=').decode()},\n" for name, found in digests.items()
    )
    with zipfile.ZipFile(path, "w") as pack:
        for name, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            pack.writestr(name, text)
    return f"probe=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def _version(program: Path) -> str:
    return subprocess.run(
        [program, "-c", "import probe; print(probe.VERSION)"], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_the_environment_is_made_once_and_anew_when_it_was_broken_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, kept = tmp_path / "医育 离线包", tmp_path / "本机 数据"
    (folder / "wheels").mkdir(parents=True)
    (folder / "requirements.txt").write_text(_wheel(folder / "wheels", "1.0"))
    program = start.environment(folder, kept)
    assert _version(program) == "1.0"
    assert "第一次运行" in capsys.readouterr().out
    made = (program.parents[1] / start.MARK).stat().st_mtime_ns
    assert start.environment(folder, kept) == program
    assert (program.parents[1] / start.MARK).stat().st_mtime_ns == made
    assert capsys.readouterr().out == ""
    (program.parents[1] / start.MARK).unlink()  # as a run that was ended in the middle leaves it
    assert _version(start.environment(folder, kept)) == "1.0"


def test_a_wheel_that_is_not_the_one_meant_is_not_installed(tmp_path: Path) -> None:
    folder = tmp_path / "包"
    (folder / "wheels").mkdir(parents=True)
    (folder / "requirements.txt").write_text(_wheel(folder / "wheels", "1.0"))
    _wheel(folder / "wheels", "1.0")
    with zipfile.ZipFile(folder / "wheels" / "probe-1.0-py3-none-any.whl", "a") as pack:
        pack.writestr("more.py", "raise SystemExit")
    with pytest.raises(subprocess.CalledProcessError):
        start.environment(folder, tmp_path / "kept")
    assert not list((tmp_path / "kept").rglob(start.MARK))


def test_the_launcher_says_what_is_missing() -> None:
    text = (Path(start.__file__).parent / "医育.cmd").read_text("utf-8")
    assert "没有 Python" in text
    assert "chcp 65001" in text.splitlines()[2]
