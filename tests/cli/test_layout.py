import re
from collections.abc import Iterator

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcwidth

from yiyu.cli import main
from yiyu.registry.commands.layout import cells, grid, wrapped
from yiyu.registry.commands.show import cell

TEXTS = st.text(alphabet="托育机构，。（）ab-1 2", max_size=60)


def every_command(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    """Path and help page, as in a terminal of 80 columns, of a command and all under it."""
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from every_command(child, child.make_context(name, [], parent=context, resilient_parsing=True))


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    root = main.make_context("yiyu", [], resilient_parsing=True, terminal_width=80)
    return dict(every_command(main, root))


def test_no_line_of_a_help_page_runs_over_the_edge(pages: dict[str, str]) -> None:
    assert len(pages) > 70
    wide = {(path, line) for path, page in pages.items() for line in page.splitlines() if cells(line) > 80}
    assert not wide


def test_the_words_for_the_options_of_a_command_begin_in_one_column(pages: dict[str, str]) -> None:
    for path, page in pages.items():
        rows = re.findall(r"^  (--?\S.*?  +)\S", page, re.MULTILINE)
        assert len({cells(row) for row in rows}) <= 1, path


@given(TEXTS, st.integers(2, 30))
def test_wrapping_loses_nothing_but_blanks_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert max(map(cells, lines)) <= width


def test_a_line_breaks_between_characters_and_not_within_a_number_or_before_a_full_stop() -> None:
    text = "双方已有同类型协议150602-2026-JC-0001，请续签（agreement renew）。"
    assert wrapped(text, 25) == ["双方已有同类型协议", "150602-2026-JC-0001，请续", "签（agreement renew）。"]


def test_columns_line_up_and_the_widest_give_way() -> None:
    rows = [["协议编号", "乙方", "截止日期"], ["150602-2026-JC-0001", "东胜区青禾婴幼儿照护服务中心", "2026-11-30"]]
    head, body = grid(rows, 49)
    assert body[0] == "150602-2026-JC-0001  东胜区青禾婴幼儿  2026-11-30"
    assert cells(head[0][: head[0].index("截止")]) == cells(body[0][: body[0].index("2026-11")])
    assert body[1].strip() == "照护服务中心"


def test_a_moment_is_shown_to_the_minute() -> None:
    assert cell("2026-11-23T01:10:44+08:00") == "2026-11-23 01:10"


PLAIN = st.sampled_from("（）：、。，《》ABCxyz 0123 ☑□\u3000\u0301\u200b")
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.characters(
    min_codepoint=0x20000, max_codepoint=0x2A6DF
)


@given(st.text(PLAIN | HAN))
def test_a_text_is_as_wide_as_wcwidth_says(text: str) -> None:
    assert cells(text) == sum(max(wcwidth(character), 0) for character in text)
