"""Open a PDF someone handed in, or say everything that is wrong with it."""

import contextlib
import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf

from yiyu.registry.errors import FileFault
from yiyu.registry.files import file_name

_COMMON_ERROR = "a common error handled correctly"
"""qpdf's own words on a list of objects that leaves itself out, as pypdf and others write when they save again."""
_HEAD = 1024
"""``%PDF-`` may stand anywhere in the first 1024 bytes (ISO 32000-1, annex H.3, note 13)."""

_OTHER_KINDS = (
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"\x89PNG", "PNG 图片"),
    (b"II*\x00", "TIFF 图片"),
    (b"MM\x00*", "TIFF 图片"),
    (b"PK\x03\x04", "Word、OFD 或压缩包"),
    (b"\xd0\xcf\x11\xe0", "旧版 Word 或 Excel 文件"),
)


_MOST_DRAWING = 64 * 1024 * 1024
_FLATE = frozenset({"/FlateDecode", "/Fl"})
_HIGHEST_RATIO = {"/LZWDecode": 1366, "/LZW": 1366, "/RunLengthDecode": 64, "/RL": 64}
_HARMLESS = frozenset({"", "/GoTo", "/URI", "/Named"})
_PLAYING = frozenset({"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})

display_name = file_name


@contextlib.contextmanager
def sound_pdf(path: Path, *, signed_too: bool = False) -> Iterator[pikepdf.Pdf]:
    """Open ``path`` for copying pages out of it; inherited page attributes are on the pages.

    Raises FileFault, ``what`` holding every reason and ``where`` the name, for a file that is missing, a folder, empty,
    not a PDF, encrypted (an owner password alone counts), damaged or without pages, and for one a copy would harm:
    signed, or a form whose entries have no look yet. Any warning means damaged, also one that comes up while the
    caller copies: a three-page scan cut inside page 3 opens as one page with nothing but a warning. ``signed_too`` for a
    caller who only looks at the pages, or keeps the signed file beside its copy. Scripts and what starts programs are
    not on the pages any more.
    """
    with contextlib.ExitStack() as stack:
        try:
            if path.is_dir():
                faults = ["是文件夹，不是文件"]
            elif path.exists() and not path.is_file():
                faults = ["不是普通文件"]  # a pipe would wait for ever
            else:
                # The file object, not its name: pikepdf cannot take a name that is not UTF-8.
                stream = stack.enter_context(path.open("rb"))
                faults = _head_faults(stream.read(_HEAD))
            if not faults:
                stream.seek(0)
                pdf = stack.enter_context(pikepdf.open(stream))
                faults = _faults(pdf, signed_too=signed_too)
                _remove_actions(pdf)
        except FileNotFoundError:
            faults = ["找不到文件"]
        except OSError:
            faults = ["无法读取，请检查读取权限"]
        except pikepdf.PasswordError:
            faults = ["已加密，需要密码才能打开"]
        except (pikepdf.PdfError, RuntimeError, AttributeError, KeyError, TypeError, ValueError):
            # The last four are what pikepdf raises where an object is not of the kind the standard asks for.
            faults = ["已损坏，无法完整读出"]
        if faults:
            raise FileFault("，".join(faults), where=display_name(path))
        try:
            yield pdf
            late = _warned(pdf)
        except (pikepdf.PdfError, RuntimeError):
            late = True
        if late:
            raise FileFault("已损坏，无法完整读出", where=display_name(path))


def _head_faults(head: bytes) -> list[str]:
    if not head:
        return ["是空文件（0 字节）"]
    if b"%PDF-" in head:
        return []
    return ["不是 PDF" + next((f"，看起来是 {kind}" for magic, kind in _OTHER_KINDS if head.startswith(magic)), "")]


def _faults(pdf: pikepdf.Pdf, *, signed_too: bool) -> list[str]:
    faults = []
    if pdf.is_encrypted:
        faults.append("设有权限密码（能打开但限制编辑），请先取得未加密的原件")
    pages, declared = len(pdf.pages), pdf.Root.Pages.Count
    if declared != pages:
        faults.append(f"已损坏（自称 {declared} 页，实际读出 {pages} 页）")
    elif not pages:
        faults.append("没有任何页面")
    if too_long := next(_too_long(pdf), 0):
        return [*faults, f"第 {too_long} 页的内容展开后过大"]
    faults += [f"已损坏（第 {number} 页的内容读不出来）" for number in _unreadable(pdf)]
    if _warned(pdf) and not any("已损坏" in fault for fault in faults):
        faults.append("已损坏，强行打开可能丢页")
    if "/AcroForm" in pdf.Root:
        form = pdf.Root.AcroForm
        if not signed_too and is_signed(pdf):
            faults.append("带有电子签名，合并会使签名失效，请保留原件单独归档")
        elif form.get("/NeedAppearances", False):
            faults.append("是尚未定稿的表单，合并会丢失填写内容，请先打印为普通 PDF")
    return faults


def _warned(pdf: pikepdf.Pdf) -> bool:
    return any(_COMMON_ERROR not in str(warning) for warning in pdf.get_warnings())


def _unreadable(pdf: pikepdf.Pdf) -> Iterator[int]:
    """Numbers of pages whose drawing instructions do not decode; copied raw, they would come out blank."""
    for number, page in enumerate(pdf.pages, start=1):
        try:
            for part in _drawing(page):
                part.read_bytes()
        except (pikepdf.PdfError, RuntimeError):
            yield number


def _too_long(pdf: pikepdf.Pdf) -> Iterator[int]:
    """Numbers of pages whose instructions unpack to more than any drawing: a gigabyte comes in a kilobyte."""
    for number, page in enumerate(pdf.pages, start=1):
        if sum(map(_unpacked_size, _drawing(page))) > _MOST_DRAWING:
            yield number


def _drawing(page: pikepdf.Page) -> list[pikepdf.Object]:
    contents = page.obj.get("/Contents", pikepdf.Array())
    return [contents] if isinstance(contents, pikepdf.Stream) else list(contents.as_list())


def _unpacked_size(part: pikepdf.Object) -> int:
    """Bytes after unpacking, no more unpacked than need be; of the rarer ways (ISO 32000-1, 7.4) the most there can be."""
    data = part.read_raw_bytes()
    filters = part.get("/Filter", pikepdf.Array())
    for name in [filters] if isinstance(filters, pikepdf.Name) else filters.as_list():
        if str(name) not in _FLATE:
            return len(data) * _HIGHEST_RATIO.get(str(name), 1)
        try:
            data = zlib.decompressobj().decompress(data, _MOST_DRAWING + 1)
        except zlib.error:
            break  # who reads it says so
    return len(data)


def _remove_actions(pdf: pikepdf.Pdf) -> None:
    """Take off the pages what acts by itself or starts a program (ISO 32000-1, 12.6): a copy must not carry it on."""
    for page in pdf.pages:
        _take_off(page.obj, "/AA")
        every = page.obj.get("/Annots", pikepdf.Array()).as_list()
        kept = [note for note in every if str(note.get("/Subtype", "")) not in _PLAYING]
        if len(kept) < len(every):
            page.obj.Annots = pikepdf.Array(kept)
        for note in kept:
            _take_off(note, "/AA")
            action = note.get("/A", pikepdf.Dictionary())
            if str(action.get("/S", "")) not in _HARMLESS or "/Next" in action:
                _take_off(note, "/A")


def _take_off(thing: pikepdf.Object, key: str) -> None:
    if key in thing:
        del thing[key]


def is_signed(pdf: pikepdf.Pdf) -> bool:
    """Whether a field of the form or one under it holds a signature (ISO 32000-1, 12.7.4.5; /FT is inherited)."""
    fields = pdf.Root.get("/AcroForm", pikepdf.Dictionary()).get("/Fields", pikepdf.Array())
    pending: list[tuple[pikepdf.Object, object]] = [(field, None) for field in fields.as_list()]
    seen: set[tuple[int, int]] = set()
    while pending:
        field, inherited = pending.pop()
        if field.is_indirect and field.objgen in seen:
            continue
        seen.add(field.objgen)
        kind = field.get("/FT", inherited)
        if kind == "/Sig" and "/V" in field:
            return True
        pending += [(kid, kind) for kid in field.get("/Kids", pikepdf.Array())]
    return False
