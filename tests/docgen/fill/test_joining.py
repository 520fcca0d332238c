"""Claims about Word files joined for one conversion: only those that may be, and each as it was."""

import io
from collections.abc import Callable

import pytest
from docx import Document

from yiyu.docgen.fill.joining import BEGINS, join_key, joined


def word(text: str, *, header: str = "", change: Callable[[str], str] = str, picture: bool = False) -> bytes:
    document = Document()
    document.add_paragraph(text)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if picture:
        document.add_paragraph().add_run().add_picture(io.BytesIO(_png(text)))
    document.element.body.find("{*}p").find("{*}r").find("{*}t").text = change(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _png(text: str) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.new("L", (8, 8), len(text)).save(file, "PNG")
    return file.getvalue()


def test_each_file_keeps_its_text_and_header_and_begins_with_page_one() -> None:
    files = [word(text, header=f"编号 {text}") for text in ("甲", "乙", "丙")]
    assert len({join_key(one) for one in files}) == 1
    whole = Document(io.BytesIO(joined(files)))
    assert [one.text for one in whole.paragraphs] == ["甲", "乙", "丙"]
    assert [one.header.paragraphs[0].text for one in whole.sections] == ["编号 甲", "编号 乙", "编号 丙"]
    marks = [
        one.get("{*}name".replace("{*}", one.nsmap["w"].join("{}"))) for one in whole.element.iter("{*}bookmarkStart")
    ]
    assert marks == [BEGINS.format(at) for at in range(3)]
    starts = [one._sectPr.find("{*}pgNumType").attrib.values() for one in whole.sections]
    assert [list(one) for one in starts] == [["1"]] * 3


def test_files_that_differ_beside_their_text_are_not_joined() -> None:
    other = Document(io.BytesIO(word("甲")))
    other.styles["Normal"].font.bold = True
    file = io.BytesIO()
    other.save(file)
    assert join_key(word("甲")) == join_key(word("乙")) != join_key(file.getvalue())
    assert join_key(word("甲", picture=True)) != join_key(word("乙乙", picture=True)), "the pictures differ"


@pytest.mark.parametrize("whole", ["numbered", "two sections", "page count"])
def test_what_counts_over_a_whole_file_is_not_joined(whole: str) -> None:
    document = Document()
    paragraph = document.add_paragraph("一")
    if whole == "numbered":
        paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = 1
    elif whole == "two sections":
        document.add_section()
    else:
        paragraph._p.append(paragraph._p.makeelement("{%s}fldSimple" % paragraph._p.nsmap["w"], {"x": " NUMPAGES "}))  # noqa: UP031
    file = io.BytesIO()
    document.save(file)
    assert join_key(file.getvalue()) == ""
