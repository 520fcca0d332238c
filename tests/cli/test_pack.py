import io
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import docx
import pytest

from yiyu.registry.model import DocKind, Variant
from yiyu.registry.packs import load_pack

Run = Callable[..., Any]
SHIPPED = ("ejin_horo", "national", "ordos", "shandong", "zhejiang")
NATIONAL = files("yiyu.templates") / "national"


@pytest.fixture
def own(office: Path) -> Callable[[str], Path]:
    """Writes a pack of the office's own on top of ordos."""

    def write(text: str, name: str = "qi") -> Path:
        folder = office / "templates" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pack.toml").write_text(f'title = "旗"\nextends = "ordos"\n{text}\n', "utf-8")
        return folder

    return write


def problems(asked: Run, name: str = "qi", code: int = 6) -> dict[str, list[tuple[str, str]]]:
    found = asked("pack", "check", name, code=code)
    return {one["file"]: [(each["code"], each["place"]) for each in one["problems"]] for one in found}


def test_the_shipped_packs_and_their_templates_have_no_findings(run: Run, asked: Run) -> None:
    found = asked("pack", "check")
    assert [one["problems"] for one in found] == [[]] * len(found)
    names = [one["file"] for one in found]
    assert [f"{name}/pack.toml" for name in SHIPPED] == [name for name in names if name.endswith(".toml")]
    assert [f"national/{kind}.docx" for kind in DocKind] == [name for name in names if name.endswith(".docx")]
    assert "没有发现问题" in run("pack", "check").stderr


FAULTS = {
    "tilte = 1": ("key", "tilte"),
    "valid_from = 2027\nvalid_to = 2026": ("years-reversed", "valid_to"),
    '[regions]\n15 = "旗"': ("region-code", "regions.15"),
    "[catalogue.F01]\ntims = 2": ("key", "catalogue.F01.tims"),
    '[catalogue.F01]\ntimes = "二"': ("key", "catalogue.F01.times"),
    '[catalogue.F01]\nper = "month"': ("key", "catalogue.F01.per"),
    '[catalogue.F01]\nmandatory = ["ZY"]': ("variant-unlisted", "catalogue.F01.mandatory"),
    '[catalogue.Z01]\nname = "新"': ("key", "catalogue.Z01"),
    "[catalogue]\nF01 = 1": ("key", "catalogue.F01"),
    "duties = 1": ("key", "duties"),
    '[catalogue.F01]\nsource = "S9 一"': ("source-unknown", "catalogue.F01.source"),
    '[duties.visit]\nsource = ""': ("source-missing", "duties.visit.source"),
    '[targets.tcm_2024]\nsource = "S0"': ("source-place", "targets.tcm_2024.source"),
    '[duties.visit]\nitems = ["F99"]': ("code-unknown", "duties.visit.items"),
    '[duties.visit]\ndue = "02-30"': ("due-date", "duties.visit.due"),
    "[duties.visit]\nvalid_from = 2027\nvalid_to = 2026": ("years-reversed", "duties.visit.valid_to"),
    '[documents.letter]\ntitle = "函"\nfile = "x.docx"': ("key", "documents.letter"),
    '[documents.agreement]\nfile = "范本.docx"': ("file-missing", "documents.agreement.file"),
    '[documents.agreement.variants]\nSF = "三方.docx"': ("file-missing", "documents.agreement.variants.SF"),
    '[documents.agreement]\nname_pattern = "{nummer}"': ("name-pattern", "documents.agreement.name_pattern"),
    '[documents.agreement]\nneeds = ["甲方.名陈"]': ("field-unknown", "documents.agreement.needs"),
    '[retention]\nletter = "10年"': ("key", "retention"),
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_of_pack_toml_is_told_with_its_key(own: Callable[[str], Path], asked: Run, text: str) -> None:
    own(text)
    assert problems(asked)["templates/qi/pack.toml"][0] == FAULTS[text]


def test_all_faults_of_pack_toml_are_told_at_once(own: Callable[[str], Path], asked: Run) -> None:
    own(
        'tilte = 1\n[catalogue.F01]\ntims = 2\n[duties.visit]\nitems = ["F98", "F99"]\n'
        '[documents.agreement]\nfile = "a.docx"'
    )
    assert problems(asked)["templates/qi/pack.toml"] == [
        ("key", "tilte"),
        ("key", "catalogue.F01.tims"),
        ("code-unknown", "duties.visit.items"),
        ("code-unknown", "duties.visit.items"),
        ("file-missing", "documents.agreement.file"),
    ]


def test_a_fault_of_a_parent_is_told_in_the_file_that_has_it(own: Callable[..., Path], asked: Run) -> None:
    own('[duties.visit]\nitems = ["F99"]', name="parent")
    own("", name="qi").joinpath("pack.toml").write_text('title = "旗"\nextends = "parent"\n', "utf-8")
    found = problems(asked)
    assert found["templates/qi/pack.toml"] == []
    assert found["templates/parent/pack.toml"] == [("code-unknown", "duties.visit.items")]


def test_packs_that_extend_each_other_are_told_and_do_not_hide_the_others(own: Callable[..., Path], asked: Run) -> None:
    own("", name="a").joinpath("pack.toml").write_text('title = "甲"\nextends = "b"\n', "utf-8")
    own("", name="b").joinpath("pack.toml").write_text('title = "乙"\nextends = "a"\n', "utf-8")
    own("").joinpath("pack.toml").write_text("title = \n", "utf-8")
    found = {one["file"]: one["problems"] for one in asked("pack", "check", code=6)}
    for name in ("a", "b", "qi"):
        assert [one["code"] for one in found[f"templates/{name}/pack.toml"]] == ["pack-unreadable"]
    assert "绕成了圈" in found["templates/a/pack.toml"][0]["message"]
    assert found["ordos/pack.toml"] == []


def test_a_word_file_no_document_uses_is_a_warning(own: Callable[[str], Path], asked: Run) -> None:
    (own("") / "agreemnet.docx").write_bytes(b"")
    assert problems(asked, code=0)["templates/qi/pack.toml"] == [("file-unused", "agreemnet.docx")]


def test_the_offices_own_template_is_checked_for_the_variants_it_serves(own: Callable[[str], Path], asked: Run) -> None:
    folder = own('[documents.agreement.variants]\nSF = "sf.docx"')
    document = docx.Document(io.BytesIO((NATIONAL / "agreement.docx").read_bytes()))
    document.paragraphs[3].runs[0].text = "甲方（医疗卫生机构）：{{ 甲方.全秤 }}"
    document.save(str(folder / "sf.docx"))
    found = problems(asked)
    assert found["templates/qi/sf.docx"] == [("field-unknown", "正文 第4段")]
    assert found["national/agreement.docx"] == []


def test_an_unknown_pack_is_not_found(run: Run) -> None:
    assert "您是否想写“ordos”" in run("pack", "check", "ordso", code=3).stderr


def test_a_new_pack_works_at_once_as_its_parent_does(run: Run, asked: Run, office: Path) -> None:
    run("pack", "new", "dongsheng", "--extends", "ordos")
    pack = load_pack("dongsheng", office=office / "templates")
    assert (pack.extends, pack.documents) == ("ordos", load_pack("ordos").documents)
    assert pack.items_for(Variant.JC) == load_pack("ordos").items_for(Variant.JC)
    assert problems(asked, "dongsheng", code=0)["templates/dongsheng/pack.toml"] == []
    assert "dongsheng" in {row["name"] for row in asked("pack", "list")}


def test_a_new_pack_hands_out_the_forms_it_starts_from(run: Run, asked: Run, office: Path) -> None:
    result = run("pack", "new", "dongsheng", "--extends", "ordos", "--with-forms")
    folder = office / "templates" / "dongsheng"
    names = ["activity_record.docx", "agreement.docx", "service_list.docx"]
    assert sorted(path.name for path in folder.glob("*.docx")) == names
    assert all((folder / name).read_bytes() == (NATIONAL / name).read_bytes() for name in names)
    assert "agreement.docx" in result.stderr
    assert problems(asked, "dongsheng", code=0)["templates/dongsheng/agreement.docx"] == []


def test_a_form_that_stands_there_is_not_written_over(run: Run, office: Path) -> None:
    own = office / "templates" / "dongsheng" / "agreement.docx"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"own")
    refused = run("pack", "new", "dongsheng", "--extends", "ordos", "--with-forms", code=5)
    assert "已经有“agreement.docx”" in refused.stderr
    assert [path.name for path in own.parent.iterdir()] == ["agreement.docx"]
    assert own.read_bytes() == b"own"


def test_what_a_new_pack_shows_as_an_example_is_right_when_put_in_force(run: Run, asked: Run, office: Path) -> None:
    run("pack", "new", "dongsheng", "--extends", "ordos")
    path = office / "templates" / "dongsheng" / "pack.toml"
    lines = [
        line.removeprefix("# ") if "=" in line or line.startswith("# [") else line
        for line in path.read_text("utf-8").splitlines()
        if not line.startswith("# ---") and "。" not in line
    ]
    for name in ("本旗协议范本.docx", "三方协议范本.docx"):
        (path.parent / name).write_bytes((NATIONAL / "agreement.docx").read_bytes())
    path.write_text("\n".join(lines), "utf-8")
    assert problems(asked, "dongsheng", code=0)["templates/dongsheng/pack.toml"] == []
    assert load_pack("dongsheng", office=office / "templates").targets[-1].source == "OWN 一（一）"


def test_a_dry_run_shows_the_file_and_makes_nothing(run: Run, office: Path) -> None:
    planned = run("pack", "new", "dongsheng", "--extends", "ordos", "--dry-run")
    assert not (office / "templates" / "dongsheng").exists()
    assert "将建立" in planned.stderr
    run("pack", "new", "dongsheng", "--extends", "ordos")
    assert (office / "templates" / "dongsheng" / "pack.toml").read_text("utf-8") == planned.stdout


def test_the_path_is_told_from_the_current_folder(run: Run, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office)
    assert "已建立 templates/dongsheng/pack.toml；" in run("pack", "new", "dongsheng", "--extends", "ordos").stderr


def test_a_new_pack_hides_a_shipped_one_only_by_extending_it(run: Run) -> None:
    assert "--extends ordos" in run("pack", "new", "ordos", "--extends", "national", code=4).stderr
    run("pack", "new", "ordos", "--extends", "ordos")


def test_a_pack_that_is_there_is_left_alone(run: Run, office: Path) -> None:
    run("pack", "new", "dongsheng", "--extends", "ordos")
    before = (office / "templates" / "dongsheng" / "pack.toml").read_bytes()
    run("pack", "new", "dongsheng", "--extends", "national", code=5)
    assert (office / "templates" / "dongsheng" / "pack.toml").read_bytes() == before


@pytest.mark.parametrize("name", ["东胜", "../x", "A", "a", "con fig", "nul", "com1"])
def test_a_name_that_is_no_folder_name_everywhere_is_refused(run: Run, name: str) -> None:
    run("pack", "new", name, "--extends", "ordos", code=4)


def test_a_new_pack_of_an_unknown_parent_is_refused(run: Run, office: Path) -> None:
    run("pack", "new", "qi", "--extends", "ordso", code=3)
    assert not (office / "templates" / "qi").exists()
