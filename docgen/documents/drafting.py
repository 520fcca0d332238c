"""From a form to a template: what is proposed as a list, the list read back with decisions, the template written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from yiyu.docgen.fill.draft import OpenedDraft, Proposal, draft_form, field_fault, write_draft
from yiyu.docgen.fill.files import read_json_rows
from yiyu.docgen.fill.lint import FieldChange, compare_templates
from yiyu.registry.errors import BadInput
from yiyu.registry.files import file_name, read_bytes, write_atomic
from yiyu.registry.model import DocKind
from yiyu.registry.workbooks.tables import read_table
from yiyu.registry.workbooks.text import clean_line

_MADE = "_模板"
TAKEN, LEFT = "采用", "不用"
_TAKING = frozenset((TAKEN, "是", "√", "✓", "☑", "改", "改用", "accept", "yes", "y", "1"))
_LEAVING = frozenset((LEFT, "否", "×", "x", "不采用", "reject", "no", "n", "0"))
HEADINGS = {
    "number": ("序号",),
    "place": ("位置",),
    "text": ("原文",),
    "field": ("字段",),
    "decision": ("处理",),
}
"""Columns of a reviewed list that are read; the others are for the eye."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """What became of a form: where the template is (None: only looked at), and each blank with what was decided."""

    out: Path | None
    kind: str
    """What people call the document, "" where its kind is unknown."""
    rows: tuple[dict[str, Any], ...]

    @property
    def filled(self) -> int:
        """Blanks that got a field."""
        return sum(row["decision"] == TAKEN for row in self.rows)


def draft_file(
    form: Path, out: Path | None, *, kind: DocKind | None = None, review: bool = False, accept: Path | None = None
) -> Drafted:
    """Write the template beside the form (or to ``out``); with ``review`` nothing is written, only told.

    With ``accept``, a reviewed list, its decisions are carried out and the template has no comments. Raises FileFault for
    what cannot be read, TemplateFault for what is no form, BadInput for a list that does not fit or an output in the way.
    """
    target = None if review else _target(form, out)
    opened = draft_form(read_bytes(form), form.name, kind)
    proposals = opened.draft.proposals
    if not any(one.field or one.alternatives for one in proposals):
        remedy = "空白请用下划线、括号、方框或“年　月　日”写出；已经写好标签的请用 yiyu template check 检查"
        raise BadInput("没有找到认得出的空白", where=str(form), remedy=remedy, code="no-blanks")
    if accept is not None:
        proposals = decided(proposals, read_decisions(accept), file_name(accept), opened)
    if target is not None:
        data = write_draft(opened.opened, proposals, opened.draft.loops, comments=accept is None)
        write_atomic(target, data)
    return Drafted(target, opened.told.called, tuple(map(_row, proposals)))


def _target(form: Path, out: Path | None) -> Path:
    if out is None:
        out = form.with_name(f"{form.stem}{_MADE}.docx")
        if out.exists():
            remedy = f"请用 -o 另写一个文件名；要盖掉它，请写 -o {out} --replace"
            raise BadInput("同名的模板已经有了", where=str(out), remedy=remedy, code="output-exists")
    if out.exists() and form.exists() and out.samefile(form):
        raise BadInput("模板要写在另一个文件里", where=str(out), remedy="请换一个输出文件名", code="output-is-input")
    return out


def _row(one: Proposal) -> dict[str, Any]:
    return {
        "number": one.number,
        "place": one.place,
        "text": one.text,
        "kind": str(one.kind),
        "field": one.field,
        "tag": one.tag,
        "reason": one.reason,
        "alternatives": list(one.alternatives),
        "decision": TAKEN if one.field else "",
    }


def read_decisions(path: Path) -> list[tuple[str, dict[str, str]]]:
    """Read a reviewed list, a workbook or the JSON of ``--review``: place of each row, and its texts.

    Raises FileFault for what cannot be read and BadInput for what is no such list.
    """
    if path.suffix.lower() != ".json":
        rows = read_table(path, HEADINGS)
        return [(f"{file_name(path)} {row.sheet} 第{row.row}行".replace("  ", " "), row.values) for row in rows]
    listed = [{key: clean_line(str(one[key])) for key in HEADINGS if key in one} for one in read_json_rows(path)]
    return [(f"{file_name(path)} 第{at}项", one) for at, one in enumerate(listed, 1)]


def decided(
    proposals: Sequence[Proposal], rows: Sequence[tuple[str, Mapping[str, str]]], file: str, opened: OpenedDraft
) -> tuple[Proposal, ...]:
    """Carry out the decisions: a row taken keeps its field or has another one; left, or gone from the list, has none.

    Raises BadInput at the row for a decision nobody can read, a field there is not, or a blank the form does not have.
    """
    by_number = {str(one.number): one for one in proposals}
    chosen: dict[int, str] = {}
    for where, row in rows:
        proposal = by_number.get(row.get("number", ""))
        same = proposal is not None and all(
            clean_line(getattr(proposal, key)) == row.get(key, "") for key in ("place", "text") if key in row
        )
        if proposal is None or not same:
            remedy = "请用 --review 重新列出这份范本的空白，再填处理"
            raise BadInput("清单里的空白与范本对不上，范本可能已改过", where=where, remedy=remedy, code="review-stale")
        chosen[proposal.number] = _decision(proposal, row, where, opened)
    if not chosen:
        raise BadInput("清单里没有一行", where=file, remedy="请用 --review 重新列出后再填处理")
    return tuple(_whole_pairs(replace(one, field=chosen.get(one.number, "")) for one in proposals))


def _decision(proposal: Proposal, row: Mapping[str, str], where: str, opened: OpenedDraft) -> str:
    if lacking := [HEADINGS[key][0] for key in ("field", "decision") if key not in row]:
        remedy = "请用 --review --xlsx 重新列出，不要删去列"
        raise BadInput(f"清单里没有“{lacking[0]}”一列", where=where, remedy=remedy, code="review-stale")
    word, field = row["decision"].casefold(), row["field"]
    if word not in _TAKING | _LEAVING | {""}:
        raise BadInput(f"“处理”写的“{word[:20]}”看不懂", where=where, remedy=f"请写“{TAKEN}”或“{LEFT}”")
    if word in _LEAVING or (not word and field in ("", proposal.field)):
        return ""
    if not field:
        raise BadInput("这一行要采用，却没有写字段", where=where, remedy=f"请写上字段，或改成“{LEFT}”")
    if field != proposal.field and (fault := field_fault(proposal, field, opened.kind)):
        what, remedy = fault
        raise BadInput(what, where=where, remedy=remedy or "请核对字段名：yiyu template fields", code="field-unknown")
    return field


def _whole_pairs(proposals: Iterator[Proposal]) -> Iterator[Proposal]:
    """Opening and end of a section are only written together, with one condition."""
    listed = list(proposals)
    for one in listed:
        mates = [other.field for other in listed if one.pair and other.pair == one.pair]
        yield replace(one, field="") if mates and not all(mates) else replace(one, field=mates[0]) if mates else one


def compare_files(old: Path, new: Path) -> tuple[FieldChange, ...]:
    """Compare two versions of a template. Raises FileFault for what cannot be read, TemplateFault for what is no .docx."""
    return compare_templates((read_bytes(old), old.name), (read_bytes(new), new.name))
