"""Thirty rosters as offices lay them out, each with clean rows, furniture, and doubts planted at known cells."""

import csv
import datetime as dt
import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, groupby
from pathlib import Path
from typing import Any

import xlsxwriter
from stdnum.cn import uscc

from yiyu.registry.model import Kind
from yiyu.registry.workbooks.text import column_letter

Cell = Any
Place = tuple[str, int, str]
"""Sheet, row as Excel counts, column letter."""
DISTRICTS = {
    "150602": "东胜区", "150603": "康巴什区", "150621": "达拉特旗", "150622": "准格尔旗", "150623": "鄂托克前旗",
    "150624": "鄂托克旗", "150625": "杭锦旗", "150626": "乌审旗", "150627": "伊金霍洛旗",
}  # fmt: skip
DOUBTS: dict[str, tuple[Cell, ...]] = {
    "name": ("None", "#N/A", "13800000000", "见附件"),
    "code": ("52150602MA1820701O", "5215060", "#REF!", 5.21506021e17),
    "district": ("阳光旗", "150699"),
    "filed": ("也许", "#N/A"),
    "filed_on": ("2025-02-30", "2205年6月1日", "#VALUE!"),
    "inclusive": ("看情况",),
    "places": ("很多", -5, "#DIV/0!"),
    "enrolled": ("若干", 9999),
    "staff": ("12.5", "未统计"),
    "contact": ("11010519491231002X",),
}
"""Cells that cannot be what their heading says; 9999 children are more than any number of places."""
_WORDS = [
    "晨星",
    "小鹿",
    "青禾",
    "蓝天",
    "朝阳",
    "牧歌",
    "白云",
    "春苗",
    "金色童年",
    "格桑花",
    "百灵",
    "云杉",
    "星河",
    "沙枣",
    "红柳",
]
_ENDINGS = {
    Kind.CHILDCARE: ("托育中心", "幼儿园（托班）", "婴幼儿照护服务有限公司", "托育园"),
    Kind.MEDICAL: ("社区卫生服务中心", "中心卫生院", "蒙医院", "妇幼保健院"),
}
_CATEGORIES = {
    "社区卫生服务中心": "社区卫生服务中心",
    "中心卫生院": "中心卫生院",
    "蒙医院": "蒙医院",
    "妇幼保健院": "妇幼保健院",
}
_DAY_0 = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}
DATES = {
    "date": lambda day, _: day,
    "dots": lambda day, _: f"{day:%Y.%m.%d}",
    "signs": lambda day, _: f"{day.year}年{day.month}月{day.day}日",
    "slashes": lambda day, _: f"{day.year}/{day.month}/{day.day}",
    "digits": lambda day, _: int(f"{day:%Y%m%d}"),
    "serial": lambda day, since_1904: (day - _DAY_0[since_1904]).days,
}
"""How a date stands in a cell, given whether the book counts from 1904."""
CHILDCARE = (
    "序号 district=旗区 name=机构名称 code=统一社会信用代码 filed=是否备案 filed_on=备案时间 inclusive=是否普惠 places=托位数"
    " enrolled=在托数 contact=联系人 phone=联系电话 address=地址"
)
MEDICAL = (
    "序号 district=所属旗区 name=医疗卫生机构名称 code=统一社会信用代码 category=机构类别 grade=医院等级"
    " contact=负责人 phone=联系方式 address=机构地址"
)


@dataclass(frozen=True)
class Block:
    """One table. ``columns``: ``field=heading`` by blanks, ``/`` between levels, a bare heading nobody knows, ``-`` blank.

    ``below``: rows after the last record. ``groups``: how districts are told: "cells", "merged", "rows" (a line of its
    own), "first" (only where it changes) or "" (by title or sheet: then all are of ``districts[0]``).
    """

    columns: str = CHILDCARE
    kind: Kind = Kind.CHILDCARE
    titles: tuple[str, ...] = ("鄂尔多斯市托育机构名册",)
    districts: tuple[str, ...] = ("150602", "150627")
    groups: str = "cells"
    each: int = 5
    """Clean rows of a district."""
    dates: str = "date"
    subtotals: str = ""
    page: int = 0
    """Rows of a page, after which ``marks`` and the headings stand again."""
    marks: tuple[str, ...] = ()
    sample: str = ""
    gaps: int = 0
    """Blank rows after each district."""
    numbered_blanks: int = 0
    below: tuple[str, ...] = ()
    texts: bool = False
    """Numbers stand as texts."""
    left: int = 0
    """Blank columns before the first."""
    hidden: tuple[str, ...] = ()
    """Fields whose column is hidden."""
    hidden_rows: int = 0
    yes: tuple[str, str] = ("是", "否")


@dataclass(frozen=True)
class Layout:
    """A file: its sheets by name, each with its tables. ``encoding``: of a CSV, "" for a workbook."""

    sheets: dict[str, tuple[Block, ...]]
    encoding: str = ""
    since_1904: bool = False


@dataclass
class Expected:
    """``rows``: the values of every clean row by name. ``furniture``: rows that are counted as no record."""

    rows: dict[str, dict[str, object]] = field(default_factory=dict)
    doubts: set[Place] = field(default_factory=set)
    doubted: set[str] = field(default_factory=set)
    """Names of rows with a doubt; whether they come in is for other tests."""
    furniture: set[tuple[str, int]] = field(default_factory=set)
    waiting: set[tuple[str, int]] = field(default_factory=set)


@dataclass
class _Page:
    name: str
    rows: list[dict[int, Cell]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def build(layout: Layout, seed: int, folder: Path) -> tuple[Path, Expected]:
    """Write the file of a layout; the same seed gives the same file."""
    rng, serial, expected = random.Random(seed), count(1), Expected()  # noqa: S311 - no secret
    pages = []
    for name, blocks in layout.sheets.items():
        pages.append(_Page(name))
        for block in blocks:
            _Writer(pages[-1], block, expected, rng, serial, since_1904=layout.since_1904).write()
    path = folder / ("名册.csv" if layout.encoding else "名册.xlsx")
    if layout.encoding:
        path.write_bytes(_csv(pages[0]).encode(layout.encoding))
    else:
        _workbook(path, pages, since_1904=layout.since_1904)
    return path, expected


class _Writer:
    """Puts one block under what its page has already."""

    def __init__(
        self,
        page: _Page,
        block: Block,
        expected: Expected,
        rng: random.Random,
        serial: Iterator[int],
        *,
        since_1904: bool,
    ) -> None:
        self.page, self.block, self.expected, self.rng, self.serial = page, block, expected, rng, serial
        self.since_1904 = since_1904
        self.columns: dict[int, tuple[str, list[str]]] = {}
        for at, text in enumerate(block.columns.split(" "), start=block.left):
            name, sign, heading = text.rpartition("=")
            if text != "-":
                self.columns[at] = (name if sign else f"? {at}", heading.split("/"))
        self.at = {name: at for at, (name, _) in self.columns.items()}
        self.on_page = 0

    def write(self) -> None:
        block, page = self.block, self.page
        known = bool(page.rows)
        for title in block.titles:
            self._line(title, counted=known)
        self._head()
        if block.sample:
            self._put(
                self._cells(self._institution(block.districts[0])) | {self.at["name"]: block.sample}, counted=True
            )
        doubts = [(name, cell) for name in DOUBTS if name in self.at for cell in DOUBTS[name]]
        if block.groups == "first":  # what stands there goes for the rows below, whatever it is
            doubts = [(name, cell) for name, cell in doubts if name != "district"]
        planted = {block.districts[0]: doubts[::2], block.districts[-1]: doubts[1::2]}
        for code in block.districts:
            self._district(code, planted.get(code, []))
        for _ in range(block.numbered_blanks):
            self._put({self.at.get("? 0", block.left): next(self.serial)}, counted=True)
        for line in block.below:
            self._line(line, counted=True)
        page.hidden_columns |= {self.at[name] for name in block.hidden}

    def _district(self, code: str, doubts: Sequence[tuple[str, Cell]]) -> None:
        block, page = self.block, self.page
        if block.groups == "rows":
            self._line(f"{self.rng.choice('一二三四')}、{DISTRICTS[code]}")
        rows: list[tuple[str, Cell] | None] = [*(None for _ in range(block.each)), *doubts]
        self.rng.shuffle(rows)
        top = len(page.rows)
        for doubt in rows:
            if block.page and self.on_page == block.page:
                self._turn(top, code)
                top = len(page.rows)
            self._record(code, doubt, first=len(page.rows) == top)
        self._merge_district(top, code)
        for _ in range(block.hidden_rows):
            one = self._institution(code)
            page.hidden_rows.add(len(page.rows))
            self.expected.waiting.add((page.name, self._put(self._cells(one))))
        if block.subtotals:
            where = {self.at["name"]: None} if "district" in self.at else {}
            self._put({block.left: block.subtotals, **where, self.at.get("places", block.left + 3): 100}, counted=True)
        for _ in range(block.gaps):
            page.rows.append({})

    def _turn(self, top: int, code: str) -> None:
        self._merge_district(top, code)
        for mark in self.block.marks:
            self._line(mark, counted=True)
        self._head(counted=True)

    def _merge_district(self, top: int, code: str) -> None:
        bottom, column = len(self.page.rows) - 1, self.at.get("district", -1)
        cells = {row: self.page.rows[row].get(column) for row in range(top, bottom + 1)}
        if self.block.groups == "merged":  # an alien cell ends a merge
            for alien, run in groupby(cells, key=lambda row: cells[row] not in (None, DISTRICTS[code])):
                found = list(run)
                if not alien:
                    self.page.rows[found[0]][column] = DISTRICTS[code]
                    if len(found) > 1:
                        self.page.merges.append((found[0], column, found[-1], column))

    def _record(self, code: str, doubt: tuple[str, Cell] | None, *, first: bool) -> None:
        one = self._institution(code)
        cells = self._cells(one)
        if self.block.groups == "merged" or (self.block.groups == "first" and not first):
            cells.pop(self.at["district"], None)
        if doubt:
            name, cell = doubt
            cells[self.at[name]] = cell
        row = self._put(cells)
        self.on_page += 1
        if doubt:
            self.expected.doubts.add((self.page.name, row, column_letter(self.at[doubt[0]])))
            self.expected.doubted.add(str(one["name"]))
        else:
            known = {"district", "name", "code", "category"}
            self.expected.rows[str(one["name"])] = {k: v for k, v in one.items() if k in self.at or k in known & {*one}}

    def _institution(self, code: str) -> dict[str, object]:
        rng, number = self.rng, next(self.serial)
        ending = rng.choice(_ENDINGS[self.block.kind])
        places = rng.randrange(20, 150, 5)
        body = f"52{code}{number:09d}"
        one: dict[str, object] = {
            "kind": self.block.kind,
            "district": code,
            "name": f"{DISTRICTS[code]}{rng.choice(_WORDS)}{number}{ending}",
            "code": body + uscc.calc_check_digit(body),
            "contact": f"{rng.choice('王李张赵')}某某",
            "phone": f"139{number:08d}",
            "address": f"民族路{number}号",
        }
        if self.block.kind is Kind.MEDICAL:
            return one | {"category": _CATEGORIES[ending], "grade": rng.choice(("一级", "二级", "三级"))}
        filed = rng.random() < 0.7
        one |= {"filed": filed, "inclusive": rng.random() < 0.5, "places": places, "enrolled": places - 10}
        one |= {"staff": places // 5, "filed_on": dt.date(2024, 1, 5) + dt.timedelta(days=number) if filed else None}
        return one

    def _cells(self, one: dict[str, object]) -> dict[int, Cell]:
        cells: dict[int, Cell] = {}
        for at, (name, levels) in self.columns.items():
            value = one.get(name)
            match value:
                case bool():
                    value = self.block.yes[0] if value else self.block.yes[1]
                case int() if self.block.texts:
                    value = f"{value}"
                case dt.date():
                    value = DATES[self.block.dates](value, self.since_1904)
            if name == "district":
                value = DISTRICTS[str(one["district"])]
            elif name == "phone2":
                value = "0477-8580000"
            elif name.startswith("?"):
                value = next(self.serial) if levels[-1] == "序号" else "甲"
            cells[at] = value
        if "phone2" in self.at:
            one["phone"] = f"{one['phone']}、0477-8580000"
        return {at: cell for at, cell in cells.items() if cell is not None}

    def _head(self, *, counted: bool = False) -> None:
        page, depth = self.page, max(len(levels) for _, levels in self.columns.values())
        top = len(page.rows)
        page.rows += [{} for _ in range(depth)]
        for at, (_, levels) in self.columns.items():
            for level, text in enumerate(levels):
                before = self.columns.get(at - 1, ("", []))[1]
                if level == len(levels) - 1 or before[: level + 1] != levels[: level + 1]:
                    page.rows[top + level][at] = text
            if len(levels) < depth:
                page.merges.append((top + len(levels) - 1, at, top + depth - 1, at))
        for level in range(depth - 1):
            uppers = {
                at: tuple(levels[: level + 1]) for at, (_, levels) in self.columns.items() if level < len(levels) - 1
            }
            for _, run in groupby(uppers, key=lambda at: uppers[at]):
                found = list(run)
                if len(found) > 1:
                    page.merges.append((top + level, found[0], top + level, found[-1]))
        self.on_page = 0
        if counted:
            self.expected.furniture.add((page.name, top + depth))

    def _line(self, text: str, *, counted: bool = False) -> None:
        self._put({self.block.left: text}, counted=counted)

    def _put(self, cells: dict[int, Cell], *, counted: bool = False) -> int:
        self.page.rows.append({at: cell for at, cell in cells.items() if cell is not None})
        if counted:
            self.expected.furniture.add((self.page.name, len(self.page.rows)))
        return len(self.page.rows)


def _csv(page: _Page) -> str:
    stream = io.StringIO()
    width = max(max(row, default=0) for row in page.rows) + 1
    writer = csv.writer(stream)
    writer.writerows([row.get(at, "") for at in range(width)] for row in page.rows)
    return stream.getvalue()


def _workbook(path: Path, pages: Sequence[_Page], *, since_1904: bool) -> None:
    with xlsxwriter.Workbook(str(path), {"date_1904": since_1904}) as book:
        date = book.add_format({"num_format": "yyyy/m/d"})
        for page in pages:
            sheet = book.add_worksheet(page.name)
            for top, left, bottom, right in page.merges:
                sheet.merge_range(top, left, bottom, right, "")
            for r, cells in enumerate(page.rows):
                for c, value in cells.items():
                    if isinstance(value, dt.date):
                        sheet.write_datetime(r, c, value, date)
                    elif isinstance(value, str) and value.startswith("#"):
                        sheet.write_formula(r, c, "=A1", None, value)
                    elif isinstance(value, str):
                        sheet.write_string(r, c, value)
                    else:
                        sheet.write_number(r, c, value)
            for r in page.hidden_rows:
                sheet.set_row(r, None, None, {"hidden": True})
            for c in page.hidden_columns:
                sheet.set_column(c, c, None, None, {"hidden": True})


_SHORT = "序号 district=旗区 name=机构名称 code=统一社会信用代码 places=托位数 enrolled=在托数 phone=联系电话"
_WIDE = (
    "序号 district=所属旗区 name=机构基本情况/托育机构名称 code=机构基本情况/统一社会信用代码 address=机构基本情况/机构地址"
    " filed=备案情况/是否备案 filed_on=备案情况/备案时间 inclusive=普惠情况/是否普惠 places=托位（个）/核定托位数"
    " ?=托位（个）/其中：乳儿班 enrolled=托位（个）/在托婴幼儿数 staff=工作人员（人）/总数 contact=负责人/姓名 phone=负责人/联系方式"
)
_DEEP = (
    "序号 district=旗区 name=基本情况/机构名称 contact=基本情况/负责人/姓名 phone=基本情况/负责人/联系电话 code=基本情况/统一社会信用代码"
    " filed=备案情况/是否备案 filed_on=备案情况/备案时间 places=托位情况/托位数（个） enrolled=托位情况/在托数（人）"
)
_NO_DISTRICT = (
    "序号 name=机构名称 code=统一社会信用代码 places=托位数（个） enrolled=实际在托数（人） contact=园长 phone=园长电话"
)
_NO_DISTRICT_2 = _NO_DISTRICT.replace("园长电话", "联系人电话")
_SIGNED = ("填报人：王某某      审核人：李某某      单位负责人（签字）：", "填报日期：2026年10月12日")
_FILLED = "填报单位（盖章）：某某卫生健康委员会      填报人：王某某      联系电话：0477-8581234"
_NOTES = ("注：1.在托数以月末实际人数为准；", "2.备案时间以系统通过日期为准。")
_TOWNED = (
    "序号 district=旗县区 town=苏木乡镇/街道 name=园所名称 code=信用代码 nature=机构性质 places=托位 enrolled=在托人数"
)
_UNKNOWN = _SHORT + " ?=建筑面积（㎡） ?=消防验收 ?=食堂许可证号"
_MEDICAL_WIDE = "序号 district=旗区 name=机构/医疗机构名称 code=机构/统一社会信用代码 category=机构/卫生机构类别 contact=联系人/姓名 phone=联系人/电话"
_MEDICAL_TITLE = ("鄂尔多斯市医疗卫生机构名册",)
_HOSPITALS = Block(MEDICAL, Kind.MEDICAL, _MEDICAL_TITLE)
_COUNTY = ("东胜区托育机构基本情况一览表",)


def _book(*blocks: Block, name: str = "Sheet1", since_1904: bool = False) -> Layout:
    return Layout({name: blocks}, since_1904=since_1904)


def _text(block: Block, encoding: str) -> Layout:
    return Layout({"": (block,)}, encoding)


LAYOUTS: dict[str, Layout] = {
    "plain": _book(Block(titles=())),
    "title, line of the office, signatures": _book(Block(titles=("托育机构名册", _FILLED), below=_SIGNED)),
    "annex above the title, notes below": _book(Block(titles=("附件1", *_COUNTY, _FILLED), below=_NOTES)),
    "headings of two levels": _book(Block(_WIDE, dates="dots", below=("合计：40家", *_NOTES))),
    "headings of three levels": _book(Block(_DEEP, dates="signs", groups="merged")),
    "districts merged down": _book(Block(groups="merged", districts=("150602", "150603", "150627"))),
    "districts said where they change": _book(Block(groups="first", subtotals="小计")),
    "districts in lines of their own": _book(Block(_NO_DISTRICT_2, groups="rows", titles=("托育机构名单",))),
    "district in the title": _book(Block(_NO_DISTRICT_2, groups="", districts=("150602",), titles=_COUNTY)),
    "a sheet for each district": Layout(
        {DISTRICTS[code]: (Block(_NO_DISTRICT_2, groups="", districts=(code,), titles=()),) for code in DISTRICTS}
    ),
    "subtotals, blank rows, total": _book(Block(subtotals="小 计", gaps=2, below=("合 计", "总计：40家"))),
    "nothing below": _book(Block(below=("（以下空白）",), numbered_blanks=6)),
    "a filled-in sample": _book(Block(_SHORT, sample="（示例）某某托育中心", numbered_blanks=3)),
    "headings on every page": _book(Block(page=6, marks=("第1页 共3页",), groups="cells")),
    "headings on every page, district in the title": _book(
        Block(
            _NO_DISTRICT_2, groups="", districts=("150603",), titles=("康巴什区托育机构名册",), page=7, marks=("— 1 —",)
        )
    ),
    "headings of two levels on every page": _book(Block(_WIDE, page=8, marks=("转下页",), groups="merged")),
    "columns nobody knows": _book(Block(_UNKNOWN, texts=True)),
    "blank columns between and before": _book(
        Block(_SHORT.replace(" code", " - code").replace(" phone", " - - phone"), left=2)
    ),
    "telephones in two columns": _book(Block(_SHORT.replace("phone=联系电话", "phone=手机 phone2=办公电话"))),
    "serial days of 1900": _book(Block(dates="serial", texts=True)),
    "serial days of 1904": _book(Block(dates="serial", yes=("√", "×")), since_1904=True),
    "dates of 1904": _book(Block(dates="date"), since_1904=True),
    "dates as eight digits, ticks": _book(Block(dates="digits", yes=("有", "无"))),
    "a hidden column and hidden rows": _book(Block(hidden=("code",), hidden_rows=2, dates="slashes")),
    "towns and other words": _book(Block(_TOWNED, titles=("托育机构统计表",))),
    "hospitals": _book(_HOSPITALS, name="医疗"),
    "hospitals under two levels": _book(
        Block(_MEDICAL_WIDE, Kind.MEDICAL, _MEDICAL_TITLE, subtotals="小计", below=_SIGNED)
    ),
    "both kinds, a sheet each": Layout({"医疗机构": (_HOSPITALS,), "托育机构": (Block(),)}),
    "both kinds on one sheet": _book(
        Block(MEDICAL, Kind.MEDICAL, ("一、医疗卫生机构名册",), gaps=1), Block(_SHORT, titles=("二、托育机构名册",))
    ),
    "several tables on one sheet": _book(
        *(
            Block(_NO_DISTRICT_2, groups="", districts=(code,), titles=(f"{DISTRICTS[code]}托育机构名册",), gaps=1)
            for code in ("150602", "150621", "150626")
        )
    ),
    "text of UTF-8": _text(Block(dates="slashes", below=_NOTES), "utf-8-sig"),
    "text of GBK": _text(Block(_SHORT, titles=("托育机构名册",), subtotals="小计", below=_SIGNED), "gbk"),
    "text of GB 18030 under two levels": _text(Block(_WIDE, dates="signs", numbered_blanks=2), "gb18030"),
}
"""Each by what is particular about it."""
