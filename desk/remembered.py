"""Values computed from the whole registry, kept until it changes: 20,000 agreements are replayed once, not for each page."""

import contextvars
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from yiyu.registry.session import OfficeSession
from yiyu.registry.store.row_changes import head

T = TypeVar("T")
_MOST = 40
RESTS = 4
"""Counting that an older value may stand for rests so many times as long as it lasted."""
PATIENCE = 0.7
"""Seconds that a page waits for a value before it shows an older one, or that it is being counted."""


@dataclass(slots=True)
class _Slot:
    """``head``: of the chain when the value was computed."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    head: str = ""
    value: Any = None
    thread: threading.Thread | None = None
    fault: BaseException | None = None
    """What ended the last computation beside a page."""
    took: float = 0
    ended: float = 0
    """Seconds that computation took, and when it ended on the monotonic clock."""


def _kept(begin: Callable[[], object], slot: _Slot) -> None:
    began = time.monotonic()
    try:
        begin()
        slot.ended = time.monotonic()
        slot.took = slot.ended - began
    except BaseException as fault:  # noqa: BLE001 - told on the page that waits
        slot.fault = fault


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

    def lately(
        self, office: OfficeSession, name: Hashable, begin: Callable[[], object], patience: float = PATIENCE, *,
        older_will_do: bool = False,
    ) -> tuple[Any, bool]:  # fmt: skip
        """The value as it was last computed, and whether nothing was recorded since; None where it never was.

        ``begin`` computes it by :meth:`value` with a session of its own, beside the page, which waits ``patience`` seconds.
        Where an ``older_will_do``, what takes long is not begun anew with every write: it rests RESTS times as long
        as it lasted. Raises what ended the computation.
        """
        slot, now = self._slot((name, office.today, office.known_on, office.scope)), str(head(office.db))
        if slot.head != now:
            with self._lock:
                rests = older_will_do and slot.took > patience and time.monotonic() < slot.ended + RESTS * slot.took
                if rests:
                    return slot.value, False
                if slot.thread is None or not slot.thread.is_alive():
                    slot.fault = None
                    run = contextvars.copy_context().run
                    slot.thread = threading.Thread(target=run, args=(_kept, begin, slot), daemon=True)
                    slot.thread.start()
                thread = slot.thread
            thread.join(0 if older_will_do and slot.took > patience else patience)
        if slot.head != now and slot.fault is not None:
            raise slot.fault
        return slot.value, slot.head == now

    def has(self, office: OfficeSession, name: Hashable) -> bool:
        """Whether it need not be computed now."""
        return self._slot((name, office.today, office.known_on, office.scope)).head == str(head(office.db))

    def _slot(self, key: Hashable) -> _Slot:
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
            self._slots.move_to_end(key)
            if len(self._slots) > _MOST:
                self._slots.popitem(last=False)
        return slot
