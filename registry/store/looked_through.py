"""When a registry was last looked through as a whole, for a program that stays and writes many times.

A command looks once, before it writes. A desk over 20,000 agreements would spend most of a second on it with each form, while
nobody else can write; it looks again after an hour, where the file was replaced, and where its schema is another.
"""

import threading
import time
from pathlib import Path

from sqlite_utils import Database

_SECONDS = 3600.0


class LookedThrough:
    """Of the one registry of an office; several threads may ask."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds, self._until = seconds, 0.0
        self._of: tuple[int, ...] = ()
        self._lock = threading.Lock()

    def holds(self, db: Database, path: Path) -> bool:
        """Whether it was found sound not long ago, and is still the same file with the same schema."""
        of = _mark(db, path)
        with self._lock:
            return self._of == of and time.monotonic() < self._until

    def note(self, db: Database, path: Path) -> None:
        """It was found sound just now."""
        of = _mark(db, path)
        with self._lock:
            self._of, self._until = of, time.monotonic() + self._seconds


def _mark(db: Database, path: Path) -> tuple[int, ...]:
    about = path.stat()
    return about.st_dev, about.st_ino, int(db.execute("PRAGMA schema_version").fetchone()[0])
