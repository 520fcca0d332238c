"""Where links lead: names of places in the files, each made distinct, and the links that use them."""

from collections.abc import Iterable, Iterator, Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from yiyu.docgen.pdf.carrying.objects import (
    actions,
    distinct,
    is_named,
    items,
    key_of,
    leaves,
    mapping,
    notes_of,
    number,
    spelled_names,
    text,
)
from yiyu.docgen.pdf.writing import Copying


class Places:
    """The named places of one file, found as its links and outline find them (ISO 32000-1, 12.3.2.3)."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pages = [page.obj for page in pdf.pages]
        self._numbers = {key_of(page): at for at, page in enumerate(self._pages)}
        self.named: dict[tuple[bool, str], pikepdf.Object] = {
            (False, name[1:]): target for name, target in mapping(pdf.Root.get("/Dests")).items()
        }
        names = mapping(pdf.Root.get("/Names")).get("/Dests")
        self.named |= {(True, text(name)): target for name, target in leaves(names, "/Names")}

    @staticmethod
    def name(target: object) -> tuple[bool, str]:
        """Names of the two kinds are looked up apart: True for strings."""
        return isinstance(target, String), text(target) or str(target)[1:]

    def explicit(self, target: object) -> list[pikepdf.Object]:
        """The page and the view a target stands for; empty where it leads nowhere."""
        if is_named(target):
            target = self.named.get(self.name(target))
        return items(target.get("/D") if isinstance(target, Dictionary) else target)

    def page(self, target: object) -> int | None:
        """Which page, from 0, a target leads to; some files count where they should name it."""
        first = next(iter(self.explicit(target)), None)
        at = number(first)
        if at is not None:
            return at if 0 <= at < len(self._pages) else None
        return self._numbers.get(key_of(first))

    def by_object(self, target: pikepdf.Object) -> pikepdf.Object:
        """The target with its page named, as it must be where pages come before those of the file."""
        explicit = self.explicit(target)
        if not explicit or number(explicit[0]) is None:
            return target
        at = self.page(target)
        return Array([None if at is None else self._pages[at], *explicit[1:]])


class Destinations:
    """The names of all files."""

    def __init__(self, ours: Iterable[str]) -> None:
        """``ours``: names that are not to be had."""
        self._taken = set(ours)
        self._targets: dict[bytes, bytes] = {}
        self.pages: dict[bytes, int | None] = {}
        """Of the names of the files, the page each leads to, from 0; None where it leads to none."""

    def take(self, pdf: pikepdf.Pdf, places: Places, copying: Copying, first: int) -> None:
        """Give each name of the file one of its own, in the links too.

        A name that is used and leads nowhere gets one as well: it must not lead to a place of another file.
        """
        given: dict[tuple[bool, str], str] = {}

        def renamed(target: pikepdf.Object) -> pikepdf.Object:
            if not is_named(target):
                return places.by_object(target)
            key = places.name(target)
            if key not in given:
                given[key] = distinct(key[1], self._taken)
            return String(given[key])

        for kind, name in places.named:
            renamed(String(name) if kind else Name("/" + name))
        # What several pages or links share is given its new name once.
        for holder, entry in {key_of(one[0]) or id(one): one for one in list(_links(pdf))}.values():
            holder[entry] = renamed(holder[entry])
        for key, target in places.named.items():
            self._targets[String(given[key]).unparse()] = copying.spelled(places.by_object(target))
            page = places.page(target)
            self.pages[bytes(String(given[key]))] = None if page is None else first + page

    def spelled(self, ours: Mapping[str, bytes]) -> bytes:
        """The tree of all names with ours and their targets, or nothing."""
        return spelled_names(self._targets | {String(name).unparse(): target for name, target in ours.items()})


def _links(pdf: pikepdf.Pdf) -> Iterator[tuple[pikepdf.Object, str]]:
    """What holds a target of this file, and under which key."""
    for note in notes_of(pdf):
        if "/Dest" in note:
            yield note, "/Dest"
        for action in actions(note):
            if action.get("/S") == "/GoTo" and "/D" in action:
                yield action, "/D"
