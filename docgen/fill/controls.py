"""Content controls of a template: a check box is set from the tag its properties name, and what is filled in stays.

A check box of Word (``w14:checkbox``) keeps its state beside the sign it shows. Where its tag or title is
``{{ 乙方.备案 }}``, both are filled from that expression before anything is rendered, in the signs and fonts the box
itself names for its two states, so that the next click still works. A control that is bound to data elsewhere in the
file would show that data instead of what was filled in: the bond is dropped where its content holds a tag.

Sources: [MS-DOCX] 2.5.2 (checkbox, checkedState, uncheckedState); ECMA-376-1, 17.5.2.6 (dataBinding), 17.3.3.30 (sym).
"""

import re
from dataclasses import dataclass

from docx.oxml import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement

from yiyu.docgen.fill.fields import W

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
TICKED, EMPTY = "☑☒■√✓✔", "☐□○"
_EXPRESSION = re.compile(r"\s*\{\{(.+)\}\}\s*", re.DOTALL)
_SYMBOLS = ("wingdings", "webdings", "symbol")
"""Fonts with signs of their own, which Word writes as ``w:sym`` in the private use area."""
_PRIVATE = 0xF000
_FONTS = tuple(f"{W}{name}" for name in ("ascii", "hAnsi", "eastAsia"))
_PLACEHOLDERS = (f"{W}dataBinding", f"{W}showingPlcHdr")


@dataclass(frozen=True, slots=True)
class _Sign:
    font: str
    code: int

    @property
    def symbol(self) -> bool:
        return self.font.casefold().startswith(_SYMBOLS)

    @property
    def char(self) -> str:
        return f"{self.code + _PRIVATE if self.symbol and self.code < _PRIVATE else self.code:04X}"


def tie_controls(root: BaseOxmlElement) -> None:
    """Rewrite the controls of a part in place: tags of check boxes into state and sign, bonds to other data cut."""
    for control in root.iter(f"{W}sdt"):
        properties, content = control.find(f"{W}sdtPr"), control.find(f"{W}sdtContent")
        if properties is None or content is None:
            continue
        box = properties.find(f"{W14}checkbox")
        if box is not None and (expression := _take_expression(properties)):
            _tie(box, content, expression)
        if "{" in "".join(content.itertext()):
            for name in _PLACEHOLDERS:
                for at in properties.findall(name):
                    properties.remove(at)


def _take_expression(properties: BaseOxmlElement) -> str:
    """The expression in the tag or the title, of which only its words are left; "" where there is none."""
    taken = ""
    for name in ("tag", "alias"):
        at = properties.find(f"{W}{name}")
        if at is not None and (found := _EXPRESSION.fullmatch(at.get(f"{W}val") or "")):
            at.set(f"{W}val", found[1].strip())
            taken = taken or found[1].strip()
    return taken


def _tie(box: BaseOxmlElement, content: BaseOxmlElement, expression: str) -> None:
    def chosen(yes: str, no: str) -> str:
        return f"{{{{ ({expression})|复选('{yes}', '{no}') }}}}".replace('"', "'")

    checked = box.find(f"{W14}checked")
    if checked is None:
        box.insert(0, checked := OxmlElement("w14:checked"))
    checked.set(f"{W14}val", chosen("1", "0"))
    yes, no = _sign(box, "checkedState", 0x2612), _sign(box, "uncheckedState", 0x2610)
    run = _only_run(content)
    if yes.symbol or no.symbol:
        shown = OxmlElement("w:sym")
        shown.set(f"{W}font", chosen(yes.font, no.font))
        shown.set(f"{W}char", chosen(yes.char, no.char))
    else:
        shown = OxmlElement("w:t")
        shown.text = chosen(chr(yes.code), chr(no.code))
        if yes.font != no.font:
            fonts = run.get_or_add_rPr().get_or_add_rFonts()
            for name in _FONTS:
                fonts.set(name, chosen(yes.font, no.font))
    run.append(shown)


def _sign(box: BaseOxmlElement, state: str, usual: int) -> _Sign:
    at = box.find(f"{W14}{state}")
    given = "" if at is None else at.get(f"{W14}val") or ""
    font = "" if at is None else at.get(f"{W14}font") or ""
    code = int(given, 16) if re.fullmatch("[0-9A-Fa-f]{4}", given) else usual
    return _Sign(re.sub(r"[^\w .@-]", "", font) or "MS Gothic", code)


def _only_run(content: BaseOxmlElement) -> BaseOxmlElement:
    """The first run of the content, emptied but for its looks; the others are taken away."""
    runs: list[BaseOxmlElement] = list(content.iter(f"{W}r"))
    for run in runs[1:]:
        run.getparent().remove(run)
    if not runs:
        owner = next(content.iter(f"{W}p"), content)
        runs = [OxmlElement("w:r")]
        owner.append(runs[0])
    for child in list(runs[0]):
        if child.tag != f"{W}rPr":
            runs[0].remove(child)
    return runs[0]
