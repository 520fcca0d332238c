"""A made-up pair of rosters of the nine 旗区 for the demonstration: real layout, invented institutions."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter
from stdnum.cn import uscc

from yiyu.registry.files import replacing
from yiyu.registry.rules.districts import district_name, places_in_use

_STEMS = ("小鹿", "青禾", "晨露", "星河", "向阳", "童乐")
_FORMS = ("托育中心", "婴幼儿照护服务中心", "托育服务有限公司")
_NATURES = {"托育服务有限公司": ("营利性", "91")}
_MEDICAL = (
    ("妇幼保健院", "妇幼保健院", "二级"),
    ("蒙医综合医院", "蒙医院", "二级"),
    ("示范社区卫生服务中心", "社区卫生服务中心", "一级"),
    ("示范中心卫生院", "中心卫生院", "一级"),
)
_MEDICAL_HEADS = ("序号", "旗区", "机构名称", "机构类别", "医院等级", "统一社会信用代码", "法定代表人", "电话", "地址")
_CHILDCARE_HEADS = (
    ("序号", ""),
    ("旗区", ""),
    ("机构名称", ""),
    ("统一社会信用代码", ""),
    ("机构性质", ""),
    ("备案情况", "是否备案"),
    ("备案情况", "备案时间"),
    ("托位情况", "托位数"),
    ("托位情况", "在托数"),
    ("负责人", "姓名"),
    ("负责人", "联系电话"),
    ("地址", ""),
)

Rows = Iterator[tuple[str | int, ...]]


def write_sample_rosters(folder: Path, today: dt.date) -> tuple[Path, Path]:
    """Write 医疗卫生机构名册 and 托育机构名册 (one wrong code, one that Excel took for a number among them); give their paths."""
    medical, childcare = folder / "示例_医疗卫生机构名册.xlsx", folder / "示例_托育机构名册.xlsx"
    _write(medical, "医疗卫生机构名册（示例，均为虚构）", [(head, "") for head in _MEDICAL_HEADS], _medical())
    _write(childcare, "托育机构名册（示例，均为虚构）", list(_CHILDCARE_HEADS), _childcare(today))
    return medical, childcare


def _districts() -> list[tuple[str, str]]:
    return [(code, district_name(code)) for code in places_in_use().counties("150600")]


def _medical() -> Rows:
    seq = 0
    for code, district in _districts():
        for order, (form, category, grade) in enumerate(_MEDICAL):
            seq += 1
            credit = _credit_code("12", code, 1000 + order)
            phone, address = f"0477-80{seq:05}", f"{district}康复路{seq}号"
            yield seq, district, f"{district}{form}", category, grade, credit, "王某某", phone, address


def _childcare(today: dt.date) -> Rows:
    seq = 0
    for place, (code, district) in enumerate(_districts()):
        for order in range(4 + place % 3):
            seq += 1
            form = _FORMS[(place + order) % len(_FORMS)]
            nature, prefix = _NATURES.get(form, ("社会服务机构", "52"))
            credit = _credit_code(prefix, code, 2000 + order)
            filed = order % 4 != 3
            filed_on = f"{today - dt.timedelta(days=400 + 31 * seq):%Y.%m.%d}" if filed else "/"
            if seq == 7:
                credit = credit[:-1] + ("0" if credit[-1] != "0" else "1")
            if seq == 15:
                credit = f"{prefix[0]}.{prefix[1]}{code[:4]}E+17"
            places = 40 + 10 * (seq % 9)
            yield (
                seq,
                district if order == 0 else "",
                f"{district}{_STEMS[order]}{form}",
                credit,
                nature,
                "是" if filed else "否",
                filed_on,
                places,
                places * 3 // 4,
                "王某某",
                f"0477-81{seq:05}",
                f"{district}民族路{seq}号",
            )


def _credit_code(prefix: str, district: str, number: int) -> str:
    body = f"{prefix}{district}MA00{number}"
    body += "0" * (17 - len(body))
    return body + str(uscc.calc_check_digit(body))


def _write(path: Path, title: str, heads: list[tuple[str, str]], rows: Rows) -> None:
    """Title row, reporting row, two-level merged headings, rows, total: as offices lay them out.

    Source: domain.md#workbooks.
    """
    with replacing(path) as temporary, xlsxwriter.Workbook(str(temporary)) as book:
        book.set_properties({"created": dt.datetime(2026, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)})
        sheet = book.add_worksheet("名册")
        large = book.add_format({"bold": True, "font_size": 18, "align": "center"})
        head = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
        sheet.merge_range(0, 0, 0, len(heads) - 1, title, large)
        sheet.write_string(1, 0, "填报单位（盖章）：        填报人：王某某        填报时间：")
        _write_heads(sheet, heads, head)
        for number, row in enumerate(rows, start=4):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(number, column, value)
                else:
                    sheet.write_string(number, column, value)
        sheet.set_column(1, len(heads) - 1, 16)
        sheet.set_column(2, 3, 30)


def _write_heads(sheet: xlsxwriter.worksheet.Worksheet, heads: list[tuple[str, str]], style: object) -> None:
    for column, (upper, lower) in enumerate(heads):
        if not lower:
            sheet.merge_range(2, column, 3, column, upper, style)
            continue
        sheet.write_string(3, column, lower, style)
        if column == 0 or heads[column - 1][0] != upper:
            last = column + sum(1 for other, _ in heads[column + 1 :] if other == upper)
            sheet.merge_range(2, column, 2, last, upper, style)
