"""Claims about the Word templates a bureau gets: their text, their layout, and that they print as they should.

``YIYU_UPDATE_GOLDEN=1`` writes the golden texts anew; read the difference before committing it.
"""

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pypdf
import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml.ns import qn
from docx.table import Table
from lxml import etree
from shipped_forms import with_clauses

from yiyu.docgen.context import context_for, missing_fields
from yiyu.docgen.fill.author.__main__ import build_all
from yiyu.docgen.fill.compiled import compile_template
from yiyu.registry.model import Agreement, DocKind, Variant
from yiyu.registry.packs import load_pack

Drafting = Callable[..., Agreement]
GOLDEN = Path(__file__).parents[2] / "golden"
SHIPPED = build_all()
PACKS = ("ordos", "ejin_horo", "national", "shandong", "zhejiang")
EACH_DOCUMENT = pytest.mark.parametrize("kind", DocKind)
EACH_VARIANT = pytest.mark.parametrize("variant", Variant)


def fill(kind: DocKind, agreement: Agreement) -> bytes:
    pack = load_pack(agreement.pack)
    template = with_clauses(kind, agreement.variant, agreement.pack)
    return compile_template(template.data, name=template.name).fill(context_for(kind, agreement, pack))


def opened(data: bytes) -> DocumentType:
    return Document(io.BytesIO(data))


def text_of(data: bytes) -> str:
    """The text as it reads: header, then paragraphs and table rows in order."""
    document = opened(data)
    lines = [paragraph.text for paragraph in document.sections[0].header.paragraphs if paragraph.text]
    for block in document.iter_inner_content():
        lines += rows_of(block) if isinstance(block, Table) else [block.text]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def rows_of(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells = [" / ".join(p.text for p in cell.paragraphs if p.text) for cell in dict.fromkeys(row.cells)]
        yield "| " + " | ".join(cells)


def clauses(agreement: Agreement) -> str:
    return text_of(fill(DocKind.AGREEMENT, agreement))


@EACH_VARIANT
@EACH_DOCUMENT
def test_a_filled_document_reads_as_agreed(draft: Drafting, kind: DocKind, variant: Variant) -> None:
    found = text_of(fill(kind, draft(variant)))
    golden = GOLDEN / f"{kind}_{variant}.txt"
    if os.environ.get("YIYU_UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found, "utf-8")
    assert found == golden.read_text("utf-8")


@pytest.mark.parametrize("pack", PACKS)
@EACH_VARIANT
@EACH_DOCUMENT
def test_nothing_of_the_machine_shows_and_nothing_required_is_blank(
    draft: Drafting, kind: DocKind, variant: Variant, pack: str
) -> None:
    agreement = draft(variant, pack)
    found = text_of(fill(kind, agreement))
    assert not re.search(r"\{\{|\{%|%\}|None|nan|undefined|False|True", found)
    needs = load_pack(pack).documents[kind].needs
    context = context_for(kind, agreement, load_pack(pack))
    assert missing_fields(context, needs) == ()
    for path in needs:
        root, _, key = path.partition(".")
        assert not key or context[root][key] in found


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("李某某", "联系人：李某某　　联系电话：0477-0000000"),
        ("额尔德尼·阿拉坦其其格", "联系人：\t额尔德尼·阿拉坦其其格\n联系电话：\t0477-0000000"),
    ],
)
def test_a_telephone_number_has_its_own_line_where_a_long_name_would_tear_it(
    draft: Drafting, name: str, written: str
) -> None:
    agreement = draft(Variant.JC)
    parties = tuple(replace(one, facts=replace(one.facts, contact=name)) for one in agreement.parties)
    assert f"\n{written}\n" in clauses(replace(agreement, parties=parties))


@EACH_VARIANT
def test_every_side_and_one_witness_has_a_place_to_seal_sign_and_date(draft: Drafting, variant: Variant) -> None:
    agreement = draft(variant)
    found = clauses(agreement)
    for party in agreement.parties:
        assert found.count(f"{party.role}方（盖章）：") == 1
    blocks = len(agreement.parties) + 1
    assert [found.count(words) for words in ("（盖章）：", "（签字）：", "日期：　　年")] == [blocks] * 3


@pytest.mark.parametrize(
    ("renewal", "wording"),
    [
        ("none", "（二）期限届满，本协议自动终止；"),
        ("negotiate", "（二）愿意续签的，期限届满30日前由双方书面协商，"),
        ("auto_once", "自动顺延一年，以一次为限；"),
        ("auto", "自动顺延一年；此后每次届满，依此办理。"),
    ],
)
def test_each_way_of_renewal_has_its_own_wording_and_no_other(draft: Drafting, renewal: str, wording: str) -> None:
    found = clauses(draft(Variant.JC, renewal=renewal))
    ninth = found[found.index("第九条") : found.index("第十条")]
    assert wording in ninth
    assert ninth.count("（二）") == 1


def test_a_renewed_agreement_names_the_one_it_follows(draft: Drafting) -> None:
    assert "是150627-2025-JC-0009号协议的续签" in clauses(draft(Variant.JC, renews="150627-2025-JC-0009"))
    assert "号协议的续签" not in clauses(draft(Variant.JC))


@pytest.mark.parametrize(
    ("mode", "boxes"),
    [("visit", "☑巡回指导　□协议派驻"), ("resident", "□巡回指导　☑协议派驻"), ("both", "☑巡回指导　☑协议派驻")],
)
def test_the_way_of_service_is_ticked(draft: Drafting, mode: str, boxes: str) -> None:
    assert boxes in clauses(draft(Variant.JC, mode=mode))


@EACH_VARIANT
def test_the_twelve_clauses_stand_in_order_and_their_paragraphs_are_numbered_without_a_gap(
    draft: Drafting, variant: Variant
) -> None:
    found = clauses(draft(variant))
    assert re.findall(r"^第([一二三四五六七八九十]+)条　", found, re.MULTILINE) == [
        *"一二三四五六七八九十",
        "十一",
        "十二",
    ]
    for clause in re.split(r"^第[一二三四五六七八九十]+条　", found, flags=re.MULTILINE)[1:]:
        numbers = re.findall(r"^（([一二三四五六七八九十])）", clause, re.MULTILINE)
        assert numbers == list("一二三四五六七八九十")[: len(numbers)]


PROMISES = {"A": "筛查", "B": "膳食", "E": "培训", "F": "上门", "G": "接诊医疗机构"}
"""By 服务类别 a word that an agreement has only where it promises something of it."""


@EACH_VARIANT
def test_an_agreement_promises_what_is_ticked_and_nothing_else(draft: Drafting, variant: Variant) -> None:
    agreement = draft(variant)
    for chosen in ({item.code for item in agreement.items}, set(), {"F01"}, {"A04", "G02"}):
        items = tuple(replace(item, selected=item.code in chosen) for item in agreement.items)
        text = text_of(fill(DocKind.AGREEMENT, replace(agreement, items=items)))
        third = text[text.index("第三条") : text.index("第六条")]
        assert {item.code for item in items if item.name in third} == {item.code for item in items if item.selected}
        categories = {item.code[0] for item in items if item.selected}
        assert {key for key, word in PROMISES.items() if word in third} <= categories
        clause = third[: third.index("第四条")]
        numbered = re.findall(r"^（(.+?)）", clause, re.MULTILINE)
        assert (
            numbered
            == list("一二三四五六七八九十")[: len(numbered)]
            == list("一二三四五六七八九十")[: len(categories) + 2]
        )


def test_no_text_promises_diagnosis_or_names_a_child(draft: Drafting) -> None:
    for variant in Variant:
        for kind in DocKind:
            found = text_of(fill(kind, draft(variant)))
            assert not re.search("诊断|治疗|婴幼儿姓名[：_]|儿童姓名", found)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_committed_file_is_what_the_author_script_writes(name: str) -> None:
    committed = files("yiyu.templates").joinpath(name).read_bytes()
    assert members(committed) == members(SHIPPED[name])


def members(data: bytes) -> dict[str, tuple[tuple[int, ...], bytes]]:
    """Name, time and content of each member; the deflated bytes are of the zlib at hand."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: (info.date_time, archive.read(info)) for info in archive.infolist()}


def test_the_author_script_writes_the_same_bytes_again() -> None:
    assert build_all() == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_file_is_lean_and_names_no_author(name: str) -> None:
    assert len(SHIPPED[name]) < 20_000
    names = set(members(SHIPPED[name]))
    assert not {part for part in names if "theme" in part or "customXml" in part or "thumbnail" in part}
    assert opened(SHIPPED[name]).core_properties.author == ""


@pytest.mark.parametrize("name", SHIPPED)
def test_every_font_is_named_for_both_scripts(name: str) -> None:
    fonts = [
        element
        for content in members(SHIPPED[name]).values()
        if content[1].startswith(b"<")
        for element in etree.fromstring(content[1]).iter(qn("w:rFonts"))
    ]
    assert fonts
    for font in fonts:
        assert all(font.get(qn(f"w:{script}")) for script in ("eastAsia", "ascii", "hAnsi", "cs"))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_paragraph_has_a_named_style_and_no_formatting_of_its_own(name: str) -> None:
    document = opened(SHIPPED[name])
    identifiers = {style.style_id for style in document.styles}
    assert {paragraph.style for paragraph in document.element.body.iter(qn("w:p"))} <= identifiers
    assert not list(document.element.body.iter(qn("w:rPr")))


def test_the_agreement_has_the_page_of_the_standard() -> None:
    section = opened(SHIPPED["national/agreement.docx"]).sections[0]
    margins = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(margin.mm) for margin in margins] == [37, 26, 35, 28]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section.even_page_footer.paragraphs[0].style.name == "页码双页"


@pytest.mark.parametrize("name", SHIPPED)
def test_no_row_breaks_over_pages(name: str) -> None:
    for row in opened(SHIPPED[name]).element.body.iter(qn("w:tr")):
        assert row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None


def test_the_head_of_the_service_list_repeats_and_its_columns_fill_the_page() -> None:
    document = opened(SHIPPED["national/service_list.docx"])
    section, table = document.sections[0], document.tables[0]
    heads = [row for row in table.rows if row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None]
    assert [row.cells[0].text for row in heads] == ["序号"]
    room = section.page_width - section.left_margin - section.right_margin
    assert 0 <= room - sum(column.width for column in table.columns) < 36000


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, bytes]], dict[str, list[str]]]:
    """Turns documents into PDF with one call and gives the text of their pages."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    folder = tmp_path_factory.mktemp("printed")

    def convert(documents: dict[str, bytes]) -> dict[str, list[str]]:
        paths = [folder / f"{name}.docx" for name in documents]
        for path, data in zip(paths, documents.values(), strict=True):
            path.write_bytes(data)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *paths]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return {
            path.stem: [page.extract_text() for page in pypdf.PdfReader(path.with_suffix(".pdf")).pages]
            for path in paths
        }

    return convert


def test_the_record_is_one_page_and_no_sign_page_stands_alone_and_no_character_is_lost(
    draft: Drafting, printed: Callable[[dict[str, bytes]], dict[str, list[str]]]
) -> None:
    longest = {kind: fill(kind, draft(Variant.SF, "shandong", district="370102")) for kind in DocKind}
    pages = printed({kind.value: data for kind, data in longest.items()})
    assert len(pages[DocKind.ACTIVITY_RECORD]) == 1
    assert "具有同等法律效力" in "".join(pages[DocKind.AGREEMENT][-1].split())
    assert "服务内容及要求" in "".join(pages[DocKind.SERVICE_LIST][-1].split())
    for kind, data in longest.items():
        assert all(len(page) > 60 for page in pages[kind])
        body = "".join(text.text or "" for text in opened(data).element.body.iter(qn("w:t")))
        assert not Counter(signs(body)) - Counter(signs("".join(pages[kind])))


def signs(text: str) -> list[str]:
    """Chinese characters and punctuation: what a renderer may lose at a line's end."""
    return re.findall(r"[\u4e00-\u9fff，。、；：“”（）《》〔〕☑□]", text)
