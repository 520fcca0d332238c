"""Claims about page codes: short enough for the smallest QR, and never silently another page's."""

import itertools

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from yiyu.docgen.page_code import (
    ALPHABET,
    MOST_PAGES,
    PageCode,
    copy_of,
    decode,
    document_id,
    encode,
    mark,
)

IDS = st.text(ALPHABET, min_size=9, max_size=9)
COPIES = st.just("") | st.text(ALPHABET, min_size=4, max_size=4)
PLACES = st.integers(1, MOST_PAGES).flatmap(lambda pages: st.tuples(st.integers(1, pages), st.just(pages)))
SAMPLES = [
    encode(document_id("150627-2026-JC-0001", "agreement", 1), 3, 8),
    encode(document_id("150602-2027-SF-1020", "activity_record", 12), 1023, 1023),
    encode("000000000", 0, 0),
    encode(document_id("150627-2026-JC-0001", "agreement", 1), 3, 8, "7K3Q"),
]


def refused(text: str) -> bool:
    try:
        decode(text)
    except ValueError:
        return True
    return False


@given(IDS, PLACES, COPIES)
def test_a_code_reads_back_as_what_it_was_made_of(document: str, place: tuple[int, int], copy: str) -> None:
    code = encode(document, *place, copy)
    assert (decode(code), copy_of(code)) == (PageCode(document, *place, copy), copy)


def test_a_code_on_paper_printed_before_copies_had_numbers_is_read_for_ever() -> None:
    assert encode("2GV39403W", 3, 8) == "YY2GV39403W0308J"
    assert decode("YY2GV39403W0308J") == PageCode("2GV39403W", 3, 8, "")


def test_page_0_of_0_is_the_document_itself() -> None:
    assert decode(encode("ABCDEFGH0", 0, 0)) == PageCode("ABCDEFGH0", 0, 0)


@pytest.mark.parametrize("code", SAMPLES)
def test_every_single_wrong_character_is_noticed(code: str) -> None:
    signs = [chr(sign) for sign in range(32, 127)] + ["Ｙ", "甲"]
    wrong = [code[:at] + sign + code[at + 1 :] for at in range(len(code)) for sign in signs if sign != code[at]]
    assert len(wrong) == len(code) * 96
    assert all(map(refused, wrong))


@given(IDS, PLACES, COPIES)
def test_every_two_characters_that_change_places_are_noticed(document: str, place: tuple[int, int], copy: str) -> None:
    code = encode(document, *place, copy)
    for one, two in itertools.combinations(range(len(code)), 2):
        swapped = list(code)
        swapped[one], swapped[two] = swapped[two], swapped[one]
        assert refused("".join(swapped)) == (code[one] != code[two])


def test_the_check_of_one_pair_of_characters_holds_for_all_pairs_of_neighbours() -> None:
    tail = encode("000000000", 1, 1)
    for at, (one, two) in itertools.product(range(2, 10), itertools.permutations(ALPHABET, 2)):
        document = ("0" * (at - 2) + one + two).ljust(9, "0")
        code = encode(document, 1, 1)
        assert refused(code[:at] + two + one + code[at + 2 :])
        assert code[11:15] == tail[11:15]


@pytest.mark.parametrize("text", ["", "YY", "AB" + "0" * 14, "YY" + "0" * 13, "http://weixin.qq.com/r/x", " " * 16])
def test_other_texts_are_told_to_be_no_page_code(text: str) -> None:
    with pytest.raises(ValueError, match=r"不是页面码"):
        decode(text)


def test_a_page_beyond_the_last_is_refused_both_ways() -> None:
    for page, pages in ((0, 1), (2, 1), (-1, 1), (1, 0)):
        with pytest.raises(ValueError, match=r"不在 1 至"):
            encode("000000000", page, pages)
    with pytest.raises(ValueError, match=r"最多 1023 页"):
        encode("000000000", 1, 1024)
    valid = {text for sign in ALPHABET if not refused(text := f"YY0000000000201{sign}")}
    assert not valid, "page 2 of 1 has no valid check character"


@pytest.mark.parametrize("document", ["", "00000000", "0000000000", "00000000I", "00000000a"])
def test_only_an_id_of_the_right_make_is_encoded(document: str) -> None:
    with pytest.raises(ValueError, match=r"文档标识应为 9 位"):
        encode(document, 1, 1)


@pytest.mark.parametrize("copy", ["7", "7K3", "7K3QA", "7K3I", "7k3q"])
def test_only_a_number_of_a_copy_of_the_right_make_is_encoded(copy: str) -> None:
    with pytest.raises(ValueError, match=r"份号应为 4 位"):
        encode("000000000", 1, 1, copy)


def test_an_id_depends_on_number_kind_and_version_and_never_changes() -> None:
    assert document_id("150627-2026-JC-0001", "agreement", 1) == "2GV39403W"
    facts = itertools.product(("150627-2026-JC-0001", "150627-2026-JC-0002"), ("agreement", "service_list"), (1, 2, 11))
    assert len({document_id(*fact) for fact in facts}) == 12


@given(IDS, PLACES, COPIES)
def test_a_code_fits_a_qr_of_version_1_at_level_m_or_better(document: str, place: tuple[int, int], copy: str) -> None:
    qr = segno.make_qr(encode(document, *place, copy), error="m", version=1)
    assert (qr.version, qr.mode) == (1, "alphanumeric")
    assert qr.error in "MQH"


def test_a_page_says_the_same_to_the_eye_and_to_the_reader() -> None:
    made = mark(3, 5, number="150627-2026-JC-0001", kind="agreement", title="协议书", version=1)
    assert made.line == "150627-2026-JC-0001 协议书 第3页/共5页 v1"
    assert decode(made.code) == PageCode(document_id("150627-2026-JC-0001", "agreement", 1), 3, 5)


def test_the_mark_of_a_document_names_no_page() -> None:
    made = mark(0, 0, number="150627-2026-JC-0001", kind="agreement", title="协议书", version=2)
    assert made.line == "150627-2026-JC-0001 协议书 v2"
    assert decode(made.code) == PageCode(document_id("150627-2026-JC-0001", "agreement", 2), 0, 0)


def test_the_mark_of_a_copy_says_its_number_and_is_the_same_otherwise() -> None:
    made = mark(3, 5, number="150627-2026-JC-0001", kind="agreement", title="协议书", version=1)
    second = made.of_copy("7K3Q")
    assert (second.line, second.copy) == (made.line, "7K3Q")
    assert decode(second.code) == PageCode(document_id("150627-2026-JC-0001", "agreement", 1), 3, 5, "7K3Q")
    assert made.of_copy("") == made
