"""Hours, people, counts and findings as people write them in one line or one cell, and as we write them back. Pure."""

import datetime as dt
import re
from collections.abc import Iterable

from yiyu.registry.rules.activities import COUNTS, Finding, Person
from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.dates import read_date, says_nothing

_CLOCK = r"(上午|早上|中午|下午|晚上)?(\d{1,2})(?:[:时点](\d{1,2}|半)?分?)?(?::\d\d)?"
_TIME = re.compile(_CLOCK)
_HOURS = re.compile(rf"{_CLOCK}(?:-|--|~|至|到|—+|–|～){_CLOCK}")
_LOOKS_TIMED = re.compile(r"(?:上午|早上|中午|下午|晚上)?\d{1,2}[:时点]")
_LATE = frozenset({"下午", "晚上"})
_SPAN = re.compile(r"(?:(\d+(?:\.\d+)?)(?:个?小时|h|时|$))?(?:(\d+)(?:分钟|分|min))?")
_MINUTES_A_DAY = 24 * 60
_APART = re.compile(r"[、,，;；\n]+")
_BRACKETS = re.compile(r"[(（](.*?)[)）]")
_PARTS = ("姓名", "科室", "职称", "单位")
_SPACED_NAME = re.compile(r"^([\u3400-\u9fff]) +([\u3400-\u9fff])$")
"""A name of two characters spread to the width of three, as rosters do."""
_SPACED = re.compile(r"[\u3400-\u9fff] +[\u3400-\u9fff]")
_LONGEST_NAME = 30
_COUNT = re.compile(r"(\D+?)[=:：]?(\d+)[人名个份次张]?")
_ALSO = {
    **dict.fromkeys(("幼儿", "儿童", "宝宝"), "婴幼儿"),
    **dict.fromkeys(("教师", "老师", "教职工", "保育员", "职工"), "从业人员"),
}
_FINDING = ("问题", "要求", "期限")


def read_time(text: str) -> dt.time:
    """A clock time: 9:00, 09:30, 9点半, 下午2时. Raises ValueError with a reason in Chinese."""
    found = _TIME.fullmatch(fold(text))
    if not found:
        raise ValueError(f"“{text.strip()[:20]}”不是时间，请写成 09:30 的样子")
    return _clock(found[1], found[2], found[3])


def read_hours(text: str) -> tuple[dt.time, dt.time]:
    """Two clock times: 9:00-11:30, 上午9点至11点半. Raises ValueError, also where the end is not after the start."""
    found = _HOURS.fullmatch(fold(text))
    if not found:
        raise ValueError(f"“{text.strip()[:20]}”不是起止时间，请写成 09:00-11:30 的样子")
    start = _clock(found[1], found[2], found[3])
    carried = found[1] if found[1] in _LATE and int(found[5]) < 12 else found[4]
    end = _clock(found[4] or carried, found[5], found[6])
    if end <= start:
        raise ValueError(f"结束时间 {end:%H:%M} 不晚于开始时间 {start:%H:%M}，请核对")
    return start, end


def read_minutes(text: str) -> int | None:
    """时长 in minutes: 2.5, 2小时30分, 90分钟; None for a blank. Raises ValueError."""
    folded = fold(text).lower()
    if says_nothing(folded):
        return None
    found = _SPAN.fullmatch(folded)
    minutes = round(float(found[1] or 0) * 60) + int(found[2] or 0) if found else 0
    if not 0 < minutes <= _MINUTES_A_DAY:
        raise ValueError(f"“{text.strip()[:20]}”不是时长，请写成 2.5（小时）的样子，最多 24 小时")
    return minutes


def hours_text(starts: dt.time | None, ends: dt.time | None) -> str:
    """09:00-11:30, or "" where either is unknown."""
    return f"{starts:%H:%M}-{ends:%H:%M}" if starts and ends else ""


def read_person(text: str) -> Person:
    """姓名/科室/职称/单位/09:00-11:00, all but the name optional, hours always last. Raises ValueError."""
    parts = [part.strip() for part in re.sub(r"\s+", " ", text).split("/")]
    hours: tuple[dt.time | None, dt.time | None] = (None, None)
    if len(parts) > 1 and not parts[-1]:
        parts.pop()  # closed by a stroke: what stands before it is no time
    elif len(parts) > 1 and _LOOKS_TIMED.match(fold(parts[-1])):
        hours = read_hours(parts.pop())
    parts[0] = _SPACED_NAME.sub(r"\1\2", parts[0])
    if _SPACED.search(parts[0]):
        example = "/".join(_PARTS[: len(parts[0].split())] if len(parts) == 1 else _PARTS)
        raise ValueError(f"“{text.strip()[:20]}”的姓名中有空格，各项请用 / 分开，写成 {example} 的样子")
    if not parts[0] or len(parts[0]) > _LONGEST_NAME or any(sign.isdigit() for sign in parts[0]):
        raise ValueError(f"“{text.strip()[:20]}”中没有姓名，请写成 {'/'.join(_PARTS)}/09:00-11:00 的样子")
    if len(parts) > len(_PARTS) or any(_APART.search(part) for part in parts):
        raise ValueError(f"“{parts[0]}”之后读不懂，每人请写成 {'/'.join(_PARTS)}/09:00-11:00，各项中不用顿号和逗号")
    name, department, title, unit = (*parts, "", "", "")[: len(_PARTS)]
    return Person(name, unit, department, title, *hours)


def read_people(text: str) -> tuple[Person, ...]:
    """Several people in one cell, with 、 between them; each as :func:`read_person`, or 姓名（科室 职称）.

    Raises ValueError.
    """
    plain = _BRACKETS.sub(lambda found: "/" + re.sub(r"[/、,，;；\s]+", "/", found[1].strip()), text)
    return tuple(read_person(one) for one in _APART.split(plain) if not says_nothing(one))


def person_text(person: Person) -> str:
    """What :func:`read_person` reads, as short as it can be."""
    parts = "/".join((person.name, person.department, person.title, person.unit)).rstrip("/")
    hours = hours_text(person.arrives, person.leaves)
    mistaken_for_hours = "/" in parts and _LOOKS_TIMED.match(fold(parts.rpartition("/")[2]))
    return f"{parts}/{hours}" if hours or mistaken_for_hours else parts


def people_text(people: Iterable[Person]) -> str:
    return "、".join(person_text(one) for one in people)


def read_count(text: str) -> tuple[str, int]:
    """婴幼儿=20 or 婴幼儿20人. Raises ValueError naming what may be counted."""
    found = _COUNT.fullmatch(fold(text))
    name = _ALSO.get(found[1], found[1]) if found else ""
    if not found or name not in COUNTS:
        raise ValueError(f"“{text.strip()[:20]}”读不懂，请写成 婴幼儿=20 的样子，可填：{'、'.join(COUNTS)}")
    return name, int(found[2])


def read_takers(text: str) -> dict[str, int]:
    """参加人数 of one cell: 20, 20人, 婴幼儿20人、家长15人. Raises ValueError."""
    parts = [part for part in _APART.split(text) if not says_nothing(part)]
    if len(parts) == 1 and (found := re.fullmatch(r"共?(\d+)[人名]?", fold(parts[0]))):
        return {"参加人数": int(found[1])}
    return dict(map(read_count, parts))


def read_finding(text: str) -> Finding:
    """问题|要求|期限, the last two optional. Raises ValueError."""
    parts = [part.strip() for part in re.split(r"[|｜]", text)]
    if not parts[0] or len(parts) > len(_FINDING):
        raise ValueError(f"“{text.strip()[:20]}”读不懂，请写成 {'|'.join(_FINDING)}，期限如 2026-12-31")
    problem, demand, due = (*parts, "", "")[: len(_FINDING)]
    return Finding(problem, demand, read_date(due))


_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_MARK = re.compile(rf"(?:(?<![^\s；;。，,：:])\d{{1,2}}[.．、)）](?!\d)|[(（]\d{{1,2}}[)）]|[{_CIRCLED}])\s*")
"""The number before a text: 1. 1、 1） （1） ①; not that of 2.5 or 2026.3."""


def lines_text(lines: Iterable[str]) -> str:
    """Several texts in one cell, one a line behind its number; one alone stands as it is."""
    known = [line.replace("\n", " ") for line in lines]
    if not any(known):
        return ""
    if len(known) == 1 and not _MARK.match(known[0]):
        return known[0]
    return "\n".join(f"{at}.{f' {line}' if line else ''}" for at, line in enumerate(known, start=1))


def read_lines(text: str) -> tuple[str, ...]:
    """What :func:`lines_text` wrote, numbered texts one behind the other, or a text that stands alone.

    A number that is left out, in what is told of some of several findings, gives "".
    """
    found = read_numbered(text)
    if found:
        return tuple(found.get(number, "") for number in range(1, max(found) + 1))
    return (" ".join(text.split("\n")),) if text else ()


def read_numbered(text: str) -> dict[int, str]:
    """Texts by the number before each, on lines of their own or behind one another; {} where it does not begin with one."""
    lines = [f"{line} " for line in text.split("\n")]
    if all(_MARK.match(line) and _number(line) == at for at, line in enumerate(lines, start=1)):
        texts = [_MARK.sub("", line, count=1).strip() for line in lines]
        if len(lines) > 1 or _MARK.match(texts[0]) or len(_marks(lines[0])) == 1:
            return dict(enumerate(texts, start=1))
    flat = " ".join(lines)
    marks = _marks(flat)
    if not marks or marks[0].start():
        return {}
    ends = [*(mark.start() for mark in marks[1:]), len(flat)]
    return {
        _number(mark[0]): flat[mark.end() : end].strip().rstrip("；;，,、")
        for mark, end in zip(marks, ends, strict=True)
    }


def _marks(text: str) -> list[re.Match[str]]:
    """The numbers that go on rising, those in brackets one by one; another one is part of a text."""
    found: list[re.Match[str]] = []
    for mark in _MARK.finditer(text):
        number, last = _number(mark[0]), _number(found[-1][0]) if found else 0
        if number == last + 1 or (number > last and (not found or mark[0][0] not in "(（")):
            found.append(mark)
    return found


def _number(text: str) -> int:
    digits = re.search(r"\d{1,2}", text)
    return int(digits[0]) if digits and text[0] not in _CIRCLED else _CIRCLED.index(text[0]) + 1


def _clock(half: str | None, hour: str, minute: str | None) -> dt.time:
    number = int(hour) + (12 if half in _LATE and int(hour) < 12 else 0)
    minutes = 30 if minute == "半" else int(minute or 0)
    if number > 23 or minutes > 59:
        raise ValueError(f"没有 {hour}:{minutes:02} 这个时间，请核对")
    return dt.time(number, minutes)
