"""What happened to one institution, oldest first: each event with what it changed and where that came from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from yiyu.registry.errors import NotFound
from yiyu.registry.institutions.lookup import directory, institution_of
from yiyu.registry.lifecycle import Event
from yiyu.registry.model import Institution
from yiyu.registry.rules.institution_history import Origin, blank, origin_of
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.institutions import former_names, steps_of


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """``changes``: by field the value before and after, on the day the event concerns."""

    event: Event
    import_id: int | None
    changes: Mapping[str, tuple[object, object]]

    @property
    def origin(self) -> Origin:
        """Who or what it was recorded by."""
        return origin_of(self.event)


def institution_history(office: OfficeSession, text: str | int) -> list[HistoryEntry]:
    """The events of the institution that ``text`` names: by what it is called, or was; or of that id.

    Of one that was entered by an import since taken back, too. Raises NotFound, and BadInput where two fit.
    """
    try:
        key = (institution_of(office, text) if isinstance(text, int) else directory(office).find(text)).id
    except NotFound:
        once = [one for one, name in former_names(office.db) if name == text]
        if len(once) != 1:
            raise
        key = once[0]
    return [
        HistoryEntry(event, import_id, _changes(before, after))
        for event, import_id, before, after in steps_of(office.db, key)
    ]


def _changes(before: Institution | None, after: Institution | None) -> dict[str, tuple[object, object]]:
    was, now = asdict(before) if before else {}, asdict(after) if after else {}
    names = [name for name in (was | now) if name not in ("id", "kind")]
    pairs = {name: (was.get(name), now.get(name)) for name in names}
    return {
        name: (old, new)
        for name, (old, new) in pairs.items()
        if old != new and not (blank(name, old) and blank(name, new))
    }
