"""One digest of what a page's text is made of: the same by whichever library reads it, another after any change."""

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from yiyu.docgen.pdf.merge import merge
from yiyu.docgen.pdf.page_digest import PageDigests
from yiyu.docgen.pdf.result_digest import ResultDigests


def write(path: Path) -> Path:
    """Two pages with one font, its table of characters, a form that names itself, and a picture."""
    pdf = Pdf.new()
    table = pdf.make_stream(b"1 beginbfchar <41> <738B> endbfchar")
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type3, ToUnicode=table, FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]))
    )
    form = pdf.make_stream(b"BT /F1 9 Tf (A) Tj ET", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9.5, 9]))
    form.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(Own=form))
    picture = pdf.make_stream(b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
    said = Dictionary(MC0=Dictionary(ActualText=pikepdf.String("王某某"), Hidden=False, Level=2))
    resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(Fm=form, Im=picture), Properties=said)
    for text in (b"(one)", b"(two)"):
        drawn = Array([pdf.make_stream(b"BT /F1 12 Tf"), pdf.make_stream(text + b" Tj ET /Fm Do /Im Do")])
        page = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, 595, 842]), Contents=drawn, Resources=resources)
        pdf.pages.append(pikepdf.Page(page))
    pdf.save(path)
    return path


def marks_of_result(data: bytes) -> list[bytes]:
    marks = ResultDigests()
    return [marks.of_result(page) for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def marks_of_source(path: Path, change: Callable[[Pdf], object] = lambda _pdf: None) -> list[bytes]:
    marks = PageDigests()
    with pikepdf.open(path) as pdf:
        change(pdf)
        return [marks.of_source(page) for page in pdf.pages]


def test_both_libraries_give_the_same_marks_of_a_copy_under_other_numbers(tmp_path: Path) -> None:
    source, other = write(tmp_path / "a.pdf"), write(tmp_path / "b.pdf")
    merge([other, source], tmp_path / "out.pdf")
    expected = marks_of_source(source)
    assert marks_of_result((tmp_path / "out.pdf").read_bytes()) == expected * 2
    assert expected[0] != expected[1]


def _resources(pdf: Pdf) -> pikepdf.Object:
    return pdf.pages[0].obj.Resources


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: _resources(pdf).Font.F1.ToUnicode.write(b"1 beginbfchar <41> <738C> endbfchar"),
        lambda pdf: _resources(pdf).XObject.Fm.write(b"BT /F1 9 Tf (B) Tj ET"),
        lambda pdf: setattr(_resources(pdf).Font.F1, "Subtype", Name.Type1),
        lambda pdf: setattr(_resources(pdf).XObject.Fm, "BBox", Array([0, 0, 9.25, 9])),
        lambda pdf: setattr(_resources(pdf).Properties.MC0, "ActualText", pikepdf.String("张某某")),
        lambda pdf: setattr(pdf.pages[0].obj, "Contents", pdf.pages[0].obj.Contents[1]),
    ],
    ids=["table of characters", "form", "kind of font", "number", "words said of it", "instructions"],
)
def test_whatever_makes_the_text_enters(tmp_path: Path, change: Callable[[Pdf], object]) -> None:
    source = write(tmp_path / "a.pdf")
    assert marks_of_source(source, change)[0] != marks_of_source(source)[0]


def test_the_pixels_of_pictures_do_not_enter(tmp_path: Path) -> None:
    source = write(tmp_path / "a.pdf")
    assert marks_of_source(source, lambda pdf: _resources(pdf).XObject.Im.write(b"\1")) == marks_of_source(source)
