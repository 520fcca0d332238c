"""Claims about merges kept under a name: the same files in the same order, those that fit today, wherever the workspace stands."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from build import invoke, new_office
from click.testing import CliRunner, Result
from fpdf import FPDF

from yiyu.cli import main

Run = Callable[..., Result]


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with two sheets in a folder of its own, and a cover beside it."""
    folder = new_office(tmp_path / "office")
    for name in ("月报/1月.pdf", "月报/2月.pdf", "封面.pdf"):
        sheet(folder / name)
    return folder


def sheet(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    pdf = FPDF()
    pdf.add_page()
    pdf.output(str(path))
    return path


def bookmarks(path: Path) -> list[str]:
    return [str(one.title) for one in pypdf.PdfReader(path).outline if isinstance(one, pypdf.generic.Destination)]


def test_a_merge_is_done_again_by_its_name_with_the_files_of_today(
    office: Path, run: Run, tmp_path: Path, asked: Callable[..., Any]
) -> None:
    out = tmp_path / "合.pdf"
    run("archive", "merge", office / "封面.pdf", office / "月报/*.pdf", "-o", out, "--save", "月报", "--dry-run")
    assert asked("archive", "recipes") == []
    run("archive", "merge", office / "封面.pdf", office / "月报/*.pdf", "-o", out, "--save", "月报")
    assert bookmarks(out) == ["封面", "1月", "2月"]
    [kept] = asked("archive", "recipes")
    assert (kept["name"], kept["sources"]) == ("月报", ["封面.pdf", "月报/*.pdf"])
    assert "封面.pdf、月报/*.pdf " in run("archive", "recipes").stdout
    sheet(office / "月报/3月.pdf")
    moved = Path(shutil.move(office, tmp_path / "别处"))
    assert invoke("--workspace", moved, "archive", "merge", "--recipe", "月报", "-o", out).exit_code == 0
    assert bookmarks(out) == ["封面", "1月", "2月", "3月"]
    assert "保存合并配方" in invoke("--workspace", moved, "log").stdout


def test_a_recipe_that_is_none_and_files_that_are_gone_are_refused_and_a_name_may_be_given_up(
    office: Path, run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "合.pdf"
    run("archive", "merge", office / "封面.pdf", "-o", out, "--save", "月报")
    assert "您是不是要找：月报" in run("archive", "merge", "--recipe", "月报表", "-o", out, code=3).stderr
    assert "两样选一样" in run("archive", "merge", office / "封面.pdf", "--recipe", "月报", "-o", out, code=2).stderr
    assert "两样选一样" in run("archive", "merge", "-o", out, code=2).stderr
    assert "没有符合的文件" in run("archive", "merge", office / "年报/*.pdf", "-o", out, code=7).stderr
    (office / "封面.pdf").unlink()
    assert "封面.pdf" in run("archive", "merge", "--recipe", "月报", "-o", out, code=7).stderr
    run("archive", "recipes", "--remove", "月报")
    assert "没有名为“月报”的合并配方" in run("archive", "recipes", "--remove", "月报", code=3).stderr


@pytest.mark.parametrize("name", ["", " ", "长" * 41])
def test_a_name_that_cannot_be_is_refused_before_anything_is_merged(
    office: Path, run: Run, tmp_path: Path, name: str
) -> None:
    refused = run("archive", "merge", office / "封面.pdf", "-o", tmp_path / "合.pdf", "--save", name, code=4)
    assert "不能作配方的名字" in refused.stderr
    assert not (tmp_path / "合.pdf").exists()


def test_outside_an_office_nothing_is_merged_that_was_to_be_kept_as_a_recipe(tmp_path: Path) -> None:
    out = tmp_path / "合.pdf"
    files = [sheet(tmp_path / "甲.pdf"), sheet(tmp_path / "乙.pdf")]
    told = invoke("--workspace", tmp_path, "archive", "merge", *files, "-o", out, "--save", "月报")
    assert told.exit_code == 3
    assert "工作区" in told.stderr
    assert not out.exists()
    assert invoke("--workspace", tmp_path, "archive", "merge", *files, "-o", out).exit_code == 0


def test_what_is_left_behind_is_named_in_json_whatever_its_name_is(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with pikepdf.open(sheet(path), allow_overwriting_input=True) as pdf:
        pdf.Root["/KeyXY"] = 1
        pdf.save(path)
    path.write_bytes(path.read_bytes().replace(b"/KeyXY", "/Key黑".encode("gb18030")))
    done = CliRunner().invoke(main, ["archive", "merge", str(path), "-o", str(tmp_path / "out.pdf"), "--json"])
    assert done.exit_code == 0, done.output
    assert "其他条目（/Key黑）" in json.loads(done.stdout)["files"][0]["left"]
