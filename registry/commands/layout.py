"""Text in columns of a terminal: Chinese characters are two cells wide and lines may break between them."""

import re
import unicodedata
from collections.abc import Sequence

_WORD = re.compile(r"\s+|[（“‘《〈【〔「『]*(?:\[[^]|]*\]|[!-~]+|\S)[，。；：、！？）”’》〉】〕」』…]*")
"""What stays together: what stands in brackets, a run of Latin letters, figures and signs, or one character, with the marks that belong to it."""
_LONGEST_WORD = 24
"""Wider ones may be cut: a path, not the number of an agreement."""
_NARROWEST = 6
_GAP = 2


def cells(text: str) -> int:
    """How many cells of a terminal a text takes.

    Four lines and not wcwidth, whose import takes 27 ms of a start that takes 86; the tests hold both to one result.
    """
    if text.isascii():
        return len(text)
    return sum(map(_cells_of, text))


def padded(text: str, width: int) -> str:
    return text + " " * (width - cells(text))


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text no wider than ``width``; "" gives one empty line."""
    return [line for paragraph in text.split("\n") for line in _paragraph(paragraph, width)]


def grid(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """Each row as lines of aligned columns within ``width``: the widest columns are narrowed and their texts wrapped."""
    columns = list(zip(*rows, strict=True))
    widths = _widths([_extent(column) for column in columns], width)
    return [_row_lines(row, widths) for row in rows]


def _paragraph(paragraph: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in _WORD.findall(paragraph):
        if line and cells(line) + cells(word.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += word if line or not lines else word.lstrip()
        while cells(line.rstrip()) > width:
            part = _beginning(line, width)
            lines.append(part.rstrip())
            line = line[len(part) :]
    return [*lines, line.rstrip()] if line or not lines else lines


def _beginning(word: str, width: int) -> str:
    end = next((end for end in range(1, len(word) + 1) if cells(word[:end]) > width), len(word) + 1)
    return word[: max(end - 1, 1)]


def _extent(column: Sequence[str]) -> tuple[int, int]:
    """The least and the full width of a column."""
    full = max((cells(line) for text in column for line in text.split("\n")), default=0)
    longest = max((cells(word) for text in set(column) for word in _WORD.findall(text)), default=0)
    return min(full, max(_NARROWEST, min(longest, _LONGEST_WORD))), full


def _widths(extents: Sequence[tuple[int, int]], width: int) -> list[int]:
    widths = [full for _, full in extents]
    while sum(widths) + _GAP * (len(widths) - 1) > width:
        wide = [index for index, (least, _) in enumerate(extents) if widths[index] > least]
        if not wide:
            break
        widths[max(wide, key=lambda index: widths[index])] -= 1
    return widths


def _row_lines(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    held = [wrapped(text, width) for text, width in zip(row, widths, strict=True)]
    height = max(map(len, held))
    lines = ([one[at] if at < len(one) else "" for one in held] for at in range(height))
    return [(" " * _GAP).join(map(padded, line, widths)).rstrip() for line in lines]


def _cells_of(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 0 if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc") else 1
