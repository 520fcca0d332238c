"""Places of a source that can be broken, and the source with one of them broken."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Break:
    """One place of a source; ``kind`` says what is done to it, ``before`` and ``after`` how it reads."""

    line: int
    kind: str
    before: str
    after: str
    start: int
    end: int
    """In characters of the source."""

    def applied(self, source: str) -> str:
        return source[: self.start] + self.after + source[self.end :]


def breaks(source: str) -> list[Break]:
    """Every place, in order: comparisons, constants, ``and`` and ``or``, ``not``, what is returned, what is raised."""
    tree = ast.parse(source)
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    lines = source.splitlines()

    def place(line: int, column: int) -> int:
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    found = []
    for node, kind, other in _others(tree):
        start, end = place(node.lineno, node.col_offset), place(node.end_lineno or 0, node.end_col_offset or 0)
        after = ast.unparse(other)
        # What is longer than a line stands in brackets of its own or is a statement; unparsed it is one line.
        after = f"({after})" if isinstance(other, ast.BoolOp | ast.Compare) else after
        found.append(Break(node.lineno, kind, source[start:end], after, start, end))
    return sorted(found, key=lambda one: (one.start, one.kind))


def _others(tree: ast.Module) -> Iterator[tuple[ast.expr | ast.stmt, str, ast.expr | ast.stmt]]:
    for node in _inside(tree):
        other: ast.expr | ast.stmt
        if isinstance(node, ast.Compare):
            for at, operator in enumerate(node.ops):
                other = copy.deepcopy(node)
                other.ops[at] = _COMPARED[type(operator)]()
                yield node, "comparison", other
        elif isinstance(node, ast.BoolOp):
            other = copy.deepcopy(node)
            other.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
            yield node, "boolean", other
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node, "boolean", node.operand
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield node, "boolean", ast.Constant(not node.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            yield node, "constant", ast.Constant(node.value + 1)
        elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
            yield node, "return", ast.Return(ast.Constant(None))
        elif isinstance(node, ast.Raise) and node.exc is not None:
            yield node, "raise", ast.Pass()


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs: no annotations, and nothing within an f-string, whose places cannot be written anew alone."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns"}:
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.AST) and not isinstance(one, ast.JoinedStr):
                yield one
                yield from _inside(one)
