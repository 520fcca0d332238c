"""A draft follows the registry until the first signature; from then on it says where it lags and what to do."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest

from yiyu.docgen.documents.generating import generate
from yiyu.registry.agreements.following import follow, pending_changes
from yiyu.registry.agreements.listing import show_agreement
from yiyu.registry.config import load_workspace
from yiyu.registry.institutions.editing import edit_institution
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.moments import as_known_on
from yiyu.registry.store.opening import open_registry
from yiyu.registry.store.snapshots import snapshot_faults

Run = Callable[..., Any]


def of(asked: Run, **wanted: str) -> Any:
    return next(r for r in asked("agreement", "list") if all(r[k] == v for k, v in wanted.items()))


def words(office: Path, path: str) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(str(office / path)).paragraphs)


def edit(run: Run, one: Any, *options: str, side: int = 1) -> None:
    run("institution", "edit", one["parties"][side]["name"], *options)


def test_a_draft_follows_the_registry_as_a_new_version_that_says_what_changed(
    run: Run, asked: Run, office: Path
) -> None:
    one = of(asked, signing="awaiting")
    number = one["number"]
    edit(run, one, "--legal-person", "王某某", "--address", "路1号")
    run("generate", number)
    told = asked("generate", number)
    assert (told["made"], told["followed"]) == ([], [])
    edit(run, one, "--legal-person", "李某某")
    assert "乙方法定代表人：王某某 → 李某某" in run("agreement", "show", number).stdout
    assert asked("generate", number, "--dry-run")["followed"] != []
    said = run("generate").stderr
    assert f"{number} 随登记更新：乙方法定代表人：王某某 → 李某某" in said
    documents = {d["kind"]: d for d in asked("agreement", "show", number)["documents"]}
    assert documents["agreement"]["version"] == 3
    assert "李某某" in words(office, documents["agreement"]["path"])
    event = asked("agreement", "history", number)[-1]
    assert (event["kind"], event["data"]) == ("followed", {"parties": {"乙": {"legal_person": ["王某某", "李某某"]}}})
    again = run("generate", number).stderr
    assert "已生成 0 份，已有且无变化" in again
    assert "随登记更新" not in again
    run("check")


def test_a_telephone_number_is_followed_and_never_chained(run: Run, asked: Run) -> None:
    one = of(asked, signing="awaiting")
    edit(run, one, "--phone", "0477-7654321")
    run("generate", one["number"])
    event = asked("agreement", "history", one["number"])[-1]
    assert (event["kind"], "7654321" in str(event)) == ("followed", False)


def test_what_somebody_signed_lags_and_proposes_a_supplement(run: Run, asked: Run, office: Path) -> None:
    one = of(asked, signing="awaiting")
    number = one["number"]
    edit(run, one, "--legal-person", "王某某")
    run("generate", number)
    before = asked("agreement", "show", number)["documents"]
    run("agreement", "sign", number, "--party", "甲")
    edit(run, one, "--legal-person", "李某某")
    shown = run("agreement", "show", number).stdout
    assert "签署时乙方法定代表人为王某某，现登记为李某某" in shown
    assert f"agreement supplement-draft {number}" in shown
    assert f"请签补充协议（agreement supplement-draft {number}）" in run("generate", number).stderr
    told = asked("generate", number)
    assert (told["made"], [line["new"] for line in told["lagging"]]) == ([], ["李某某"])
    assert asked("agreement", "show", number)["documents"] == before
    run("agreement", "supplement-draft", number, code=5)
    run("agreement", "sign", number, "--party", "乙")
    assert "乙方法定代表人" in run("agreement", "supplement-draft", number).stdout
    assert (office / "output" / "补充协议" / f"{number}-补1_补充协议.docx").is_file()
    run("agreement", "supplement", number, "--text", "法定代表人变更")
    assert asked("agreement", "show", number)["lag"] == {"parties": [], "items": []}
    edit(run, one, "--legal-person", "赵某某")
    assert [line["new"] for line in asked("agreement", "show", number)["lag"]["parties"]] == ["赵某某"]


def test_an_edited_list_lags_until_a_supplement_settles_it(run: Run, asked: Run) -> None:
    number = of(asked, force="in_force")["number"]
    run("agreement", "items", number, "--frequency", "F01=每季度2次")
    assert "签署时清单F01频次：每季度1次 → 每季度2次" in run("agreement", "show", number).stdout
    run("agreement", "supplement", number, "--text", "频次调整")
    assert asked("agreement", "show", number)["lag"]["items"] == []


@pytest.fixture
def then(office: Path) -> Any:
    workspace = load_workspace(office)
    with open_registry(workspace.registry_path) as db:
        import datetime as dt

        yield OfficeSession(workspace, db, dt.date(2026, 11, 23), "2026-11-23T09:00:00+08:00", "王某某")


def test_what_a_draft_said_is_known_as_it_was_and_its_events_add_up(then: OfficeSession) -> None:
    from yiyu.registry.agreements.listing import AgreementFilter, list_agreements

    one = next(s for s in list_agreements(then, AgreementFilter(unsigned=True)) if not s.state.signed)
    name = one.agreement.childcare.facts.name
    later = replace(then, now="2026-11-24T09:00:00+08:00", today=then.today.replace(day=24))
    edit_institution(then, name, {"legal_person": "王某某"})
    generate(then, [one.agreement.number])
    edit_institution(later, name, {"legal_person": "李某某"})
    assert [change.text for change in pending_changes(later, one)][-1].endswith("李某某")
    follow(later, {one.agreement.id})
    assert follow(later, {one.agreement.id}).changes == {}
    said = {}
    for day in (23, 24):
        with as_known_on(then.db, then.today.replace(day=day)):
            facts = show_agreement(later, one.agreement.number).agreement.childcare.facts
            said[day] = facts.legal_person
    assert said == {23: "王某某", 24: "李某某"}
    assert snapshot_faults(then.db) == []
    then.db.execute("UPDATE parties SET snapshot = replace(snapshot, '李某某', '赵某某')")
    assert snapshot_faults(then.db) == [one.agreement.number]
