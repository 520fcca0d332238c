"""Refuse what no template may be, before any parser of Word files sees it: the rules of the house, and those of Word."""

import io
import re
import zipfile

from docx.oxml import parse_xml

from yiyu.docgen.fill.fields import W, fetching_field, field_codes
from yiyu.registry.errors import FileFault, TemplateFault
from yiyu.registry.package_check import DOCX, package_check

_MERGED = re.compile(rb"<w:(?:connectString|query|dataSource)\b")
"""What Word asks or runs when it opens the main document of a mail merge (ECMA-376-1, 17.14)."""
_STRICT = b"http://purl.oclc.org/ooxml/"


def template_precheck(data: bytes, name: str) -> None:
    """Refuse what is no plain .docx: no zip, a bomb, macros, DTDs, what is fetched from elsewhere. Raises TemplateFault."""
    where = f"模板 {name}"
    try:
        package_check(data, DOCX)
    except FileFault as fault:
        raise TemplateFault(fault.what, where=where, remedy=fault.remedy) from fault
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [package.read(one) for one in package.namelist() if one.casefold().endswith((".xml", ".rels"))]
    if any(_STRICT in part for part in parts):
        remedy = "请在 Word 中另存为“Word 文档（*.docx）”，不要选“严格 Open XML 文档”"
        raise TemplateFault("这是“严格 Open XML”格式的文档", where=where, remedy=remedy)
    if any(map(_MERGED.search, parts)):
        remedy = "请在 Word 的“邮件 → 开始邮件合并”中选“普通 Word 文档”，保存后再试"
        raise TemplateFault("文档连着邮件合并的数据源", where=where, remedy=remedy)
    if fetching := next(filter(None, map(_fetching, parts)), ""):
        remedy = "请在 Word/WPS 中删除它（域可按 Ctrl+Shift+F9 变成文字）后再试"
        raise TemplateFault(f"文档会取用别的文件或程序（{fetching}）", where=where, remedy=remedy)


def _fetching(part: bytes) -> str:
    """The field of a part that reaches outside, or its foreign chunk; "" where there is none."""
    try:
        root = parse_xml(part)
    except SyntaxError:  # what lxml raises; whoever opens the part next says so
        return ""
    except (LookupError, ValueError):
        return "另一种编码的 XML"
    if root.find(f".//{W}altChunk") is not None:
        return "altChunk"
    return next(filter(None, (fetching_field(code) for code, _ in field_codes(root))), "")
