"""Check a form with its clauses in place, and say of each finding where the author finds it: in the form, or in the library."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from yiyu.docgen.fill.clauses import Expansion, expand, with_body
from yiyu.docgen.fill.lint.check import check_told
from yiyu.docgen.fill.lint.finding import WHOLE_FILE, Expectations, TemplateFinding
from yiyu.docgen.fill.lint.kinds import ToldKind
from yiyu.docgen.fill.lint.paragraphs import Paragraph, open_document, read_paragraphs
from yiyu.docgen.fill.source import BODY
from yiyu.docgen.fill.template_precheck import template_precheck
from yiyu.registry.model import Severity
from yiyu.registry.packs.clauses import ClauseText


def check_form(
    data: bytes, name: str, expect: Callable[[ToldKind], Expectations], texts: Sequence[ClauseText]
) -> tuple[tuple[TemplateFinding, ...], ToldKind]:
    """As :func:`check_told`, for a form that may refer to the clauses ``texts``."""
    try:
        template_precheck(data, name)
        document = open_document(data)
        before = read_paragraphs(document)
        found = expand(document, texts)
        after = read_paragraphs(document)
    except Exception:  # noqa: BLE001 whatever a damaged package raises is told by the check itself
        return check_told(data, name, expect)
    if not (found.used or found.faults):
        return check_told(data, name, expect)
    findings, told = check_told(with_body(data, document), name, expect)
    places = _places(before, after, found)
    at = {paragraph.element: index for index, paragraph in enumerate(before)}
    wrong = [
        TemplateFinding(Severity.ERROR, "clause-unknown", before[index].place, fault.message, fault.remedy, index)
        for fault, index in ((fault, at[fault.paragraph]) for fault in found.faults)
    ]
    moved = (
        one
        if one.paragraph == WHOLE_FILE
        else replace(one, paragraph=places[one.paragraph][0], place=places[one.paragraph][1])
        for one in findings
    )
    everything = dict.fromkeys((*wrong, *moved))
    return tuple(sorted(everything, key=lambda one: one.paragraph % (len(before) + 1))), told


def _places(before: Sequence[Paragraph], after: Sequence[Paragraph], found: Expansion) -> list[tuple[int, str]]:
    """For each paragraph of the whole form: which of the author's it is or comes from, and what that place is called."""
    at = {paragraph.element: index for index, paragraph in enumerate(before) if paragraph.part == BODY}
    more = len(after) - len(before)
    places = []
    for index, paragraph in enumerate(after):
        if paragraph.element in found.origins:
            own, clause, number = found.origins[paragraph.element]
            within = f"第{number}段" if number else "标题"
            places.append((at[own], f"条款“{clause.name}”（{clause.label}）{within}"))
        else:
            own_index = at.get(paragraph.element, index - more)
            places.append((own_index, before[own_index].place))
    return places
