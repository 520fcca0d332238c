"""Write the chosen fields into a copy of the form: each tag a run of its own, a Word comment at it, rows that repeat."""

import copy
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph as DocxParagraph
from docx.text.run import Run

from yiyu.docgen.fill.draft.opening import OpenedForm, pieces
from yiyu.docgen.fill.draft.proposal import BlankKind, Proposal
from yiyu.docgen.fill.draft.repeating import CLOSING, RowLoop
from yiyu.docgen.fill.lint.annotating import outside_boxes, saved_undated
from yiyu.docgen.fill.source import BODY

AUTHOR, INITIALS = "模板起草", "拟"
_T, _R, _RPR, _P, _TR = (qn(f"w:{name}") for name in ("t", "r", "rPr", "p", "tr"))
_SDT, _ALTERNATIVES = qn("w:sdt"), 4


@dataclass(frozen=True, slots=True)
class Edit:
    """A span of a paragraph's text and what stands there afterwards."""

    start: int
    end: int
    text: str
    proposal: Proposal | None = None


def write_draft(form: OpenedForm, chosen: Iterable[Proposal], loops: Iterable[RowLoop], *, comments: bool) -> bytes:
    """Give the form with the tags of ``chosen`` written in; ``form`` is changed and of no further use.

    The same input gives the same bytes. ``comments``: each tag has a comment with the reason and the alternatives.
    """
    edits: dict[int, list[Edit]] = defaultdict(list)
    taken = [one for one in chosen if one.field]
    for one in taken:
        edits[one.paragraph].append(Edit(one.start, one.end, one.tag, one))
    used = [loop for loop in loops if any((one.paragraph, one.start) in _spans(taken) for one in loop.proposals)]
    for loop in used:
        for index, start in loop.marks:
            text = form.lines[index].text
            edits[index].append(Edit(start, text.index("}", start) + 1, ""))
    notes: list[tuple[BaseOxmlElement | None, Proposal]] = []
    for index, own in edits.items():
        element = form.element(index)
        for edit in sorted(own, key=lambda one: one.start, reverse=True):
            run = _written(element, edit)
            if edit.proposal is not None and edit.proposal.kind is not BlankKind.ROWS:
                notes.append((run if form.paragraphs[index].part == BODY else None, edit.proposal))
    for loop in used:
        _repeat(form, loop)
    if comments:
        _comment(form, notes, used)
    return saved_undated(form.document, AUTHOR)


def _spans(taken: Iterable[Proposal]) -> set[tuple[int, int]]:
    return {(one.paragraph, one.start) for one in taken}


def _written(paragraph: BaseOxmlElement, edit: Edit) -> BaseOxmlElement | None:
    """Put the text of an edit in a run of its own where its span begins; the characters of the span go."""
    touched = [
        one
        for one in pieces(paragraph)
        if one.node is not None and one.start < edit.end and edit.start < one.start + len(one.text)
    ]
    if not touched:
        before = [one for one in pieces(paragraph) if one.node is not None and one.start + len(one.text) <= edit.start]
        return (
            _after(before[-1].node, edit.text)
            if before and before[-1].node is not None
            else _alone(paragraph, edit.text)
        )
    first = touched[0]
    for one in touched[1:]:
        if one.node is not None:
            _set(one.node, one.text[max(edit.end - one.start, 0) :])
    node, cut = first.node, edit.start - first.start
    assert node is not None  # noqa: S101 filtered above
    rest = first.text[max(edit.end - first.start, 0) :] if edit.end - first.start < len(first.text) else ""
    _set(node, first.text[:cut])
    made = _after(node, edit.text)
    if rest and made is not None:
        made.getnext().insert(1 if made.find(_RPR) is not None else 0, _text(node, rest))
    _unask(made)
    return made


def _after(node: BaseOxmlElement, text: str) -> BaseOxmlElement:
    """A run like that of ``node`` right behind it, what follows in its run moved behind both."""
    run = node.getparent()
    made, behind = _like(run), _like(run)
    for follower in list(node.itersiblings()):
        behind.append(follower)
    made.append(_text(node, text))
    run.addnext(made)
    made.addnext(behind)
    return made


def _like(run: BaseOxmlElement) -> BaseOxmlElement:
    made: BaseOxmlElement = run.makeelement(_R, {})
    properties = run.find(_RPR)
    if properties is not None:
        made.append(copy.deepcopy(properties))
    return made


def _alone(paragraph: BaseOxmlElement, text: str) -> BaseOxmlElement:
    """A run in a paragraph without text, looking as the paragraph's own mark does."""
    made: BaseOxmlElement = paragraph.makeelement(_R, {})
    mark = paragraph.find(f"{qn('w:pPr')}/{_RPR}")
    if mark is not None:
        made.append(copy.deepcopy(mark))
    made.append(_text(paragraph, text))
    paragraph.append(made)
    return made


def _text(near: BaseOxmlElement, text: str) -> BaseOxmlElement:
    made: BaseOxmlElement = near.makeelement(_T, {})
    _set(made, text)
    return made


def _set(node: BaseOxmlElement, text: str) -> None:
    node.text = text
    node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _unask(run: BaseOxmlElement | None) -> None:
    """A content control that holds a tag asks for nothing any more, and takes its value from nowhere else."""
    for control in run.iterancestors(_SDT) if run is not None else ():
        properties = control.find(qn("w:sdtPr"))
        for name in ("showingPlcHdr", "dataBinding", "placeholder") if properties is not None else ():
            for one in properties.findall(qn(f"w:{name}")):
                properties.remove(one)
    style = run.find(f"{_RPR}/{qn('w:rStyle')}") if run is not None else None
    if style is not None and "laceholder" in (style.get(qn("w:val")) or ""):
        style.getparent().remove(style)


def _repeat(form: OpenedForm, loop: RowLoop) -> None:
    """Set the loop's tags in rows of their own around the model row, and take the surplus rows out."""
    model = _row(form, loop.model)
    for index in loop.surplus:
        row = _row(form, index)
        row.getparent().remove(row)
    for tag, add in ((loop.opening, model.addprevious), (CLOSING, model.addnext)):
        row = copy.deepcopy(model)
        first, *others = list(row.iter(_P))
        for paragraph in (first, *others):
            for child in [one for one in paragraph if one.tag != qn("w:pPr")]:
                paragraph.remove(child)
        _alone(first, tag)
        add(row)


def _row(form: OpenedForm, index: int) -> BaseOxmlElement:
    row: BaseOxmlElement = next(form.element(index).iterancestors(_TR))
    return row


def _comment(form: OpenedForm, notes: list[tuple[BaseOxmlElement | None, Proposal]], loops: list[RowLoop]) -> None:
    """Comments in the order of the document; of a header or footer at the first paragraph, of a loop over its row."""
    document = form.document
    first = next(document.element.body.iter(_P))
    for run, proposal in sorted(notes, key=lambda one: one[1].number):
        target = run if run is not None and outside_boxes(_paragraph(run)) is _paragraph(run) else None
        place = "" if target is not None else f"{proposal.place}："
        _note(
            form,
            target if target is not None else _some_run(outside_boxes(_paragraph(run)) if run is not None else first),
            place + told(proposal),
        )
    for loop in loops:
        names = "、".join(one.field.rpartition(".")[2] for one in loop.proposals)
        text = f"下面的空行改成按“服务项目”逐项重复的一行，各列填：{names}。不要这样填的，请删去上下两行 {{%tr %}} 标签"
        _note(form, _some_run(form.element(loop.head)), text.replace("{%tr %}", "tr"))


def _paragraph(run: BaseOxmlElement) -> BaseOxmlElement:
    paragraph: BaseOxmlElement = next(run.iterancestors(_P))
    return paragraph


def _some_run(paragraph: BaseOxmlElement) -> BaseOxmlElement:
    runs = list(paragraph.iter(_R))
    return runs[0] if runs else _alone(paragraph, "")


def _note(form: OpenedForm, run: BaseOxmlElement, text: str) -> None:
    paragraph = DocxParagraph(_paragraph(run), form.document)
    form.document.add_comment([Run(run, paragraph)], text=text, author=AUTHOR, initials=INITIALS)


def told(proposal: Proposal) -> str:
    """What a comment says: the field, why, and what else it may be. Without braces: those of a comment are never filled."""
    others = f"\n也可能是：{'、'.join(proposal.alternatives[:_ALTERNATIVES])}" if proposal.alternatives else ""
    return f"拟填字段：{proposal.field}\n理由：{proposal.reason}{others}"
