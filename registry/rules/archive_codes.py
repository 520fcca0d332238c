"""档号: written by an office's own pattern and read back; retention terms. Pure.

Source: DA/T 22-2015, DA/T 13-2022; domain.md#archive.
"""

import datetime as dt
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

DOT = "\u00b7"
"""The separator of DA/T 13-2022."""
_LOOK_ALIKES = str.maketrans(dict.fromkeys("\u30fb\uff65\u2022\uff0e.\u2027\u2219\u22c5", DOT))
"""・ ･ • ． . ‧ ∙ ⋅"""

UNITS = ("agreement", "records")
UNIT_LABEL = {"agreement": "协议", "records": "活动记录"}
TERM_LABEL = {"Y": "永久", "D30": "30年", "D10": "10年"}
"""保管期限 codes of DA/T 22-2015."""
DEFAULT_TERM = "10年"
"""一般合同 in the state schedule; the body's own approved table governs (domain.md#retention)."""
_YEARS = {"D30": 30, "D10": 10}

_SHAPES = {
    "fonds": r"\S+?",
    "category": r"[A-Z]{2,4}",
    "year": r"[0-9]{4}",
    "term": "|".join(TERM_LABEL),
    "office": r"\S+?",
    "serial": r"[0-9]+",
}
_MAY_LACK, _MUST_HAVE = ("fonds", "office"), ("year", "serial")
_CLASS = ("category", "year", "term", "office")
"""What 件号 count within, as far as the pattern has it. A workspace is one fonds."""


@dataclass(frozen=True, slots=True)
class ArchivePlace:
    """What a 档号 tells. ``fonds`` and ``office`` may be "": then the code goes without them and their separator."""

    fonds: str
    category: str
    year: int
    term: str
    office: str
    serial: int


_NOWHERE = ArchivePlace("", "", 0, "", "", 0)


def write_code(pattern: str, place: ArchivePlace) -> str:
    """The 档号 of a place, look-alike separators made ``·``.

    Raises ValueError with the reason in Chinese: for a pattern that names something unknown, lacks year or serial, and
    where the code read back would be another place's.
    """
    values = asdict(place)
    code = "".join(
        text + ("" if name is None or not values[name] else f"{values[name]:{spec}}") + after
        for text, name, spec, after in _laid_out(pattern, lacking={name for name in _MAY_LACK if not values[name]})
    )
    told = replace(_NOWHERE, **{name: values[name] for name in _tokens(pattern)})
    if read_code(pattern, code) != told:
        raise ValueError(f"写出的“{code}”不能还原成各部分；各部分之间请用 - 或 · 隔开，内容不含空格")
    return code


def read_code(pattern: str, code: str) -> ArchivePlace | None:
    """The place a 档号 written by ``pattern`` tells, what it does not tell left blank; None for any other text."""
    parts = []
    for text, name, _, after in _laid_out(pattern):
        group = "" if name is None else f"(?P<{name}>{_SHAPES[name]})"
        part = group + re.escape(after)
        parts.append(re.escape(text) + (f"(?:{part})?" if name in _MAY_LACK else part))
    found = re.fullmatch("".join(parts), code)
    if found is None:
        return None
    told: dict[str, Any] = {name: value or "" for name, value in found.groupdict().items()}
    return replace(_NOWHERE, **(told | {name: int(told[name]) for name in _MUST_HAVE}))


def series_of(pattern: str, place: ArchivePlace) -> str:
    """The lowest class, within which 件号 count: what of 门类, 年度, 期限 and 机构 the pattern shows.

    Other separators in a pattern changed later leave it as it is, so that no 件号 comes twice.
    """
    shown = _tokens(pattern)
    return DOT.join(str(getattr(place, name)) if name in shown else "*" for name in _CLASS)


def code_key(text: str) -> str:
    """For finding a 档号 however its separators were typed, or its file was named."""
    folded = "".join(unicodedata.normalize("NFKC", text).split()).translate(_LOOK_ALIKES)
    return folded.replace("_", DOT).upper()


def file_code(code: str) -> str:
    """The 档号 for a file name: old zip programs and some systems do not carry ``·``."""
    return code.replace(DOT, "_")


def serial_text(code: str, serial: int) -> str:
    """件号 as it stands in the code, zeros and all."""
    return next((digits for digits in reversed(re.findall(r"\d+", code)) if int(digits) == serial), str(serial))


def term_code(text: str) -> str:
    """The code of a 保管期限 in words. Raises ValueError for one that is not in use since 2006."""
    codes = {label: code for code, label in TERM_LABEL.items()}
    try:
        return codes["".join(text.split())]
    except KeyError as error:
        raise ValueError(f"保管期限“{text}”不是{'、'.join(codes)}之一") from error


def kept_until(year: int, term: str) -> dt.date | None:
    """The last day of the term of a file of ``year``: it counts from the year after. None: for ever.

    Source: domain.md#retention.
    """
    return dt.date(year + _YEARS[term], 12, 31) if term in _YEARS else None


def missing_serials(serials: Iterable[int]) -> list[int]:
    """件号 left out between 1 and the last."""
    given = set(serials)
    return [serial for serial in range(1, max(given, default=0)) if serial not in given]


def doubled_serials(serials: Iterable[int]) -> list[int]:
    """件号 given more than once."""
    return sorted(serial for serial, times in Counter(serials).items() if times > 1)


def _laid_out(pattern: str, lacking: Collection[str | None] = ()) -> Iterator[tuple[str, str | None, str, str]]:
    """Text before, token, its format and the separator after it; of a ``lacking`` token only the text before."""
    parts = [(text.translate(_LOOK_ALIKES), name, spec or "") for text, name, spec in _parsed(pattern)]
    head, *_ = parts[0] if parts else ("", None, "")
    for index, (_, name, spec) in enumerate(parts):
        follows = parts[index + 1][0] if index + 1 < len(parts) else ""
        before = head if index == 0 else ""
        yield before, name, spec, "" if name in lacking else follows


def _parsed(pattern: str) -> Iterator[tuple[str, str | None, str | None]]:
    seen: list[str] = []
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError as error:
        raise ValueError("花括号不成对") from error
    for text, name, spec, conversion in parts:
        if name is not None:
            if name not in _SHAPES or conversion:
                raise ValueError(f"不认识“{{{name}}}”，可用：{'、'.join(f'{{{one}}}' for one in _SHAPES)}")
            if name in seen:
                raise ValueError(f"“{{{name}}}”写了两次")
            if spec and (name != "serial" or not re.fullmatch(r"0[1-9]d?", spec)):
                raise ValueError(f"“{{{name}:{spec}}}”写法不对；只有件号可以定位数，如 {{serial:04}}")
            seen.append(name)
        yield text, name, spec
    for name in _MUST_HAVE:
        if name not in seen:
            raise ValueError(f"缺少“{{{name}}}”")


def _tokens(pattern: str) -> set[str]:
    return {name for _, name, _ in _parsed(pattern) if name is not None}
