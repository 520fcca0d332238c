"""Guards and rules that are broken, and the tests that belong to each: the nearest first, for the first that fails ends it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]

RULES = ("tests/registry/rules", "tests/registry/duties", "tests/registry/agreements", "tests/registry/reports")
CHAIN = (
    "tests/registry/store/test_row_changes.py", "tests/registry/store/test_replay.py", "tests/registry/office",
    "tests/cli/test_insider.py", "tests/cli/test_backup.py", "tests/registry/store",
)  # fmt: skip
STEPS = (
    "tests/registry/test_lifecycle.py", "tests/registry/agreements", "tests/cli/test_agreement.py",
    "tests/cli/test_agreement_changes.py", "tests/cli/test_refusals.py",
)  # fmt: skip
FILL = ("tests/docgen/fill", "tests/cli/test_template.py", "tests/docgen/documents", "tests/hostile/test_hostile.py")
PDF = ("tests/docgen/pdf", "tests/cli/test_merge_recipes.py", "tests/docgen/documents", "tests/hostile/test_hostile.py")
SCANS = (
    "tests/docgen/scans",
    "tests/cli/test_bad_scans.py",
    "tests/cli/test_intake.py",
    "tests/hostile/test_hostile.py",
)
FILES = (
    "tests/registry/test_files.py",
    "tests/cli/test_output_gate.py",
    "tests/registry/office",
    "tests/test_disk_full.py",
)
PACKAGES = ("tests/docgen/fill/test_attacks.py", "tests/registry/workbooks", "tests/hostile/test_hostile.py")

TARGETS: dict[str, tuple[str, ...]] = {
    "registry/rules": RULES,
    "registry/rules/duties": (
        *sorted(one.relative_to(ROOT).as_posix() for one in (ROOT / RULES[0]).glob("test_duties_*")),
        *RULES[1:],
    ),
    "registry/rules/institution_history.py": (
        "tests/registry/store/test_two_times.py",
        "tests/registry/store",
        "tests/registry/office",
    ),
    "registry/lifecycle.py": STEPS,
    "registry/agreements/steps.py": STEPS,
    "registry/agreements/changes.py": STEPS,
    "registry/commands/output_gate.py": FILES[1:],
    "registry/commands/outputs.py": FILES[1:],
    "registry/files.py": FILES,
    "registry/rights.py": ("tests/registry/office", *FILES),
    "registry/package_check.py": PACKAGES,
    "registry/workbooks/precheck.py": PACKAGES[1:],
    "registry/rules/chain.py": CHAIN,
    "registry/store/row_changes.py": CHAIN,
    "registry/store/seals.py": CHAIN,
    "registry/store/against.py": CHAIN,
    "registry/store/events.py": CHAIN,
    "registry/office/against.py": CHAIN,
    "registry/office/backups.py": CHAIN,
    "registry/office/integrity.py": CHAIN,
    "registry/office/restore_advice.py": CHAIN,
    "registry/office/sealing.py": CHAIN,
    "docgen/fill/gate.py": FILL,
    "docgen/fill/guest.py": FILL,
    "docgen/fill/limits.py": FILL,
    "docgen/fill/environment.py": FILL,
    "docgen/fill/template_precheck.py": FILL,
    "docgen/fill/values.py": FILL,
    "docgen/pdf/damage.py": PDF,
    "docgen/pdf/readback.py": PDF,
    "docgen/pdf/source.py": PDF,
    "docgen/pdf/writing.py": PDF,
    "docgen/scans/blankness.py": SCANS,
    "docgen/scans/pictures.py": SCANS,
    "docgen/scans/reading.py": SCANS,
}


def modules() -> list[str]:
    """Every module of the targets by its path from the root."""
    found = []
    for name in TARGETS:
        path = ROOT / name
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return sorted({one.relative_to(ROOT).as_posix() for one in found if one.name != "__init__.py"})


def tried_by(module: str, root: Path = ROOT) -> list[list[str]]:
    """Test files that name the module, the shortest first; then those of its room, the narrowest room there is."""
    room = max((name for name in TARGETS if module == name or module.startswith(f"{name}/")), key=len)
    own = re.compile(rf"\b{module.removesuffix('.py').replace('/', '.')}\b|test_\w*{Path(module).stem}")
    near = [one for one in (root / "tests").glob("*/**/test_*.py") if own.search(one.name + one.read_text("utf-8"))]
    near.sort(key=lambda path: path.stat().st_size)
    return [[one.relative_to(root).as_posix() for one in near], list(TARGETS[room])]
