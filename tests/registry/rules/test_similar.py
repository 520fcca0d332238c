import pytest

from yiyu.registry.model import Institution, Kind
from yiyu.registry.rules.similar import alike, core


def _childcare(key: int, name: str, code: str = "", **more: str) -> Institution:
    return Institution(Kind.CHILDCARE, name, code, district=more.pop("district", "150602"), id=key, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("鄂尔多斯市东胜区小树苗托育有限公司", "小树苗托育有限责任公司"),
        ("东胜区小树苗托育服务中心", "东胜区小树苗托育服务中心（新址）"),
        ("东胜区小树苗（铁西）婴幼儿照护托育服务中心", "东胜区小树苗(铁西)婴幼儿照护托育服务站"),
    ],
)
def test_the_same_name_in_another_dress_is_named(first: str, second: str) -> None:
    assert len(alike([_childcare(1, first), _childcare(2, second)])) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("东胜区第一幼儿园托班", "东胜区第二幼儿园托班"),
        ("东胜区小树苗托育服务中心一分园", "东胜区小树苗托育服务中心二分园"),
        ("东胜区小树苗托育中心", "东胜区大树苗托育中心"),
        ("东胜区小树苗婴幼儿照护托育服务中心", "东胜区大树苗婴幼儿照护托育服务中心"),
        ("东胜区甲托育中心", "东胜区乙托育中心"),
    ],
)
def test_sister_institutions_are_not(first: str, second: str) -> None:
    assert alike([_childcare(1, first), _childcare(2, second)]) == []


def test_other_districts_kinds_and_branches_of_one_code_are_left_alone() -> None:
    name, code = "小树苗托育服务中心", "521506027795605297"
    assert alike([_childcare(1, name), _childcare(2, name, district="150621")]) == []
    assert alike([_childcare(1, name), Institution(Kind.MEDICAL, name, district="150602", id=2)]) == []
    assert alike([_childcare(1, name, code, branch="东园"), _childcare(2, name, code, branch="西园")]) == []


def test_one_code_twice_is_named_whatever_the_names_say() -> None:
    code = "521506027795605297"
    (pair,) = alike([_childcare(1, "小树苗托育", code), _childcare(2, "完全不同的名字", code, district="150621")])
    assert (pair.score, pair.reason) == (100, "信用代码相同")


def test_a_name_that_is_all_region_and_form_keeps_itself() -> None:
    assert core("东胜区有限公司") == "东胜区有限公司"
