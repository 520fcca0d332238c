"""Pictures and formatted text come from the JSON of ``template fill``, and no file outside the folder does."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from PIL import Image

from yiyu.docgen.documents.checking import check_files
from yiyu.docgen.fill.fields import W
from yiyu.docgen.fill.files import fill_file
from yiyu.docgen.fill.gate import WP
from yiyu.registry.errors import BadInput, FileFault, TemplateFault
from yiyu.registry.packs import load_pack

_EMU_OF_MM = 36000


@pytest.fixture
def desk(tmp_path: Path, word: Any) -> Path:
    """A folder with a picture and a template, and a picture beside it that is out of reach."""
    own = tmp_path / "桌面"
    own.mkdir()
    Image.new("RGB", (40, 20), "red").save(own / "章.png")
    Image.new("RGB", (40, 20), "red").save(tmp_path / "外.png")
    (own / "出去.png").symlink_to(tmp_path / "外.png")
    (own / "不是图.png").write_bytes(b"%PDF-1.7")
    body = word.build("甲方：{{ 名称 }}{{ 章 }}", "<w:p><w:r><w:t>{{r 说明 }}</w:t></w:r></w:p>")
    (own / "模板.docx").write_bytes(body)
    return own


def fill(desk: Path, *, root: Path | None = None, **data: object) -> Any:
    """The body of the template filled with data in the folder."""
    (desk / "数据.json").write_text(json.dumps({"名称": "甲园", "章": "", "说明": "", **data}), encoding="utf-8")
    fill_file(desk / "模板.docx", desk / "数据.json", desk / "出.docx", root=root)
    return Document(io.BytesIO((desk / "出.docx").read_bytes()))


def test_a_picture_stands_inline_in_the_width_given(desk: Path) -> None:
    document = fill(desk, 章={"图片": "章.png", "宽": 30})
    (extent,) = document.element.body.iter(f"{WP}extent")
    assert (int(extent.get("cx")), int(extent.get("cy"))) == (30 * _EMU_OF_MM, 15 * _EMU_OF_MM)
    assert [one.blob for one in document.part.package.image_parts] == [(desk / "章.png").read_bytes()]
    first = (desk / "出.docx").read_bytes()
    fill(desk, 章={"图片": "章.png", "宽": 30})
    assert (desk / "出.docx").read_bytes() == first


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        ({"图片": "../外.png"}, "不在允许的文件夹内"),
        ({"图片": "出去.png"}, "不在允许的文件夹内"),
        ({"图片": "/etc/hostname"}, "不在允许的文件夹内"),
        ({"图片": "不是图.png"}, "图片无法识别"),
        ({"图片": "无.png"}, "找不到文件"),
        ({"图片": "章.png", "宽": 0}, "图片宽度不对"),
        ({"图片": "章.png", "宽": True}, "图片宽度不对"),
    ],
)
def test_a_picture_that_cannot_be_used_is_refused_and_nothing_written(
    desk: Path, picture: dict[str, object], said: str
) -> None:
    with pytest.raises((BadInput, FileFault), match=said):
        fill(desk, 章=picture)
    assert not (desk / "出.docx").exists()


def test_inside_a_workspace_pictures_may_lie_anywhere_in_it(desk: Path) -> None:
    assert list(fill(desk, 章={"图片": "../外.png"}, root=desk.parent).element.body.iter(f"{WP}inline"))
    with pytest.raises(BadInput, match="不在允许的文件夹内"):
        fill(desk, 章={"图片": "../外.png"}, root=desk / "别处")


def test_formatted_text_keeps_weight_colour_and_lines(desk: Path) -> None:
    document = fill(desk, 说明={"富文本": ["普通<&\n次行", {"文字": "要紧", "粗": True, "颜色": "#C00000"}]})
    paragraph = document.paragraphs[1]
    assert paragraph.text == "普通<&\n次行要紧"
    (bold,) = (run for run in paragraph.runs if run.bold)
    assert (bold.text, str(bold.font.color.rgb)) == ("要紧", "C00000")
    assert len(list(paragraph._p.iter(f"{W}br"))) == 1


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        ([{"粗": True}], "第1段没有文字"),
        (["一", {"文字": "二", "字号": 9}], "第2段不认识“字号”"),
        ([{"文字": "二", "颜色": '1"/><w:x'}], "第1段颜色不对"),
        (7, "第1段没有文字"),
    ],
)
def test_formatted_text_that_is_not_understood_is_refused(desk: Path, pieces: object, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        fill(desk, 说明={"富文本": pieces})


def test_formatted_text_in_a_plain_tag_is_refused_with_what_to_write(desk: Path) -> None:
    with pytest.raises(TemplateFault, match=r"带格式的文字写在了普通标签里.*\{\{r 字段 \}\}"):
        fill(desk, 章={"富文本": "要紧"})


def test_check_takes_the_same_data(desk: Path) -> None:
    data = {"名称": "甲园", "章": {"图片": "章.png"}, "说明": {"富文本": ["一"]}}
    (desk / "数据.json").write_text(json.dumps(data), encoding="utf-8")
    (found,) = check_files((desk / "模板.docx",), pack=load_pack("national"), kind=None, data=desk / "数据.json")
    assert not found.problems
