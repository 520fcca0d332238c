"""Write the findings into a copy of the template, as Word comments at the place of each."""

import io
from collections.abc import Sequence

from docx.document import Document as DocumentType
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph as DocxParagraph

from yiyu.docgen.fill.lint.finding import WHOLE_FILE, TemplateFinding
from yiyu.docgen.fill.lint.paragraphs import open_document, read_paragraphs
from yiyu.docgen.fill.package import FASTEST, assemble, lay_out, read_members
from yiyu.docgen.fill.source import BODY
from yiyu.docgen.fill.template_precheck import template_precheck
from yiyu.registry.model import Severity

AUTHOR, INITIALS = "模板检查", "检"
_LABEL = {Severity.ERROR: "错误", Severity.WARNING: "提醒"}
_P, _TEXT_BOX, _COMMENT = qn("w:p"), qn("w:txbxContent"), qn("w:comment")


def annotate(data: bytes, name: str, findings: Sequence[TemplateFinding]) -> bytes:
    """Give a copy with a comment for each finding; the same input gives the same bytes.

    Word keeps comments in the body alone: those of a header, footer, note, property or text box name their place and stand
    at the first paragraph (of a text box: at the paragraph that holds it). Raises TemplateFault for a file that is no
    readable .docx.
    """
    template_precheck(data, name)
    document = open_document(data)
    paragraphs = read_paragraphs(document)
    first = next(document.element.body.iter(_P), None)
    if first is None:
        first = document.add_paragraph().paragraph_format.element
    for finding in findings:
        element = paragraphs[finding.paragraph].element if finding.paragraph != WHOLE_FILE else None
        in_body = element is not None and paragraphs[finding.paragraph].part == BODY
        place = "" if in_body else f"{finding.place}："
        text = f"【{_LABEL[finding.severity]}】{place}{finding.message}\n{finding.suggestion}"
        _comment(document, outside_boxes(element) if element is not None and in_body else first, text)
    return saved_undated(document, AUTHOR)


def saved_undated(document: DocumentType, author: str) -> bytes:
    """The bytes of a document with comments by ``author``, whose time of writing is taken out: the same every time."""
    target = io.BytesIO()
    _undated(document, author)
    document.save(target)
    return assemble(lay_out(read_members(target.getvalue())), (), FASTEST)


def _comment(document: DocumentType, element: BaseOxmlElement, text: str) -> None:
    paragraph = DocxParagraph(element, document)
    runs = [run for run in paragraph.runs if run.text] or paragraph.runs or [paragraph.add_run()]
    document.add_comment(runs, text=text, author=AUTHOR, initials=INITIALS)


def outside_boxes(element: BaseOxmlElement) -> BaseOxmlElement:
    """The paragraph itself, or of one in a text box the paragraph that holds the box."""
    boxes = list(element.iterancestors(_TEXT_BOX))
    return next(boxes[-1].iterancestors(_P)) if boxes else element


def _undated(document: DocumentType, author: str) -> None:
    """Take the time of writing out of the comments."""
    for part in document.part.package.iter_parts():
        if part.partname.membername == "word/comments.xml":
            for comment in part.element.iter(_COMMENT):
                if comment.get(qn("w:author")) == author:
                    comment.attrib.pop(qn("w:date"), None)
