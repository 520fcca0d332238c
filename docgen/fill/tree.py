"""What is done to a parsed template before it is compiled: refuse some tags, put the charges in, finish its own text."""

import re
from collections.abc import Iterable
from typing import cast

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from yiyu.docgen.fill.limits import SLOW, Sandbox

PARAGRAPH_LINE = re.compile(r"\n(<w:p[ >])")
"""docxtpl gives each paragraph a line of its own, so that Jinja2's line numbers name paragraphs, and takes it back."""

_ESCAPES = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))
"""docxtpl's way to write a brace. It means that in the template's own text only: a value is written as it is."""

_FORBIDDEN: tuple[tuple[type[nodes.Node], str], ...] = (
    (nodes.Include, "include"),
    (nodes.Import, "import"),
    (nodes.FromImport, "from"),
    (nodes.Extends, "extends"),
    (nodes.Block, "block"),
    (nodes.ScopedEvalContextModifier, "autoescape"),
)
_CALL_NODES = (nodes.Call, nodes.Filter, nodes.Test)


class ForbiddenTag(Exception):
    """A tag the engine does not offer: its name and its line."""

    def __init__(self, tag: str, lineno: int) -> None:
        self.tag, self.lineno = tag, lineno
        super().__init__(tag)


def prepare(environment: Sandbox, source: str) -> nodes.Template:
    """Parse the patched source of a part. Raises jinja2.TemplateSyntaxError and ForbiddenTag."""
    tree = environment.parse(source)
    for kind, tag in _FORBIDDEN:
        if found := tree.find(kind):
            raise ForbiddenTag(tag, found.lineno)
    for data in tree.find_all(nodes.TemplateData):
        data.data = _final(data.data)
    tree = cast("nodes.Template", _Charges().visit(tree))
    tree.set_environment(environment)
    return tree


def _final(text: str) -> str:
    text = PARAGRAPH_LINE.sub(r"\1", text)
    for written, meant in _ESCAPES:
        text = text.replace(written, meant)
    return text


class _Charges(NodeTransformer):
    """Put a charge before everything that multiplies work or text."""

    def __init__(self) -> None:
        self.buffers = 0
        """How many macro, set or filter blocks we are in: their text is gathered out of sight of the renderer."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 named by Jinja2
        turn = 10 + _weight(node.body)
        self._visit_buffered(node) if node.recursive else self.generic_visit(node)
        node.iter = _charged("counted", cast("nodes.Expr", node.iter), nodes.Const(turn))
        if node.recursive:
            node.body.insert(0, _spend(turn, node.lineno))
        return node

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:  # noqa: N802
        turn = 10 + _weight(node.body)
        self._visit_buffered(node)
        node.body.insert(0, _spend(turn, node.lineno))
        return node

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802
        turn = 10 + _weight(node.body)
        self._visit_buffered(node)
        node.body.insert(0, _spend(turn, node.lineno))
        return node

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.Node:  # noqa: N802
        return self._visit_buffered(node)

    def visit_FilterBlock(self, node: nodes.FilterBlock) -> nodes.Node:  # noqa: N802
        return self._visit_buffered(node)

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        if self.buffers:
            node.nodes = [
                child if isinstance(child, nodes.TemplateData) else _charged("weighed", child) for child in node.nodes
            ]
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.nodes = [child if isinstance(child, nodes.Const) else _charged("weighed", child) for child in node.nodes]
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        """Comparing nested lists is exponential; comparing with a written constant is not."""
        self.generic_visit(node)
        chain = [node.expr, *(operand.expr for operand in node.ops)]
        searched = any(operand.op in {"in", "notin"} and not _is_constant(operand.expr) for operand in node.ops)
        if searched or sum(not _is_constant(expr) for expr in chain) > 1:
            node.expr = _charged("compared", node.expr)
            for operand in node.ops:
                operand.expr = _charged("compared", operand.expr)
        return node

    def visit_Mod(self, node: nodes.Mod) -> nodes.Node:  # noqa: N802
        right = node.right
        if isinstance(right, nodes.Tuple):  # '%s-%s' % (a, b)
            right.items = [cast("nodes.Expr", self.visit(item)) for item in right.items]
            node.left = cast("nodes.Expr", self.visit(node.left))
            return node
        return self.generic_visit(node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802
        """Make a list of a tuple of values: hashing nested tuples is exponential, and lists cannot be hashed."""
        self.generic_visit(node)
        if node.ctx != "load" or _is_constant(node):
            return node
        return nodes.List(node.items, lineno=node.lineno)

    def _visit_buffered(self, node: nodes.Node) -> nodes.Node:
        self.buffers += 1
        self.generic_visit(node)
        self.buffers -= 1
        return node


def _weight(body: Iterable[nodes.Node]) -> int:
    """Cost of running ``body`` once; inner loops and macros pay for their own turns."""
    total = 0
    for node in body:
        if isinstance(node, nodes.TemplateData):
            total += len(node.data)
        elif isinstance(node, nodes.For):
            total += 10 + _weight([node.iter])
        elif isinstance(node, nodes.Macro | nodes.CallBlock):
            total += 10
        else:
            own = SLOW if isinstance(node, nodes.Slice) else 50 if isinstance(node, _CALL_NODES) else 10
            total += own + _weight(node.iter_child_nodes())
    return total


def _is_constant(node: nodes.Node) -> bool:
    if isinstance(node, nodes.List | nodes.Tuple):
        return all(map(_is_constant, node.items))
    return isinstance(node, nodes.Const)


def _charged(name: str, *values: nodes.Expr) -> nodes.Call:
    lineno = values[0].lineno
    method = nodes.EnvironmentAttribute(name, lineno=lineno)
    return nodes.Call(method, [nodes.ContextReference(lineno=lineno), *values], [], None, None, lineno=lineno)


def _spend(units: int, lineno: int) -> nodes.ExprStmt:
    return nodes.ExprStmt(_charged("spend", nodes.Const(units, lineno=lineno)), lineno=lineno)
