"""The file one office hands to another: a zip whose signed manifest lists every other file with its SHA-256.

``manifest.json`` is canonical JSON; ``signature`` is ed25519 over its exact bytes. What is in the package, its kind says:
``facts`` go up, ``drafts`` down. Nothing of a foreign package is unpacked under its own name.
"""

import base64
import binascii
import contextlib
import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Annotated, NamedTuple, TypeVar

import msgspec

from yiyu.registry.config import OfficeName
from yiyu.registry.errors import BadInput, FileFault, RegistryFault
from yiyu.registry.files import replacing
from yiyu.registry.offices.keys import OfficeKey, fingerprint, signed_by
from yiyu.registry.package_check import SIGNED, archive_check

T = TypeVar("T")
Region = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}\Z")]
"""GB/T 2260 code; it becomes the name of a folder."""

FORMAT, VERSION = "yiyu-package", 1
MANIFEST, SIGNATURE = "manifest.json", "signature"
_MOST_MANIFEST, _MOST_SIGNATURE = 64 << 20, 256
_BLOCK = 1 << 20
_FIXED = (1980, 1, 1, 0, 0, 0)
"""The same contents give the same bytes."""
_NOT_IN_A_NAME = frozenset('/\\:*?"<>|')
_LONGEST = 100
_encode = msgspec.json.Encoder(order="sorted").encode


class Signer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The office a package is of; ``key`` is its public key, which the receiver holds against the one it knows."""

    region: Region
    name: OfficeName
    key: str


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``made_at``: ISO with offset. ``files``: all but manifest and signature, by path. ``body``: what the kind adds."""

    format: str
    version: int
    kind: str
    office: Signer
    made_at: str
    program: str
    files: dict[str, Listed]
    body: msgspec.Raw


class _Beginning(msgspec.Struct):
    """What a manifest of any version says."""

    format: str
    version: int


class Content(NamedTuple):
    """A file to be packed; ``stored`` is one that is packed already."""

    name: str
    data: Iterable[bytes]
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Package:
    """A package whose directory is sound; :func:`verified` says whether it is what its office signed.

    ``place``: what it is called in sentences. ``signed``: the bytes of the manifest.
    """

    path: Path
    place: str
    manifest: Manifest
    signed: bytes
    signature: bytes
    called: str = SIGNED.name

    def body(self, kind: type[T]) -> T:
        """What the kind of package says of itself. Raises FileFault where it is not of that form."""
        return _decoded(bytes(self.manifest.body), kind, self.place, self.called)

    @contextlib.contextmanager
    def member(self, name: str) -> Iterator[IO[bytes]]:
        with zipfile.ZipFile(self.path) as pack, pack.open(name) as stream:
            yield stream

    def read(self, name: str, most: int) -> bytes:
        """A small file whole. Raises FileFault for one of more than ``most`` bytes."""
        with self.member(name) as stream:
            return _limited(stream, most, name, self.place, self.called)


def write_package(
    path: Path,
    *,
    kind: str,
    office: tuple[str, str],
    made_at: str,
    program: str,
    body: msgspec.Struct,
    contents: Iterable[Content],
    key: OfficeKey,
) -> Package:
    """Write and sign a package of the office (region, name), read it back, and give it its name.

    Raises FileFault where it cannot be written, BadInput for a name that cannot stand in one.
    """
    proof: list[Package] = []

    def proven(made: Path) -> None:
        proof.append(verified(read_package(made, place=str(path)), key.public))

    with replacing(path, check=proven) as temporary, zipfile.ZipFile(temporary, "w") as pack:
        files = {one.name: _packed(pack, one) for one in contents}
        signer = Signer(*office, key.public)
        manifest = Manifest(FORMAT, VERSION, kind, signer, made_at, program, files, msgspec.Raw(_encode(body)))
        signed = _encode(manifest)
        _packed(pack, Content(MANIFEST, [signed]))
        _packed(pack, Content(SIGNATURE, [base64.b64encode(key.sign(signed))]))
    return replace(proof[0], path=path)


def read_package(path: Path, *, place: str = "", called: str = SIGNED.name) -> Package:
    """Open a package: its directory and manifest, held to limits. Raises FileFault, RegistryFault for one of a newer yiyu.

    ``called``: what people call a package of the kind that is wanted.
    """
    place = place or str(path)
    try:
        with path.open("rb") as stream:
            archive_check(stream, replace(SIGNED, name=called))
        with zipfile.ZipFile(path) as pack:
            with pack.open(MANIFEST) as stream:
                signed = _limited(stream, _MOST_MANIFEST, MANIFEST, place, called)
            with pack.open(SIGNATURE) as stream:
                written = _limited(stream, _MOST_SIGNATURE, SIGNATURE, place, called)
    except FileFault as fault:
        raise FileFault(fault.what, where=place, remedy=fault.remedy) from fault
    except (OSError, KeyError) as error:
        raise FileFault(f"{called}打不开", where=place, remedy=SIGNED.remedy) from error
    beginning = _decoded(signed, _Beginning, place, called)
    if beginning.format != FORMAT:
        raise FileFault(f"这不是 yiyu 的{called}", where=place, remedy="请检查文件是否选对")
    if beginning.version > VERSION:
        raise RegistryFault(
            f"{called}由更新版本的 yiyu 做成", where=place, remedy="请先升级 yiyu（pip install -U yiyu）"
        )
    return Package(path, place, _decoded(signed, Manifest, place, called), signed, _signature(written), called)


def verified(package: Package, public: str) -> Package:
    """The package, if all of it is what the owner of the key signed. Raises FileFault naming what is not."""
    who = package.manifest.office
    if not signed_by(public, package.signed, package.signature):
        if who.key != public and signed_by(who.key, package.signed, package.signature):
            what = f"{package.called}是用另一把密钥签的：指纹 {fingerprint(who.key)}，登记的是 {fingerprint(public)}"
            remedy = "请电话核对指纹；对方确实换了密钥，把 yiyu.toml 中它的 key 改成新的公钥"
            raise FileFault(what, where=package.place, remedy=remedy)
        raise _altered("清单（manifest.json）或签名被改动过", package)
    with zipfile.ZipFile(package.path) as pack:
        there = {one.filename: one.file_size for one in pack.infolist()}
    listed = package.manifest.files
    for name in sorted(listed.keys() - there.keys()):
        raise _altered(f"缺少清单上的文件“{name}”", package)
    for name in sorted(there.keys() - listed.keys() - {MANIFEST, SIGNATURE}):
        raise _altered(f"多出清单上没有的文件“{name}”", package)
    for name, one in sorted(listed.items()):
        if not _plain(name):
            raise _altered(f"文件名“{name}”不合规范", package)
        with package.member(name) as stream:
            if there[name] != one.size or _digest(stream) != one.sha256:
                raise _altered(f"文件“{name}”被改动过", package)
    return package


def _packed(pack: zipfile.ZipFile, one: Content) -> Listed:
    if not _plain(one.name):
        raise BadInput(f"文件名“{one.name}”放不进包里", remedy="请给它改名后再试")
    info = zipfile.ZipInfo(one.name, _FIXED)
    info.compress_type = zipfile.ZIP_STORED if one.stored else zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    digest, size = hashlib.sha256(), 0
    with pack.open(info, "w", force_zip64=True) as target:
        for part in one.data:
            digest.update(part)
            size += len(part)
            target.write(part)
    return Listed(size, digest.hexdigest())


def _plain(name: str) -> bool:
    """Whether a path has at most three parts, each of which can be the name of a file anywhere."""
    parts = name.split("/")
    return len(parts) <= 3 and all(
        0 < len(part) <= _LONGEST and part.isprintable() and part[0] != "." and part[-1] not in ". "
        and _NOT_IN_A_NAME.isdisjoint(part)
        for part in parts
    )  # fmt: skip


def _digest(stream: IO[bytes]) -> str:
    found = hashlib.sha256()
    while part := stream.read(_BLOCK):
        found.update(part)
    return found.hexdigest()


def _signature(written: bytes) -> bytes:
    try:
        return base64.b64decode(written, validate=True)
    except binascii.Error:
        return b""  # which fits nothing


def _limited(stream: IO[bytes], most: int, name: str, place: str, called: str) -> bytes:
    data = stream.read(most + 1)
    if len(data) > most:
        raise FileFault(f"{called}里的“{name}”过大", where=place, remedy=SIGNED.remedy)
    return data


def _decoded(data: bytes, kind: type[T], place: str, called: str) -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FileFault(f"{called}的清单读不懂", where=place, remedy=SIGNED.remedy) from error


def _altered(what: str, package: Package) -> FileFault:
    return FileFault(f"{package.called}{what}，没有收", where=package.place, remedy=SIGNED.remedy)
