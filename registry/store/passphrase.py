"""Who is asked for the key of an encrypted registry.

Only the store knows whether a registry is encrypted, only a command knows the environment and the person. So a command
says beforehand whom to ask, and the store asks where it must.
"""

from contextvars import ContextVar
from typing import Protocol


class PassphraseSource(Protocol):
    def __call__(self, *, new: bool = False) -> str:
        """The key, "" where there is none; the same whenever asked. ``new``: one is to be chosen."""


def _nobody(**_: bool) -> str:
    return ""


passphrase_source: ContextVar[PassphraseSource] = ContextVar("passphrase_source", default=_nobody)
"""What it gives is never part of a message, a name or a row."""
