"""What is taken out of facts that go from hand to hand: people, and telephone numbers in texts. Pure (decision 43)."""

from collections.abc import Iterator, Mapping
from typing import Any

from yiyu.registry.rules.phones import without_telephones

_PEOPLE = frozenset({"contact", "phone", "legal_person", "organiser", "actor"})
"""Keys whose value is a person, or reaches one."""
_UNSAID = frozenset({"others", "evidence"})
"""Keys of what was typed under headings anybody made up, and of names of files."""
_EXACT = frozenset({"code", "number", "filing_no", "branch", "sha256", "frozen_sha256", "head", "activity", "facts"})
"""Keys whose value is no text somebody typed: a number of theirs may look like a telephone's."""
_ROWS_OF_PEOPLE = "activity_people"
_OF_A_PERSON = "legal_person"
_TELLING_OF_PEOPLE = frozenset({"followed", "activity_edited"})
"""Kinds of events whose note says in words what changed, people among it."""


def without_people(value: Any, tokens: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """Facts as JSON has them: people blank, those who served under their token, texts without telephone numbers."""
    match value:
        case str():
            return without_telephones(value)
        case list():
            return [without_people(one, tokens) for one in value]
        case dict():
            return {key: _entry(key, one, tokens) for key, one in value.items()}
    return value


def event_without_people(kind: str, data: Mapping[str, Any], tokens: Mapping[str, str]) -> dict[str, Any]:
    """The same of what an event tells."""
    found: dict[str, Any] = without_people(dict(data), tokens)
    if isinstance(data.get("facts"), list):
        found["facts"] = [[row[0], row[1] and "", *row[2:]] if row[0] == _OF_A_PERSON else row for row in data["facts"]]
    return found | ({"reason": ""} if kind in _TELLING_OF_PEOPLE and "reason" in found else {})


def note_without_people(kind: str, note: str) -> str:
    return "" if kind in _TELLING_OF_PEOPLE else without_telephones(note)


def people_in(data: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Names of those who served, out of what an event tells."""
    match data:
        case list():
            for one in data:
                yield from people_in(one)
        case dict():
            for key, one in data.items():
                yield from _named(one) if key == _ROWS_OF_PEOPLE else people_in(one)


def person_tokens(names: set[str]) -> dict[str, str]:
    """人员0001 … by name, in the order of the names."""
    width = max(4, len(str(len(names))))
    return {name: f"人员{at:0{width}}" for at, name in enumerate(sorted(names - {""}), start=1)}


def _entry(key: str, value: Any, tokens: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    if key in _PEOPLE or key in _UNSAID:
        return _blank(value)
    if key == _ROWS_OF_PEOPLE:
        return _renamed(value, tokens)
    return value if key in _EXACT else without_people(value, tokens)


def _blank(value: Any) -> Any:  # noqa: ANN401 - JSON
    match value:
        case str():
            return "{}" if value.startswith("{") else ""  # an object as a column keeps it
        case list():
            return [_blank(one) for one in value]
        case dict():
            return {}
    return value


def _renamed(value: Any, tokens: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    match value:
        case list():
            return [_renamed(one, tokens) for one in value]
        case dict() if "name" in value:
            return {key: without_people(one, {}) for key, one in value.items()} | {
                "name": tokens.get(value["name"], "")
            }
    return value


def _named(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    match value:
        case list():
            for one in value:
                yield from _named(one)
        case dict() if "name" in value:
            yield value["name"]
