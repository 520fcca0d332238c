"""What was left in the file and would go out with every document, and tags where nothing is ever filled."""

from collections.abc import Iterator, Sequence

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from yiyu.docgen.fill.lint.finding import WHOLE_FILE, TemplateFinding
from yiyu.docgen.fill.lint.paragraphs import Paragraph
from yiyu.docgen.fill.package import read_members
from yiyu.docgen.fill.source import refuse_tags_elsewhere
from yiyu.registry.errors import TemplateFault
from yiyu.registry.model import Severity

_CHANGES = tuple(qn(f"w:{name}") for name in ("ins", "del", "moveFrom", "moveTo"))
_COMMENT = qn("w:commentReference")


def check_remains(data: bytes, paragraphs: Sequence[Paragraph]) -> Iterator[TemplateFinding]:
    """Warn of comments and tracked changes, a finding each paragraph; an error for tags outside the parts that are filled."""
    try:
        refuse_tags_elsewhere(read_members(data))
    except TemplateFault as fault:
        yield TemplateFinding(Severity.ERROR, "tag-not-filled", fault.where, fault.what, fault.remedy, WHOLE_FILE)
    for index, paragraph in enumerate(paragraphs):
        element = paragraph.element
        if element is None:
            continue
        if next(element.iter(_COMMENT), None) is not None:
            message = "这里有批注，会随每份文书带出去"
            yield _warning(index, paragraph, "comment-left", message, "请处理后删除批注")
        if next(element.iter(*_CHANGES), None) is not None or _inside_change(element):
            message = "这里有未接受的修订，删去的文字也会随文书带出去"
            yield _warning(index, paragraph, "change-left", message, "请接受或拒绝修订，并关闭修订模式")


def _inside_change(element: BaseOxmlElement) -> bool:
    return next(element.iterancestors(*_CHANGES), None) is not None


def _warning(index: int, paragraph: Paragraph, code: str, message: str, suggestion: str) -> TemplateFinding:
    return TemplateFinding(Severity.WARNING, code, paragraph.place, message, suggestion, index)
