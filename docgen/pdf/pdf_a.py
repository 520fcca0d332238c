"""PDF/A-2b: a PDF of ours made so that an archive can show it without this machine (ISO 19005-2).

The converters embed their fonts and write nothing that runs. What they leave out is added here: which part of the standard it is,
what its colours mean, that its links print. What the standard forbids and nobody can add afterwards is refused.
"""

import re
from collections.abc import Iterator
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name

from yiyu.registry.errors import FileFault

_PRINT, _UNSEEN = 1 << 2, 1 << 0 | 1 << 1 | 1 << 5 | 1 << 8
"""Bits of an annotation: printed; invisible, hidden, not viewed, toggled (ISO 32000-1, table 165)."""
_DATE = slice(24, 36)
"""When a colour profile was made (ICC.1:2010, 7.2.1); left as it is, two files of one document would differ."""
_NAMED = re.compile(rb"dup \d+ /(\S+) put")
_BEGINS = re.compile(rb"%!FontType1-1\.0")


def make_pdf_a(pdf: pikepdf.Pdf, where: str) -> None:
    """Make ``pdf`` conform to PDF/A-2b once it is saved with an ID; ``where`` is what a refusal calls it.

    Raises FileFault, naming every reason, for what cannot conform.
    """
    if faults := "，".join(dict.fromkeys(_faults(pdf))):
        raise FileFault(f"{faults}，存不成 PDF/A", where=where, remedy="请换掉模板里的这些内容，或去掉 --pdfa")
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream) and one.get("/Interpolate", False):
            del one["/Interpolate"]  # 6.2.8
        if isinstance(one, Dictionary) and "/FontFile" in one:
            _list_glyphs(pdf, one)
    for page in pdf.pages:
        for note in page.obj.get("/Annots", Array()):
            note.F = int(note.get("/F", 0)) & ~_UNSEEN | _PRINT  # 6.3.2
    pdf.Root.Lang = pikepdf.String("zh-CN")
    pdf.Root.OutputIntents = Array([_colours(pdf)])
    _say_part(pdf)


def _faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream):
            # The colours of the file are said in red, green and blue: others have no meaning there (6.2.4.3).
            if one.get("/Subtype") == Name.Image and one.get("/ColorSpace") == Name.DeviceCMYK:
                yield "有印刷四色（CMYK）的图片"
        elif isinstance(one, Dictionary) and one.get("/Type") == Name.Font and not _embedded(one):
            yield f"字体 {str(one.get('/BaseFont', ''))[1:]} 没有嵌入"


def _embedded(font: Dictionary) -> bool:
    """Whether a font brings its shapes (6.2.11.4.1); one made of others does by them."""
    descriptor = font.get("/FontDescriptor", Dictionary())
    return font.get("/Subtype") in (Name.Type0, Name.Type3) or any(
        key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")
    )


def _list_glyphs(pdf: pikepdf.Pdf, descriptor: Dictionary) -> None:
    """Name the characters of a Type 1 subset, all of which LibreOffice puts into its encoding (6.2.11.4.2).

    Its program begins with words that checkers do not know; those of Adobe say the same.
    """
    program = descriptor.FontFile
    head, size = program.read_bytes(), int(program.Length1)
    begin = _BEGINS.sub(b"%!PS-AdobeFont-1.0", head[:size], count=1)
    descriptor.CharSet = pikepdf.String("".join(f"/{name.decode('latin-1')}" for name in _NAMED.findall(begin)))
    lengths = {"/Length1": len(begin), "/Length2": program.Length2, "/Length3": program.Length3}
    descriptor.FontFile = pdf.make_stream(begin + head[size:], lengths)


@cache
def _profile() -> bytes:
    """SRGB, as LittleCMS writes it."""
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_DATE] = bytes((7, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))
    return bytes(profile)


def _colours(pdf: pikepdf.Pdf) -> Dictionary:
    """What red, green, blue and grey of the file mean (6.2.3)."""
    name = "sRGB IEC61966-2.1"
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=name,
        Info=name,
        DestOutputProfile=pdf.make_stream(_profile(), N=3),
    )


def _say_part(pdf: pikepdf.Pdf) -> None:
    """Say that it is PDF/A-2b, and its title (6.6.4); the older place for that is emptied, so that the two agree (6.6.3)."""
    title = str(pdf.trailer.get("/Info", Dictionary()).get("/Title", ""))
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as told:
        told["pdfaid:part"], told["pdfaid:conformance"] = "2", "B"
        if title:
            told["dc:title"] = title
