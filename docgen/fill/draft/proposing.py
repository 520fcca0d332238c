"""Propose a field for each blank of a form, with the reason and what else it may be. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from yiyu.docgen.fill.draft.amounts import box_answer, count_answer, date_answer, option_after
from yiyu.docgen.fill.draft.form import Form
from yiyu.docgen.fill.draft.labels import Meaning, compact, last_segment, read_hint, read_label, read_name
from yiyu.docgen.fill.draft.proposal import LEFT_EMPTY, LOOP_LIST, Answer, Blank, BlankKind, Proposal
from yiyu.docgen.fill.draft.repeating import RowLoop, row_loops
from yiyu.docgen.fill.draft.sections import sections
from yiyu.docgen.fill.draft.words import HAND, OTHERS, SIDE_OF_FIELD
from yiyu.registry.errors import TemplateFault
from yiyu.registry.model import DocKind

_NAMED = (BlankKind.MERGE, BlankKind.BRACES, BlankKind.TAG, BlankKind.CONTROL)
_KNOWN = re.compile(r"(?:[甲乙丙]方|协议|服务项目|口径|文书|记录|项|各方|依据)(?:\.|$|\|)|[|(]| if | for ")
"""The inside of a tag that is ours already."""
_NEAR = 14
_WIDEST = 30
_LOOKED, _MOST = 80, 2000
"""Characters on either side that are looked at, and blanks of a form at most."""


@dataclass(frozen=True, slots=True)
class Draft:
    """All blanks of a form with what is proposed, and the rows of tables that become loops."""

    form: Form
    proposals: tuple[Proposal, ...]
    loops: tuple[RowLoop, ...]


def propose(form: Form) -> Draft:
    """Propose fields for the blanks of ``form``, in the order of the document. Raises TemplateFault for too many."""
    if sum(map(len, form.blanks)) > _MOST:
        raise TemplateFault(f"空白超过{_MOST}处", where="范本", remedy="请拆成几份范本，或先删去不必填的空白")
    loops = row_loops(form)
    found = [*sections(form, lambda index, blank: _answer(form, index, blank))]
    taken = {index for loop in loops for index in loop.lines}
    spans = {(one.paragraph, one.start) for one in found}
    for loop in loops:
        found += loop.proposals
        spans |= loop.marks
    for index in (index for index in range(len(form.lines)) if index not in taken):
        for blank in form.blanks[index] or _empty(form, index):
            if (index, blank.start) in spans or _ours(blank):
                continue
            answer = _answer(form, index, blank)
            if answer.by_hand and not answer.field:
                continue
            found.append(_proposal(form, index, blank, answer))
    found.sort(key=lambda one: (one.paragraph, one.start))
    return Draft(form, tuple(replace(one, number=at) for at, one in enumerate(found, 1)), loops)


def _empty(form: Form, index: int) -> Iterator[Blank]:
    """An empty cell is a blank itself."""
    cell = form.cell_of.get(index)
    if cell is not None and not cell.text.strip() and cell.lines[0] == index:
        yield Blank(BlankKind.CELL, 0, len(form.lines[index].text))


def _ours(blank: Blank) -> bool:
    return blank.kind is BlankKind.TAG and not blank.mark and bool(_KNOWN.match(blank.name))


def _proposal(form: Form, index: int, blank: Blank, answer: Answer) -> Proposal:
    line = form.lines[index]
    reason = answer.reason or "看不出要填什么，请自己写明字段，或者留空"
    return Proposal(
        0, line.place, _around(form, index, blank), blank.kind, answer.field, reason, answer.alternatives,
        index, blank.start, blank.end, _shape(form, index, blank),
    )  # fmt: skip


def _around(form: Form, index: int, blank: Blank) -> str:
    """The blank in 〔〕 with the words on both sides; of an empty cell its label."""
    text = form.lines[index].text
    if blank.kind is BlankKind.CELL:
        return f"{form.row_label(index) or form.column_label(index)}〔　〕"
    shown = re.sub(r"([_＿﹍ 　—─])\1{3,}", r"\1\1\1\1", text[blank.start : blank.end])
    before, after = re.sub(r"\s", " ", text[max(0, blank.start - _NEAR) : blank.start]), text[blank.end :][: _NEAR // 2]
    return f"{before}〔{shown}〕{after}".strip()


def _shape(form: Form, index: int, blank: Blank) -> str:
    """How the tag is written: with a line to write on where the form has one and the value may be missing."""
    width = blank.end - blank.start
    if blank.kind in (BlankKind.LINE, BlankKind.DATE):
        return f"{{{{{{{{ {{field}}|填空({min(max(width // 2, 2), _WIDEST)}) }}}}}}}}"
    if blank.kind is BlankKind.BRACKETS:
        return f"（{{{{{{{{ {{field}}|填空({min(max(width - 2, 2), _WIDEST)}) }}}}}}}}）"
    follows = form.lines[index].text[blank.end : blank.end + 1]
    apart = "　　" if blank.kind is BlankKind.SPACES and follows not in ("", "\t", "\n", "（") else ""
    return f"{{{{{{{{ {{field}} }}}}}}}}{apart}"


def _answer(form: Form, index: int, blank: Blank) -> Answer:
    text = form.lines[index].text
    previous = [0, *(one.end for one in form.blanks[index] if one.end <= blank.start and one is not blank)]
    before = text[max(*previous, blank.start - _LOOKED, 0) : blank.start]
    after = text[blank.end : blank.end + _LOOKED]
    label = form.row_label(index)
    if blank.kind is BlankKind.BOX:
        return _box(form, index, blank)
    if blank.kind is BlankKind.DATE:
        return _noted(date_answer(before, after, label), form)
    if blank.kind in _NAMED:
        return _named(form, index, blank, before)
    greeting = blank.kind is BlankKind.COLON and len(previous) > 1 and _HINT_ONLY.fullmatch(before)
    if greeting or _SIGNED.search(label):
        return Answer(by_hand=True)
    counted = count_answer(before, after)
    return _noted(counted, form) if counted else _of_words(form, index, blank, last_segment(before), after)


def _of_words(form: Form, index: int, blank: Blank, segment: str, after: str) -> Answer:
    """The field by the words before a blank, the hint in brackets behind it, or the label of its cell."""
    meaning = _read(form, segment) if segment.strip() else None
    if meaning is not None and meaning.field == "名称" and _COUNTED.match(after):
        return Answer(by_hand=True)
    hint = read_hint(after) if meaning is None or (meaning.of_side and not meaning.side) else None
    if hint and (meaning is None or meaning.field == hint.field or not hint.of_side):
        return _settled(form, index, blank, hint, f"空白后面写着“{hint.word}”")
    if meaning is not None:
        return _settled(form, index, blank, meaning, f"空白前面写着“{meaning.word}”")
    if compact(segment).rstrip("：:第共"):
        return Answer(by_hand=blank.kind is BlankKind.COLON)
    return _of_cell(form, index, blank)


_LISTS = re.compile("项目|清单|item|service|project", re.IGNORECASE)
_SIGNED = re.compile("签字|签名")
_COUNTED = re.compile(r"[ 　]*[个家所名次人位]")
"""Behind a blank: how many of them there are, not which."""
_SIDE_ALONE = re.compile(r"[甲乙丙]方(?:[（(].*[）)])?[：:]?")
_HINT_ONLY = re.compile(r"\s*[（(][^（()）]*[）)]\s*[：:]")
"""What stands between a blank and the end of a salutation: ____（托育机构）："""


def _read(form: Form, label: str) -> Meaning | None:
    return read_label(label, record=form.kind is DocKind.ACTIVITY_RECORD)


def _of_cell(form: Form, index: int, blank: Blank) -> Answer:
    """The field of a cell by the label left of it, or by the heading of its column beside a side."""
    label, column = form.row_label(index), form.column_label(index)
    meaning = _read(form, label) if label else None
    if column and _SIDE_ALONE.fullmatch(compact(label)):
        over = _read(form, column)
        if over is not None and over.field != HAND:
            return _settled(form, index, blank, over, f"本列是“{column}”")
    if meaning is not None:
        return _settled(form, index, blank, meaning, f"本格左边写着“{label}”")
    return Answer(by_hand=not any(cell.text.strip() for cell in form.row_of(index)))


def _named(form: Form, index: int, blank: Blank, before: str) -> Answer:
    if blank.mark == "@":
        return Answer(LEFT_EMPTY, f"“{blank.name}”是图片标签，印章和图片由人工加盖、粘贴，这里改成空白")
    record = form.kind is DocKind.ACTIVITY_RECORD
    meaning = read_name(blank.name, record=record) if blank.name else None
    if meaning is not None and meaning.field != HAND:
        word = "名称" if blank.kind is not BlankKind.CONTROL else "控件标题"
        segment = last_segment(before)
        named = meaning if meaning.side else replace(meaning, side=form.side(segment))
        return _settled(form, index, blank, named, f"占位的{word}是“{blank.name}”")
    label = _read(form, last_segment(before))
    if blank.mark == "#" and _LISTS.search(blank.name + last_segment(before)):
        return Answer(LOOP_LIST, f"“{blank.name}”是列表标签，改成逐项列出服务项目")
    if label is None:
        return Answer(by_hand=not blank.name and blank.kind is not BlankKind.CONTROL)
    return _settled(form, index, blank, label, f"前面写着“{label.word}”")


def _box(form: Form, index: int, blank: Blank) -> Answer:
    text = form.lines[index].text
    first = next(one.start for one in form.blanks[index] if one.kind is BlankKind.BOX)
    question = form.row_label(index) + text[:first]
    side = form.side(question) or form.side_of(index, blank.start)[0]
    found = box_answer(question, option_after(text[blank.end :]), side)
    return _noted(found, form) if found else Answer(by_hand=True)


def _settled(form: Form, index: int, blank: Blank, meaning: Meaning, reason: str) -> Answer:
    """Find the side for a field of a side, and say why."""
    if meaning.field == HAND:
        return Answer(reason=f"“{meaning.word}”由人工填写", by_hand=True)
    if not meaning.of_side:
        return _noted(Answer(meaning.field, reason), form)
    own = SIDE_OF_FIELD.get(meaning.field, "")
    named = "甲" if meaning.side == "丙" and not form.has_third else meaning.side
    told, where = (own, "") if own else (named, "") if named else form.side_of(index, blank.start)
    others = tuple(OTHERS.get(meaning.field, ()))
    if not told:
        choices = tuple(f"{side}方.{meaning.field}" for side in ("甲", "乙"))
        return Answer("", f"{reason}，看不出是哪一方的", choices)
    because = f"{reason}，{where}{told}方" if where else reason
    if meaning.field == "备案":
        return Answer(f'"是" if {told}方.备案 else "否"', because, (f"{told}方.备案编号", f"{told}方.备案日期"))
    alternatives = [f"{told}方.{other}" for other in others]
    alternatives += (
        [] if own else [f"{side}方.{meaning.field}" for side in "甲乙丙" if side != told][: 1 + form.has_third]
    )
    return Answer(f"{told}方.{meaning.field}", because, tuple(alternatives))


def _noted(answer: Answer, form: Form) -> Answer:
    """Add what else a path may be; a field only a record sheet has is no field elsewhere."""
    if answer.field.startswith("记录.") and form.kind is not DocKind.ACTIVITY_RECORD:
        return Answer(by_hand=True)
    return replace(answer, alternatives=answer.alternatives or OTHERS.get(answer.field, ()))
