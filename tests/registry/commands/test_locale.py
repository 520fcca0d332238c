"""Claims about Click's own words: all of them in Chinese, on any machine."""

import ast
import os
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from yiyu.registry.commands.locale import CATALOGUE

APP = """
{first}
import click
{second}

@click.group(options_metavar="[选项]", subcommand_metavar="命令")
@click.version_option("1", prog_name="yiyu")
def app():
    pass

@app.command(options_metavar="[选项]")
@click.argument("folder", type=click.Path(exists=True, file_okay=False), metavar="目录")
@click.option("--name", required=True, metavar="名称")
@click.option("--count", type=click.IntRange(1, 9), default=1, show_default=True, metavar="份数")
@click.option("--kind", type=click.Choice(["JC", "FY"]))
def make(folder, name, count, kind):
    pass

app(prog_name="yiyu")
"""
SPEAK = "from yiyu.registry.commands.locale import speak_chinese; speak_chinese()"
NAMES = {"yiyu", "make", "mak", "help", "name", "nmae", "count", "kind", "version", "JC", "FY", "XX", "abc"}


def msgids() -> Iterator[tuple[str, ...]]:
    """Every text the installed Click passes through gettext; a plural pair comes as two."""
    for path in sorted(Path(click.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                texts = node.args[:1] if node.func.id == "_" else node.args[:2]
                if all(isinstance(text, ast.Constant) for text in texts):
                    yield tuple(str(ast.literal_eval(text)) for text in texts)


def fields(text: str) -> set[str]:
    named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    return named | set(re.findall(r"%\((\w+)\)", text))


def run(
    *args: str, language: str = "C", speak_first: bool = True, **variables: str
) -> subprocess.CompletedProcess[str]:
    app = APP.format(first=SPEAK if speak_first else "", second="" if speak_first else SPEAK)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG"))}
    return subprocess.run(
        [sys.executable, "-c", app, *args],
        env={**kept, "LANG": language, **variables},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_installed_click_has_texts_to_translate() -> None:
    assert len(set(msgids())) > 50


@pytest.mark.parametrize("texts", sorted(set(msgids())))
def test_every_text_of_the_installed_click_is_in_the_catalogue(texts: tuple[str, ...]) -> None:
    for text in texts:
        if not re.search(r"[A-Za-z]", re.sub(r"{.*?}", "", text)):
            continue  # nothing but values
        assert re.search(r"[\u4e00-\u9fff]", CATALOGUE[text])


@pytest.mark.parametrize("text", CATALOGUE)
def test_a_translation_asks_for_no_value_click_does_not_give(text: str) -> None:
    assert fields(CATALOGUE[text]) <= fields(text)


@pytest.mark.parametrize("language", ["C", "en_US.UTF-8"])
@pytest.mark.parametrize("speak_first", [True, False])
@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--help"], ["用法:", "选项:", "命令:", "显示这段帮助。", "显示版本号。"]),
        (["make", "--help"], ["用法:", "选项:", "必填", "默认：1"]),
        (["--version"], ["yiyu 版本 1"]),
        (["make", "."], ["用法:", "用法请看：yiyu make --help", "错误：缺少选项 '--name'"]),
        (["make", ".", "--nmae", "x"], ["这个选项。", "是否想用"]),
        (["mak"], ["没有 'mak' 这个命令。"]),
        (["make", ".", "--name", "x", "--kind", "XX"], ["'--kind' 的值不对：'XX' 不可用，请从 'JC', 'FY' 中选一个。"]),
        (["make", ".", "--name", "x", "--count", "abc"], ["'abc' 不是这里要的数字"]),
        (["make", ".", "--name", "x", "--count", "10"], ["10 不在 1<=x<=9 的范围内。"]),
    ],
)
def test_click_speaks_only_chinese_whatever_the_language_of_the_machine(
    args: list[str], words: list[str], language: str, *, speak_first: bool
) -> None:
    done = run(*args, language=language, speak_first=speak_first)
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    for word in words:
        assert word in said
    assert set(re.findall(r"[A-Za-z]{2,}", said)) <= NAMES


def test_without_the_catalogue_click_speaks_english() -> None:
    app = APP.format(first="", second="")
    done = subprocess.run([sys.executable, "-c", app, "--help"], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.startswith("Usage:")


def test_a_path_that_is_missing_is_named_in_chinese() -> None:
    assert "文件夹 'nowhere' 不存在。" in run("make", "nowhere", "--name", "x").stderr


def test_texts_of_others_and_the_environment_stay_as_they_are() -> None:
    code = (
        "import os; before = dict(os.environ)\n"
        f"{SPEAK}\n"
        "import gettext\n"
        "assert dict(os.environ) == before\n"
        "print(gettext.gettext('a text of others'), gettext.ngettext('%d bird', '%d birds', 2))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "a text of others %d birds"
