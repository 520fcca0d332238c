"""Claims about two clerks who generate the same documents at the same moment: one version, one event, no mixed file."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import Result

from yiyu.docgen.documents.fill_job import Executor, FillJob, FillResult
from yiyu.docgen.documents.generating import GenerateResult, generate
from yiyu.registry.config import load_workspace
from yiyu.registry.files import sha256
from yiyu.registry.model import DocKind
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.opening import open_registry
from yiyu.registry.store.record_sheets import all_documents

Run = Callable[..., Result]


@contextmanager
def clerk(office: Path, name: str, second: int) -> Iterator[OfficeSession]:
    workspace = load_workspace(office)
    with open_registry(workspace.registry_path) as db:
        now = dt.datetime.now().astimezone().replace(second=second, microsecond=0)
        yield OfficeSession(workspace, db, now.date(), now.isoformat(), name)


@pytest.fixture
def number(office: Path, run: Run) -> str:
    """An agreement drafted and not yet printed."""
    names = ("东胜区示范社区卫生服务中心", "东胜区新开托育中心")
    run("institution", "add", "--kind", "childcare", "--name", names[1], "--district", "东胜区", "--filed")
    run("agreement", "draft", "--medical", names[0], "--childcare", names[1], "--variant", "JC")
    with closing(sqlite3.connect(office / "registry.db")) as db:
        return str(db.execute("SELECT number FROM agreements ORDER BY id DESC LIMIT 1").fetchone()[0])


def meanwhile(do: Callable[[], object]) -> Executor:
    """Fill as always, and let a colleague do something before anything of it is written."""

    def run(function: Callable[[FillJob], FillResult], work: Iterable[FillJob]) -> Iterator[FillResult]:
        filled = [function(one) for one in work]
        do()
        return iter(filled)

    return run


def together(office: Path, number: str, do: Callable[[], object]) -> GenerateResult:
    with clerk(office, "王某某", 1) as session:
        return generate(session, [number], kinds=[DocKind.AGREEMENT], executor=meanwhile(do))


def by_a_colleague(office: Path, number: str) -> GenerateResult:
    with clerk(office, "李某某", 2) as session:
        return generate(session, [number], kinds=[DocKind.AGREEMENT])


def change_terms(office: Path, number: str) -> None:
    with closing(sqlite3.connect(office / "registry.db")) as db, db:
        db.execute("UPDATE agreements SET copies = copies + 1 WHERE number = ?", [number])


def stands(office: Path, number: str) -> list[int]:
    """The versions of the agreement's document; each file is the one its row names, and it was issued once."""
    with open_registry(office / "registry.db") as db:
        [key] = db.execute("SELECT id FROM agreements WHERE number = ?", [number]).fetchone()
        rows = [row for row in all_documents(db, [key]) if row.kind == DocKind.AGREEMENT]
        issued = db.execute("SELECT count(*) FROM events WHERE agreement_id = ? AND kind = 'issued'", [key]).fetchone()
    assert issued[0] == 1
    assert all(sha256((office / row.path).read_bytes()) == row.sha256 for row in rows)
    return [row.version for row in rows]


def test_the_same_document_made_twice_at_once_is_one(office: Path, number: str) -> None:
    made = together(office, number, lambda: by_a_colleague(office, number))
    assert (len(made.made), made.failed) == (1, [])
    assert stands(office, number) == [1]


def test_another_one_made_meanwhile_stays_and_the_second_clerk_is_told(office: Path, number: str, run: Run) -> None:
    def changed() -> None:
        change_terms(office, number)
        by_a_colleague(office, number)

    refused = together(office, number, changed)
    assert [one.code for one in refused.failed] == ["made-meanwhile"]
    assert "同事" in refused.failed[0].message
    assert stands(office, number) == [1]
    run("generate", number)
    assert stands(office, number) == [1]


def test_a_document_signed_meanwhile_is_not_replaced(office: Path, number: str, run: Run) -> None:
    by_a_colleague(office, number)
    change_terms(office, number)
    refused = together(office, number, lambda: run("agreement", "sign", number, "--party", "甲"))
    assert [one.code for one in refused.failed] == ["already-signed"]
    assert stands(office, number) == [1]
