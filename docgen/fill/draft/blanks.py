"""Find the blanks in the text of one paragraph: lines, brackets, boxes, dates, placeholders of every dialect. Pure."""

import re
from collections.abc import Iterator, Sequence

from yiyu.docgen.fill.draft.proposal import Blank, BlankKind

_GAP = r"[_＿﹍ 　\u00a0]"
_KINDS: tuple[tuple[BlankKind, str], ...] = (
    (BlankKind.TAG, r"\{\{(?P<tag_mark>[@#?/*+>]?)(?P<tag>[^{}]{0,200})\}\}"),
    (BlankKind.TAG, r"\{(?P<loop_mark>[#/^])(?P<loop>[\w 　]{0,60})\}"),
    (BlankKind.BRACES, r"｛{1,2}(?P<wide>[^｛｝{}]{1,40})｝{1,2}|\{(?P<single>[ 　]?[^\W\d][\w.]{0,40}[ 　]?)\}"),
    (BlankKind.MERGE, r"«(?P<merge>[^«»]{1,60})»"),
    (BlankKind.BRACES, r"【(?P<lenses>[^【】]{1,20})】|\[(?P<square>[一-鿿]{1,12})\]|<(?P<angle>[一-鿿]{1,12})>"),
    (
        BlankKind.DATE,
        rf"(?:(?:20|二〇|二○)?(?<![_＿﹍])[_＿﹍]+[ 　]?|(?<![ 　\u00a0])[ 　\u00a0]*)年{_GAP}+月{_GAP}+日",
    ),
    (BlankKind.DATE, rf"(?<![_＿﹍年])[_＿﹍]+月{_GAP}+日"),
    (BlankKind.BRACKETS, rf"[（(]{_GAP}+[）)]"),
    (BlankKind.LINE, r"[_＿﹍][_＿﹍ 　\u00a0]*[_＿﹍]|[—─]{4,}"),
    (BlankKind.BOX, r"[□☐▢]"),
    (
        BlankKind.SPACES,
        r"(?<=[：:])(?=[ \u00a0]*　[ \u00a0]*　)[ 　\u00a0]+|(?<=[：:]) {4,}|(?<=[^\s：:。])　{4,}(?=[^\s　])",
    ),
    (BlankKind.COLON, r"(?<=[：:])(?=[ 　]*(?:$|\t|\n))"),
)
"""No text keeps the search busy: names are bounded, and a run of spaces or lines is only looked at from its beginning."""
_EVERY = re.compile("|".join(f"(?P<kind{at}>{pattern})" for at, (_, pattern) in enumerate(_KINDS)))
_NAMES = ("tag", "loop", "wide", "single", "merge", "lenses", "square", "angle")
_LABELS_APART, _LABEL_NEXT = re.compile(r"[：:)）字章]$"), re.compile(r"\s*[^。；]{0,16}[：:]")


def find_blanks(text: str, controls: Sequence[tuple[int, int, str]] = ()) -> tuple[Blank, ...]:
    """Give the blanks in order. ``controls``: start, end and name of the content controls that still ask for a value."""
    own = [Blank(BlankKind.CONTROL, start, end, name) for start, end, name in controls]
    return tuple(sorted([*own, *(one for one in _found(text) if not _inside(one, own))], key=lambda one: one.start))


def _inside(one: Blank, controls: Sequence[Blank]) -> bool:
    return any(one.start < control.end and control.start < max(one.end, one.start + 1) for control in controls)


def _found(text: str) -> Iterator[Blank]:
    for found in _EVERY.finditer(text):
        at = next(at for at in range(len(_KINDS)) if found[f"kind{at}"] is not None)
        kind = _KINDS[at][0]
        if kind is BlankKind.SPACES and _sets_apart(text, *found.span()):
            continue
        name = next((found[key] for key in _NAMES if found[key] is not None), "")
        yield Blank(kind, found.start(), found.end(), name.strip(), found["tag_mark"] or found["loop_mark"] or "")


def _sets_apart(text: str, start: int, end: int) -> bool:
    """Whether spaces without a colon before them only part two labels."""
    before, after = text[:start], text[end:]
    if not after or before.rstrip().endswith(("：", ":")):
        return False
    return bool(_LABELS_APART.search(before) or _LABEL_NEXT.match(after))
