"""Different Word files become one, and each looks as it did: sections, headers, styles, lists, pictures."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from PIL import Image

from yiyu.docgen.fill.composing import composed, join_files
from yiyu.docgen.fill.fields import W
from yiyu.docgen.fill.gate import PackageIds, gate
from yiyu.registry.errors import BadInput, TemplateFault

Change = Callable[[Any], None]


def made(text: str, size: int, *, header: str = "", change: Change = lambda _: None) -> bytes:
    """A document whose Normal is of this size, with a numbered paragraph and perhaps a header."""
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(size)
    document.add_paragraph(text)
    document.add_paragraph(f"{text}一", style="List Number")
    if header:
        document.sections[0].header.paragraphs[0].text = header
    change(document)
    document.save(target := io.BytesIO())
    return target.getvalue()


def landscape(document: Any) -> None:
    document.sections[0].orientation = WD_ORIENT.LANDSCAPE
    Image.new("RGB", (8, 8), "red").save(picture := io.BytesIO(), "PNG")
    document.add_picture(picture)


def test_each_keeps_its_sections_headers_styles_lists_and_pictures() -> None:
    files = (
        ("甲.docx", made("甲", 10, header="甲眉", change=landscape)),
        ("乙.docx", made("乙", 20, change=landscape)),
        ("丙.docx", made("丙", 10, header="丙眉")),
    )
    whole = composed(files)
    assert whole == composed(files)
    document = docx.Document(io.BytesIO(whole))
    assert [one.text for one in document.paragraphs if one.text] == ["甲", "甲一", "乙", "乙一", "丙", "丙一"]
    assert [section.header.paragraphs[0].text for section in document.sections] == ["甲眉", "", "丙眉"]
    sides = [WD_ORIENT.LANDSCAPE, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    assert [section.orientation for section in document.sections] == sides
    plain = [one for one in document.paragraphs if len(one.text) == 1]
    assert [one.style.font.size.pt for one in plain] == [10, 20, 10]
    names = [one.name for one in document.styles]
    assert len(names) == len(set(names))
    own = document.part.numbering_part.element
    numbers = [one.get(f"{W}numId") for one in own.findall(f"{W}num")]
    assert len(numbers) == len(set(numbers))
    listed = [
        one.style.element.find(f".//{W}numId").get(f"{W}val") for one in document.paragraphs if len(one.text) == 2
    ]
    assert len(set(listed)) == 3 - (listed[0] == listed[2])
    assert set(listed) <= set(numbers)
    assert len(document.inline_shapes) == 2
    assert not gate(docx.opc.oxml.serialize_part_xml(document.element), PackageIds())[1]


def comment(document: Any) -> None:
    document.add_comment(document.paragraphs[0].runs, "请核")


def odd(document: Any) -> None:
    document.settings.odd_and_even_pages_header_footer = True


@pytest.mark.parametrize(("change", "said"), [(comment, "批注"), (odd, "奇偶页")])
def test_what_cannot_be_kept_is_refused_by_name(change: Change, said: str) -> None:
    with pytest.raises(TemplateFault, match=said) as fault:
        composed((("甲.docx", made("甲", 10)), ("乙.docx", made("乙", 10, change=change))))
    assert fault.value.where == "乙.docx"


def test_one_file_alone_and_the_file_itself_are_refused(tmp_path: Path) -> None:
    one, other = tmp_path / "甲.docx", tmp_path / "乙.docx"
    one.write_bytes(made("甲", 10))
    other.write_bytes(made("乙", 10))
    with pytest.raises(BadInput, match="只给了一个文件"):
        join_files([one], tmp_path / "出.docx")
    with pytest.raises(BadInput, match="输出文件就是要合并的文件"):
        join_files([one, other], other)
    join_files([one, other], tmp_path / "出.docx", dry_run=True)
    assert not (tmp_path / "出.docx").exists()


def bare(document: Any) -> None:
    """As other programs write: no page setup, a style without a name, a part without an ending."""
    document.element.body.remove(document.element.body.sectPr)
    style = document.styles["Title"].element
    style.remove(style.find(f"{W}name"))
    (theme,) = (one for one in document.part.package.iter_parts() if str(one.partname).endswith("theme1.xml"))
    theme.partname = PackURI("/word/theme/theme")


def test_what_other_programs_leave_out_is_taken_as_usual() -> None:
    files = (("甲.docx", made("甲", 10, change=bare)), ("乙.docx", made("乙", 12, change=bare)))
    document = docx.Document(io.BytesIO(composed(files)))
    assert [one.text for one in document.paragraphs if one.text] == ["甲", "甲一", "乙", "乙一"]
    assert len(document.sections) == 2


def themed(face: str, colour: str) -> Change:
    """Write another theme into a file whose text names the theme only."""

    def change(document: Any) -> None:
        (theme,) = (one for one in document.part.package.iter_parts() if str(one.partname).endswith("theme1.xml"))
        theme._blob = re.sub(rb'(<a:minorFont>\s*<a:latin typeface=")[^"]*', rb"\g<1>" + face.encode(), theme.blob)
        run = document.add_paragraph("主题色").runs[0]
        run._r.get_or_add_rPr().append(parse_xml(f'<w:rFonts {nsdecls("w")} w:asciiTheme="minorHAnsi"/>'))
        run._r.rPr.append(parse_xml(f'<w:color {nsdecls("w")} w:val="{colour}" w:themeColor="accent1"/>'))

    return change


def test_fonts_and_colours_of_another_theme_are_written_out() -> None:
    files = (("甲.docx", made("甲", 10, change=themed("Arial", "111111"))),)
    whole = composed((*files, ("乙.docx", made("乙", 10, change=themed("Georgia", "222222")))))
    first, second = (one.runs[0] for one in docx.Document(io.BytesIO(whole)).paragraphs if one.text == "主题色")
    assert first._r.rPr.rFonts.get(f"{W}asciiTheme") == "minorHAnsi"
    assert (second.font.name, str(second.font.color.rgb)) == ("Georgia", "222222")
    assert not {name for at in second._r.iter() for name in at.attrib if "heme" in name}


def test_a_word_template_and_a_broken_inside_are_refused_in_one_sentence() -> None:
    with zipfile.ZipFile(io.BytesIO(made("乙", 10))) as package:
        members = {name: package.read(name) for name in package.namelist()}
    dotx = {"[Content_Types].xml": members["[Content_Types].xml"].replace(b"document.main", b"template.main")}
    broken = {"word/document.xml": members["word/document.xml"].replace(b"w:body", b"w:nobody")}
    for changed, said in ((dotx, "Word 的模板文件（.dotx）"), (broken, "文档的内部结构无法读取")):
        with zipfile.ZipFile(target := io.BytesIO(), "w") as package:
            for name, content in (members | changed).items():
                package.writestr(name, content)
        with pytest.raises(TemplateFault, match=said):
            composed((("甲.docx", made("甲", 12)), ("乙.docx", target.getvalue())))
