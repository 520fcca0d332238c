"""A package is what its office signed, byte for byte, or it is refused with what is wrong."""

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from build import opened
from office_tree import handed

from yiyu.registry.errors import FileFault, RegistryFault
from yiyu.registry.offices.container import MANIFEST, SIGNATURE, read_package, verified
from yiyu.registry.offices.keys import office_key

Members = dict[str, bytes]
ROWS = "tables/agreements.jsonl"


def members(path: Path) -> Members:
    with zipfile.ZipFile(path) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def rewrite(path: Path, change: Callable[[Members], None]) -> None:
    held = members(path)
    change(held)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in held.items():
            pack.writestr(name, data)


def edit_row(held: Members) -> None:
    held[ROWS] = held[ROWS].replace(b"JC-0001", b"JC-0009")


def edit_manifest(held: Members) -> None:
    held[MANIFEST] = held[MANIFEST].replace(b"2026-11-22", b"2026-11-23")


def edit_row_and_manifest(held: Members) -> None:
    """Whoever alters a row and its digest cannot sign again."""
    edit_row(held)
    manifest = json.loads(held[MANIFEST])
    manifest["files"][ROWS]["sha256"] = hashlib.sha256(held[ROWS]).hexdigest()
    held[MANIFEST] = json.dumps(manifest).encode()


def swap_signature(held: Members) -> None:
    held[SIGNATURE] = base64.b64encode(bytes(64))


def no_signature(held: Members) -> None:
    held[SIGNATURE] = b"?"


def drop(name: str) -> Callable[[Members], None]:
    return lambda held: held.pop(name) and None


def put(name: str, data: bytes = b"x") -> Callable[[Members], None]:
    return lambda held: held.update({name: data})


ALTERED = [
    (edit_row, f"文件“{ROWS}”被改动过"),
    (edit_manifest, "清单（manifest.json）或签名被改动过"),
    (edit_row_and_manifest, "清单（manifest.json）或签名被改动过"),
    (swap_signature, "清单（manifest.json）或签名被改动过"),
    (no_signature, "清单（manifest.json）或签名被改动过"),
    (drop(ROWS), f"缺少清单上的文件“{ROWS}”"),
    (drop(SIGNATURE), "没有上报包"),
    (drop(MANIFEST), "没有上报包"),
    (put("tables/more.jsonl"), "多出清单上没有的文件“tables/more.jsonl”"),
    (put("../up.jsonl"), "压缩目录不合规范"),
    (put("/etc/passwd"), "压缩目录不合规范"),
    (put("C:evil"), "压缩目录不合规范"),
    (put("TABLES/agreements.jsonl"), "重复或重叠"),
    (put(MANIFEST, b"{}"), "清单读不懂"),
    (put(MANIFEST, b'{"format": "other", "version": 1}'), "不是 yiyu 的上报包"),
    (put(SIGNATURE, b"A" * 999), "“signature”过大"),
]


@pytest.mark.parametrize(("change", "words"), ALTERED)
def test_what_was_altered_is_named(
    low_and_city: Path, package: Path, change: Callable[[Members], None], words: str
) -> None:
    with opened(low_and_city / "low") as session:
        key = office_key(session).public
    verified(read_package(package), key)
    rewrite(package, change)
    with pytest.raises(FileFault, match=words.replace("（", ".").replace("）", ".")) as refused:
        verified(read_package(package), key)
    assert str(package) in str(refused.value)
    assert refused.value.remedy


def test_the_key_of_another_office_is_told_by_both_fingerprints(package: Path, city: Path) -> None:
    with opened(city) as session:
        other = office_key(session).public
    with pytest.raises(FileFault, match=r"用另一把密钥签的：指纹 (....) .... .... ....，登记的是 (?!\1)"):
        verified(read_package(package), other)


@pytest.mark.parametrize("cut", [0, 3, 100, -1])
def test_a_file_that_was_cut_short_is_no_package(package: Path, cut: int) -> None:
    package.write_bytes(package.read_bytes()[:cut])
    with pytest.raises(FileFault, match="不是有效的上报包"):
        read_package(package)


@pytest.mark.parametrize(
    ("size", "words"), [(0xFEFFFFFF, "展开后过大"), (10, "不是有效的上报包")], ids=["says much", "says little"]
)
def test_a_bomb_is_refused(package: Path, size: int, words: str) -> None:
    """Members that say they unfold to gigabytes, and ten megabytes that say they are ten bytes."""
    rewrite(package, put("bomb", bytes(10 << 20)))
    data, mark = bytearray(package.read_bytes()), b"PK\x01\x02"
    place = data.rfind(mark)
    while place >= 0:
        data[place + 24 : place + 28] = size.to_bytes(4, "little")
        place = data.rfind(mark, 0, place) if size > 10 else -1
    package.write_bytes(data)
    with pytest.raises(FileFault, match=words):
        read_package(package)


def test_a_package_of_a_later_form_asks_for_an_upgrade(package: Path) -> None:
    rewrite(package, put(MANIFEST, b'{"format": "yiyu-package", "version": 2, "new": 1}'))
    with pytest.raises(RegistryFault, match="升级 yiyu"):
        read_package(package)


def test_the_same_facts_give_the_same_bytes(low: Path, tmp_path: Path) -> None:
    first = handed(low, tmp_path / "1.yiyu")
    # What was told after the first is the event that it was made.
    once, again = members(first), members(handed(low, tmp_path / "2.yiyu"))
    altered = {name for name in once if once[name] != again[name]}
    assert altered == {MANIFEST, SIGNATURE, "tables/events.jsonl"}
    with zipfile.ZipFile(first) as pack:
        assert {one.date_time for one in pack.infolist()} == {(1980, 1, 1, 0, 0, 0)}
