"""Word templates built from a few words of markup, and docxtpl's own result to hold ours against."""

import functools
import io
import zipfile
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import pytest
from docx import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docxtpl import DocxTemplate
from lxml import etree

from yiyu.docgen.fill.environment import environment

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def paragraph(*runs: str) -> str:
    """One paragraph; each text a run of its own, so that a tag can be split over runs as Word does."""
    return "<w:p>" + "".join(f"<w:r><w:t>{escape(run)}</w:t></w:r>" for run in runs) + "</w:p>"


def table(*rows: tuple[str, ...], columns: int | None = None) -> str:
    width = columns or max(map(len, rows))
    grid = "".join('<w:gridCol w:w="2000"/>' for _ in range(width))
    lines = "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"


def cell(text: str) -> str:
    content = text if text.startswith("<w:") else paragraph(text)
    return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>{content}</w:tc>'


def build(
    *body: str,
    footnotes: str = "",
    prepare: Callable[[Any], None] | None = None,
) -> bytes:
    """A template with this body; a plain text becomes a paragraph. ``prepare`` gets the python-docx document."""
    document = Document(io.BytesIO(_lean()))
    content = "".join(each if each.startswith("<w:") else paragraph(each) for each in body)
    section = document.element.body.sectPr
    for element in parse_xml(f"<w:body {nsdecls('w', 'wp', 'a', 'pic', 'r')}>{content}</w:body>"):
        section.addprevious(element)
    if footnotes:
        note = f'<w:footnote w:id="1">{paragraph(footnotes)}</w:footnote>'
        xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<w:footnotes {_W}>{note}</w:footnotes>'
        part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, xml.encode(), document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    if prepare:
        prepare(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


@functools.cache
def _lean() -> bytes:
    """python-docx's own template without its hundred table styles: they only cost time here."""
    document = Document()
    styles = document.styles.element
    for style in styles.findall(f"{{{styles.nsmap['w']}}}style"):
        if style.get(f"{{{styles.nsmap['w']}}}type") == "table":
            styles.remove(style)
    styles.remove(styles.find(f"{{{styles.nsmap['w']}}}latentStyles"))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def members(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def canonical(document: bytes) -> dict[str, bytes]:
    """Every member, XML in canonical form (C14N)."""
    return {
        name: etree.tostring(etree.fromstring(data), method="c14n") if name.endswith((".xml", ".rels")) else data
        for name, data in members(document).items()
    }


def by_docxtpl(template: bytes, context: dict[str, Any], make: Callable[[DocxTemplate], dict[str, Any]]) -> bytes:
    """What docxtpl writes with the same environment."""
    docxtpl = DocxTemplate(io.BytesIO(template))
    docxtpl.init_docx()
    docxtpl.render({**context, **make(docxtpl)}, environment())
    target = io.BytesIO()
    docxtpl.save(target)
    return target.getvalue()


def text_of(document: bytes, member: str = "word/document.xml") -> str:
    """The text a reader sees: runs joined, breaks and tabs as characters, one line a paragraph."""
    root = etree.fromstring(members(document)[member])
    names = {"t": None, "br": "\n", "tab": "\t"}
    lines = []
    for each in root.iter("{*}p"):
        texts = []
        for node in each.iter("{*}t", "{*}br", "{*}tab"):
            name = etree.QName(node).localname
            texts.append(names[name] if names[name] else node.text or "")
        lines.append("".join(texts))
    return "\n".join(lines)


def attach(document: Any, member: str, xml: str) -> None:
    """Put a part of no known type into the package, so that python-docx keeps it."""
    part = Part(PackURI(f"/{member}"), "application/xml", xml.encode(), document.part.package)
    document.part.relate_to(part, f"http://example.org/{member}")


class Word:
    """The functions above, handed to a test in one fixture."""

    paragraph = staticmethod(paragraph)
    table = staticmethod(table)
    cell = staticmethod(cell)
    build = staticmethod(build)
    members = staticmethod(members)
    canonical = staticmethod(canonical)
    by_docxtpl = staticmethod(by_docxtpl)
    text_of = staticmethod(text_of)
    attach = staticmethod(attach)
    parse = staticmethod(etree.fromstring)


@pytest.fixture(scope="session")
def word() -> type[Word]:
    return Word
