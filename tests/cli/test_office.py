"""yiyu office: what a 旗区 and its city type, and what each is told."""

import json
from pathlib import Path

import pytest
from build import invoke
from click.testing import Result
from office_tree import DONGSHENG, KANGBASHI, TELEPHONE, above, declare, handed, key_of, lower_office, sides


@pytest.fixture(scope="module")
def tree(clock: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``low`` of 东胜区 and ``city`` that has not yet heard of it."""
    folder = tmp_path_factory.mktemp("tree")
    lower_office(folder / "low", DONGSHENG)
    above(folder / "city")
    return folder


def run(office: Path, *arguments: object, code: int = 0) -> Result:
    done = invoke("--workspace", office, "office", *arguments)
    assert done.exit_code == code, (done.stdout, done.stderr)
    return done


def test_a_package_goes_from_a_district_to_its_city(tree: Path, tmp_path: Path) -> None:
    low, city, package = tree / "low", tree / "city", tmp_path / "东胜.yiyu"
    lines = run(low, "key").stdout
    assert lines.splitlines()[:2] == ["[offices.150602]", 'name = "东胜区"']
    trial = run(low, "export", "-o", package, "--dry-run")
    assert (package.exists(), "试算" in trial.stderr) == (False, True)
    made = run(low, "export", "-o", package)
    assert "机构 2 家，协议 1 份，活动 1 次" in made.stderr
    assert "不含联系人和电话" in made.stderr
    assert "2026Q4" in made.stdout
    refused = run(city, "import", package, code=4)
    assert "没有登记这个下级" in refused.stderr
    with (city / "yiyu.toml").open("a", encoding="utf-8") as settings:
        settings.write(f"\n{lines}\n[offices.{KANGBASHI}]\nname = '康巴什区卫健委'\n")
    assert "可以收" in run(city, "import", package, "--dry-run").stdout
    assert "收了 1 个包" in run(city, "import", package).stderr
    again = run(city, "import", package)
    assert "已收过，没有变化" in again.stdout
    listed = json.loads(run(city, "list", "--json").stdout)
    assert [(one["region"], one["state"], one["as_of"]) for one in listed] == [
        (DONGSHENG, "up_to_date", "2026-11-22"),
        (KANGBASHI, "nothing", None),
    ]
    assert [one["state"] for one in json.loads(run(city, "list", "--as-of", "2026-12-01", "--json").stdout)] == [
        "earlier",
        "nothing",
    ]
    assert "未交" in run(city, "list").stdout
    assert run(city, "conflicts").stderr == "没有记录\n"


def test_contacts_are_spoken_of_where_they_travel(tree: Path, tmp_path: Path) -> None:
    package = tmp_path / "全.yiyu"
    done = run(tree / "low", "export", "-o", package, "--with-contacts", "--json")
    told = json.loads(done.stdout)
    assert told["contacts"] is True
    assert (told["size"], len(told["sha256"])) == (package.stat().st_size, 64)
    assert TELEPHONE not in done.stdout


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("-o", "x.zip"), 2, "文件名请以 .yiyu 结尾"),
        (("-o", "x.yiyu", "--as-of", "2027-01-01"), 4, "还没有到 2027-01-01"),
        ((), 2, "-o"),
    ],
)
def test_an_export_that_cannot_be_is_refused(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], code: int, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert words in run(tree / "low", "export", *options, code=code).stderr
    assert list(tmp_path.iterdir()) == []


def test_a_package_is_not_written_over_what_a_person_keeps(tree: Path, tmp_path: Path) -> None:
    kept = tmp_path / "x.yiyu"
    kept.write_bytes(b"mine")
    assert "--replace" in run(tree / "low", "export", "-o", kept, code=7).stderr
    assert kept.read_bytes() == b"mine"
    for place in ("offices/x.yiyu", "office.key"):
        refused = run(tree / "low", "export", "-o", tree / "low" / place, code=4 if "/" in place else 2)
        assert "office.key" in place or "不能写到这里" in refused.stderr


def test_of_several_packages_the_good_ones_are_taken(tmp_path: Path) -> None:
    low, city = lower_office(tmp_path / "low", DONGSHENG), above(tmp_path / "city")
    declare(city, DONGSHENG, key_of(low))
    (tmp_path / "bad.yiyu").write_bytes(b"PK")
    done = run(city, "import", handed(low, tmp_path / "a.yiyu"), tmp_path / "bad.yiyu", code=10)
    assert "不是有效的上报包" in done.stdout
    assert "收了 1 个包，没有收的 1 个" in done.stderr
    assert "无法读取文件" in run(city, "import", tmp_path / "none.yiyu", code=7).stderr


def test_what_two_offices_have_is_listed_with_both(tmp_path: Path) -> None:
    city = above(tmp_path / "city")
    for region, others in ((DONGSHENG, []), (KANGBASHI, [*sides(KANGBASHI), sides(DONGSHENG)[0]])):
        low = lower_office(tmp_path / region, region, others)
        declare(city, region, key_of(low))
        run(city, "import", handed(low, tmp_path / f"{region}.yiyu"))
    rows = json.loads(run(city, "conflicts", "--json").stdout)
    assert [(one["kind"], [side["region"] for side in one["sides"]]) for one in rows] == [
        ("code", [DONGSHENG, KANGBASHI])
    ]
    assert "东胜区社区卫生服务中心" in run(city, "conflicts").stdout


def test_a_lost_key_is_made_anew_only_with_again(tmp_path: Path) -> None:
    low = lower_office(tmp_path / "low", DONGSHENG)
    first = json.loads(run(low, "key", "--json").stdout)
    (low / "office.key").unlink()
    assert "--again" in run(low, "key", code=7).stderr
    assert json.loads(run(low, "key", "--again", "--json").stdout)["key"] != first["key"]
