"""Tags of other template languages: which they are, and how the same is written here. Pure.

Sources: poi-tl 1.12 (deepoove.com/poi-tl, 标签), docxtemplater 3 (docxtemplater.com/docs, tag types), ECMA-376-1 17.16.5.35.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_POI_TL = {
    "@": ("图片", '请改成 {{{{ {name} }}}}，数据里写 {{"图片": "图.png"}}；盖章的地方留空即可'),
    "#": ("表格", "请在表格里用 {{%tr for 一项 in {name} %}} … {{%tr endfor %}} 逐行重复"),
    "?": ("条件段", "请改成 {{%p if {name} %}}，结尾改成 {{%p endif %}}"),
    "/": ("条件段的结尾", "请改成 {{%p endif %}}"),
    "*": ("编号列表", "请改成 {{%p for 一项 in {name} %}} … {{%p endfor %}}"),
    "+": ("嵌套文档", "请把要嵌入的文字直接写在模板里"),
    ">": ("引用的片段", "请把要嵌入的文字直接写在模板里"),
}
_DOCXTEMPLATER = {
    "#": (
        "循环或条件",
        "请改成 {{% for 一项 in {name} %}} … {{% endfor %}}；整行重复用 {{%tr for 一项 in {name} %}}；只作条件用 {{% if {name} %}}",
    ),
    "^": ("反条件", "请改成 {{% if not {name} %}} … {{% endif %}}"),
    "/": ("循环或条件的结尾", "请改成 {{% endfor %}} 或 {{% endif %}}"),
    "@": ("原样插入", "请改成 {{{{ {name} }}}}"),
}
_TAGS = re.compile(
    r"(?P<poi>\{\{(?P<poi_mark>[@#?/*+>])(?P<poi_name>[^{}]{0,60})\}\})"
    r"|(?P<dxt>(?<!\{)\{(?P<dxt_mark>[#^/@])(?P<dxt_name>[\w. 　]{0,60})\}(?!\}))"
    r"|(?P<single>(?<![{\w])\{(?P<single_name>[ 　]?[^\W\d][\w.]{0,60}[ 　]?)\}(?!\}))"
    r"|(?P<wide>｛{1,2}(?P<wide_name>[^｛｝{}]{0,60})｝{1,2})"
    r"|(?P<merge>«(?=[^«»]{0,60}[^\W_])(?P<merge_name>[^«»]{0,60})»)"
)
"""Names are held to sixty characters, so that no text keeps the search busy."""
_CALLED = {
    "poi": "poi-tl 的{}标签",
    "dxt": "docxtemplater 的{}标签",
    "single": "单层花括号（docxtemplater 等的写法）",
    "wide": "全角花括号",
    "merge": "Word 邮件合并的域",
}

_FIELD = re.compile(r"[^\W\d]\w*(?:\[\w+\])?(?:\.[^\W\d]\w*)*")
_OURS = re.compile(
    r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{_\{|\}_\}|\{_%|%_\}", re.DOTALL
)
_MARKUP = re.compile(r"<[^>]*>")
_LONE = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class ForeignTag:
    """``text`` as it stands; ``dialect`` what it is called, ``remedy`` how it is written here."""

    start: int
    end: int
    text: str
    dialect: str
    remedy: str
    marked: bool
    """Has a sign that makes it no field of ours, even in double braces."""

    @property
    def told(self) -> str:
        """The tag and its dialect as a sentence begins: “{{@图}}”是 poi-tl 的图片标签."""
        return f"“{self.text}”是{' ' if self.dialect[0].isascii() else ''}{self.dialect}"


def foreign_tags(text: str) -> Iterator[ForeignTag]:
    """The tags of other languages in a text, in order."""
    for found in _TAGS.finditer(text):
        sort = next(sort for sort in _CALLED if found[sort] is not None)
        name = (found[f"{sort}_name"] or "").strip() or "名称"
        signs = {"poi": _POI_TL, "dxt": _DOCXTEMPLATER}.get(sort, {})
        what, remedy = signs[found[f"{sort}_mark"]] if signs else ("", "请写成 {{{{ {name} }}}}")
        if name.startswith(("%", "％")):
            name, remedy = name.strip("%％ "), "请写成 {{% {name} %}}"
        yield ForeignTag(
            *found.span(), found[0], _CALLED[sort].format(what), remedy.format(name=name), marked=bool(signs)
        )


def field_in_single(written: str, inside: str) -> bool:
    """Whether a text in one pair of braces (``inside`` without them, however wide) names a field that would be printed."""
    return _FIELD.fullmatch(inside) is not None and (written.startswith("{") or "." in inside)


def single_braces(source: str) -> Iterator[tuple[int, str]]:
    """Fields and other tags in one pair of braces beside those of a part, each with its line; ``{% raw %}`` says they are meant."""
    plain = _OURS.sub(lambda ours: " " + "\n" * ours[0].count("\n"), _MARKUP.sub("", source))
    for lone in _LONE.finditer(plain):
        if field_in_single(lone[0], lone[0].strip("{} ")) or any(one.marked for one in foreign_tags(lone[0])):
            yield plain.count("\n", 0, lone.start()) + 1, lone[0]
