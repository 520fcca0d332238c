"""Which kind of institution a table lists: told for each table, since one workbook often holds both."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from yiyu.registry.errors import BadInput
from yiyu.registry.model import KIND_LABEL, Kind
from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.row_words import name_fault, skip_reason
from yiyu.registry.workbooks.layout import SourceTable, place
from yiyu.registry.workbooks.text import written

_SURE_SIGNS = (
    (
        Kind.CHILDCARE,
        re.compile("托位|在托|入托|收托|普惠|保健员|保育|办园|园所名称|(^|/)(托育|托幼)(服务)?机构(名称|全称)"),
    ),
    (Kind.MEDICAL, re.compile("卫生机构类别|医院等级|(^|/)医疗(卫生)?机构(名称|类别|全称)|医院名称")),
)
_SIGNS = ((Kind.MEDICAL, re.compile("机构类别")), (Kind.CHILDCARE, re.compile("备案")))
"""Weaker than a title: a clinic too is 备案, a 托育机构 too has a 类别."""
_NAMES = (
    (Kind.CHILDCARE, re.compile(r"托育|托幼|托管|早教|幼儿园|托班|亲子园|保育")),
    (Kind.MEDICAL, re.compile(r"(医院|卫生院|保健院|保健所|保健站|卫生服务中心|卫生服务站|卫生室|服务中心|疾控中心)$")),
)
_MEDICAL_NAME = re.compile(r"(医院|卫生院|保健院|保健所|卫生服务中心|卫生服务站|卫生室|医务室|诊所|疾控中心)(\(.*\))?$")
"""An ending that no 托育机构 has; 照护服务中心 is one."""
_WORDS = {Kind.MEDICAL: "医疗", Kind.CHILDCARE: "托育"}
_ROWS_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class KindTold:
    """The kind of a table, None where nothing tells; ``sure``: by headings that only this kind has."""

    kind: Kind | None
    sure: bool = False


def tell_kind(table: SourceTable) -> KindTold:
    """The kind its layout says; without one by headings that only one kind has, else by title, sheet name, weaker headings, the names themselves."""
    if table.kind:
        return KindTold(table.kind, sure=True)
    headings = table.headings.values()
    for kind in _signed(_SURE_SIGNS, headings):
        return KindTold(kind, sure=True)
    sheet, *titles = table.titles
    told = _named(titles) or _named([sheet]) or next(iter(_signed(_SIGNS, headings)), None) or _of_names(table)
    return KindTold(told)


def kinds_of(tables: Sequence[SourceTable], wanted: Kind | None, path: Path, notes: list[str]) -> list[Kind]:
    """The kind of every table; ``wanted`` is for those of which nothing tells, and so is the only kind of the others.

    A table that says otherwise than ``wanted`` keeps its own kind, which is noted, unless all do. Raises BadInput where
    a kind stays unknown, or all tables are surely of the other kind than ``wanted``.
    """
    told = [tell_kind(table) for table in tables]
    known = {one.kind for one in told if one.kind}
    if wanted and all(one.kind not in (None, wanted) for one in told):
        if any(one.sure for one in told):
            raise BadInput(
                f"从表头看这不是{KIND_LABEL[wanted]}名册", where=str(path), remedy="请核对文件，或改正 --kind 后再试"
            )
        notes.append(f"从标题看不是{KIND_LABEL[wanted]}名册，按 --kind 读入，请核对")
        return [wanted] * len(tables)
    usual = wanted or (known.pop() if len(known) == 1 else None)
    found: list[Kind] = []
    for table, one in zip(tables, told, strict=True):
        kind = found[-1] if table.continues else one.kind or usual
        if kind is None:
            raise BadInput(
                "看不出这是托育机构还是医疗卫生机构的名册",
                where=f"{path} {place(table.grid, table.first - 1)}的表",
                remedy="请加 --kind childcare 或 --kind medical",
            )
        if wanted and kind is not wanted:
            where = place(table.grid, table.first - 1)
            notes.append(f"{where}的表是{KIND_LABEL[kind]}名册，按此读入（--kind 只用于看不出类别的表）")
        found.append(kind)
    return found


def of_other_kind(name: str, kind: Kind) -> str:
    """What to tell of a name that speaks of another kind than its table, or ""."""
    key = fold(name)
    medical = _MEDICAL_NAME.search(key) is not None
    other = medical if kind is Kind.CHILDCARE else not medical and _NAMES[0][1].search(key) is not None
    if not other:
        return ""
    told = KIND_LABEL[Kind.MEDICAL if kind is Kind.CHILDCARE else Kind.CHILDCARE]
    return f"“{name[:20]}”像{told}，表是{KIND_LABEL[kind]}名册，按表登记，请核对"


def without_other_names(table: SourceTable, kind: Kind) -> SourceTable:
    """A table of pairs: the column that names the other side fills no blank of this one."""
    more = table.more.get("name", ())
    own = [at for at in more if kind in (*_signed(_SURE_SIGNS, [table.headings[at]]), kind)[:1]]
    return table if len(own) == len(more) else replace(table, more={**table.more, "name": own})


def _signed(signs: Sequence[tuple[Kind, re.Pattern[str]]], headings: Collection[str]) -> list[Kind]:
    return [kind for kind, sign in signs if any(sign.search(fold(heading)) for heading in headings)]


def _named(titles: Sequence[str]) -> Kind | None:
    named = {kind for kind, word in _WORDS.items() if any(word in fold(title) for title in titles)}
    return named.pop() if len(named) == 1 else None


def _of_names(table: SourceTable) -> Kind | None:
    """The kind that the ending of most names speaks of, where none speaks of the other."""
    found = Counter(_kinds_of_names(table))
    looked_at = sum(found.values())
    kind, count = max(((kind, found[kind]) for kind in Kind), key=lambda one: one[1])
    return kind if count * 2 >= looked_at and count + found[None] == looked_at and count else None


def _kinds_of_names(table: SourceTable) -> Iterator[Kind | None]:
    column = table.columns["name"]
    for row in range(table.first, min(table.last, table.first + _ROWS_LOOKED_AT) + 1):
        name = fold(written(table.grid.cell(row, column)))
        if name and not name_fault(name) and not skip_reason(name):
            yield next((kind for kind, sign in _NAMES if sign.search(name)), None)
