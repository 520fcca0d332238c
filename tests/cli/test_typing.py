"""As people type: the end of a number, a label for a code, a name of before, 姓名/科室/职称."""

from pathlib import Path

import pytest
from build import invoke, new_office

from yiyu.registry.rules.activity_words import read_person

JC = "150602-2025-JC-0001"


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """An office of two agreements: 150602-2026-JC-0001 and 150602-2026-FY-0001."""
    office = new_office(tmp_path / "office")
    for variant in ("基层", "妇幼型"):
        done = invoke(
            "--workspace", office, "agreement", "draft", "--paired", "--variant", variant, "--district", "东胜区"
        )
        assert done.exit_code in (0, 10), done.stderr
    return office


@pytest.mark.parametrize("typed", ["JC-0002", "jc-0002", "ＪＣ－０００２", "2026-JC-0002", "150602-2026-jc-0002"])
def test_a_number_by_its_unique_end(two: Path, typed: str) -> None:
    shown = invoke("--workspace", two, "agreement", "show", typed)
    assert shown.exit_code == 0, shown.stderr
    assert "150602-2026-JC-0002" in shown.stdout


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("0001", 2, "结尾的协议有"),
        ("C-0001", 3, "没有编号为“C-0001”的协议"),
        ("JC-9999", 3, "没有编号为“JC-9999”的协议"),
    ],
)
def test_an_end_of_several_numbers_or_of_none_is_told(office: Path, typed: str, code: int, said: str) -> None:
    refused = invoke("--workspace", office, "agreement", "show", typed)
    assert (refused.exit_code, said in refused.stderr) == (code, True), refused.stderr


def test_parties_variants_and_forms_by_what_people_call_them(office: Path) -> None:
    listed = [
        invoke("--workspace", office, "agreement", "list", "--json", "--variant", word).stdout
        for word in ("FY", "fy", "妇幼型", "妇幼", "ＦＹ")
    ]
    assert len(set(listed)) == 1
    assert '"variant": "FY"' in listed[0]
    for party in ("甲", "甲方", "各方"):
        tried = invoke("--workspace", office, "agreement", "sign", JC, "--party", party, "--dry-run")
        assert tried.exit_code in (0, 5), tried.stderr  # signed already: not refused for the word
    visit = ("activity", "add", JC, "--on", "2026-11-02", "--person", "王某某/儿保科/医师", "--dry-run")
    assert "上门指导" in invoke("--workspace", office, *visit, "--form", "上门").stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("agreement", "list", "--variant", "型"), "可填：JC 基层型"),
        (("activity", "list", "--form", "培训师"), "可填：上门指导"),
        (("agreement", "sign", JC, "--party", "戊方"), "可填：甲 甲方"),
    ],
)
def test_a_word_that_fits_none_is_answered_with_all(office: Path, arguments: tuple[str, ...], said: str) -> None:
    refused = invoke("--workspace", office, *arguments)
    assert refused.exit_code == 2
    assert said in refused.stderr


def test_an_old_name_finds_the_institution_after_a_rename(office: Path) -> None:
    old, new = "东胜区小鹿托育中心", "东胜区小鹿新苗托育中心"
    assert invoke("--workspace", office, "institution", "edit", old, "--name", new).exit_code == 0
    shown = invoke("--workspace", office, "institution", "show", old)
    assert shown.exit_code == 0, shown.stderr
    assert new in shown.stdout


@pytest.mark.parametrize("text", ["王某某 儿保科", "王某某 儿保科/医师", "王某某　儿保科　医师"])
def test_people_with_blanks_are_refused_with_the_way_to_write_them(text: str) -> None:
    with pytest.raises(ValueError, match="姓名中有空格，各项请用 / 分开"):
        read_person(text)


def test_a_name_of_two_characters_spread_to_three_is_that_name() -> None:
    assert read_person("王　某/儿保科").name == "王某"
