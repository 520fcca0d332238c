"""Find the tags in the text of one paragraph, also the ones that are written wrong, and say what is wrong with them.

What a Chinese keyboard or Word does to a tag (full-width braces, Chinese quotes and punctuation, hard spaces) is
reported once and then read as it was meant, so that a wrong field inside it is found in the same run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from yiyu.docgen.fill.dialects import field_in_single, foreign_tags
from yiyu.registry.model import Severity

_WIDE_BRACES = str.maketrans("｛｝％＃", "{}%#")
_ESCAPED = re.compile(r"\{_\{|\}_\}|\{_%|%_\}")
_TOKEN = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}|(?<!\{)\{[ 　\xa0]+[{%](?!\{)|(?<!\})[}%][ 　\xa0]+\}(?!\})")
"""The marks, also with spaces between their two characters."""
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_LEVEL = re.compile(r"(tr|tc|p|r)([ 　\xa0\t])")
_GUESS = re.compile(r"[^{}%#]*")
_LONE = re.compile(r"\{[^{}]*\}|[{}]")
_WORD = re.compile(r"\w+")
_LOOKALIKE = re.compile(r"[【\[<«〈＜]{1,2}\s*([一-鿿]\w*(?:\.[^\W\d]\w*)+)\s*[】\]>»〉＞]{1,2}")
_START_LOST = re.compile(r"[{%]?\s*%?\s*((?:(?:tr|tc|p|r)\s+)?(?:if|for|elif|else|end\w+|set|with)\b[^{}%]*)$")
_FAR = 200
"""How far before a stray end its start is looked for."""

_SMART_QUOTES = str.maketrans("“”‘’", "\"\"''")
"""docxtpl reads these as plain quotes."""
_OTHER_QUOTES = {"＂": '"', "「": '"', "」": '"', "『": '"', "』": '"', "＇": "'", "｀": "'"}
_PUNCTUATION = {
    **dict(zip("，、。．：；（）［］【】｜＝！＞＜＋－＊／＿", ",,..:;()[][]|=!><+-*/_", strict=True)),
    **{
        chr(code): chr(code - 0xFEE0)
        for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
    },
}
_SPACES = dict.fromkeys("　\xa0\u200b\u200c\u200d\u2060\ufeff", " ")
_MEANT = {**_OTHER_QUOTES, **_PUNCTUATION, **_SPACES}
_BREAKING = "\u200b\u200c\u200d\u2060\ufeff"
"""Spaces without width, which Jinja2 does not take for spaces."""


class TagFault(NamedTuple):
    """What is wrong at an offset of the paragraph's text; no more is known here than the text."""

    start: int
    severity: Severity
    code: str
    message: str
    suggestion: str


class _Token(NamedTuple):
    start: int
    end: int
    mark: str


@dataclass(frozen=True, slots=True)
class Tag:
    """``mark`` is the opening: {{, {% or {#. ``level`` is docxtpl's tr, tc, p or r, or "". ``code`` is the cleaned inside.

    ``whole`` is False where an end was missing: then ``code`` is only a guess. ``joins``: a dash merges paragraphs.
    """

    start: int
    end: int
    mark: str
    level: str
    code: str
    raw: str
    whole: bool = True
    joins: bool = False

    @property
    def keyword(self) -> str:
        """First word of a {% %} tag; "" of another."""
        found = _WORD.match(self.code) if self.mark == "{%" else None
        return found.group() if found else ""

    @property
    def rest(self) -> str:
        return self.code.removeprefix(self.keyword).strip()

    @property
    def brief(self) -> str:
        """As it is written, cut for a message."""
        return _short(self.raw)

    @property
    def shown(self) -> str:
        """As it should be written."""
        return _short(f"{self.mark}{self.level} {self.code} {_CLOSING[self.mark]}", 120)


def scan(text: str) -> tuple[list[Tag], list[TagFault]]:
    """Give the tags of a paragraph in order, and the faults of their writing."""
    plain = _ESCAPED.sub("   ", text.translate(_WIDE_BRACES))
    tokens = [_Token(*found.span(), re.sub(r"\s", "", found.group())) for found in _TOKEN.finditer(plain)][::-1]
    tags: list[Tag] = []
    faults: list[TagFault] = []
    taken: list[tuple[int, int]] = []
    last_comment = plain.rfind("#}")
    while tokens:
        token = tokens.pop()
        if token.mark == "{#":
            # Whatever a comment holds is no tag.
            while tokens and token.start < last_comment and tokens[-1].mark != "#}":
                tokens.pop()
        following = tokens[-1] if tokens else None
        if token.mark not in _CLOSING:
            tags += _without_start(plain, token, taken, faults)
        elif following is not None and following.mark not in _CLOSING:
            tags.append(_tag(text, plain, token, tokens.pop(), faults))
            taken.append((tags[-1].start, tags[-1].end))
        else:
            tags.append(_without_end(plain, token, following, taken, faults))
    raw = [tag for tag in tags if tag.keyword in {"raw", "endraw"}]
    taken += [(one.start, other.end) for one, other in pairwise(raw) if one.keyword == "raw"]
    faults += _leftovers(text, plain, taken)
    return tags, faults


def _tag(text: str, plain: str, opening: _Token, closing: _Token, faults: list[TagFault]) -> Tag:
    mark, start, end = opening.mark, opening.start, closing.end
    inside, inner = plain[opening.end : closing.start], text[opening.end : closing.start]
    doubled = mark == "{{" and inside.lstrip().startswith("{") and "}" not in inside
    if doubled:
        inner = inner.lstrip()[1:]
        end += plain[end : end + 1] == "}"
    raw = text[start:end]
    level, inner = _level(inner, inside, start, faults) if mark != "{#" else ("", inner)
    inner = inner.strip(" \t\n")
    code, found = clean(inner.strip("-+").strip(" \t\n")) if mark != "{#" else ("", [])
    tag = Tag(start, end, mark, level, code, raw, joins=inner.startswith("-") or inner.endswith("-"))
    for wrong, kind, message in (
        (doubled, "extra-brace", "多了一层花括号"),
        (
            _is_wide(text, opening) or _is_wide(text, closing),
            "full-width-brace",
            "用了全角的花括号或百分号，会原样印出来",
        ),
        (
            opening.end - start > 2 or closing.end - closing.start > 2,
            "brace-apart",
            "的两个花括号之间有空格，会原样印出来",
        ),
        (closing.mark != _CLOSING[mark], "delimiters-differ", f"的开头是 {mark}，结尾却是 {closing.mark}"),
    ):
        if wrong:
            faults.append(TagFault(start, Severity.ERROR, kind, f"“{tag.brief}”{message}", f"请写成 {tag.shown}"))
    for severity, kind, message in found:
        faults.append(TagFault(start, severity, kind, f"标签“{tag.brief}”里{message}", f"请写成 {tag.shown}"))
    return tag


def _is_wide(text: str, token: _Token) -> bool:
    return not text[token.start : token.end].replace("　", " ").replace("\xa0", " ").isascii()


def _level(inner: str, inside: str, start: int, faults: list[TagFault]) -> tuple[str, str]:
    """Split docxtpl's prefix off; it counts only right after the brace and before one plain space."""
    found = _LEVEL.match(inner)
    late = None if found else _LEVEL.match(inner.lstrip())
    if late and late[1] != "r" and not re.match(r"\s*(p|r|tr|tc)\s*([|.=,(\[]|$)", inner):
        found, inner = late, inner.lstrip()
        message = f"前缀“{late[1]}”要紧跟在花括号后面，中间不能有空格"
        faults.append(TagFault(start, Severity.ERROR, "prefix-misplaced", message, "请删去花括号和前缀之间的空格"))
    if not found:
        return "", inner
    rest = inner[found.end() :]
    if found[2] != " ":
        message = f"前缀“{found[1]}”后面不是普通的半角空格，前缀不起作用"
        faults.append(TagFault(start, Severity.ERROR, "prefix-misplaced", message, "请改成一个半角空格"))
    elif found[1] != "r" and re.search("[%}]", inside[found.end() :]):
        message = f"带前缀“{found[1]}”的标签里不能有 % 或花括号，前缀不起作用"
        faults.append(
            TagFault(start, Severity.ERROR, "prefix-misplaced", message, "请先用 {% set %} 算好，再在此处引用")
        )
    return found[1], rest


def clean(inner: str) -> tuple[str, list[tuple[Severity, str, str]]]:
    """Read the inside of a tag as it was meant; with what had to be changed outside quoted text, as phrases."""
    straight = inner.translate(_SMART_QUOTES)
    smart = sorted({char for char, plain in zip(inner, straight, strict=True) if char != plain})
    code: list[str] = []
    quote = ""
    changed: dict[str, str] = {}
    for char in straight:
        meant = _OTHER_QUOTES.get(char, char)
        if quote:
            if meant == quote:
                quote = ""
                changed |= {char: meant} if meant != char else {}
                code.append(meant)
            else:
                code.append(char)
            continue
        meant = _MEANT.get(char, char)
        changed |= {char: meant} if meant != char else {}
        quote = meant if meant in "\"'" else ""
        code.append(meant)
    return "".join(code).strip(), list(_changes(changed, smart))


def _changes(changed: dict[str, str], smart: list[str]) -> Iterator[tuple[Severity, str, str]]:
    quotes = [char for char in changed if char in _OTHER_QUOTES]
    spaces = [char for char in changed if char in _SPACES]
    others = [char for char in changed if char not in {*quotes, *spaces}]
    if quotes:
        yield Severity.ERROR, "chinese-quotes", f"用了中文引号“{''.join(quotes)}”"
    elif smart:
        yield Severity.WARNING, "chinese-quotes", "用了弯引号，宜用半角的直引号"
    if others:
        pairs = "，".join(f"“{char}”应为“{changed[char]}”" for char in others)
        yield Severity.ERROR, "chinese-punctuation", f"用了全角符号：{pairs}"
    if spaces:
        broken = any(char in _BREAKING for char in spaces)
        yield Severity.ERROR if broken else Severity.WARNING, "odd-space", "有全角空格或看不见的空格"


def _without_end(
    plain: str,
    opening: _Token,
    following: _Token | None,
    taken: list[tuple[int, int]],
    faults: list[TagFault],
) -> Tag:
    end = following.start if following else len(plain)
    guess = _GUESS.match(plain, opening.end, end)
    stop = guess.end() if guess else opening.end
    while stop < end and plain[stop] in "%}#":
        stop += 1
    taken.append((opening.start, stop))
    level, inner = _level(guess.group() if guess else "", "", opening.start, [])
    code, _ = clean(inner.strip().strip("-+").strip())
    tag = Tag(opening.start, stop, opening.mark, level, code, plain[opening.start : stop], whole=False)
    if tag.mark == "{#" and (foreign := next(foreign_tags(tag.raw), None)):
        message = f"{foreign.told}，不能填写"
        faults.append(TagFault(tag.start, Severity.ERROR, "template-dialect", message, foreign.remedy))
        return tag
    message = f"标签“{tag.brief}”没有在本段写完，缺少 {_CLOSING[tag.mark]}"
    faults.append(TagFault(tag.start, Severity.ERROR, "tag-unclosed", message, f"请补上结尾 {_CLOSING[tag.mark]}"))
    return tag


def _without_start(plain: str, closing: _Token, taken: list[tuple[int, int]], faults: list[TagFault]) -> Iterator[Tag]:
    begin = max(taken[-1][1] if taken else 0, closing.start - _FAR)
    message = f"有结尾 {closing.mark}，前面没有对应的开头"
    mark = next(opening for opening, end in _CLOSING.items() if end == closing.mark)
    faults.append(
        TagFault(closing.start, Severity.ERROR, "tag-unopened", message, f"请补上开头 {mark}，或删去这个结尾")
    )
    before = plain[begin : closing.start]
    lost = _START_LOST.search(before) if mark == "{%" else None
    brace = before.rfind("{")
    start = begin + (lost.start() if lost else brace if brace >= 0 else len(before))
    taken.append((start, closing.end))
    if lost:
        level, inner = _level(lost[1], "", start, [])
        yield Tag(start, closing.end, "{%", level, clean(inner.strip())[0], plain[start : closing.end], whole=False)


def _leftovers(text: str, plain: str, taken: list[tuple[int, int]]) -> Iterator[TagFault]:
    """Look for single braces and other people's placeholders outside the tags."""
    rest = list(plain)
    for start, end in taken:
        rest[start:end] = " " * (end - start)
    left = "".join(rest)
    others = {one.start: one for one in foreign_tags(left) if one.marked}
    for lone in _LONE.finditer(left):
        start, inside = lone.start(), lone.group().strip("{} ")
        written = text[start : lone.end()]
        if foreign := others.get(start):
            message = f"{foreign.told}，会原样印出来"
            yield TagFault(start, Severity.ERROR, "template-dialect", message, foreign.remedy)
        elif field_in_single(written, inside):
            message = f"“{written}”只有一层花括号，会原样印出来"
            yield TagFault(start, Severity.ERROR, "single-brace", message, f"请写成 {{{{ {inside} }}}}")
        elif written.isascii() or "{" in written:
            message = "标签之外有单独的花括号，会原样印出来"
            yield TagFault(start, Severity.WARNING, "single-brace", message, "如果是标签，请补全；不需要就删去")
    for other in _LOOKALIKE.finditer(left):
        message = f"“{text[other.start() : other.end()]}”像是要填的字段，但不是模板的写法，会原样印出来"
        yield TagFault(other.start(), Severity.WARNING, "other-placeholder", message, f"请写成 {{{{ {other[1]} }}}}")


def _short(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"
