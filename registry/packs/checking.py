"""Check the ``pack.toml`` of a pack and of its parents for all faults at once; loading stops at the first."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from yiyu.registry.errors import UserError
from yiyu.registry.model import DocKind, Severity, Variant
from yiyu.registry.packs.clauses import CLAUSES_FILE, read_clauses
from yiyu.registry.packs.reading import (
    OWN_KEYS,
    EntryFault,
    Layer,
    Raw,
    converted,
    folders_called,
    layers_of,
    overlaid,
    pack_names,
    read_row,
    require_known,
)
from yiyu.registry.packs.rows import PACK_FILE, Basis, CatalogueItem, Document, Duty, Head, PackEntry, Target

TABLES: dict[str, type[PackEntry]] = {
    "basis": Basis,
    "documents": Document,
    "catalogue": CatalogueItem,
    "duties": Duty,
    "targets": Target,
}
_REGION = re.compile(r"\d{6}")


@dataclass(frozen=True, slots=True)
class PackFault:
    """``file`` is the ``pack.toml``, ``place`` the dotted key in it, such as ``duties.visit.items``."""

    file: str
    severity: Severity
    code: str
    place: str
    message: str
    suggestion: str


def check_pack(name: str, office: Path | None = None) -> tuple[str, list[PackFault]]:
    """Give the name of the pack's own file, and every fault in it and in its parents' files.

    Raises NotFound when no pack has that name.
    """
    try:
        layers = layers_of(name, office)
    except UserError as error:
        if name not in pack_names(office):
            raise
        file = _file(next(folders_called(name, office)), office)
        return file, [PackFault(file, Severity.ERROR, "pack-unreadable", error.where, error.what, error.remedy)]
    return _file(layers[0][0], office), list(dict.fromkeys(_PackCheck(office, layers).faults()))


class _PackCheck:
    def __init__(self, office: Path | None, layers: list[Layer]) -> None:
        self.office, self.layers = office, layers
        raw: Raw = {}
        parent = ""
        for folder, own in reversed(layers):
            inherited = raw if folder.name == parent else {k: v for k, v in raw.items() if k not in OWN_KEYS}
            raw, parent = overlaid(inherited, own), folder.name
        self.raw = raw
        self.rows: dict[str, list[PackEntry]] = {section: [] for section in TABLES}

    def faults(self) -> Iterator[PackFault]:
        for fault in self._shape():
            yield self._told("key", fault.place, str(fault), "请改正该处，写法见随附口径包的同名键")
        yield from self._sources()
        yield from self._head()
        for row in self.rows["catalogue"]:
            if isinstance(row, CatalogueItem):
                yield from self._entry(row)
        for row in self.rows["duties"]:
            if isinstance(row, Duty):
                yield from self._duty(row)
        for row in self.rows["documents"]:
            if isinstance(row, Document):
                yield from self._document(row)
        yield from self._unused_files()
        yield from self._clauses()

    def _shape(self) -> Iterator[EntryFault]:
        """Unknown keys, missing keys and wrong types; gathers the rows that are right."""
        yield from _unknown(self.raw, (*Head.__struct_fields__, *TABLES), "")
        head = {key: value for key, value in self.raw.items() if key in Head.__struct_fields__}
        try:
            converted(head, Head, "")
        except EntryFault as fault:
            yield fault
        for section, row in TABLES.items():
            table = self.raw.get(section, {})
            if not isinstance(table, dict):
                yield EntryFault(section, f"“{section}”应写成 [{section}.名称] 的表")
                continue
            for key, entry in table.items():
                yield from self.read_row(section, key, entry, row)

    def read_row(self, section: str, key: str, entry: object, row: type[PackEntry]) -> Iterator[EntryFault]:
        place = f"{section}.{key}"
        if isinstance(entry, dict):
            fields = tuple(field for field in row.__struct_fields__ if field != "key")
            yield from _unknown(entry, fields, place)
            entry = {one: value for one, value in entry.items() if one in fields}
        try:
            made = read_row(entry, row, place, key)
            if section == "documents" and key not in tuple(DocKind):
                raise EntryFault(place, f"不认识的文书种类，可用的有：{'、'.join(DocKind)}")
        except EntryFault as fault:
            yield fault
        else:
            self.rows[section].append(made)

    def _sources(self) -> Iterator[PackFault]:
        for section in ("catalogue", "duties", "targets"):
            for row in self.rows[section]:
                if isinstance(row, CatalogueItem | Duty | Target):
                    where = f"{section}.{row.key}.source"
                    for code, message, suggestion in self._source_faults(row.source):
                        yield self._told(code, where, message, suggestion)

    def _source_faults(self, text: str) -> Iterator[tuple[str, str, str]]:
        """What is wrong with a source: code, message, suggestion."""
        tags = {row.key for row in self.rows["basis"]}
        for source in text.split("；"):
            tag, _, place = source.partition(" ")
            if not source.strip():
                yield "source-missing", "没有写出处", "请写依据的标签和位置，如 S0 二（一）"
            elif tag not in tags:
                yield "source-unknown", f"依据“{tag}”不在 [basis] 中", f"现有的标签：{'、'.join(sorted(tags))}"
            elif not place.strip():
                yield "source-place", f"出处“{tag}”没有写在文件中的位置", f"请写明位置，如 {tag} 二（一）"

    def _clauses(self) -> Iterator[PackFault]:
        folders = tuple(folder for folder, _ in self.layers)
        clauses, faults = read_clauses(folders)
        for fault in faults:
            file = _file(fault.folder, self.office, CLAUSES_FILE)
            hint = "请改正该处，写法见随附口径包 national 的 clauses.toml"
            yield PackFault(file, Severity.ERROR, "clause", fault.place, str(fault), hint)
        own = {folder.name: folder for folder in reversed(folders)}
        for one in (version for clause in clauses for version in clause.versions):
            for code, message, suggestion in self._source_faults(one.source):
                file = _file(own[one.pack], self.office, CLAUSES_FILE)
                where = f"{one.code}.versions.{one.version}.source"
                yield PackFault(file, Severity.ERROR, code, where, message, suggestion)

    def _head(self) -> Iterator[PackFault]:
        districts = self.raw.get("districts", {})
        places = [(f"regions.{code}", code) for code in self.raw.get("regions", {})]
        places += [(f"districts.{name}", code) for name, code in districts.items() if isinstance(code, str)]
        for place, code in places:
            if not _REGION.fullmatch(code):
                yield self._told("region-code", place, f"“{code}”不是六位区划代码", "请写如 150627")
        yield from self._years(self.raw.get("valid_from"), self.raw.get("valid_to"), "valid_to")

    def _entry(self, row: CatalogueItem) -> Iterator[PackFault]:
        place = f"catalogue.{row.key}"
        groups = self.raw.get("groups", {})
        if row.key[:1] not in groups:
            message = f"[groups] 中没有类别“{row.key[:1]}”"
            yield self._told("group-unknown", place, message, f"编号的第一个字母应是：{'、'.join(groups)}")
        for key in ("selected", "mandatory"):
            wrong = [one for one in getattr(row, key) if one not in row.variants]
            if wrong and row.variants:
                message = f"{key} 里的 {'、'.join(wrong)} 不在 variants 里，这些类型的清单没有此项"
                yield self._told("variant-unlisted", f"{place}.{key}", message, "请补进 variants，或从这里删去")

    def _duty(self, row: Duty) -> Iterator[PackFault]:
        place = f"duties.{row.key}"
        codes = {entry.key for entry in self.rows["catalogue"]}
        raw_codes = self.raw.get("catalogue", {})
        for code in row.items:
            if code not in codes and code not in raw_codes:
                yield self._told(
                    "code-unknown", f"{place}.items", f"服务目录中没有“{code}”", "请核对 [catalogue] 的编号"
                )
        if row.due and not _is_day(row.due):
            yield self._told("due-date", f"{place}.due", f"“{row.due}”不是月日", "请写成 06-30 的样子")
        yield from self._years(row.valid_from, row.valid_to, f"{place}.valid_to")

    def _document(self, row: Document) -> Iterator[PackFault]:
        place = f"documents.{row.key}"
        try:
            row.name_pattern.format(number="", title="", childcare="")
        except (KeyError, IndexError, ValueError):
            message = f"文件名样式“{row.name_pattern}”里有认不得的占位"
            yield self._told("name-pattern", f"{place}.name_pattern", message, "只能用 {number}、{title}、{childcare}")
        for variant in (None, *row.variants):
            file = row.file if variant is None else row.variants[Variant(variant)]
            if not any((folder / file).is_file() for folder, _ in self.layers):
                key = "file" if variant is None else f"variants.{variant}"
                message, suggestion = f"找不到 Word 模板“{file}”", f"请把它放进 templates/{self.layers[0][0].name}/"
                yield self._told("file-missing", f"{place}.{key}", message, suggestion)

    def _unused_files(self) -> Iterator[PackFault]:
        rows = [row for row in self.rows["documents"] if isinstance(row, Document)]
        named = {name for row in rows for name in (row.file, *row.variants.values())}
        folder = self.layers[0][0]
        for file in sorted(folder.iterdir(), key=lambda one: one.name):
            if file.name.endswith(".docx") and not file.name.startswith("~$") and file.name not in named:
                message = f"“{file.name}”没有被任何文书使用"
                suggestion = f"请改名为 {'、'.join(sorted(named))} 之一，或写进 [documents]"
                yield PackFault(
                    _file(folder, self.office), Severity.WARNING, "file-unused", file.name, message, suggestion
                )

    def _years(self, first: object, last: object, place: str) -> Iterator[PackFault]:
        if isinstance(first, int) and isinstance(last, int) and first > last:
            yield self._told("years-reversed", place, f"适用年份 {first} 晚于 {last}", "请对调")

    def _told(self, code: str, place: str, message: str, suggestion: str) -> PackFault:
        """Address a fault to the nearest file that writes the entry."""
        keys = place.split(".")[:2]
        holder = next((folder for folder, own in self.layers if _has(own, keys)), self.layers[0][0])
        return PackFault(_file(holder, self.office), Severity.ERROR, code, place, message, suggestion)


def _unknown(entry: Raw, fields: tuple[str, ...], place: str) -> Iterator[EntryFault]:
    for key in entry:
        try:
            require_known({key: None}, fields, place)
        except EntryFault as fault:
            yield fault


def _has(own: Raw, keys: list[str]) -> bool:
    value: object = own
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return True


def _file(folder: Traversable, office: Path | None, name: str = PACK_FILE) -> str:
    inside = office is not None and isinstance(folder, Path) and folder.parent == office
    return f"{office.name}/{folder.name}/{name}" if office and inside else f"{folder.name}/{name}"


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(f"2024-{text}")
    except ValueError:
        return False
    return True
