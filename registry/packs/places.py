"""Read the lists of districts and towns that are shipped, and make the places of an office of them."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from yiyu.registry.config import Workspace
from yiyu.registry.errors import BadInput
from yiyu.registry.packs.reading import load_pack
from yiyu.registry.rules.places import Places


def places_of(workspace: Workspace) -> Places:
    """The places of an office: its region, and the words that its pack and its ``yiyu.toml`` add.

    Their lists are read when first needed; so is the pack, whose faults are raised then.
    """
    return Places(shipped_table, workspace.config.region, _own(workspace))


def check_region(region: str) -> None:
    """Raise BadInput for a region that is no code of a province, a city or a county."""
    if not (len(region) == 6 and region.isdigit()):
        raise BadInput(f"行政区划代码应为六位数字，现为“{region}”", remedy="例如鄂尔多斯市是 150600")
    if region not in Places(shipped_table).names:
        remedy = "请核对本省、本市或本旗区的六位代码，例如鄂尔多斯市是 150600"
        raise BadInput(f"没有行政区划代码 {region}", remedy=remedy)


@cache
def shipped_table(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``templates/places/NAME.csv``; lines that begin with # say where they are from."""
    text = (files("yiyu.templates") / "places" / f"{name}.csv").read_text("utf-8")
    return tuple(tuple(line.split(",")) for line in text.splitlines() if not line.startswith("#"))


def _own(workspace: Workspace) -> Callable[[], Mapping[str, str]]:
    @cache
    def read() -> Mapping[str, str]:
        pack = load_pack(workspace.config.pack, office=workspace.templates)
        return {**pack.districts, **workspace.config.districts}

    return read
