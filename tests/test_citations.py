"""Claims about what the code cites: every anchor is there, once, and no citation names a document nobody has."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from yiyu.registry.config import Config

ROOT = Path(__file__).parents[1]
PAGES = {name: (ROOT / "docs" / name).read_text("utf-8") for name in ("domain.md", "design.md", "map.md")}
CITED = re.compile(r"(?<![\w/-])(?:docs/)?(domain|design|map)\.md#([\w-]+)")
BY_NUMBER = re.compile(r"\b(domain|DESIGN|robustness|measurements)(,? (section|rule|fact))? ?\d")
OWN = re.compile(r"\]\(#([\w-]+)\)")


def anchors(page: str) -> list[str]:
    return re.findall(r'<a id="([\w-]+)"></a>', PAGES[page])


def texts() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "-c", "core.quotepath=off", "ls-files", "*.py", "*.md", "*.toml"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        if name != "tests/test_citations.py" and (ROOT / name).is_file():
            yield name, (ROOT / name).read_text("utf-8")


def unresolved(text: str) -> list[str]:
    return [f"{page}.md#{anchor}" for page, anchor in CITED.findall(text) if anchor not in anchors(f"{page}.md")]


def test_every_citation_resolves_to_an_anchor() -> None:
    broken = {name: unresolved(text) for name, text in texts()}
    assert {name: found for name, found in broken.items() if found} == {}
    assert sum(len(CITED.findall(text)) for name, text in texts() if name.endswith(".py")) > 90


def test_no_citation_names_a_section_by_its_number() -> None:
    assert [name for name, text in texts() if BY_NUMBER.search(text)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_anchor_stands_once_and_is_followed_by_something(page: str) -> None:
    found = anchors(page)
    assert len(found) == len(set(found)) > 3
    assert not PAGES[page].rstrip().endswith("</a>")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_links_only_to_anchors_of_its_own_that_are_there(page: str) -> None:
    assert set(OWN.findall(PAGES[page])) <= set(anchors(page))


def test_the_settings_explained_have_the_defaults_explained() -> None:
    part = PAGES["design.md"].split('<a id="settings"></a>')[1].split("<a id=")[0]
    told = dict(re.findall(r"^\| `(\w+)` \| `([\w-]+)` \|", part, re.MULTILINE))
    assert len(told) > 5
    assert told == {key: str(getattr(Config(), key)) for key in told}


@pytest.mark.parametrize(
    "text",
    [
        "domain 11.2",
        "DESIGN section 5",
        "robustness 3b",
        "robustness, rule 4",
        "robustness fact 8",
        "domain section 10",
    ],
)
def test_a_number_is_caught(text: str) -> None:
    assert BY_NUMBER.search(f"as ({text}) says")


def test_an_anchor_that_is_not_there_is_caught() -> None:
    assert unresolved("see domain.md#nowhere") == ["domain.md#nowhere"]
    assert unresolved("see docs/domain.md#term-end") == []
