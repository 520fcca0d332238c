"""What is handed over, described for the archives that take it: metadata of each 件 and its files, as XML.

Names and order of the elements are those of DA/T 46-2009 (文书类电子文件元数据方案); an element without a value is left out.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

from yiyu.registry.config import Config
from yiyu.registry.rules.archive_codes import TERM_LABEL, serial_text
from yiyu.registry.store.archive_items import ArchiveItem

NAME = "metadata.xml"
_STANDARD = "DA/T 46-2009"
_GENRE = {"agreement": "协议", "records": "记录"}
_FORMATS = {".pdf": "PDF", ".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".tif": "TIFF", ".tiff": "TIFF"}

Element = tuple[str, "str | Sequence[Element]"]
"""A name, and a text or the elements inside."""


@dataclass(frozen=True, slots=True)
class DescribedFile:
    """A file of a 件: where it stands in what is handed over; ``digest`` is its SHA-256, ``signers`` who signed it."""

    place: str
    size: int
    pages: int | None
    digest: str
    kind: str


def metadata_xml(config: Config, items: Sequence[tuple[ArchiveItem, Sequence[DescribedFile]]], *, on: dt.date) -> bytes:
    """Describe ``items``, each with its files; the same input gives the same bytes."""
    root = ET.Element("电子文件元数据", {"标准": _STANDARD, "生成日期": on.isoformat(), "件数": str(len(items))})
    for item, described in items:
        _add(ET.SubElement(root, "文件"), _elements(config, item, described))
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _elements(config: Config, item: ArchiveItem, described: Sequence[DescribedFile]) -> Sequence[Element]:
    return (
        ("聚合层次", "件"),
        ("来源", (("全宗名称", config.fonds_name), ("立档单位名称", config.fonds_name))),
        (
            "档号",
            (
                ("档号值", item.code),
                ("全宗号", item.fonds),
                ("年度", str(item.year)),
                ("保管期限", TERM_LABEL[item.term]),
                ("机构或问题", config.archive_office_name if item.office == config.archive_office else item.office),
                ("类别号", config.archive_category),
                ("室编件号", serial_text(item.code, item.serial)),
            ),
        ),
        (
            "内容描述",
            (
                ("题名", item.title),
                ("文件编号", item.number if item.unit == "agreement" else ""),
                ("责任者", item.responsible),
                ("日期", item.document_date.isoformat()),
                ("文种", _GENRE[item.unit]),
                ("密级", item.secrecy),
            ),
        ),
        ("形式特征", (("件数", "1"), ("页数", str(item.pages or "")), ("语种", "汉语"), ("稿本", "正本"))),
        *(("电子属性", _file(one)) for one in described),
        ("附注", item.remark),
    )


def _file(one: DescribedFile) -> Sequence[Element]:
    return (
        ("格式信息", _FORMATS.get(PurePosixPath(one.place).suffix.lower(), "")),
        ("计算机文件名", one.place),
        ("计算机文件大小", str(one.size)),
        ("文件类别", one.kind),
        ("页数", "" if one.pages is None else str(one.pages)),
        ("校验算法", "SHA-256"),
        ("校验值", one.digest),
    )


def _add(parent: ET.Element, elements: Iterable[Element]) -> None:
    for name, value in elements:
        if isinstance(value, str):
            if value:
                ET.SubElement(parent, name).text = value
        elif any(inner for _, inner in value):
            _add(ET.SubElement(parent, name), value)
