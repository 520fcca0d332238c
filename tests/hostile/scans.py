"""PDFs and pictures of the corpus."""

import functools
import io
import zlib
from collections.abc import Callable

import pikepdf
import pypdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

Change = Callable[[pikepdf.Pdf], object]


@functools.cache
def paper(pages: int = 2) -> bytes:
    pdf = pikepdf.Pdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for number in range(1, pages + 1):
        content = pdf.make_stream(f"BT /F1 14 Tf 80 700 Td (Page {number} of an agreement) Tj ET".encode())
        resources = Dictionary(Font=Dictionary(F1=font))
        page = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, 595, 842]), Contents=content, Resources=resources)
        pdf.pages.append(pikepdf.Page(page))
    return saved(pdf)


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    stream = io.BytesIO()
    pdf.save(stream, **{"static_id": True, **options})  # type: ignore[arg-type]
    return stream.getvalue()


def of(change: Change = lambda _: None, **options: object) -> Callable[[], bytes]:
    def make() -> bytes:
        with pikepdf.open(io.BytesIO(paper())) as pdf:
            change(pdf)
            return saved(pdf, **options)

    return make


def raw(change: Change) -> Callable[[], bytes]:
    """Saved without a look into the streams."""
    return of(change, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def encrypted(user: str) -> Callable[[], bytes]:
    return of(encryption=pikepdf.Encryption(user=user, owner="owner"))


def turned(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Rotate = 90


def labelled(pdf: pikepdf.Pdf) -> None:
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r), 1, Dictionary(S=Name.D)]))


def outlined(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("第一页", 0))


def tagged(pdf: pikepdf.Pdf) -> None:
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array()))


def attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["附件.exe"] = b"MZ"


def script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), pdf.Root.OpenAction])))
    pdf.pages[0].AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String("app.alert(2)")))


def launching(pdf: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 595, 842]), A=action)
    pdf.pages[0].Annots = Array([pdf.make_indirect(link)])


def no_pages(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[:]


def circle(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)


def wrong_count() -> bytes:
    return of(object_stream_mode=pikepdf.ObjectStreamMode.disable)().replace(b"/Count 2", b"/Count 7")


def _zeros(size: int) -> bytes:
    """So many zeros packed, without packing each: blocks that stand alone, and the sum of Adler at the end."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, wbits=-15).flush()
    return b"\x78\xda" + block * (size >> 20) + last + ((size % 65521 << 16) | 1).to_bytes(4, "big")


def bomb(pdf: pikepdf.Pdf) -> None:
    twice = zlib.compress(_zeros(2**30), 9)
    pdf.pages[0].Contents = pikepdf.Stream(pdf, twice, Filter=Array([Name.FlateDecode, Name.FlateDecode]))


def broken_stream(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].Contents = pikepdf.Stream(pdf, b"no deflate at all", Filter=Name.FlateDecode)


def endless(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].MediaBox = Array([0, 0, 2.8e6, 2.8e6])


def wrong_kinds(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj["/MediaBox"] = Name.Wrong
    pdf.pages[0].obj["/Contents"] = 17


def form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(NeedAppearances=True, Fields=Array())


def signed(pdf: pikepdf.Pdf) -> None:
    value = Dictionary(
        Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=String("x"), ByteRange=Array([0, 1, 2, 3])
    )
    field = pdf.make_indirect(Dictionary(FT=Name.Sig, T=String("s"), V=pdf.make_indirect(value)))
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)


def deep() -> bytes:
    levels = 100_000
    body = b"[" * levels + b"]" * levels
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages " + body + b">>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def reference_loop() -> bytes:
    return b"%PDF-1.4\n1 0 obj 1 0 R endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"


def previous_loop() -> bytes:
    """A list of objects that names itself as the one before."""
    data = paper()
    at = data.rindex(b"startxref")
    place = int(data[at:].split()[1])
    return data[:at].replace(b"/Size", b"/Prev %d /Size" % place) + data[at:]


def updated() -> bytes:
    """Saved once more the way a program adds to the end."""
    stream = io.BytesIO(paper())
    writer = pypdf.PdfWriter(stream, incremental=True)
    writer.add_metadata({"/Title": "again"})
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def late_head() -> bytes:
    return b"\r\n" * 100 + paper()


def with_tail() -> bytes:
    return paper() + b"\r\n" * 200


def picture(form_: str = "JPEG", size: tuple[int, int] = (827, 1169)) -> Callable[[], bytes]:
    def make() -> bytes:
        stream = io.BytesIO()
        Image.new("L", size, 250).save(stream, form_, dpi=(100, 100))
        return stream.getvalue()

    return make


def png_claiming(width: int, height: int) -> Callable[[], bytes]:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    return lambda: (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(2**20))) + chunk(b"IEND", b"")
    )
