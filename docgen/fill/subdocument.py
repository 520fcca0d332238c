"""A Word file that stands inside a filled template: ``{"子文档": "附件.docx"}`` where ``{{p 字段 }}`` stands.

Its body comes with its styles, lists, pictures and links; the pages are the template's, so that its headers, footers and
page setup stay behind. It is looked at as a template is, and as a filled document is: nothing that fetches, no tag left.
"""

import re

from docx.document import Document
from docx.opc.oxml import serialize_part_xml
from docxtpl import DocxTemplate
from lxml import etree

from yiyu.docgen.fill.fields import W
from yiyu.docgen.fill.gate import Leak, gate, package_ids
from yiyu.docgen.fill.guest import Guest, cannot_keep, opened, readable
from yiyu.docgen.fill.package import read_members
from yiyu.docgen.fill.template_precheck import template_precheck
from yiyu.registry.errors import BadInput, TemplateFault

_TAG = re.compile(r"\{\{.+?\}\}|\{%.+?%\}")
_REQUIRED = "Requires"
"""Of mc:Choice: names a namespace by its prefix, which must stay declared."""


class Subdocument:
    """A file for one filling of ``tpl``, into whose package it moves; written where the body of the template names it."""

    def __init__(self, tpl: DocxTemplate, data: bytes, name: str, at: int) -> None:
        """``at`` tells the files of one filling apart, from 2 on. Raises TemplateFault for what cannot be carried."""
        template_precheck(data, name)
        self.tpl, self.name = tpl, name
        document = opened(data, name)
        with readable(name):
            _look_at(document, data, name)
            Guest(tpl.docx, document, name, at).move_in()
            self.xml = _body(document)

    def __html__(self) -> str:
        """Its markup, as docxtpl's objects give theirs to a template."""
        if self.tpl.current_rendering_part is not self.tpl.docx.part:
            raise BadInput("子文档只能放在正文里", where=self.name, remedy="请把标签从页眉、页脚或脚注移到正文")
        return self.xml

    def __str__(self) -> str:
        return self.__html__()


def _look_at(document: Document, data: bytes, name: str) -> None:
    """Refuse what a filled document must not hold, and what would be lost."""
    body = document.element.body
    try:
        gate(serialize_part_xml(document.element), package_ids(read_members(data), document.part))
    except Leak as leak:
        raise leak.fault(f"子文档 {name}") from leak
    for paragraph in body.iter(f"{W}p"):
        if tag := _TAG.search("".join(at.text or "" for at in paragraph.iter(f"{W}t"))):
            remedy = "请先用 yiyu template fill 填好它，再作子文档"
            raise TemplateFault(f"子文档里的标签“{tag[0]}”没有填写", where=name, remedy=remedy, code="template-dialect")
    if len(document.sections) > 1:
        raise cannot_keep(name, "分节（如其中横放的页）")


def _body(document: Document) -> str:
    """The markup of the body without its page setup, each piece with the namespaces it needs."""
    body = document.element.body
    for at in body.findall(f"{W}sectPr"):
        body.remove(at)
    for at in body.iter(f"{W}t"):
        at.text = re.sub(r"[\t\n\r]", " ", at.text or "")
    kept = [prefix for at in body.iter("{*}Choice") for prefix in (at.get(_REQUIRED) or "").split()]
    etree.cleanup_namespaces(document.element, keep_ns_prefixes=["w", *kept])
    return "".join(etree.tostring(at, encoding="unicode") for at in body)
