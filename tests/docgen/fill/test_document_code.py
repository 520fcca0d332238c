"""Claims about the code in the header: every document says which it is, on the fast road too, and says nothing else new."""

import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from PIL import Image, ImageOps
from shipped_forms import with_clauses

from yiyu.docgen.context import coded, sample_context
from yiyu.docgen.fill.code import without_code
from yiyu.docgen.fill.compiled import CompiledTemplate, compile_template
from yiyu.docgen.page_code import PageCode, decode, document_id
from yiyu.docgen.pdf.convert import Engine, convert, dxpdf, libreoffice
from yiyu.docgen.pdf.qr_code import code_picture
from yiyu.docgen.scans.codes import find_codes
from yiyu.registry.errors import TemplateFault
from yiyu.registry.model import DocKind

NUMBER = "150600-2026-SF-0001"
SOFFICE = shutil.which("soffice")
ENGINES = [dxpdf(), *([libreoffice(SOFFICE)] if SOFFICE else [])]
EACH_KIND = pytest.mark.parametrize("kind", DocKind)


def compiled(kind: DocKind) -> CompiledTemplate:
    return compile_template(with_clauses(kind).data, name=kind)


def filled(kind: DocKind, version: int, **options: Any) -> bytes:
    context = coded(sample_context(kind), kind, version)
    return compiled(kind).fill(context, code=code_picture(context["文书"]["编码"]), **options)


def pictures(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return {name: package.read(name) for name in package.namelist() if name.startswith("word/media/")}


def read(png: bytes) -> tuple[str, ...]:
    """What a reader of QR codes makes of a picture printed at 15 mm and scanned at 150 dots an inch."""
    small = Image.open(io.BytesIO(png)).convert("L").resize((89, 89), Image.Resampling.BICUBIC)
    return find_codes(ImageOps.expand(small, 12, 255)).texts


@EACH_KIND
@pytest.mark.parametrize("version", [1, 12])
def test_every_header_names_the_document_to_the_reader_and_to_the_eye(kind: DocKind, version: int, word: Any) -> None:
    document = filled(kind, version)
    [png] = pictures(document).values()
    [code] = read(png)
    assert decode(code) == PageCode(document_id(NUMBER, kind, version), 0, 0)
    section = Document(io.BytesIO(document)).sections[0]
    headers = [section.header] if kind is DocKind.ACTIVITY_RECORD else [section.header, section.even_page_header]
    for header in headers:
        assert f"{NUMBER} " in header.paragraphs[-1].text
        assert header.paragraphs[-1].text.endswith(f" v{version}")
        [drawing] = header.paragraphs[-1]._p.iter(qn("w:drawing"))
        [extent] = drawing.iter(qn("wp:extent"))
        assert Mm(15) <= int(extent.get("cx")) == int(extent.get("cy")) <= Mm(16)
    ids = [
        one.get("id")
        for member in word.members(document).values()
        if member.startswith(b"<?xml")
        for one in word.parse(member).iter(qn("wp:docPr"))
    ]
    assert len(ids) == len(set(ids)) == len(headers)


def test_the_same_code_gives_the_same_bytes_and_another_changes_only_line_and_picture(word: Any) -> None:
    first, again, other = (word.members(filled(DocKind.AGREEMENT, version)) for version in (1, 1, 2))
    assert first == again
    differing = {name for name in first if first[name] != other[name]}
    assert {name.rstrip("0123456789.xmlpng") for name in differing} == {"word/header", "word/media/image"}


def test_on_the_road_through_docxtpl_the_picture_is_the_same() -> None:
    context = coded(sample_context(DocKind.AGREEMENT), DocKind.AGREEMENT, 1)
    code = code_picture(context["文书"]["编码"])
    template = compiled(DocKind.AGREEMENT)
    through = template.fill(context, code=code, owner=template.docxtpl())
    assert pictures(through) == pictures(template.fill(context, code=code))


def test_without_a_code_the_place_stays_white() -> None:
    [png] = pictures(compiled(DocKind.AGREEMENT).fill(sample_context(DocKind.AGREEMENT))).values()
    assert Image.open(io.BytesIO(png)).convert("L").getextrema() == (255, 255)


def test_a_template_without_the_place_is_filled_as_before(word: Any) -> None:
    template = compile_template(word.build("{{ 名 }}"), name="a")
    assert template.fill({"名": "某某"}, code=code_picture("YY0")) == template.fill({"名": "某某"})


def with_pictures(word: Any, kind: str = "PNG") -> bytes:
    """An office's own template: its emblem, and a picture it described as the place for the code."""

    def prepare(document: Any) -> None:
        for shade, described in (("grey", "院徽"), ("white", "页面码")):
            drawn = io.BytesIO()
            Image.new("RGB", (40, 40), shade).save(drawn, kind)
            picture = document.add_paragraph().add_run().add_picture(drawn, Mm(15))
            picture._inline.docPr.set("descr", described)

    return word.build("{{ 名 }}", prepare=prepare)  # type: ignore[no-any-return]


def test_any_png_described_as_the_page_code_is_replaced_and_no_other_picture(word: Any) -> None:
    template = with_pictures(word)
    code = code_picture("YY0")
    before, after = pictures(template), pictures(compile_template(template, name="a").fill({"名": "某某"}, code=code))
    assert [before[name] == after[name] for name in before] == [True, False]
    assert code in after.values()


def test_a_place_that_is_no_png_is_refused_with_what_to_do(word: Any) -> None:
    with pytest.raises(TemplateFault, match="“页面码”的占位图片不是 PNG（模板 a，正文）；请换成 PNG") as caught:
        compile_template(with_pictures(word, "JPEG"), name="a")
    assert caught.value.code == "template-code"


@EACH_KIND
def test_code_and_line_are_taken_out_and_everything_else_stays(kind: DocKind, word: Any) -> None:
    document = filled(kind, 1)
    before, after = word.members(document), word.members(without_code(document))
    headers = {name for name in before if name.startswith("word/header")}
    assert {name for name in before if before[name] != after[name]} == headers
    section = Document(io.BytesIO(without_code(document))).sections[0]
    assert not list(section.header._element.iter(qn("w:drawing")))
    assert section.header.paragraphs[-1].text == ""
    assert len(section.header.paragraphs) == len(Document(io.BytesIO(document)).sections[0].header.paragraphs)


def test_a_document_with_a_part_that_is_no_xml_comes_back_as_it_is(word: Any) -> None:
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as package:
        for name, data in word.members(filled(DocKind.AGREEMENT, 1)).items():
            package.writestr(name, data[:-9] if name == "word/header1.xml" else data)
    assert without_code(broken.getvalue()) == broken.getvalue()


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_every_page_printed_from_word_tells_its_document_at_150_dots_an_inch(engine: Engine, tmp_path: Path) -> None:
    sources = {kind: tmp_path / f"{kind}.docx" for kind in DocKind}
    for kind, path in sources.items():
        path.write_bytes(filled(kind, 1))
    made = convert(list(sources.values()), tmp_path / "out", engine=engine)
    for kind, path in sources.items():
        document = pypdfium2.PdfDocument(made[path])
        pages = [find_codes(page.render(scale=150 / 72, grayscale=True).to_pil()).texts for page in document]
        document.close()
        assert {tuple(map(decode, codes)) for codes in pages} == {(PageCode(document_id(NUMBER, kind, 1), 0, 0),)}
        assert kind is not DocKind.ACTIVITY_RECORD or len(pages) == 1
