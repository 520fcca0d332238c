"""A season of an office played in Chromium against the desk as it is started, from the roster to the backup."""

import base64
import contextlib
import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from build import ACTOR, CHILDCARE, CLOCK, MEDICAL
from changed_paper import scanned
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, Page

from yiyu.registry.model import Institution, Kind
from yiyu.registry.office.workspaces import make_workspace

DESKTOP, PHONE = 1280, 390
PICTURES = Path(__file__).parents[1] / "docs" / "site" / "images"
RENEWED = bool(os.environ.get("YIYU_SCREENSHOTS"))
"""Whether the pictures of the site are to be made anew."""
_YIYU = f"import time_machine, yiyu.cli; time_machine.travel({CLOCK.isoformat()!r}).start(); yiyu.cli.main(prog_name='yiyu')"
_LONG = 60_000
"""Milliseconds a long work may take."""


@contextlib.contextmanager
def running_desk(office: Path) -> Iterator[str]:
    """`yiyu desk` over an office; gives the one-time address, and ends it as Ctrl+C does."""
    command = [sys.executable, "-c", _YIYU, "--workspace", str(office), "desk", "--no-browser", "--json"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"LOGNAME": ACTOR, "TZ": "Asia/Shanghai"},
    ) as process:
        assert process.stdout
        told = ""
        while not told.rstrip().endswith("}"):
            line = process.stdout.readline()
            assert line, "the desk ended before it was there"
            told += line
        try:
            yield json.loads(told)["first"]
        finally:
            process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=30)[1]
    assert "工作台已关闭" in said


@dataclass
class Played:
    """A person at a browser. ``said``: what the pages complained of; ``samples``: addresses that were come by."""

    page: Page
    base: str
    office: Path
    said: list[str] = field(default_factory=list)
    samples: dict[str, str] = field(default_factory=dict)

    def go(self, path: str) -> Page:
        """A page that must be there."""
        answer = self.page.goto(self.base + path)
        assert answer
        assert answer.status == 200, f"{path}: {answer.status} {self.told}"
        return self.page

    @property
    def told(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def press(self, name: str, *, inside: Locator | None = None) -> None:
        """Press the button or link of this name, and wait for the page it leads to."""
        place = inside or self.page.locator("main")
        with self.page.expect_navigation():
            place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name)).first.click()

    def finished(self) -> str:
        """What a long work tells once it has ended."""
        self.page.locator(".state:not(.running)").wait_for(timeout=_LONG)
        self.page.locator("[data-work]").wait_for(state="detached", timeout=_LONG)
        return self.told

    def drop(self, name: str, data: bytes, frame: str = ".drop") -> None:
        """Drag a file from the desktop onto a frame."""
        files = self.page.evaluate_handle(
            """([name, text]) => {
              const held = new DataTransfer();
              held.items.add(new File([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))], name));
              return held;
            }""",
            [name, base64.b64encode(data).decode()],
        )
        self.page.locator(frame).first.dispatch_event("drop", {"dataTransfer": files})

    def picture(self, name: str, height: int = 620, top: str = "h1") -> None:
        """Renew a picture of the site, where that is asked for; ``top``: what must be seen on it."""
        if not RENEWED:
            return
        self.page.set_viewport_size({"width": 1000, "height": height})
        self.page.locator(top).first.scroll_into_view_if_needed()
        shot = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        self.page.set_viewport_size({"width": DESKTOP, "height": 900})
        PICTURES.mkdir(exist_ok=True)
        shot.quantize(32, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)


@contextlib.contextmanager
def season(browser: Browser, folder: Path) -> Iterator[Played]:
    """The season: roster, pairs, documents, the signing ceremony, a visit, scans, the board, a backup."""
    office = folder / "office"
    make_workspace(office, pack="ordos", region="150600")
    with running_desk(office) as first:
        context = browser.new_context(viewport={"width": DESKTOP, "height": 900}, locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(_LONG / 4)
        played = Played(page, first.split("/open/")[0], office)
        page.on("console", lambda one: played.said.append(f"{page.url}: {one.text}"))
        page.on("pageerror", lambda one: played.said.append(f"{page.url}: {one}"))
        page.goto(first)
        for act in (_rosters, _drafts, _documents, _ceremony, _visit, _scans, _board, _backup):
            act(played)
        yield played
        context.close()


def roster(institutions: Sequence[Institution]) -> bytes:
    """A roster as an office has it."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    medical = institutions[0].kind is Kind.MEDICAL
    writer.writerow(("旗区", "机构名称", "统一社会信用代码", *(("机构类别",) if medical else ("是否备案", "托位数"))))
    for one in institutions:
        district = re.findall(r".+?[区旗]", one.name)[0]
        writer.writerow((district, one.name, one.code, *((one.category,) if medical else ("是", one.places or ""))))
    return stream.getvalue().encode()


def _rosters(played: Played) -> None:
    wrong = Institution(Kind.CHILDCARE, "东胜区戊托育中心", "52150602895390563X", district="150602")
    for name, rows in (("医疗卫生机构名册.csv", MEDICAL), ("托育机构名册.csv", (*CHILDCARE, wrong))):
        played.go("/institutions/import")
        played.drop(name, roster(rows))
        played.press("看预览")
        said = played.finished()
        assert "试运行，未写入" in said, said
        played.press("看预览，选要写入的")
        played.picture("roster")
        played.press("写入新增、补空")
        said = played.finished()
        assert "新增 4" in said, said
        played.samples["/works/{key}"] = played.page.url.removeprefix(played.base)
    played.go("/institutions/import")  # a preview that nothing is written of stays
    played.drop("托育机构名册.csv", roster(CHILDCARE))
    played.press("看预览")
    played.finished()
    played.press("看预览，选要写入的")
    played.samples["/institutions/import/{key}"] = played.page.url.removeprefix(played.base)


def _drafts(played: Played) -> None:
    played.go("/agreements/draft")
    played.page.get_by_label("全选本页").check()
    played.picture("pairs")
    form = played.page.locator("form[action='/agreements/draft/pairs']")
    form.get_by_label("生效日期").fill("2026-01-01")
    played.press("起草勾选的")
    assert "已起草" in played.told, played.told
    played.samples["number"] = played.page.locator("table a").first.inner_text()
    played.press("生成打印")


def _documents(played: Played) -> None:
    played.page.get_by_label("服务项目清单").check()
    played.press("生成", inside=played.page.get_by_role("group", name="生成 Word 文书"))
    said = played.finished()
    assert "已生成" in said, said
    played.picture("made", 420)
    played.go(f"/documents?number={played.samples['number']}")
    played.page.get_by_label("服务项目清单").check()
    played.press("生成打印用的 PDF")
    played.finished()
    with played.page.expect_download() as found:
        played.page.get_by_role("link", name="打印.pdf").click()
    found.value.save_as(played.office.parent / "打印.pdf")


def _ceremony(played: Played) -> None:
    for step in ("勾选的登记签字", "登记盖章"):
        played.go("/agreements")
        played.page.get_by_label("全选本页").check()
        if step == "登记盖章":
            played.picture("ceremony", 560)
        played.press(step)
        played.page.get_by_label("日期", exact=True).fill("2026-01-05")
        if step == "登记盖章":
            played.page.get_by_label("盖了骑缝章").check()
        played.press("登记")
    played.go("/agreements?state=unsigned")
    assert "没有" in played.told, played.told


def _visit(played: Played) -> None:
    played.go("/visits/new")
    played.page.get_by_label("查找协议").fill("甲托育")
    played.press("查找")
    played.page.locator("a.big").first.click()
    played.page.get_by_label("日期", exact=True).fill("2026-11-20")
    played.page.get_by_label("开始").fill("09:00")
    played.page.get_by_label("结束").fill("11:00")
    played.page.get_by_label("其他人，每行一人").fill("王某某/儿童保健科/主治医师")
    played.page.get_by_role("group", name="做了哪些服务项目").get_by_role("checkbox").first.check()
    played.page.get_by_label("婴幼儿").fill("20")
    photo = io.BytesIO()
    Image.new("RGB", (640, 480), "#9db4c8").save(photo, "JPEG")
    played.drop("现场.jpg", photo.getvalue())
    played.page.get_by_text("发现的问题").click()
    played.page.get_by_label("问题 1").fill("消毒记录不全")
    played.page.get_by_label("整改要求").first.fill("补齐并每日核对")
    played.page.get_by_label("期限").first.fill("2026-12-05")
    played.press("登记")
    assert "消毒记录不全" in played.told, played.told
    assert played.page.locator("main img").count() == 1
    played.samples["/visits/one/{number}"] = played.page.url.removeprefix(played.base)


def _scans(played: Played) -> None:
    sheet, old = Image.new("L", (800, 1100), 245), io.BytesIO()
    for line in range(20):
        ImageDraw.Draw(sheet).rectangle((90, 100 + line * 45, 300 + line * 20, 118 + line * 45), fill=40)
    sheet.save(old, "JPEG")
    scan = scanned(played.office.parent / "打印.pdf", played.office.parent / "扫描.pdf")
    for name, data, told in (("扫描.pdf", scan.read_bytes(), "归位"), ("旧件.jpg", old.getvalue(), "页面码")):
        played.go("/scans")
        played.drop(name, data)
        played.press("收件")
        said = played.finished()
        assert told in said, said
    played.go("/scans")
    played.picture("scans", top=".thumbs")
    played.samples["/scans/place"] = played.page.locator(".thumbs a").first.get_attribute("href") or ""


def _board(played: Played) -> None:
    played.go("/reports")
    played.picture("board")
    played.press("签约率")
    assert "150602-2026" in played.told, played.told
    played.samples["/reports/rows"] = played.page.url.removeprefix(played.base)


def _backup(played: Played) -> None:
    played.go("/keeper")
    played.press("备份登记库")
    played.finished()
    played.go("/keeper")
    played.picture("keeper", 520)
    assert "还没有备份" not in played.told, played.told
