"""Claims about where a scanned page belongs and which scans make up a document."""

from dataclasses import replace

from yiyu.docgen.archive.page_matching import (
    CopyPages,
    Gathered,
    PagePosition,
    Reason,
    documents_by_id,
    gather,
    likely,
    place,
    sheets_of_one,
    unlike,
)
from yiyu.docgen.page_code import document_id, encode
from yiyu.docgen.scans.page import Blankness, Half, Ink, PageReading, Red
from yiyu.registry.store.scans import PrintedRow, ScanRow

NUMBER = "150627-2026-JC-0001"
KNOWN = documents_by_id([PrintedRow(NUMBER, 7, "agreement", 1), PrintedRow(NUMBER, 7, "agreement", 2)])


def code(page: int, pages: int = 5, *, number: str = NUMBER, version: int = 1, copy: str = "") -> str:
    return encode(document_id(number, "agreement", version), page, pages, copy)


def reading(
    *codes: str, page: int = 1, half: Half = Half.WHOLE, foreign: int = 0, bears: Blankness = Blankness.WRITTEN
) -> PageReading:
    return PageReading(page, half, codes, foreign, 0 if codes else None, bears, Ink(Red.GREY))


def scan(file: int, page: int, *, pages: int = 3, by_hand: bool = False, at: str = "2026-11-22T09:00") -> ScanRow:
    return ScanRow(file, page, 7, "agreement", 1, page, pages, 0, "grey", "" if by_hand else "YY", at, "王某某")


def of_copy(file: int, copy: str, *pages: int) -> list[ScanRow]:
    """Pages of an original of 3 in one file; copy "" is from before copies had numbers."""
    return [replace(scan(file, page), code=code(page, 3, copy=copy)) for page in pages]


def files(one: Gathered) -> list[int]:
    return [row.file_id for row in one.chosen]


def test_a_page_goes_where_its_code_says() -> None:
    assert place(reading(code(2, version=2)), KNOWN) == PagePosition(7, "agreement", 2, 2, 5, code(2, version=2))


def test_the_code_of_the_page_goes_before_that_of_the_word_file() -> None:
    assert place(reading(code(0, 0), code(2)), KNOWN) == PagePosition(7, "agreement", 1, 2, 5, code(2))
    assert place(reading(code(0, 0)), KNOWN) is Reason.NO_PAGE


def test_a_page_that_says_two_things_is_not_guessed_at() -> None:
    assert place(reading(code(1), code(2)), KNOWN) is Reason.SEVERAL
    assert place(reading(code(0, 0, version=2), code(2)), KNOWN) is Reason.SEVERAL
    assert place(reading(code(2, copy="7K3Q"), code(2, copy="M2X9")), KNOWN) is Reason.SEVERAL


def test_a_page_that_has_no_place_says_why() -> None:
    assert place(reading(bears=Blankness.BLANK), KNOWN) is Reason.BLANK
    assert place(reading(bears=Blankness.NEARLY), KNOWN) is Reason.NEARLY_BLANK
    assert place(replace(reading(), unread="图像过大"), KNOWN) is Reason.UNREAD
    assert place(reading(), KNOWN) is Reason.NO_CODE
    assert place(reading(foreign=1), KNOWN) is Reason.FOREIGN
    assert place(reading(code(1, number="150627-2026-JC-0002")), KNOWN) is Reason.UNKNOWN


def test_a_page_with_a_code_is_never_blank() -> None:
    assert place(reading(code(2), bears=Blankness.BLANK), KNOWN) == PagePosition(7, "agreement", 1, 2, 5, code(2))


def test_a_record_sheet_from_word_is_placed_where_it_is_the_only_page_with_its_code() -> None:
    known = documents_by_id([PrintedRow(NUMBER, 7, "activity_record", 3), PrintedRow(NUMBER, 7, "agreement", 1)])
    sheet = encode(document_id(NUMBER, "activity_record", 3), 0, 0)
    at = PagePosition(7, "activity_record", 3, 1, 1, sheet)
    assert sheets_of_one([reading(sheet, page=4), reading(code(1), page=5)], known) == {(4, Half.WHOLE): at}
    assert sheets_of_one([reading(sheet, page=1), reading(sheet, page=2)], known) == {}, "two pages, or two originals?"
    assert sheets_of_one([reading(code(0, 0))], known) == {}, "an agreement has more pages than one"


def test_a_sheet_stays_cut_or_whole_as_a_person_placed_it() -> None:
    whole, left, right = reading(), reading(code(1), half=Half.LEFT), reading(code(4), half=Half.RIGHT)
    assert [one.place for one in unlike([whole], {(1, "right")})] == [(1, "left"), (1, "right")]
    assert [one.place for one in unlike([left, right], {(1, "")})] == [(1, "")]
    assert unlike([left, right], {(1, "left")}) == [left, right]
    assert unlike([whole], set()) == [whole]


def test_missing_and_doubled_pages_are_named() -> None:
    [one] = gather([scan(2, 1), scan(1, 1), scan(1, 3)])
    assert (one.missing, one.duplicate, files(one)) == ((2,), (1,), [2, 1])


def test_the_newest_file_that_holds_all_pages_is_taken_whole() -> None:
    rows = [scan(3, 2), *(scan(2, page) for page in (1, 2, 3)), *(scan(1, page) for page in (1, 2, 3))]
    [one] = gather(rows)
    assert files(one) == [2, 2, 2]


def test_what_a_person_placed_later_goes_before_what_was_read() -> None:
    read = [scan(1, page) for page in (1, 2, 3)]
    [later] = gather([scan(2, 2, by_hand=True, at="2026-11-22T10:00"), *read])
    [earlier] = gather([*read, scan(0, 2, by_hand=True, at="2026-11-22T08:00")])
    assert (files(later), files(earlier)) == ([1, 2, 1], [1, 1, 1])


def test_pages_of_two_originals_make_no_document_and_are_told_apart() -> None:
    [one] = gather([*of_copy(1, "7K3Q", 1, 3), *of_copy(1, "M2X9", 2)])
    assert (one.missing, [row.page for row in one.chosen]) == ((2,), [1, 3])
    assert one.originals == (CopyPages("7K3Q", (1, 3)), CopyPages("M2X9", (2,)))


def test_one_original_that_is_all_there_is_taken_whatever_else_came() -> None:
    stray, whole = of_copy(2, "M2X9", 1, 2), of_copy(1, "7K3Q", 1, 2, 3)
    [one] = gather([*stray, *whole])
    assert (one.missing, files(one), one.duplicate) == ((), [1, 1, 1], (1, 2))
    assert one.originals == (CopyPages("M2X9", (1, 2)), CopyPages("7K3Q", (1, 2, 3)))


def test_an_original_that_came_over_several_days_goes_before_parts_of_a_newer_one() -> None:
    [one] = gather([*of_copy(3, "M2X9", 2), *of_copy(2, "7K3Q", 2), *of_copy(1, "7K3Q", 1, 3)])
    assert (one.missing, files(one)) == ((), [1, 2, 1])


def test_paper_without_numbers_is_put_together_as_before_and_never_with_paper_that_has_them() -> None:
    [before] = gather([*of_copy(2, "", 2), *of_copy(1, "", 1, 3)])
    [mixed] = gather([*of_copy(2, "7K3Q", 2), *of_copy(1, "", 1, 3)])
    assert (before.missing, before.originals) == ((), ())
    assert (mixed.missing, mixed.originals) == ((2,), (CopyPages("7K3Q", (2,)), CopyPages("", (1, 3))))


def test_a_page_placed_by_hand_completes_the_original_around_it() -> None:
    [one] = gather([*of_copy(1, "7K3Q", 1, 3), scan(1, 2, by_hand=True), *of_copy(1, "M2X9", 1)])
    assert (one.missing, [row.code[15:19] for row in one.chosen]) == ((), ["7K3Q", "", "7K3Q"])


def test_two_printings_of_unequal_length_are_kept_apart() -> None:
    found = gather([scan(2, 1, pages=2), scan(1, 1, pages=3), scan(1, 2, pages=3)])
    assert [(one.expected, one.missing) for one in found] == [(2, (2,)), (3, (3,))]


def in_file(*pages: int, file: int = 1) -> dict[int, ScanRow]:
    """Pages of a document of 5 in the order of a file; 0 stands for one that found no place."""
    return {
        at: ScanRow(file, at, 7, "agreement", 1, page, 5, 0, "grey", "YY", "2026-11-22T09:00", "王某某")
        for at, page in enumerate(pages, start=1)
        if page
    }


def test_a_page_between_two_others_is_probably_the_one_between() -> None:
    forwards, backwards = likely(in_file(1, 0, 3), 2), likely(in_file(3, 0, 1), 2)
    assert (forwards, backwards) == (
        PagePosition(7, "agreement", 1, 2, 5, ""),
        PagePosition(7, "agreement", 1, 2, 5, ""),
    )


def test_a_page_at_the_end_or_the_start_of_a_file_follows_from_one_neighbour() -> None:
    assert likely(in_file(1, 2, 0), 3) == PagePosition(7, "agreement", 1, 3, 5, "")
    assert likely(in_file(0, 2, 3), 1) == PagePosition(7, "agreement", 1, 1, 5, "")


def test_nothing_is_guessed_of_a_page_that_is_there_already_or_past_the_end() -> None:
    assert likely(in_file(1, 0, 0, 2), 2) is None
    assert likely(in_file(4, 5, 0), 3) is None
    assert likely(in_file(1, 0, 0), 3) is None
