"""Claims about the library of clauses: which version holds when and where, and what every shipped clause rests on."""

import datetime as dt
import re
from pathlib import Path

import pytest

from yiyu.registry.errors import BadInput
from yiyu.registry.packs import load_pack
from yiyu.registry.packs.checking import check_pack
from yiyu.registry.packs.clauses import called, load_clauses, nearest, set_name

SHIPPED = ("ejin_horo", "national", "ordos", "shandong", "zhejiang")
OWN = "[T07.versions.{label}]\nsince = {since}\nsource = 'S0 一'\ntext = '''\n{text}\n'''\n"


def library(office: Path, text: str, name: str = "qi", extends: str = "ordos") -> Path:
    folder = office / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.toml").write_text(f'title = "旗"\nextends = "{extends}"\n', "utf-8")
    (folder / "clauses.toml").write_text(text, "utf-8")
    return office


def version(office: Path, day: str, code: str = "T07", pack: str = "qi") -> tuple[str, str, str]:
    found = called(load_clauses(load_pack(pack, office=office)), code)
    assert found is not None
    one = found.on(dt.date.fromisoformat(day))
    return one.pack, one.version, one.text


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_clause_rests_on_a_place_of_a_notice_or_an_article_of_a_law(name: str) -> None:
    pack = load_pack(name)
    tags = {basis.key: basis for basis in pack.basis}
    versions = [version for clause in load_clauses(pack) for version in clause.versions]
    assert len(versions) >= 14
    for one in versions:
        for source in one.source.split("；"):
            tag, _, place = source.partition(" ")
            assert tag in tags, (one.code, source)
            assert re.match(
                r"第[一二三四五六七八九十百零]+条$|[一二三四五六七八九十]+(（[一二三四五六七八九十]+）\d*)?$", place
            )
        assert pack.cited(one.source).count("《") == len(one.source.split("；"))


def test_a_clause_is_called_by_code_or_by_name_and_one_that_is_not_there_by_what_is_like_it() -> None:
    known = load_clauses(load_pack("national"))
    by_code, by_name = called(known, "t07"), called(known, " 费用 ")
    assert by_code is not None
    assert by_code == by_name
    assert called(known, "费勇") is None
    assert "T07 费用" in nearest(known, "费勇")
    assert nearest(known, "XYZ") == "全部条款见 yiyu pack clauses"


def test_a_version_holds_from_its_day_on(tmp_path: Path) -> None:
    first = OWN.format(label=1, since="2026-01-01", text="甲")
    office = library(tmp_path, first + OWN.format(label=2, since="2026-07-01", text="乙"))
    assert version(office, "2025-12-31")[:2] == ("national", "1")
    assert version(office, "2026-01-01") == ("qi", "1", "甲")
    assert version(office, "2026-06-30") == ("qi", "1", "甲")
    assert version(office, "2026-07-01") == ("qi", "2", "乙")


def test_a_pack_overrides_its_parent_and_a_later_version_of_the_parent_does_not_come_before_it(tmp_path: Path) -> None:
    library(tmp_path, OWN.format(label=1, since="2027-01-01", text="上级"), name="shang")
    office = library(tmp_path, OWN.format(label=1, since="2026-01-01", text="本旗"), extends="shang")
    assert version(office, "2026-06-01") == ("qi", "1", "本旗")
    assert version(office, "2027-06-01") == ("qi", "1", "本旗")
    assert version(office, "2027-06-01", pack="shang") == ("shang", "1", "上级")
    assert version(office, "2027-06-01", code="T08")[0] == "national"


def test_an_office_may_write_over_the_shipped_pack_it_uses_and_add_clauses(tmp_path: Path) -> None:
    text = OWN.format(label=1, since="2026-01-01", text="本市") + "[T51]\nname = '停电'\n[T51.versions.1]\n"
    (tmp_path / "ordos").mkdir()
    (tmp_path / "ordos" / "clauses.toml").write_text(text + "source = 'S0 一'\ntext = '停电'\n", "utf-8")
    assert version(tmp_path, "2026-06-01", pack="ordos") == ("ordos", "1", "本市")
    assert version(tmp_path, "2026-06-01", code="停电", pack="ordos")[2] == "停电"


FAULTS = {
    "T7 = 1": ("clause", "T7"),
    "[T51]\nname = '停电'": ("clause", "T51"),
    "[T51.versions.1]\nsource = 'S0 一'\ntext = '停电'": ("clause", "T51"),
    "[T51]\nname = '费用'\n[T51.versions.1]\nsource = 'S0 一'\ntext = '停电'": ("clause", "T51.name"),
    "[T51]\nname = '停、电'\n[T51.versions.1]\nsource = 'S0 一'\ntext = '停电'": ("clause", "T51.name"),
    "[T07.versions.1]\nsource = 'S0 一'\ntext = ' '": ("clause", "T07.versions.1.text"),
    "[T07.versions.1]\ntext = '费用'": ("clause", "T07.versions.1"),
    "[T07.versions.1]\nsource = 'S9 一'\ntext = '费用'": ("source-unknown", "T07.versions.1.source"),
    "[T07.versions.1]\nsource = 'S0'\ntext = '费用'": ("source-place", "T07.versions.1.source"),
    "[T07": ("clause", "末尾"),
}


@pytest.mark.parametrize("text", FAULTS)
def test_every_fault_of_a_library_is_told_with_its_file_and_key(tmp_path: Path, text: str) -> None:
    office = library(tmp_path / "templates", text)
    found = [(one.file, one.code, one.place) for one in check_pack("qi", office)[1]]
    code, place = FAULTS[text]
    assert found == [("templates/qi/clauses.toml", code, place)]
    if code == "clause":
        with pytest.raises(BadInput, match=r"qi/clauses\.toml"):
            load_clauses(load_pack("qi", office=office))


def test_a_set_of_clauses_is_another_one_when_a_word_of_them_is(tmp_path: Path) -> None:
    day = dt.date(2026, 6, 1)

    def name(text: str) -> str:
        office = library(tmp_path, OWN.format(label=1, since="2026-01-01", text=text))
        return set_name(clause.on(day) for clause in load_clauses(load_pack("qi", office=office)))

    assert len({name("甲"), name("乙"), name("甲"), set_name(())}) == 3
