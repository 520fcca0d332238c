"""Claims about an import that would overwrite something: it is shown and waits, and what is chosen is what is written."""

import csv
import getpass
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from build import invoke
from click.testing import Result
from stdnum.cn import uscc

Run = Callable[..., Result]
Asked = Callable[..., Any]
BY_HAND = f"手工修改（{getpass.getuser()}）"
"""Who did what: the person stands beside it."""
HEADS = ("旗区", "托育机构名称", "统一社会信用代码", "托位数", "法定代表人", "联系电话", "地址")


def code(number: int) -> str:
    body = f"52150602MA9{number:06}"
    return body + str(uscc.calc_check_digit(body))


def row(number: int, **other: str) -> dict[str, str]:
    values = (
        "东胜区",
        f"东胜区预览{number}托育中心",
        code(number),
        "30",
        "王某某",
        f"1394771000{number}",
        f"路{number}号",
    )
    return dict(zip(HEADS, values, strict=True)) | other


def write(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADS)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Without an institution in 东胜区 but those the tests import."""
    place = tmp_path / "office"
    assert invoke("init", place).exit_code == 0
    return place


@pytest.fixture
def first(run: Run, tmp_path: Path) -> Path:
    """Three institutions, imported at once and without a question."""
    path = write(tmp_path / "名册.csv", row(1), row(2), row(3, 地址=""))
    run("institution", "import", path)
    return path


@pytest.fixture
def imported(asked: Asked, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Import rows under the name of a second roster."""

    def call(*rows: dict[str, str], options: tuple[object, ...] = (), code: int = 10) -> dict[str, Any]:
        path = write(tmp_path / "再来.csv", *rows)
        found: dict[str, Any] = asked("institution", "import", path, *options, code=code)
        return found

    return call


Imported = Callable[..., dict[str, Any]]


def shown(asked: Asked, number: int) -> dict[str, Any]:
    found: dict[str, Any] = asked("institution", "show", code(number))
    return found


def fates(done: dict[str, Any]) -> dict[str, int]:
    counts: dict[str, int] = done["preview"]["counts"]
    return counts


def line(done: dict[str, Any], field: str) -> dict[str, Any]:
    [found] = [one for one in done["preview"]["lines"] if one["field"] == field]
    return dict(found)


def test_a_first_import_of_clean_rows_writes_at_once(asked: Asked, first: Path) -> None:
    assert len(asked("institution", "list")) == 3
    again = asked("institution", "import", first)
    assert (again["unchanged"], again["preview"]["waiting"]) == (3, 0)


def test_new_rows_and_blanks_are_written_what_overwrites_waits(asked: Asked, first: Path, imported: Imported) -> None:
    done = imported(row(1, 地址="新路8号"), row(2), row(3), row(4))
    assert fates(done) == {"changed": 1, "filled": 1, "new": 1}
    assert (done["added"], done["changed"], done["preview"]["waiting"]) == (1, 1, 1)
    assert (shown(asked, 3)["address"], shown(asked, 1)["address"]) == ("路3号", "路1号")
    one = done["preview"]["lines"][0]
    assert (one["old"], one["new"], one["waits"], one["taken"]) == ("路1号", "新路8号", True, False)


def test_the_line_says_who_set_what_stands_there_and_when(first: Path, imported: Imported) -> None:
    one = line(imported(row(1, 托位数="45"), row(2), row(3, 地址="")), "places")
    assert (one["old"], one["new"], one["fate"], one["column"]) == ("30", "45", "changed", "D")
    assert first.name in one["set_by"]
    assert one["set_at"].startswith("20")


def test_apply_writes_what_waits(asked: Asked, first: Path, imported: Imported) -> None:
    done = imported(row(1, 地址="新路8号"), options=("--apply",), code=0)
    assert (done["changed"], done["preview"]["waiting"]) == (1, 0)
    assert shown(asked, 1)["address"] == "新路8号"


def test_a_dry_run_tells_what_waits_and_writes_nothing(office: Path, first: Path, imported: Imported) -> None:
    before = (office / "registry.db").read_bytes()
    assert imported(row(1, 地址="新路8号"), row(5), options=("--dry-run",))["preview"]["waiting"] == 1
    assert (office / "registry.db").read_bytes() == before


def test_one_name_with_another_code_enters_no_second_institution(asked: Asked, first: Path, imported: Imported) -> None:
    other = row(1, 统一社会信用代码=code(77), 地址="新路8号")
    done = imported(other)
    assert (done["added"], fates(done)["same_name_other_code"], line(done, "code")["new"]) == (0, 1, code(77))
    assert shown(asked, 1)["address"] == "路1号"
    imported(other, options=("--apply",), code=0)
    one = asked("institution", "show", code(77))
    assert (one["name"], one["address"], len(asked("institution", "list"))) == ("东胜区预览1托育中心", "新路8号", 3)


def test_one_code_with_another_name_renames_nobody_unasked(asked: Asked, first: Path, imported: Imported) -> None:
    renamed = row(1, 托育机构名称="东胜区改名一托育中心")
    done = imported(renamed)
    assert fates(done)["same_code_other_name"] == 1
    assert shown(asked, 1)["name"] == "东胜区预览1托育中心"
    imported(renamed, options=("--apply",), code=0)
    assert shown(asked, 1)["name"] == "东胜区改名一托育中心"


def test_an_edit_made_by_hand_is_undone_by_no_apply_alone(
    run: Run, asked: Asked, first: Path, imported: Imported
) -> None:
    run("institution", "edit", code(1), "--legal-person", "李某某", "--places", 60)
    done = imported(row(1), row(2), row(3), options=("--apply",))
    assert fates(done)["undoes_edit"] == 2
    assert line(done, "places")["set_by"] == BY_HAND
    assert (shown(asked, 1)["legal_person"], shown(asked, 1)["places"]) == ("李某某", 60)
    imported(row(1), options=("--apply", "--undo-edits"), code=0)
    assert shown(asked, 1)["legal_person"] == "王某某"


def test_a_telephone_corrected_by_hand_stays(run: Run, asked: Asked, first: Path) -> None:
    run("institution", "edit", code(1), "--phone", "0477-8000001")
    one = line(asked("institution", "import", first, "--apply", code=10), "phone")
    assert (one["fate"], one["set_by"], one["old"]) == ("undoes_edit", BY_HAND, "0477-8000001")
    assert shown(asked, 1)["phone"] == "0477-8000001"


def test_an_old_roster_after_a_new_one_undoes_nothing(asked: Asked, first: Path, imported: Imported) -> None:
    newer = row(1, 法定代表人="李某某", 地址="新路8号")
    imported(newer, row(2, 统一社会信用代码=code(77)), row(3), options=("--apply",), code=0)
    done = asked("institution", "import", first, "--apply", code=10)
    assert {one["field"]: one["fate"] for one in done["preview"]["lines"] if one["waits"]} == dict.fromkeys(
        ("legal_person", "address", "code"), "undoes_edit"
    )
    assert (shown(asked, 1)["legal_person"], shown(asked, 1)["address"]) == ("李某某", "新路8号")
    assert shown(asked, 77)["name"] == row(2)["托育机构名称"]


def test_who_is_missing_from_the_file_is_told_and_stays(
    asked: Asked, run: Run, first: Path, imported: Imported
) -> None:
    done = imported(row(1), code=0)
    missing = {one["name"] for one in done["preview"]["lines"] if one["fate"] == "missing"}
    assert missing == {"东胜区预览2托育中心", "东胜区预览3托育中心"}
    assert len(asked("institution", "list")) == 3
    assert "没有列" in run("institution", "import", first.with_name("再来.csv")).stderr


def test_what_is_rejected_is_in_doubt_and_not_missing(first: Path, imported: Imported) -> None:
    done = imported(row(1), row(2, 旗区="没有这个旗"), row(3, 地址=""))
    doubt = [one["name"] for one in done["preview"]["lines"] if one["fate"] == "in_doubt"]
    assert doubt == ["东胜区预览2托育中心"]
    assert "missing" not in fates(done)


def test_filing_is_decided_with_its_day(run: Run, asked: Asked, tmp_path: Path, first: Path) -> None:
    path = tmp_path / "备案.csv"
    path.write_text(
        f"旗区,托育机构名称,统一社会信用代码,是否备案,备案时间\n东胜区,{row(1)['托育机构名称']},{code(1)},是,2025-03-01\n",
        "utf-8",
    )
    done = asked("institution", "import", path, code=10)
    assert {one["field"]: one["waits"] for one in done["preview"]["lines"] if one["field"]} == {
        "filed": True,
        "filed_on": True,
    }
    assert shown(asked, 1)["filed_on"] is None
    run("institution", "import", path, "--apply")
    assert (shown(asked, 1)["filed"], shown(asked, 1)["filed_on"]) == (True, "2025-03-01")


def test_the_terminal_counts_first_and_names_the_next_step(run: Run, first: Path) -> None:
    path = write(first.with_name("再来.csv"), row(1, 地址="新路8号"), row(2), row(3, 地址=""))
    told = run("institution", "import", path, code=10)
    assert "等待确认 1 项：改写 1" in told.stderr
    assert "--apply" in told.stderr
    assert "新路8号" in told.stdout


def ticked(path: Path, *fields: str, tick: str = "是") -> None:
    """Tick the lines of these headings."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[2]}
    for number in range(3, sheet.max_row + 1):
        if sheet.cell(number, at["项目"]).value in fields:
            sheet.cell(number, at["采用"]).value = tick
    book.save(path)


@pytest.fixture
def preview(run: Run, first: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A roster that changes an address and undoes a name by hand, and the workbook of its preview."""
    run("institution", "edit", code(2), "--legal-person", "李某某")
    path = write(tmp_path / "再来.csv", row(1, 地址="新路8号", 联系电话="13947719999"), row(2), row(3))
    run("institution", "import", path, "--preview", tmp_path / "预览.xlsx", code=10)
    return path, tmp_path / "预览.xlsx"


def test_the_workbook_has_a_colour_for_each_fate_and_only_ticks_can_be_typed(preview: tuple[Path, Path]) -> None:
    sheet = openpyxl.load_workbook(preview[1]).worksheets[0]
    at = {cell.value: cell.column for cell in sheet[2]}
    rows = range(3, sheet.max_row + 1)
    colours = {sheet.cell(n, at["情形"]).value: sheet.cell(n, at["情形"]).fill.fgColor.rgb for n in rows}
    assert {"会撤销已改内容", "改写", "补空"} <= colours.keys()
    assert len(set(colours.values())) == len(colours)
    assert sheet.protection.sheet
    assert {heading for heading, column in at.items() if not sheet.cell(3, column).protection.locked} == {"采用"}


@pytest.mark.parametrize("tick", ["是", "√", "✔"])
def test_only_the_ticked_lines_are_written(run: Run, asked: Asked, preview: tuple[Path, Path], tick: str) -> None:
    path, book = preview
    ticked(book, "地址", "法定代表人", tick=tick)
    run("institution", "import", path, "--apply-from", book, code=10)
    assert (shown(asked, 1)["address"], shown(asked, 1)["phone"]) == ("新路8号", "13947710001")
    assert shown(asked, 2)["legal_person"] == "王某某"


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ("file", "文件可能已改过"),
        ("registry", "登记库又有变动"),
        ("nothing ticked", "没有选任何一行"),
        ("word", "看不懂"),
        ("no preview", "不是一份导入预览表"),
    ],
)
def test_ticks_of_another_file_or_registry_are_refused(
    run: Run, asked: Asked, preview: tuple[Path, Path], spoil: str, says: str
) -> None:
    path, book = preview
    ticked(book, *([] if spoil == "nothing ticked" else ["地址"]), tick="也许" if spoil == "word" else "是")
    if spoil == "file":
        write(path, row(1, 地址="新路9号"), row(2), row(3))
    if spoil == "registry":
        run("institution", "edit", code(1), "--phone", "13947710009")
    if spoil == "no preview":
        run("institution", "list", "--xlsx", book, "--replace")
    assert says in run("institution", "import", path, "--apply-from", book, code=4).stderr
    assert shown(asked, 1)["address"] == "路1号"


def test_lines_decided_together_are_not_parted(run: Run, first: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "再来.csv", row(1, 统一社会信用代码=code(77), 地址="新路8号"))
    book = tmp_path / "预览.xlsx"
    run("institution", "import", path, "--preview", book, code=10)
    ticked(book, "地址")
    assert "一起定" in run("institution", "import", path, "--apply-from", book, code=4).stderr


@pytest.mark.parametrize("options", [("--undo-edits",), ("--apply", "--apply-from", "x.xlsx")])
def test_options_that_clash_are_a_usage_error(run: Run, first: Path, options: tuple[str, ...]) -> None:
    assert "同用" in run("institution", "import", first, *options, code=2).stderr


def test_a_person_in_charge_contradicts_no_legal_person_that_is_known(run: Run, asked: Asked, tmp_path: Path) -> None:
    run("institution", "import", write(tmp_path / "名册.csv", row(1), row(2, 法定代表人="")))
    again = tmp_path / "负责人.csv"
    lines = ["旗区,托育机构名称,统一社会信用代码,负责人,联系人"]
    lines += [f"东胜区,东胜区预览{one}托育中心,{code(one)},李某某,张某某" for one in (1, 2)]
    again.write_text("\n".join(lines), "utf-8")
    run("institution", "import", again, "--apply")
    told = [(one["legal_person"], one["contact"]) for one in (shown(asked, 1), shown(asked, 2))]
    assert told == [("王某某", "张某某"), ("李某某", "张某某")]


def test_a_roster_that_closes_an_institution_names_its_live_agreements(run: Run, asked: Asked, tmp_path: Path) -> None:
    run("institution", "import", write(tmp_path / "名册.csv", row(1), row(2)))
    medical = "东胜区预览社区卫生服务中心"
    words = ("institution", "add", "--name", medical, "--kind", "medical", "--district", "东胜区")
    run(*words, "--category", "社区卫生服务中心")
    drafted = asked("agreement", "draft", "--medical", medical, "--childcare", "东胜区预览1托育中心")
    made = drafted["made"][0]["number"]
    closing = tmp_path / "停办.csv"
    lines = ["旗区,托育机构名称,统一社会信用代码,停办日期"]
    lines += [f"东胜区,东胜区预览{one}托育中心,{code(one)},2026-06-30" for one in (1, 2)]
    closing.write_text("\n".join(lines), "utf-8")
    told = run("institution", "import", closing, "--apply").stderr
    assert f"“东胜区预览1托育中心”停办，还有 1 份没有结束的协议：{made}" in told
    assert f"yiyu agreement void {made}" in told
    assert "预览2托育中心”停办" not in told
