"""统一社会信用代码, and the folding that lets two spellings meet. Pure."""

import re
import unicodedata

from yiyu.registry.rules.cleaning import plain

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100-2015: I, O, S, V, Z never occur."""

_REPAIR = str.maketrans("OIZS", "0125")
_ALIKE = dict(zip(map(ord, "АВЕКМНОРСТУХЅІЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"), "ABEKMHOPCTYXSIJABEZHIKMNOPTYX", strict=True))
"""Cyrillic and Greek capitals that look like Latin ones."""
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?1[5-9]")
_CLASSES = {"1": "1239", "5": "1239", "9": "1239", "Y": "1"}
"""Second place allowed after a first: 机构编制, 民政, 市场监管, 其他. Other registries are not judged."""
_LONG_REGISTRATION, _LONG_ORGANISATION = 15, 9
"""Places of the numbers that came before: 工商注册号, and 组织机构代码 (GB 11714), which the eighteen hold."""
_ORGANISATION = re.compile("[0-9A-Z]{9}|[0-9A-Z]{8,9}[-‐-―][0-9A-Z]")
_LICENCE = re.compile("[0-9A-Z]{22}")
"""医疗机构执业许可证登记号: nine of the 组织机构代码, six of the district, seven of the kind."""
_EXACT_DIGITS = 15
"""Excel keeps this many digits of a number; the rest become zeros."""


class CodeFault(ValueError):
    """Why a 统一社会信用代码 is refused.

    ``code``: ``code-precision-lost``, ``code-length``, ``code-character``, ``code-check-digit``, or for a number of
    another kind ``code-registration`` (旧注册号, 医疗机构登记号), ``code-organisation`` (组织机构代码), and ``code-words``
    for a text without any digit;
    ``suggestion``: the code probably meant, only ever one that passes the check, else "".
    """

    def __init__(self, code: str, message: str, suggestion: str = "") -> None:
        self.code, self.suggestion = code, suggestion
        super().__init__(f"{message}，是否应为 {suggestion}？" if suggestion else message)


def fold(text: str) -> str:
    """Full-width forms to ordinary ones (NFKC), radicals to characters, nothing unseen and no white space at all.

    For comparing and parsing, never printing.
    """
    if text.isascii():
        return text if text.isalnum() else "".join(text.split())
    return "".join(unicodedata.normalize("NFKC", plain(text).text).split())


def check_credit_code(value: str | float) -> str:
    """Fold a 统一社会信用代码 to its 18 characters and check it (GB 32100-2015, outer check of python-stdnum).

    A number, or the text Excel shows for one, has lost its last digits and is never repaired:
    domain.md#workbooks, domain.md#credit-code.
    Raises :class:`CodeFault`.
    """
    if isinstance(value, float | int):
        if abs(value) >= 10**_EXACT_DIGITS:
            raise _precision_lost()
        value = f"{value:.0f}"
    folded = fold(value).upper()
    text = re.sub(r"[-‐-―_·']", "", folded)
    if _SCIENTIFIC.fullmatch(text):
        raise _precision_lost()
    if len(text) == _LONG_REGISTRATION and text.isdigit():
        raise CodeFault(
            "code-registration", "15位的是旧注册号（工商注册号），不是统一社会信用代码，请按新证照补填18位代码"
        )
    if _ORGANISATION.fullmatch(folded):
        right = len(text) == _LONG_ORGANISATION and _inner_check(text[:8]) == text[8]
        also = "" if right else "，而且它的位数或校验位也不对"
        raise CodeFault(
            "code-organisation", f"这是组织机构代码（9位）{also}，不是统一社会信用代码，请按新证照补填18位代码"
        )
    if _LICENCE.fullmatch(text):
        raise CodeFault(
            "code-registration", "22位的是医疗机构执业许可证登记号，不是统一社会信用代码，请按登记证书补填18位代码"
        )
    if not re.search("[0-9A-Z]", text):
        raise CodeFault("code-words", "这一格是文字，不是统一社会信用代码，请补填18位代码")
    if len(text) != 18:
        raise CodeFault("code-length", f"统一社会信用代码应为18位，现为{len(text)}位")
    if strange := [sign for sign in dict.fromkeys(text) if sign not in ALPHABET]:
        raise _strange(text, "".join(strange))
    if not _passes(text):
        if text.isdigit() and text.endswith("000"):
            raise _precision_lost()
        raise CodeFault("code-check-digit", "统一社会信用代码校验位错误，请与登记证书核对")
    return text


def code_notes(code: str) -> tuple[str, ...]:
    """What looks odd in a code that passes: inner check of GB 11714, unknown class. Never a reason to refuse."""
    notes = []
    if _inner_check(code[8:16]) != code[16]:
        notes.append("第17位（组织机构代码校验）与前8位不符")
    if code[1] not in _CLASSES.get(code[0], code[1]):
        notes.append(f"登记类别“{code[:2]}”不常见")
    return tuple(notes)


def _passes(text: str) -> bool:
    from stdnum.cn import uscc  # takes as long to import as the rest of a listing: it loads ssl

    # uscc.validate refuses N and Y in the first two places, which village collectives and others have.
    return (
        len(text) == 18
        and text[2:8].isdigit()
        and all(sign in ALPHABET for sign in text)
        and uscc.calc_check_digit(text[:17]) == text[17]
    )


def _strange(text: str, signs: str) -> CodeFault:
    """Name what no code has: letters of other alphabets that look Latin, and I, O, S, V, Z."""
    repaired = text.translate(_ALIKE)
    repaired = repaired if _passes(repaired) else repaired.translate(_REPAIR)
    suggestion = repaired if _passes(repaired) else ""
    if foreign := "".join(sign for sign in signs if ord(sign) in _ALIKE):
        message = f"统一社会信用代码中有样子像 {foreign.translate(_ALIKE)} 的外文字母 {foreign}，请改用英文输入"
        return CodeFault("code-character", message, suggestion)
    return CodeFault("code-character", f"统一社会信用代码中有不会出现的字符 {signs}", suggestion)


def _inner_check(body: str) -> str:
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(int(sign, 36) * weight for sign, weight in zip(body, weights, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def _precision_lost() -> CodeFault:
    return CodeFault("code-precision-lost", "统一社会信用代码被 Excel 当作数字，末尾几位精度丢失，请重新录入")
