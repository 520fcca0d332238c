import contextlib
import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from yiyu.registry.activities.adding import add, void
from yiyu.registry.activities.findings import findings, recheck
from yiyu.registry.activities.importing import Imported, export_register, import_register
from yiyu.registry.activities.listing import ActivityFilter, list_activities, show_activity
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.steps import history, record_step
from yiyu.registry.errors import BadInput, FileFault, NotFound, StepNotAllowed
from yiyu.registry.files import sha256
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Variant
from yiyu.registry.rules.activities import COUNTS, FORMS, Activity, Finding, Person
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import load_activities
from yiyu.registry.store.events import broken_links
from yiyu.registry.store.opening import open_registry
from yiyu.registry.store.standings import standings
from yiyu.registry.workbooks.previews import Leave

START = dt.date(2026, 1, 1)
ON = dt.date(2026, 10, 8)
FY, JC, OTHER = "150602-2026-FY-0001", "150602-2026-JC-0001", "150602-2026-JC-0002"


@pytest.fixture
def signed(session: OfficeSession) -> OfficeSession:
    """甲托育中心 with both kinds of agreement, 乙托育中心 with one, all signed on the first day."""
    find = directory(session).find
    sides = [
        ("东胜区妇幼保健院", "东胜区甲托育中心", Variant.FY),
        ("东胜区兴胜社区卫生服务中心", "东胜区甲托育中心", Variant.JC),
        ("东胜区兴胜社区卫生服务中心", "东胜区乙托育中心", Variant.JC),
    ]
    draft_agreements(session, [DraftRequest(find(a), find(b), variant, START, 12) for a, b, variant in sides])
    record_step(session, [FY, JC, OTHER], "signed", on=START, party="all")
    return session


def visit(*agreements: str, **facts: Any) -> Activity:
    return replace(Activity("", ON, "上门指导", agreements or (JC,)), **facts)


def refused(session: OfficeSession, activity: Activity, **how: Any) -> str:
    with pytest.raises((BadInput, StepNotAllowed, NotFound, FileFault)) as caught:
        add(session, activity, **how)
    return caught.value.code


def test_one_visit_serves_two_agreements_and_stands_in_both_histories(signed: OfficeSession) -> None:
    recorded = add(signed, visit(FY, JC, starts=dt.time(9), ends=dt.time(11)))
    assert (recorded.listed.activity.number, recorded.warnings) == ("HD-2026-0001", ())
    for number in (FY, JC):
        event = history(signed, number)[-1]
        assert (event.kind, event.on, event.data) == ("served", ON, {"activity": "HD-2026-0001"})
    assert history(signed, OTHER)[-1].kind == "signed"
    assert len(list_activities(signed, ActivityFilter())) == 1
    assert list(broken_links(signed.db)) == []


def test_an_activity_leaves_every_axis_as_it_was(signed: OfficeSession) -> None:
    before = standings(signed.db, signed.today)
    add(signed, visit())
    void(signed, "HD-2026-0001", reason="错")
    assert standings(signed.db, signed.today) == before


def test_an_activity_before_the_draft_does_not_make_the_agreement_older(session: OfficeSession) -> None:
    find = directory(session).find
    draft_agreements(session, [DraftRequest(find("东胜区妇幼保健院"), find("东胜区甲托育中心"), Variant.FY, START, 12)])
    add(session, visit(FY))
    assert standings(session.db, ON) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"agreements": ("150602-2026-JC-0009",)}, "not-found"),
        ({"items": ("Z99",)}, "item-unknown"),
        ({"on": dt.date(2026, 11, 23)}, "date-future"),
        ({"starts": dt.time(11), "ends": dt.time(9)}, "hours-order"),
        ({"starts": dt.time(11)}, "hours-half"),
        ({"people": (Person("王某某", arrives=dt.time(11), leaves=dt.time(9)),)}, "hours-order"),
        ({"form": "座谈"}, "form-unknown"),
        ({"content": "身份证 15060220240301001X 登记"}, "privacy"),
        ({"topic": "急\x07救"}, "cell-character"),
    ],
)
def test_what_cannot_be_is_refused(signed: OfficeSession, facts: dict[str, Any], code: str) -> None:
    assert refused(signed, visit(**facts)) == code
    assert load_activities(signed.db) == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"on": dt.date(2025, 12, 31)}, "不在协议 150602-2026-JC-0001 的期限"),
        ({"counts": {"从业人员": 20}, "signed_in": 18}, "签到 18 人，与参加人数 20 人不符"),
        ({"counts": {"婴幼儿": 8, "参加人数": 9}}, "参加人数 9 与各类人数之和 8 不符"),
        ({"items": ("A01",)}, "A01 不在协议勾选的服务项目之内"),
        ({"people": (Person("王某某"), Person("王某某"))}, "王某某写了不止一次"),
        ({"findings": (Finding("记录不全", due_on=dt.date(2020, 1, 1)),)}, "整改期限 2020-01-01 早于活动日期"),
        (
            {
                "starts": dt.time(9),
                "ends": dt.time(10),
                "people": (Person("王某某", arrives=dt.time(14), leaves=dt.time(15)),),
            },
            "不在活动时间之内",
        ),
    ],
)
def test_what_is_odd_is_recorded_with_a_warning_that_stays(
    signed: OfficeSession, facts: dict[str, Any], said: str
) -> None:
    recorded = add(signed, visit(**facts))
    assert len(recorded.warnings) == 1
    assert said in recorded.warnings[0]
    assert said in history(signed, JC)[-1].note
    assert show_activity(signed, recorded.listed.activity.number)[1] == recorded.warnings


def test_before_all_parties_signed_an_activity_is_warned_of_and_under_a_void_one_refused(signed: OfficeSession) -> None:
    find = directory(signed).find
    request = DraftRequest(find("东胜区林荫苏木卫生院"), find("东胜区乙托育中心"), Variant.JC, START, 12)
    (one,) = draft_agreements(signed, [request]).made
    assert "还没有由各方签字" in add(signed, visit(one.number)).warnings[0]
    record_step(signed, [one.number], "voided", on=signed.today)
    assert refused(signed, visit(one.number, on=START)) == "agreement-void"


def test_the_same_again_is_refused_unless_said_so(signed: OfficeSession) -> None:
    morning = visit(starts=dt.time(9), ends=dt.time(10))
    add(signed, morning)
    assert refused(signed, morning) == "step-not-allowed"
    assert add(signed, morning, again=True).listed.activity.number == "HD-2026-0002"
    afternoon = add(signed, visit(starts=dt.time(14), ends=dt.time(15)))
    assert "请核对是否重复" in afternoon.warnings[0]
    assert add(signed, visit(OTHER, starts=dt.time(9), ends=dt.time(10))).warnings == ()


def test_numbers_count_within_the_year_and_are_never_given_again(signed: OfficeSession) -> None:
    def number(**facts: Any) -> str:
        return add(signed, visit(**facts)).listed.activity.number

    assert [number(), number(on=START)] == ["HD-2026-0001", "HD-2026-0002"]
    void(signed, "HD-2026-0002", reason="错")
    assert number(on=dt.date(2025, 12, 31)) == "HD-2025-0001"
    assert number(on=dt.date(2026, 5, 5)) == "HD-2026-0003"


def test_a_pattern_without_a_serial_is_refused_by_name(signed: OfficeSession) -> None:
    config = type(signed.workspace.config)(activity_pattern="HD-{year}")
    other = replace(signed, workspace=type(signed.workspace)(root=signed.workspace.root, config=config))
    with pytest.raises(BadInput, match="activity_pattern"):
        add(other, visit())


def test_evidence_is_kept_byte_for_byte_under_names_of_ours(signed: OfficeSession, tmp_path: Path) -> None:
    files = {"赵小小.jpg": b"photo", "签到.pdf": b"%PDF-list", "scan.PDF": b"%PDF-scan", "讲义.pptx": b"slides"}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    given_files = [str(tmp_path / name) for name in files]
    given_files[3] = f"照片={given_files[3]}"
    recorded = add(signed, visit(), evidence=given_files).listed.activity
    assert [one.kind for one in recorded.evidence] == ["photo", "sign_in", "scan", "photo"]
    for one, data in zip(recorded.evidence, files.values(), strict=True):
        kept = (signed.workspace.root / one.path).read_bytes()
        assert (kept, one.sha256, one.size) == (data, sha256(data), len(data))
        assert one.path.startswith("archive/evidence/2026/HD-2026-0001-0")
        assert "赵" not in one.path


def test_the_same_photo_for_another_visit_is_told(signed: OfficeSession, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"photo")
    photo = str(tmp_path / "a.jpg")
    assert refused(signed, visit(), evidence=[photo, photo]) == "bad-input"
    add(signed, visit(), evidence=[photo])
    assert "HD-2026-0001 的附件是同一个文件" in add(signed, visit(OTHER), evidence=[photo]).warnings[0]


def test_evidence_that_cannot_be_read_leaves_nothing_behind(signed: OfficeSession, tmp_path: Path) -> None:
    (tmp_path / "空.jpg").touch()
    (tmp_path / "a.jpg").write_bytes(b"photo")
    for bad in (str(tmp_path / "空.jpg"), str(tmp_path / "没有.jpg")):
        assert refused(signed, visit(), evidence=[str(tmp_path / "a.jpg"), bad]) == "file"
    assert refused(signed, visit(items=("Z99",)), evidence=[str(tmp_path / "a.jpg")]) == "item-unknown"
    blocked = signed.workspace.root / "archive" / "evidence"
    blocked.touch()
    assert refused(signed, visit(), evidence=[str(tmp_path / "a.jpg")]) == "file"
    assert (load_activities(signed.db), list(signed.workspace.root.rglob("*.jpg"))) == ([], [])


def test_a_dry_run_says_all_and_writes_nothing(signed: OfficeSession, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"photo")
    recorded = add(signed, visit(), evidence=[str(tmp_path / "a.jpg")], dry_run=True)
    assert recorded.listed.activity.number == "HD-2026-0001"
    assert (load_activities(signed.db), (signed.workspace.root / "archive/evidence").exists()) == ([], False)
    assert history(signed, JC)[-1].kind == "signed"


def test_texts_are_kept_without_what_is_around_them(signed: OfficeSession) -> None:
    one = add(signed, visit(topic=" 秋季\n保健 ", content=" 甲\n 乙 \n", items=("F01", "A02", "F01"))).listed.activity
    assert (one.topic, one.content, one.items) == ("秋季、保健", "甲\n乙", ("A02", "F01"))


def test_what_is_lacking_is_listed_by_form_and_item(signed: OfficeSession, tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.jpg").write_bytes(name.encode())
    photos = [str(tmp_path / f"{name}.jpg") for name in "ab"]
    add(signed, visit(), evidence=photos)
    add(signed, visit(FY, items=("E01",)), evidence=photos)
    add(signed, visit(FY, form="培训讲座"))
    found = list_activities(signed, ActivityFilter(lacking=True))
    assert [(one.activity.number, one.lacking) for one in found] == [
        ("HD-2026-0002", ("缺签到表",)),
        ("HD-2026-0003", ("缺照片（至少 2 张）", "缺签到表")),
    ]


def test_lists_are_limited_by_agreement_form_days_person_and_day_asked_for(signed: OfficeSession) -> None:
    add(signed, visit(people=(Person("王某某"),)))
    add(signed, visit(FY, form="培训讲座", on=dt.date(2026, 11, 1)))
    void(signed, "HD-2026-0001", reason="错")

    def numbers(session: OfficeSession = signed, **wanted: Any) -> list[str]:
        return [one.activity.number for one in list_activities(session, ActivityFilter(**wanted))]

    assert numbers() == ["HD-2026-0002"]
    assert numbers(voided=True, person="王某某") == ["HD-2026-0001"]
    assert numbers(voided=True, number=JC) == ["HD-2026-0001"]
    assert numbers(form="培训讲座") == numbers(first=dt.date(2026, 10, 9)) == ["HD-2026-0002"]
    assert numbers(last=ON) == []
    assert numbers(replace(signed, today=ON)) == []  # it was never so
    assert numbers(replace(signed, today=ON), voided=True) == ["HD-2026-0001"]
    with pytest.raises(NotFound):
        numbers(number="没有")


def test_a_void_one_counts_no_more_and_cannot_be_voided_twice(signed: OfficeSession) -> None:
    add(signed, visit())
    void(signed, "HD-2026-0001", reason="日期错")
    last = history(signed, JC)[-1]
    assert (last.kind, last.note, last.data) == (
        "unserved",
        "上门指导 HD-2026-0001：日期错",
        {"activity": "HD-2026-0001"},
    )
    with pytest.raises(StepNotAllowed):
        void(signed, "HD-2026-0001", reason="又")
    with pytest.raises(NotFound, match="您是不是要找：HD-2026-0001"):
        void(signed, "HD-2026-001", reason="又")
    assert add(signed, visit()).warnings == ()


def test_a_finding_goes_from_found_by_way_of_a_missed_day_to_closed(signed: OfficeSession) -> None:
    due = dt.date(2026, 10, 31)
    add(signed, visit(findings=(Finding("插座无盖", "加盖", due), Finding("无消毒记录"))))
    first = next(one for one in findings(signed) if one.finding.problem == "插座无盖").finding.id
    assert [one.state for one in findings(signed)] == ["overdue", "open"]
    assert [one.state for one in findings(replace(signed, today=due))] == ["open", "open"]
    recheck(signed, first, on=dt.date(2026, 11, 2), outcome="只盖了一半", due=dt.date(2026, 12, 1))
    assert [one.state for one in findings(signed, open_only=True)] == ["open", "open"]
    closed = recheck(signed, first, on=dt.date(2026, 11, 20), outcome="已全部加盖")
    assert (closed.state, closed.finding.outcome) == ("closed", "2026-11-02 复查未改：只盖了一半；已全部加盖")
    assert [one.finding.problem for one in findings(signed, open_only=True)] == ["无消毒记录"]
    assert [event.kind for event in history(signed, JC)[-2:]] == ["rechecked", "rechecked"]
    with pytest.raises(StepNotAllowed):
        recheck(signed, first, on=signed.today, outcome="再")


@pytest.mark.parametrize(
    ("on", "due"),
    [(dt.date(2026, 11, 23), None), (dt.date(2026, 10, 7), None), (dt.date(2026, 11, 2), dt.date(2026, 11, 2))],
)
def test_a_recheck_on_a_day_that_cannot_be_is_refused(signed: OfficeSession, on: dt.date, due: dt.date | None) -> None:
    add(signed, visit(findings=(Finding("插座无盖"),)))
    with pytest.raises(BadInput):
        recheck(signed, 1, on=on, outcome="已改", due=due)
    with pytest.raises(NotFound):
        recheck(signed, 99, on=signed.today, outcome="已改")


HEAD = ("日期", "甲方", "乙方", "协议编号", "形式", "活动时间", "主题", "服务项目", "服务人员", "参加人数", "记录编号")
LINE = (
    "2026-10-08",
    "东胜区兴胜社区卫生服务中心",
    "东胜区甲托育中心",
    "",
    "上门",
    "9:00-11:00",
    "秋季",
    "F01",
    "王某某",
    20,
    "",
)


def register(tmp_path: Path, *lines: Sequence[object], name: str = "册.xlsx") -> Path:
    path = tmp_path / name
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("四季度")
        for at, line in enumerate((HEAD, *lines)):
            sheet.write_row(at, 0, line)
    return path


def with_(**cells: object) -> tuple[object, ...]:
    return tuple(cells.get(head, cell) for head, cell in zip(HEAD, LINE, strict=True))


def codes(result: Imported) -> list[tuple[str, str]]:
    return [(f"{one.column}{one.row}", one.code) for one in result.problems]


def test_a_row_names_its_agreements_by_both_sides_or_by_number(signed: OfficeSession, tmp_path: Path) -> None:
    path = register(
        tmp_path,
        LINE,
        with_(甲方="", 乙方="", 协议编号=FY, 日期="2026-10-09"),
        with_(甲方="东胜区妇幼保健院、东胜区兴胜社区卫生服务中心", 日期="2026-10-10"),
        with_(甲方="", 乙方="东胜区乙托育中心", 日期="2026-10-11"),
        with_(乙方="东胜区甲托育中心、东胜区乙托育中心", 日期="2026-10-12"),
    )
    result = import_register(signed, path)
    assert codes(result) == [("H3", "item-unlisted")]
    assert [one.agreements for one in result.added] == [(JC,), (FY,), (FY, JC), (OTHER,), (JC, OTHER)]
    first = result.added[0]
    assert (first.number, first.source, first.counts) == ("HD-2026-0001", "册.xlsx 四季度第2行", {"参加人数": 20})
    assert history(signed, JC)[3].note.startswith("上门指导 HD-2026-0001（登记册导入：册.xlsx")


def test_the_same_file_again_adds_nothing(signed: OfficeSession, tmp_path: Path) -> None:
    path = register(tmp_path, LINE, with_(日期="2026-10-09"))
    assert len(import_register(signed, path).added) == 2
    events = len(history(signed, JC))
    again = import_register(signed, path)
    assert (again.added, again.unchanged, again.problems) == ((), 2, ())
    assert len(history(signed, JC)) == events


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"日期": ""}, ("A2", "date-missing")),
        ({"日期": "2026-11-23"}, ("A2", "date-future")),
        ({"乙方": "东胜区丁托育中心"}, ("C2", "party-unknown")),
        ({"乙方": "东胜区丙托育中心"}, ("C2", "agreement-unknown")),
        ({"甲方": ""}, ("C2", "agreement-ambiguous")),
        ({"甲方": "东胜区林荫苏木卫生院"}, ("C2", "agreement-unknown")),
        ({"协议编号": "150602-2026-JC-0009"}, ("D2", "agreement-unknown")),
        ({"服务项目": "Z99"}, ("H2", "item-unknown")),
        ({"活动时间": "11:00-9:00"}, ("F2", "value-unreadable")),
    ],
)
def test_a_row_with_an_error_stays_out_and_is_named_by_its_cell(
    signed: OfficeSession, tmp_path: Path, cells: dict[str, str], problem: tuple[str, str]
) -> None:
    result = import_register(signed, register(tmp_path, with_(**cells), with_(日期="2026-10-20")))
    assert codes(result) == [problem]
    assert [one.on for one in result.added] == [dt.date(2026, 10, 20)]
    assert result.problems_file is not None
    title, headings, row, *_ = openpyxl.load_workbook(result.problems_file).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    assert dict(zip(headings, row, strict=True))["问题说明"] == result.problems[0].message, title


def test_rows_that_tell_of_one_visit_twice_are_caught(signed: OfficeSession, tmp_path: Path) -> None:
    path = register(tmp_path, LINE, LINE, with_(主题="另一个"), with_(活动时间="14:00-15:00"))
    result = import_register(signed, path)
    assert codes(result) == [("A3", "duplicate"), ("A4", "duplicate"), ("A5", "same-day")]
    assert [one.severity for one in result.problems] == ["warning", "error", "warning"]
    assert [one.starts for one in result.added] == [dt.time(9), dt.time(14)]


def test_a_row_that_says_other_things_than_the_registry_waits_and_people_are_left_to_a_person(
    signed: OfficeSession, tmp_path: Path
) -> None:
    import_register(signed, register(tmp_path, LINE))
    before = load_activities(signed.db)
    path = register(tmp_path, with_(主题="冬季", 服务人员="李某某", 参加人数=""))
    result = import_register(signed, path)
    assert (codes(result), result.corrected) == ([("A2", "differs")], 0)
    assert "服务人员" in result.problems[0].message
    assert [(one.field, one.old, one.new) for one in result.preview.waiting] == [("topic", before[0].topic, "冬季")]
    assert load_activities(signed.db) == before
    assert import_register(signed, path, leave=Leave(apply=True)).corrected == 1
    [after] = load_activities(signed.db)
    assert after == replace(before[0], topic="冬季")


def test_a_number_of_ours_is_kept_and_one_of_another_kind_remembered(signed: OfficeSession, tmp_path: Path) -> None:
    path = register(tmp_path, with_(记录编号="HD-2026-0007"), with_(日期="2026-10-09", 记录编号="妇-12"))
    first, second = import_register(signed, path).added
    assert (first.number, second.number, second.remark) == ("HD-2026-0007", "HD-2026-0008", "原编号 妇-12")
    assert import_register(signed, path).unchanged == 2
    clash = import_register(
        signed, register(tmp_path, with_(日期="2026-10-20", 记录编号="HD-2026-0007"), name="另.xlsx")
    )
    assert codes(clash) == [("K2", "number-conflict")]
    void(signed, "HD-2026-0007", reason="错")
    assert codes(import_register(signed, path)) == [("K2", "void")]


def test_total_and_parts_of_those_present_are_held_against_each_other(signed: OfficeSession, tmp_path: Path) -> None:
    result = import_register(signed, register(tmp_path, with_(参加人数="婴幼儿20人、家长15人")))
    assert result.added[0].counts == {"婴幼儿": 20, "家长": 15}


def test_a_dry_run_of_an_import_reports_and_writes_nothing(signed: OfficeSession, tmp_path: Path) -> None:
    result = import_register(signed, register(tmp_path, LINE, with_(日期="")), dry_run=True)
    assert (len(result.added), len(result.problems), result.problems_file) == (1, 1, None)
    assert (load_activities(signed.db), list(signed.workspace.problems.iterdir())) == ([], [])


def test_items_are_named_by_code_name_or_their_place_in_the_list(signed: OfficeSession, tmp_path: Path) -> None:
    lines = [
        with_(日期=f"2026-10-{at:02}", 服务项目=cell)
        for at, cell in enumerate(("F01 上门对接和指导；A02", "上门对接和指导", "1、2", "喂养讲解"), start=1)
    ]
    result = import_register(signed, register(tmp_path, *lines))
    assert [one.items for one in result.added] == [("A02", "F01"), ("F01",), ("A01", "A02"), ()]
    assert ("H5", "item-unknown") in codes(result)


def test_half_an_hour_is_seen_in_the_register_that_goes_out(signed: OfficeSession, tmp_path: Path) -> None:
    add(signed, visit(starts=dt.time(9), ends=dt.time(11, 30)))
    export_register(signed, tmp_path / "出.xlsx", list_activities(signed, ActivityFilter()))
    sheet: Any = openpyxl.load_workbook(tmp_path / "出.xlsx").active
    head = [cell.value for cell in sheet[2]]
    assert sheet.cell(3, head.index("时长（小时）") + 1).value == "2.5"


WORD = st.text("甲乙丙丁戊己庚辛壬癸09.:AB", max_size=5).filter(lambda text: not text.startswith((".", ":")))
NAME = st.sampled_from(["王某某", "李某某", "赵某某", "钱某某"])
TIMES = st.sampled_from([(None, None), (dt.time(9), dt.time(11, 30)), (dt.time(14, 5), dt.time(16))])
DAYS = st.dates(START, dt.date(2026, 11, 22))
PERSON = st.builds(
    lambda name, unit, department, title, hours: Person(name, unit, department, title, *hours),
    NAME,
    WORD,
    WORD,
    WORD,
    TIMES,
)
PROBLEM = st.builds(
    lambda problem, demand, due, done: Finding(problem, demand, due, done, "已改" if done else ""),
    WORD.filter(bool), WORD, st.none() | DAYS, st.none() | DAYS,
)  # fmt: skip
ACTIVITY = st.builds(
    lambda hours, minutes, texts, counts, **facts: Activity(
        "", starts=hours[0], ends=hours[1], minutes=None if hours[0] else minutes, counts=counts, **texts, **facts
    ),
    hours=TIMES,
    minutes=st.none() | st.integers(1, 1440),
    texts=st.fixed_dictionaries(
        dict.fromkeys(("place", "topic", "organiser", "content", "advice", "summary", "handouts", "remark"), WORD)
    ),
    counts=st.dictionaries(st.sampled_from(COUNTS[:-1]), st.integers(0, 99999))
    | st.fixed_dictionaries({COUNTS[-1]: st.integers(0, 99999)}),
    on=DAYS,
    form=st.sampled_from(FORMS),
    agreements=st.sampled_from([(JC,), (FY,), (FY, JC), (JC, OTHER)]),
    items=st.sampled_from([(), ("F01",), ("A02", "E01")]),
    signed_in=st.none() | st.integers(0, 999),
    people=st.lists(PERSON, max_size=3, unique_by=lambda one: one.name).map(tuple),
    findings=st.lists(PROBLEM, max_size=3).map(tuple),
)


@contextlib.contextmanager
def copied(session: OfficeSession) -> Iterator[OfficeSession]:
    """The same session on a registry of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(session.workspace.registry_path, folder))
        with open_registry(path) as db:
            yield replace(session, db=db)


@given(activities=st.lists(ACTIVITY, min_size=4, max_size=8))
@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_goes_out_comes_in_again(signed: OfficeSession, tmp_path: Path, activities: list[Activity]) -> None:
    """Into the same registry nothing new; into one that has none of it, all the same."""
    path = tmp_path / "出.xlsx"
    with copied(signed) as session, copied(signed) as other:
        for one in activities:
            add(session, one, again=True)
        export_register(session, path, list_activities(session, ActivityFilter()))
        again, afresh = import_register(session, path), import_register(other, path)
        assert (again.added, again.unchanged, again.problems) == ((), len(activities), ())
        assert afresh.left_out == []
        assert list(map(content, load_activities(other.db))) == list(map(content, load_activities(session.db)))


def content(one: Activity) -> Activity:
    """What a 登记册 carries: not by whom and when it was recorded, nor ids."""
    plain = tuple(replace(finding, id=0) for finding in one.findings)
    return replace(one, id=0, source="", recorded_at="", actor="", findings=plain)
