import datetime as dt
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from yiyu.registry.institutions.roster import read_roster
from yiyu.registry.institutions.sample import write_sample_rosters
from yiyu.registry.rules.search import Searched, nearest, search

ROSTERS = Path(__file__).parents[2] / "data" / "rosters"
LUO = "伊金霍洛旗小鹿托育中心"


def found(text: str, *names: str) -> list[str]:
    return search(text, names, lambda name: Searched(names=(name,)))


def names_of(paths: list[Path]) -> list[str]:
    return sorted({row.institution.name for path in paths for row in read_roster(path).rows})


def bare(name: str) -> str:
    """A name as people say it: width and brackets make no difference. Written apart from what is tested."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name) if sign.isalnum())


def check_words_of_two_characters(names: list[str]) -> None:
    """All that stand in the names, and 110 and more that could but stand in none; two hundred at least."""
    known = {name: bare(name) for name in names}
    said = sorted({name[at : at + 2] for name in known.values() for at in range(len(name) - 1)})
    unsaid = sorted({one[0] + other[1] for one in said for other in said} - set(said))
    words = said + unsaid[:: len(unsaid) // 110]
    assert "托育" in words
    assert len(words) >= 200
    for word in words:
        assert found(word, *names) == [name for name in names if word in known[name]], word


def test_words_of_two_characters_find_all_and_nothing_false(tmp_path: Path) -> None:
    check_words_of_two_characters(names_of(list(write_sample_rosters(tmp_path, dt.date(2026, 11, 22)))))


def test_words_over_the_rosters_as_received_find_all_and_nothing_false() -> None:
    check_words_of_two_characters(names_of([p for p in ROSTERS.iterdir() if p.suffix in (".xlsx", ".csv")]))


@pytest.mark.parametrize(
    "text",
    [
        "yijinhuoluo", "YiJinHuoLuo", "ｙｉｊｉｎ", "yi jin huo luo", "yi'jin'huo'luo", "yījīnhuòluò", "yjhlq", "YJHLQ",
        "y j h l", "yjhlqxltyzx", "yijinhl", "yjhuoluo", "伊jin霍luo", "yijin霍洛旗", "xiaolu", "xl托育", "xiaolut",
        "tuoyuzhongxin", "tyzhx", "tyzx", "霍洛 托育", "xiaolu 伊金", "洛旗　小鹿", "xiaolutuoyuzhong",
    ],
)  # fmt: skip
def test_a_name_is_found_by_sound_and_by_parts(text: str) -> None:
    assert found(text, "东胜区星河幼儿园", LUO) == [LUO]


@pytest.mark.parametrize(
    "text", ["jinyi", "ijin", "uoluo", "hlyj", "xiaoluan", "tuoyuan", "小鹿 幼儿园", "yijin xinghe", "鹿小", "伊jinluo"]
)
def test_what_no_name_says_is_not_found(text: str) -> None:
    assert found(text, LUO, "东胜区星河幼儿园") == []


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("重庆路", "chongqinglu cql"), ("重点", "zhongdian zd"), ("长乐", "changle cl"), ("成长", "chengzhang cz"),
        ("音乐", "yinyue yy"), ("快乐", "kuaile kl"), ("乐亭", "laoting"), ("朝阳", "chaoyang cy"), ("朝霞", "zhaoxia zx"),
        ("行知", "xingzhi xz"), ("银行", "yinhang yh"), ("单县", "shanxian"), ("曾家", "zengjia cengjia"),
        ("盛世", "shengshi"), ("晟睿", "shengrui chengrui"), ("翟家", "zhaijia"), ("六安", "luan liuan"), ("厦门", "xiamen"),
        ("都兰", "dulan"), ("阿勒腾", "aleteng"), ("康巴什", "kangbashi kbs"), ("扎萨克", "zhasake zsk"), ("召君", "zhaojun"),
        ("绿园", "lvyuan luyuan lüyuan lǜyuán ly"), ("妇女", "funv funü"), ("泊尔江", "boerjiang"),
        ("中（蒙）医", "zhongmengyi zmy zhmy 中蒙医 中(蒙)医"), ("ABC托育", "abc abctuoyu bct"), ("星河2号", "2号 星河2"),
    ],
)  # fmt: skip
def test_every_reading_in_use_finds_the_character(name: str, texts: str) -> None:
    for text in texts.split():
        assert found(text, name) == [name], text


@pytest.mark.parametrize(("text", "name"), [("zhou", "托育"), ("ren", "婴幼儿"), ("tz", "托育"), ("kang", "杭锦旗")])
def test_readings_nobody_uses_find_nothing(text: str, name: str) -> None:
    assert found(text, name) == []


@given(st.text("重长乐朝行会藏单盛大石都中托育鹿伊金霍洛旗康巴什杭锦妇幼绿女阿儿一", min_size=1, max_size=9), st.data())
def test_what_is_read_aloud_finds_the_name(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    spoken = lazy_pinyin(name[start:])
    assert found("".join(spoken), name) == [name]
    assert found("".join(syllable[0] for syllable in spoken), name) == [name]


@pytest.mark.parametrize(
    ("text", "stored"), [("（康巴什）", "甲(康巴什)"), ("[一]", "［一］"), ("甲 乙", "甲乙"), ("ａ座", "A座")]
)
def test_width_case_brackets_and_blanks_make_no_difference(text: str, stored: str) -> None:
    assert found(text, stored, "丙") == [stored]


def test_an_empty_search_limits_nothing() -> None:
    assert found(" 　", "甲", "乙") == ["甲", "乙"]


def test_codes_and_addresses_are_found_by_a_part() -> None:
    one = Searched(("甲",), ("东胜区民族路3号A座",), ("52150602MA002000XE", "150602-2026-JC-0001"))
    for text in ("民族路", "a座", "0602ma", "２０２６-JC", "2026–jc–0001", "甲 民族"):
        assert search(text, [one], lambda row: row) == [one], text
    for text in ("minzulu", "乙", "2026JC", "甲 乙"):
        assert search(text, [one], lambda row: row) == [], text


def test_letters_are_a_code_only_where_no_name_sounds_so() -> None:
    plain, sounding = Searched(("甲",), codes=("91MA5",)), Searched(("妈妈",), codes=("92",))
    assert search("ma", [plain, sounding], lambda row: row) == [sounding]
    assert search("ma", [plain], lambda row: row) == [plain]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("yijinghuoluo", LUO), ("yjhql", LUO), ("dongsen", "东胜区晨露托育中心"), ("伊金霍络", LUO), ("小路", LUO),
        ("沉露", "东胜区晨露托育中心"), ("东胜晨露托育", "东胜区晨露托育中心"),
    ],
)  # fmt: skip
def test_the_nearest_name_comes_first(text: str, name: str) -> None:
    names = ["乌审旗向阳幼儿园", "杭锦旗蒙医综合医院", LUO, "东胜区晨露托育中心"]
    assert found(text, *names) == []
    assert nearest(text, names)[0] == name


@pytest.mark.parametrize("text", ["没有这个", "qqqq", "99999", "!", ""])
def test_nothing_is_suggested_when_nothing_is_near(text: str) -> None:
    assert nearest(text, [LUO, "150602-2026-JC-0001"]) == []


@pytest.mark.parametrize(("text", "loaded"), [("托育", False), ("2026-JC", False), ("xiaolu", True)])
def test_the_dictionary_is_loaded_for_letters_alone(text: str, loaded: bool) -> None:
    program = (
        "import sys; from yiyu.registry.rules.search import Searched, search\n"
        f"search({text!r}, ['小鹿托育'], lambda name: Searched((name,)))\n"
        "print('pypinyin' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(loaded)
