"""表样: known exports of 托育 systems, each a file of data that says which of its columns mean which field.

Ours stand in ``templates/layouts/``, those of plugins in the folders they offer (``yiyu.layouts``).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable

import msgspec

from yiyu.registry.errors import NotFound
from yiyu.registry.institutions.columns import COLUMNS
from yiyu.registry.model import Kind
from yiyu.registry.plugins import LAYOUTS, Offer, OfferFault, plugins_in_use
from yiyu.registry.toml import TomlFault, convert, parse
from yiyu.registry.workbooks.headings import heading_key

AUTO, NONE = "auto", "none"
"""What may stand instead of a layout's name: told from the file; by headings alone."""
_SUFFIX = ".toml"


class Layout(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, dict=True):
    """One known export. Each attribute but ``name`` is a key of its file."""

    name: str = ""
    title: str
    kind: Kind
    source: str
    """Where the columns are known from: document or program, place, year."""
    url: str = ""
    assumed: str = ""
    """What of it the source does not say."""
    signs: tuple[str, ...]
    """Headings that hardly any other table has."""
    titles: tuple[str, ...] = ()
    """Names of the sheet, or titles above the headings, by which it is known too."""
    optional: tuple[str, ...] = ()
    """Headings that may be missing."""
    columns: dict[str, str]
    """Every heading to its field of an institution, "" for those that are not read."""

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """Folded heading to the heading as it is written."""
        return {heading_key(heading): heading for heading in self.columns}

    @cached_property
    def required(self) -> Sequence[str]:
        return [heading for heading in self.columns if heading not in self.optional]

    @property
    def fields(self) -> dict[str, tuple[str, ...]]:
        """Field to its headings, in the order of the columns."""
        found: dict[str, tuple[str, ...]] = {}
        for heading, field in self.columns.items():
            if field:
                found[field] = (*found.get(field, ()), heading)
        return found


def known_layouts() -> dict[str, Layout]:
    """Name to layout, ours first."""
    return {**shipped_layouts(), **{name: offer.value for name, offer in plugin_layouts().items()}}


def layout_named(name: str) -> Layout:
    """Raises NotFound for a name nobody has."""
    known = known_layouts()
    if name not in known:
        remedy = f"可用的：{'、'.join([AUTO, NONE, *known])}（见 yiyu institution layouts）"
        raise NotFound(f"没有表样“{name}”", remedy=remedy)
    return known[name]


def layout_origin(name: str) -> str:
    """``shipped``, or the package with its version."""
    return "shipped" if name in shipped_layouts() else str(plugin_layouts()[name].entry.plugin)


@cache
def shipped_layouts() -> dict[str, Layout]:
    return dict(layouts_in(package_files("yiyu.templates") / "layouts"))


def plugin_layouts() -> dict[str, Offer[Layout]]:
    return plugins_in_use.get().held(LAYOUTS, layouts_in, ours={AUTO, NONE, *shipped_layouts()})


def layouts_in(folder: Traversable) -> Iterator[tuple[str, Layout]]:
    """Name and layout of each file of a folder. Raises OfferFault with the file and place of the first fault."""
    found = sorted((file for file in folder.iterdir() if file.name.endswith(_SUFFIX)), key=lambda file: file.name)
    if not found:
        raise OfferFault(f"文件夹里没有表样（{_SUFFIX}）")
    for file in found:
        try:
            layout = convert(parse(file.read_bytes()), Layout)
            _check(layout)
        except TomlFault as fault:
            raise OfferFault(f"{file.name} {fault.place}：{fault}") from fault
        name = file.name.removesuffix(_SUFFIX)
        yield name, msgspec.structs.replace(layout, name=name)


def _check(layout: Layout) -> None:
    """Raise TomlFault for fields nobody has, signs that are no column, and two headings that read alike."""
    for heading, field in layout.columns.items():
        if field and field not in COLUMNS:
            raise TomlFault(f"columns.{heading}", f"没有“{field}”这个字段，可用的：{'、'.join(COLUMNS)}")
    if "name" not in layout.columns.values():
        raise TomlFault("columns", "要有一列是机构名称（name）")
    for key in ("signs", "optional"):
        for heading in getattr(layout, key):
            if heading not in layout.columns:
                raise TomlFault(key, f"“{heading}”不是 columns 中的列")
    if not set(layout.signs) - set(layout.optional):
        raise TomlFault("signs", "至少要有一列不在 optional 中")
    if len(layout.keys) < len(layout.columns):
        raise TomlFault("columns", "有两列的列名实际相同")
