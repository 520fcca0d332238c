"""One option for each field of an institution that a person may set."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import click

from yiyu.registry.commands.options import DATE, DISTRICT, TEXT
from yiyu.registry.errors import BadInput
from yiyu.registry.institutions.columns import COLUMNS, institution_headings
from yiyu.registry.model import Institution
from yiyu.registry.rules.codes import code_notes
from yiyu.registry.rules.districts import district_name
from yiyu.registry.workbooks.cells import MOST_COUNTED, CellFault, holds_id_number, read_cell

F = TypeVar("F", bound=Callable[..., Any])
_COUNT = click.IntRange(0, MOST_COUNTED)

EDITABLE: tuple[tuple[str, Any, str], ...] = (
    ("name", TEXT, "机构名称（与公章一致）"),
    ("code", TEXT, "统一社会信用代码"),
    ("branch", TEXT, "院区或分园名称（共用一个代码时）"),
    ("category", TEXT, "机构类别"),
    ("nature", TEXT, "机构性质"),
    ("district", DISTRICT, "旗区全称或代码"),
    ("town", TEXT, "苏木乡镇/街道"),
    ("address", TEXT, "地址"),
    ("legal-person", TEXT, "法定代表人/负责人"),
    ("contact", TEXT, "联系人"),
    ("phone", TEXT, "电话"),
    ("grade", TEXT, "等级"),
    ("filed-on", DATE, "备案通过日期"),
    ("filing-no", TEXT, "备案编号"),
    ("places", _COUNT, "托位数"),
    ("enrolled", _COUNT, "在托数"),
    ("staff", _COUNT, "从业人员数"),
    ("health-workers", _COUNT, "保健员数"),
    ("closed-on", DATE, "停办日期"),
    ("remark", TEXT, "备注"),
)
"""Option, type and meaning of each field that a person may set, 备案 and 普惠 left out, which are yes or no."""


_DEFAULTS = {
    field.name: field.default for field in dataclasses.fields(Institution) if field.default is not dataclasses.MISSING
}
CLEARABLE = tuple(name.replace("_", "-") for name in _DEFAULTS if name in COLUMNS.keys() - {"filed", "district"})


def editable(function: F) -> F:
    """All field options, none of them required."""
    function = click.option("--inclusive/--not-inclusive", default=None, help="是否普惠")(function)
    function = click.option("--filed/--unfiled", default=None, help="是否备案")(function)
    for name, kind, text in reversed(EDITABLE):
        function = click.option(f"--{name}", type=kind, help=text)(function)
    return function


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def given_values(
    options: Mapping[str, Any],
    required: tuple[str, ...] = (),
    clear: tuple[str, ...] = (),
    *,
    called: Callable[[str], str] = _option,
) -> dict[str, Any]:
    """Field to value for the options given, read as a roster's cells are; those of ``clear`` become blank.

    ``called``: what a field is called where the person types. Raises BadInput for none at all, a missing one, one that cannot be used, or two that contradict each other.
    """
    values = _blanks(clear, options, called) | {
        name: _read(name, value, called) for name, value in options.items() if value is not None
    }
    for name in required:
        if not values.get(name):
            raise BadInput(f"缺少 {called(name)}", remedy="录入机构至少要有名称和旗区")
    if not values:
        raise BadInput("没有给出要修改的内容", remedy=f"请用 {called('phone')}、{called('contact')} 等写明")
    filing = [called(name) for name in ("filed_on", "filing_no") if values.get(name)]
    if filing and values.get("filed") is False:
        unfiled = called("unfiled")
        raise BadInput(f"{unfiled} 与 {filing[0]} 互相矛盾", remedy=f"已备案请去掉 {unfiled}，未备案请去掉另一项")
    if values.get("filed_on"):
        values["filed"] = True
    return values


def read_headings(_: click.Context, __: click.Parameter, pairs: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """``--heading`` as :func:`named_headings` reads it."""
    return named_headings(pairs)


def named_headings(pairs: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """``列名=字段`` as headings by field; a field by its name or any heading we know. Raises BadInput."""
    known = institution_headings()
    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        heading, sign, field = (part.strip() for part in pair.rpartition("="))
        recognised = known.recognise([field])
        name = field if field in COLUMNS else recognised[1] if recognised else ""
        if not sign or not heading or name not in COLUMNS:
            fields = "、".join(column.heading for column in COLUMNS.values())
            raise BadInput(f"看不懂 --heading {pair}", remedy=f"请写成 园所全称=机构名称；字段有：{fields}")
        found[name] = (*found.get(name, ()), heading)
    return found


def remarks(institution: Institution, today: dt.date) -> Iterator[str]:
    """What looks odd in an institution entered by hand; it is kept all the same."""
    for note in code_notes(institution.code) if institution.code else ():
        yield f"信用代码 {institution.code} 的{note}，请与登记证书核对"
    if (
        institution.places is not None
        and institution.enrolled is not None
        and institution.enrolled > institution.places
    ):
        yield f"在托数 {institution.enrolled} 大于托位数 {institution.places}，请核对"
    if institution.filed_on is not None and institution.filed_on > today:
        yield f"备案日期 {institution.filed_on} 还没有到，请核对"


def field_label(name: str) -> str:
    """The heading of a field in our workbooks."""
    return COLUMNS[name].heading if name in COLUMNS else "服务项目" if name == "items" else name


def field_text(name: str, value: object) -> object:
    if value in ("", None):
        return "（空）"
    return district_name(str(value)) if name == "district" else value


def _blanks(clear: tuple[str, ...], options: Mapping[str, Any], called: Callable[[str], str]) -> dict[str, Any]:
    names = [name.replace("-", "_") for name in clear]
    if both := [name for name in names if options.get(name) is not None]:
        raise BadInput(f"{called(both[0])} 既要清空又给了值", remedy="请只用其中一种")
    return {name: _DEFAULTS[name] for name in names}


def _read(name: str, value: object, called: Callable[[str], str]) -> object:
    if not isinstance(value, str | int) or isinstance(value, bool) or name == "district":
        return value
    if isinstance(value, str) and name != "code" and holds_id_number(value):
        raise BadInput(f"{called(name)} 里有身份证号码，本系统不收个人证件信息", remedy="请删去后再录入")
    if isinstance(value, str) and not value.strip() and name != "name":
        return ""
    try:
        return read_cell(COLUMNS[name], value)
    except CellFault as fault:
        where = str(value) if name == "code" else called(name)
        raise BadInput(str(fault), where=where, remedy="请核对后重新录入", code=fault.code) from fault
