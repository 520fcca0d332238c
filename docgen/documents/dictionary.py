"""The field dictionary as people read it: a listing, and the page docs/fields.md."""

from itertools import groupby

from yiyu.docgen.context import FIELDS, TemplateField, fields_of
from yiyu.docgen.fill.filters import WORDING
from yiyu.registry.model import DOC_KIND_LABEL, DocKind

EXAMPLES: dict[str, tuple[str, tuple[str | int | bool, ...], str]] = {
    "填空": ("甲方.电话|填空(4)", ("", 4), "有内容就印内容，没有就留出这么多个字宽的横线"),
    "勾选": ("乙方.备案|勾选", (True,), "是为 ☑，否为 □"),
    "大写金额": ("1640902|大写金额", (1640902,), "以分为单位的整数"),
    "中文日期": ('"2026-03-01"|中文日期', ("2026-03-01",), "不补零"),
    "汉字日期": ("协议.生效日期|汉字日期", ("2026年3月1日",), "汉字数字"),
    "大写日期": ("协议.生效日期|大写日期", ("2026年3月1日",), "票据用的大写"),
    "季度": ("3|季度", (3,), "1 至 4"),
    "大写份数": ("协议.份数|大写份数", (4,), "1 至 99"),
    "半角": ("甲方.电话|半角", ("０４７７",), "全角字母数字改半角"),
    "全角": ("甲方.电话|全角", ("0477",), "半角字母数字改全角"),
}
"""Filter to an expression, the value (and arguments) it is shown with, and what it does."""

_HEAD = """# 模板字段字典

本页由 `yiyu template fields --markdown` 生成，请勿手工修改；示例值取自一份虚构的三方协议。

## 写法

| 要做的事 | 写法 |
|---|---|
| 打印一个字段 | `{{ 甲方.名称 }}` |
| 一行表格按列表重复 | 上一行只写 `{%tr for 项 in 服务项目 %}`，本行写 `{{ 项.项目 }}`，下一行只写 `{%tr endfor %}` |
| 一段按条件出现 | 上一段只写 `{%p if 丙方.名称 %}`，下一段只写 `{%p endif %}` |
| 段落内的条件 | `{% if 乙方.备案日期 %}（{{ 乙方.备案日期 }}）{% endif %}` |
| 文字列表连成一句 | `{{ 依据\\|join("、") }}` |
| 文书的二维码 | 在页眉放一张 15 毫米见方的 PNG 图片（什么图都行），可选文字写 `页面码`，四周留白 3 毫米；旁边可写 `{{ 文书.标记 }}` |

路径里的 `[]` 表示列表：`服务项目[].项目` 在循环 `for 项 in 服务项目` 里写作 `项.项目`。
花括号、百分号、引号、逗号都用半角。写完运行 `yiyu template check 文件`。
"""


def dictionary(kind: DocKind | None = None) -> tuple[TemplateField, ...]:
    """Give the fields a template of ``kind`` may name; of all kinds for None, each once."""
    fields = {field.path: field for one in ((kind,) if kind else DocKind) for field in fields_of(one)}
    return tuple(fields[path] for path in FIELDS if path in fields)


def fields_page() -> str:
    """Write the dictionary as a Markdown page."""
    fields = dictionary()
    everywhere = set.intersection(*({field.path for field in fields_of(kind)} for kind in DocKind))
    lines = [_HEAD]
    for name, group in groupby(fields, key=lambda field: field.path.split(".")[0].removesuffix("[]")):
        members = list(group)
        only = [DOC_KIND_LABEL[kind] for kind in DocKind if members[0].path in {f.path for f in fields_of(kind)}]
        note = "" if members[0].path in everywhere else f"（仅{'、'.join(only)}）"
        lines += [f"## {name}{note}\n", "| 路径 | 类型 | 含义 | 示例 |", "|---|---|---|---|"]
        lines += [f"| `{f.path}` | {f.type} | {f.meaning} | {f.sample} |" for f in members]
        lines.append("")
    lines += ["## 过滤器\n", "| 写法 | 说明 | 例 |", "|---|---|---|"]
    for name, (expression, arguments, meaning) in EXAMPLES.items():
        written = expression.replace("|", "\\|")
        lines.append(f"| `{{{{ {written} }}}}` | {meaning} | {WORDING[name](*arguments)} |")
    return "\n".join(lines) + "\n"
