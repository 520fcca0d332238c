"""``yiyu template fill``: a template and a JSON file in, one whole document out, or one clear sentence."""

from pathlib import Path
from typing import Any

import pytest

from yiyu.docgen.fill.files import fill_file
from yiyu.registry.errors import BadInput, FileFault, TemplateFault
from yiyu.registry.files import sha256


@pytest.fixture
def template(word: Any, tmp_path: Path) -> Path:
    path = tmp_path / "模板.docx"
    path.write_bytes(word.build("甲方：{{ 甲方.名称 }}"))
    return path


def data(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "数据.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_template_is_filled_with_json(word: Any, template: Path, tmp_path: Path, bom: str) -> None:
    out = tmp_path / "结果" / "协议.docx"
    filled = fill_file(template, data(tmp_path, bom + '{"甲方": {"名称": "甲 & 乙"}}'), out)
    assert word.text_of(out.read_bytes()) == "甲方：甲 & 乙"
    assert (filled.path, filled.size) == (out, out.stat().st_size)
    assert filled.sha256 == sha256(out.read_bytes())
    assert filled.template_sha256 == sha256(template.read_bytes())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"甲方": {"名称": "x"}\n "b": 1}', "第2行第2列"),
        ("", "不是有效的 JSON"),
        ("[1, 2]", "最外层应是一个对象"),
        ('{"a": NaN}', "“NaN”不是有效数字"),
        ('{"a": 1e999, "甲方": {"名称": "x"}}', "“a”不是有效数字"),
        ('{"甲方": {"名称": "x", "名称": "y"}}', "字段“名称”出现了两次"),
        ('{"甲方": {"名称": null}}', "“甲方.名称”没有值"),
        ('{"甲方": {"名称": "\\ud800"}}', "“甲方.名称”第1个字符不能写入文书（U+D800）"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "嵌套过深"),
        ('{"a": ' + "9" * 5000 + "}", "数字过长"),
        ('{"甲方": "\n某某"}', "第1行"),
        ('{"甲方": {"名称": "签约"}}'.encode("gb18030"), "不是 UTF-8"),
    ],
)
def test_data_that_cannot_be_used_is_refused_with_its_place(
    template: Path, tmp_path: Path, content: str | bytes, said: str
) -> None:
    out = tmp_path / "协议.docx"
    with pytest.raises(BadInput) as refused:
        fill_file(template, data(tmp_path, content), out)
    assert said in str(refused.value)
    assert "数据 数据.json" in refused.value.where
    assert not out.exists()


def test_a_missing_field_leaves_no_file(template: Path, tmp_path: Path) -> None:
    out = tmp_path / "协议.docx"
    with pytest.raises(TemplateFault, match="缺少字段“甲方”"):
        fill_file(template, data(tmp_path, "{}"), out)
    assert not out.exists()


def test_files_that_are_not_there_or_no_templates_are_named(template: Path, tmp_path: Path) -> None:
    good = data(tmp_path, '{"甲方": {"名称": "x"}}')
    with pytest.raises(FileFault, match="找不到文件"):
        fill_file(tmp_path / "无.docx", good, tmp_path / "o.docx")
    with pytest.raises(FileFault, match="找不到文件"):
        fill_file(template, tmp_path / "无.json", tmp_path / "o.docx")
    with pytest.raises(TemplateFault, match="不是有效的 Word 文档"):
        fill_file(good, good, tmp_path / "o.docx")
    macros = tmp_path / "宏.docm"
    macros.write_bytes(template.read_bytes())
    with pytest.raises(TemplateFault, match="带宏"):
        fill_file(macros, good, tmp_path / "o.docx")


def test_a_template_is_never_overwritten_by_its_result(template: Path, tmp_path: Path) -> None:
    good = data(tmp_path, '{"甲方": {"名称": "x"}}')
    before = template.read_bytes()
    for out in (template, good, tmp_path / "." / template.name):
        with pytest.raises(BadInput, match="输出文件就是"):
            fill_file(template, good, out)
    assert template.read_bytes() == before
