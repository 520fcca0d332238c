"""提供主体: who provides a service, which institutions are of that kind, and what each variant of agreement takes on. Pure.

Source: domain.md#catalogue, domain.md#variants, domain.md#institution-codes.
"""

from dataclasses import dataclass
from typing import Literal

from yiyu.registry.model import Institution, Kind, Variant

ProviderCode = Literal["JC", "FY", "ZY", "MY", "JK", "YL", "ZX", "TY"]


@dataclass(frozen=True, slots=True)
class Provider:
    """A kind of provider; ``categories`` are the 机构类别 of those who may stand as a medical party for it."""

    label: str
    categories: tuple[str, ...] = ()


_GRASSROOTS = (
    "社区卫生服务中心", "社区卫生服务站", "中心卫生院", "乡镇卫生院", "苏木卫生院", "街道卫生院", "卫生院",
)  # fmt: skip
_TRADITIONAL = ("中医院", "蒙医院", "中西医结合医院")
PROVIDERS: dict[str, Provider] = {
    "JC": Provider("基层医疗卫生机构", _GRASSROOTS),
    "FY": Provider("妇幼保健机构", ("妇幼保健院", "妇幼保健计划生育服务中心", "妇幼保健所")),
    "ZY": Provider("中医院", _TRADITIONAL),
    "MY": Provider("蒙医院", _TRADITIONAL),
    "JK": Provider("疾控机构"),
    "YL": Provider("医联体上级医院", ("综合医院", "儿童医院")),
    "ZX": Provider("托育综合服务中心"),
    "TY": Provider("托育机构"),
}

VARIANT_PROVIDERS: dict[Variant, tuple[ProviderCode, ...]] = {
    Variant.JC: ("JC",),
    Variant.FY: ("FY",),
    Variant.ZY: ("ZY", "MY"),
    Variant.YL: ("YL",),
    Variant.SF: ("JC", "FY"),
    Variant.TB: ("JC",),
}
"""Whose duties the medical side of a variant takes on, 甲方's kind first: 三方型 is the union of JC and FY."""


def can_provide(institution: Institution, variant: Variant) -> bool:
    """Whether the institution's 机构类别 may stand as 甲方 of ``variant``."""
    first = PROVIDERS[VARIANT_PROVIDERS[variant][0]]
    return institution.kind is Kind.MEDICAL and institution.category in first.categories


def natural_variant(institution: Institution) -> Variant:
    """The variant a provider's category stands for; 基层型 when it stands for none."""
    return next((variant for variant in Variant if can_provide(institution, variant)), Variant.JC)
