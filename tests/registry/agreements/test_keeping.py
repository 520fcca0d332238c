"""The kept list says after any write what reading everything anew says."""

import contextlib
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from build import opened

from yiyu.registry.agreements.changes import extend, supplement
from yiyu.registry.agreements.drafting import draft_agreements
from yiyu.registry.agreements.keeping import KeptAgreements, keep_agreements
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.agreements.renewing import renew
from yiyu.registry.agreements.requests import Sources, draft_requests
from yiyu.registry.agreements.steps import correct_event, history, record_step
from yiyu.registry.errors import UserError
from yiyu.registry.institutions.duplicates import merge, unmerge
from yiyu.registry.institutions.editing import edit_institution
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Kind
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession

_PAIRED = Sources(None, None, None, True, (), "", None, None, None)


def _number(session: OfficeSession, lot: random.Random) -> str:
    return lot.choice(list_agreements(session, AgreementFilter())).agreement.number


def _step(session: OfficeSession, lot: random.Random) -> None:
    kind = lot.choice(["signed", "sealed", "received", "scanned", "voided", "terminated", "submitted", "approved"])
    party = "all" if kind in ("signed", "sealed") else ""
    record_step(session, [_number(session, lot)], kind, on=session.today, party=party, note="测试")


def _renamed(session: OfficeSession, lot: random.Random) -> None:
    one = lot.choice(directory(session).all)
    new = lot.choice(
        [{"name": f"{one.name}新"}, {"filed": not one.filed}, {"closed_on": session.today}, {"town": "巴音镇"}]
    )
    edit_institution(session, one.name, new)


def _corrected(session: OfficeSession, lot: random.Random) -> None:
    number = _number(session, lot)
    correct_event(session, number, lot.choice(history(session, number)).id, note="测试")


def _merged(session: OfficeSession, lot: random.Random) -> None:
    same = lot.choice(list(Kind))
    kept, duplicate = lot.sample([one.name for one in directory(session).all if one.kind is same], 2)
    merge(session, kept, duplicate)
    if lot.random() < 0.5:
        unmerge(session, duplicate)


def _drafted(session: OfficeSession, _lot: random.Random) -> None:
    draft_agreements(session, draft_requests(session, _PAIRED)[0])


WRITES: list[Callable[[OfficeSession, random.Random], object]] = [
    _step, _step, _renamed, _corrected, _merged, _drafted,
    lambda session, lot: renew(session, [_number(session, lot)]),
    lambda session, lot: extend(session, _number(session, lot), on=session.today),
    lambda session, lot: supplement(session, _number(session, lot), on=session.today, text="延长", ends_on=session.today),
]  # fmt: skip


def _said(kept: KeptAgreements) -> list[tuple[object, ...]]:
    return [(one.standing, one.found_by) for one in kept.all]


@pytest.mark.parametrize("seed", range(3))
def test_after_random_writes_the_kept_list_is_that_of_everything_read_anew(office: Path, seed: int) -> None:
    lot, moved = random.Random(seed), 0  # noqa: S311 - no secret
    with opened(office) as session:
        limited = replace(session, scope=Scope(district="150602"))
        kept, own = keep_agreements(session), keep_agreements(limited)
        for _ in range(25):
            with contextlib.suppress(UserError):
                lot.choice(WRITES)(session, lot)
                moved += 1
            kept, own = keep_agreements(session, kept), keep_agreements(limited, own)
            assert _said(kept) == _said(keep_agreements(session))
            assert _said(own) == _said(keep_agreements(limited))
    assert moved > 8


def test_only_what_a_write_moved_is_read_again(office: Path) -> None:
    with opened(office) as session:
        kept = keep_agreements(session)
        wanted = next(one for one in kept.all if one.standing.unsigned and not one.standing.state.signed)
        record_step(session, [wanted.number], "signed", on=session.today, party="all")
        again = keep_agreements(session, kept)
    before = {id(one) for one in kept.all}
    assert 0 < sum(id(one) not in before for one in again.all) <= 3
    assert next(one for one in again.all if one.number == wanted.number).standing.state.signing == "signed"


def test_after_a_restored_backup_nothing_kept_is_trusted(office: Path, tmp_path: Path) -> None:
    shutil.copy(office / "registry.db", tmp_path / "earlier.db")
    with opened(office) as session:
        number = next(one.number for one in keep_agreements(session).all if not one.standing.state.signed)
        record_step(session, [number], "signed", on=session.today, party="all")
        kept = keep_agreements(session)
    shutil.copy(tmp_path / "earlier.db", office / "registry.db")
    with opened(office) as session:
        again = keep_agreements(session, kept)
        assert _said(again) == _said(keep_agreements(session)) != _said(kept)
