"""Word files as the engines read them rightly: what one does not know or takes wrongly is said in a way it knows.

dxpdf 0.8 takes the face of Chinese text from the Latin font of a run, and inside tables it lets the size among the
document's defaults win over the size of the paragraph's style. LibreOffice 7.4 reads ``overflowPunct`` inverted: where
it is left out, as Word does, punctuation hangs past the margin of a justified line and is lost from the PDF.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from html import unescape

_PARTS = re.compile(r"word/(document|styles|header\d*|footer\d*|footnotes|endnotes)\.xml")
_FONTS = re.compile(r"<w:rFonts\b[^>]*>")
_EAST = re.compile(r'w:eastAsia="([^"]*)"')
_LATIN = re.compile(r'(w:(?:ascii|hAnsi))="[^"]*"')
_DEFAULTS = re.compile(r"<w:rPrDefault>.*?</w:rPrDefault>", re.DOTALL)
_OVERFLOW = re.compile(r"<w:overflowPunct\b[^>]*/>")
_INSIDE = "<w:overflowPunct/>"
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]+)</w:t>")
_P_DEFAULTS = re.compile(
    r"<w:pPrDefault\s*/>|<w:pPrDefault>\s*(?:<w:pPr\s*/>|<w:pPr>(.*?)</w:pPr>)?\s*</w:pPrDefault>|(?=</w:docDefaults>)",
    re.DOTALL,
)
"""The defaults of all paragraphs, or the place where they are missing."""
_SIZE = re.compile(r"<w:sz w:val=\"\d+\"\s*/>")
_NORMAL = re.compile(r'<w:style\b(?=[^>]*w:type="paragraph")(?=[^>]*w:default="1")[^>]*>.*?</w:style>', re.DOTALL)


def for_dxpdf(data: bytes, families: Mapping[str, str]) -> bytes:
    """Rewrite a sound .docx; ``families`` maps fonts that are not installed to those that stand in."""

    def adapted(text: str) -> str:
        return _sized_by_style(_FONTS.sub(lambda tag: _one_font(tag[0], families), text))

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


def _one_font(tag: str, families: Mapping[str, str]) -> str:
    """Name the Chinese font as the Latin one too."""
    east = _EAST.search(tag)
    if east is None:
        return tag
    family = families.get(east[1], east[1])
    return _LATIN.sub(lambda latin: f'{latin[1]}="{family}"', tag)


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
