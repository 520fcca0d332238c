"""A witness of what an office holds, apart from the program: plain SQLite, SHA-256, zip and pypdf, no line of yiyu.

What it looks for are the six points of "nothing lost" (docs/robustness.md): (1) the registry is sound, (2) it is as before
or as after, never between, (3) every file under a final name opens and is the one its row names, (4) what was given is
byte for byte there, (5) the same command again ends as if never broken off, (6) leftovers have one pattern and go away.
"""

import base64
import contextlib
import hashlib
import json
import re
import shutil
import sqlite3
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pypdf

REGISTRY = "registry.db"
JOURNAL = "registry.db-journal"
OUTPUT_NOTES = ".outputs.jsonl"
"""Notes of what was written where a person said: a line too many, or cut short, costs no more than being asked."""
NAMING = ("documents", "incoming", "bound_scans", "activity_evidence")
"""Tables whose rows name a file by ``path`` and ``sha256``."""
_OF_THE_MOMENT = re.compile(r".*_at|hash|previous_hash")
"""Columns that say when, and what is chained to it."""
_STRAND = frozenset({"chain_links", "row_changes"})
"""They tell in which order rows came to be, which a broken run may change: proven by themselves, not held against others."""
_STAMP = re.compile(r"\d{8}-\d{6}(-\d+)?")
_TEMPORARY = re.compile(r"(^|/)\.[^/]*\.part")
_DRAWN = re.compile(rb"/CreationDate \([^)]*\)|/ID \[[^]]*\]")
"""What a PDF says of the moment."""
_MADE_AGAIN = re.compile(r"(^|/)offices/[^.]*/model-[0-9a-f]+/")
"""What is made of a package that was received, whenever it is asked for: there or not, as it happens."""
_PARTNERS = (".db", ".zip")

Row = tuple[object, ...]
Unit = Callable[[str, Mapping[str, object]], object]
"""Gives rows that come and go together the same key; by table and row."""


@dataclass(frozen=True)
class Seen:
    """What there is. ``files``: SHA-256 by path, of a copy made at some moment without its digits, those of now "*".

    ``rows`` are without the columns of the moment, each with the unit of work it belongs to.
    """

    rows: frozenset[tuple[str, Row]]
    units: Mapping[tuple[str, Row], object]
    files: Mapping[str, str]
    leftovers: tuple[str, ...]
    faults: tuple[str, ...] = field(default=())


def look(place: Path, unit: Unit = lambda _table, _row: "all") -> Seen:
    """Look at everything in ``place`` without changing it. Faults of points 1 and 3 are told."""
    every = {path.relative_to(place).as_posix(): path for path in place.rglob("*") if path.is_file()}
    paths = {name: path for name, path in every.items() if not _MADE_AGAIN.search(name)}
    registries = [path for name, path in paths.items() if path.name == REGISTRY and not _TEMPORARY.search(name)]
    rows: dict[tuple[str, Row], object] = {}
    faults: list[str] = []
    for registry in registries:
        with _opened(registry) as db:
            faults += _unsound(db)
            rows |= {(table, row): key for table, row, key in _rows(db, unit)}
            faults += _misnamed(db, registry.parent)
    leftovers = sorted(name for name, path in paths.items() if _left_over(name, path))
    leftovers += sorted(f"{one.relative_to(place).as_posix()}/" for one in place.rglob(".*.part") if one.is_dir())
    files = {}
    for name, path in paths.items():
        if path not in registries and name not in leftovers and path.name != OUTPUT_NOTES:
            stamped = _STAMP.sub("STAMP", name)
            files[stamped] = "*" if stamped != name else _likeness(path)
            faults += [f"3: {name} does not open: {why}" for why in _broken(path)]
    return Seen(frozenset(rows), rows, files, tuple(leftovers), tuple(faults))


def judge(now: Seen, before: Seen, after: Seen) -> list[str]:
    """What a kill has done that it may not: points 1 to 4, and that what is left lying about is known by its name."""
    faults = [one for one in now.faults if one not in before.faults]
    faults += [f"2: a row is gone: {table} {row}" for table, row in before.rows - now.rows - _changed(before, after)]
    if now.rows not in (before.rows, after.rows):
        fresh, wanted = now.rows - before.rows, after.rows - before.rows
        halves = {after.units[row] for row in fresh & wanted} & {after.units[row] for row in wanted - fresh}
        faults += [f"2: neither before nor after: {table} {row}" for table, row in fresh - wanted]
        faults += [f"2: half of {unit}" for unit in halves]
    for name in before.files.keys() | now.files.keys():
        allowed = {before.files.get(name), after.files.get(name)}
        if now.files.get(name) not in allowed:
            faults.append(f"3: {name} is neither as before nor as after")
    return faults


def judge_again(now: Seen, after: Seen) -> list[str]:
    """What differs, after the command was run once more, from an office where it was never broken off: points 5 and 6."""
    faults = [one for one in now.faults if one not in after.faults]
    faults += [f"5: {'more' if one in now.rows else 'missing'}: {one}" for one in now.rows ^ after.rows]
    names = sorted(now.files.keys() | after.files.keys())
    faults += [f"5: {name} differs" for name in names if now.files.get(name) != after.files.get(name)]
    return faults + [f"6: left over: {name}" for name in now.leftovers]


def _changed(before: Seen, after: Seen) -> frozenset[tuple[str, Row]]:
    """Rows that the command is there to change."""
    return before.rows - after.rows


@contextlib.contextmanager
def _opened(registry: Path) -> Iterator[sqlite3.Connection]:
    """A copy with its journal, which opening plays back: the office itself stays as it was found."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copyfile(registry, Path(folder) / REGISTRY))
        journal = registry.with_name(JOURNAL)
        if journal.exists():
            shutil.copyfile(journal, copy.with_name(JOURNAL))
        with contextlib.closing(sqlite3.connect(copy)) as db:
            yield db


def _unsound(db: sqlite3.Connection) -> Iterator[str]:
    for check in ("integrity_check", "foreign_key_check"):
        yield from (f"1: {check}: {row}" for row in db.execute(f"PRAGMA {check}") if row != ("ok",))
    previous = ""
    if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'events'").fetchone():
        for row in _dicts(db, "SELECT * FROM events ORDER BY id"):
            told = {name: value for name, value in row.items() if name not in {"id", "hash", "previous_hash"}}
            for name in ("institution_id", "import_id"):  # younger than the chain: they count where they say something
                if told.get(name) is None:
                    told.pop(name, None)
            text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            if (row["previous_hash"], row["hash"]) != (
                previous,
                hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest(),
            ):
                yield f"1: the chain is broken at event {row['id']}"
            previous = str(row["hash"])
    if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'chain_links'").fetchone():
        yield from _unsealed(db)


def _unsealed(db: sqlite3.Connection) -> Iterator[str]:
    """Links that do not follow from the one before, from the events or from their entries."""
    previous, covered = "", 0
    for row in _dicts(db, "SELECT * FROM chain_links ORDER BY id"):
        found = hashlib.sha256()
        query = "SELECT table_name, row_key, digest FROM row_changes WHERE link_id = ? ORDER BY id"
        for table, key, digest in db.execute(query, [row["id"]]):
            entry = [table, key, base64.b64encode(digest).decode()]
            found.update(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        covered = row["events"]
        last = db.execute("SELECT hash FROM events WHERE id = ?", [covered]).fetchone()
        told = {"digest": found.hexdigest(), "events": covered, "last_hash": last[0] if last else ""}
        text = json.dumps(told, sort_keys=True, separators=(",", ":"))
        if row["hash"] != hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest():
            yield f"1: the chain is broken at change {row['id']}"
        previous = str(row["hash"])
    if (covered,) != db.execute("SELECT coalesce(max(id), 0) FROM events").fetchone():
        yield "1: an event is not sealed"


def _rows(db: sqlite3.Connection, unit: Unit) -> Iterator[tuple[str, Row, object]]:
    """Every row, and the schema as rows of its own."""
    for name, sql in db.execute("SELECT name, sql FROM sqlite_schema"):
        yield "sqlite_schema", (name, sql), "all"
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    for table in sorted(tables - _STRAND):
        for row in _dicts(db, f"SELECT * FROM [{table}]"):  # noqa: S608 - from the schema
            kept = tuple(value for name, value in row.items() if not _OF_THE_MOMENT.fullmatch(name))
            yield table, kept, unit(table, row)


def _misnamed(db: sqlite3.Connection, office: Path) -> Iterator[str]:
    there = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
    for table in (name for name in NAMING if name in there):
        for name, sha256 in db.execute(f"SELECT path, sha256 FROM {table}"):  # noqa: S608 - our own names
            path = office / name
            if not path.is_file():
                yield f"3: {table} names {name}, which is not there"
            elif _digest(path) != sha256:
                yield f"3: {table} names {name}, which is another file"


def _broken(path: Path) -> Iterator[str]:
    """Why a file under a final name is no whole file of its kind."""
    try:
        match path.suffix.lower():
            case ".docx" | ".xlsx" | ".zip":
                with zipfile.ZipFile(path) as pack:
                    bad = pack.testzip()
                if bad:
                    yield f"member {bad}"
            case ".pdf":
                if not len(pypdf.PdfReader(path).pages):
                    yield "no page"
            case ".db" | ".bak":
                with _opened(path) as db:
                    yield from _unsound(db)
                    if not db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                        yield "no table"
            case ".json":
                yield from _misnoted(path)
            case ".toml":
                tomllib.loads(path.read_text("utf-8"))
            case _:
                if not path.stat().st_size:
                    yield "empty"
    except Exception as error:  # noqa: BLE001 - whatever a reader says of it, the file does not open
        yield repr(error)


def _misnoted(path: Path) -> Iterator[str]:
    """Why a note says nothing, or something else than what it is about; one of a work of the desk is of itself."""
    note = json.loads(path.read_bytes())
    if path.parent.name != "works":
        [copy] = [one for one in map(path.with_suffix, _PARTNERS) if one.exists()]
        if note["sha256"] != _digest(copy):
            yield "the note is of another backup"


def _dicts(db: sqlite3.Connection, query: str) -> Iterator[dict[str, object]]:
    found = db.execute(query)
    names = [one[0] for one in found.description]
    return (dict(zip(names, row, strict=True)) for row in found)


def _left_over(name: str, path: Path) -> bool:
    """A temporary file, what SQLite keeps while it writes, or the note of a backup that never came to stand."""
    alone = path.suffix == ".json" and not any(path.with_suffix(one).exists() for one in _PARTNERS)
    return bool(_TEMPORARY.search(name)) or name.endswith(JOURNAL) or (alone and bool(_STAMP.search(path.stem)))


def _likeness(path: Path) -> str:
    """The SHA-256 of a file but for what says when it was made."""
    data = path.read_bytes()
    return hashlib.sha256(_DRAWN.sub(b"", data) if path.suffix == ".pdf" else data).hexdigest()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
