"""上下级: what this office hands up, what those below it handed in, and what stands in the registries of two of them."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.pages.access import whole_office
from yiyu.desk.pages.every_agreement import Row, day_asked
from yiyu.desk.tables import Listing, arranged, listing, save_listing
from yiyu.desk.uploads import files_of, received, told_by_name
from yiyu.desk.works import Outcome, Progressing
from yiyu.registry.commands.options import DATE, TEXT
from yiyu.registry.commands.show import ListColumn
from yiyu.registry.config import PACKAGE_SUFFIX
from yiyu.registry.errors import UserError
from yiyu.registry.offices.commands import (
    CONFLICT_FIELDS,
    FIGURE_FIELDS,
    TREE_FIELDS,
    conflict_row,
    figure_rows,
    lines_for_above,
    told_of_differences,
    told_of_package,
    tree_row,
)
from yiyu.registry.offices.conflicts import conflicts
from yiyu.registry.offices.exporting import hand_up
from yiyu.registry.offices.importing import Receipt, receive
from yiyu.registry.offices.keys import fingerprint, held_key, office_key
from yiyu.registry.offices.listing import tree
from yiyu.registry.rules.districts import district_name

PATH = "/offices"
_CONFLICTS = f"{PATH}/conflicts"
_SEEN = "看上下级的包"


def show(asking: Asking) -> Response:
    """Who has handed in, the forms to take packages in and to hand one up; no key is made by looking."""
    with asking.office() as office:
        whole_office(office, _SEEN)
        workspace, today = office.workspace, office.today
    region, public, found, fault = workspace.config.region, "", None, ""
    try:
        key = held_key(workspace)
        public = key.public if key else ""
        if workspace.config.offices:
            found = _listed(asking, TREE_FIELDS, _tree(asking), PATH)
    except UserError as error:
        fault = str(error)
    return asking.page(
        "offices.html", fault=fault, found=found, today=today, region=region, name=district_name(region), key=public,
        fingerprint=fingerprint(public) if public else "", lines=lines_for_above(region, public),
        below=bool(workspace.config.offices),
    )  # fmt: skip


def export(asking: Asking) -> Response:
    """Who has handed in, as a workbook."""
    return _workbook(asking, "下级一览", TREE_FIELDS, _tree(asking))


def list_conflicts(asking: Asking) -> Response:
    """One page of what two offices both have."""
    return asking.page("offices_conflicts.html", found=_listed(asking, CONFLICT_FIELDS, _conflicts(asking), _CONFLICTS))


def export_conflicts(asking: Asking) -> Response:
    """All of it as a workbook."""
    return _workbook(asking, "两处都有", CONFLICT_FIELDS, _conflicts(asking))


def make_key(asking: Asking) -> Response:
    """Make the key of the office; another one only where it is said that the first is lost."""
    with asking.office() as office:
        whole_office(office, "做本级的密钥")
        office_key(office, again=asking.text("again") == "1")
    return asking.go(PATH, "本级的密钥在这里了，请把公钥交给上级，并电话核对指纹")


def make_package(asking: Asking) -> Response:
    """Make the package for the office above, beside the page."""
    contacts = asking.text("contacts") == "1"
    with asking.office() as office:
        whole_office(office, "做上报包")
        day: dt.date = asking.read("as_of", DATE, "截至") or office.today
        said = f"{day}_含联系方式" if contacts else str(day)
        name = f"{district_name(office.workspace.config.region)}_{said}{PACKAGE_SUFFIX}"

    def act(folder: Path, _progress: Progressing) -> Outcome:
        with asking.office(day) as own:
            done = hand_up(own, folder / name, contacts=contacts)
        lines = [*told_of_package(done), *map(_told_figures, figure_rows(done))]
        return Outcome(lines, (), [name], PATH, "回到上下级")

    return asking.begin(f"做上报包（截至 {day}）", act, again=PATH)


def take(asking: Asking) -> Response:
    """Take packages of the offices below in, each judged by itself, beside the page."""
    root = asking.desk.workspace.root
    with asking.office() as office:
        whole_office(office, "收上报包")
    reason = asking.read("reason", TEXT, "原因") or ""
    key = received(root, asking.files("file"))
    files = files_of(root, key)

    def act(_folder: Path, progress: Progressing) -> Outcome:
        lines, failed = list[str](), list[tuple[str, str]]()
        with asking.office() as own:
            for at, file in enumerate(files):
                progress(at, len(files))
                try:
                    with told_by_name(file):
                        lines += _told_taken(receive(own, [file], reason=reason).taken[0])
                except UserError as error:
                    failed.append((file.name, str(error)))
        return Outcome(lines, failed, (), PATH, "看谁交了")

    return asking.begin(f"收上报包（{len(files)} 个）", act, again=PATH, upload=key)


def _tree(asking: Asking) -> list[Row]:
    with asking.office(day_asked(asking)) as office:
        whole_office(office, _SEEN)
        return asking.counted(office, "offices", lambda own: [tree_row(one) for one in tree(own)])


def _conflicts(asking: Asking) -> list[Row]:
    with asking.office(day_asked(asking)) as office:
        whole_office(office, _SEEN)
        return asking.counted(office, "conflicts", lambda own: [conflict_row(one) for one in conflicts(own)])


def _told_figures(row: dict[str, str]) -> str:
    return f"{row['period']}：" + "，".join(f"{one.heading} {row[one.key]}" for one in FIGURE_FIELDS[1:])


def _told_taken(one: Receipt) -> list[str]:
    package = one.package
    result = "已收过，没有变化" if one.again else "已收"
    return [f"{package.name} 截至 {package.as_of}，链头 {package.head}：{result}", *told_of_differences(one)]


def _listed(asking: Asking, columns: Sequence[ListColumn], rows: Sequence[Row], path: str) -> Listing:
    return listing(columns, rows, path, dict(asking.query))


def _workbook(asking: Asking, title: str, columns: Sequence[ListColumn], rows: Sequence[Row]) -> Response:
    shown = arranged(columns, rows, asking.query)
    return written(f"{title}.xlsx", lambda path: save_listing(path, title, columns, shown))
