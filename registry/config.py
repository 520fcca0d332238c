"""The workspace folder and its ``yiyu.toml``."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.files import read_bytes
from yiyu.registry.rights import OFFICE_FILE
from yiyu.registry.rules.copies import EndCustom
from yiyu.registry.rules.duties import Partial
from yiyu.registry.toml import MOST_BYTES, TomlFault, convert, parse

CONFIG_NAME = OFFICE_FILE
REGISTRY_NAME = "registry.db"
KEY_NAME = "office.key"
"""The private key of the office: PEM, PKCS #8, not encrypted; for its owner's eyes alone."""
PACKAGES, PACKAGE_SUFFIX = "offices", ".yiyu"
"""Folder of what the offices below handed up, a folder for each region in it; and the ending of a package."""
_PLAIN = r"^(?:[^/\\{}\x00-\x1f]|\{[a-z]+(?::0?[1-9]?[0-9])?\}){1,60}$"
"""Of a pattern: signs a file name can have, and {tokens} of at most two figures' width."""

_Pattern = Annotated[str, msgspec.Meta(pattern=_PLAIN)]
_Region = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}$")]


_PublicKey = Annotated[str, msgspec.Meta(pattern=r"^(?:ed25519:[A-Za-z0-9+/]{43}=)?$")]

OfficeName = Annotated[str, msgspec.Meta(pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\"\\]{1,100}\Z")]
"""What an office is called: it stands in sentences, tables and lines to be pasted, so nothing that breaks out of one."""


class OtherOffice(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An office beside this one in the tree: what it is called, and its public key; "" until that is known."""

    name: OfficeName
    key: _PublicKey = ""


class Config(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What an office may set. The reasons of the defaults: design.md#settings."""

    pack: str = "ordos"
    region: _Region = "150600"
    """GB/T 2260 code of the office's own area; a name of a place is looked up in it first."""
    number_pattern: _Pattern = "{district}-{year}-{variant}-{serial:04}"
    activity_pattern: _Pattern = "HD-{year}-{serial:04}"
    """Numbers of activities, counted within a year."""
    months: Annotated[int, msgspec.Meta(ge=1, le=120)] = 12
    end_custom: EndCustom = EndCustom.DAY_BEFORE
    notice_days: Annotated[int, msgspec.Meta(ge=0, le=365)] = 30
    copies: Annotated[int, msgspec.Meta(ge=1, le=99)] = 4
    renewal: Literal["none", "negotiate", "auto_once", "auto"] = "negotiate"
    service_mode: Literal["", "visit", "resident", "both"] = ""
    """服务方式 of new agreements; none: the pack's."""
    partial_period: Partial = "half"
    """Whether a first or last period counts in which an agreement is in force only in part."""
    variants: tuple[Literal["JC", "FY", "ZY", "YL", "SF", "TB"], ...] = ("JC", "FY")
    """Agreements every filed childcare institution should have (S0: 基层 and 妇幼)."""
    addressees: tuple[str, ...] = ()
    """主送 of a 通报; none: the health authorities of all 旗区 of the region."""
    fonds: str = ""
    """全宗号, as the archives gave it; 档号 go without while there is none."""
    fonds_name: str = ""
    """全宗名称, for the cover of a catalogue."""
    archive_category: str = "WS"
    """门类: 文书 (DA/T 13-2022)."""
    archive_office: str = "BGS"
    """机构（问题） as it stands in a 档号; a code (DA/T 22-2015) or a name (DA/T 13-2022)."""
    archive_office_name: str = "办公室"
    """The same in words, for catalogue, cover and 归档章."""
    archive_pattern: str = "{fonds}-{category}·{year}-{term}-{office}-{serial:04}"
    """档号 after DA/T 22-2015; ``{fonds}-{category}·{year}·{term}·{office}-{serial:04}`` after DA/T 13-2022."""
    backup_folder: str = "backups"
    """Where ``backup`` puts copies; from the workspace, or a full path on another disk."""
    backups_kept: Annotated[int, msgspec.Meta(ge=1, le=9999)] = 14
    cluster_ca: str = ""
    """PEM file of who signed for the machines of a cluster; from the workspace, or a full path."""
    cluster_cert: str = ""
    """PEM file that says which machine this is."""
    cluster_key: str = ""
    """PEM file of its private key, which others must not be able to read."""
    aliases: dict[str, tuple[str, ...]] = {}
    """Extra column headings: English field name to the headings used here."""
    districts: dict[str, _Region] = {}
    """The office's own words for places, a development zone among them, each to the code it counts under."""
    offices: dict[_Region, OtherOffice] = {}
    """The offices below, by their region: whose packages are taken in (decision 43)."""
    above: OtherOffice | None = None
    """The office above: whose drafts are taken over."""


class Workspace(msgspec.Struct, frozen=True):
    root: Path
    config: Config

    @property
    def registry_path(self) -> Path:
        return self.root / REGISTRY_NAME

    @property
    def output(self) -> Path:
        return self.root / "output"

    @property
    def backups(self) -> Path:
        return self.root / self.config.backup_folder

    @property
    def templates(self) -> Path:
        return self.root / "templates"

    @property
    def adopting(self) -> Path:
        """What is being put into ``templates/`` together, while that is under way or was broken off."""
        return self.templates / ".adopting.part"

    @property
    def problems(self) -> Path:
        return self.root / "problems"

    def relative(self, path: Path) -> str:
        """The path as rows and JSON name it: from the workspace, with forward slashes on every system."""
        return path.resolve().relative_to(self.root.resolve()).as_posix()

    def named(self, path: Path) -> str:
        """The path from the workspace where it lies in it, else as it is."""
        inside = path.resolve().is_relative_to(self.root.resolve())
        return self.relative(path) if inside else str(path)


def load_workspace(root: Path) -> Workspace:
    """Read ``yiyu.toml`` of a workspace. Raises NotFound or BadInput with the faulty key."""
    path = root / CONFIG_NAME
    if not path.is_file():
        raise NotFound("这里不是 yiyu 工作区（没有 yiyu.toml）", where=str(root), remedy="请先运行 yiyu init 目录")
    try:
        config = convert(parse(read_bytes(path, limit=MOST_BYTES)), Config)
    except TomlFault as fault:
        where = f"{path}，{fault.place}" if fault.place else str(path)
        raise BadInput(
            f"配置文件读不懂：{fault}", where=where, remedy="请改正后再试；写法可用 yiyu init 另建一个工作区对照"
        ) from fault
    return Workspace(root=root, config=config)


def find_workspace(start: Path) -> Path:
    """The nearest folder upward from ``start`` that holds a ``yiyu.toml``."""
    for folder in (start, *start.parents):
        if (folder / CONFIG_NAME).is_file():
            return folder
    raise NotFound(
        "没有找到工作区", where=str(start), remedy="请进入工作区目录，或用 --workspace 指定，或先运行 yiyu init 目录"
    )
