"""Word files of one template as one file, so that what turns them into pages starts and lays out once for all.

Each keeps its own headers and footers and begins on a page numbered 1. Joined are only files that differ in nothing but
their text: what counts over a whole file (numbered paragraphs, notes, 共几页) would count over all of them.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from yiyu.docgen.fill.package import ZLIB, assemble, lay_out, read_members

BEGINS = "yiyu{:06}"
"""The bookmark at the beginning of each file, counted from 0."""
_MAIN, _RELATIONS, _TYPES = "word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"
_STORY = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml")
_MEDIA = re.compile(r"word/media/.*")
_COUNTED = re.compile(
    rb"w:numPr\b|w:(?:footnote|endnote|comment)Reference\b|\b(?:NUMPAGES|SECTIONPAGES|PAGEREF|STYLEREF|SEQ|TOC)\b"
)
_STYLE = re.compile(rb'<w:pStyle w:val="([^"]*)"')
_LINKED = re.compile(rb'\br:(?:embed|link|id|pict)="')
_REFERENCE = re.compile(rb"<w:(?:header|footer)Reference\b[^>]*>")
_BEFORE_NUMBERS = frozenset(
    qn(f"w:{name}")
    for name in (
        *("headerReference", "footerReference", "footnotePr", "endnotePr", "type"),
        *("pgSz", "pgMar", "paperSrc", "pgBorders", "lnNumType"),
    )
)
"""What the schema puts before the page numbers of a section (ECMA-376-1, 17.6.17)."""
_RELATION_TYPES = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)


def join_key(data: bytes) -> str:
    """Files of one key can be joined; "" for one that cannot. ``data`` is a guarded .docx."""
    members = read_members(data)
    stories = {name: part for name, part in members.items() if _STORY.fullmatch(name)}
    styles = _numbering(members.get("word/styles.xml", b""))
    numbered = any(_COUNTED.search(part) or not styles.isdisjoint(_STYLE.findall(part)) for part in stories.values())
    if numbered or _MAIN not in members or _RELATIONS not in members or _sections(members[_MAIN]) != 1:
        return ""
    pictured = any(_LINKED.search(_REFERENCE.sub(b"", part)) for part in stories.values())
    digest = hashlib.sha256()
    for name in sorted(members):
        shared = name not in stories and (pictured or not _MEDIA.fullmatch(name)) and name != "docProps/core.xml"
        digest.update(name.encode() + b"\0" + (members[name] if shared else b"") + b"\0")
    return digest.hexdigest()


def joined(files: Sequence[bytes]) -> bytes:
    """One .docx of ``files``, which have one :func:`join_key`, in their order."""
    packages = [read_members(data) for data in files]
    members = dict(packages[0])
    relations, types = parse_xml(members[_RELATIONS]), parse_xml(members[_TYPES])
    stories = {one.get("Id"): one.get("Target") for one in relations if one.get("Type") in _RELATION_TYPES}
    whole = parse_xml(members[_MAIN])
    body = whole.find(qn("w:body"))
    body[:] = []
    for at, package in enumerate(packages):
        for key, target in stories.items():
            members |= _story(package, target, at)
            _declare(relations, types, key, target, at)
        body.extend(_content(package[_MAIN], at, last=at == len(packages) - 1))
    for name, root in ((_MAIN, whole), (_RELATIONS, relations), (_TYPES, types)):
        members[name] = serialize_part_xml(root)
    return assemble(lay_out(members), (), ZLIB)


def _numbering(styles: bytes) -> set[bytes]:
    """Styles that number their paragraphs, or are based on one that does."""
    if b"w:numPr" not in styles:
        return set()
    based, found = {}, set()
    for style in parse_xml(styles).iter(qn("w:style")):
        parent, name = style.find(qn("w:basedOn")), style.get(qn("w:styleId"))
        based[name] = None if parent is None else parent.get(qn("w:val"))
        if style.find(f".//{qn('w:numPr')}") is not None:
            found.add(name)
    while more := {name for name, parent in based.items() if parent in found} - found:
        found |= more
    return {name.encode() for name in found}


def _sections(main: bytes) -> int:
    return len(re.findall(rb"<w:sectPr\b", main))


def _own(target: str, at: int) -> str:
    return f"{target.removesuffix('.xml')}of{at}.xml"


def _story(package: Mapping[str, bytes], target: str, at: int) -> Iterator[tuple[str, bytes]]:
    """A header or footer with its relations, under a name of this file's own."""
    yield f"word/{_own(target, at)}", package[f"word/{target}"]
    if (links := package.get(f"word/_rels/{target}.rels")) is not None:
        yield f"word/_rels/{_own(target, at)}.rels", links


def _declare(relations: BaseOxmlElement, types: BaseOxmlElement, key: str, target: str, at: int) -> None:
    for root, wanted, names in (
        (relations, key, {"Id": f"{key}of{at}", "Target": _own(target, at)}),
        (types, f"/word/{target}", {"PartName": f"/word/{_own(target, at)}"}),
    ):
        (old,) = (one for one in root if wanted in (one.get("Id"), one.get("PartName")))
        new = root.makeelement(old.tag, dict(old.attrib) | names)
        root.append(new)


def _content(main: bytes, at: int, *, last: bool) -> list[BaseOxmlElement]:
    """The body of a file: marked where it begins, its section told by its last paragraph, that of the last as it is."""
    body = parse_xml(main).find(qn("w:body"))
    section = body.find(qn("w:sectPr"))
    for reference in section:
        if reference.tag in (qn("w:headerReference"), qn("w:footerReference")):
            reference.set(qn("r:id"), f"{reference.get(qn('r:id'))}of{at}")
    count_from_one(section)
    _mark(next(body.iter(qn("w:p"))), at)
    if not last:
        body.remove(section)
        if body[-1].tag != qn("w:p"):
            body.append(OxmlElement("w:p"))
        body[-1].get_or_add_pPr().append(section)
    return list(body)


def count_from_one(section: BaseOxmlElement) -> None:
    numbers = section.find(qn("w:pgNumType"))
    if numbers is None:
        numbers = OxmlElement("w:pgNumType")
        section.insert(sum(one.tag in _BEFORE_NUMBERS for one in section), numbers)
    if numbers.get(qn("w:start")) is None:
        numbers.set(qn("w:start"), "1")


def _mark(paragraph: BaseOxmlElement, at: int) -> None:
    begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for one in (begin, end):
        one.set(qn("w:id"), str(900_000 + at))
    begin.set(qn("w:name"), BEGINS.format(at))
    properties = paragraph.find(qn("w:pPr"))
    place = 0 if properties is None else 1
    paragraph.insert(place, begin)
    paragraph.insert(place + 1, end)
