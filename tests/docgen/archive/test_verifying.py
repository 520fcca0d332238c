"""Claims about comparing a folder with what was recorded: each thing that happened is named once, and nothing else."""

import hashlib
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from yiyu.docgen.archive.fixity import Expected, compare, files_under

Look = Callable[[], list[tuple[str, str, str]]]


def pdf(path: Path, pages: int = 2) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = pikepdf.new()
    for page in range(pages):
        made.add_blank_page(page_size=(595, 842))
        text = f"% {path.name} {page}\n".encode() + hashlib.sha256(path.name.encode()).digest() * 40
        made.pages[-1].obj.Contents = made.make_stream(text)
    made.save(path, compress_streams=False)
    return path


def recorded(root: Path, path: Path, pages: int | None = 2, number: str = "") -> Expected:
    data = path.read_bytes()
    name = path.relative_to(root).as_posix()
    return Expected(name, hashlib.sha256(data).hexdigest(), number, pages, len(data))


@pytest.fixture
def shelf(tmp_path: Path) -> list[Expected]:
    """Four files a.pdf … d.pdf, of agreements a … d."""
    return [recorded(tmp_path, pdf(tmp_path / f"{name}.pdf"), number=name) for name in "abcd"]


@pytest.fixture
def found(tmp_path: Path, shelf: list[Expected]) -> Look:
    return lambda: [(one.path, str(one.fault), one.number) for one in compare(tmp_path, shelf, files_under(tmp_path))]


def test_a_folder_as_recorded_has_no_fault(found: Look) -> None:
    assert found() == []


def test_a_renamed_file_is_misplaced_and_nothing_else(tmp_path: Path, found: Look) -> None:
    (tmp_path / "a.pdf").rename(tmp_path / "改名.pdf")
    assert found() == [("改名.pdf", "misplaced", "a")]


def test_of_two_swapped_files_each_is_misplaced_where_it_stands(tmp_path: Path, found: Look) -> None:
    (tmp_path / "a.pdf").rename(tmp_path / "x")
    (tmp_path / "b.pdf").rename(tmp_path / "a.pdf")
    (tmp_path / "x").rename(tmp_path / "b.pdf")
    assert found() == [("a.pdf", "misplaced", "b"), ("b.pdf", "misplaced", "a")]


def test_a_file_moved_over_another_loses_the_other(tmp_path: Path, found: Look) -> None:
    (tmp_path / "a.pdf").rename(tmp_path / "b.pdf")
    assert found() == [("b.pdf", "misplaced", "a"), ("b.pdf", "missing", "b")]


def test_a_file_copied_over_another_has_changed_the_other(tmp_path: Path, found: Look) -> None:
    (tmp_path / "b.pdf").write_bytes((tmp_path / "a.pdf").read_bytes())
    assert found() == [("b.pdf", "changed", "b")]


def test_a_file_set_aside_and_replaced_is_named_in_both_places(tmp_path: Path, found: Look) -> None:
    (tmp_path / "a.pdf").rename(tmp_path / "a旧.pdf")
    pdf(tmp_path / "新.pdf").rename(tmp_path / "a.pdf")
    assert found() == [("a.pdf", "changed", "a"), ("a旧.pdf", "misplaced", "a")]


def test_a_second_copy_of_a_file_in_its_place_is_extra(tmp_path: Path, shelf: list[Expected], found: Look) -> None:
    (tmp_path / "副本.pdf").write_bytes((tmp_path / "a.pdf").read_bytes())
    assert found() == [("副本.pdf", "extra", "")]
    [fault] = compare(tmp_path, shelf, files_under(tmp_path))
    assert "a.pdf" in fault.message


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-30],
        lambda data: bytes(len(data)),
    ],
    ids=["empty", "cut in half", "the end cut off", "zeros"],
)
def test_what_does_not_open_whole_is_unreadable(tmp_path: Path, found: Look, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "c.pdf"
    path.write_bytes(damage(path.read_bytes()))
    assert found() == [("c.pdf", "unreadable", "c")]


def test_a_byte_that_breaks_the_table_of_a_pdf_is_a_change(tmp_path: Path, found: Look) -> None:
    path = tmp_path / "c.pdf"
    data = bytearray(path.read_bytes())
    data[data.index(b"startxref") + 10] ^= 1
    path.write_bytes(data)
    assert found() == [("c.pdf", "changed", "c")]


def test_fewer_pages_than_recorded_is_a_fault_even_if_no_byte_differs(tmp_path: Path) -> None:
    one = recorded(tmp_path, pdf(tmp_path / "a.pdf", pages=1), pages=3)
    [fault] = compare(tmp_path, [one], ["a.pdf"])
    assert fault.fault == "unreadable"
    assert "记录为 3 页，只能读出 1 页" in fault.message


def test_a_picture_cut_short_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "照片.jpg"
    Image.effect_noise((400, 300), 60).save(path)
    one = recorded(tmp_path, path, pages=1)
    path.write_bytes(path.read_bytes()[:3000])
    assert [fault.fault for fault in compare(tmp_path, [one], ["照片.jpg"])] == ["unreadable"]


def test_a_folder_in_the_place_of_a_file_is_no_file(tmp_path: Path, found: Look) -> None:
    (tmp_path / "a.pdf").unlink()
    (tmp_path / "a.pdf").mkdir()
    assert found() == [("a.pdf", "missing", "a")]


def test_a_name_in_another_unicode_form_is_the_same_name(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "Ä-协议.pdf")
    path = pdf(tmp_path / name)
    one = recorded(tmp_path, path)
    composed = Expected(unicodedata.normalize("NFC", name), one.digest, pages=2)
    assert compare(tmp_path, [composed], files_under(tmp_path)) == []


def test_a_name_that_is_not_utf8_is_shown_as_people_know_it(tmp_path: Path, found: Look) -> None:
    (tmp_path / "a.pdf").rename(tmp_path / "协议.pdf".encode("gb18030").decode("utf-8", "surrogateescape"))
    assert found() == [("协议.pdf", "misplaced", "a")]


def test_what_file_managers_leave_behind_is_passed_over(tmp_path: Path, found: Look) -> None:
    for name in ("Thumbs.db", ".DS_Store", "desktop.ini"):
        (tmp_path / name).write_bytes(b"x")
    assert found() == []


def test_looking_changes_nothing(tmp_path: Path, found: Look) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()}
    found()
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()} == before
