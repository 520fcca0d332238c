"""Where a template has the QR code of its document: any PNG picture whose alternative text is 页面码.

Only the bytes of that picture change from document to document, so nothing is rendered for it and no relation made. The
pictures are made elsewhere; here they are values.
"""

import re
from collections.abc import Iterable, Iterator

from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from yiyu.docgen.fill.package import ZLIB, assemble, lay_out, read_members
from yiyu.docgen.fill.source import Source
from yiyu.registry.errors import TemplateFault

NAME = "页面码"
STYLE = "DocumentCode"
"""Of the paragraph that says the same for the eye."""
PNG = "image/png"
_DESCRIBED = ("descr", "title", "name")
"""Where Word and WPS keep the alternative text of a picture, by version."""
_STORIES = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml")


def code_members(sources: Iterable[Source]) -> frozenset[str]:
    """Give the members of the package that hold the picture. Raises TemplateFault where it is no PNG."""
    found = set()
    for source in sources:
        if NAME.encode() not in source.part.blob:
            continue
        for drawing in _drawings(parse_xml(source.part.blob)):
            for blip in drawing.iter(qn("a:blip")):
                part = source.part.rels[blip.get(qn("r:embed"))].target_part
                if part.content_type != PNG:
                    raise TemplateFault(
                        f"“{NAME}”的占位图片不是 PNG",
                        where=source.label,
                        remedy="请换成 PNG 图片，并把可选文字写成“页面码”",
                        code="template-code",
                    )
                found.add(part.partname.membername)
    return frozenset(found)


def without_code(data: bytes) -> bytes:
    """Take the code and its line out of a filled document, and nothing else: each page gets a code of its own instead.

    ``data`` is a guarded .docx; one with a part that is no XML is given back as it is: whoever opens it next says so.
    """
    members = read_members(data)
    try:
        for name in filter(_STORIES.fullmatch, members):
            if NAME.encode() in members[name] or STYLE.encode() in members[name]:
                members[name] = serialize_part_xml(_without_code(parse_xml(members[name])))
    except (SyntaxError, ValueError):  # the first is what lxml raises
        return data
    return assemble(lay_out(members), (), ZLIB)


def _without_code(root: BaseOxmlElement) -> BaseOxmlElement:
    lines = [style.getparent().getparent() for style in root.iter(qn("w:pStyle")) if style.get(qn("w:val")) == STYLE]
    for one in [*_drawings(root), *(run for line in lines for run in line.iter(qn("w:r")))]:
        one.getparent().remove(one)
    return root


def _drawings(root: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    for drawing in list(root.iter(qn("w:drawing"))):
        properties = drawing.find(f".//{qn('wp:docPr')}")
        if properties is not None and any(properties.get(key, "").strip() == NAME for key in _DESCRIBED):
            yield drawing
