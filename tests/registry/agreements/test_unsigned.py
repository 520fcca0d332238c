"""Claims about "unsigned": one definition, which the query that narrows the rows down never contradicts."""

import datetime as dt
import tempfile
from pathlib import Path

from build import new_office, opened
from hypothesis import given, settings
from hypothesis import strategies as st

from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.steps import correct_event, record_step
from yiyu.registry.errors import UserError
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Kind, Variant
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import agreement_ids
from yiyu.registry.store.events import events_of
from yiyu.registry.store.standings import perhaps_unsigned, standings

START = dt.date(2026, 1, 5)
DAYS = st.integers(0, 300).map(lambda days: START + dt.timedelta(days=days))
STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(("甲", "乙", "void", "terminated", "correct")), DAYS), max_size=8
)


def drafted(session: OfficeSession) -> list[str]:
    known = directory(session)
    medical = known.find("东胜区兴胜社区卫生服务中心", Kind.MEDICAL)
    sides = [known.find(f"东胜区{name}托育中心", Kind.CHILDCARE) for name in "甲乙"]
    requests = [DraftRequest(medical, childcare, Variant.JC, START, 12) for childcare in sides]
    return [made.number for made in draft_agreements(session, requests).made]


def take(session: OfficeSession, number: str, step: str, on: dt.date) -> None:
    """Do it if it is allowed: what is refused leaves nothing."""
    try:
        if step == "correct":
            key = agreement_ids(session.db, [number])[number]
            signatures = [event.id for event in events_of(session.db, key) if event.kind == "signed"]
            if signatures:
                correct_event(session, number, signatures[-1], note="登错了")
        elif step in "甲乙":
            record_step(session, [number], "signed", on=on, party=step)
        else:
            record_step(session, [number], {"void": "voided"}.get(step, step), on=on, note="原因")
    except UserError:
        return


@given(steps=STEPS, day=DAYS)
@settings(max_examples=25)
def test_the_query_and_the_definition_agree_on_every_day(steps: list[tuple[int, str, dt.date]], day: dt.date) -> None:
    with tempfile.TemporaryDirectory() as folder, opened(new_office(Path(folder) / "office")) as session:
        numbers = drafted(session)
        for which, step, on in steps:
            take(session, numbers[which], step, on)
        every = standings(session.db, day)
        narrowed = standings(session.db, day, perhaps_unsigned(session.db, day))
    whole = {one.agreement.number for one in every if one.unsigned}
    assert {one.agreement.number for one in narrowed if one.unsigned} == whole
    assert not whole & {one.agreement.number for one in every if one.state.signing == "signed"}
