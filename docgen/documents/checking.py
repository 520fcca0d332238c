"""Check templates and packs, every fault of every file in one run; the dictionary of fields as a table."""

import contextlib
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path

from yiyu.docgen.context import FIELDS, TemplateField, fields_of
from yiyu.docgen.fill.files import read_json
from yiyu.docgen.fill.filters import WORDING
from yiyu.docgen.fill.inserts import without_inserts
from yiyu.docgen.fill.lint import Expectations, TemplateFinding, ToldKind, annotate, check_form
from yiyu.registry.errors import BadInput, FileFault, UserError
from yiyu.registry.files import read_bytes, write_atomic
from yiyu.registry.model import DOC_KIND_LABEL, DocKind, Severity, Variant
from yiyu.registry.packs import Pack, TemplateFile, load_pack
from yiyu.registry.packs.checking import PackFault, check_pack
from yiyu.registry.packs.clauses import Clause, load_clauses
from yiyu.registry.packs.reading import pack_names

_KEYS = ("severity", "code", "place", "message", "suggestion")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file and what is wrong with it, in the shape of ``template check --json``.

    ``kind``: the kind whose rules it was held to, "" where only the general ones ran; ``rules`` says so in words.
    """

    file: str
    problems: tuple[dict[str, str], ...]
    kind: str = ""
    rules: str = ""


GENERAL = "只按通用规则检查"


def check_files(
    paths: Sequence[Path], *, pack: Pack, kind: DocKind | None = None, data: Path | None = None
) -> list[CheckedFile]:
    """Check Word files as documents of ``kind``; without it of the kind the pack has that file for, or its title tells.

    ``data``: a JSON object the templates are tried with, whatever its fields. Raises FileFault for what cannot be read.
    """
    context = None if data is None else without_inserts(read_json(data))
    return [_checked(path, read_bytes(path), pack, kind, context) for path in paths]


def _checked(
    path: Path, content: bytes, pack: Pack, kind: DocKind | None, data: Mapping[str, object] | None
) -> CheckedFile:
    found, told = _findings(path, content, pack, kind, data)
    held = kind or kind_of(path.name, pack) or told.kind
    rules = GENERAL
    if held:
        by = "按 --kind " if kind else "按文件名" if kind_of(path.name, pack) else f"按{told.by}“{told.title}”"
        rules = f"按{DOC_KIND_LABEL[held]}检查（{by.removesuffix('“”')}判断）"
    elif told.called:
        rules = f"{GENERAL}（看标题是{told.called}，没有专门的规则）"
    return CheckedFile(str(path), _of_findings(found), str(held or ""), rules)


def annotate_file(path: Path, out: Path, *, pack: Pack, kind: DocKind | None = None) -> None:
    """Write a copy of ``path`` to ``out`` with a Word comment at each fault. Raises FileFault and TemplateFault."""
    if out.exists() and path.exists() and out.samefile(path):
        raise BadInput("批注要写在另一个文件里", where=str(out), remedy="请换一个输出文件名", code="output-is-input")
    data = read_bytes(path)
    write_atomic(out, annotate(data, path.name, _findings(path, data, pack, kind)[0]))


def _findings(
    path: Path, content: bytes, pack: Pack, kind: DocKind | None, data: Mapping[str, object] | None = None
) -> tuple[tuple[TemplateFinding, ...], ToldKind]:
    said = kind or kind_of(path.name, pack)

    def expect(told: ToldKind) -> Expectations:
        wanted = _wanted(pack, said or told.kind)
        needs = wanted.needs if data is None else ()
        return replace(wanted, needs=needs, guessed=said is None, data=data)

    return _checked_with_clauses(content, path.name, expect, load_clauses(pack))


def _checked_with_clauses(
    content: bytes, name: str, expect: Callable[[ToldKind], Expectations], clauses: Sequence[Clause]
) -> tuple[tuple[TemplateFinding, ...], ToldKind]:
    """Check a form with the clauses of each day from which one of them is another."""
    days = {one.since for clause in clauses for one in clause.versions}
    found: dict[TemplateFinding, None] = {}
    told = ToldKind()
    for day in (dt.date.fromisoformat(since or "0001-01-01") for since in sorted(days | {""})):
        findings, told = check_form(content, name, expect, [clause.on(day) for clause in clauses])
        found |= dict.fromkeys(findings)
    return tuple(found), told


def kind_of(file: str, pack: Pack) -> DocKind | None:
    """Tell the kind of document by the file name the pack uses for it."""
    for kind, document in pack.documents.items():
        if file in {document.file, *document.variants.values()}:
            return kind
    return None


def check_packs(names: Sequence[str], office: Path | None) -> list[CheckedFile]:
    """Check the ``pack.toml`` of the packs (none named: of all) with their parents', and every Word file they use.

    Raises NotFound for a name no pack has.
    """
    problems: dict[str, list[PackFault | TemplateFinding]] = {}
    templates: dict[tuple[TemplateFile, Expectations, tuple[Clause, ...]], None] = {}
    for name in names or pack_names(office):
        own, faults = check_pack(name, office)
        problems.setdefault(own, [])
        for fault in faults:
            problems.setdefault(fault.file, []).append(fault)
        try:
            pack = load_pack(name, office=office)
        except UserError:
            continue  # its faults have just been listed
        problems[own] += _unknown_needs(own, pack)
        with contextlib.suppress(UserError):  # its faults have just been listed
            clauses = load_clauses(pack)
            templates |= {(template, wanted, clauses): None for template, wanted in _templates(pack)}
    for template, wanted, clauses in templates:
        found, _ = _checked_with_clauses(template.data, template.name, partial(_held_to, wanted), clauses)
        problems.setdefault(_shown(template, office), []).extend(found)
    return [CheckedFile(file, _of_findings(found)) for file, found in problems.items()]


def _held_to(wanted: Expectations, _told: ToldKind) -> Expectations:
    return wanted


def _templates(pack: Pack) -> list[tuple[TemplateFile, Expectations]]:
    """Give each Word file of the pack once, with the variants it serves."""
    used: dict[tuple[DocKind, TemplateFile], list[Variant]] = defaultdict(list)
    for kind in pack.documents:
        for variant in pack.variants:
            try:
                used[kind, pack.template(kind, variant)].append(variant)
            except FileFault:
                continue  # a file that is missing is a fault of the pack.toml
    return [(template, _wanted(pack, kind, tuple(variants))) for (kind, template), variants in used.items()]


def _wanted(pack: Pack, kind: DocKind | None, variants: tuple[Variant, ...] = tuple(Variant)) -> Expectations:
    titles = tuple(document.title for document in pack.documents.values())
    needs = pack.documents[kind].needs if kind in pack.documents else ()
    return Expectations(kind, needs, titles, variants)


def _unknown_needs(file: str, pack: Pack) -> list[PackFault]:
    faults = []
    for kind, document in pack.documents.items():
        paths = {path.replace("[]", "") for field in fields_of(kind) for path in (field.path, field.path.split(".")[0])}
        for need in document.needs:
            if need not in paths:
                message, place = f"没有字段“{need}”", f"documents.{kind}.needs"
                hint = "请核对字段名：yiyu template fields"
                faults.append(PackFault(file, Severity.ERROR, "field-unknown", place, message, hint))
    return faults


def _shown(template: TemplateFile, office: Path | None) -> str:
    own = office / template.name if office else None
    return f"{office.name}/{template.name}" if office and own and own.is_file() else template.name


def _of_findings(found: Sequence[TemplateFinding | PackFault]) -> tuple[dict[str, str], ...]:
    problems = [{key: str(getattr(one, key)) for key in _KEYS} for one in found]
    return tuple(problem for place, problem in enumerate(problems) if problem not in problems[:place])


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
| 条款库里的一条 | 独占一段写 `{{ 条款.费用 }}`，印出“第七条　费用”和它的文字；只要文字写 `{{ 条文.费用 }}`；提到它写 `{{ 条号.费用 }}`，印出“第七条” |
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
