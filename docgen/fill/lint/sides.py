"""Whose is what: follow the labels 甲方, 乙方 … through lines, columns and rows of a filled document."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from yiyu.docgen.fill.lint.paragraphs import Paragraph
from yiyu.docgen.fill.lint.trial import Line

WITNESS = "见证"
_ROLE = re.compile(
    r"[（(]?([甲乙丙丁])[ 　]*方(?=\s*(?:[：:（()）〈]|$|盖章|签|公章|代表|法定|负责|委托))|(见证|鉴证|监督|指导单位)"
)
"""A label, and no sentence that begins with the word."""
_LABEL = re.compile(r"[甲乙丙丁][ 　]*方(?:[（(][^）)]*[）)])?[ 　]*[：:]?")
_WORDS = r"[甲乙丙丁][ 　]*方|见证|法定代表人|负责人|委托代理人|授权代表|经办人|日期|签订日期|签字|盖章|[（(](?:公章|盖章|签字|签章)"
_GAP = re.compile(rf"\t+|(?<![ 　])[ 　]{{2,}}+(?={_WORDS})|[ 　](?=[甲乙丙丁]方(?:[（(][^）)]*[）)])?[：:])")
_MARK = re.compile("盖章|公章|签章|签字|签名|〈")
HEADING = re.compile(r"\s*(第[一二三四五六七八九十百零〇\d]+[条章]|[一二三四五六七八九十]+、)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of one side: ``role`` is 甲, 乙 …, WITNESS, or "" where no label stands over it."""

    role: str
    text: str
    line: int
    """Index of the line it is in."""


Owners = dict[tuple[int, int, int], str]
"""Side by table, grid column, and place beside others in a line."""


def assign(lines: Sequence[Line], paragraphs: Sequence[Paragraph]) -> list[Piece]:
    """Give every piece of every line with the side it belongs to.

    A label holds for what follows it in its paragraph, in its column (of a table, or set by tabs and gaps), and, alone in
    a cell, for the rest of its row. In running text it holds until a sentence or a heading.
    """
    pieces: list[Piece] = []
    owners: Owners = {}
    table = 0
    for row in _rows(lines, paragraphs):
        spot = paragraphs[lines[row[0]].paragraph].spot
        if spot.table != table or (not spot.table and _ends(lines[row[0]].text)):
            owners.clear()
        table, label = spot.table, ""
        for _, group in groupby(row, key=lambda index: paragraphs[lines[index].paragraph].spot.cell):
            cell = list(group)
            first = role_of(lines[cell[0]].text)
            label = first if _is_label(lines, cell) else "" if first else label
            for index in cell:
                key = (table, paragraphs[lines[index].paragraph].spot.column)
                pieces += _line(lines[index].text, index, key, label, owners)
    return pieces


def _line(text: str, index: int, key: tuple[int, int], label: str, owners: Owners) -> Iterator[Piece]:
    texts = _GAP.split(text)
    roles = [role_of(one) for one in texts]
    if roles[0] and not any(roles[1:]):
        for beside in [known for known in owners if known[:2] == key]:
            del owners[beside]
    for place, (one, role) in enumerate(zip(texts, roles, strict=True)):
        owner = role or label or owners.get((*key, place)) or owners.get((*key, 0), "")
        if role or label:
            owners[*key, place] = owner
        yield Piece(owner, one, index)


def _rows(lines: Sequence[Line], paragraphs: Sequence[Paragraph]) -> Iterator[list[int]]:
    """Group the lines of one printed row; a line outside tables is a group of its own."""
    turn, before = 0, -1
    turns = []
    for line in lines:
        spot = paragraphs[line.paragraph].spot
        # The same row of the template printed again by a loop starts over at its first paragraph.
        turn += not spot.row or line.paragraph <= before or spot.row != paragraphs[before].spot.row
        before = line.paragraph
        turns.append(turn)
    for _, group in groupby(range(len(lines)), key=turns.__getitem__):
        yield list(group)


def _is_label(lines: Sequence[Line], cell: list[int]) -> bool:
    text = "".join(lines[index].text for index in cell).strip()
    return bool(_LABEL.fullmatch(text)) and not _MARK.search(text)


def role_of(text: str) -> str:
    """Give the side a text begins with: 甲 of “甲方（盖章）：”, WITNESS, or ""."""
    found = _ROLE.match(text.strip())
    return "" if found is None else found[1] or WITNESS


def _ends(text: str) -> bool:
    return "。" in text or bool(HEADING.match(text))
