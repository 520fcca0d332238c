"""Claims about an archive that is checked: here against the registry, elsewhere by the folder alone."""

import csv
import datetime as dt
import hashlib
import io
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest
from build import NOW
from click.testing import Result

from yiyu.registry.files import sha256
from yiyu.registry.rules.activities import Activity, Evidence
from yiyu.registry.store.activities import add_activity
from yiyu.registry.store.agreements import agreement_ids, all_numbers
from yiyu.registry.store.opening import changing, open_registry
from yiyu.registry.store.record_sheets import current_documents
from yiyu.registry.store.scans import (
    BoundRow,
    ScanRow,
    add_incoming,
    bound_scans,
    incoming_files,
    put_bound_scan,
    put_scans,
)

Asked = Callable[..., Any]
Run = Callable[..., Result]
ODD = "50% 已签\u3000(补).pdf"


def pdf(path: Path, pages: int) -> bytes:
    """A scan of a few kilobytes, most of them picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = pikepdf.new()
    for page in range(pages):
        made.add_blank_page(page_size=(595, 842))
        pixels = hashlib.shake_128(f"{path} {page}".encode()).digest(1500)
        image = made.make_stream(pixels, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=50, Height=30)
        made.pages[-1].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
    made.save(path, compress_streams=False)
    return path.read_bytes()


@pytest.fixture
def archive(office: Path) -> dict[str, str]:
    """The office with 130 and more archived files of all three sources: their paths and agreement numbers."""
    known: dict[str, str] = {}
    with open_registry(office / "registry.db") as db, changing(db):
        numbers = {key: number for number, key in agreement_ids(db, all_numbers(db)).items()}
        documents = [(key, document.version) for key, document in current_documents(db).items()]
        for serial, ((agreement, kind), version) in enumerate(documents[:110]):
            path, pages = f"archive/2026/东胜区/{numbers[agreement]}_{kind}.pdf", serial % 4 + 1
            data = pdf(office / path, pages)
            put_bound_scan(db, BoundRow(agreement, str(kind), version, path, sha256(data), len(data), pages, NOW))
            known[path] = numbers[agreement]
        for serial in range(20):
            path = f"archive/incoming/2026/{serial:02}-{ODD}"
            data = pdf(office / path, 2)
            row = add_incoming(
                db, sha256=sha256(data), path=path, pages=2, size=len(data), received_at=NOW, actor="王某某"
            )
            # The last one holds pages of two agreements, the one before of none.
            other = next(one for one in documents if one[0][0] != documents[0][0][0])
            held = {18: [], 19: [documents[0], other]}.get(serial, documents[:1])
            for page, ((agreement, kind), version) in enumerate(held, start=1):
                put_scans(db, [ScanRow(row.id, page, agreement, str(kind), version, page, 2, 0, "", "", NOW, "王某某")])
            known[path] = numbers[documents[0][0][0]] if serial < 18 else ""
        photo = office / "archive" / "evidence" / "2026" / "照片.bin"
        photo.parent.mkdir(parents=True)
        photo.write_bytes(b"photo" * 999)
        path = photo.relative_to(office).as_posix()
        agreement = documents[-1][0][0]
        evidence = Evidence("photo", path, sha256(photo.read_bytes()), photo.stat().st_size)
        for number in ("H-1", "H-2"):  # one picture of two visits
            visit = Activity(
                number, dt.date(2026, 5, 1), "上门指导", (), evidence=(evidence,), recorded_at=NOW, actor="王某某"
            )
            add_activity(db, visit, [agreement])
        known[path] = numbers[agreement]
    return known


def contents(office: Path) -> dict[str, bytes]:
    return {
        path.relative_to(office).as_posix(): path.read_bytes()
        for path in (office / "archive").rglob("*")
        if path.is_file()
    }


def test_an_archive_as_it_was_left_has_no_fault(archive: dict[str, str], asked: Asked, run: Run) -> None:
    assert asked("archive", "verify") == {"checked": len(archive), "faults": []}
    told = run("archive", "verify")
    assert (told.stdout, told.stderr) == ("", f"核对了 {len(archive)} 个文件，无误\n")


def test_a_hundred_planted_faults_are_all_named_and_none_besides(
    archive: dict[str, str], office: Path, asked: Asked
) -> None:
    """20 missing, 20 with a byte changed, 20 extra, 10 pairs swapped, 10 renamed, 20 that do not open."""
    chance = random.Random(20260722)  # noqa: S311 - where faults fall, the same each time
    paths = [path for path in archive if path.endswith(".pdf")]
    assert len(archive) >= 120
    chance.shuffle(paths)
    take = iter(paths)
    planted: list[tuple[str, str, str]] = []
    untouched = contents(office)

    def plant(path: str, fault: str, number: str) -> Path:
        planted.append((path, fault, number))
        untouched.pop(path, None)
        return office / path

    for _ in range(20):
        path = next(take)
        plant(path, "missing", archive[path]).unlink()
    for _ in range(20):
        path = next(take)
        data = bytearray(untouched[path])
        at = data.index(b"/Width 50") + chance.randrange(60, 1400)
        data[at] ^= 1 << chance.randrange(8)
        plant(path, "changed", archive[path]).write_bytes(data)
    for serial in range(20):
        pdf(plant(f"archive/2026/夹带{serial}.{('pdf', 'docx')[serial % 2]}", "extra", ""), 1)
    for _ in range(10):
        one, other = next(take), next(take)
        first, second = untouched[one], untouched[other]
        plant(one, "misplaced", archive[other]).write_bytes(second)
        plant(other, "misplaced", archive[one]).write_bytes(first)
    for serial in range(10):
        path = next(take)
        new = f"archive/2026/改名{serial}.pdf"
        untouched.pop(path)
        (office / path).rename(plant(new, "misplaced", archive[path]))
    for serial in range(20):
        path = next(take)
        data = untouched[path]
        cut = (b"", data[: len(data) // 2], data[:-40], bytes(len(data)))[serial % 4]
        plant(path, "unreadable", archive[path]).write_bytes(cut)

    before = contents(office)
    answer = asked("archive", "verify", code=7)
    assert answer["checked"] == len(archive)
    assert sorted((one["path"], one["fault"], one["number"]) for one in answer["faults"]) == sorted(planted)
    assert all(list(one) == ["path", "fault", "number"] for one in answer["faults"])
    after = contents(office)
    assert after == before
    assert untouched.items() <= after.items()


def test_each_fault_says_in_chinese_what_to_do(archive: dict[str, str], office: Path, run: Run, tmp_path: Path) -> None:
    first, second = (path for path, number in list(archive.items())[:2])
    (office / first).unlink()
    (office / second).rename(office / "archive" / "搬走.pdf")
    told = run("archive", "verify", code=7)
    assert "文件缺失" in told.stdout
    assert "请从备份放回原处" in told.stdout
    assert f"应放在 {second}" in told.stdout
    assert told.stderr.endswith("发现 2 处问题（已列出）；请按每行的说明处理。\n")
    run("archive", "verify", "--xlsx", tmp_path / "问题.xlsx", code=7)
    sheet = openpyxl.load_workbook(tmp_path / "问题.xlsx").active
    assert {cell.value for row in sheet.iter_rows() for cell in row} >= {
        "问题",
        "协议编号",
        "文件缺失",
        "不在原处",
        first,
    }


def test_a_file_that_was_exchanged_for_an_encrypted_one_is_told(
    archive: dict[str, str], office: Path, run: Run
) -> None:
    path = next(path for path in archive if path.endswith(".pdf"))
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(office / path, encryption=pikepdf.Encryption(user="u", owner="o"))
    told = run("archive", "verify", code=7).stdout
    assert path in told
    assert "已加密，需要密码才能打开；请从备份换回原件" in told


@pytest.fixture
def packed(archive: dict[str, str], run: Run, tmp_path: Path) -> Path:
    run("archive", "bag", "-o", tmp_path / "移交" / "2026")
    return tmp_path / "移交" / "2026"


def alone(folder: Path, *options: object, code: int) -> Any:
    """Verify a folder where there is no workspace."""
    command = [sys.executable, "-m", "yiyu.cli", "archive", "verify", "--manifest", folder, "--json", *options]
    done = subprocess.run([str(one) for one in command], cwd=folder.parent, capture_output=True, check=False)
    assert done.returncode == code, done.stderr.decode()
    return json.loads(done.stdout)


def accepted(folder: Path) -> bool:
    """By the Library of Congress's own tool."""
    done = subprocess.run([sys.executable, "-m", "bagit", "--validate", folder], capture_output=True, check=False)
    return done.returncode == 0


def test_a_bag_is_accepted_by_the_tool_of_the_standard_and_by_itself(
    archive: dict[str, str], packed: Path, office: Path
) -> None:
    assert accepted(packed)
    tags = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "index.csv"]
    assert alone(packed, code=0) == {"checked": len(archive) + len(tags), "faults": []}
    rows = list(csv.DictReader(io.StringIO((packed / "index.csv").read_text("utf-8-sig"), newline="")))
    assert {row["登记路径"]: row["SHA-256"] for row in rows} == {
        path: sha256((packed / row["包内路径"]).read_bytes()) for row, path in zip(rows, sorted(archive), strict=True)
    }
    assert {path: sha256(data) for path, data in contents(office).items()} == {
        row["登记路径"]: row["SHA-256"] for row in rows
    }
    assert (packed / "index.csv").read_bytes().startswith("\ufeff".encode())
    assert not [path for path in packed.parent.iterdir() if path != packed]


def test_a_bag_tells_what_was_done_to_it(archive: dict[str, str], packed: Path) -> None:
    files = sorted(path for path in (packed / "data").rglob("*.pdf") if "incoming" not in path.parts)
    inside = [path.relative_to(packed).as_posix() for path in files]
    numbers = [archive[path.removeprefix("data/")] for path in inside]
    files[0].unlink()
    data = bytearray(files[1].read_bytes())
    data[len(data) // 2] ^= 4
    files[1].write_bytes(data)
    files[2].write_bytes(files[2].read_bytes()[:-200])
    files[3].rename(packed / "data" / "换名.pdf")
    (packed / "data" / "夹带.txt").write_text("多")
    (packed / "bag-info.txt").write_text("Payload-Oxum: 1.1\n")
    answer = alone(packed, code=7)
    assert sorted((one["path"], one["fault"], one["number"]) for one in answer["faults"]) == sorted(
        [
            (inside[0], "missing", numbers[0]),
            (inside[1], "changed", numbers[1]),
            (inside[2], "unreadable", numbers[2]),
            ("data/换名.pdf", "misplaced", numbers[3]),
            ("data/夹带.txt", "extra", ""),
            ("bag-info.txt", "changed", ""),
        ]
    )
    assert not accepted(packed)


def test_a_bag_of_one_agreement_holds_nothing_of_another(archive: dict[str, str], asked: Asked, tmp_path: Path) -> None:
    number = next(iter(archive.values()))
    told = asked("archive", "bag", number, "-o", tmp_path / "一份")
    listed = csv.DictReader(io.StringIO((tmp_path / "一份" / "index.csv").read_text("utf-8-sig"), newline=""))
    assert {row["协议编号"] for row in listed} == {number}
    assert told["files"] == sum(one == number for one in archive.values())
    assert told["held_back"] == 1
    assert told["tagmanifest_sha256"] == sha256((tmp_path / "一份" / "tagmanifest-sha256.txt").read_bytes())
    assert accepted(tmp_path / "一份")


def test_a_dry_run_of_a_bag_writes_nothing(archive: dict[str, str], run: Run, tmp_path: Path) -> None:
    told = run("archive", "bag", "-o", tmp_path / "包", "--dry-run")
    assert "试算，没有写入" in told.stderr
    assert not (tmp_path / "包").exists()


def test_a_bag_is_not_made_of_files_that_are_not_what_they_were(
    archive: dict[str, str], office: Path, run: Run, tmp_path: Path
) -> None:
    path = office / next(iter(archive))
    good = path.read_bytes()
    for bad in (good + b" ", None):
        if bad is None:
            path.unlink()
        else:
            path.write_bytes(bad)
        told = run("archive", "bag", "-o", tmp_path / "处" / "包", code=7)
        assert path.name in told.stderr
        assert not (tmp_path / "处").exists() or not list((tmp_path / "处").iterdir())
    path.write_bytes(good)
    run("archive", "bag", "-o", office / "archive" / "包", code=4)
    for more in ((), ("--dry-run",)):
        run("archive", "bag", "-o", tmp_path / "处", *more, code=4)
    run("archive", "bag", "150602-2026-JC-9999", "-o", tmp_path / "包", code=3)


def test_a_folder_that_is_no_bag_or_points_out_of_itself_is_refused(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "包"
    (folder / "data").mkdir(parents=True)
    assert "没有 bagit.txt" in run("archive", "verify", "--manifest", folder, code=7).stderr
    (folder / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    assert "清单" in run("archive", "verify", "--manifest", folder, code=7).stderr
    (tmp_path / "外.txt").write_text("")
    empty = hashlib.sha256().hexdigest()
    for line in ("data/../../外.txt", "/etc/hostname", "~/x", "bag-info.txt", "data\\x", "", f"data/a\n{empty} data/a"):
        (folder / "manifest-sha256.txt").write_text(f"{empty}  {line}\n", "utf-8")
        assert "读不懂、重复，或指到了别处" in run("archive", "verify", "--manifest", folder, code=7).stderr


def test_a_bag_of_another_house_is_read_as_the_standard_says(asked: Asked, tmp_path: Path) -> None:
    """Escaped names, SHA-512, another encoding, a tag file nobody listed (RFC 8493, 2.1.3, 2.2.4, 2.4)."""
    folder = tmp_path / "来件"
    (folder / "data").mkdir(parents=True)
    names = ("50%.txt", "两\n行.txt", "普通.txt")
    for name in names:
        (folder / "data" / name).write_bytes(name.encode())
    percent, broken, plain = (hashlib.sha512(name.encode()).hexdigest() for name in names)
    lines = [f"{percent.upper()} *data/50%25.txt", f"{broken}\tdata/两%0a行.txt", f"{plain}  ./data/普通.txt"]
    (folder / "manifest-sha512.txt").write_bytes("\r\n".join(lines).encode("gb18030"))
    (folder / "manifest-md5.txt").write_text("")
    (folder / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: GB18030\n")
    (folder / "说明.txt").write_text("没有列入")
    assert asked("archive", "verify", "--manifest", folder) == {"checked": 3, "faults": []}
    (folder / "data" / "普通.txt").rename(folder / "data" / "别名.txt")
    answer = asked("archive", "verify", "--manifest", folder, code=7)
    assert answer["faults"] == [{"path": "data/别名.txt", "fault": "misplaced", "number": ""}]


def test_rows_and_files_of_all_sources_are_checked(archive: dict[str, str], office: Path, asked: Asked) -> None:
    with open_registry(office / "registry.db") as db:
        named = {row.path for row in incoming_files(db)} | {row.path for row in bound_scans(db).values()}
    assert named < set(archive)
    [photo] = set(archive) - named
    (office / photo).unlink()
    answer = asked("archive", "verify", code=7)
    assert answer["faults"] == [{"path": photo, "fault": "missing", "number": archive[photo]}]
