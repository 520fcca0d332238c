"""Two offices for tests, one above the other: what the city writes, hands down, and what lies in the 旗区."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
from build import CLOCK, opened

from yiyu.docgen.documents.adopting import Adoption, adopt
from yiyu.docgen.documents.handing_down import HandedDown, hand_down
from yiyu.registry.config import CONFIG_NAME
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.offices.container import Content, write_package
from yiyu.registry.offices.drafts import DRAFTS, Drafts
from yiyu.registry.offices.keys import office_key

PACK = 'title = "本市"\nextends = "ordos"\n[targets.tcm_2024]\nvalue = {value}\n'
CLAUSE = "[T07.versions.1]\nsince = 2026-01-01\nsource = 'S0 二（一）'\ntext = '{text}'\n"
OLD, NEW = "费用由各方另行约定。", "费用全免。"


def make_city(folder: Path) -> Path:
    """Its own words on fees, its own target."""
    make_workspace(folder, pack="ordos", region="150600")
    write(folder, "ordos/pack.toml", PACK.format(value=90))
    write(folder, "ordos/clauses.toml", CLAUSE.format(text=OLD))
    return folder


def make_below(folder: Path, city: Path) -> Path:
    make_workspace(folder, pack="ordos", region="150602")
    name_above(folder, key_of(city))
    return folder


def name_above(folder: Path, key: str) -> None:
    with (folder / CONFIG_NAME).open("a", encoding="utf-8") as settings:
        settings.write(f'\n[above]\nname = "市卫健委"\nkey = "{key}"\n')


def key_of(folder: Path) -> str:
    with opened(folder) as session:
        return office_key(session).public


def write(folder: Path, path: str, text: str) -> None:
    file = folder / "templates" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def write_form(folder: Path, path: str, *lines: str) -> Path:
    file = folder / "templates" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    form = docx.Document()
    for line in lines:
        form.add_paragraph(line)
    form.save(str(file))
    return file


def handed(city: Path, path: Path, *, minutes: int = 0, **options: Any) -> HandedDown:
    with opened(city, now=CLOCK + dt.timedelta(minutes=minutes)) as session:
        return hand_down(session, path, **(options or {"packs": ["ordos"]}))


def taken(folder: Path, path: Path, *, apply: bool = True, **options: Any) -> Adoption:
    with opened(folder) as session:
        return adopt(session, path, apply=apply, **options)


def crafted(city: Path, path: Path, files: Mapping[str, bytes], kind: str = DRAFTS) -> Path:
    """A package rightly signed by the city, whatever is in it."""
    with opened(city) as session:
        contents = [Content(name, [data]) for name, data in files.items()]
        write_package(
            path, kind=kind, office=("150600", "鄂尔多斯市"), made_at=session.now, program="0", body=Drafts("", "王某某"),
            contents=contents, key=office_key(session),
        )  # fmt: skip
    return path


def standing(folder: Path) -> dict[str, bytes]:
    """Every file of ``templates/``, hidden ones too."""
    root = folder / "templates"
    return {one.relative_to(root).as_posix(): one.read_bytes() for one in root.rglob("*") if one.is_file()}


def events(folder: Path) -> list[dict[str, Any]]:
    with opened(folder) as session:
        return list(session.db.table("events").rows_where(order_by="id"))
