"""Claims about giving 档号: whatever the order, no 件号 is left out or given twice, and none ever changes."""

import contextlib
import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.steps import correct_event, history, record_step
from yiyu.registry.archive.numbering import due_for_appraisal, number, put_into_box
from yiyu.registry.errors import BadInput, NotFound, StepNotAllowed
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.lifecycle import FILING
from yiyu.registry.model import Variant
from yiyu.registry.rules.activities import Activity
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import add_activity
from yiyu.registry.store.agreements import agreement_ids
from yiyu.registry.store.archive_items import ArchiveItem, archive_items
from yiyu.registry.store.opening import changing, open_registry

MANY = 9


def agreement(
    session: OfficeSession,
    start: dt.date,
    variant: Variant = Variant.FY,
    *,
    childcare: str = "甲",
    sealed: dt.date | None = None,
) -> str:
    """One signed on its first day, sealed then or later, its scan checked."""
    known = directory(session)
    provider = {Variant.FY: "东胜区妇幼保健院", Variant.JC: "东胜区兴胜社区卫生服务中心"}[variant]
    request = DraftRequest(known.find(provider), known.find(f"东胜区{childcare}托育中心"), variant, start, 12)
    made = draft_agreements(session, [request]).made[0].number
    record_step(session, [made], "signed", on=start, party="all")
    record_step(session, [made], "sealed", on=sealed or start, party="all")
    for step in FILING[1:4]:
        record_step(session, [made], step, on=session.today)
    return made


def with_config(session: OfficeSession, **values: str) -> OfficeSession:
    config = msgspec.structs.replace(session.workspace.config, **values)
    return replace(session, workspace=msgspec.structs.replace(session.workspace, config=config))


@pytest.fixture
def many(session: OfficeSession) -> tuple[OfficeSession, list[str]]:
    """Nine agreements of three years, none of which is dated in the order of its number."""
    places = [(year, month, side) for year in (2025, 2024, 2026) for month, side in ((9, "甲"), (5, "乙"), (2, "丙"))]
    return session, [agreement(session, dt.date(year, month, 1), childcare=side) for year, month, side in places]


@pytest.fixture
def anew(many: tuple[OfficeSession, list[str]]) -> Iterator[Callable[[], OfficeSession]]:
    """Gives a session over a copy of the office as it was before anything was numbered."""
    session, _ = many
    with contextlib.ExitStack() as stack:

        def opened() -> OfficeSession:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "office"
            shutil.copytree(session.workspace.root, folder)
            workspace = msgspec.structs.replace(session.workspace, root=folder)
            return replace(session, workspace=workspace, db=stack.enter_context(open_registry(workspace.registry_path)))

        yield opened


def serials(items: list[ArchiveItem]) -> dict[tuple[int, str], list[int]]:
    found: dict[tuple[int, str], list[int]] = {}
    for one in items:
        found.setdefault((one.year, one.term), []).append(one.serial)
    return {key: sorted(given) for key, given in found.items()}


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(range(MANY)),
    runs=st.lists(st.tuples(st.integers(1, 4), st.sampled_from((None, "Y", "D30")), st.booleans()), max_size=4),
)
def test_no_serial_is_left_out_or_given_twice_in_any_order_of_any_runs(
    many: tuple[OfficeSession, list[str]],
    anew: Callable[[], OfficeSession],
    order: list[int],
    runs: list[tuple[int, str | None, bool]],
) -> None:
    session, waiting = anew(), [many[1][place] for place in order]
    given_before: dict[int, str] = {}
    for size, term, tried in runs:
        batch, waiting = waiting[:size], waiting[size:]
        if batch:
            number(session, batch, term=term, dry_run=True) if tried else None
            number(session, batch, term=term)
        now = archive_items(session.db)
        assert given_before.items() <= {one.agreement_id: one.code for one in now}.items()
        given_before = {one.agreement_id: one.code for one in now}
    number(session)
    items = archive_items(session.db)
    assert len(items) == MANY
    assert len({one.code for one in items}) == MANY
    assert all(given == list(range(1, len(given) + 1)) for given in serials(items).values())


def test_one_run_numbers_by_date_within_each_year(many: tuple[OfficeSession, list[str]]) -> None:
    session, _ = many
    items = [item for item, _ in number(session).items]
    assert [one.document_date for one in items] == sorted(one.document_date for one in items)
    assert {one.year for one in items} == {2024, 2025, 2026}
    for year in (2024, 2025, 2026):
        of_year = [one for one in items if one.year == year]
        assert [one.serial for one in of_year] == list(range(1, len(of_year) + 1))


def test_a_step_taken_back_and_done_again_keeps_the_number(session: OfficeSession) -> None:
    made = agreement(session, dt.date(2026, 3, 1))
    [(item, _)] = number(session, [made]).items
    event = next(one for one in history(session, made) if one.kind == "numbered")
    correct_event(session, made, event.id, note="登记错误")
    [(again, _)] = number(session, [made]).items
    assert again.code == item.code
    assert len(archive_items(session.db)) == 1
    with pytest.raises(StepNotAllowed, match=item.code):
        number(session, [made])


def test_a_pattern_changed_within_a_year_counts_on(session: OfficeSession) -> None:
    first, second = agreement(session, dt.date(2026, 3, 1)), agreement(session, dt.date(2026, 4, 1), Variant.JC)
    number(session, [first])
    changed = with_config(
        session, fonds="Z109", archive_pattern="{fonds}-{category}・{year}·{term}·{office}-{serial:04}"
    )
    with pytest.raises(StepNotAllowed, match=r"WS·2026-D10-BGS-0001，下一个将是 Z109-WS·2026·D10·BGS-0002.*--new-form"):
        number(changed, [second])
    tried = number(changed, [second], dry_run=True)
    assert ("写法与已编的不同" in tried.notices[0], len(archive_items(session.db))) == (True, 1)
    [(item, _)] = number(changed, [second], new_form=True).items
    assert item.code == "Z109-WS·2026·D10·BGS-0002"
    third = agreement(session, dt.date(2026, 5, 1), childcare="乙")
    assert number(changed, [third]).items[0][0].serial == 3


def test_signed_in_december_and_sealed_in_january_is_of_the_year_of_signing_unless_a_person_decides(
    session: OfficeSession,
) -> None:
    made = agreement(session, dt.date(2025, 12, 20), sealed=dt.date(2026, 1, 8))
    [(item, note)] = number(session, [made], dry_run=True).items
    assert item.year == 2025
    assert "2025 年签字、2026 年盖章" in note
    assert archive_items(session.db) == []
    [(item, _)] = number(session, [made], year=2026).items
    assert (item.year, item.code) == (2026, "WS·2026-D10-BGS-0001")


@pytest.mark.parametrize("year", [2024, 2027])
def test_a_year_before_the_agreement_or_to_come_is_refused(session: OfficeSession, year: int) -> None:
    made = agreement(session, dt.date(2025, 12, 20))
    with pytest.raises(BadInput, match=f"不能是 {year}.*2025 至 2026"):
        number(session, [made], year=year)


def test_of_several_named_none_is_numbered_when_one_is_not_ready(session: OfficeSession) -> None:
    ready, other = agreement(session, dt.date(2026, 3, 1)), agreement(session, dt.date(2026, 4, 1), Variant.JC)
    event = next(one for one in history(session, other) if one.kind == "checked")
    correct_event(session, other, event.id, note="扫描不清")
    with pytest.raises(StepNotAllowed, match=f"必须先已校验；现在是已扫描（{other}）"):
        number(session, [ready, other])
    assert archive_items(session.db) == []
    done = number(session)
    assert [item.number for item, _ in done.items] == [ready]
    assert ([one.subject for one in done.waiting], done.failed) == ([other], [])


def test_a_pattern_that_cannot_work_stops_everything_and_is_named(session: OfficeSession) -> None:
    agreement(session, dt.date(2026, 3, 1))
    with pytest.raises(BadInput, match=r"缺少“\{serial\}”（yiyu\.toml，archive_pattern）"):
        number(with_config(session, archive_pattern="{category}·{year}"))


def visit(session: OfficeSession, made: str, *days: dt.date) -> None:
    with changing(session.db):
        for order, day in enumerate(days):
            add_activity(
                session.db,
                Activity(f"HD-{made}-{day}-{order}", day, "上门指导", (made,)),
                agreement_ids(session.db, [made]).values(),
            )


def test_the_records_of_a_pair_are_one_unit_for_each_year_that_is_over(session: OfficeSession) -> None:
    made = agreement(session, dt.date(2024, 3, 1))
    visit(session, made, dt.date(2024, 5, 1), dt.date(2024, 9, 2), dt.date(2025, 2, 3), dt.date(2026, 2, 3))
    items = [item for item, _ in number(session, unit="records").items]
    assert [(one.record_year, one.year, one.document_date) for one in items] == [
        (2024, 2024, dt.date(2024, 9, 2)),
        (2025, 2025, dt.date(2025, 2, 3)),
    ]
    assert items[0].title.startswith("[东胜区妇幼保健院、东胜区甲托育中心2024年度")
    assert made in items[0].remark
    assert number(session, unit="records").items == []
    [(own, _)] = number(session, [made]).items
    assert (own.year, own.serial) == (2024, 2)


@pytest.mark.parametrize(
    ("year", "reason"), [(2026, "2026 年度还没有结束"), (2023, "2023 年度没有活动记录"), (2024, "已编号，档号 WS·2024")]
)
def test_records_that_are_not_ready_are_refused_with_the_reason(session: OfficeSession, year: int, reason: str) -> None:
    made = agreement(session, dt.date(2024, 3, 1))
    visit(session, made, dt.date(2024, 5, 1), dt.date(2026, 5, 1))
    number(session, unit="records")
    with pytest.raises(StepNotAllowed, match=reason):
        number(session, [made], unit="records", year=year)
    with pytest.raises(StepNotAllowed, match="没有年度已结束而未编号"):
        number(session, [made], unit="records")


def test_a_box_is_recorded_once_and_after_the_number(session: OfficeSession) -> None:
    made = agreement(session, dt.date(2026, 3, 1))
    with pytest.raises(NotFound, match="没有档号"):
        put_into_box(session, [made], "1", on=session.today)
    number(session, [made])
    [item] = put_into_box(session, ["ws_2026-D10-bgs-0001"], " 1 ", on=session.today)
    assert item.box == archive_items(session.db)[0].box == "1"
    with pytest.raises(StepNotAllowed, match="已装盒"):
        put_into_box(session, [made], "2", on=session.today)
    with pytest.raises(BadInput, match="还没有到"):
        put_into_box(session, [made], "2", on=session.today + dt.timedelta(days=1))


def test_what_is_due_is_what_the_day_is_past_and_the_permanent_never(session: OfficeSession) -> None:
    ten, ever = agreement(session, dt.date(2025, 3, 1)), agreement(session, dt.date(2025, 4, 1), Variant.JC)
    number(session, [ten])
    number(session, [ever], term="Y")
    assert due_for_appraisal(replace(session, today=dt.date(2035, 12, 31))).due == []
    [due] = due_for_appraisal(replace(session, today=dt.date(2036, 1, 1))).due
    assert (due.item.number, due.kept_until) == (ten, dt.date(2035, 12, 31))
    assert [due.item.number for due in due_for_appraisal(replace(session, today=dt.date(2400, 1, 1))).due] == [ten]
