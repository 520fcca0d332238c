"""Read what a tag asks for: resolve every name in it against the field dictionary and the variables in scope."""

from collections import ChainMap
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import nodes
from jinja2.visitor import NodeVisitor

from yiyu.docgen.fill.environment import environment
from yiyu.docgen.fill.lint.known import (
    ANY,
    BOOL,
    INT,
    TEXT,
    FieldGroup,
    Known,
    Leaf,
    Many,
    Several,
    did_you_mean,
    suggest_member,
    suggest_name,
)

Scope = ChainMap[str, Known]
Report = Callable[[str, str, str], None]
"""Takes the code, the message and the suggestion of a fault."""

_METHODS = {"keys", "values", "items", "get"}
_SORTS = {
    "勾选": ("是/否",),
    "大写份数": ("整数",),
    "大写金额": ("整数",),
    "季度": ("整数",),
    "填空": ("文字", "整数"),
    **dict.fromkeys(("中文日期", "汉字日期", "大写日期", "半角", "全角"), ("文字",)),
}
"""Sorts of value a wording filter accepts."""

_Given = Callable[[Known, Known, Known], Known]
_RESULTS: dict[str, _Given] = {
    **dict.fromkeys(
        ("list", "sort", "reverse", "unique", "select", "reject", "selectattr", "rejectattr"),
        lambda value, _item, _field: value,
    ),
    **dict.fromkeys(("first", "last", "min", "max"), lambda _value, item, _field: item),
    **dict.fromkeys(("batch", "slice"), lambda value, _item, _field: Many(value) if isinstance(value, Many) else ANY),
    **dict.fromkeys(("length", "count", "sum", "int", "wordcount"), lambda *_: INT),
    **dict.fromkeys(("default", "d", "abs", "float"), lambda *_: ANY),
    **dict.fromkeys(("items", "dictsort"), lambda *_: Many(Several((TEXT, ANY)))),
    "map": lambda _value, _item, field: Many(field),
    "groupby": lambda value, _item, field: Many(Several((field, value))),
}
"""What a filter gives, of its value, one item of it and the field of an item it was told; the others give text."""


class ExpressionReader(NodeVisitor):
    """Gives what an expression stands for, reports what is wrong with it, and remembers the fields it shows."""

    def __init__(self, root: FieldGroup, report: Report) -> None:
        self.root, self.report = root, report
        self.used: set[str] = set()
        """Paths of the fields met since it was last emptied."""

    def read(self, node: nodes.Node, scope: Scope) -> Known:
        known: Known = self.visit(node, scope)
        return known

    def printed(self, node: nodes.Expr, scope: Scope) -> None:
        """Read an expression that is to be printed."""
        known, written = self.read(node, scope), _written(node)
        if isinstance(known, FieldGroup):
            names = "、".join(f"{written}.{name}" for name in list(known.members)[:3])
            self.report("field-group", f"“{written}”是一组字段，不能直接打印", f"请写明字段，如 {names}")
        elif isinstance(known, Many | Several):
            loop = f'请用循环逐项打印，如 {{%tr for 项 in {written} %}}，文字列表可用 |join("、") 连起来'
            self.report("field-group", f"“{written}”是一个列表，不能直接打印", loop)

    def iterated(self, node: nodes.Node, scope: Scope) -> Known:
        """Read what a loop runs over; gives one turn of it."""
        known = self.read(node, scope)
        if isinstance(known, Many):
            return known.item
        if isinstance(known, Leaf | FieldGroup) and known.path:
            lists = "、".join(name for name, member in self.root.members.items() if isinstance(member, Many))
            hint = f"可以循环的有：{lists}" if lists else "没有可以循环的列表；请改用一个列表"
            self.report("field-no-list", f"“{_written(node)}”不是列表，不能循环", hint)
        return ANY

    def generic_visit(self, node: nodes.Node, *args: Any, **_kwargs: Any) -> Known:  # noqa: ANN401 as in Jinja2
        for child in node.iter_child_nodes():
            self.visit(child, *args)
        return ANY

    def visit_Const(self, node: nodes.Const, _scope: Scope) -> Known:  # noqa: N802 named by Jinja2
        return BOOL if isinstance(node.value, bool) else INT if isinstance(node.value, int) else TEXT

    def visit_CondExpr(self, node: nodes.CondExpr, scope: Scope) -> Known:  # noqa: N802
        self.read(node.test, scope)
        return _common([self.read(one, scope) for one in (node.expr1, node.expr2) if one is not None])

    def visit_Or(self, node: nodes.Or, scope: Scope) -> Known:  # noqa: N802
        return _common([self.read(node.left, scope), self.read(node.right, scope)])

    def visit_List(self, node: nodes.List, scope: Scope) -> Known:  # noqa: N802
        return Many(_common([self.read(item, scope) for item in node.items]))

    def visit_Tuple(self, node: nodes.Tuple, scope: Scope) -> Known:  # noqa: N802
        return Several(tuple(self.read(item, scope) for item in node.items))

    def visit_Compare(self, node: nodes.Compare, scope: Scope) -> Known:  # noqa: N802
        self.generic_visit(node, scope)
        return BOOL

    def visit_Not(self, node: nodes.Not, scope: Scope) -> Known:  # noqa: N802
        self.generic_visit(node, scope)
        return BOOL

    def visit_Concat(self, node: nodes.Concat, scope: Scope) -> Known:  # noqa: N802
        self.generic_visit(node, scope)
        return TEXT

    def visit_Name(self, node: nodes.Name, scope: Scope) -> Known:  # noqa: N802
        known = scope.get(node.name) or self.root.members.get(node.name)
        if known is not None:
            return self._met(known)
        if node.name == "loop":
            self.report("field-unknown", "loop 只能在循环里用", "请把它放到 {% for … %} 和 {% endfor %} 之间")
        elif node.name.startswith("_"):
            self._refuse(node.name)
        elif node.name not in environment().globals:
            guess = suggest_name(node.name, [*scope, *self.root.members], self.root)
            self.report("field-unknown", f"没有字段“{node.name}”", guess)
        return ANY

    def visit_Getattr(self, node: nodes.Getattr, scope: Scope) -> Known:  # noqa: N802
        return self._member(node.node, node.attr, scope)

    def visit_Getitem(self, node: nodes.Getitem, scope: Scope) -> Known:  # noqa: N802
        argument = node.arg.value if isinstance(node.arg, nodes.Const) else None
        if isinstance(argument, str):
            return self._member(node.node, argument, scope)
        owner = self.read(node.node, scope)
        self.visit(node.arg, scope)
        if isinstance(node.arg, nodes.Slice):
            return owner
        if isinstance(owner, Several) and isinstance(argument, int) and 0 <= argument < len(owner.items):
            return owner.items[argument]
        return self._met(owner.item) if isinstance(owner, Many) else ANY

    def _member(self, node: nodes.Expr, name: str, scope: Scope) -> Known:
        owner, written = self.read(node, scope), _written(node)
        if name.startswith("_") or name in {"format_map", "mro"}:
            self._refuse(name)
        elif isinstance(owner, FieldGroup) and name in owner.members:
            return self._met(owner.members[name])
        elif isinstance(owner, FieldGroup) and name not in _METHODS:
            self.report("field-unknown", f"没有字段“{written}.{name}”", suggest_member(name, owner))
        elif isinstance(owner, Many):
            loop = f"请先循环：{{%tr for 项 in {written} %}}，再写 项.{name}"
            self.report("field-of-list", f"“{written}”是列表，不能直接取“{name}”", loop)
        elif isinstance(owner, Leaf) and owner.path and not hasattr(str, name):
            self.report("field-unknown", f"“{written}”是{owner.sort}，下面没有“{name}”", f"请删去“.{name}”")
        return ANY

    def visit_Filter(self, node: nodes.Filter, scope: Scope) -> Known:  # noqa: N802
        value = self.read(node.node, scope) if node.node is not None else TEXT
        for argument in (*node.args, *(one.value for one in node.kwargs)):
            self.read(argument, scope)
        if node.name not in environment().filters:
            self._unknown("filter-unknown", "过滤器", node.name, environment().filters)
            return ANY
        takes = _SORTS.get(node.name)
        if takes and isinstance(value, Leaf) and value.path and value.sort not in takes:
            message = f"过滤器“{node.name}”只用于{'或'.join(takes)}，“{_written(node.node)}”是{value.sort}"
            self.report("filter-type", message, "请换一个字段，或换一个过滤器")
        item = value.item if isinstance(value, Many) else ANY
        result = _RESULTS.get(node.name, _gives_text)
        return result(value, item, self._field_of(node, item))

    def _field_of(self, node: nodes.Filter, item: Known) -> Known:
        """Follow the field named to a filter, as in ``服务项目|map(attribute="项目")``."""
        wanted = next((one.value for one in node.kwargs if one.key == "attribute"), None)
        if wanted is None and node.name in {"selectattr", "rejectattr", "groupby"} and node.args:
            wanted = node.args[0]
        field = item if wanted is not None else ANY
        for name in (
            wanted.value.split(".") if isinstance(wanted, nodes.Const) and isinstance(wanted.value, str) else ()
        ):
            if not isinstance(field, FieldGroup):
                return ANY
            if name not in field.members:
                written = _written(node.node)
                self.report("field-unknown", f"“{written}”的各项没有字段“{name}”", suggest_member(name, field))
            field = self._met(field.members.get(name, ANY))
        return field

    def visit_Test(self, node: nodes.Test, scope: Scope) -> Known:  # noqa: N802
        if node.name not in environment().tests:
            self._unknown("test-unknown", "判断", node.name, environment().tests)
        if node.name not in {"defined", "undefined"}:
            self.generic_visit(node, scope)
        return BOOL

    def visit_Call(self, node: nodes.Call, scope: Scope) -> Known:  # noqa: N802
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        for child in node.iter_child_nodes(exclude=("node",)):
            self.visit(child, scope)
        if name and name not in scope and name not in environment().globals:
            self._unknown("code-refused", "函数", name, [*scope, *environment().globals])
        elif not name:
            self.visit(node.node, scope)
        return Many(INT) if name == "range" else ANY

    def _unknown(self, code: str, what: str, name: str, choices: Iterable[str]) -> None:
        names = sorted(choices, key=str.isascii)
        guess = did_you_mean(name, names) or f"可用的有：{'、'.join(names)}"
        self.report(code, f"没有名为“{name}”的{what}", guess)

    def _refuse(self, name: str) -> None:
        self.report("code-refused", f"标签试图访问“{name}”，这不是数据字段，出于安全不允许", "请只使用字段字典里的字段")

    def _met(self, known: Known) -> Known:
        if known.path:
            self.used.add(known.path)
        return known


def _gives_text(_value: Known, _item: Known, _field: Known) -> Known:
    return TEXT


def _common(known: list[Known]) -> Known:
    return known[0] if known and all(one == known[0] for one in known) else ANY


def _written(node: nodes.Node | None) -> str:
    """Give an expression as its author wrote it, as far as it is a path."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{_written(node.node)}.{node.attr}"
        case nodes.Getitem() if isinstance(node.arg, nodes.Const):
            return f"{_written(node.node)}[{node.arg.value!r}]"
        case nodes.Filter():
            return f"{_written(node.node)}|{node.name}"
        case _:
            return "…"
