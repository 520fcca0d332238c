"""Read a template the way docxtpl does, once: each part that may hold tags, with the markup patched around them."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.coreprops import CoreProperties
from docx.opc.part import XmlPart
from docx.oxml import parse_xml
from docxtpl import DocxTemplate

from yiyu.docgen.fill.controls import tie_controls
from yiyu.docgen.fill.numbering import Restarts, mark_restarts
from yiyu.docgen.fill.package import read_members
from yiyu.registry.errors import TemplateFault

BODY, FOOTNOTES, PROPERTIES = "正文", "脚注", "文档属性"
DECLARATION = b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
PROPERTY_LABELS = {
    "author": "作者",
    "comments": "备注",
    "identifier": "标识符",
    "language": "语言",
    "subject": "主题",
    "title": "标题",
}
"""The properties docxtpl fills, in its order."""

_TAG = re.compile(r"\{\{|\{%")
_BRACES = re.compile(r"(\{[{%#])|[}%#]\}")
_FAR_ENOUGH = 2000
"""Characters within which the root of a part begins."""
_LONGEST_TAG, _MOST_UNCLOSED, _MOST_TAGS = 5000, 50, 4000
_OBJECTS = {
    **dict.fromkeys(("fldChar", "instrText", "fldSimple"), "域"),
    **dict.fromkeys(("drawing", "pict", "object"), "图片"),
    **dict.fromkeys(("footnoteReference", "endnoteReference"), "脚注"),
    "sdt": "内容控件",
    "commentReference": "批注",
    "sym": "符号",
    "ruby": "拼音",
    **dict.fromkeys(("oMath", "oMathPara"), "公式"),
}
"""What docxtpl would take out of a tag without a word."""
_WHOLE_TAG = re.compile(r"\{[{%](?:(?!\{[{%])[^}])*[}%]\}")
_SWALLOWED = re.compile(rf"<[wm]:({'|'.join(_OBJECTS)})\b")
_DELETED = re.compile(r"<w:(del|moveFrom)(?: [^>]*[^/>])?>.*?</w:\1>", re.DOTALL)
"""What a tracked change has taken away, with its text; a deletion that is only noted of a row or paragraph has none."""
_SPREAD = re.compile(r"\{%\s*(?:colspan|cellbg)\s{50}")
_MARKUP = re.compile(r"<[^>]*>")
_BODY_START = re.compile(r"<w:body[^>]*>")
_PARAGRAPH = re.compile(r"<w:p([ >])")
_NOT_FILLED = {"endnotes": "尾注", "comments": "批注", "chartSpace": "图表", "dataModel": "SmartArt 图形"}
"""Parts that are never filled, by their root: no name of a member is prescribed (ECMA-376-2, 9.1)."""
_ROOT = re.compile(rf"<(?:\w+:)?({'|'.join(_NOT_FILLED)})\b")
_PROPERTIES = {"docprops/app.xml": "扩展文档属性", "docprops/custom.xml": "自定义文档属性"}


@dataclass(frozen=True, slots=True)
class Source:
    """A part: what people call it, its zip member, its python-docx part, and the fixed bytes around the rendered text.

    ``text`` is the Jinja2 source. The properties have one source each instead, as (label, source) in ``texts``, and
    ``pieces`` holds the markup around them, one more than the texts.
    """

    label: str
    member: str
    part: XmlPart
    text: str = ""
    before: bytes = b""
    after: bytes = b""
    pieces: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    restarts: Restarts | None = None
    """The lists of the body that start again."""


def open_template(data: bytes) -> DocxTemplate:
    """Give a fresh docxtpl object over a guarded template, ready for rendering."""
    template = DocxTemplate(io.BytesIO(data))
    template.render_init()
    return template


def save(template: DocxTemplate) -> dict[str, bytes]:
    """Give the members of the package as python-docx writes them."""
    target = io.BytesIO()
    template.docx.save(target)
    return read_members(target.getvalue())


def read_sources(template: DocxTemplate) -> Iterator[Source]:
    """Body, headers, footers, footnotes and properties, in the order docxtpl renders them."""
    yield _body(template)
    for uri, name in ((template.HEADER_URI, "页眉"), (template.FOOTER_URI, "页脚")):
        for _, part in template.get_headers_footers(uri):
            label = name + "".join(filter(str.isdigit, part.partname.filename))
            tie_controls(part.element)
            text = _patched(template, template.get_part_xml(part), label)
            yield Source(label, part.partname.membername, part, text, before=DECLARATION)
    for part in template.docx.part.package.parts:
        if part.content_type == CONTENT_TYPE.WML_FOOTNOTES:
            text = _patched(template, part.blob.decode("utf-8"), FOOTNOTES)
            yield Source(FOOTNOTES, part.partname.membername, part, text)
    if properties := _properties_part(template):
        yield _properties(template, properties)


def refuse_tags_elsewhere(members: dict[str, bytes]) -> None:
    """Raise TemplateFault where a tag stands in a part that is never filled: it would be printed as it is."""
    for member, content in members.items():
        xml = content.decode("utf-8", "replace") if member.casefold().endswith(".xml") else ""
        root = _ROOT.search(xml, 0, _FAR_ENOUGH)
        label = _NOT_FILLED[root[1]] if root else _PROPERTIES.get(member.casefold(), "")
        if label and _TAG.search(_MARKUP.sub("", xml)):
            raise TemplateFault(
                f"{label}中的标签不会被填写",
                where=label,
                remedy="请删除该标签，或移到正文、页眉页脚、脚注中",
                code="template-place",
            )


def _patched(template: DocxTemplate, xml: str, label: str) -> str:
    """Let docxtpl patch a part, but not one whose braces would keep its expressions busy for hours.

    They take time with the square of the number of tags left open and the cube of the spaces after ``colspan``. What was
    deleted as a tracked change is no tag any more: it goes, as if the change had been accepted.
    """
    xml = _DELETED.sub(lambda gone: "" if set("{}") & set(_MARKUP.sub("", gone[0])) else gone[0], xml)
    text = _MARKUP.sub("", xml)
    unclosed, start = 0, -1
    if text.count("{{") + text.count("{%") > _MOST_TAGS:
        raise TemplateFault(
            f"标签超过 {_MOST_TAGS} 个", where=label, remedy="重复的内容请用循环 {% for %} 写", code="template-syntax"
        )
    if swallowed := next(filter(None, map(_SWALLOWED.search, _WHOLE_TAG.findall(xml))), None):
        raise TemplateFault(
            f"标签中间夹着{_OBJECTS[swallowed[1]]}，填写后会消失",
            where=f"{label}，“{_MARKUP.sub('', swallowed.string)[:30]}”附近",
            remedy="请把它移到标签的花括号之外",
            code="template-syntax",
        )
    for found in _BRACES.finditer(text):
        unclosed += bool(found[1] and start >= 0)
        if unclosed > _MOST_UNCLOSED or (start >= 0 and found.start() - start > _LONGEST_TAG):
            break
        start = found.start() if found[1] else -1
    else:
        if (start < 0 or len(text) - start <= _LONGEST_TAG) and not _SPREAD.search(text):
            return _PARAGRAPH.sub(r"\n<w:p\1", template.patch_xml(xml))
    raise TemplateFault(
        "标签没有写完或过长：花括号不成对",
        where=f"{label}，“{text[max(start, 0) : max(start, 0) + 30]}”附近",
        remedy="请补全该处的“}}”或“%}”",
        code="template-syntax",
    )


def _body(template: DocxTemplate) -> Source:
    part = template.docx.part
    body = part.element.body
    tie_controls(body)
    restarts = mark_restarts(template.docx)
    text = _patched(template, template.get_xml(), BODY)
    if body.nsmap == part.element.nsmap:
        # The root declares the same names; they need not be written twice.
        text = _BODY_START.sub("<w:body>", text, count=1)
    root = parse_xml(part.blob)
    del root.body[:]
    before, found, after = template.xml_to_string(root).partition("<w:body/>")
    if not found:
        raise ValueError("the body of a document has the prefix w and no attributes")
    around = DECLARATION + before.encode(), after.encode()
    return Source(BODY, part.partname.membername, part, text, *around, restarts=restarts)


def _properties_part(template: DocxTemplate) -> XmlPart | None:
    """Give the core properties part; None when the package has none (python-docx would make one, dated today)."""
    relations = template.docx.part.package.rels.values()
    parts = (relation.target_part for relation in relations if relation.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES)
    return next(parts, None)


def _properties(template: DocxTemplate, part: XmlPart) -> Source:
    properties = CoreProperties(part.element)
    names = tuple(PROPERTY_LABELS)
    texts = [getattr(properties, name) for name in names]
    for place, name in enumerate(names):
        setattr(properties, name, f"\ue000{place}\ue000")
    pieces = re.split("\ue000([0-9])\ue000", template.xml_to_string(part.element))
    for name, text in zip(names, texts, strict=True):
        setattr(properties, name, text)
    order = [int(place) for place in pieces[1::2]]
    return Source(
        PROPERTIES,
        part.partname.membername,
        part,
        before=DECLARATION,
        pieces=tuple(pieces[::2]),
        texts=tuple((f"{PROPERTIES}“{PROPERTY_LABELS[names[place]]}”", texts[place]) for place in order),
    )
