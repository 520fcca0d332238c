"""今天: every figure is that of its list, and stands where the role wants it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from build import opened
from desk_browser import Browser

from yiyu.desk import remembered
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.agreements.reminding import remind
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.rules.reminders import Settings


def _figures(page: str) -> dict[str, int]:
    return {label: int(amount) for amount, label in re.findall(r"<b>(\d+)</b> ([^<]+)</a>", page)}


def test_figures_are_those_of_the_lists_they_open(desk: Browser, office: Path) -> None:
    found = _figures(desk.get("/"))
    with opened(office) as session:
        states = [row.state for row in duty_rows(session)]
        assert found["要办的事"] == len(remind(session, Settings()).due)
        assert found["还没签齐"] == len(list_agreements(session, AgreementFilter(unsigned=True)))
    assert found["现在应做的事项"] == states.count("due")
    assert f"共 {found['要办的事']} 条" in desk.get("/reminders")
    assert f"共 {found['现在应做的事项']} 条" in desk.get("/visits/duties?state=due")
    assert found["没有归位的扫描页"] == 0


def test_an_archivist_sees_scans_first_and_a_reader_figures_alone(staffed: Callable[..., Browser]) -> None:
    first = re.compile(r"<h2>(.*?)</h2>")
    assert first.findall(staffed("archivist").get("/"))[0] == "档案"
    assert first.findall(staffed("manager").get("/"))[0] == "报表"
    reader = first.findall(staffed("reader").get("/"))
    assert reader[0] == "协议"
    assert "最该先办的" not in reader


def test_a_person_of_one_district_is_told_of_it_alone(staffed: Callable[..., Browser], office: Path) -> None:
    person = staffed("clerk", district="150602")
    with opened(office) as session:
        own = list_agreements(session, AgreementFilter(in_force=True, district="150602"))
        every = list_agreements(session, AgreementFilter(in_force=True))
    assert _figures(person.get("/"))["有效的协议"] == len(own) < len(every)


def test_what_takes_long_is_told_to_be_counted_and_then_stands_there(
    desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered.Remembered.lately, "__defaults__", (0.0,))
    page = desk.get("/visits/duties")
    assert "正在计算" in page
    for _ in range(200):
        if "正在计算" not in (page := desk.get("/visits/duties")):
            break
    assert "应做事项" in page
    assert "共 " in page
