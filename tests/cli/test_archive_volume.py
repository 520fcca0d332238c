"""Claims about archive volume: scans that came home are bound as one PDF; what has none is named, nothing harmed."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pypdf
import pytest
from changed_paper import scanned
from click.testing import CliRunner, Result

from yiyu.cli import main
from yiyu.docgen.page_code import decode
from yiyu.docgen.scans.reading import read_pages
from yiyu.registry.files import sha256

Run = Callable[..., Result]
Asked = Callable[..., Any]


class Filed(NamedTuple):
    folder: Path
    numbers: list[str]
    """The first has agreement and list scanned, the second the list; a third has nothing."""


@pytest.fixture(scope="session")
def filed(season: Path, tmp_path_factory: pytest.TempPathFactory) -> Filed:
    folder = Path(shutil.copytree(season, tmp_path_factory.mktemp("filed") / "office"))

    def run(*arguments: object) -> str:
        result = CliRunner().invoke(main, ["--workspace", str(folder), *map(str, arguments)])
        assert result.exit_code == 0, result.stderr
        return result.stdout

    numbers = [one["number"] for one in json.loads(run("agreement", "list", "--json"))]
    chosen = [numbers[0], numbers[1], numbers[-1]]
    for number, kinds in ((chosen[0], ("agreement", "service_list")), (chosen[1], ("service_list",))):
        out = folder.parent / f"{number}.pdf"
        run("print", number, *(part for kind in kinds for part in ("--kind", kind)), "-o", out)
        run("archive", "intake", scanned(out, out))
    return Filed(folder, chosen)


@pytest.fixture
def office(filed: Filed, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filed.folder, tmp_path / "office"))


def scans(office: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in (office / "archive").rglob("*") if path.is_file()}


def test_a_volume_holds_what_was_scanned_in_the_order_of_numbers(
    asked: Asked, office: Path, filed: Filed, tmp_path: Path
) -> None:
    before = scans(office)
    first, second, _ = filed.numbers
    out = tmp_path / "卷宗.pdf"
    answer = asked("archive", "volume", second, first, first, "-o", out)
    parts = answer["parts"]
    assert [(one["number"], one["kind"]) for one in parts] == [
        (first, "agreement"),
        (first, "service_list"),
        (second, "service_list"),
    ]
    assert [one["page"] for one in parts] == [1, 1 + parts[0]["pages"], 1 + parts[0]["pages"] + parts[1]["pages"]]
    assert (answer["agreements"], answer["skipped"], answer["opening"]) == (2, [], 2)
    assert answer["sha256"] == sha256(out.read_bytes())
    with pypdf.PdfReader(out) as reader:
        assert len(reader.pages) == answer["pages"] + 2
        assert reader.metadata is not None
        assert reader.metadata.author == "鄂尔多斯市卫生健康委员会"
        assert len(reader.pages[2].images) == 1
        assert asked("log", "--head")["head"] in reader.pages[0].extract_text()
        assert str(reader.metadata.title).startswith("协议卷宗")
    assert [decode(one.codes[0]).page for one in read_pages(out)[2:5]] == [1, 2, 3]
    assert scans(office) == before


def test_what_has_no_scan_is_named_and_only_a_number_that_was_given_counts_as_failed(
    run: Run, asked: Asked, filed: Filed, tmp_path: Path
) -> None:
    first, _, without = filed.numbers
    said = run("archive", "volume", first, without, "-o", tmp_path / "a.pdf", code=10)
    assert "已装订 1 份协议、2 件文书" in said.stderr
    assert without in said.stderr.splitlines()[-1]
    assert not said.stdout
    [row] = [one for one in asked("agreement", "list") if one["number"] == first]
    chosen = ("--year", row["starts_on"][:4], "--district", row["district"])
    answer = asked("archive", "volume", *chosen, "-o", tmp_path / "b.pdf")
    assert first in {one["number"] for one in answer["parts"]}
    assert all(one["reason"] == "no-scan" for one in answer["skipped"])


def test_a_dry_run_shows_the_order_and_writes_nothing(run: Run, asked: Asked, filed: Filed, tmp_path: Path) -> None:
    out = tmp_path / "卷宗.pdf"
    said = run("archive", "volume", filed.numbers[0], "-o", out, "--dry-run")
    assert "试算，没有写入：1 份协议、2 件文书" in said.stderr
    assert [line.split()[1] for line in said.stdout.splitlines()[1:]] == ["合作协议书", "服务项目清单"]
    planned = asked("archive", "volume", filed.numbers[0], "-o", out, "--dry-run")
    assert not out.exists()
    made = asked("archive", "volume", filed.numbers[0], "-o", out)
    assert (made["parts"], made["pages"]) == (planned["parts"], planned["pages"])


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((), 4, "没有说装订哪些协议"),
        (("{without}",), 3, "选定的 1 份协议都没有装订好的扫描件"),
        (("150627-1999-JC-0001",), 3, "没有编号为"),
        (("--year", "1999"), 3, "没有符合条件的协议"),
    ],
)
def test_what_cannot_be_a_volume_is_refused_in_a_sentence(
    run: Run, filed: Filed, tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    out = tmp_path / "卷宗.pdf"
    given = [one.format(without=filed.numbers[2]) for one in arguments]
    assert says in run("archive", "volume", *given, "-o", out, code=code).stderr
    assert not out.exists()


def test_a_volume_is_never_put_among_the_originals(run: Run, office: Path, filed: Filed) -> None:
    before = scans(office)
    [bound, *_] = sorted((office / "archive").glob("2*/*/*.pdf"))
    said = run("archive", "volume", filed.numbers[0], "-o", bound, code=4)
    assert "会盖掉工作区保存的内容" in said.stderr
    assert scans(office) == before


def test_a_scan_changed_since_it_was_filed_stops_the_volume(
    run: Run, office: Path, filed: Filed, tmp_path: Path
) -> None:
    [bound] = (office / "archive").glob(f"2*/*/{filed.numbers[0]}_合作协议书.pdf")
    bound.write_bytes(bound.read_bytes() + b"\n")
    said = run("archive", "volume", filed.numbers[0], "-o", tmp_path / "卷宗.pdf", code=7)
    assert bound.name in said.stderr
    assert "archive verify" in said.stderr
    assert not (tmp_path / "卷宗.pdf").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes among the files of this system")
def test_a_pipe_in_place_of_a_scan_stops_the_volume_and_is_not_waited_for(
    run: Run, office: Path, filed: Filed, tmp_path: Path
) -> None:
    [bound] = (office / "archive").glob(f"2*/*/{filed.numbers[0]}_合作协议书.pdf")
    bound.unlink()
    os.mkfifo(bound)
    said = run("archive", "volume", filed.numbers[0], "-o", tmp_path / "卷宗.pdf", code=7)
    assert f"{bound.name}：找不到文件，或无法读取" in said.stderr
