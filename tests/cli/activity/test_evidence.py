from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
JC, ONE = "150602-2025-JC-0001", "HD-2026-0001"


@pytest.fixture
def visited(run: Run) -> None:
    run("activity", "add", JC, "--on", "2026-03-12", "--form", "上门指导", "--item", "F01", "--person", "王某某")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "照片"
    folder.mkdir()
    for name in ("20260312_F01_1.jpg", "20260312_F01_2.jpg", "合影.jpg"):
        (folder / name).write_bytes(name.encode())
    return folder


def test_evidence_is_added_to_an_activity_at_any_time(run: Run, asked: Any, visited: None, photos: Path) -> None:
    before = run("activity", "evidence", ONE, f"照片={photos / '合影.jpg'}", "--dry-run")
    assert "将补 HD-2026-0001 的材料 1 份；目前照片缺 1 张" in before.stderr
    done = run("activity", "evidence", ONE, f"照片={photos / '合影.jpg'}", photos / "20260312_F01_1.jpg")
    assert "已补 HD-2026-0001 的材料 2 份\n  archive/evidence/2026/HD-2026-0001-01-照片.jpg" in done.stderr
    assert len(asked("activity", "show", ONE)["evidence"]) == 2
    assert "补充照片 2 份" in run("agreement", "history", JC).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "请写活动编号和要补的文件"),
        ((ONE,), 2, "请写活动编号和要补的文件"),
        ((ONE, "--folder", "照片"), 2, "不与活动编号同用"),
        ((ONE, "a.jpg", "--apply"), 2, "--apply 与 --folder 同用"),
        (("HD-2026-0009", "合影.jpg"), 3, "没有编号为“HD-2026-0009”的活动"),
        ((ONE, "不在.jpg"), 7, "不在.jpg"),
        (("--folder", "不在"), 7, "没有这个文件夹"),
    ],
)
def test_what_evidence_refuses_adds_nothing(
    run: Run, asked: Any, visited: None, photos: Path, monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...], code: int, said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(photos)
    assert said in run("activity", "evidence", *arguments, code=code).stderr
    assert asked("activity", "show", ONE)["evidence"] == []


def test_a_folder_is_shown_first_and_written_with_apply(run: Run, asked: Any, visited: None, photos: Path) -> None:
    shown = run("activity", "evidence", "--folder", photos, code=10)
    assert "相符 2，未对上 1" in shown.stderr
    assert "加 --apply 写入" in shown.stderr
    assert asked("activity", "show", ONE)["evidence"] == []
    done = asked("activity", "evidence", "--folder", photos, "--apply", code=10)
    assert [(one["file"], one["fate"], one["number"], one["kind"]) for one in done["files"]] == [
        ("20260312_F01_1.jpg", "added", ONE, "photo"),
        ("20260312_F01_2.jpg", "added", ONE, "photo"),
        ("合影.jpg", "unmatched", "", "photo"),
    ]
    assert [one["number"] for one in done["added"]] == [ONE]
    (photos / "合影.jpg").unlink()
    assert "已有 2" in run("activity", "evidence", "--folder", photos, "--apply").stderr


def test_an_activity_is_corrected_with_a_reason(run: Run, asked: Any, visited: None) -> None:
    how = ("--on", "2026-03-13", "--count", "婴幼儿=12", "--clear", "item", "--reason", "抄错")
    assert (
        "将更正 HD-2026-0001：\n  日期：2026-03-12 → 2026-03-13"
        in run("activity", "edit", ONE, *how, "--dry-run").stderr
    )
    run("activity", "edit", ONE, *how)
    one = asked("activity", "show", ONE)
    assert (one["on"], one["counts"], one["items"]) == ("2026-03-13", {"婴幼儿": 12}, [])
    assert one["people"][0]["name"] == "王某某"
    assert "活动更正" in run("agreement", "history", JC).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((ONE, "--topic", "x"), 2, "--reason"),
        ((ONE, "--reason", "错"), 4, "没有要更正的"),
        ((ONE, "--item", "F01", "--clear", "item", "--reason", "错"), 2, "既要清空又给了值"),
        (("HD-2026-0009", "--topic", "x", "--reason", "错"), 3, "没有编号为“HD-2026-0009”的活动"),
    ],
)
def test_a_correction_that_says_nothing_is_refused(
    run: Run, visited: None, arguments: tuple[str, ...], code: int, said: str
) -> None:
    assert said in run("activity", "edit", *arguments, code=code).stderr
