"""Claims about who may be asked and what is believed, each tried without a cluster."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from yiyu.docgen.cluster.address import certificates, cluster_address
from yiyu.docgen.cluster.bench import answer
from yiyu.docgen.cluster.identity import Duty, difference, own_identity
from yiyu.docgen.cluster.parcels import (
    MARK,
    Conversion,
    Converted,
    Declined,
    Identity,
    ParcelFault,
    Recognised,
    answer_to,
    seal,
    unseal,
)
from yiyu.docgen.cluster.reading import require_sound
from yiyu.docgen.cluster.worker import do_parcel, introduce
from yiyu.docgen.page_code import document_id, encode
from yiyu.docgen.pdf.fonts import faces_digest
from yiyu.docgen.pdf.plain_pdf import require_plain
from yiyu.docgen.scans.page import Half, Ink, PageReading, Red
from yiyu.registry.errors import BadInput, FileFault


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("tls://10.0.0.5:8786", "tls://10.0.0.5:8786"),
        ("tls://cluster.example:8786", "tls://cluster.example:8786"),
        ("tcp://127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("tcp://[::1]:8786", "tcp://[::1]:8786"),
        ("tcp://localhost:8786", "tcp://127.0.0.1:8786"),
        ("127.0.0.1:8786", "tcp://127.0.0.1:8786"),
    ],
)
def test_a_cluster_is_behind_certificates_or_on_this_machine(text: str, reached: str) -> None:
    assert str(cluster_address(text)) == reached


@pytest.mark.parametrize(
    "text",
    [
        "tcp://10.0.0.5:8786",
        "tcp://cluster.example:8786",
        "tcp://0.0.0.0:8786",
        "tcp://127.0.0.1.example:8786",
        "tcp://localhost.example:8786",
        "tcp://127.0.0.1:1@10.0.0.5:8786",
        "tcp://127.0.0.1#10.0.0.5:8786",
        "tcp://[fe80::1]:8786",
        "10.0.0.5:8786",
        "ucx://127.0.0.1:8786",
        "inproc://127.0.0.1:8786",
        "ws://127.0.0.1:8786",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:0",
        "tls://10.0.0.5:99999",
        "tls://10.0.0.5:8786\n",
        "https://10.0.0.5:8786/",
        "集群",
    ],
)
def test_any_other_address_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="集群地址"):
        cluster_address(text)


@pytest.mark.parametrize(
    ("address", "worker", "admitted"),
    [
        ("tls://10.0.0.5:8786", "tls://10.0.0.6:4000", True),
        ("tls://10.0.0.5:8786", "tcp://10.0.0.6:4000", False),
        ("tcp://127.0.0.1:8786", "tcp://127.0.0.1:4000", True),
        ("tcp://127.0.0.1:8786", "tcp://10.0.0.6:4000", False),
        ("tcp://127.0.0.1:8786", "inproc://127.0.0.1/1/2", False),
    ],
)
def test_what_a_scheduler_hands_on_stays_encrypted_or_here(address: str, worker: str, admitted: bool) -> None:
    assert cluster_address(address).admits(worker) is admitted


def test_certificates_are_looked_at_before_anything_is_sent(tmp_path: Path) -> None:
    files: dict[str, Path | None] = {name: tmp_path / f"{name}.pem" for name in ("ca", "cert", "key")}
    with pytest.raises(BadInput, match="缺 cluster_cert"):
        certificates(files | {"cert": None})
    with pytest.raises(FileFault, match=r"找不到集群的证书文件（.*ca\.pem）"):
        certificates(files)
    for path in files.values():
        assert path
        path.touch(mode=0o644)
    with pytest.raises(FileFault, match=r"集群的私钥别人也能读，没有使用（.*key\.pem）；请先运行 chmod"):
        certificates(files)


SENT = seal(Conversion(own_identity(), (b"PK",)))
ASKED = hashlib.sha256(SENT).digest()


def forged(body: object) -> bytes:
    """A parcel whose checksum is right and whose content is not ours."""
    data = msgspec.msgpack.encode(body)
    return MARK + hashlib.sha256(data).digest() + data


@pytest.mark.parametrize(
    ("parcel", "why"),
    [
        (seal(Converted(ASKED, (b"%PDF",))).replace(b"%PDF", b"%PDG"), "校验和不对"),
        (seal(Converted(ASKED, (b"%PDF",)))[:-1], "校验和不对"),
        (b"", "不是约定的格式"),
        (None, "不是约定的格式"),
        (Converted(ASKED, ()), "不是约定的格式"),
        (seal(Converted(b"\0" * 32, ())), "答的是另一件"),
        (seal(Declined(ASKED, "failed")), "它没有做成"),
        (seal(Recognised(ASKED, ())), "内容不合约定"),
        (forged({"type": "Converted", "asked": ASKED, "documents": [b"%PDF"], "more": 1}), "内容不合约定"),
        (forged({"type": "Converted", "asked": ASKED, "documents": ["%PDF", 3]}), "内容不合约定"),
        (forged([1, 2, 3]), "内容不合约定"),
        (MARK + hashlib.sha256(b"\xc1").digest() + b"\xc1", "内容不合约定"),
    ],
)
def test_an_answer_that_was_altered_or_is_none_is_not_believed(parcel: object, why: str) -> None:
    with pytest.raises(ParcelFault, match=why):
        answer_to(SENT, parcel, Converted)


def test_a_worker_does_no_parcel_that_was_altered_or_comes_from_another_version() -> None:
    spoiled = SENT[:-1] + b"!"
    assert unseal(do_parcel(spoiled), Declined).why == "parcel"
    other = msgspec.structs.replace(own_identity(), version="0.0.9")
    assert unseal(do_parcel(seal(Conversion(other, ()))), Declined).why == "identity"


def test_a_document_that_is_none_comes_back_as_nothing() -> None:
    assert answer_to(SENT, answer(SENT), Converted).documents == (b"",)


@pytest.mark.parametrize(
    ("change", "converts", "reads"),
    [
        ({}, "", ""),
        ({"version": "0.0.9"}, "它的 yiyu 是 0.0.9，本机是", "它的 yiyu 是 0.0.9，本机是"),
        ({"build": "0"}, "程序却不一样", "程序却不一样"),
        ({"engine": "LibreOffice 1"}, "转 PDF 的程序不同：它是 LibreOffice 1，本机是", ""),
        ({"fonts": "0"}, "字体与本机不同", ""),
        ({"reader": ""}, "", "读扫描件的组件不同：它是 没有装，本机是 zxing-cpp"),
    ],
)
def test_a_worker_that_would_give_something_else_is_told_apart(
    change: dict[str, str], converts: str, reads: str
) -> None:
    own = unseal(introduce(), Identity)
    other = msgspec.structs.replace(own, **change)
    for duty, why in ((Duty.CONVERT, converts), (Duty.READ, reads)):
        told = difference(own, other, duty)
        assert why in told
        assert bool(why) == bool(told)


def test_other_fonts_are_another_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = faces_digest()
    assert faces_digest() == before
    (tmp_path / "fonts.conf").write_text("<fontconfig></fontconfig>", "utf-8")
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    assert faces_digest() != before


CODE = encode(document_id("150602-2026-JC-0001", "agreement", 1), 1, 2)
PAGE = PageReading(1, codes=(CODE,), turn=0, ink=Ink(Red.SEEN, ((0.5, 0.5),)))
LEFT, RIGHT = replace(PAGE, half=Half.LEFT), replace(PAGE, half=Half.RIGHT)


@pytest.mark.parametrize("readings", [[PAGE], [LEFT, RIGHT], [replace(PAGE, codes=(), turn=None)]])
def test_what_a_reading_of_ours_can_be_is_believed(readings: list[PageReading]) -> None:
    require_sound(readings, 1)


@pytest.mark.parametrize(
    "readings",
    [
        [],
        [PAGE, replace(PAGE, page=2)],
        [replace(PAGE, page=2)],
        [PAGE, PAGE],
        [LEFT],
        [LEFT, LEFT],
        [LEFT, replace(PAGE, half=Half.BOTTOM)],
        [replace(PAGE, turn=45)],
        [replace(PAGE, unread="图像过大")],
        [replace(PAGE, foreign=-1)],
        [replace(PAGE, codes=(CODE, CODE))],
        [replace(PAGE, codes=(CODE[:-1] + "?",))],
        [replace(PAGE, codes=("YY" + "A" * 14,))],
        [replace(PAGE, ink=Ink(Red.SEEN, ((1.5, 0.5),)))],
        [replace(PAGE, ink=Ink(Red.SEEN, ((float("nan"), 0.5),)))],
        [replace(PAGE, ink=Ink(Red.SEEN, ((0.5, 0.5),) * 500))],
    ],
)
def test_a_reading_that_ours_could_not_be_is_not_believed(readings: list[PageReading]) -> None:
    with pytest.raises(ParcelFault):
        require_sound(readings, 1)


def with_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def with_named_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array()))


def with_more_to_do(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]), Next=Dictionary(S=Name.Launch))


def with_file(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.txt"] = b"text"


def with_form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array())


def with_trigger(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AA = Dictionary()


@pytest.mark.parametrize(
    "add",
    [with_script, with_named_script, with_more_to_do, with_file, with_form, with_trigger],
    ids=lambda f: f.__name__,
)
def test_a_pdf_that_brings_more_than_pages_is_not_taken(add: Callable[[pikepdf.Pdf], None], tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "plain.pdf")
        add(pdf)
        pdf.save(tmp_path / "more.pdf")
    require_plain(tmp_path / "plain.pdf")
    with pytest.raises(FileFault, match="带有脚本、附件或表单"):
        require_plain(tmp_path / "more.pdf")
