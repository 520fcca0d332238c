"""Forms of an institution: the fields of ``institution add`` and ``edit``, and what was typed into them; one entered by hand."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.pages.access import own_district
from yiyu.desk.pages.every_agreement import districts_of
from yiyu.registry.commands.options import DATE, DISTRICT, KIND
from yiyu.registry.errors import BadInput, UserError
from yiyu.registry.institutions.columns import COLUMNS
from yiyu.registry.institutions.editing import new_institution
from yiyu.registry.institutions.options import CLEARABLE, EDITABLE, field_label, given_values, remarks
from yiyu.registry.model import KIND_LABEL, Institution, Kind
from yiyu.registry.rules.districts import district_name

_YES_NO = {"yes": True, "no": False}
_WORDS = {True: "yes", False: "no", None: ""}
_TYPES = {name.replace("-", "_"): (kind, told) for name, kind, told in EDITABLE}
_TOLD = {"filed": "是否备案", "inclusive": "是否普惠"}


class Field(NamedTuple):
    """A field of a form. ``shape``: text, paragraphs, number, date, district, yes_no; ``value``: as a form holds it."""

    name: str
    label: str
    shape: str
    value: str
    told: str


def fields_of(kind: Kind, one: Institution | None = None, names: Collection[str] | None = None) -> Sequence[Field]:
    """The fields of a kind in the order of a roster, with the values of ``one``; ``names``: these only."""
    return [_field(name, one) for name in COLUMNS if kind in COLUMNS[name].kinds and (names is None or name in names)]


def _field(name: str, one: Institution | None) -> Field:
    kind, told = _TYPES.get(name, (None, _TOLD.get(name, "")))
    shape = "yes_no" if kind is None else "date" if kind is DATE else "district" if kind is DISTRICT else "text"
    value = getattr(one, name) if one else None
    text = _WORDS[value] if shape == "yes_no" else "" if value is None else str(value)
    shape = "paragraphs" if COLUMNS[name].cell == "paragraphs" else shape
    return Field(name, field_label(name), "number" if COLUMNS[name].cell == "count" else shape, text, told)


def typed(asking: Asking, fields: Sequence[Field]) -> dict[str, str]:
    """The fields that were typed over, with what was typed: a form carries along what stood in each when it was shown.

    What somebody else changed meanwhile is not put back by a field that nobody touched.
    """
    said = {field.name: _text(asking, field.name) for field in fields if field.name in asking.form}
    shown = {field.name: _text(asking, f"was_{field.name}", field.value.strip()) for field in fields}
    return {name: text for name, text in said.items() if text != shown[name]}


def entered_values(asking: Asking, one: Institution) -> dict[str, Any]:
    """What a form of ``one`` was typed over with; a field that was emptied is cleared. Raises BadInput."""
    said = typed(asking, fields_of(one.kind, one))
    emptied = tuple(name.replace("_", "-") for name, text in said.items() if not text)
    if never := [name for name in emptied if name not in CLEARABLE]:
        raise BadInput(f"{field_label(never[0].replace('-', '_'))}不能是空的", remedy="请填写后再试")
    return given_values(_read(asking, [name for name, text in said.items() if text]), clear=emptied, called=_called)


def ask(asking: Asking) -> Response:
    """The form for one more institution; first its kind is asked for."""
    return _form(asking)


def add(asking: Asking) -> Response:
    """Enter it, or say why not and keep what was typed."""
    try:
        kind = asking.needed("kind", KIND, "机构种类")
        typed = [field.name for field in fields_of(kind) if asking.text(field.name)]
        values = given_values(_read(asking, typed), required=("name", "district"), called=_called)
        with asking.office() as office:
            own_district(office, values["district"])
            made = new_institution(office, Institution(kind=kind, **values))
            told = [f"提醒：{remark}" for remark in remarks(made, office.today)]
    except UserError as error:
        return _form(asking, str(error))
    return asking.go(f"/institutions/one/{made.id}", f"已录入：{made.name}（{district_name(made.district)}）", *told)


def _form(asking: Asking, fault: str = "") -> Response:
    text = asking.query.get("kind") or asking.text("kind")
    kind = Kind(text) if text in KIND_LABEL else None
    with asking.office() as office:
        districts: Mapping[str, str] = districts_of(office)
        today: dt.date = office.today
    return asking.page(
        "institution_add.html",
        status=422 if fault else 200,
        kind=kind,
        kinds=KIND_LABEL,
        fields=fields_of(kind) if kind else (),
        districts=districts,
        today=today,
        fault=fault,
    )


def _read(asking: Asking, names: Sequence[str]) -> dict[str, Any]:
    """The fields as the options of the command line read them."""
    values: dict[str, Any] = {}
    for name in names:
        text = asking.text(name)
        values[name] = _YES_NO.get(text) if name in _TOLD else asking.read(name, _TYPES[name][0], field_label(name))
    return values


def _text(asking: Asking, name: str, default: str = "") -> str:
    """As a browser sends it, with the ends of lines as we keep them."""
    return asking.text(name, default).replace("\r\n", "\n")


def _called(name: str) -> str:
    return "“未备案”" if name == "unfiled" else f"“{field_label(name.replace('-', '_'))}”"
