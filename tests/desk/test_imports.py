"""Workbooks dropped on the desk: shown before anything is written, ticked, written, taken back, as the commands do."""

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
from build import opened
from desk_browser import Browser

from yiyu.registry.imports.undoing import list_imports
from yiyu.registry.institutions.editing import InstitutionFilter, list_institutions
from yiyu.registry.model import Institution, Kind
from yiyu.registry.rules.districts import district_name

HEAD = "旗区,机构名称,统一社会信用代码,地址,托位数"


def _all(office: Path) -> list[Institution]:
    with opened(office) as session:
        return list_institutions(session, InstitutionFilter(kind=Kind.CHILDCARE))


def _roster(*rows: str, head: str = HEAD) -> dict[str, tuple[str, bytes]]:
    return {"file": ("名册.csv", "\n".join((head, *rows)).encode())}


def _row(one: Institution, address: str = "") -> str:
    return f"{district_name(one.district)},{one.name},{one.code},{address or one.address},{one.places}"


def _preview(browser: Browser, files: object, **said: str) -> str:
    """Drop a file and open what was found; gives the address of the preview."""
    done = browser.finished(browser.post("/institutions/import", files=files, **said))
    found = re.search(r'href="(/institutions/import/[0-9a-f]+)"', done)
    assert found, done
    return found[1]


def test_nothing_is_written_before_it_was_ticked_and_then_what_was(desk: Browser, office: Path) -> None:
    first, second = [one for one in _all(office) if one.address][:2]
    new = f"{district_name(first.district)},晨光托育服务有限公司,,一路1号,30"
    path = _preview(desk, _roster(_row(first, "新址一号"), _row(second, "新址二号"), new))
    page = desk.get(path)
    assert "新址一号" in page
    assert "试运行，未写入" in page
    assert [one.address for one in _all(office) if one.id == first.id] == [first.address]
    take = next(
        m[1] for m in re.finditer(r'name="take" value="(\w+)" aria-label="写入([^"]+)"', page) if first.name in m[2]
    )
    done = desk.finished(desk.post(f"{path}/apply", leave="ticked", take=take))
    assert "还有 1 项等待确认" in done
    now = {one.id: one.address for one in _all(office)}
    assert (now[first.id], now[second.id]) == ("新址一号", second.address)
    assert "晨光托育服务有限公司" in {one.name for one in _all(office)}
    with opened(office) as session:
        last = list_imports(session)[0]
    assert "将撤回" in desk.get(f"/institutions/imports/{last.id}")
    assert "已撤回" in desk.post(f"/institutions/imports/{last.id}")
    assert "晨光托育服务有限公司" not in {one.name for one in _all(office)}
    assert "已经撤回" in desk.post(f"/institutions/imports/{last.id}", status=409)


def test_rows_with_an_error_come_back_as_a_workbook_to_mend(desk: Browser, office: Path) -> None:
    one = _all(office)[0]
    path = _preview(
        desk, _roster(_row(one), f"{district_name(one.district)},晨光托育服务有限公司,9115060200,一路1号,30")
    )
    page = desk.get(path)
    assert "错误，没有导入" in page
    found = re.search(r'href="(/works/[^"]+)">待改的行.xlsx', page)
    assert found
    assert desk.client.get(found[1]).content.startswith(b"PK")


def test_headings_nobody_knows_are_explained_in_the_form_and_remembered(desk: Browser, office: Path) -> None:
    one = _all(office)[0]
    files = _roster(f"{district_name(one.district)},晨光托育服务有限公司,一路1号", head="旗区,园所叫什么,地址")
    failed = desk.finished(desk.post("/institutions/import", files=files))
    assert "没有找到名册的表头" in failed
    path = re.search(r'href="(/institutions/import/[0-9a-f]+)"', failed)
    assert path
    assert 'value="园所叫什么"' in desk.get(path[1])
    said = {"heading": "园所叫什么", "field": "name", "kind": "childcare"}
    desk.finished(desk.post(path[1], **said))
    desk.finished(desk.post(f"{path[1]}/apply", leave="ticked"))
    assert "晨光托育服务有限公司" in {one.name for one in _all(office)}
    assert "园所叫什么" in (office / "yiyu.toml").read_text(encoding="utf-8")


def test_ledgers_registers_and_assessments_are_told_by_their_headings(desk: Browser, office: Path) -> None:
    name = _all(office)[0].name
    for head, row, label in (
        ("协议编号,甲方名称,乙方名称,协议类型,生效日期,截止日期", f"旧1,某院,{name},ZY,2024.3.1,2025.2.28", "签约台账"),
        ("日期,协议编号,形式,主题,地点", "2026-06-10,150602-2025-JC-0001,上门,消毒,园内", "活动登记册"),
        ("托育机构,年度,自评日期,得分,等级", f"{name},2025,2025-12-01,95,优秀", "自评表"),
    ):
        path = _preview(desk, _roster(row, head=head))
        page = desk.get(path)
        assert f"<small>{label}</small>" in page
        assert "不认识的列名" not in page


def test_what_is_no_workbook_is_refused_with_its_remedy(desk: Browser, office: Path) -> None:
    assert "没有选择文件" in desk.post("/institutions/import", status=422)
    page = desk.finished(desk.post("/institutions/import", files={"file": ("名册.xlsx", b"%PDF-1.7 x")}))
    assert "这是 PDF，不是表格（名册.xlsx）" in page


def test_a_preview_ticked_in_excel_is_taken_as_ticks_on_the_page(desk: Browser, office: Path, tmp_path: Path) -> None:
    first, second = [one for one in _all(office) if one.address][:2]
    path = _preview(desk, _roster(_row(first, "新址一号"), _row(second, "新址二号")))
    found = re.search(r'href="(/works/[^"]+)">导入预览.xlsx', desk.get(path))
    assert found
    ticked = tmp_path / "选好.xlsx"
    ticked.write_bytes(desk.client.get(found[1]).content)
    book = openpyxl.load_workbook(ticked)
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[2]}
    for row in range(3, sheet.max_row + 1):
        if sheet.cell(row, at["名称"]).value == second.name:
            sheet.cell(row, at["采用"]).value = "是"
    book.save(ticked)
    desk.finished(desk.post(f"{path}/apply", files={"choice": ("选好.xlsx", ticked.read_bytes())}))
    now = {one.id: one.address for one in _all(office)}
    assert (now[first.id], now[second.id]) == (first.address, "新址二号")
    refused = desk.post(f"{path}/apply", status=422, files={"choice": ("别的.csv", "甲,乙\n1,2\n".encode())})
    assert "这不是一份导入预览表（别的.csv）" in refused


def test_who_is_limited_to_a_district_writes_to_no_other(staffed: Callable[..., Browser], office: Path) -> None:
    every = [one for one in _all(office) if one.address]
    own = every[0]
    other = next(one for one in every if one.district != own.district)
    clerk, whole = staffed("clerk", district=own.district), staffed("clerk")
    path = _preview(clerk, _roster(_row(own, "新址一号"), _row(other, "新址二号")))
    page = clerk.get(path)
    assert "不是您负责的旗区的机构" in page
    assert other.address not in page
    assert whole.client.get(path).status_code == 404
    clerk.finished(clerk.post(f"{path}/apply", leave="all"))
    now = {one.id: one.address for one in _all(office)}
    assert (now[own.id], now[other.id]) == ("新址一号", other.address)
    ledger = _roster("旧1,某院,某园,ZY", head="协议编号,甲方名称,乙方名称,协议类型")
    assert "会写到别的旗区" in clerk.finished(clerk.post("/institutions/import", files=ledger))
    foreign = whole.finished(whole.post(f"{_preview(whole, _roster(_row(other, '新址三号')))}/apply", leave="all"))
    assert "变更 1" in foreign
    with opened(office) as session:
        last = list_imports(session)[0].id
    assert clerk.client.get(f"/institutions/imports/{last}").status_code == 404
    clerk.post(f"/institutions/imports/{last}", status=404)


def test_a_known_export_whose_columns_changed_is_refused_and_read_by_headings_once_that_is_chosen(
    desk: Browser,
) -> None:
    head = "机构注册登记名称,所属区域,机构登记住址,机构性质,备案通过时间,统一社会信用代码"
    row = "东胜区己托育中心,东胜区,某路5号,营利性,2026-03-01,"
    files = _roster(row, head=head)
    refused = desk.finished(desk.post("/institutions/import", files=files))
    assert "可能改名：“机构住所”→“机构登记住址”" in refused
    page = desk.get(_preview(desk, files, layout="none"))
    assert "东胜区己托育中心" in page
    assert 'name="heading" value="机构登记住址"' in page
    assert '<option value="none" selected>只按列名读</option>' in page
