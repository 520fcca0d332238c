"""Claims about packs: what the shipped ones say, and how an office's own are read."""

import datetime as dt
import re
from pathlib import Path

import pytest

from yiyu.registry.errors import BadInput, FileFault, NotFound
from yiyu.registry.model import DocKind, Variant
from yiyu.registry.packs import list_packs, load_pack

SHIPPED = ("ejin_horo", "national", "ordos", "shandong", "zhejiang")
EMPHASIS = {
    Variant.JC: {"F01", "A03", "A02", "A01", "A04"},
    Variant.FY: {"E01", "F04", "A13"},
    Variant.ZY: {"D01", "D04", "D05", "D06"},
    Variant.YL: {"G02", "G03"},
}
"""What each variant is about (domain.md#variants)."""


def codes(pack: str, variant: Variant) -> set[str]:
    return {item.code for item in load_pack(pack).items_for(variant)}


def office_pack(office: Path, name: str, text: str) -> Path:
    folder = office / name
    folder.mkdir(parents=True)
    (folder / "pack.toml").write_text(text, "utf-8")
    return folder


def test_the_shipped_packs_are_listed_by_name() -> None:
    assert tuple(pack.name for pack in list_packs()) == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_pack_has_every_variant_and_every_document(name: str) -> None:
    pack = load_pack(name)
    assert pack.variants == tuple(Variant)
    assert set(pack.documents) == set(DocKind)
    assert set(pack.retention.values()) == {"10年"}


@pytest.mark.parametrize("name", SHIPPED)
def test_mongolian_medicine_is_spoken_of_in_inner_mongolia_only(name: str) -> None:
    pack = load_pack(name)
    on_paper = [*pack.groups.values(), pack.worded("中医")]
    on_paper += [f"{item.name}{item.content}" for variant in Variant for item in pack.items_for(variant)]
    assert any("蒙" in text for text in on_paper) == (name in ("ordos", "ejin_horo"))


def test_words_of_the_region_are_put_in_the_longest_first() -> None:
    pack = load_pack("ejin_horo")
    assert (
        pack.worded("中医药保健，0—3岁婴幼儿中医药健康管理率")
        == "中（蒙）医药保健，0—3岁婴幼儿中医药（蒙医药）健康管理率"
    )
    assert load_pack("national").worded("中医药") == "中医药"


AUTHORITIES = [
    ("ordos", "150602", "东胜区卫生健康委员会"),
    ("ordos", "150600", "鄂尔多斯市卫生健康委员会"),
    ("ordos", "370102", "所在地县级卫生健康行政部门"),
    ("shandong", "370102", "历下区卫生健康局"),
    ("shandong", "370100", "济南市卫生健康委员会"),
    ("zhejiang", "330000", "浙江省卫生健康委员会"),
    ("national", "370102", "所在地县级卫生健康行政部门"),
]


@pytest.mark.parametrize(("pack", "code", "authority"), AUTHORITIES)
def test_the_authority_of_a_region_has_its_name_wherever_the_pack_applies(pack: str, code: str, authority: str) -> None:
    assert load_pack(pack).authority_of(code) == authority


def test_a_pack_ends_with_what_it_extends_unless_it_says_otherwise(tmp_path: Path) -> None:
    office_pack(tmp_path, "own", 'title = "某县"\nextends = "zhejiang"\n')
    office_pack(tmp_path, "longer", 'title = "某市"\nextends = "own"\nvalid_to = 2027\n')
    own, longer = load_pack("own", office=tmp_path), load_pack("longer", office=tmp_path)
    assert (own.valid_to, longer.valid_to) == (2025, 2027)
    assert own.ended(dt.date(2025, 12, 31)) == ""
    assert "只适用到 2025 年" in own.ended(dt.date(2026, 1, 1))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_item_duty_and_target_names_a_notice_and_the_place_in_it(name: str) -> None:
    pack = load_pack(name)
    tags = "|".join(basis.key for basis in pack.basis)
    place = re.compile(rf"({tags}) ([一二三四五](（[一二三四五六七八九十]+）\d*)?|第[一二三四五六七八九十]+条)")
    for row in (*pack.catalogue, *pack.duties, *pack.targets):
        assert all(place.fullmatch(source) for source in row.source.split("；")), row


@pytest.mark.parametrize("name", SHIPPED)
def test_every_duty_and_target_carries_a_short_phrase_of_its_notice(name: str) -> None:
    pack = load_pack(name)
    without = {row.key for row in (*pack.duties, *pack.targets) if not 4 <= len(row.quote) <= 30}
    assert without == {"year_report"}  # 58号 art. 38 is known by digest only


@pytest.mark.parametrize("name", SHIPPED)
def test_every_code_a_duty_names_stands_in_a_list_or_in_the_catalogue(name: str) -> None:
    pack = load_pack(name)
    known = {entry.key for entry in pack.catalogue}
    assert {code for duty in pack.duties for code in duty.items} <= known


@pytest.mark.parametrize("variant", Variant)
@pytest.mark.parametrize("name", SHIPPED)
def test_a_list_is_numbered_from_one_and_has_its_mandatory_rows_ticked(name: str, variant: Variant) -> None:
    items = load_pack(name).items_for(variant)
    assert [item.seq for item in items] == list(range(1, len(items) + 1))
    assert any(item.selected for item in items)
    assert all(item.selected for item in items if item.mandatory)
    assert all(item.content.endswith("。") and item.group and item.mode and item.fee for item in items)


@pytest.mark.parametrize("variant", EMPHASIS)
@pytest.mark.parametrize("name", ["national", "ordos", "ejin_horo", "shandong"])
def test_a_list_holds_what_its_variant_is_about(name: str, variant: Variant) -> None:
    assert EMPHASIS[variant] <= codes(name, variant)


@pytest.mark.parametrize("name", SHIPPED)
def test_three_sides_take_both_lists_and_a_kindergarten_that_of_a_primary_provider(name: str) -> None:
    assert codes(name, Variant.SF) == codes(name, Variant.JC) | codes(name, Variant.FY)
    assert codes(name, Variant.TB) == codes(name, Variant.JC)


@pytest.mark.parametrize("name", SHIPPED)
def test_no_item_promises_diagnosis_and_body_techniques_ask_for_consent(name: str) -> None:
    pack = load_pack(name)
    assert not [entry.key for entry in pack.catalogue if re.search("诊断|治疗|问诊", entry.name + entry.content)]
    consent = {entry.key for entry in pack.catalogue if "监护人" in entry.remark}
    assert {"D01", "D02", "D03", "A03", "A04", "A05", "H01"} <= consent


def test_ordos_owes_a_visit_each_quarter_and_a_training_each_year_to_filed_institutions() -> None:
    duties = {duty.key: duty for duty in load_pack("ordos").duties}
    visit, training = duties["visit"], duties["training"]
    assert (visit.provider, visit.times, visit.per, visit.filed_only) == (("JC",), 1, "quarter", True)
    assert (training.provider, training.times, training.per, training.filed_only) == (("FY",), 1, "year", True)
    assert not {duty.per for duty in duties.values() if "JC" in duty.provider} & {"half_year"}


def test_the_half_yearly_lecture_and_the_yearly_review_are_of_zhejiang_alone() -> None:
    duties = {duty.key: duty for duty in load_pack("zhejiang").duties}
    assert (duties["lecture"].per, duties["year_review"].per) == ("half_year", "year")
    assert "visit" not in duties
    assert not {"lecture", "year_review"} & {duty.key for duty in load_pack("ordos").duties}


def test_the_targets_of_ordos_are_87_and_then_90_percent() -> None:
    rates = [(t.year, t.value) for t in load_pack("ordos").targets if t.unit == "%"]
    assert rates == [(2024, 87), (2025, 90)]


def test_the_yearly_self_assessment_is_due_by_the_end_of_june() -> None:
    duty = next(duty for duty in load_pack("ordos").duties if duty.key == "self_assessment")
    assert (duty.due, duty.valid_from, duty.valid_to) == ("06-30", 2025, 2027)


def test_ordos_knows_the_city_and_its_nine_districts() -> None:
    pack = load_pack("ordos")
    assert len(pack.regions) == 10
    assert pack.authority_of("150627") == "伊金霍洛旗卫生健康委员会"
    assert pack.authority_of("370102") == "所在地县级卫生健康行政部门"


def test_a_pack_does_not_take_over_the_regions_of_its_parent() -> None:
    assert load_pack("ejin_horo").regions == {"150627": "伊金霍洛旗"}
    assert load_pack("ejin_horo").authority_of("150627") == "伊金霍洛旗卫生健康委员会"


def test_an_agreement_cites_the_notices_of_its_region_from_the_top_down() -> None:
    assert [citation[-16:] for citation in load_pack("ejin_horo").citations] == [
        "意见》（国卫办人口发〔2023〕14号）"[-16:],
        "通知》（内卫人口字〔2024〕186号）"[-16:],
        "发展的通知》（2024年10月15日）"[-16:],
        "实施方案》（伊政办发〔2024〕28号）"[-16:],
    ]


def test_a_child_pack_changes_only_the_fields_it_writes(tmp_path: Path) -> None:
    office_pack(tmp_path, "dongsheng", 'title = "东胜区"\nextends = "ordos"\n[catalogue.F01]\ntimes = 2\n')
    parent = {item.code: item for item in load_pack("ordos").items_for(Variant.JC)}["F01"]
    child = {item.code: item for item in load_pack("dongsheng", office=tmp_path).items_for(Variant.JC)}["F01"]
    assert (child.times, child.per, child.content, child.mandatory) == (2, "quarter", parent.content, True)


def test_an_office_pack_may_extend_the_shipped_pack_it_hides(tmp_path: Path) -> None:
    office_pack(tmp_path, "ordos", 'extends = "ordos"\n[retention]\nagreement = "30年"\n')
    pack = load_pack("ordos", office=tmp_path)
    assert (pack.title, len(pack.regions)) == ("鄂尔多斯市", 10)
    assert pack.retention[DocKind.AGREEMENT] == "30年"
    assert "ordos" in {pack.name for pack in list_packs(tmp_path)}


def test_a_word_file_dropped_into_a_folder_of_a_packs_name_replaces_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "ordos").mkdir()
    (tmp_path / "ordos" / "agreement.docx").write_bytes(b"own")
    pack = load_pack("ordos", office=tmp_path)
    assert pack.template(DocKind.AGREEMENT, Variant.JC).data == b"own"
    assert pack.template(DocKind.SERVICE_LIST, Variant.JC).name == "national/service_list.docx"


def test_a_variant_may_have_its_own_word_file(tmp_path: Path) -> None:
    folder = office_pack(
        tmp_path, "qi", 'title = "旗"\nextends = "ordos"\n[documents.agreement.variants]\nSF = "sf.docx"\n'
    )
    (folder / "sf.docx").write_bytes(b"three")
    pack = load_pack("qi", office=tmp_path)
    assert pack.template(DocKind.AGREEMENT, Variant.SF).data == b"three"
    assert pack.template(DocKind.AGREEMENT, Variant.JC).name == "national/agreement.docx"


def test_a_word_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    office_pack(tmp_path, "qi", 'title = "旗"\nextends = "ordos"\n[documents.agreement]\nfile = "范本.docx"\n')
    with pytest.raises(FileFault, match=r"范本\.docx.*口径包 qi"):
        load_pack("qi", office=tmp_path).template(DocKind.AGREEMENT, Variant.JC)


def test_a_pack_without_a_document_says_so(tmp_path: Path) -> None:
    office_pack(tmp_path, "bare", 'title = "空"\n')
    with pytest.raises(NotFound, match="口径包“空”没有文书“活动记录表”"):
        load_pack("bare", office=tmp_path).template(DocKind.ACTIVITY_RECORD, Variant.JC)


def test_an_unknown_pack_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(NotFound, match=r"没有口径包“ordso”.*您是否想写“ordos”"):
        load_pack("ordso")


def test_an_unknown_parent_is_reported_where_it_is_named(tmp_path: Path) -> None:
    office_pack(tmp_path, "qi", 'title = "旗"\nextends = "ordoss"\n')
    with pytest.raises(NotFound, match=r"没有口径包“ordoss”（qi/pack\.toml，extends）"):
        load_pack("qi", office=tmp_path)


def test_packs_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    office_pack(tmp_path, "a", 'title = "甲"\nextends = "b"\n')
    office_pack(tmp_path, "b", 'title = "乙"\nextends = "a"\n')
    with pytest.raises(BadInput, match="绕成了圈"):
        load_pack("a", office=tmp_path)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("tilte = 1", "tilte", "不认识的键“tilte”，您是否想写“title”"),
        ("[catalogue.F01]\ntims = 2", "catalogue.F01.tims", "您是否想写“times”"),
        ('[catalogue.F01]\ntimes = "二"', "catalogue.F01.times", "这里应写整数，现在是文字"),
        ('[catalogue.F01]\nper = "month"', "catalogue.F01.per", "不在可选范围内的值“month”"),
        ('[catalogue.Z01]\nname = "新"', "catalogue.Z01", "缺少必填的键“content”"),
        ("catalogue = 1", "catalogue", "应写成"),
        ("[catalogue]\nF01 = 1", "catalogue.F01", "应是一个表"),
        ('[catalogue.F01]\nsource = "S9 一"', "catalogue.F01.source", "依据“S9”不在"),
        ('[duties.visit]\nitems = ["F99"]', "duties.visit.items", "服务目录中没有“F99”"),
        ('[documents.letter]\ntitle = "函"\nfile = "x.docx"', "documents.letter", "不认识的文书种类"),
        ('[retention]\nletter = "10年"', "retention", "不在可选范围内的值“letter”"),
    ],
)
def test_a_fault_is_reported_with_file_and_key(tmp_path: Path, text: str, place: str, message: str) -> None:
    office_pack(tmp_path, "qi", f'title = "旗"\nextends = "ordos"\n{text}\n')
    with pytest.raises(BadInput, match=message) as caught:
        load_pack("qi", office=tmp_path)
    assert caught.value.where.startswith(f"qi/pack.toml，{place}")


def test_a_pack_without_a_title_is_told_so(tmp_path: Path) -> None:
    office_pack(tmp_path, "qi", 'extends = "ordos"\n')
    with pytest.raises(BadInput, match=r"缺少必填的键“title”（qi/pack\.toml）"):
        load_pack("qi", office=tmp_path)


def test_a_file_that_is_no_toml_is_reported_with_its_line(tmp_path: Path) -> None:
    office_pack(tmp_path, "qi", 'title = "旗"\nextends = \n')
    with pytest.raises(BadInput, match=r"读不懂（.*qi/pack\.toml，第 2 行）"):
        load_pack("qi", office=tmp_path)
    (tmp_path / "qi" / "pack.toml").write_bytes('title = "旗"'.encode("gb18030"))
    with pytest.raises(BadInput, match="编码不是 UTF-8"):
        load_pack("qi", office=tmp_path)


def test_an_item_of_an_unknown_group_is_refused(tmp_path: Path) -> None:
    row = 'name = "新"\ncontent = "做。"\ntarget = "婴幼儿"\nprovider = ["JC"]\nmode = "上门"\nper = "year"\nsource = "S0 一"'
    office_pack(tmp_path, "qi", f'title = "旗"\nextends = "ordos"\n[catalogue.Z01]\n{row}\n')
    with pytest.raises(BadInput, match="没有类别“Z”"):
        load_pack("qi", office=tmp_path)
