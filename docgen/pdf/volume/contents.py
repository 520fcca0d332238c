"""What stands in a volume and on which page of it."""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.naming import safe_name


@dataclass(frozen=True, slots=True)
class BoundDocument:
    """One document: all ``pages`` pages of ``path``, whose bytes have this SHA-256.

    ``original``: the digitally signed PDF they show, often ``path`` itself; it is attached byte for byte, and a page
    before them says so. ``dated``: the day it is of, as a catalogue prints it.
    """

    title: str
    path: Path
    pages: int
    sha256: str
    original: Path | None = None
    dated: str = ""

    @property
    def length(self) -> int:
        """Pages in the volume, the one that announces a signed original included."""
        return self.pages + (self.original is not None)


@dataclass(frozen=True, slots=True)
class Section:
    """One agreement, or one institution of a dossier. ``subject``: the party people know it by.

    ``missing``: title of a document that should be there, and why it is not; only a catalogue prints them.
    """

    number: str
    title: str
    subject: str
    parties: tuple[str, ...]
    parts: tuple[BoundDocument, ...]
    missing: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Volume:
    """``facts``: what the cover says of it, by name. ``made_at`` carries its offset from UTC.

    ``catalogued``: every document is listed with its date and SHA-256 in place of the contents by agreement.
    """

    title: str
    office: str
    facts: tuple[tuple[str, str], ...]
    made_at: dt.datetime
    sections: tuple[Section, ...]
    catalogued: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A part with its agreement; ``page`` counts from 1 after the contents. ``attachment`` names the signed original."""

    section: Section
    part: BoundDocument
    page: int
    attachment: str = ""

    @property
    def key(self) -> str:
        """The name under which links find it."""
        return f"p{self.page}"


def placed(sections: Sequence[Section]) -> list[list[Placed]]:
    """Every part of every section with its page. An original that several parts show has one name."""
    names: dict[Path, str] = {}
    starts = itertools.accumulate((part.length for one in sections for part in one.parts), initial=1)

    def of(section: Section) -> Iterator[Placed]:
        for part, page in zip(section.parts, starts, strict=False):
            name = ""
            if part.original is not None:
                name = names.setdefault(part.original, f"{safe_name(f'{section.number}_{part.title}')}.pdf")
            yield Placed(section, part, page, name)

    return [list(of(section)) for section in sections]
