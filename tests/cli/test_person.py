import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from yiyu.registry.reports.people import masked

Run = Callable[..., Any]
PHONE = "13800004321"


@pytest.fixture
def known(run: Run, asked: Run) -> dict[str, Any]:
    """An institution with an agreement drafted after its contact was entered."""
    medical = next(
        r for r in asked("institution", "list", "--kind", "medical") if r["category"] in ("中医院", "蒙医院")
    )
    childcare = next(
        r for r in asked("institution", "list", "--kind", "childcare") if r["district"] == medical["district"]
    )
    run("institution", "edit", childcare["code"], "--contact", "王某某", "--phone", PHONE)
    run("agreement", "draft", "--medical", medical["code"], "--childcare", childcare["code"], "--variant", "ZY")
    return dict(childcare)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138****5678"),
        ("0477-1234567", "047*-***4567"),
        ("8123456", "***3456"),
        ("", ""),
        ("110", "110"),
    ],
)
def test_a_number_is_shown_by_its_ends(phone: str, shown: str) -> None:
    assert masked(phone) == shown


def test_lists_mask_phones_unless_asked(asked: Run, run: Run, known: dict[str, Any], tmp_path: Path) -> None:
    assert PHONE not in json.dumps(asked("institution", "list"))
    assert PHONE in json.dumps(asked("institution", "list", "--phones"))
    run("institution", "list", "--xlsx", tmp_path / "a.xlsx")
    cells = {cell.value for row in openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0] for cell in row}
    assert "138****4321" in cells
    assert PHONE not in cells


def test_all_records_of_a_person_are_listed(asked: Run, run: Run, known: dict[str, Any], tmp_path: Path) -> None:
    found = asked("person", "王某某")
    assert {row["place"] for row in found} >= {"institution", "agreement"}
    assert asked("person", PHONE) == [row for row in found if PHONE in row["text"]]
    run("person", "王某某", "--xlsx", tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0].max_row > len(found)


def test_nobody_is_found_without_his_name_being_repeated(run: Run) -> None:
    assert "李某某" not in run("person", "李某某", code=3).stderr


def test_an_erased_contact_is_gone_from_the_bytes_of_the_registry(
    run: Run, known: dict[str, Any], office: Path
) -> None:
    registry = office / "registry.db"
    assert PHONE.encode() in registry.read_bytes()
    run("institution", "erase-contact", known["code"], "--dry-run")
    assert PHONE.encode() in registry.read_bytes()
    assert "涉及协议 3 份" in run("institution", "erase-contact", known["code"], "--yes").stderr
    assert PHONE.encode() not in registry.read_bytes()
    run("person", PHONE, code=3)
    run("check")


def test_erasing_asks_first(run: Run, known: dict[str, Any], office: Path) -> None:
    before = (office / "registry.db").read_bytes()
    run("institution", "erase-contact", known["code"], code=1)
    assert (office / "registry.db").read_bytes() == before
    run("institution", "erase-contact", "没有这家", "--yes", code=3)


def test_every_place_that_speaks_of_a_person_is_covered_and_of_nobody_else(asked: Run, run: Run) -> None:
    """The right to see and to copy what is held (个人信息保护法 45)."""
    one = next(row for row in asked("agreement", "list", "--in-force") if row["variant"] == "JC")
    number, medical = one["number"], one["parties"][0]["name"]
    run(
        "institution",
        "edit",
        medical,
        "--legal-person",
        "孙某某",
        "--contact",
        "周某某、孙某某",
        "--phone",
        "0477-7654321",
    )
    run("agreement", "copies", number, "--move", "1", "--to", "printed", "--note", "孙某某取走")
    run(
        "activity", "add", number, "--on", "2026-01-01", "--form", "上门指导", "--from", "09:00", "--to", "11:00",
        "--person", "孙某某/儿保科/主治医师", "--content", "孙某某讲解", "--finding", "记录不全|请孙某某复查",
    )  # fmt: skip
    row = next(row for row in asked("duty", "list", "--number", number) if row["state"] in ("due", "missed"))
    run("duty", "waive", number, "--duty", row["duty"], "--period", row["period"], "--reason", "孙某某病假")
    run("report", "progress", "budget", "--status", "going", "--note", "孙某某在办")
    found = asked("person", "孙某某")
    assert {(one["place"], one["role"]) for one in found} == {
        ("institution", "contact"),
        ("institution", "legal_person"),
        ("activity", "served"),
        ("activity", "mentioned"),
        ("finding", "mentioned"),
        ("event", "mentioned"),
        ("waiver", "mentioned"),
        ("progress", "mentioned"),
        ("hours", "served"),
    }
    assert asked("person", "04777654321") == [one for one in found if "7654321" in one["text"]]
    assert {one["role"] for one in asked("person", "周某某")} == {"contact"}


def test_a_contact_that_is_not_there_is_not_said_to_be_erased(run: Run, known: dict[str, Any]) -> None:
    run("institution", "erase-contact", known["code"], "--yes")
    assert "没有要清除的" in run("institution", "erase-contact", known["code"], "--yes").stderr
