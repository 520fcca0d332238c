"""The form of a Chinese agreement, looked at as it would be printed: numbers of clauses, annexes, whose fields stand where."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yiyu.docgen.fill.lint.known import did_you_mean
from yiyu.docgen.fill.lint.sides import HEADING, Piece, role_of
from yiyu.docgen.fill.lint.trial import CLOSE, OPEN, Line
from yiyu.registry.model import Severity

_DIGITS = "〇一二三四五六七八九十"
_REFERENCE = re.compile(r"第([一二三四五六七八九十百零〇]+|[0-9]{1,4})条")
_CLAUSE = re.compile(r"\s*" + _REFERENCE.pattern)
_HEAD = re.compile(r"\s*([一二三四五六七八九十]+)、")
_ITEM = re.compile(r"\s*[（(]([一二三四五六七八九十]+)[）)]")
_OF_A_LAW = re.compile(r"(》|法|条例|规定|办法|规范|通知)[^，。；]{0,8}$")
_ANNEX = re.compile(r"附件\s*([\d一二三四五六七八九十]*)\s*[：:、.．]?\s*《([^》]+)》")
_FIELD = re.compile(f"{OPEN}([甲乙丙丁])方[.]([^{CLOSE}]+){CLOSE}")
_LABEL_BEFORE = re.compile(r"([甲乙丙丁])[ 　]*方\s*[（(：:]?\s*$")
_ATTRIBUTE = re.compile("名称|地址|住所|电话|代码|联系|法定|负责|类别|性质|等级|备案|登记|邮|科室|旗区|乡镇|苏木")
"""Labels of what belongs to the side last named; another label, such as 共建单位, names a side of its own."""
_WRONG_SIDE = (
    re.compile(r"甲[ 　]*方\s*[（(][^）)]*(托育|幼儿园|托班|照护)[^）)]*[）)]"),
    re.compile(r"乙[ 　]*方\s*[（(][^）)]*(医疗|医院|卫生院|卫生服务|妇幼|保健院)[^）)]*[）)]"),
)


_ROLES = ("甲", "乙", "丙", "丁")


@dataclass(frozen=True, slots=True)
class Irregular:
    """A fault of form, at a line of the trial."""

    line: int
    severity: Severity
    code: str
    message: str
    suggestion: str


def swapped_sides(pieces: Sequence[Piece]) -> Iterator[Irregular]:
    """Fields of one side under the label of another, and labels that name the wrong kind of institution."""
    for piece in pieces:
        for role, name in _FIELD.findall(piece.text):
            before = piece.text[: piece.text.index(f"{OPEN}{role}方.{name}")]
            close = _LABEL_BEFORE.search(before)
            owner = close[1] if close else piece.role
            told = close or role_of(piece.text) or not before.strip() or _ATTRIBUTE.search(before)
            if told and owner in _ROLES and owner != role:
                message = f"“{owner}方”处打印的是{role}方的字段“{role}方.{name}”，双方可能写反了"
                yield Irregular(piece.line, Severity.ERROR, "sides-swapped", message, f"请改成 {owner}方.{name}")
        for pattern in _WRONG_SIDE:
            if found := pattern.search(piece.text):
                message = f"“{found.group().strip()}”：甲方是医疗卫生机构，乙方是托育机构，双方可能写反了"
                yield Irregular(
                    piece.line, Severity.ERROR, "sides-swapped", message, "请对调甲乙方，或改正括号里的说明"
                )


def clause_numbers(lines: Sequence[Line]) -> Iterator[Irregular]:
    """Gaps, repeats and references to clauses that are not there; （一）（二） start again under each heading."""
    clauses = [(index, _number(found[1])) for index, line in enumerate(lines) if (found := _CLAUSE.match(line.text))]
    yield from _sequence(clauses, "第{}条", "clause-number")
    heads: list[tuple[int, int]] = []
    items: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        if found := _ITEM.match(line.text):
            items.append((index, _number(found[1])))
        elif _CLAUSE.match(line.text) or _HEAD.match(line.text):
            yield from _sequence(items, "（{}）", "item-number")
            items = []
        if found := _HEAD.match(line.text):
            number = _number(found[1])
            if number == 1:
                yield from _sequence(heads, "{}、", "clause-number")
                heads = []
            heads.append((index, number))
        if clauses:
            yield from _references(index, line.text, len(clauses))
    yield from _sequence(items, "（{}）", "item-number")
    yield from _sequence(heads, "{}、", "clause-number")


def _sequence(numbers: Sequence[tuple[int, int]], form: str, code: str) -> Iterator[Irregular]:
    """Report where ``numbers`` (line, number) are not 1, 2, 3 …; after a slip of one number the count goes on."""
    before = 0
    for place, (index, number) in enumerate(numbers):
        meant = before + 1
        if number != meant:
            shown, right = form.format(_han(number)), form.format(_han(meant))
            what = "重复或倒退" if number < meant else "跳号"
            yield Irregular(index, Severity.ERROR, code, f"序号“{shown}”{what}，这里应是“{right}”", f"请改成“{right}”")
        following = numbers[place + 1][1] if place + 1 < len(numbers) else 0
        before = meant if following == meant + 1 else number


def _references(index: int, text: str, total: int) -> Iterator[Irregular]:
    heading = _CLAUSE.match(text)
    for found in _REFERENCE.finditer(text, heading.end() if heading else 0):
        if _number(found[1]) > total and not _OF_A_LAW.search(text[: found.start()]):
            message = f"提到“{found.group()}”，但协议只有{total}条"
            yield Irregular(index, Severity.ERROR, "clause-reference", message, "请改成要引用的那一条")


def annexes(lines: Sequence[Line], titles: Sequence[str]) -> Iterator[Irregular]:
    """Annexes named in the text that are no document of the pack, and one number for two annexes."""
    numbers: dict[str, str] = {}
    for index, line in enumerate(lines):
        for number, title in _ANNEX.findall(line.text):
            if titles and not any(known in title or title in known for known in titles):
                guess = did_you_mean(title, titles) or f"口径包的文书有：{'、'.join(titles)}"
                message = f"附件《{title}》不是口径包里的文书，不会随协议生成"
                yield Irregular(index, Severity.WARNING, "annex-unknown", message, guess)
            if number and numbers.setdefault(number, title) != title:
                message = f"附件{number}有两个名称：《{numbers[number]}》和《{title}》"
                yield Irregular(index, Severity.ERROR, "annex-number", message, "请统一附件的编号和名称")


def is_numbered(text: str) -> bool:
    """Tell whether a line is a numbered heading or item."""
    return bool(HEADING.match(text) or _ITEM.match(text))


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    total = digit = 0
    for sign in text:
        if sign == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif sign == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = _DIGITS.index("〇" if sign == "零" else sign)
    return total + digit


def _han(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return ten + (_DIGITS[ones] if ones else "") if number < 100 else str(number)
