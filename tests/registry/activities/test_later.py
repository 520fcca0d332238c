"""What comes after an activity was recorded: more evidence, and corrections."""

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from build import new_office, opened

from yiyu.registry.activities.adding import add, void
from yiyu.registry.activities.attaching import attach
from yiyu.registry.activities.editing import edit
from yiyu.registry.activities.evidence_folder import FileFate, match_folder
from yiyu.registry.activities.listing import show_activity
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.steps import history, record_step
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.errors import BadInput, FileFault, NotFound, StepNotAllowed
from yiyu.registry.files import sha256
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Variant
from yiyu.registry.reports.people import person
from yiyu.registry.rules.activities import Activity, Person
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import broken_links
from yiyu.registry.store.moments import as_known_on

START, ON = dt.date(2026, 1, 1), dt.date(2026, 3, 12)
JC, OTHER = "150602-2026-JC-0001", "150602-2026-JC-0002"
ONE, TWO = "HD-2026-0001", "HD-2026-0002"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two childcare institutions, each visited on one day."""
    folder = new_office(tmp_path_factory.mktemp("later") / "office")
    with opened(folder) as session:
        find = directory(session).find
        provider = find("东胜区兴胜社区卫生服务中心")
        requests = [
            DraftRequest(provider, find(f"东胜区{name}托育中心"), Variant.JC, START, 12) for name in ("甲", "乙")
        ]
        entered = replace(session, now="2026-01-01T09:00:00+08:00")
        draft_agreements(entered, requests)
        record_step(entered, [JC, OTHER], "signed", on=START, party="all")
        people = (Person("王某某", department="儿保科"),)
        for number, item in ((JC, "F01"), (OTHER, "F02")):
            visit = Activity("", ON, "上门指导", (number,), (item,), people=people, topic="查看晨检")
            add(replace(session, now="2026-03-13T09:00:00+08:00"), visit)
    return folder


@pytest.fixture
def visited(made: Path, tmp_path: Path) -> Iterator[OfficeSession]:
    with opened(Path(shutil.copytree(made, tmp_path / "office"))) as session:
        yield session


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of its own, beside the office."""
    (tmp_path / "photos").mkdir()
    return tmp_path / "photos"


def photo(folder: Path, name: str, data: bytes = b"") -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data or name.encode())
    return str(path)


def test_evidence_is_added_to_a_recorded_activity_by_hash_and_as_an_event(visited: OfficeSession, photos: Path) -> None:
    files = [f"照片={photo(photos, 'a.jpg')}", photo(photos, "签到.pdf")]
    (done,) = attach(visited, {ONE: files})
    more = attach(visited, {ONE: [photo(photos, "b.jpg")]})[0]
    kept = show_activity(visited, ONE)[0].activity.evidence
    assert kept == (*done.added, *more.added)
    assert [(one.kind, one.path.rpartition("/")[2]) for one in kept] == [
        ("photo", "HD-2026-0001-01-照片.jpg"),
        ("sign_in", "HD-2026-0001-02-签到表.pdf"),
        ("photo", "HD-2026-0001-03-照片.jpg"),
    ]
    assert all(sha256((visited.workspace.root / one.path).read_bytes()) == one.sha256 for one in kept)
    event = history(visited, JC)[-1]
    assert (event.kind, event.on, event.data["activity"]) == ("evidenced", ON, ONE)
    assert event.data["evidence"] == [{"kind": one.kind, "path": one.path, "sha256": one.sha256} for one in more.added]
    assert list(broken_links(visited.db)) == []


def test_what_evidence_refuses_changes_nothing_and_leaves_no_copy(visited: OfficeSession, photos: Path) -> None:
    good, empty = photo(photos, "a.jpg"), photos / "empty.jpg"
    empty.write_bytes(b"")
    attach(visited, {ONE: [good]})
    void(visited, TWO, reason="错")
    copies = sorted((visited.workspace.root / "archive").rglob("*"))
    wrong: list[tuple[type[Exception], dict[str, list[str]]]] = [
        (NotFound, {"HD-2026-0009": [good]}),
        (StepNotAllowed, {TWO: [good]}),
        (BadInput, {ONE: [good]}),  # it has this file
        (BadInput, {ONE: [photo(photos, "c.jpg"), photo(photos, "d.jpg", b"c.jpg")]}),
        (FileFault, {ONE: [photo(photos, "e.jpg"), str(empty)]}),
        (FileFault, {ONE: [photo(photos, "f.jpg"), str(photos / "gone.jpg")]}),
    ]
    for fault, given in wrong:
        with pytest.raises(fault):
            attach(visited, given)
    assert len(show_activity(visited, ONE)[0].activity.evidence) == 1
    assert sorted((visited.workspace.root / "archive").rglob("*")) == copies


@pytest.mark.parametrize(
    ("name", "fate", "number"),
    [
        ("20260312_F01_晨检.jpg", FileFate.MATCHED, ONE),
        ("2026-03-12 乙托育中心.jpg", FileFate.MATCHED, TWO),
        (f"{OTHER} 2026年3月12日.jpg", FileFate.MATCHED, TWO),
        ("2026.3.12东胜区甲托育中心（一）.jpg", FileFate.MATCHED, ONE),
        ("2026-03-12/甲托育中心/IMG_1.jpg", FileFate.MATCHED, ONE),  # the folders say it
        (f"20260312_{ONE}.jpg", FileFate.MATCHED, ONE),
        ("20260312_兴胜社区卫生服务中心.jpg", FileFate.IN_DOUBT, ""),  # both were visited by it
        ("20260312_合影.jpg", FileFate.IN_DOUBT, ""),
        ("20260312_A99.jpg", FileFate.UNMATCHED, ""),
        ("20260313_F01.jpg", FileFate.UNMATCHED, ""),
        ("合影.jpg", FileFate.UNMATCHED, ""),
        ("20260312至20260313_F01.jpg", FileFate.UNMATCHED, ""),
        (f"{ONE}.jpg", FileFate.UNMATCHED, ""),  # its serial is no day
    ],
)
def test_a_file_is_matched_by_the_day_and_the_codes_of_its_path(
    visited: OfficeSession, photos: Path, name: str, fate: FileFate, number: str
) -> None:
    photo(photos, name)
    (row,), _ = match_folder(visited, photos)
    assert (row.fate, row.number, row.file) == (fate, number, name)
    assert row.note


def test_a_folder_is_kept_where_it_matches_and_the_rest_stays(visited: OfficeSession, photos: Path) -> None:
    names = ("20260312_F01_1.jpg", "20260312_F02_1.jpg", "20260312_F02_2.pdf", "合影.jpg")
    for name in names:
        photo(photos, name)
    photo(photos, "20260312_F01_same.jpg", names[0].encode())
    photo(photos, ".DS_Store")
    rows, done = match_folder(visited, photos)
    assert [row.fate.value for row in rows] == ["matched", "known", "matched", "matched", "unmatched"]
    assert done == []
    rows, done = match_folder(visited, photos, apply=True)
    assert [row.fate.value for row in rows] == ["added", "known", "added", "added", "unmatched"]
    assert {one.listed.activity.number: len(one.added) for one in done} == {ONE: 1, TWO: 2}
    again, _ = match_folder(visited, photos, apply=True)
    assert [row.fate.value for row in again] == ["known", "known", "known", "known", "unmatched"]
    assert sorted(path.name for path in photos.rglob("2*")) == sorted([*names[:3], "20260312_F01_same.jpg"])


def test_an_empty_or_missing_folder_is_refused(visited: OfficeSession, photos: Path) -> None:
    with pytest.raises(NotFound):
        match_folder(visited, photos)
    with pytest.raises(FileFault):
        match_folder(visited, photos / "gone")


def at(session: OfficeSession, day: str) -> OfficeSession:
    return replace(session, now=f"{day}T09:00:00+08:00")


def done_in(session: OfficeSession, period: str) -> bool:
    return any(row.done for row in duty_rows(session, period=period) if row.number == JC and row.duty == "visit")


def test_a_correction_counts_from_the_day_it_concerns_and_tells_old_new_and_why(visited: OfficeSession) -> None:
    assert (done_in(visited, "2026Q1"), done_in(visited, "2026Q2")) == (True, False)
    people = (Person("李某某", department="儿保科"),)
    values = {
        "on": dt.date(2026, 4, 2),
        "people": people,
        "items": ("F01", "F02"),
        "counts": {"婴幼儿": 12},
        "topic": "",
    }
    done = edit(visited, ONE, values, reason="抄错日期")
    assert done.changes == (
        ("日期", "2026-03-12", "2026-04-02"),
        ("服务项目", "F01", "F01、F02"),
        ("服务人员", "王某某/儿保科", "李某某/儿保科"),
        ("人数", "", "婴幼儿 12"),
        ("主题", "查看晨检", ""),
    )
    assert (done_in(visited, "2026Q1"), done_in(visited, "2026Q2")) == (False, True)
    event = history(visited, JC)[-1]
    assert (event.kind, event.on) == ("activity_edited", dt.date(2026, 4, 2))
    assert event.note.startswith(f"{ONE} 日期：2026-03-12 → 2026-04-02；")
    assert event.note.endswith("；抄错日期")
    assert event.data["changes"]["on_date"] == ["2026-03-12", "2026-04-02"]  # type: ignore[index]
    assert show_activity(visited, ONE)[0].activity == done.listed.activity
    assert list(broken_links(visited.db)) == []
    assert any(one.place == "event" for one in person(visited, "王某某"))


def test_what_was_known_before_corrections_is_still_told(visited: OfficeSession, photos: Path) -> None:
    def told(day: str | None) -> Any:
        with as_known_on(visited.db, dt.date.fromisoformat(day) if day else None):
            one = show_activity(visited, ONE)[0].activity
        return (
            one.on.day,
            one.items,
            [person.name for person in one.people],
            one.signed_in,
            one.topic,
            len(one.evidence),
        )

    other = show_activity(visited, TWO)[0].activity
    edit(at(visited, "2026-05-01"), ONE, {"on": dt.date(2026, 3, 11), "signed_in": 3}, reason="抄错")
    edit(at(visited, "2026-06-01"), ONE, {"items": ("F02", "F03"), "people": (), "on": START}, reason="再核")
    edit(at(visited, "2026-06-01"), ONE, {"signed_in": None, "topic": "查看午检"}, reason="再核")
    attach(at(visited, "2026-07-01"), {ONE: [photo(photos, "a.jpg")]})
    assert told("2026-04-30") == (12, ("F01",), ["王某某"], None, "查看晨检", 0)
    assert told("2026-05-31") == (11, ("F01",), ["王某某"], 3, "查看晨检", 0)
    assert told("2026-06-30") == (1, ("F02", "F03"), [], None, "查看午检", 0)
    assert told(None) == (1, ("F02", "F03"), [], None, "查看午检", 1)
    with as_known_on(visited.db, dt.date(2026, 4, 30)):
        assert show_activity(visited, TWO)[0].activity == other


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"topic": "查看晨检"}, BadInput),  # it says so already
        ({"on": dt.date(2027, 1, 1)}, BadInput),
        ({"items": ("Z99",)}, BadInput),
        ({"starts": dt.time(11), "ends": dt.time(9)}, BadInput),
        ({"remark": "11010519491231002X"}, BadInput),
    ],
)
def test_a_correction_that_cannot_be_changes_nothing(
    visited: OfficeSession, values: dict[str, Any], fault: type[Exception]
) -> None:
    before = show_activity(visited, ONE)
    with pytest.raises(fault):
        edit(visited, ONE, values, reason="错")
    assert show_activity(visited, ONE) == before
    assert history(visited, JC)[-1].kind == "served"


def test_a_correction_into_another_activity_is_asked_about(visited: OfficeSession) -> None:
    second = add(visited, Activity("", dt.date(2026, 3, 20), "上门指导", (JC,))).listed.activity.number
    with pytest.raises(StepNotAllowed, match=ONE):
        edit(visited, second, {"on": ON}, reason="错")
    assert edit(visited, second, {"on": ON}, reason="错", again=True).listed.activity.on == ON


def test_a_dry_run_and_a_void_activity_are_not_corrected(visited: OfficeSession) -> None:
    edit(visited, ONE, {"topic": "别的"}, reason="错", dry_run=True)
    assert show_activity(visited, ONE)[0].activity.topic == "查看晨检"
    void(visited, ONE, reason="错")
    with pytest.raises(StepNotAllowed):
        edit(visited, ONE, {"topic": "别的"}, reason="错")
