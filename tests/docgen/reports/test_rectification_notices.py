"""限期整改通知书: what it says, what it refuses, and that it is kept by its hash. ``YIYU_UPDATE_GOLDEN=1`` writes its text anew."""

import datetime as dt
import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from build import new_office, opened
from docx.table import Table

from yiyu.docgen.reports.rectification_notices import make_notice
from yiyu.registry.activities.adding import add, void
from yiyu.registry.activities.findings import findings, recheck
from yiyu.registry.errors import BadInput, NotFound, StepNotAllowed
from yiyu.registry.files import sha256
from yiyu.registry.rules.activities import Activity, Finding, Person
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import logged_events

GOLDEN = Path(__file__).parents[2] / "golden" / "rectification_notice.txt"
ONE = "HD-2026-0001"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inspection that found three things, one of them without a 期限."""
    folder = new_office(tmp_path_factory.mktemp("notice") / "office")
    found = (
        Finding("插座无盖", "加盖保护盖", dt.date(2026, 12, 1)),
        Finding("晨检无记录", "每日逐人登记，由保健员签字", dt.date(2026, 12, 4)),
        Finding("午睡间通风不足"),
    )
    people = (Person("王某某"), Person("李某某"))
    one = Activity(
        "", dt.date(2026, 11, 20), "监督检查", (), organiser="东胜区卫生健康委员会", people=people, findings=found
    )
    with opened(folder) as session:
        add(session, one, institutions=["东胜区丙托育中心"])
    return folder


@pytest.fixture
def office(made: Path, tmp_path: Path) -> Iterator[OfficeSession]:
    with opened(Path(shutil.copytree(made, tmp_path / "office"))) as session:
        yield session


def text_of(path: Path) -> str:
    lines = []
    for block in docx.Document(io.BytesIO(path.read_bytes())).iter_inner_content():
        rows = (
            ["| " + " | ".join(cell.text for cell in row.cells) for row in block.rows]
            if isinstance(block, Table)
            else [block.text]
        )
        lines += rows
    return "\n".join(line.rstrip() for line in lines) + "\n"


def test_the_notice_reads_as_agreed_and_is_kept_by_its_hash(office: OfficeSession, tmp_path: Path) -> None:
    out = tmp_path / "通知书.docx"
    notice = make_notice(office, ONE, out)
    assert notice.recheck_on == dt.date(2026, 12, 7)  # 4 December 2026 is a Friday
    if os.environ.get("YIYU_UPDATE_GOLDEN"):
        GOLDEN.write_text(text_of(out), "utf-8")
    assert text_of(out) == GOLDEN.read_text("utf-8")
    event = logged_events(office.db, 1)[0].event
    assert (event.kind, event.data["sha256"]) == ("notified", sha256(out.read_bytes()))
    assert (event.data["recheck_on"], len(list(event.data["findings"]))) == ("2026-12-07", 3)  # type: ignore[call-overload]


def test_what_was_put_right_is_not_asked_for_again(office: OfficeSession, tmp_path: Path) -> None:
    out = tmp_path / "通知书.docx"
    for one in findings(office)[:1]:
        recheck(office, one.finding.id, on=office.today, outcome="已改")
    assert len(make_notice(office, ONE, out, recheck_on=dt.date(2026, 12, 8)).findings) == 2
    assert "插座无盖" not in text_of(out)
    assert "2026年12月8日复查" in text_of(out)


def test_what_cannot_be_is_refused_and_nothing_written(office: OfficeSession, tmp_path: Path) -> None:
    out, before = tmp_path / "通知书.docx", logged_events(office.db, 99)
    with pytest.raises(NotFound):
        make_notice(office, "HD-2026-0009", out)
    with pytest.raises(BadInput, match="应晚于"):
        make_notice(office, ONE, out, recheck_on=dt.date(2026, 12, 4))
    make_notice(office, ONE, out, dry_run=True)
    assert logged_events(office.db, 99) == before
    for one in findings(office):
        recheck(office, one.finding.id, on=office.today, outcome="已改")
    with pytest.raises(StepNotAllowed, match="没有待整改"):
        make_notice(office, ONE, out)
    void(office, ONE, reason="错")
    with pytest.raises(StepNotAllowed, match="作废"):
        make_notice(office, ONE, out)
    assert not out.exists()
