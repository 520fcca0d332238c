"""The place to sign: a seal, a signature and a date for each side, and never alone on a page (domain.md#clauses)."""

import itertools
import re
from collections.abc import Iterator, Sequence

from yiyu.docgen.fill.lint.form import Irregular, is_numbered
from yiyu.docgen.fill.lint.paragraphs import Paragraph
from yiyu.docgen.fill.lint.sides import Piece, role_of
from yiyu.docgen.fill.lint.trial import Line
from yiyu.registry.model import Severity

_MARKS = (
    ("盖章", "seal-missing", re.compile("盖章|公章|签章|印章|（章）"), "{}方（盖章）："),
    ("签字", "signature-missing", re.compile("签字|签名|签章"), "法定代表人或委托代理人（签字）："),
    (
        "日期",
        "date-missing",
        re.compile(r"年[\s　_＿]+月[\s　_＿]*日|(日期|时间)[：:][\s　_＿]*$"),
        "日期：　　年　　月　　日",
    ),
)
"""What a side needs, the code of its lack, how it is told, how to write it."""
_SIGNING = re.compile("盖章|公章|签章|签字|签名")
_EMPTY = re.compile(r"\s*|\s*[（(【]?(以下|本页)[^。；]{0,20}[）)】]?\s*")
"""Paragraphs that are no text of the agreement: blank, （以下无正文）, （以下为签署部分）."""
_SENTENCE = re.compile("[。；，]")
_LONGEST = 60


def check_signing(
    lines: Sequence[Line], pieces: Sequence[Piece], paragraphs: Sequence[Paragraph], roles: Sequence[str]
) -> Iterator[Irregular]:
    """Check the place to sign of a printed agreement between ``roles`` (甲, 乙 …)."""
    start = _start(lines, paragraphs)
    if start is None:
        last = len(lines) - 1
        message = "没有签署的地方：找不到盖章和签字处"
        yield Irregular(last, Severity.ERROR, "signing-missing", message, "请在文末为各方写出盖章、签字和日期")
        return
    own = [piece for piece in pieces if piece.line >= start]
    for role in roles:
        yield from _lacks(role, own, lines, paragraphs, start)
    if any(piece.role for piece in own):
        yield from _alone(lines, paragraphs, start)


def _start(lines: Sequence[Line], paragraphs: Sequence[Paragraph]) -> int | None:
    """Find the first line to sign on, which is short and no sentence; with the labels and the row it belongs to."""
    short = (index for index, line in enumerate(lines) if _SIGNING.search(line.text) and _is_short(line.text))
    start = next(short, None)
    row = 0 if start is None else paragraphs[lines[start].paragraph].spot.row
    while start:
        above = lines[start - 1]
        same_row = row and paragraphs[above.paragraph].spot.row == row
        if not same_row and not (role_of(above.text) and _is_short(above.text)):
            break
        start -= 1
    return start


def _is_short(text: str) -> bool:
    return len(re.sub(r"[\s　_＿]", "", text)) <= _LONGEST and not _SENTENCE.search(text) and not is_numbered(text)


def _lacks(
    role: str, own: Sequence[Piece], lines: Sequence[Line], paragraphs: Sequence[Paragraph], start: int
) -> Iterator[Irregular]:
    tables = {_table(piece, lines, paragraphs) for piece in own if piece.role == role}
    texts = [
        (piece.line, piece.text)
        for piece in own
        # A mark beside the columns of the sides, such as a row headed 签字, is for all of them.
        if piece.role == role or (not piece.role and _table(piece, lines, paragraphs) in tables - {0})
    ]
    at = texts[0][0] if texts else start
    for what, code, pattern, example in _MARKS:
        if not any(pattern.search(text) for _, text in texts):
            message = f"{role}方没有{what}的地方"
            yield Irregular(at, Severity.ERROR, code, message, f"请在签署处为{role}方写上“{example.format(role)}”")


def _table(piece: Piece, lines: Sequence[Line], paragraphs: Sequence[Paragraph]) -> int:
    return paragraphs[lines[piece.line].paragraph].spot.table


def _alone(lines: Sequence[Line], paragraphs: Sequence[Paragraph], start: int) -> Iterator[Irregular]:
    """Walk back from the place to sign to the text that must stay on its page, then on through its rows."""
    suggestion = "请给签署处之前的一段正文和签署处各行设置“与下段同页”，并删去它们之间的分页"
    at = start
    while not paragraphs[lines[at].paragraph].starts_page and at > 0 and paragraphs[lines[at - 1].paragraph].keeps:
        at -= 1
        if not _EMPTY.fullmatch(lines[at].text):
            break
    if at == start or _EMPTY.fullmatch(lines[at].text):
        message = "签署处没有和正文连在一起，可能单独落在一页上"
        yield Irregular(start, Severity.WARNING, "sign-page-alone", message, suggestion)
        return
    for row, following in _sign_rows(lines, paragraphs, start):
        breaks = any(paragraphs[lines[index].paragraph].starts_page for index in following)
        if breaks or not any(paragraphs[lines[index].paragraph].keeps for index in row):
            message = "签署处各行没有连在一起，可能分到两页"
            yield Irregular(row[0], Severity.WARNING, "sign-page-alone", message, suggestion)
            return


def _sign_rows(
    lines: Sequence[Line], paragraphs: Sequence[Paragraph], start: int
) -> Iterator[tuple[list[int], list[int]]]:
    """Give each row (outside tables: line) of the place to sign with the one that follows."""
    rows: list[list[int]] = []
    marked = (index for index in range(start, len(lines)) if any(mark[2].search(lines[index].text) for mark in _MARKS))
    last = max(marked, default=start)
    for index in range(start, last + 1):
        spot = paragraphs[lines[index].paragraph].spot
        before = rows and paragraphs[lines[rows[-1][-1]].paragraph].spot
        if before and spot.row and before.row == spot.row:
            rows[-1].append(index)
        else:
            rows.append([index])
    yield from itertools.pairwise(rows)
