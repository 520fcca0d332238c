"""yiyu office hand-down and adopt: what a city and its 旗区 type, and which words agreements have afterwards."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from build import invoke
from handed_down import CLAUSE, NEW, OLD, handed, key_of, make_city, name_above, standing, write

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def city(clock: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_city(tmp_path_factory.mktemp("above") / "city")


@pytest.fixture
def package(city: Path, tmp_path: Path) -> Path:
    handed(city, tmp_path / "down.yiyu", clauses=["费用"], note="统一收费的写法")
    return tmp_path / "down.yiyu"


def printed(asked: Run, office: Path, number: str) -> str:
    paths = {one["kind"]: one["path"] for one in asked("agreement", "show", number)["documents"]}
    return "\n".join(paragraph.text for paragraph in docx.Document(str(office / paths["agreement"])).paragraphs)


def test_a_city_hands_down_and_is_told_what_and_to_whom(city: Path, tmp_path: Path) -> None:
    path = tmp_path / "down.yiyu"
    asked_for = ("--workspace", city, "office", "hand-down", "-o", path, "--pack", "ordos")
    trial = invoke(*asked_for, "--dry-run")
    assert (trial.exit_code, path.exists(), "试做" in trial.stderr) == (0, False, True)
    done = invoke(*asked_for)
    assert (done.exit_code, done.stdout.split()) == (0, ["ordos/clauses.toml", "ordos/pack.toml"])
    assert "检查通过，2 项" in done.stderr
    assert "下发范本" in invoke("--workspace", city, "log").stdout
    refused = invoke("--workspace", city, "office", "hand-down", "-o", tmp_path / "no.yiyu")
    assert refused.exit_code == 4
    assert "没有写要下发什么" in refused.stderr


def test_adopted_words_are_in_drafts_and_not_in_what_is_signed(
    run: Run, asked: Run, office: Path, city: Path, package: Path
) -> None:
    number, other = [one["number"] for one in asked("agreement", "list") if one["signing"] == "awaiting"][:2]
    run("agreement", "sign", number, "--party", "甲")
    before = printed(asked, office, number)
    settings = office / "yiyu.toml"
    assert "本级自己下发的包" in run("office", "adopt", package, code=4).stderr
    settings.write_text(settings.read_text("utf-8").replace('"150600"', '"150602"'), "utf-8")
    assert "[above]" in run("office", "adopt", package, code=4).stderr
    name_above(office, key_of(city))
    seen = run("office", "adopt", package)
    assert OLD in seen.stdout
    assert "统一收费的写法" in seen.stderr
    assert "没有写入" in seen.stderr
    assert standing(office) == {}
    assert "已采用" in run("office", "adopt", package, "--apply").stderr
    assert "已采用过这份下发包" in run("office", "adopt", package, "--apply").stderr
    run("generate")
    assert OLD in printed(asked, office, other)
    assert printed(asked, office, number) == before
    lagging = [one["number"] for one in asked("pack", "where", "费用", "--lagging")]
    assert (number in lagging, other in lagging) == (True, False)
    assert "采用下发的范本" in run("log").stdout


def test_words_of_the_office_are_written_over_only_with_force_and_a_reason(
    run: Run, office: Path, city: Path, package: Path
) -> None:
    name_above(office, key_of(city))
    write(office, "ordos/clauses.toml", CLAUSE.format(text=NEW))
    assert "--force --reason" in run("office", "adopt", package).stderr
    refused = run("office", "adopt", package, "--apply", code=5)
    assert "本级自己改过，没有盖掉：ordos/clauses.toml T07" in refused.stderr
    run("office", "adopt", package, "--apply", "--force", code=2)
    done = run("office", "adopt", package, "--apply", "--force", "--reason", "市里统一")
    assert "templates/former/2026-11-22" in done.stderr
    assert NEW in (office / "templates/former/2026-11-22/ordos/clauses.toml").read_text("utf-8")
