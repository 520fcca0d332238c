"""Institutions entered twice: pairs that may be one, merged after their difference was shown, and a merge taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.pages.access import own_institution
from yiyu.desk.pages.institutions import every_institution
from yiyu.desk.tables import Row, listing
from yiyu.desk.works import Outcome, Progressing
from yiyu.registry.errors import BadInput, NotFound, UserError
from yiyu.registry.institutions.columns import COLUMNS
from yiyu.registry.institutions.duplicate_commands import FIELDS, merge_told, row_of
from yiyu.registry.institutions.duplicates import MergedInstitution, duplicates, merge, merged, unmerge
from yiyu.registry.institutions.history_commands import unmerge_told
from yiyu.registry.institutions.lookup import directory, within_scope
from yiyu.registry.institutions.options import field_label, field_text
from yiyu.registry.model import Institution
from yiyu.registry.session import OfficeSession

PATH = "/institutions/duplicates"
_PAIRS = "duplicates"
_AT_ONCE = 1500
"""Among so many institutions pairs are found within about a second."""


class Difference(NamedTuple):
    """One field of two institutions, and what the kept one says after a merge."""

    label: str
    kept: object
    duplicate: object
    after: object
    filled: bool


def list_(asking: Asking) -> Response:
    """Pairs that may be one institution, and what was merged already; among very many they are looked for on demand."""
    with asking.office() as office:
        looked = asking.desk.remembered.has(office, _PAIRS) or len(every_institution(asking, office)) <= _AT_ONCE
        rows = _pairs(asking, office) if looked else []
        done = merged(office)
    found = listing(FIELDS, rows, PATH, dict(asking.query))
    return asking.page("duplicates.html", found=found, done=done, looked=looked)


def look(asking: Asking) -> Response:
    """Look for pairs as a long work."""

    def act(_folder: Path, _progress: Progressing) -> Outcome:
        with asking.office() as office:
            return Outcome([f"找到 {len(_pairs(asking, office))} 对"], next_page=PATH, next_label="看是哪些")

    return asking.begin("找可能重复的机构", act, again=PATH)


def _pairs(asking: Asking, office: OfficeSession) -> Sequence[Row]:
    def found() -> Sequence[Row]:
        return [row_of(one) | {"ids": f"kept={one.first.id}&duplicate={one.second.id}"} for one in duplicates(office)]

    return asking.remembered(office, _PAIRS, found)


def compare(asking: Asking) -> Response:
    """What two say otherwise, and what a merge would do, before it is done."""
    with asking.office() as office:
        return _compared(asking, office, asking.query)


def unite(asking: Asking) -> Response:
    """Merge the second into the first."""
    asked = {name: asking.text(name) for name in ("kept", "duplicate")}
    with asking.office() as office:
        try:
            kept, duplicate = _pair(office, asked)
            done = merge(office, kept.id, duplicate.id)
        except UserError as error:
            return _compared(asking, office, asked, str(error))
    return asking.go(f"/institutions/one/{done.kept.id}", merge_told(done))


def part(asking: Asking) -> Response:
    """Take a merge back."""
    key = asking.text("id")
    with asking.office() as office:
        if key not in {str(one.id) for one, _ in merged(office)}:
            raise NotFound(f"没有并入别家的机构“{key}”", remedy="可用 institution history 查看机构的合并记录")
        done = unmerge(office, key)
    return asking.go(f"/institutions/one/{done.duplicate.id}", unmerge_told(done))


def _pair(office: OfficeSession, asked: Mapping[str, str]) -> tuple[Institution, Institution]:
    """The one to keep by its id, the other by id, name or code."""
    kept, text = own_institution(office, asked.get("kept", "")), asked.get("duplicate", "").strip()
    if not text:
        raise BadInput("没有写要并入的机构", remedy="请写出它的名称或信用代码")
    known = directory(office)
    found = known.by_id.get(int(text)) if text.isdecimal() and len(text) < 10 else None
    found = found or known.find(text)
    if not within_scope(office, found):
        raise NotFound(f"没有找到机构“{text}”", remedy="可用 institution list --search 查找")
    return kept, found


def _compared(asking: Asking, office: OfficeSession, asked: Mapping[str, str], fault: str = "") -> Response:
    plan: MergedInstitution | None = None
    pair: tuple[Institution, Institution] | None = None
    try:
        pair = _pair(office, asked)
        plan = merge(office, pair[0].id, pair[1].id, dry_run=True)
    except UserError as error:
        if pair is None and not asked.get("kept"):
            raise
        fault = fault or str(error)
    kept = pair[0] if pair else own_institution(office, asked.get("kept", ""))
    return asking.page(
        "merge.html", status=422 if fault else 200, kept=kept, duplicate=pair[1] if pair else None, plan=plan,
        rows=_differences(*pair, plan) if pair else (), told=merge_told(plan, dry_run=True) if plan else "",
        fault=fault, typed=asked.get("duplicate", ""),
    )  # fmt: skip


def _differences(kept: Institution, duplicate: Institution, plan: MergedInstitution | None) -> Sequence[Difference]:
    ours, theirs, filled = asdict(kept), asdict(duplicate), plan.filled if plan else {}
    return [
        Difference(
            field_label(name),
            field_text(name, ours[name]),
            field_text(name, theirs[name]),
            field_text(name, filled.get(name, ours[name])),
            name in filled,
        )
        for name in COLUMNS
        if ours[name] != theirs[name]
    ]
