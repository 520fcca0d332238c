"""Different Word files as one, each with its sections, headers, footers, styles and lists: ``yiyu template join``.

The first file is the house the others move into. What the others bring gets names of its own: styles where the files
differ in them, lists, pictures, headers and footers. What cannot be kept is refused by name: notes and comments, which are
counted over a whole file, and settings that hold for all pages.

Source: ECMA-376-1, 17.6.17 (sectPr), 17.10 (headers and footers).
"""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement

from yiyu.docgen.fill.fields import W
from yiyu.docgen.fill.gate import WP, R
from yiyu.docgen.fill.guest import Guest, cannot_keep, opened, readable, stories
from yiyu.docgen.fill.joining import count_from_one
from yiyu.docgen.fill.package import ZLIB, assemble, lay_out, read_members
from yiyu.docgen.fill.template_precheck import template_precheck
from yiyu.registry.errors import BadInput
from yiyu.registry.files import read_bytes, write_atomic

_KINDS = ("default", "first", "even")


def join_files(sources: Sequence[Path], out: Path, *, dry_run: bool = False) -> None:
    """Join the files and write ``out`` whole or not at all. Raises BadInput, FileFault and TemplateFault."""
    if len(sources) < 2:
        raise BadInput("只给了一个文件", remedy="请给出两份以上要合并的文书")
    if out.exists() and any(out.samefile(source) for source in sources if source.exists()):
        raise BadInput("输出文件就是要合并的文件", where=str(out), remedy="请换一个输出文件名", code="output-is-input")
    document = composed([(source.name, read_bytes(source)) for source in sources])
    if not dry_run:
        write_atomic(out, document)


def composed(files: Sequence[tuple[str, bytes]]) -> bytes:
    """One .docx of ``files`` (name and content), in their order. Raises TemplateFault naming the file and what it cannot keep."""
    for name, data in files:
        template_precheck(data, name)
    documents = [opened(data, name) for name, data in files]
    base = documents[0]
    for (name, _), document in zip(files, documents, strict=True):
        with readable(name):
            _count_own_pages(document, name)
    for at, ((name, _), document) in enumerate(zip(files[1:], documents[1:], strict=True), 2):
        with readable(name):
            _refuse_settings(base, document, name)
            Guest(base, document, name, at).move_in()
            _append(base, document)
    for number, picture in enumerate(base.element.body.iter(f"{WP}docPr"), 1001):
        picture.set("id", str(number))
    target = io.BytesIO()
    base.save(target)
    return assemble(lay_out(read_members(target.getvalue())), (), ZLIB)


def _count_own_pages(document: Document, name: str) -> None:
    """Let 共几页 count the pages of this file only, which Word can where the file is one section."""
    for root in stories(document):
        for at in root.iter(f"{W}instrText", f"{W}fldSimple"):
            code = at.text or "" if at.tag == f"{W}instrText" else at.get(f"{W}instr") or ""
            if "NUMPAGES" not in code:
                continue
            if len(document.sections) > 1:
                raise cannot_keep(name, "多节文件的“共几页”")
            if at.tag == f"{W}instrText":
                at.text = code.replace("NUMPAGES", "SECTIONPAGES")
            else:
                at.set(f"{W}instr", code.replace("NUMPAGES", "SECTIONPAGES"))


def _refuse_settings(base: Document, document: Document, name: str) -> None:
    own, other = (one.settings.odd_and_even_pages_header_footer for one in (document, base))
    if own != other:
        raise cannot_keep(name, "奇偶页不同的页眉页脚（各文件的设置不一样）")


def _append(base: Document, document: Document) -> None:
    """Put the body behind the house's, whose last section becomes that of its last paragraph."""
    body, guest = base.element.body, document.element.body
    guest.get_or_add_sectPr()  # which a file that has the usual pages may leave out
    section = body.get_or_add_sectPr()
    body.remove(section)
    if not len(body) or body[-1].tag != f"{W}p" or body[-1].find(f"{W}pPr/{W}sectPr") is not None:
        body.append(OxmlElement("w:p"))
    body[-1].get_or_add_pPr().append(section)
    first = next(guest.iter(f"{W}sectPr"))
    for kind in first.findall(f"{W}type"):
        if kind.get(f"{W}val") == "continuous":
            first.remove(kind)
    count_from_one(first)
    _stand_alone(base, first)
    body.extend(list(guest))


def _stand_alone(base: Document, section: BaseOxmlElement) -> None:
    """Give the first section empty headers and footers where it has none: it would take those of the file before."""
    part: Any = base.part
    for word, add in (("header", part.add_header_part), ("footer", part.add_footer_part)):
        for kind in _KINDS:
            tag = f"{W}{word}Reference"
            if all(one.get(f"{W}type") != kind for one in section.findall(tag)):
                made = OxmlElement(f"w:{word}Reference")
                made.set(f"{W}type", kind)
                made.set(f"{R}id", add()[1])
                section.insert(0, made)
