"""The numbers of a large office: 10,000 institutions, 20,000 agreements, 200,000 activities.

``report_rates``, ``duty_rows`` of a year and the board, each in a process of its own: median seconds and peak memory of
the action alone and of the whole process. ``--folder`` keeps the office for the next time.
"""

import argparse
import datetime as dt
import json
import multiprocessing
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database

from yiyu.docgen.reports.board import make_board
from yiyu.registry.config import load_workspace
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.model import Institution, Kind, Variant
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.packs import load_pack
from yiyu.registry.packs.places import shipped_table
from yiyu.registry.reports.reporting import report_rates
from yiyu.registry.rules.chain import link
from yiyu.registry.rules.places import Places
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.institution_changes import add_institution
from yiyu.registry.store.opening import changing, open_registry

NOW = "2026-11-22T09:00:00+08:00"
TODAY = dt.date(2026, 11, 22)
PLACES = Places(shipped_table, "150600")
AREAS = PLACES.counties()
TOWNS = ("巴音镇", "林荫镇", "兴胜街道", "柳沟镇")


def office(folder: Path, institutions: int, agreements: int, activities: int) -> None:
    """One in ten is medical. Every childcare institution has agreements in turn; one in twenty is unsigned.

    Terms of a year began over the last two; half of those that ended are renewed. Activities lie within the terms up
    to the day; one in five lacks evidence, one in fifty found something.
    """
    make_workspace(folder, pack="ordos", region="150600")
    with open_registry(folder / "registry.db") as db, changing(db):
        sides = list(_institutions(db, institutions))
        _agreements(db, sides, agreements)
        _activities(db, agreements, activities)


def _institutions(db: Database, count: int) -> Iterator[tuple[int, Institution]]:
    for number in range(1, count + 1):
        area, medical = AREAS[number // 10 % len(AREAS)], number % 10 == 0
        kind = Kind.MEDICAL if medical else Kind.CHILDCARE
        category = ("妇幼保健院" if number % 50 == 0 else "苏木卫生院") if medical else ""
        one = Institution(
            kind, f"{PLACES.name(area)}{number}号{category or '托育中心'}", category=category, district=area,
            town=TOWNS[number % len(TOWNS)], filed=not medical and number % 8 != 1,
        )  # fmt: skip
        yield add_institution(db, one, recorded_at="2024-01-01T09:00:00+08:00", source="bench"), one


def _agreements(db: Database, sides: list[tuple[int, Institution]], count: int) -> None:
    """Two at a time for an institution, JC and FY, then those before them."""
    snapshots = {key: msgspec.json.encode(one).decode() for key, one in sides}
    medical = [key for key, one in sides if one.kind is Kind.MEDICAL]
    childcare = [(key, one) for key, one in sides if one.kind is Kind.CHILDCARE]
    pack = load_pack("ordos")
    lists = {
        one: [msgspec.json.encode(item).decode() for item in pack.items_for(one)] for one in (Variant.JC, Variant.FY)
    }
    event, previous = db.execute("SELECT id, hash FROM events ORDER BY id DESC LIMIT 1").fetchone()
    for number in range(1, count + 1):
        turn, variant = (number - 1) // 2, (Variant.JC, Variant.FY)[number % 2]
        own, one = childcare[turn % len(childcare)]
        round_ = turn // len(childcare)
        starts = TODAY - dt.timedelta(days=turn % len(childcare) * 37 % 420 + 365 * round_)
        ends = starts + dt.timedelta(days=364)
        renews = number - 2 * len(childcare) if round_ and number % 4 < 2 else None
        row = (number, f"{one.district}-{starts.year}-{variant}-{number:06}", "s", number, str(variant), one.district,
               str(starts), str(ends))  # fmt: skip
        db.execute(
            "INSERT INTO agreements (id, number, series, serial, variant, pack, district, starts_on, ends_on, months,"
            " mode, renewal, notice_days, copies) VALUES (?,?,?,?,?,'ordos',?,?,?,12,'visit','negotiate',30,4)",
            row,
        )
        if renews:
            db.execute("UPDATE agreements SET renews_id = ? WHERE id = ?", [number, renews])
        for role, side in zip("甲乙", (medical[turn % len(medical)], own), strict=True):
            db.execute("INSERT INTO parties VALUES (?,?,?,?)", [number, role, side, snapshots[side]])
        items = [(number, 1, seq, text) for seq, text in enumerate(lists[variant], start=1)]
        db.conn.executemany("INSERT INTO items (agreement_id, list_version, seq, item) VALUES (?,?,?,?)", items)
        rows, previous, event = _events(number, starts, previous, event)
        db.conn.executemany(f"INSERT INTO events VALUES ({','.join('?' * 12)}, NULL, NULL)", rows)  # noqa: S608 - placeholders


def _events(number: int, on: dt.date, previous: str, key: int) -> tuple[list[tuple[Any, ...]], str, int]:
    steps = [("drafted", ""), ("issued", "")]
    steps += [] if number % 20 == 0 else [(kind, party) for kind in ("signed", "sealed") for party in "甲乙"]
    steps += [] if number % 3 == 0 or number % 20 == 0 else [(kind, "") for kind in ("received", "scanned", "checked")]
    rows = []
    for kind, party in steps:
        key += 1
        facts = {
            "agreement_id": number, "kind": kind, "party": party, "on_date": str(on), "recorded_at": NOW,
            "actor": "王某某", "note": "", "corrects": None, "data": "{}",
        }  # fmt: skip
        here = link(previous, facts)
        rows.append((key, *facts.values(), previous, here))
        previous = here
    return rows, previous, key


def _activities(db: Database, agreements: int, count: int) -> None:
    terms = db.execute("SELECT id, starts_on, variant FROM agreements ORDER BY id").fetchall()
    each = count // agreements
    forms = (("上门指导", ("F01",)), ("培训讲座", ("F02",)), ("健康检查", ()), ("上门指导", ("F01", "F03")))
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _COLUMNS}
    for key in range(1, each * agreements + 1):
        owner, starts, _ = terms[(key - 1) // each]
        length = min(364, (TODAY - dt.date.fromisoformat(starts)).days)
        on = dt.date.fromisoformat(starts) + dt.timedelta(days=(key - 1) % each * length // each)
        form, items = forms[key % len(forms)]
        text = ["巴音镇", "", "", "按清单开展", "", "", "", ""]
        rows["activities"].append((key, f"HD-{on.year}-{key:06}", str(on), form, "09:00", "11:00", None, *text,
                                   '{"从业人员":12}', 12, "", NOW, "王某某"))  # fmt: skip
        rows["activity_agreements"].append((key, owner))
        rows["activity_items"] += [(key, item) for item in items]
        rows["activity_people"] += [
            (key, seq, f"王某{seq}", "卫生院", "儿保科", "主治医师", None, None) for seq in (1, 2)
        ]
        kinds = ["photo"] * (1 if key % 5 == 0 else 2) + ["sign_in"] * (form == "培训讲座")
        rows["activity_evidence"] += [(key, s, kind, f"{key}/{s}.jpg", "0" * 64, 1) for s, kind in enumerate(kinds, 1)]
        if key % 50 == 0:
            closed = None if key % 200 == 0 else str(min(TODAY, on + dt.timedelta(days=10)))
            due = str(on + dt.timedelta(days=15))
            rows["findings"].append((key, "晨检记录不全", "补齐", due, closed, ""))
    for table, columns in _COLUMNS.items():
        marks = ",".join("?" * (columns.count(",") + 1))
        db.conn.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows[table])  # noqa: S608 - our own text


_COLUMNS = {
    "activities": "id, number, on_date, form, starts_at, ends_at, minutes, place, topic, organiser, content, advice,"
    " summary, handouts, remark, counts, signed_in, source, recorded_at, actor",
    "activity_agreements": "activity_id, agreement_id",
    "activity_items": "activity_id, item",
    "activity_people": "activity_id, seq, name, unit, department, title, arrives_at, leaves_at",
    "activity_evidence": "activity_id, seq, kind, path, sha256, size",
    "findings": "activity_id, problem, demand, due_on, rechecked_on, outcome",
}


def measure(case: str, folder: Path) -> dict[str, float]:
    """Seconds of the action, the rows it gave, and the peak memory of this process."""
    workspace = load_workspace(folder)
    with open_registry(workspace.registry_path) as db:
        office = OfficeSession(workspace, db, TODAY, NOW, "bench")
        start, worked = time.perf_counter(), time.process_time()
        match case:
            case "duty_rows of a year":
                rows = len(duty_rows(office))
            case "report_rates":
                rows = len(report_rates(office)[0])
            case _:
                rows = make_board(office, folder / "board.html").size
        seconds, cpu = time.perf_counter() - start, time.process_time() - worked
    return {
        "seconds": seconds,
        "cpu": cpu,
        "rows": rows,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


CASES = ("report_rates", "duty_rows of a year", "board")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--institutions", type=int, default=10_000)
    parser.add_argument("--agreements", type=int, default=20_000)
    parser.add_argument("--activities", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keep the office here, and take it from here if it is there")
    parser.add_argument("--case", choices=CASES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        print(json.dumps(measure(options.case, options.folder)))
        return
    with tempfile.TemporaryDirectory() as base:
        folder = options.folder or Path(base) / "office"
        if not folder.exists():
            sizes = (options.institutions, options.agreements, options.activities)
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                pool.apply(office, (folder, *sizes))
        found: dict[str, list[dict[str, float]]] = {case: [] for case in CASES}
        for _ in range(options.rounds):
            for case in CASES:
                command = [sys.executable, sys.argv[0], "--folder", str(folder), "--case", case]
                found[case].append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    print(f"median of {options.rounds} interleaved rounds")
    for case, rounds in found.items():
        median = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
        print(
            f"  {case:22} {median['seconds']:6.2f} s  {median['cpu']:6.2f} s CPU  {median['mb']:6.0f} MB  {median['rows']:9.0f}"
        )
