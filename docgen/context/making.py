"""The data behind a document: Chinese keys, and leaves that are str, bool, int, or lists and dicts of them. Pure.

Nothing is ever None; an unknown text or number is "", which a template prints through the 填空 filter.
"""

import datetime as dt
from bisect import bisect_left
from dataclasses import dataclass
from typing import Any, Protocol

from yiyu.docgen.context.ticked import ticked
from yiyu.docgen.page_code import mark
from yiyu.docgen.wording import chinese_date, copies, tick
from yiyu.registry.errors import BadInput
from yiyu.registry.model import (
    CHILDCARE_ROLE,
    DOC_KIND_LABEL,
    MODE_LABEL,
    RESIDENT_ITEM,
    RESIDENT_MODES,
    ROLE_KIND,
    VARIANT_LABEL,
    Agreement,
    DocKind,
    Institution,
    Item,
    Kind,
    Party,
)
from yiyu.registry.rules.activities import FORMS
from yiyu.registry.rules.frequencies import PER_LABEL, frequency
from yiyu.registry.rules.providers import PROVIDERS

Context = dict[str, Any]

VISIT_ITEMS = ("F01", "F02")
TRAINING_ITEMS = ("E01",)
BY_LIST = "见清单"

TERM_LABEL = {12: "一年", 24: "两年", 36: "三年", 48: "四年", 60: "五年"}


class PackFacts(Protocol):
    """What a context takes from :class:`yiyu.registry.packs.Pack`, which reads files and so is not PURE."""

    @property
    def title(self) -> str: ...
    @property
    def citations(self) -> tuple[str, ...]: ...
    def region_name(self, code: str) -> str: ...
    def authority_of(self, code: str) -> str: ...
    def provider_label(self, code: str) -> str: ...
    def worded(self, text: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Planned:
    """What a record sheet is made for, before anything was done: a period, and perhaps a duty within it.

    ``items`` and ``forms`` are those that would fulfil it; a form is ticked where no other would do.
    """

    period: str
    first: dt.date
    last: dt.date
    title: str = ""
    due_by: dt.date | None = None
    items: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


def context_for(kind: DocKind, agreement: Agreement, pack: PackFacts, planned: Planned | None = None) -> Context:
    """Make the context of one document. Raises BadInput when the copies cannot reach every party.

    ``planned`` prefills a record sheet; without it the sheet is blank, of the year in which the agreement begins.
    """
    sides = {party.role: _party(party.role, party.facts, pack) for party in agreement.parties}
    authority = pack.authority_of(agreement.district)
    medicine = {word: pack.worded(word) for word in ("中医", "中医药")}
    context: Context = {
        "协议": _agreement(agreement, authority),
        **{f"{role}方": sides.get(role) or _party(role, _ABSENT, pack) for role in ROLE_KIND},
        "各方": list(sides.values()),
        "服务项目": [_item(item, agreement.parties, pack) for item in agreement.items],
        "勾选": ticked(
            agreement.items,
            lambda item: _provider(item.provider.split("、"), agreement.parties, pack),
            lambda item: frequency(item.times, item.per) if PER_LABEL.get(item.per) else "",
        ),
        "依据": list(pack.citations),
        "口径": {
            "名称": pack.title,
            "地区": pack.region_name(agreement.district),
            "主管部门": authority,
            "依据": bases_in_words(pack.citations),
            **medicine,
        },
        "文书": {"标记": "", "编码": ""},
    }
    if kind is DocKind.ACTIVITY_RECORD:
        context["记录"] = _record(agreement, planned)
    return context


def coded(context: Context, kind: DocKind, version: int) -> Context:
    """Say in a context which version of which document it is for."""
    one = mark(0, 0, number=context["协议"]["编号"], kind=kind, title=DOC_KIND_LABEL[kind], version=version)
    return context | {"文书": {"标记": one.line, "编码": one.code}}


def _record(agreement: Agreement, planned: Planned | None) -> Context:
    first, last = (planned.first, planned.last) if planned else (agreement.starts_on, dt.date.max)
    quarter = (first.month + 2) // 3
    forms = planned.forms if planned and len(planned.forms) == 1 else ()
    return {
        "编号": "",
        "年度": first.year,
        "季度": str(quarter) if quarter == (last.month + 2) // 3 and first.year == last.year else "",
        "时段": planned.period if planned else "",
        "事项": planned.title if planned else "",
        "最迟日期": chinese_date(planned.due_by or "") if planned else "",
        "形式": [{"名称": form, "勾选": tick(form in forms)} for form in FORMS],
        "项目": list(planned.items) if planned else [],
        "余地": _room(agreement, planned),
    }


def _room(agreement: Agreement, planned: Planned | None) -> int:
    """Rows that the sheet has room for beyond two for people; fewer than none: what is written by hand has to be lower.

    In millimetres of our own template, for names of one or two lines and six lines of items.
    """
    first, second, *third = (len(_full_name(party.facts)) for party in agreement.parties)
    left = 17.4 - _LOWER[bisect_left(_NAMES, max(first, second))]
    if third:
        left -= _ROW if third[0] <= _NAMES[1] else _ROW + 2.2
    if planned and planned.title:
        left -= _ROW
    ticked_items = sum(len(item.name) + 4 for item in agreement.items if item.selected)
    return int((left - max(0, ticked_items // 42 - 5) * 4.2) // _ROW)


_ROW = 7.5
_NAMES, _LOWER = (30, 43, 51), (0, 2.9, 2.9, 7.1)


def missing_fields(context: Context, needs: tuple[str, ...]) -> tuple[str, ...]:
    """List the paths of ``needs`` (a pack's ``documents.*.needs``) whose value is "" or an empty list."""
    empty = []
    for path in needs:
        value: Any = context
        for key in path.split("."):
            value = value[key]
        if value in ("", []):
            empty.append(path)
    return tuple(empty)


def split_copies(number: int, roles: tuple[str, ...], authority: str) -> str:
    """Say who holds how many of ``number`` originals; the shares sum to it.

    One for each party, for the authority and on file, with the first party; the rest to the parties in turn.
    Raises BadInput for fewer originals than parties.

    Source: domain.md#written-forms, domain.md#trap-copies.
    """
    if number < len(roles):
        raise BadInput(
            f"协议份数为{number}份，少于签约的{len(roles)}方", where="协议份数", remedy="请把份数改为每方至少一份"
        )
    shares = {f"{role}方": 1 for role in roles}
    rest = number - len(roles)
    for turn in range(rest - 2):
        shares[f"{roles[turn % len(roles)]}方"] += 1
    filed = rest > 1
    shares[f"{roles[0]}方"] += filed
    said = [f"{holder}{copies(share)}份" for holder, share in shares.items()]
    if filed:
        said[0] += "（其中壹份存档）"
    return "、".join([*said, *([f"{authority}壹份"] if rest else [])])


def bases_in_words(citations: tuple[str, ...]) -> str:
    """What follows 根据: 《甲》的规定, 《甲》和《乙》的规定, 《甲》、《乙》和《丙》等规定."""
    first, last = citations[:-1], citations[-1]
    joined = "和".join(["、".join(first), last] if first else [last])
    return f"{joined}{'等' if len(citations) > 2 else '的'}规定"


def _agreement(agreement: Agreement, authority: str) -> Context:
    roles = tuple(party.role for party in agreement.parties)
    return {
        "编号": agreement.number,
        "类型": VARIANT_LABEL[agreement.variant],
        "类型代码": agreement.variant.value,
        "生效日期": chinese_date(agreement.starts_on),
        "截止日期": chinese_date(agreement.ends_on),
        "期限月数": agreement.months,
        "期限": TERM_LABEL.get(agreement.months, f"{agreement.months}个月"),
        "年度": agreement.starts_on.year,
        "清单版本": agreement.list_version,
        "项目数": len(agreement.items),
        "勾选数": sum(item.selected for item in agreement.items),
        "份数": agreement.copies,
        "份数大写": copies(agreement.copies),
        "份数说明": split_copies(agreement.copies, roles, authority),
        **_mode(agreement),
        "续签方式": agreement.renewal,
        "提前天数": agreement.notice_days,
        "原协议编号": agreement.renews,
        "收费": False,
        "各方称谓": {2: "双方", 3: "三方"}.get(len(roles), "各方"),
        "医方称谓": "、".join(f"{role}方" for role in roles if role != CHILDCARE_ROLE),
        "上门频次": _cadence(agreement.items, VISIT_ITEMS),
        "培训频次": _cadence(agreement.items, TRAINING_ITEMS),
    }


def _mode(agreement: Agreement) -> Context:
    """服务方式 as agreed; 协议派驻 also where the list has come to tick it, so that text and list cannot differ."""
    ticked = any(one.code == RESIDENT_ITEM and one.selected for one in agreement.items)
    resident, visit = ticked or agreement.mode in RESIDENT_MODES, agreement.mode != "resident"
    mode = "both" if resident and visit else agreement.mode
    return {"服务方式": MODE_LABEL[mode], "巡回指导": visit, "协议派驻": resident}


def _cadence(items: tuple[Item, ...], codes: tuple[str, ...]) -> str:
    """Read the cadence a clause names from the ticked row, so that text and list cannot differ."""
    row = next((item for item in items if item.code in codes and item.selected), None)
    return frequency(row.times, row.per) if row and row.per in PER_LABEL else BY_LIST


def _party(role: str, facts: Institution, pack: PackFacts) -> Context:
    return {
        "称谓": f"{role}方",
        "全称": _full_name(facts),
        **{label: getattr(facts, field) for label, field in _TEXTS.items()},
        **{label: _number(getattr(facts, field)) for label, field in _NUMBERS.items()},
        "旗区": pack.region_name(facts.district) if facts.district else "",
        "备案": facts.filed,
        "备案日期": chinese_date(facts.filed_on or ""),
        "普惠": {True: "是", False: "否", None: ""}[facts.inclusive],
    }


def _full_name(facts: Institution) -> str:
    return f"{facts.name}（{facts.branch}）" if facts.branch else facts.name


_ABSENT = Institution(kind=Kind.MEDICAL, name="")
"""Stands for 丙 of a two-sided agreement, so that one template serves both: every field blank."""

_TEXTS = {
    "名称": "name",
    "分支": "branch",
    "机构类别": "category",
    "机构性质": "nature",
    "信用代码": "code",
    "法定代表人": "legal_person",
    "联系人": "contact",
    "电话": "phone",
    "地址": "address",
    "乡镇": "town",
    "等级": "grade",
    "备案编号": "filing_no",
}
_NUMBERS = {"托位数": "places", "在托数": "enrolled", "从业人员数": "staff", "保健员数": "health_workers"}


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _item(item: Item, parties: tuple[Party, ...], pack: PackFacts) -> Context:
    return {
        "序号": item.seq,
        "代码": item.code,
        "类别": item.group,
        "项目": item.name,
        "内容": item.content,
        "对象": item.target,
        "提供主体": _provider(item.provider.split("、"), parties, pack),
        "方式": item.mode,
        "频次": frequency(item.times, item.per),
        "责任科室": item.department,
        "收费": item.fee,
        "勾选": tick(item.selected),
        "必选": item.mandatory,
        "备注": item.remark,
    }


def _provider(codes: list[str], parties: tuple[Party, ...], pack: PackFacts) -> str:
    """Name the side that provides: of two medical sides the one of the right 机构类别; else the kind of institution."""
    medical = [party for party in parties if party.role != CHILDCARE_ROLE]
    wanted = {category for code in codes for category in PROVIDERS[code].categories}
    sides = [party for party in medical if party.facts.category in wanted]
    if not sides and len(medical) == 1 and wanted:
        sides = medical
    return "、".join(f"{party.role}方" for party in sides) or "、".join(map(pack.provider_label, codes))
