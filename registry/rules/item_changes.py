"""What one service list says otherwise than another, as events keep it, and the list made again from it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from yiyu.registry.model import Item
from yiyu.registry.rules.frequencies import frequency

EDITABLE = {"selected": "勾选", "frequency": "频次", "department": "责任科室", "remark": "备注"}
"""What of an item one agreement may say otherwise than its pack, with the headings."""
_KEPT: Mapping[str, tuple[str, ...]] = {"frequency": ("times", "per")}
"""The attributes of an item behind a heading, where they are not that of its name."""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One thing said otherwise of one item; ``old`` and ``new`` as people read them."""

    seq: int
    code: str
    name: str
    field: str
    old: str
    new: str

    @property
    def text(self) -> str:
        return f"{self.code or self.name}{EDITABLE[self.field]}：{self.old or '（空）'} → {self.new or '（空）'}"


def item_text(item: Item, field: str) -> str:
    """A field of :data:`EDITABLE` as people read it."""
    if field == "selected":
        return "是" if item.selected else "否"
    return frequency(item.times, item.per) if field == "frequency" else str(getattr(item, field))


def item_changes(old: Sequence[Item], new: Sequence[Item]) -> tuple[ItemChange, ...]:
    """What ``new`` says otherwise; both hold the same items in the same order."""
    return tuple(
        ItemChange(was.seq, was.code, was.name, field, item_text(was, field), item_text(now, field))
        for was, now in zip(old, new, strict=True)
        for field in EDITABLE
        if item_text(was, field) != item_text(now, field)
    )


def kept_changes(old: Sequence[Item], new: Sequence[Item]) -> list[dict[str, Any]]:
    """The same for an event: ``{"seq", "code", "set": {attribute: value}, "was": {…}}`` for each item that changed."""
    return [
        {"seq": was.seq, "code": was.code, "set": {name: getattr(now, name) for name in names}}
        | {"was": {name: getattr(was, name) for name in names}}
        for was, now in zip(old, new, strict=True)
        if (names := [name for name in _attributes() if getattr(was, name) != getattr(now, name)])
    ]


def remade(base: Sequence[Item], kept: Iterable[Mapping[str, Any]]) -> tuple[Item, ...]:
    """The list an event made of ``base``."""
    sets = {change["seq"]: change["set"] for change in kept}
    return tuple(replace(item, **sets.get(item.seq, {})) for item in base)


def _attributes() -> list[str]:
    return [name for field in EDITABLE for name in _KEPT.get(field, (field,))]
