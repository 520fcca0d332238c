"""The service list of one agreement: read as of a day, edited from a day on, each edit a version and an event."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.institutions.lookup import did_you_mean, numbers_to_ids
from yiyu.registry.lifecycle import Event
from yiyu.registry.model import Agreement, Item
from yiyu.registry.rules.item_changes import EDITABLE, ItemChange, item_changes, kept_changes
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.events import add_event, events_of
from yiyu.registry.store.item_lists import add_list, list_versions, newest_version
from yiyu.registry.store.opening import changing
from yiyu.registry.store.standings import AgreementStatus, standings

_KIND = "items_changed"


@dataclass(frozen=True, slots=True)
class ItemEdit:
    """What is to be otherwise, each by the code of an item; ``texts``: by code and field (``department``, ``remark``)."""

    tick: Sequence[str] = ()
    untick: Sequence[str] = ()
    frequency: Mapping[str, tuple[int | None, str]] = field(default_factory=dict)
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.tick or self.untick or self.frequency or self.texts)


@dataclass(frozen=True, slots=True)
class EditedItems:
    """The list as it is from ``since`` on; ``changes`` against the list of before.

    ``later``: days from which other lists hold, recorded before; ``signed``: somebody has signed the agreement.
    """

    agreement: Agreement
    since: dt.date
    changes: tuple[ItemChange, ...]
    later: tuple[dt.date, ...]
    signed: bool


def listed_items(office: OfficeSession, number: str, day: dt.date | None = None) -> Agreement:
    """The agreement with the list that holds on ``day`` (default: the day asked for). Raises NotFound."""
    key = numbers_to_ids(office, [number])[number]
    return load_agreements(office.db, [key], on=day or office.today)[0]


def item_history(office: OfficeSession, number: str) -> list[Event]:
    """Every change of the list, in the order of recording: its day, who, when, and old → new in its note."""
    key = numbers_to_ids(office, [number])[number]
    return [event for event in events_of(office.db, key) if event.kind == _KIND]


def edit_items(
    office: OfficeSession,
    number: str,
    edit: ItemEdit,
    *,
    from_day: dt.date | None = None,
    base: int | None = None,
    note: str = "",
    dry_run: bool = False,
) -> EditedItems:
    """Make a new version of the list that holds from ``from_day`` on: by default 生效日期 until somebody signs, then today.

    ``base``: the version a workbook was written from; refused where another holds on that day now. Raises NotFound,
    BadInput for a code that the list has not, or a day outside the term; StepNotAllowed once the agreement is over.
    """
    with changing(office.db, dry_run=dry_run):
        key = numbers_to_ids(office, [number])[number]
        (standing,) = standings(office.db, office.today, {key})
        if standing.state.ended:
            raise StepNotAllowed("协议已作废或解除，清单不再变更", where=number, remedy="新的协议请用 agreement draft")
        since = _since(standing, from_day, office.today)
        (old,) = load_agreements(office.db, [key], on=since)
        if base is not None and base != old.list_version:
            what = f"表是按第 {base} 版清单做的，{since} 起用的已是第 {old.list_version} 版"
            raise BadInput(what, where=number, remedy=f"请用 agreement items {number} --xlsx 重新存表")
        items = edited(old, edit)
        changes = item_changes(old.items, items)
        if changes:
            version = newest_version(office.db, key) + 1
            add_list(office.db, key, version, items, since=since, recorded_at=office.now)
            data = {"version": version, "base": old.list_version, "changes": kept_changes(old.items, items)}
            told = "；".join([*(one.text for one in changes), *([note] if note else [])])
            add_event(office.db, key, _KIND, on=since, recorded_at=office.now, actor=office.actor, note=told, data=data)
            old = replace(old, items=items, list_version=version)
        later = tuple(one.since for one in list_versions(office.db, [key]).get(key, ()) if one.since > since)
    return EditedItems(old, since, changes, later, bool(standing.state.signed))


def edited(one: Agreement, edit: ItemEdit) -> tuple[Item, ...]:
    """The list as ``edit`` makes it. Raises BadInput for a code it has not, or one both ticked and unticked."""
    codes = [item.code for item in one.items]
    named = [*edit.tick, *edit.untick, *edit.frequency, *(code for code, _ in edit.texts)]
    for code in named:
        if code not in codes:
            hint = did_you_mean(code, codes) or f"可用 agreement items {one.number} 查看代码"
            raise BadInput(f"清单里没有“{code}”", where=one.number, remedy=hint)
    if both := sorted(set(edit.tick) & set(edit.untick)):
        raise BadInput(f"{both[0]} 既要勾选又要取消", where=one.number, remedy="请只写一种")
    return tuple(_edited(item, edit) for item in one.items)


def _edited(item: Item, edit: ItemEdit) -> Item:
    selected = item.code in edit.tick or (item.selected and item.code not in edit.untick)
    times, per = edit.frequency.get(item.code, (item.times, item.per))
    # Any: which fields these are, all of text, only EDITABLE says.
    texts: dict[str, Any] = {name: edit.texts[item.code, name] for name in EDITABLE if (item.code, name) in edit.texts}
    return replace(item, selected=selected, times=times, per=per, **texts)


def _since(standing: AgreementStatus, from_day: dt.date | None, today: dt.date) -> dt.date:
    one, ends = standing.agreement, standing.ends_on
    since = from_day or (max(today, one.starts_on) if standing.state.signed else one.starts_on)
    if not one.starts_on <= since <= ends:
        raise BadInput(
            f"{since} 不在协议期限（{one.starts_on} 至 {ends}）之内", where=one.number, remedy="请核对 --from"
        )
    return since
