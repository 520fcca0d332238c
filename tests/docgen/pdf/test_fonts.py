"""Claims about stand-in faces: what is installed is used, and what is not keeps a look of its own."""

import xml.etree.ElementTree as ET

import pytest

from yiyu.docgen.pdf.fonts import (
    Face,
    FontStatus,
    Style,
    available,
    chinese_font,
    face_file,
    fontconfig,
    installed,
    packaged,
    stand_ins,
    standings,
)
from yiyu.docgen.pdf.glyphs import fonts_for, missing_characters

SERIF, SERIF_BOLD = Face("Noto Serif CJK SC"), Face("Noto Serif CJK SC", bold=True)
SANS, SANS_BOLD = Face("Noto Sans CJK SC"), Face("Noto Sans CJK SC", bold=True)
KAI, SONG = Face("AR PL UKai CN"), Face("AR PL UMing CN")
NOTO = (SANS, SANS_BOLD, SERIF, SERIF_BOLD)
ASKED = ("仿宋_GB2312", "方正小标宋简体", "楷体_GB2312", "黑体", "宋体")


def test_with_noto_alone_text_title_and_both_headings_look_different() -> None:
    chosen = stand_ins(NOTO)
    assert [chosen[name] for name in ASKED] == [SERIF, SERIF_BOLD, SANS, SANS_BOLD, SERIF]


def test_with_two_more_fonts_all_five_look_different_and_headings_are_not_bold() -> None:
    chosen = stand_ins((*NOTO, KAI, SONG))
    assert [chosen[name] for name in ASKED] == [SERIF, SERIF_BOLD, KAI, SANS, SONG]


def test_a_font_that_is_installed_is_left_alone_and_serves_its_other_names() -> None:
    chosen = stand_ins((*NOTO, Face("FangSong"), Face("仿宋")))
    assert not {"FangSong", "仿宋"} & chosen.keys()
    assert chosen["仿宋_GB2312"] in {Face("FangSong"), Face("仿宋")}


def test_any_chinese_font_is_better_than_none_and_none_gives_nothing() -> None:
    only = Face("Droid Sans Fallback")
    assert {stand_ins([only])[name] for name in ASKED} == {only}
    assert stand_ins([]) == {}


def test_the_configuration_is_xml_that_keeps_the_machine_s_own_and_names_every_stand_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    root = ET.fromstring(fontconfig({"黑体": SANS_BOLD, "宋体<&>": SERIF}))  # noqa: S314 - our own bytes
    assert [one.text for one in root.findall("include")] == ["/etc/fonts/fonts.conf"]
    named = [rule for rule in root.findall("match") if rule.find("test") is not None]
    pairs = [(rule.findtext("test/string"), rule.findtext("edit/string")) for rule in named]
    assert pairs == [("黑体", "Noto Sans CJK SC"), ("宋体<&>", "Noto Serif CJK SC")]
    assert [rule.findtext("edit/const") for rule in named] == ["bold", None]


@pytest.mark.skipif(not packaged(), reason="the extra fonts is not installed")
def test_the_configuration_ends_with_the_packaged_serif_for_every_family_nobody_has() -> None:
    root = ET.fromstring(fontconfig({}))  # noqa: S314 - our own bytes
    [rule] = root.findall("match")
    assert rule.find("test") is None
    assert rule.findtext("edit/string") == "Noto Serif SC"
    assert [folder.text for folder in root.findall("dir")] == [str(packaged()[0].path.parent)]
    assert {one.face.family for one in packaged()} == {"Noto Serif SC", "Noto Sans SC"}


def test_faces_of_the_machine_come_before_the_packaged_ones() -> None:
    chosen = stand_ins((*NOTO, Face("Noto Serif SC"), Face("Noto Sans SC")))
    assert [chosen[name] for name in ASKED] == [SERIF, SERIF_BOLD, SANS, SANS_BOLD, SERIF]
    alone = stand_ins((Face("Noto Serif SC"), Face("Noto Sans SC")))
    assert {face.family for face in alone.values()} == {"Noto Serif SC", "Noto Sans SC"}


@pytest.mark.skipif(not installed(), reason="no fontconfig, or no Chinese font known to it")
def test_the_faces_of_this_machine_are_found_as_files() -> None:
    assert all(one.path.is_file() and one.face.family for one in installed())
    assert chinese_font().path.is_file()
    assert not chinese_font().face.bold


@pytest.mark.skipif(not installed(), reason="no fontconfig, or no Chinese font known to it")
@pytest.mark.parametrize("style", list(Style))
def test_every_style_has_a_file_on_this_machine(style: Style) -> None:
    assert face_file(style).path.is_file()


def test_each_style_is_said_to_be_shown_by_its_own_face_by_another_or_by_none() -> None:
    found = {one.name: one for one in standings((SANS, SERIF, Face("FangSong"), Face("SimHei")))}
    assert list(found) == ["仿宋", "方正小标宋简体", "楷体", "黑体", "宋体"]
    assert found["仿宋"] == FontStatus("仿宋", "FangSong", own=True)
    assert found["黑体"] == FontStatus("黑体", "SimHei", own=True)
    assert found["楷体"] == FontStatus("楷体", SANS.family, own=False)
    assert {(one.shown_by, one.own) for one in standings([])} == {("", False)}


@pytest.mark.skipif(not available(), reason="no fontconfig, or no Chinese font known to it")
def test_characters_no_face_has_are_named_with_whose_they_are_and_once() -> None:
    plain = "张某某·额尔德尼 ☑□①“”—\u3000\n\ufe0f\u200b"
    assert missing_characters([("1", plain), ("2", "甲\U000e0fff乙\U0003fffd\U0003fffd")]) == [
        ("2", "\U0003fffd"),
        ("2", "\U000e0fff"),
    ]


def test_who_lacks_mongolian_letters_or_rare_characters_is_told_which_fonts_have_them() -> None:
    mongolian, rare = fonts_for("ᠡᠵ"), fonts_for("\U00020bb7")
    assert "Noto Sans Mongolian" in mongolian
    assert "Mongolian Baiti" in mongolian
    assert "天珩全字库" in rare
    assert fonts_for("ᠡ\U00020bb7") == f"{mongolian}和{rare}"
    assert fonts_for("\u0e01") == "含有这些字的字体"
    assert not any("CJK" in one for one in (mongolian, rare))
