"""上下级 on the desk: a package is made and fetched, taken in or refused with its sentence, and the board counts with it."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from build import CLOCK, opened
from desk_browser import Browser, alone_at
from office_tree import DONGSHENG, HEAD, LINKMAN, TELEPHONE, key_of, sides

from yiyu.registry.config import KEY_NAME
from yiyu.registry.offices.below import with_offices_below
from yiyu.registry.offices.conflicts import conflicts
from yiyu.registry.offices.container import read_package
from yiyu.registry.offices.models import facts_of
from yiyu.registry.store.institution_changes import add_institution
from yiyu.registry.store.office_packages import held_packages
from yiyu.registry.store.opening import changing


@pytest.fixture
def office(low_and_city: Path, tmp_path: Path) -> Path:
    """A city that names 东胜区 below it."""
    return Path(shutil.copytree(low_and_city / "city", tmp_path / "city"))


@pytest.fixture
def package(low_and_city: Path) -> tuple[str, bytes]:
    return "东胜.yiyu", (low_and_city / "low.yiyu").read_bytes()


def _received(desk: Browser, *files: tuple[str, bytes], **fields: str) -> str:
    return desk.finished(desk.post("/offices/receive", files=[("file", one) for one in files], **fields))


def test_a_key_is_made_by_its_button_alone_and_shown_for_the_office_above(desk: Browser, office: Path) -> None:
    assert "还没有本级的密钥" in desk.get("/offices")
    assert not (office / KEY_NAME).exists()
    page = desk.post("/offices/key")
    assert f"[offices.150600]\nname = &#34;鄂尔多斯市&#34;\nkey = &#34;{key_of(office)}&#34;" in page
    assert page == desk.post("/offices/key")


@pytest.mark.parametrize("contacts", [False, True])
def test_a_package_is_made_fetched_and_holds_people_only_where_that_is_ticked(
    low_and_city: Path, tmp_path: Path, *, contacts: bool
) -> None:
    with alone_at(Path(shutil.copytree(low_and_city / "low", tmp_path / "low"))) as desk:
        ticked = {"contacts": "1"} if contacts else {}
        page = desk.finished(desk.post("/offices/hand-up", as_of="2026-11-10", **ticked))
        found = re.search(r'href="(/works/[^"]+\.yiyu)"', page)
        assert found, page
        (tmp_path / "fetched.yiyu").write_bytes(desk.client.get(found[1]).content)
    read = read_package(tmp_path / "fetched.yiyu")
    assert str(facts_of(read).as_of) == "2026-11-10"
    told = b"".join(read.read(name, 1 << 20) for name in read.manifest.files).decode()
    assert [one in told for one in (TELEPHONE, LINKMAN, HEAD)] == [contacts] * 3


def test_of_a_day_to_come_no_package_is_made(desk: Browser) -> None:
    assert "还没有到" in desk.finished(desk.post("/offices/hand-up", as_of="2027-01-01"))


def test_a_package_is_taken_once_and_the_tree_says_so(desk: Browser, office: Path, package: tuple[str, bytes]) -> None:
    assert "未交" in desk.until("/offices", "未交")
    assert "已收" in _received(desk, package)
    assert "已收过，没有变化" in _received(desk, package)
    with opened(office) as session:
        held = held_packages(session.db)[DONGSHENG]
    page = desk.until("/offices", held.head)
    assert "已交" in page
    assert str(held.as_of) in page
    assert desk.client.get("/offices/export").content.startswith(b"PK")


def test_of_several_packages_each_is_judged_by_itself(desk: Browser, office: Path, package: tuple[str, bytes]) -> None:
    """What is refused is named as the person names it, and where it is kept is not told."""
    page = _received(desk, ("坏的.yiyu", b"no package"), package)
    assert "没有做成的 1 项" in page
    assert "<td>坏的.yiyu</td>" in page
    assert "uploads" not in page
    with opened(office) as session:
        assert set(held_packages(session.db)) == {DONGSHENG}
    assert "没有选择文件" in desk.post("/offices/receive", status=422)


def test_what_two_offices_both_have_is_listed(
    desk: Browser, office: Path, package: tuple[str, bytes], tmp_path: Path
) -> None:
    """The list is that of the command, and opens as a workbook."""
    _received(desk, package)
    assert "没有两个单位都有的" in desk.until("/offices/conflicts", "没有两个单位都有的")
    _twice(office)
    with opened(office) as session:
        both = conflicts(with_offices_below(session))
    page = desk.until("/offices/conflicts", both[0].value)
    assert all(one.value in page for one in both)
    assert desk.client.get("/offices/conflicts/export").content.startswith(b"PK")


def _twice(office: Path) -> None:
    """The city writes down the nursery of its 旗区, too."""
    with opened(office) as session, changing(session.db):
        add_institution(session.db, sides(DONGSHENG)[1], recorded_at=CLOCK.isoformat(), source="测试")


def test_the_board_opens_the_rows_of_an_office_and_can_be_asked_for_its_region(
    desk: Browser, office: Path, package: tuple[str, bytes]
) -> None:
    """An agreement of an office below is told, and is no link: its page is there, not here."""
    _received(desk, package)
    board = desk.until("/reports", "各办公室")
    assert "东胜区</th>" in board
    assert f'<option value="{DONGSHENG}"' in board
    rows = desk.get(f"/reports/rows?indicator=signed&period=2026Q4&district=&group={DONGSHENG}")
    number = f"{DONGSHENG}-2026-JC-0001"
    assert number in rows
    assert f"/agreements/one/{number}" not in rows
    assert "计入 <b>1</b>" in desk.get(f"/reports/rows?indicator=signed&period=2026Q4&district={DONGSHENG}")


def test_who_is_limited_to_a_district_or_only_reads_hands_up_nothing(
    staffed: Callable[..., Browser], package: tuple[str, bytes]
) -> None:
    limited = staffed("manager", "keeper", district=DONGSHENG)
    for path in ("/offices", "/offices/export", "/offices/conflicts", "/offices/conflicts/export"):
        answer = limited.client.get(path)
        assert answer.status_code == 422
        assert "您只负责东胜区" in answer.text
    for path in ("key", "hand-up", "receive"):
        assert "您只负责东胜区" in limited.post(f"/offices/{path}", status=422, files=[("file", package)])
    reader = staffed("reader")
    page = reader.until("/offices", "未交")
    assert "<form method" not in page.partition("<main")[2]
