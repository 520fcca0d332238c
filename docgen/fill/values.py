"""A value enters a document exactly as given, or is refused with field and place (design.md#exact-values)."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docxtpl import DocxTemplate, Listing, RichText, RichTextParagraph
from jinja2 import Undefined

from yiyu.docgen.fill.limits import MAX_TEXT
from yiyu.registry.errors import BadInput

FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 (section 2.2) cannot hold, and CR, which every reader of XML turns into LF."""
FORBIDDEN_IN_MARKUP = re.compile("[\x00-\x06\x08\x0b\x0d-\x1f\ud800-\udfff\ufffe\uffff]")
"""docxtpl's own text classes write a paragraph as \\a and a page as \\f."""

_MAX_DEPTH = 50
_NEXT = "请在来源表格或数据中改正该项后重试"


@dataclass(frozen=True, slots=True)
class CheckedContext:
    """A context fit for rendering.

    ``marked_up``: docxtpl's text objects are in it. ``owner``: the docxtpl object its pictures and sub-documents are of.
    """

    context: dict[str, Any]
    marked_up: bool = False
    owner: DocxTemplate | None = None


def check(context: Mapping[str, object]) -> CheckedContext:
    """Accept str, bool, int, finite float, lists, mappings of them, and docxtpl's text objects, pictures, sub-documents.

    CR LF becomes LF; nothing else is changed. Raises BadInput naming the field (``甲方.名称``), the place and the code
    point for a character XML cannot hold, and naming the field for None, NaN and any other type.
    """
    # The common case, every leaf a clean str, int or bool, costs one pass and one look at the joined text.
    texts: list[str] = []
    if type(context) is dict and _plain(context, texts, 0):
        joined = "".join(texts)
        if len(joined) <= MAX_TEXT and (joined.isprintable() or not FORBIDDEN.search(joined)):
            return CheckedContext(context)
    found: list[object] = []
    cleaned = {str(key): _cleaned(value, str(key), found, 1) for key, value in context.items()}
    owners = {id(owner): owner for thing in found if (owner := getattr(thing, "tpl", None)) is not None}
    if len(owners) > 1:
        raise BadInput("图片或子文档分属不同的模板对象", remedy="请用同一个 DocxTemplate 对象创建")
    return CheckedContext(cleaned, marked_up=bool(found), owner=next(iter(owners.values()), None))


def _plain(value: Mapping[Any, Any] | list[Any], texts: list[str], depth: int) -> bool:
    """Collect the texts of nested dicts and lists; False where anything else is met."""
    if depth > _MAX_DEPTH:
        return False
    for item in value.values() if isinstance(value, Mapping) else value:
        kind = type(item)
        if kind is str:
            texts.append(item)
        elif kind is dict or kind is list:
            if not _plain(item, texts, depth + 1):
                return False
        elif kind is not bool and kind is not int:
            return False
    return True


def _cleaned(value: object, path: str, found: list[object], depth: int) -> object:
    if depth > _MAX_DEPTH:
        raise BadInput(f"“{path}”嵌套过深", remedy=_NEXT)
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return _text(str(value), path)
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, Mapping):
        return {key: _cleaned(item, f"{path}.{key}", found, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item, f"{path}第{place}项", found, depth + 1) for place, item in enumerate(value, 1)]
    if isinstance(value, RichText | RichTextParagraph | Listing):
        _refuse(FORBIDDEN_IN_MARKUP.search(value.xml), path)
        found.append(value)
        return value
    if value is None or isinstance(value, Undefined):
        raise BadInput(f"“{path}”没有值（None）", remedy="不知道的内容请给空文字，模板会按填空处理")
    if isinstance(getattr(value, "tpl", None), DocxTemplate):  # InlineImage, Subdoc
        found.append(value)
        return value
    if isinstance(value, float):
        raise BadInput(f"“{path}”不是有效数字（{value}）", remedy=_NEXT)
    raise BadInput(f"“{path}”的类型不能写入文书（{type(value).__name__}）", remedy="请先转成文字")


def _text(value: str, path: str) -> str:
    value = value.replace("\r\n", "\n")
    _refuse(FORBIDDEN.search(value), path)
    if len(value) > MAX_TEXT:
        raise BadInput(f"“{path}”过长（{len(value)}字，上限{MAX_TEXT}字）", remedy=_NEXT)
    return value


def _refuse(found: re.Match[str] | None, path: str) -> None:
    if found:
        raise BadInput(f"“{path}”第{found.start() + 1}个字符不能写入文书（U+{ord(found.group()):04X}）", remedy=_NEXT)
