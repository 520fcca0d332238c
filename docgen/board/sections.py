"""The parts of the page, each from its piece of the board to markup."""

from collections.abc import Iterator

from yiyu.docgen.board.charts import BarPair, meter, paired_bars
from yiyu.docgen.board.markup import tag, text
from yiyu.docgen.board.model import Board, BoardFigure, BoardTable, Given, Measure, Month, RateGroup, Row

STATIC_ROWS = 30
"""Rows of a list that stand in the page itself: what is there without script."""
_STYLE = {"count": "n", "code": "c", "text": None}
ENDING, RATE = "ending", "rate-"
"""The key of the calendar's table, and what keys of the tables behind rates begin with."""
_FIRST, _SECOND = "signed", "visits"
"""签约率 beside 履约率: a rate of signatures says nothing without the rate of visits done."""
_WIDER = {_FIRST: "signed_all", _SECOND: "duties"}
"""The same question of a wider denominator."""


def headline(board: Board) -> str:
    known = {one.key: one for one in board.measures}
    large = [_large(board, known[key], hatched=key == _SECOND) for key in (_FIRST, _SECOND)]
    small = [_line(board, one) for key, one in known.items() if key not in _WIDER.keys() | set(_WIDER.values())]
    body = tag("div", "".join(large) + tag("ul", "".join(small), class_="rates"), class_="headline")
    return _section("numbers", "签约与履约", _lead(board), body + _left_out(board))


def _lead(board: Board) -> str:
    """The finding in words: 只签不约 is seen only where the two rates stand side by side."""
    signed, visits = board.total.shares[_FIRST], board.total.shares[_SECOND]
    said = [f"已备案托育机构 {signed.whole} 家，{signed.part} 家有有效协议。"]
    days = (board.period_ends - board.day).days
    left = f"，还有 {days} 天" if days > 0 else ""
    if visits.whole:
        said.append(f"{board.period}应上门指导 {visits.whole} 次，已完成 {visits.part} 次{left}。")
    else:
        said.append(f"{board.period}没有应上门指导的事项。")
    if signed.percent is not None and visits.percent is not None:
        gap = round(signed.percent - visits.percent, 1)
        said.append(f"签约率比履约率{'高' if gap >= 0 else '低'} {abs(gap):.1f} 个百分点。")
    return "".join(said)


def _large(board: Board, one: Measure, *, hatched: bool) -> str:
    share = board.total.shares[one.key]
    wider = next(other for other in board.measures if other.key == _WIDER[one.key])
    around = board.total.shares[wider.key]
    number = opens(RATE + wider.key, f"{around.part} / {around.whole} {wider.unit}")
    parts = [
        tag("h3", text(one.title)),
        tag("p", text(share.text), class_="percent"),
        meter(("second" if hatched else "first", share.percent or 0)),
        tag("p", opens(RATE + one.key, f"{share.part} / {share.whole} {one.unit}"), class_="of"),
        tag("p", text(one.about), class_="about"),
        tag("p", f"{text(wider.title)} {tag('b', text(around.text))} {number}", class_="wider"),
    ]
    return tag("article", "".join(parts), class_="large")


def _line(board: Board, one: Measure) -> str:
    share = board.total.shares[one.key]
    parts = [
        tag("span", text(one.title), class_="name", title=one.about),
        meter(("first", share.percent or 0)),
        tag("span", text(share.text), class_="percent"),
        opens(RATE + one.key, f"{share.part} / {share.whole} {one.unit}"),
    ]
    return tag("li", "".join(parts))


def _left_out(board: Board) -> str:
    said = "；".join(board.left_out) or "没有不计入的机构和事项"
    return tag("p", f"{tag('b', '不计入：')}{text(said)}。", class_="note")


def groups(board: Board) -> str:
    measures = {one.key: one for one in board.measures}
    titles = (measures[_FIRST].title, measures[_SECOND].title)
    *rows, total = [BarPair(one.name, one.shares[_FIRST], one.shares[_SECOND]) for one in (*board.groups, board.total)]
    charts = paired_bars(rows, total, titles, wide=True) + paired_bars(rows, total, titles, wide=False)
    head = tag("tr", _head(board.grouped_by) + "".join(_head(one.title, number=True) for one in board.measures))
    body = "".join(_group(board, one) for one in board.groups)
    foot = tag("tr", _cells(board, board.total, group=None))
    table = tag("thead", head) + tag("tbody", body) + tag("tfoot", foot)
    note = tag("p", "实心为签约率，斜纹为履约率。表中每个数都可点开，查看它背后的每一行。", class_="note screen")
    grid = _scrolling(tag("table", table, class_="grid sortable"), f"各{board.grouped_by}的全部指标")
    title = f"各{board.grouped_by}签约与履约"
    return _section("groups", title, "", tag("figure", charts) + note + grid)


def _group(board: Board, one: RateGroup) -> str:
    return tag("tr", _cells(board, one, group=one.name))


def _cells(board: Board, one: RateGroup, group: str | None) -> str:
    cells = [tag("th", text(one.name), scope="row")]
    for measure in board.measures:
        share = one.shares[measure.key]
        number = opens(RATE + measure.key, f"{share.part}/{share.whole}", group=group)
        sort = -1 if share.percent is None else share.percent
        cells.append(tag("td", tag("b", text(share.text)) + number, class_="n", data_sort=sort))
    return "".join(cells)


def calendar(board: Board) -> str:
    total, renewed, last = 0, 0, board.months[-1]
    cells = []
    for order, one in enumerate(board.months):
        total, renewed = total + one.ending, renewed + one.renewed
        cells.append(_month(board, one, named=order == 0 or one.month == 1))
    lead = f"自 {board.day} 起，到 {last.year} 年 {last.month} 月底到期 {total} 份，其中已续签 {renewed} 份"
    lead += f"；此后到期 {board.later} 份。" if board.later else "。"
    lead += "横条深色部分为已续签。" if renewed else ""
    every = tag("p", opens(ENDING, f"查看全部 {total + board.later} 份的到期日"), class_="note screen")
    return _section("calendar", "到期日历", lead, tag("ol", "".join(cells), class_="calendar") + every)


def _month(board: Board, one: Month, *, named: bool) -> str:
    most = max(1, *(other.ending for other in board.months))
    title = f"{one.year}年{one.month}月到期的协议"
    number = opens(ENDING, str(one.ending), prefix=one.prefix, title=title) if one.ending else tag("b", "0")
    parts = [
        tag("span", f"{one.year}年{one.month}月" if named else f"{one.month}月", class_="month"),
        tag("span", f"{number} 份", class_="count"),
        meter(("open", 100 * one.ending / most), ("first", 100 * one.renewed / most)),
        tag("span", f"已续签 {one.renewed}" if one.renewed else "", class_="note"),
    ]
    return tag("li", "".join(parts))


def todo(board: Board) -> str:
    """What waits, as the way to each list."""
    entries = [
        tag(
            "a",
            tag("b", str(len(one.rows))) + tag("span", text(one.title)),
            href=f"#{one.key}",
            class_="zero" if not one.rows else "urgent" if one.urgent else None,
        )
        for one in board.lists
    ]
    return tag("nav", "".join(entries), class_="todo", aria_label="要办的事")


def lists(board: Board) -> str:
    return "".join(_list(one) for one in board.lists)


def _list(one: BoardTable) -> str:
    count = tag("span", f"{len(one.rows)}", class_="badge")
    rows = "".join(_row(one, row) for row in one.rows[:STATIC_ROWS])
    head = tag("tr", "".join(_head(column.heading, number=column.kind == "count") for column in one.columns))
    body = tag("table", tag("thead", head) + tag("tbody", rows), class_="rows")
    more = len(one.rows) - STATIC_ROWS
    rest = tag("p", f"另有 {more} 行。" if more > 0 else "", class_="note rest")
    content = _scrolling(body, one.title) + rest if one.rows else tag("p", text(one.empty), class_="empty")
    return _section(one.key, one.title, one.about, tag("div", content, class_="list", data_table=one.key), count)


def _row(one: BoardTable, row: Row) -> str:
    cells = zip(row, one.columns, strict=True)
    return tag("tr", "".join(tag("td", text(cell), class_=_STYLE[column.kind]) for cell, column in cells))


def figures(board: Board) -> str:
    sources: dict[str, int] = {}
    for one in board.figures:
        for given in one.given:
            if given.source:
                sources.setdefault(given.source, len(sources) + 1)
    head = tag(
        "tr", _head("指标") + _head("目标", number=True) + "".join(_head(one, number=True) for one in board.places)
    )
    body = "".join(_figure(one, sources) for one in board.figures)
    table = tag("table", tag("thead", head) + tag("tbody", body), class_="grid figures")
    said = "　".join(f"[{number}] {source}" for source, number in sources.items())
    excluded = dict.fromkeys(given.excluded for one in board.figures for given in one.given if given.excluded)
    notes = [f"来源：{said}"] if said else []
    notes += [f"“—”为不考核（{'；'.join(excluded)}）"] if excluded else []
    notes.append("“未填”表示还没有人登记，不等于 0；用 yiyu report enter 登记数值和来源")
    body = _scrolling(table, "其他部门提供的指标") + tag("p", text("。".join(notes) + "。"), class_="note")
    return _section("figures", "其他部门提供的指标", "", body)


def _figure(one: BoardFigure, sources: dict[str, int]) -> str:
    cells = "".join(tag("td", "".join(_given(given, sources)), class_="n") for given in one.given)
    return tag("tr", tag("th", text(one.title), scope="row") + tag("td", text(one.target or "—"), class_="n") + cells)


def _given(given: Given, sources: dict[str, int]) -> Iterator[str]:
    if given.text:
        yield tag("b", text(given.text))
        yield tag("sup", f"[{sources[given.source]}]") if given.source else ""
    else:
        yield tag("span", "—" if given.excluded else "未填", class_="missing")
    if given.reached is not None:
        yield tag("small", "达标" if given.reached else "未达标", class_="reached" if given.reached else "short")
    if given.target:
        yield tag("small", text(f"目标 {given.target}"))


def opens(table: str, label: str, *, group: str | None = None, prefix: str | None = None, title: str = "") -> str:
    """A figure that opens its rows: those of a group, or those whose day begins with ``prefix``."""
    return tag(
        "button", text(label), type="button", class_="opens", data_table=table, data_group=group, data_prefix=prefix,
        data_title=title or None,
    )  # fmt: skip


def _head(label: str, *, number: bool = False) -> str:
    return tag("th", text(label), scope="col", class_="n" if number else None)


def _scrolling(content: str, label: str) -> str:
    """A wide table scrolls in its own frame, reachable by keyboard; the page never does."""
    return tag("div", content, class_="scroll", tabindex=0, role="region", aria_label=label)


def _section(key: str, title: str, lead: str, content: str, beside: str = "") -> str:
    head = tag("h2", text(title) + beside)
    return tag("section", head + (tag("p", text(lead), class_="lead") if lead else "") + content, id=key)
