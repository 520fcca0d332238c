"""补充协议: what it says of old and new, and what it refuses. ``YIYU_UPDATE_GOLDEN=1`` writes its text anew."""

import datetime as dt
import io
import os
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.table import Table

from yiyu.docgen.reports.supplements import draft_supplement
from yiyu.registry.agreements.changes import supplement
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.items import ItemEdit, edit_items
from yiyu.registry.agreements.steps import record_step
from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.institutions.editing import edit_institution
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Variant
from yiyu.registry.session import OfficeSession

GOLDEN = Path(__file__).parents[2] / "golden" / "supplement.txt"
CHILD = "东胜区甲托育中心"
D = dt.date


@pytest.fixture
def signed(session: OfficeSession) -> str:
    known = directory(session)
    request = DraftRequest(known.find("东胜区兴胜社区卫生服务中心"), known.find(CHILD), Variant.JC, D(2026, 1, 1), 12)
    edit_institution(session, CHILD, {"legal_person": "王某某"})
    request = replace(request, childcare=directory(session).find(CHILD))
    number = draft_agreements(session, [request]).made[0].number
    record_step(session, [number], "signed", on=D(2026, 1, 1), party="all")
    return number


def words(path: Path) -> str:
    lines: list[str] = []
    for block in docx.Document(io.BytesIO(path.read_bytes())).iter_inner_content():
        if isinstance(block, Table):
            lines += ["| " + " | ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines) + "\n"


def test_it_says_old_and_new_of_parties_list_and_term(session: OfficeSession, signed: str) -> None:
    edit_institution(session, CHILD, {"legal_person": "李某某"})
    edit_items(session, signed, ItemEdit(frequency={"F01": (2, "quarter")}))
    made = draft_supplement(session, signed, ends_on=D(2027, 6, 30), from_day=D(2026, 12, 1))
    assert (made.number, made.path.parent.name) == (f"{signed}-补1", "补充协议")
    found = words(made.path)
    if os.environ.get("YIYU_UPDATE_GOLDEN"):
        GOLDEN.write_text(found, "utf-8")
    assert found == GOLDEN.read_text("utf-8")


def test_what_is_only_said_in_words_is_printed_and_nothing_at_all_is_refused(
    session: OfficeSession, signed: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="没有要变更的内容"):
        draft_supplement(session, signed)
    out = tmp_path / "补充.docx"
    draft_supplement(session, signed, text="增加一次家长讲座", out=out, dry_run=True)
    assert not out.exists()
    draft_supplement(session, signed, text="增加一次家长讲座", out=out)
    assert "增加一次家长讲座" in words(out)


def test_a_draft_has_no_supplement(session: OfficeSession, signed: str) -> None:
    known = directory(session)
    request = DraftRequest(known.find("东胜区妇幼保健院"), known.find(CHILD), Variant.FY, D(2026, 1, 1), 12)
    number = draft_agreements(session, [request]).made[0].number
    with pytest.raises(StepNotAllowed, match="各方已签"):
        draft_supplement(session, number, text="x")


def test_a_list_that_begins_on_a_day_to_come_is_signed_for_before_that_day(session: OfficeSession, signed: str) -> None:
    later = session.today + dt.timedelta(days=20)
    edit_items(session, signed, ItemEdit(tick=("A04",)), from_day=later)
    made = draft_supplement(session, signed, from_day=later)
    assert [(what.split()[0], old, new) for what, old, new in made.changes] == [("A04", "否", "是")]
    supplement(session, signed, on=session.today, text="清单改版", ends_on=None)
    with pytest.raises(BadInput, match="没有要变更的内容"):
        draft_supplement(session, signed)
