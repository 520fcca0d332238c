import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from yiyu.registry.rules.codes import (
    ALPHABET,
    CodeFault,
    check_credit_code,
    code_notes,
)

PUBLISHED = ("12100000400000624D", "12440300455752807L", "91440300708461136T", "914403001922038216")

bodies = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["11", "12", "51", "52", "91", "92", "93", "N2", "Y1"]),
        st.sampled_from(("150602", "150627", "370102", "330106")),
        st.text(ALPHABET, min_size=9, max_size=9),
    ),
)
codes = bodies.map(lambda body: body + uscc.calc_check_digit(body))


def fault_of(value: str | float) -> CodeFault:
    with pytest.raises(CodeFault) as caught:
        check_credit_code(value)
    return caught.value


@pytest.mark.parametrize("code", PUBLISHED)
def test_codes_published_by_their_holders_pass_without_a_note(code: str) -> None:
    assert check_credit_code(code) == code
    assert code_notes(code) == ()


@given(codes)
def test_every_code_with_a_right_check_character_passes(code: str) -> None:
    assert check_credit_code(code) == code


@given(codes, st.integers(8, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_never_taken(code: str, at: int, sign: str) -> None:
    wrong = code[:at] + sign + code[at + 1 :]
    if wrong != code:
        assert fault_of(wrong).code in ("code-check-digit", "code-precision-lost")


@given(codes)
def test_typing_noise_is_folded_away(code: str) -> None:
    wide = code.translate({ord(sign): ord(sign) + 0xFEE0 for sign in code})
    assert check_credit_code(wide) == code
    assert check_credit_code(f" {code[:6].lower()}-{code[6:].lower()}\u3000\n") == code


@pytest.mark.parametrize(
    "damaged",
    [
        9.115062162284709e17,
        914403001922038216,
        914403001922038000.0,
        "9.14403E+17",
        "9.14403001922038e17",
        "914403001922038000",
        "９１４４０３００１９２２０３８０００",
    ],
)
def test_a_code_that_excel_took_for_a_number_has_lost_precision(damaged: str | float) -> None:
    fault = fault_of(damaged)
    assert fault.code == "code-precision-lost"
    assert "精度丢失，请重新录入" in str(fault)


def test_a_right_code_that_ends_in_three_zeros_is_right() -> None:
    body = next(
        b for n in range(10**6) if uscc.calc_check_digit(b := f"911506{n:06}00000") == "0" and b.endswith("00000")
    )
    assert check_credit_code(body + "0") == body + "0"


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("1215062126798158", "code-length", "现为16位"),
        ("PDY60001615062717A1001", "code-registration", "22位的是医疗机构执业许可证登记号"),
        (1215062.0, "code-length", "现为7位"),
        ("91440300192203821V", "code-character", "V"),
        ("91150603MA27732490", "code-check-digit", "校验位错误"),
    ],
)
def test_a_wrong_code_says_what_is_wrong_with_it(text: str | float, code: str, says: str) -> None:
    fault = fault_of(text)
    assert fault.code == code
    assert says in str(fault)


def test_the_example_of_the_standard_that_is_wrong_is_refused_without_a_suggestion() -> None:
    assert fault_of("91350100M000100Y4Z").suggestion == ""
    assert check_credit_code("91350100M000100Y43")


@given(codes)
def test_a_suggestion_is_made_only_when_the_repaired_code_passes(code: str) -> None:
    for typed, meant in (("O", "0"), ("I", "1"), ("Z", "2"), ("S", "5")):
        if meant in code[2:]:
            at = code.rindex(meant)
            assert fault_of(code[:at] + typed + code[at + 1 :]).suggestion == code
    broken = code[:17] + ("0" if code[17] != "0" else "1")
    assert fault_of(broken.replace("0", "O", 1) if "0" in broken else f"O{broken[1:]}").suggestion in ("", code)


def test_odd_codes_are_only_noted() -> None:
    body = "98150602MA0000001"
    assert len(code_notes(check_credit_code(body + uscc.calc_check_digit(body)))) == 2
