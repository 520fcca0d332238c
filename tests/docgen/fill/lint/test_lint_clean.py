"""What is right is left alone, and what is hostile is answered within seconds."""

import io
import time
from typing import Any

import pytest
from docx import Document

from yiyu.docgen.fill.lint import check_template
from yiyu.registry.model import Severity

RIGHT = (
    "{{ 甲方.名称 }}，{{ 甲方['名称'] }}，{{ 甲方 . 名称|填空(6) }}",
    "{# 说明：{{ 不算 }} #}{_{ 不是标签 }_}",
    "{% for 方 in 各方 %}{{ loop.index }}．{{ 方.称谓 }}{% if not loop.last %}、{% endif %}{% endfor %}",
    "{% for 类别, 组 in 服务项目|groupby('类别') %}{{ 类别 }}：{% for 项 in 组 %}{{ 项.项目 }}{% endfor %}{% endfor %}",
    "{% for 行 in 各方|batch(2) %}{% for 方 in 行 %}{{ 方.名称 }}{% endfor %}{% endfor %}",
    "{% set 首 = 各方|first %}{{ 首.名称 }}{% set 人数 %}共{{ 各方|length }}方{% endset %}{{ 人数 }}",
    "{% with 方 = 乙方 %}{{ 方.名称 }}{% endwith %}{{ (甲方 if 甲方.备案 else 乙方).名称 }}",
    "{% macro 行(方, 宽=8) %}{{ 方.称谓 }}{{ 宽 }}{% endmacro %}{{ 行(甲方) }}{{ 行(乙方, 宽=6) }}",
    "{% if 丙方.名称 is defined and 丙方.名称 %}{{ 丙方.名称 }}{% elif 协议.年度 > 2020 %}近年{% else %}早年{% endif %}",
    '{{ 依据|join("、") }}{{ 服务项目|selectattr("必选")|map(attribute="项目")|join("，") }}',
    "{{ 服务项目[0].项目 }}{{ 各方[0]['名称'] }}{{ 甲方.名称[:4] }}{{ 甲方.名称.replace('旗', '') }}{{ 甲方.名称 ~ '。' }}",
    "{% for 数 in range(3) %}{{ 数 + 1 }}{% endfor %}{{ 协议.份数|大写份数 }}{{ 协议.生效日期|汉字日期 }}",
    "{% raw %}{{ 原样 }}{% endraw %}{%- if 甲方.备案 -%}是{%- endif -%}",
    "{% if(甲方.备案) %}已{% elif not(乙方.备案) %}未{% endif %}备案：见www.example.com/[a.b]",
    "{%p if 甲方.备案 %}",
    "整段",
    "{%p else %}",
    "另一段",
    "{%p endif %}",
    "{{r 甲方.名称 }}",
)
ROWS = (
    ("{%tr for 项 in 服务项目 %}", "", ""),
    ("{% vm %}{{ 项.类别 }}", "{% cellbg 'FFFFFF' %}{{ 项.项目 }}", "{% colspan 1 %}{{ 项.频次 }}"),
    ("{%tr endfor %}", "", ""),
    ("{%tc for 方 in 各方 %}", "{{ 方.称谓 }}", "{%tc endfor %}"),
)


def document(*texts: str, rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    made = Document()
    for text in texts:
        made.add_paragraph(text)
    table = made.add_table(len(rows), 3) if rows else None
    for row, cells in zip(table.rows if table else (), rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def test_the_whole_dialect_has_no_findings() -> None:
    assert check_template(document(*RIGHT, rows=ROWS), "a.docx") == ()


@pytest.mark.parametrize("text", RIGHT[:14])
def test_each_way_of_writing_is_taken_alone(text: str) -> None:
    assert check_template(document(text), "a.docx") == ()


def test_a_fault_far_down_is_found_after_faults_above_it() -> None:
    texts = ["{{ 甲方.名秤 }}", "{% if %}", "{% endif %}", "{{ }}", "{% for 项 in 服务项目 %}{{ 项.内客 }}{% endfor %}"]
    found = check_template(document(*texts), "a.docx")
    errors = [(one.code, one.place) for one in found if one.severity is Severity.ERROR]
    assert errors == [
        ("field-unknown", "正文 第1段"),
        ("syntax", "正文 第2段"),
        ("syntax", "正文 第4段"),
        ("field-unknown", "正文 第5段"),
    ]


HOSTILE: dict[str, tuple[str, ...]] = {
    "openings": ("{{" * 50_000,),
    "endings": ("}}" * 50_000,),
    "comments": ("{#" * 50_000,),
    "blocks never closed": ("{% if 甲方 %}" * 20_000,),
    "ends never opened": ("{% endif %}" * 20_000,),
    "spaces in a tag": ("{{ 甲方" + " " * 200_000 + ".名称 x }}",),
    "spaces before an end": (" " * 100_000 + "%}",),
    "wide spaces": ("　" * 200_000 + "x",),
    "single braces": ("{ " * 60_000,),
    "brackets": ("【甲." * 30_000,),
    "nested brackets": ("{{ " + "(" * 4_000 + "1" + ")" * 4_000 + " }}",),
    "dots": ("{{ 甲方" + ".名称" * 4_000 + " }}",),
    "crossings": (("{% for 方 in 各方 %}{% if 方 %}" * 1_000) + ("{% endfor %}{% endif %}" * 1_000),),
    "labels": ("甲方：" * 30_000,),
    "clauses": ("第一条" * 30_000,),
    "loops": tuple("{% for 甲 in range(9999) %}{% for 乙 in range(9999) %}x{% endfor %}{% endfor %}" for _ in range(9)),
    "a text that doubles": ("{% set 文 = 'x' %}" + "{% set 文 = 文 ~ 文 %}" * 60 + "{{ 文 }}",),
    "a macro without end": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",),
    "powers": ("{{ 9 ** 9 ** 9 }}",),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_template_is_answered_within_seconds(name: str, check: Any) -> None:
    data = document(*HOSTILE[name])
    started = time.process_time()
    found = check(data)
    assert time.process_time() - started < 15
    assert any(one.severity is Severity.ERROR for one in found)
    assert all(len(one.message) < 400 for one in found)
