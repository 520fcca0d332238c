"""机构类别 of medical institutions in the words of the model (registry/rules/providers.py), where evident."""

import re

from yiyu.registry.rules.codes import fold

_BY_CODE = {
    "A100": "综合医院",
    "A210": "中医院",
    "A300": "中西医结合医院",
    "A411": "蒙医院",
    "A519": "儿童医院",
    "B100": "社区卫生服务中心",
    "B200": "社区卫生服务站",
    "C100": "街道卫生院",
    "C210": "中心卫生院",
    "C220": "乡镇卫生院",
    "D600": "村卫生室",
    "G100": "妇幼保健院",
}
"""卫生机构类别 of the WS 218 family (domain.md#institution-codes)."""

_ENDINGS = (
    ("社区卫生服务中心", r"社区卫生服务中心|社区服务中心"),
    ("社区卫生服务站", r"社区卫生服务站|社区卫生站"),
    ("中心卫生院", r"中心卫生院"),
    ("苏木卫生院", r"苏木(第.)?卫生院"),
    ("街道卫生院", r"街道(办事处)?(第.)?卫生院"),
    ("乡镇卫生院", r"(乡镇|乡|镇)(第.)?卫生院"),
    ("卫生院", r"卫生院"),
    ("妇幼保健计划生育服务中心", r"妇幼保健(和)?计划生育服务中心"),
    ("妇幼保健所", r"妇幼保健(所|站)"),
    ("妇幼保健院", r"妇幼保健(院|服务中心|院\(所、?站\))|妇保院|妇幼保健院\(.*\)"),
    ("中西医结合医院", r"中西医结合(医院|专科医院)"),
    ("蒙医院", r"蒙医(医院|综合医院|专科医院|院)|蒙医院"),
    ("中医院", r"中医(医院|综合医院|\(综合\)医院|院)"),
    ("儿童医院", r"儿童(专科)?医院"),
    ("综合医院", r"综合医院|人民医院|中心医院"),
    ("疾控中心", r"疾控中心|疾病预防控制中心"),
)
_PATTERNS = [(label, re.compile(f".*({ending})")) for label, ending in _ENDINGS]
_WHOLE = {label: re.compile(ending) for label, ending in _ENDINGS}


def normal_category(text: str) -> str:
    """The model's word for a 机构类别 as written or for its code; the text itself where none is evident."""
    key = fold(text)
    code = _BY_CODE.get(key[:4].upper())
    return code or next((label for label, pattern in _WHOLE.items() if pattern.fullmatch(key)), text)


def category_of_name(name: str) -> str:
    """The 机构类别 a medical institution's name ends in, or ""; for rosters without the column."""
    key = fold(name)
    return next((label for label, pattern in _PATTERNS if pattern.fullmatch(key)), "")
