"""Claims about plugins: what they offer is found where pip puts it, and what cannot be used is named and left out."""

import site
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from plugin_packages import write_package

from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.institutions.known_layouts import known_layouts, layout_origin, shipped_layouts
from yiyu.registry.packs.reading import list_packs, load_pack, pack_origin, plugin_packs
from yiyu.registry.plugins import COMMANDS, LAYOUTS, PACKS, REPORTS, PluginFailure, Plugins, blamed, plugins_in_use
from yiyu.registry.plugins.finding import installation_folders, installed_entries
from yiyu.registry.reports.plugin_reports import plugin_report, plugin_reports

PACK = 'title = "某地"\nextends = "ordos"\n'


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of packages, in use as the one of this Python would be; what was imported of it is forgotten."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    before, token = {*sys.modules}, plugins_in_use.set(Plugins(folders=[folder], commands={"init"}))
    yield folder
    plugins_in_use.reset(token)
    for name in {*sys.modules} - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
            del sys.modules[name]


def told() -> list[str]:
    return [str(fault) for fault in plugins_in_use.get().faults]


def packs_of(packages: Path, package: str, *names: str, text: str = PACK) -> None:
    module = f"{package}_of_test"
    files = {f"{module}/{name}/pack.toml": text for name in names} | {f"{module}/__init__.py": ""}
    write_package(packages, package, {PACKS: f"own = {module}"}, files)


def test_a_pack_of_a_plugin_is_used_by_name_as_a_shipped_one(packages: Path) -> None:
    packs_of(packages, "alpha", "moudi")
    assert load_pack("moudi").title == "某地"
    assert load_pack("moudi").duties == load_pack("ordos").duties
    assert "moudi" in {pack.name for pack in list_packs()}
    assert [pack_origin(name) for name in ("moudi", "ordos")] == ["alpha 1.0", "shipped"]
    assert told() == []


def test_the_office_stands_before_a_plugin_and_may_extend_what_it_hides(packages: Path, tmp_path: Path) -> None:
    packs_of(packages, "alpha", "moudi")
    own = tmp_path / "templates"
    (own / "moudi").mkdir(parents=True)
    assert [one.name for one in load_pack("moudi", office=own).folders][:3] == ["moudi", "moudi", "ordos"]
    (own / "moudi" / "pack.toml").write_text('title = "本单位"\nextends = "moudi"\n', "utf-8")
    assert load_pack("moudi", office=own).title == "本单位"
    assert pack_origin("moudi", own) == "office"


def test_a_plugin_does_not_stand_before_what_is_shipped(packages: Path) -> None:
    packs_of(packages, "alpha", "ordos", "moudi")
    assert load_pack("ordos").title == "鄂尔多斯市"
    assert {*plugin_packs()} == {"moudi"}
    (one,) = told()
    assert one == (
        "插件 alpha 1.0 的口径包“own”没有采用：随附的已经有“ordos”，不能顶替；"
        "请 pip install -U alpha 升级，或 pip uninstall alpha 卸载；这一次不用插件，加 --no-plugins。"
    )


def test_of_two_plugins_with_one_name_the_first_by_package_has_it(packages: Path) -> None:
    packs_of(packages, "beta", "moudi", text=PACK.replace("某地", "乙"))
    packs_of(packages, "alpha", "moudi")
    assert load_pack("moudi").title == "某地"
    assert ["beta 1.0" in one and "“moudi”已由插件 alpha 1.0 提供" in one for one in told()] == [True]


def test_a_pack_that_cannot_be_read_is_named_and_the_others_are_listed(packages: Path) -> None:
    packs_of(packages, "alpha", "moudi", text='tilte = "某地"\n')
    assert [pack.name for pack in list_packs()] == ["ejin_horo", "national", "ordos", "shandong", "zhejiang"]
    assert ["alpha 1.0" in one and "moudi/pack.toml" in one for one in told()] == [True]
    with pytest.raises(BadInput, match="tilte"):
        load_pack("moudi")


LAYOUT = 'title = "某表"\nkind = "childcare"\nsource = "某处"\nsigns = ["园名字"]\n[columns]\n"园名字" = "name"\n'


def test_a_layout_of_a_plugin_is_known_and_none_takes_the_name_of_ours(packages: Path) -> None:
    files = {f"tables/{name}.toml": LAYOUT for name in ("mine", "national-list", "none")} | {"tables/__init__.py": ""}
    write_package(packages, "alpha", {LAYOUTS: "own = tables"}, files)
    assert {*known_layouts()} - {*shipped_layouts()} == {"mine"}
    assert layout_origin("mine") == "alpha 1.0"
    assert known_layouts()["national-list"] == shipped_layouts()["national-list"]
    assert ["的表样“own”没有采用：随附的已经有" in one for one in told()] == [True, True]


def test_a_layout_that_cannot_be_used_is_named_with_its_file_and_place(packages: Path) -> None:
    files = {"tables/mine.toml": LAYOUT.replace('"name"', '"nmae"'), "tables/__init__.py": ""}
    write_package(packages, "alpha", {LAYOUTS: "own = tables"}, files)
    assert known_layouts() == shipped_layouts()
    assert ["mine.toml columns.园名字：没有“nmae”这个字段" in one for one in told()] == [True]


BROKEN = {
    "import": ("own = nowhere_at_all", {}, "载入时出错（ModuleNotFoundError：No module named 'nowhere_at_all'）"),
    "raises": ("own = faulty", {"faulty.py": "1 / 0"}, "载入时出错（ZeroDivisionError：division by zero）"),
    "leaves": ("own = faulty", {"faulty.py": "raise SystemExit"}, "载入时出错（SystemExit）"),
    "attribute": ("own = faulty:there", {"faulty.py": ""}, "载入时出错（AttributeError"),
    "writing": ("own = no such thing", {}, "载入时出错"),
    "kind": ("own = faulty:there", {"faulty.py": "there = 7"}, "应是一个装着数据的包、一个文件夹，或给出文件夹的函数"),
    "called": ("own = faulty:there", {"faulty.py": "def there(): raise OSError(5)"}, "载入时出错（OSError：5）"),
    "nothing": ("own = faulty", {"faulty/__init__.py": ""}, "文件夹里没有带 pack.toml 的口径包"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_entry_is_named_with_its_package_once_and_is_not_fatal(packages: Path, case: str) -> None:
    line, files, what = BROKEN[case]
    write_package(packages, "alpha", {PACKS: line}, files)
    for _ in range(2):
        assert len(list_packs()) == 5
        with pytest.raises(NotFound, match="没有口径包“moudi”"):
            load_pack("moudi")
    (one,) = told()
    assert one.startswith("插件 alpha 1.0 的口径包“own”没有采用：")
    assert what in one
    assert "pip uninstall alpha" in one
    assert "--no-plugins" in one


def test_a_file_of_entry_points_that_cannot_be_read_is_named(packages: Path) -> None:
    write_package(packages, "alpha", {PACKS: "own"}, {})
    assert len(list_packs()) == 5
    assert ["插件 alpha 1.0 没有采用：它的 entry_points.txt 读不懂" in one for one in told()] == [True]


def test_a_group_nobody_asks_for_is_named(packages: Path) -> None:
    write_package(packages, "alpha", {"yiyu.pakcs": "own = x"}, {})
    assert plugins_in_use.get().entries() == []
    assert ["没有 yiyu.pakcs 这一类，可用的有：yiyu.packs、" in one for one in told()] == [True]


def test_a_command_of_ours_is_not_given_away(packages: Path) -> None:
    write_package(packages, "alpha", {COMMANDS: "init = x\nmine = y"}, {})
    assert {*plugins_in_use.get().named(COMMANDS)} == {"mine"}
    assert ["的命令“init”没有采用：随附的已经有“init”" in one for one in told()] == [True]


REPORT = "title = '某报表'\ncolumns = {'name': '名称'}\ndef rows(office, period): return []\n"
WRONG_REPORTS = {
    "title": (REPORT.replace("title", "titel"), "应有 title（名称）、columns（列）和 rows（给出各行的函数）"),
    "rows": (REPORT.replace("def rows(office, period): return []", "rows = 1"), "应有 title"),
    "columns": (REPORT.replace("{'name': '名称'}", "['name']"), "columns 应写各列的键和列名"),
    "headings": (REPORT.replace("'名称'", "1"), "columns 应写各列的键和列名"),
    "none": (REPORT.replace("{'name': '名称'}", "{}"), "columns 应写各列的键和列名"),
}


@pytest.mark.parametrize("case", WRONG_REPORTS)
def test_what_is_no_report_is_named(packages: Path, case: str) -> None:
    text, what = WRONG_REPORTS[case]
    write_package(packages, "alpha", {REPORTS: "own = faulty"}, {"faulty.py": text})
    assert plugin_reports() == {}
    with pytest.raises(NotFound, match="没有插件的报表“own”"):
        plugin_report("own")
    assert [what in one for one in told()] == [True]


def test_what_fails_within_is_the_plugins_and_a_refusal_is_not(packages: Path) -> None:
    write_package(packages, "alpha", {REPORTS: "own = x"}, {})
    entry = plugins_in_use.get().named(REPORTS)["own"]
    with pytest.raises(PluginFailure) as failure, blamed(entry):
        raise KeyError("x")
    assert isinstance(failure.value.__cause__, KeyError)
    with pytest.raises(BadInput), blamed(entry):
        raise BadInput("看不懂")


def test_nothing_is_looked_at_where_plugins_are_switched_off(packages: Path) -> None:
    packs_of(packages, "alpha", "moudi")
    plugins_in_use.set(Plugins(folders=[packages], enabled=False))
    assert plugin_packs() == {}


def test_of_a_package_in_two_folders_the_first_counts_and_what_pip_left_behind_does_not(tmp_path: Path) -> None:
    for name in ("first", "second"):
        write_package(tmp_path / name, "alpha", {COMMANDS: f"{name} = x"}, {f"{name}.py": ""})
    (tmp_path / "first" / "~lpha-0.9.dist-info").mkdir()
    (tmp_path / "first" / "~lpha-0.9.dist-info" / "entry_points.txt").write_text(f"[{COMMANDS}]\nold = x\n", "utf-8")
    folders = [tmp_path / "first", tmp_path / "nowhere", tmp_path / "second"]
    assert [one.name for one in installed_entries(folders)] == ["first"]


def test_only_folders_of_this_installation_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert {str(folder) for folder in installation_folders()} <= {*site.getsitepackages(), site.getusersitepackages()}
