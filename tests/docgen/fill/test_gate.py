"""What leaves is a document Word opens: mended where that is safe, else refused with its place."""

import io
import time
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiyu.docgen.fill.compiled import compile_template
from yiyu.docgen.fill.controls import W14
from yiyu.docgen.fill.fields import W
from yiyu.docgen.fill.files import fill_file
from yiyu.docgen.fill.gate import WP, Leak, PackageIds, gate
from yiyu.docgen.fill.lint import Expectations, check_template
from yiyu.registry.errors import TemplateFault

DATA = {"甲": "王某某", "项": ["一", "二"], "真": True}
EMPTY = {"甲": "王某某", "项": [], "真": False}
BOX = "http://schemas.microsoft.com/office/word/2010/wordml"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*content: str) -> str:
    return f"<w:p>{''.join(content)}</w:p>"


def field(code: str, shown: str = "x") -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"{marks[0]}<w:r><w:instrText>{code}</w:instrText></w:r>{marks[1]}{run(shown)}{marks[2]}"


def in_cell(content: str) -> str:
    grid = '<w:tblGrid><w:gridCol w:w="1000"/></w:tblGrid>'
    return f"<w:tbl><w:tblPr/>{grid}<w:tr><w:tc><w:tcPr/>{content}</w:tc></w:tr></w:tbl>"


def filled(word: Any, template: bytes, data: dict[str, object]) -> Any:
    """The body of the filled document, which python-docx opens."""
    document = compile_template(template, name="模板.docx").fill(data)
    return Document(io.BytesIO(document)).element.body


@pytest.mark.parametrize("data", [DATA, EMPTY])
def test_a_cell_ends_with_a_paragraph_whatever_the_data(word: Any, data: dict[str, object]) -> None:
    conditional = p(run("{%p if 真 %}")) + p(run("有")) + p(run("{%p endif %}"))
    body = filled(word, word.build(in_cell(conditional)), data)
    assert [cell[-1].tag for cell in body.iter(f"{W}tc")] == [f"{W}p"]
    nested = in_cell(in_cell(p(run("{{ 甲 }}"))))
    assert all(cell[-1].tag == f"{W}p" for cell in filled(word, word.build(nested), data).iter(f"{W}tc"))


def test_a_table_without_rows_is_dropped_and_one_with_rows_stays(word: Any) -> None:
    rows = word.table(("{%tr for 一 in 项 %}",), ("{{ 一 }}",), ("{%tr endfor %}",))
    template = word.build(rows, "后")
    assert len(list(filled(word, template, DATA).iter(f"{W}tr"))) == 2
    assert not list(filled(word, template, EMPTY).iter(f"{W}tbl"))
    assert len(list(filled(word, template, DATA).iter(f"{W}tr"))) == 2  # also after one was mended


def test_a_table_without_a_grid_gets_one(word: Any) -> None:
    grid = "<w:tbl><w:tblPr/><w:tr><w:tc>{0}</w:tc><w:tc>{0}</w:tc></w:tr></w:tbl>".format(p(run("{{ 甲 }}")))
    body = filled(word, word.build(grid), DATA)
    assert len(list(body.iter(f"{W}gridCol"))) == 2


@pytest.mark.parametrize(
    ("looped", "tag"),
    [
        ('<w:bookmarkStart w:id="5" w:name="签字"/>{0}<w:bookmarkEnd w:id="5"/>', "bookmarkStart"),
        ('<w:commentRangeStart w:id="0"/>{0}<w:commentRangeEnd w:id="0"/>', "commentRangeEnd"),
        ('<w:bookmarkStart w:id="5" w:name="签字"/>{0}<w:bookmarkEnd w:id="5"/>', "bookmarkEnd"),
    ],
)
def test_what_a_loop_wrote_twice_stays_once(word: Any, looped: str, tag: str) -> None:
    content = p(run("{%p for 一 in 项 %}")) + p(looped.format(run("{{ 一 }}"))) + p(run("{%p endfor %}"))
    body = filled(word, word.build(content), DATA)
    assert len(list(body.iter(f"{W}{tag}"))) == 1
    assert [text.text for text in body.iter(f"{W}t")] == ["一", "二"]


BOTH_ENDS = '<w:{0}Start {1}/>{2}<w:{0}End w:id="5"/>'


@pytest.mark.parametrize(
    ("content", "kind", "pairs"),
    [
        (BOTH_ENDS.format("bookmark", 'w:id="5" w:name="第{{ loop.index }}条"', run("{{ 一 }}")), "bookmark", 2),
        (BOTH_ENDS.format("bookmark", 'w:id="{{ loop.index }}" w:name="条"', run("{{ 一 }}")), "bookmark", 0),
        (BOTH_ENDS.format("perm", 'w:id="5" w:edGrp="everyone"', run("{{ 一 }}")), "perm", 1),
        ('<w:bookmarkStart w:id="5" w:name="头"/>' + run("{{ 一 }}"), "bookmark", 0),
        (run("{{ 一 }}") + '<w:commentRangeEnd w:id="0"/>', "commentRange", 0),
    ],
)
def test_both_ends_of_a_mark_have_one_id_that_no_other_has(word: Any, content: str, kind: str, pairs: int) -> None:
    template = word.build(p(run("{%p for 一 in 项 %}")) + p(content) + p(run("{%p endfor %}")))
    for _ in range(2):
        body = filled(word, template, DATA)
        starts, ends = ([at.get(f"{W}id") for at in body.iter(f"{W}{kind}{end}")] for end in ("Start", "End"))
        assert (len(set(starts)), starts) == (pairs, ends)
        assert [text.text for text in body.iter(f"{W}t")] == ["一", "二"]


def test_a_header_a_condition_has_emptied_keeps_a_paragraph(word: Any) -> None:
    def conditional(document: Any) -> None:
        header = document.sections[0].header
        header.paragraphs[0].text = "{%p if 真 %}"
        header.add_paragraph("内部文件")
        header.add_paragraph("{%p endif %}")

    template = compile_template(word.build("{{ 甲 }}", prepare=conditional), name="模板.docx")
    for data, texts in ((DATA, ["内部文件"]), (EMPTY, [""]), (DATA, ["内部文件"]), (EMPTY, [""])):
        header = Document(io.BytesIO(template.fill(data))).sections[0].header
        assert [one.text for one in header.paragraphs] == texts


def test_a_note_in_a_loop_is_refused_and_a_missing_one_too(word: Any) -> None:
    note = p(run("{{ 一 }}"), '<w:r><w:footnoteReference w:id="1"/></w:r>')
    loop = p(run("{%p for 一 in 项 %}")) + note + p(run("{%p endfor %}"))
    template = word.build(loop, footnotes="注")
    with pytest.raises(TemplateFault, match=r"循环把同一个脚注写了几次.*请把脚注移到循环之外"):
        compile_template(template, name="模板.docx").fill(DATA)
    missing = word.build(p(run("{{ 甲 }}"), '<w:r><w:footnoteReference w:id="7"/></w:r>'), footnotes="注")
    with pytest.raises(TemplateFault, match="脚注的编号 7 不存在"):
        compile_template(missing, name="模板.docx").fill(DATA)


@pytest.mark.parametrize(
    ("code", "word_said"),
    [
        ('{{ "INCLUDE" ~ "PICTURE" }} "http://example.invalid/x.png"', "INCLUDEPICTURE"),
        ('{{ "DDEA" ~ "UTO" }} x "y"', "DDEAUTO"),
        ('{% if 真 %}includetext{% endif %} "x"', "INCLUDETEXT"),
        ('{{ "LINK"|upper }} Word "x"', "LINK"),
        ('{% for 一 in ["R", "D"] %}{{ 一 }}{% endfor %} "x"', "RD"),
        ('"{{ "DATA" ~ "BASE" }}" x', "DATABASE"),
    ],
)
def test_a_field_put_together_while_filling_is_refused(word: Any, code: str, word_said: str) -> None:
    template = word.build(p(field(code.replace('"', "&quot;"))))
    with pytest.raises(TemplateFault, match=f"文书会取用别的文件或程序（{word_said}）"):
        compile_template(template, name="模板.docx").fill(DATA)


@pytest.mark.parametrize(
    ("content", "word_said"),
    [
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{{ "DD" ~ "E" }} x</w:instrText></w:r>',
            "DDE",
        ),
        (
            '<w:del w:id="1" w:author="王"><w:r><w:delInstrText>{}</w:delInstrText></w:r></w:del>{}'.format(
                "LI", '<w:r><w:instrText>{{ "NK" }} x</w:instrText></w:r>'
            ),
            "LINK",
        ),
    ],
)
def test_a_field_without_an_end_or_in_a_tracked_deletion_is_no_way_out(word: Any, content: str, word_said: str) -> None:
    with pytest.raises(TemplateFault, match=f"文书会取用别的文件或程序（{word_said}）"):
        compile_template(word.build(p(content)), name="模板.docx").fill(DATA)


def test_a_field_told_by_the_result_of_another_is_refused() -> None:
    inner = field("QUOTE x", "DDEAUTO")
    outer = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    xml = (
        f"<w:p {{}}>{outer.format('begin')}{inner}<w:r><w:instrText> c d</w:instrText></w:r>{outer.format('end')}</w:p>"
    )
    namespace = f'xmlns:w="{W[1:-1]}"'
    with pytest.raises(Leak, match="DDEAUTO"):
        gate(xml.format(namespace).encode(), PackageIds())


def test_harmless_fields_stay(word: Any) -> None:
    body = filled(word, word.build(p(field("PAGE"), field("DATE \\@ yyyy"), run("{{ 甲 }}"))), DATA)
    assert [one.text for one in body.iter(f"{W}instrText")] == ["PAGE", "DATE \\@ yyyy"]


def test_words_that_lead_to_a_page_of_the_web_still_do(word: Any) -> None:
    def link(document: Any) -> None:
        key = document.part.relate_to("https://example.invalid/", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        words = document.element.body.find(f".//{W}hyperlink")
        words.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", key)

    template = word.build(p(f"<w:hyperlink>{run('{{ 甲 }}的网页')}</w:hyperlink>"), prepare=link)
    (words,) = filled(word, template, DATA).iter(f"{W}hyperlink")
    assert [one.text for one in words.iter(f"{W}t")] == ["王某某的网页"]


def test_a_picture_that_calls_itself_a_hyperlink_is_refused(word: Any) -> None:
    def outside(document: Any) -> None:
        key = document.part.relate_to("http://example.invalid/x.png", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        blip = document.element.body.find(".//{http://schemas.openxmlformats.org/drawingml/2006/main}blip")
        blip.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}link", key)

    picture = (
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="1" cy="1"/><wp:docPr id="1" name="x"/><a:graphic><a:graphicData '
        'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:blipFill><a:blip/></pic:blipFill>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    with pytest.raises(TemplateFault, match=r"文书会取用文件之外的图片或对象.*请把图片嵌入文档中再试"):
        compile_template(word.build(picture, "{{ 甲 }}", prepare=outside), name="模板.docx").fill(DATA)


@pytest.mark.parametrize("source", ['src="{{ 甲 }}"', 'o:href="http://example.invalid/x.png"'])
def test_a_vml_picture_that_names_a_file_is_refused(word: Any, source: str) -> None:
    spaces = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    picture = f"<w:r><w:pict {spaces}><v:shape><v:imagedata {source}/></v:shape></w:pict></w:r>"
    with pytest.raises(TemplateFault, match="文书会取用文件之外的图片或对象"):
        compile_template(word.build(p(picture), "{{ 甲 }}"), name="模板.docx").fill(DATA)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (p(field('\tMERGEFIELD\t"甲 方"')), "邮件合并的域“甲 方”没有填写"),
        (p(field('"MERGEFIELD" 甲方')), "邮件合并的域“甲方”没有填写"),
        (p(run("{｛甲｝}{{ 甲 }}")), "“｛甲｝”没有填写"),
        (p(run("｛甲方.名称｝{{ 甲 }}")), "“｛甲方.名称｝”没有填写"),
        (p(run("{{ 甲 }}{^真}无{/真}")), "是 docxtemplater 的反条件标签，会原样印出来"),
        (p(run("{{ 甲 }}{/}")), "“{/}”是 docxtemplater 的循环或条件的结尾标签"),
        (p(run("｛｛甲｝｝")), "“｛+甲｝｝”没有填写"),
        (p(run("｛"), run("｛甲｝｝{{ 甲 }}")), "“｛+甲｝｝”没有填写"),
        (p(run("｛％ if 真 ％｝")), "“｛％ if 真 ％｝”没有填写"),
        (p(run("«甲方名称»")), "“«甲方名称»”没有填写"),
        (p(run("«甲"), run("方»{{ 甲 }}")), "“«甲方»”没有填写"),
        (p(field("MERGEFIELD 甲方 \\* MERGEFORMAT")), "邮件合并的域“甲方”没有填写"),
        (
            '<w:p><w:fldSimple w:instr=" MERGEFIELD 甲 "><w:r><w:t>甲</w:t></w:r></w:fldSimple></w:p>',
            "邮件合并的域“甲”",
        ),
    ],
)
def test_a_field_of_another_dialect_is_named(word: Any, content: str, said: str) -> None:
    with pytest.raises(TemplateFault, match=said):
        compile_template(word.build(content), name="模板.docx").fill(DATA)


@pytest.mark.parametrize("value", ["｛｛", "«甲»", "{{ 7*7 }}", "{% x %}"])
def test_a_value_may_hold_such_signs(word: Any, value: str) -> None:
    body = filled(word, word.build("{{ 甲 }}"), {"甲": value})
    assert [text.text for text in body.iter(f"{W}t")] == [value]


@pytest.mark.parametrize(("yes", "sign", "checked"), [(True, "☑", "1"), (False, "☐", "0")])
def test_a_check_box_follows_the_sign_filled_in(word: Any, yes: bool, sign: str, checked: str) -> None:
    marks = f'<w14:checkbox xmlns:w14="{BOX}"><w14:checked w14:val="{1 - yes:d}"/></w14:checkbox>'
    tag = p(run("{{ 真 and &quot;☑&quot; or &quot;☐&quot; }}"))
    body = filled(
        word, word.build(f"<w:sdt><w:sdtPr>{marks}</w:sdtPr><w:sdtContent>{tag}</w:sdtContent></w:sdt>"), {"真": yes}
    )
    assert [one.get(f"{W14}val") for one in body.iter(f"{W14}checked")] == [checked]
    assert [text.text for text in body.iter(f"{W}t")] == [sign]


@pytest.mark.parametrize(
    ("swallowed", "said"),
    [
        ('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>', "域"),
        ("<w:r><w:drawing/></w:r>", "图片"),
        ('<w:r><w:footnoteReference w:id="1"/></w:r>', "脚注"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "符号"),
        ('<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"/>', "公式"),
    ],
)
def test_what_a_tag_would_swallow_is_said(word: Any, swallowed: str, said: str) -> None:
    template = word.build(p(run("{{甲"), swallowed, run("}}")), footnotes="注")
    with pytest.raises(TemplateFault, match=f"标签中间夹着{said}，填写后会消失"):
        compile_template(template, name="模板.docx")
    (found,) = check_template(template, "模板.docx", Expectations(data={"甲": "王某某"}))
    assert (found.code, found.place) == ("template-syntax", "整个文件" if "PAGE" in swallowed else "正文 第1段")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ('<w:del w:id="9" w:author="王"><w:r><w:delText>{% if 旧 %}</w:delText></w:r></w:del>', ["王某某"]),
        ('<w:del w:id="9" w:author="王"><w:r><w:delText>旧文字</w:delText></w:r></w:del>', ["旧文字", "王某某"]),
        ('<w:moveFrom w:id="9" w:author="王"><w:r><w:t>{{ 旧 }}</w:t></w:r></w:moveFrom>', ["王某某"]),
    ],
)
def test_tags_a_tracked_change_has_taken_away_are_gone_and_its_text_stays(
    word: Any, changed: str, said: list[str]
) -> None:
    template = word.build(p(changed, run("{{ 甲 }}")))
    assert [at.text for at in filled(word, template, DATA).iter(f"{W}delText", f"{W}t")] == said
    assert [one.code for one in check_template(template, "模板.docx", Expectations(data=DATA))] == ["change-left"]


def test_the_source_of_a_mail_merge_is_named_with_a_remedy_that_helps(word: Any) -> None:
    def merged(document: Any) -> None:
        asked = '<w:query w:val="SELECT * FROM [名册$]"/>'
        document.settings.element.insert(0, parse_xml(f'<w:mailMerge xmlns:w="{W[1:-1]}">{asked}</w:mailMerge>'))

    def linked(document: Any) -> None:
        kind = RELATIONSHIP_TYPE.IMAGE.replace("image", "mailMergeSource")
        document.part.relate_to("file:///C:/名册.xlsx", kind, is_external=True)

    for prepare in (merged, linked):
        with pytest.raises(
            TemplateFault, match=r"邮件合并的数据源.*请在 Word 的“邮件 → 开始邮件合并”中选“普通 Word 文档”"
        ):
            compile_template(word.build("{{ 甲 }}", prepare=prepare), name="模板.docx")


def test_strict_open_xml_is_named_as_such(word: Any) -> None:
    strict = "<w:p><w:r><w:t xml:lang='http://purl.oclc.org/ooxml/wordprocessingml/main'>{{ 甲 }}</w:t></w:r></w:p>"
    with pytest.raises(TemplateFault, match=r"严格 Open XML.*另存为“Word 文档"):
        compile_template(word.build(strict), name="模板.docx")


def test_looking_for_a_word_in_a_long_range_again_and_again_ends(word: Any) -> None:
    loops = "{% set a=range(99999) %}{% for i in range(3000) %}{% for j in range(1000) %}{% set q='x' in a %}"
    template = word.build(loops + "{% endfor %}{% endfor %}")
    begun = time.process_time()
    with pytest.raises(TemplateFault, match="循环或文字过多"):
        compile_template(template, name="模板.docx").fill(DATA)
    assert time.process_time() - begun < 60  # it ran for hours


def test_thousands_of_tags_are_refused_before_they_are_compiled(word: Any) -> None:
    with pytest.raises(TemplateFault, match=r"标签超过 4000 个.*请用循环"):
        compile_template(word.build("{{ 甲 }}" * 4001), name="模板.docx")


def test_two_pictures_of_one_number_get_numbers_of_their_own() -> None:
    names = f'xmlns:w="{W[1:-1]}" xmlns:wp="{WP[1:-1]}"'
    xml = f'<w:hdr {names}><w:p><w:r><wp:docPr id="1"/><wp:docPr id="1"/></w:r></w:p></w:hdr>'
    done, mended = gate(xml.encode(), PackageIds())
    assert mended == ("重编图片的编号",)
    assert len({one.get("id") for one in parse_xml(done).iter(f"{WP}docPr")}) == 2


LEAVES = st.sampled_from(
    [p(run("字")), p(), "<w:tbl/>", "<w:tbl><w:tblPr/><w:tr/></w:tbl>", in_cell(""), in_cell("<w:tbl/>")]
)
BLOCKS = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3).map("".join).map(in_cell), max_leaves=6)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(blocks=st.lists(BLOCKS, max_size=5))
def test_what_was_mended_needs_no_mending_again(blocks: list[str]) -> None:
    xml = f'<w:document xmlns:w="{W[1:-1]}"><w:body>{"".join(blocks)}</w:body></w:document>'
    done, _ = gate(xml.encode(), PackageIds())
    assert gate(done, PackageIds())[1] == ()
    root = parse_xml(done)
    assert all(len(cell) and cell[-1].tag == f"{W}p" for cell in root.iter(f"{W}tc"))
    assert all(table.find(f"{W}tr") is not None for table in root.iter(f"{W}tbl"))


def test_a_form_without_a_tag_is_told_not_copied(word: Any, tmp_path: Path) -> None:
    template, data = tmp_path / "范本.docx", tmp_path / "数据.json"
    template.write_bytes(word.build("甲方：____", "乙方：____"))
    data.write_text('{"甲": "王某某"}', encoding="utf-8")
    with pytest.raises(TemplateFault, match=r"模板里没有一个标签.*请在要填写处写上标签"):
        fill_file(template, data, tmp_path / "出.docx", picture=lambda _: b"")
    assert not (tmp_path / "出.docx").exists()
    assert [one.code for one in check_template(template.read_bytes(), "范本.docx")] == ["no-tags"]


def test_what_leads_out_of_the_package_is_named(word: Any) -> None:
    def attached(document: Any) -> None:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
        document.part.relate_to("file:///C:/x.dotm", kind, is_external=True)

    with pytest.raises(TemplateFault, match=r"外部的文档模板.*改为 Normal"):
        compile_template(word.build("{{ 甲 }}", prepare=attached), name="模板.docx")


def test_a_place_is_told_by_no_more_of_its_paragraph_than_finds_it() -> None:
    fault = Leak("坏了", "字" * 41, "请改", "template-structure").fault("正文")
    assert fault.where == f"正文，“{'字' * 40}”附近"
