"""Claims about who provides: one table, whose codes packs, duties and forms all use."""

from typing import get_args

import pytest

from yiyu.registry.model import Institution, Kind, Variant
from yiyu.registry.rules.providers import PROVIDERS, VARIANT_PROVIDERS, ProviderCode, can_provide, natural_variant


def test_the_codes_a_pack_may_name_are_those_of_the_table() -> None:
    assert get_args(ProviderCode) == tuple(PROVIDERS)
    assert {code for codes in VARIANT_PROVIDERS.values() for code in codes} <= PROVIDERS.keys()


def test_every_variant_has_a_provider_with_categories() -> None:
    assert VARIANT_PROVIDERS.keys() == set(Variant)
    assert all(PROVIDERS[codes[0]].categories for codes in VARIANT_PROVIDERS.values())


@pytest.mark.parametrize(
    ("category", "may", "natural"),
    [
        ("苏木卫生院", {"JC", "SF", "TB"}, "JC"),
        ("妇幼保健院", {"FY"}, "FY"),
        ("蒙医院", {"ZY"}, "ZY"),
        ("综合医院", {"YL"}, "YL"),
        ("诊所", set(), "JC"),
    ],
)
def test_a_category_stands_as_party_of_its_variants(category: str, may: set[str], natural: str) -> None:
    one = Institution(Kind.MEDICAL, "某机构", category=category)
    assert {str(variant) for variant in Variant if can_provide(one, variant)} == may
    assert natural_variant(one) == natural
