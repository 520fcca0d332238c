"""The fields of Word (域) in a part: their codes as Word reads them, and what a code asks for."""

from collections.abc import Iterator

from docx.oxml.xmlchemy import BaseOxmlElement

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CODES = (f"{W}instrText", f"{W}delInstrText")
_FETCHING = frozenset(
    {"DDE", "DDEAUTO", "LINK", "INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "DATABASE", "RD"}
)
"""Fields that take in another file, or start a program (ECMA-376-1, 17.16.5)."""
_MERGING = frozenset(
    (
        *("MERGEFIELD", "FILLIN", "ASK", "NEXT", "NEXTIF", "SKIPIF"),
        *("ADDRESSBLOCK", "GREETINGLINE", "MERGEREC", "MERGESEQ"),
    )
)
"""Fields that Word's own mail merge fills (ECMA-376-1, 17.16.5)."""


def field_codes(root: BaseOxmlElement) -> Iterator[tuple[str, BaseOxmlElement]]:
    """The code of each field of a part, with the element it ends at; a field inside another lends it what it shows.

    A code that was deleted as a tracked change counts: rejecting the change brings it back. So does one without an end.
    """
    codes: list[list[str]] = []
    telling: list[bool] = []
    loose = ""
    last = root
    for at in root.iter(f"{W}fldChar", *_CODES, f"{W}t", f"{W}fldSimple", f"{W}p"):
        kind = at.get(f"{W}fldCharType")
        if at.tag == f"{W}fldSimple":
            yield at.get(f"{W}instr") or "", at
        elif kind == "begin":
            codes.append([])
            telling.append(True)
        elif kind in ("separate", "end") and codes:
            if telling[-1]:
                yield "".join(codes[-1]), at
            telling[-1] = False
            if kind == "end":
                codes.pop()
                telling.pop()
        elif at.tag == f"{W}p" and not codes:
            loose = ""
        elif at.tag in (*_CODES, f"{W}t"):
            last = at
            inner = next((code for code, tells in zip(codes[::-1], telling[::-1], strict=True) if tells), None)
            if inner is not None:
                inner.append(at.text or "")
            elif at.tag in _CODES and not codes:  # no field: Word passes over it, others may not
                loose += at.text or ""
                yield loose, at
    yield from (("".join(code), last) for code, tells in zip(codes, telling, strict=True) if tells)


def fetching_field(code: str) -> str:
    """The word of a field that takes in another file or starts a program, else ""."""
    word = next(iter(code.replace('"', " ").split()), "").upper()
    return word if word in _FETCHING else ""


def merge_field(code: str) -> str:
    """What a field of mail merge would show: the name it asks for, or its own word; "" for any other."""
    word, _, rest = code.replace('"', " ").replace("\t", " ").strip().partition(" ")
    if word.upper() not in _MERGING:
        return ""
    return rest.split("\\")[0].strip() or word.upper()
