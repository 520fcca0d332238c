"""The scans of one agreement beside what was printed, page by page."""

import itertools
from pathlib import Path
from typing import NamedTuple

from starlette.responses import Response

from yiyu.desk.asking import Asking, inline
from yiyu.desk.pages.agreement import own_agreement
from yiyu.desk.works import FOLDER, Outcome, Progressing
from yiyu.docgen.archive.page_pictures import Beside, came_home, make_pictures
from yiyu.registry.errors import NotFound
from yiyu.registry.model import DOC_KIND_LABEL, DocKind


class Sheet(NamedTuple):
    """A page of both; "" where one has fewer. The addresses of the pictures."""

    printed: str
    scanned: str


def show(asking: Asking) -> Response:
    """All that came home; what has no pictures yet can be made here."""
    number, folder = asking.query.get("number", ""), _folder(asking)
    with asking.office() as office:
        found = came_home(office, own_agreement(asking, office))
    documents = [(_label(one), _sheets(one, folder, number)) for one in found]
    return asking.page(
        "beside.html", number=number, documents=documents, lacking=any(one.lacking(folder) for one in found)
    )


def make(asking: Asking) -> Response:
    """Begin to make the pictures that are lacking."""
    number, folder = asking.query.get("number", ""), _folder(asking)
    with asking.office() as office:
        key = own_agreement(asking, office)
    page = f"/agreements/scans?number={number}"

    def act(_folder: Path, progress: Progressing) -> Outcome:
        with asking.office() as office:
            make_pictures(office, key, folder, progress)
        return Outcome(["对照图做好了"], next_page=page, next_label="对照看")

    return asking.begin(f"{number} 扫描件对照图", act, again=page)


def picture(asking: Asking) -> Response:
    """One page, of a file that is of the agreement named."""
    of, page, folder = asking.part("of"), int(asking.part("page")), _folder(asking)
    with asking.office() as office:
        found = came_home(office, own_agreement(asking, office))
    if of not in {name for one in found for name in (one.scan.sha256, one.printed.sha256 if one.printed else "")}:
        raise NotFound("没有这张图", remedy="请回到协议页重新打开")
    path = folder / f"{of}-{page:04}.jpg"
    if not path.is_file():
        raise NotFound("这张图还没有做", remedy="请回到对照页先做对照图")
    return inline(path, "image/jpeg")


def _folder(asking: Asking) -> Path:
    return asking.desk.workspace.root / FOLDER / "pages"


def _label(one: Beside) -> str:
    version = "（以前的纸面）" if one.printed is None else f"（第 {one.version} 版）" if one.version > 1 else ""
    return DOC_KIND_LABEL[DocKind(one.kind)] + version


def _sheets(one: Beside, folder: Path, number: str) -> list[Sheet]:
    printed, scanned = one.pictures(folder)
    pairs = itertools.zip_longest(printed, scanned)
    return [Sheet(*(_address(path, number) for path in pair)) for pair in pairs]


def _address(path: Path | None, number: str) -> str:
    if path is None:
        return ""
    of, _, page = path.stem.rpartition("-")
    return f"/agreements/scans/{of}/{int(page)}.jpg?number={number}"
