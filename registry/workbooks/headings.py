"""Headings of foreign tables: which words head which column, however they are spelled and layered."""

import functools
import itertools
import re
from collections.abc import Mapping, Sequence

from yiyu.registry.rules.codes import fold

_ADULT = re.compile("法人|法定代表人|负责人|联系人")
_PRIVATE = re.compile(
    "(.*)(身份证(件)?(号|号码)?|身份号码|出生(日期|年月|年月日|时间)|监护人(.*)|家长(姓名|电话|联系电话|联系方式))"
    "|(幼儿|儿童|婴幼儿|宝宝|孩子|学生|学员)(姓名|名字|名单)"
)
_DECORATION = re.compile(r"[/、*:·,，.．_\-]|^其中|^\d+(?=\D)")
_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")


_CLOSING = frozenset(")]】〕）］/、*＊:：·,，.．_＿-－")
"""What may follow the words of a heading."""


def _looks_of(sign: str) -> str:
    """A sign as the keys have it, in capitals, and both in full width."""
    both = sign + sign.upper()
    return both + "".join(chr(ord(one) + 0xFEE0) for one in both if "!" <= one <= "~")


class Headings:
    """Recognises the fields of a table by its headings."""

    def __init__(self, *tables: Mapping[str, Sequence[str]]) -> None:
        """Take field names with their headings, the preferred ones first; an earlier table goes before a later."""
        self._fields: dict[str, tuple[int, str]] = {}
        ranks = itertools.count()
        for table in tables:
            for field, headings in table.items():
                for heading in headings:
                    self._fields.setdefault(heading_key(heading), (next(ranks), field))
        self._count = len({field for _, field in self._fields.values()})
        self._last = {sign for key in self._fields for last in key[-1:] for sign in _looks_of(last)} | _CLOSING

    def __len__(self) -> int:
        """Count the fields."""
        return self._count

    def may_be(self, text: str) -> bool:
        """Whether a text can be one of these headings, told by its last sign: most cells of a table are none."""
        return text.rstrip()[-1:] in self._last

    def recognise(self, levels: Sequence[str]) -> tuple[int, str] | None:
        """Give (rank, field) of a heading of one or more levels, upper first; the longest path known wins."""
        parts = [part for i, part in enumerate(levels) if part and part not in levels[:i]]
        for start in range(len(parts)):
            tail = parts[start:]
            for text in (
                "".join(map(heading_key, tail)),
                "".join(heading_key(_BRACKETS.sub("", fold(p))) for p in tail),
            ):
                if text in self._fields:
                    return self._fields[text]
        return None


def is_private(heading: str) -> bool:
    """Whether a heading announces personal data of children, which this program does not take (PIPL 28, 31)."""
    key = heading_key(_BRACKETS.sub("", fold(heading)))
    return not _ADULT.match(key) and _PRIVATE.fullmatch(key) is not None


@functools.lru_cache(maxsize=4096)
def heading_key(text: str) -> str:
    """Fold a heading: width, white space, line breaks, slashes, 其中：, leading numbers."""
    return _DECORATION.sub("", fold(text)).casefold()
