"""Claims about the 旗区 of a roster: as offices spell it, in Ordos and elsewhere; what may mean two places waits."""

from pathlib import Path

import pytest
from build import invoke

from yiyu.registry.institutions.roster import Roster, read_roster
from yiyu.registry.model import Kind
from yiyu.registry.packs.places import shipped_table
from yiyu.registry.rules.districts import places_in_use
from yiyu.registry.rules.places import Places

CASES = Path(__file__).parents[2] / "data/cases/roster"


def districts(roster: Roster) -> list[tuple[str, str]]:
    return [(row.institution.district, row.institution.town) for row in roster.rows]


def test_the_spellings_of_the_region_in_a_workbook_give_their_codes() -> None:
    roster = read_roster(CASES / "10-districts.xlsx", kind=Kind.CHILDCARE)
    assert districts(roster) == [
        ("150603", ""), ("150603", ""), ("150602", ""), ("150602", ""), ("150623", ""), ("150627", ""),
        ("150622", "薛家湾镇"), ("150624", "蒙西镇"), ("150602", ""), ("150602", ""), ("150602", ""),
    ]  # fmt: skip
    assert [(one.row, one.column, one.code) for one in roster.problems] == [(13, "A", "district-unknown")]
    assert "150699" in roster.problems[0].message


def test_the_short_names_of_the_region_in_a_csv_give_their_codes() -> None:
    roster = read_roster(CASES / "districts.csv", kind=Kind.CHILDCARE)
    assert [code for code, _ in districts(roster)] == [
        "150627", "150627", "150621", "150622", "150623", "150623", "150624", "150626", "150603", "150602", "150625",
        "150627", "150603",
    ]  # fmt: skip
    assert not roster.problems


def test_a_town_cell_wins_over_the_town_beside_the_district(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text(
        "机构名称,旗区,乡镇,电话\n甲托育中心,准格尔旗（薛家湾镇）,大路镇,1\n乙托育中心,准格尔旗（薛家湾镇）,,1\n",
        "utf-8",
    )
    roster = read_roster(path, kind=Kind.CHILDCARE)
    assert districts(roster) == [("150622", "大路镇"), ("150622", "薛家湾镇")]


@pytest.mark.parametrize(
    ("region", "cells", "read", "faults"),
    [
        ("370100", "历下区 市中区 章丘市 370115000000", "370102 370103 370114 370115", ""),
        ("370000", "历下 市中区 济南市市中区", "370102 370103", "district-ambiguous"),
        ("370100", "莱芜市 高新区 370199 历城县", "370112", "district-ambiguous district-unknown district-unknown"),
        ("330100", "西湖区 下城区 江干区 鄞县", "330106 330105 330212", "district-ambiguous"),
    ],
)
def test_rosters_of_other_provinces(tmp_path: Path, region: str, cells: str, read: str, faults: str) -> None:
    places_in_use.set(lambda: Places(shipped_table, region))
    path = tmp_path / "名册.csv"
    rows = [f"第{n}托育中心,{cell},1380000000{n}" for n, cell in enumerate(cells.split())]
    path.write_text("\n".join(["机构名称,旗区,联系电话", *rows]), "utf-8")
    roster = read_roster(path, kind=Kind.CHILDCARE)
    assert [code for code, _ in districts(roster)] == read.split()
    assert [one.code for one in roster.problems if one.field == "district"] == faults.split()


def test_an_office_of_shandong_enters_lists_and_takes_its_own_word_for_a_zone(tmp_path: Path) -> None:
    office, roster = tmp_path / "office", tmp_path / "名册.csv"
    assert invoke("init", office, "--pack", "shandong", "--region", "370100").exit_code == 0
    roster.write_text(
        "机构名称,旗区,联系电话\n童乐托育中心,高新区,13800000001\n向阳托育中心,山东省济南市市中区,13800000002\n"
        "小树苗托育中心,历下区（解放路街道）,13800000003\n星河托育中心,泰山区,13800000004\n",
        "utf-8",
    )
    settings = office / "yiyu.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[districts]\n"高新区" = "370176"\n', "utf-8")
    done = invoke("--workspace", office, "institution", "import", roster, "--kind", "childcare")
    assert done.exit_code == 0, done.output
    listed = invoke("--workspace", office, "institution", "list").stdout
    order = [line.split()[0] for line in listed.splitlines() if "托育中心" in line]
    assert order == ["历下区", "市中区", "高新区", "泰山区"]
    rates = invoke("--workspace", office, "report", "rates").stdout
    assert "历下区" in rates
    assert "小树苗" in invoke("--workspace", office, "institution", "list", "--district", "历下").stdout
