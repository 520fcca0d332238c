"""Claims about plugins at the command line: the sample as pip installs it, broken ones, and none."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from build import CHILDCARE, MEDICAL, new_office
from plugin_packages import install_sample, new_environment, write_package

from yiyu.registry.commands.layout import cells

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]
PROGRAM = "from yiyu.cli import main; main(prog_name='yiyu')"
BROKEN = {
    "broken.py": "import nowhere_at_all\n",
    "falls.py": (
        "import click\nfrom pathlib import Path\ntitle = '会失败的'\ncolumns = {'name': '名称'}\n"
        "def rows(office, period):\n    raise LookupError('王' + '某某')\n"
        "@click.command()\ndef falls():\n    '''会失败。'''\n    rows(None, None)\n"
    ),
}
ENTRIES = {
    "yiyu.packs": "own = broken",
    "yiyu.reports": "falls = falls\nlacks = falls:title",
    "yiyu.commands": "falls = falls:falls\nwrong = falls:rows\nreport = falls:falls\ngone = broken:gone",
}


def program(packages: Path, home: Path, *before: str) -> Run:
    """What runs yiyu in the environment of those packages; ``code``: how it must end."""
    python = packages.parents[2] / "bin" / "python"
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "COLUMNS": "80", "LC_ALL": "C.UTF-8"}

    def call(*arguments: object, code: int = 0, folder: Path = home, **settings: str) -> Done:
        words = [*before, *map(str, arguments)]
        command = [python, "-P", "-c", PROGRAM, *words]
        env = environment | settings
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == code, (words, done.stdout, done.stderr)
        return done

    return call


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment into which pip has installed the sample plugin."""
    folder = tmp_path_factory.mktemp("sample")
    packages = new_environment(folder / "environment")
    install_sample(packages, folder)
    return packages


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_office(tmp_path_factory.mktemp("small") / "office")


@pytest.fixture
def run(sample: Path, small: Path, tmp_path: Path) -> Run:
    """yiyu with the sample, in a small office."""
    return program(sample, tmp_path, "--workspace", str(small))


@pytest.fixture
def broken(small: Path, tmp_path: Path) -> Run:
    """yiyu with a plugin of which nothing works, in a small office."""
    packages = new_environment(tmp_path / "environment")
    write_package(packages, "yiyu-broken", ENTRIES, BROKEN)
    return program(packages, tmp_path, "--workspace", str(small))


def test_a_command_of_a_plugin_stands_in_the_help_under_its_own_heading_and_runs(run: Run) -> None:
    page = run("--help").stdout
    assert "\n插件命令:\n  seats  全部托育机构的托位合计。（yiyu-sample）\n" in page
    assert max(map(cells, page.splitlines())) <= 80
    assert run("seats").stdout == "4 家托育机构，托位 60 个\n"
    assert "用法: yiyu seats [选项]" in run("seats", "--help").stdout
    assert "是否想用 'seats'" in run("saets", code=2).stderr


def test_commands_of_plugins_are_offered_at_tab_and_no_fault_is_told_there(run: Run, broken: Run) -> None:
    asked = {"_YIYU_COMPLETE": "bash_complete", "COMP_CWORD": "1"}
    assert "plain,seats" in run(COMP_WORDS="yiyu se", **asked).stdout
    done = broken(COMP_WORDS="yiyu ", **asked)
    assert "plain,falls" in done.stdout
    assert done.stderr == ""


def test_a_report_of_a_plugin_is_listed_and_shown_as_one_of_ours(run: Run, tmp_path: Path) -> None:
    assert json.loads(run("report", "more", "--json").stdout) == [
        {"name": "unfiled", "title": "没有备案的托育机构", "plugin": "yiyu-sample 0.1.0"}
    ]
    rows = [{"district": "东胜区", "name": "东胜区丙托育中心", "places": None}]
    assert json.loads(run("report", "more", "unfiled", "--json").stdout) == rows
    assert "东胜区丙托育中心" in run("report", "more", "unfiled", "--period", "2026H1").stdout
    assert "共 0 条" not in run("report", "more", "unfiled", "--district", "东胜区").stderr
    run("report", "more", "unfiled", "--xlsx", tmp_path / "表.xlsx")
    assert (tmp_path / "表.xlsx").stat().st_size > 1000
    assert "现有：unfiled" in run("report", "more", "unfield", code=3).stderr
    assert "看不懂时段" in run("report", "more", "unfiled", "--period", "上月", code=4).stderr


def test_an_office_lives_by_a_pack_of_a_plugin(sample: Path, tmp_path: Path) -> None:
    settings = new_office(tmp_path / "office") / "yiyu.toml"
    settings.write_text(re.sub('(?m)^pack = "ordos"', 'pack = "kangbashi"', settings.read_text("utf-8")), "utf-8")
    run = program(sample, tmp_path)
    here = ("--workspace", "office")
    medical, childcare = MEDICAL[0].name, CHILDCARE[0].name
    drafted = run(*here, "agreement", "draft", "--medical", medical, "--childcare", childcare, "--json").stdout
    assert '"kangbashi"' in run(*here, "agreement", "list", "--json").stdout, drafted
    made = json.loads(run(*here, "generate", "--json").stdout)
    assert (len(made["made"]), made["failed"]) == (3, [])
    listed = json.loads(run(*here, "pack", "list", "--json").stdout)
    assert {row["name"]: row["origin"] for row in listed}["kangbashi"] == "yiyu-sample 0.1.0"
    assert "没有发现问题" in run(*here, "pack", "check", "kangbashi").stderr
    assert "没有口径包“kangbashi”" in run("--no-plugins", *here, "pack", "show", "kangbashi", code=3).stderr


def test_an_office_is_made_with_a_pack_of_a_plugin(sample: Path, tmp_path: Path) -> None:
    program(sample, tmp_path)("init", "office", "--pack", "kangbashi", "--region", "150603")
    assert 'pack = "kangbashi"' in (tmp_path / "office" / "yiyu.toml").read_text("utf-8")


def test_an_export_is_read_by_the_layout_of_a_plugin(sample: Path, tmp_path: Path) -> None:
    new_office(tmp_path / "office")
    run = program(sample, tmp_path, "--workspace", "office")
    listed = json.loads(run("institution", "layouts", "--json").stdout)
    assert {row["name"]: row["origin"] for row in listed}["kangbashi-list"] == "yiyu-sample 0.1.0"
    (tmp_path / "表.csv").write_text(
        "托育点编码,托育点名,信用码,区,可收多少\n1,康巴什区戊托育中心,,康巴什区,25\n", "utf-8"
    )
    run("institution", "import", "表.csv")
    assert json.loads(run("institution", "show", "康巴什区戊托育中心", "--json").stdout)["places"] == 25
    (tmp_path / "表.csv").write_text("托育点编码,托育点名,信用码,所在,可收多少\n", "utf-8")
    assert "少了“区”；多了“所在”" in run("institution", "import", "表.csv", code=4).stderr
    assert (
        "没有表样"
        in run("--no-plugins", "institution", "import", "表.csv", "--layout", "kangbashi-list", code=3).stderr
    )


def test_without_plugins_nothing_of_them_is_there(run: Run, sample: Path, small: Path, tmp_path: Path) -> None:
    without = program(sample, tmp_path, "--no-plugins", "--workspace", str(small))
    assert "插件命令" not in without("--help").stdout
    assert "没有 'seats' 这个命令" in without("seats", code=2).stderr
    assert json.loads(without("report", "more", "--json").stdout) == []
    assert "kangbashi" not in without("pack", "list").stdout
    assert "没有口径包“kangbashi”" in without("pack", "show", "kangbashi", code=3).stderr


def findings(run: Run) -> list[tuple[str, str]]:
    done = run("doctor", "--json", code=0)
    return [(one["state"], one["message"]) for one in json.loads(done.stdout) if one["code"] == "plugins"]


def test_doctor_lists_the_plugins_with_their_state(run: Run, broken: Run) -> None:
    assert findings(run) == [
        ("ok", "yiyu-sample 0.1.0：口径包 kangbashi、表样 kangbashi-list、报表 unfiled、命令 seats")
    ]
    ((state, message),) = findings(broken)
    assert state == "warn"
    assert message.startswith("yiyu-broken 1.0：报表 falls、命令 falls；")
    assert message.count("没有采用") == 5


def test_what_is_broken_is_named_once_a_run_with_package_and_version_and_all_else_works(broken: Run) -> None:
    page = broken("--help")
    assert "falls  会失败。（yiyu-broken）" in page.stdout
    told = page.stderr.splitlines()
    assert [line.partition("没有采用")[0] for line in told] == [
        f"注意：插件 yiyu-broken 1.0 的命令“{name}”" for name in ("report", "wrong", "gone")
    ]
    assert "随附的已经有“report”，不能顶替" in told[0]
    assert "应是 Click 的命令或命令组" in told[1]
    assert "ModuleNotFoundError：No module named 'nowhere_at_all'" in told[2]
    assert all("pip uninstall yiyu-broken" in line and "--no-plugins" in line for line in told)
    assert broken("pack", "list").stderr.count("插件 yiyu-broken 1.0 的口径包“own”没有采用") == 1
    assert broken("institution", "list").stderr == "共 8 条\n"
    assert "没有 'gone' 这个命令" in broken("gone", code=2).stderr
    assert "签约" in broken("report", "rates").stdout


@pytest.mark.parametrize(("words", "kind"), [(("falls",), "命令"), (("report", "more", "falls"), "报表")])
def test_what_fails_while_it_runs_names_its_plugin_and_the_log_holds_where(
    broken: Run, tmp_path: Path, words: tuple[str, ...], kind: str
) -> None:
    told = broken(*words, code=1).stderr
    assert f"错误：插件 yiyu-broken 1.0 的{kind}“falls”出错，详情已记入 " in told
    assert "pip install -U yiyu-broken" in told
    log = (tmp_path / ".yiyu" / "error.log").read_text("utf-8")
    assert "falls.py" in log
    assert log.endswith("LookupError")
    assert "王某某" not in log + told
    assert "Traceback" in broken("--debug", *words, code=1).stderr


def test_code_in_a_workspace_or_on_another_path_is_no_plugin(small: Path, tmp_path: Path) -> None:
    run = program(new_environment(tmp_path / "environment"), tmp_path)
    office = new_office(tmp_path / "office")
    write_package(office, "yiyu-planted", ENTRIES, BROKEN)
    planted = run("--help", folder=office, PYTHONPATH=str(office))
    assert "falls" not in planted.stdout
    assert planted.stderr == ""
    assert findings(lambda *words, **how: run("--workspace", office, *words, folder=office, **how)) == [
        ("ok", "没有装插件")
    ]


def test_where_no_plugin_is_installed_the_start_imports_nothing_to_look_for_one(tmp_path: Path) -> None:
    packages = new_environment(tmp_path / "environment")
    python = packages.parents[2] / "bin" / "python"
    code = "import sys\nfrom yiyu.cli import main\nmain(['--help'], standalone_mode=False)\nprint(*sys.modules)"
    done = subprocess.run([python, "-P", "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert "importlib.metadata" not in done.stdout
    assert "插件命令" not in done.stdout
