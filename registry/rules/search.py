"""Find by a part of a name, an address or a code, by pinyin or initials; else say what may have been meant. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeVar

from yiyu.registry.rules.codes import fold

Row = TypeVar("Row")

_UNHEARD = re.compile(r"[()\[\]{}<>〔〕【】《》〈〉「」『』“”‘’\"'`·•・\u200b\u2060\ufeff]")
"""Brackets, quotes and dots: nobody types them when looking for 中（蒙）医院."""
_DASHES = re.compile(r"[‐-―−]")
_LETTER = re.compile(r"[a-z]")
_DIGIT = re.compile(r"\d")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")

_ALIKE = 60
"""Similarity in percent of two texts below which a suggestion confuses more than it helps."""
_ALIKE_IN_SOUND = 80
"""The same for pinyin, where a few letters make up all words."""
_SUGGESTIONS = 3
_ONE_READING = {"杭": "hang"}
"""In no phrase of pypinyin, which also knows kang for it: every 杭锦旗 would answer to the kang of 康巴什."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What a row is found by: ``names`` as written and by sound, ``places`` as written, ``codes`` by a part."""

    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Keyed:
    """The same made ready once for many searches: in the form in which spellings are equal."""

    names: tuple[str, ...]
    written: tuple[str, ...]
    """Names and places."""
    codes: tuple[str, ...]


def keyed(one: Searched) -> Keyed:
    """Make ready what a row is found by."""
    names, places, codes = (tuple(map(_key, texts)) for texts in (one.names, one.places, one.codes))
    return Keyed(names, names + places, codes)


def search(text: str, rows: Iterable[Row], described: Callable[[Row], Searched]) -> list[Row]:
    """The rows that ``text`` fits, in their order; all of them when it is empty.

    Width, case, white space, brackets and quotes make no difference. Words set apart by blanks must all fit. Letters
    are pinyin, full or initials or mixed with characters, every reading in use of a character counting; only where no
    name is spelled so are they taken for a part of a code, or for pinyin whose last syllable is unfinished.
    """
    rows = list(rows)
    return search_keyed(text, rows, (keyed(described(row)) for row in rows)) if _ways(text) else rows


def search_keyed(text: str, rows: Iterable[Row], known: Iterable[Keyed]) -> list[Row]:
    """The same, where what each row is found by has been made ready."""
    rows, known, ways = list(rows), list(known), _ways(text)
    if not ways:
        return rows
    for loosely in (False, True) if _is_pinyin(ways[0][0]) else (False,):
        heard: dict[tuple[str, str], bool] = {}
        found = [
            row
            for row, one in zip(rows, known, strict=True)
            if any(all(_fits(word, one, heard, loosely=loosely) for word in way) for way in ways)
        ]
        if found:
            return found
    return []


def nearest(text: str, names: Iterable[str]) -> list[str]:
    """Up to three of ``names``, the nearest first: alike as written, else alike in sound. [] when none is near."""
    from rapidfuzz import fuzz, process

    choices = list(dict.fromkeys(names))
    key = _key(text)
    if not _is_pinyin(key):
        near = process.extract(text, choices, limit=_SUGGESTIONS, score_cutoff=_ALIKE)
        if near or not _HAN.search(key) or _DIGIT.search(key):
            return [name for name, _, _ in near]
    for sound in (_sound, _initials):
        heard = [sound(_key(name)) for name in choices]
        close = process.extract(
            _blurred(key) if _is_pinyin(key) else sound(key),
            heard,
            scorer=fuzz.partial_ratio,
            limit=_SUGGESTIONS,
            score_cutoff=_ALIKE_IN_SOUND,
        )
        if close:
            return [choices[index] for _, _, index in close]
    return []


def _ways(text: str) -> list[list[str]]:
    """What must be found: the text as one word, or each of its words where blanks set them apart."""
    whole = _key(text)
    words = [key for word in text.split() if (key := _key(word))]
    apart = len(words) > 1 and not any(len(word) == 1 and word.isascii() for word in words)
    return [[whole], words] if apart else [[whole]] if whole else []


def _fits(word: str, one: Keyed, heard: dict[tuple[str, str], bool], *, loosely: bool) -> bool:
    """``heard``: which names were found to be spelled by a word; of many agreements they are the same few."""
    if any(word in text for text in one.written):
        return True
    letters = word.isascii() and word.isalpha()
    if (loosely or not letters) and any(word in code for code in one.codes):
        return True
    if not _is_pinyin(word):
        return False
    for name in one.names:
        spelled = heard.get((word, name))
        if spelled is None:
            spelled = heard[word, name] = _spells(word, name, loosely)
        if spelled:
            return True
    return False


@lru_cache(maxsize=1 << 16)
def _key(text: str) -> str:
    """The form in which spellings are equal; tone marks gone, ü as v."""
    key = fold(text).casefold()
    if not key.isascii():
        key = _DASHES.sub("-", _without_tones(key))
    return _UNHEARD.sub("", key)


def _without_tones(text: str) -> str:
    """Pinyin as typed: lǜ is lv. Chinese characters stay."""
    apart = unicodedata.normalize("NFD", text).replace("u\u0308", "v")
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _is_pinyin(key: str) -> bool:
    """Letters, perhaps among characters; with digits it is a code."""
    return _LETTER.search(key) is not None and _DIGIT.search(key) is None


def _spells(word: str, name: str, loosely: bool) -> bool:
    """Whether ``word`` spells successive characters of ``name``, beginning at the beginning of one."""
    offsets = {0}
    for sign in name:
        offsets = {at + step for at in offsets for step in _steps(word[at:], sign, loosely)}
        if len(word) in offsets:
            return True
        offsets.add(0)
    return False


@lru_cache(maxsize=1 << 16)
def _steps(rest: str, sign: str, loosely: bool) -> frozenset[int]:
    """How many letters of ``rest`` may stand for one character; all of them also where its syllable is unfinished."""
    return frozenset(
        min(len(spelling), len(rest))
        for spelling in _spellings(sign)
        if rest.startswith(spelling) or (loosely and spelling.startswith(rest))
    )


@cache
def _spellings(sign: str) -> tuple[str, ...]:
    """The ways to type one character: itself, its readings, their initials (zh beside z), nü as nv and nu."""
    found = {sign}
    for reading in _readings(sign):
        initial = reading[:2] if reading[1:2] == "h" else reading[0]
        found |= {reading, reading.replace("v", "u"), initial, reading[0]}
    return tuple(sorted(found))


@cache
def _readings(sign: str) -> tuple[str, ...]:
    """The readings in use of one character without tones, the commonest first; what is no character reads as itself.

    pypinyin lists old readings too (zhou for 育); in use is what a phrase of its own shows, where it has one.
    """
    from pypinyin.pinyin_dict import pinyin_dict

    if sign in _ONE_READING:
        return (_ONE_READING[sign],)
    listed = pinyin_dict.get(ord(sign), sign)
    if listed == sign:
        return (sign,)
    first, *others = listed.split(",")
    used = sorted(_readings_in_phrases().get(sign, others))
    return tuple(dict.fromkeys(_without_tones(reading) for reading in (first, *used)))


@cache
def _readings_in_phrases() -> dict[str, set[str]]:
    from pypinyin.phrases_dict import phrases_dict

    found: dict[str, set[str]] = {}
    for phrase, readings in phrases_dict.items():
        for sign, reading in zip(phrase, readings, strict=False):
            found.setdefault(sign, set()).add(reading[0])
    return found


def _sound(key: str) -> str:
    return _blurred("".join(_readings(sign)[0] for sign in key))


def _initials(key: str) -> str:
    return "".join(_readings(sign)[0][0] for sign in key)


def _blurred(pinyin: str) -> str:
    """One spelling for sounds that are often confused: zh and z, ch and c, sh and s, ng and n."""
    return re.sub(r"(?<=[zcs])h|(?<=n)g", "", pinyin)
