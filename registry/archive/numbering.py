"""档号 for 件 that are ready, the boxes they go into, and what is due for appraisal. A number once given stays."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial

from yiyu.registry.agreements.steps import write_step
from yiyu.registry.archive.archival_items import KIND_OF_UNIT, ArchivalItem, filing_units
from yiyu.registry.config import CONFIG_NAME, Config
from yiyu.registry.errors import BadInput, Failure, NotFound, StepNotAllowed, UserError
from yiyu.registry.institutions.lookup import did_you_mean, numbers_to_ids
from yiyu.registry.rules.archive_codes import (
    DEFAULT_TERM,
    ArchivePlace,
    code_key,
    kept_until,
    read_code,
    series_of,
    term_code,
    write_code,
)
from yiyu.registry.rules.custody import HOLD_STEPS, holds
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.archive_items import (
    ArchiveItem,
    add_archive_item,
    archive_items,
    item_events,
    last_serial,
    put_in_box,
)
from yiyu.registry.store.opening import changing

_PAPER, _BOTH = "纸质", "纸质、扫描件"
_LONGEST_BOX, _LONGEST_NUMBER = 20, 9

Terms = Callable[[str, str], str]
"""保管期限 code for a pack and a kind of 件."""


@dataclass(slots=True)
class Numbering:
    """What was numbered, in that order, with a note where a person should look; what was not; and what to know of all.

    ``waiting``: what nobody named and is not ready yet, with the reason; that is no failure.
    """

    items: list[tuple[ArchiveItem, str]] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    waiting: list[Failure] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def number(
    office: OfficeSession,
    numbers: Sequence[str] = (),
    *,
    unit: str = "agreement",
    year: int | None = None,
    term: str | None = None,
    new_form: bool = False,
    dry_run: bool = False,
) -> Numbering:
    """Give 档号 to the 件 of ``numbers``, or to all that are ready, in the order of their dates, in one transaction.

    ``year``: for an agreement named, the year it is filed under instead of the one it was formed in; else which ones.
    ``term`` instead of the pack's. One that is not ready waits; where it was named, nothing is done: StepNotAllowed with
    the reason. The same for the first number of a form other than the last one given, unless ``new_form`` says it is
    meant; a dry run says so. Raises NotFound for an unknown number, BadInput for a pattern or a year that cannot be.
    """
    done = Numbering()
    with changing(office.db, dry_run=dry_run):
        _require_pattern(office)
        ids = list(numbers_to_ids(office, numbers).values()) if numbers else None
        given = archive_items(office.db)
        known = {code_key(one.code) for one in given}
        term_of = cache(partial(_term, office)) if term is None else lambda _pack, _unit: term
        for one in filing_units(office, unit, ids, year):
            try:
                item = _given(office, one, year if numbers and unit == "agreement" else None, term_of, known)
            except UserError as error:
                if numbers:
                    raise
                into = done.waiting if error is one.refused else done.failed
                into.append(Failure.of(one.agreement.number, error))
                continue
            known.add(code_key(item.code))
            done.items.append((item, one.note))
        if changed := _other_form(office, given, [item.code for item, _ in done.items]):
            done.notices.append(changed)
            if not (new_form or dry_run):
                remedy = f"请核对 {CONFIG_NAME} 的 archive_pattern；确要改用新写法，请加 --new-form"
                raise StepNotAllowed("没有编号", where=changed, remedy=remedy)
    if done.items and term is None:
        terms = "保管期限取自口径包；以本单位经批准的归档范围和保管期限表为准，不同的请用 --term 写明"
        done.notices.append(terms)
    if done.items and "{fonds}" in office.workspace.config.archive_pattern and not office.workspace.config.fonds:
        done.notices.append(f"没有写全宗号，档号就不带全宗号；有全宗号的请先写进 {CONFIG_NAME} 的 fonds")
    return done


def find_items(office: OfficeSession, texts: Sequence[str]) -> list[ArchiveItem]:
    """The 件 that are named by 档号, however its separators are typed, or by the number of their agreement, in order.

    Raises NotFound for one that is neither or has no 档号.
    """
    known = archive_items(office.db)
    named = {one.number: one for one in known if one.unit == "agreement"} | {code_key(one.code): one for one in known}
    for text in texts:
        if text not in named and code_key(text) not in named:
            guess = did_you_mean(text, [name for one in known for name in (one.code, one.number)])
            raise NotFound(f"“{text}”没有档号", remedy=guess or "请先用 archive number 编号，或用 archive catalog 查看")
    return list({one.id: one for one in (named.get(text) or named[code_key(text)] for text in texts)}.values())


def put_into_box(
    office: OfficeSession, texts: Sequence[str], box: str, *, on: dt.date, dry_run: bool = False
) -> list[ArchiveItem]:
    """Record that the 件 named lie in ``box`` since ``on``; of agreements the 归档 axis moves to 已装盒.

    All or none. Raises what :func:`find_items` does, StepNotAllowed for one that lies in a box, BadInput for a box or
    day that cannot be.
    """
    if on > office.today:
        raise BadInput(f"日期 {on} 还没有到", where=f"今天是 {office.today}", remedy="请填写实际装盒的日期")
    box = _box_number(box)
    with changing(office.db, dry_run=dry_run):
        items = find_items(office, texts)
        agreements = {one.id: one for one in load_agreements(office.db, [i.agreement_id for i in items], items=False)}
        for item in items:
            if item.unit == "agreement":
                data = {"archive_no": item.code, "box": box}
                write_step(office, agreements[item.agreement_id], "boxed", on=on, note=f"盒号 {box}", data=data)
        put_in_box(office.db, [item.id for item in items], box)
    return [replace(item, box=box) for item in items]


def _box_number(text: str) -> str:
    """A number from 1 in plain digits, or what an office calls its boxes. Raises BadInput for what no box bears."""
    box = text.strip()
    if not box.isprintable() or not 0 < len(box) <= _LONGEST_BOX:
        raise BadInput(f"“{box}”不能作盒号", remedy=f"盒号写 1 至 {_LONGEST_BOX} 个字")
    plain = unicodedata.normalize("NFKC", box)
    if re.fullmatch(r"[-+−]?[\d.,]+", plain):
        if not (re.fullmatch(r"0*[1-9]\d*", plain) and len(plain) <= _LONGEST_NUMBER):
            raise BadInput(f"“{box}”不能作盒号", remedy=f"盒号是数字的，从 1 写起，不超过 {_LONGEST_NUMBER} 位")
        return plain
    return box


def _given(office: OfficeSession, one: ArchivalItem, year: int | None, term_of: Terms, known: set[str]) -> ArchiveItem:
    """Give one 件 its number and move its axis; the number it had, where the step was taken back."""
    if one.refused:
        raise one.refused
    item = one.known or _item(office, one, year, term_of)
    if one.known is None and code_key(item.code) in known:
        raise BadInput(f"档号 {item.code} 已经用过", where=f"{CONFIG_NAME}，archive_pattern", remedy="请改正写法")
    if one.unit == "agreement":
        data = {"archive_no": item.code}
        write_step(office, one.agreement, "numbered", on=office.today, note=item.code, data=data)
    return item if one.known else replace(item, id=add_archive_item(office.db, item))


def _item(office: OfficeSession, one: ArchivalItem, year: int | None, term_of: Terms) -> ArchiveItem:
    config, agreement = office.workspace.config, one.agreement
    assert one.formed_on is not None  # noqa: S101 - what has no date is refused; narrows the type
    filed_under = _filed_under(office, one.formed_on, year, agreement.number)
    place = ArchivePlace(
        config.fonds, config.archive_category, filed_under, term_of(agreement.pack, one.unit),
        config.archive_office, 1,
    )  # fmt: skip
    series = series_of(config.archive_pattern, place)
    place = replace(place, serial=last_serial(office.db, series) + 1)
    remark = _BOTH if one.pages else _PAPER
    return ArchiveItem(
        agreement_id=agreement.id,
        number=agreement.number,
        unit=one.unit,
        record_year=one.record_year,
        code=write_code(config.archive_pattern, place),
        series=series,
        serial=place.serial,
        fonds=config.fonds,
        year=filed_under,
        term=place.term,
        office=config.archive_office,
        title=one.title,
        responsible="；".join(party.facts.name for party in agreement.parties),
        document_date=one.formed_on,
        pages=one.pages,
        remark=remark if one.unit == "agreement" else f"{remark}；协议 {agreement.number}",
        numbered_at=office.now,
        actor=office.actor,
    )


def _filed_under(office: OfficeSession, formed_on: dt.date, year: int | None, number: str) -> int:
    if year is not None and not formed_on.year <= year <= office.today.year:
        remedy = f"它形成于 {formed_on}；请写 {formed_on.year} 至 {office.today.year} 之间的年度"
        raise BadInput(f"归档年度不能是 {year}", where=number, remedy=remedy)
    return formed_on.year if year is None else year


def _term(office: OfficeSession, pack_name: str, unit: str) -> str:
    pack = office.pack_named(pack_name)
    try:
        return term_code(pack.retention.get(KIND_OF_UNIT[unit], DEFAULT_TERM))
    except ValueError as error:
        raise BadInput(str(error), where=f"口径包 {pack.name}，retention", remedy="请改正，或用 --term 写明") from error


def _other_form(office: OfficeSession, given: Sequence[ArchiveItem], codes: Sequence[str]) -> str:
    """What to say where the last 档号 ``given`` cannot have been written by the pattern of the first new one, else ""."""
    last = max(given, key=lambda one: one.id, default=None)
    new = [code for code in codes if code not in {one.code for one in given}]
    if last is None or not new or read_code(office.workspace.config.archive_pattern, last.code) is not None:
        return ""
    return f"档号的写法与已编的不同，上一个是 {last.code}，下一个将是 {new[0]}，给出后不再改变"


def _require_pattern(office: OfficeSession) -> None:
    """Raise BadInput for a pattern that cannot give 档号, before anything is done by it."""
    config = office.workspace.config
    place = ArchivePlace(config.fonds, config.archive_category, office.today.year, "D10", config.archive_office, 1)
    try:
        write_code(config.archive_pattern, place)
    except ValueError as error:
        where = f"{CONFIG_NAME}，archive_pattern"
        remedy = f"例如 archive_pattern = '{Config().archive_pattern}'"
        raise BadInput(f"档号的写法不能用：{error}", where=where, remedy=remedy) from error


@dataclass(frozen=True, slots=True)
class Due:
    """A 件 and the last day of its term."""

    item: ArchiveItem
    kept_until: dt.date


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What is due, and how many more would be but are on hold."""

    due: list[Due]
    held: int


def due_for_appraisal(office: OfficeSession) -> Appraisal:
    """件 whose term ended before the day asked for, longest over first; 永久 never, nor what is on hold."""
    found = [(item, kept_until(item.year, item.term)) for item in archive_items(office.db)]
    over = [Due(item, last) for item, last in found if last is not None and last < office.today]
    standing = holds(item_events(office.db, HOLD_STEPS), office.today)
    held = {one.archive_no for one in standing if one.ended_on is None}
    due = [one for one in over if one.item.code not in held]
    return Appraisal(sorted(due, key=lambda one: one.kept_until), len(over) - len(due))
