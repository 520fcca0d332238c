"""What a pack says, as typed rows. Each public attribute is a key of ``pack.toml``."""

import datetime as dt
import re
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Literal

import msgspec

from yiyu.registry.errors import FileFault, NotFound
from yiyu.registry.model import DOC_KIND_LABEL, VARIANT_LABEL, DocKind, Item, Variant
from yiyu.registry.rules.districts import COUNTY, district_name
from yiyu.registry.rules.providers import PROVIDERS, ProviderCode

PACK_FILE = "pack.toml"
PACK_ENDED_REMEDY = "有新通知的，用 yiyu pack new 按新通知做口径包；仍沿用的，在自己的口径包里写明 valid_to"

Per = Literal["quarter", "half_year", "year", "by_age", "on_demand", "standing", "once"]


class PackEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One entry of a table; ``key`` is the name it has there, by which a child pack overrides it."""

    key: str = ""


class Basis(PackEntry, frozen=True, kw_only=True):
    """依据. Its key is the tag with which the ``source`` of catalogue items, duties and targets begins."""

    title: str
    issuer: str
    number: str = ""
    date: dt.date | None = None
    cited: bool = True
    """Named in the opening of an agreement."""

    @property
    def citation(self) -> str:
        """As an agreement cites it: by 文号; without one by issuer and date (two notices of 2024 share one title)."""
        if self.number:
            return f"《{self.title}》（{self.number}）"
        date = f"（{self.date.year}年{self.date.month}月{self.date.day}日）" if self.date else ""
        return f"{self.issuer}《{self.title}》{date}"


class Document(PackEntry, frozen=True, kw_only=True):
    """文书种类: its Word file, and the files of variants that have their own."""

    title: str
    file: str
    variants: dict[Variant, str] = {}
    needs: tuple[str, ...] = ()
    """Field paths that may not be empty, such as ``甲方.名称``."""
    name_pattern: str = "{number}_{title}_{childcare}"


class CatalogueItem(PackEntry, frozen=True, kw_only=True):
    """One catalogue item (domain.md#catalogue)."""

    name: str
    content: str
    target: str
    provider: tuple[ProviderCode, ...]
    mode: str
    per: Per
    source: str
    times: int | None = None
    department: str = ""
    fee: str = "免费"
    variants: tuple[Variant, ...] = ()
    """Lists it stands in; none: kept for lists of the office's own."""
    selected: tuple[Variant, ...] = ()
    """Lists in which it is ticked from the start."""
    mandatory: tuple[Variant, ...] = ()
    """Lists in which it is ticked, and unticking it is worth a warning (domain.md#service-list)."""
    remark: str = ""


class Duty(PackEntry, frozen=True, kw_only=True):
    """应履约事项 (domain.md#duties). ``provider`` is set where a party of an agreement owes it, ``owner`` always."""

    title: str
    owner: str
    target: str
    source: str
    quote: str = ""
    """A short phrase of the notice, by which the row is found in it; "" where only digests of it are public."""
    kind: Literal["task", "once", "encouraged"] = "task"
    provider: tuple[ProviderCode, ...] = ()
    times: int | None = None
    per: Per = "on_demand"
    due: str = ""
    """MM-DD where it is not the end of the period."""
    filed_only: bool = False
    """Owed only to institutions with a 备案."""
    follows: Literal["provider", "institution"] = "provider"
    """Whom it stays with when another provider takes over within the period: each owes its own, or it goes on to the next."""
    items: tuple[str, ...] = ()
    """Catalogue keys that fulfil it."""
    forms: tuple[str, ...] = ()
    """活动形式 that fulfil it."""
    valid_from: int | None = None
    valid_to: int | None = None


class Target(PackEntry, frozen=True, kw_only=True):
    """A number to be reached by the end of ``year``.

    ``scope``: by any place for itself (a share), by each 旗区 (the region's is then their sum), or by the whole region.
    ``excluded``: six-digit codes of the 旗区 to which it does not apply.
    """

    title: str
    owner: str
    value: float
    unit: str
    year: int
    source: str
    quote: str
    at_least: bool = True
    scope: Literal["any", "district", "region"] = "any"
    excluded: tuple[str, ...] = ()


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The plain keys of ``pack.toml``."""

    title: str
    extends: str = ""
    valid_from: int | None = None
    valid_to: int | None = None
    regions: dict[str, str] = {}
    """GB/T 2260 code to name. Empty: everywhere."""
    districts: dict[str, str] = {}
    """Words of its own for places, a development zone among them, each to the code it counts under."""
    service_mode: Literal["", "visit", "resident", "both"] = ""
    """服务方式 of a new agreement where neither it nor the office says another: 巡回指导 where this is blank."""
    authority: str = ""
    """The health authority of a region, with ``{region}`` for its name."""
    county_authority: str = ""
    """The same of a county, 旗 or 区 where it is called otherwise."""
    words: dict[str, str] = {}
    """Words of ours to those of the region, on paper: 中医 is 中（蒙）医 in Inner Mongolia."""
    groups: dict[str, str] = {}
    """First letter of a catalogue key to 服务类别."""
    retention: dict[DocKind, str] = {}
    """保管期限 to propose where the body's own approved table does not say (domain.md#retention)."""
    departments: tuple[str, ...] = ()
    """Parts of names of 科室 whose staff's hours count as 基层服务时间 (S0 三（二）, S1 二（六）16); none: all."""


@dataclass(frozen=True, slots=True)
class TemplateFile:
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack with its parents folded in."""

    name: str
    title: str
    extends: str
    valid_from: int | None
    valid_to: int | None
    regions: dict[str, str]
    districts: dict[str, str]
    service_mode: str
    authority: str
    county_authority: str
    words: dict[str, str]
    groups: dict[str, str]
    retention: dict[DocKind, str]
    departments: tuple[str, ...]
    basis: tuple[Basis, ...]
    documents: dict[DocKind, Document]
    catalogue: tuple[CatalogueItem, ...]
    duties: tuple[Duty, ...]
    targets: tuple[Target, ...]
    folders: tuple[Traversable, ...]
    """Own folder first, then the parents'."""

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The variants it has a service list for."""
        return tuple(variant for variant in Variant if any(variant in entry.variants for entry in self.catalogue))

    @property
    def citations(self) -> tuple[str, ...]:
        return tuple(basis.citation for basis in self.basis if basis.cited)

    def cited(self, source: str) -> str:
        """A source (S0 二（一）；…) as people cite it: 《…》（文号）二（一）."""
        titles = {basis.key: basis.citation for basis in self.basis}
        parts = (one.partition(" ") for one in source.split("；"))
        return "；".join(f"{titles.get(tag, tag)}{place}" for tag, _, place in parts)

    def region_name(self, code: str) -> str:
        """Name of a region as the pack writes it, else as the country does; "" where neither knows it."""
        name = self.regions.get(code) or district_name(code)
        return "" if name == code else name

    def authority_of(self, code: str) -> str:
        """主管部门 of a region within the pack's; a general name elsewhere, and where the pack has no word for it."""
        within = any(code.startswith(one.removesuffix("00").removesuffix("00")) for one in self.regions)
        words = self.authority if code.endswith("00") else self.county_authority or self.authority
        return words.format(region=self.region_name(code)) if within and words else "所在地县级卫生健康行政部门"

    def ended(self, today: dt.date) -> str:
        """That its years are over, in a sentence; "" while they are not."""
        over = self.valid_to is not None and today.year > self.valid_to
        return (
            f"口径包 {self.name}（{self.title}）只适用到 {self.valid_to} 年，今年的要求要另看新的通知" if over else ""
        )

    @property
    def county_word(self) -> str:
        """What a region of county level is called here: 旗区 in 内蒙古."""
        return self.words.get(COUNTY, COUNTY)

    def worded(self, text: str) -> str:
        """A text of ours in the words of the region."""
        longest = sorted(self.words, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest)), lambda found: self.words[found[0]], text) if longest else text

    def provider_label(self, code: str) -> str:
        return PROVIDERS[code].label

    def items_for(self, variant: Variant) -> tuple[Item, ...]:
        """Make the service list a new agreement of ``variant`` starts with, numbered from 1."""
        entries = sorted((e for e in self.catalogue if variant in e.variants), key=lambda entry: entry.key)
        return tuple(
            Item(
                seq=seq,
                code=entry.key,
                group=self.groups[entry.key[0]],
                name=entry.name,
                content=entry.content,
                target=entry.target,
                provider="、".join(entry.provider),
                mode=entry.mode,
                times=entry.times,
                per=entry.per,
                department=entry.department,
                fee=entry.fee,
                selected=variant in entry.selected or variant in entry.mandatory,
                mandatory=variant in entry.mandatory,
                remark=entry.remark,
            )
            for seq, entry in enumerate(entries, 1)
        )

    def forms(self) -> dict[str, bytes]:
        """File name to content of every Word file the pack's documents use, each from the nearest pack that holds it."""
        named = (name for one in self.documents.values() for name in (one.file, *one.variants.values()) if name)
        held = {name: next((f / name for f in self.folders if (f / name).is_file()), None) for name in named}
        return {name: found.read_bytes() for name, found in held.items() if found is not None}

    def template(self, kind: DocKind, variant: Variant) -> TemplateFile:
        """Read the Word file of the nearest pack that holds the variant's own or the common one.

        Raises NotFound when the pack has no such document, FileFault when its file is missing.
        """
        document = self.documents.get(kind)
        if document is None:
            raise NotFound(f"口径包“{self.title}”没有文书“{DOC_KIND_LABEL[kind]}”", remedy="请换一个口径包或文书种类")
        names = [name for name in (document.variants.get(variant), document.file) if name]
        for folder in self.folders:
            for name in names:
                if (found := folder / name).is_file():
                    return TemplateFile(name=f"{folder.name}/{name}", data=found.read_bytes())
        raise FileFault(
            f"找不到{VARIANT_LABEL[variant]}“{DOC_KIND_LABEL[kind]}”的 Word 模板 {names[0]}",
            where=f"口径包 {self.name}",
            remedy=f"请把模板放进 templates/{self.name}/，或改正 {PACK_FILE} 中的文件名",
        )
