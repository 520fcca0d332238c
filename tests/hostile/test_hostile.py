"""Claims about files from outside, each through the command that is meant for it, in a child of its own with limits.

The table says of each file its name, how it is made, the command, and what comes of it: the honest ones, however
awkward, are taken with these facts; the others are refused with this exit code and these words, and change nothing.
"""

import datetime as dt
import json
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hostile import papers, registries, scans, texts, workbooks
from hostile.case import Case, Forge, Outcome, Refused, Taken, copied, harm, unchanged
from hostile.offices import NUMBER
from hostile.workbooks import csv, roster, row

ROSTER = ("institution", "import", "{file}", "--kind", "childcare", "--json")
CHILDCARE = ("institution", "list", "--kind", "childcare", "--json")
LEDGER = ("agreement", "import", "{file}", "--apply", "--json")
AGREEMENTS = ("agreement", "list", "--json")
VISITS = ("activity", "import", "{file}", "--json")
DRAFT = ("agreement", "draft", "--from", "{file}", "--json")
CHECK = ("template", "check", "{file}")
FILL = ("template", "fill", "{file}", "{folder}/data.json", "-o", "{folder}/out.docx")
FILL_WITH = ("template", "fill", "{folder}/template.docx", "{file}", "-o", "{folder}/out.docx")
GENERATE = ("generate", NUMBER, "--json")
MERGE = ("archive", "merge", "{file}", "-o", "{folder}/out.pdf")
INTAKE = ("archive", "intake", "{file}", "--json")
VERIFY = ("archive", "verify", "--manifest", "{file}", "--json")
RESTORE = ("restore", "{file}", "{folder}/new", "--without-note", "--json")
LIST, SIGN, INTEGRITY = AGREEMENTS, ("agreement", "sign", NUMBER, "--party", "甲", "--on", "2026-01-02"), ("check",)
PLAN = ("remind", "--json")
PACKS = ("pack", "show", "ordos", "--json")

BAD_BOOK, BAD_PAPER, BAD_SCAN, BAD_REGISTRY = (
    Refused(7, "损坏"), Refused(6, "另存为新的 .docx"), Refused(7, "已损坏"), Refused(8, "登记库"),
)  # fmt: skip
BOTH = Taken({"rows": 2, "added": 2, "problems": []})
ONE = Taken({"rows": 1, "added": 1, "problems": []})
FILLED = Taken(says="已保存")
UNTAGGED = Refused(6, "没有一个标签")
MERGED = Taken(says="共 2 页")
FIRST = "东胜区1号托育中心"


def found(**shown: object) -> Taken:
    """One row taken, and an institution of the list that looks so."""
    return Taken({"rows": 1, "added": 1, "problems": []}, CHILDCARE, [shown])


def problem(column: str, code: str, *, rows: int = 2) -> Taken:
    """A row that is not imported, with the cell; the other one is."""
    facts = {
        "rows": rows,
        "added": rows - 1,
        "problems": [{"row": 2, "column": column, "code": code, "severity": "error"}],
    }
    return Taken(facts, code=10)


def parked(column: str, code: str) -> Taken:
    """A cell that is left blank and named; its row is imported like the other."""
    problem = {"row": 2, "column": column, "code": code, "severity": "warning"}
    return Taken({"rows": 2, "added": 2, "problems": [problem]}, code=10)


def filled(**changed: object) -> Any:
    return roster(row(1, **changed), row(2))


LEDGER_HEAD = ("协议编号", "甲方", "乙方", "协议类型", "签约状态", "签订日期", "生效日期", "截止日期")
SIGNED = (
    "旧-001",
    "东胜区示范社区卫生服务中心",
    "东胜区小马托育中心",
    "基层型",
    "已签",
    "2025年1月5日",
    "2025.1.5",
    "2026/1/4",
)
VISIT_HEAD = ("日期", "乙方", "甲方", "形式", "服务人员", "参加人数")
VISIT = ("2026年3月5日", "东胜区小鹿托育中心", "东胜区示范社区卫生服务中心", "上门", "王某某", "12")


def table(*rows: Any) -> Any:
    return lambda: workbooks.book({"一季度": rows})


def rows_of(*rows: Any, encoding: str = "utf-8") -> Any:
    return lambda: "\r\n".join(",".join(map(str, one)) for one in rows).encode(encoding)


WORKBOOKS = [
    # What clerks send.
    Case("titles-and-totals.xlsx", workbooks.titled, ROSTER, BOTH),
    Case(
        "two-merged-header-rows.xlsx", workbooks.two_levels, ROSTER, found(name=FIRST, filed_on="2024-03-05", places=60)
    ),
    Case(
        "merged-districts.xlsx",
        workbooks.merged_districts,
        ROSTER,
        Taken(
            {"rows": 3, "added": 3, "problems": []},
            CHILDCARE,
            [{"name": "东胜区3号托育中心", "district_code": "150602"}],
        ),
    ),
    Case(
        "dates-as-text.xlsx",
        workbooks.text_dates,
        ROSTER,
        Taken(
            {"rows": 6, "added": 6, "problems": []},
            CHILDCARE,
            [{"name": f"东胜区{n}号托育中心", "filed_on": "2024-03-05"} for n in range(1, 7)],
        ),
    ),
    Case(
        "dates-of-1904.xlsx",
        roster(row(1, 备案时间=dt.date(2024, 3, 5)), date_1904=True),
        ROSTER,
        found(filed_on="2024-03-05"),
    ),
    Case("hidden-sheet.xlsx", workbooks.two_sheets, ROSTER, Taken({"rows": 1, "added": 1, "problems": []}, code=10)),
    Case("strict-dialect.xlsx", workbooks.strict_dialect, ROSTER, BOTH),
    Case("links-and-comments.xlsx", workbooks.linked, ROSTER, ONE),
    Case("values-of-another-book.xlsx", workbooks.other_book, ROSTER, found(places=60)),
    Case("borders-far-down.xlsx", workbooks.with_a_tail, ROSTER, BOTH),
    Case(
        "colour-at-the-last-cell.xlsx",
        workbooks.sheet(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'),
        ROSTER,
        BOTH,
    ),
    Case(
        "extent-that-lies.xlsx",
        workbooks.sheet(b'<dimension ref="A1:H3"/>', b'<dimension ref="A1:XFD1048576"/>'),
        ROSTER,
        BOTH,
    ),
    Case(
        "empty-fill-of-web-exports.xlsx",
        workbooks.part(workbooks.STYLES, b'<fill><patternFill patternType="none"/></fill>', b"<fill/>"),
        ROSTER,
        BOTH,
    ),
    Case("formula-with-its-result.xlsx", filled(托位数=("=30*2", 60)), ROSTER, BOTH),
    Case("formula-never-calculated.xlsx", filled(托位数=("=30*2", "")), ROSTER, parked("F", "cell-error")),
    Case("formula-that-broke.xlsx", filled(托位数=("=A1", "#REF!")), ROSTER, parked("F", "cell-error")),
    Case(
        "_x0000_-in-a-name.xlsx",
        workbooks.part("xl/sharedStrings.xml", "东胜区1号".encode(), "东胜区_x0000_1号".encode()),
        ROSTER,
        problem("A", "cell-character"),
    ),
    Case(
        "code-typed-as-number.xlsx",
        filled(统一社会信用代码=915206027955052971),
        ROSTER,
        problem("B", "code-precision-lost"),
    ),
    Case("thirtieth-of-february.xlsx", filled(备案时间="2025年2月30日"), ROSTER, parked("E", "date-unreadable")),
    Case("places-not-a-number.xlsx", workbooks.sheet(b"<v>60</v>", b"<v>NaN</v>"), ROSTER, parked("F", "cell-error")),
    Case(
        "telephone-as-number.xlsx",
        roster(row(1, 联系电话=4771234567)),
        ROSTER,
        Taken({"added": 1}, (*CHILDCARE, "--phones"), [{"phone": "04771234567"}]),
    ),
    Case(
        "rare-characters.xlsx",
        roster(row(1, 机构名称="东胜区𠮷𡃁&<乐>园👶🏽ᠮᠣᠩ托育中心")),
        ROSTER,
        found(name="东胜区𠮷𡃁&<乐>园👶🏽ᠮᠣᠩ托育中心"),
    ),
    Case(
        "a-name-like-a-formula.xlsx",
        roster(row(1, 机构名称="=cmd|' /C calc'!A0")),
        ROSTER,
        found(name="=cmd|' /C calc'!A0"),
    ),
    Case("UPPER.XLSX", roster(), ROSTER, BOTH),
    Case("workbook-called.csv", roster(), ROSTER, BOTH),
    Case("a-link.xlsx", workbooks.link, ROSTER, BOTH),
    Case("名" * 82 + ".xlsx", filled(统一社会信用代码="12"), ROSTER, problem("B", "code-length")),
    Case(
        "\udcc3\udcfb\udcb2\udce1.xlsx",
        filled(统一社会信用代码="12"),
        ROSTER,
        Taken({"file": "名册.xlsx", "rows": 2, "added": 1}, code=10),
    ),
    Case("two\nlines; $(x) 'n' &.xlsx", roster(), ROSTER, BOTH),
    Case(
        "-looks-like-an-option.xlsx",
        roster(),
        ("institution", "import", "--kind", "childcare", "--json", "--", "{name}"),
        BOTH,
    ),
    Case(
        "ledger-of-before.xlsx",
        table(LEDGER_HEAD, SIGNED),
        LEDGER,
        Taken(
            {"rows": 1, "problems": []},
            AGREEMENTS,
            [{"number": "旧-001", "signing": "signed", "starts_on": "2025-01-05", "ends_on": "2026-01-04"}],
        ),
    ),
    Case(
        "visits-by-quarter.xlsx",
        table(("2026年活动登记册",), VISIT_HEAD, VISIT),
        VISITS,
        Taken({"rows": 1, "added": 1}, ("activity", "list", "--json"), [{"on": "2026-03-05", "form": "上门指导"}]),
    ),
    Case(
        "wanted-agreements.xlsx",
        table(("甲方名称", "乙方名称", "协议类型"), ("东胜区妇幼保健院", "东胜区小马托育中心", "FY")),
        DRAFT,
        Taken({}, AGREEMENTS, [{"variant": "FY"}]),
    ),
    Case("district-by-code.xlsx", roster(row(1, 旗区=150602)), ROSTER, found(district_code="150602")),
    Case("yes-as-a-tick.xlsx", roster(row(1, 是否备案="√")), ROSTER, found(filed=True)),
    Case("places-with-their-unit.xlsx", roster(row(1, 托位数="60个")), ROSTER, found(places=60)),
    Case("nothing-as-a-dash.xlsx", roster(row(1, 备案时间="——", 托位数="/")), ROSTER, ONE),
    Case(
        "spaces-and-breaks-in-cells.xlsx", roster(row(1, 机构名称="　东胜区1号\n托育中心 ")), ROSTER, found(name=FIRST)
    ),
    Case(
        "code-in-full-width.xlsx",
        roster(row(1, 统一社会信用代码="".join(chr(ord(c) + 0xFEE0) for c in workbooks.code(1)))),
        ROSTER,
        found(code=workbooks.code(1)),
    ),
    Case("the-same-row-twice.xlsx", roster(row(1), row(1)), ROSTER, Taken({"rows": 2, "added": 1})),
    Case("ditto.xlsx", roster(row(1), row(2, 旗区="同上")), ROSTER, BOTH),
    Case(
        "two-thousand-rows.xlsx",
        lambda: workbooks.book([workbooks.HEAD, *(row(n) for n in range(1, 2001))]),
        ROSTER,
        Taken({"rows": 2000, "added": 2000}),
    ),
    Case("adult's-number-in-a-cell.xlsx", roster(row(1, 联系人="王某某150602198001010012")), ROSTER, ONE),
    Case("cells-without-addresses.xlsx", workbooks.without_addresses, ROSTER, BOTH),
    Case("comment-behind-the-zip.xlsx", lambda: roster()()[:-2] + b"\x05\x00hello", ROSTER, BOTH),
    # What nobody should.
    Case("empty.xlsx", bytes, ROSTER, Refused(7, "文件是空的")),
    Case("cut-off.xlsx", lambda: roster()()[:3000], ROSTER, BAD_BOOK),
    Case("two-hundred-megabytes.xlsx", workbooks.padded(200), ROSTER, Refused(7, "展开后过大")),
    Case("five-thousand-members.xlsx", workbooks.many_members, ROSTER, Refused(7, "成员过多")),
    Case("a-sheet-twice.xlsx", workbooks.twice(workbooks.SHEET), ROSTER, Refused(7, "重复或重叠")),
    Case("sheets-over-each-other.xlsx", workbooks.overlapping, ROSTER, Refused(7, "重复或重叠")),
    Case("size-that-lies.xlsx", workbooks.lying("size"), ROSTER, BAD_BOOK),
    Case("checksum-that-lies.xlsx", workbooks.lying("crc"), ROSTER, BAD_BOOK),
    Case("password-of-zip.xlsx", workbooks.flagged, ROSTER, Refused(7, "密码")),
    Case(
        "password-of-excel.xlsx",
        lambda: workbooks.OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        ROSTER,
        Refused(7, "密码"),
    ),
    Case("old-excel.xlsx", lambda: workbooks.OLE + bytes(5000), ROSTER, Refused(7, "旧格式")),
    Case("packed-by-lzma.xlsx", workbooks.squeezed(zipfile.ZIP_LZMA), ROSTER, Refused(7, "不合规范")),
    Case("packed-by-nobody.xlsx", workbooks.unknown_method, ROSTER, Refused(7, "不合规范")),
    Case("billion-laughs.xlsx", workbooks.entities(workbooks.SHEET), ROSTER, Refused(7, "DOCTYPE")),
    Case("billion-laughs-aside.xlsx", workbooks.entities("docProps/core.xml"), ROSTER, Refused(7, "DOCTYPE")),
    Case("entity-of-a-file.xlsx", workbooks.entity_of_a_file, ROSTER, Refused(7, "DOCTYPE")),
    Case("doctype-in-utf-16.xlsx", workbooks.in_utf16("xl/sharedStrings.xml"), ROSTER, Refused(7, "DOCTYPE")),
    Case("macros.xlsx", workbooks.added("xl/vbaProject.bin"), ROSTER, Refused(7, "宏")),
    Case(
        "sheet-from-elsewhere.xlsx",
        workbooks.part(
            workbooks.RELATIONS, b'Target="worksheets', b'TargetMode="External" Target="http://127.0.0.1:9/'
        ),
        ROSTER,
        Refused(7, "引用了外部"),
    ),
    Case("member-that-climbs-out.xlsx", workbooks.added("../../../tmp/x"), ROSTER, Refused(7, "不合规范")),
    Case("program-in-front.xlsx", lambda: b"MZ" + bytes(1000) + roster()(), ROSTER, Refused(7, "内容不是 .xlsx")),
    Case(
        "cell-at-the-end-of-the-world.xlsx",
        workbooks.sheet(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
        ROSTER,
        Refused(7, "远处有多余的内容"),
    ),
    Case(
        "row-of-twenty-figures.xlsx",
        workbooks.sheet(b'<row r="2"', b'<row r="99999999999999999999"'),
        ROSTER,
        Refused(7, "远处有多余的内容"),
    ),
    Case(
        "text-number-minus-one.xlsx",
        workbooks.sheet(b'<c r="A2" t="s"><v>8</v>', b'<c r="A2" t="s"><v>-1</v>'),
        ROSTER,
        BAD_BOOK,
    ),
    Case(
        "text-number-too-high.xlsx",
        workbooks.sheet(b'<c r="A2" t="s"><v>8</v>', b'<c r="A2" t="s"><v>99999999</v>'),
        ROSTER,
        BAD_BOOK,
    ),
    Case(
        "four-billion-texts.xlsx",
        workbooks.part("xl/sharedStrings.xml", b"<sst ", b'<sst uniqueCount="4000000000" '),
        ROSTER,
        BAD_BOOK,
    ),
    Case(
        "control-character.xlsx",
        workbooks.part("xl/sharedStrings.xml", "东胜区1号".encode(), "东胜区&#7;1号".encode()),
        ROSTER,
        BAD_BOOK,
    ),
    Case("name-of-a-book's-length.xlsx", filled(机构名称="长" * 30_000), ROSTER, problem("A", "cell-too-long")),
    Case("text-turned-around.xlsx", filled(机构名称="东胜区\u202e心中育托"), ROSTER, problem("A", "cell-character")),
    Case("dde.xlsx", filled(托位数=("=cmd|'/c calc'!A0", "#REF!")), ROSTER, parked("F", "cell-error")),
    Case(
        "list-of-children.xlsx",
        table(("幼儿姓名", "身份证号", "机构名称", "旗区"), ("王某某", "150602202401010015", FIRST, "东胜区")),
        ROSTER,
        Refused(4, "儿童个人信息"),
    ),
    Case(
        "children-among-visits.xlsx",
        table((*VISIT_HEAD, "幼儿姓名", "身份证号"), (*VISIT, "王某某", "150602202401010015")),
        VISITS,
        Refused(4, "儿童个人信息"),
    ),
    Case("html.xlsx", lambda: b"<html><table></table></html>", ROSTER, Refused(7, "网页")),
    Case("pdf.xlsx", scans.paper, ROSTER, Refused(7, "这是 PDF")),
    Case("word.xlsx", papers.paper, LEDGER, Refused(7, "Word 文档")),
    Case("no-headings.xlsx", table(("a", "b"), ("c", "d")), VISITS, Refused(4, "没有找到活动登记册的表头")),
    Case("pipe.xlsx", workbooks.pipe, ROSTER, Refused(7, "不是普通文件")),
    Case("folder.xlsx", workbooks.folder, DRAFT, Refused(7, "这是文件夹")),
    Case("link-to-itself.xlsx", workbooks.loop, LEDGER, Refused(7, "链接绕成了圈")),
    Case("link-to-nothing.xlsx", workbooks.dangling, VISITS, Refused(7, "找不到文件")),
    Case("endless-device.xlsx", workbooks.endless_device, ROSTER, Refused(7, "不是普通文件")),
]

CSV = [
    Case("plain.csv", csv(), ROSTER, BOTH),
    Case("mark-of-notepad.csv", csv(encoding="utf-8-sig"), ROSTER, BOTH),
    Case("gb18030.csv", csv(encoding="gb18030"), ROSTER, BOTH),
    Case("unicode-text.csv", csv(encoding="utf-16", by="\t"), ROSTER, BOTH),
    Case("semicolons.csv", csv(by=";"), ROSTER, BOTH),
    Case("wide-commas.csv", csv(by="，"), ROSTER, BOTH),
    Case("old-mac-line-ends.csv", csv(end="\r"), ROSTER, BOTH),
    Case("gb18030-that-is-utf-8-too.csv", workbooks.looks_like_utf8, ROSTER, found(name="学时状态")),
    Case("quotes-and-breaks.csv", csv(row(1, 机构名称='"东胜区\n1号""园"""')), ROSTER, found(name='东胜区1号"园"')),
    Case(
        "guarded-from-formulas.csv",
        csv(row(1, 机构名称="'=1+1托育", 联系电话='="04771234567"')),
        ROSTER,
        found(name="=1+1托育"),
    ),
    Case("fifty-thousand-blank-rows.csv", lambda: csv()() + b",,,,,,,\r\n" * 50_000, ROSTER, BOTH),
    Case(
        "ledger-in-gb18030.csv",
        rows_of(LEDGER_HEAD, SIGNED, encoding="gb18030"),
        LEDGER,
        Taken({"rows": 1, "problems": []}, AGREEMENTS, [{"number": "旧-001", "signing": "signed"}]),
    ),
    Case("tabs.csv", csv(by="\t"), ROSTER, BOTH),
    Case("text.txt", csv(encoding="gb18030", by="\t"), ROSTER, BOTH),
    Case("blank-lines-first.csv", lambda: b"\r\n\r\n" + csv()(), ROSTER, BOTH),
    Case("no-last-line-end.csv", lambda: csv()().rstrip(), ROSTER, BOTH),
    Case(
        "zero-width-spaces.csv",
        csv(row(1, 机构名称="东胜区\u200b1号托育中心\ufeff")),
        ROSTER,
        Taken(
            {"rows": 1, "added": 1, "problems": [{"code": "cleaned", "message": "去掉2个看不见的字符"}]},
            CHILDCARE,
            [{"name": FIRST}],
        ),
    ),
    Case("visits-in-utf-8.csv", rows_of(VISIT_HEAD, VISIT), VISITS, Taken({"rows": 1, "added": 1})),
    Case("nul.csv", lambda: csv()().replace("号".encode(), b"\0", 1), ROSTER, Refused(7, "文件不是文本")),
    Case("two-encodings.csv", workbooks.two_encodings, ROSTER, Refused(7, "编码")),
    Case(
        "surrogates.csv",
        lambda: csv()().replace("号".encode(), b"\xed\xa0\xbd\xed\xb8\x80", 1),
        ROSTER,
        Refused(7, "编码"),
    ),
    Case("quote-never-closed.csv", lambda: csv()() + b'"abc', ROSTER, Refused(7, "引号不成对")),
    Case("a-million-columns.csv", workbooks.wide, ROSTER, Refused(7, "1000008 格")),
    Case("a-cell-of-twenty-megabytes.csv", workbooks.endless_line, ROSTER, Refused(7, "某一格过长")),
    Case("forty-megabytes.csv", workbooks.forty_megabytes, ROSTER, Refused(7, "文件过大")),
    Case("no-text.csv", lambda: bytes(range(1, 256)) * 100, VISITS, Refused(7, "编码")),
    Case("bell.csv", csv(row(1, 机构名称="东胜\x07托育"), row(2)), ROSTER, problem("A", "cell-character")),
    Case(
        "list-of-children.csv",
        texts.text("幼儿姓名,身份证号,旗区\n王某某,150602202401010015,东胜区\n"),
        ROSTER,
        Refused(4, "儿童个人信息"),
    ),
]

TEMPLATES = [
    Case("tag-split-over-runs.docx", papers.split_runs, FILL, FILLED),
    Case("tracked-changes.docx", papers.revised, FILL, FILLED),
    Case("main-part-of-word-online.docx", papers.other_main, FILL, FILLED),
    Case("hyperlink.docx", papers.relation("hyperlink"), FILL, FILLED),
    Case("page-numbers.docx", papers.field("PAGE \\* MERGEFORMAT"), FILL, UNTAGGED),
    Case("模" * 80 + ".docx", papers.of(), FILL, FILLED),
    Case("\udcc4\udca3\udcb0\udce5.docx", papers.of(), CHECK, Taken(says="没有发现问题")),
    Case("full-width-braces.docx", papers.of("｛｛ 甲方.名称 ｝｝"), CHECK, Refused(6, "1 处错误", "全角的花括号")),
    Case("tag-not-closed.docx", papers.of("{{ 甲方.名称"), FILL, Refused(6, "标签没有写完")),
    Case("field-nobody-knows.docx", papers.of("{{ 甲方.名字 }}"), CHECK, Refused(6, "1 处错误", "是不是想写“名称”")),
    Case(
        "loop-over-rows.docx",
        papers.of("{% for 项 in 服务项目 %}{{ 项.代码 }}{% endfor %}"),
        CHECK,
        Taken(says="没有发现问题"),
    ),
    Case("filters.docx", papers.of("{{ 甲方.名称|填空(10) }}"), CHECK, Taken(says="没有发现问题")),
    Case("ampersand-in-the-text.docx", papers.of("甲 & 乙 <丙> {{ 甲方.名称 }}"), FILL, FILLED),
    Case("braces-in-the-text.docx", papers.of("{ 1 } { { 乙；丙 } } {{ 甲方.名称 }}"), FILL, FILLED),
    Case("a-field-in-one-brace.docx", papers.of("{ 甲 } {{ 甲方.名称 }}"), FILL, Refused(6, "只有一层花括号")),
    Case("no-tags-at-all.docx", papers.of("没有标签"), FILL, UNTAGGED),
    Case(
        "document-of-fifty-pages.docx", papers.of(*(f"第{n}条 {{{{ 甲方.名称 }}}}" for n in range(1500))), FILL, FILLED
    ),
    Case("unknown-part-of-wps.docx", papers.member("customXml/item9.bin"), FILL, FILLED),
    Case("thumbnail.docx", papers.member("docProps/thumbnail.jpeg"), FILL, FILLED),
    Case("no-list-of-links.docx", papers.part(papers.RELATIONS, lambda _: None), FILL, FILLED),
    Case(
        "link-to-it.docx",
        lambda path: (path.with_name("x").write_bytes(papers.paper()), path.symlink_to("x"))[1],
        FILL,
        FILLED,
    ),
    Case("empty.docx", bytes, FILL, BAD_PAPER),
    Case("cut-off.docx", lambda: papers.paper()[:9000], CHECK, Refused(6, "1 处错误", "文件已损坏")),
    Case("old-word.docx", lambda: workbooks.OLE + bytes(3000), FILL, Refused(6, "旧格式")),
    Case("rtf.docx", lambda: b"{\\rtf1}", FILL, BAD_PAPER),
    Case("workbook.docx", roster(), FILL, Refused(6, "Excel 工作簿")),
    Case("program-in-front.docx", papers.sfx, FILL, BAD_PAPER),
    Case("bomb.docx", papers.bomb, FILL, Refused(6, "展开后过大")),
    Case("size-that-lies.docx", papers.quine_like, FILL, BAD_PAPER),
    Case("hundred-thousand-levels.docx", papers.deep, FILL, Refused(6, "内部结构无法读取")),
    Case("body-twice.docx", papers.twice, FILL, Refused(6, "重复或重叠")),
    Case("member-that-climbs-out.docx", papers.member("../../x"), FILL, Refused(6, "不合规范")),
    Case("macros.docx", papers.macros, FILL, Refused(6, "宏")),
    Case("macros-by-kind.docx", papers.macro_kind, CHECK, Refused(6, "1 处错误", "宏")),
    Case("control.docx", papers.member("word/activeX/activeX1.xml"), FILL, Refused(6, "控件")),
    Case("entity-of-a-file.docx", papers.entity, FILL, Refused(6, "DOCTYPE")),
    Case("billion-laughs.docx", papers.laughs, FILL, Refused(6, "DOCTYPE")),
    Case("doctype-in-utf-16.docx", papers.in_utf16, FILL, Refused(6, "DOCTYPE")),
    Case(
        "picture-from-elsewhere.docx", papers.remote_picture("http://127.0.0.1:9/x.png"), FILL, Refused(6, "引用了外部")
    ),
    Case(
        "template-from-elsewhere.docx", papers.relation("attachedTemplate"), CHECK, Refused(6, "1 处错误", "引用了外部")
    ),
    Case("dde.docx", papers.field('DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"'), FILL, Refused(6, "DDEAUTO")),
    Case(
        "include-picture.docx",
        papers.field('INCLUDEPICTURE "http://127.0.0.1:9/x.png" \\d'),
        FILL,
        Refused(6, "INCLUDEPICTURE"),
    ),
    Case("include-text.docx", papers.field('INCLUDETEXT "/etc/passwd"'), CHECK, Refused(6, "1 处错误", "INCLUDETEXT")),
    Case("web-page-inside.docx", papers.alternate_chunk, FILL, Refused(6, "altChunk")),
    Case(
        "runs-a-program.docx",
        papers.of("{{ cycler.__init__.__globals__.os.popen('id').read() }}"),
        FILL,
        Refused(6, "不允许的内容"),
    ),
    Case(
        "endless-loop.docx",
        papers.of("{% for i in range(10**9) %}x{% endfor %}"),
        FILL,
        Refused(6, "循环、嵌套或数字过大"),
    ),
    Case("pipe.docx", workbooks.pipe, FILL, Refused(7, "不是普通文件")),
    Case(
        "office/templates/ordos/agreement.docx",
        papers.remote_picture("http://127.0.0.1:9/x.png"),
        GENERATE,
        Refused(10, "", "引用了外部"),
    ),
]

DATA = [
    Case("mark-of-notepad.json", texts.data(encoding="utf-8-sig"), FILL_WITH, FILLED),
    Case("escaped.json", texts.data(ensure_ascii=True), FILL_WITH, FILLED),
    Case("rare-characters.json", texts.data(texts.named("甲👶🏽𠮷ᠮᠣᠩ")), FILL_WITH, FILLED),
    Case("looks-like-markup.json", texts.data(texts.named("</w:t></w:r>甲 & 乙 {{ 7*7 }}")), FILL_WITH, FILLED),
    Case("windows-line-ends.json", texts.data(texts.named("甲\r\n乙")), FILL_WITH, FILLED),
    Case("long-text.json", texts.data(texts.named("长" * 400_000)), FILL_WITH, FILLED),
    Case("forty-levels.json", texts.nested(40), FILL_WITH, FILLED),
    Case("more-than-asked.json", texts.data({**texts.DATA, "其他": 1.5}), FILL_WITH, FILLED),
    Case("whole-number.json", texts.data(texts.named(12)), FILL_WITH, FILLED),
    Case("true.json", texts.data(texts.named(True)), FILL_WITH, FILLED),
    Case("blank.json", texts.data(texts.named("")), FILL_WITH, FILLED),
    Case("accents-apart.json", texts.data(texts.named("e\u0301 ﾃﾞ")), FILL_WITH, FILLED),
    Case("indented.json", texts.data(indent=4), FILL_WITH, FILLED),
    Case("hundred-thousand-items.json", texts.data({**texts.DATA, "列": ["x"] * 100_000}), FILL_WITH, FILLED),
    Case("names-of-python.json", texts.data({**texts.DATA, "__class__": "x", "self": 1}), FILL_WITH, FILLED),
    Case("hundred-thousand-levels.json", texts.nested(100_000), FILL_WITH, Refused(4, "嵌套过深")),
    Case("five-thousand-figures.json", texts.text('{"甲方": ' + "9" * 5000 + "}"), FILL_WITH, Refused(4, "数字过长")),
    Case("not-a-number.json", texts.text('{"甲方": NaN}'), FILL_WITH, Refused(4, "NaN")),
    Case("one-key-twice.json", texts.text('{"甲方": 1, "甲方": 2}'), FILL_WITH, Refused(4, "出现了两次")),
    Case("cut-off.json", texts.text('{"甲方": {"名称": "a'), FILL_WITH, Refused(4, "第1行第15列")),
    Case("list.json", texts.data([1]), FILL_WITH, Refused(4, "最外层")),
    Case("nothing-for-a-name.json", texts.data(texts.named(None)), FILL_WITH, Refused(4, "没有值")),
    Case(
        "half-a-character.json",
        texts.text('{"甲方": {"名称": "\\ud800"}, "乙方": {"名称": "b"}}'),
        FILL_WITH,
        Refused(4, "U+D800"),
    ),
    Case("bell.json", texts.data(texts.named("a\u0007")), FILL_WITH, Refused(4, "U+0007")),
    Case("gb18030.json", texts.data(encoding="gb18030"), FILL_WITH, Refused(4, "UTF-8")),
    Case("seventeen-megabytes.json", texts.text(" " * (17 << 20)), FILL_WITH, Refused(7, "文件过大")),
]

CONFIG, HOLIDAYS, PACK = "office/yiyu.toml", "office/holidays-2027.toml", "office/templates/ordos/pack.toml"
YEAR = (
    "off = [[2027-01-01, 2027-01-03], [2027-02-05, 2027-02-11], [2027-04-03, 2027-04-05], [2027-05-01, 2027-05-05],"
    " [2027-06-09, 2027-06-11], [2027-09-15, 2027-09-17], [2027-10-01, 2027-10-07]]\nworking = [2027-02-13]\n"
)


SETTINGS = [
    Case(
        CONFIG,
        texts.text('\ufeffpack = "ordos"\r\nregion = "150600"\r\n'),
        LIST,
        Taken(then=LIST, shows=[{"number": NUMBER}]),
    ),
    Case(
        CONFIG,
        texts.text('# 注释\nmonths = 24\naliases = {name = ["单位"]}\n'),
        LIST,
        Taken(then=LIST, shows=[{"number": NUMBER}]),
    ),
    Case(HOLIDAYS, texts.text("\ufeff" + YEAR), PLAN, Taken()),
    Case(PACK, texts.text('extends = "ordos"\ntitle = "本地口径"\n'), PACKS, Taken({"title": "本地口径"})),
    Case(CONFIG, bytes, LIST, Taken(then=LIST, shows=[{"number": NUMBER}])),
    Case(CONFIG, texts.text("\n\n# 只有注释 🙂\n"), LIST, Taken(then=LIST, shows=[{"number": NUMBER}])),
    Case(
        CONFIG,
        texts.text("\tmonths\t=\t120\ncopies = 1\nnotice_days = 0\n"),
        LIST,
        Taken(then=LIST, shows=[{"number": NUMBER}]),
    ),
    Case(
        CONFIG,
        texts.text('number_pattern = "东卫托〔{year}〕{serial}号"'),
        LIST,
        Taken(then=LIST, shows=[{"number": NUMBER}]),
    ),
    Case(
        CONFIG,
        texts.text('variants = []\nbackup_folder = "备份 二"\n'),
        LIST,
        Taken(then=LIST, shows=[{"number": NUMBER}]),
    ),
    Case(
        CONFIG,
        texts.text('fonds = "Z109"\narchive_office_name = """办公室"""\n'),
        LIST,
        Taken(then=LIST, shows=[{"number": NUMBER}]),
    ),
    Case(HOLIDAYS, texts.text(YEAR.replace("\n", "\r\n")), PLAN, Taken()),
    Case(HOLIDAYS, texts.text(YEAR.replace("working = [2027-02-13]\n", "")), PLAN, Taken()),
    Case(
        PACK, texts.text('# 什么也不改\nextends = "ordos"\ntitle = "口径"\n[groups]\n'), PACKS, Taken({"title": "口径"})
    ),
    Case(PACK, texts.text('title="甲 & <乙>"\nextends="ordos"\n'), PACKS, Taken({"title": "甲 & <乙>"})),
    Case(CONFIG, texts.text('pack = "ordos"', "gb18030"), LIST, Taken(then=LIST, shows=[{"number": NUMBER}])),
    Case(CONFIG, texts.text('fonds_name = "东胜区"', "gb18030"), LIST, Refused(4, "UTF-8")),
    Case(CONFIG, texts.text('colour = "red"'), LIST, Refused(4, "不认识的键“colour”")),
    Case(CONFIG, texts.text('months = "12"'), LIST, Refused(4, "这里应写整数，现在是文字")),
    Case(CONFIG, texts.text("copies = 0"), LIST, Refused(4, "应不小于 1")),
    Case(CONFIG, texts.text("notice_days = " + "9" * 30), LIST, Refused(4, "应不大于 365")),
    Case(CONFIG, texts.text('renewal = "maybe"'), LIST, Refused(4, "不在可选范围内")),
    Case(CONFIG, texts.text('number_pattern = "{district.__class__}-{serial}"'), LIST, Refused(4, "number_pattern")),
    Case(CONFIG, texts.text('number_pattern = "../../{serial}"'), LIST, Refused(4, "number_pattern")),
    Case(CONFIG, texts.text('number_pattern = "{serial:09999999999}"'), LIST, Refused(4, "number_pattern")),
    Case(CONFIG, texts.text("months = 12\nmonths = 13"), LIST, Refused(4, "同一个键")),
    Case(CONFIG, texts.text("x = " + "[" * 5000 + "]" * 5000), LIST, Refused(4, "嵌套过深")),
    Case(CONFIG, texts.text("x = " + "9" * 5000), LIST, Refused(4, "数字过长")),
    Case(CONFIG, texts.text("#" + "x" * (2 << 20)), LIST, Refused(7, "文件过大")),
    Case(CONFIG, workbooks.pipe, LIST, Refused(3, "不是 yiyu 工作区")),
    Case(HOLIDAYS, texts.text('off = ["元旦"]'), PLAN, Refused(4, "放假安排读不懂")),
    Case(HOLIDAYS, texts.text("off = [[2027-01-03, 2027-01-01]]"), PLAN, Refused(4, "首尾不对")),
    Case(HOLIDAYS, texts.text("off = [" * 3000), PLAN, Refused(4, "放假安排读不懂")),
    Case(HOLIDAYS, workbooks.endless_device, PLAN, Refused(7, "不是普通文件")),
    Case(
        PACK,
        texts.text('extends = "ordos"\n[documents.agreement]\nfile = "../../yiyu.toml"\n'),
        GENERATE,
        Refused(10, "", "在口径包以外"),
    ),
    Case(PACK, texts.text('extends = "没有"'), PACKS, Refused(3, "没有口径包“没有”")),
    Case(PACK, texts.text("title = 5"), PACKS, Refused(4, "这里应写文字")),
    Case(PACK, texts.text('title = "x"\n[[documents]]\n'), PACKS, Refused(4, "documents")),
    Case(PACK, texts.text("["), PACKS, Refused(4, "读不懂")),
]

SCANS = [
    Case("linearized.pdf", scans.of(linearize=True), MERGE, MERGED),
    Case("object-streams.pdf", scans.of(object_stream_mode=pikepdf.ObjectStreamMode.generate), MERGE, MERGED),
    Case("version-2.0.pdf", scans.of(force_version="2.0"), MERGE, MERGED),
    Case("turned.pdf", scans.of(scans.turned), MERGE, MERGED),
    Case("page-labels.pdf", scans.of(scans.labelled), MERGE, MERGED),
    Case("tagged-and-outlined.pdf", scans.of(lambda pdf: (scans.tagged(pdf), scans.outlined(pdf))), MERGE, MERGED),
    Case("head-after-blank-lines.pdf", scans.late_head, MERGE, MERGED),
    Case("blank-lines-at-the-end.pdf", scans.with_tail, MERGE, MERGED),
    Case("saved-once-more.pdf", scans.updated, MERGE, MERGED),
    Case("扫" * 80 + ".pdf", scans.paper, MERGE, MERGED),
    Case("\udcc9\udca8.pdf", scans.paper, MERGE, MERGED),
    Case("attachment.pdf", scans.of(scans.attached), MERGE, MERGED),
    Case("script.pdf", scans.of(scans.script), MERGE, MERGED),
    Case("starts-a-program.pdf", scans.of(scans.launching), MERGE, MERGED),
    Case("blank-page.tif", scans.picture("TIFF"), INTAKE, Taken({"pages": 1, "failed": []})),
    Case("blank-page.jpg", scans.picture("JPEG"), INTAKE, Taken({"pages": 1, "failed": []})),
    Case(
        "version-1.3.pdf",
        scans.of(min_version="1.3", object_stream_mode=pikepdf.ObjectStreamMode.disable),
        MERGE,
        MERGED,
    ),
    Case("not-compressed.pdf", scans.raw(lambda _: None), MERGE, MERGED),
    Case("UPPER.PDF", scans.paper, MERGE, MERGED),
    Case("two\nlines; $(x).pdf", scans.paper, MERGE, MERGED),
    Case(
        "link-to-it.pdf",
        lambda path: (path.with_name("x").write_bytes(scans.paper()), path.symlink_to("x"))[1],
        MERGE,
        MERGED,
    ),
    Case("blank-page.png", scans.picture("PNG"), INTAKE, Taken({"pages": 1, "failed": []})),
    Case("bag-with-notes", texts.bag(extra="\n\n"), VERIFY, Taken({"faults": []})),
    Case("user-password.pdf", scans.encrypted("u"), MERGE, Refused(7, "需要密码")),
    Case("owner-password.pdf", scans.encrypted(""), MERGE, MERGED),
    Case("owner-password-strictly.pdf", scans.encrypted(""), (*MERGE, "--strict"), Refused(7, "权限密码")),
    Case("signed.pdf", scans.of(scans.signed), MERGE, Refused(7, "电子签名")),
    Case("open-form.pdf", scans.of(scans.form), MERGE, MERGED),
    Case("cut-off.pdf", lambda: scans.paper()[:900], MERGE, BAD_SCAN),
    Case("no-pages.pdf", scans.of(scans.no_pages), MERGE, Refused(7, "没有任何页面")),
    Case("pages-in-a-circle.pdf", scans.raw(scans.circle), MERGE, BAD_SCAN),
    Case("says-seven-pages.pdf", scans.wrong_count, MERGE, BAD_SCAN),
    Case("gigabyte-on-a-page.pdf", scans.raw(scans.bomb), MERGE, Refused(7, "展开后过大")),
    Case("page-that-does-not-unpack.pdf", scans.raw(scans.broken_stream), MERGE, Refused(7, "第 2 页的内容读不出来")),
    Case("wrong-kinds.pdf", scans.raw(scans.wrong_kinds), MERGE, BAD_SCAN),
    Case("hundred-thousand-levels.pdf", scans.deep, MERGE, BAD_SCAN),
    Case("object-that-is-itself.pdf", scans.reference_loop, MERGE, BAD_SCAN),
    Case("list-before-itself.pdf", scans.previous_loop, MERGE, BAD_SCAN),
    Case("empty.pdf", bytes, MERGE, Refused(7, "空文件")),
    Case("word.pdf", papers.paper, MERGE, Refused(7, "不是 PDF，看起来是 Word")),
    Case("pipe.pdf", workbooks.pipe, MERGE, Refused(7, "不是普通文件")),
    Case("square-kilometre.pdf", scans.of(scans.endless), INTAKE, Taken({"pages": 2, "placed": 0}, code=10)),
    Case("gigabyte-to-read.pdf", scans.raw(scans.bomb), INTAKE, Refused(10, "", "展开后过大")),
    Case("enormous.png", scans.png_claiming(60_000, 60_000), INTAKE, Refused(10, "", "图像过大")),
    Case("cut-off.jpg", lambda: scans.picture()()[:2000], INTAKE, Refused(10, "", "图像已损坏")),
    Case("bag", texts.bag(), VERIFY, Taken({"faults": []})),
    Case("bag-changed", texts.bag(digest="0" * 64), VERIFY, Refused(7, "1 处问题", "changed")),
    Case("bag-that-points-outside", texts.bag(listed="data/../../../etc/passwd"), VERIFY, Refused(7, "指到了别处")),
    Case(
        "bag-in-no-encoding",
        texts.bag(declaration="BagIt-Version: 1.0\nTag-File-Character-Encoding: zlib\n"),
        VERIFY,
        Refused(7, "编码读不懂"),
    ),
    Case("bag-of-nothing", workbooks.folder, VERIFY, Refused(7, "BagIt")),
]

DB = "office/registry.db"
REGISTRIES = [
    Case(DB, registries.hot_journal, SIGN, Taken(then=LIST, shows=[{"number": NUMBER, "signing": "one_signed"}])),
    Case(
        DB,
        registries.sql("PRAGMA journal_mode = WAL"),
        SIGN,
        Taken(then=LIST, shows=[{"number": NUMBER, "signing": "one_signed"}]),
    ),
    Case(DB, registries.as_pages(65536), SIGN, Taken(then=LIST, shows=[{"number": NUMBER, "signing": "one_signed"}])),
    Case(DB, registries.as_pages(512), SIGN, Taken(then=LIST, shows=[{"number": NUMBER, "signing": "one_signed"}])),
    Case(
        DB,
        registries.sql("PRAGMA auto_vacuum = FULL", "VACUUM"),
        SIGN,
        Taken(then=LIST, shows=[{"number": NUMBER, "signing": "one_signed"}]),
    ),
    Case(DB, registries.sql("ANALYZE"), INTEGRITY, Taken(says="核对无误")),
    Case(
        DB,
        registries.sql("CREATE TABLE notes (x TEXT)"),
        SIGN,
        Taken(then=LIST, shows=[{"number": NUMBER, "signing": "one_signed"}]),
    ),
    Case(DB, registries.empty_journal, SIGN, Taken(then=LIST, shows=[{"number": NUMBER, "signing": "one_signed"}])),
    Case(DB, registries.left_over, SIGN, Taken(then=LIST, shows=[{"number": NUMBER, "signing": "one_signed"}])),
    Case(DB, registries.read_only, LIST, Taken(then=LIST, shows=[{"number": NUMBER}])),
    Case("copy.db", registries.own_copy, RESTORE, Taken({"files": 0})),
    Case(DB, registries.elsewhere, SIGN, Taken(then=LIST, shows=[{"number": NUMBER, "signing": "one_signed"}])),
    Case(DB, registries.older("registry-0001.sql"), LIST, Taken(then=LIST, shows=[{"number": "150602-2025-JC-0001"}])),
    Case(DB, registries.older("registry-0002.sql"), LIST, Taken(then=LIST, shows=[{"number": "150602-2025-JC-0001"}])),
    Case(DB, registries.data(b""), LIST, Refused(8, "不是 yiyu 的登记库")),
    Case(DB, registries.data(b"text" * 1000), LIST, BAD_REGISTRY),
    Case(DB, registries.gone, LIST, Refused(8, "找不到登记库")),
    Case(DB, registries.folder, LIST, Refused(8, "找不到登记库")),
    Case(DB, registries.cut(0.5), SIGN, Refused(8, "已损坏")),
    Case(DB, registries.flipped, SIGN, Refused(8, "已损坏")),
    Case(DB, registries.foreign, LIST, Refused(8, "不是 yiyu 的登记库")),
    Case(DB, registries.sql("PRAGMA user_version = 999"), LIST, Refused(8, "请升级 yiyu")),
    Case(
        DB,
        registries.sql("CREATE TRIGGER evil AFTER INSERT ON events BEGIN DELETE FROM agreements; END"),
        SIGN,
        Refused(8, "多出触发器 evil"),
    ),
    Case(
        DB,
        registries.sql(
            "DROP TABLE waivers",
            "CREATE VIEW waivers AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        ),
        SIGN,
        Refused(8, "结构被改动过"),
    ),
    Case(DB, registries.rebuilt("UPDATE events SET note = 'x' WHERE id = 1"), INTEGRITY, Refused(8, "", "改动")),
    Case(DB, registries.rebuilt("UPDATE parties SET snapshot = '{}'"), LIST, Refused(8, "读不懂的内容")),
    Case(
        DB,
        registries.rebuilt("PRAGMA ignore_check_constraints = ON", "UPDATE agreements SET starts_on = '2026-13-45'"),
        LIST,
        Refused(8, "读不懂的内容"),
    ),
    Case(
        DB,
        registries.rebuilt("PRAGMA foreign_keys = OFF", "UPDATE parties SET institution_id = 999"),
        INTEGRITY,
        Refused(8, "", "指向不存在的"),
    ),
    Case(
        DB,
        registries.rebuilt("UPDATE institutions SET remark = hex(zeroblob(20000000)) WHERE id = 1"),
        CHILDCARE,
        Refused(8, "登记库"),
    ),
    Case("copy.db", registries.foreign_copy, RESTORE, Refused(8, "不是 yiyu 的登记库")),
    Case("text.db", registries.text_copy, RESTORE, Refused(8, "已损坏或不是登记库")),
    Case("pack.zip", papers.of(), RESTORE, Refused(7, "备份")),
    Case("pipe.db", workbooks.pipe, RESTORE, Refused(7, "找不到备份文件")),
]

CASES = [*WORKBOOKS, *CSV, *TEMPLATES, *DATA, *SETTINGS, *SCANS, *REGISTRIES]


def prepare(case: Case, base: Path, folder: Path) -> tuple[Path, Path]:
    """The office of the case and its file, made."""
    office, file = copied(base, folder), folder / case.name
    (folder / "template.docx").write_bytes(papers.paper())
    (folder / "data.json").write_bytes(texts.data()())
    file.parent.mkdir(parents=True, exist_ok=True)
    made = case.make(file) if getattr(case.make, "__code__", None) and case.make.__code__.co_argcount else case.make()
    if isinstance(made, bytes):
        file.write_bytes(made)
    return office, file


def carried_out(case: Case, office: Path, file: Path, forge: Forge) -> Outcome:
    names = {"{file}": file, "{folder}": office.parent, "{name}": case.name}
    then = case.expected.then if isinstance(case.expected, Taken) else ()
    commands = []
    for command in filter(None, (case.command, then)):
        words = [
            str(names[word]) if word in names else word.replace("{folder}", str(office.parent)) for word in command
        ]
        commands.append(["--workspace", str(office), *words])
    code = case.expected.code
    return forge.run(office.parent, *commands, proceed=[code])


def covers(whole: Any, part: Any) -> bool:
    """Whether what is expected is among what there is."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and covers(whole[key], one) for key, one in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(covers, whole, part))
    return bool(whole == part)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.label} {case.expected.code}")
def test_a_file_is_taken_for_what_it_is(case: Case, base: Path, tmp_path: Path, forge: Forge) -> None:
    office, file = prepare(case, base, tmp_path)
    registry, before = office / "registry.db", tmp_path / "before.db"
    if registry.is_file():
        before.write_bytes(registry.read_bytes())
    outcome = carried_out(case, office, file, forge)
    assert not harm(outcome)
    assert outcome.codes[0] == case.expected.code, (outcome.out, outcome.err)
    assert case.expected.says in outcome.err, outcome.err
    assert not (tmp_path / ".yiyu").exists()
    if isinstance(case.expected, Refused):
        assert outcome.err.count("错误：") == (case.expected.code != 10), outcome.err
        assert case.expected.stdout in outcome.out
        assert before.exists() == registry.is_file()
        assert not before.exists() or unchanged(before, registry)
        assert not [name for name in ("out.docx", "out.pdf", "new") if (tmp_path / name).exists()]
        return
    first, *second = outcome.out.split("\f")
    assert covers(json.loads(first), case.expected.facts) if case.expected.facts else True, first
    for wanted in case.expected.shows:
        assert any(covers(shown, wanted) for shown in json.loads(second[0])), (wanted, second[0])
    if (merged := tmp_path / "out.pdf").exists():
        assert not {b"/JavaScript", b"/Launch"} & set(merged.read_bytes().split())
