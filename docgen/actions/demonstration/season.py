"""The first season: import, pair, draft, generate, sign, list."""

import datetime as dt
import itertools
from collections.abc import Iterator

from yiyu.docgen.actions.generating import generate
from yiyu.registry.actions.drafting import DraftRequest, draft_agreements
from yiyu.registry.actions.listing import AgreementFilter, list_agreements
from yiyu.registry.actions.pairing import propose_pairs
from yiyu.registry.actions.rosters import import_roster
from yiyu.registry.actions.steps import ALL_PARTIES, record_step
from yiyu.registry.desk import Desk
from yiyu.registry.sheets.sample import write_sample_rosters


def season(desk: Desk) -> Iterator[str]:
    """Rosters, agreements, paper and lists; each step is done when its line is given."""
    yield from _roster(desk)
    yield from _agreements(desk)
    yield from _paper(desk)
    yield from _lists(desk)


def _roster(desk: Desk) -> Iterator[str]:
    for path in write_sample_rosters(desk.workspace.root, desk.today):
        result = import_roster(desk, path)
        yield f"导入 {path.name}：新增 {result.added} 家" + (
            f"，{len(result.problems)} 行有问题，已另存 {desk.workspace.relative(result.problems_file)}"
            if result.problems_file
            else ""
        )


def _agreements(desk: Desk) -> Iterator[str]:
    pairs = [pair for pair in propose_pairs(desk) if pair.medical is not None]
    yield f"配对：为备案托育机构找到 {len(pairs)} 对同旗区的医疗机构"
    requests = [
        DraftRequest(pair.medical, pair.childcare, pair.variant, start, 12)
        for pair, start in zip(pairs, itertools.cycle(_starts(desk.today)), strict=False)
        if pair.medical is not None
    ]
    drafted = draft_agreements(desk, requests)
    yield f"起草：{len(drafted.made)} 份协议，编号 {drafted.made[0].number} 等"


def _paper(desk: Desk) -> Iterator[str]:
    result = generate(desk)
    yield f"生成：{len(result.made)} 份 Word 文书，在 {desk.workspace.output} 下按年度、旗区存放"
    standing = list_agreements(desk, AgreementFilter())
    signed = [one.agreement for order, one in enumerate(standing) if order % 4 != 3]
    for one in signed:
        on = min(one.starts_on, desk.today)
        for kind in ("signed", "sealed"):
            record_step(desk, [one.number], kind, on=on, party=ALL_PARTIES)
    filed = [one.number for order, one in enumerate(signed) if order % 12]
    record_step(desk, filed, "received", on=desk.today)
    half = [one.agreement for order, one in enumerate(standing) if order % 8 == 3]
    record_step(desk, [one.number for one in half], "signed", on=desk.today, party="甲")
    yield f"签署：登记双方签字盖章 {len(signed)} 份，原件归档 {len(filed)} 份，只有甲方签字 {len(half)} 份"


def _lists(desk: Desk) -> Iterator[str]:
    unsigned = list_agreements(desk, AgreementFilter(unsigned=True))
    expiring = list_agreements(desk, AgreementFilter(expiring=90))
    yield f"清单：未签齐 {len(unsigned)} 份，90 天内到期 {len(expiring)} 份"


def _starts(today: dt.date) -> list[dt.date]:
    """First days of months from eleven months ago on, so that some terms are near their end."""
    return [(today.replace(day=1) - dt.timedelta(days=30 * back)).replace(day=1) for back in (11, 10, 8, 5, 2, 0)]
