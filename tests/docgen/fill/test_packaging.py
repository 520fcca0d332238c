"""The file: the same input gives the same bytes, untouched members are copied, and bad packages are refused by name."""

import io
import pickle
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from yiyu.docgen.fill.compiled import compile_template
from yiyu.docgen.fill.package import FASTEST, ZLIB
from yiyu.registry.errors import BadInput, TemplateFault
from yiyu.registry.files import sha256

VALUES = {"甲方": {"名称": "某某卫生院"}, "rows": [{"a": "一"}, {"a": "二\n三"}]}
ROWS = ("{%tr for 行 in rows %}", ""), ("{{ 行.a }}", "{{ 甲方.名称 }}"), ("{%tr endfor %}", "")


@pytest.fixture(scope="module")
def template(word: Any) -> bytes:
    def header(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "{{ 甲方.名称 }}"

    return word.build("{{ 甲方.名称 }}", word.table(*ROWS), prepare=header)  # type: ignore[no-any-return]


@pytest.mark.parametrize("deflate", [FASTEST, ZLIB], ids=["fastest", "zlib"])
def test_the_same_input_gives_the_same_bytes_also_in_another_process(
    template: bytes, deflate: Any, tmp_path: Path
) -> None:
    first = compile_template(template, name="一").fill(VALUES, deflate=deflate)
    assert compile_template(template, name="二").fill(VALUES, deflate=deflate) == first
    source, target = tmp_path / "模板.docx", tmp_path / "结果.docx"
    source.write_bytes(template)
    program = (
        "import sys, pathlib\n"
        "from yiyu.docgen.fill.compiled import compile_template\n"
        "from yiyu.docgen.fill.package import FASTEST, ZLIB\n"
        f"t = compile_template(pathlib.Path(sys.argv[1]).read_bytes(), name='三')\n"
        f"d = {{'zlib': ZLIB}}.get({deflate.name!r}, FASTEST)\n"
        f"pathlib.Path(sys.argv[2]).write_bytes(t.fill({VALUES!r}, deflate=d))\n"
    )
    environment = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "PATH": ""}
    subprocess.run([sys.executable, "-c", program, source, target], check=True, env=environment)
    assert target.read_bytes() == first


def test_the_docxtpl_road_gives_the_same_bytes_each_time(template: bytes) -> None:
    compiled = compile_template(template, name="一")
    owner = compiled.docxtpl()
    first = compiled.fill(VALUES, owner=owner)
    assert compiled.fill(VALUES, owner=owner) == compiled.fill(VALUES, owner=compiled.docxtpl()) == first


def test_the_deflate_engine_changes_the_bytes_and_nothing_else(word: Any, template: bytes) -> None:
    compiled = compile_template(template, name="一")
    assert word.members(compiled.fill(VALUES, deflate=ZLIB)) == word.members(compiled.fill(VALUES))


def test_times_are_fixed_and_the_package_is_one_python_docx_and_zip_tools_open(template: bytes) -> None:
    document = compile_template(template, name="一").fill(VALUES)
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        assert package.testzip() is None
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist()[0] == "[Content_Types].xml"
    assert Document(io.BytesIO(document)).paragraphs[0].text == "某某卫生院"


def test_members_without_tags_are_the_templates_own(word: Any, template: bytes) -> None:
    before, after = word.members(template), word.members(compile_template(template, name="一").fill(VALUES))
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed <= {"word/document.xml", "word/header1.xml", "docProps/core.xml"}


def test_a_compiled_template_names_itself_and_travels_to_another_process(template: bytes) -> None:
    compiled = compile_template(template, name="协议.docx")
    assert (compiled.name, compiled.sha256) == ("协议.docx", sha256(template))
    assert pickle.loads(pickle.dumps(compiled)).fill(VALUES) == compiled.fill(VALUES)  # noqa: S301 our own bytes


def test_a_template_without_properties_gets_none_dated_today(word: Any, template: bytes) -> None:
    members = word.members(template)
    del members["docProps/core.xml"]
    members["_rels/.rels"] = re.sub(rb"<Relationship [^>]*core-properties[^>]*>", b"", members["_rels/.rels"])
    members["[Content_Types].xml"] = re.sub(rb"<Override [^>]*core.xml[^>]*>", b"", members["[Content_Types].xml"])
    bare = package(**members)
    compiled = compile_template(bare, name="无属性")
    assert "docProps/core.xml" not in word.members(compiled.fill(VALUES))
    assert "docProps/core.xml" not in word.members(compiled.fill(VALUES, owner=compiled.docxtpl()))


def test_a_value_of_one_document_never_reaches_the_next(word: Any, template: bytes) -> None:
    compiled = compile_template(template, name="一")
    documents = [compiled.fill({"甲方": {"名称": f"机构{number}"}, "rows": []}) for number in range(3)]
    assert [word.text_of(each).split("\n")[0] for each in documents] == ["机构0", "机构1", "机构2"]


def test_a_link_without_its_owner_is_refused(word: Any) -> None:
    compiled = compile_template(word.build("{{r x }}"), name="链接")
    owner = compiled.docxtpl()
    docxtpl = pytest.importorskip("docxtpl")
    values = {"x": docxtpl.RichText("链接", url_id=owner.build_url_id("https://example.org/"))}
    with pytest.raises(BadInput, match="不属于这次填写"):
        compiled.fill(values)
    with pytest.raises(BadInput, match="为另一份模板准备"):
        compile_template(word.build("另一份{{r x }}"), name="另").fill(values, owner=owner)


def package(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as output:
        for name, data in {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<Relationships/>", **members}.items():
            output.writestr(name, data)
    return target.getvalue()


RELATION = (
    b'<Relationships><Relationship Id="a" Type="x/%s" Target="http://h/x" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "不是有效的 Word 文档"),
        (b"%PDF-1.7", "不是有效的 Word 文档"),
        (b"<html></html>", "不是有效的 Word 文档"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧格式"),
        (package()[:-30], "不是有效的 Word 文档"),
        (package(), "内部结构无法读取"),
        (package(**{"word/vbaProject.bin": b"x"}), "有宏"),
        (package(**{"word/document.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "DOCTYPE"),
        (package(**{"word/document.xml": "\ufeff<!DOCTYPE a><a/>".encode("utf-16-le")}), "DOCTYPE"),
        (package(**{"word/_rels/document.xml.rels": RELATION % b"image"}), "引用了外部"),
        (package(**{"word/_rels/settings.xml.rels": RELATION % b"attachedTemplate"}), "引用了外部"),
        (package(**{"word/_rels/document.xml.rels": (RELATION % b"image").replace(b'"', b"'")}), "引用了外部"),
        (package(**{"word/_rels/document.xml.rels": b"<Relationships"}), "不是有效的 Word 文档"),
        (package(**{"word/A.xml": b"x", "word/a.xml": b"y"}), "重复或重叠"),
        (package(**{f"m{number}": b"" for number in range(2001)}), "成员过多"),
        (package(**{"word/bomb.xml": bytes(65 * 1024 * 1024)}), "展开后过大"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_plain_docx_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(TemplateFault, match=said):
        compile_template(data, name="坏.docx")


def test_a_damaged_member_is_refused(template: bytes) -> None:
    broken = bytearray(template)
    with zipfile.ZipFile(io.BytesIO(template)) as source:
        start = source.getinfo("word/document.xml").header_offset + 30 + len("word/document.xml")
    broken[start + 20 : start + 40] = bytes(20)
    with pytest.raises(TemplateFault, match="不是有效的 Word 文档"):
        compile_template(bytes(broken), name="坏.docx")


def test_hyperlinks_are_no_external_content(word: Any) -> None:
    def link(document: Any) -> None:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
        document.part.relate_to("https://example.org/", kind, is_external=True)

    assert compile_template(word.build("正文{{ 甲方.名称 }}", prepare=link), name="链接").fill(VALUES)


def test_sub_documents_leave_the_properties_of_other_documents_alone() -> None:
    pytest.importorskip("docxcompose", reason="the extra docxtpl[subdoc] is not installed")
    document = Document()
    document.core_properties.category = "协议"
    target = io.BytesIO()
    document.save(target)
    with zipfile.ZipFile(target) as saved:
        assert b"custom-properties" not in saved.read("docProps/core.xml")
