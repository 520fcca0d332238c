"""``institution layouts`` and ``institution import --layout``: known exports read, and refused once they changed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from build import invoke, new_office
from click.testing import Result

Asked = Callable[..., Any]
HEAD = "机构注册登记名称,所属区域,机构住所,机构性质,备案通过时间,统一社会信用代码"
ROW = "康巴什区戊托育中心,康巴什区,某路5号,营利性,2026-03-01,"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_office(tmp_path_factory.mktemp("small") / "office")


@pytest.fixture
def ran(small: Path, tmp_path: Path) -> Callable[..., Result]:
    """Import a list with these headings; ``code``: how it must end."""

    def call(head: str, *options: str, code: int = 0) -> Result:
        (tmp_path / "名单.csv").write_text(f"{head}\n{ROW}\n", "utf-8")
        done = invoke("--workspace", small, "institution", "import", tmp_path / "名单.csv", "--dry-run", *options)
        assert done.exit_code == code, done.stderr
        return done

    return call


def test_the_layouts_are_listed_with_where_they_are_from(small: Path) -> None:
    told = invoke("--workspace", small, "institution", "layouts").stdout
    assert "national-list" in told
    assert "全国托育机构信用公示名单" in told
    assert "随附" in told


def test_an_export_is_imported_and_a_column_of_the_downloader_is_left(ran: Callable[..., Result]) -> None:
    done = ran(HEAD)
    assert "未读入" not in done.stderr
    assert "新增 1" in done.stderr
    assert "未读入" not in ran(f"{HEAD},下载时间").stderr


def test_an_export_whose_columns_changed_is_refused_in_one_line_with_the_next_step(ran: Callable[..., Result]) -> None:
    (line,) = ran(HEAD.replace("机构住所", "机构登记住址") + ",信用等级评定", code=4).stderr.splitlines()
    assert line.startswith("错误：列和表样“全国托育机构信用公示名单”的不一样了，没有导入：")
    assert "多了“信用等级评定”；可能改名：“机构住所”→“机构登记住址”（" in line
    assert "加 --layout none 只按列名读" in line


def test_it_is_read_by_headings_where_that_is_asked_for(ran: Callable[..., Result]) -> None:
    done = ran(f"{HEAD},信用等级评定", "--layout", "none")
    assert "未读入：列“信用等级评定”" in done.stderr
    ran(HEAD, "--layout", "national-query", code=4)
    assert "没有表样“nation”" in ran(HEAD, "--layout", "nation", code=3).stderr
