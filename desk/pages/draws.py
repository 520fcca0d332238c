"""双随机: institutions and inspectors drawn by lot, and which of them were inspected since."""

import re
import secrets

import click
from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.pages.every_agreement import day_asked, districts_of
from yiyu.desk.tables import arranged, listing, save_listing
from yiyu.registry.activities.drawing import draw_institutions, draws
from yiyu.registry.activities.drawing_commands import FIELDS, row
from yiyu.registry.commands.options import DISTRICT
from yiyu.registry.errors import UserError

_COUNT = click.IntRange(min=1)


def list_(asking: Asking) -> Response:
    """All draws, the newest first, and the form for another."""
    return _page(asking)


def export(asking: Asking) -> Response:
    """All of the list as a workbook."""
    with asking.office(day_asked(asking)) as office:
        rows = arranged(FIELDS, [row(one) for one in draws(office)], asking.query)
    return written("双随机抽取.xlsx", lambda path: save_listing(path, "双随机抽取", FIELDS, rows))


def draw(asking: Asking) -> Response:
    """Draw, and keep the draw with its seed."""
    try:
        district = asking.needed("district", DISTRICT, "旗区")
        count, each = asking.needed("count", _COUNT, "抽几家"), asking.read("each", _COUNT, "每家派几人") or 2
        names = [one for one in re.split(r"[\s、，,]+", asking.text("inspectors")) if one]
        seed = asking.text("seed") or secrets.token_hex(4)
        with asking.office() as office:
            found = draw_institutions(office, district, count, seed=seed, inspectors=names, each=each)
    except UserError as error:
        return _page(asking, str(error))
    told = f"已抽取 {found[0].listed} 家中的 {len(found)} 家，种子 {seed}；名单没有变时，用这个种子再抽，结果相同"
    return asking.go("/visits/draws", told)


def _page(asking: Asking, fault: str = "") -> Response:
    with asking.office(day_asked(asking)) as office:
        rows = [row(one) for one in draws(office)]
        districts = districts_of(office)
    found = listing(FIELDS, rows, "/visits/draws", dict(asking.query))
    return asking.page("draws.html", status=422 if fault else 200, found=found, districts=districts, fault=fault)
