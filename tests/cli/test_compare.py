"""Claims about scans held against what was printed: what was changed is found and waits for a person, who alone decides."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import img2pdf
import pypdf
import pytest
from build import invoke
from changed_paper import changed_pages, two_up
from click.testing import Result

Asked = Callable[..., Any]
CHANGED = [("乙方壹份、", "乙方贰份、")]


@pytest.fixture(scope="session")
def changed(season: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[bytes]]:
    """A sealed agreement that says something else than was generated: its number and its pages as scanned."""
    standing = json.loads(invoke("--workspace", season, "agreement", "list", "--in-force", "--json").stdout)
    number = next(one["number"] for one in standing if (one["sealing"], one["filing"]) == ("sealed", "none"))
    return number, changed_pages(season, number, CHANGED, tmp_path_factory.mktemp("changed"))


def test_what_was_changed_keeps_an_agreement_from_being_checked_until_a_person_accepts_it(
    run: Callable[..., Result], asked: Asked, office: Path, changed: tuple[str, list[bytes]], tmp_path: Path
) -> None:
    number, pages = changed
    (tmp_path / "前.pdf").write_bytes(img2pdf.convert(pages[:-1]))
    assert asked("archive", "intake", tmp_path / "前.pdf", code=10)["compared"] is None
    (tmp_path / "末.pdf").write_bytes(img2pdf.convert(pages[-1:]))

    compared = asked("archive", "intake", tmp_path / "末.pdf", "--compare", code=10)["compared"]
    assert (compared["pages"], compared["failed"]) == (1, [])
    told = {"number": number, "document": "agreement", "page": len(pages), "signature": "empty", "seal": "empty"}
    assert compared["signing"] == [told | {"party": party} for party in "甲乙"], "nobody signed this paper"
    found = compared["differences"]
    assert [(one["number"], one["page"], one["accepted"]) for one in found] == [(number, len(pages), None)]
    assert "【贰】" in found[0]["read"]
    assert "【壹】" in found[0]["printed"]
    text = "".join(page.extract_text() for page in pypdf.PdfReader(office / compared["differences_file"]).pages)
    assert re.sub(r"\s", "", f"yiyu archive judge {found[0]['id']} --accept") in re.sub(r"\s", "", text)

    def filing() -> str:
        [one] = [one for one in asked("agreement", "list", "--json") if one["number"] == number]
        return str(one["filing"])

    assert filing() == "scanned"
    assert [one["id"] for one in asked("archive", "differences", number)] == [found[0]["id"]]
    run("archive", "judge", found[0]["id"], "--reject", "--reason", "对方改了份数")
    assert filing() == "scanned"
    assert asked("archive", "differences")[0]["accepted"] is False
    run("archive", "judge", found[0]["id"], "--accept", "--dry-run")
    assert filing() == "scanned"
    run("archive", "judge", found[0]["id"], "--accept", "--reason", "双方另有约定")
    assert filing() == "checked"
    assert asked("archive", "differences") == []
    assert [one["accepted"] for one in asked("archive", "differences", "--all")] == [True]
    told = asked("agreement", "history", number)
    assert [(one["kind"], one["note"]) for one in told if one["kind"].startswith("difference")] == [
        ("difference_rejected", "对方改了份数"),
        ("difference_accepted", "双方另有约定"),
    ]


def test_both_pages_of_a_sheet_are_compared_and_what_is_seen_where_people_sign_is_kept(
    run: Callable[..., Result], asked: Asked, changed: tuple[str, list[bytes]], tmp_path: Path
) -> None:
    number, pages = changed
    (tmp_path / "并排.pdf").write_bytes(img2pdf.convert([two_up(*pages[-2:])]))
    compared = asked("archive", "intake", tmp_path / "并排.pdf", "--compare", code=10)["compared"]
    assert (compared["pages"], compared["failed"]) == (2, [])
    [found] = compared["differences"]
    assert (found["page"], found["file_page"], found["half"]) == (len(pages), 1, "right")
    assert "【贰】" in found["read"]
    again = asked("archive", "intake", tmp_path / "并排.pdf", "--compare", code=10)["compared"]
    assert (again["pages"], again["differences"], again["signing"]) == (0, [found], compared["signing"])

    seen = asked("agreement", "show", number)["signing_places"]
    assert [(one["page"], one["party"], one["signature"], one["seal"]) for one in seen] == [
        (len(pages), party, "empty", "empty") for party in "甲乙"
    ]
    assert "乙方签字处空白，盖章处空白" in run("agreement", "show", number).stdout
    assert "签字处字迹" in run("archive", "differences", number).stdout
    assert run("check").exit_code == 0


def test_a_difference_there_is_not_is_not_found(run: Callable[..., Result]) -> None:
    assert "没有第 7 处差异" in run("archive", "judge", "7", "--accept", code=3).stderr
