"""The key of an encrypted registry: from $YIYU_KEY, else typed at a terminal without showing it."""

import os
import sys
import unicodedata

import click

from yiyu.registry.store.passphrase import passphrase_source

_VARIABLE = "YIYU_KEY"


def set_passphrase_source(*, ask: bool = True) -> None:
    """Let the store ask for the key; where not ``ask``, only the environment.

    The variable is taken out of the environment: programs we start, readers of foreign files among them, inherit none.
    """
    passphrase_source.set(_Clerk(_folded(os.environ.pop(_VARIABLE, "")), asks=ask))


class _Clerk:
    """Types it once."""

    def __init__(self, key: str, *, asks: bool) -> None:
        self._key, self._asks = key, asks

    def __call__(self, *, new: bool = False) -> str:
        if not self._key and self._asks and sys.stdin.isatty() and sys.stderr.isatty():
            label = "新口令" if new else "登记库口令"
            again = "再输入一次" if new else False
            self._key = _folded(click.prompt(label, hide_input=True, confirmation_prompt=again, err=True))
        return self._key


def _folded(key: str) -> str:
    """Full-width letters are ordinary ones: a hidden prompt does not show how the input method is set."""
    return unicodedata.normalize("NFKC", key.strip())
