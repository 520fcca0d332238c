"""Where two versions of a pack's files differ, in people's words: setting by setting, clause by clause."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from yiyu.registry.packs.checking import TABLES
from yiyu.registry.packs.clauses import load_clauses
from yiyu.registry.packs.rows import Pack, PackEntry

Raw = Mapping[str, Any]
_SECTIONS = {
    "basis": "依据",
    "documents": "文书",
    "catalogue": "服务项目",
    "duties": "职责",
    "targets": "目标",
    "groups": "服务类别",
    "words": "当地用语",
    "regions": "地区",
    "districts": "本地地名",
    "retention": "保管期限",
}
SETTING_LABEL = {
    "title": "名称",
    "extends": "继承自",
    "valid_from": "适用起始年",
    "valid_to": "适用截止年",
    "service_mode": "服务方式",
    "authority": "主管部门",
    "county_authority": "旗区主管部门",
    "departments": "计入服务时间的科室",
    "issuer": "发文机关",
    "number": "文号",
    "date": "日期",
    "cited": "写进协议引言",
    "file": "Word 模板",
    "variants": "协议类型",
    "needs": "必填字段",
    "name_pattern": "文件名样式",
    "name": "名称",
    "content": "内容",
    "target": "对象",
    "provider": "提供方",
    "mode": "方式",
    "per": "频次",
    "source": "出处",
    "times": "次数",
    "department": "科室",
    "fee": "收费",
    "selected": "默认勾选",
    "mandatory": "必选",
    "remark": "备注",
    "owner": "责任单位",
    "quote": "原文",
    "kind": "性质",
    "due": "期限",
    "filed_only": "只对已备案的",
    "follows": "随谁",
    "items": "对应项目",
    "forms": "对应活动形式",
    "value": "数值",
    "unit": "单位",
    "year": "年份",
    "at_least": "不低于",
    "scope": "范围",
    "excluded": "不适用的旗区",
    **_SECTIONS,
}
"""What people call a key of ``pack.toml``."""


@dataclass(frozen=True, slots=True)
class Difference:
    """``place`` in words; ``ours`` and ``theirs`` what stands there, "" for nothing."""

    place: str
    ours: str
    theirs: str


def entry_names(pack: Pack) -> dict[str, str]:
    """What its entries are called, by section and key (``targets.tcm_2024``), and its clauses (``clauses.T07``).

    Raises BadInput for a faulty ``clauses.toml``.
    """
    tables = {"catalogue": pack.catalogue, "duties": pack.duties, "targets": pack.targets, "basis": pack.basis}
    rows = [(section, row.key, _name_of(row)) for section, table in tables.items() for row in table]
    rows += [("clauses", clause.code, clause.name) for clause in load_clauses(pack)]
    return {f"{section}.{key}": name for section, key, name in rows}


def setting_differences(ours: Raw, theirs: Raw, names: Mapping[str, str]) -> Iterator[Difference]:
    """Of two ``pack.toml``, each without its parents: a setting a row, an entry that one side has not as a whole.

    ``names``: of :func:`entry_names`, for entries of which only a part is written.
    """
    for key in dict.fromkeys([*ours, *theirs]):
        mine, other = ours.get(key), theirs.get(key)
        if mine == other:
            continue
        if key in SETTING_LABEL and isinstance(mine, dict | None) and isinstance(other, dict | None):
            yield from _in_table(key, mine or {}, other or {}, names)
        else:
            yield Difference(_label(key), _said(mine), _said(other))


def clause_differences(code: str, name: str, ours: Raw, theirs: Raw) -> Iterator[Difference]:
    """Of one clause, without its parents: heading, and each version with its first day and the paragraphs that differ."""
    clause = f"条款 {code} {name}".rstrip()
    for key, label in (("name", "名称"), ("title", "标题")):
        if ours.get(key, "") != theirs.get(key, ""):
            yield Difference(f"{clause} {label}", ours.get(key, ""), theirs.get(key, ""))
    mine, others = ours.get("versions", {}), theirs.get("versions", {})
    for label in dict.fromkeys([*mine, *others]):
        old, new = mine.get(label), others.get(label)
        if old is None or new is None:
            since = (new or old).get("since")
            which = f"{clause} 第{label}版（{f'从 {since} 起' if since else '一直'}适用）"
            yield Difference(which, (old or {}).get("text", "").strip(), (new or {}).get("text", "").strip())
        elif old != new:
            yield from _in_version(f"{clause} 第{label}版", old, new)


def line_differences(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """Which lines differ: index here and there, None on the side that has none."""
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from zip_longest(range(i1, i2), range(j1, j2))


def _in_table(section: str, ours: Raw, theirs: Raw, names: Mapping[str, str]) -> Iterator[Difference]:
    for key in dict.fromkeys([*ours, *theirs]):
        mine, other = ours.get(key), theirs.get(key)
        if mine == other:
            continue
        place = f"{_label(section)} {key}{_called(names.get(f'{section}.{key}', ''), mine, other)}"
        if section in TABLES and isinstance(mine, dict) and isinstance(other, dict):
            for one in dict.fromkeys([*mine, *other]):
                if mine.get(one) != other.get(one):
                    yield Difference(f"{place} {_label(one)}", _said(mine.get(one)), _said(other.get(one)))
        else:
            yield Difference(place, _said(mine), _said(other))


def _in_version(place: str, ours: Raw, theirs: Raw) -> Iterator[Difference]:
    for key, label in (("since", "起用日期"), ("source", "出处"), ("note", "说明")):
        if ours.get(key) != theirs.get(key):
            yield Difference(f"{place} {label}", _said(ours.get(key)), _said(theirs.get(key)))
    mine, others = (side.get("text", "").strip().splitlines() for side in (ours, theirs))
    for here, there in line_differences(mine, others):
        at = (there if here is None else here) or 0
        texts = "" if here is None else mine[here], "" if there is None else others[there]
        yield Difference(f"{place} 第{at + 1}段", *texts)


def _called(known: str, *sides: object) -> str:
    """The name of an entry, in brackets."""
    names = (side.get("title") or side.get("name") for side in sides if isinstance(side, dict))
    name = next((name for name in (*names, known) if isinstance(name, str) and name), "")
    return f"（{name}）" if name else ""


def _name_of(row: PackEntry) -> str:
    return str(getattr(row, "title", "") or getattr(row, "name", ""))


def _label(key: str) -> str:
    return SETTING_LABEL.get(key, key)


def _said(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case list():
            return "、".join(map(_said, value)) or "（空）"
        case dict():
            return "；".join(f"{_label(str(key))} {_said(one)}" for key, one in value.items()) or "（空）"
        case float():
            return f"{value:g}"
    return str(value)
