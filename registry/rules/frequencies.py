"""频次 of a service in words and back: 每季度1次 is (1, "quarter"). Pure."""

import re

PER_LABEL = {"quarter": "每季度", "half_year": "每半年", "year": "每年", "month": "每月", "once": ""}
CADENCE_LABEL = {"by_age": "按月龄", "on_demand": "按需", "standing": "常年"}
_PER = {
    **{label: per for per, label in PER_LABEL.items()},
    "每季": "quarter", "季度": "quarter", "半年": "half_year", "每年度": "year", "年": "year", "每个月": "month", "月": "month",
}  # fmt: skip
_DIGIT = {digit: value for value, digit in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
_WRITTEN = re.compile(r"([^0-9一二三四五六七八九十两]*)([0-9]{1,2}|[一二三四五六七八九十两])次")


def frequency(times: int | None, per: str) -> str:
    """频次 in words: 每季度1次, 按月龄, 1次."""
    if per in CADENCE_LABEL:
        return CADENCE_LABEL[per]
    return f"{PER_LABEL[per]}{times or 1}次"


def read_frequency(text: str) -> tuple[int | None, str]:
    """How often and per what, from words as :func:`frequency` writes them or people do: 每季度一次, 每年 2 次, 按需.

    Raises ValueError for any other.
    """
    words = re.sub(r"[\s不少于至≥]", "", text).replace("次/", "次")
    cadence = {label: per for per, label in CADENCE_LABEL.items()}
    if words in cadence:
        return None, cadence[words]
    found = _WRITTEN.fullmatch(words)
    per = _PER.get(found[1]) if found else None
    times = 0 if found is None else _DIGIT[found[2]] if found[2] in _DIGIT else int(found[2])
    if per is None or times < 1:
        raise ValueError(f"看不懂频次“{text}”，请写成 每季度1次、每半年1次、每年2次、每月1次、按月龄、按需、常年")
    return times, per
