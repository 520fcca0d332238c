"""Values computed from the whole registry, kept until it changes: 20,000 agreements are replayed once, not for each page."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from yiyu.registry.session import OfficeSession
from yiyu.registry.store.row_changes import head

T = TypeVar("T")
_MOST = 40


@dataclass(slots=True)
class _Slot:
    """``head``: of the chain when the value was computed."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    head: str = ""
    value: Any = None


class Remembered:
    """By what is asked, the day and the scope; what several ask for at once is computed once."""

    def __init__(self) -> None:
        self._slots: OrderedDict[Hashable, _Slot] = OrderedDict()
        self._lock = threading.Lock()

    def value(
        self, office: OfficeSession, name: Hashable, compute: Callable[[], T], renew: Callable[[T], T] | None = None
    ) -> T:
        """What ``compute`` gives for the office as it stands; the caller must not change it.

        ``renew``: makes it out of what was kept before the last writes, where that is less work.
        """
        slot, now = self._slot((name, office.today, office.known_on, office.scope)), str(head(office.db))
        with slot.lock:
            if slot.head != now:
                slot.value = renew(slot.value) if renew is not None and slot.head else compute()
                slot.head = now
            found: T = slot.value
        return found

    def _slot(self, key: Hashable) -> _Slot:
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
            self._slots.move_to_end(key)
            if len(self._slots) > _MOST:
                self._slots.popitem(last=False)
        return slot
