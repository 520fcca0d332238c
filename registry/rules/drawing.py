"""双随机: a draw by lot that anybody can repeat from its printed seed. Pure.

Each of the list gets a number, the SHA-256 of seed and name in UTF-8; the lowest are drawn. The order of the list, the
program and its version play no part.

Source: 国办发〔2015〕58号 (随机抽取检查对象、随机选派执法检查人员).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draw:
    """``listed``: how many there were to draw from, ``digest`` of them all; ``drawn``: names, each with its inspectors."""

    seed: str
    listed: int
    digest: str
    drawn: tuple[tuple[str, tuple[str, ...]], ...]


def draw(names: Iterable[str], count: int, seed: str, *, inspectors: Sequence[str] = (), each: int = 2) -> Draw:
    """Draw ``count`` of ``names``, or all where there are fewer, and ``each`` of ``inspectors`` for every one of them.

    The same seed over the same names gives the same draw.
    """
    known = sorted(set(names))
    drawn = _lowest(known, count, seed)
    digest = hashlib.sha256("\n".join(known).encode()).hexdigest()
    return Draw(seed, len(known), digest, tuple((one, _lowest(inspectors, each, f"{seed}\n{one}")) for one in drawn))


def _lowest(names: Iterable[str], count: int, seed: str) -> tuple[str, ...]:
    return tuple(sorted(set(names), key=lambda name: (_lot(seed, name), name))[:count])


def _lot(seed: str, name: str) -> str:
    return hashlib.sha256(f"{seed}\n{name}".encode()).hexdigest()
