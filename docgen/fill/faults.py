"""What a template author is told: which part, which paragraph, which field, in a Chinese sentence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Template, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError, TemplateAssertionError

from yiyu.docgen.fill.dialects import foreign_tags
from yiyu.docgen.fill.limits import TooMuch
from yiyu.docgen.fill.tree import ForbiddenTag
from yiyu.docgen.fill.undefined import MissingField, UnprintableValue
from yiyu.registry.errors import BadInput, TemplateFault, UserError

_MARKUP = re.compile(r"<[^>]*>")
_SHOWN = 60
_LONG_VALUE = re.compile(r"“([^”]{40})[^”]+”")
_SYNTAX: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"No filter named '(.+?)'", "没有名为“{}”的过滤器"),
        (r"No test named '(.+?)'", "没有名为“{}”的判断"),
        (r"Encountered unknown tag '(.+?)'\. (?:Jinja was|You probably)", "标签“{}”的位置不对，或与上文的标签不配对"),
        (r"Encountered unknown tag '(end\w+|else|elif)'", "“{}”前面没有对应的开头；{{%tr … %}} 须各占一个表格行"),
        (r"Encountered unknown tag '(.+?)'", "不认识的标签“{}”"),
        (r"innermost block that needs to be closed is '(\w+)'", "标签没有结束：缺少“{{% end{} %}}”"),
        (r"[Uu]nexpected end of template", "标签没有写完"),
        (r"Missing end of comment tag", "注释没有写完：缺少“#}}”"),
        (r"unexpected char (.+?) at", "标签中有不能识别的字符{}"),
        (r"unexpected '(.+?)'", "标签中多了“{}”"),
        (r"expected token '(.+?)', got '(.+?)'", "标签中应为“{}”，却写了“{}”"),
        (r"Expected an expression, got '(.+?)'", "标签中缺少内容（遇到“{}”）"),
    )
)
_TOKENS = {"end of print statement": "}}", "end of statement block": "%}", "name": "名称", "integer": "数字"}
_PAIRS = (("{{", "}}"), ("{%", "%}"))


@dataclass(frozen=True, slots=True)
class TemplatePlace:
    """Names a spot of a template for people: the template, the part, and of the part the paragraph of a source line."""

    template: str
    part: str
    source: str

    def paragraph(self, lineno: int | None) -> str:
        lines = self.source.split("\n")
        return _MARKUP.sub("", lines[lineno - 1]).strip() if lineno and 0 < lineno <= len(lines) else ""

    def where(self, lineno: int | None = None) -> str:
        text = self.paragraph(lineno)
        if len(text) > _SHOWN:
            text = text[:_SHOWN] + "…"
        return f"模板 {self.template}，{self.part}" + (f"，段落“{text}”" if text else "")


def syntax_fault(error: TemplateError | ForbiddenTag, place: TemplatePlace) -> TemplateFault:
    """Translate what the parser says."""
    if isinstance(error, ForbiddenTag):
        return TemplateFault(
            f"模板不能使用“{error.tag}”标签",
            where=place.where(error.lineno),
            remedy="请删除该标签",
            code="template-unsafe",
        )
    lineno = error.lineno if isinstance(error, TemplateSyntaxError) else None
    if foreign := next((one for one in foreign_tags(place.paragraph(lineno)) if one.marked), None):
        what = f"{foreign.told}，不能填写"
        return TemplateFault(what, where=place.where(lineno), remedy=foreign.remedy, code="template-dialect")
    what = _explained(error)
    if any(place.paragraph(lineno).count(left) > place.paragraph(lineno).count(right) for left, right in _PAIRS):
        what = "标签没有写完：花括号不成对"
    code = "template-filter" if isinstance(error, TemplateAssertionError) else "template-syntax"
    return TemplateFault(
        what, where=place.where(lineno), remedy="请在模板中检查该处的花括号、引号和结束标签", code=code
    )


def single_brace_fault(written: str, where: str) -> TemplateFault:
    """A field or a tag of another language in one pair of braces: it would be printed as it stands."""
    if foreign := next((one for one in foreign_tags(written) if one.marked), None):
        what = f"{foreign.told}，会原样印出来"
        return TemplateFault(what, where=where, remedy=foreign.remedy, code="template-dialect")
    name = written.strip("{} ")
    remedy = f"请写成 {{{{ {name} }}}}；确要印出花括号，请写 {{% raw %}}{written}{{% endraw %}}"
    return TemplateFault(f"“{written}”只有一层花括号，会原样印出来", where=where, remedy=remedy, code="single-brace")


def _explained(error: TemplateError) -> str:
    """Say in Chinese what Jinja2 says in English."""
    for pattern, text in _SYNTAX:
        if found := pattern.search(error.message or ""):
            return text.format(*(_TOKENS.get(group, group) for group in found.groups()))
    return "标签写法有误"


def rendering_fault(
    error: Exception, place: TemplatePlace, template: Template, context: Mapping[str, object]
) -> UserError:
    """Translate what happened while ``template`` was rendered with ``context``."""
    where = place.where(_line(error, template))
    if isinstance(error, UserError):  # of a sub-document
        return error
    if isinstance(error, ValueError) and not str(error).isascii():  # the functions of docgen.wording
        what = _LONG_VALUE.sub(r"“\1…”", str(error))
        return BadInput(what, where=where, remedy="请改正该字段的值，或模板中该处的写法")
    what, remedy, code = "标签的计算出错", "请检查该处字段的类型和写法", "template-value"
    match error:
        case TooMuch():
            what, remedy, code = f"模板中的计算被拒绝：{error.message}", "请简化该处的标签", "template-unsafe"
        case SecurityError():
            what, remedy = "标签试图访问模板不允许的内容，已拒绝", "请只使用数据字段和列出的过滤器"
            code = "template-unsafe"
        case MissingField():
            what, remedy = f"缺少字段“{missing_name(error, context)}”", "请核对字段名，或在数据中补上该字段"
            code = "template-field"
        case TemplateError():  # a filter or test that is missing, found only when its branch is taken
            what, code = _explained(error), "template-syntax"
        case UnprintableValue():
            what, remedy = str(error), "请写明要填的具体字段"
        case RecursionError() | OverflowError() | MemoryError():
            what, remedy = "模板中的计算被拒绝：循环、嵌套或数字过大", "请简化该处的标签"
            code = "template-unsafe"
    return TemplateFault(what, where=where, remedy=remedy, code=code)


def _line(error: Exception, template: Template) -> int | None:
    """Source line of the innermost frame of the template in the traceback."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__jinja_template__") is template:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line


def missing_name(error: MissingField, context: Mapping[str, object]) -> str:
    """Dotted name of the missing field, as ``甲方.名称`` or ``服务项目第2项.名称``."""
    path = _path_to(error.owner, context, "") if isinstance(error.owner, Mapping | list) else ""
    return f"{path}.{error.name}" if path else str(error.name)


def _path_to(wanted: object, value: object, path: str) -> str:
    if value is wanted and path:
        return path
    if isinstance(value, Mapping):
        inner = ((item, f"{path}.{key}" if path else str(key)) for key, item in value.items())
    elif isinstance(value, list | tuple):
        inner = ((item, f"{path}第{place}项") for place, item in enumerate(value, 1))
    else:
        return ""
    return next((found for item, name in inner if (found := _path_to(wanted, item, name))), "")
