"""One option for each field of an institution that a person may set."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from yiyu.registry.codes import CodeFault, check_credit_code
from yiyu.registry.commands.options import DATE, DISTRICT
from yiyu.registry.errors import BadInput
from yiyu.registry.sheets.text import forbidden_characters

F = TypeVar("F", bound=Callable[..., Any])
_COUNT = click.IntRange(min=0)

_OPTIONS: tuple[tuple[str, Any, str], ...] = (
    ("name", str, "机构名称（与公章一致）"),
    ("code", str, "统一社会信用代码"),
    ("branch", str, "院区或分园名称（共用一个代码时）"),
    ("category", str, "机构类别"),
    ("nature", str, "机构性质"),
    ("district", DISTRICT, "旗区全称或代码"),
    ("town", str, "苏木乡镇/街道"),
    ("address", str, "地址"),
    ("legal-person", str, "法定代表人/负责人"),
    ("contact", str, "联系人"),
    ("phone", str, "电话"),
    ("grade", str, "等级"),
    ("filed-on", DATE, "备案通过日期"),
    ("filing-no", str, "备案编号"),
    ("places", _COUNT, "托位数"),
    ("enrolled", _COUNT, "在托数"),
    ("staff", _COUNT, "从业人员数"),
    ("health-workers", _COUNT, "保健员数"),
    ("closed-on", DATE, "停办日期"),
    ("remark", str, "备注"),
)


def editable(function: F) -> F:
    """All field options, none of them required."""
    function = click.option("--inclusive/--not-inclusive", default=None, help="是否普惠")(function)
    function = click.option("--filed/--unfiled", default=None, help="是否备案")(function)
    for name, kind, text in reversed(_OPTIONS):
        function = click.option(f"--{name}", type=kind, help=text)(function)
    return function


def given_values(options: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    """Field to value for the options given. Raises BadInput for none at all, a missing one, or a wrong code."""
    values = {name: value for name, value in options.items() if value is not None}
    for name in required:
        if not values.get(name):
            raise BadInput(f"缺少 --{name}", remedy="录入机构至少要有名称和旗区")
    if not values:
        raise BadInput("没有给出要修改的内容", remedy="请用 --phone、--contact 等选项写明")
    for name, value in values.items():
        if isinstance(value, str) and forbidden_characters(value):
            raise BadInput(f"--{name.replace('_', '-')} 里有看不见的控制字符", remedy="请手工重新输入，不要粘贴")
    if values.get("code"):
        try:
            values["code"] = check_credit_code(values["code"])
        except CodeFault as error:
            raise BadInput(str(error), where=values["code"], remedy="请核对后重新录入", code=error.code) from error
    if values.get("filed_on"):
        values.setdefault("filed", True)
    return values
