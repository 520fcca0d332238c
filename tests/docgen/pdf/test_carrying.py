"""Claims about what goes along with the pages of a file: attachments, named places, labels, layers, outline, form, tags."""

import io
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pypdfium2
import pytest
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, OutlineItem, String

from yiyu.docgen.pdf.carrying.document import Carrier
from yiyu.docgen.pdf.carrying.proof import holds
from yiyu.docgen.pdf.merge import MergedPdf, merge
from yiyu.docgen.pdf.writing import Writer
from yiyu.registry.errors import FileFault

CASES = Path(__file__).parents[2] / "data/cases/paper"
Change = Callable[[pikepdf.Pdf], object]


def source(path: Path, pages: int = 2, *changes: Change, **save: Any) -> Path:
    pdf = pikepdf.new()
    for number in range(pages):
        content = pdf.make_stream(b"0 0 %d 9 re f" % (number + 1))
        page = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, 100, 100]), Contents=content)
        pdf.pages.append(pikepdf.Page(page))
    for change in changes:
        change(pdf)
    pdf.save(path, **save)
    return path


def merged(tmp_path: Path, *paths: Path) -> tuple[MergedPdf, pikepdf.Pdf]:
    result = merge(paths, tmp_path / "out.pdf")
    return result, pikepdf.open(io.BytesIO((tmp_path / "out.pdf").read_bytes()))


def page_of(pdf: pikepdf.Pdf, target: Any) -> int:
    return [page.obj.objgen for page in pdf.pages].index(target[0].objgen)


def names(pdf: pikepdf.Pdf, kind: str) -> dict[str, Any]:
    flat = list(pdf.Root.Names[kind].Names)
    return dict(zip(map(str, flat[::2]), flat[1::2], strict=True))


# Attachments


def attach(name: str, data: bytes) -> Change:
    return lambda pdf: pdf.attachments.__setitem__(name, AttachedFileSpec(pdf, data, filename=name))


def test_attachments_go_along_and_two_of_one_name_are_told_apart(tmp_path: Path) -> None:
    one = source(tmp_path / "a.pdf", 1, attach("附表.xlsx", b"one"), attach("说明.txt", b"x"))
    two = source(tmp_path / "b.pdf", 1, attach("附表.xlsx", b"two"))
    _, pdf = merged(tmp_path, one, two, two)
    found = {key: (file.filename, file.get_file().read_bytes()) for key, file in pdf.attachments.items()}
    assert sorted(found.values()) == [
        ("说明.txt", b"x"), ("附表 (2).xlsx", b"two"), ("附表 (3).xlsx", b"two"), ("附表.xlsx", b"one"),
    ]  # fmt: skip


def test_a_file_that_is_listed_twice_is_attached_under_both_names(tmp_path: Path) -> None:
    def again(pdf: pikepdf.Pdf) -> None:
        [name, file] = pdf.Root.Names.EmbeddedFiles.Names
        pdf.Root.Names.EmbeddedFiles = Dictionary(Names=Array([name, file, String("附表二.xlsx"), file]))

    path = source(tmp_path / "a.pdf", 1, attach("附表.xlsx", b"one"), again)
    _, pdf = merged(tmp_path, path, path)
    assert len(pdf.attachments) == 4
    assert {file.filename for file in pdf.attachments.values()} == {"附表.xlsx", "附表 (2).xlsx"}


def test_the_attachment_of_the_case_is_the_same_bytes_after_merging(tmp_path: Path) -> None:
    _, pdf = merged(tmp_path, CASES / "attachment.pdf")
    with pikepdf.open(CASES / "attachment.pdf") as before:
        expected = {name: file.get_file().read_bytes() for name, file in before.attachments.items()}
        assert len(before.Root.AF) == len(pdf.Root.AF)
    assert {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()} == expected != {}


# Named places and the links to them


def link(target: object, **entries: object) -> Dictionary:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), **entries)
    if target is not None:
        note.Dest = target
    return note


def chapters(pdf: pikepdf.Pdf) -> None:
    """A name as string, one of the older kind, and links of three kinds from the first page to them."""
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String("ch2"), Array([pdf.pages[1].obj, Name.Fit])])))
    pdf.Root.Dests = Dictionary(ch2=Dictionary(D=Array([pdf.pages[0].obj, Name.Fit])))
    action = Dictionary(S=Name.GoTo, D=String("ch2"))
    shared = pdf.make_indirect(Dictionary(S=Name.GoTo, D=String("ch2")))
    notes = [link(String("ch2")), link(Name.ch2), *(link(None, A=one) for one in (action, shared, shared))]
    pdf.pages[0].obj.Annots = Array(notes)


def resolved(pdf: pikepdf.Pdf, page: int) -> list[int | None]:
    places, found = names(pdf, "/Dests"), list[int | None]()
    for note in pdf.pages[page].obj.Annots:
        target = places.get(str(note.get("/Dest", "")) or str(note.A.D))
        target = target.D if isinstance(target, Dictionary) else target
        found.append(None if target is None else page_of(pdf, target))
    return found


def test_links_by_name_lead_to_the_same_page_where_two_files_share_the_name(tmp_path: Path) -> None:
    one = source(tmp_path / "a.pdf", 2, chapters)
    _, pdf = merged(tmp_path, one, one, source(tmp_path / "b.pdf", 3, chapters))
    assert [resolved(pdf, page) for page in (0, 2, 4)] == [[1, 0, 1, 1, 1], [3, 2, 3, 3, 3], [5, 4, 5, 5, 5]]
    assert len(names(pdf, "/Dests")) == 6


def test_a_link_to_a_name_that_is_not_there_leads_nowhere_after_merging_too(tmp_path: Path) -> None:
    dead = source(tmp_path / "a.pdf", 1, lambda pdf: setattr(pdf.pages[0].obj, "Annots", Array([link(String("ch2"))])))
    for order in ((dead, CASES / "named_link.pdf"), (CASES / "named_link.pdf", dead)):
        _, pdf = merged(tmp_path, *order)
        assert resolved(pdf, 2 * order.index(dead)) == [None]


def test_a_link_that_counts_pages_instead_of_naming_one_is_counted_from_its_own_file(tmp_path: Path) -> None:
    counted = source(
        tmp_path / "a.pdf", 2, lambda pdf: setattr(pdf.pages[0].obj, "Annots", Array([link(Array([1, Name.Fit]))]))
    )
    _, pdf = merged(tmp_path, counted, counted)
    assert [page_of(pdf, pdf.pages[at].obj.Annots[0].Dest) for at in (0, 2)] == [1, 3]


def test_the_named_link_of_the_case_leads_to_its_second_page(tmp_path: Path) -> None:
    _, pdf = merged(tmp_path, CASES / "attachment.pdf", CASES / "named_link.pdf")
    assert resolved(pdf, 1) == [2]
    with pypdf.PdfReader(tmp_path / "out.pdf") as reader:
        assert [reader.get_destination_page_number(one) for one in reader.named_destinations.values()] == [2]


# Page labels


def numbered(style: Name, first: int = 1) -> Change:
    return lambda pdf: setattr(
        pdf.Root,
        "PageLabels",
        Dictionary(Nums=Array([0, Dictionary(S=style, St=first), 1, Dictionary(P=String("附"))])),
    )


def test_pages_keep_their_labels_and_a_file_without_any_counts_from_one(tmp_path: Path) -> None:
    roman, plain = source(tmp_path / "a.pdf", 2, numbered(Name.r, 3)), source(tmp_path / "b.pdf", 3)
    merge([plain, roman, plain], tmp_path / "out.pdf")
    with pypdf.PdfReader(tmp_path / "out.pdf") as reader:
        assert reader.page_labels == ["1", "2", "3", "iii", "附", "1", "2", "3"]
    _, pdf = merged(tmp_path, plain, plain)
    assert "/PageLabels" not in pdf.Root


# Layers


def layers(base: str, on: tuple[int, ...] = (), off: tuple[int, ...] = ()) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        groups = [pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(f"层{at}"))) for at in range(3)]
        default = Dictionary(Order=Array(groups), ON=Array([groups[at] for at in on]))
        default.OFF, default.BaseState = Array([groups[at] for at in off]), Name("/" + base)
        other = Dictionary(Name=String("另一种"), BaseState=Name.OFF, ON=Array(groups[:1]))
        pdf.Root.OCProperties = Dictionary(OCGs=Array(groups), D=default, Configs=Array([other]))
        properties = Dictionary({f"/P{at}": one for at, one in enumerate(groups)})
        for page in pdf.pages:
            page.obj.Resources = Dictionary(Properties=properties)
            drawn = b" ".join(b"/OC /P%d BDC %d 0 9 90 re f EMC" % (at, 30 * at) for at in range(3))
            page.obj.Contents = pdf.make_stream(drawn)

    return change


def shown(path: Path, page: int) -> list[bool]:
    """Which of the three bars PDFium draws."""
    with pypdfium2.PdfDocument(path) as document:
        picture = document[page].render(may_draw_forms=False).to_pil().convert("L")
        return [picture.getpixel((30 * at + 4, 50)) < 128 for at in range(3)]


def test_layers_are_shown_and_hidden_as_in_their_own_files(tmp_path: Path) -> None:
    some = source(tmp_path / "a.pdf", 1, layers("ON", off=(1,)))
    few = source(tmp_path / "b.pdf", 1, layers("OFF", on=(2,)))
    _, pdf = merged(tmp_path, some, few, some)
    assert [shown(tmp_path / "out.pdf", page) for page in range(3)] == [
        [True, False, True], [False, False, True], [True, False, True],
    ]  # fmt: skip
    assert len(pdf.Root.OCProperties.OCGs) == len(pdf.Root.OCProperties.D.Order) == 9
    other = pdf.Root.OCProperties.Configs[1]
    assert (other.BaseState, len(other.ON), len(other.OFF)) == ("/Unchanged", 1, 2)


def test_the_hidden_layer_of_the_case_stays_hidden(tmp_path: Path) -> None:
    _, pdf = merged(tmp_path, CASES / "hidden_layer.pdf", CASES / "hidden_layer.pdf")
    looks = []
    for path in (CASES / "hidden_layer.pdf", tmp_path / "out.pdf"):
        with pypdfium2.PdfDocument(path) as document:
            looks += [document[at].render().to_pil().tobytes() for at in range(len(document))]
    assert len(looks) == 3
    assert looks[0] == looks[1] == looks[2]
    assert len(pdf.Root.OCProperties.D.OFF) == 2


# Outline


def outline(pdf: pikepdf.Pdf) -> list[tuple[str, int | None, int, str]]:
    """Title, page from 0, count and address of every entry below the files' own."""
    found: list[tuple[str, int | None, int, str]] = []

    def level(parent: Any) -> None:
        item = parent.get("/First")
        while item is not None:
            page = page_of(pdf, item.Dest) if "/Dest" in item else None
            found.append((str(item.Title), page, int(item.get("/Count", 0)), str(item.get("/A", {}).get("/URI", ""))))
            level(item)
            item = item.get("/Next")

    level(pdf.Root.Outlines.First)
    return found


def every_kind(pdf: pikepdf.Pdf) -> None:
    chapters(pdf)
    with pdf.open_outline() as made:
        made.root.extend(
            [OutlineItem("第一章", 1), OutlineItem("按名称", 0), OutlineItem("网址", 0), OutlineItem("空", 0)]
        )
        made.root[0].children.extend([OutlineItem("第一节", 0), OutlineItem("第二节", 1)])
        made.root[0].is_closed = False
    named = pdf.Root.Outlines.First.Next
    named.Dest = String("ch2")
    del named.Next.Dest, named.Next.Next.Dest
    named.Next.A = Dictionary(S=Name.URI, URI=String("http://example.invalid"))
    named.C, named.F = Array([1, 0, 0]), 2


def test_an_outline_is_kept_entry_by_entry(tmp_path: Path) -> None:
    _, pdf = merged(tmp_path, source(tmp_path / "b.pdf", 1), source(tmp_path / "a.pdf", 2, every_kind))
    assert "/First" not in pdf.Root.Outlines.First
    pdf.Root.Outlines.First = pdf.Root.Outlines.First.Next
    assert outline(pdf) == [
        ("第一章", 2, 2, ""), ("第一节", 1, 0, ""), ("第二节", 2, 0, ""), ("按名称", 2, 0, ""),
        ("网址", None, 0, "http://example.invalid"), ("空", None, 0, ""),
    ]  # fmt: skip
    named = pdf.Root.Outlines.First.First.Next
    assert (list(named.C), named.F) == ([1, 0, 0], 2)


def test_the_entry_without_a_target_of_the_case_takes_no_other_with_it(tmp_path: Path) -> None:
    with pikepdf.open(CASES / "outline_one_without_dest.pdf") as before, before.open_outline() as made:
        titles = [item.title for item in made.root]
    _, pdf = merged(tmp_path, CASES / "outline_one_without_dest.pdf")
    kept = outline(pdf)
    assert set(titles) <= {title for title, *_ in kept}
    assert [page for _, page, *_ in kept].count(None) == 1


def _circle(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Outlines.First.Next.Next = pdf.Root.Outlines.First


def _nested_circle(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Outlines.First.Next.First = pdf.Root.Outlines.First


@pytest.mark.parametrize("change", [_circle, _nested_circle])
def test_an_outline_that_runs_in_a_circle_is_kept_up_to_there_and_that_is_said(tmp_path: Path, change: Change) -> None:
    def two(pdf: pikepdf.Pdf) -> None:
        with pdf.open_outline() as made:
            made.root.extend([OutlineItem("甲", 0), OutlineItem("乙", 1)])
        change(pdf)

    result, pdf = merged(tmp_path, source(tmp_path / "a.pdf", 2, two))
    assert [title for title, *_ in outline(pdf)] == ["甲", "乙"]
    assert result.files[0].left == ("书签中指回自身的部分",)


# Forms


def form(value: str, **entries: object) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        look = pdf.make_stream(b"/Tx BMC EMC", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 50, 20]))
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("姓名"), V=String(value))
        field.Rect, field.AP, field.DA = Array([0, 0, 50, 20]), Dictionary(N=look), String("/F1 12 Tf 0 g")
        field = pdf.make_indirect(field)
        pdf.pages[0].obj.Annots = Array([field])
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/" + value)))
        resources = Dictionary(Font=Dictionary(F1=font))
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), DR=resources, DA=String("/F1 9 Tf"), **entries)

    return change


def test_forms_can_still_be_filled_in_and_each_field_has_its_own_name_and_font(tmp_path: Path) -> None:
    one, two = source(tmp_path / "a.pdf", 1, form("Courier")), source(tmp_path / "b.pdf", 1, form("Helvetica"))
    _, pdf = merged(tmp_path, one, two)
    with pypdf.PdfReader(tmp_path / "out.pdf") as reader:
        assert reader.get_form_text_fields() == {"姓名": "Courier", "姓名 (2)": "Helvetica"}
    fonts = pdf.Root.AcroForm.DR.Font
    for at, (page, name) in enumerate(zip(pdf.pages, ("Courier", "Helvetica"), strict=True)):
        field = pdf.Root.AcroForm.Fields[at]
        assert page.obj.Annots[0].objgen == field.objgen
        assert fonts[str(field.DA).split()[0]].BaseFont == "/" + name


def test_a_form_whose_entries_have_no_look_yet_is_carried_as_that(tmp_path: Path) -> None:
    _, pdf = merged(tmp_path, source(tmp_path / "a.pdf", 1, form("x", NeedAppearances=True)))
    assert pdf.Root.AcroForm.NeedAppearances is True


@pytest.mark.parametrize("name", [7, Name.a, Array([1])])
def test_a_field_whose_name_is_no_text_is_carried_without_ending_the_program(tmp_path: Path, name: object) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        form("x")(pdf)
        pdf.Root.AcroForm.Fields[0].T = name

    one = source(tmp_path / "a.pdf", 1, change)
    _, pdf = merged(tmp_path, one, one)
    assert len(pdf.Root.AcroForm.Fields) == 2


def test_an_xfa_form_is_named_as_left_behind(tmp_path: Path) -> None:
    result, _ = merged(tmp_path, source(tmp_path / "a.pdf", 1, form("x", XFA=String("<xdp/>"))))
    assert "XFA 动态表单" in result.files[0].left


# Structure


def tagged(role: Name) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, RoleMap=Dictionary(Mine=role)))
        elements, parents = Array(), Array()
        for at, page in enumerate(pdf.pages):
            one = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Mine, P=root, Pg=page.obj, K=0))
            one.ID, one.A = String(f"id{at}"), Dictionary(O=Name.Table, Headers=Array([String("id0")]))
            elements.append(one)
            parents.extend([at, Array([one])])
            page.obj.StructParents = at
        root.K, root.ParentTree, root.ParentTreeNextKey = elements, Dictionary(Nums=parents), len(pdf.pages)
        names = Array([part for one in elements for part in (one.ID, one)])
        root.IDTree = Dictionary(Names=names)
        pdf.Root.StructTreeRoot, pdf.Root.MarkInfo = root, Dictionary(Marked=True)

    return change


def test_every_page_finds_its_own_element_in_the_structure(tmp_path: Path) -> None:
    one, two = source(tmp_path / "a.pdf", 2, tagged(Name.P)), source(tmp_path / "b.pdf", 2, tagged(Name.H1))
    _, pdf = merged(tmp_path, one, source(tmp_path / "c.pdf", 1, _stale_number), two)
    root = pdf.Root.StructTreeRoot
    flat = list(root.ParentTree.Nums)
    parents = dict(zip(flat[::2], flat[1::2], strict=True))
    for at, meaning in ((0, "/P"), (1, "/P"), (3, "/H1"), (4, "/H1")):
        [element] = parents[pdf.pages[at].obj.StructParents]
        assert element.Pg.objgen == pdf.pages[at].obj.objgen
        assert element.P.objgen == root.objgen
        assert root.RoleMap[str(element.S)] == meaning
        listed = list(root.IDTree.Names)
        ids = dict(zip(map(str, listed[::2]), listed[1::2], strict=True))
        assert ids[str(element.ID)].objgen == element.objgen
        assert ids[str(element.A.Headers[0])].Pg.objgen == pdf.pages[at - at % 3 if at < 3 else 3].obj.objgen or at == 1
    assert "/StructParents" not in pdf.pages[2].obj
    assert "/MarkInfo" not in pdf.Root


def classed(**meanings: str) -> Change:
    """Two elements of classes that mean an alignment each; the first names its class alone, the second by revision too."""

    def change(pdf: pikepdf.Pdf) -> None:
        tagged(Name.P)(pdf)
        root = pdf.Root.StructTreeRoot
        root.ClassMap = Dictionary(
            {f"/{name}": Dictionary(O=Name.Layout, TextAlign=Name("/" + align)) for name, align in meanings.items()}
        )
        first, last = next(iter(meanings)), [*meanings][-1]
        root.K[0].C = Name("/" + first)
        root.K[1].C = Array([Name("/" + first), 0, Name("/" + last), 1])

    return change


def test_a_class_that_means_something_else_in_an_earlier_file_gets_a_name_of_its_own(tmp_path: Path) -> None:
    one = source(tmp_path / "a.pdf", 2, classed(Head="Center"))
    two = source(tmp_path / "b.pdf", 2, classed(Head="End", Head_="Justify"))
    result, pdf = merged(tmp_path, one, two, one)
    assert [file.left for file in result.files] == [(), (), ()]
    root = pdf.Root.StructTreeRoot

    def meant(element: pikepdf.Object) -> list[str]:
        every = [element.C] if isinstance(element.C, Name) else list(element.C)
        return [str(root.ClassMap[str(name)].TextAlign) for name in every if isinstance(name, Name)]

    own = [["/Center"], ["/Center", "/Center"]]
    assert [meant(element) for element in root.K] == [*own, ["/End"], ["/End", "/Justify"], *own]
    assert list(root.K[3].C)[1::2] == [0, 1]
    assert len(root.ClassMap) == 3


def _stale_number(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.StructParents = 1


# What is said of the whole file


def titled(title: str) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        with pdf.open_metadata() as metadata:
            metadata["dc:title"], metadata["pdfaid:part"] = title, "2"

    return change


def test_the_properties_of_the_one_file_that_has_any_are_carried_without_its_claim(tmp_path: Path) -> None:
    known = source(tmp_path / "a.pdf", 1, titled("协议"))
    result, pdf = merged(tmp_path, source(tmp_path / "b.pdf", 1), known)
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "协议"
        assert "pdfaid:part" not in metadata
    assert str(pdf.docinfo.Title) == "协议"
    assert [one.left for one in result.files] == [(), ("符合 PDF/A 等标准的声明",)]
    result, pdf = merged(tmp_path, known, known)
    assert "/Metadata" not in pdf.Root
    assert all("文档属性（标题、作者等）" in one.left for one in result.files)


def test_colours_of_print_are_carried_only_where_all_files_have_the_same(tmp_path: Path) -> None:
    def intent(name: str) -> Change:
        one = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=String(name))
        return lambda pdf: setattr(pdf.Root, "OutputIntents", Array([one]))

    one, other = (source(tmp_path / f"{name}.pdf", 1, intent(name)) for name in ("sRGB", "FOGRA"))
    assert "/OutputIntents" in merged(tmp_path, one, one)[1].Root
    result, pdf = merged(tmp_path, one, other)
    assert "/OutputIntents" not in pdf.Root
    assert all(one.left == ("印刷色彩标准",) for one in result.files)


def test_what_cannot_be_carried_is_named_file_by_file(tmp_path: Path) -> None:
    def much(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array()))
        pdf.Root.Strange = 1
        run = Dictionary(S=Name.Launch, F=String("x.exe"))
        pdf.pages[0].obj.Annots = Array([link(None, A=run)])

    result, pdf = merged(tmp_path, source(tmp_path / "a.pdf", 1), source(tmp_path / "b.pdf", 1, much))
    assert [set(one.left) for one in result.files] == [
        set(), {"打开时的动作", "脚本", "其他条目（/Strange）", "脚本、声音影像和会打开其他文件的动作"},
    ]  # fmt: skip
    assert "/A" not in pdf.pages[1].obj.Annots[0]


# Odd objects


def test_a_scanner_that_turns_its_pages_by_a_number_elsewhere_in_the_file_is_merged(tmp_path: Path) -> None:
    _, pdf = merged(tmp_path, CASES / "indirect_rotate.pdf")
    with pikepdf.open(CASES / "indirect_rotate.pdf") as before:
        assert pdf.pages[0].obj.Rotate == before.pages[0].obj.Rotate


_ODD = [
    b"null",
    b"7",
    b"(x)",
    b"/X",
    b"[ ]",
    b"<< >>",
    b"99 0 R",
    b"[ null 7 (x) /X [ ] << >> 99 0 R ]",
    b"true",
    b"4 0 R",
]
_PLACES = [
    b"/Annots", b"/Rotate", b"/Resources", b"/Outlines", b"/Names", b"/Dests", b"/PageLabels", b"/OCProperties",
    b"/AcroForm", b"/StructTreeRoot", b"/Metadata", b"/AF", b"/OutputIntents", b"/Lang", b"/MarkInfo", b"/Threads",
]  # fmt: skip


@pytest.mark.parametrize("place", _PLACES)
def test_whatever_stands_where_something_else_should_nothing_breaks(tmp_path: Path, place: bytes) -> None:
    for odd in _ODD:
        on_page = place in {b"/Annots", b"/Rotate", b"/Resources"}
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R %s >>" % (b"" if on_page else place + b" " + odd),
            b"<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 9 9 ] %s >>" % (place + b" " + odd if on_page else b""),
            b"90",
        ]
        data, places = b"%PDF-1.7\n", []
        for number, body in enumerate(objects, start=1):
            places.append(len(data))
            data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        table = b"".join(b"%010d 00000 n \n" % at for at in places)
        data += b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
            table, data.index(b"4 0 obj") + len(b"4 0 obj\n90\nendobj\n"),
        )  # fmt: skip
        (tmp_path / "odd.pdf").write_bytes(data)
        assert merge([tmp_path / "odd.pdf"] * 2, tmp_path / "out.pdf").pages == 2, odd


# The proof


def test_reading_back_notices_whatever_of_it_is_lost(tmp_path: Path) -> None:
    changes = (chapters, attach("附表.xlsx", b"one"), numbered(Name.r), layers("ON", off=(1,)))
    path = source(tmp_path / "a.pdf", 2, *changes)
    carrier = Carrier(Writer(io.BytesIO()))
    with pikepdf.open(path) as pdf:
        carrier.take(pdf, Writer(io.BytesIO()).copying(pdf), 0)
    merge([path], tmp_path / "out.pdf")
    good = (tmp_path / "out.pdf").read_bytes()

    def held(data: bytes) -> bool:
        return holds(pypdf.PdfReader(io.BytesIO(data)), carrier)

    assert held(good)
    for old, new in (
        (b"/Size 3 ", b"/Size 4 "), (b"/EmbeddedFiles", b"/EmbeddedFilez"), (b"/Dests << /Names", b"/Dezts << /Names"),
        (b"/Nums [0 ", b"/Nums [1 "), (b"/OFF [", b"/OFF ["[:4] + b"x["), (b"/OCGs", b"/OCGx"),
    ):  # fmt: skip
        assert good.count(old) == 1, old
        assert not held(good.replace(old, new)), old


# Damaged, and whole


def misplaced(data: bytes) -> dict[str, bytes]:
    start = data.rindex(b"startxref\n") + len(b"startxref\n")
    end = data.index(b"\n", start)
    return {
        "leading junk": b"HTTP/1.1 200 OK\r\n\r\n" + data,
        "wrong place of the table": data[:start] + b"7" + data[end:],
        "wrong table": data.replace(b" 00000 n", b"\x00\x00\x00\x00\x00\x00n", 2),
        "trailing bytes": data + b"\r\n<html></html>" * 200,
    }


@pytest.mark.parametrize("kind", misplaced(b"startxref\n0\n"))
def test_a_file_that_is_damaged_but_whole_is_mended_and_that_is_said(tmp_path: Path, kind: str) -> None:
    sound = source(
        tmp_path / "sound.pdf",
        3,
        chapters,
        attach("附表.xlsx", b"one"),
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )
    (tmp_path / "a.pdf").write_bytes(misplaced(sound.read_bytes())[kind])
    result, pdf = merged(tmp_path, tmp_path / "a.pdf")
    assert result.pages == 3
    assert resolved(pdf, 0) == [1, 0, 1, 1, 1]
    assert [page.obj.Contents.read_bytes() for page in pdf.pages] == [b"0 0 %d 9 re f" % at for at in (1, 2, 3)]
    assert result.files[0].notes == ("文件的结构有错，内容完整；已修复，并由另一个程序逐页核对",)
    with pytest.raises(FileFault, match="已损坏"):
        merge([tmp_path / "a.pdf"], tmp_path / "strict.pdf", strict=True)


def test_a_file_that_only_its_owner_may_change_is_opened_as_by_every_viewer_and_that_is_said(tmp_path: Path) -> None:
    locked = source(tmp_path / "a.pdf", 2, chapters, encryption=pikepdf.Encryption(user="", owner="o"))
    result, pdf = merged(tmp_path, locked)
    assert not pdf.is_encrypted
    assert pdf.pages[1].obj.Contents.read_bytes() == b"0 0 2 9 re f"
    assert [note.partition("，")[0] for note in result.files[0].notes] == ["设有限制编辑的密码"]
    with pytest.raises(FileFault, match="设有权限密码"):
        merge([locked], tmp_path / "strict.pdf", strict=True)


def test_a_later_version_of_a_file_that_was_cut_off_is_not_taken_for_the_whole(tmp_path: Path) -> None:
    sound = source(tmp_path / "a.pdf", 2)
    sound.write_bytes(sound.read_bytes() + b"\n3 0 obj\n<< /Type /Page")
    with pytest.raises(FileFault, match="已损坏"):
        merge([sound], tmp_path / "out.pdf")
    assert not (tmp_path / "out.pdf").exists()


def test_an_object_that_is_nowhere_in_a_mended_file_is_not_passed_over(tmp_path: Path) -> None:
    whole = source(tmp_path / "a.pdf", 2, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    data = misplaced(whole.read_bytes())["wrong place of the table"]
    with pikepdf.open(whole) as pdf:
        lost = b"\n%d 0 obj" % pdf.pages[1].obj.Contents.objgen[0]
    assert data.count(lost) == 1
    whole.write_bytes(data.replace(lost, b"\n99 0 obj"))
    with pytest.raises(FileFault, match="已损坏"):
        merge([whole], tmp_path / "out.pdf")


def test_an_entry_of_the_catalog_that_is_null_is_not_said_to_be_left_behind(tmp_path: Path) -> None:
    one = source(tmp_path / "a.pdf", 1, lambda pdf: setattr(pdf.Root, "OpenAction", Name.four))
    one.write_bytes(one.read_bytes().replace(b"/OpenAction /four", b"/OpenAction null "))
    result, _ = merged(tmp_path, one)
    assert (result.files[0].left, result.files[0].notes) == ((), ())


def test_what_a_library_says_of_a_damaged_tree_of_pages_is_not_shown(tmp_path: Path) -> None:
    one = source(tmp_path / "a.pdf", 2)
    one.write_bytes(re.sub(rb"(/Kids \[ \d+ 0 R) \d+ 0 R", rb"\1 99 0 R", one.read_bytes()))
    arguments = [sys.executable, "-m", "yiyu.cli", "archive", "merge", "-o", tmp_path / "out.pdf", one]
    shown = subprocess.run(arguments, capture_output=True, encoding="utf-8", check=False)
    assert shown.returncode == 7
    assert shown.stderr.count("\n") == 1
