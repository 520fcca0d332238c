"""Open a PDF someone handed in, or say everything that is wrong with it."""

import contextlib
import logging
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pypdfium2

from yiyu.docgen.pdf.carrying.objects import ODD, Key, actions, items, key_of, mapping, number, one_or_more
from yiyu.docgen.pdf.damage import is_cut_off, is_only_misplaced, is_whole
from yiyu.registry.errors import FileFault
from yiyu.registry.files import file_name

_COMMON_ERRORS = ("a common error handled correctly", "Resources is missing or invalid; repairing")
"""qpdf's own words on a list of objects that leaves itself out, as pypdf and others write when they save again, and on a
page that needs no resources and names none."""
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
_HARMLESS = frozenset({"", "/GoTo", "/URI", "/Named", "/Thread", "/SetOCGState", "/Trans"})
_PLAYING = frozenset({"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})

display_name = file_name

# What it logs of a file it also gives as a warning, and that is stated here.
logging.getLogger("pikepdf").addHandler(logging.NullHandler())


_LOCKED = "设有限制编辑的密码，已照阅读器的做法打开；合并后的文件不再限制"
_MENDED = "文件的结构有错，内容完整；已修复，并由另一个程序逐页核对"
_ACTIONS = "脚本、声音影像和会打开其他文件的动作"


@dataclass(slots=True)
class Findings:
    """What a caller is told who takes more than sound files: how one was opened, and what was taken off.

    ``strict`` is the caller's: files that are not as they should be are refused. ``mended``: what the file holds has
    been found again by looking for it; a second reader must find the same.
    """

    strict: bool = False

    notes: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    mended: bool = False


@contextlib.contextmanager
def sound_pdf(
    path: Path, *, signed_too: bool = False, locked_too: bool = False, findings: Findings | None = None
) -> Iterator[pikepdf.Pdf]:
    """Open ``path`` for copying pages out of it; inherited page attributes are on the pages.

    Raises FileFault, ``what`` holding every reason and ``where`` the name, for a file that is missing, a folder, empty,
    not a PDF, encrypted (an owner password alone counts), damaged or without pages, and for one a copy would harm:
    signed, or a form whose entries have no look yet. Any warning means damaged, also one that comes up while the
    caller copies: a three-page scan cut inside page 3 opens as one page with nothing but a warning. ``signed_too`` for a
    caller who only looks at the pages, or keeps the signed file beside its copy; ``locked_too`` for one who does as every
    viewer does with an owner password alone. Scripts and what starts programs are
    not on the pages any more.

    With ``findings``, for a caller who carries forms and shows what was done: forms are opened as they are, and, unless
    ``strict``, files with an owner password alone and those whose objects are whole but not where their table says.
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
                head = stream.read(_HEAD)
                faults = _head_faults(head)
            if not faults:
                stream.seek(0)
                pdf = stack.enter_context(pikepdf.open(stream, access_mode=pikepdf.AccessMode.mmap))
                faults = _faults(pdf, signed_too=signed_too, locked_too=locked_too, findings=findings)
                if _remove_actions(pdf) and findings:
                    findings.left.append(_ACTIONS)
                faults += _damage(pdf, path, findings, faults, junk=not head.startswith(b"%PDF-"))
        except FileNotFoundError:
            faults = ["找不到文件"]
        except OSError:
            faults = ["无法读取，请检查读取权限"]
        except pikepdf.PasswordError:
            faults = ["已加密，需要密码才能打开"]
        except ODD:
            faults = ["已损坏，无法完整读出"]
        if faults:
            raise FileFault("，".join(faults), where=display_name(path))
        try:
            yield pdf
            said = _warnings(pdf)
            late = bool(said) and not (findings and findings.mended and is_only_misplaced(said, path))
        except (pikepdf.PdfError, RuntimeError):
            late = True
        if late:
            raise FileFault("已损坏，无法完整读出", where=display_name(path))


def page_texts(path: Path) -> Iterator[str]:
    """The text of each page of a PDF, the first first. Raises FileFault as ``sound_pdf`` does; signed files are read."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(sound_pdf(path, signed_too=True))
        stream = stack.enter_context(path.open("rb"))
        for page in stack.enter_context(contextlib.closing(pypdfium2.PdfDocument(stream))):
            with contextlib.closing(page), contextlib.closing(page.get_textpage()) as text:
                yield text.get_text_range()


def is_pdf(path: Path) -> bool:
    """Whether a scan is a PDF, by what is in it: programs that send pictures on give them names of their own.

    By its name where it is neither that nor a picture, or cannot be read: whoever opens it says so.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        head = b""
    if b"%PDF-" in head:
        return True
    picture = any(head.startswith(magic) for magic, kind in _OTHER_KINDS if kind.endswith("图片"))
    return path.suffix.lower() == ".pdf" and not picture and head[4:8] != b"ftyp" and head[:4] != b"RIFF"


def _head_faults(head: bytes) -> list[str]:
    if not head:
        return ["是空文件（0 字节）"]
    if b"%PDF-" in head:
        return []
    return ["不是 PDF" + next((f"，看起来是 {kind}" for magic, kind in _OTHER_KINDS if head.startswith(magic)), "")]


def _faults(pdf: pikepdf.Pdf, *, signed_too: bool, locked_too: bool, findings: Findings | None) -> list[str]:
    faults = []
    if pdf.is_encrypted and findings and not findings.strict:
        findings.notes.append(_LOCKED)
    elif pdf.is_encrypted and not locked_too:
        faults.append("设有权限密码（能打开但限制编辑），请先取得未加密的原件")
    pages, declared = len(pdf.pages), number(pdf.Root.Pages.Count)
    if declared != pages:
        faults.append(f"已损坏（自称 {declared} 页，实际读出 {pages} 页）")
    elif not pages:
        faults.append("没有任何页面")
    if too_long := next(_too_long(pdf), 0):
        return [*faults, f"第 {too_long} 页的内容展开后过大"]
    faults += [f"已损坏（第 {at} 页的内容读不出来）" for at in _unreadable(pdf)]
    if not signed_too and is_signed(pdf):
        faults.append("带有电子签名，改写会使签名失效，请保留原件单独归档")
    elif not findings and mapping(pdf.Root.get("/AcroForm")).get("/NeedAppearances", False):
        faults.append("是尚未定稿的表单，填写的内容还没有固定的样子，请先打印为普通 PDF")
    return faults


def _damage(pdf: pikepdf.Pdf, path: Path, findings: Findings | None, faults: Sequence[str], *, junk: bool) -> list[str]:
    """What qpdf's warnings make of the file: whole and to be mended, or damaged, which is said once.

    ``junk``: something stands before its beginning. That is allowed (annex H.3), but some readers count from there.
    """
    mendable = findings and not findings.strict
    if mendable:
        len(pdf.objects)  # looks at each of them, so that what is wrong is known before anything is copied
    told = pdf.get_warnings()
    if told and (counted := page_count(path)) not in (None, len(pdf.pages)):
        return [f"已损坏（另一种读法有 {counted} 页，实际读出 {len(pdf.pages)} 页）"]
    said = _uncommon(told)
    cut_off = is_cut_off(path)
    if any("已损坏" in fault for fault in faults) or not (said or cut_off or (junk and findings)):
        return []
    if findings and mendable and is_only_misplaced(said, path) and is_whole(pdf, path):
        findings.mended = True
        findings.notes.append(_MENDED)
        return []
    return ["已损坏，强行打开可能丢页"]


def _warnings(pdf: pikepdf.Pdf) -> list[str]:
    """Those since it was asked last, but for what every reader puts right."""
    return _uncommon(pdf.get_warnings())


def _uncommon(told: Iterable[object]) -> list[str]:
    return [one for one in map(str, told) if not any(common in one for common in _COMMON_ERRORS)]


def page_count(path: Path) -> int | None:
    """What PDFium counts: qpdf sets the number right where it leaves out a page that is none. None where it cannot open it."""
    try:
        with path.open("rb") as stream, contextlib.closing(pypdfium2.PdfDocument(stream)) as pdf:
            return len(pdf)
    except (pypdfium2.PdfiumError, OSError):
        return None


def _unreadable(pdf: pikepdf.Pdf) -> Iterator[int]:
    """Numbers of pages whose drawing instructions do not decode; copied raw, they would come out blank."""
    for at, page in enumerate(pdf.pages, start=1):
        try:
            for part in _drawing(page):
                part.read_bytes()
        except (pikepdf.PdfError, RuntimeError):
            yield at


def _too_long(pdf: pikepdf.Pdf) -> Iterator[int]:
    """Numbers of pages whose instructions unpack to more than any drawing: a gigabyte comes in a kilobyte."""
    for at, page in enumerate(pdf.pages, start=1):
        parts = _drawing(page)
        # So little cannot become so much: most pages need not be unpacked to know.
        if sum(map(_possible_size, parts)) > _MOST_DRAWING and sum(map(_unpacked_size, parts)) > _MOST_DRAWING:
            yield at


def _drawing(page: pikepdf.Page) -> list[pikepdf.Object]:
    return [one for one in one_or_more(page.obj.get("/Contents")) if isinstance(one, pikepdf.Stream)]


def _possible_size(part: pikepdf.Object) -> int:
    ways = max(1, len(one_or_more(part.get("/Filter"))))
    return len(part.get_raw_stream_buffer()) * int(max(_HIGHEST_RATIO.values()) ** ways)


def _unpacked_size(part: pikepdf.Object) -> int:
    """Bytes after unpacking, no more unpacked than need be; of the rarer ways (ISO 32000-1, 7.4) the most there can be."""
    data = part.read_raw_bytes()
    for name in one_or_more(part.get("/Filter")):
        if str(name) not in _FLATE:
            return len(data) * _HIGHEST_RATIO.get(str(name), 1)
        try:
            data = zlib.decompressobj().decompress(data, _MOST_DRAWING + 1)
        except zlib.error:
            break  # who reads it says so
    return len(data)


def _remove_actions(pdf: pikepdf.Pdf) -> bool:
    """Take off the pages what acts by itself or starts a program (ISO 32000-1, 12.6): a copy must not carry it on.

    Whether there was any.
    """
    taken = False
    for page in pdf.pages:
        taken |= _take_off(page.obj, "/AA")
        every = items(page.obj.get("/Annots"))
        kept = [note for note in every if str(mapping(note).get("/Subtype", "")) not in _PLAYING]
        if len(kept) < len(every):
            page.obj.Annots = pikepdf.Array(kept)
            taken = True
        for note in filter(mapping, kept):
            taken |= _take_off(note, "/AA")
            if any(str(action.get("/S", "")) not in _HARMLESS for action in actions(note)):
                taken |= _take_off(note, "/A")
    return taken


def _take_off(thing: pikepdf.Object, key: str) -> bool:
    if key not in thing:
        return False
    del thing[key]
    return True


def is_signed(pdf: pikepdf.Pdf) -> bool:
    """Whether a field of the form or one under it holds a signature (ISO 32000-1, 12.7.4.5; /FT is inherited)."""
    fields = items(mapping(pdf.Root.get("/AcroForm")).get("/Fields"))
    pending: list[tuple[pikepdf.Object, object]] = [(mapping(field), None) for field in fields]
    seen: set[Key] = set()
    while pending:
        field, inherited = pending.pop()
        key = key_of(field)
        if key in seen:
            continue
        if key:
            seen.add(key)
        kind = field.get("/FT", inherited)
        if kind == "/Sig" and "/V" in field:
            return True
        pending += [(mapping(kid), kind) for kid in items(field.get("/Kids"))]
    return False
