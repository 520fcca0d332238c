"""Fonts and colours a Word file takes from its theme, written out, so that they stay where another theme holds.

Source: ECMA-376-1, 17.3.2.26 (rFonts), 17.3.2.6 (color), 17.3.5 (shd), 17.15.1.88 (themeFontLang), 20.1.4.1 (themes).
"""

from dataclasses import dataclass

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from yiyu.docgen.fill.fields import W

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_FONTS = {"asciiTheme": "ascii", "hAnsiTheme": "hAnsi", "eastAsiaTheme": "eastAsia", "cstheme": "cs"}
_SLOTS = {"Ascii": "latin", "HAnsi": "latin", "EastAsia": "ea", "Bidi": "cs"}
_SCRIPTS = {"zh-CN": "Hans", "zh-SG": "Hans", "zh-TW": "Hant", "zh-HK": "Hant", "ja-JP": "Jpan", "ko-KR": "Hang"}
_COLOURS = ("themeColor", "themeTint", "themeShade", "themeFill", "themeFillTint", "themeFillShade")
"""Word writes the colour itself beside each, which then holds."""
_ALIASES = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}


@dataclass(frozen=True, slots=True)
class Theme:
    """``fonts``: name by its slot, as ``minorHAnsi``. ``colours``: six hex digits by name, as ``accent1``."""

    fonts: dict[str, str]
    colours: dict[str, str]


def theme_of(document: Document) -> Theme:
    """What the theme of a file says; nothing where it has none."""
    parts = (one.target_part for one in document.part.rels.values() if one.reltype == RELATIONSHIP_TYPE.THEME)
    root = next((parse_xml(part.blob) for part in parts), None)
    if root is None:
        return Theme({}, {})
    language = document.settings.element.find(f"{W}themeFontLang")
    script = _SCRIPTS.get("" if language is None else str(language.get(f"{W}eastAsia")), "")
    fonts = {
        f"{size}{slot}": _font(scheme, kind, script if kind == "ea" else "")
        for size in ("major", "minor")
        for scheme in root.iter(f"{_A}{size}Font")
        for slot, kind in _SLOTS.items()
    }
    colours = {
        str(at.tag).removeprefix(_A): str(at[0].get("lastClr") or at[0].get("val"))
        for scheme in root.iter(f"{_A}clrScheme")
        for at in scheme
        if len(at)
    }
    return Theme(fonts, colours)


def _font(scheme: BaseOxmlElement, kind: str, script: str) -> str:
    named = scheme.find(f"{_A}{kind}")
    by_script = (one.get("typeface") for one in scheme.findall(f"{_A}font") if one.get("script") == script)
    return str((named is not None and named.get("typeface")) or next(by_script, None) or "")


def write_out(root: BaseOxmlElement, theme: Theme) -> None:
    """Put fonts and colours in place of what names the theme, in place."""
    for at in root.iter(f"{W}rFonts"):
        for own, plain in _FONTS.items():
            font = theme.fonts.get(at.attrib.pop(f"{W}{own}", ""), "")
            if font:
                at.set(f"{W}{plain}", font)
    for at in root.iter("{*}*"):
        for name in _COLOURS:
            at.attrib.pop(f"{W}{name}", None)
    for at in list(root.iter(f"{_A}schemeClr")):
        name = at.get("val") or ""
        if colour := theme.colours.get(_ALIASES.get(name, name)):
            at.tag = f"{_A}srgbClr"
            at.set("val", colour)
