"""Every shipped form filled with names that are short, as long as they come, or written in Mongolian."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources import files

from shipped_forms import DAY, with_clauses

from yiyu.docgen.context import Context, Planned, context_for
from yiyu.docgen.documents.clause_forms import ClauseForms
from yiyu.docgen.fill.clauses import expanded
from yiyu.docgen.fill.compiled import compile_template
from yiyu.registry.model import ROLE_KIND, Agreement, DocKind, Institution, Party, Variant
from yiyu.registry.packs import load_pack
from yiyu.registry.packs.places import shipped_table
from yiyu.registry.rules.chain import Head, head_line
from yiyu.registry.rules.districts import places_in_use
from yiyu.registry.rules.places import Places

PACKS = {"national": "150627", "ordos": "150627", "ejin_horo": "150627", "shandong": "370102", "zhejiang": "330106"}
"""Each pack with a district it speaks for."""
_MONGOLIAN = "ᠡᠵᠡᠨ ᠬᠣᠷᠣᠭ᠎ᠠ ᠬᠣᠰᠢᠭᠤ"
SHORT, LONG, MONGOLIAN = "short", "48 characters", "Mongolian"
NAMES = {
    SHORT: ("某某卫生院", "某某托育园", "某某妇幼保健院"),
    LONG: tuple(
        f"某某自治区某某市某某旗某某苏木{what}乡村振兴婴幼儿照护服务示范基地联合协作建设第一中心分部"[:48]
        for what in ("社区卫生服务中心", "小太阳托育服务公司", "妇幼保健服务中心")
    ),
    MONGOLIAN: (f"{_MONGOLIAN}蒙医综合医院", f"{_MONGOLIAN}托育园", f"{_MONGOLIAN}妇幼保健院"),
}
_PEOPLE = {SHORT: "王某", LONG: "额尔德尼·阿拉坦其其格某某某", MONGOLIAN: "ᠡᠷᠳᠡᠨᠢ"}
CHAINED = head_line(Head(118_000, "3FA9C1D2E0"), dt.date(2026, 11, 22))
_DUE = Planned("2026年第二季度", dt.date(2026, 4, 1), dt.date(2026, 6, 30), "每季度上门指导1次", dt.date(2026, 6, 30))


@dataclass(frozen=True, slots=True)
class FilledForm:
    form: str
    sample: str
    data: bytes


def filled_forms() -> Iterator[FilledForm]:
    """Forms of an agreement for each variant of each pack, the others for each pack; the names go round."""
    for at, (pack, district) in enumerate(PACKS.items()):
        places_in_use.set(partial(Places, shipped_table, district))
        for turn, variant in enumerate(Variant):
            names = list(NAMES)[(at + turn) % len(NAMES)]
            yield from _of_agreement(agreement(variant, pack, names), names, f"{pack} {variant}")
        for form, context in REPORTS.items():
            names = list(NAMES)[at % len(NAMES)]
            yield FilledForm(form, f"{pack} {names}", filled(form, pack, context(pack, names)))


def _of_agreement(one: Agreement, names: str, sample: str) -> Iterator[FilledForm]:
    pack = load_pack(one.pack)
    for kind in DocKind:
        template = with_clauses(kind, one.variant, one.pack)
        context = context_for(kind, one, pack, _DUE if names == LONG else None)
        yield FilledForm(kind.value, sample, compile_template(template.data, name=template.name).fill(context))
    changes = {
        "编号": f"{one.number}-补1",
        "签订日期": "2026年3月1日",
        "变更": [
            {"序号": at, "事项": what, "原": old, "现": new} for at, (what, old, new) in enumerate(_changes(names), 1)
        ],
        "说明": "增加一次家长讲座，由各方另行约定时间。",
        "换清单": True,
        "生效日期": "2026年12月1日",
    }
    yield FilledForm(
        "supplement", sample, filled("supplement", one.pack, context_for(DocKind.AGREEMENT, one, pack) | changes)
    )


def _changes(names: str) -> Iterator[tuple[str, str, str]]:
    yield "甲方机构名称", NAMES[SHORT][0], NAMES[names][0]
    yield "乙方法定代表人（主要负责人）", _PEOPLE[SHORT], _PEOPLE[names]
    for at in range(1, 5):
        yield f"F0{at} 上门指导：频次", "每半年1次", "每季度2次"


def _authority(pack: str) -> str:
    return load_pack(pack).authority_of(PACKS[pack])


def filled(form: str, pack: str, context: Context) -> bytes:
    name = f"forms/{form}.docx"
    texts = ClauseForms(DAY).texts(load_pack(pack), DAY)
    data = (files("yiyu.templates") / name).read_bytes()
    return compile_template(expanded(data, name, texts).data, name=name).fill(context)


def agreement(variant: Variant, pack: str, names: str) -> Agreement:
    """With long names every item is ticked."""
    roles = {Variant.SF: "甲乙丙"}.get(variant, "甲乙")
    items = load_pack(pack).items_for(variant)
    if names == LONG:
        items = tuple(replace(one, selected=True) for one in items)
    return Agreement(
        id=1,
        number=f"{PACKS[pack]}-2026-{variant}-0001",
        variant=variant,
        pack=pack,
        district=PACKS[pack],
        starts_on=dt.date(2026, 3, 1),
        ends_on=dt.date(2027, 2, 28),
        months=12,
        mode="visit",
        renewal="negotiate",
        notice_days=30,
        copies=4,
        list_version=1,
        renews="",
        parties=tuple(
            Party(role, 0, _party(role, name, names)) for role, name in zip(roles, NAMES[names], strict=False)
        ),
        items=items,
    )


_CATEGORY = {"甲": "社区卫生服务中心", "乙": "托育机构", "丙": "妇幼保健院"}


def _party(role: str, name: str, names: str) -> Institution:
    known = names != SHORT
    return Institution(
        kind=ROLE_KIND[role],
        name=name,
        category=_CATEGORY[role],
        district="150627",
        legal_person=_PEOPLE[names],
        code="12150600MB0000000X" if known else "",
        address="某某自治区某某市某某旗某某苏木健康东街与文明北路交叉口某某小区南侧12号楼1层101—106室" if known else "",
        contact=_PEOPLE[names] if known else "",
        phone="0477-0000000" if known else "",
        filed=known,
        filed_on=dt.date(2023, 5, 11) if known else None,
        places=90 if known else None,
    )


def _certificate(pack: str, names: str) -> Context:
    stays = [
        {
            "日期": "2026-05-11",
            "活动": f"HD-2026-{at:04}",
            "地点": NAMES[names][1],
            "时间": "09:00—11:30",
            "小时": "2.5",
        }
        for at in range(1, 13)
    ]
    person = {
        "姓名": _PEOPLE[names], "单位": NAMES[names][0], "科室": "儿童保健科", "职称": "副主任医师", "次数": 12, "机构数": 1,
        "小时": "30", "记录": stays, "未计入": 2, "未计入原因": "没有签到表2条",
    }  # fmt: skip
    basis = "、".join(load_pack(pack).citations)
    return {
        "年度": 2026,
        "依据": basis,
        "截至": "2026年11月22日",
        "人员": [person | {"小时": hours} for hours in (30, 28, 26)],
    }


_RATES = ["签约率", "全部签约率", "履约率", "双签率", "备案率", "培训率", "归档率", "全部履约率", "整改率"]


def _report(pack: str, names: str) -> Context:
    def row(name: str, figure: str) -> Context:
        counts = {"范围": name, "托育机构": 112, "备案": 108, "签约": 99, "应上门": 432, "已上门": 407}
        return counts | dict.fromkeys(_RATES, figure) | dict.fromkeys(("签约率上期", "履约率上期"), "88.9%")

    places = [row(one, "100% 108/108") for one in ("某某旗", "康巴什区", "某某经济技术开发区", "某某自治旗", "合计")]
    return {
        "地区": "某某自治区某某市", "单位": _authority(pack), "主送": "、".join([_authority(pack)] * 4),
        "时段": "2026年上半年", "更正": "2026年7月6日印发的通报（1号）有更正：数字有误。以本次印发的为准。" if names == LONG else "",
        "链头": CHAINED, "截至": "2026年6月30日", "上期截至": "2025年6月30日", "合计": row("合计", "91.7%（99/108）"), "各行": places,
        "不计入": "无协议的2家",
        "自评": {"应": 108, "已自评": 99, "已整改": 90, "已总结": 88, "逾期": 9},
        "时长": {"人数": 41, "小时": "1230.5", "未计入": 3},
        "填报": [{"名称": "每千人口托位数", "值": "4.2个（统计年报）", "目标": "2026年4.5个"}],
        "名单": {key: [f"{one}，2026年第一季度" for one in NAMES[names] * 4] for key in ("未签约", "未上门", "未整改")},
    }  # fmt: skip


def _dossier(_pack: str, names: str) -> Context:
    first, second, _ = NAMES[names]
    return {
        "年度": 2026, "截至": "2026年11月22日",
        "机构": {"名称": second, "简况": "某某旗；某某苏木；统一社会信用代码 12150600MB0000000X；已备案（2023-05-11）；普惠；托位 90。"},
        "协议": [
            {"编号": "150627-2026-JC-0001", "类型": "基层医疗卫生机构", "对方": first, "起止": "2026-03-01 至 2027-02-28", "状态": "生效中"}
        ] * 2,
        "事项": [
            {"事项": "每季度上门指导1次", "时段": "第一季度", "最迟": "2026-03-31", "次数": "1/1", "状态": "已完成", "说明": "HD-2026-0001"}
        ] * 9,
        "活动": [
            {"日期": "2026-05-11", "编号": "HD-2026-0001", "形式": "上门指导", "人员": "、".join([_PEOPLE[names]] * 3), "材料": "照片（缺 1 张）"}
        ] * 6,
        "问题": [
            {"问题": "晨检记录不全" * 4, "要求": "按规定整改", "期限": "2026-06-30", "状态": "未整改", "活动": "HD-2026-0001"}
        ] * 4,
        "缺口": ["第二季度上门指导还差 1 次", "缺签字扫描件：合作协议书 150627-2026-JC-0001"] * 4,
    }  # fmt: skip


def _inspection(pack: str, _names: str) -> Context:
    checks = [
        {"四性": part, "项目": "固化信息有效性", "内容": "每个文件的校验值与登记的一致", "数量": 812, "结果": "通过", "说明": "件号 0001 的文件不在" * 3}
        for part in ("真实性", "完整性", "可用性", "安全性")
        for _ in range(4)
    ]  # fmt: skip
    return {"单位": _authority(pack), "检测日期": "2026年11月22日", "检测": checks}


def _notice(_pack: str, names: str) -> Context:
    first, second, _ = NAMES[names]
    found = [{"问题": "晨检记录不全，缺体温登记" * 2, "要求": "补齐并保持" * 3, "期限": "2026年6月30日"}] * {
        SHORT: 1,
        LONG: 7,
    }.get(names, 4)
    return {
        "编号": "HD-2026-0001", "机构": second, "单位": first, "检查日期": "2026年5月11日", "形式": "在上门指导",
        "检查人员": "、".join([_PEOPLE[names]] * 3), "复查日期": "2026年7月1日", "问题": found,
    }  # fmt: skip


def _archive(pack: str, names: str) -> Context:
    box = {
        "件数": 30, "起止件号": "0001—0030", "页数": 412, "情况说明": f"缺{NAMES[names][0]}的活动记录表，已注明。" * 3,
        "整理人": _PEOPLE[names], "整理日期": "2026年11月22日", "检查人": "", "检查日期": "　　年　月　日",
    }  # fmt: skip
    cover = {
        "全宗名称": _authority(pack),
        "年度": 2026,
        "保管期限": "定期30年",
        "机构": NAMES[names][0],
        "链头": CHAINED,
    }
    return {
        "目录": [cover | {"年度": year, "盒": [box | {"盒号": f"000{at}"} for at in (1, 2)]} for year in (2026, 2027)]
    }


REPORTS: dict[str, Callable[[str, str], Context]] = {
    "hours_certificate": _certificate,
    "year_report": _report,
    "bulletin": _report,
    "dossier": _dossier,
    "four_properties": _inspection,
    "rectification_notice": _notice,
    "archive_forms": _archive,
}
