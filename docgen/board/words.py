"""The sentences of the board: what its figures say, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from yiyu.docgen.board.model import Board

LARGE = ("signed", "visits")
"""签约率 beside 履约率: a rate of signatures says nothing without the rate of visits done."""
WIDER = {"signed": "signed_all", "visits": "duties"}
"""The same question of a wider denominator."""


@dataclass(frozen=True, slots=True)
class Words:
    lead: str
    left_out: str
    calendar: str
    every: int
    """How many agreements end at all."""
    figures: str


def words_of(board: Board, sources: Mapping[str, int]) -> Words:
    """Every sentence of the page; ``sources`` numbers where figures of others come from."""
    every = sum(month.ending for month in board.months) + board.later
    left_out = "；".join(board.left_out) or "没有不计入的机构和事项"
    return Words(_lead(board), left_out, _calendar(board), every, _figures(board, sources))


def sources_of(board: Board) -> dict[str, int]:
    """Where figures of others come from, numbered from 1 in the order of their first use."""
    named = dict.fromkeys(given.source for figure in board.figures for given in figure.given if given.source)
    return {source: number for number, source in enumerate(named, start=1)}


def _lead(board: Board) -> str:
    """The finding: 只签不约 is seen only where the two rates stand side by side."""
    signed, visits = (board.total.shares[key] for key in LARGE)
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


def _calendar(board: Board) -> str:
    last = board.months[-1]
    total, renewed = (sum(counts) for counts in zip(*((m.ending, m.renewed) for m in board.months), strict=True))
    lead = f"自 {board.day} 起，到 {last.year} 年 {last.month} 月底到期 {total} 份，其中已续签 {renewed} 份"
    lead += f"；此后到期 {board.later} 份。" if board.later else "。"
    return lead + ("横条深色部分为已续签。" if renewed else "")


def _figures(board: Board, sources: Mapping[str, int]) -> str:
    said = "　".join(f"[{number}] {source}" for source, number in sources.items())
    excluded = dict.fromkeys(given.excluded for one in board.figures for given in one.given if given.excluded)
    notes = [f"来源：{said}"] if said else []
    notes += [f"“—”为不考核（{'；'.join(excluded)}）"] if excluded else []
    notes.append("“未填”表示还没有人登记，不等于 0；用 yiyu report enter 登记数值和来源")
    return "。".join(notes)
