"""Whether what a person wrote in the place of a field is one: a path of the dictionary or an expression of such."""

from collections import ChainMap

from jinja2 import nodes

from yiyu.docgen.context import FIELDS
from yiyu.docgen.fill.draft.proposal import LEFT_EMPTY, LOOP_LIST, BlankKind, Proposal
from yiyu.docgen.fill.lint.grammar import parsed
from yiyu.docgen.fill.lint.known import did_you_mean, known_fields
from yiyu.docgen.fill.lint.reading import ExpressionReader
from yiyu.registry.model import DocKind


def field_fault(proposal: Proposal, field: str, kind: DocKind | None) -> tuple[str, str] | None:
    """What is wrong with ``field`` in the place of ``proposal``, and what may be meant; None for nothing."""
    if field in (LEFT_EMPTY, LOOP_LIST):
        return None
    if proposal.kind is BlankKind.ROWS:
        own = [path for path in FIELDS if path.startswith(f"{LOOP_LIST}[].")]
        return None if field in own else (f"“{field}”不是逐项重复的字段", did_you_mean(field, own))
    node = parsed(f"{{{{ {field} }}}}")
    if isinstance(node, str) or not isinstance(node, nodes.Output) or node.find(nodes.Name) is None:
        return f"“{field}”写法有误", "只写字段名，不带花括号，如 甲方.名称"
    faults: list[tuple[str, str]] = []
    reader = ExpressionReader(known_fields(kind), lambda _code, message, hint: faults.append((message, hint)))
    for child in node.nodes:
        reader.printed(child, ChainMap({}))
    return faults[0] if faults else None
