"""What a name in a template may stand for: the field dictionary as types, and the nearest name to a wrong one."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from yiyu.docgen.context import FIELDS, fields_of
from yiyu.registry.model import DOC_KIND_LABEL, DocKind

LIST_MARK = "[]"


@dataclass(frozen=True, slots=True)
class Anything:
    """Of this no more is known: nothing is said of what is asked of it."""

    path: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    path: str = ""
    sort: str = "文字"
    """文字, 是/否 or 整数."""


@dataclass(frozen=True, slots=True)
class Many:
    item: "Known"
    path: str = ""


@dataclass(frozen=True, slots=True)
class Several:
    """A pair or more, as ``for 键, 值 in …`` takes apart."""

    items: tuple["Known", ...]
    path: str = ""


@dataclass(slots=True)
class FieldGroup:
    path: str = ""
    members: dict[str, "Known"] = field(default_factory=dict)


Known = Anything | Leaf | Many | Several | FieldGroup

ANY = Anything()
BOOL = Leaf(sort="是/否")
INT = Leaf(sort="整数")
TEXT = Leaf()
LOOP = FieldGroup(
    "loop",
    {
        **dict.fromkeys(("index", "index0", "revindex", "revindex0", "length", "depth", "depth0"), INT),
        **dict.fromkeys(("first", "last"), BOOL),
        **dict.fromkeys(("cycle", "changed", "previtem", "nextitem"), ANY),
    },
)


def known_fields(kind: DocKind | None) -> FieldGroup:
    """Give every field a template of ``kind`` may name, of all kinds for None."""
    root = FieldGroup()
    for one in (kind,) if kind else DocKind:
        for each in fields_of(one):
            _add(root, each.path.split("."), each.path, each.type)
    return root


def _add(group: FieldGroup, keys: list[str], path: str, sort: str) -> None:
    key, *rest = keys
    name = key.removesuffix(LIST_MARK)
    own = f"{group.path}.{key}" if group.path else key
    if not rest:
        leaf = Leaf(path, sort)
        group.members[name] = leaf if key == name else Many(leaf, own.removesuffix(LIST_MARK))
        return
    inner = group.members.get(name)
    if inner is None:
        inner = FieldGroup(own)
        group.members[name] = inner if key == name else Many(inner, own.removesuffix(LIST_MARK))
    target = inner.item if isinstance(inner, Many) else inner
    if isinstance(target, FieldGroup):
        _add(target, rest, path, sort)


def fields_in(data: Mapping[str, object]) -> FieldGroup:
    """Give the fields of the data a template is to be filled with; of a list, those that any of its items has."""
    found = _known(data, "")
    return found if isinstance(found, FieldGroup) else FieldGroup()


def _known(value: object, path: str) -> Known:
    if isinstance(value, Mapping):
        inner = {str(key): _known(item, f"{path}.{key}" if path else str(key)) for key, item in value.items()}
        return FieldGroup(path, inner)
    if isinstance(value, list):
        items = [_known(item, f"{path}[]") for item in value]
        groups = [item.members for item in items if isinstance(item, FieldGroup)]
        if groups and len(groups) == len(items):
            return Many(FieldGroup(f"{path}[]", {name: one[name] for one in groups for name in one}), path)
        return Many(items[0] if items and all(item == items[0] for item in items) else ANY, path)
    sort = "是/否" if isinstance(value, bool) else "整数" if isinstance(value, int) else "文字"
    return Leaf(path, sort) if isinstance(value, bool | int | str) else ANY


def did_you_mean(name: str, choices: Iterable[str], *, cutoff: float = 0.5) -> str:
    """Give “是不是想写“…”？”, or "" when nothing is near."""
    near = difflib.get_close_matches(name, list(choices), n=1, cutoff=cutoff)
    return f"是不是想写“{near[0]}”？" if near else ""


def suggest_member(name: str, group: FieldGroup) -> str:
    """Suggest for a wrong name after a dot: the nearest name, or one whose meaning speaks of it."""
    if guess := did_you_mean(name, group.members):
        return guess
    explained = [key for key, member in group.members.items() if name in FIELDS.get(member.path, "")]
    if explained:
        return f"是不是想写“{explained[0]}”？"
    return f"可用的有：{'、'.join(group.members)}"


def suggest_name(name: str, scope: Collection[str], root: FieldGroup) -> str:
    """Suggest for a wrong first name: a name in scope, or the path of a field it squeezes, ends or explains."""
    for kind in DocKind:
        if name in known_fields(kind).members:
            return f"这一组字段只有{DOC_KIND_LABEL[kind]}才有"
    squeezed = {path.replace(".", ""): path for path in _leaf_paths(root)}
    if name in squeezed:
        return f"是不是想写“{squeezed[name]}”？"
    if guess := did_you_mean(name, scope, cutoff=0.6):
        return guess
    ends = {path.rpartition(".")[2] for path in squeezed.values()}
    end = name if name in ends else next(iter(difflib.get_close_matches(name, ends, n=1, cutoff=0.5)), "")
    told = name if len(name) > 1 else "?"
    paths = [path for path in squeezed.values() if path.endswith(f".{end}") or told in FIELDS.get(path, "")]
    if paths:
        return f"是不是想写“{'”或“'.join(paths[:3])}”？"
    return f"可用的有：{'、'.join(scope)}；运行 yiyu template fields 查看全部字段"


def _leaf_paths(root: FieldGroup) -> Iterator[str]:
    for member in root.members.values():
        if isinstance(member, FieldGroup):
            yield from _leaf_paths(member)
        elif isinstance(member, Leaf):
            yield member.path
