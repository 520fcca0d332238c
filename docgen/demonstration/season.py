"""The first season: import, pair, draft, generate, sign, list."""

import datetime as dt
import itertools
from collections.abc import Iterator

from yiyu.docgen.documents.generating import generate
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.agreements.pairing import propose_pairs
from yiyu.registry.agreements.steps import ALL_PARTIES, record_step
from yiyu.registry.institutions.importing import import_roster
from yiyu.registry.institutions.sample import write_sample_rosters
from yiyu.registry.session import OfficeSession


def season(office: OfficeSession) -> Iterator[str]:
    """Rosters, agreements, paper and lists; each step is done when its line is given."""
    yield from _roster(office)
    yield from _agreements(office)
    yield from _paper(office)
    yield from _lists(office)


def _roster(office: OfficeSession) -> Iterator[str]:
    for path in write_sample_rosters(office.workspace.root, office.today):
        result = import_roster(office, path)
        yield f"导入 {path.name}：新增 {result.added} 家" + (
            f"，{len(result.problems)} 行有问题，已另存 {office.workspace.relative(result.problems_file)}"
            if result.problems_file
            else ""
        )


def _agreements(office: OfficeSession) -> Iterator[str]:
    pairs = [pair for pair in propose_pairs(office) if pair.medical is not None]
    yield f"配对：为备案托育机构找到 {len(pairs)} 对同旗区的医疗机构"
    requests = [
        DraftRequest(pair.medical, pair.childcare, pair.variant, start, 12)
        for pair, start in zip(pairs, itertools.cycle(_starts(office.today)), strict=False)
        if pair.medical is not None
    ]
    drafted = draft_agreements(office, requests)
    yield f"起草：{len(drafted.made)} 份协议，编号 {drafted.made[0].number} 等"


def _paper(office: OfficeSession) -> Iterator[str]:
    result = generate(office)
    yield f"生成：{len(result.made)} 份 Word 文书，在 {office.workspace.output} 下按年度、旗区存放"
    standing = list_agreements(office, AgreementFilter())
    signed = [one.agreement for order, one in enumerate(standing) if order % 4 != 3]
    for one in signed:
        on = min(one.starts_on, office.today)
        for kind in ("signed", "sealed"):
            record_step(office, [one.number], kind, on=on, party=ALL_PARTIES)
    filed = [one.number for order, one in enumerate(signed) if order % 12]
    record_step(office, filed, "received", on=office.today)
    half = [one.agreement for order, one in enumerate(standing) if order % 8 == 3]
    record_step(office, [one.number for one in half], "signed", on=office.today, party="甲")
    yield f"签署：登记双方签字盖章 {len(signed)} 份，原件归档 {len(filed)} 份，只有甲方签字 {len(half)} 份"


def _lists(office: OfficeSession) -> Iterator[str]:
    unsigned = list_agreements(office, AgreementFilter(unsigned=True))
    expiring = list_agreements(office, AgreementFilter(expiring=90))
    yield f"清单：未签齐 {len(unsigned)} 份，90 天内到期 {len(expiring)} 份"


def _starts(today: dt.date) -> list[dt.date]:
    """First days of months from eleven months ago on, so that some terms are near their end."""
    return [(today.replace(day=1) - dt.timedelta(days=30 * back)).replace(day=1) for back in (11, 10, 8, 5, 2, 0)]
