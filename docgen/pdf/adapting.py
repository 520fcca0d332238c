"""Word files as dxpdf 0.8 reads them rightly: two things it does not know are said in a way it knows.

It takes the face of Chinese text from the Latin font of a run, and inside tables it lets the size among the document's
defaults win over the size of the paragraph's style.
"""

import io
import re
import zipfile
from collections.abc import Mapping

_PARTS = re.compile(r"word/(document|styles|header\d*|footer\d*|footnotes|endnotes)\.xml")
_FONTS = re.compile(r"<w:rFonts\b[^>]*>")
_EAST = re.compile(r'w:eastAsia="([^"]*)"')
_LATIN = re.compile(r'(w:(?:ascii|hAnsi))="[^"]*"')
_DEFAULTS = re.compile(r"<w:rPrDefault>.*?</w:rPrDefault>", re.DOTALL)
_SIZE = re.compile(r"<w:sz w:val=\"\d+\"\s*/>")
_NORMAL = re.compile(r'<w:style\b(?=[^>]*w:type="paragraph")(?=[^>]*w:default="1")[^>]*>.*?</w:style>', re.DOTALL)


def for_dxpdf(data: bytes, families: Mapping[str, str]) -> bytes:
    """Rewrite a sound .docx; ``families`` maps fonts that are not installed to those that stand in."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(made, "w") as adapted:
        for info in package.infolist():
            part = package.read(info)
            if _PARTS.fullmatch(info.filename):
                text = part.decode("utf-8")
                text = _FONTS.sub(lambda tag: _one_font(tag[0], families), text)
                part = _sized_by_style(text).encode()
            adapted.writestr(info, part)
    return made.getvalue()


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
