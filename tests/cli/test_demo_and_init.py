from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from yiyu.cli import main


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def test_init_makes_a_workspace_and_says_the_next_step(tmp_path: Path) -> None:
    result = call("init", tmp_path / "office")
    assert result.exit_code == 0
    assert "institution import" in result.stderr
    assert sorted(p.name for p in (tmp_path / "office").iterdir()) == [
        "archive",
        "output",
        "problems",
        "registry.db",
        "templates",
        "yiyu.toml",
    ]


def test_a_pack_whose_years_are_over_is_told_at_init_and_by_doctor(tmp_path: Path) -> None:
    told = "口径包 zhejiang（浙江省（县级市试点））只适用到 2025 年"
    result = call("init", tmp_path / "office", "--pack", "zhejiang", "--region", "330100")
    assert (result.exit_code, told in result.output) == (0, True)
    assert told in call("--workspace", tmp_path / "office", "doctor").output


def test_init_in_a_workspace_is_refused_and_changes_nothing(office: Path) -> None:
    before = (office / "registry.db").read_bytes()
    result = call("init", office)
    assert (result.exit_code, "已经有工作区" in result.stderr) == (7, True)
    assert (office / "registry.db").read_bytes() == before


def test_an_init_broken_off_is_carried_on_and_a_registry_in_use_is_not_taken_for_one(
    office: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "half"
    assert call("init", folder).exit_code == 0
    (folder / "yiyu.toml").unlink()
    assert call("init", folder).exit_code == 0
    (office / "yiyu.toml").unlink()
    assert call("init", office).exit_code == 7


def test_a_dry_run_of_init_makes_nothing(tmp_path: Path) -> None:
    assert call("init", tmp_path / "office", "--dry-run").exit_code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [(("--pack", "ordoss"), 3, "ordos"), (("--region", "鄂尔多斯"), 4, "六位数字")],
)
def test_init_with_a_wrong_option_is_refused(tmp_path: Path, options: tuple[str, str], code: int, words: str) -> None:
    result = call("init", tmp_path / "office", *options)
    assert (result.exit_code, words in result.stderr) == (code, True)
    assert not (tmp_path / "office").exists()


def test_the_demo_leaves_a_season_of_paper_and_says_what_to_try(office: Path) -> None:
    kinds = {"合作协议书", "服务项目清单", "活动记录表"}
    made = [p.name for p in (office / "output").rglob("*.docx")]
    assert {kind: sum(kind in name for name in made) for kind in kinds} == dict.fromkeys(kinds, len(made) // 3)
    assert len(made) > 200


def test_the_demo_plays_a_whole_year_up_to_the_board(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    result = call("demo", folder)
    assert result.exit_code == 0, result.stderr
    for step in ("导入", "起草", "生成", "签署", "活动", "收件", "归档", "备份", "报表", "看板"):
        assert f"✓ {step}" in result.stderr
    made = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert {"output/看板.html", "output/年度报告.docx", "output/卷宗.pdf", "output/打印.pdf"} <= set(made)
    for command in (("check",), ("archive", "verify"), ("duty", "list"), ("report", "rates")):
        assert call("--workspace", folder, *command).exit_code == 0
    again = call("--workspace", folder, "archive", "intake", folder / "output/扫描.pdf")
    assert (again.exit_code, "未归位" in again.stderr) == (0, False)


def test_the_demo_never_plays_over_an_existing_folder(office: Path) -> None:
    result = call("demo", office)
    assert (result.exit_code, "已经有工作区" in result.stderr) == (7, True)


def test_outside_a_workspace_every_command_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("YIYU_WORKSPACE", raising=False)
    result = call("institution", "list")
    assert (result.exit_code, "yiyu init" in result.stderr) == (3, True)


def test_the_workspace_is_found_from_a_folder_inside_it(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YIYU_WORKSPACE", raising=False)
    monkeypatch.chdir(office / "output")
    assert call("agreement", "list", "--unsigned").exit_code == 0


def test_a_wrong_key_in_the_settings_is_named(office: Path) -> None:
    (office / "yiyu.toml").write_text("monthz = 12\n", encoding="utf-8")
    result = call("--workspace", office, "institution", "list")
    assert (result.exit_code, "monthz" in result.stderr) == (4, True)
