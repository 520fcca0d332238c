"""The one Jinja2 environment: sandboxed, strict, escaping, without a loader, with the filters a document needs."""

import functools
from collections.abc import Iterable
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.utils import Namespace

from yiyu.docgen.fill.filters import FILTERS, TESTS
from yiyu.docgen.fill.limits import DICT_NAMES, Sandbox
from yiyu.docgen.fill.undefined import Missing, printable


class _RawOutput(CodeGenerator):
    """Yields the template's own texts as bytes and each value as it is: the renderer then escapes all values at once.

    And looks a field of a dict up in place, with what Sandbox.getattr says of it, without the call.
    """

    yielding = False

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 named by Jinja2
        self.yielding = frame.buffer is None
        super().visit_Output(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        if node.attr in DICT_NAMES:
            super().visit_Getattr(node, frame)
            return
        owner = self.temporary_identifier()
        self.write(f"({owner}[{node.attr!r}] if type({owner} := ")
        self.visit(node.node, frame)
        self.write(f") is dict and {node.attr!r} in {owner} else environment.getattr({owner}, {node.attr!r}))")

    def _output_const_repr(self, group: Iterable[Any]) -> str:
        return repr("".join(group).encode()) if self.yielding else super()._output_const_repr(group)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:  # noqa: ANN401
        if self.yielding:
            self.write("(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:  # noqa: ANN401
        if self.yielding:
            self.write(")")
        else:
            super()._output_child_post(node, frame, finalize)


class _RawSandbox(Sandbox):
    code_generator_class = _RawOutput


@functools.cache
def environment() -> Sandbox:
    """Give the environment every template is compiled in. It keeps no state of a rendering; do not change it."""
    return _furnished(Sandbox)


@functools.cache
def raw_environment() -> Sandbox:
    """Give the same environment, but whose templates yield their own texts as bytes and each value as it is."""
    return _furnished(_RawSandbox)


def _furnished(kind: type[Sandbox]) -> Sandbox:
    result = kind(undefined=Missing, autoescape=True, finalize=printable, loader=None, extensions=())
    result.globals = {"range": result.globals["range"], "namespace": Namespace}
    result.filters = dict(FILTERS)
    result.tests = dict(TESTS)
    return result
