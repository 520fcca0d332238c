"""Fill one Word template with one JSON file: ``yiyu template fill``."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from yiyu.docgen.fill.clauses import expanded
from yiyu.docgen.fill.compiled import compile_template
from yiyu.docgen.fill.dialects import foreign_tags
from yiyu.docgen.fill.inserts import with_inserts
from yiyu.docgen.fill.lint.paragraphs import open_document, read_paragraphs
from yiyu.registry.errors import BadInput, TemplateFault
from yiyu.registry.files import read_bytes, sha256, write_atomic
from yiyu.registry.packs.clauses import ClauseText

MAX_DATA = 16 * 1024 * 1024

Picture = Callable[[Mapping[str, Any]], bytes]


@dataclass(frozen=True, slots=True)
class FilledFile:
    """What was written, from which template."""

    path: Path
    size: int
    sha256: str
    template_sha256: str


def fill_file(
    template: Path,
    data: Path,
    out: Path,
    *,
    picture: Picture = lambda _: b"",
    root: Path | None = None,
    clauses: tuple[ClauseText, ...] = (),
    dry_run: bool = False,
) -> FilledFile:
    """Fill ``template`` (.docx) with the JSON object in ``data`` and write ``out`` whole or not at all.

    ``picture`` draws the code of the document the data names. Pictures the data names are read from its own folder, or
    from anywhere in ``root`` where the data lies in it. ``clauses``: what the template may refer to. A dry run fills it too,
    but writes nothing.
    Raises FileFault for what cannot be read or written, TemplateFault for the template, BadInput for the data.
    """
    _refuse_as_output(out, template, data)
    content = read_bytes(template)
    if template.suffix.lower() == ".docm":
        raise TemplateFault("模板是带宏的文档（.docm）", where=str(template), remedy="请另存为 .docx 后再试")
    compiled = compile_template(expanded(content, template.name, clauses).data, name=template.name)
    if not compiled.parts:
        raise _without_tags(template, content)
    context = read_json(data)
    folder = data.resolve().parent
    within = root if root is not None and folder.is_relative_to(root.resolve()) else folder
    try:
        inserted = with_inserts(context, compiled.docxtpl, folder, within)
        document = compiled.fill(inserted, code=picture(context))
    except BadInput as error:
        where = error.where or f"数据 {data.name}"
        raise BadInput(error.what, where=where, remedy=error.remedy, code=error.code) from error
    if not dry_run:
        write_atomic(out, document)
    return FilledFile(out, len(document), sha256(document), compiled.sha256)


def expand_file(template: Path, out: Path, clauses: tuple[ClauseText, ...], *, dry_run: bool = False) -> int:
    """Write a copy of ``template`` with ``clauses`` in place of what refers to them, and give how many it has.

    Raises FileFault, TemplateFault for a reference that leads nowhere, BadInput where there is none.
    """
    _refuse_as_output(out, template)
    form = expanded(read_bytes(template), template.name, clauses)
    if not form.clauses:
        remedy = "不用展开；引用条款的写法是独占一段的 {{ 条款.费用 }}"
        raise BadInput("范本里没有引用条款", where=str(template), remedy=remedy)
    if not dry_run:
        write_atomic(out, form.data)
    return len(form.clauses)


def _refuse_as_output(out: Path, *sources: Path) -> None:
    if out.exists() and any(out.samefile(source) for source in sources if source.exists()):
        what = "输出文件就是模板或数据文件本身"
        raise BadInput(what, where=str(out), remedy="请换一个输出文件名", code="output-is-input")


def _without_tags(template: Path, content: bytes) -> TemplateFault:
    """A document in which nothing is filled: a tag of another language is named, else how one is made is told."""
    texts = (paragraph.text for paragraph in read_paragraphs(open_document(content)))
    if foreign := next((one for text in texts for one in foreign_tags(text)), None):
        what = f"模板里没有一个能填的标签，{foreign.told}"
        return TemplateFault(what, where=str(template), remedy=foreign.remedy, code="template-dialect")
    remedy = "请在要填写处写上标签，如 {{ 甲方.名称 }}；普通范本可先用 yiyu template draft 拟一遍"
    return TemplateFault("模板里没有一个标签，填写后与原件一样", where=str(template), remedy=remedy, code="no-tags")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object in UTF-8 (with or without BOM). Raises FileFault and BadInput with line and column."""
    value = _read_value(path)
    if not isinstance(value, dict):
        raise BadInput(
            "数据文件的最外层应是一个对象",
            where=f"数据 {path.name}",
            remedy='请写成 {"字段": "值", …} 的形式',
            code="json",
        )
    return value


def read_json_rows(path: Path) -> list[dict[str, Any]]:
    """Read a list of JSON objects, as ``--json`` prints listings. Raises FileFault and BadInput."""
    value = _read_value(path)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise BadInput(
            "数据文件的最外层应是一个列表", where=f"数据 {path.name}", remedy="请原样使用 --json 的输出", code="json"
        )
    return value


def _read_value(path: Path) -> Any:  # noqa: ANN401 whatever JSON can hold
    content = read_bytes(path, limit=MAX_DATA)
    where = f"数据 {path.name}"
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput(
            "数据文件不是 UTF-8 编码", where=f"{where}，第{line}行", remedy="请另存为 UTF-8 后再试"
        ) from error
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise BadInput(
            "数据文件不是有效的 JSON",
            where=f"{where}，第{error.lineno}行第{error.colno}列",
            remedy="请检查该处的引号、逗号和括号",
            code="json",
        ) from error
    except _BadJson as error:
        raise BadInput(str(error), where=where, remedy="请改正后再试", code="json") from error
    except (RecursionError, ValueError) as error:  # nested too deep; a number of over 4,300 digits
        raise BadInput("数据文件嵌套过深或数字过长", where=where, remedy="请改正后再试", code="json") from error


class _BadJson(Exception):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _BadJson(f"同一对象中字段“{twice}”出现了两次")
    return result


def _no_number(name: str) -> NoReturn:
    raise _BadJson(f"“{name}”不是有效数字")
