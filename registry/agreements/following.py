"""Until somebody signs, an agreement follows the registry; from then on it only says where it lags behind.

What is compared is what an agreement may print of a party. 联系人 and 电话 go along with the rest, but an event holds neither
(decision 17), and nobody signs a supplement for them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from yiyu.registry.institutions.columns import COLUMNS
from yiyu.registry.institutions.comparing import cell_text
from yiyu.registry.institutions.lookup import Directory, directory
from yiyu.registry.lifecycle import Event
from yiyu.registry.model import Agreement, Institution, Party
from yiyu.registry.rules.item_changes import ItemChange, item_changes
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import NewEvent, append_events, events_of
from yiyu.registry.store.item_lists import ListVersion, list_of, list_versions, version_on
from yiyu.registry.store.opening import changing
from yiyu.registry.store.snapshots import replace_snapshots
from yiyu.registry.store.standings import AgreementStatus, standings

_AGREED = ("name", "branch", "code", "category", "legal_person", "address", "filing_no", "filed")
"""What a signed agreement says of a party and a supplement says anew."""
_UNCHAINED = ("contact", "phone")
_FOLLOWED = tuple(name for name in COLUMNS if name in Institution.__slots__ and name not in ("remark", "closed_on"))


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact of a party that the registry says otherwise; ``old`` and ``new`` as people read them."""

    role: str
    field: str
    old: str
    new: str

    @property
    def heading(self) -> str:
        return f"{self.role}方{COLUMNS[self.field].heading}"

    @property
    def text(self) -> str:
        return f"{self.heading}：{self.old or '（空）'} → {self.new or '（空）'}"


@dataclass(frozen=True, slots=True)
class Lag:
    """What a signed agreement no longer says as the registry does: facts of its parties, and its list."""

    facts: tuple[FactChange, ...] = ()
    items: tuple[ItemChange, ...] = ()

    @property
    def texts(self) -> list[str]:
        """What was so at the signature and what is so now, a clause each."""
        said = [f"签署时{one.heading}为{one.old or '空'}，现登记为{one.new or '空'}" for one in self.facts]
        return said + [f"签署时清单{one.text}" for one in self.items]


@dataclass(frozen=True, slots=True)
class Followed:
    """What changed, and the parties as they are printed from now on, by agreement id."""

    changes: Mapping[int, tuple[FactChange, ...]] = field(default_factory=dict)
    parties: Mapping[int, tuple[Party, ...]] = field(default_factory=dict)


def follow(office: OfficeSession, ids: Collection[int] | None, *, dry_run: bool = False) -> Followed:
    """Let the unsigned agreements (or those of ``ids``) say of their parties what the registry says today.

    One event an agreement tells what changed; nothing is written where nothing did.
    """
    known = directory(office)
    changes, parties = dict[int, tuple[FactChange, ...]](), dict[int, tuple[Party, ...]]()
    with changing(office.db, dry_run=dry_run):
        for standing in standings(office.db, office.today, ids):
            one = standing.agreement
            if told := pending_changes(office, standing, known):
                changes[one.id], parties[one.id] = told, _now(one, known)
                _write(office, one, known, told)
    return Followed(changes, parties)


def pending_changes(
    office: OfficeSession, standing: AgreementStatus, known: Directory | None = None
) -> tuple[FactChange, ...]:
    """What an agreement nobody has signed does not say yet; () of any other."""
    if not standing.unsigned or standing.state.signed:
        return ()
    return tuple(_fact_changes(standing.agreement, known or directory(office), _FOLLOWED))


def lagging(office: OfficeSession, standing: AgreementStatus, known: Directory | None = None) -> Lag:
    """Where an agreement that somebody signed, and that is not over, lags; what a supplement settled lags no more."""
    if not standing.state.signed or not standing.live:
        return Lag()
    one = standing.agreement
    events = events_of(office.db, one.id)
    settled, version = _settled(events)
    facts = [
        change
        for change in _fact_changes(one, known or directory(office), _AGREED)
        if settled.get(f"{change.role}.{change.field}") != change.new
    ]
    return Lag(tuple(facts), _relisted(office, one, events, version))


def settling(office: OfficeSession, standing: AgreementStatus) -> dict[str, Any]:
    """What the event of a supplement keeps, so that what it settles lags no more."""
    lag = lagging(office, standing)
    facts = {f"{one.role}.{one.field}": one.new for one in lag.facts}
    versions = list_versions(office.db, [standing.agreement.id]).get(standing.agreement.id, ())
    now = {"list_version": _agreed_next(versions)} if lag.items else {}
    return ({"settled": facts} if facts else {}) | now


def _relisted(office: OfficeSession, one: Agreement, events: Sequence[Event], settled: int) -> tuple[ItemChange, ...]:
    """What the last list says otherwise than that of the first signature, or than version ``settled`` if there is one."""
    versions = list_versions(office.db, [one.id]).get(one.id, ())
    first = next(event for event in events if event.kind == "signed")
    later = {event.data["version"] for event in events if event.kind == "items_changed" and event.id > first.id}
    before = [each for each in versions if each.version not in later]
    was = settled or version_on(before, max(first.on, one.starts_on))
    now = _agreed_next(versions)
    return () if now == was else item_changes(list_of(office.db, one.id, was), list_of(office.db, one.id, now))


def _agreed_next(versions: Sequence[ListVersion]) -> int:
    """The list that holds last: what begins on a day to come is signed for before that day."""
    return versions[-1].version if versions else 1


def _settled(events: Sequence[Event]) -> tuple[dict[str, str], int]:
    facts, version = dict[str, str](), 0
    corrected = {event.corrects for event in events}
    for event in events:
        if event.kind == "supplemented" and event.id not in corrected:
            data: Mapping[str, Any] = event.data
            facts |= data.get("settled", {})
            version = data.get("list_version", version)
    return facts, version


def _fact_changes(one: Agreement, known: Directory, names: Collection[str]) -> Iterator[FactChange]:
    for party in one.parties:
        now = known.by_id.get(party.institution_id)
        for name in names if now is not None else ():
            texts = [str(cell_text(name, getattr(facts, name))) for facts in (party.facts, now)]
            if texts[0] != texts[1]:
                yield FactChange(party.role, name, *texts)


def _now(one: Agreement, known: Directory) -> tuple[Party, ...]:
    return tuple(replace(party, facts=known.by_id.get(party.institution_id, party.facts)) for party in one.parties)


def _write(office: OfficeSession, one: Agreement, known: Directory, told: Collection[FactChange]) -> None:
    roles = {change.role for change in told}
    now = {party.role: party.facts for party in _now(one, known)}
    pairs = [(party, now[party.role]) for party in one.parties if party.role in roles]
    replace_snapshots(office.db, one.id, pairs, recorded_at=office.now)
    kept: dict[str, dict[str, object]] = {}
    for change in told:
        was = next(party.facts for party in one.parties if party.role == change.role)
        values = [getattr(was, change.field), getattr(now[change.role], change.field)]
        kept.setdefault(change.role, {})[change.field] = None if change.field in _UNCHAINED else values
    note = "；".join(f"{one.heading}有变动" if one.field in _UNCHAINED else one.text for one in told)
    event = NewEvent("followed", office.today, office.now, office.actor, one.id, note=note, data={"parties": kept})
    append_events(office.db, [event])
