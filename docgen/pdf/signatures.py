"""Digital signatures in a PDF: what can be said of each without a network, and no more than that.

Three statements stand apart (domain.md#seals, domain.md#paper-and-pdf): what was signed is as it was, nothing was done
to the file afterwards, the signer is someone the office trusts. A kind that cannot be checked here, GM/T 0031 seals with
SM2 above all, is never called invalid.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf

from yiyu.docgen.pdf.source import display_name, is_signed
from yiyu.registry.errors import FileFault, NotFound, ProgramFault

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import PdfSignatureStatus

CHECKABLE = ("/adbe.pkcs7.detached", "/ETSI.CAdES.detached")
"""SubFilters of ISO 32000-2, 12.8.3 whose CMS can be checked; those with SHA-1 in their name are withdrawn there."""
_CHINESE = b"\x2a\x81\x1c\xcf\x55"
"""1.2.156.10197 as every object identifier under it begins in DER: SM2, SM3 and the seals made with them (GM/T 0006)."""
_CERTIFICATES = (".pem", ".cer", ".crt", ".der")


class Told(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


INTACT_LABEL = {Told.YES: "完好", Told.NO: "签过的内容已被改动", Told.UNKNOWN: "无法校验"}
CHANGED_LABEL = {Told.YES: "签名后有改动", Told.NO: "签名后无改动", Told.UNKNOWN: "无法校验"}
TRUSTED_LABEL = {Told.YES: "签名人可信", Told.UNKNOWN: "无法确认"}
CANNOT = "无法校验此类签名"


@dataclass(frozen=True, slots=True)
class SignatureStatement:
    """``trusted`` is YES or UNKNOWN. ``signed_at``: ISO, as the signer's own clock said, "" where it says nothing."""

    field: str
    signer: str = ""
    signed_at: str = ""
    intact: Told = Told.UNKNOWN
    changed_after: Told = Told.UNKNOWN
    trusted: Told = Told.UNKNOWN
    note: str = ""


def has_signature(path: Path) -> bool:
    """Whether the file is a PDF that opens and holds a digital signature; needs no library for signatures."""
    try:
        if not path.is_file():
            return False  # a pipe would wait for ever
        with path.open("rb") as stream, pikepdf.open(stream) as pdf:
            return is_signed(pdf)
    except (
        OSError,
        pikepdf.PdfError,
        pikepdf.PasswordError,
        RuntimeError,
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
    ):
        return False


def look(path: Path, *, on: dt.date, trust: Path | None = None) -> list[SignatureStatement]:
    """State what is known of each signature of a PDF, in the order of its fields; empty where it has none.

    ``trust``: a folder of certificates (PEM or DER) of those the office trusts, or of who issued theirs; nothing is ever
    fetched, so a certificate withdrawn since is not noticed. ``on``: the day certificates must be valid.
    Raises FileFault for a file that does not open or a certificate that cannot be read, NotFound for a missing folder,
    ProgramFault where pyHanko, an extra, is not installed.
    """
    try:
        from pyhanko.pdf_utils.crypt import AuthStatus
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.fields import enumerate_sig_fields
    except ImportError as error:
        raise ProgramFault("没有安装核对电子签名的组件", remedy="请运行 pip install 'yiyu[sign]' 后再试") from error
    # It writes tracebacks of what we state in a sentence.
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).addHandler(logging.NullHandler())
    context = {"trust_roots": list(_certificates(trust)), "moment": dt.datetime.combine(on, dt.time.max, dt.UTC)}
    try:
        with path.open("rb") as stream:
            reader = PdfFileReader(stream, strict=False)
            if reader.encrypted and reader.decrypt(b"").status == AuthStatus.FAILED:
                raise FileFault("已加密，需要密码才能打开", where=display_name(path), remedy="请向对方要未加密的原件")
            fields = list(enumerate_sig_fields(reader, filled_status=True))
            names = {name for name, _, _ in fields}
            return [_state(reader, field, names, context) for field in fields]
    except FileNotFoundError as error:
        raise FileFault("找不到文件", where=display_name(path), remedy="请检查路径是否写对") from error
    except (OSError, PdfError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise FileFault("打不开，不能核对电子签名", where=display_name(path), remedy="请核对原件") from error


def _state(
    reader: "PdfFileReader", field: tuple[str, Any, Any], names: set[str], context: dict[str, Any]
) -> SignatureStatement:
    from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

    full_name, reference, holder = field
    name, signature = str(full_name), reference.get_object()
    kind = str(signature.get("/SubFilter", ""))
    if kind.startswith("/GM") or _CHINESE in bytes(signature.raw_get("/Contents").original_bytes):
        return SignatureStatement(name, note=f"{CANNOT}（国密算法）；请用签章软件核验")
    if kind not in CHECKABLE:
        return SignatureStatement(name, note=f"{CANNOT}（{kind.lstrip('/') or '未注明种类'}）；请用签章软件核验")
    try:
        embedded = EmbeddedPdfSignature(reader, holder, name)
        certificate = embedded.signer_cert
        signer = str(certificate.subject.native.get("common_name", ""))
        # Asked for here as well: a certificate that is itself in the folder is not held to its dates.
        first, last = certificate.not_valid_before, certificate.not_valid_after
        dated = first <= context["moment"] <= last
        status = validate_pdf_signature(
            embedded,
            ValidationContext(**context),
            # Signing certificates of Chinese issuers carry either of the two.
            key_usage_settings=KeyUsageConstraints(
                key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
            ),
        )
    except Exception:  # noqa: BLE001 - whatever a kind unknown to the library makes it raise says nothing of the signature
        return SignatureStatement(name, note=f"{CANNOT}；请用签章软件核验")
    when = status.signer_reported_dt
    return SignatureStatement(
        name,
        signer,
        when.isoformat(timespec="seconds") if when else "",
        intact=Told.YES if status.intact and status.valid else Told.NO,
        changed_after=Told.YES if not status.intact or _changed(status, names) else Told.NO,
        trusted=Told.YES if status.trusted and dated else Told.UNKNOWN,
        note="" if dated else f"证书有效期为 {first:%Y-%m-%d} 至 {last:%Y-%m-%d}",
    )


def _changed(status: "PdfSignatureStatus", names: set[str]) -> bool:
    """Whether more came after the signature than other signatures and what is kept to check them."""
    from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel

    found = status.diff_result
    if not isinstance(found, DiffResult) or not status.docmdp_ok:
        return True
    only_signed = found.modification_level == ModificationLevel.FORM_FILLING and found.changed_form_fields <= names
    return not only_signed and found.modification_level > ModificationLevel.LTA_UPDATES


def _certificates(folder: Path | None) -> Iterator[Any]:
    from pyhanko.keys import load_certs_from_pemder

    if folder is None:
        return
    if not folder.is_dir():
        raise NotFound("找不到存放可信证书的文件夹", where=str(folder), remedy="请检查 --trust 的路径")
    for path in sorted(one for one in folder.iterdir() if one.suffix.lower() in _CERTIFICATES):
        try:
            for certificate in load_certs_from_pemder([path]):  # type: ignore[no-untyped-call]  # no types in pyHanko
                certificate.dump()
                str(certificate.subject.native)  # it is read only when asked for
                yield certificate
        except (OSError, ValueError, TypeError) as error:
            raise FileFault("证书读不出来", where=display_name(path), remedy="请换成 PEM 或 DER 格式的证书") from error
