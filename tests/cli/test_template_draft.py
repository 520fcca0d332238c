"""Claims about ``template draft``: looked at, decided row by row, written; nothing in the way is written over."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from office_forms import TUNED

Run = Callable[..., Any]


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "范本.docx"
    path.write_bytes(TUNED[0].docx())
    return path


def texts(path: Path) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(path.read_bytes())).paragraphs]


def test_the_template_stands_beside_the_form_which_stays_as_it_is(run: Run, form: Path) -> None:
    before = form.read_bytes()
    result = run("template", "draft", form)
    assert form.read_bytes() == before
    made = form.with_name("范本_模板.docx")
    assert "甲方（医疗卫生机构）：{{ 甲方.名称|填空(10) }}" in texts(made)
    assert len([*docx.Document(io.BytesIO(made.read_bytes())).comments]) == 19
    assert "按“合作协议书”拟填 19 处" in result.stderr
    assert "已经有了" in run("template", "draft", form, code=4).stderr


def test_a_review_writes_nothing_and_lists_place_field_reason_and_alternatives(asked: Run, form: Path) -> None:
    listed = asked("template", "draft", form, "--review")
    assert listed[1] == {
        "number": 2,
        "place": "正文 第3段",
        "text": "甲方（医疗卫生机构）：〔____〕",
        "kind": "横线",
        "field": "甲方.名称",
        "tag": "{{ 甲方.名称|填空(10) }}",
        "reason": "空白前面写着“甲方”",
        "alternatives": ["甲方.全称", "乙方.名称"],
        "decision": "采用",
    }
    assert list(form.parent.glob("*.docx")) == [form]


def test_a_workbook_is_accepted_changed_and_rejected_row_by_row(run: Run, form: Path, tmp_path: Path) -> None:
    listed, out = tmp_path / "清单.xlsx", tmp_path / "模板.docx"
    run("template", "draft", form, "--review", "--xlsx", listed)
    book = openpyxl.load_workbook(listed)
    sheet = book.active
    head = next(row for row in sheet.iter_rows() if "处理" in [cell.value for cell in row])
    column = {cell.value: cell.column for cell in head}
    sheet.cell(head[0].row + 2, column["字段"], "甲方.全称")
    sheet.cell(head[0].row + 3, column["处理"], "不用")
    book.save(listed)
    run("template", "draft", form, "--accept", listed, "-o", out)
    assert texts(out)[1:4] == [
        "协议编号：{{ 协议.编号|填空(8) }}",
        "甲方（医疗卫生机构）：{{ 甲方.全称|填空(10) }}",
        "统一社会信用代码：____________________",
    ]
    assert [*docx.Document(io.BytesIO(out.read_bytes())).comments] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"field": "甲方.名秤"}, "没有字段“甲方.名秤”"),
        ({"decision": "随便"}, "“处理”写的“随便”看不懂"),
        ({"text": "别的"}, "与范本对不上"),
        ({"field": "5"}, "“5”写法有误"),
    ],
)
def test_a_list_that_does_not_fit_is_refused_at_its_row_and_nothing_is_written(
    run: Run, asked: Run, form: Path, tmp_path: Path, change: dict[str, str], said: str
) -> None:
    listed = asked("template", "draft", form, "--review")
    listed[1] |= change
    (tmp_path / "清单.json").write_text(json.dumps(listed), "utf-8")
    result = run("template", "draft", form, "--accept", tmp_path / "清单.json", "-o", tmp_path / "o.docx", code=4)
    assert said in result.stderr
    assert "第2项" in result.stderr
    assert not (tmp_path / "o.docx").exists()


def test_a_list_without_its_decisions_is_refused(run: Run, form: Path, tmp_path: Path) -> None:
    listed, out = tmp_path / "清单.xlsx", tmp_path / "模板.docx"
    run("template", "draft", form, "--review", "--xlsx", listed)
    book = openpyxl.load_workbook(listed)
    decisions = next(cell.column for row in book.active.iter_rows() for cell in row if cell.value == "处理")
    book.active.delete_cols(decisions)
    book.save(listed)
    assert "清单里没有“处理”一列" in run("template", "draft", form, "--accept", listed, "-o", out, code=4).stderr
    assert not out.exists()


def test_the_file_in_the_way_is_written_over_as_the_message_says(run: Run, form: Path) -> None:
    made = form.with_name("范本_模板.docx")
    made.write_text("自己的")
    assert f"-o {made} --replace" in run("template", "draft", form, code=4).stderr
    run("template", "draft", form, "-o", made, "--replace")
    assert "{{ 协议.编号|填空(8) }}" in "".join(texts(made))


def test_neither_the_form_nor_a_file_in_the_way_is_written_over(run: Run, form: Path) -> None:
    before = form.read_bytes()
    assert "请换一个文件名" in run("template", "draft", form, "-o", form, code=4).stderr
    assert form.read_bytes() == before


def test_a_text_without_blanks_is_told(run: Run, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("会议通知，请准时参加。")
    document.save(str(tmp_path / "通知.docx"))
    assert "没有找到认得出的空白" in run("template", "draft", tmp_path / "通知.docx", code=4).stderr


def template(path: Path, *lines: str) -> Path:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(path))
    return path


def test_fields_gone_new_and_moved_are_named_with_their_places(asked: Run, tmp_path: Path) -> None:
    loop = "{% for 项 in 服务项目 %}{{ 项.项目 }}{% endfor %}"
    old = template(
        tmp_path / "旧.docx", "甲方：{{ 甲方.名称 }}", "电话：{{ 甲方.电话 }}", "地址：{{ 甲方.地址 }}", loop
    )
    new = template(
        tmp_path / "新.docx",
        "协议书",
        "甲方：{{ 甲方.名称 }}",
        "电话：",
        loop.replace("项.项目", "项.内容"),
        "另：{{ 甲方.电话 }}",
    )
    found = asked("template", "diff", old, new)
    assert {(one["change"], one["field"], one["old_place"], one["new_place"]) for one in found} == {
        ("moved", "甲方.电话", "正文 第2段", "正文 第5段"),
        ("gone", "甲方.地址", "正文 第3段", ""),
        ("gone", "服务项目[].项目", "正文 第4段", ""),
        ("new", "服务项目[].内容", "", "正文 第4段"),
    }


def test_versions_with_the_same_fields_are_said_to_be_so(run: Run, tmp_path: Path) -> None:
    old = template(tmp_path / "旧.docx", "甲方：{{ 甲方.名称 }}", "乙方：{{ 乙方.名称 }}")
    new = template(tmp_path / "新.docx", "前言。", "甲方：{{ 甲方.名称 }}", "", "乙方：{{ 乙方.名称 }}")
    assert "字段相同" in run("template", "diff", old, new).stderr


def test_what_is_no_word_file_is_not_compared(run: Run, form: Path, tmp_path: Path) -> None:
    (tmp_path / "坏.docx").write_bytes(b"x")
    run("template", "diff", form, tmp_path / "坏.docx", code=6)
