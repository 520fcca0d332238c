"""Sections of poi-tl that stand on lines of their own: {{?x}} … {{/x}} become a condition on a field inside. Pure."""

from collections.abc import Callable, Iterator

from yiyu.docgen.fill.draft.form import Form
from yiyu.docgen.fill.draft.proposal import Answer, Blank, BlankKind, Proposal

Answering = Callable[[int, Blank], Answer]
IF, ENDIF = "{{%p if {field} %}}", "{{%p endif %}}"


def sections(form: Form, answer: Answering) -> Iterator[Proposal]:
    """Give the two proposals of each section whose lines hold nothing else; both carry the same field."""
    opened: list[tuple[int, Blank]] = []
    for index, blanks in enumerate(form.blanks):
        blank = blanks[0] if len(blanks) == 1 else None
        if (
            blank is None
            or blank.kind is not BlankKind.TAG
            or form.lines[index].text.strip() != _whole(form, index, blank)
        ):
            continue
        if blank.mark == "?":
            opened.append((index, blank))
        elif blank.mark == "/" and opened and opened[-1][1].name == blank.name:
            start, first = opened.pop()
            field = _inside(form, range(start + 1, index), answer)
            reason = f"条件段“{blank.name}”：里面的字段有内容才印" if field else "条件段里没有认出的字段，请自己写条件"
            for at, one, shape in ((start, first, IF), (index, blank, ENDIF)):
                line = form.lines[at]
                yield Proposal(
                    0, line.place, line.text, one.kind, field, reason, (), at, one.start, one.end, shape, str(start)
                )


def _whole(form: Form, index: int, blank: Blank) -> str:
    return form.lines[index].text[blank.start : blank.end]


def _inside(form: Form, lines: range, answer: Answering) -> str:
    found = (answer(index, blank).field for index in lines for blank in form.blanks[index])
    return next(filter(None, found), "")
