"""Hand up: the facts of an office, and the packages of the offices below it, as one signed package (decision 43)."""

import datetime as dt
import importlib.metadata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from yiyu.registry.config import Config, Workspace
from yiyu.registry.errors import BadInput, FileFault
from yiyu.registry.files import file_sha256, read_bytes
from yiyu.registry.offices.container import Content, write_package
from yiyu.registry.offices.facts import (
    FACTS,
    SETTINGS,
    TEMPLATES,
    Chain,
    Facts,
    HeldPackage,
    OfficeBelow,
    Schema,
    package_file,
    table_file,
)
from yiyu.registry.offices.keys import office_key
from yiyu.registry.packs.reading import office_packs
from yiyu.registry.reports.comparing import half_year
from yiyu.registry.reports.reporting import report_rates
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.withheld import without_people
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import add_event
from yiyu.registry.store.exported import EXPORTED
from yiyu.registry.store.exporting import at_one_moment, exported_lines, people_tokens, position, schema_of
from yiyu.registry.store.office_packages import held_packages
from yiyu.registry.store.opening import changing

_OF_THIS_PLACE = ("offices", "above", "backup_folder", "backups_kept", "cluster_ca", "cluster_cert", "cluster_key")
"""Settings that say nothing of what is counted."""
_BLOCK = 1 << 20
_COUNTED = ("institutions", "agreements", "activities", "issued_reports")


@dataclass(frozen=True, slots=True)
class HandedUp:
    """What is in the package. ``counts``: rows by table. ``size`` and ``sha256`` of a dry run are 0 and ""."""

    region: str
    name: str
    facts: Facts
    counts: dict[str, int]
    size: int
    sha256: str


def hand_up(office: OfficeSession, path: Path, *, contacts: bool = False, dry_run: bool = False) -> HandedUp:
    """Write the package of the office as of the day asked for; everything the registry knows by now is in it.

    ``contacts``: with 联系人, telephones and names. That it was made is an event after those it holds.
    Raises BadInput for a day to come, FileFault where it cannot be written or a package of an office below is gone,
    ProgramFault without the library.
    """
    if str(office.today) > office.now[:10]:
        raise BadInput(f"还没有到 {office.today}，不能报那天的数", remedy="请换成今天或以前的日期")
    key = office_key(office, dry_run=dry_run)
    own = _alone(office)
    region, name = office.workspace.config.region, district_name(office.workspace.config.region)
    size, digest = 0, ""
    with at_one_moment(office.db):
        tokens = None if contacts else people_tokens(office.db)
        figures = recounted(office, office.today)
        facts = Facts(
            as_of=office.today,
            schema=Schema(*schema_of(office.db)),
            chain=Chain(*position(office.db)),
            contacts=contacts,
            figures=figures if contacts else without_people(figures, {}),
            offices=tuple(_below(office)),
        )
        if not dry_run:
            contents = [*_tables(own, tokens), *_settings(own), *_packages(office, facts)]
            program = importlib.metadata.version("yiyu")
            write_package(
                path,
                kind=FACTS,
                office=(region, name),
                made_at=office.now,
                program=program,
                body=facts,
                contents=contents,
                key=key,
            )
            size, digest = path.stat().st_size, file_sha256(path)
    if not dry_run:
        _tell(office, facts, digest)
    return HandedUp(region, name, facts, {table: own.db.table(table).count for table in _COUNTED}, size, digest)


def recounted(office: OfficeSession, day: dt.date) -> dict[str, list[dict[str, Any]]]:
    """The rates of quarter, half-year and year of a day, by period, as ``report rates --json`` gives their rows."""
    on_day = replace(office, today=day)
    periods = (f"{day.year}Q{(day.month + 2) // 3}", half_year(day), str(day.year))
    told = {text: [row.as_json() for row in report_rates(on_day, period=text)[0]] for text in periods}
    plain: dict[str, list[dict[str, Any]]] = msgspec.json.decode(msgspec.json.encode(told))
    return plain


def handed_settings(config: Config) -> Config:
    """The settings that travel along: without those of this place alone."""
    bare = Config()
    return msgspec.structs.replace(config, **{name: getattr(bare, name) for name in _OF_THIS_PLACE})


def _alone(office: OfficeSession) -> OfficeSession:
    """The office without those below it: what it knows itself."""
    workspace = Workspace(office.workspace.root, handed_settings(office.workspace.config))
    return replace(office, workspace=workspace)


def _tables(office: OfficeSession, tokens: dict[str, str] | None) -> Iterator[Content]:
    for table in EXPORTED:
        yield Content(table_file(table), exported_lines(office.db, table, tokens))


def _settings(office: OfficeSession) -> Iterator[Content]:
    """What counting asks of a workspace: settings, year tables, the office's own packs without their forms."""
    yield Content(SETTINGS, [msgspec.json.encode(office.workspace.config, order="sorted")])
    for path in sorted(office.workspace.root.glob("holidays-[0-9][0-9][0-9][0-9].toml")):
        yield Content(path.name, [read_bytes(path)])
    for name in sorted(office_packs(office.workspace.templates)):
        folder = office.workspace.templates / name
        for path in sorted([*folder.glob("*.toml"), *folder.glob("*.csv")]):
            yield Content(f"{TEMPLATES}/{name}/{path.name}", [read_bytes(path)])


def _below(office: OfficeSession) -> Iterator[OfficeBelow]:
    held = held_packages(office.db)
    for region, declared in sorted(office.workspace.config.offices.items()):
        one = held.get(region)
        package = None if one is None else HeldPackage(one.sha256, one.as_of, one.events)
        yield OfficeBelow(region, declared.name, declared.key, package)


def _packages(office: OfficeSession, facts: Facts) -> Iterator[Content]:
    held = held_packages(office.db)
    for below in facts.offices:
        if below.package is not None:
            path = office.workspace.root / held[below.region].path
            if file_sha256(path) != below.package.sha256:
                remedy = "请从备份放回，或请下级重新交一份"
                raise FileFault("收到的上报包被改动过", where=held[below.region].path, remedy=remedy)
            yield Content(package_file(below.region), _blocks(path), stored=True)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while part := stream.read(_BLOCK):
            yield part


def _tell(office: OfficeSession, facts: Facts, digest: str) -> None:
    with changing(office.db):
        add_event(
            office.db,
            None,
            "office_exported",
            on=facts.as_of,
            recorded_at=office.now,
            actor=office.actor,
            note=f"截至 {facts.as_of}，链头 {facts.chain.head}" + ("，含联系方式" if facts.contacts else ""),
            data={"as_of": str(facts.as_of), "head": facts.chain.head, "sha256": digest, "contacts": facts.contacts},
        )
