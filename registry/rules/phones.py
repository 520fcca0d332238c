"""Telephone numbers as people write them: several in a cell, with labels, extensions and names. Pure."""

import re

_APART = re.compile(r"\s*[、,;/|\n]\s*|\s*或(?:者)?\s*")
_SPACED = re.compile(r"(?<!86)(?<=\d)\s+(?=(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8})(?!\d))")
"""A blank between two whole numbers; those within one part its digits."""
_DASHES = re.compile(r"[‐-―−]+|-{2,}")
_WORDS = re.compile(r"[\u3400-\u9fff]+[:：.]?|[()（）:：]")
"""A label or a person's name beside a number: 手机：, （王某某）."""
_MOBILE = r"(?:\(?(?:\+|00)?86\)?-?)?1[3-9](?:-?\d){9}"
_AREA = r"(?:10|[2-9]\d{1,2})"
_LANDLINE = rf"(?:(?:(?:\+|00)?86-?{_AREA}-?|\(?0{_AREA}\)?-?)[1-9]|[2-9])\d{{2,3}}-?\d{{4}}"
_EXTENSION = r"(?:(?:-|转|#|\*|ext\.?)\d{1,6})?"
_CENTRAL = r"[48]00-?\d{3,4}-?\d{3,4}"
_SHORT = r"1[12]\d(?:\d{2,3})?|9\d{4,5}|1010\d{4}"
_ABROAD = r"\+(?!86)\d{1,3}-?\d{2,4}(?:-?\d{3,4}){1,2}"
_NUMBER = re.compile(rf"{_MOBILE}|{_LANDLINE}{_EXTENSION}|{_CENTRAL}|{_SHORT}|{_ABROAD}", re.IGNORECASE)
_PLAIN = re.compile(r"1[3-9]\d{9}")
_LAST_DIGITS = re.compile(r"\d{1,4}")
"""After 0477-8581234/ it is a number that differs in its end."""
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[Ee]\+?\d+$")
_DAY = re.compile(r"^(?:19[5-9]|20[0-4])\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$")
_FAULTS = (
    (_SCIENTIFIC, "电话被 Excel 当作数字，精度丢失，请重新录入"),
    (re.compile("[A-Za-z]"), "电话中有字母，请核对（0 和 O、1 和 l 容易混）"),
    (_DAY, "像日期，不像电话号码，请核对"),
    (re.compile(r"^\D*$"), "没有电话号码，请补填"),
    (re.compile(r"[^\d+#./-]"), "电话中有不该有的符号，请写全号码"),
)
"""What is wrong with a number, by what it shows, the surest first."""
_DECIMAL = re.compile(r"(\d{3,})\.0+")
_IN_A_TEXT = re.compile(r"(?<![\dA-Za-z-])(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]?\d{7,8})(?!\d)")
"""Mobile numbers, and those with an area code."""


def read_phones(text: str) -> str:
    """The numbers of a cell, 、 between them, each as written. Raises ValueError with what is wrong, without the number.

    Area code, extension, label and the name of whom it reaches stay; what cannot be dialled does not.
    """
    if _PLAIN.fullmatch(text):
        return text
    numbers: list[str] = []
    for piece in _APART.split(_SPACED.sub("、", _DASHES.sub("-", text.strip()))):
        one = _DECIMAL.sub(r"\1", piece.strip())
        if not one:
            continue
        if numbers and "/" in text and _LAST_DIGITS.fullmatch(one):
            numbers[-1] += f"/{one}"
            continue
        if fault := _fault(one):
            raise ValueError(fault)
        numbers.append(one)
    return "、".join(numbers)


def without_telephones(text: str) -> str:
    """A text somebody typed, as it may go from hand to hand."""
    return _IN_A_TEXT.sub("（号码略）", text)


def _fault(text: str) -> str:
    bare = _WORDS.sub("", text.replace("转", "-")).replace(" ", "")
    if _NUMBER.fullmatch(bare) and not _DAY.fullmatch(bare):
        return ""
    for sign, message in _FAULTS:
        if sign.search(bare):
            return message
    return f"电话共{sum(map(str.isdigit, bare))}位数字，不像电话号码，请核对"
