"""What a clerk wants drafted, gathered from options, a workbook, or the proposed pairs."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from yiyu.registry.agreements.drafting import DraftRequest
from yiyu.registry.agreements.pairing import propose_pairs
from yiyu.registry.errors import BadInput, Failure, UserError
from yiyu.registry.institutions.lookup import Directory, directory
from yiyu.registry.model import MODE_LABEL, MODE_WORDS, VARIANT_LABEL, Kind, Variant
from yiyu.registry.rules.dates import read_date
from yiyu.registry.rules.providers import natural_variant
from yiyu.registry.session import OfficeSession
from yiyu.registry.workbooks.tables import TableRow, read_table

HEADINGS = {
    "medical": ("甲方名称", "甲方", "医疗卫生机构", "医疗机构"),
    "medical_code": ("甲方代码", "甲方信用代码"),
    "childcare": ("乙方名称", "乙方", "托育机构"),
    "childcare_code": ("乙方代码", "乙方信用代码"),
    "third": ("丙方名称", "丙方"),
    "variant": ("协议类型", "类型"),
    "starts_on": ("生效日期", "开始日期", "起始日期"),
    "ends_on": ("截止日期", "结束日期", "终止日期"),
    "months": ("期限（月）", "期限(月)", "期限"),
    "mode": ("服务方式", "服务形式"),
}
"""Headings of the workbook that ``agreement pair --xlsx`` writes and ``draft --from`` reads."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The options of ``agreement draft``: exactly one of medical with childcare, workbook, paired."""

    medical: str | None
    childcare: str | None
    workbook: Path | None
    paired: bool
    variants: tuple[Variant, ...]
    district: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    months: int | None
    mode: str | None = None
    third: str | None = None


Requests = tuple[list[DraftRequest], list[Failure]]


def draft_requests(office: OfficeSession, sources: Sources) -> Requests:
    """Requests that can be tried and rows that cannot.

    Raises BadInput when no source, or more than one, is given, and for options that do not go together.
    """
    single = bool(sources.medical or sources.childcare)
    if single + (sources.workbook is not None) + sources.paired != 1:
        raise BadInput(
            "请说明要起草什么", remedy="三种写法取一：--medical 甲方 --childcare 乙方；--from 表格；--paired"
        )
    if len(sources.variants) > 1 and not sources.paired:
        raise BadInput("一份协议只有一个类型", remedy="请只写一个 --variant")
    if sources.ends_on and sources.months:
        raise BadInput("--end 和 --months 说的是同一件事", remedy="请只写一种")
    if sources.third and not single:
        raise BadInput("--third 只用于 --medical、--childcare 起草一份", remedy="表格里的丙方请写在“丙方名称”一列")
    if sources.district and not sources.paired:
        raise BadInput("--district 只与 --paired 同用", remedy="请去掉 --district")
    if sources.workbook is not None:
        return _from_workbook(office, sources, sources.workbook)
    return _from_pairs(office, sources) if sources.paired else ([_from_names(office, sources)], [])


def _from_names(office: OfficeSession, sources: Sources) -> DraftRequest:
    if not (sources.medical and sources.childcare):
        raise BadInput("甲方和乙方都要给出", remedy="请补上 --medical 或 --childcare")
    known = directory(office)
    medical = known.find(sources.medical, Kind.MEDICAL)
    third = known.find(sources.third, Kind.MEDICAL) if sources.third else None
    natural = Variant.SF if third else natural_variant(medical)
    return DraftRequest(
        medical=medical,
        childcare=known.find(sources.childcare, Kind.CHILDCARE),
        variant=sources.variants[0] if sources.variants else natural,
        third=third,
        starts_on=sources.starts_on or office.today,
        months=sources.months or office.workspace.config.months,
        ends_on=sources.ends_on,
        mode=sources.mode or "",
    )


def _from_pairs(office: OfficeSession, sources: Sources) -> Requests:
    requests, failed = [], []
    for pair in propose_pairs(office, sources.variants, sources.district):
        if pair.medical is None:
            reason = f"当地没有可签{VARIANT_LABEL[pair.variant]}协议的机构；请用 agreement draft 指定甲方。"
            failed.append(Failure(pair.childcare.name, "no-provider", reason))
            continue
        requests.append(
            DraftRequest(
                medical=pair.medical,
                childcare=pair.childcare,
                variant=pair.variant,
                starts_on=sources.starts_on or office.today,
                months=sources.months or office.workspace.config.months,
                ends_on=sources.ends_on,
                mode=sources.mode or "",
            )
        )
    return requests, failed


def _from_workbook(office: OfficeSession, sources: Sources, path: Path) -> Requests:
    known = directory(office)
    requests, failed = [], []
    for row in read_table(path, HEADINGS):
        try:
            requests.append(_from_row(office, sources, known, row))
        except UserError as error:
            failed.append(Failure.of(f"{row.sheet} 第 {row.row} 行", error))
    if not requests and not failed:
        raise BadInput("表格里没有要起草的行", where=path.name, remedy="第一行应有“甲方名称、乙方名称、协议类型”等列名")
    return requests, failed


def _from_row(office: OfficeSession, sources: Sources, known: Directory, row: TableRow) -> DraftRequest:
    values = row.values
    if not (values.get("medical") or values.get("medical_code")):
        raise BadInput("没有填甲方", where=f"{row.sheet} 第 {row.row} 行", remedy="请填写甲方名称，或删去这一行")
    medical = known.find(values.get("medical_code") or values["medical"], Kind.MEDICAL)
    childcare = known.find(values.get("childcare_code") or values.get("childcare", ""), Kind.CHILDCARE)
    return DraftRequest(
        medical=medical,
        childcare=childcare,
        variant=_variant(values.get("variant", ""), row) or next(iter(sources.variants), natural_variant(medical)),
        starts_on=_date("starts_on", row) or sources.starts_on or office.today,
        months=_months(values.get("months", ""), row) or sources.months or office.workspace.config.months,
        ends_on=_date("ends_on", row) or sources.ends_on,
        mode=_mode(row) or sources.mode or "",
        third=known.find(values["third"], Kind.MEDICAL) if values.get("third") else None,
    )


def _variant(text: str, row: TableRow) -> Variant | None:
    """By code or by label; None for a blank."""
    labels = {label: variant for variant, label in VARIANT_LABEL.items()} | {str(v): v for v in Variant}
    if not text:
        return None
    if text.upper() not in labels:
        raise BadInput(f"协议类型“{text}”不认识", where=_place(row, "variant"), remedy=f"可填 {'、'.join(Variant)}")
    return labels[text.upper()]


def _mode(row: TableRow) -> str:
    """By its name, however it is spelt in ledgers; "" for a blank."""
    text = row.values.get("mode", "")
    modes = {word: mode for mode, words in MODE_WORDS.items() for word in words}
    if text and text not in modes:
        raise BadInput(
            f"服务方式“{text}”不认识", where=_place(row, "mode"), remedy=f"可填 {'、'.join(MODE_LABEL.values())}"
        )
    return modes.get(text, "")


def _date(field: str, row: TableRow) -> dt.date | None:
    try:
        return read_date(row.values.get(field, ""))
    except ValueError as error:
        raise BadInput(str(error), where=_place(row, field), remedy="请写成 2026-03-01") from error


def _months(text: str, row: TableRow) -> int | None:
    digits = text.removesuffix("个月").strip()
    if not digits:
        return None
    if not digits.isdecimal():
        raise BadInput(f"期限“{text}”不是月数", where=_place(row, "months"), remedy="请填 12 这样的数字")
    return int(digits)


def _place(row: TableRow, field: str) -> str:
    return f"{row.sheet} {row.columns.get(field, '')}{row.row}"
