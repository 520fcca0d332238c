"""Claims about PDF/A-2b: what is made so conforms, the judge finds every planted fault, and what cannot conform is refused."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pdf_a import faults
from pikepdf import Array, Dictionary, Name, String

from yiyu.docgen.pdf.drawing import Drawing
from yiyu.docgen.pdf.pdf_a import make_pdf_a
from yiyu.docgen.pdf.print_file import PdfPages, print_file
from yiyu.registry.errors import ExitCode, FileFault

Fault = Callable[[pikepdf.Pdf], object]


def drawn() -> pikepdf.Pdf:
    drawing = Drawing(["托育机构甲"])
    drawing.page()
    drawing.text(80, 80, 12, "托育机构甲")
    drawing.squares([[1, 0], [0, 1]], 40, 40, 5)
    return drawing.finish()


def conforming() -> pikepdf.Pdf:
    pdf = drawn()
    make_pdf_a(pdf, "甲.pdf")
    return pdf


def saved(pdf: pikepdf.Pdf) -> bytes:
    made = io.BytesIO()
    pdf.save(made, deterministic_id=True)
    return made.getvalue()


def said(old: bytes, new: bytes) -> Fault:
    def change(pdf: pikepdf.Pdf) -> None:
        told = pdf.Root.Metadata.read_bytes()
        assert old in told
        pdf.Root.Metadata.write(told.replace(old, new))

    return change


def catalog(**entries: object) -> Fault:
    return lambda pdf: pdf.Root.update({f"/{key}": value for key, value in entries.items()})


def without(key: str) -> Fault:
    def change(pdf: pikepdf.Pdf) -> None:
        del pdf.Root[key]

    return change


def noted(**entries: object) -> Fault:
    def change(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **entries)
        pdf.pages[0].Annots = Array([pdf.make_indirect(note)])

    return change


def pictured(**entries: object) -> Fault:
    def change(pdf: pikepdf.Pdf) -> None:
        entries_of = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 1, "Height": 1, "BitsPerComponent": 8}
        pdf.pages[0].Resources.XObject = Dictionary(I=pdf.make_stream(bytes(4), **entries_of, **entries))
        pdf.pages[0].contents_add(b"q 9 0 0 9 0 0 cm /I Do Q")

    return change


def operators(text: bytes) -> Fault:
    return lambda pdf: pdf.pages[0].contents_add(text)


def plain_font(pdf: pikepdf.Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].Resources.Font = Dictionary(H=pdf.make_indirect(font))
    pdf.pages[0].contents_add(b"BT /H 9 Tf (a) Tj ET")


def of_font(kind: str, change: Callable[[Dictionary], object]) -> Fault:
    def changed(pdf: pikepdf.Pdf) -> None:
        change(next(one for one in pdf.objects if isinstance(one, Dictionary) and one.get("/Type") == kind))

    return changed


def widened(pdf: pikepdf.Pdf) -> None:
    font = next(one for one in pdf.objects if isinstance(one, Dictionary) and one.get("/Subtype") == "/CIDFontType2")
    font.W = Array([0, Array([1] * 30)])


FAULTS: dict[str, tuple[Fault, str]] = {
    "says nothing of itself (6.6.2.1)": (without("/Metadata"), "METADATA-STRUCTURE-001"),
    "says another part (6.6.4)": (said(b"2</pdfaid:part>", b"1</pdfaid:part>"), "ID-PART-001"),
    "says another level (6.6.4)": (said(b"B</pdfaid:conformance>", b"X</pdfaid:conformance>"), "ID-CONFORMANCE-001"),
    "colours without meaning (6.2.4.3)": (without("/OutputIntents"), "DEVICE-GRAY-001"),
    "a profile that is none (6.2.3)": (
        lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile.write(b"x" * 200),
        "OUTPUTINTENT-001",
    ),
    "printer's colours (6.2.4.3)": (operators(b"0 0 0 1 k 0 0 9 9 re f"), "DEVICE-CMYK-001"),
    "a picture in printer's colours (6.2.4.3)": (pictured(ColorSpace=Name.DeviceCMYK), "DEVICE-CMYK-001"),
    "a smoothed picture (6.2.8)": (pictured(ColorSpace=Name.DeviceGray, Interpolate=True), "IMAGE-INTERPOLATE-001"),
    "a picture with another (6.2.8)": (
        pictured(ColorSpace=Name.DeviceGray, Alternates=Array()),
        "IMAGE-ALTERNATES-001",
    ),
    "an unknown operator (6.2.2)": (operators(b"xyz"), "CONTENT-OPERATOR-001"),
    "a font that is not there (6.2.11.4.1)": (plain_font, "FONT-EMBEDDING-001"),
    "a font without shapes (6.2.11.4.1)": (
        of_font("/FontDescriptor", lambda one: one.__delitem__("/FontFile2")),
        "FONT-EMBEDDING-001",
    ),
    "a font cut short (6.2.11.4.1)": (
        of_font("/FontDescriptor", lambda one: one.FontFile2.write(one.FontFile2.read_bytes()[:200])),
        "TRUETYPE-GLYPH-PRESENCE-001",
    ),
    "other widths (6.2.11.5)": (widened, "TRUETYPE-GLYPH-WIDTH-001"),
    "a character without a shape (6.2.11.8)": (
        lambda pdf: pdf.pages[0].contents_add(
            b"BT %s 9 Tf <0000> Tj ET" % next(iter(pdf.pages[0].Resources.Font.keys())).encode()
        ),
        "NOTDEF-GLYPH-001",
    ),
    "a script (6.5.1)": (catalog(OpenAction=Dictionary(S=Name.JavaScript, JS=String("1"))), "ACTION-TYPE-001"),
    "a program started (6.5.1)": (
        noted(Subtype=Name.Link, F=4, A=Dictionary(S=Name.Launch, F=String("x"))),
        "ACTION-TYPE-001",
    ),
    "something done unasked (6.5.2)": (
        catalog(AA=Dictionary(WC=Dictionary(S=Name.URI, URI=String("x")))),
        "CATALOG-ADDITIONAL-ACTIONS-001",
    ),
    "a note that does not say whether it prints (6.3.2)": (noted(Subtype=Name.Link), "ANNOTATION-FLAGS-PRESENT-001"),
    "a hidden note (6.3.2)": (noted(Subtype=Name.Link, F=6), "ANNOTATION-FLAGS-001"),
    "a note without a look (6.3.3)": (noted(Subtype=Name.Square, F=4), "ANNOTATION-AP-REQUIRED-001"),
    "a film (6.3.1)": (noted(Subtype=Name.Movie, F=4), "ANNOTATION-SUBTYPE-001"),
    "a form yet to be drawn (6.4.1)": (
        catalog(AcroForm=Dictionary(Fields=Array(), NeedAppearances=True)),
        "ACROFORM-NEED-APPEARANCES-001",
    ),
    "a file inside (6.8)": (lambda pdf: pdf.attachments.update({"a.txt": b"x"}), "EMBEDDED-FILE-PDFA-001"),
    "content elsewhere (6.1.7.1)": (
        lambda pdf: pdf.Root.update({"/X": pdf.make_stream(b"", F=String("a.txt"))}),
        "STREAM-EXTERNAL-DATA-001",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_judge_finds_each_planted_fault_and_none_before(name: str) -> None:
    pdf = conforming()
    assert not faults(saved(pdf))
    plant, rule = FAULTS[name]
    plant(pdf)
    assert rule in faults(saved(pdf))


def test_the_judge_finds_a_password_a_missing_id_and_a_wrong_length() -> None:
    made = io.BytesIO()
    conforming().save(made, encryption=pikepdf.Encryption(owner="a", user=""))
    assert "ENCRYPTION-001" in faults(made.getvalue())
    nameless = re.sub(rb"/ID *\[[^\]]*\]", lambda found: b" " * len(found[0]), saved(conforming()))
    assert "TRAILER-ID-001" in faults(nameless)
    unended = saved(conforming()).replace(b"\nendstream", b" endstream", 1)
    assert "STREAM-LENGTH-001" in faults(unended)


def test_notes_print_pictures_are_not_smoothed_and_the_title_is_said_once() -> None:
    pdf = drawn()
    noted(Subtype=Name.Link, F=2)(pdf)
    pictured(ColorSpace=Name.DeviceGray, Interpolate=True)(pdf)
    pdf.docinfo["/Title"] = "合作协议书"
    make_pdf_a(pdf, "甲.pdf")
    assert not faults(saved(pdf))
    with pikepdf.open(io.BytesIO(saved(pdf))) as made:
        assert "/Info" not in made.trailer
        assert made.open_metadata()["dc:title"] == "合作协议书"


def test_what_cannot_conform_is_refused_in_one_sentence_that_names_it(tmp_path: Path) -> None:
    pdf = drawn()
    plain_font(pdf)
    pictured(ColorSpace=Name.DeviceCMYK)(pdf)
    pdf.save(tmp_path / "a.pdf")
    with pytest.raises(FileFault) as caught:
        print_file([PdfPages(tmp_path / "a.pdf")], tmp_path / "打印.pdf", pdfa=True)
    assert caught.value.exit_code is ExitCode.FILE
    assert "字体 Helvetica 没有嵌入" in caught.value.what
    assert "CMYK" in caught.value.what
    assert caught.value.where == "打印.pdf"
    assert "--pdfa" in caught.value.remedy
    assert not (tmp_path / "打印.pdf").exists()


def test_the_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    drawn().save(tmp_path / "a.pdf")
    for name in ("x.pdf", "y.pdf"):
        print_file([PdfPages(tmp_path / "a.pdf")], tmp_path / name, copies=2, duplex=True, pdfa=True)
    made = (tmp_path / "x.pdf").read_bytes()
    assert made == (tmp_path / "y.pdf").read_bytes()
    assert not faults(made)
