"""Our own ledger comes back changed while the registry has moved on."""

import csv
import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiyu.registry.agreements.changes import move_copies
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.ledger.columns import COLUMNS
from yiyu.registry.agreements.ledger.importing import LedgerResult, export_ledger, import_ledger
from yiyu.registry.agreements.steps import history, record_step
from yiyu.registry.config import load_workspace
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import RENEWAL_LABEL, Institution, Kind, Variant
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.institution_changes import add_institution
from yiyu.registry.store.opening import changing, open_registry
from yiyu.registry.store.standings import standings
from yiyu.registry.workbooks.previews import Leave

START = dt.date(2026, 12, 1)


class Sheet:
    """An exported ledger in the hands of an office: cells by agreement number and heading, saved as CSV."""

    def __init__(self, session: OfficeSession, folder: Path) -> None:
        export_ledger(session, folder / "台账.xlsx", standings(session.db, session.today))
        _, heads, *rows = openpyxl.load_workbook(folder / "台账.xlsx").active.iter_rows(values_only=True)
        self.heads, self.rows, self.folder = list(heads), [list(row) for row in rows], folder

    def put(self, number: str, name: str, value: object) -> None:
        row = next(row for row in self.rows if row[1] == number)
        row[self.heads.index(COLUMNS[name].heading)] = value

    def come_back(self, session: OfficeSession, **options: Any) -> LedgerResult:
        with (self.folder / "改过.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([self.heads, *self.rows])
        return import_ledger(session, self.folder / "改过.csv", **options)


@pytest.fixture
def number(session: OfficeSession) -> str:
    known = directory(session)
    request = DraftRequest(known.find("东胜区妇幼保健院"), known.find("东胜区甲托育中心"), Variant.FY, START, 12)
    return draft_agreements(session, [request]).made[0].number


@pytest.fixture
def sheet(session: OfficeSession, number: str, tmp_path: Path) -> Sheet:
    return Sheet(session, tmp_path)


def told(result: LedgerResult) -> dict[str, list[tuple[str, ...]]]:
    return {
        "changes": [(one.field, one.registry, one.file) for one in result.changes],
        "conflicts": [(one.field, one.exported or "", one.file, one.registry, one.taken) for one in result.conflicts],
        "problems": [(one.field, one.code) for one in result.problems],
    }


def stands(session: OfficeSession) -> Any:
    (one,) = standings(session.db, session.today)
    return one


def test_without_apply_changes_are_only_a_plan(session: OfficeSession, sheet: Sheet, number: str) -> None:
    sheet.put(number, "copies", "陆份")
    sheet.put(number, "signed_on", "2026年11月20日")
    plan = sheet.come_back(session)
    changes = [("copies", "4", "6"), ("signed_medical", "", "2026-11-20"), ("signed_childcare", "", "2026-11-20")]
    assert told(plan) == {
        "changes": changes,
        "conflicts": [],
        "problems": [(f, "signed-before-draft") for f in ["signed_on"]],
    }
    assert (plan.applied, stands(session).agreement.copies, stands(session).state.signed) == (False, 4, {})
    done = sheet.come_back(session, leave=Leave(apply=True))
    assert (told(done), done.applied) == (told(plan), True)
    one = stands(session)
    assert (one.agreement.copies, one.state.signed_on) == (6, dt.date(2026, 11, 20))
    assert [e.note.partition("（")[0] for e in history(session, number)[1:2]] == ["台账修改：份数 4 改为 6"]
    again = sheet.come_back(session, leave=Leave(apply=True))
    assert (again.changes, again.conflicts, again.unchanged) == ((), (), 1)


def test_what_both_sides_changed_is_a_conflict_until_one_is_taken(
    session: OfficeSession, sheet: Sheet, number: str, tmp_path: Path
) -> None:
    colleague = Sheet(session, tmp_path)
    colleague.put(number, "copies", 3)
    colleague.come_back(session, leave=Leave(apply=True))
    sheet.put(number, "copies", 5)
    sheet.put(number, "notice_days", 60)
    held = sheet.come_back(session, leave=Leave(apply=True))
    assert told(held) == {"changes": [], "conflicts": [("copies", "4", "5", "3", "")], "problems": []}
    assert held.left_out
    assert (held.conflicts[0].row, held.conflicts[0].column) == (2, "AB")
    assert (stands(session).agreement.copies, stands(session).agreement.notice_days) == (3, 30)
    kept = sheet.come_back(session, leave=Leave(apply=True), take="registry")
    assert (told(kept)["changes"], kept.left_out) == ([("notice_days", "30", "60")], [])
    taken = sheet.come_back(session, leave=Leave(apply=True), take="file")
    assert told(taken)["changes"] == [("copies", "3", "5")]
    assert (stands(session).agreement.copies, stands(session).agreement.notice_days) == (5, 60)


def test_the_same_change_on_both_sides_is_none(session: OfficeSession, sheet: Sheet, number: str) -> None:
    record_step(session, [number], "signed", on=session.today, party="all")
    sheet.put(number, "signed_on", str(session.today))
    sheet.put(number, "signing", "双方已签")
    assert told(sheet.come_back(session)) == {"changes": [], "conflicts": [], "problems": []}


def test_one_date_for_all_does_not_pass_over_a_party_that_signed_meanwhile(
    session: OfficeSession, sheet: Sheet, number: str
) -> None:
    record_step(session, [number], "signed", on=dt.date(2026, 11, 22), party="甲")
    sheet.put(number, "signed_on", "2026-11-21")
    result = sheet.come_back(session, leave=Leave(apply=True))
    assert told(result)["conflicts"] == [("signed_medical", "", "2026-11-21", "2026-11-22", "")]
    assert stands(session).state.signed == {"甲": session.today}
    taken = sheet.come_back(session, leave=Leave(apply=True), take="file")
    assert told(taken)["problems"][-1] == ("signed_on", "step-not-allowed")
    assert stands(session).state.signed == {"甲": session.today}
    sheet.come_back(session, leave=Leave(apply=True), take="registry")
    assert stands(session).state.signed == {"甲": session.today, "乙": dt.date(2026, 11, 21)}


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"ends_on": "2028-11-30"}, [("ends_on", "not-editable")]),
        ({"childcare": "东胜区乙托育中心"}, [("childcare", "not-editable")]),
        ({"phone": "0477-1"}, [("phone", "not-editable")]),
        ({"force": "作废"}, [("force", "not-editable")]),
        ({"remark": "好"}, [("remark", "not-taken")]),
        ({"copies": ""}, [("copies", "blank-kept")]),
        ({"renewal": "11010519491231002X"}, [("renewal", "privacy"), ("renewal", "blank-kept")]),
        ({"seam": "是"}, [("seam", "not-editable")]),
        ({"signing": "双方已签"}, [("signed_on", "date-missing")]),
        ({"signing": "单方已签"}, [("signing", "signing-mismatch")]),
        ({"signed_medical": "2026-12-22"}, [("signed_medical", "date-future")]),
        ({"renewal": "再说"}, [("renewal", "choice-unknown")]),
        ({"number": "另一个"}, [("number", "row-altered")]),
        ({"fingerprint": "{"}, [("fingerprint", "row-altered")]),
    ],
)
def test_what_a_ledger_may_not_change_is_refused_at_the_cell(
    session: OfficeSession, sheet: Sheet, number: str, cells: dict[str, str], problems: list[tuple[str, str]]
) -> None:
    before = stands(session)
    for name, value in cells.items():
        sheet.put(number, name, value)
    result = sheet.come_back(session, leave=Leave(apply=True))
    assert told(result) == {"changes": [], "conflicts": [], "problems": problems}
    assert stands(session) == before


def test_terms_stay_once_a_party_has_signed(session: OfficeSession, number: str, tmp_path: Path) -> None:
    record_step(session, [number], "signed", on=session.today, party="乙")
    sheet = Sheet(session, tmp_path)
    sheet.put(number, "renewal", "期满终止")
    assert told(sheet.come_back(session, leave=Leave(apply=True)))["problems"] == [("renewal", "signed-already")]
    assert stands(session).agreement.renewal == "negotiate"


def test_originals_that_are_out_cannot_be_counted_away(session: OfficeSession, number: str, tmp_path: Path) -> None:
    move_copies(session, number, 3, "unprinted", "printed", on=session.today)
    sheet = Sheet(session, tmp_path)
    sheet.put(number, "copies", "2")
    assert told(sheet.come_back(session, leave=Leave(apply=True)))["problems"] == [("copies", "copies-out")]


def test_a_printed_agreement_whose_terms_change_is_to_be_printed_again(
    session: OfficeSession, number: str, tmp_path: Path
) -> None:
    record_step(session, [number], "issued", on=session.today)
    sheet = Sheet(session, tmp_path)
    sheet.put(number, "mode", "协议派驻")
    result = sheet.come_back(session, leave=Leave(apply=True))
    assert told(result) == {
        "changes": [("mode", "巡回指导", "协议派驻")],
        "conflicts": [],
        "problems": [("mode", "reissue")],
    }


def test_a_seal_and_its_seam_are_recorded_as_by_the_command(session: OfficeSession, sheet: Sheet, number: str) -> None:
    sheet.put(number, "signed_medical", session.today)
    sheet.put(number, "sealed_medical", session.today)
    sheet.put(number, "seam", "是")
    sheet.come_back(session, leave=Leave(apply=True))
    (event,) = [event for event in history(session, number) if event.kind == "sealed"]
    assert (event.party, event.on, event.data) == ("甲", session.today, {"seam": True, "seal_no": ""})
    assert stands(session).state.seam


def test_a_seal_without_a_signature_is_written_as_the_ledger_says_remarked_on_and_told_in_the_history(
    session: OfficeSession, sheet: Sheet, number: str
) -> None:
    sheet.put(number, "sealed_medical", session.today)
    result = sheet.come_back(session, leave=Leave(apply=True))
    assert [(one.field, one.code) for one in result.problems] == [("sealed_medical", "sealed-unsigned")]
    (event,) = [event for event in history(session, number) if event.kind == "sealed"]
    assert event.data["forced"] == "甲方还没有登记签字，先有盖章"
    assert "台账登记" in str(event.data["reason"])


def test_a_new_row_in_our_ledger_is_an_addition(session: OfficeSession, sheet: Sheet) -> None:
    row = dict.fromkeys(sheet.heads, "")
    row |= {
        "甲方名称": "鄂托克旗妇幼保健院",
        "乙方名称": "鄂托克前旗丁托育中心",
        "生效日期": "2026-12-01",
        "期限（月）": 12,
    }
    sheet.rows.append([row[head] for head in sheet.heads])
    assert len(sheet.come_back(session, dry_run=True).added) == 1
    assert len(sheet.come_back(session).added) == 1
    assert len(standings(session.db, session.today)) == 2


def test_an_outside_ledger_fills_what_is_blank_and_conflicts_where_it_says_otherwise(
    session: OfficeSession, number: str, tmp_path: Path
) -> None:
    path = tmp_path / "手工.csv"
    heads = "协议编号,甲方,乙方,协议类型,生效日期,份数,提前通知天数,甲方签字日期,状态,联系电话\n"
    path.write_text(
        f"{heads}{number},东胜区妇幼保健院,东胜区甲托育中心,FY,2026-12-01,5,,2026-11-22,执行中,1\n", "utf-8"
    )
    result = import_ledger(session, path)
    assert told(result) == {"changes": [], "conflicts": [("copies", "", "5", "4", "")], "problems": []}
    assert (result.unread, result.applied) == (("列“联系电话”",), False)
    done = import_ledger(session, path, take="registry", leave=Leave(apply=True))
    assert told(done)["changes"] == [("signed_medical", "", "2026-11-22")]
    assert stands(session).state.signed == {"甲": session.today}


def test_the_number_of_another_agreement_is_no_change_of_it(
    session: OfficeSession, number: str, tmp_path: Path
) -> None:
    path = tmp_path / "手工.csv"
    path.write_text(
        f"协议编号,甲方,乙方,生效日期,份数\n{number},东胜区妇幼保健院,东胜区乙托育中心,2026-12-01,5\n", "utf-8"
    )
    assert told(import_ledger(session, path))["problems"] == [("number", "number-duplicate")]


# Two offices, each with an exported ledger of its own, against a model of three dictionaries.

TERMS = {"copies": ["3", "4", "5"], "renewal": ["期满终止", "协商续签", "自动顺延"]}
DATES = {"signed_childcare": "乙", "sealed_childcare": "乙"}
CELLS = [*TERMS, *DATES]
DAYS = ["2026-11-22", "2026-11-21"]
Cells = dict[tuple[int, str], str]


@dataclass
class Model:
    """What the registry, an export and a file say; ``come_back`` is the whole rule in ten lines."""

    now: Cells
    exported: list[Cells]
    file: list[Cells]

    def come_back(self, office: int, take: str | None) -> tuple[Cells, Cells, set[tuple[int, str]]]:
        changes: Cells = {}
        conflicts: Cells = {}
        refused: set[tuple[int, str]] = set()
        for one in {number for number, _ in self.now}:
            cells = [(one, name) for name in CELLS]
            said = {
                c: self.file[office][c]
                for c in cells
                if self.file[office][c] not in (self.exported[office][c], self.now[c], "")
            }
            torn = {c: v for c, v in said.items() if self.now[c] != self.exported[office][c]}
            conflicts |= torn
            wanted = {c: v for c, v in said.items() if c not in torn or take == "file"}
            if torn and take is None:
                continue
            begun = any(self.now[one, name] for name in DATES)
            bad = {c for c in wanted if (c[1] in TERMS and begun) or (c[1] in DATES and self.now[c])}
            refused |= {(n, name) for n, name in bad}
            if not bad:
                changes |= wanted
        self.now |= changes
        return changes, conflicts, refused


cells = st.sampled_from([
    *((at, name, value) for at in (0, 1) for name, values in TERMS.items() for value in values),
    *((at, name, day) for at in (0, 1) for name in DATES for day in DAYS),
])  # fmt: skip
visits = st.tuples(
    st.integers(0, 1),
    st.lists(cells, min_size=1, max_size=4),
    st.sampled_from([None, "registry", "file"]),
    st.sampled_from([False, False, True]),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(visits, min_size=4, max_size=8))
def test_two_offices_never_overwrite_each_other_unseen(seen: list[Any]) -> None:
    """At each visit an office edits the sheet it holds, brings it back, and sometimes takes a new one home."""
    with tempfile.TemporaryDirectory() as folder, small_office(Path(folder)) as session:
        numbers = [standing.agreement.number for standing in standings(session.db, session.today)]
        start = values(session)
        model = Model(dict(start), [dict(start), dict(start)], [dict(start), dict(start)])
        sheets = [Sheet(session, Path(folder)), Sheet(session, Path(folder))]
        for office, edits, take, anew in seen:
            for at, name, value in edits:
                sheets[office].put(numbers[at], name, value)
                model.file[office][at, name] = value
            result = sheets[office].come_back(session, leave=Leave(apply=True), take=take)
            changes, conflicts, refused = model.come_back(office, take)
            assert {(numbers.index(c.number), c.field): c.file for c in result.changes} == changes
            assert {(numbers.index(c.number), c.field): c.file for c in result.conflicts} == conflicts
            errors = {(p.row - 2, p.field) for p in result.problems if p.severity == "error"}
            assert errors <= refused
            assert {row for row, _ in errors} == {row for row, _ in refused}
            assert values(session) == model.now
            if anew:
                sheets[office] = Sheet(session, Path(folder))
                model.exported[office], model.file[office] = dict(model.now), dict(model.now)


@contextmanager
def small_office(folder: Path) -> Iterator[OfficeSession]:
    """Two drafted agreements."""
    make_workspace(folder / "office", pack="ordos", region="150600")
    workspace = load_workspace(folder / "office")
    with open_registry(workspace.registry_path) as db:
        session = OfficeSession(workspace, db, dt.date(2026, 11, 22), "2026-11-22T09:00:00+08:00", "王某某")
        with changing(db):
            for kind, name in ((Kind.MEDICAL, "甲院"), (Kind.CHILDCARE, "乙园"), (Kind.CHILDCARE, "丙园")):
                add_institution(db, Institution(kind, name, district="150602"), recorded_at=session.now, source="测试")
        known = directory(session)
        sides = [(known.find("甲院"), known.find(name)) for name in ("乙园", "丙园")]
        draft_agreements(session, [DraftRequest(*pair, Variant.JC, START, 12) for pair in sides])
        yield session


def values(session: OfficeSession) -> Cells:
    found: Cells = {}
    for at, one in enumerate(standings(session.db, session.today)):
        found[at, "copies"] = str(one.agreement.copies)
        found[at, "renewal"] = RENEWAL_LABEL[one.agreement.renewal]
        for name, role in DATES.items():
            day = getattr(one.state, name.partition("_")[0]).get(role)
            found[at, name] = str(day) if day else ""
    return found
