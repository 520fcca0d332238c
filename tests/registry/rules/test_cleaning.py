"""The one door for text: what is taken out, what is changed, what is refused, and what must stay."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin.phrases_dict import phrases_dict

from yiyu.registry.rules.cleaning import SHAPE, clean, no_value, plain
from yiyu.registry.rules.cleaning_marks import FROM_PRIVATE, FROM_RADICAL, UNSEEN
from yiyu.registry.rules.mojibake import garbled

NAME = "东胜区青年民生马场托育中心"
UNSEEN_SIGNS = "\u00ad\u034f\u061c\u115f\u1160\u200b\u200e\u200f\u202a\u202c\u202d\u2060\u2064\u2066\u2069\u2800\u3164\ufeff\uffa0\ufffc"
MARKS = "\u200c\u200d\u180b\u180e\ufe00\ufe0f\U000e0100\U000e0041\U000e007f"
TEXTS = st.text(
    st.one_of(
        st.sampled_from(
            f"东胜区托育中心张三\u3000 \n\t\r、，；-/.{UNSEEN_SIGNS}{MARKS}⻢⼼\ue81e\ue004\uf9b7蒙☑️👨🏴1０Ａᠮᠠe\u0301?é无"
        ),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=14,
)


@pytest.mark.parametrize("sign", UNSEEN_SIGNS + MARKS, ids=lambda sign: f"U+{ord(sign):04X}")
def test_a_character_nobody_sees_makes_no_second_name(sign: str) -> None:
    for spelled in (f"{sign}{NAME}", f"{NAME[:3]}{sign}{NAME[3:]}", f"{NAME}{sign}"):
        assert clean(spelled, "name") == (NAME, ("去掉1个看不见的字符",), "", "", False)


def test_every_format_character_is_taken_out_or_shapes_letters() -> None:
    for point in range(0x110000):
        sign = chr(point)
        shown = unicodedata.name(sign, "").startswith(("ARABIC NUMBER", "ARABIC SIGN", "ARABIC FOOTNOTE", "ARABIC END"))
        shown = shown or unicodedata.name(sign, "").startswith(("ARABIC POUND", "ARABIC PIASTRE", "ARABIC DISPUTED"))
        shown = shown or unicodedata.name(sign, "").startswith(("SYRIAC", "KAITHI", "EGYPTIAN"))
        if unicodedata.category(sign) == "Cf" and not shown and sign != "\u202e":
            assert clean(f"东{sign}胜", "line").text == "东胜", f"U+{point:04X}"


@pytest.mark.parametrize(
    "text",
    [
        *("👨\u200d👩\u200d👧", "☑\ufe0f已签", "1\ufe0f\u20e3", "❤\ufe0f\u200d🔥", "👍🏽"),
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        *("ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ", "ᠠ\u180bᠭ", "ᠨ\u180eᠠ", "ᠮ\u200dᠣ", "می\u200cخواهم", "क्\u200dष", "ꡂ\ufe00"),
    ],
)
def test_marks_that_shape_their_neighbours_stay(text: str) -> None:
    assert clean(text, "line").text == text


@pytest.mark.parametrize(
    ("text", "wanted", "note"),
    [
        ("东胜区⻘年⺠生⻢场托育中⼼", NAME, "部首字形“⻘”改为“青”"),
        ("⻓城⻛车托育", "长城风车托育", "部首字形“⻓”改为“长”"),
        ("⼩⾖⾖⼉园", "小豆豆儿园", "部首字形“⼩”改为“小”"),
        ("⺟婴", "母婴", "部首字形“⺟”改为“母”"),
        ("⻔诊", "门诊", "部首字形“⻔”改为“门”"),
        ("\uf9b7泉街", "醴泉街", "重复编码U+F9B7改为“醴”"),
        ("\U0002f804", "你", "重复编码U+2F804改为“你”"),
        ("\ue81e\ue826", "\u9fb4\u9fb5", "自造字U+E81E改为“\u9fb4”"),
        ("\ue864", "\u9fbb", "自造字U+E864改为“\u9fbb”"),
        ("\ue816", "\U00020087", "自造字U+E816改为“\U00020087”"),
        ("\ue815", "厂", "自造字U+E815改为“厂”"),
        ("\ue7c7", "ḿ", "自造字U+E7C7改为“ḿ”"),
        ("东\ue78e", "东\ufe12", "自造字U+E78E改为“\ufe12”"),
    ],
)
def test_what_only_looks_like_a_character_becomes_it(text: str, wanted: str, note: str) -> None:
    found = clean(text, "name")
    assert found.text == wanted
    assert note in found.notes
    assert not found.doubt


def test_the_tables_are_those_of_the_standards() -> None:
    kangxi = {chr(point): unicodedata.normalize("NFKC", chr(point)) for point in range(0x2F00, 0x2FD6)}
    assert kangxi.items() <= FROM_RADICAL.items()
    assert FROM_RADICAL.keys() - kangxi.keys() == set(map(chr, range(0x2E81, 0x2EF4))) - {"\u2e9a"}
    changed = {0x9FB4: "E81E", 0x9FB5: "E826", 0x9FB6: "E82B", 0x9FB7: "E82C"}
    changed |= {0x9FB8: "E832", 0x9FB9: "E843", 0x9FBA: "E854", 0x9FBB: "E864"}
    assert all(FROM_PRIVATE[chr(int(private, 16))] == chr(point) for point, private in changed.items())
    for at, trail in enumerate([*range(0x50, 0x7F), *range(0x80, 0xA1)]):  # the codec knows GB 18030-2005
        known = bytes((0xFE, trail)).decode("gb18030")
        private = "\ue000" <= known <= "\uf8ff"
        assert private or FROM_PRIVATE[chr(0xE815 + at)] == FROM_RADICAL.get(known, known)
    assert all(unicodedata.category(sign) != "Co" for sign in FROM_PRIVATE.values())
    assert not FROM_RADICAL.keys() & set(FROM_PRIVATE.values())


@pytest.mark.parametrize("sign", "\ue004\ue000\uf8ff\U000f0000\U0010fffd")
def test_any_other_private_character_stays_and_is_named(sign: str) -> None:
    found = clean(f"东胜区葛城{sign}托育中心", "name")
    assert sign in found.text
    assert f"U+{ord(sign):04X}" in found.doubt
    assert not found.fault


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("13800000000\n13900000000", "phone", "13800000000、13900000000"),
        ("王某某\n李某某", "line", "王某某、李某某"),
        ("王某某\t李某某", "line", "王某某、李某某"),
        ("王某某\r\n\r\n李某某\n", "line", "王某某、李某某"),
        ("王某某\u2028李某某\u2029赵某某", "line", "王某某、李某某、赵某某"),
        ("王某某、\n李某某", "line", "王某某、李某某"),
        ("王某某\n；李某某", "line", "王某某；李某某"),
        ("天骄街1号\n伊煤路2号", "line", "天骄街1号、伊煤路2号"),
        ("王某某\u3000李某某", "line", "王某某 李某某"),
        ("王\u3000某", "line", "王某"),
        ("东胜区\n第一托育中心", "name", "东胜区第一托育中心"),
        ("91150602\nMA0000015E", "code", "91150602MA0000015E"),
        ("第一段\r\n第二段", "paragraphs", "第一段\n第二段"),
        ("2024-10-15\n00:00", "day", "2024-10-15 00:00"),
    ],
)
def test_lines_of_values_are_never_joined(text: str, kind: str, wanted: str) -> None:
    assert clean(text, kind).text == wanted


@pytest.mark.parametrize(
    "word", ["None", "nan", "NULL", "N/A", "#N/A", "——", "—", "/", "#", "……", "无", "暂无", "不详", "ＮＡＮ", "空"]
)
def test_a_word_for_nothing_is_blank_in_every_kind_of_field(word: str) -> None:
    for kind in SHAPE.keys() - {"own", "kept", "yes_no", "choice"}:
        assert clean(word, kind).text == "", kind
    assert no_value(word)


@pytest.mark.parametrize("word", ["正在办理", "办理中", "待定", "待补充", "证照办理中"])
def test_a_value_still_to_come_is_blank_and_said_so(word: str) -> None:
    assert clean(word, "code") == ("", (), "", "", True)
    assert clean(word, "paragraphs").text == word, "a remark may well say so"


@pytest.mark.parametrize(
    "text", ["无锡路", "空港街1号", "待定乡", "没有巷", "诺尼娜", "略阳路", "10", "N", "-1", "无线电"]
)
def test_what_holds_such_a_word_stays(text: str) -> None:
    assert clean(text, "line").text == text


@pytest.mark.parametrize(
    "text",
    [
        "统一社会信用代码：91150602MA0000015E",
        "代码:91150602MA0000015E",
        "信用代码证号 91150602MA0000015E",
        "统一社会信用代码（注册号）：91150602MA0000015E",
        "登记号91150602MA0000015E",
        "91150602MA0000015E（副本）",
        "91150602MA0000015E(1-1)",
    ],
)
def test_a_label_beside_a_code_is_cut(text: str) -> None:
    found = clean(text, "code")
    assert found.text == "91150602MA0000015E"
    assert found.notes[0].startswith("去掉“")


ORIGINALS = [
    "东胜区第一幼儿园",
    "伊金霍洛旗阿勒腾席热镇小太阳托育中心",
    "上海",
    "托育",
    "王某某",
    "婴幼儿",
    "天骄街1号",
    "东胜区（托班）",
]


@pytest.mark.parametrize("text", ORIGINALS)
@pytest.mark.parametrize(
    ("written", "taken_for"),
    [
        ("utf-8", "gb18030"),
        ("utf-8", "cp1252"),
        ("utf-8", "latin-1"),
        ("gb18030", "latin-1"),
        ("gb18030", "cp1252"),
        ("gb18030", "utf-8"),
        ("utf-8", "cp437"),
        ("utf-8", "koi8-r"),
    ],
)
def test_a_text_read_in_the_wrong_encoding_is_refused(text: str, written: str, taken_for: str) -> None:
    damaged = text.encode(written).decode(taken_for, errors="replace")
    for shown in (damaged, damaged.replace("\ufffd", "?")):
        assert clean(shown, "name").fault


@pytest.mark.parametrize(
    "text",
    [
        "东胜区??托育中心",
        "东胜区?托育中心",
        "??",
        "锟斤拷锟斤拷",
        "烫烫烫烫",
        "屯屯屯屯",
        "Ã©cole",
        "东胜\ufffd区",
        "ÎÄ×Ö",
        "ｶｫﾊ､ﾇ",
        "锘縩ame",
        *(
            "东胜区？？托育中心",
            "东胜区□年托育中心",
            "东胜区■■托育中心",
            "东胜区〓年托育中心",
            "&#19996;&#32988;托育中心",
            "东胜区&nbsp;托育中心",
        ),
        *("\\u4e1c\\u80dc\\u533a托育", "%E4%B8%9C%E8%83%9C%E5%8C%BA", "=E4=B8=9C=E8=83=9C", "东胜区_x200B_托育中心"),
    ],
)
def test_signs_of_damage_are_refused_in_a_name(text: str) -> None:
    assert clean(text, "name").fault


@pytest.mark.parametrize(
    "text",
    [
        *(
            "家长问：宝宝发烧怎么办??",
            "××××",
            "——",
            "“甲”“乙”",
            "25°±",
            "café",
            "··",
            "①②③",
            "璐璐托育",
            "妤婷早教",
            "Ångström",
            "2×3㎡",
        ),
        *("A&B托育", "Baby_House", "C\\D", "100%", "Привет мир", "□是 ☑否"),
        *("你会洗手吗？我会", "ⅠⅡⅢ", "ＡＢＣ", "ᠮᠣᠩᠭᠣᠯ", "한국", "カタカナ", "𠮷祥䶮", "½", "№1"),
    ],
)
def test_what_people_write_is_no_damage(text: str) -> None:
    assert not garbled(text)


def test_no_phrase_of_a_dictionary_looks_damaged() -> None:
    phrases = list(phrases_dict)
    assert [phrase for phrase in phrases if garbled(phrase, "name")] == []
    joined = ["".join(phrases[at : at + 3]) for at in range(0, len(phrases), 3)]
    assert [phrase for phrase in joined if garbled(phrase, "name")] == []


def test_a_sign_that_turns_the_line_round_is_refused() -> None:
    assert "倒过来" in clean("\u202e号1路族民", "line").fault
    assert clean("\u202d13800000000\u202c", "phone").text == "13800000000"


@settings(max_examples=600)
@given(TEXTS, st.sampled_from(sorted(SHAPE)))
def test_cleaning_twice_is_cleaning_once(text: str, kind: str) -> None:
    once = clean(text, kind)
    again = clean(once.text, kind)
    assert again.text == once.text
    assert again.fault == once.fault
    assert again.notes == ()


@given(
    st.lists(st.sampled_from(["王某某", "李某某", "13800000000", "天骄街1号", "A座", "乙 丙"]), min_size=1, max_size=5),
    st.data(),
)
def test_no_value_is_lost_or_joined(values: list[str], data: st.DataObject) -> None:
    text = values[0]
    for value in values[1:]:
        text += data.draw(st.sampled_from(["\n", "\r\n", "\t", "\u2028", "\n\n", "、\n", " \n "])) + value
    assert clean(text, "line").text.split("、") == values


@given(st.text(st.sampled_from("东胜区青年民生马场心儿小龙卤麦母厂门车长风食页齿"), min_size=1, max_size=12), st.data())
def test_two_names_that_look_alike_are_one(name: str, data: st.DataObject) -> None:
    looks = {other: sign for sign, other in {**FROM_RADICAL, **FROM_PRIVATE}.items()}
    unseen = st.text(st.sampled_from(UNSEEN_SIGNS + MARKS), max_size=2)
    alike = "".join(data.draw(unseen) + (looks.get(sign, sign) if data.draw(st.booleans()) else sign) for sign in name)
    assert clean(alike, "name").text == clean(name, "name").text


@given(TEXTS)
def test_nothing_unseen_is_left(text: str) -> None:
    found = plain(text)
    assert found.fault or not UNSEEN.search(found.text)
