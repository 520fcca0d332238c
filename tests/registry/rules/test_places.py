"""Claims about districts: every spelling an office writes gives its code, what may mean two is asked about."""

import itertools

import pytest

from yiyu.registry.packs.places import shipped_table
from yiyu.registry.rules.places import Place, PlaceFault, Places

ORDOS, JINAN, SHANDONG, HANGZHOU, ZHEJIANG = (
    Places(shipped_table, region) for region in ("150600", "370100", "370000", "330100", "330000")
)
BY_REGION = {"150600": ORDOS, "370100": JINAN, "370000": SHANDONG, "330100": HANGZHOU, "330000": ZHEJIANG}

SPELLINGS = {
    "150600": {
        "康巴什新区 康巴什 康区 内蒙古鄂尔多斯市康巴什新区 150603000000": "150603",
        "东胜 东胜市 东胜县 东胜區 東勝區 “东胜区” （东胜区） （东胜） 150602000000 １５０６０２ 东胜区(150602) 鄂尔多斯市东胜": "150602",
        "内蒙古自治区鄂尔多斯市东胜区 内蒙古/鄂尔多斯/东胜区 鄂尔多斯市·东胜区 伊克昭盟东胜市 150602东胜区": "150602",
        "达旗 达拉特 152722": "150621",
        "准旗 准格尔 准格爾旗": "150622",
        "前旗 鄂前旗 鄂托克前旗 鄂托克前": "150623",
        "鄂旗 鄂托克旗": "150624",
        "杭旗 杭锦 杭锦旗": "150625",
        "乌审 乌审旗": "150626",
        "伊旗 伊金霍洛 鄂尔多斯市伊旗 伊旗阿镇 伊旗（阿镇）": "150627",
        "达旗树林召 达旗树林召镇": "150621",
        "杭锦后旗 巴彦淖尔市杭锦后旗 巴彦淖尔盟杭锦后旗": "150826",
        "鄂尔多斯市 150600": "150600",
        "乌海市海南区 海南区 150303": "150303",
        "集宁市 乌兰察布市集宁区": "150902",
    },
    "370100": {
        "历下 历下区 济南市历下区 山东省济南市历下区 山东济南历下区 370102000000 历下區": "370102",
        "市中区 市中 济南市市中区 370103": "370103",
        "枣庄市市中区 山东省枣庄市市中区 370402": "370402",
        "济宁市市中区 任城 济宁市任城区": "370811",
        "历城县 历城": "370112",
        "章丘 章丘市 章丘县": "370114",
        "莱城区 莱芜市莱城区 371202": "370116",
        "钢城区 莱芜市钢城区 371203": "370117",
        "济阳县 370125": "370115",
        "胶南市 黄岛区": "370211",
        "河口区 东营市河口区": "370503",
        "河东区 临沂市河东区": "371312",
        "天津市河东区": "120102",
    },
    "330000": {
        "西湖区 杭州市西湖区 浙江省杭州市西湖区 西湖": "330106",
        "下城区 330103": "330105",
        "鄞县 江东区 鄞州": "330212",
        "绍兴县 柯桥 绍兴市柯桥区": "330603",
        "萧山市 萧山县 萧山": "330109",
        "景宁 景宁县 景宁畲族自治县": "331127",
        "义乌 义乌县 金华市义乌市": "330782",
        "玉环县 台州市玉环市": "331083",
    },
}


@pytest.mark.parametrize(
    ("region", "text", "code"),
    [
        (region, text, code)
        for region, table in SPELLINGS.items()
        for texts, code in table.items()
        for text in texts.split()
    ],
)
def test_a_spelling_gives_its_code(region: str, text: str, code: str) -> None:
    assert BY_REGION[region].place(text).code == code


@pytest.mark.parametrize(
    ("region", "text", "place"),
    [
        ("150600", "准格尔旗（薛家湾镇）", Place("150622", "薛家湾镇")),
        ("150600", "准格尔旗 薛家湾", Place("150622", "薛家湾镇")),
        ("150600", "鄂托克旗蒙西镇", Place("150624", "蒙西镇")),
        ("150600", "鄂尔多斯市东胜区天骄街道办事处", Place("150602", "天骄街道")),
        ("150600", "乌审旗苏力德苏木", Place("150626", "苏力德苏木")),
        ("150600", "150622100000", Place("150622", "薛家湾镇")),
        ("150600", "150624102", Place("150624", "蒙西镇")),
        ("150600", "150622999000", Place("150622")),
        ("150600", "东胜区新设镇", Place("150602", "新设镇")),
        ("370100", "济南市历下区解放路街道", Place("370102", "解放路街道")),
        ("370100", "上海市浦东新区花木街道", Place("310115", "花木街道")),
        ("330100", "西湖区-北山街道", Place("330106", "北山街道")),
    ],
)
def test_the_town_beside_a_district_is_kept(region: str, text: str, place: Place) -> None:
    assert BY_REGION[region].find(text) == (place,)


@pytest.mark.parametrize(
    ("region", "text", "codes"),
    [
        ("150600", "鄂托克", {"150624", "150623"}),
        ("150600", "西湖区", {"330106", "360103"}),
        ("150600", "城区", {"140302", "140502", "441502"}),
        ("370000", "市中区", {"370103", "370402"}),
        ("370000", "市中", {"370103", "370402"}),
        ("370100", "莱芜市", {"370116", "370117"}),
        ("370100", "鼓楼区", {"320106", "320302", "350102", "410204"}),
        ("330100", "江干区", {"330102", "330114"}),
        ("330000", "金华县", {"330702", "330703"}),
    ],
)
def test_what_may_mean_several_is_asked_with_their_full_paths(region: str, text: str, codes: set[str]) -> None:
    places = BY_REGION[region]
    assert {one.code for one in places.find(text)} == codes
    with pytest.raises(PlaceFault) as refused:
        places.place(text)
    assert refused.value.code == "district-ambiguous"
    assert all(places.path(code) in str(refused.value) and code in str(refused.value) for code in codes)


@pytest.mark.parametrize(
    "text",
    [
        "150699", "370199", "150699000000", "950602", "15060", "1506020", "370176", "150602康巴什区", "托克旗",
        "东胜区阳光", "东胜区某街1号", "准格尔旗（棋盘井镇）", "达拉特旗昭君", "鄂尔多斯", "海拉尔旗", "前", "旗", "市",
        "", "（）", "伊旗东胜区", "上海庙镇", "合计",
    ],
)  # fmt: skip
def test_what_only_resembles_a_district_is_unknown(text: str) -> None:
    assert ORDOS.find(text) == ()
    with pytest.raises(PlaceFault) as refused:
        ORDOS.place(text)
    assert refused.value.code == "district-unknown"


@pytest.mark.parametrize("text", ["高新区", "经开区", "济南高新技术产业开发区", "莱芜经济开发区", "370176"])
def test_a_development_zone_is_known_only_by_the_office_s_own_word(text: str) -> None:
    with pytest.raises(PlaceFault, match=r"\[districts\]|开发区代码"):
        JINAN.place(text)
    assert Places(shipped_table, "370100", lambda: {text: "370102"}).place(text) == Place("370102")


def test_a_zone_with_a_code_of_its_own_is_a_district_of_its_own() -> None:
    places = Places(shipped_table, "370100", lambda: {"高新区": "370176", "济南高新区": "370176"})
    assert places.place("370176") == places.place(" 高新区 ") == places.place("济南高新区") == Place("370176")
    assert places.label("370176") == "高新区"


@pytest.mark.parametrize("region", ["150600", "150627", "370000", "330100"])
def test_every_name_path_and_code_of_the_region_gives_its_code_back(region: str) -> None:
    places = Places(shipped_table, region)
    near = [code for code in places.names if code.startswith(region[:2])]
    for code in (*near, *list(places.names)[::50]):
        for text in (places.label(code), places.path(code), code, f"{code}000000", f"【{places.path(code)}】"):
            assert [one.code for one in places.find(text)] == [code], text


def test_no_two_districts_are_shown_alike() -> None:
    labels = [SHANDONG.label(code) for code in SHANDONG.counties()]
    assert len(set(labels)) == len(labels) == 136
    assert {"济南市市中区", "枣庄市市中区", "历下区"} <= set(labels)
    assert JINAN.label("370103") == "市中区"
    assert ORDOS.label("150699") == "150699"


def test_the_lists_are_whole_and_agree_with_each_other() -> None:
    for prefix, counties in (("15", 103), ("37", 136), ("33", 90)):
        assert len(ORDOS.counties(f"{prefix}0000")) == counties
    assert [ORDOS.name(code) for code in ORDOS.counties()] == [
        "东胜区", "康巴什区", "达拉特旗", "准格尔旗", "鄂托克前旗", "鄂托克旗", "杭锦旗", "乌审旗", "伊金霍洛旗",
    ]  # fmt: skip
    assert list(ORDOS.names) == sorted(ORDOS.names)
    targets = {code for _, codes, *_ in shipped_table("former") for code in codes.split("|")}
    assert targets | {code for _, code in shipped_table("spoken")} <= ORDOS.names.keys()
    assert {code[:6] for code, _ in shipped_table("towns")} <= ORDOS.names.keys()
    for one, other in itertools.pairwise(shipped_table("towns")):
        assert one[0] < other[0]


def test_a_county_s_office_knows_its_city_first() -> None:
    county = Places(shipped_table, "150627")
    assert county.place("前旗") == Place("150623")
    assert county.counties() == ORDOS.counties()


def test_titles_name_a_district_in_full() -> None:
    assert ORDOS.mentioned(("Sheet1", "2026年东胜区托育机构一览表")) == "150602"
    assert ORDOS.mentioned(("鄂托克前旗名册",)) == "150623"
    assert ORDOS.mentioned(("东胜区、康巴什区名册",)) == ""
    assert SHANDONG.mentioned(("枣庄市市中区名册",)) == "370402"
    assert SHANDONG.mentioned(("市中区名册",)) == ""
    assert JINAN.mentioned(("市中区名册",)) == "370103"
    assert ORDOS.mentioned(("名册",)) == ""
