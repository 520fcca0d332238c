"""Word templates of the corpus."""

import functools
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

BODY, RELATIONS, TYPES = "word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"
GOOD = ("甲方：{{ 甲方.名称 }}", "乙方：{{ 乙方.名称 }}")


@functools.cache
def _lean() -> bytes:
    """python-docx's own template without its hundred table styles: they only cost time here."""
    document = Document()
    styles = document.styles.element
    for style in [*styles.style_lst, styles.find(qn("w:latentStyles"))]:
        if style.get(qn("w:type"), "table") == "table":
            styles.remove(style)
    return _saved(document)


def _blank() -> Any:
    return Document(io.BytesIO(_lean()))


@functools.cache
def paper(*lines: str) -> bytes:
    document = _blank()
    for line in lines or GOOD:
        document.add_paragraph(line)
    return _saved(document)


def _saved(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def of(*lines: str) -> Callable[[], bytes]:
    return lambda: paper(*lines)


def xml(body: str) -> Callable[[], bytes]:
    """A template with this markup in its body."""

    def make() -> bytes:
        document = _blank()
        for element in parse_xml(f"<w:body {nsdecls('w', 'r')}>{body}</w:body>"):
            document.element.body.sectPr.addprevious(element)
        return _saved(document)

    return make


def changed(
    data: bytes, parts: dict[str, Callable[[bytes], bytes | None]], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", method) as new:
        for name in old.namelist():
            content = parts[name](old.read(name)) if name in parts else old.read(name)
            if content is not None:
                new.writestr(name, content)
        for name in parts.keys() - set(old.namelist()):
            new.writestr(name, parts[name](b"") or b"")
    return stream.getvalue()


def part(name: str, change: Callable[[bytes], bytes | None]) -> Callable[[], bytes]:
    return lambda: changed(paper(), {name: change})


def relation(kind: str, target: str = "http://127.0.0.1:9/x") -> Callable[[], bytes]:
    line = (
        '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        f'{kind}" Target="{escape(target)}" TargetMode="External"/></Relationships>'
    )
    return part(RELATIONS, lambda old: old.replace(b"</Relationships>", line.encode()))


def remote_picture(address: str) -> Callable[[], bytes]:
    """A document that shows a picture of somewhere else, as Word links it."""

    def make() -> bytes:
        drawing = (
            f"<w:p {nsdecls('w', 'wp', 'a', 'pic', 'r')}><w:r><w:drawing><wp:inline>"
            '<wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p"/><a:graphic>'
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            '<pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
            '<a:blip r:link="rId99"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
            '<a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm>'
            '<a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing></w:r></w:p>"
        )
        document = _blank()
        document.element.body.sectPr.addprevious(parse_xml(drawing))
        return changed(_saved(document), {RELATIONS: lambda old: zip_relation(old, address)})

    return make


def zip_relation(old: bytes, address: str) -> bytes:
    line = (
        '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        f'Target="{escape(address)}" TargetMode="External"/></Relationships>'
    )
    return old.replace(b"</Relationships>", line.encode())


def entity() -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return part(BODY, lambda old: old.replace(b"?>", b"?>" + doctype, 1).replace("甲方：".encode(), b"&f;"))()


def laughs() -> bytes:
    nested = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    return part(BODY, lambda old: old.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a0 "ha">' + nested + b"]>", 1))()


def in_utf16() -> bytes:
    def change(old: bytes) -> bytes:
        text = old.decode().replace("?>", "?><!DOCTYPE x>", 1).replace("UTF-8", "UTF-16")
        return text.encode("utf-16")

    return part(BODY, change)()


def bomb() -> bytes:
    return part("word/media/bomb.bin", lambda _: bytes(200 << 20))()


def quine_like() -> bytes:
    """A member packed within an inch of 1000 to 1, and a lie about its size."""
    data = bytearray(part("word/extra.xml", lambda _: b"<a>" + b" " * (50 << 20) + b"</a>")())
    at = data.index(b"PK\1\2")
    while not data[at + 46 :].startswith(b"word/extra.xml"):
        at = data.index(b"PK\1\2", at + 4)
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(data)


def deep() -> bytes:
    return part(BODY, lambda old: old.replace(b"<w:body>", b"<w:body>" + b"<w:p>" * 100_000 + b"</w:p>" * 100_000))()


def macros() -> bytes:
    types = b'<Override PartName="/word/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    return changed(paper(), {TYPES: lambda old: old.replace(b"</Types>", types), "word/vbaProject.bin": lambda _: b"x"})


def macro_kind() -> bytes:
    return part(TYPES, lambda old: old.replace(b"wordprocessingml.document.main+xml", b"macroEnabled.main+xml"))()


def twice() -> bytes:
    from hostile.workbooks import _appended

    return _appended(paper(), BODY, paper("另一份")[:100])


def member(name: str) -> Callable[[], bytes]:
    return part(name, lambda _: b"x")


def field(code: str) -> Callable[[], bytes]:
    """A field of Word in the body, such as DDEAUTO."""
    run = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return xml(
        f"<w:p>{run.format('begin')}<w:r><w:instrText>{escape(code)}</w:instrText></w:r>{run.format('separate')}"
        f"<w:r><w:t>x</w:t></w:r>{run.format('end')}</w:p>"
    )


def alternate_chunk() -> bytes:
    """A web page to be taken in when the document is opened."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
    line = f'<Relationship Id="rId98" Type="{kind}" Target="chunk.html"/></Relationships>'.encode()
    return changed(
        paper(),
        {
            RELATIONS: lambda old: old.replace(b"</Relationships>", line),
            "word/chunk.html": lambda _: b"<img src='http://127.0.0.1:9/x'>",
            TYPES: lambda old: old.replace(b"</Types>", b'<Default Extension="html" ContentType="text/html"/></Types>'),
            BODY: lambda old: old.replace(b"<w:sectPr", b'<w:altChunk r:id="rId98"/><w:sectPr', 1),
        },
    )


def sfx() -> bytes:
    """Another file in front, as a program that unpacks itself has."""
    return b"MZ" + bytes(2000) + paper()


def other_main() -> bytes:
    """The main part under the name Word Online gives it at times."""

    def renamed(old: bytes) -> bytes:
        return old.replace(b"word/document.xml", b"word/document2.xml")

    data = paper()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        body, relations = package.read(BODY), package.read(RELATIONS)
    return changed(
        data,
        {
            TYPES: renamed, "_rels/.rels": renamed, BODY: lambda _: None, RELATIONS: lambda _: None,
            "word/document2.xml": lambda _: body, "word/_rels/document2.xml.rels": lambda _: relations,
        },
    )  # fmt: skip


def revised() -> bytes:
    """With a change somebody tracked."""
    return xml(
        '<w:p><w:ins w:id="1" w:author="王某某" w:date="2026-01-01T00:00:00Z">'
        "<w:r><w:t>甲方：{{ 甲方.名称 }}</w:t></w:r></w:ins></w:p>"
    )()


def split_runs() -> bytes:
    """A tag as Word leaves it after a correction."""
    runs = "".join(f"<w:r><w:t>{escape(one)}</w:t></w:r>" for one in ("甲方：{", "{ 甲", "方.名", "称 }", "}"))
    return xml(f"<w:p>{runs}</w:p>")()


def crc(data: bytes) -> int:
    return zlib.crc32(data)
