"""Passwords, hashed with argon2id (RFC 9106); the one module that knows argon2-cffi."""

import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from yiyu.registry.errors import BadInput

SHORTEST = 8
_LONGEST = 200
_hasher = PasswordHasher()


def hashed(password: str, again: str) -> str:
    """The hash of a new password. Raises BadInput for one that is short, too long, or not typed twice alike."""
    if password != again:
        raise BadInput("两次输入的口令不一样", remedy="请重新输入")
    if not SHORTEST <= len(password) <= _LONGEST:
        raise BadInput(f"口令应为 {SHORTEST} 到 {_LONGEST} 个字符", remedy="请换一个再试，如几个不相干的词连在一起")
    return _hasher.hash(password)


def fits(stored: str, password: str) -> bool:
    """Whether ``password`` is the one of the hash; takes as long for "", which fits nothing."""
    try:
        nobody = _nobody()  # made at the first login, whoever's: also that one tells nothing by its time
        return _hasher.verify(stored or nobody, password[:_LONGEST]) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _nobody() -> str:
    """Held against what is typed for a name that does not exist, so that the time of the answer tells nothing."""
    return _hasher.hash("nobody")
