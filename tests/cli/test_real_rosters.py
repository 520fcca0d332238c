"""The main job on rosters as offices have them: from Excel to packs ready to sign, counted against their manifest."""

import json
import re
import shutil
import subprocess
import zipfile
from html import unescape
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner

from yiyu.cli import main

ROSTERS = Path(__file__).parents[1] / "data" / "rosters"


def asked(imported: Path, *arguments: object, code: int = 0) -> Any:
    result = CliRunner().invoke(main, ["--workspace", str(imported), *map(str, arguments), "--json"])
    assert result.exit_code == code, result.stderr
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROSTERS / "manifest.json").read_text(encoding="utf-8"))
    # A date or a number that cannot be read leaves its cell blank; its row, 备案 in both, comes in.
    parked = sum(one["kind"] in ("bad-date", "negative") for one in found["faults"])
    return found | {name: found[name] + parked for name in ("importable", "importable_filed")}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real") / "office"
    assert CliRunner().invoke(main, ["init", str(folder)]).exit_code == 0
    asked(folder, "institution", "import", ROSTERS / "医疗卫生机构名册.xlsx")
    asked(folder, "institution", "import", ROSTERS / "托育机构名册.xlsx", code=10)
    asked(folder, "agreement", "draft", "--paired")
    asked(folder, "generate")
    return folder


def test_what_came_in_equals_the_manifest(imported: Path, manifest: dict[str, Any]) -> None:
    assert len(asked(imported, "institution", "list", "--kind", "medical")) == manifest["medical"]
    childcare = asked(imported, "institution", "list", "--kind", "childcare")
    assert len(childcare) == manifest["importable"]
    assert sum(one["filed"] for one in childcare) == manifest["importable_filed"]


def test_every_pair_holds_its_three_documents(imported: Path, manifest: dict[str, Any]) -> None:
    rows = asked(imported, "agreement", "list")
    assert len(rows) == 2 * manifest["importable_filed"]
    assert len(list((imported / "output").rglob("*.docx"))) == 3 * len(rows)
    assert {row["parties"][0]["name"][:3] for row in rows} == {row["parties"][1]["name"][:3] for row in rows}


def test_each_document_opens_and_holds_the_names_exactly(imported: Path) -> None:
    rows = {row["number"]: row for row in asked(imported, "agreement", "list")}
    names = {one["name"] for one in asked(imported, "institution", "list")}
    for path in (imported / "output").rglob("*.docx"):
        row = rows[path.name.split("_")[0]]
        with zipfile.ZipFile(path) as archive:
            xml = "".join(
                archive.read(n).decode() for n in archive.namelist() if n.startswith("word/") and n.endswith("l")
            )
        text = unescape(re.sub(r"<[^>]+>", "", xml))
        assert not re.search(r"\{\{|\{%|None|nan", text), path.name
        for party in row["parties"]:
            assert party["name"] in names
            assert party["name"] in text, path.name


def test_a_sample_opens_in_python_docx(imported: Path) -> None:
    for path in sorted((imported / "output").rglob("*.docx"))[::40]:
        assert docx.Document(str(path)).element.body is not None


@pytest.mark.skipif(shutil.which("soffice") is None, reason="没有安装 LibreOffice")
def test_a_sample_of_each_kind_opens_in_libreoffice(imported: Path, tmp_path: Path) -> None:
    paths = [
        sorted((imported / "output").rglob(f"*-{v}-*_{k}_*.docx"))[0]
        for v in ("JC", "FY")
        for k in ("合作协议书", "服务项目清单", "活动记录表")
    ]
    command = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    subprocess.run([*command, "--outdir", tmp_path, *paths], check=True, capture_output=True, timeout=180)
    assert sorted(p.stem for p in tmp_path.glob("*.pdf")) == sorted(p.stem for p in paths)


def test_the_same_roster_again_changes_nothing(imported: Path, manifest: dict[str, Any]) -> None:
    result = asked(imported, "institution", "import", ROSTERS / "托育机构名册.xlsx", code=10)
    assert (result["added"], result["changed"]) == (0, 0)
    assert result["unchanged"] == manifest["importable"]


@pytest.mark.parametrize(
    ("name", "kind", "count"), [("托育机构信用公示名单.csv", "childcare", 186), ("医疗机构导出.xlsx", "medical", 118)]
)
def test_the_other_two_files_come_in_whole(tmp_path: Path, name: str, kind: str, count: int) -> None:
    assert CliRunner().invoke(main, ["init", str(tmp_path / "office")]).exit_code == 0
    result = asked(tmp_path / "office", "institution", "import", ROSTERS / name)
    assert (result["added"], result["problems"]) == (count, [])
    assert len(asked(tmp_path / "office", "institution", "list", "--kind", kind)) == count
