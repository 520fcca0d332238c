"""Twenty edits by somebody who may write the file, first as they are, then with both strands of the chain made anew.

What a change of rows or events leaves to be seen, and by what, is the table of docs/robustness.md#insider.
"""

import base64
import datetime as dt
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import time_machine
from build import invoke
from docx import Document
from sqlite_utils import Database

from yiyu.docgen.demonstration import play
from yiyu.docgen.pdf.convert import convert
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.rules.chain import link
from yiyu.registry.store.events import EVENT_FACTS
from yiyu.registry.store.row_changes import row_differences

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
BY_ROWS = {
    "a waiver's reason": "UPDATE waivers SET reason = '已同意'",
    "a waiver more": "INSERT INTO waivers SELECT 900, agreement_id, duty, period || '0', reason, recorded_at, actor FROM waivers",
    "a waiver less": "DELETE FROM waivers",
    "the day of a visit": "UPDATE activities SET on_date = '2026-01-09' WHERE id = 1",
    "a visit voided": "UPDATE activities SET voided_on = on_date WHERE id = 2",
    "who went": "UPDATE activity_people SET name = '李某某' WHERE activity_id = 1",
    "a photograph's checksum": "UPDATE activity_evidence SET sha256 = 'f' || sha256 WHERE activity_id = 3",
    "another party": "UPDATE parties SET institution_id = institution_id + 1 WHERE agreement_id = 1 AND role = '乙'",
    "what a party is called": "UPDATE parties SET snapshot = json_set(snapshot, '$.name', '别家') WHERE agreement_id = 2",
    "a number of another office": "UPDATE figures SET numerator = 99, denominator = 100",
    "a document's checksum": "UPDATE documents SET sha256 = 'f' || substr(sha256, 2) WHERE id = 1",
    "when a document was made": "UPDATE documents SET made_at = '2026-01-01T00:00:00+08:00' WHERE id = 2",
    "the last day of a term": "UPDATE agreements SET ends_on = '2030-12-31' WHERE id = 1",
    "an assessment's day": "UPDATE assessments SET on_date = '2026-01-02' WHERE id = 1",
    "what a recheck found": "UPDATE findings SET outcome = '已整改' WHERE id = 1",
    "the box of an archived unit": "UPDATE archive_items SET box = '99'",
}
BY_FACTS = {
    "the places of an institution": "UPDATE institution_facts SET value = '999' WHERE fact = 'places' AND institution_id = 40",
    "an institution's address": "UPDATE institutions SET address = '别处' WHERE id = 6",
}
BY_EVENTS = {
    "the note of an event": "UPDATE events SET note = '别的' WHERE id = 40",
    "the last thirty events": "DELETE FROM events WHERE id > (SELECT max(id) - 30 FROM events)",
}
EDITS = BY_ROWS | BY_FACTS | BY_EVENTS


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's office after its year, with a backup."""
    folder = tmp_path_factory.mktemp("insider") / "office"
    with time_machine.travel(NOW):
        make_workspace(folder, pack="ordos", region="150600")
        for _ in play(folder, today=NOW.date(), now=NOW.isoformat(), actor="王某某"):
            pass
        assert invoke("--workspace", folder, "backup").exit_code == 0
    return folder


@pytest.fixture
def office(year: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(year, tmp_path / "office"))


@pytest.fixture
def checked(office: Path) -> Callable[..., list[str]]:
    """``check`` in the office: the faults that speak of the registry, not of files, by place."""

    def call(*options: object) -> list[str]:
        done = invoke("--workspace", office, "check", *options, "--json")
        faults = json.loads(done.stdout)["faults"]
        assert (done.exit_code != 0) == bool(faults)
        return [
            f"{one['fault']} {one['place']}" for one in faults if one["fault"] not in {"missing", "changed", "stray"}
        ]

    return call


def edit(office: Path, statement: str, *, anew: bool) -> None:
    """What a person with a program for SQLite does; ``anew``: and a script of his own that makes both strands again."""
    with closing(sqlite3.connect(office / "registry.db")) as db:
        acting = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in acting:
            db.execute(f"DROP TRIGGER {name}")
        db.execute(statement)
        if anew:
            chain_again(db)
        for _, sql in acting:
            db.execute(sql)
        db.commit()


def chain_again(db: sqlite3.Connection) -> None:
    """Every event and every link hashed again, each row's last entry set to what it holds, as if it had always been so."""
    db.row_factory = sqlite3.Row
    previous, hashes = "", {0: ""}
    for row in db.execute("SELECT * FROM events ORDER BY id").fetchall():
        late = {"institution_id", "import_id"}
        told = {name: row[name] for name in EVENT_FACTS if row[name] is not None or name not in late}
        own = link(previous, told)
        db.execute("UPDATE events SET previous_hash = ?, hash = ? WHERE id = ?", [previous, own, row["id"]])
        previous = hashes[row["id"]] = own
    for one in list(row_differences(Database(db))):
        of = "WHERE id = (SELECT max(id) FROM row_changes WHERE table_name = ? AND row_key = ?)"
        if one.recorded is None:
            db.execute(
                "INSERT INTO row_changes (link_id, table_name, row_key, digest)"
                " VALUES ((SELECT max(id) FROM chain_links), ?, ?, ?)",
                [one.table, one.key, one.stands],
            )
        else:
            db.execute(f"UPDATE row_changes SET digest = ? {of}", [one.stands, one.table, one.key])  # noqa: S608 - our own text
    previous, last = "", max(hashes)
    for row in db.execute("SELECT * FROM chain_links ORDER BY id").fetchall():
        found = hashlib.sha256()
        for entry in db.execute(
            "SELECT table_name, row_key, digest FROM row_changes WHERE link_id = ? ORDER BY id", [row["id"]]
        ):
            found.update(line(*entry))
        events = min(row["events"], last)
        told = {"events": events, "last_hash": hashes[events], "digest": found.hexdigest()}
        own = link(previous, told)
        db.execute(
            "UPDATE chain_links SET events = ?, last_hash = ?, digest = ?, previous_hash = ?, hash = ? WHERE id = ?",
            [*told.values(), previous, own, row["id"]],
        )
        previous = own


def line(table: str, key: str, digest: bytes) -> bytes:
    told = [table, key, base64.b64encode(digest).decode()]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def sealed(office: Path, passphrase: str) -> Path:
    """A file beside the office with the passphrase."""
    path = office.parent / f"{passphrase}.txt"
    path.write_text(passphrase + "\n", "utf-8")
    return path


def backup_of(office: Path) -> Path:
    return next((office / "backups").glob("*.db"))


def test_nothing_is_named_where_nobody_edited(office: Path, checked: Callable[..., list[str]]) -> None:
    head = invoke("--workspace", office, "log", "--head").stdout.strip()
    assert checked() == checked("--against", head) == checked("--against", backup_of(office)) == []


@pytest.mark.parametrize("edited", EDITS)
def test_an_edit_is_named_by_check_alone(edited: str, office: Path, checked: Callable[..., list[str]]) -> None:
    edit(office, EDITS[edited], anew=False)
    table = EDITS[edited].split()[2 if EDITS[edited].startswith(("INSERT", "DELETE")) else 1]
    kind = "row" if edited in BY_ROWS else "institution" if edited in BY_FACTS else "chain"
    named = [one for one in checked() if one.startswith(kind)]
    assert named
    assert kind != "row" or all(f" {table} " in one for one in named)


@pytest.mark.parametrize("edited", EDITS)
def test_with_the_chain_made_anew_the_head_on_paper_and_the_backup_still_convict(
    edited: str, office: Path, checked: Callable[..., list[str]]
) -> None:
    head = invoke("--workspace", office, "log", "--head").stdout.strip()
    edit(office, EDITS[edited], anew=True)
    assert bool(checked()) == (edited in BY_FACTS), "without a head only what events tell twice is named"
    if edited in BY_FACTS:  # the chain is what it was: the row never entered it, the events say otherwise
        return
    assert any(head in one for one in checked("--against", head))
    against = checked("--against", backup_of(office))
    assert any(one.startswith("row" if edited in BY_ROWS else "chain") for one in against)
    if edited == "the note of an event":
        assert "chain 40" in against


@pytest.mark.parametrize("edited", EDITS)
def test_with_the_chain_made_anew_a_seal_convicts_whoever_has_no_passphrase(
    edited: str, office: Path, checked: Callable[..., list[str]]
) -> None:
    key = sealed(office, "保管人的口令2026")
    assert invoke("--workspace", office, "log", "--seal", "--key-file", key).exit_code == 0
    assert checked("--sealed", "--key-file", key) == []
    edit(office, EDITS[edited], anew=True)
    named = checked("--sealed", "--key-file", key)
    if edited == "a waiver more":  # told as if it had been added after the seal, which says nothing of that
        assert named == []
    else:
        assert named == (checked() if edited in BY_FACTS else ["chain 加封 1"])


def test_what_an_office_hands_out_on_paper_bears_the_head_and_convicts(
    office: Path, checked: Callable[..., list[str]], tmp_path: Path
) -> None:
    """Catalogue, its cover, the archived original of an issued report, and that report printed to PDF by somebody else."""
    reached = invoke("--workspace", office, "log", "--head").stdout.strip()
    listed, cover = tmp_path / "目录.xlsx", tmp_path / "封面.docx"
    assert invoke("--workspace", office, "archive", "catalog", "--xlsx", listed, "--docx", cover).exit_code == 0
    with time_machine.travel(NOW):
        given = ("report", "bulletin", "--period", "2026H1", "--issue")
        assert invoke("--workspace", office, *given).exit_code == 0
    (issued,) = json.loads(invoke("--workspace", office, "report", "issued", "--json").stdout)
    assert issued["head"] == reached
    report = office / issued["path"]
    words = f"截至2026年11月22日，登记库共有{reached.partition('-')[0]}条记录，链头{reached}。"
    assert words in "".join(one.text for one in Document(str(report)).paragraphs)
    assert words in "".join(one.text for one in Document(str(cover)).paragraphs)
    kept = (listed, cover, report, convert([report], tmp_path)[report])
    assert [checked("--against", one) for one in kept] == [[]] * 4
    edit(office, BY_EVENTS["the note of an event"], anew=True)
    assert [checked("--against", one) for one in kept] == [[f"chain {reached}"]] * 4


def test_a_report_that_nobody_issued_bears_no_head_and_says_so(office: Path, tmp_path: Path) -> None:
    draft = tmp_path / "草稿.docx"
    assert invoke("--workspace", office, "report", "year", "--docx", draft).exit_code == 0
    refused = invoke("--workspace", office, "check", "--against", draft)
    assert (refused.exit_code, "文件里没有链头" in refused.stderr) == (4, True)
    (damaged := tmp_path / "坏.docx").write_bytes(draft.read_bytes()[:-40])
    refused = invoke("--workspace", office, "check", "--against", damaged)
    assert (refused.exit_code, "坏.docx" in refused.stderr) == (7, True)


def test_another_passphrase_and_seals_taken_away_are_named(office: Path, checked: Callable[..., list[str]]) -> None:
    key, other = sealed(office, "保管人的口令2026"), sealed(office, "别人的口令2026")
    assert checked("--sealed", "--key-file", key) == ["chain 加封"]
    assert invoke("--workspace", office, "log", "--seal", "--key-file", key).exit_code == 0
    assert checked("--sealed", "--key-file", other) == ["chain 加封 1"]
    assert checked("--sealed", "--key-file", key) == checked() == []
    edit(office, "DELETE FROM chain_seals", anew=True)
    assert (checked(), checked("--sealed", "--key-file", key)) == ([], ["chain 加封"])


def test_what_others_altered_is_not_sealed_and_a_short_passphrase_is_refused(office: Path) -> None:
    short, key = sealed(office, "短"), sealed(office, "保管人的口令2026")
    assert invoke("--workspace", office, "log", "--seal", "--key-file", short).exit_code == 4
    assert invoke("--workspace", office, "log", "--seal").exit_code == 4
    edit(office, BY_ROWS["a waiver's reason"], anew=False)
    assert "没有加封" in (done := invoke("--workspace", office, "log", "--seal", "--key-file", key)).stderr
    assert done.exit_code != 0
