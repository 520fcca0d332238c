"""The sentences above and below the board's sections, each made from the board's figures."""

from collections.abc import Mapping

from yiyu.docgen.board.model import Board, Share


def headline(board: Board, signed: Share, visits: Share) -> str:
    """The two rates in words, with their gap: agreements signed but not carried out show only side by side."""
    sentences = [f"已备案托育机构 {signed.whole} 家，{signed.part} 家有有效协议。"]
    days = (board.period_ends - board.day).days
    left = f"，还有 {days} 天" if days > 0 else ""
    if visits.whole:
        sentences.append(f"{board.period}应上门指导 {visits.whole} 次，已完成 {visits.part} 次{left}。")
    else:
        sentences.append(f"{board.period}没有应上门指导的事项。")
    if signed.percent is not None and visits.percent is not None:
        gap = round(signed.percent - visits.percent, 1)
        sentences.append(f"签约率比履约率{'高' if gap >= 0 else '低'} {abs(gap):.1f} 个百分点。")
    return "".join(sentences)


def calendar_lead(board: Board) -> str:
    ending = sum(month.ending for month in board.months)
    renewed = sum(month.renewed for month in board.months)
    last = board.months[-1]
    lead = f"自 {board.day} 起，到 {last.year} 年 {last.month} 月底到期 {ending} 份，其中已续签 {renewed} 份"
    lead += f"；此后到期 {board.later} 份。" if board.later else "。"
    return lead + ("横条深色部分为已续签。" if renewed else "")


def trend_lead(board: Board) -> str:
    """What the small charts show, and how many of the issued figures are no longer so."""
    points = [point for trend in board.trends for point in trend.points]
    if not any(point.issued for point in points):
        return (
            "还没有印发过季度报告；用 yiyu report bulletin --period 2026Q3 --issue 印发以后，这里对照印发时和现在的数。"
        )
    changed = sum(point.issued is not None and point.issued != point.now for point in points)
    said = f"其中 {changed} 个数与印发时不同" if changed else "都与印发时相同"
    return f"实心点是现在的数，空心圈是印发时的数；{said}。逐条原因见 yiyu report issued --number。"


def source_numbers(board: Board) -> dict[str, int]:
    """Each source of a figure → its number in the notes, in the order in which the table names them."""
    named = (given.source for figure in board.figures for given in figure.given if given.source)
    return {source: number for number, source in enumerate(dict.fromkeys(named), start=1)}


def figures_note(board: Board, sources: Mapping[str, int]) -> str:
    listed = "　".join(f"[{number}] {source}" for source, number in sources.items())
    reasons = dict.fromkeys(given.excluded for figure in board.figures for given in figure.given if given.excluded)
    notes = [f"来源：{listed}"] if listed else []
    notes += [f"“—”为不考核（{'；'.join(reasons)}）"] if reasons else []
    notes.append("“未填”表示还没有人登记，不等于 0；用 yiyu report enter 登记数值和来源")
    return "。".join(notes) + "。"
