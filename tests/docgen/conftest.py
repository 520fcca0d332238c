import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest

from yiyu.registry.model import Agreement, Institution, Kind, Party, Variant
from yiyu.registry.packs import load_pack


def institution(kind: Kind, name: str, category: str, **facts: object) -> Institution:
    return dataclasses.replace(Institution(kind=kind, name=name, category=category, district="150627"), **facts)


MEDICAL = {
    Variant.JC: institution(
        Kind.MEDICAL,
        "伊金霍洛旗阿勒腾席热镇社区卫生服务中心",
        "社区卫生服务中心",
        code="12150627MB1234567X",
        legal_person="王某某",
        address="内蒙古自治区鄂尔多斯市伊金霍洛旗阿勒腾席热镇文明东街康泰小区南侧12号",
        contact="李某某",
        phone="0477-0000000",
    ),
    Variant.FY: institution(
        Kind.MEDICAL,
        "伊金霍洛旗妇幼保健计划生育服务中心",
        "妇幼保健计划生育服务中心",
        legal_person="额尔德尼·某某",
    ),
    Variant.ZY: institution(Kind.MEDICAL, "伊金霍洛旗蒙医综合医院", "蒙医院"),
    Variant.YL: institution(Kind.MEDICAL, "鄂尔多斯市某某综合医院", "综合医院"),
}
CHILDCARE = institution(
    Kind.CHILDCARE,
    "伊金霍洛旗小太阳婴幼儿照护服务有限责任公司",
    "托育机构",
    branch="阿镇第二分园",
    code="91150627MA0Q12345X",
    filed=True,
    filed_on=dt.date(2023, 5, 11),
    legal_person="张某某",
    address="伊金霍洛旗阿勒腾席热镇可汗路东、通格朗街北商业综合楼3号楼1层101—106室",
    places=90,
    enrolled=0,
)
KINDERGARTEN = institution(Kind.CHILDCARE, "伊金霍洛旗第三幼儿园", "幼儿园", legal_person="赵某某")

SIDES = {
    **{variant: (medical, CHILDCARE) for variant, medical in MEDICAL.items()},
    Variant.SF: (MEDICAL[Variant.JC], CHILDCARE, MEDICAL[Variant.FY]),
    Variant.TB: (MEDICAL[Variant.JC], KINDERGARTEN),
}

Drafting = Callable[..., Agreement]


@pytest.fixture
def draft() -> Drafting:
    """Agreements of any variant with long names and gaps in the facts, their list from a shipped pack."""

    def made(variant: Variant, pack: str = "ordos", **changes: object) -> Agreement:
        agreement = Agreement(
            id=1,
            number=f"150627-2026-{variant}-0001",
            variant=variant,
            pack=pack,
            district="150627",
            starts_on=dt.date(2026, 3, 1),
            ends_on=dt.date(2027, 2, 28),
            months=12,
            mode="visit",
            renewal="negotiate",
            notice_days=30,
            copies=4,
            list_version=1,
            renews="",
            parties=tuple(Party(role, 0, facts) for role, facts in zip("甲乙丙", SIDES[variant], strict=False)),
            items=load_pack(pack).items_for(variant),
        )
        return dataclasses.replace(agreement, **changes)

    return made
