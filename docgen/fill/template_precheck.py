"""Refuse what no template may be, before any parser of Word files sees it: the rules of the house, and those of Word."""

import io
import zipfile
from xml.parsers.expat import ExpatError, ParserCreate

from yiyu.registry.errors import FileFault, TemplateFault
from yiyu.registry.package_check import DOCX, package_check

_FETCHING = frozenset(
    {"DDE", "DDEAUTO", "LINK", "INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "DATABASE", "RD"}
)
"""Fields that take in another file, or start a program (ECMA-376-1, 17.16.5)."""


def template_precheck(data: bytes, name: str) -> None:
    """Refuse what is no plain .docx: no zip, a bomb, macros, DTDs, what is fetched from elsewhere. Raises TemplateFault."""
    where = f"模板 {name}"
    try:
        package_check(data, DOCX)
    except FileFault as fault:
        raise TemplateFault(fault.what, where=where, remedy=fault.remedy) from fault
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [one for one in package.namelist() if one.startswith("word/") and one.endswith(".xml")]
        fetching = next(filter(None, (_fetching(package.read(one)) for one in parts)), "")
    if fetching:
        remedy = "请在 Word/WPS 中删除它（域可按 Ctrl+Shift+F9 变成文字）后再试"
        raise TemplateFault(f"文档会取用别的文件或程序（{fetching}）", where=where, remedy=remedy)


def _fetching(part: bytes) -> str:
    """The field of a part that reaches outside, or its foreign chunk; "" where there is none."""
    found: list[str] = []
    codes: list[str] = []
    telling = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal telling
        own = {_local(key): value for key, value in attributes.items()}
        tag, kind = _local(tag), own.get("fldCharType")
        telling = tag == "instrText"
        if tag == "altChunk":
            found.append(tag)
        elif tag == "fldSimple":
            judge(own.get("instr", ""))
        elif kind == "begin":
            codes.append("")
        elif kind in ("separate", "end") and codes:
            judge(codes.pop() if kind == "end" else codes[-1])

    def text(characters: str) -> None:
        if telling and codes:
            codes[-1] += characters

    def end(_tag: str) -> None:
        nonlocal telling
        telling = False

    def judge(code: str) -> None:
        word = code.split(maxsplit=1)[0].upper() if code.strip() else ""
        if word in _FETCHING:
            found.append(word)

    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    try:
        parser.Parse(part, True)
    except ExpatError:
        return ""  # whoever parses it next says so
    except (LookupError, ValueError):
        return "另一种编码的 XML"
    return next(iter(found), "")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
