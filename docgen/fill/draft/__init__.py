"""From an ordinary Word form to a template: blanks found, fields proposed with reasons, written into a copy."""

from dataclasses import dataclass

from yiyu.docgen.fill.draft.choosing import field_fault
from yiyu.docgen.fill.draft.form import Form
from yiyu.docgen.fill.draft.opening import OpenedForm, open_form
from yiyu.docgen.fill.draft.proposal import Proposal
from yiyu.docgen.fill.draft.proposing import Draft, propose
from yiyu.docgen.fill.draft.writing import write_draft
from yiyu.docgen.fill.lint.kinds import ToldKind, tell_kind
from yiyu.docgen.fill.template_precheck import template_precheck
from yiyu.registry.errors import TemplateFault
from yiyu.registry.model import DocKind

__all__ = ["OpenedDraft", "Proposal", "draft_form", "field_fault", "write_draft"]


@dataclass(frozen=True, slots=True)
class OpenedDraft:
    """A form open for writing, what is proposed for it, what kind of document it looks like, and is taken for."""

    opened: OpenedForm
    draft: Draft
    told: ToldKind
    kind: DocKind | None


def draft_form(data: bytes, name: str, kind: DocKind | None = None) -> OpenedDraft:
    """Propose fields for the form in ``data``; ``kind`` overrides what its title says.

    Raises TemplateFault for what is no readable .docx.
    """
    template_precheck(data, name)
    try:
        opened = open_form(data)
    except Exception as error:
        remedy = "请用 Word/WPS 打开检查，另存为 .docx 后再试"
        raise TemplateFault("文档的内部结构无法读取", where=f"范本 {name}", remedy=remedy) from error
    told = tell_kind([line.text for line in opened.lines])
    meant = kind or told.kind
    return OpenedDraft(opened, propose(Form(opened.lines, meant, told.title)), told, meant)
