"""What a label asks for: the words before a blank, the hint behind it, or the name a placeholder has. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from yiyu.docgen.fill.draft.words import (
    BY_HAND,
    ENGLISH_SIDES,
    HAND,
    ITEM_FIELDS,
    OTHERS_BEFORE,
    PATHS,
    RECORD_PATHS,
    SIDE_FIELDS,
    SIDE_NAMES,
    SIDES,
)

_SEAL = re.compile(r"[（(]?(?:加盖)?(?:盖章|公章|签章|单位公章|章)[）)]?")
_SIGNING = re.compile("签字|签名|签收")
_SPACE = re.compile(r"[\s　\u00a0]+")
_TAIL = re.compile(r"[：:为是于共计约由“\"（(【]+$")
_SEGMENT = re.compile(r"[，。；！？,;\t\n]|[ 　]{2,}")
_ADDED = re.compile(r"(?:及|和|、|/)[^及和、/]{1,4}$")
_NOTE = re.compile(r"[（(][^（()）]*[）)]$")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_HINT = re.compile(r"^[ 　]*[（(]([^（()）]{2,24})[）)]")
_ALIAS = re.compile(r"(?:以下)?(?:简称|称)[“\"]?([甲乙丙])方")


@dataclass(frozen=True, slots=True)
class Meaning:
    """``field``: a path, a field of a side without the side (``of_side``), or HAND. ``side``: 甲 乙 丙 or "" where not said."""

    field: str
    word: str
    side: str = ""
    of_side: bool = False


def compact(text: str) -> str:
    """A label without the spaces that set its characters apart and without the seal it asks for."""
    return _SEAL.sub("", _SPACE.sub("", text))


def last_segment(before: str) -> str:
    """Of the text before a blank, what belongs to it: behind the last comma, full stop or gap."""
    whole = _SPACE.sub(" ", before) if len(before) <= 8 else before  # 甲　　方：
    return _SEGMENT.split(whole)[-1]


def side_in(text: str) -> str:
    """The side a text names last, "" for none. 甲方 beside a kind of institution counts as one word."""
    found = [(text.rfind(word) + len(word), len(word), side) for word, side in SIDES.items() if word in text]
    return max(found)[2] if found else ""


def read_label(label: str, *, record: bool = False) -> Meaning | None:
    """What the end of a label asks for, None where nothing is known of it. ``record``: of a record sheet."""
    whole = _SPACE.sub("", label)
    if _SIGNING.search(whole):
        return Meaning(HAND, "签字")
    text = _TAIL.sub("", compact(whole))
    note = _NOTE.search(text)
    ways = (text, _NOTE.sub("", text), _ADDED.sub("", text), note[0].strip("（）()") if note else "")
    found = [one for way in dict.fromkeys(ways) if (one := _ending(way, record=record))]
    if found and found[0].word.startswith(OTHERS_BEFORE):
        return found[0]
    return next((one for one in found if one.field != HAND), found[0] if found else None)


def _ending(text: str, *, record: bool) -> Meaning | None:
    """The longest known word the text ends with."""
    best, field, of_side = "", "", False
    for words, party in ((PATHS, False), (RECORD_PATHS if record else {}, False), (SIDE_FIELDS, True)):
        for word, meant in words.items():
            if len(word) > len(best) and text.endswith(word):
                best, field, of_side = word, meant, party
    for word in SIDES:
        if len(word) > len(best) and text.endswith(word):
            best, field, of_side = word, "名称", True
    for word in BY_HAND:
        if len(word) > len(best) and text.endswith(word):
            best, field, of_side = word, HAND, False
    if not best:
        return None
    if of_side and text.removesuffix(best).endswith(OTHERS_BEFORE):
        return Meaning(HAND, text[-len(best) - 4 :])
    return Meaning(field, best, side_in(text), of_side)


def read_hint(after: str) -> Meaning | None:
    """What brackets behind a blank say of it: （托育机构）, （以下简称“甲方”）, （卫生健康行政部门盖章）."""
    found = _HINT.match(after)
    if not found:
        return None
    inside = compact(found[1])
    if alias := _ALIAS.search(inside):
        return Meaning("名称", found[1], alias[1], of_side=True)
    return _ending(inside, record=False)


def read_name(name: str, *, record: bool = False) -> Meaning | None:
    """What a placeholder's name asks for, Chinese (甲方联系电话) or English (phoneA, party_b_name)."""
    if not name.isascii():
        return read_label(name.replace(".", ""), record=record)
    tokens = [token.lower() for token in _CAMEL.findall(name)]
    joined = "".join(tokens)
    if joined in SIDE_NAMES:
        return Meaning("名称", name, ENGLISH_SIDES[joined[-1]], of_side=True)
    sides = [token for token in tokens if token in ENGLISH_SIDES]
    side = ENGLISH_SIDES[sides[-1]] if sides else ""
    rest = "".join(token for token in tokens if token not in (*ENGLISH_SIDES, "party"))
    if rest in PATHS and not side:
        return Meaning(PATHS[rest], name)
    return Meaning(SIDE_FIELDS[rest], name, side, of_side=True) if rest in SIDE_FIELDS else None


def read_column(heading: str) -> str:
    """The field of a 服务项目 a column or placeholder of a repeated row stands for, "" for none."""
    text = compact(heading).lower()
    plain: Mapping[str, str] = ITEM_FIELDS
    return next((plain[one] for one in (text, re.sub(r"[（）()]", "", text), _NOTE.sub("", text)) if one in plain), "")
