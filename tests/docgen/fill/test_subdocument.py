"""A Word file named in the JSON stands in the filled document as it looked alone, and what cannot be carried is refused."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Pt
from PIL import Image

from yiyu.docgen.documents.checking import check_files
from yiyu.docgen.fill.fields import W
from yiyu.docgen.fill.files import fill_file
from yiyu.docgen.fill.gate import WP
from yiyu.registry.errors import BadInput, TemplateFault
from yiyu.registry.packs import load_pack

Change = Callable[[Any], object]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a template that has a list of its own, and a file to be put in."""
    template = docx.Document()
    template.add_paragraph("甲方：{{ 名称 }}")
    template.add_paragraph("{{p 附 }}")
    template.add_paragraph("正文一", style="List Number")
    template.sections[0].header.paragraphs[0].text = "眉：{{ 名称 }}"
    template.save(str(tmp_path / "模板.docx"))
    put(tmp_path, "附.docx")
    return tmp_path


def put(folder: Path, name: str, change: Change = lambda _: None) -> None:
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(22)
    document.add_paragraph("附件<&")
    document.add_paragraph("附一", style="List Number")
    Image.new("RGB", (8, 8), "red").save(picture := io.BytesIO(), "PNG")
    document.add_picture(picture)
    document.add_table(1, 1, style="Table Grid").cell(0, 0).text = "格"
    change(document)
    document.save(str(folder / name))


def fill(desk: Path, **data: object) -> Document:
    (desk / "数据.json").write_text(json.dumps({"名称": "甲园", **data}, ensure_ascii=False), encoding="utf-8")
    fill_file(desk / "模板.docx", desk / "数据.json", desk / "出.docx")
    return docx.Document(str(desk / "出.docx"))


def test_it_keeps_its_styles_lists_pictures_and_tables_and_the_page_is_the_templates(desk: Path) -> None:
    document = fill(desk, 附={"子文档": "附.docx"})
    assert [one.text for one in document.paragraphs] == ["甲方：甲园", "附件<&", "附一", "", "正文一"]
    assert document.tables[0].cell(0, 0).text == "格"
    assert document.sections[0].header.paragraphs[0].text == "眉：甲园"
    own, put_in = document.paragraphs[0].style, document.paragraphs[1].style
    assert own is not None
    assert put_in is not None
    assert (own.font.size, put_in.font.size) == (None, Pt(22))
    listed = [
        one.style.element.find(f".//{W}numId").get(f"{W}val") for one in document.paragraphs if one.text[1:] == "一"
    ]
    assert len({*listed, document.paragraphs[-1].style.element.find(f".//{W}numId").get(f"{W}val")}) == 2
    (picture,) = document.part.package.image_parts
    assert picture.blob.startswith(b"\x89PNG")
    first = (desk / "出.docx").read_bytes()
    fill(desk, 附={"子文档": "附.docx"})
    assert (desk / "出.docx").read_bytes() == first


def test_one_file_put_in_twice_and_another_each_have_numbers_of_their_own(desk: Path) -> None:
    template = docx.Document()
    for tag in ("{%p for 件 in 附 %}", "{{p 件 }}", "{%p endfor %}"):
        template.add_paragraph(tag)
    template.save(str(desk / "模板.docx"))
    put(desk, "另.docx", lambda document: document.add_paragraph("另"))
    document = fill(desk, 附=[{"子文档": "附.docx"}, {"子文档": "另.docx"}, {"子文档": "附.docx"}])
    assert [one.text for one in document.paragraphs if one.text] == [
        "附件<&",
        "附一",
        "附件<&",
        "附一",
        "另",
        "附件<&",
        "附一",
    ]
    pictures = [one.get("id") for one in document.element.body.iter(f"{WP}docPr")]
    assert len(pictures) == len(set(pictures)) == 3


def test_lists_that_start_again_do_not_take_the_numbers_of_the_lists_put_in(desk: Path) -> None:
    template = docx.Document()
    for tag in ("{{p 附 }}", "{%p for 组 in 组们 %}", "{%p for 项 in 组 %}"):
        template.add_paragraph(tag)
    template.add_paragraph("{{ 项 }}", style="List Number")
    for tag in ("{%p endfor %}", "{%p endfor %}"):
        template.add_paragraph(tag)
    template.save(str(desk / "模板.docx"))

    def high(document: Any) -> None:
        for number in document.part.numbering_part.element.findall(f"{W}num"):
            number.set(f"{W}numId", str(int(number.get(f"{W}numId")) + 1000))

    put(desk, "附.docx", high)
    document = fill(desk, 附={"子文档": "附.docx"}, 组们=[["一", "二"], ["三"]])
    numbers = [one.get(f"{W}numId") for one in document.part.numbering_part.element.findall(f"{W}num")]
    assert len(numbers) == len(set(numbers))


def test_the_kinds_of_lists_stand_before_the_lists_as_word_wants_them(desk: Path) -> None:
    parts = [one.tag for one in fill(desk, 附={"子文档": "附.docx"}).part.numbering_part.element]
    kinds = [at for at, tag in enumerate(parts) if tag == f"{W}abstractNum"]
    assert max(kinds) < parts.index(f"{W}num")


def test_what_holds_for_the_whole_file_goes_with_it(desk: Path) -> None:
    def fifteen(document: Any) -> None:
        document.styles["Normal"].font.size = None
        size = document.styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}sz")
        size.set(f"{W}val", "30")

    put(desk, "附.docx", fifteen)
    own, put_in = (one.style for one in fill(desk, 附={"子文档": "附.docx"}).paragraphs[:2])
    assert (own.font.size, put_in.font.size) == (None, Pt(15))


def note(document: Any) -> None:
    document.add_comment(document.paragraphs[0].runs, "请核")


def outside(document: Any) -> None:
    key = document.part.relate_to("http://example.invalid/图.png", RELATIONSHIP_TYPE.IMAGE, is_external=True)
    blip = next(document.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"))
    blip.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}link", key)


def charted(document: Any) -> None:
    (picture,) = document.part.package.image_parts
    blip = next(document.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"))
    key = document.part.relate_to(picture, RELATIONSHIP_TYPE.CHART)
    blip.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}link", key)


def disguised(document: Any) -> None:
    key = document.part.relate_to("http://example.invalid/图.png", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    blip = next(document.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"))
    blip.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed", key)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (note, "保不住批注"),
        (outside, "引用了外部的图片"),
        (charted, "保不住图表、嵌入对象等"),
        (disguised, "文件之外的图片"),
        (lambda document: document.add_paragraph("{{ 甲 }}"), "“{{ 甲 }}”没有填写"),
        (lambda document: document.add_paragraph("｛｛甲｝｝"), "全角花括号“｛｛甲｝｝”没有填写"),
        (lambda document: document.add_section(WD_SECTION.NEW_PAGE), "保不住分节"),
    ],
)
def test_what_would_be_lost_or_would_do_harm_is_refused_by_name(desk: Path, change: Change, said: str) -> None:
    put(desk, "附.docx", change)
    with pytest.raises(TemplateFault, match=said) as fault:
        fill(desk, 附={"子文档": "附.docx"})
    assert "附.docx" in str(fault.value)
    assert not (desk / "出.docx").exists()


def test_a_file_that_is_none_is_refused(desk: Path) -> None:
    (desk / "附.docx").write_bytes(b"%PDF-1.7")
    with pytest.raises(TemplateFault, match="不是有效的 Word 文档"):
        fill(desk, 附={"子文档": "附.docx"})


def test_a_file_whose_inside_is_broken_is_refused_in_one_sentence(desk: Path) -> None:
    with zipfile.ZipFile(desk / "附.docx") as package:
        members = {name: package.read(name) for name in package.namelist()}
    members["word/document.xml"] = members["word/document.xml"].replace(b"w:body", b"w:nobody")
    with zipfile.ZipFile(desk / "附.docx", "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    with pytest.raises(TemplateFault, match="文档的内部结构无法读取"):
        fill(desk, 附={"子文档": "附.docx"})


def test_no_path_leads_out_of_the_folder(desk: Path) -> None:
    (desk / "内").mkdir()
    put(desk, "附.docx")
    (desk / "内" / "数据.json").write_text('{"名称": "甲", "附": {"子文档": "../附.docx"}}', encoding="utf-8")
    with pytest.raises(BadInput, match="“附”的子文档不在允许的文件夹内"):
        fill_file(desk / "模板.docx", desk / "内" / "数据.json", desk / "出.docx")


def test_in_a_plain_tag_or_a_header_it_is_refused_with_what_to_write(desk: Path) -> None:
    with pytest.raises(TemplateFault, match=r"子文档写在了普通标签里.*\{\{p 字段 \}\}"):
        fill(desk, 名称={"子文档": "附.docx"}, 附="")
    template = docx.Document()
    template.sections[0].header.paragraphs[0].text = "{{p 附 }}"
    template.save(str(desk / "模板.docx"))
    with pytest.raises(BadInput, match="子文档只能放在正文里"):
        fill(desk, 附={"子文档": "附.docx"})


def test_check_takes_the_same_data(desk: Path) -> None:
    (desk / "数据.json").write_text('{"名称": "甲园", "附": {"子文档": "附.docx"}}', encoding="utf-8")
    (found,) = check_files((desk / "模板.docx",), pack=load_pack("national"), kind=None, data=desk / "数据.json")
    assert not found.problems
