"""Fields a kind of document must print, where each probably belongs, and what is left unfilled."""

from collections.abc import Collection, Iterator, Sequence

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from yiyu.docgen.context import FIELDS
from yiyu.docgen.fill.lint.finding import WHOLE_FILE, TemplateFinding
from yiyu.docgen.fill.lint.paragraphs import Paragraph
from yiyu.docgen.fill.lint.sides import role_of
from yiyu.docgen.fill.package import read_members
from yiyu.docgen.fill.source import refuse_tags_elsewhere
from yiyu.registry.errors import TemplateFault
from yiyu.registry.model import Severity

_CLUES = {
    "协议.编号": ("编号",),
    "协议.生效日期": ("生效日期", "起始日期", "起止", "起至", "协议期限"),
    "协议.截止日期": ("截止日期", "终止日期", "起止", "起至", "协议期限"),
}
"""Words of a form beside which a field is written; for the others its own name."""
_SIDES = ("甲方", "乙方", "丙方")


def check_required(
    needs: Collection[str], printed: Collection[str], paragraphs: Sequence[Paragraph]
) -> Iterator[tuple[int, str, str]]:
    """Give paragraph, message and suggestion for each needed path that is not printed."""
    for path in needs:
        if any(_shows(shown, path) for shown in printed):
            continue
        paragraph = _likely(path, paragraphs)
        tag = f"{{{{ {path} }}}}" if path in FIELDS else f"{{%tr for 项 in {path} %}} … {{%tr endfor %}}"
        where = f"，例如写在“{paragraphs[paragraph].text.strip()[:20]}”处" if paragraph != WHOLE_FILE else ""
        yield paragraph, f"必填字段“{path}”没有印在文书里", f"请在该印的地方写 {tag}{where}"


def _shows(shown: str, path: str) -> bool:
    """Tell whether printing ``shown`` prints ``path``: 全称 holds 名称, and a loop over 各方 prints every side."""
    side, _, name = path.partition(".")
    names = {name, "全称"} if name == "名称" else {name}
    same_side = side in _SIDES and any(shown in {f"{side}.{one}", f"各方[].{one}"} for one in names)
    return shown == path or shown.startswith((f"{path}.", f"{path}[")) or same_side


def _likely(path: str, paragraphs: Sequence[Paragraph]) -> int:
    side, _, name = path.partition(".")
    texts = [paragraph.text for paragraph in paragraphs]
    if side in _SIDES:
        return next((index for index, text in enumerate(texts) if role_of(text) == side[0]), WHOLE_FILE)
    clues = _CLUES.get(path, (name or side,))
    return next((index for clue in clues for index, text in enumerate(texts) if clue in text), WHOLE_FILE)


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
