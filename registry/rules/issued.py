"""What of an issued report is no longer so: rows then and now, held against each other. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from yiyu.registry.lifecycle import EVENT_LABEL, FILING, OF_INSTITUTIONS, OF_SERVICE, Event
from yiyu.registry.rules.rates import Unit

FORM_LABEL = {"bulletin": "通报", "year": "年度报告"}
CHANGE_LABEL = {"added": "印发后新计入", "removed": "不再计入", "changed": "结果变了"}
WHY_LABEL = {"corrected": "更正", "voided": "作废", "added": "补录", "unknown": "没有找到记录"}
"""Why a row differs: something was corrected, taken back, or only recorded after the report had gone out."""
_TAKEN_BACK = frozenset({"unserved", "voided", "import_undone", "institution_restored"})
_PUT_RIGHT = frozenset({
    "activity_edited", "corrected", "institution_corrected", "institution_merged", "institution_unmerged", "merged", "unmerged",
})  # fmt: skip
_SERVED = OF_SERVICE | {"corrected", "voided", "terminated"}
_SPEAKING = {
    "visits": _SERVED,
    "training": _SERVED,
    "duties": _SERVED,
    "rectified": OF_SERVICE,
    "archived": frozenset(FILING) | {"corrected"},
    "filed": OF_INSTITUTIONS,
}
_OF_NO_SERVICE = frozenset(EVENT_LABEL) - OF_SERVICE
"""Kinds of events that speak of a row of an indicator; where none of them came, any may."""


@dataclass(frozen=True, slots=True)
class UnitDifference:
    """A row as it was when the report went out and as it is now; None where there is or was none."""

    then: Unit | None
    now: Unit | None

    @property
    def unit(self) -> Unit:
        unit = self.now or self.then
        assert unit is not None  # noqa: S101 - one of the two is always there; narrows the type
        return unit

    @property
    def change(self) -> str:
        """A key of CHANGE_LABEL."""
        return "added" if self.then is None else "removed" if self.now is None else "changed"


def differences(then: Iterable[Unit], now: Iterable[Unit]) -> list[UnitDifference]:
    """Rows that are not counted alike, or not in the same 旗区, by indicator; what is only said otherwise is none."""
    before, after = _by_subject(then), _by_subject(now)
    found: list[UnitDifference] = []
    for key in {**before, **after}:
        found += _paired(before.get(key, []), after.get(key, []))
    return found


def causes(one: UnitDifference, events: Iterable[Event]) -> list[Event]:
    """Those of the later ``events`` about its agreement or institution that can have changed it, oldest first."""
    known = list(events)
    moved = one.then and one.now and one.then.district != one.now.district and one.then.counts is one.now.counts
    speaking = OF_INSTITUTIONS if moved else _SPEAKING.get(one.unit.indicator, _OF_NO_SERVICE)
    return [event for event in known if event.kind in speaking] or known


def why(found: Sequence[Event]) -> str:
    """A key of WHY_LABEL, from what came last."""
    if not found:
        return "unknown"
    kind = found[-1].kind
    return "voided" if kind in _TAKEN_BACK else "corrected" if kind in _PUT_RIGHT else "added"


def counted_why(found: Iterable[Sequence[Event]]) -> str:
    """更正 3 条（补录 2，作废 1）: by how many records rows differ, and why; a row without one counts by itself."""
    reasons = {events[-1].id if events else -at: why(events) for at, events in enumerate(found, start=1)}
    counts = Counter(reasons.values())
    told = "，".join(f"{label} {counts[key]}" for key, label in WHY_LABEL.items() if counts[key])
    return f"更正 {counts.total()} 条（{told}）"


def _by_subject(units: Iterable[Unit]) -> dict[tuple[str, ...], list[Unit]]:
    found = defaultdict[tuple[str, ...], list[Unit]](list)
    for unit in units:
        found[_subject(unit)].append(unit)
    return found


def _subject(unit: Unit) -> tuple[str, ...]:
    """What a row is about, whatever became of it: an agreement, what is owed by it, or an institution."""
    match unit.indicator:
        case "archived" | "renewed":
            return unit.indicator, unit.number
        case "visits" | "training" | "duties" | "rectified":
            return unit.indicator, unit.number or unit.institution, unit.note
    return unit.indicator, unit.institution


def _paired(then: list[Unit], now: list[Unit]) -> Iterator[UnitDifference]:
    """Of several rows of one subject those that are alike go together first."""
    alike = Counter(map(_counted, then)) & Counter(map(_counted, now))
    left, right = _without(then, alike), _without(now, alike)
    for at in range(max(len(left), len(right))):
        yield UnitDifference(left[at] if at < len(left) else None, right[at] if at < len(right) else None)


def _without(units: Iterable[Unit], alike: Counter[tuple[bool, str]]) -> list[Unit]:
    kept, spent = [], alike.copy()
    for unit in units:
        if spent[_counted(unit)] > 0:
            spent[_counted(unit)] -= 1
        else:
            kept.append(unit)
    return kept


def _counted(unit: Unit) -> tuple[bool, str]:
    return unit.counts, unit.district
