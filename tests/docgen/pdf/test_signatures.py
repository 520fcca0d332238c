"""Claims about digital signatures: three statements each, none beyond what was checked, none taken from the network."""

import contextlib
import datetime as dt
import io
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from yiyu.cli import main
from yiyu.docgen.pdf.signatures import CANNOT, SignatureStatement, Told, has_signature, look
from yiyu.docgen.scans.binding import ScannedPage, bind
from yiyu.docgen.scans.reading import read_pages
from yiyu.registry.errors import FileFault, NotFound

ON = dt.date(2026, 6, 1)
YES, NO, UNKNOWN = Told.YES, Told.NO, Told.UNKNOWN
Sign = Callable[..., Path]


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one certificate, good for 2026; its key stands beside the folder."""
    folder = tmp_path_factory.mktemp("keys") / "可信"
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "某某卫生院 王某某")])
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2026, 12, 31, tzinfo=dt.UTC))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "王某某.cer").write_bytes(certificate.public_bytes(serialization.Encoding.DER))
    (folder / "说明.txt").write_text("不是证书", "utf-8")
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder.parent / "key.pem").write_bytes(key.private_bytes(*pem))
    return folder


@pytest.fixture(scope="module")
def sign(trust: Path) -> Sign:
    """``sign(source, out, field)``: the file with one signature more."""
    signer = signers.SimpleSigner.load(str(trust.parent / "key.pem"), str(trust / "王某某.cer"))
    assert signer is not None

    def made(source: Path, out: Path, field: str = "甲方签章") -> Path:
        writer = IncrementalPdfFileWriter(io.BytesIO(source.read_bytes()))
        append_signature_field(writer, SigFieldSpec(field, box=(300, 100, 400, 160)))
        signed = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name=field), signer=signer)
        out.write_bytes(signed.getvalue())
        return out

    return made


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    pdf = pikepdf.new()
    for _ in range(2):
        pdf.add_blank_page(page_size=(595, 842))
    pdf.save(tmp_path / "协议.pdf")
    return tmp_path / "协议.pdf"


@pytest.fixture
def signed(plain: Path, sign: Sign) -> Path:
    return sign(plain, plain.with_name("已签.pdf"))


def states(path: Path, trust: Path | None = None, on: dt.date = ON) -> list[tuple[Told, Told, Told]]:
    return [(one.intact, one.changed_after, one.trusted) for one in look(path, on=on, trust=trust)]


def test_a_plain_file_has_no_signature(plain: Path, signed: Path, tmp_path: Path) -> None:
    (tmp_path / "照片.jpg").write_bytes(b"\xff\xd8\xff")
    assert [has_signature(path) for path in (plain, signed, tmp_path / "照片.jpg", tmp_path / "无")] == [
        False,
        True,
        False,
        False,
    ]
    assert look(plain, on=ON) == []


def test_a_sound_signature_is_trusted_only_through_the_folder_given(
    signed: Path, trust: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError(arguments)

    monkeypatch.setattr(socket.socket, "connect", refuse)
    [told] = look(signed, on=ON, trust=trust)
    assert (told.field, told.signer, told.note) == ("甲方签章", "某某卫生院 王某某", "")
    assert dt.datetime.fromisoformat(told.signed_at).tzinfo
    assert states(signed, trust) == [(YES, NO, YES)]
    assert states(signed) == [(YES, NO, UNKNOWN)]


def test_a_certificate_out_of_date_is_not_confirmed(signed: Path, trust: Path) -> None:
    assert states(signed, trust, dt.date(2027, 1, 2)) == [(YES, NO, UNKNOWN)]
    assert look(signed, on=dt.date(2027, 1, 2), trust=trust)[0].note == "证书有效期为 2026-01-01 至 2026-12-31"
    assert states(signed, trust, dt.date(2026, 12, 30)) == [(YES, NO, YES)]


def test_a_byte_changed_in_what_was_signed_is_told(signed: Path, trust: Path) -> None:
    data = bytearray(signed.read_bytes())
    data[data.index(b"842") + 2] = ord("3")
    signed.write_bytes(data)
    assert states(signed, trust) == [(NO, YES, UNKNOWN)]


def test_what_is_added_after_signing_is_told_and_the_signature_stays_intact(signed: Path, trust: Path) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed.read_bytes()))
    writer.root["/PageMode"] = generic.NameObject("/UseOutlines")
    writer.update_root()
    changed = io.BytesIO()
    writer.write(changed)
    signed.write_bytes(changed.getvalue())
    assert states(signed, trust) == [(YES, YES, YES)]


def test_the_signature_of_the_other_party_is_no_change(signed: Path, sign: Sign, trust: Path) -> None:
    both = sign(signed, signed.with_name("双方.pdf"), "乙方签章")
    assert [one.field for one in look(both, on=ON)] == ["甲方签章", "乙方签章"]
    assert states(both, trust) == [(YES, NO, YES), (YES, NO, YES)]


def changed_contents(path: Path, before: str, after: str) -> None:
    """Change bytes within the signature itself, in its hexadecimal form."""
    data = path.read_bytes()
    start = data.index(b"/Contents <")
    assert before.encode() in data[start:]
    path.write_bytes(data[:start] + data[start:].replace(before.encode(), after.encode()))


SHA256_OID, SM2_OID, NO_OID = "608648016503040201", "2a811ccf5501822d01", "60864801650304027f"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda path: changed_contents(path, SHA256_OID, SM2_OID), "国密"),
        (lambda path: changed_contents(path, SHA256_OID, NO_OID), ""),
        (lambda path: renamed(path, "GM.PKILite"), "国密"),
        (lambda path: renamed(path, "adbe.x509.rsa_sha1"), "adbe.x509.rsa_sha1"),
    ],
    ids=["SM2 in the signature", "an unknown digest", "a seal of GM/T 0031", "a kind withdrawn"],
)
def test_a_kind_that_cannot_be_checked_is_never_called_invalid(
    signed: Path, trust: Path, change: Callable[[Path], None], reason: str
) -> None:
    change(signed)
    [told] = look(signed, on=ON, trust=trust)
    assert told.note.startswith(CANNOT)
    assert reason in told.note
    assert (told.intact, told.changed_after, told.trusted) == (UNKNOWN, UNKNOWN, UNKNOWN)


def renamed(path: Path, kind: str) -> None:
    """Give the signature another /SubFilter."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.AcroForm.Fields[0].V.SubFilter = pikepdf.Name(f"/{kind}")
        pdf.save(path)


def test_a_file_that_does_not_open_and_a_folder_without_certificates_are_refused(
    plain: Path, signed: Path, tmp_path: Path, trust: Path
) -> None:
    broken = tmp_path / "坏.pdf"
    broken.write_bytes(signed.read_bytes()[:400])
    with pytest.raises(FileFault, match=r"打不开.*坏.pdf"):
        look(broken, on=ON)
    with pikepdf.open(plain) as pdf:
        pdf.save(tmp_path / "锁.pdf", encryption=pikepdf.Encryption(user="u", owner="o"))
    assert not has_signature(tmp_path / "锁.pdf")
    with pytest.raises(FileFault, match=r"已加密，需要密码才能打开（锁\.pdf）"):
        look(tmp_path / "锁.pdf", on=ON)
    with pytest.raises(FileFault, match=r"没有\.pdf"):
        look(tmp_path / "没有.pdf", on=ON)
    with pytest.raises(NotFound, match="可信证书"):
        look(signed, on=ON, trust=tmp_path / "没有")
    (tmp_path / "证书").mkdir()
    (tmp_path / "证书" / "坏.cer").write_bytes(b"no certificate")
    with pytest.raises(FileFault, match=r"证书读不出来.*坏.cer"):
        look(signed, on=ON, trust=tmp_path / "证书")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["--debug", *(str(one) for one in arguments)], catch_exceptions=False)


def test_the_command_states_each_file_and_says_which_it_could_not_open(
    signed: Path, plain: Path, trust: Path, tmp_path: Path
) -> None:
    told = run("archive", "signatures", signed, plain, "--trust", trust, "--as-of", ON, "--json")
    assert told.exit_code == 0
    [row] = json.loads(told.stdout)
    assert list(row) == ["path", *SignatureStatement.__slots__]
    assert (row["path"], row["intact"], row["changed_after"], row["trusted"]) == (str(signed), "yes", "no", "yes")
    shown = run("archive", "signatures", signed, tmp_path / "没有.pdf", "--as-of", ON)
    assert shown.exit_code == 10
    for text in ("完好", "签名后无改动", "无法确认", "找不到文件"):
        assert text in shown.stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "office"
    assert run("demo", folder).exit_code == 0
    return folder


def asked(demo: Path, *arguments: object) -> Any:
    return json.loads(run("--workspace", demo, *arguments, "--json").stdout)


def test_a_signed_file_is_archived_byte_for_byte_and_its_signature_still_holds(
    demo: Path, sign: Sign, trust: Path, tmp_path: Path
) -> None:
    standing = asked(demo, "agreement", "list")
    number = next(one["number"] for one in standing if (one["sealing"], one["filing"]) == ("sealed", "none"))
    printed = tmp_path / "打印.pdf"
    assert run("--workspace", demo, "print", number, "--kind", "agreement", "-o", printed).exit_code == 0
    signed = sign(printed, tmp_path / "电子签.pdf")
    answer = asked(demo, "archive", "intake", signed)
    assert answer["placed"] == len(read_pages(printed))
    kept = [path for path in (demo / "archive").rglob("*.pdf") if path.read_bytes() == signed.read_bytes()]
    assert {"incoming" in path.parts for path in kept} == {True, False}
    told = asked(demo, "archive", "verify", "--trust", trust)
    assert told["faults"] == []
    assert {(one["intact"], one["changed_after"]) for one in told["signatures"]} == {("yes", "no")}
    assert len(told["signatures"]) == 2


def test_of_a_signed_file_with_more_in_it_the_seal_stays_visible_and_the_file_is_kept(
    signed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "一页.pdf"
    before = signed.read_bytes()
    bind([ScannedPage(signed, 1)], out)
    assert not has_signature(out)
    assert signed.read_bytes() == before
    with out.open("rb") as stream, contextlib.closing(pypdfium2.PdfDocument(stream)) as pdf:
        assert len(pdf) == 1
        picture = pdf[0].render(scale=1).to_pil()
    seal, rest = (picture.crop(box).convert("L").getextrema() for box in ((300, 682, 400, 742), (0, 0, 595, 600)))
    assert seal[0] < 128 < rest[0]
