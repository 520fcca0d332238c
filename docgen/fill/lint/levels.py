"""Whether tags stand where docxtpl's prefixes let them: whole rows, cells and paragraphs, beginning and end alike."""

from collections.abc import Callable, Iterable, Sequence

from yiyu.docgen.fill.lint.blocks import BlockPair
from yiyu.docgen.fill.lint.finding import Report
from yiyu.docgen.fill.lint.paragraphs import Paragraph, Spot
from yiyu.docgen.fill.lint.tags import Tag
from yiyu.registry.model import Severity

_UNIT: dict[str, tuple[str, Callable[[Spot], int]]] = {
    "tr": ("表格行", lambda spot: spot.row),
    "tc": ("单元格", lambda spot: spot.cell),
}
_HOLDER: dict[str, tuple[str, Callable[[Spot], int]]] = {
    "tr": ("同一个表格", lambda spot: spot.table),
    "tc": ("同一个表格行", lambda spot: spot.row),
    "p": ("同一层段落（正文、同一个单元格或文本框）", lambda spot: spot.container),
}


def check_levels(
    paragraphs: Sequence[Paragraph], tags: Sequence[tuple[int, Tag]], pairs: Iterable[BlockPair], report: Report
) -> None:
    """Report what docxtpl would lose or tear apart in one part. ``tags`` name paragraphs by index."""
    for level in ("tr", "tc", "p"):
        _check_alone(level, paragraphs, tags, report)
    for paragraph, tag in tags:
        needs_cell = tag.level in _UNIT or tag.keyword in {"colspan", "cellbg", "vm", "hm"}
        if needs_cell and not paragraphs[paragraph].spot.cell:
            message = f"“{tag.brief}”只能写在表格里"
            report(paragraph, Severity.ERROR, "outside-table", message, "请移到表格的单元格中，段落用 {%p … %}")
    for opening, other in pairs:
        _check_pair(paragraphs, (opening.paragraph, opening.tag), (other.paragraph, other.tag), report)


def removed_units(
    level: str, paragraphs: Sequence[Paragraph], tags: Iterable[tuple[int, Tag]]
) -> dict[int, list[tuple[int, Tag]]]:
    """Group the tags of a prefix by what docxtpl puts them in place of: a row, a cell, or a paragraph (by index)."""
    units: dict[int, list[tuple[int, Tag]]] = {}
    for index, tag in tags:
        if tag.level == level:
            unit = index if level == "p" else _UNIT[level][1](paragraphs[index].spot)
            units.setdefault(unit, []).append((index, tag))
    return units


def _check_alone(level: str, paragraphs: Sequence[Paragraph], tags: Sequence[tuple[int, Tag]], report: Report) -> None:
    """A row, cell or paragraph with such a tag is replaced by the tag: whatever else is in it is lost."""
    name, key = _UNIT.get(level, ("段落", None))
    for unit, own in removed_units(level, paragraphs, tags).items():
        if not unit and key:
            continue
        first, tag = own[0]
        if len(own) > 1:
            message = f"同一个{name}里有“{tag.brief}”和“{own[1][1].brief}”，只有最后一个起作用"
            report(own[1][0], Severity.ERROR, "prefix-twice", message, f"请让每个 {{%{level} … %}} 各占一个{name}")
            continue
        inside = [
            index for index, one in enumerate(paragraphs) if (index == first if key is None else key(one.spot) == unit)
        ]
        for index in inside:
            text = paragraphs[index].text
            rest = text.replace(tag.raw, "", 1) if index == first else text
            if rest.strip():
                message = f"“{tag.brief}”所在的{name}整个会被替换，其中的“{rest.strip()[:20]}”会丢失"
                report(index, Severity.ERROR, "text-lost", message, f"请让“{tag.brief}”独占一个{name}")
                break


def _check_pair(
    paragraphs: Sequence[Paragraph], opening: tuple[int, Tag], other: tuple[int, Tag], report: Report
) -> None:
    (start, first), (end, second) = opening, other
    begins, ends = paragraphs[start].spot, paragraphs[end].spot
    if first.level != second.level:
        meant = f"{{%{first.level} {second.code} %}}"
        message = f"“{second.brief}”与开头“{first.brief}”的前缀不同，填写后表格或段落会破损"
        report(end, Severity.ERROR, "prefix-differs", message, f"请写成 {meant}，或给开头加上相同的前缀")
    elif first.level in _HOLDER:
        where, key = _HOLDER[first.level]
        if key(begins) != key(ends):
            message = f"“{second.brief}”与开头“{first.brief}”不在{where}里"
            report(end, Severity.ERROR, "block-elsewhere", message, f"请把开头和结尾放在{where}里")
    elif start != end and not (first.joins or second.joins):
        if begins.container != ends.container:
            if _spans_row(paragraphs, begins, ends) and second.keyword.startswith("end"):
                message = f"“{first.brief}”和“{second.brief}”分在同一行的不同单元格里，填写后表格会破损"
                hint = f"要重复或取舍整行，请在上一行只写 {{%tr {first.code} %}}，下一行只写 {{%tr {second.code} %}}"
                report(end, Severity.ERROR, "block-across-cells", message, hint)
                return
            unit, prefix = ("行", "tr") if begins.row != ends.row else ("单元格", "tc")
            message = f"“{first.brief}”和“{second.brief}”分在不同的{unit}里，填写后表格会破损"
            report(end, Severity.ERROR, "block-across-cells", message, f"请改用 {{%{prefix} … %}}，各占一个{unit}")
        else:
            message = f"“{first.brief}”和“{second.brief}”分在两段，填写后段落会连在一起"
            report(end, Severity.WARNING, "block-across-paragraphs", message, "请改用 {%p … %}，各占一段")


def _spans_row(paragraphs: Sequence[Paragraph], begins: Spot, ends: Spot) -> bool:
    """Whether a block goes from the first cell of a row to its last: then the row is what is meant."""
    cells = [one.spot.cell for one in paragraphs if one.spot.row == begins.row]
    return begins.row == ends.row and bool(begins.row) and (begins.cell, ends.cell) == (cells[0], cells[-1])
