"""The board in real Chromium: what a manager sees, clicks and prints."""

import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, sync_playwright

from yiyu.cli import main
from yiyu.docgen.board.model import Board, BoardColumn, BoardFigure, BoardTable, Given, Measure, Month, RateGroup, Share
from yiyu.docgen.reports.board import board_page
from yiyu.registry.rules.indicators import INDICATORS

Run = Callable[..., Any]
DESKTOP, PHONE = 1366, 390
HOSTILE = "</script><script>document.title='x'</script>&<b>托育"
AGREEMENTS = 5000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page from its file; in the end nothing but the file was asked for and nothing was complained of."""
    contexts, asked, said = [], [], []

    def call(path: Path, *, width: int = DESKTOP, script: bool = True) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda one: asked.append(one.url) if one.url != path.as_uri() else None)
        page.on("console", lambda one: said.append(one.text))
        page.on("pageerror", lambda one: said.append(str(one)))
        context.route(re.compile("^(?!file:)"), lambda route: route.abort())
        page.goto(path.as_uri())
        return page

    yield call
    for context in contexts:
        context.close()
    assert (asked, said) == ([], [])


@pytest.fixture(scope="module")
def season_board(season: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("board") / "看板.html"
    result = CliRunner().invoke(main, ["--workspace", str(season), "report", "board", "--html", str(path)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"已保存 {path}" in result.stderr
    return path


@pytest.fixture(scope="module")
def large_board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """5,000 agreements of two 旗区, one in ten without visit; the first institution has a name that would be script."""
    columns = (
        BoardColumn("协议编号", "code"),
        BoardColumn("旗区", "code"),
        BoardColumn("托育机构"),
        BoardColumn("天数", "count"),
    )
    names = [HOSTILE, *(f"第{number}托育中心" for number in range(1, AGREEMENTS))]
    rows = [(f"JC-{n:04}", f"{'东西'[n % 2]}旗", name, n * 7919 % AGREEMENTS) for n, name in enumerate(names)]
    units = [("否" if n % 10 == 0 else "是", row[1], row[2], row[0]) for n, row in enumerate(rows)]
    judged = (
        BoardColumn("计入", "code"),
        BoardColumn("旗区", "code"),
        BoardColumn("机构"),
        BoardColumn("协议编号", "code"),
    )
    shares = dict.fromkeys(INDICATORS, Share(AGREEMENTS * 9 // 10, AGREEMENTS))
    halves = [
        RateGroup(
            name, dict.fromkeys(INDICATORS, Share(sum(u[0] == "是" and u[1] == name for u in units), AGREEMENTS // 2))
        )
        for name in ("东旗", "西旗")
    ]
    ends = [(row[0], f"2027-{n % 12 + 1:02}-15") for n, row in enumerate(rows)]
    board = Board(
        office=HOSTILE, day=dt.date(2026, 12, 22), period="2026年第四季度", period_ends=dt.date(2026, 12, 31),
        made_at="2026-12-22 09:00", left_out=[HOSTILE], measures=[Measure(k, v.title, v.about, "家") for k, v in INDICATORS.items()],
        total=RateGroup("合计", shares), groups=halves, grouped_by="旗区",
        months=[Month(f"2027-{m:02}", sum(e[1][5:7] == f"{m:02}" for e in ends), m) for m in range(1, 13)], later=0,
        ending=BoardTable("ending", "到期日", "", (BoardColumn("协议编号"), BoardColumn("到期日", "code")), ends),
        lists=[BoardTable("unsigned", "未签齐", "全部", columns, rows), BoardTable("none", "没有的", "", columns, [], "都没有")],
        units=[BoardTable(f"rate-{key}", one.title, one.about, judged, units) for key, one in INDICATORS.items()],
        places=["全市"], figures=[BoardFigure("健康管理率", "90%", [Given("", "", None, "", "")])],
    )  # fmt: skip
    path = tmp_path_factory.mktemp("large") / "board.html"
    path.write_text(board_page(board), "utf-8")
    return path


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def counted(text: str) -> tuple[int, int]:
    """What a figure says: 38 / 49 家 or 38/49."""
    part, whole = re.fullmatch(r"(\d+) ?/ ?(\d+)( .)?", text.strip()).groups()[:2]
    return int(part), int(whole)


def dialog_rows(page: Page) -> list[str]:
    """The first cell of every row of the dialog, all of them shown; then closed."""
    for button in page.locator("dialog .more button:visible").all()[-1:]:
        button.click()
    found = page.locator("dialog tbody tr td:first-child").all_text_contents()
    page.keyboard.press("Escape")
    return found


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("board", ["season_board", "large_board"])
def test_the_board_asks_nobody_and_fits_its_page(
    request: pytest.FixtureRequest, opened: Callable[..., Page], board: str, width: int
) -> None:
    page = opened(request.getfixturevalue(board), width=width)
    assert overflow(page) == 0
    assert page.locator("svg.chart:visible").count() == 1
    page.locator("#groups tfoot button.opens").first.click()
    assert page.locator("dialog[open]").bounding_box()["width"] <= width
    assert overflow(page) == 0


def test_every_rate_opens_as_many_rows_as_its_numbers_say(opened: Callable[..., Page], season_board: Path) -> None:
    page = opened(season_board)
    headline = page.locator("#numbers button.opens")
    every = [*headline.all(), *page.locator("#groups tbody tr:nth-child(2) button.opens").all()]
    assert len(every) == 2 * len(INDICATORS)
    for button in every:
        part, whole = counted(button.inner_text())
        button.click()
        rows = dialog_rows(page)
        assert (rows.count("是"), len(rows)) == (part, whole)
    of_groups = page.locator("#groups tbody tr td:nth-child(2) button.opens").all_inner_texts()
    assert sum(counted(text)[1] for text in of_groups) == counted(headline.first.inner_text())[1]


def test_a_month_opens_the_agreements_that_end_in_it(opened: Callable[..., Page], large_board: Path) -> None:
    page = opened(large_board)
    month = page.locator("#calendar li button.opens").nth(2)
    count = int(month.inner_text())
    month.click()
    assert "2027年3月" in page.locator("dialog h2").inner_text()
    assert count == AGREEMENTS // 12 + 1
    assert len(dialog_rows(page)) == count


def test_a_list_of_thousands_is_searched_and_sorted(opened: Callable[..., Page], large_board: Path) -> None:
    page = opened(large_board)
    place = page.locator(".list[data-table=unsigned]")
    rows = place.locator("tbody tr")
    assert rows.count() == 10
    place.get_by_role("searchbox").fill("西旗 第11托育")
    assert rows.all_inner_texts() == ["JC-0011\t西旗\t第11托育中心\t" + str(11 * 7919 % AGREEMENTS)]
    assert place.get_by_role("status").inner_text() == "找到 1 行，共 5000 行"
    place.get_by_role("searchbox").fill("")
    place.get_by_role("button", name="天数").click()
    assert rows.locator("td:last-child").all_inner_texts() == [str(n) for n in range(10)]
    place.get_by_role("button", name="天数").click()
    assert rows.first.locator("td:last-child").inner_text() == str(AGREEMENTS - 1)
    assert place.locator("th[aria-sort=descending]").inner_text().startswith("天数")
    place.get_by_role("button", name="托育机构").click()
    assert [name for name in rows.locator("td:nth-child(3)").all_inner_texts() if name.startswith("第")][:3] == [
        "第1托育中心",
        "第2托育中心",
        "第3托育中心",
    ]
    place.get_by_role("button", name="全部显示").click()
    assert rows.count() == AGREEMENTS


def test_groups_sort_by_any_rate_and_back_into_their_order(opened: Callable[..., Page], season_board: Path) -> None:
    page = opened(season_board)
    names = page.locator("#groups tbody th")
    before = names.all_inner_texts()
    page.locator("#groups thead").get_by_role("button", name="签约率（备案机构）").click()
    texts = page.locator("#groups tbody tr td:nth-child(2) b").all_inner_texts()
    numbers = [float(text.removesuffix("%")) if text != "—" else -1 for text in texts]
    assert numbers == sorted(numbers)
    page.locator("#groups thead").get_by_role("button", name="旗区").click()
    assert names.all_inner_texts() == before


def test_a_name_is_never_markup_nor_script(opened: Callable[..., Page], large_board: Path) -> None:
    page = opened(large_board)
    assert page.title().endswith("2026-12-22")
    assert page.locator(".office").inner_text() == HOSTILE
    assert page.locator(".list[data-table=unsigned] td").nth(2).inner_text() == HOSTILE
    assert page.locator("main b", has_text="托育").count() == 0


def test_without_script_the_first_rows_stand_there(opened: Callable[..., Page], large_board: Path) -> None:
    page = opened(large_board, width=PHONE, script=False)
    assert page.locator(".list[data-table=unsigned] tbody tr").count() == 30
    assert page.locator(".list .rest").first.inner_text() == f"另有 {AGREEMENTS - 30} 行。"
    assert page.get_by_text("脚本未启用").is_visible()
    assert page.get_by_text("都没有").is_visible()
    assert overflow(page) == 0


@pytest.mark.parametrize("board", ["season_board", "large_board"])
def test_it_prints_on_a_few_sheets_of_a4(
    request: pytest.FixtureRequest, opened: Callable[..., Page], board: str
) -> None:
    printed = pypdf.PdfReader(BytesIO(opened(request.getfixturevalue(board)).pdf(prefer_css_page_size=True)))
    assert 2 <= len(printed.pages) <= 8
    width, height = (float(side) / 72 * 25.4 for side in printed.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (210, 297)
    assert "医育结合看板" in printed.pages[0].extract_text()


def test_the_charts_say_in_words_what_they_show(opened: Callable[..., Page], large_board: Path) -> None:
    page = opened(large_board)
    chart = page.get_by_role("img", name="签约率（备案机构）与履约率（上门）")
    said = chart.locator("> desc").text_content()
    assert "东旗签约率（备案机构）80.0%（2000/2500）" in said
    assert "100.0%（2500/2500）" in said
    assert "80.0%2000/2500" in chart.text_content()
    assert page.locator("#figures td").all_inner_texts() == ["90%", "未填"]


def test_no_telephone_number_goes_onto_the_board(run: Run, asked: Run, tmp_path: Path) -> None:
    target = tmp_path / "board.html"
    run("report", "board", "--html", target)
    text = target.read_text("utf-8")
    known = [one["phone"] for one in asked("institution", "list", "--phones") if one["phone"]]
    assert known
    assert not [phone for phone in known if phone in text]


def test_the_board_of_an_earlier_day_and_another_period(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "board.html"
    run("report", "board", "--html", target, "--as-of", "2025-01-31", "--period", "2025")
    text = target.read_text("utf-8")
    assert "2025年1月31日" in text
    assert "到 2025 年 12 月底到期 0 份" in text


def test_the_board_refuses_a_period_it_cannot_read_and_a_place_it_cannot_write(run: Run, tmp_path: Path) -> None:
    assert "第四季" in run("report", "board", "--html", tmp_path / "b.html", "--period", "第四季", code=4).stderr
    (tmp_path / "file").write_text("", "utf-8")
    run("report", "board", "--html", tmp_path / "file" / "b.html", code=7)
    run("report", "board", code=2)
    assert not (tmp_path / "b.html").exists()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_trend_fits_its_page_and_draws_a_ring_for_what_went_out(
    opened: Callable[..., Page], run: Run, tmp_path: Path, width: int
) -> None:
    for quarter in ("2026Q2", "2026Q3"):
        run("report", "bulletin", "--period", quarter, "--issue")
    run("report", "board", "--html", tmp_path / "b.html")
    page = opened(tmp_path / "b.html", width=width)
    assert overflow(page) == 0
    chart = page.get_by_role("img", name="签约率（备案机构）按季度")
    assert (chart.locator("circle.issued").count(), chart.locator("circle.now").count()) == (2, 3)
    assert "都与印发时相同" in page.locator("#trend .lead").inner_text()


def test_an_office_of_one_district_is_shown_by_its_towns(opened: Callable[..., Page], tmp_path: Path) -> None:
    office, target = tmp_path / "banner", tmp_path / "b.html"

    def run(*arguments: object) -> None:
        result = CliRunner().invoke(main, [str(one) for one in arguments])
        assert result.exit_code == 0, result.stderr

    run("init", office, "--region", "150627")
    run("--workspace", office, "report", "board", "--html", target)
    assert opened(target).locator("#groups tbody tr").count() == 0
    for name, town in (("甲托育中心", "阿勒腾席热镇"), ("乙托育中心", "阿勒腾席热镇"), ("丙托育中心", "乌兰木伦镇")):
        given = ("--kind", "childcare", "--name", name, "--district", "150627", "--town", town, "--filed")
        run("--workspace", office, "institution", "add", *given)
    run("--workspace", office, "report", "board", "--html", target)
    page = opened(target)
    rows = page.locator("#groups tbody tr")
    assert rows.locator("th").all_inner_texts() == ["伊金霍洛旗 乌兰木伦镇", "伊金霍洛旗 阿勒腾席热镇"]
    rows.nth(1).locator("button.opens").first.click()
    assert dialog_rows(page) == ["否", "否"]
    assert page.locator("#figures thead th").all_inner_texts()[-1] == "伊金霍洛旗"
