"""One clause of a ``clauses.toml`` by itself: its section written out, and put into another file, whose other lines stay."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from yiyu.registry.errors import BadInput
from yiyu.registry.packs.clauses import CLAUSES_FILE
from yiyu.registry.toml import TomlFault, parse

Row = Mapping[str, Any]
_LONG = re.compile(r"'''.*?'''|\"\"\".*?\"\"\"", re.DOTALL)
_HEADER = re.compile(r"^[ \t]*\[[ \t]*\"?(\w+)\"?[^\n]*\n?", re.MULTILINE)
_BETWEEN = re.compile(r"(?:^[ \t]*(?:#[^\n]*)?\n)*\Z", re.MULTILINE)
"""Blank lines and notes at the end of a section: of what follows."""


def clause_section(code: str, row: Row) -> bytes:
    """The clause as a file of its own, always in the same words: two of the same contents are the same bytes."""
    return "\n".join(_lines(code, row)).encode() + b"\n"


def with_clause(data: bytes, code: str, section: bytes, place: str) -> bytes:
    """A ``clauses.toml`` in which the clause is as in ``section``, in place of the one it had, if any, whole.

    Raises BadInput, naming ``place``, where the file is written in a way that a program cannot change, or the section holds
    anything but this clause.
    """
    try:
        text, clause = data.decode("utf-8-sig"), parse(section)
        new = _placed(text, code, section.decode()).encode()
        if clause.keys() == {code} and parse(new) == parse(data) | clause:
            return new
    except (TomlFault, UnicodeDecodeError):
        pass
    what = f"{CLAUSES_FILE} 的写法不能由程序改，条款 {code} 放不进去"
    raise BadInput(what, where=place, remedy=f"请把这一条写成 [{code}]、[{code}.versions.版号] 的样子后再试")


def _placed(text: str, code: str, section: str) -> str:
    """The section where the first one of that code stands, else at the end; notes before the next heading stay."""
    spans = list(_sections(text))
    pieces, there = [text[: spans[0][0]] if spans else text], False
    for start, end, owner in spans:
        own = text[start:end]
        if owner == code:
            between = _BETWEEN.search(own)
            own = ("" if there else section) + (between[0] if between else "")
            there = True
        pieces.append(own)
    whole = "".join(pieces)
    return whole if there else f"{whole.rstrip()}\n\n{section}".lstrip()


def _sections(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and code of each section; what looks like a heading within a text is none."""
    masked = _LONG.sub(lambda found: re.sub(r"[^\n]", "x", found[0]), text)
    heads = list(_HEADER.finditer(masked))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    for head, end in zip(heads, ends if heads else (), strict=True):
        yield head.start(), end, head[1]


def _lines(code: str, row: Row) -> Iterator[str]:
    yield f"[{code}]"
    yield from (f"{key} = {_written(row[key])}" for key in ("name", "title") if row.get(key))
    for label, version in row.get("versions", {}).items():
        yield f"\n[{code}.versions.{label if re.fullmatch(r'[A-Za-z0-9_-]+', label) else _written(label)}]"
        yield from (f"{key} = {_written(version[key])}" for key in ("since", "source", "note") if key in version)
        yield f"text = {_paragraphs(version['text'])}"


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else json.dumps(value, ensure_ascii=False)


def _paragraphs(text: str) -> str:
    """As people write it, line by line, where the text can stand so."""
    plain = "'''" not in text and not text.endswith("'") and all(c in "\n\t" or c.isprintable() for c in text)
    return f"'''\n{text}'''" if plain else _written(text)
