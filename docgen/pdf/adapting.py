"""Word files as the engines read them rightly: what one does not know or takes wrongly is said in a way it knows.

dxpdf 0.8 takes the face of Chinese text from the Latin font of a run and knows it by its family alone, inside tables it
lets the size among the document's defaults win over the size of the paragraph's style, and it breaks a line before any
ideograph, lets rows part whose paragraphs stay together, and begins a page for a last section that goes on on the one
before it. LibreOffice 7.4 reads ``overflowPunct`` inverted: where it is left out, as Word does, punctuation hangs past
the margin of a justified line and is lost from the PDF.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from html import unescape

from yiyu.docgen.pdf.fonts import Face, all_known
from yiyu.docgen.pdf.glyphs import JOINER
from yiyu.docgen.wording import WITH_WHAT_STANDS_BEFORE

_PARTS = re.compile(r"word/(document|styles|header\d*|footer\d*|footnotes|endnotes)\.xml")
_FONTS = re.compile(r"<w:rFonts\b[^>]*>(?:\s*<w:b\b[^>]*>)?")
_EAST = re.compile(r'w:eastAsia="([^"]*)"')
_LATIN = re.compile(r'(w:(?:ascii|hAnsi))="[^"]*"')
_DEFAULTS = re.compile(r"<w:rPrDefault>.*?</w:rPrDefault>", re.DOTALL)
_OVERFLOW = re.compile(r"<w:overflowPunct\b[^>]*/>")
_INSIDE = "<w:overflowPunct/>"
_TORN = re.compile(rf"(?<=[0-9\u4e00-\u9fff])(?=[{WITH_WHAT_STANDS_BEFORE}])")
_STYLES = "word/styles.xml"
_STYLE = re.compile(r'<w:style\b(?=[^>]*w:type="paragraph")[^>]*w:styleId="([^"]*)"[^>]*>.*?</w:style>', re.DOTALL)
_KEPT = re.compile(r"<w:keepNext\s*/>")
_TABLE = re.compile(r"<w:tbl>(?:(?!<w:tbl>).)*?</w:tbl>", re.DOTALL)
_PARAGRAPH = re.compile(r"<w:p[ >].*?</w:p>", re.DOTALL)
_NAMED = re.compile(r'<w:pStyle w:val="([^"]*)"')
_WIDTH = re.compile(r"<w:tblW\b[^>]*/>")
_FRAME = (
    '<w:tbl><w:tblPr>{0}<w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
    "<w:gridCol/></w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr/>{1}"
    '<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p></w:tc></w:tr></w:tbl>'
)
_SEEN = re.compile(r"<w:t[ >]|<w:tbl>|<w:drawing>")
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]+)</w:t>")
_P_DEFAULTS = re.compile(
    r"<w:pPrDefault\s*/>|<w:pPrDefault>\s*(?:<w:pPr\s*/>|<w:pPr>(.*?)</w:pPr>)?\s*</w:pPrDefault>|(?=</w:docDefaults>)",
    re.DOTALL,
)
"""The defaults of all paragraphs, or the place where they are missing."""
_SIZE = re.compile(r"<w:sz w:val=\"\d+\"\s*/>")
_NORMAL = re.compile(r'<w:style\b(?=[^>]*w:type="paragraph")(?=[^>]*w:default="1")[^>]*>.*?</w:style>', re.DOTALL)


def for_dxpdf(data: bytes, faces: Mapping[str, Face]) -> bytes:
    """Rewrite a sound .docx; ``faces`` maps fonts that are not installed to those that stand in."""
    keeping = _keeping(data)

    def adapted(text: str) -> str:
        text = _TEXT.sub(lambda found: _TORN.sub(JOINER, found[0]) if all_known() else found[0], text)
        text = _TABLE.sub(lambda table: _whole(table[0], keeping), text)
        text = _without_empty_end(text)
        return _sized_by_style(_FONTS.sub(lambda tag: _one_font(tag[0], faces), text))

    return _rewritten(data, adapted)


def for_libreoffice(data: bytes) -> bytes:
    """Rewrite a sound .docx so that every line keeps its punctuation."""
    return _rewritten(data, _kept_inside)


def characters_of(data: bytes) -> frozenset[str]:
    """The characters a sound .docx prints: body, headers, footers and notes."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [package.read(name).decode("utf-8") for name in package.namelist() if _PARTS.fullmatch(name)]
    return frozenset().union(*(unescape(text) for part in parts for text in _TEXT.findall(part)))


def _rewritten(data: bytes, change: Callable[[str], str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(made, "w") as adapted:
        for info in package.infolist():
            part = package.read(info)
            if _PARTS.fullmatch(info.filename):
                part = change(part.decode("utf-8")).encode()
            adapted.writestr(info, part)
    return made.getvalue()


def _kept_inside(text: str) -> str:
    """Say it wherever it is said otherwise, and among the defaults, for where nothing is said."""
    text = _OVERFLOW.sub(_INSIDE, text)
    return _P_DEFAULTS.sub(
        lambda found: f"<w:pPrDefault><w:pPr>{_INSIDE}{found[1] or ''}</w:pPr></w:pPrDefault>", text, count=1
    )


def _keeping(data: bytes) -> frozenset[str]:
    """Styles whose paragraphs stay with the next one."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        styles = package.read(_STYLES).decode() if _STYLES in package.namelist() else ""
    return frozenset(style[1] for style in _STYLE.finditer(styles) if _KEPT.search(style[0]))


def _whole(table: str, keeping: frozenset[str]) -> str:
    """A table all of which stays together, as the only row of another: rows that may not break are what dxpdf knows."""
    paragraphs = _PARAGRAPH.findall(table)
    named = [_NAMED.search(one) for one in paragraphs]
    kept = [_KEPT.search(one) or (name and name[1] in keeping) for one, name in zip(paragraphs, named, strict=True)]
    width = _WIDTH.search(table)
    return _FRAME.format(width[0], table) if width and kept and all(kept) else table


def _without_empty_end(text: str) -> str:
    """The text without a last section that goes on on the page of the one before it and has nothing on it."""
    last, ended = text.rfind("<w:sectPr"), text.rfind("</w:sectPr>", 0, text.rfind("<w:sectPr"))
    if ended < 0 or 'w:type w:val="continuous"' not in text[last:] or _SEEN.search(text, ended, last):
        return text
    begun, ended = text.rfind("<w:sectPr", 0, ended), ended + len("</w:sectPr>")
    paragraph = text.index("</w:p>", ended) + len("</w:p>")
    return text[:begun] + text[ended:paragraph] + text[begun:ended] + text[text.rindex("</w:body>") :]


def _one_font(tags: str, faces: Mapping[str, Face]) -> str:
    """Name the Chinese font as the Latin one too, and say that it is bold where a bold face stands in for it."""
    east = _EAST.search(tags)
    if east is None:
        return tags
    face = faces.get(east[1], Face(east[1]))
    named = _LATIN.sub(lambda latin: f'{latin[1]}="{face.family}"', tags)
    return f"{named}<w:b/>" if face.bold and "<w:b" not in tags else named


def _sized_by_style(styles: str) -> str:
    """Move the default size into the style that every paragraph starts from."""
    defaults, normal = _DEFAULTS.search(styles), _NORMAL.search(styles)
    size = _SIZE.search(defaults[0]) if defaults else None
    if not (defaults and normal and size):
        return styles
    styles = styles.replace(defaults[0], _SIZE.sub("", defaults[0]))
    if _SIZE.search(normal[0]):
        return styles
    if "</w:rPr>" in normal[0]:
        sized = normal[0].replace("</w:rPr>", f"{size[0]}</w:rPr>", 1)
    else:
        sized = normal[0].replace("</w:style>", f"<w:rPr>{size[0]}</w:rPr></w:style>")
    return styles.replace(normal[0], sized)
