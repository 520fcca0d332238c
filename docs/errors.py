"""Write docs/errors.md: every sentence the program can refuse with, found in its source.

Run from the root: ``python docs/errors.py``. A test compares the page with the source.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yiyu.registry import errors
from yiyu.registry.errors import UserError

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "errors.md"
CLASSES: dict[str, type[UserError]] = {
    name: one for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, UserError)
}
HEAD = """# 错误与处理

程序拒绝时说一句话：发生了什么（在哪里）；下一步怎么办。退出码供脚本判断，代码供程序识别。
“…”处是当时的名称、编号或数值。本页由 `python docs/errors.py` 从源代码生成，请勿手改。
"""


@dataclass(frozen=True, order=True)
class Message:
    """One place that refuses. ``what`` and ``remedy`` are templates with … for values; "" where made elsewhere."""

    exit_code: int
    code: str
    what: str
    remedy: str
    module: str


def messages() -> list[Message]:
    found = set()
    for path in sorted([ROOT / "cli.py", *ROOT.glob("registry/**/*.py"), *ROOT.glob("docgen/**/*.py")]):
        module = path.relative_to(ROOT).as_posix()
        found |= set(_in_module(ast.parse(path.read_text("utf-8")), module))
    return sorted(found)


def page() -> str:
    groups: dict[int, list[Message]] = defaultdict(list)
    for message in messages():
        groups[message.exit_code].append(message)
    lines = [HEAD]
    for exit_code, group in sorted(groups.items()):
        lines += [f"## 退出码 {exit_code}", "", "| 代码 | 说什么 | 下一步 | 出自 |", "|---|---|---|---|"]
        lines += [f"| `{m.code}` | {_cell(m.what)} | {_cell(m.remedy)} | `{m.module}` |" for m in group]
        lines.append("")
    return "\n".join(lines)


def _in_module(tree: ast.Module, module: str) -> Iterator[Message]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CLASSES:
            given = {one.arg: one.value for one in node.keywords}
            what = node.args[0] if node.args else given.get("what")
            made = CLASSES[node.func.id]
            code = _text(given["code"]) if "code" in given else made.code
            yield Message(made.exit_code, code, _text(what), _text(given.get("remedy")), module)


def _text(node: ast.expr | None) -> str:
    """A string as a template; … for what only the moment knows."""
    text = "…"
    match node:
        case None:
            text = ""
        case ast.Constant(value=str(given)):
            text = given
        case ast.JoinedStr(values=parts):
            text = "".join(map(_text, parts))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            text = _text(left) + _text(right)
        case ast.IfExp(body=body, orelse=other):
            text = " / ".join(dict.fromkeys((_text(body), _text(other))))
        case ast.BoolOp(values=values):
            text = " / ".join(dict.fromkeys(map(_text, values)))
    return text


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
