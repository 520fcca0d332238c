"""Read ``pack.toml`` files and fold a pack's parents in.

A pack may extend another: its entries override the parent's by key, field by field, and a Word file it holds stands
before the parent's of that name. A folder in the workspace's ``templates/`` wins over the shipped pack of that name, or
a plugin's, and may extend it; one without ``pack.toml``, with Word files only, does so without saying it. Plugins are asked
for a name that neither the office nor we have.
"""

import difflib
import functools
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from yiyu.registry.errors import BadInput, NotFound, UserError
from yiyu.registry.files import read_bytes
from yiyu.registry.model import DocKind
from yiyu.registry.packs.rows import PACK_FILE, Basis, CatalogueItem, Document, Duty, Head, Pack, PackEntry, Target
from yiyu.registry.plugins import PACKS, Offer, OfferFault, plugins_in_use
from yiyu.registry.toml import MOST_BYTES, TomlFault, convert, parse, unknown

OWN_KEYS = ("title", "extends", "regions", "valid_from")
"""What a pack under another name does not take from its parent. An end it takes: what it rests on ends with that."""
TABLES = ("basis", "documents", "catalogue", "duties", "targets")

AnyT = TypeVar("AnyT")
RowT = TypeVar("RowT", bound=PackEntry)
Raw = dict[str, Any]
Layer = tuple[Traversable, Raw]


def load_pack(name: str, *, office: Path | None = None) -> Pack:
    """Read pack ``name``; ``office`` is the workspace's ``templates/`` folder.

    Raises NotFound for an unknown name, BadInput with file and key for a fault in a ``pack.toml``, FileFault.
    """
    layers = layers_of(name, office)
    raw: Raw = {}
    parent = ""
    for folder, own in reversed(layers):
        hides_parent = folder.name == parent
        inherited = raw if hides_parent else {k: v for k, v in raw.items() if k not in OWN_KEYS}
        raw, parent = overlaid(inherited, own), folder.name
    try:
        return _pack(name, raw, tuple(folder for folder, _ in layers))
    except EntryFault as fault:
        holder = next((folder for folder, own in layers if fault.section in own), layers[0][0])
        raise BadInput(
            f"口径包“{name}”有错：{fault}",
            where="，".join(part for part in (f"{holder.name}/{PACK_FILE}", fault.place) if part),
            remedy="请改正该处后再试",
        ) from fault


def list_packs(office: Path | None = None) -> list[Pack]:
    """Every pack an agreement may name, shipped, the office's own and of plugins, by name.

    A plugin's that cannot be read is left out and told as a fault of that plugin.
    """
    own = {**shipped_packs(), **office_packs(office)}
    plugged = (_of_plugin(offer, office) for name, offer in plugin_packs().items() if name not in own)
    packs = [*(load_pack(name, office=office) for name in own), *(pack for pack in plugged if pack is not None)]
    return sorted(packs, key=lambda pack: pack.name)


def pack_origin(name: str, office: Path | None = None) -> str:
    """Where a pack of that name comes from: ``office``, ``shipped``, or the plugin's package with its version."""
    if name in office_packs(office):
        return "office"
    return "shipped" if name in shipped_packs() else str(plugin_packs()[name].entry.plugin)


class EntryFault(Exception):
    """A wrong entry: ``place`` is its dotted key; the text says what is wrong."""

    def __init__(self, place: str, message: str) -> None:
        self.place = place
        self.section = place.split(".", maxsplit=1)[0]
        super().__init__(message)


def shipped_packs() -> dict[str, Traversable]:
    return {f.name: f for f in package_files("yiyu.templates").iterdir() if (f / PACK_FILE).is_file()}


def office_packs(office: Path | None) -> dict[str, Traversable]:
    if office is None or not office.is_dir():
        return {}
    return {f.name: f for f in office.iterdir() if f.is_dir() and ((f / PACK_FILE).is_file() or _is_hidden(f.name))}


def _is_hidden(name: str) -> bool:
    """Whether a folder of Word files alone has the name of a pack that it can stand before."""
    return name in shipped_packs() or name in plugin_packs()


def plugin_packs() -> dict[str, Offer[Traversable]]:
    return plugins_in_use.get().held(PACKS, _packs_in, ours=shipped_packs())


def _packs_in(folder: Traversable) -> list[tuple[str, Traversable]]:
    found = sorted((f.name, f) for f in folder.iterdir() if f.is_dir() and (f / PACK_FILE).is_file())
    if not found:
        raise OfferFault(f"文件夹里没有带 {PACK_FILE} 的口径包")
    return found


def _of_plugin(offer: Offer[Traversable], office: Path | None) -> Pack | None:
    try:
        return load_pack(offer.name, office=office)
    except UserError as error:
        plugins_in_use.get().fault(offer.entry, str(error).removesuffix("。"))
        return None


def pack_names(office: Path | None = None) -> list[str]:
    """Names of all packs, readable or not."""
    return sorted({**shipped_packs(), **office_packs(office), **plugin_packs()})


def folders_called(name: str, office: Path | None) -> Iterator[Traversable]:
    """The folders of that name, the nearest first; a plugin's only where we ship none."""
    shipped = shipped_packs()
    if own := office_packs(office).get(name):
        yield own
    if name in shipped:
        yield shipped[name]
    elif offer := plugin_packs().get(name):
        yield offer.value


def layers_of(name: str, office: Path | None) -> list[Layer]:
    """List the pack and its parents. Each folder is taken once: an office pack may extend the shipped one it hides."""
    layers: list[Layer] = []
    left: dict[str, Iterator[Traversable]] = {}
    wanted = name
    while wanted:
        folder = next(left.setdefault(wanted, folders_called(wanted, office)), None)
        if folder is None and any(layer.name == wanted for layer, _ in layers):
            raise BadInput(f"口径包“{name}”的 extends 绕成了圈", where=wanted, remedy="请让其中一个不再继承另一个")
        if folder is None:
            known = pack_names(office)
            guess = difflib.get_close_matches(wanted, known, n=1)
            hint = f"您是否想写“{guess[0]}”？" if guess else ""
            raise NotFound(
                f"没有口径包“{wanted}”",
                where=f"{layers[-1][0].name}/{PACK_FILE}，extends" if layers else "",
                remedy=f"{hint}现有：{'、'.join(known)}",
            )
        own = _decode(folder) if (folder / PACK_FILE).is_file() else {"extends": wanted}
        layers.append((folder, own))
        wanted = own.get("extends", "")
        if not isinstance(wanted, str):
            raise BadInput("extends 应写一个口径包的名称", where=f"{folder.name}/{PACK_FILE}", remedy="请改正后再试")
    return layers


def _decode(folder: Traversable) -> Raw:
    file = folder / PACK_FILE
    try:
        return _parsed(read_bytes(file, limit=MOST_BYTES) if isinstance(file, Path) else file.read_bytes())
    except TomlFault as fault:
        where = f"{folder}/{PACK_FILE}" + (f"，{fault.place}" if fault.place else "")
        raise BadInput("口径包文件读不懂", where=where, remedy="请检查该处的引号、等号和括号") from fault


@functools.lru_cache(maxsize=32)
def _parsed(data: bytes) -> Raw:
    """The tables of a file, for reading only: parents are asked for by every pack and by every step of a command."""
    return parse(data)


def overlaid(parent: Raw, child: Raw) -> Raw:
    """Lay the child's values over the parent's, table by table."""
    merged = dict(parent)
    for key, value in child.items():
        under = merged.get(key)
        merged[key] = overlaid(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def _pack(name: str, raw: Raw, folders: tuple[Traversable, ...]) -> Pack:
    require_known(raw, (*Head.__struct_fields__, *TABLES), "")
    head = converted({k: v for k, v in raw.items() if k not in TABLES}, Head, "")
    documents = _rows(raw, "documents", Document)
    pack = Pack(
        name=name,
        **{field: getattr(head, field) for field in Head.__struct_fields__},
        basis=_rows(raw, "basis", Basis),
        documents={_doc_kind(document.key): document for document in documents},
        catalogue=_rows(raw, "catalogue", CatalogueItem),
        duties=_rows(raw, "duties", Duty),
        targets=_rows(raw, "targets", Target),
        folders=folders,
    )
    _cross_check(pack)
    return pack


def _rows(raw: Raw, section: str, row: type[RowT]) -> tuple[RowT, ...]:
    table = raw.get(section, {})
    if not isinstance(table, dict):
        raise EntryFault(section, f"“{section}”应写成 [{section}.名称] 的表")
    return tuple(read_row(entry, row, f"{section}.{key}", key) for key, entry in table.items())


def read_row(entry: object, row: type[RowT], place: str, key: str) -> RowT:
    if not isinstance(entry, dict):
        raise EntryFault(place, "这里应是一个表")
    fields = tuple(field for field in row.__struct_fields__ if field != "key")
    require_known(entry, fields, place)
    return converted({**entry, "key": key}, row, place)


def require_known(entry: Mapping[str, object], fields: tuple[str, ...], place: str) -> None:
    for key in entry:
        if key not in fields:
            raise EntryFault(f"{place}.{key}".lstrip("."), unknown(key, fields))


def converted(entry: Raw, row: type[AnyT], place: str) -> AnyT:
    try:
        return convert(entry, row, place)
    except TomlFault as fault:
        raise EntryFault(fault.place, str(fault)) from fault


def _doc_kind(key: str) -> DocKind:
    if key not in tuple(DocKind):
        raise EntryFault(f"documents.{key}", f"不认识的文书种类，可用的有：{'、'.join(DocKind)}")
    return DocKind(key)


def _cross_check(pack: Pack) -> None:
    """Refuse a file outside the pack, a source whose tag is no ``basis``, a duty's code outside the catalogue, an item of an unknown group."""
    for kind, document in pack.documents.items():
        for name in (document.file, *document.variants.values()):
            if "\\" in name or ":" in name or name.startswith("/") or ".." in PurePosixPath(name).parts:
                raise EntryFault(f"documents.{kind}", f"文件“{name}”在口径包以外")
    tags = {basis.key for basis in pack.basis}
    codes = {entry.key for entry in pack.catalogue}
    sourced: Iterable[tuple[str, CatalogueItem | Duty | Target]] = (
        *(("catalogue", e) for e in pack.catalogue),
        *(("duties", d) for d in pack.duties),
        *(("targets", t) for t in pack.targets),
    )
    for section, row in sourced:
        for source in row.source.split("；"):
            tag = source.split(" ", maxsplit=1)[0]
            if tag not in tags:
                raise EntryFault(f"{section}.{row.key}.source", f"依据“{tag}”不在 [basis] 中")
    for duty in pack.duties:
        for code in duty.items:
            if code not in codes:
                raise EntryFault(f"duties.{duty.key}.items", f"服务目录中没有“{code}”")
    for code in codes:
        if code[0] not in pack.groups:
            raise EntryFault(f"catalogue.{code}", f"[groups] 中没有类别“{code[0]}”")
