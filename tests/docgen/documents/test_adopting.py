"""Claims about drafts that travel: shown first, all or nothing, what the office wrote itself is not written over."""

import shutil
import zipfile
from pathlib import Path

import pytest
from build import opened
from handed_down import (
    CLAUSE,
    NEW,
    OLD,
    PACK,
    crafted,
    events,
    handed,
    key_of,
    make_below,
    make_city,
    name_above,
    standing,
    taken,
    write,
    write_form,
)

from yiyu.docgen.documents.adopting import Adoption
from yiyu.registry.errors import BadInput, FileFault, NotFound, StepNotAllowed, TemplateFault, UserError
from yiyu.registry.packs import load_pack
from yiyu.registry.packs.clauses import called, load_clauses


@pytest.fixture(scope="session")
def pair(clock: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drafts")
    make_below(folder / "below", make_city(folder / "city"))
    handed(folder / "city", folder / "one.yiyu")
    return folder


@pytest.fixture
def place(pair: Path, tmp_path: Path) -> Path:
    """A folder with ``city``, ``below``, and ``one.yiyu`` that the city handed down."""
    return Path(shutil.copytree(pair, tmp_path / "place"))


def told(done: Adoption) -> dict[tuple[str, str], tuple[str, str]]:
    return {(one.part.name, d.place): (d.ours, d.theirs) for one in done.parts for d in one.differences}


def fees(folder: Path) -> str:
    clause = called(load_clauses(load_pack("ordos", office=folder / "templates")), "费用")
    assert clause is not None
    return clause.versions[0].text


def test_what_differs_is_told_by_setting_clause_and_paragraph_and_nothing_is_written(place: Path) -> None:
    city, below = place / "city", place / "below"
    write(below, "ordos/pack.toml", PACK.format(value=80))
    write(below, "ordos/clauses.toml", CLAUSE.format(text="费用另议。"))
    write_form(below, "ordos/service_list.docx", "服务项目清单", "旧的一句")
    form = write_form(city, "ordos/service_list.docx", "服务项目清单", "新的一句", "再加一句")
    path = place / "two.yiyu"
    with pytest.raises(TemplateFault, match="检查没有通过"):
        handed(city, path, templates=[form])
    crafted(city, path, {f"templates/{name}": data for name, data in standing(city).items()})
    before = standing(below)
    done = taken(below, path, apply=False)
    assert [(one.part.name, one.state, one.own) for one in done.parts] == [
        ("ordos/clauses.toml", "different", True),
        ("ordos/pack.toml", "different", True),
        ("ordos/service_list.docx", "different", True),
    ]
    assert told(done) == {
        ("ordos/clauses.toml", "条款 T07 费用 第1版 第1段"): ("费用另议。", OLD),
        ("ordos/pack.toml", "目标 tcm_2024（0—3岁婴幼儿中医药（蒙医药）健康管理率） 数值"): ("80", "90"),
        ("ordos/service_list.docx", "正文 第2段"): ("旧的一句", "新的一句"),
        ("ordos/service_list.docx", "正文 第3段"): ("", "再加一句"),
    }
    assert done.faults
    with pytest.raises(TemplateFault, match="采用以后检查没有通过"):
        taken(below, path, reason="以市里的为准")
    assert (standing(below), events(below)) == (before, [])


def test_taken_over_once_and_the_second_time_says_so(place: Path) -> None:
    below = place / "below"
    done = taken(below, place / "one.yiyu")
    assert (done.applied, done.former, fees(below)) == (True, "", OLD)
    [event] = events(below)
    assert event["kind"] == "drafts_adopted"
    assert all(one.sha256 in event["data"] for one in done.parts)
    again = taken(below, place / "one.yiyu")
    assert (again.again, again.applied, events(below)) == ("2026-11-22", False, [event])


def test_a_later_package_goes_on_from_the_one_before_and_an_older_one_is_refused(place: Path) -> None:
    city, below, later = place / "city", place / "below", place / "two.yiyu"
    taken(below, place / "one.yiyu")
    before = standing(below)
    write(city, "ordos/clauses.toml", CLAUSE.format(text=NEW))
    handed(city, later, minutes=5, clauses=["费用"])
    assert taken(below, later, dry_run=True).applied is False
    assert standing(below) == before
    done = taken(below, later)
    assert (done.former, fees(below)) == ("templates/former/2026-11-22", NEW)
    kept = below / done.former / "ordos" / "clauses.toml"
    assert kept.read_bytes() == before["ordos/clauses.toml"]
    with opened(below) as session:
        assert "former" not in [one.name for one in session.workspace.templates.iterdir() if load_or_none(one)]
    handed(city, place / "early.yiyu", minutes=1)
    with pytest.raises(StepNotAllowed, match="比采用过的旧"):
        taken(below, place / "early.yiyu")
    handed(city, place / "three.yiyu", minutes=9)
    assert [one.own for one in taken(below, place / "three.yiyu").parts] == [False, False]


def load_or_none(folder: Path) -> bool:
    try:
        load_pack(folder.name, office=folder.parent)
    except NotFound:
        return False
    return True


def test_what_the_office_changed_itself_is_named_and_written_over_only_with_a_reason(place: Path) -> None:
    city, below, later = place / "city", place / "below", place / "two.yiyu"
    taken(below, place / "one.yiyu")
    write(below, "ordos/pack.toml", PACK.format(value=85))
    write(city, "ordos/pack.toml", PACK.format(value=95))
    handed(city, later, minutes=5)
    before = standing(below)
    with pytest.raises(StepNotAllowed, match=r"本级自己改过，没有盖掉：ordos/pack.toml"):
        taken(below, later)
    assert standing(below) == before
    done = taken(below, later, reason="市里统一")
    assert (below / done.former / "ordos" / "pack.toml").read_bytes() == before["ordos/pack.toml"]
    assert "市里统一" in events(below)[-1]["note"]


def test_a_clause_alone_leaves_the_other_lines_of_the_file(place: Path) -> None:
    city, below, path = place / "city", place / "below", place / "two.yiyu"
    own = "# 本旗的\n[T01.versions.1]\nsource = 'S0 一'\ntext = '本旗的目的。'\n"
    write(below, "ordos/clauses.toml", own)
    handed(city, path, clauses=["T07"])
    done = taken(below, path)
    assert [(one.part.name, one.state, one.own) for one in done.parts] == [("ordos/clauses.toml T07", "new", False)]
    text = (below / "templates" / "ordos" / "clauses.toml").read_text("utf-8")
    assert text.startswith(own)
    assert OLD in text


REFUSED: dict[str, tuple[dict[str, bytes], str]] = {
    "unknown kind": ({"templates/ordos/run.exe": b"1"}, "不是认得的种类"),
    "unknown form": ({"templates/forms/other.docx": b"1"}, "不是认得的种类"),
    "the former files": ({"templates/former/pack.toml": b""}, "不是认得的种类"),
    "not templates": ({"registry.db": b"1"}, "不是认得的种类"),
    "a parent that is not here": (
        {"templates/qi/pack.toml": 'title = "旗"\nextends = "nowhere"\n'.encode()},
        "没有口径包“nowhere”",
    ),
    "a clause of no pack": ({"clauses/qi/T07.toml": CLAUSE.format(text=NEW).encode()}, "没有口径包“qi”"),
    "no Word file": ({"templates/ordos/agreement.docx": b"1"}, "不是有效的"),
    "broken settings": ({"templates/ordos/pack.toml": b"title ="}, "检查没有通过"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_drafts_is_refused_in_a_sentence(place: Path, name: str) -> None:
    files, why = REFUSED[name]
    before = standing(place / "below")
    with pytest.raises(UserError, match=why):
        taken(place / "below", crafted(place / "city", place / "bad.yiyu", files))
    assert (standing(place / "below"), events(place / "below")) == (before, [])


@pytest.mark.parametrize(
    "name", ["../outside.toml", "templates/ordos/../../x.toml", f"templates/ordos/{'长' * 200}.docx"]
)
def test_a_name_that_leads_outside_or_is_too_long_cannot_even_be_packed(place: Path, name: str) -> None:
    with pytest.raises(BadInput, match="放不进包里"):
        crafted(place / "city", place / "bad.yiyu", {name: b"1"})


def test_a_package_of_another_kind_signer_or_with_another_byte_is_refused(place: Path) -> None:
    city, below, path = place / "city", place / "below", place / "one.yiyu"
    with pytest.raises(FileFault, match="不是下发的包"):
        taken(below, crafted(city, place / "facts.yiyu", {}, kind="facts"))
    other = make_city(place / "other")
    with pytest.raises(FileFault, match="不是下发的包"):  # not that a key changed
        taken(below, crafted(other, place / "facts.yiyu", {}, kind="facts"))
    handed(other, place / "other.yiyu")
    with pytest.raises(FileFault, match="另一把密钥"):
        taken(below, place / "other.yiyu")
    with zipfile.ZipFile(path) as pack, zipfile.ZipFile(place / "altered.yiyu", "w") as altered:
        for one in pack.namelist():
            altered.writestr(one, pack.read(one).replace(b"90", b"10"))
    with pytest.raises(FileFault, match=r"下发包文件“templates/ordos/pack.toml”被改动过"):
        taken(below, place / "altered.yiyu")
    with pytest.raises(BadInput, match="本级自己下发的包"):
        taken(other, place / "other.yiyu")


def test_an_office_above_that_is_not_known_is_told_by_fingerprint_and_lines(place: Path) -> None:
    alone = make_city(place / "alone")
    (alone / "yiyu.toml").write_text('region = "150602"\n', "utf-8")
    with pytest.raises(BadInput, match="公钥的指纹") as refused:
        taken(alone, place / "one.yiyu")
    assert f'key = "{key_of(place / "city")}"' in refused.value.remedy
    name_above(alone, key_of(place / "city"))
    assert taken(alone, place / "one.yiyu", apply=False).name == "鄂尔多斯市"


def test_a_city_hands_down_only_what_is_its_own_and_passes(place: Path) -> None:
    city, path = place / "city", place / "two.yiyu"
    for options, error in (
        ({"packs": ["national"]}, NotFound),
        ({"clauses": ["没有"]}, NotFound),
        ({"templates": [place / "one.yiyu"]}, BadInput),
        ({"packs": []}, BadInput),
    ):
        with pytest.raises(error):
            handed(city, path, **options)
    write(city, "ordos/readme.txt", "说明")
    assert handed(city, path, packs=["ordos"], dry_run=True).left == ("ordos/readme.txt",)
    write(city, "ordos/pack.toml", PACK.format(value='"九十"'))
    with pytest.raises(TemplateFault, match="要下发的检查没有通过"):
        handed(city, path)
    assert not path.exists()
    write(city, "ordos/pack.toml", PACK.format(value=90) + "value = 80\n")
    with pytest.raises(TemplateFault, match=r"没有通过：templates/ordos/pack.toml 第 5 行：口径包文件读不懂"):
        handed(city, path)
