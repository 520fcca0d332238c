"""The one door for text: what a person cannot see is taken out, what only looks like a character becomes it. Pure.

Every text that comes in passes here: cells by the kind of their column, options and JSON character by character.
``clean(clean(text).text)`` changes nothing more, and no value is lost or joined to its neighbour.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from yiyu.registry.rules.cleaning_marks import (
    FROM_PRIVATE,
    FROM_RADICAL,
    JOINERS,
    JOINING,
    KEYCAP,
    MONGOLIAN,
    NARROW_BLANK,
    PICTURE,
    PRESENTATIONS,
    SHAPED,
    TURNED,
    UNSEEN,
)
from yiyu.registry.rules.mojibake import TELLTALE, garbled

Shape = Literal["text", "line", "whole", "name", "number"]
"""How a text stands in its field: lines of their own; values on one line; one run of characters; a name; signs to compute with."""
SHAPE: dict[str, Shape] = {
    "line": "line", "phone": "line", "paragraphs": "text", "lines": "text", "own": "text", "kept": "text", "whole": "whole", "name": "name",
    **dict.fromkeys(("code", "district", "day", "count", "quantity", "months", "yes_no", "choice"), "number"),
}  # fmt: skip
"""The shape of a text by the kind of its column."""

NO_VALUE = frozenset({
    "none", "null", "nan", "nat", "n/a", "#n/a", "na", "nil", "<na>", "undefined",
    "无", "暂无", "没有", "空", "空白", "不详", "未知", "不清楚", "未填", "未填写", "略", "同名",
})  # fmt: skip
"""What people and programs write where there is nothing to write."""
_AWAITED = frozenset({
    "待定", "待补", "待补充", "待核实", "待填", "待填写", "待办", "待办理", "待审批", "未定", "未办", "尚未办理", "办理中", "正在办理",
    "办证中", "正在办证", "申办中", "申请中", "正在申请", "审批中", "正在审批", "注册中", "正在注册", "登记中", "正在登记", "筹建中",
    "证照办理中", "证件办理中", "手续办理中",
})  # fmt: skip
"""What people write where a value is still to come."""
_WORDS = NO_VALUE | _AWAITED | {"0"}
_SIGNS = re.compile(r"[-‐-―−_/\\.·。…~#*?,、()\s]*")

_PLAIN = r"\t\n !-$'-<>@-\[\]^`-~" "、。（）：，；《》“”‘’—…·０-９Ａ-Ｚａ-ｚ"
_TELLING = frozenset("?%&=\\_")
"""ASCII of which damage is made, as in ??, %E4%B8 and &nbsp;."""
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_DUPLICATE = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")
"""CJK compatibility ideographs; what stands there and is no duplicate has no other form."""
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u205f]")
_BREAKS = re.compile(r"\s*[\t\n\v\f\r\x85\u2028\u2029]\s*")
_WIDE = {0xFF01 + at: 0x21 + at for at in range(94)} | {0x3000: 0x20}
_PADDED = re.compile("[\u3400-\u9fff]\u3000+[\u3400-\u9fff]")
_LEFT = frozenset({"own", "kept"})
_OWN_WORDS = frozenset({"yes_no", "choice"})
"""Their readers know what 无 says."""
_LONGEST_WORD = 12
"""No word for nothing is longer, but for a row of strokes."""
_LABEL = re.compile(
    "[\u4e00-\u9fff()]*(?:代码|证号|编号|注册号|登记号|执照号)(?:证?号)?(?:[(][\u4e00-\u9fff]*[)])?[:：\\s]*(?=[0-9A-Za-z])"
)
_MARKED = re.compile(r"(?<=[0-9A-Za-z]{18})\s*[(](?:副本|正本|复印件|\d-\d|[\u4e00-\u9fff]{1,8})[)]$")
"""What stands on a certificate beside its code."""
_NEVER_ZERO = frozenset({"name", "code", "phone"})
_BETWEEN = "、，,；;。：:／/"


class Cleaned(NamedTuple):
    """A text as it may be kept. ``notes``: what was changed, for the person who typed it.

    ``doubt``: a character that may be printed as another sign, kept all the same. ``fault``: why it must not be kept.
    ``awaited``: the text said only that a value is still to come.
    """

    text: str
    notes: tuple[str, ...] = ()
    doubt: str = ""
    fault: str = ""
    awaited: bool = False


@lru_cache(maxsize=1 << 12)
def clean(text: str, kind: str) -> Cleaned:
    """Clean the text of a field of ``kind``, as columns name kinds of cells; blank where it says nothing."""
    shape = SHAPE[kind]
    if (
        _ready().fullmatch(text)
        and (text.isascii() or (shape != "number" and kind != "phone"))
        and text.casefold() not in _WORDS
        and not (kind == "code" and text.endswith(")"))
    ):
        return Cleaned(text)
    found = plain(text, shape)
    if found.fault or kind in _LEFT:
        return found
    line, notes = found.text, found.notes
    if shape == "text":
        line = "\n".join(one.strip(" \t\u3000") for one in line.splitlines()).strip("\n")
    elif shape == "line":
        line, joined = _one_line(line)
        notes += ("换行改为顿号",) if joined else ()
    else:
        line = closed_up(line) if shape != "number" or kind == "code" else _BREAKS.sub(" ", line).strip()
    if shape == "number" or kind == "phone":
        line = line.translate(_WIDE).strip()
    if kind == "code" and (label := _LABEL.match(line)):
        line = line[label.end() :]
        notes += (f"去掉“{label[0].strip()}”",)
    if kind == "code" and (mark := _MARKED.search(line)):
        line = line[: mark.start()]
        notes += (f"去掉“{mark[0].strip()}”",)
    awaited = shape != "text" and _word(line) in _AWAITED
    if kind not in _OWN_WORDS and (awaited or no_value(line) or (line == "0" and kind in _NEVER_ZERO)):
        return Cleaned("", notes, awaited=awaited)
    if line == found.text:
        return found
    fault = _fault(line, shape)  # what a break hid
    return Cleaned(text, fault=fault) if fault else found._replace(text=line, notes=notes)


def is_private(text: str) -> bool:
    """Whether a text holds a character for private use: each computer may show another sign for it."""
    return _PRIVATE.search(text) is not None


def closed_up(text: str) -> str:
    """A name, a code or a heading on one line: what was broken belongs together, and so do padded characters."""
    return _BREAKS.sub("", text).replace("\u3000", "").strip()


def no_value(text: str) -> bool:
    """Whether a text only says that there is nothing: a stroke, 无, or what a program writes for an empty cell."""
    word = _word(text)
    return word in NO_VALUE or _SIGNS.fullmatch(word) is not None


def _word(text: str) -> str:
    """The text folded, where it may be a word for nothing; else as it stands, which is faster."""
    if len(text) > _LONGEST_WORD and text[0].isalnum():
        return text
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def plain(text: str, of: Shape = "text") -> Cleaned:
    """Clean the characters of a text, whatever its field: none unseen, none that merely looks like another; lines stay."""
    if (text.isascii() and _TELLING.isdisjoint(text)) or not _unusual().search(text):
        return Cleaned(text)
    if fault := _fault(text, of):
        return Cleaned(text, fault=fault)
    swapped = {sign: other for sign in dict.fromkeys(text) if (other := _proper(sign)) != sign}
    notes = tuple(_swap(sign, other) for sign, other in swapped.items())
    seen, count = _without_unseen(text.translate({ord(sign): other for sign, other in swapped.items()}))
    if count:
        notes += (f"去掉{count}个看不见的字符",)
    seen = unicodedata.normalize("NFC", _SPACES.sub(" ", seen))
    found = _PRIVATE.search(seen)
    doubt = f"“{found[0]}”（U+{ord(found[0]):04X}）是自造字，换一台电脑会显示成别的字，请改用正式的字" if found else ""
    return Cleaned(seen, notes, doubt, _fault(seen, of))


def _fault(text: str, of: Shape) -> str:
    if TURNED in text:
        return f"第 {text.index(TURNED) + 1} 个字是看不见的控制字符，会把后面的字倒过来"
    return garbled(text, "name" if of == "name" else "line" if of == "line" else "text")


def _proper(sign: str) -> str:
    """The character that a radical, a former private one or a mere duplicate stands for; else itself."""
    sign = FROM_PRIVATE.get(sign, sign)
    sign = FROM_RADICAL.get(sign, sign)
    return unicodedata.normalize("NFC", sign) if _DUPLICATE.match(sign) else sign


def _swap(sign: str, other: str) -> str:
    if sign in FROM_PRIVATE:
        return f"自造字U+{ord(sign):04X}改为“{other}”"
    return f"部首字形“{sign}”改为“{other}”" if sign in FROM_RADICAL else f"重复编码U+{ord(sign):04X}改为“{other}”"


def _without_unseen(text: str) -> tuple[str, int]:
    """The text without what shows nothing, and how many such characters it had."""
    seen = UNSEEN.sub("", text)
    while (shorter := JOINING.sub(_kept, seen)) != seen:
        seen = shorter
    return seen, len(text) - len(seen)


def _kept(mark: re.Match[str]) -> str:
    """The mark where it shapes its neighbours, as in an emoji or a Mongolian word; else nothing, a blank for a blank."""
    sign, text = mark[0], mark.string
    before, after = _neighbour(text, mark.start(), -1), _neighbour(text, mark.end() - 1, 1)
    if sign == NARROW_BLANK:
        return sign if MONGOLIAN.match(before) and MONGOLIAN.match(after) else " "
    if len(sign) > 1:
        return sign
    if text[: mark.start()].endswith(sign):
        return ""
    if sign in PRESENTATIONS:
        wanted = after == KEYCAP or _fits(PICTURE, before)
    elif sign in JOINERS:
        wanted = (_fits(PICTURE, before) and _fits(PICTURE, after)) or _fits(SHAPED, before) or _fits(SHAPED, after)
    else:
        wanted = sign < PRESENTATIONS and _fits(SHAPED, before)
    return sign if wanted else ""


def _fits(signs: re.Pattern[str], sign: str) -> bool:
    return signs.match(sign) is not None


def _neighbour(text: str, at: int, step: int) -> str:
    """The next character that is no mark itself, or ""."""
    at += step
    while 0 <= at < len(text) and JOINING.match(text[at]) and text[at] != NARROW_BLANK:
        at += step
    return text[at] if 0 <= at < len(text) else ""


def _one_line(text: str) -> tuple[str, bool]:
    """The values of a line, 、 for each break between two, and whether there was one; 张　三 is padded, not two."""
    text = text.strip()
    text = text.replace("\u3000", "" if _PADDED.fullmatch(text) else " ")
    line, *others = _BREAKS.split(text)
    for other in others:
        line += other if line[-1:] in _BETWEEN or other[:1] in _BETWEEN else f"、{other}"
    return line, bool(others)


@cache
def _unusual() -> re.Pattern[str]:
    """What makes a text worth a second look; few have any of it. Compiled when it is first needed: that takes time."""
    return re.compile(f"[^{_PLAIN}{_usual_ideographs()}]")


@cache
def _ready() -> re.Pattern[str]:
    """A text that can be kept as it is, but for the words for nothing: most are."""
    letters = f"0-9A-Za-z{_usual_ideographs()}"
    return re.compile(f"[{letters}][{letters}（）()·—-]*")


def _usual_ideographs() -> str:
    ranges, start = "", "\u4e00"
    for sign in sorted({*TELLTALE, *"锟斤烫屯锘"}):
        ranges += f"{start}-{chr(ord(sign) - 1)}" if sign > start else ""
        start = chr(ord(sign) + 1)
    return f"{ranges}{start}-\u9fff"
