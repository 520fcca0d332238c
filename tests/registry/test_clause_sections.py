"""Claims about one clause put into another file: it is there as it was, and every other line stays."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.errors import BadInput
from yiyu.registry.packs.clause_sections import clause_section, with_clause

NATIONAL = (files("yiyu.templates") / "national" / "clauses.toml").read_bytes()
ROWS = tomllib.loads(NATIONAL.decode())
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), min_size=1)


@pytest.mark.parametrize("code", ROWS)
def test_a_clause_of_ours_is_replaced_and_the_rest_of_the_file_stays(code: str) -> None:
    row = {**ROWS[code], "versions": {"9": {"source": "S0 一", "text": "[T01]\n新的'''文字"}}}
    new = with_clause(NATIONAL, code, clause_section(code, row), "clauses.toml")
    assert tomllib.loads(new.decode()) == {**ROWS, code: row}
    notes = [line for line in NATIONAL.decode().splitlines() if line.startswith("#")]
    assert [line for line in new.decode().splitlines() if line.startswith("#")] == notes


@given(TEXTS, TEXTS, st.dates())
def test_whatever_a_clause_says_it_is_read_back_so(text: str, source: str, since: object) -> None:
    row = {"name": "费用", "versions": {"第 1 版": {"since": since, "source": source, "note": "", "text": text}}}
    assert tomllib.loads(clause_section("T07", row).decode()) == {"T07": row}


def test_a_new_clause_comes_last_and_an_empty_file_gets_its_first() -> None:
    section = clause_section("T51", {"name": "新", "versions": {"1": {"source": "S0 一", "text": "文字。"}}})
    assert with_clause(b"", "T51", section, "") == section
    assert with_clause(NATIONAL, "T51", section, "").decode().startswith(NATIONAL.decode().rstrip())


def test_another_clause_does_not_come_in_behind_the_one_that_is_named() -> None:
    row = {"name": "新", "versions": {"1": {"source": "S0 一", "text": "文字。"}}}
    both = clause_section("T51", row) + clause_section("T52", row)
    with pytest.raises(BadInput, match="T51 放不进去"):
        with_clause(NATIONAL, "T51", both, "clauses.toml")


@pytest.mark.parametrize("written", ["T07.name = '费用'\n", "T07 = {name = '费用'}\n", "broken ="])
def test_what_a_program_cannot_change_is_named(written: str) -> None:
    section = clause_section("T07", {"versions": {"1": {"source": "S0 一", "text": "文字。"}}})
    with pytest.raises(BadInput, match="不能由程序改"):
        with_clause(written.encode(), "T07", section, "clauses.toml")
