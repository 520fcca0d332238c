"""``yiyu generate`` as a whole: registry, render, check, hash, fsync, rows; documents a second and each stage's share."""

import argparse
import cProfile
import datetime as dt
import json
import statistics
import tempfile
import time
from pathlib import Path
from types import CodeType

from yiyu.docgen.documents.generating import generate
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.config import load_workspace
from yiyu.registry.model import Institution, Kind, Variant
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.institution_changes import add_institution
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.opening import changing, open_registry

DAY = dt.date(2026, 11, 22)
NOW = "2026-11-22T09:00:00+08:00"

STAGES = {
    "render and check": ("compiled.py", "fill"),
    "context": ("making.py", "context_for"),
    "write, fsync, rename": ("files.py", "write_atomic"),
    "hash": ("files.py", "sha256"),
    "rows and commit": ("generating.py", "commit"),
    "read the registry": ("generating.py", "_jobs"),
}


def office(folder: Path, pairs: int) -> None:
    make_workspace(folder, pack="ordos", region="150600")
    with open_registry(folder / "registry.db") as db:
        with changing(db):
            for number in range(pairs + 1):
                kind = Kind.CHILDCARE if number else Kind.MEDICAL
                category = "" if number else "社区卫生服务中心"
                one = Institution(kind, f"东胜区第{number}机构", category=category, district="150602", filed=True)
                add_institution(db, one, recorded_at=NOW, source="bench")
        office = OfficeSession(load_workspace(folder), db, DAY, NOW, "bench")
        medical, *childcare = all_institutions(db, DAY, None)
        draft_agreements(office, [DraftRequest(medical, one, Variant.JC, DAY, 12) for one in childcare])


def one_run(folder: Path) -> tuple[float, int]:
    """Seconds and documents."""
    with open_registry(folder / "registry.db") as db:
        office = OfficeSession(load_workspace(folder), db, DAY, NOW, "bench")
        start = time.perf_counter()
        made = len(generate(office).made)
        return time.perf_counter() - start, made


def shares(folder: Path) -> dict[str, float]:
    profile = cProfile.Profile()
    profile.runcall(one_run, folder)
    entries = profile.getstats()
    total = sum(one.inlinetime for one in entries)
    spent = [(one.code, one.totaltime) for one in entries if isinstance(one.code, CodeType)]
    return {
        stage: sum(t for code, t in spent if code.co_filename.endswith(file) and code.co_name == function) / total
        for stage, (file, function) in STAGES.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agreements", type=int, default=1000, help="three documents each")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rates: list[float] = []
    with tempfile.TemporaryDirectory() as base:
        for turn in range(options.rounds):
            folder = Path(base) / str(turn)
            office(folder, options.agreements)
            seconds, made = one_run(folder)
            rates.append(made / seconds)
        office(Path(base) / "profile", options.agreements)
        stages = shares(Path(base) / "profile")
    print(f"yiyu generate, {3 * options.agreements} documents, median of {options.rounds} rounds")
    print(f"  {statistics.median(rates):8.0f} documents/s")
    for stage, share in stages.items():
        print(f"  {stage:22} {share:6.1%}  (profiled)")
    if options.json:
        report = {"documents_per_second": statistics.median(rates), "shares": stages}
        options.json.write_text(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
