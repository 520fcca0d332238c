"""Write docs/site/json.md: the keys of every --json, from the table that the tests hold the program to.

Run from the root: ``python docs/json_keys.py``. A test compares the page with tests/data/schemas.json.
"""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "site" / "json.md"
TABLE = ROOT / "tests" / "data" / "schemas.json"
HEAD = """# JSON 键

`--json` 在标准输出上打印一个 JSON 文档，别的什么也不打印；说明和错误在标准错误。键名是英文，固定不变：少一个、多一个、换一种类型，测试就不通过。
文件路径从工作区算起。`template context` 的键是中文，见[模板字段](fields.md)。

| 类型 | 意思 |
|---|---|
| `text` | 文字 |
| `date` | 日期，如 `2026-03-01` |
| `integer`、`number` | 整数、小数 |
| `boolean` | `true` 或 `false` |
| `text|null` | 可能没有 |
| `@rate` | 见[共用的部分](#共用的部分) |
| `"+": "@item"` | 先有 `@item` 的全部键，再加下面的 |
| `"*": "text"` | 键不固定，是数据 |

本页由 `python docs/json_keys.py` 从 `tests/data/schemas.json` 生成，请勿手改。
"""


def page() -> str:
    kept: dict[str, Any] = json.loads(TABLE.read_text("utf-8"))
    lines = [HEAD, "## 每个命令", ""]
    for name, shape in kept["commands"].items():
        lines += [f"### {name}", "", "```json", _spelled(shape), "```", ""]
    lines += ["## 共用的部分", ""]
    for name, shape in kept["shapes"].items():
        lines += [f"### @{name}", "", "```json", _spelled(shape), "```", ""]
    lines += ["## 键的意思", "", "| 键 | 意思 |", "|---|---|"]
    lines += [f"| `{key}` | {meaning} |" for key, meaning in kept["words"].items()]
    return "\n".join(lines) + "\n"


def _spelled(shape: object) -> str:
    return json.dumps(shape, ensure_ascii=False, indent=2)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
